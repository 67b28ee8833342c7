use super::*;
use crate::hdlc::fcs16;
use crate::{CallId, Raw};
use proptest::prelude::*;

/// IPv4 in PPP.
const PAYLOAD: [u8; 5] = [0xFF, 0x03, 0x00, 0x21, 0x45];

fn broken(octets: &[u8]) -> Vec<&'static str> {
    validate_gre(octets)
        .iter()
        .map(|finding| finding.requirement.id())
        .collect()
}

fn data() -> Raw {
    Raw::gre(
        &GreHeader::data(CallId(1), 2, Some(3), PAYLOAD.len() as u16),
        &PAYLOAD,
    )
}

fn acknowledgment() -> Raw {
    Raw::gre(&GreHeader::acknowledgment_only(CallId(1), 3), &[])
}

fn carrying(payload: &[u8]) -> Vec<u8> {
    Raw::gre(
        &GreHeader::data(CallId(1), 2, None, payload.len() as u16),
        payload,
    )
    .into_octets()
}

#[test]
fn legal_packets_break_nothing() {
    let nothing = <[&str; 0]>::default();
    assert_eq!(broken(data().as_octets()), nothing);
    assert_eq!(broken(acknowledgment().as_octets()), nothing);
    assert_eq!(
        broken(&carrying(&[0; MAXIMUM_PAYLOAD_LENGTH as usize])),
        nothing
    );
}

#[test]
fn each_bit_and_the_protocol_type_have_their_requirement() {
    for raw in [data(), acknowledgment()] {
        let patched = |key, value| broken(raw.clone().patch(key, value).expect("fits").as_octets());
        assert_eq!(patched("checksum-present", 1), ["GRE-001"]);
        assert_eq!(patched("routing-present", 1), ["GRE-002"]);
        assert_eq!(patched("key-present", 0), ["GRE-003"]);
        assert_eq!(patched("strict-source-route", 1), ["GRE-005"]);
        assert_eq!(patched("recursion-control", 7), ["GRE-006"]);
        assert_eq!(patched("flags", 1), ["GRE-008"]);
        assert_eq!(patched("version", 0), ["GRE-009"]);
        assert_eq!(patched("version", 7), ["GRE-009"]);
        assert_eq!(patched("protocol-type", 0x0800), ["GRE-010"]);
    }
}

#[test]
fn findings_name_the_field_and_the_value() {
    let octets = data()
        .patch("recursion-control", 5)
        .and_then(|raw| raw.patch("payload-length", 9))
        .expect("fits")
        .into_octets();
    let found: Vec<_> = validate_gre(&octets)
        .iter()
        .map(|finding| (finding.field, finding.offset, finding.seen))
        .collect();
    assert_eq!(
        found,
        [("recursion-control", 0, 5), ("payload-length", 4, 9)]
    );
}

#[test]
fn a_payload_goes_with_a_sequence_number() {
    assert_eq!(
        broken(Raw::gre(&GreHeader::data(CallId(1), 2, None, 0), &[]).as_octets()),
        ["GRE-004"]
    );
    assert_eq!(
        broken(acknowledgment().append(&PAYLOAD).as_octets()),
        ["GRE-004", "GRE-011", "GRE-016"]
    );
    let promised = acknowledgment().patch("payload-length", 5).expect("fits");
    assert_eq!(broken(promised.as_octets()), ["GRE-011", "GRE-016"]);
    let neither = GreHeader {
        acknowledgment_number: None,
        ..GreHeader::acknowledgment_only(CallId(1), 0)
    };
    assert_eq!(broken(Raw::gre(&neither, &[]).as_octets()), ["GRE-015"]);
}

#[test]
fn payload_length_is_what_is_there_and_has_a_limit() {
    assert_eq!(broken(data().pad(1).as_octets()), ["GRE-011"]);
    let octets = data().into_octets();
    assert_eq!(broken(&octets[..octets.len() - 1]), ["GRE-011"]);
    assert_eq!(
        broken(&carrying(&[0; MAXIMUM_PAYLOAD_LENGTH as usize + 1])),
        ["TR-011"]
    );
}

#[test]
fn a_header_cut_off_names_what_is_missing() {
    let octets = data().into_octets();
    for available in 0..16 {
        let id = match available {
            0..8 => "GRE-015",
            8..12 => "GRE-013",
            _ => "GRE-007",
        };
        assert_eq!(broken(&octets[..available]), [id], "{available} octets");
    }
    assert_eq!(broken(&acknowledgment().into_octets()[..11]), ["GRE-007"]);
}

#[test]
fn media_framing_in_the_payload_is_found() {
    assert_eq!(
        broken(&carrying(&[0x7E, 0xFF, 0x7D, 0x23, 0xC0, 0x21])),
        ["PPP-001"]
    );
    assert_eq!(
        broken(&carrying(&[0x7E, 0xFF, 0x03, 0x00, 0x21, 0x45, 0x7E])),
        ["PPP-001"]
    );
    assert_eq!(
        broken(&carrying(&[0x7E, 0x01, 0x02])),
        <[&str; 0]>::default()
    );
}

#[test]
fn an_fcs_after_a_whole_packet_is_found() {
    let packet = [0xFF, 0x03, 0xC0, 0x21, 9, 1, 0, 8, 1, 2, 3, 4];
    let with_fcs = [&packet[..], &fcs16(&packet).to_le_bytes()].concat();
    assert_eq!(broken(&carrying(&packet)), <[&str; 0]>::default());
    assert_eq!(broken(&carrying(&with_fcs)), ["PPP-002"]);
    let padded = [&packet[..], &[0, 0]].concat();
    assert_eq!(
        broken(&carrying(&padded)),
        <[&str; 0]>::default(),
        "padding is legal"
    );
}

#[test]
fn a_packet_that_goes_on_elsewhere_and_a_bare_lcp_packet_are_found() {
    assert_eq!(
        broken(&carrying(&[0xFF, 0x03, 0x80, 0x21, 1, 1, 0, 10, 3, 6])),
        ["PPP-003"]
    );
    assert_eq!(broken(&carrying(&[0xC0, 0x21, 9, 1, 0, 4])), ["PPP-004"]);
    assert_eq!(
        broken(&carrying(&[0x80, 0x21, 5, 1, 0, 4])),
        <[&str; 0]>::default()
    );
}

proptest! {
    #[test]
    fn any_octets_are_judged(octets in proptest::collection::vec(any::<u8>(), 0..60)) {
        let findings = validate_gre(&octets);
        prop_assert_eq!(findings.iter().count(), findings.len());
        for finding in findings {
            prop_assert!(usize::from(finding.offset) <= octets.len());
        }
    }

    #[test]
    fn packets_of_test_frames_break_nothing(counter: u64, length in 1usize..1532, acknowledgment: Option<u32>) {
        let mut frame = Vec::new();
        crate::ppp::test_frame(counter, length, &mut frame);
        let raw = Raw::gre(&GreHeader::data(CallId(1), 2, acknowledgment, length as u16), &frame);
        prop_assert_eq!(broken(raw.as_octets()), <[&str; 0]>::default());
    }
}

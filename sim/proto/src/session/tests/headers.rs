//! Which received packets are read, and what of them (RFC 2637 §4.1).

use pptp_wire::{GreFlags, GreHeader};

use super::*;
use crate::{GreHeaderCheck, OctetsAfterPayload};

#[test]
fn every_wrong_bit_of_the_header_drops_the_packet() {
    let good = data(0, None, b"ppp");
    for bit in 0..32 {
        let mut octets = good.clone();
        octets[bit / 8] ^= 0x80 >> (bit % 8);
        let expected = match bit {
            3 => continue, // S: the layout is another one
            8 => continue, // A: likewise
            13..16 => "bad-version",
            0..16 => "bad-header",
            _ => "protocol-type",
        };
        let mut bench = Bench::rfc();
        assert_eq!(
            bench.receive(&octets),
            [Put::Dropped(expected, Some(0))],
            "bit {bit}"
        );
        assert_eq!(delivered(&bench.receive(&good)), [0], "bit {bit}");
    }
}

#[test]
fn a_profile_may_ignore_the_routing_bits_and_no_others() {
    let profile = Profile {
        gre_header_check: GreHeaderCheck::RoutingBitsIgnored,
        ..Profile::RFC
    };
    for (bits, taken) in [
        (GreFlags::STRICT_SOURCE_ROUTE, true),
        (GreFlags::RECURSION_CONTROL, true),
        (GreFlags::CHECKSUM_PRESENT, false),
        (GreFlags::FLAGS, false),
    ] {
        let mut bench = Bench::new(&profile, Deviations::NONE);
        let mut header = GreHeader::data(OWN, 0, None, 3);
        header.flags = GreFlags(header.flags.0 | bits);
        assert_eq!(
            !delivered(&bench.receive(&packet(header, b"ppp"))).is_empty(),
            taken,
            "{bits:#06X}"
        );
    }
}

#[test]
fn another_call_id_and_a_cut_payload_are_dropped_with_their_acknowledgment() {
    let mut bench = Bench::rfc();
    bench.send_many(1);
    let foreign = packet(GreHeader::data(CallId(0x3412), 0, Some(0), 3), b"ppp");
    assert_eq!(
        bench.receive(&foreign),
        [Put::Dropped("unknown-call-id", Some(0))]
    );
    let cut = packet(GreHeader::data(OWN, 0, Some(0), 900), &[0; 100]);
    assert_eq!(
        bench.receive(&cut),
        [Put::Dropped("payload-length", Some(0))]
    );
    assert_eq!(bench.session.view().unacknowledged, 1);
}

#[test]
fn exactly_payload_length_octets_are_passed_on() {
    let padded = packet(GreHeader::data(OWN, 0, None, 3), b"pppxx");
    assert_eq!(
        Bench::rfc().receive(&padded),
        [Put::Delivered(0, b"ppp".to_vec())]
    );
    let profile = Profile {
        octets_after_payload: OctetsAfterPayload::Deliver,
        ..Profile::RFC
    };
    let put = Bench::new(&profile, Deviations::NONE).receive(&padded);
    assert_eq!(put, [Put::Delivered(0, b"pppxx".to_vec())]);
}

#[test]
fn a_payload_without_number_and_a_number_without_payload_reach_nobody() {
    let mut bench = Bench::rfc();
    bench.send_many(1);
    let mut header = GreHeader::acknowledgment_only(OWN, 0);
    header.payload_length = 3;
    assert_eq!(
        bench.receive(&packet(header, b"ppp")),
        [Put::Dropped("no-sequence-number", None)]
    );
    assert_eq!(
        bench.session.view().unacknowledged,
        0,
        "its acknowledgment counts"
    );
    header.payload_length = 0;
    header.acknowledgment_number = None;
    assert_eq!(
        bench.receive(&packet(header, &[])),
        [Put::Dropped("empty-payload", None)]
    );
    assert_eq!(
        bench.receive(&data(0, None, &[])),
        [Put::Dropped("empty-payload", Some(0))]
    );
    assert_eq!(
        acknowledged(&bench.wait()),
        [0],
        "the number counts as received"
    );
}

#[test]
fn a_payload_that_no_packet_can_carry_is_refused() {
    let mut bench = Bench::rfc();
    let mut out = Recorder::default();
    assert_eq!(
        bench.session.send(bench.now, &[], &mut out),
        DataOutcome::Unsendable
    );
    assert_eq!(
        bench.session.send(bench.now, &[0; 65536], &mut out),
        DataOutcome::Unsendable
    );
    assert_eq!(out.0, []);
    assert_eq!(
        bench.session.send(bench.now, &[0; 65535], &mut out),
        DataOutcome::Accepted
    );
}

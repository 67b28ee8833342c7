//! What `decode` writes, to the octet, and how it ends.

use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::Path;

use pptp_harness::capture::{CaptureReader, CaptureWriter, Notice};
use pptp_harness::decode::{DecodeFailure, Format, Summary, run, run_on};
use pptp_wire::time::Instant;
use pptp_wire::{CallId, ControlMessage, EchoRequest, GreHeader, MAXIMUM_LENGTH};

const PNS: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 1), 1024);
const PAC: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 2), 1723);

fn path(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/captures")
        .join(name);
    path.to_str().expect("a path in UTF-8").to_owned()
}

fn decoded(octets: &[u8], format: Format) -> (String, Summary) {
    let mut out = Vec::new();
    let summary = run_on("test", octets, format, &mut out).expect("a whole capture");
    (String::from_utf8(out).expect("text"), summary)
}

fn lines(name: &str, format: Format, from: &str) -> Vec<String> {
    let mut out = Vec::new();
    run(&path(name), format, &mut out).expect("a whole capture");
    let text = String::from_utf8(out).expect("text");
    text.lines()
        .filter(|line| line.contains(from))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_control_message_as_json() {
    let expected = concat!(
        r#"{"frame":7,"time":"0.060000000","from":"10.99.0.1:1723","to":"10.99.0.2:40000","plane":"control","#,
        r#""message":"Outgoing-Call-Reply","fields":{"length":32,"pptp-message-type":1,"magic-cookie":439041101,"#,
        r#""control-message-type":8,"reserved0":0,"call-id":128,"peer-call-id":4660,"result-code":1,"error-code":0,"#,
        r#""cause-code":0,"connect-speed":28800,"packet-recv-window-size":8,"packet-processing-delay":3,"#,
        r#""physical-channel-id":2882400001},"findings":[]}"#
    );
    assert_eq!(
        lines("all_messages.pcap", Format::Json, r#""frame":7,"#),
        [expected]
    );
}

#[test]
fn gre_packets_as_json() {
    let expected = concat!(
        r#"{"frame":34,"time":"0.330000000","from":"10.99.0.2","to":"10.99.0.1","plane":"gre","message":"GRE","#,
        r#""fields":{"call-id":128,"payload-length":14,"sequence-number":1,"acknowledgment-number":4294967294,"#,
        r#""ppp":"LCP Configure-Request"},"findings":[]}"#
    );
    assert_eq!(
        lines("all_messages.pcap", Format::Json, r#""frame":34,"#),
        [expected]
    );
    let expected = concat!(
        r#"{"frame":35,"time":"0.340000000","from":"10.99.0.2","to":"10.99.0.1","plane":"gre","message":"GRE","#,
        r#""fields":{"call-id":128,"payload-length":0,"acknowledgment-number":7},"findings":[]}"#
    );
    assert_eq!(
        lines("all_messages.pcap", Format::Json, r#""frame":35,"#),
        [expected]
    );
}

#[test]
fn findings_as_json() {
    let line = &lines("all_messages.pcap", Format::Json, r#""frame":28,"#)[0];
    let expected = concat!(
        r#""findings":[{"requirement":"HDR-011","detail":"reserved0 at octet 10 is 65535"},"#,
        r#"{"requirement":"HDR-012","detail":"reserved0 at octet 10 is 65535"}]}"#
    );
    assert!(line.ends_with(expected), "{line}");
}

#[test]
fn every_json_line_has_the_same_keys_in_the_same_order() {
    for name in [
        "all_messages.pcap",
        "pns_ctl.pcap",
        "nmap_pptp_version.pcap",
    ] {
        let all = lines(name, Format::Json, "");
        assert!(all.len() > 20);
        for line in all {
            let value: serde_json::Value = serde_json::from_str(&line).expect("a JSON object");
            let keys: Vec<&str> = value
                .as_object()
                .expect("an object")
                .keys()
                .map(String::as_str)
                .collect();
            assert_eq!(
                keys,
                [
                    "frame", "time", "from", "to", "plane", "message", "fields", "findings"
                ]
            );
        }
    }
}

#[test]
fn lines_for_people() {
    let shown = |frame: &str| lines("all_messages.pcap", Format::Human, frame);
    assert_eq!(
        shown("// frame 12")[0],
        "    0.110000  10.99.0.2:40000 -> 10.99.0.1:1723     Set-Link-Info                     peer-call-id=128 send-accm=0xFFFFFFFF receive-accm=0x000A0000  // frame 12"
    );
    assert_eq!(
        shown("// frame 22")[0],
        "    0.210000  10.99.0.2:40000 -> 10.99.0.1:1723     Echo-Request                      identifier=1  // frame 22; HDR-004: pptp-message-type at octet 2 is 2; HDR-005: pptp-message-type at octet 2 is 2"
    );
    assert_eq!(
        shown("// frame 34")[0],
        "    0.330000  10.99.0.2 -> 10.99.0.1                GRE                               call-id=128 sequence-number=1 acknowledgment-number=4294967294 payload-length=14  // frame 34; LCP Configure-Request"
    );
    assert_eq!(shown("TCP-Close").len(), 2);
    let all = shown("");
    assert_eq!(all[0], "// pptp-sim transcript 1");
    assert_eq!(
        all.last().map(String::as_str),
        Some("// frames=44 control-messages=27 gre-packets=12")
    );
}

#[test]
fn text_that_is_no_text_stays_on_its_line() {
    let mut message = ControlMessage::from(pptp_wire::StartControlConnectionRequest {
        host_name: pptp_wire::Text::from_octets({
            let mut octets = [0; 64];
            octets[..6].copy_from_slice(b"a\"\n\\\xFFz");
            octets
        }),
        ..Default::default()
    });
    message.header.reserved0 = 0;
    let mut capture = CaptureWriter::new("pns", &[*PNS.ip()]);
    capture.tcp_octets(
        Instant(0),
        PNS,
        PAC,
        message.encode(&mut [0; MAXIMUM_LENGTH]),
    );
    let file = capture.finish();
    let (human, _) = decoded(&file, Format::Human);
    assert!(human.contains(r#"host-name="a\"\x0A\\\xFFz""#), "{human}");
    let (json, _) = decoded(&file, Format::Json);
    let value: serde_json::Value = serde_json::from_str(json.trim()).expect("one JSON object");
    assert_eq!(value["fields"]["host-name"], r#"a"\x0A\\\xFFz"#);
}

#[test]
fn how_a_capture_can_fail() {
    let mut out = Vec::new();
    let failure = run("/nowhere/at.all", Format::Json, &mut out).expect_err("no such file");
    assert!(
        matches!(failure, DecodeFailure::Open { .. })
            && failure.to_string().contains("/nowhere/at.all")
    );
    let failure = run_on("x", &b"no capture"[..], Format::Json, &mut out).expect_err("no capture");
    assert!(matches!(failure, DecodeFailure::Unreadable(_)));
    assert!(out.is_empty());

    let whole = std::fs::read(path("normal.pcap")).expect("a capture");
    let failure = run_on("x", &whole[..2000], Format::Human, &mut out).expect_err("half a capture");
    let DecodeFailure::CutShort { summary, .. } = failure else {
        panic!("{failure}")
    };
    assert_eq!((summary.control_messages, summary.connections), (4, 1));
    let text = String::from_utf8(out).expect("text");
    let last = text.lines().last().unwrap_or_default();
    assert!(
        last.starts_with("// offset 1978: expected the frame of a pcap record"),
        "{last}"
    );

    let mut full: &mut [u8] = &mut [0; 100];
    let failure = run_on("x", &whole[..], Format::Json, &mut full).expect_err("no room");
    assert!(matches!(failure, DecodeFailure::Write(_)));
}

/// Frames of a short call, without Ethernet headers.
fn packets() -> Vec<Vec<u8>> {
    let mut capture = CaptureWriter::new("pns", &[*PNS.ip()]);
    let echo = ControlMessage::from(EchoRequest::default());
    capture.tcp_octets(Instant(0), PNS, PAC, echo.encode(&mut [0; MAXIMUM_LENGTH]));
    let mut gre = [0; 16];
    let length = GreHeader::data(CallId(7), 9, None, 40).encode(&mut gre);
    capture.gre(
        Instant(5),
        *PAC.ip(),
        *PNS.ip(),
        &[
            &gre[..length],
            &[0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 36],
            &[0; 32],
        ]
        .concat(),
    );
    let file = capture.finish();
    let mut reader = CaptureReader::new(&file[..]).expect("a capture");
    let mut packets = Vec::new();
    while let Some(frame) = reader.next_frame().expect("a whole capture") {
        packets.push(frame.octets[14..].to_vec());
    }
    packets
}

fn pcap(link_type: u32, frames: &[Vec<u8>]) -> Vec<u8> {
    let mut file = vec![
        0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0,
    ];
    file.extend_from_slice(&link_type.to_le_bytes());
    for frame in frames {
        let length = (frame.len() as u32).to_le_bytes();
        file.extend_from_slice(&[0; 8]);
        file.extend_from_slice(&length);
        file.extend_from_slice(&length);
        file.extend_from_slice(frame);
    }
    file
}

#[test]
fn every_link_type_shows_the_same_messages() {
    let expected = decoded(&pcap(101, &packets()), Format::Json).0;
    assert_eq!(expected.lines().count(), 2);
    let q_in_q = [&[0; 12][..], &[0x88, 0xA8, 0, 1, 0x81, 0, 0, 2, 8, 0]].concat();
    let cooked = [&[0; 14][..], &[8, 0]].concat();
    let cooked_2 = [&[8, 0][..], &[0; 18]].concat();
    for (link_type, header) in [
        (0, vec![2, 0, 0, 0]),
        (1, q_in_q),
        (113, cooked),
        (276, cooked_2),
    ] {
        let frames: Vec<Vec<u8>> = packets()
            .iter()
            .map(|packet| [&header[..], packet, &[0, 0]].concat())
            .collect();
        assert_eq!(
            decoded(&pcap(link_type, &frames), Format::Json).0,
            expected,
            "link type {link_type}"
        );
    }
}

#[test]
fn fragments_are_put_together_and_one_alone_is_no_packet() {
    let whole = packets().pop().expect("the GRE packet");
    let (header, payload) = whole.split_at(20);
    let fragment = |offset: usize, octets: &[u8], more: bool| {
        let mut packet = [header, octets].concat();
        packet[2..4].copy_from_slice(&((20 + octets.len()) as u16).to_be_bytes());
        packet[6..8].copy_from_slice(&((offset / 8) as u16 | u16::from(more) << 13).to_be_bytes());
        packet
    };
    let (first, second) = (
        fragment(0, &payload[..24], true),
        fragment(24, &payload[24..], false),
    );
    let expected = decoded(&pcap(101, std::slice::from_ref(&whole)), Format::Json).0;
    let (together, _) = decoded(&pcap(101, &[second.clone(), first.clone()]), Format::Json);
    assert_eq!(together, expected.replace(r#""frame":1,"#, r#""frame":2,"#));
    for alone in [first, second] {
        let (nothing, summary) = decoded(&pcap(101, &[alone]), Format::Json);
        assert_eq!(nothing, "");
        assert_eq!(summary.notices.count(Notice::UnfinishedFragments), 1);
    }
}

#[test]
fn a_gre_packet_that_the_capture_cut_is_not_blamed() {
    let whole = packets().pop().expect("the GRE packet");
    let (json, summary) = decoded(&pcap(101, &[whole[..40].to_vec()]), Format::Json);
    assert!(
        json.contains(r#""sequence-number":9"#) && json.contains(r#""findings":[]"#),
        "{json}"
    );
    assert_eq!(summary.notices.count(Notice::CutPacket), 1);
    let (json, summary) = decoded(&pcap(101, &[whole[..30].to_vec()]), Format::Json);
    assert!(json.contains(r#""fields":{},"findings":[]"#), "{json}");
    assert_eq!(summary.gre_packets, 1);
}

#[test]
fn what_was_skipped_is_told() {
    let ipv6 = vec![0x60; 40];
    let (human, summary) = decoded(
        &pcap(101, &[ipv6.clone(), ipv6, vec![0x45; 3]]),
        Format::Human,
    );
    assert!(
        human.contains("// frame 1: IPv6 packet skipped (PPTP runs over IPv4); 2 times\n"),
        "{human}"
    );
    assert!(
        human.contains("// frame 3: malformed IPv4 header, packet skipped\n"),
        "{human}"
    );
    assert_eq!((summary.frames, summary.control_messages), (3, 0));
}

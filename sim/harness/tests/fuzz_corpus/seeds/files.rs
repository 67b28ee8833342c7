//! Captures and scenario files of this repository.

use super::build::File;
use super::packets::{Header, ethernet, gre, gre_packet, pcap, segment};
use pptp_harness::capture::CaptureWriter;
use pptp_harness::fuzzing::NEXT_FILE;
use pptp_wire::time::Instant;
use std::fs;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::path::Path;

/// The captures that are small.
const CAPTURES: [&str; 9] = [
    "all_messages",
    "idle_both_270s",
    "kill_pptpctrl_TERM",
    "normal",
    "pac_unknown",
    "pns_normal",
    "pns_reorder",
    "uml_accel_mppe",
    "uml_pptpd_pppd",
];

/// Scenarios that show most of the language between them.
const SCENARIOS: [&str; 12] = [
    "collision/simultaneous-start",
    "data/lost-acknowledgments",
    "data/header-bits",
    "data/out-of-order",
    "data/wrap",
    "incoming/incoming-call",
    "keep-alive/unanswered-keep-alive",
    "malformed/bad-request-cut-anywhere",
    "many-calls/two-calls-crossing",
    "outgoing/bad-fields",
    "outgoing/outgoing-call",
    "outgoing/pac-under-test",
];

fn read(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Captures as they are, one that breaks off, and one that this project wrote.
pub fn captures() -> Vec<(String, Vec<u8>)> {
    let capture = |name: &str| read(&format!("sim/harness/tests/data/captures/{name}.pcap"));
    let mut seeds: Vec<(String, Vec<u8>)> = CAPTURES
        .map(|name| (name.to_owned(), capture(name)))
        .to_vec();
    let mut broken_off = capture("pac_normal");
    broken_off.truncate(1000);
    seeds.push(("breaks-off".to_owned(), broken_off));
    seeds.push(("written".to_owned(), written()));
    seeds.push(("carried".to_owned(), carried()));
    seeds.push(("fragments".to_owned(), fragments()));
    seeds.push(("sections".to_owned(), sections()));
    seeds
}

/// GRE in whatever carries it, and what ICMP errors quote.
fn carried() -> Vec<u8> {
    let packet = gre_packet(5);
    let frame = ethernet(0x0800, &packet);
    let behind = |octets: &[u8], rest: &[u8]| [octets, rest].concat();
    let carried = |protocol: u8, octets: &[u8], rest: &[u8]| {
        ethernet(0x0800, &Header::of(protocol).packet(&behind(octets, rest)))
    };
    let vxlan = [0xC0, 0, 0x12, 0xB5, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 1, 0];
    pcap(
        1,
        &[
            ethernet(0x88A8, &behind(&[0, 9, 0x81, 0, 0, 9, 8, 0], &packet)),
            ethernet(0x8847, &behind(&[0, 1, 0, 64, 0, 2, 1, 64], &packet)),
            ethernet(0x8864, &behind(&[0x11, 0, 0, 9, 0, 80, 0, 0x21], &packet)),
            ethernet(70, &behind(&[0xAA, 0xAA, 3, 0, 0, 0, 8, 0], &packet)),
            carried(4, &[], &packet),
            carried(
                47,
                &[0xB0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2],
                &packet,
            ),
            carried(47, &[0, 0, 0x65, 0x58], &frame),
            carried(
                47,
                &[0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
                &frame,
            ),
            carried(97, &[0x30, 0], &frame),
            carried(17, &vxlan, &frame),
            carried(17, &[0x06, 0xA5, 0x06, 0xA5, 0, 0, 0, 0], &packet),
            carried(1, &[3, 2, 0, 0, 0, 0, 0, 0], &packet[..28]),
        ],
    )
}

/// A packet and a control message in fragments: out of order, with overlap, and one that stays alone.
fn fragments() -> Vec<u8> {
    let echo = [0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0, 0, 0, 0, 1];
    let mut frames = Vec::new();
    for (protocol, payload) in [(47, gre(5)), (6, segment(1000, &echo))] {
        let end = payload.len();
        for (from, to) in [(24, end), (16, 32), (0, 24), (8, 16)] {
            let header = Header {
                fragment_offset: from,
                more_fragments: to < end,
                ..Header::of(protocol)
            };
            frames.push(header.packet(&payload[from..to]));
        }
    }
    pcap(101, &frames)
}

/// Sections of either byte order with interfaces of several clocks, every packet block, and blocks of others.
fn sections() -> Vec<u8> {
    let mut file = Vec::new();
    for big in [true, false] {
        let mut section = File::new(big);
        let mut obsolete = File::new(big);
        let packet = gre_packet(5);
        let length = packet.len() as u32;
        obsolete
            .u16(1)
            .u16(0)
            .u32(0)
            .u32(3_000_000)
            .u32(length)
            .u32(length)
            .raw(&packet);
        let mut simple = File::new(big);
        simple.u32(length + 8).raw(&packet);
        section
            .section(&[])
            .interface(101, 60, &[(9, &[9]), (14, &[0; 8])])
            .interface(101, 0, &[(9, &[0x8A])])
            .block(4, &[0; 4])
            .packet(0, 2_000_000_000, &packet)
            .block(5, &[0; 12])
            .packet(1, 1024, &packet)
            .block(10, b"TLSKsecrets.")
            .block(2, &obsolete.octets)
            .block(0x7777, b"unknown")
            .block(3, &simple.octets);
        file.extend_from_slice(&section.octets);
    }
    file
}

/// A pcapng file with a connection, a message in two segments, GRE, a close and a reset.
fn written() -> Vec<u8> {
    let (pns, pac) = (Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2));
    let (opener, acceptor) = (SocketAddrV4::new(pns, 49_152), SocketAddrV4::new(pac, 1723));
    let echo = [0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0, 0, 0, 0, 1];
    let mut writer = CaptureWriter::new("pns", &[pns]);
    let at = |milliseconds: u64| Instant(milliseconds * 1_000_000);
    writer.tcp_open(at(0), opener, acceptor);
    writer.tcp_opened(at(10), opener, acceptor);
    writer.comment("a message in two segments");
    writer.tcp_octets(at(20), opener, acceptor, &echo[..5]);
    writer.tcp_octets(at(30), opener, acceptor, &echo[5..]);
    writer.gre(
        at(40),
        pac,
        pns,
        &[
            0x30, 0x81, 0x88, 0x0B, 0, 2, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0xC0, 0x21,
        ],
    );
    writer.tcp_close(at(50), opener, acceptor);
    writer.tcp_reset(at(60), acceptor, opener);
    writer.finish()
}

/// Scenarios, each with the fragments that it includes behind it under the names that the target gives them.
pub fn scenarios() -> Vec<(String, Vec<u8>)> {
    SCENARIOS
        .map(|name| (name.replace('/', "-"), with_fragments(name)))
        .to_vec()
}

fn with_fragments(name: &str) -> Vec<u8> {
    let text = |path: &str| String::from_utf8(read(path)).expect("scenario files are text");
    let mut whole = text(&format!("scenarios/{name}.kdl"));
    for (number, fragment) in ["control", "call", "data", "ring", "stop"]
        .into_iter()
        .enumerate()
    {
        let from = format!("\"../fragments/{fragment}.kdl\"");
        if whole.contains(&from) {
            whole = whole.replace(&from, &format!("\"{}.kdl\"", number + 1));
        }
        whole.push(NEXT_FILE);
        whole.push_str(&text(&format!("scenarios/fragments/{fragment}.kdl")));
    }
    whole.into_bytes()
}

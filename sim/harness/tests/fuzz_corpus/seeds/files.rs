//! Captures and scenario files of this repository.

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
    seeds
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

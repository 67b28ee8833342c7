//! Captures that are none, cut off, or of nobody's making: no panic, a clear answer, and whatever is written lints clean.

use std::fs;
use std::path::Path;

use pptp_harness::author::{AuthorFailure, Authored, author};
use pptp_harness::scenario::parse_str;
use pptp_harness::suite::Status;

fn of_octets(octets: &[u8]) -> Result<Authored, AuthorFailure> {
    let answer = author(vec![("input".to_owned(), octets)]);
    if let Ok(authored) = &answer {
        let linted = parse_str(&authored.text);
        assert!(
            linted.as_ref().is_ok_and(Option::is_some),
            "{linted:?}\n{}",
            authored.text
        );
    }
    if let Err(failure) = &answer {
        assert_ne!(failure.status(), Status::Internal, "{failure}");
        assert!(!failure.to_string().is_empty());
    }
    answer
}

fn file(path: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file that can be read")
}

#[test]
fn every_input_of_the_fuzzed_corpus_is_answered() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/capture_reader");
    let mut answered = [0, 0];
    for entry in fs::read_dir(folder).expect("the corpus") {
        let path = entry.expect("a folder entry").path();
        let octets = fs::read(&path).expect("an input");
        answered[usize::from(of_octets(&octets).is_ok())] += 1;
    }
    assert!(answered[0] > 0 && answered[1] > 0, "{answered:?}");
}

/// Octets turned over in a capture: other lengths, other addresses, other types, no capture at all.
#[test]
fn captures_with_other_octets_in_them_are_answered() {
    let whole = file("tests/data/captures/kill_client_gw_KILL.pcap");
    for at in (24..whole.len()).step_by(61) {
        let mut octets = whole.clone();
        octets[at] ^= 0x55;
        let _ = of_octets(&octets);
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_its_name() {
    let failure = of_octets(b"no capture at all, whatever it says it is").unwrap_err();
    assert_eq!(failure.status(), Status::Usage);
    assert!(failure.to_string().starts_with("input: "), "{failure}");
    let mut cut = file("tests/data/captures/normal.pcap");
    cut.truncate(cut.len() - 3);
    let failure = of_octets(&cut).unwrap_err();
    assert_eq!(failure.status(), Status::Usage);
    assert!(
        failure.to_string().contains("cannot be read to its end"),
        "{failure}"
    );
}

/// A file header and no frame.
#[test]
fn a_capture_without_pptp_is_refused() {
    let empty = &file("tests/data/captures/normal.pcap")[..24];
    let failure = of_octets(empty).unwrap_err();
    assert_eq!(failure.status(), Status::Usage);
    assert!(
        failure.to_string().contains("there is no PPTP in 0 frames"),
        "{failure}"
    );
}

/// One GRE packet again and again, more often than a scenario can say.
#[test]
fn more_than_a_scenario_can_say_is_a_limit() {
    let whole = file("tests/data/captures/pns_window.pcap");
    let header = &whole[..24];
    let mut frames = Vec::new();
    let mut rest = &whole[24..];
    while let Some(head) = rest.get(..16) {
        let length = u32::from_le_bytes(head[8..12].try_into().expect("four octets")) as usize;
        frames.push(&rest[..16 + length]);
        rest = &rest[16 + length..];
    }
    let packet = frames.last().expect("a frame");
    let gre = frames
        .iter()
        .rev()
        .find(|frame| frame.get(16 + 23) == Some(&47))
        .unwrap_or(packet);
    let mut octets = header.to_vec();
    for _ in 0..=pptp_harness::author::MOST_EVENTS {
        octets.extend_from_slice(gre);
    }
    let failure = of_octets(&octets).unwrap_err();
    assert_eq!(failure.status(), Status::Limit);
    assert!(failure.to_string().contains("more than 20000"), "{failure}");
}

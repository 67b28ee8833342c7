//! A single tap behind the path: what the path lost, delayed and repeated becomes faults that strike what its sender sent.

use pptp_harness::author::{Authored, author, matters};
use pptp_harness::suite::{Family, Outcome, SuiteOptions, find, run_case};

/// What is authored from the capture of one node of a scenario alone.
fn from_the_capture_of(node: &str, scenario: &str) -> Authored {
    let path = format!(
        "{}/../../scenarios/{scenario}.kdl",
        env!("CARGO_MANIFEST_DIR")
    );
    let found = find(&[path]).expect("a scenario");
    let family = Family::load(&found[0]).expect("no mistakes");
    let options = SuiteOptions {
        captures: true,
        ..SuiteOptions::default()
    };
    let Outcome::Played(played) = run_case(&family, 0, &options).outcome else {
        panic!("{scenario} is played");
    };
    let own = played
        .captures
        .iter()
        .find(|capture| capture.node == node)
        .expect("a capture");
    author(vec![(node.to_owned(), own.pcapng.as_slice())]).expect("a scenario")
}

/// The lines that begin with one of the words of a fault.
fn faults(text: &str) -> Vec<&str> {
    let words = ["drop ", "delay ", "duplicate "];
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| words.iter().any(|word| line.starts_with(word)))
        .collect()
}

#[test]
fn what_the_path_did_before_the_tap_is_done_by_faults() {
    let authored = from_the_capture_of("pac", "faults/targeted");
    assert_eq!(
        faults(&authored.text),
        [
            "drop pns -> pac GRE call=c1 sequence-number=6",
            "duplicate pns -> pac GRE call=c1 sequence-number=8",
            "delay pns -> pac GRE call=c1 sequence-number=2 by=\"400ms\"",
        ]
    );
    assert!(
        authored
            .text
            .contains("packets=10 sequence-number=\"2..11\""),
        "{}",
        authored.text
    );
    let words: Vec<&str> = authored
        .text
        .split_whitespace()
        .filter(|word| *word != "//")
        .collect();
    let told = "the path lost one packet, delayed one packet and repeated one packet before the tap. What the lost ones held is made up.";
    assert!(words.join(" ").contains(told), "{}", authored.text);
    assert_eq!(
        (authored.endpoints, authored.remaining.len()),
        (2, 0),
        "{}",
        authored.text
    );
}

#[test]
fn before_the_path_nothing_was_struck() {
    let authored = from_the_capture_of("pns", "faults/targeted");
    assert_eq!(faults(&authored.text), [""; 0], "{}", authored.text);
    assert!(
        !authored.text.contains("before the tap"),
        "{}",
        authored.text
    );
}

#[test]
fn a_lossy_path_needs_no_luck() {
    for node in ["pns", "pac"] {
        let authored = from_the_capture_of(node, "faults/random-loss");
        assert!(!authored.text.contains("loss="), "{}", authored.text);
        assert!(
            faults(&authored.text)
                .iter()
                .any(|line| line.starts_with("drop ")),
            "{}",
            authored.text
        );
        let grave = authored
            .remaining
            .iter()
            .filter(|difference| matters(difference.kind));
        assert_eq!(grave.count(), 0, "{}", authored.text);
    }
}

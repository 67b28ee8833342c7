//! `pptp-sim author`: what it writes where, and what it ends with.

use std::fs;
use std::path::Path;

use crate::common::{folder, run, run_in};

fn capture(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/captures");
    format!("{folder}/{name}.pcap")
}

#[test]
fn what_it_writes_can_be_checked_and_run() {
    let folder = folder("author");
    let normal = capture("normal");
    let printed = run_in(&folder, &["author", &normal]);
    assert_eq!((printed.status, printed.errors.as_str()), (0, ""));
    let written = run_in(&folder, &["author", &normal, "--out", "of/captures/a.kdl"]);
    assert_eq!((written.status, written.out.as_str()), (0, ""));
    let text = fs::read_to_string(folder.join("of/captures/a.kdl")).expect("the scenario");
    assert_eq!(text, printed.out);
    assert_eq!(run_in(&folder, &["lint", "of/captures/a.kdl"]).status, 0);
    assert_eq!(run_in(&folder, &["run", "of/captures/a.kdl"]).status, 0);
}

/// The captures of a run, one a node, give its scenario back; one of them alone does too.
#[test]
fn captures_of_a_run_are_taps_of_one_conversation() {
    let folder = folder("author-taps");
    let ran = run_in(&folder, &["run", "--capture", "out", "faults/targeted"]);
    assert_eq!(ran.status, 0, "{}", ran.errors);
    let [pns, pac] = ["pns", "pac"].map(|node| format!("out/faults/targeted.{node}.pcapng"));
    assert!(Path::new(&folder).join(&pns).exists());
    let both = run_in(&folder, &["author", &pns, &pac]);
    assert_eq!(both.status, 0, "{}", both.errors);
    assert!(both.out.contains("drop "), "{}", both.out);
    let one = run_in(&folder, &["author", &pns]);
    assert_eq!(one.status, 0, "{}", one.errors);
    assert!(!one.out.contains("drop "), "{}", one.out);
}

#[test]
fn what_is_no_capture_ends_with_2() {
    let none = run("author-none", &["author", "nowhere.pcap"]);
    assert_eq!(none.status, 2);
    assert!(
        none.errors.contains("cannot open nowhere.pcap"),
        "{}",
        none.errors
    );
    let folder = folder("author-text");
    fs::write(folder.join("a.pcap"), "a text").expect("a file");
    let text = run_in(&folder, &["author", "a.pcap"]);
    assert_eq!((text.status, text.out.as_str()), (2, ""));
    assert!(
        text.errors.contains("a.pcap: not a readable capture"),
        "{}",
        text.errors
    );
    let normal = capture("normal");
    let nowhere = run_in(&folder, &["author", &normal, "--out", "a.pcap/folder.kdl"]);
    assert_eq!(nowhere.status, 2);
    assert!(nowhere.errors.contains("cannot write a.pcap/folder.kdl"));
}

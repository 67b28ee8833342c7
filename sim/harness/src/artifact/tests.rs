use super::*;
use crate::scenario::{parse_str, render_all};
use std::fs;
use std::path::Path;

/// Every input of a target's corpus, by name.
fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let entries = fs::read_dir(folder.join(target)).expect("a corpus");
    let mut inputs: Vec<(String, Vec<u8>)> = entries
        .map(|entry| {
            let path = entry.expect("a folder entry").path();
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read(&path).expect("a file that can be read"))
        })
        .collect();
    inputs.sort();
    inputs
}

fn told(target: &str, name: &str, octets: &[u8]) -> String {
    artifact(target, name, octets).expect("a target").text
}

#[test]
fn every_input_of_the_corpora_can_be_told() {
    for target in TARGETS {
        for (name, octets) in corpus(target) {
            let told = artifact(target, &name, &octets).expect("a target");
            assert!(told.text.lines().count() > 1, "{target}/{name}");
            if told.is_scenario {
                let linted = parse_str(&told.text);
                assert!(
                    matches!(linted, Ok(Some(_))),
                    "{target}/{name}: {}\n{}",
                    render_all(&linted.err().unwrap_or_default(), false),
                    told.text
                );
            }
        }
    }
    assert_eq!(
        artifact("nonsense", "x", &[]).expect_err("no target"),
        UnknownTarget("nonsense".to_owned())
    );
}

#[test]
fn luck_that_a_plan_chose_is_a_list_of_faults() {
    let (name, octets) = corpus("world")
        .into_iter()
        .find(|(name, _)| name == "seed-chosen-luck")
        .expect("a seed");
    let text = told("world", &name, &octets);
    assert!(text.contains("        drop "), "{text}");
    assert!(text.contains("        duplicate "), "{text}");
    assert!(!text.contains("loss=\""), "{text}");
    assert!(text.contains("As a scenario: it holds"), "{text}");
}

#[test]
fn an_endpoint_meets_its_peers_again() {
    let find = |wanted: &str| {
        let mut inputs = corpus("endpoint").into_iter();
        inputs.find(|(name, _)| name == wanted).expect("a seed").1
    };
    let text = told("endpoint", "x", &find("seed-pac-outgoing-call"));
    for line in [
        "peer1 -> pac TCP-Open connection=k1",
        "peer1 -> pac Outgoing-Call-Request connection=k1 call=c1",
        "do pac send-data call=c1 packets=3 bytes=100 may-be-refused=#true",
        "peer1 -> pac GRE call=c1 acknowledgment-number=10 acknowledgment-only=#true",
        "peer1 -> pac Call-Clear-Request connection=k1 call=c1",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let bug = told("endpoint", "x", &find("seed-with-a-bug"));
    assert!(bug.contains("--deviation pac="), "{bug}");
    let malformed = told("endpoint", "x", &find("seed-malformed"));
    assert!(
        malformed.contains("Unframed-Octets connection=k1 octets=\"001000011a\""),
        "{malformed}"
    );
}

#[test]
fn other_inputs_are_said_in_words() {
    let echo = [0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 1, 0, 0, 0, 7];
    let text = told("control_decode", "echo", &echo);
    assert!(text.contains("Echo-Request, as long as its type"), "{text}");
    assert!(text.contains("  identifier Unsigned(7)"), "{text}");
    assert!(text.contains("(HDR-011)"), "{text}");
    let text = told("gre_decode", "nothing", &[0x30]);
    assert!(text.contains("does not decode"), "{text}");
}

#[test]
fn a_law_in_several_lines_stays_a_comment() {
    let text = comments(&["broken: one\nnode x\u{2028}y\u{85}".to_owned()]);
    assert_eq!(text.lines().count(), 1);
    assert!(text.starts_with("// broken: one node x y"));
}

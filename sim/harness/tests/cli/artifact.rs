//! `pptp-sim artifact`: what it writes where, and what it ends with.

use std::fs;

use crate::common::{folder, run, run_in};

fn input(path: &str) -> String {
    format!("{}/../../fuzz/corpus/{path}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn plans_become_scenarios_that_can_be_checked_and_run() {
    let folder = folder("artifact");
    for (target, seed) in [
        ("world", "seed-chosen-luck"),
        ("endpoint", "seed-collision"),
    ] {
        let path = input(&format!("{target}/{seed}"));
        let printed = run_in(&folder, &["artifact", target, &path]);
        assert_eq!((printed.status, printed.errors.as_str()), (0, ""));
        let file = format!("of/fuzzing/{target}.kdl");
        let written = run_in(&folder, &["artifact", target, &path, "--out", &file]);
        assert_eq!((written.status, written.out.as_str()), (0, ""));
        let text = fs::read_to_string(folder.join(&file)).expect("the scenario");
        assert_eq!(text, printed.out);
        let linted = run_in(&folder, &["lint", &file]);
        assert_eq!(linted.status, 0, "{}{}", linted.out, linted.errors);
        let ran = run_in(&folder, &["run", &file]);
        assert_eq!(ran.status, 0, "{}{}", ran.out, ran.errors);
    }
}

#[test]
fn other_inputs_are_said_in_words_and_what_cannot_be_told_is_a_usage_error() {
    let path = input("gre_decode/seed-data");
    let told = run("artifact-words", &["artifact", "gre_decode", &path]);
    assert_eq!(told.status, 0, "{}", told.errors);
    assert!(told.out.contains("sequence-number"), "{}", told.out);
    let unknown = run("artifact-unknown", &["artifact", "gre", &path]);
    assert_eq!(unknown.status, 2);
    assert!(
        unknown.errors.contains("no fuzz target gre:"),
        "{}",
        unknown.errors
    );
    let missing = run("artifact-missing", &["artifact", "world", "no-such-file"]);
    assert_eq!(missing.status, 2);
    assert!(
        missing.errors.contains("no-such-file"),
        "{}",
        missing.errors
    );
}

//! What the command reads and writes: captures, tapes, baselines, scenarios that are not there.

use crate::common::{failing, folder, passing, run_in, write};
use std::fs;
use std::path::Path;

fn names(folder: &Path, below: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            names(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
    found.sort();
}

#[test]
fn captures_and_tapes_lie_under_the_scenarios_name() {
    let here = folder("artifacts");
    let arguments = [
        "run",
        "--capture",
        "out",
        "--tape",
        "out",
        "--case",
        "the PAC wins",
        "collision/simultaneous-start",
        "outgoing/outgoing-call",
    ];
    let ended = run_in(&here, &arguments);
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.errors);
    let ended = run_in(
        &here,
        &[
            "run",
            "--capture",
            "out",
            "--tape",
            "out",
            "outgoing/outgoing-call",
        ],
    );
    assert_eq!(ended.status, 0);
    let mut found = Vec::new();
    names(&here.join("out"), "", &mut found);
    assert_eq!(
        found,
        [
            "collision/simultaneous-start.the-PAC-wins.pac.jsonl",
            "collision/simultaneous-start.the-PAC-wins.pac.pcapng",
            "collision/simultaneous-start.the-PAC-wins.pns.jsonl",
            "collision/simultaneous-start.the-PAC-wins.pns.pcapng",
            "collision/simultaneous-start.the-PAC-wins.tape",
            "outgoing/outgoing-call.pac.jsonl",
            "outgoing/outgoing-call.pac.pcapng",
            "outgoing/outgoing-call.pns.jsonl",
            "outgoing/outgoing-call.pns.pcapng",
            "outgoing/outgoing-call.tape",
        ]
    );
    let capture = "out/outgoing/outgoing-call.pns.pcapng";
    let decoded = run_in(&here, &["decode", capture]);
    assert_eq!(decoded.status, 0);
    assert!(
        decoded.out.contains("Outgoing-Call-Request"),
        "{}",
        decoded.out
    );
}

#[test]
fn a_tape_gives_the_same_bytes() {
    let here = folder("replay");
    let name = "faults/random-loss";
    let run = run_in(
        &here,
        &["run", "--transcript", "--tape", "t", "--capture", "c", name],
    );
    assert_eq!(run.status, 0, "{}", run.out);
    let tape = format!("t/{name}.tape");
    let again = run_in(&here, &["replay", "--capture", "again", &tape]);
    assert_eq!(again.status, 0, "{}", again.errors);
    assert!(again.out.starts_with("// pptp-sim transcript 1\n") && run.out.contains(&again.out));
    for file in ["pns.pcapng", "pac.pcapng", "pns.jsonl", "pac.jsonl"] {
        let first = fs::read(here.join(format!("c/{name}.{file}"))).expect("a capture");
        let second = fs::read(here.join(format!("again/random-loss.{file}")));
        assert_eq!(first, second.expect("a capture"));
    }
}

#[test]
fn a_failing_run_fails_again_when_it_is_replayed() {
    let here = folder("replay-failure");
    write(&here, "failing.kdl", &failing());
    assert_eq!(
        run_in(&here, &["run", "--tape", ".", "failing.kdl"]).status,
        1
    );
    let again = run_in(&here, &["replay", "failing.tape"]);
    assert_eq!(again.status, 1, "{}", again.errors);
    assert!(
        again
            .errors
            .contains("replay   pptp-sim replay failing.tape"),
        "{}",
        again.errors
    );
}

#[test]
fn a_spoiled_tape_is_refused() {
    let here = folder("spoiled");
    write(&here, "passing.kdl", &passing());
    assert_eq!(
        run_in(&here, &["run", "--tape", ".", "passing.kdl"]).status,
        0
    );
    let tape = fs::read_to_string(here.join("passing.tape")).expect("a tape");
    for (text, status, says) in [
        (String::new(), 2, "tape line 1"),
        (
            tape.replace("pptp-sim tape 1", "pptp-sim tape 2"),
            2,
            "tape line 1",
        ),
        (tape.replace("\nend\n", "\n"), 2, "tape line"),
        (
            tape.replace("Start-Control-Connection-Reply", "Start-Nothing"),
            2,
            "cannot be read",
        ),
        (
            tape.replace("world event", "world moon"),
            2,
            "event or turmoil",
        ),
        (
            tape.replace("transcript-digest ", "transcript-digest 0"),
            3,
            "not that of the recorded",
        ),
        (
            tape.replace("attribute grading default", "attribute profile pac=none"),
            2,
            "no profile",
        ),
    ] {
        assert_ne!(text, tape);
        write(&here, "spoiled.tape", &text);
        let ended = run_in(&here, &["replay", "spoiled.tape"]);
        assert_eq!(ended.status, status, "{says}\n{}", ended.errors);
        assert!(ended.errors.contains(says), "{says}\n{}", ended.errors);
    }
}

#[test]
fn a_baseline_keeps_known_failures_visible_and_reports_fixed_ones() {
    let here = folder("baseline");
    write(&here, "scenarios/x.kdl", &failing());
    write(&here, "scenarios/y.kdl", &passing());
    let first = run_in(&here, &["run", "--write-baseline", "known.jsonl"]);
    assert_eq!(first.status, 1);
    let text = fs::read_to_string(here.join("known.jsonl")).expect("a baseline");
    assert_eq!(
        text,
        "{\"format\":\"pptp-sim baseline\",\"version\":1,\"tool\":\"0.1.0\",\"sut\":null}\n{\"scenario\":\"x\",\"case\":null,\"misses\":[\"CDN-003\"]}\n"
    );
    let second = run_in(&here, &["run", "--baseline", "known.jsonl"]);
    assert_eq!(second.status, 0, "{}", second.out);
    assert!(second.out.contains("a known failure") && second.out.contains("1 known, 0 fixed"));
    write(&here, "scenarios/x.kdl", &passing());
    write(&here, "scenarios/y.kdl", &failing());
    let third = run_in(&here, &["run", "--baseline", "known.jsonl"]);
    assert_eq!(third.status, 1, "{}", third.out);
    assert!(third.out.contains("0 known, 1 fixed"), "{}", third.out);
    write(
        &here,
        "known.jsonl",
        &text.replace("\"version\":1", "\"version\":7"),
    );
    let fourth = run_in(&here, &["run", "--baseline", "known.jsonl"]);
    assert_eq!(fourth.status, 2);
    assert!(
        fourth
            .errors
            .contains("a baseline of version 7; this build reads version 1")
    );
}

#[test]
fn a_folder_that_cannot_be_made_is_said_before_anything_runs() {
    let here = folder("unwritable");
    write(&here, "file", "");
    let ended = run_in(&here, &["run", "--capture", "file/below", "outgoing"]);
    assert_eq!((ended.status, ended.out.as_str()), (2, ""));
    assert!(
        ended.errors.contains("cannot make the folder file/below"),
        "{}",
        ended.errors
    );
}

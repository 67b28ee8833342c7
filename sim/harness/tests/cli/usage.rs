//! Help that teaches, and mistakes of usage: a clear message, exit status 2.

use crate::common::{failing, folder, passing, run, run_in, write};

#[test]
fn help_teaches_by_example_and_goes_to_standard_output() {
    let help = run("help", &["--help"]);
    assert_eq!(help.status, 0);
    for part in [
        "Exit status:",
        "Examples:",
        "run",
        "explain CDN-003",
        "deviations",
    ] {
        assert!(help.out.contains(part), "{part}");
    }
    for command in [
        "run",
        "lint",
        "decode",
        "artifact",
        "author",
        "replay",
        "vocabulary",
        "profiles",
        "deviations",
        "explain",
        "completions",
        "man",
    ] {
        let help = run("help-of", &[command, "--help"]);
        assert_eq!(help.status, 0, "{command}");
        assert!(help.out.contains("Example"), "{command}\n{}", help.out);
    }
    assert!(run("version", &["--version"]).out.starts_with("pptp-sim "));
}

#[test]
fn wrong_usage_ends_with_2_and_says_why() {
    for (arguments, says) in [
        (&[][..], "Usage"),
        (&["rum"], "rum"),
        (&["run", "--sede", "7"], "--sede"),
        (&["run", "--seed", "-1"], "-1"),
        (&["run", "--seed", "99999999999999999999999"], "--seed"),
        (&["run", "--jobs", "0"], "jobs"),
        (&["run", "--jobs", "100000"], "jobs"),
        (&["run", "--format", "xml"], "junit"),
        (&["run", "--world", "real"], "turmoil"),
        (&["run", "--profile", "pac"], "NODE=NAME"),
        (
            &["run", "--profile", "pac=popptop"],
            "did you mean `poptop`?",
        ),
        (
            &["run", "--profile", "pac=poptop", "--profile", "pac=rfc"],
            "two profiles",
        ),
        (
            &["run", "--deviation", "pac=never-akc"],
            "did you mean `never-ack`?",
        ),
        (&["run", "--sut", "pca"], "did you mean `pac`?"),
        (
            &["run", "outgoing/outgoing-cal"],
            "did you mean `outgoing/outgoing-call`?",
        ),
        (&["run", "--case", "no such case"], "no scenario has a case"),
        (&["lint", "nothing-here.kdl"], "there is no such file"),
        (
            &["decode", "nothing-here.pcap"],
            "cannot open nothing-here.pcap",
        ),
        (
            &["replay", "nothing-here.tape"],
            "cannot read nothing-here.tape",
        ),
        (&["explain", "CDN-99"], "nothing is known as `CDN-99`"),
        (
            &["explain", "cdn-carries-pns-ip"],
            "did you mean `cdn-carries-pns-id`?",
        ),
        (&["completions", "tcsh"], "bash"),
        (
            &["run", "--baseline", "none.jsonl"],
            "cannot read the baseline none.jsonl",
        ),
    ] {
        let ended = run("usage", arguments);
        assert_eq!(ended.status, 2, "{arguments:?}\n{}", ended.errors);
        assert!(
            ended.errors.contains(says),
            "{arguments:?}\n{}",
            ended.errors
        );
        assert!(!ended.errors.contains("panicked"), "{arguments:?}");
    }
}

#[test]
fn statuses_follow_the_worst_that_happened() {
    let here = folder("statuses");
    write(&here, "scenarios/a/passing.kdl", &passing());
    write(&here, "scenarios/a/failing.kdl", &failing());
    write(
        &here,
        "wrong.kdl",
        "scenario \"wrong\" {\n    flow { nonsense; }\n}\n",
    );
    let limited = passing().replace(
        "    node pns role",
        "    limit time=\"30ms\"\n    node pns role",
    );
    write(&here, "limited.kdl", &limited);
    let impossible = passing().replace(
        "expect pns",
        "do pns clear-call call=c1\n        expect pns",
    );
    write(&here, "impossible.kdl", &impossible);
    for (arguments, status) in [
        (&["run", "a/passing"][..], 0),
        (&["run", "scenarios/a/passing.kdl", "a/failing"], 1),
        (&["run"], 1),
        (&["run", "scenarios", "wrong.kdl"], 2),
        (&["run", "impossible.kdl"], 2),
        (&["run", "a/passing", "limited.kdl"], 4),
        (&["run", "a/failing", "limited.kdl"], 1),
        (&["run", "wrong.kdl", "limited.kdl"], 2),
        (&["lint"], 0),
        (&["lint", "wrong.kdl"], 2),
        (&["run", "--grading", "lenient", "a/failing"], 0),
    ] {
        let ended = run_in(&here, arguments);
        assert_eq!(
            ended.status, status,
            "{arguments:?}\n{}{}",
            ended.out, ended.errors
        );
    }
}

#[test]
fn a_failure_explains_itself() {
    let here = folder("failure");
    write(&here, "failing.kdl", &failing());
    let ended = run_in(&here, &["run", "--seed", "7", "failing.kdl"]);
    assert!(
        ended.out.starts_with("pptp-sim ") && ended.out.contains("seed 7"),
        "{}",
        ended.out
    );
    for part in [
        "the expected message did not come in time",
        "pac -> pns Echo-Request",
        "failing.kdl:13:9",
        "breaks   CDN-003 (RFC 2637 §2.13",
        "replay   pptp-sim run --seed 7 failing.kdl",
        "1 fail",
    ] {
        assert!(ended.out.contains(part), "{part}\n{}", ended.out);
    }
}

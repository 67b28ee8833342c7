//! One end under test: only that end is judged, scenarios without it are skipped, deviations are caught.

use crate::common::{folder, run, run_in, write};
use serde_json::Value;

fn json_lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect()
}

#[test]
fn a_conformance_report_names_every_requirement_once() {
    let ended = run(
        "sut",
        &[
            "run",
            "--sut",
            "pac",
            "outgoing/pac-under-test",
            "outgoing/outgoing-call",
        ],
    );
    assert_eq!(ended.status, 0, "{}", ended.out);
    let report = ended
        .out
        .split_once("Conformance of pac")
        .expect("a report")
        .1;
    assert_eq!(report.matches("CDN-003").count(), 1, "{report}");
    assert!(report.contains("requirements: "), "{report}");
}

#[test]
fn scenarios_without_the_system_under_test_are_skipped() {
    let here = folder("sut-skips");
    let ended = run_in(
        &here,
        &[
            "run",
            "--sut",
            "pac",
            "--format",
            "json",
            "keep-alive",
            "outgoing",
        ],
    );
    let lines = json_lines(&ended.out);
    let skipped: Vec<&Value> = lines
        .iter()
        .filter(|line| line["behaviour"] == "skipped")
        .collect();
    assert!(!skipped.is_empty() && skipped.len() < lines.len() - 1);
    assert!(
        skipped
            .iter()
            .all(|line| line["failure"].is_null() && line["skipped"].is_string())
    );
    assert_eq!(
        lines.last().expect("a summary")["summary"]["skipped"],
        skipped.len()
    );
    let alone = run_in(
        &here,
        &["run", "--sut", "pac", "keep-alive/unanswered-keep-alive"],
    );
    assert_eq!(alone.status, 2, "{}", alone.out);
    assert!(
        alone.errors.contains("every scenario was skipped"),
        "{}",
        alone.errors
    );
}

#[test]
fn a_deviation_is_caught_and_named() {
    let arguments = [
        "run",
        "--deviation",
        "pac=cdn-carries-pns-id",
        "outgoing/outgoing-call",
    ];
    let ended = run("deviation", &arguments);
    assert_eq!(ended.status, 1, "{}", ended.out);
    assert!(ended.out.contains("CDN-003"), "{}", ended.out);
    assert!(
        ended.out.contains("--deviation pac=cdn-carries-pns-id"),
        "{}",
        ended.out
    );
}

#[test]
fn the_turmoil_world_tells_the_same_story() {
    let digest = |world: &str| {
        let arguments = [
            "run",
            "--world",
            world,
            "--transcript",
            "outgoing/outgoing-call",
        ];
        let ended = run("worlds", &arguments);
        assert_eq!(ended.status, 0, "{}", ended.out);
        assert!(ended.out.contains(&format!("world={world}")));
        let lines = ended
            .out
            .lines()
            .filter(|line| line.contains("Outgoing-Call-Re"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let event = digest("event");
    assert_eq!(event.len(), 2);
    assert_eq!(event, digest("turmoil"));
}

/// A PAC that puts the PNS's Call ID into Call-Disconnect-Notify, and numbers its data from 1.
const ACCEL: [&str; 6] = [
    "run",
    "--sut",
    "pac",
    "--profile",
    "pac=accel-ppp",
    "outgoing/outgoing-call",
];

#[test]
fn a_miss_stands_in_the_report_with_evidence_and_the_command_that_repeats_it() {
    let ended = run("sut-evidence", &ACCEL);
    assert_eq!(ended.status, 1, "{}", ended.out);
    let lines: Vec<&str> = ended.out.lines().collect();
    let row = lines
        .iter()
        .position(|line| line.starts_with("fail") && line.contains("CDN-003"))
        .expect("CDN-003 fails");
    assert!(lines[row].contains("§2.13"), "{}", lines[row]);
    assert!(
        lines[row + 1].contains("outgoing/outgoing-call at ")
            && lines[row + 1].contains("1 of 1 run"),
        "{}",
        lines[row + 1]
    );
    assert!(lines[row + 2].contains("pac -> pns  Call-Disconnect-Notify"));
    assert!(lines[row + 3].contains("--sut pac --profile pac=accel-ppp outgoing/outgoing-call"));
    // A SHOULD, or what half of the field does: missed, and no failure.
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("non-strict") && line.contains("SEQ-001"))
    );
    // A clear that is answered, though with the wrong Call ID, is answered.
    assert!(
        !lines
            .iter()
            .any(|line| line.starts_with("fail") && line.contains("CCLR-005"))
    );
}

#[test]
fn only_the_system_under_test_is_judged() {
    let arguments = [
        "run",
        "--sut",
        "pns",
        "--profile",
        "pac=accel-ppp",
        "--format",
        "json",
        "outgoing/outgoing-call",
    ];
    let ended = run("sut-other", &arguments);
    assert_eq!(ended.status, 0, "{}", ended.out);
    let summary = json_lines(&ended.out).pop().expect("a summary");
    let conformance = &summary["summary"]["conformance"];
    assert_eq!(conformance["node"], "pns");
    for row in conformance["requirements"].as_array().expect("rows") {
        assert!(
            !["fail", "non-strict"].contains(&row["verdict"].as_str().expect("a word")),
            "{row}"
        );
    }
    let unexplained = conformance["unexplained"].as_array().expect("runs");
    assert_eq!(unexplained.len(), 1, "{conformance}");
}

#[test]
fn the_report_as_json_and_as_junit_has_a_row_a_requirement() {
    let mut arguments = ACCEL.to_vec();
    arguments.extend(["--format", "json"]);
    let ended = run("sut-json", &arguments);
    let summary = json_lines(&ended.out).pop().expect("a summary");
    let rows = summary["summary"]["conformance"]["requirements"]
        .as_array()
        .expect("rows")
        .clone();
    let row = rows.iter().find(|row| row["id"] == "CDN-003");
    let row = row.expect("CDN-003");
    let keys: Vec<&str> = row
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "id",
            "verdict",
            "runs",
            "times",
            "scenario",
            "case",
            "time",
            "evidence",
            "message",
            "replay",
            "known-failure",
            "fixed"
        ]
    );
    assert_eq!(row["verdict"], "fail");
    assert_eq!(row["scenario"], "outgoing/outgoing-call");
    assert!(
        row["message"]
            .as_str()
            .is_some_and(|line| line.contains("Call-Disconnect-Notify"))
    );
    arguments.pop();
    arguments.push("junit");
    let report = run("sut-junit", &arguments).out;
    assert!(report.contains("<testsuite name=\"conformance of pac\""));
    assert_eq!(report.matches("<testcase name=\"CDN-003\"").count(), 1);
    assert!(report.contains("classname=\"conformance.pac\""));
}

#[test]
fn a_baseline_keeps_known_misses_visible_and_tells_when_one_is_gone() {
    let here = folder("sut-baseline");
    let with = |extra: &[&str]| {
        let mut arguments = ACCEL.to_vec();
        arguments.extend(extra);
        run_in(&here, &arguments)
    };
    assert_eq!(with(&["--write-baseline", "reports/known.jsonl"]).status, 1);
    let again = with(&["--baseline", "reports/known.jsonl"]);
    assert_eq!(again.status, 0, "{}", again.out);
    assert!(
        again.out.contains("known: the baseline has it"),
        "{}",
        again.out
    );
    let mended = run_in(
        &here,
        &[
            "run",
            "--sut",
            "pac",
            "--baseline",
            "reports/known.jsonl",
            "outgoing/outgoing-call",
        ],
    );
    assert_eq!(mended.status, 0, "{}", mended.out);
    assert!(
        mended
            .out
            .contains("fixed: the baseline knows it as missed"),
        "{}",
        mended.out
    );
    let other = run_in(
        &here,
        &[
            "run",
            "--sut",
            "pns",
            "--baseline",
            "reports/known.jsonl",
            "outgoing/outgoing-call",
        ],
    );
    assert_eq!(other.status, 2);
    assert!(
        other
            .errors
            .contains("was written with --sut pac, this run is with --sut pns"),
        "{}",
        other.errors
    );
    let text = std::fs::read_to_string(here.join("reports/known.jsonl")).expect("a baseline");
    write(&here, "old.jsonl", &text.replace("\"0.1.0\"", "\"0.0.9\""));
    let old = with(&["--baseline", "old.jsonl"]);
    assert_eq!(old.status, 2);
    assert!(
        old.errors.contains("this baseline is of pptp-sim 0.0.9"),
        "{}",
        old.errors
    );
}

#[test]
fn what_is_skipped_is_counted_with_its_reason() {
    let ended = run("sut-reasons", &["run", "--sut", "pac", "outgoing", "data"]);
    assert_eq!(ended.status, 0, "{}", ended.out);
    let reasons: Vec<&str> = ended
        .out
        .lines()
        .filter(|line| line.starts_with("skipped "))
        .collect();
    assert!(
        reasons
            .iter()
            .any(|line| line.contains("its node `pac` is scripted")),
        "{reasons:?}"
    );
}

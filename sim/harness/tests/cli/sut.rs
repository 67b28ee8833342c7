//! One end under test: only that end is judged, scenarios without it are skipped, deviations are caught.

use crate::common::{folder, run, run_in};
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

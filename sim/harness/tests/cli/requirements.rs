//! The register, its coverage, and registers that are wrong.

use crate::common::{folder, run, run_in, write};
use serde_json::Value;

/// The keys that scripts rely on, in their order.
const KEYS: [&str; 12] = [
    "id",
    "section",
    "role",
    "level",
    "severity",
    "kind",
    "observable",
    "validated",
    "ruled",
    "scenarios",
    "deviations",
    "exception",
];

fn rows(arguments: &[&str]) -> Vec<Value> {
    let ended = run("requirements", arguments);
    assert_eq!(ended.status, 0, "{arguments:?}\n{}", ended.errors);
    let lines = ended.out.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect()
}

#[test]
fn each_requirement_is_one_object_with_the_documented_keys() {
    let rows = rows(&["requirements", "--format", "json"]);
    assert!(rows.len() >= 338);
    for row in &rows {
        let object = row.as_object().expect("an object");
        let keys: Vec<&str> = object.keys().map(String::as_str).take(KEYS.len()).collect();
        assert_eq!(keys, KEYS);
        assert_eq!(row["observable"] == false, row["exception"].is_string());
        assert_eq!(row["kind"] == "exception", row["exception"].is_string());
    }
    let row = rows.iter().find(|row| row["id"] == "CDN-003");
    let row = row.expect("CDN-003");
    assert_eq!(
        (&row["section"], &row["role"]),
        (&"2.13".into(), &"PAC".into())
    );
    assert_eq!(
        (&row["validated"], &row["ruled"]),
        (&false.into(), &true.into())
    );
    let holds = |key: &str, name: &str| {
        row[key]
            .as_array()
            .expect("names")
            .contains(&Value::from(name))
    };
    assert!(holds("scenarios", "outgoing/outgoing-call"));
    assert!(holds("deviations", "cdn-carries-pns-id"));
    let code = rows.iter().find(|row| row["id"] == "CDN-004");
    assert_eq!(code.expect("CDN-004")["validated"], true);
}

#[test]
fn the_list_for_people_counts_at_its_end() {
    let ended = run("requirements-human", &["requirements"]);
    let line = ended.out.lines().find(|line| line.starts_with("CDN-003"));
    let line = line.expect("CDN-003");
    for part in ["§2.13", "PAC", "error", "rule", "ruled"] {
        assert!(line.contains(part), "{part}: {line}");
    }
    let last = ended.out.lines().last().expect("a summary");
    assert!(last.contains("requirements: ") && last.contains("covered by scenarios"));
    assert!(ended.out.contains("exception: Logging is local"));
}

#[test]
fn what_is_uncovered_has_no_scenario() {
    let uncovered = rows(&["requirements", "--uncovered", "--format", "json"]);
    assert!(!uncovered.is_empty());
    for row in &uncovered {
        assert!(
            row["scenarios"].as_array().is_some_and(Vec::is_empty),
            "{row}"
        );
    }
    let all = rows(&["requirements", "--format", "json"]);
    let without = |rows: &[Value]| {
        let without = rows
            .iter()
            .filter(|row| row["scenarios"].as_array().is_some_and(Vec::is_empty));
        without.count()
    };
    assert_eq!(without(&all), uncovered.len());
}

const ROW: &str = "requirement \"CDN-003\" section=\"2.13\" role=\"PAC\" level=\"implied\" severity=error kind=rule modes=\"P\" set=rfc {\n    sentence \"My own words.\"\n    observed \"b\"\n}\n";

#[test]
fn another_register_is_read_in_its_place() {
    let here = folder("register");
    write(&here, "own.kdl", ROW);
    let ended = run_in(&here, &["requirements", "--register", "own.kdl"]);
    assert_eq!(ended.status, 0, "{}", ended.errors);
    assert!(ended.out.contains("My own words.") && ended.out.contains("1 requirements: 1 covered"));
}

#[test]
fn every_mistake_of_a_register_is_told_with_its_line() {
    let here = folder("register-wrong");
    let wrong = [
        ROW.to_owned(),
        ROW.to_owned(),
        ROW.replace("2.13", "9.9"),
        ROW.replace("CDN-003", "CDN-999"),
    ];
    write(&here, "wrong.kdl", &wrong.concat());
    let ended = run_in(&here, &["requirements", "--register", "wrong.kdl"]);
    assert_eq!((ended.status, ended.out.as_str()), (2, ""));
    for says in [
        "wrong.kdl, line 5: CDN-003 stands here a second time",
        "wrong.kdl, line 9: CDN-003 stands in section 2.13, not 9.9, which is unknown",
        "wrong.kdl, line 13: CDN-999 is no requirement that this build knows",
    ] {
        assert!(ended.errors.contains(says), "{says}\n{}", ended.errors);
    }
    write(&here, "deep.kdl", &"a {".repeat(20_000));
    write(&here, "none.kdl", "}");
    for (file, says) in [
        ("deep.kdl", "nested too deeply"),
        ("none.kdl", "line 1: this is not KDL"),
        ("missing.kdl", "cannot read the register missing.kdl"),
    ] {
        let ended = run_in(&here, &["requirements", "--register", file]);
        assert_eq!(ended.status, 2, "{file}");
        assert!(ended.errors.contains(says), "{says}\n{}", ended.errors);
    }
}

#[test]
fn a_scenario_that_covers_what_does_not_exist_is_refused() {
    let here = folder("covers-nothing");
    let scenario = crate::common::passing().replacen('{', "{\n    covers \"CDN-999\"\n", 1);
    write(&here, "wrong.kdl", &scenario);
    let ended = run_in(&here, &["run", "wrong.kdl"]);
    assert_eq!(ended.status, 2, "{}", ended.out);
    assert!(
        ended.errors.contains("CDN-999") && ended.errors.contains("wrong.kdl"),
        "{}",
        ended.errors
    );
}

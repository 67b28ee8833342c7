//! JSON Lines and JUnit XML.

use crate::common::{failing, folder, passing, run_in, write};
use serde_json::Value;

/// What a run of one passing and one failing scenario prints.
fn printed(name: &str, format: &str) -> String {
    let here = folder(name);
    write(&here, "scenarios/a/good.kdl", &passing());
    write(&here, "scenarios/b/bad.kdl", &failing());
    let ended = run_in(&here, &["run", "--format", format]);
    assert_eq!(ended.status, 1, "{}{}", ended.out, ended.errors);
    ended.out
}

fn keys(value: &Value) -> Vec<&str> {
    let object = value.as_object().expect("an object");
    object.keys().map(String::as_str).collect()
}

#[test]
fn json_has_the_documented_keys_in_the_documented_order() {
    let out = printed("json", "json");
    let lines: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect();
    assert_eq!(lines.len(), 3);
    let documented = [
        "scenario",
        "seed",
        "world",
        "behaviour",
        "ending",
        "requirements",
        "steps",
        "virtual-time",
        "transcript-digest",
        "failure",
    ];
    for line in &lines[..2] {
        assert_eq!(keys(line)[..10], documented);
        let digest = line["transcript-digest"].as_str().expect("a digest");
        assert!(digest.len() == 32 && digest.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let time = line["virtual-time"].as_str().expect("a text");
        assert_eq!(time.split_once('.').expect("decimals").1.len(), 9);
    }
    assert_eq!(lines[0]["scenario"], "a/good");
    assert_eq!(lines[0]["behaviour"], "pass");
    assert_eq!(lines[0]["failure"], Value::Null);
    let failure = &lines[1]["failure"];
    assert_eq!(lines[1]["behaviour"], "fail");
    assert_eq!(failure["kind"], "missing");
    assert_eq!(failure["requirements"], serde_json::json!(["CDN-003"]));
    assert_eq!(
        failure["replay"],
        "pptp-sim run --seed 0 scenarios/b/bad.kdl"
    );
    assert_eq!(
        lines[1]["requirements"],
        serde_json::json!([{"id": "CDN-003", "verdict": "fail"}])
    );
    let summary = &lines[2]["summary"];
    assert_eq!(summary["runs"], 2);
    assert_eq!((&summary["pass"], &summary["fail"]), (&1.into(), &1.into()));
    assert_eq!(summary["exit-status"], 1);
}

#[test]
fn junit_counts_and_escapes() {
    let out = printed("junit", "junit");
    assert!(out.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
    for part in [
        "<testsuites name=\"pptp-sim\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\">",
        "<testsuite name=\"a\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">",
        "<testcase name=\"good\" classname=\"a\" time=\"",
        "<failure type=\"fail\">",
        "pac -&gt; pns Echo-Request",
        "</testsuites>\n",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    assert!(!out.contains("->"));
}

#[test]
fn the_number_of_jobs_changes_nothing() {
    let here = folder("jobs");
    for format in ["human", "json", "junit"] {
        let with = |jobs: &str| {
            let arguments = [
                "run",
                "--jobs",
                jobs,
                "--format",
                format,
                "--transcript",
                "malformed",
                "collision",
            ];
            run_in(&here, &arguments).out
        };
        let one = with("1");
        assert!(one.lines().count() > 20, "{format}");
        assert_eq!(one, with("7"), "{format}");
    }
}

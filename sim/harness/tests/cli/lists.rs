//! Lists, explanations, completions, the man page.

use crate::common::run;
use serde_json::Value;

fn json_lines(arguments: &[&str]) -> Vec<Value> {
    let ended = run("lists", arguments);
    assert_eq!(ended.status, 0, "{arguments:?}\n{}", ended.errors);
    let lines = ended.out.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect()
}

#[test]
fn deviations_have_the_documented_keys() {
    let deviations = json_lines(&["deviations", "--format", "json"]);
    assert!(deviations.len() >= 50);
    for deviation in &deviations {
        let object = deviation.as_object().expect("an object");
        let keys: Vec<&str> = object.keys().map(String::as_str).take(5).collect();
        assert_eq!(keys, ["name", "role", "breaks", "found-by", "killed-by"]);
        let canary = deviation["found-by"] == "nothing";
        assert_eq!(
            deviation["breaks"].as_array().expect("ids").is_empty(),
            canary
        );
        assert!(
            ["suite", "sweep", "nothing"]
                .contains(&deviation["found-by"].as_str().expect("a word"))
        );
    }
    assert!(
        run("lists-human", &["deviations"])
            .out
            .contains("cdn-carries-pns-id  (call-clearing, PAC")
    );
}

#[test]
fn the_kill_matrix_tells_bugs_from_the_canary() {
    let ended = run(
        "kill-matrix",
        &[
            "deviations",
            "--kill-matrix",
            "--format",
            "json",
            "cdn-carries-pns-id",
            "canary",
        ],
    );
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.errors);
    let lines: Vec<Value> = ended
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect();
    let fates: Vec<_> = lines[..3]
        .iter()
        .map(|line| {
            (
                line["name"].as_str(),
                line["role"].as_str(),
                line["fate"].as_str(),
            )
        })
        .collect();
    let row = |name, role, fate| (Some(name), Some(role), Some(fate));
    assert_eq!(
        fates,
        [
            row("cdn-carries-pns-id", "PAC", "killed"),
            row("canary", "PAC", "survived"),
            row("canary", "PNS", "survived"),
        ]
    );
    let kill = &lines[0]["kills"][0];
    assert_eq!(kill["requirement"], "CDN-003");
    assert!(
        kill["replay"]
            .as_str()
            .is_some_and(|command| command.starts_with("pptp-sim run"))
    );
    assert!(lines.iter().all(|line| line["expected"] != false));
    assert_eq!(lines[3]["summary"]["killed"], 1);
    assert_eq!(lines[3]["summary"]["canaries-alive"], 2);
}

#[test]
fn a_survivor_is_a_failure_and_a_wrong_name_is_told() {
    let here = crate::common::folder("kill-matrix-survivor");
    let scenarios = here.join("scenarios/control");
    std::fs::create_dir_all(&scenarios).expect("a folder comes");
    std::fs::write(
        scenarios.join("open.kdl"),
        "scenario \"open\" {\n    node pns role=PNS\n    node pac role=PAC\n    link pns pac\n    flow {\n        do pns open-control to=pac\n        pns -> pac TCP-Open\n        pns -> pac Start-Control-Connection-Request\n        pac -> pns Start-Control-Connection-Reply\n    }\n}\n",
    )
    .expect("a file comes");
    let ended = crate::common::run_in(
        &here,
        &["deviations", "--kill-matrix", "cdn-carries-pns-id"],
    );
    assert_eq!(ended.status, 1, "{}{}", ended.out, ended.errors);
    assert!(
        ended.out.contains("SURVIVED  cdn-carries-pns-id (PAC)"),
        "{}",
        ended.out
    );
    let ended = run(
        "kill-matrix-name",
        &["deviations", "--kill-matrix", "cdn-carries-pns"],
    );
    assert_eq!(ended.status, 2);
    assert!(
        ended.errors.contains("cdn-carries-pns-id"),
        "{}",
        ended.errors
    );
}

#[test]
fn profiles_and_the_vocabulary_are_listed() {
    let profiles = json_lines(&["profiles", "--format", "json"]);
    let names: Vec<&str> = profiles
        .iter()
        .filter_map(|profile| profile["name"].as_str())
        .collect();
    assert!(names.starts_with(&["rfc", "poptop"]) && names.len() == 8);
    let field = &profiles[1]["fields"][0];
    assert!(field["key"].is_string() && field["source"].is_string());
    assert!(json_lines(&["vocabulary", "--format", "json"]).len() > 300);
    let text = run("vocabulary", &["vocabulary"]).out;
    assert!(text.contains("packet-recv-window-size") && text.contains("place-call"));
    let miss = &profiles[1]["misses"][0];
    for key in ["role", "requirement", "verdict", "source"] {
        assert!(miss[key].is_string(), "{key}");
    }
    assert_eq!(profiles[0]["misses"], serde_json::json!([]));
    assert!(run("profiles", &["profiles"]).out.contains("accel-ppp"));
    let poptop = run("explain", &["explain", "poptop"]).out;
    assert!(
        poptop.contains("misses as PAC\n    fail        CCLR-005"),
        "{poptop}"
    );
    let rfc = run("explain", &["explain", "rfc"]).out;
    assert!(rfc.contains("misses nothing as PNS"), "{rfc}");
}

#[test]
fn the_interop_matrix_is_printed_for_people_and_for_programs() {
    let text = run("matrix", &["profiles", "--matrix"]).out;
    assert!(text.contains("PNS \\ PAC") && text.contains("accel-ppp as PAC"));
    let pairs = json_lines(&["profiles", "--matrix", "--format", "json"]);
    assert_eq!(pairs.len(), 60);
    let pair = &pairs[2];
    assert_eq!(
        (&pair["pns"], &pair["pac"]),
        (&"rfc".into(), &"accel-ppp".into())
    );
    assert_eq!(pair["data-to-pac"]["passed-on"], 61);
    assert_eq!(
        pair["causes"]["PAC"][0]["field"],
        "stand-alone-acknowledgments"
    );
}

#[test]
fn explanations_cover_every_kind_of_name() {
    for (id, says) in [
        ("CDN-003", "covered by  incoming/"),
        ("cdn-003", "RFC 2637 §2.13"),
        ("T-PNSO-04", "next state"),
        ("AMB-38", "disconnect-notify-call-id"),
        ("never-ack", "found by the suite"),
        ("accel-ppp", "(PAC)"),
        ("reply-time-out", "profile field"),
        ("payload-length", "drop reason"),
        ("non-strict", "pass < info < non-strict"),
        ("place-call", "action"),
        ("Outgoing-Call-Request", "message"),
        ("adaptive-time-out", "observable"),
    ] {
        let ended = run("explain", &["explain", id]);
        assert_eq!(ended.status, 0, "{id}\n{}", ended.errors);
        assert!(ended.out.contains(says), "{id}: {says}\n{}", ended.out);
    }
}

#[test]
fn completions_and_the_man_page_know_every_command() {
    let commands = [
        "run",
        "lint",
        "decode",
        "replay",
        "vocabulary",
        "requirements",
        "profiles",
        "deviations",
        "explain",
        "completions",
        "man",
    ];
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ended = run("completions", &["completions", shell]);
        assert_eq!(ended.status, 0);
        for command in commands {
            assert!(ended.out.contains(command), "{shell}: {command}");
        }
    }
    let page = run("man", &["man"]).out;
    assert!(page.contains(".TH pptp-sim 1") && page.contains("Exit status"));
    for flag in ["\\-\\-write\\-baseline", "\\-\\-deviation", "\\-\\-capture"] {
        assert!(page.contains(flag), "{flag}");
    }
}

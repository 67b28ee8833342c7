//! `--coverage` of `run`, `sweep` and `merge`: what was reached, and what never was.

use std::fs;

use crate::common::{Ended, run, write};
use crate::sweep::{LOSSY, folder, merge, read, sweep};

/// The lines of a table from `coverage` on.
fn table(ended: &Ended) -> Vec<String> {
    let lines = ended.out.lines().skip_while(|line| *line != "coverage");
    lines.map(str::to_owned).collect()
}

#[test]
fn what_was_reached_is_the_same_however_the_work_is_split() {
    let here = folder("sweep-coverage");
    let all = ["--seeds", "0..40", "--coverage"];
    let plain = sweep(&here, &all[..2]);
    let one = sweep(&here, &all);
    assert_eq!(one.out.lines().next(), plain.out.lines().next());
    assert!(one.out.starts_with(&plain.out), "{}", one.out);
    let shown = table(&one);
    assert!(shown.len() > 20 && table(&plain).is_empty(), "{shown:?}");
    for shard in ["1/3", "2/3", "3/3"] {
        sweep(
            &here,
            &["--seeds", "0..40", "--out", "parts", "--shard", shard],
        );
    }
    let merged = merge(&here, &["parts", "--coverage"]);
    assert_eq!(table(&merged), shown);
    // A sweep that was killed, and gone on with: what its first lines told is not told again.
    sweep(&here, &["--seeds", "0..40", "--out", "out"]);
    let path = here.join(LOSSY);
    let text = read(&path);
    let cut: String = text.split_inclusive('\n').take(12).collect();
    write(&here, &format!("{LOSSY}.part"), &cut);
    fs::remove_file(&path).expect("it is there");
    let resumed = sweep(
        &here,
        &["--seeds", "0..40", "--out", "out", "--resume", "--coverage"],
    );
    assert_eq!(table(&resumed), shown);
    assert_eq!(read(&path), text);
    let first = text.lines().nth(1).expect("the first seed");
    assert!(
        first.contains("\"new\":[") && first.contains("\"T-PNSO-08\""),
        "{first}"
    );
    let told = |name: &str| text.matches(&format!("\"{name}\"")).count();
    assert_eq!((told("T-PNSO-08"), told("lost-at-random")), (1, 1));
}

#[test]
fn a_small_sweep_comes_to_these_places() {
    let here = folder("sweep-coverage-json");
    let ended = sweep(
        &here,
        &["--seeds", "0..10", "--coverage", "--format", "json"],
    );
    let last = ended.out.lines().last().expect("a line");
    let value: serde_json::Value = serde_json::from_str(last).expect("JSON");
    let coverage = &value["summary"]["coverage"];
    let reached: Vec<String> = coverage
        .as_object()
        .expect("an object")
        .iter()
        .map(|(key, one)| format!("{key} {} of {}", one["reached"], one["of"]))
        .collect();
    insta::assert_snapshot!(reached.join("\n"), @r"
    control-connection-states 6 of 7
    call-states 7 of 14
    transitions 14 of 95
    windows 6 of 28
    transitions-by-window 2 of 245
    points-of-endpoints 14 of 66
    points-of-the-world 2 of 20
    ");
    let never = |dimension: &str, name: &str| {
        let names = coverage[dimension]["never"].as_array();
        names.is_some_and(|names| names.iter().any(|one| one == name))
    };
    assert!(never("transitions", "T-CCO-02") && !never("transitions", "T-PNSO-08"));
    assert!(never("points-of-the-world", "crashed"));
    assert!(!never("points-of-the-world", "duplicated"));
}

#[test]
fn a_run_tells_what_it_came_to() {
    let names = ["run", "outgoing/outgoing-call", "--coverage"];
    let ended = run("run-coverage", &names);
    assert_eq!(ended.status, 0, "{ended:?}");
    let shown = table(&ended).join("\n");
    assert!(shown.contains("T-CCO-02"), "{shown}");
    let plain = run("run-coverage", &names[..2]);
    assert!(ended.out.starts_with(&plain.out) && table(&plain).is_empty());
    let json = run(
        "run-coverage",
        &[&names[..], &["--format", "json"]].concat(),
    );
    let lines: Vec<serde_json::Value> = json
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let coverage = &lines[lines.len() - 2]["coverage"];
    assert_eq!(coverage["transitions"]["of"], 95);
    assert!(lines[lines.len() - 1]["summary"].is_object());
    let junit = run(
        "run-coverage",
        &[&names[..], &["--format", "junit"]].concat(),
    );
    assert_eq!(junit.status, 2);
    assert!(
        junit.errors.contains("--coverage is for people"),
        "{junit:?}"
    );
}

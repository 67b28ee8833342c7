//! Equal scenario, seed and version give equal bytes, in another process, folder, locale, time zone and number of threads.

use crate::common::{command, folder};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn files(folder: &Path, below: &str, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            files(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, fs::read(entry.path()).expect("a file"));
        }
    }
}

/// Everything that a run of the whole suite prints and writes.
fn everything(name: &str, jobs: &str, environment: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let here = folder(name);
    let output = command(&here)
        .args([
            "run",
            "--transcript",
            "--tape",
            "tapes",
            "--capture",
            "captures",
        ])
        .args(["--jobs", jobs])
        .envs(environment.iter().copied())
        .output()
        .expect("the command starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    let mut found = BTreeMap::from([("output".to_owned(), output.stdout)]);
    files(&here, "", &mut found);
    found
}

#[test]
fn two_processes_in_different_surroundings_give_equal_bytes() {
    let one = [("LC_ALL", "C"), ("TZ", "UTC"), ("COLUMNS", "80")];
    let other = [
        ("LC_ALL", "tr_TR.UTF-8"),
        ("TZ", "Asia/Kathmandu"),
        ("COLUMNS", "200"),
        ("RUST_BACKTRACE", "full"),
        ("TERM", "dumb"),
    ];
    let first = everything("determinism/one", "1", &one);
    let second = everything("determinism/another/folder", "3", &other);
    let names: Vec<&String> = first.keys().collect();
    assert_eq!(names, second.keys().collect::<Vec<_>>());
    for (name, octets) in &first {
        assert!(*octets == second[name], "{name} differs");
    }
    let text = String::from_utf8_lossy(&first["output"]);
    let transcripts = text
        .lines()
        .filter(|line| *line == "// pptp-sim transcript 1");
    let count = |ending: &str| names.iter().filter(|name| name.ends_with(ending)).count();
    let scenarios = transcripts.count();
    assert!(scenarios >= 20 && text.lines().count() >= 10 * scenarios);
    assert!(count(".tape") >= 100 && count(".pcapng") >= 200);
}

#[test]
fn another_seed_gives_other_bytes() {
    let run = |seed: &str| {
        let output = command(&folder("seeds"))
            .args([
                "run",
                "--transcript",
                "--seed",
                seed,
                "outgoing/outgoing-call",
            ])
            .output()
            .expect("the command starts");
        output.stdout
    };
    assert_ne!(run("1"), run("2"));
}

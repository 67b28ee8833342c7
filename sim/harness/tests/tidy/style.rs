//! Length of files, unsafe code, ignored tests, unfinished work.

use crate::tree::Tree;
use crate::{assert_clean, assert_complaint};

/// Lines that a Rust file may have.
const LONGEST: usize = 500;

/// Files that are longer, and why each is one thing all the same.
const LONGER: &[(&str, &str)] = &[];

/// Files that are too long, and exceptions that are none.
fn length(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let lines = text.lines().count();
        let excused = LONGER
            .iter()
            .any(|(excused, reason)| *excused == path && !reason.is_empty());
        if lines > LONGEST && !excused {
            complaints.push(format!(
                "{path} has {lines} lines: it holds more than one thing"
            ));
        }
        if lines <= LONGEST && excused {
            complaints.push(format!("{path} has only {lines} lines and needs no excuse"));
        }
    }
    complaints
}

/// Crates in which unsafe code could be written.
fn unsafe_code(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    let workspace = tree.text("Cargo.toml").unwrap_or_default();
    if !workspace.contains("unsafe_code = \"forbid\"") {
        complaints.push("Cargo.toml does not forbid unsafe code in the workspace".to_owned());
    }
    for (folder, manifest) in tree.packages() {
        if !manifest.contains("[lints]\nworkspace = true") {
            complaints.push(format!(
                "{folder}/Cargo.toml does not take the workspace's lints"
            ));
        }
        for (path, text) in tree.below(folder) {
            let inside = &path[folder.len() + 1..];
            let is_root = matches!(inside, "src/lib.rs" | "src/main.rs")
                || inside.starts_with("fuzz_targets/");
            if is_root && !text.contains("#![forbid(unsafe_code)]") {
                complaints.push(format!("{path} does not forbid unsafe code"));
            }
        }
    }
    complaints
}

/// Tests that are not run, and marks of unfinished work.
fn unfinished(tree: &Tree) -> Vec<String> {
    // Put together here, so that this file does not hold them.
    let marks = [
        ["#[ig", "nore"].concat(),
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["to", "do!("].concat(),
        ["unimpl", "emented!("].concat(),
    ];
    let mut complaints = Vec::new();
    let read = [".rs", ".kdl", ".toml", ".md"];
    for (path, text) in tree
        .files
        .iter()
        .filter(|(path, _)| read.iter().any(|end| path.ends_with(end)))
    {
        for (number, line) in text.lines().enumerate() {
            for mark in marks.iter().filter(|mark| line.contains(mark.as_str())) {
                complaints.push(format!("{path}:{}: {mark}", number + 1));
            }
        }
    }
    complaints
}

#[test]
fn no_file_is_too_long() {
    assert_clean(length);
    let tree = Tree::of_repository();
    let gone = LONGER.iter().find(|(path, _)| tree.text(path).is_none());
    assert_eq!(gone, None, "an excuse for a file that there is not");
}

#[test]
fn unsafe_code_is_forbidden_everywhere() {
    assert_clean(unsafe_code);
}

#[test]
fn nothing_is_ignored_or_unfinished() {
    assert_clean(unfinished);
}

#[test]
fn a_long_file_is_noticed() {
    let text = "\n".repeat(LONGEST + 1);
    assert_complaint(length, &[("sim/wire/src/lib.rs", &text)], "has 501 lines");
    assert_eq!(
        length(&Tree::made_up(&[("a.rs", &text[1..])])),
        [] as [&str; 0]
    );
}

#[test]
fn a_crate_that_allows_unsafe_code_is_noticed() {
    let workspace = (
        "Cargo.toml",
        "[workspace.lints.rust]\nunsafe_code = \"forbid\"\n",
    );
    let manifest = (
        "sim/wire/Cargo.toml",
        "[package]\n[lints]\nworkspace = true\n",
    );
    let root = ("sim/wire/src/lib.rs", "#![forbid(unsafe_code)]\n");
    let loose = ("sim/wire/src/lib.rs", "//! Wire.\n");
    assert_complaint(
        unsafe_code,
        &[workspace, manifest, loose],
        "lib.rs does not forbid",
    );
    assert_complaint(
        unsafe_code,
        &[workspace, ("sim/wire/Cargo.toml", "[package]\n"), root],
        "lints",
    );
    assert_complaint(
        unsafe_code,
        &[("Cargo.toml", ""), manifest, root],
        "in the workspace",
    );
    let target = ("fuzz/fuzz_targets/a.rs", "#![no_main]\n");
    let fuzz = ("fuzz/Cargo.toml", "[lints]\nworkspace = true\n");
    assert_complaint(
        unsafe_code,
        &[workspace, fuzz, target],
        "fuzz_targets/a.rs does not forbid",
    );
}

#[test]
fn ignored_tests_and_unfinished_work_are_noticed() {
    for mark in [
        ["#[ig", "nore]"],
        ["// TO", "DO: later"],
        ["/// FIX", "ME"],
        ["to", "do!()"],
        ["unimpl", "emented!()"],
    ] {
        let line = format!("{}\n", mark.concat());
        assert_complaint(
            unfinished,
            &[("sim/wire/src/a.rs", &line)],
            "sim/wire/src/a.rs:1:",
        );
    }
}

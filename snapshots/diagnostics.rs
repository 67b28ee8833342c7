//! What an author sees: the diagnostics of every file in `sim/harness/tests/data/wrong`, each as a snapshot.

use pptp_harness::scenario::{lint_file, load::FileLoader, render_all};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn wrong_files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/wrong")
}

/// Names of the files, without their ending, sorted.
fn names() -> Vec<String> {
    let entries = std::fs::read_dir(wrong_files()).expect("the folder of wrong files");
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".kdl").map(str::to_owned))
        .collect();
    names.sort();
    names
}

/// The diagnostics of one file, with its path cut down to its name.
fn diagnostics(name: &str) -> (Vec<&'static str>, String) {
    // Tests run in the folder of their package: a relative path is the same on every machine.
    let folder = "tests/data/wrong/";
    let path = format!("{folder}{name}.kdl");
    match lint_file(&path, &FileLoader) {
        Ok(_) => panic!("{name}.kdl is meant to be wrong, and nothing was found"),
        Err(mistakes) => (
            mistakes.iter().map(|mistake| mistake.code).collect(),
            render_all(&mistakes, false).replace(folder, ""),
        ),
    }
}

#[test]
fn every_wrong_file_is_explained() {
    let names = names();
    assert!(names.len() >= 45, "only {} files", names.len());
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("diagnostics");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for name in names {
            let (_, text) = diagnostics(&name);
            assert!(!text.contains('\u{1b}'), "{name}: colour");
            insta::assert_snapshot!(name.as_str(), text);
        }
    });
}

#[test]
fn a_file_with_one_mistake_gets_one_diagnostic() {
    let mut wrong = String::new();
    for name in names() {
        let (codes, text) = diagnostics(&name);
        let expected = if name == "several-mistakes-at-once" {
            9
        } else {
            1
        };
        if codes.len() != expected {
            wrong.push_str(&format!(
                "{name}: {} and not {expected}\n{text}\n",
                codes.len()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_snapshot_belongs_to_a_file() {
    let names: BTreeSet<String> = names().into_iter().collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots/diagnostics");
    for entry in std::fs::read_dir(folder)
        .expect("the folder of snapshots")
        .flatten()
    {
        let file = entry.file_name().to_string_lossy().into_owned();
        let name = file.strip_suffix(".snap").unwrap_or(&file);
        assert!(names.contains(name), "{file} belongs to no file: remove it");
    }
}

//! What OSS-Fuzz and ClusterFuzzLite find where they look for it: a build script that builds every target, options that name
//! dictionaries, and seed corpora that are small.

use super::{TARGETS, files, fuzz};
use pptp_harness::artifact::TARGETS as TARGETS_OF_COMMAND;
use std::collections::BTreeSet;
use std::fs;

/// Octets of one input at most, but for captures and scenarios as they are.
const LONGEST_INPUT: usize = 2048;
const LONGEST_FILE: usize = 16 * 1024;
/// Octets of the inputs of one target at most.
const LARGEST_CORPUS: usize = 64 * 1024;

fn names() -> BTreeSet<String> {
    TARGETS
        .iter()
        .map(|(name, ..)| (*name).to_owned())
        .collect()
}

/// The words between `targets=(` and `)`.
fn built(script: &str) -> BTreeSet<String> {
    let (_, behind) = script.split_once("\ntargets=(").expect("a list of targets");
    let (list, _) = behind.split_once(')').expect("its end");
    list.split_whitespace().map(str::to_owned).collect()
}

/// The value of a key in options.
fn option<'a>(options: &'a str, key: &str) -> Option<&'a str> {
    let lines = options.lines().filter_map(|line| line.split_once(" = "));
    lines
        .into_iter()
        .find(|(known, _)| *known == key)
        .map(|it| it.1)
}

#[test]
fn the_build_script_builds_every_target() {
    let script = fuzz().join("../.clusterfuzzlite/build.sh");
    let script = fs::read_to_string(script).expect("the build script");
    assert_eq!(built(&script), names());
}

#[test]
fn the_command_artifact_knows_every_target() {
    let known: BTreeSet<String> = TARGETS_OF_COMMAND.into_iter().map(str::to_owned).collect();
    assert_eq!(known, names());
}

#[test]
fn every_target_has_options_and_every_dictionary_a_target() {
    let dictionaries: BTreeSet<String> = files(&fuzz().join("dictionaries"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let (mut with_options, mut used) = (BTreeSet::new(), BTreeSet::new());
    for (name, octets) in files(&fuzz().join("options")) {
        let text = String::from_utf8(octets).expect("text");
        assert_eq!(text.lines().next(), Some("[libfuzzer]"), "{name}");
        let length: usize = option(&text, "max_len")
            .and_then(|length| length.parse().ok())
            .unwrap_or_else(|| panic!("{name}: no max_len"));
        let target = name.strip_suffix(".options").expect("options of a target");
        for (input, octets) in files(&fuzz().join("corpus").join(target)) {
            assert!(octets.len() <= length, "{target}/{input}: over max_len");
        }
        if let Some(dictionary) = option(&text, "dict") {
            assert!(dictionaries.contains(dictionary), "{name}: {dictionary}");
            used.insert(dictionary.to_owned());
        }
        with_options.insert(target.to_owned());
    }
    assert_eq!(with_options, names());
    assert_eq!(used, dictionaries);
}

#[test]
fn the_corpora_are_small() {
    for target in names() {
        let corpus = files(&fuzz().join("corpus").join(&target));
        let longest = match target.as_str() {
            "capture_reader" | "scenario_text" => LONGEST_FILE,
            _ => LONGEST_INPUT,
        };
        for (name, octets) in &corpus {
            let length = octets.len();
            assert!(length <= longest, "{target}/{name}: {length} octets");
        }
        let all: usize = corpus.iter().map(|(_, octets)| octets.len()).sum();
        assert!(all <= LARGEST_CORPUS, "{target}: {all} octets");
        let different: BTreeSet<&Vec<u8>> = corpus.iter().map(|(_, octets)| octets).collect();
        assert_eq!(
            different.len(),
            corpus.len(),
            "{target}: an input is there twice"
        );
    }
}

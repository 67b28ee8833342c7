//! Ids that are cited: requirements, transitions and ambiguities exist.

use crate::tree::Tree;
use crate::{assert_clean, assert_complaint};
use pptp_proto::Transition;
use pptp_wire::Requirement;
use std::collections::BTreeSet;

/// The ambiguities of RFC 2637 that the project has read one way, numbered from 1.
const AMBIGUITIES: u32 = 57;

/// Files that cite ids.
const CITING: [&str; 5] = [".rs", ".kdl", ".md", ".tsv", ".snap"];

/// The number that tests give to an id which exists nowhere.
const NOWHERE: &str = "-999";

/// Files that are wrong on purpose, and what is said of them.
const WRONG_ON_PURPOSE: [&str; 2] = ["sim/harness/tests/data/wrong/", "snapshots/diagnostics/"];

/// Citations of what does not exist.
fn citations(tree: &Tree) -> Vec<String> {
    let requirements: BTreeSet<String> = Requirement::ALL
        .iter()
        .map(|requirement| requirement.id().to_owned())
        .collect();
    let transitions: BTreeSet<String> = Transition::ALL
        .iter()
        .map(|transition| transition.id().to_owned())
        .collect();
    let mut complaints = Vec::new();
    let citing = tree.files.iter().filter(|(path, _)| {
        CITING.iter().any(|end| path.ends_with(end))
            && !WRONG_ON_PURPOSE
                .iter()
                .any(|folder| path.starts_with(folder))
    });
    for (path, text) in citing {
        for (number, line) in text.lines().enumerate() {
            for word in words(line).filter(|word| !word.ends_with(NOWHERE)) {
                let exists = match Id::of(word, &requirements, &transitions) {
                    None => continue,
                    Some(Id::Requirement) => requirements.contains(word),
                    Some(Id::Transition) => transitions.contains(word),
                    Some(Id::Ambiguity(ambiguity)) => (1..=AMBIGUITIES).contains(&ambiguity),
                };
                if !exists {
                    complaints.push(format!("{path}:{}: there is no {word}", number + 1));
                }
            }
        }
    }
    complaints
}

/// What a word looks like.
enum Id {
    Requirement,
    Transition,
    Ambiguity(u32),
}

impl Id {
    /// A word that is built like an id: groups of capitals and digits, the last one digits, behind a prefix that ids have.
    fn of(
        word: &str,
        requirements: &BTreeSet<String>,
        transitions: &BTreeSet<String>,
    ) -> Option<Id> {
        let (prefix, digits) = word.rsplit_once('-')?;
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let has_prefix = |ids: &BTreeSet<String>| {
            ids.iter().any(|id| {
                id.rsplit_once('-')
                    .is_some_and(|(known, _)| known == prefix)
            })
        };
        if prefix == "AMB" {
            return digits.parse().ok().map(Id::Ambiguity);
        }
        if prefix.starts_with("T-") && has_prefix(transitions) {
            return Some(Id::Transition);
        }
        (digits.len() == 3 && has_prefix(requirements)).then_some(Id::Requirement)
    }
}

/// Runs of capitals, digits and hyphens.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let signs = |sign: char| !(sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '-');
    line.split(signs)
        .map(|word| word.trim_matches('-'))
        .filter(|word| word.contains('-'))
}

#[test]
fn every_id_that_is_cited_exists() {
    assert_clean(citations);
}

#[test]
fn the_number_of_tests_is_no_requirement() {
    assert!(
        Requirement::ALL
            .iter()
            .all(|requirement| !requirement.id().ends_with(NOWHERE))
    );
}

#[test]
fn ids_that_do_not_exist_are_noticed() {
    for unknown in [
        ["CDN", "998"].join("-"),
        ["T-CCO", "99"].join("-"),
        ["AMB", "58"].join("-"),
    ] {
        let text = format!(
            "// As CDN-003, T-CCO-01, AMB-57 and RFC-2637 say, UTF-8 and {unknown}, too.\n"
        );
        let says = format!("a.rs:1: there is no {unknown}");
        assert_complaint(citations, &[("sim/wire/src/a.rs", &text)], &says);
    }
}

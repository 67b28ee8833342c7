//! A requirement in full.

use pptp_proto::{Deviation, PROFILE_FIELDS};
use pptp_rules::Grading;
use pptp_wire::Requirement;

use crate::cli::terminal::bold;
use crate::register::{Row, register};
use crate::run::grade_text;
use crate::suite::{Standing, standing};

/// Clause, sentence, how hard a miss is, how it is observed, what covers it, what breaks it.
pub(super) fn text(requirement: Requirement, colour: bool) -> String {
    let mut text = format!("{}\n", bold(requirement.id(), colour));
    let mut line = |head: &str, words: &str| {
        if !words.is_empty() {
            text.push_str(&format!("    {head:<11} {words}\n"));
        }
    };
    let Some(row) = register().get(&requirement) else {
        line("clause", &format!("§{}", requirement.section()));
        return text;
    };
    line("clause", &clause(row));
    line("requires", &row.sentence);
    line("binds", &row.role);
    line("worded", &row.level);
    let grades = [Grading::Strict, Grading::Default, Grading::Lenient]
        .map(|grading| grade_text(grading.grade(row.severity)));
    line(
        "severity",
        &format!(
            "{}: a miss is {} (strict {}, lenient {})",
            row.severity, grades[1], grades[0], grades[2]
        ),
    );
    line("kind", row.kind.word());
    line("observed", &row.observed);
    line("decision", row.decision.as_deref().unwrap_or(""));
    line("exception", row.exception.as_deref().unwrap_or(""));
    line("modes", &modes(&row.modes));
    if row.set != "rfc" {
        let chosen = format!(
            "{0}: counts in scenarios with `set {0}`, and in all with `run --set {0}`",
            row.set
        );
        line("set", &chosen);
    }
    let Some(standing) = standing(requirement) else {
        return text;
    };
    if standing.validated {
        line("validated", "a message by itself shows it");
    }
    if let Some(rule) = standing.rule {
        line("rule", &format!("{}: {}", rule.name, rule.doc));
    }
    line("covered by", &covered_by(&standing));
    let broken_by: Vec<String> = standing.deviations.iter().map(|it| broken_by(it)).collect();
    line("broken by", &broken_by.join(&format!("\n{:16}", "")));
    line("readings", &ambiguities(row).join(" "));
    text
}

/// `cdn-carries-pns-id (KB-20): what it does`.
fn broken_by(deviation: &Deviation) -> String {
    let mut text = deviation.name.to_owned();
    if !deviation.known_bugs.is_empty() {
        text.push_str(&format!(" ({})", deviation.known_bugs.join(", ")));
    }
    text.push_str(&format!(": {}", deviation.doc));
    text
}

fn clause(row: &Row) -> String {
    if row.set == "rfc" {
        format!("RFC 2637 §{}", row.section)
    } else {
        row.section.clone()
    }
}

fn covered_by(standing: &Standing) -> String {
    if standing.is_uncovered() {
        return "no scenario of the built-in suite".to_owned();
    }
    standing.scenarios.join(" ")
}

fn modes(letters: &str) -> String {
    let words: Vec<&str> = letters
        .split_whitespace()
        .map(|letter| match letter {
            "P" => "P (seen passively, in a capture too)",
            "A" => "A (needs a stimulus)",
            "I" => "I (only inside the simulator)",
            "N" => "N (cannot be observed)",
            other => other,
        })
        .collect();
    words.join(", ")
}

/// The ambiguities that the row names, and those of profile fields that name the same section and speak of it.
fn ambiguities(row: &Row) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: &str| {
        for id in ambiguity_ids(text) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    };
    add(&row.sentence);
    add(&row.observed);
    add(row.decision.as_deref().unwrap_or(""));
    let section = format!("§{}", row.section);
    for field in PROFILE_FIELDS {
        let cites = |part: &str| part.trim_end_matches([',', ';']) == section;
        if field.source.split_whitespace().any(cites) {
            add(field.source);
        }
    }
    found
}

/// Every `AMB-38` in a text.
pub(super) fn ambiguity_ids(text: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for (position, _) in text.match_indices("AMB-") {
        let digits: String = text[position + 4..]
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        if !digits.is_empty() {
            ids.push(format!("AMB-{digits}"));
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ambiguities_are_found_in_texts() {
        assert_eq!(
            ambiguity_ids("RFC 2637 §2.13; AMB-38, AMB-7x AMB-"),
            ["AMB-38", "AMB-7"]
        );
    }

    #[test]
    fn every_requirement_has_a_text() {
        for requirement in Requirement::ALL {
            let text = text(*requirement, false);
            assert!(
                text.contains("requires") && text.contains("observed"),
                "{text}"
            );
        }
    }
}

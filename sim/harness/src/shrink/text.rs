//! The file that a run is shrunk to: what it shows, in words, above the scenario.

use super::{Shrunk, Subject};
use crate::register::clause;
use crate::scenario::print::print;
use crate::suite::{SuiteOptions, judging_flags, shell_word};

/// The whole text.
pub(super) fn text(subject: &Subject<'_>, shrunk: &Shrunk) -> String {
    let mut lines = vec![format!("{}, shrunk.", subject.name)];
    lines.push(format!("class: {}", shrunk.class));
    // Lines that cite requirements may have gone.
    let known = [
        &shrunk.shrunk_class.requirements,
        &shrunk.class.requirements,
    ];
    let requirements = known.into_iter().find(|list| !list.is_empty());
    let requirements = requirements.map_or(&[][..], Vec::as_slice);
    for requirement in requirements {
        let id = requirement.id();
        lines.push(match clause(*requirement) {
            Some((section, sentence)) => {
                format!("broken: {id} (RFC 2637 §{section}): {sentence}")
            }
            None => format!("broken: {id}"),
        });
    }
    if let Some(problem) = &shrunk.shrunk_class.problem {
        lines.push(format!("broken: {problem}"));
    } else if let (Some(missed), true) = (&shrunk.shrunk_class.missed, requirements.is_empty()) {
        lines.push(format!(
            "broken: {}: {}",
            missed.kind.name(),
            missed.subject
        ));
    }
    lines.push(format!(
        "{} became {}; it needs no luck{}.",
        shrunk.before,
        shrunk.after,
        if shrunk.any_seed {
            " and fails whatever the seed"
        } else {
            ", but the identifiers that this seed gives"
        }
    ));
    if !shrunk.is_minimal {
        lines.push("The search was ended early: it may become smaller still.".to_owned());
    }
    lines.push(format!("found: {}", subject.command));
    let file = subject.file.map_or("FILE".to_owned(), shell_word);
    lines.push(format!(
        "replay: pptp-sim run{} {file}",
        flags(subject.options)
    ));
    let mut text = String::new();
    for line in lines {
        text.push_str("// ");
        text.push_str(&line.replace(['\n', '\r'], " "));
        text.push('\n');
    }
    text.push_str(&print(&shrunk.scenario));
    text
}

/// Everything that the outcome depends on and the file does not say.
fn flags(options: &SuiteOptions) -> String {
    let flags = judging_flags(options).into_iter();
    flags
        .map(|(flag, value)| format!(" {flag} {}", shell_word(&value)))
        .collect()
}

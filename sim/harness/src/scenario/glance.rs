//! A glance at a text: is it a scenario, or one of the other files that live beside them?

use super::suggest::nearest;

/// Whether a file of a folder is meant as a scenario. A fragment is not, nor is a register such as `requirements.kdl`; a file
/// with a slip in the word `scenario` is, so that the mistake is shown.
pub fn is_scenario_text(text: &str) -> bool {
    let mut words = text.lines().filter_map(first_word);
    let Some(first) = words.find(|word| *word != "version") else {
        return false;
    };
    match nearest(first, ["scenario", "fragment", "requirement", "deviation"]) {
        Some("scenario") => true,
        Some(_) => false,
        None => text
            .lines()
            .filter_map(first_word)
            .any(|word| word == "scenario"),
    }
}

/// The word that a line begins with; `None` for an empty line and for a comment.
fn first_word(line: &str) -> Option<&str> {
    let line = line.trim_start_matches('\u{feff}').trim_start();
    if line.is_empty() || line.starts_with("//") {
        return None;
    }
    let end = line.find(|letter: char| !(letter.is_alphanumeric() || letter == '-'));
    Some(&line[..end.unwrap_or(line.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scenarios_are_told_from_what_lies_beside_them() {
        assert!(is_scenario_text(
            "// About.\n\nversion 1\nscenario \"x\" {\n}\n"
        ));
        assert!(is_scenario_text("senario \"x\" {\n}\n"));
        assert!(is_scenario_text("{{{{\nscenario \"x\" {}\n"));
        assert!(!is_scenario_text("// About.\nfragment call=c1 {\n}\n"));
        assert!(!is_scenario_text("requirement \"CDN-003\" {\n}\n"));
        assert!(!is_scenario_text("// nothing yet\n"));
        assert!(!is_scenario_text("deviation \"ack-ahead\" node=pac\n"));
        assert!(!is_scenario_text("package {\n    name \"other\"\n}\n"));
    }
}

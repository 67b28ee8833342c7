//! Words as values: states, drop reasons, and names of codes where a number belongs.

use super::Builder;
use crate::scenario::model::{MessageName, Pattern, Value};
use crate::scenario::parameters::Resolved;
use crate::scenario::suggest::suggestion;
use crate::scenario::vocabulary::codes;

impl Builder<'_> {
    /// Whether the name of a code, or another word, stands where its number belongs; notes that.
    pub(super) fn is_code_name(
        &mut self,
        message: MessageName,
        key: &'static str,
        value: &Resolved,
    ) -> bool {
        let names = codes(message, key);
        let Some(text) = value.text().filter(|text| {
            !names.is_empty()
                && text.starts_with(|c: char| c.is_ascii_alphabetic())
                && !text.starts_with("next")
        }) else {
            return false;
        };
        let folded = |name: &str| name.to_lowercase().replace([' ', '_'], "-");
        let meant = names.iter().find(|(_, name)| folded(name) == folded(text));
        let help = match meant {
            Some((number, name)) => format!("write the number: `{key}={number}` is {name}"),
            None => {
                let list: Vec<String> = names
                    .iter()
                    .map(|(number, name)| format!("{number} {name}"))
                    .collect();
                format!("its values: {}", list.join(", "))
            }
        };
        let diagnostic = self
            .wrong(
                "wrong-value",
                value.span,
                format!("`{key}` takes a number"),
                format!("this is {}", value.describe()),
            )
            .help(help);
        self.report(diagnostic);
        true
    }

    /// A pattern of words, `"idle|wait-reply"`, `"!idle"`.
    pub(super) fn word_pattern(
        &mut self,
        key: &str,
        value: &Resolved,
        known: &[&'static str],
        what: &str,
    ) -> Option<Pattern> {
        let Some(text) = value.text().map(str::to_owned) else {
            self.mismatch(key, value, what);
            return None;
        };
        let mut choices = Vec::new();
        for part in text.split('|').map(str::trim) {
            let (negated, word) = match part.strip_prefix('!') {
                Some(rest) => (true, rest),
                None => (false, part),
            };
            if !known.contains(&word) {
                let mut diagnostic = self.wrong(
                    "unknown-word",
                    value.span,
                    format!("`{word}` is not {what}"),
                    "unknown",
                );
                if let Some(help) = suggestion(word, known.iter().copied(), "it can be") {
                    diagnostic = diagnostic.help(help);
                }
                self.report(diagnostic);
                return None;
            }
            let pattern = Pattern::Value(Value::Text(word.to_owned()));
            choices.push(if negated {
                Pattern::Not(Box::new(pattern))
            } else {
                pattern
            });
        }
        if choices.len() == 1 {
            return choices.pop();
        }
        Some(Pattern::OneOf(choices))
    }
}

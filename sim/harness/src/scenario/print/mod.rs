//! A typed scenario as text again: one case, with includes, parameters, matrix and repeats resolved.
//!
//! What is printed reads back as the same scenario: a tape embeds it, and promoted lines stand in it in place of those of the author.

mod change;
mod flow;
mod head;
mod line;

use std::collections::BTreeMap;

use super::model::Scenario;

pub(crate) use change::{control_words, gre_words};

/// The scenario as a file that includes nothing.
pub fn print(scenario: &Scenario) -> String {
    print_with(scenario, &BTreeMap::new())
}

/// The same with other lines in place of some steps of the flow. A step is named by its place among all steps, counted as
/// [`run::collect`](crate::run::collect) gives them; only steps that hold no others may be replaced.
pub fn print_with(scenario: &Scenario, replaced: &BTreeMap<usize, Vec<String>>) -> String {
    let mut text = Text::default();
    text.open(&format!("scenario {}", string(&scenario.title)));
    head::print(scenario, &mut text);
    text.open("flow");
    flow::Printer {
        scenario,
        replaced,
        place: 0,
    }
    .steps(&scenario.flow, &mut text);
    text.close();
    if !scenario.finally.is_empty() {
        text.open("finally");
        for check in &scenario.finally {
            text.line(&check.line);
        }
        text.close();
    }
    text.close();
    text.text
}

/// Lines with their indentation.
#[derive(Default)]
struct Text {
    text: String,
    depth: usize,
}

impl Text {
    fn line(&mut self, line: &str) {
        self.text.push_str(&"    ".repeat(self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn open(&mut self, head: &str) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }
}

/// A text as a KDL string on one line.
pub(crate) fn string(text: &str) -> String {
    let mut written = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            letter
                if letter.is_control() || matches!(letter, '\u{85}' | '\u{2028}' | '\u{2029}') =>
            {
                written.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
            }
            letter => written.push(letter),
        }
    }
    written.push('"');
    written
}

#[cfg(test)]
mod tests;

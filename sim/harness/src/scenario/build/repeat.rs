//! `repeat`: the steps of a block several times, each time a block of its own.

use super::numbers::range_text;
use super::{Builder, Line, RawNode};
use crate::scenario::model::{Step, StepKind};
use crate::scenario::parameters::Resolved;
use crate::scenario::text::Datum;

/// Turns of one `repeat`.
const MAXIMUM_TURNS: u64 = 10_000;

impl Builder<'_> {
    /// `repeat 3 { … }`, `repeat "1..5" index=i { … }`: one block a turn.
    pub(super) fn repeat(&mut self, node: &RawNode, mut line: Line, steps: &mut Vec<Step>) {
        let count = line.argument();
        let index = line.take("index");
        let span = line.span;
        self.finish(line, "`repeat`", &[]);
        self.needs_block(node, "it holds the steps to repeat");
        let Some(count) = count else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    span,
                    "`repeat` needs a number",
                    "how often?",
                )
                .help("it reads `repeat 3 { … }` or `repeat \"1..5\" index=i { … }`");
            self.report(diagnostic);
            return;
        };
        let Some((first, last)) = self.turns(&count) else {
            return;
        };
        let index_name = match index {
            Some(value) => match self.index_name(&value) {
                Some(name) => Some(name),
                None => return,
            },
            None => None,
        };
        for turn in first..=last {
            if let Some(name) = &index_name {
                self.environment.push(
                    name,
                    Resolved {
                        datum: Datum::Number(i128::from(turn)),
                        written: turn.to_string(),
                        span: count.span,
                        parameter: Some(name.clone()),
                        naming: self.environment.naming,
                    },
                );
            }
            let turn_steps = self.steps(node);
            if index_name.is_some() {
                self.environment.pop();
            }
            steps.push(Step {
                span,
                text: format!("repeat {turn} {{"),
                line: "repeat 1".to_owned(),
                kind: StepKind::Block(turn_steps),
            });
            if !self.count_step(span) {
                return;
            }
        }
    }

    /// The first and the last index of a `repeat`.
    fn turns(&mut self, count: &Resolved) -> Option<(u64, u64)> {
        let range = match &count.datum {
            Datum::Number(number) => match u64::try_from(*number) {
                Ok(0) | Err(_) => None,
                Ok(number) => Some((0, number - 1)),
            },
            Datum::Text(text) => range_text(text).filter(|(first, last)| first <= last),
            _ => None,
        };
        let Some((first, last)) = range else {
            self.mismatch(
                "repeat",
                count,
                "a number above 0, or a range such as \"1..5\"",
            );
            return None;
        };
        if last - first >= MAXIMUM_TURNS {
            let diagnostic = self
                .wrong(
                    "too-much",
                    count.span,
                    format!("`repeat` goes round at most {MAXIMUM_TURNS} times"),
                    "too often",
                )
                .help("for many packets use `packets=` on one line");
            self.report(diagnostic);
            return None;
        }
        Some((first, last))
    }

    fn index_name(&mut self, value: &Resolved) -> Option<String> {
        let name = match value.text() {
            Some(text) if super::is_name(text) => text.to_owned(),
            _ => {
                self.mismatch("index", value, "the name of a new parameter, without `$`");
                return None;
            }
        };
        if self.environment.get(&name).is_some() {
            let diagnostic = self
                .wrong(
                    "name-is-parameter",
                    value.span,
                    format!("`{name}` is a parameter here already"),
                    "taken",
                )
                .help("choose another name for the index");
            self.report(diagnostic);
            return None;
        }
        Some(name)
    }
}

//! `when`: steps for those cases alone whose parameters have the values that the line names.

use super::{Builder, Line, RawNode};
use crate::scenario::line::Taken;
use crate::scenario::model::{Step, StepKind};
use crate::scenario::parameters::Resolved;
use crate::scenario::suggest::suggestion;
use crate::scenario::text::Datum;

impl Builder<'_> {
    /// `when answer=none { … }`: the steps of the block stand in its place, or nothing does.
    pub(super) fn when(&mut self, node: &RawNode, mut line: Line, steps: &mut Vec<Step>) {
        let conditions = line.take_rest();
        let span = line.span;
        self.finish(line, "`when`", &[]);
        self.needs_block(node, "it holds the steps of the cases that it is about");
        if conditions.is_empty() {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    span,
                    "`when` names a parameter and its value",
                    "in which cases?",
                )
                .help("it reads `when answer=none { … }` or `when answer=\"!none\" { … }`");
            self.report(diagnostic);
            return;
        }
        let mut holds = true;
        for condition in &conditions {
            match self.condition(condition) {
                Some(met) => holds &= met,
                None => return,
            }
        }
        if self.including.is_empty() {
            *self.conditional.entry(span).or_default() |= holds;
        }
        if holds {
            let chosen = self.steps(node);
            self.ends_in_case |= chosen.iter().any(|step| step.kind == StepKind::End);
            steps.extend(chosen);
        }
    }

    /// Whether a parameter has the value; `None` where it is no parameter or the value cannot be one, which is noted.
    fn condition(&mut self, condition: &Taken) -> Option<bool> {
        let key = &condition.key;
        let Some(actual) = self.environment.get(&key.text).and_then(plain) else {
            let known: Vec<String> = self.environment.names().map(str::to_owned).collect();
            let mut diagnostic = self.wrong(
                "unknown-parameter",
                key.span,
                format!("`{}` is no parameter here", key.text),
                "in no case has this a value",
            );
            let known = known.iter().map(String::as_str);
            diagnostic = match suggestion(&key.text, known, "parameters here") {
                Some(help) => diagnostic.help(help),
                None => diagnostic.help("declare it in `matrix`, or as parameter of the fragment"),
            };
            self.report(diagnostic);
            return None;
        };
        let Some(asked) = plain(&condition.value) else {
            self.mismatch(
                &key.text,
                &condition.value,
                "a value of the parameter, such as none, \"none|close\" or \"!none\"",
            );
            return None;
        };
        let (others, asked) = match asked.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, asked.as_str()),
        };
        Some(others != asked.split('|').any(|one| one == actual))
    }
}

/// A value as words compare it: without quotes, numbers alike however they are written.
fn plain(value: &Resolved) -> Option<String> {
    match &value.datum {
        Datum::Text(text) => Some(text.clone()),
        Datum::Number(number) => Some(number.to_string()),
        Datum::Boolean(yes) => Some(yes.to_string()),
        _ => None,
    }
}

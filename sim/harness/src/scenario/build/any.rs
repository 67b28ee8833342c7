//! `any`: branches, of which the first lines decide.

use super::blocks::is_expectation;
use super::{Builder, Line, RawNode};
use crate::scenario::Grade;
use crate::scenario::model::{Branch, MessageLine, StepKind};
use crate::scenario::overlap::overlap;

const GRADES: [(&str, Grade); 6] = [
    ("pass", Grade::Pass),
    ("info", Grade::Info),
    ("non-strict", Grade::NonStrict),
    ("unsupported", Grade::Unsupported),
    ("inconclusive", Grade::Inconclusive),
    ("fail", Grade::Fail),
];

impl Builder<'_> {
    pub(super) fn any(&mut self, node: &RawNode, mut line: Line) -> Option<StepKind> {
        let within = self.duration(&mut line, "within");
        let requirement = self.requirement(&mut line);
        self.finish(line, "`any`", &[]);
        self.needs_block(
            node,
            "it holds branches: `any { branch { … } branch { … } }`",
        );
        let mut branches = Vec::new();
        for child in Self::block(node) {
            let line = self.line(child);
            if line.word.text() != Some("branch") {
                self.unknown_word(&line, &["branch"], "inside `any`");
                continue;
            }
            let branch = self.branch(child, line);
            branches.push(branch);
        }
        self.check_branches(&branches);
        Some(StepKind::Any {
            within,
            requirement,
            branches,
        })
    }

    fn branch(&mut self, node: &RawNode, mut line: Line) -> Branch {
        let grade = line
            .take("grade")
            .and_then(|value| self.word_of("grade", &value, &GRADES));
        let requirement = self.requirement(&mut line);
        let written = line.written.clone();
        self.finish(line, "`branch`", &[]);
        let steps = self.steps(node);
        if let Some(first) = steps.first()
            && !is_expectation(first)
        {
            let diagnostic = self
                .wrong(
                    "not-an-expectation",
                    first.span,
                    "a branch begins with the message that decides for it",
                    "not a line that waits for a message",
                )
                .help("put a `->` line of an endpoint first");
            self.report(diagnostic);
        }
        Branch {
            span: node.head,
            line: written,
            grade: grade.unwrap_or(Grade::Pass),
            requirement,
            steps,
        }
    }

    /// The first lines must exclude each other, and only one branch may be empty.
    fn check_branches(&mut self, branches: &[Branch]) {
        for (number, later) in branches.iter().enumerate() {
            for earlier in &branches[..number] {
                let (one, other) = (first_line(earlier), first_line(later));
                let clash = match (&one, &other) {
                    (Some(one), Some(other)) => overlap(one, other),
                    (None, None) => earlier.steps.is_empty() && later.steps.is_empty(),
                    _ => false,
                };
                if !clash {
                    continue;
                }
                let place =
                    |branch: &Branch| branch.steps.first().map_or(branch.span, |step| step.span);
                let (message, help) = if one.is_some() {
                    (
                        "the same message would fit two branches",
                        "tell them apart by a field: `result-code=1` here, `result-code=\"2..7\"` there",
                    )
                } else {
                    (
                        "two branches are empty",
                        "an empty branch is chosen when nothing else comes: one is enough",
                    )
                };
                let diagnostic = self
                    .wrong("overlapping-branches", place(later), message, "this line")
                    .also(place(earlier), "and this one")
                    .help(help);
                self.report(diagnostic);
            }
        }
    }
}

/// The message that decides for a branch.
fn first_line(branch: &Branch) -> Option<&MessageLine> {
    match branch.steps.first().map(|step| &step.kind) {
        Some(StepKind::Message(line)) => Some(line),
        _ => None,
    }
}

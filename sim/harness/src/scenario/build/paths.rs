//! Steps about a path: `outage`, `stall`, `resume`, `restore`, `heal`, `reset`, `half-close`.

use super::{Builder, Line, RawNode};
use crate::scenario::model::{Name, NodeIndex, Plane, StepKind};
use crate::scenario::names::Kind;

impl Builder<'_> {
    pub(super) fn outage(
        &mut self,
        node: &RawNode,
        mut line: Line,
        stall: bool,
    ) -> Option<StepKind> {
        let word = if stall { "stall" } else { "outage" };
        let ends = self.linked_nodes(&mut line, word);
        let plane = if stall { None } else { self.plane(&mut line) };
        let from = ends.and_then(|(a, b)| self.direction(&mut line, a, b));
        if ends.is_none() {
            line.take("from");
        }
        let duration = self.duration(&mut line, "for");
        let named_time = line.written.contains(" for=");
        let span = line.span;
        self.finish(line, &format!("`{word}`"), &[]);
        let body = node.children.is_some().then(|| self.steps(node));
        let (a, b) = ends?;
        if !named_time && body.is_none() {
            self.without_end.push((word, span, (a, b)));
        }
        Some(if stall {
            StepKind::Stall {
                a,
                b,
                from,
                duration,
                body,
            }
        } else {
            StepKind::Outage {
                a,
                b,
                plane,
                from,
                duration,
                body,
            }
        })
    }

    /// `resume a b`.
    pub(super) fn resume(&mut self, node: &RawNode, mut line: Line) -> Option<StepKind> {
        self.no_block(node, "`resume`");
        let ends = self.linked_nodes(&mut line, "resume");
        let plane = self.plane(&mut line);
        let from = ends.and_then(|(a, b)| self.direction(&mut line, a, b));
        self.finish(line, "`resume`", &["from"]);
        let (a, b) = ends?;
        self.without_end
            .retain(|(_, _, ends)| ![(a, b), (b, a)].contains(ends));
        Some(StepKind::Resume { a, b, plane, from })
    }

    /// `heal` ends everything, and it is about every node.
    pub(super) fn healed(&mut self) {
        self.without_end.clear();
        let count = u16::try_from(self.nodes.len()).unwrap_or(u16::MAX);
        self.used_nodes.extend((0..count).map(NodeIndex));
    }

    /// An outage or stall that nothing ends is forgotten.
    pub(super) fn check_ends(&mut self) {
        for (word, span, _) in std::mem::take(&mut self.without_end) {
            let diagnostic = self
                .wrong(
                    "missing-property",
                    span,
                    format!("`{word}` needs an end"),
                    "for how long?",
                )
                .help(
                    "add `for=\"3s\"`, or a block of steps: it holds until they are done; or end it by a later `resume` or `heal`",
                );
            self.report(diagnostic);
        }
    }

    pub(super) fn plane(&mut self, line: &mut Line) -> Option<Plane> {
        let value = line.take("plane")?;
        self.word_of(
            "plane",
            &value,
            &[("control", Plane::Control), ("gre", Plane::Gre)],
        )
    }

    pub(super) fn restore(&mut self, node: &RawNode, mut line: Line) -> Option<StepKind> {
        self.no_block(node, "`restore`");
        let ends = self.linked_nodes(&mut line, "restore");
        let plane = self.plane(&mut line);
        let from = ends.and_then(|(a, b)| self.direction(&mut line, a, b));
        self.finish(line, "`restore`", &["from"]);
        let (a, b) = ends?;
        Some(StepKind::Restore { a, b, plane, from })
    }

    /// `reset a b`, `half-close a b from=a`.
    pub(super) fn cut_connection(
        &mut self,
        node: &RawNode,
        mut line: Line,
        reset: bool,
    ) -> Option<StepKind> {
        let word = if reset { "reset" } else { "half-close" };
        self.no_block(node, &format!("`{word}`"));
        let ends = self.linked_nodes(&mut line, word);
        let connection: Option<Name> = self.used_name(&mut line, "connection", Kind::Connection);
        let (a, b) = ends?;
        if reset {
            self.finish(line, "`reset`", &[]);
            return Some(StepKind::Reset { a, b, connection });
        }
        let named = line.has("from");
        let from = self.direction(&mut line, a, b);
        if !named {
            let diagnostic = self
                .wrong(
                    "missing-property",
                    line.span,
                    "`half-close` needs `from`",
                    "whose direction ends?",
                )
                .help("add `from=NODE`");
            self.report(diagnostic);
        }
        self.finish(line, "`half-close`", &[]);
        Some(StepKind::HalfClose {
            a,
            b,
            from: from?,
            connection,
        })
    }
}

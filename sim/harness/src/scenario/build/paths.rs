//! Steps about a path: `outage`, `stall`, `restore`, `reset`, `half-close`.

use super::{Builder, Line, RawNode};
use crate::scenario::model::{Name, Plane, StepKind};
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
        let has_block = node.children.is_some();
        if !named_time && !has_block {
            let diagnostic = self
                .wrong(
                    "missing-property",
                    span,
                    format!("`{word}` needs an end"),
                    "for how long?",
                )
                .help("add `for=\"3s\"`, or a block of steps: it holds until they are done");
            self.report(diagnostic);
        }
        let body = if has_block {
            self.steps(node)
        } else {
            Vec::new()
        };
        let (a, b) = ends?;
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

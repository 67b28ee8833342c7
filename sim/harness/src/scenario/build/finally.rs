//! `finally`: what must hold when nothing but keep-alive timers is left.

use super::expectations::observable_names;
use super::fields::{Numbers, Use};
use super::{Builder, Line, RawNode};
use crate::scenario::model::{FinalCheck, FinalKind};
use crate::scenario::names::Kind;

/// More calls or connections than any run has.
const MANY: u64 = 1_000_000;

impl Builder<'_> {
    pub(super) fn finally(&mut self, node: &RawNode) -> Vec<FinalCheck> {
        let mut checks = Vec::new();
        for child in Self::block(node) {
            let mut line = self.line(child);
            self.no_block(child, "a line of `finally`");
            let (written, echo, span) = (line.written.clone(), line.echo.clone(), line.span);
            let word = line.word.text().unwrap_or("").to_owned();
            let requirement = match word.as_str() {
                "calls" | "connections" | "received" | "never" => self.requirement(&mut line),
                _ => None,
            };
            let kind = match word.as_str() {
                "calls" | "connections" => self.count(line, word == "calls"),
                "received" => self.received(line),
                "never" => self.never(line),
                "settled" => self.settled(line),
                _ => {
                    let known = ["calls", "connections", "received", "never", "settled"];
                    self.unknown_word(&line, &known, "in `finally`");
                    None
                }
            };
            checks.extend(kind.map(|kind| FinalCheck {
                span,
                text: echo,
                line: written,
                kind,
                requirement,
            }));
        }
        checks
    }

    fn count(&mut self, mut line: Line, calls: bool) -> Option<FinalKind> {
        let word = if calls { "calls" } else { "connections" };
        let Some(value) = line.argument() else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    line.span,
                    format!("`{word}` needs a number"),
                    "how many?",
                )
                .help(format!("it reads `{word} 0`"));
            self.report(diagnostic);
            return None;
        };
        let pattern = self.number_pattern(word, Numbers::UpTo(MANY), &value, Use::Compared);
        self.finish(line, &format!("`{word}`"), &[]);
        pattern.map(if calls {
            FinalKind::Calls
        } else {
            FinalKind::Connections
        })
    }

    fn received(&mut self, mut line: Line) -> Option<FinalKind> {
        let Some(value) = line.argument() else {
            let diagnostic = self
                .wrong(
                    "incomplete-line",
                    line.span,
                    "`received` names a node",
                    "who received?",
                )
                .help("it reads `received NODE call=c1 packets=100 in-order=#true unique=#true`");
            self.report(diagnostic);
            return None;
        };
        let node = self.node(&value);
        if let Some(index) = node
            && self.nodes[usize::from(index.0)].scripted
        {
            let diagnostic = self
                .wrong(
                    "scripted-node",
                    value.span,
                    "a scripted node has no application that receives",
                    "scripted",
                )
                .help("expect the packets on their way: `delivered a -> b GRE … packets=…`");
            self.report(diagnostic);
        }
        let call = self.used_name(&mut line, "call", Kind::Call);
        let most = u64::MAX >> 1;
        let packets = line.take("packets").and_then(|value| {
            self.number_pattern("packets", Numbers::UpTo(most), &value, Use::Compared)
        });
        let at_least = self.number(&mut line, "at-least", 0, most);
        let at_most = self.number(&mut line, "at-most", 0, most);
        let in_order = self.boolean(&mut line, "in-order");
        let unique = self.boolean(&mut line, "unique");
        let span = line.span;
        self.finish(line, "`received`", &[]);
        let contradiction = match (at_least, at_most) {
            (Some(least), Some(most)) => least > most,
            _ => packets.is_some() && (at_least.is_some() || at_most.is_some()),
        };
        if contradiction {
            let diagnostic = self
                .wrong(
                    "contradiction",
                    span,
                    "these bounds contradict each other",
                    "no number fits",
                )
                .help("name `packets`, or `at-least` and `at-most`");
            self.report(diagnostic);
        }
        Some(FinalKind::Received {
            node: node?,
            call,
            packets,
            at_least,
            at_most,
            in_order,
            unique,
        })
    }

    fn settled(&mut self, line: Line) -> Option<FinalKind> {
        if self.nodes.iter().all(|node| node.scripted) {
            let diagnostic = self
                .wrong(
                    "scripted-node",
                    line.span,
                    "every node is scripted: there is nothing that could settle",
                    "looks into nodes",
                )
                .help("a scripted node does what its lines say and cannot be looked into");
            self.report(diagnostic);
        }
        self.finish(line, "`settled`", &[]);
        Some(FinalKind::Settled)
    }

    fn never(&mut self, mut line: Line) -> Option<FinalKind> {
        let first_is_node = line
            .peek()
            .is_some_and(|word| word.text() != Some("violation") || word.quoted());
        let mut node = None;
        if first_is_node {
            let value = line.argument()?;
            node = Some(self.node(&value)?);
        }
        let call = self.used_name(&mut line, "call", Kind::Call);
        let connection = self.used_name(&mut line, "connection", Kind::Connection);
        let observables = self.observables(&mut line, node, call.is_some());
        let (span, rest) = (line.span, line.has_rest());
        self.finish(line, "`never`", &observable_names());
        if observables.is_empty() && !rest {
            let diagnostic = self
                .wrong("nothing-asked", span, "`never` forbids nothing", "no observable is named")
                .help("it reads `never violation`, `never NODE violation` or `never NODE call=c1 state=established`");
            self.report(diagnostic);
            return None;
        }
        Some(FinalKind::Never {
            node,
            call,
            connection,
            observables,
        })
    }
}

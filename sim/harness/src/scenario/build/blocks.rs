//! Blocks: `all`, `parallel`, `repeat`, `silent`, `ignore`, `exact`, `outage` and its kin.

use super::messages::Purpose;
use super::{Builder, Line, RawNode};
use crate::scenario::model::{MessageLine, MessageName, PacketLine, Silence, Step, StepKind, View};
use crate::scenario::names::Kind;
use crate::scenario::parameters::Resolved;

impl Builder<'_> {
    /// Notes a block that must hold something and does not.
    pub(super) fn needs_block(&mut self, node: &RawNode, help: &str) -> bool {
        if Self::block(node).next().is_some() {
            return true;
        }
        let word = node.name.text.clone();
        // An unreadable line inside has been reported already.
        if node.children.iter().flatten().next().is_none() {
            let diagnostic = self
                .wrong(
                    "empty-block",
                    node.head,
                    format!("`{word}` holds nothing"),
                    "empty",
                )
                .help(help);
            self.report(diagnostic);
        }
        false
    }

    pub(super) fn all(&mut self, node: &RawNode, line: Line) -> Option<StepKind> {
        self.finish(line, "`all`", &[]);
        self.needs_block(node, "it holds message lines, which may come in any order");
        let steps = self.steps(node);
        for step in &steps {
            if !matches!(step.kind, StepKind::Message(_)) {
                let diagnostic = self
                    .wrong(
                        "not-a-message",
                        step.span,
                        "`all` holds message lines alone",
                        "not a message line",
                    )
                    .help(
                        "for whole flows side by side use `parallel { track { … } track { … } }`",
                    );
                self.report(diagnostic);
            }
        }
        Some(StepKind::All(steps))
    }

    pub(super) fn parallel(&mut self, node: &RawNode, line: Line) -> Option<StepKind> {
        self.finish(line, "`parallel`", &[]);
        self.needs_block(
            node,
            "it holds tracks: `parallel { track { … } track { … } }`",
        );
        let mark = self.uses.mark();
        let mut tracks: Vec<Vec<Step>> = Vec::new();
        for child in Self::block(node) {
            let line = self.line(child);
            if line.word.text() != Some("track") {
                self.unknown_word(&line, &["track"], "inside `parallel`");
                continue;
            }
            self.finish(line, "`track`", &[]);
            self.needs_block(child, "a track holds steps");
            tracks.push(self.steps(child));
        }
        self.uses.in_parallel_since(mark);
        Some(StepKind::Parallel(tracks))
    }

    /// GRE packets or a control message of one direction, with what they must fit.
    pub(super) fn packet_line(
        &mut self,
        line: &mut Line,
        word: &str,
        purpose: &str,
    ) -> Option<PacketLine> {
        let from = self.first_node(line, word)?;
        let route = self.route(line, &from, "->")?;
        let segment =
            route.message == MessageName::TcpSegment && !matches!(word, "delay" | "hasten");
        if route.message.is_tcp() || route.message == MessageName::Unframed || segment {
            let diagnostic = self.wrong(
                "wrong-message",
                route.span,
                format!("`{word}` {purpose}"),
                format!("{} is neither", route.message.name()),
            );
            self.report(diagnostic);
            return None;
        }
        let call = self.call_of(line, route.message);
        let connection = self.connection_of(line, route.message);
        for (kind, name) in [(Kind::Call, &call), (Kind::Connection, &connection)] {
            if let Some(name) = name {
                self.uses.need(kind, name);
            }
        }
        Some(PacketLine {
            from: route.from,
            to: route.to,
            message: route.message,
            call,
            connection,
            fields: Vec::new(),
        })
    }

    /// What is left on the line are fields of the packets.
    pub(super) fn packet_fields(&mut self, line: &mut Line, packets: &mut PacketLine) {
        let others: Vec<&'static str> = line.asked().to_vec();
        for property in line.take_rest() {
            let key = &property.key;
            let Some((known, shape)) = self.field_of(packets.message, &key.text, key.span, &others)
            else {
                continue;
            };
            let used = super::fields::Use::Compared;
            if let Some(pattern) = self.field_pattern(known, shape, &property.value, used) {
                packets.fields.push(crate::scenario::model::FieldPattern {
                    key: known,
                    pattern,
                    span: property.span,
                });
            }
        }
    }

    pub(super) fn silent(&mut self, node: &RawNode, mut line: Line) -> Option<StepKind> {
        let packets = self.packet_line(&mut line, "silent", "is about GRE packets");
        let duration = self.duration(&mut line, "for");
        let requirement = self.requirement(&mut line);
        let span = line.span;
        let Some(mut packets) = packets else {
            line.take_rest();
            self.finish(line, "`silent`", &[]);
            return None;
        };
        if packets.message != MessageName::Gre {
            let diagnostic = self
                .wrong(
                    "not-gre",
                    span,
                    "`silent` is about GRE packets",
                    format!("{} is none", packets.message.name()),
                )
                .help("a control message that no line expects fails the run anyway");
            self.report(diagnostic);
            return None;
        }
        self.packet_fields(&mut line, &mut packets);
        self.finish(line, "`silent`", &[]);
        let has_block = node.children.is_some();
        if duration.is_none() && !has_block {
            let diagnostic = self
                .wrong(
                    "missing-property",
                    span,
                    "`silent` needs an end",
                    "for how long?",
                )
                .help("add `for=\"10s\"`, or a block of steps: it holds until they are done");
            self.report(diagnostic);
        }
        let body = if has_block {
            self.steps(node)
        } else {
            Vec::new()
        };
        Some(StepKind::Silent(Silence {
            packets,
            duration,
            body,
            requirement,
        }))
    }

    pub(super) fn ignore(&mut self, node: &RawNode, mut line: Line) -> Option<StepKind> {
        if line.peek().is_some() {
            let from = self.first_node(&mut line, "ignore")?;
            let route = self.route(&mut line, &from, "->")?;
            let message = self.message_line(line, route, Purpose::Filter);
            let body = node.children.is_some().then(|| self.steps(node));
            return Some(StepKind::Ignore {
                lines: vec![message],
                body,
            });
        }
        self.finish(line, "`ignore`", &[]);
        self.needs_block(
            node,
            "it holds the message lines to ignore: `ignore { pac -> pns Echo-Request }`",
        );
        let mut lines: Vec<MessageLine> = Vec::new();
        for child in Self::block(node) {
            let mut line = self.line(child);
            self.no_block(child, "a message line");
            let from = line.word.clone();
            if let Some(route) = self.route(&mut line, &from, "->") {
                lines.push(self.message_line(line, route, Purpose::Filter));
            }
        }
        Some(StepKind::Ignore { lines, body: None })
    }

    /// `exact GRE`.
    pub(super) fn exact_gre(&mut self, node: &RawNode, mut line: Line) -> Option<StepKind> {
        let word = line.argument();
        if word.as_ref().and_then(Resolved::text) != Some("GRE") {
            let span = word.map_or(line.span, |word| word.span);
            let diagnostic = self
                .wrong(
                    "unexpected-word",
                    span,
                    "`exact` as a step is about GRE",
                    "not GRE",
                )
                .help("write `exact GRE`; to close one line, write `exact` behind its message");
            self.report(diagnostic);
            return None;
        }
        self.finish(line, "`exact GRE`", &[]);
        let body = node.children.is_some().then(|| self.steps(node));
        Some(StepKind::ExactGre { body })
    }

    /// `free control`.
    pub(super) fn free_control(&mut self, node: &RawNode, mut line: Line) -> Option<StepKind> {
        let word = line.argument();
        if word.as_ref().and_then(Resolved::text) != Some("control") {
            let span = word.map_or(line.span, |word| word.span);
            let diagnostic = self
                .wrong(
                    "unexpected-word",
                    span,
                    "`free` is about the control plane",
                    "not control",
                )
                .help("write `free control`; GRE packets are free until `exact GRE` closes them");
            self.report(diagnostic);
            return None;
        }
        self.finish(line, "`free control`", &[]);
        let body = node.children.is_some().then(|| self.steps(node));
        Some(StepKind::FreeControl { body })
    }
}

/// Whether a step is a line that waits for a message.
pub(super) fn is_expectation(step: &Step) -> bool {
    matches!(&step.kind, StepKind::Message(line) if !line.sends && line.view == View::Sent)
}

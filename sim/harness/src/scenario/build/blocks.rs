//! Blocks: `all`, `parallel`, `repeat`, `silent`, `ignore`, `exact`, `outage` and its kin.

use super::messages::Purpose;
use super::numbers::range_text;
use super::{Builder, Line, RawNode};
use crate::scenario::model::{
    MessageLine, MessageName, Name, PacketLine, Plane, Silence, Step, StepKind, View,
};
use crate::scenario::names::Kind;
use crate::scenario::parameters::Resolved;
use crate::scenario::text::Datum;

/// Turns of one `repeat`.
const MAXIMUM_TURNS: u64 = 10_000;

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

    /// GRE packets or a control message of one direction, with what they must fit.
    pub(super) fn packet_line(
        &mut self,
        line: &mut Line,
        word: &str,
        purpose: &str,
    ) -> Option<PacketLine> {
        let from = self.first_node(line, word)?;
        let route = self.route(line, &from, "->")?;
        if route.message.is_tcp() || route.message == MessageName::Unframed {
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

/// Whether a step is a line that waits for a message.
pub(super) fn is_expectation(step: &Step) -> bool {
    matches!(&step.kind, StepKind::Message(line) if !line.sends && line.view == View::Sent)
}

//! Targeted faults: `drop`, `delay`, `corrupt`, `duplicate`, `split`.

use super::fields::{Numbers, Use};
use super::{Builder, Line, RawNode};
use crate::scenario::model::{FaultKind, MessageName, StepKind, TargetedFault};

impl Builder<'_> {
    pub(super) fn fault(&mut self, node: &RawNode, mut line: Line, word: &str) -> Option<StepKind> {
        let packets = self.packet_line(&mut line, word, "strikes GRE packets or control messages");
        let nth = line.take("nth").and_then(|value| {
            self.number_pattern(
                "nth",
                Numbers::UpTo(u64::from(u32::MAX)),
                &value,
                Use::Compared,
            )
        });
        let kind = self.fault_kind(&mut line, word);
        let span = line.span;
        let Some(mut packets) = packets else {
            line.take_rest();
            self.finish(line, &format!("`{word}`"), &[]);
            return None;
        };
        self.packet_fields(&mut line, &mut packets);
        self.finish(line, &format!("`{word}`"), &[]);
        let gre = packets.message == MessageName::Gre;
        if !gre && matches!(word, "drop" | "corrupt" | "duplicate") {
            let diagnostic = self
                .wrong("never-lost", span, format!("TCP loses, changes and doubles nothing: `{word}` strikes GRE packets"), format!("{} travels over TCP", packets.message.name()))
                .help("control messages can be late (`delay`, `stall`) or cut (`split`); to spoil one, send it from a scripted node");
            self.report(diagnostic);
        }
        if gre && word == "split" {
            let diagnostic = self
                .wrong(
                    "wrong-message",
                    span,
                    "a GRE packet is one datagram: `split` cuts control messages",
                    "cannot be cut",
                )
                .help("name a control message");
            self.report(diagnostic);
        }
        if !gre && !packets.fields.is_empty() {
            let diagnostic = self
                .wrong(
                    "unexpected-field",
                    packets.fields[0].span,
                    format!(
                        "`{word}` picks control messages by their name, `call` and `nth` alone"
                    ),
                    "means nothing here",
                )
                .help("leave the field out");
            self.report(diagnostic);
        }
        let body = node.children.is_some().then(|| self.steps(node));
        Some(StepKind::Fault(TargetedFault {
            kind: kind?,
            packets,
            nth,
            body,
        }))
    }

    fn fault_kind(&mut self, line: &mut Line, word: &str) -> Option<FaultKind> {
        match word {
            "drop" => Some(FaultKind::Drop),
            "duplicate" => Some(FaultKind::Duplicate),
            "corrupt" => Some(FaultKind::Corrupt {
                bit: self.number_u32(line, "bit"),
            }),
            "split" => {
                self.needed(
                    line,
                    word,
                    "at",
                    "add `at=\"84\"`: octets after which the message is cut",
                );
                Some(FaultKind::Split {
                    at: self.cuts(line, "at")?,
                })
            }
            _ => {
                self.needed(line, word, "by", "add `by=\"400ms\"`");
                Some(FaultKind::Delay {
                    by: self.duration(line, "by")?,
                })
            }
        }
    }

    fn needed(&mut self, line: &Line, word: &str, key: &str, help: &str) {
        if !line.has(key) {
            let diagnostic = self
                .wrong(
                    "missing-property",
                    line.span,
                    format!("`{word}` needs `{key}`"),
                    "it is missing",
                )
                .help(help);
            self.report(diagnostic);
        }
    }
}

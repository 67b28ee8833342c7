//! Targeted faults: `drop`, `delay`, `hasten`, `corrupt`, `duplicate`, `split`.

use super::fields::{Numbers, Use};
use super::{Builder, Line, RawNode};
use crate::scenario::model::{FaultKind, MessageName, PacketLine, StepKind, TargetedFault};
use crate::scenario::source::SourceSpan;

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
        let copy = self.copy(&mut line, word, kind.as_ref());
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
        self.check_hasten(word, &packets, kind.as_ref(), span);
        if copy.is_some() && !gre {
            let diagnostic = self.wrong(
                "wrong-message",
                span,
                "only GRE packets are doubled: nothing else has a second copy",
                "`copy` means nothing here",
            );
            self.report(diagnostic);
        }
        let segment = packets.message == MessageName::TcpSegment;
        if let Some(call) = packets.call.as_ref().filter(|_| segment) {
            let diagnostic = self.wrong(
                "unexpected-field",
                call.span,
                "a segment is of no call",
                "means nothing here",
            );
            self.report(diagnostic.help("pick segments by `nth`"));
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
            copy,
            body,
        }))
    }

    /// `copy=`.
    fn copy(&mut self, line: &mut Line, word: &str, kind: Option<&FaultKind>) -> Option<u8> {
        if !matches!(word, "delay" | "hasten" | "corrupt") {
            return None;
        }
        let span = line.span;
        let copy = self.number(line, "copy", 1, 2)?;
        if kind == Some(&FaultKind::Corrupt { bit: None }) {
            let problem = "`corrupt` with `copy` names the `bit`";
            let diagnostic = self.wrong("missing-property", span, problem, "it is missing");
            self.report(diagnostic);
        }
        u8::try_from(copy).ok()
    }

    /// Messages are not hastened: they are read from segments, which are, and by some time.
    fn check_hasten(
        &mut self,
        word: &str,
        packets: &PacketLine,
        kind: Option<&FaultKind>,
        span: SourceSpan,
    ) {
        let problem = match packets.message {
            _ if word != "hasten" => return,
            MessageName::Gre => return,
            MessageName::TcpSegment if matches!(kind, Some(FaultKind::Hasten { by: None })) => {
                "a segment overtakes nothing: it needs `by`"
            }
            MessageName::TcpSegment => return,
            _ => "`hasten` strikes GRE packets and segments: name a TCP-Segment",
        };
        let diagnostic = self.wrong("wrong-message", span, problem, "in this line");
        self.report(diagnostic);
    }

    fn fault_kind(&mut self, line: &mut Line, word: &str) -> Option<FaultKind> {
        match word {
            "drop" => Some(FaultKind::Drop),
            "duplicate" => Some(FaultKind::Duplicate),
            "hasten" if !line.has("by") => Some(FaultKind::Hasten { by: None }),
            "hasten" => Some(FaultKind::Hasten {
                by: Some(self.duration(line, "by")?),
            }),
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

//! What comes from outside of a plan's nodes: connections that are cut, octets and datagrams that nobody of them has sent.

use super::steps::{Writer, named};
use super::{NODES, forged, index, inject};
use crate::scenario::model::StepKind;
use pptp_wire::fuzzing::ForgedPacket;
use pptp_world::fuzzing;

impl Writer {
    /// What happens to a connection from outside.
    pub(super) fn of_connection(&mut self, step: &fuzzing::Step, which: u8) {
        let Some(connection) = self.cast.connection(which) else {
            return;
        };
        let [opener, other] = connection.ends;
        let text = format!("k{}", connection.number);
        let (a, b) = (self.name(opener), self.name(other));
        match step {
            fuzzing::Step::HalfClose { backward, .. } => {
                let from = if *backward { other } else { opener };
                let line = format!(
                    "half-close {a} {b} from={} connection={text}",
                    self.name(from)
                );
                let kind = StepKind::HalfClose {
                    a: index(opener),
                    b: index(other),
                    from: index(from),
                    connection: Some(named(text)),
                };
                self.say(line, kind);
            }
            fuzzing::Step::InjectControl {
                backward, octets, ..
            } => {
                if octets.is_empty() {
                    return;
                }
                let ends = if *backward {
                    [other, opener]
                } else {
                    [opener, other]
                };
                let names = ends.map(|end| NODES[end]);
                self.intrudes = true;
                let (line, kind) = inject::control(ends, names, named(text), octets);
                self.say(line, kind);
            }
            fuzzing::Step::ForgeMessage {
                backward,
                call,
                message,
                ..
            } => {
                let ends = if *backward {
                    [other, opener]
                } else {
                    [opener, other]
                };
                let about = self.cast.call_of(connection.number, ends[0], *call);
                let names = ends.map(|end| NODES[end]);
                let forged = forged::message(ends, names, named(text), about.ok_or(*call), message);
                if let Some((line, kind)) = forged {
                    self.intrudes = true;
                    self.say(line, kind);
                }
            }
            _ => {
                self.cast.lose(connection.number);
                let line = format!("reset {a} {b} connection={text}");
                let kind = StepKind::Reset {
                    a: index(opener),
                    b: index(other),
                    connection: Some(named(text)),
                };
                self.say(line, kind);
            }
        }
    }

    /// A packet of a call, from the interface of any node.
    pub(super) fn forge_packet(
        &mut self,
        node: usize,
        which: u8,
        spoofed: bool,
        packet: &ForgedPacket,
    ) {
        let Some(end) = self.cast.call_end(which) else {
            return;
        };
        if !super::cast::linked(node, end.node) {
            return;
        }
        let names = [self.name(node), self.name(end.node)];
        let source = spoofed.then(|| self.cast.other_end(end)).flatten();
        let (line, kind) = forged::packet([node, end.node], names, end.call, source, packet);
        self.say(line, kind);
    }
}

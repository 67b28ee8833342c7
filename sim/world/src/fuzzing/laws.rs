//! What must hold of everything that is written down in a course.

use super::SentPacket;
use super::course::Course;
use crate::settled::{CallEnd, Unsettled, unsettled};
use crate::{CallRef, ModelCheck, NodeId, Record, RecordKind};
use core::fmt::Write;
use pptp_rules::{Finding, Grade, Grading};

impl Course {
    /// Reads what has been written down since the last look, and applies the laws to it.
    pub(super) fn look(&mut self) {
        let mut records = core::mem::take(&mut self.records);
        self.world.take_records(&mut records);
        for record in records.drain(..) {
            self.judge(&record);
        }
        self.records = records;
    }

    pub(super) fn judge(&mut self, record: &Record) {
        if self.digests {
            self.digest(record);
        }
        let outcome = &mut self.outcome;
        match &record.kind {
            RecordKind::ControlSent(_) => outcome.messages += 1,
            RecordKind::GreSent(sent) => {
                outcome.datagrams += 1;
                if let (Some(packets), Some(to)) = (&mut self.packets, sent.to) {
                    let (from, header) = (sent.from, sent.header);
                    packets.push(SentPacket { from, to, header });
                }
            }
            RecordKind::GreLost { .. } => outcome.lost += 1,
            RecordKind::Data { .. } => outcome.delivered += 1,
            RecordKind::Transition {
                node,
                connection: Some(connection),
                call: Some(call_id),
                to: "established",
                from,
                ..
            } if *from != "established" => {
                outcome.established += 1;
                if let Some(connection) = self.world.connection_id(*node, *connection) {
                    let call_id = *call_id;
                    self.calls.push((
                        *node,
                        CallRef {
                            connection,
                            call_id,
                        },
                    ));
                }
            }
            RecordKind::CallEnded { node, call, .. } => {
                self.calls
                    .retain(|known| known.0 != *node || known.1.call_id != *call);
            }
            RecordKind::Finding(finding) => {
                outcome.findings += 1;
                self.check_finding(finding);
            }
            RecordKind::ModelViolation(violation) => {
                // Other profiles do what the model forbids: one delivers out of order.
                let world_itself = violation.check == ModelCheck::ControlStreamBroken;
                assert!(
                    !world_itself && !self.is_rfc(violation.node.0),
                    "the reference model at {}: {violation:?}",
                    record.at
                );
            }
            RecordKind::NodeMistake { node, mistake } => {
                panic!("{node:?} at {}: {mistake:?}", record.at)
            }
            RecordKind::Limit { limit } => {
                panic!("limit on {} reached at {}", limit.name(), record.at)
            }
            _ => {}
        }
    }

    /// No endpoint that does what the RFC asks for breaks a requirement.
    pub(super) fn check_finding(&self, finding: &Finding) {
        let fails = finding.graded && Grading::Default.grade(finding.severity) == Grade::Fail;
        assert!(
            !(fails && self.is_rfc(finding.end.0)),
            "{finding} (node {}, at {})",
            finding.end.0,
            finding.at
        );
    }

    /// What is left half done between ends that do what the RFC asks for, and whom nobody has told what the other never said.
    pub(super) fn unsettled(&self) -> Vec<Unsettled> {
        let counts = |it: &Unsettled| match (it, it.call()) {
            (Unsettled::Lost(lost), _) => {
                let holds = |end: &(NodeId, &str)| end.1 != "idle" && self.is_rfc(end.0.0);
                lost.ends.iter().any(holds)
            }
            (_, Some(end)) => self.is_rfc(end.node.0) && self.are_honest(end),
            _ => true,
        };
        let mut left = unsettled(&self.world, self.nodes.iter().copied(), |_| false);
        left.retain(counts);
        left
    }

    /// Whether the ends of a call's connection do what the RFC asks for, and no outsider has ever come between the two.
    fn are_honest(&self, end: &CallEnd) -> bool {
        let connections = self.world.connections().into_iter();
        connections
            .filter(|(number, ..)| Some(*number) == end.connection)
            .all(|(_, one, other)| {
                let ends = [one, other];
                let intruded = |pair: &[NodeId; 2]| pair.iter().all(|node| ends.contains(node));
                ends.iter().all(|node| self.is_rfc(node.0)) && !self.intruded.iter().any(intruded)
            })
    }

    fn is_rfc(&self, node: u16) -> bool {
        self.rfc.get(usize::from(node)) == Some(&true)
    }

    /// FNV-1a of the record as it is shown for debugging, which names every value in it.
    fn digest(&mut self, record: &Record) {
        const PRIME: u64 = 0x0000_0100_0000_01B3;
        self.text.clear();
        // Writing to a string does not fail.
        let _ = write!(self.text, "{record:?}");
        for octet in self.text.bytes() {
            self.outcome.digest = (self.outcome.digest ^ u64::from(octet)).wrapping_mul(PRIME);
        }
    }
}

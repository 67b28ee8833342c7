//! One meeting of a PNS and a PAC, read off the records of the world.

use std::collections::BTreeMap;

use pptp_wire::{Requirement, Severity};
use pptp_world::{NodeId, PacketNumber, Record, RecordKind, Stage};

use super::ending::Ending;
use super::way::Way;
use crate::run::RunReport;

/// How a finding of the reference model begins.
const REFERENCE_MODEL: &str = "reference model: ";

/// What the rules say of one end and one requirement.
#[derive(Clone, Debug)]
pub struct FindingSummary {
    /// The requirement that is broken.
    pub requirement: Requirement,
    /// How hard, at its worst.
    pub severity: Severity,
    /// How often.
    pub times: u64,
    /// What was wrong the first time.
    pub detail: String,
}

/// What a call between two ends gave. Ends are numbered: 0 is the PNS, 1 the PAC.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// Whether each end's call was established.
    pub up: [bool; 2],
    /// Data by its sender: what the PNS sent, what the PAC sent.
    pub ways: [Way; 2],
    /// How it ended.
    pub ending: Ending,
    /// What the rules say of each end, in the order of the requirements.
    pub findings: [Vec<FindingSummary>; 2],
    /// Why the scenario failed, in one line: what it says must hold for any two ends.
    pub failure: Option<String>,
}

/// Watches the records of a run.
pub(super) struct Observer {
    nodes: [NodeId; 2],
    packets: BTreeMap<PacketNumber, (usize, u32)>,
    up: [bool; 2],
    ways: [Way; 2],
    ending: Ending,
    findings: [BTreeMap<Requirement, FindingSummary>; 2],
}

impl Observer {
    /// The nodes are the PNS and the PAC.
    pub fn new(nodes: [NodeId; 2]) -> Observer {
        Observer {
            nodes,
            packets: BTreeMap::new(),
            up: [false; 2],
            ways: [Way::new(), Way::new()],
            ending: Ending::default(),
            findings: [BTreeMap::new(), BTreeMap::new()],
        }
    }

    fn end(&self, node: NodeId) -> Option<usize> {
        self.nodes.iter().position(|known| *known == node)
    }

    /// Takes in one record.
    pub fn take(&mut self, record: &Record, stage: &impl Stage) {
        let at = record.at;
        match &record.kind {
            RecordKind::Transition {
                node,
                call: Some(_),
                to: "established",
                ..
            } => {
                if let Some(end) = self.end(*node) {
                    self.up[end] = true;
                }
            }
            RecordKind::ControlSent(sent) => {
                if let Some(from) = self.end(sent.from) {
                    self.ending.message(at, from, stage.octets(sent.octets));
                }
            }
            RecordKind::TcpClose { from, answer, .. } if !answer => {
                if let Some(from) = self.end(*from) {
                    self.ending.closed(at, from);
                }
            }
            RecordKind::TcpReset { from, .. } => {
                if let Some(from) = self.end(*from) {
                    self.ending.reset(at, from);
                }
            }
            RecordKind::CallEnded { node, unsent, .. } => {
                if let Some(end) = self.end(*node) {
                    self.ending.over[end].get_or_insert(at);
                    self.ways[end].unsent += u64::from(*unsent);
                }
            }
            RecordKind::Finding(finding) if finding.graded => self.found(finding),
            kind => self.take_data(at, kind),
        }
    }

    fn take_data(&mut self, at: pptp_wire::time::Instant, kind: &RecordKind) {
        match kind {
            RecordKind::GreSent(sent) => {
                let (Some(from), Some(header)) = (self.end(sent.from), sent.header) else {
                    return;
                };
                if let Some(number) = header.sequence_number {
                    self.ways[from].sent += 1;
                    self.packets.insert(sent.packet, (from, number));
                }
                if let Some(number) = header.acknowledgment_number {
                    let alone = header.sequence_number.is_none();
                    self.ways[1 - from].acknowledged(at, number, alone);
                }
            }
            RecordKind::GreDelivered {
                packet,
                changed: false,
                ..
            } => {
                if let Some((from, number)) = self.packets.get(packet) {
                    self.ways[*from].arrived(at, *number);
                }
            }
            RecordKind::Data { node, counter, .. } => {
                if let Some(end) = self.end(*node) {
                    self.ways[1 - end].passed_on(*counter);
                }
            }
            RecordKind::Dropped {
                node,
                sequence_number: Some(_),
                ..
            } => {
                if let Some(end) = self.end(*node) {
                    self.ways[1 - end].thrown_away += 1;
                }
            }
            RecordKind::TimeOut { node, .. } => {
                if let Some(end) = self.end(*node) {
                    self.ways[end].time_outs += 1;
                }
            }
            _ => {}
        }
    }

    fn found(&mut self, finding: &pptp_rules::Finding) {
        let Some(end) = self.end(NodeId(finding.end.0)) else {
            return;
        };
        let summary = self.findings[end]
            .entry(finding.requirement)
            .or_insert_with(|| FindingSummary {
                requirement: finding.requirement,
                severity: finding.severity,
                times: 0,
                detail: finding.detail.to_string(),
            });
        summary.times += 1;
        if finding.severity < summary.severity {
            summary.severity = finding.severity;
            summary.detail = finding.detail.to_string();
        }
    }

    /// What the meeting gave, with the verdict of the scenario.
    pub fn finish(mut self, report: &RunReport) -> Meeting {
        self.ways.iter_mut().for_each(Way::end);
        let failure = report
            .failure
            .as_ref()
            .map(|failure| failure.summary.clone());
        // What an end does to data is seen in its marks.
        let mut problems = report.problems.iter();
        let problem = problems.find(|problem| !problem.starts_with(REFERENCE_MODEL));
        Meeting {
            up: self.up,
            ways: self.ways,
            ending: self.ending,
            findings: self
                .findings
                .map(|findings| findings.into_values().collect()),
            failure: failure.or_else(|| problem.cloned()),
        }
    }
}

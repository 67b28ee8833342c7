//! What was found in a capture, end by end.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use pptp_rules::{Grade, Grading, PacketCounts};
use pptp_wire::{Requirement, Severity};

use crate::capture::{CaptureError, Notices};
use crate::path::Totals;

/// All findings of one end on one requirement: the first with its evidence, and how many more.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    /// The requirement.
    pub requirement: Requirement,
    /// The hardest severity among them.
    pub severity: Severity,
    /// How many.
    pub count: u64,
    /// The frames of the first ones, at most four.
    pub frames: Vec<u64>,
    /// The frame of the last one.
    pub last_frame: u64,
    /// What was wrong the first time.
    pub detail: String,
    /// The line of the message that shows it, as `decode` prints it; empty where that is not known any more.
    pub evidence: String,
}

/// A requirement that could not be decided for an end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OpenQuestion {
    /// The requirement; none where whatever concerns the end is in doubt.
    pub requirement: Option<Requirement>,
    /// Why.
    pub reason: &'static str,
}

/// One end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EndReport {
    /// Its address.
    pub address: Ipv4Addr,
    /// `PNS`, `PAC`, `PNS and PAC`; empty where no call has shown it.
    pub role: &'static str,
    /// What it broke, in the order of the requirements.
    pub groups: Vec<Group>,
    /// What could not be decided.
    pub inconclusive: Vec<OpenQuestion>,
    /// Requirements whose precondition held, and how often.
    pub held: BTreeMap<Requirement, u64>,
    /// The GRE packets that it sent.
    pub sent: PacketCounts,
}

impl EndReport {
    /// The verdict: the worst of what was found.
    pub fn verdict(&self, grading: Grading) -> Grade {
        let found = self
            .groups
            .iter()
            .map(|group| grading.grade(group.severity));
        let open = self.inconclusive.iter().map(|_| Grade::Inconclusive);
        found.chain(open).max().unwrap_or(Grade::Pass)
    }

    /// How many findings have this grade.
    pub fn count(&self, grade: Grade, grading: Grading) -> u64 {
        let of_grade = |group: &&Group| grading.grade(group.severity) == grade;
        self.groups
            .iter()
            .filter(of_grade)
            .map(|group| group.count)
            .sum()
    }
}

/// What a capture shows.
#[derive(Debug, Default)]
pub struct Report {
    /// Frames of the file, whatever they carry.
    pub frames: u64,
    /// Control connections.
    pub connections: u64,
    /// Control messages, and pieces of streams that are out of step.
    pub control_messages: u64,
    /// GRE packets.
    pub gre_packets: u64,
    /// The ends in the order in which they were seen.
    pub ends: Vec<EndReport>,
    /// What the path did to GRE packets, from each end to each other.
    pub path: BTreeMap<(Ipv4Addr, Ipv4Addr), Totals>,
    /// What was skipped or doubted.
    pub notices: Notices,
    /// Messages and packets of hosts beyond those that are told apart: not judged.
    pub beyond: u64,
    /// Why the file could not be read to its end.
    pub cut_short: Option<CaptureError>,
}

impl Report {
    /// The worst verdict of all ends.
    pub fn verdict(&self, grading: Grading) -> Grade {
        let ends = self.ends.iter().map(|end| end.verdict(grading));
        ends.max().unwrap_or(Grade::Pass)
    }

    /// How many findings have this grade.
    pub fn count(&self, grade: Grade, grading: Grading) -> u64 {
        self.ends.iter().map(|end| end.count(grade, grading)).sum()
    }
}

//! The outcome of a run.

use std::collections::{BTreeMap, BTreeSet};

use pptp_rules::Grade;
use pptp_wire::Requirement;
use pptp_wire::time::Instant;

use super::failure::Failure;
use super::verdict::Evidence;
use crate::coverage::Coverage;
use crate::diagram::Ladder;

/// What one run of one scenario gave.
#[derive(Clone, Debug)]
pub struct RunReport {
    /// The scenario's title.
    pub title: String,
    /// The case of its matrix.
    pub case: Option<String>,
    /// The seed of every stream of luck.
    pub seed: u64,
    /// `event` or `turmoil`.
    pub world: &'static str,
    /// The verdict on what happened.
    pub behaviour: Grade,
    /// The verdict on how it ended.
    pub ending: Grade,
    /// Requirements that were judged.
    pub requirements: BTreeMap<Requirement, Evidence>,
    /// How often each requirement's precondition held at the scenario's own nodes, where a rule counts it.
    pub preconditions: BTreeMap<Requirement, u64>,
    /// How many steps and lines of `finally` were performed or satisfied.
    pub steps: u64,
    /// The virtual time at the end.
    pub virtual_time: Instant,
    /// Control messages that were sent.
    pub control_messages: u64,
    /// GRE packets that were sent.
    pub gre_packets: u64,
    /// Numbers of the branches that were taken, from 1, in order.
    pub branches: Vec<usize>,
    /// The whole transcript.
    pub transcript: String,
    /// Its number of lines.
    pub transcript_lines: u64,
    /// The first 32 hexadecimal digits of the transcript's BLAKE3.
    pub transcript_digest: String,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
    /// What was found beside the script.
    pub problems: Vec<String>,
    /// Transitions of the state machines that were taken.
    pub transitions: BTreeSet<&'static str>,
    /// What the run came to.
    pub coverage: Coverage,
    /// The state that each node told of last, of a call where there was one, by its name: `("pac", "established")`.
    pub last_states: Vec<(String, &'static str)>,
    /// For each `->` line of the flow that took something, in order of taking: the line's span and its transcript lines.
    pub matched: Vec<(usize, Vec<String>)>,
    /// The sequence diagram, where one was asked for.
    pub ladder: Option<Box<Ladder>>,
}

impl RunReport {
    /// The worse of the two axes.
    pub fn grade(&self) -> Grade {
        self.behaviour.max(self.ending)
    }
}

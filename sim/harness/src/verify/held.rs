//! Findings that wait until it is certain that the capture holds what came before.

use std::collections::BTreeMap;
use std::net::SocketAddrV4;

use pptp_rules::Finding;

use super::ends::Speaker;

/// Findings of a connection that wait.
const HELD: usize = 64;

/// A finding with its surroundings.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) finding: Finding,
    /// The end at fault.
    pub(super) from: Speaker,
    pub(super) to: Option<Speaker>,
    /// The line that shows it.
    pub(super) evidence: String,
}

/// Findings on what an end said that wait until the other end goes on: TCP shows only then whether octets of the other end, to which
/// it may have been an answer, are missing from the capture.
#[derive(Default, Debug)]
pub(super) struct Held {
    connections: BTreeMap<u32, Vec<Told>>,
}

impl Held {
    /// Holds a finding; gives it back where too many are held already.
    pub(super) fn hold(&mut self, connection: u32, told: Told) -> Option<Told> {
        let held = self.connections.entry(connection).or_default();
        if held.len() >= HELD {
            return Some(told);
        }
        held.push(told);
        None
    }

    /// Takes the findings of a connection that are about another end than this speaker; all of them, where there is none.
    pub(super) fn take(&mut self, connection: u32, speaker: Option<SocketAddrV4>) -> Vec<Told> {
        let Some(held) = self.connections.remove(&connection) else {
            return Vec::new();
        };
        let is_of = |told: &Told| speaker.is_some_and(|it| told.from == Speaker::Port(it));
        let (kept, taken): (Vec<Told>, Vec<Told>) = held.into_iter().partition(is_of);
        if !kept.is_empty() {
            self.connections.insert(connection, kept);
        }
        taken
    }

    /// Takes everything.
    pub(super) fn take_all(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.connections)
            .into_values()
            .flatten()
            .collect()
    }
}

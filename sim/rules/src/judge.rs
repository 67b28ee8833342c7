//! The judge: takes observations, hands out findings.

use crate::config::JudgeConfig;
use crate::finding::{Detail, Finding};
use crate::ledger::{Ledger, Seen};
use crate::observation::{End, Event, Observation, Place};
use crate::timer::Timers;
use core::net::Ipv4Addr;
use pptp_wire::time::Instant;
use pptp_wire::{Requirement, validate_control, validate_gre};

/// What the feeder knows about an end before it speaks.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub struct EndDescription {
    /// Its address; collisions are decided by it (CC-023).
    pub address: Option<Ipv4Addr>,
    /// It does what a script says: nothing that it does or leaves undone is graded.
    pub scripted: bool,
}

/// All rules, and what they know about the ends, their connections, calls and tunnels.
///
/// ```
/// use pptp_rules::{Judge, JudgeConfig};
/// use pptp_wire::time::Instant;
///
/// let mut judge = Judge::new(JudgeConfig::default());
/// let mut findings = Vec::new();
/// judge.finish(Instant::START, &mut findings);
/// assert!(findings.is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Judge {
    ledger: Ledger,
    timers: Timers,
    ends: Vec<EndDescription>,
}

impl Judge {
    /// A judge that has seen nothing yet.
    pub fn new(_config: JudgeConfig) -> Self {
        Self {
            ledger: Ledger::default(),
            timers: Timers::default(),
            ends: Vec::new(),
        }
    }

    /// Tells what is known about an end. May be left out: then its address is unknown, and it is no script.
    pub fn describe(&mut self, end: End, description: EndDescription) {
        let index = usize::from(end.0);
        if index >= self.ends.len() {
            self.ends.resize_with(index + 1, EndDescription::default);
        }
        self.ends[index] = description;
    }

    /// Takes one observation and adds what it shows to `findings`.
    pub fn observe(&mut self, observation: &Observation<'_>, findings: &mut Vec<Finding>) {
        self.advance(observation.at, findings);
        let scripted = self
            .ends
            .get(usize::from(observation.from.0))
            .is_some_and(|end| end.scripted);
        let seen = Seen::new(observation, scripted);
        if seen.place == Place::Arrived {
            return;
        }
        let found = match observation.event {
            Event::Control { octets, .. } => validate_control(octets),
            Event::Gre { octets, .. } => validate_gre(octets),
            _ => return,
        };
        for finding in found {
            let detail = Detail {
                text: finding.field,
                seen: Some(finding.seen.into()),
                expected: None,
            };
            self.ledger.report(
                finding.requirement,
                finding.severity,
                seen.from,
                seen.mark,
                detail,
            );
        }
        findings.append(&mut self.ledger.findings);
    }

    /// Time passes without an observation: adds what has become certain by `now`.
    pub fn advance(&mut self, now: Instant, findings: &mut Vec<Finding>) {
        while self.timers.take(now).is_some() {}
        findings.append(&mut self.ledger.findings);
    }

    /// The next time at which something may become certain without an observation.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// Nothing will be seen any more.
    pub fn finish(&mut self, at: Instant, findings: &mut Vec<Finding>) {
        self.advance(at, findings);
    }

    /// An end has crashed: nothing is expected from it on the connections that it had.
    pub fn crashed(&mut self, _end: End) {}

    /// How often the precondition of a requirement on this end held.
    pub fn preconditions(&self, requirement: Requirement, end: End) -> u64 {
        self.ledger.preconditions(requirement, end)
    }

    /// What could not be decided, and why.
    pub fn inconclusive(&self) -> impl Iterator<Item = (Requirement, End, &'static str)> + '_ {
        self.ledger.open_questions()
    }
}

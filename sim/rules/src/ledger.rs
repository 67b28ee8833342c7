//! The ledger: how often each requirement's precondition held for each end, what could not be decided, and the findings.

use crate::finding::{Detail, Finding};
use crate::observation::{End, Observation, Origin, Place};
use crate::rule::{Precondition, precondition};
use pptp_wire::ahead::{LINE, ask_for_place};
use pptp_wire::time::Instant;
use pptp_wire::{ControlMessageType, Requirement, Severity};
use std::collections::BTreeMap;

/// One observation without its octets: what findings cite.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Mark {
    /// The observation's number.
    pub(crate) number: u64,
    /// When it was.
    pub(crate) at: Instant,
    /// Whether findings on it count.
    pub(crate) graded: bool,
}

/// The circumstances of the observation at hand.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Seen {
    /// What findings cite.
    pub(crate) mark: Mark,
    /// Where the tap sits.
    pub(crate) place: Place,
    /// The sender.
    pub(crate) from: End,
    /// The receiver.
    pub(crate) to: End,
    /// The sender meant to send it: it is no injection. A scripted end means what it sends.
    pub(crate) authentic: bool,
    /// What the sender meant to send with it cannot be told.
    pub(crate) spoiled: bool,
}

impl Seen {
    /// The circumstances of `observation`; `scripted` tells whether its sender is known to be a script.
    #[inline]
    pub(crate) fn new(observation: &Observation<'_>, scripted: bool) -> Self {
        let own = observation.origin == Origin::Own;
        Self {
            mark: Mark {
                number: observation.number,
                at: observation.at,
                graded: own && !scripted,
            },
            place: observation.place,
            from: observation.from,
            to: observation.to,
            authentic: own || scripted,
            spoiled: observation.origin == Origin::Spoiled && !scripted,
        }
    }
}

/// What an end has sent in GRE, by class, and what has reached it.
#[derive(Copy, Clone, Default, Debug)]
pub(crate) struct TunnelCounts {
    /// Packets sent.
    pub(crate) packets: u64,
    /// Of these, packets with a sequence number.
    pub(crate) data: u64,
    /// Of these, packets with an acknowledgment number.
    pub(crate) acknowledgments: u64,
    /// Of these, packets with nothing but an acknowledgment number.
    pub(crate) acknowledgment_only: u64,
    /// Of these, data packets that follow an acknowledgment-only packet of their call.
    pub(crate) data_after_acknowledgment_only: u64,
    /// Of these, acknowledgments of several packets at once.
    pub(crate) acknowledgments_of_several: u64,
    /// Data packets that have arrived.
    pub(crate) data_arrived: u64,
}

/// GRE packets that an end has sent.
#[derive(Copy, Clone, Default, Eq, PartialEq, Debug)]
pub struct PacketCounts {
    /// All.
    pub packets: u64,
    /// With a sequence number.
    pub data: u64,
    /// With an acknowledgment number, with data or without.
    pub acknowledgments: u64,
    /// With an acknowledgment number and nothing else.
    pub acknowledgment_only: u64,
}

/// All counts, open questions, and the findings that have not been handed over yet.
///
/// Observations of one kind follow each other, each of another end: so the counts of one kind lie together, end by end.
#[derive(Clone, Default, Debug)]
pub(crate) struct Ledger {
    /// Control messages sent, by Control Message Type and end; undefined types at 0.
    messages: [Vec<u64>; 16],
    /// GRE, by end.
    tunnels: Vec<TunnelCounts>,
    /// Preconditions of requirements on histories, by requirement and end.
    history: Vec<Vec<u64>>,
    inconclusive: BTreeMap<(Requirement, End), &'static str>,
    /// Found since the last hand-over.
    pub(crate) findings: Vec<Finding>,
}

/// The place of an end in a table that grows as ends come.
#[inline]
fn of_end<T: Clone + Default>(table: &mut Vec<T>, end: End) -> &mut T {
    let index = usize::from(end.0);
    if index >= table.len() {
        table.resize(index + 1, T::default());
    }
    // The ends of a world with many often have their turn one after the other.
    let next = index + LINE.div_ceil(size_of::<T>());
    if next < table.len() {
        ask_for_place(table, next);
    }
    &mut table[index]
}

impl Ledger {
    /// Counts a control message that `end` sent.
    pub(crate) fn message(&mut self, end: End, message_type: ControlMessageType) {
        let kind = usize::from(message_type.0);
        let slot = if kind < 16 { kind } else { 0 };
        *of_end(&mut self.messages[slot], end) += 1;
    }

    /// The GRE counts of `end`.
    #[inline]
    pub(crate) fn tunnel(&mut self, end: End) -> &mut TunnelCounts {
        of_end(&mut self.tunnels, end)
    }

    /// The GRE packets that `end` has sent, by kind.
    pub(crate) fn packets(&self, end: End) -> PacketCounts {
        let known = self.tunnels.get(usize::from(end.0));
        let tunnel = known.copied().unwrap_or_default();
        PacketCounts {
            packets: tunnel.packets,
            data: tunnel.data,
            acknowledgments: tunnel.acknowledgments,
            acknowledgment_only: tunnel.acknowledgment_only,
        }
    }

    /// The precondition of a requirement on `end` held.
    pub(crate) fn held(&mut self, end: End, requirement: Requirement) {
        if self.history.is_empty() {
            self.history = vec![Vec::new(); Requirement::ALL.len()];
        }
        *of_end(&mut self.history[requirement as usize], end) += 1;
    }

    /// The preconditions of several requirements on `end` held.
    pub(crate) fn held_all(&mut self, end: End, requirements: &[Requirement]) {
        for &requirement in requirements {
            self.held(end, requirement);
        }
    }

    /// How often the precondition of a requirement on `end` held.
    pub(crate) fn preconditions(&self, requirement: Requirement, end: End) -> u64 {
        let index = usize::from(end.0);
        let counted = |counts: &Vec<u64>| counts.get(index).copied().unwrap_or(0);
        let tunnel = self.tunnels.get(index).copied().unwrap_or_default();
        let history = self.history.get(requirement as usize).map_or(0, counted);
        history
            + match precondition(requirement) {
                None | Some(Precondition::History) => 0,
                Some(Precondition::Messages(types)) => types
                    .iter()
                    .map(|kind| counted(&self.messages[usize::from(kind.0)]))
                    .sum(),
                Some(Precondition::AnyMessage) => self.messages.iter().map(counted).sum(),
                Some(Precondition::AnyPacket) => tunnel.packets,
                Some(Precondition::Data) => tunnel.data,
                Some(Precondition::Acknowledgment) => tunnel.acknowledgments,
                Some(Precondition::AcknowledgmentOnly) => tunnel.acknowledgment_only,
                Some(Precondition::DataAfterAcknowledgmentOnly) => {
                    tunnel.data_after_acknowledgment_only
                }
                Some(Precondition::AcknowledgmentOfSeveral) => tunnel.acknowledgments_of_several,
                Some(Precondition::DataArrived) => tunnel.data_arrived,
            }
    }

    /// A rule could not decide; the first reason is kept.
    pub(crate) fn inconclusive(
        &mut self,
        requirement: Requirement,
        end: End,
        reason: &'static str,
    ) {
        self.inconclusive
            .entry((requirement, end))
            .or_insert(reason);
    }

    /// What could not be decided.
    pub(crate) fn open_questions(
        &self,
    ) -> impl Iterator<Item = (Requirement, End, &'static str)> + '_ {
        self.inconclusive
            .iter()
            .map(|(&(requirement, end), &reason)| (requirement, end, reason))
    }

    /// `end` has broken a requirement.
    pub(crate) fn blame(
        &mut self,
        requirement: Requirement,
        end: End,
        mark: Mark,
        text: &'static str,
    ) {
        self.report(
            requirement,
            requirement.severity(),
            end,
            mark,
            Detail {
                text,
                seen: None,
                expected: None,
            },
        );
    }

    /// `end` has broken a requirement with a value.
    pub(crate) fn blame_value(
        &mut self,
        requirement: Requirement,
        end: End,
        mark: Mark,
        text: &'static str,
        seen: impl Into<u64>,
        expected: Option<u64>,
    ) {
        self.report(
            requirement,
            requirement.severity(),
            end,
            mark,
            Detail {
                text,
                seen: Some(seen.into()),
                expected,
            },
        );
    }

    /// Worth a note, whatever the requirement's severity is.
    pub(crate) fn note(
        &mut self,
        requirement: Requirement,
        end: End,
        mark: Mark,
        text: &'static str,
    ) {
        self.report(
            requirement,
            Severity::Note,
            end,
            mark,
            Detail {
                text,
                seen: None,
                expected: None,
            },
        );
    }

    /// A finding with a severity of its own. One observation yields at most one finding for a requirement and an end.
    pub(crate) fn report(
        &mut self,
        requirement: Requirement,
        severity: Severity,
        end: End,
        mark: Mark,
        detail: Detail,
    ) {
        let same = |found: &&Finding| {
            found.requirement == requirement
                && found.end == end
                && found.observation == mark.number
                && found.at == mark.at
        };
        if self.findings.iter().rev().take(64).find(same).is_some() {
            return;
        }
        self.findings.push(Finding {
            requirement,
            severity,
            end,
            observation: mark.number,
            at: mark.at,
            graded: mark.graded,
            detail,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observation_shows_a_requirement_broken_once_at_each_end() {
        let mut ledger = Ledger::default();
        let mark = |number| Mark {
            number,
            at: Instant::START,
            graded: true,
        };
        for (end, number) in [(0, 1), (0, 1), (1, 1), (1, 1), (0, 2)] {
            ledger.blame(Requirement::Cdn003, End(end), mark(number), "first");
        }
        ledger.blame(Requirement::Cdn005, End(0), mark(2), "another requirement");
        let found: Vec<_> = ledger
            .findings
            .iter()
            .map(|found| (found.requirement.id(), found.end.0, found.observation))
            .collect();
        let expected = [
            ("CDN-003", 0, 1),
            ("CDN-003", 1, 1),
            ("CDN-003", 0, 2),
            ("CDN-005", 0, 2),
        ];
        assert_eq!(found, expected);
    }
}

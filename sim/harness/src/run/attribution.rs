//! Whose fault it is: where one node is the system under test, only what that node does or leaves undone counts.
//!
//! A line that cites a requirement is missed by the node that should have sent its message. A line that cites none says how the
//! flow goes on, not what a node owes: under test the flow has taken a turn that the scenario is not written for, and what comes
//! after is inconclusive. Without a system under test every line must be met.

use pptp_rules::Grade;
use pptp_wire::{ControlMessageType, Header, Requirement, RequirementRole};
use pptp_world::{NodeId, Stage};

use super::driver::{Driver, What};
use super::failure::NearMiss;
use super::matcher::{Difference, node_id};
use super::message::{Content, Seen};
use crate::scenario::Role;
use crate::scenario::model::{MessageLine, MessageName, Step, StepKind};

impl<S: Stage> Driver<'_, S> {
    /// Whether what this node does is judged.
    pub(super) fn is_judged(&self, node: NodeId) -> bool {
        self.options
            .system_under_test
            .is_none_or(|judged| node_id(judged) == node)
    }

    /// Whether the requirement can bind the system under test at all: it does not bind the other role.
    pub(super) fn binds(&self, requirement: Requirement) -> bool {
        let judged = self.options.system_under_test;
        let role = judged.and_then(|node| self.scenario.node(node).role);
        !matches!(
            (requirement.role(), role),
            (RequirementRole::Pac, Some(Role::Pns)) | (RequirementRole::Pns, Some(Role::Pac))
        )
    }

    /// The requirement that a node has missed, if it is one that counts.
    pub(super) fn cited_of(
        &self,
        node: NodeId,
        requirement: Option<Requirement>,
    ) -> Vec<Requirement> {
        let counts = |it: &Requirement| self.is_judged(node) && self.binds(*it);
        requirement.filter(counts).into_iter().collect()
    }

    /// The requirements that are missed where `seen` came instead of what these steps want. Under test a message that differs in
    /// nothing but what other requirements ask for misses those alone, and one of the right type meets those that ask for it.
    pub(super) fn cited(
        &self,
        steps: &[&Step],
        differences: &[Difference],
        seen: &Seen,
    ) -> Vec<Requirement> {
        let under_test = self.options.system_under_test.is_some();
        if under_test && self.ends_against_the_rules(seen) {
            return Vec::new();
        }
        let of_message = differences
            .iter()
            .flat_map(|difference| self.cited_of(seen.from, difference.requirement));
        let explained = under_test
            && !differences.is_empty()
            && differences
                .iter()
                .all(|difference| difference.requirement.is_some());
        if explained {
            return of_message.collect();
        }
        let is_found_wrong = under_test && self.is_found_wrong(seen);
        let of_steps = steps.iter().filter(|_| !is_found_wrong).flat_map(|step| {
            let (node, is_here) = match &step.kind {
                StepKind::Message(line) => (node_id(line.from), is_of_type(line, seen)),
                StepKind::Expect(expect) => (node_id(expect.node), false),
                // What breaks a silence is judged where it is heard.
                StepKind::Silent(_) if under_test => return Vec::new(),
                // The RFC bounds how long an end waits, not how short (AMB-21).
                StepKind::Wait(_) if under_test && seen.is_tcp_end() => return Vec::new(),
                _ => (seen.from, false),
            };
            let begins_to_end = under_test && is_orderly_end(seen);
            let met = move |it: &Requirement| {
                under_test && is_here && asks_for_a_message(*it)
                    || begins_to_end && *it == Requirement::Ka004
            };
            let mut cited = self.cited_of(node, step.requirement());
            cited.retain(|it| !met(it));
            cited
        });
        of_steps.chain(of_message).collect()
    }

    /// The requirements that are missed where none of these lines was met in time.
    pub(super) fn cited_as_missing(
        &self,
        lines: &[&MessageLine],
        nearest: &[NearMiss],
    ) -> Vec<Requirement> {
        let of_lines = lines
            .iter()
            .flat_map(|line| self.cited_of(node_id(line.from), line.requirement));
        if self.sends_without_window(lines) || self.acknowledges_with_data_alone(lines) {
            return Vec::new();
        }
        let senders = lines.iter().any(|line| self.is_judged(node_id(line.from)));
        let of_messages = nearest
            .iter()
            .flat_map(|near| &near.differences)
            .filter_map(|difference| difference.requirement)
            .filter(|it| senders && self.binds(*it));
        of_lines.chain(of_messages).collect()
    }

    /// The grade of a missed line that cites `own`, where `cited` is what of it counts.
    pub(super) fn script_grade(&self, own: Option<Requirement>, cited: &[Requirement]) -> Grade {
        if self.options.system_under_test.is_none() {
            return self.grade_of(own);
        }
        cited
            .iter()
            .map(|requirement| self.grade_of(Some(*requirement)))
            .max()
            .unwrap_or(Grade::Inconclusive)
    }

    /// Whether these lines want data of a system under test that sends without a window: it may have gone long ago.
    fn sends_without_window(&self, lines: &[&MessageLine]) -> bool {
        self.options.system_under_test.is_some()
            && lines.iter().all(|line| line.message == MessageName::Gre)
            && self.happenings.iter().any(|happening| {
                self.is_judged(happening.node)
                    && matches!(
                        happening.requirement(),
                        Some(Requirement::Win001 | Requirement::Win002 | Requirement::Ocrq014)
                    )
            })
    }

    /// Whether these lines want stand-alone acknowledgments of a system under test that has sent none so far: the RFC does not ask for
    /// them (AMB-08).
    fn acknowledges_with_data_alone(&self, lines: &[&MessageLine]) -> bool {
        self.options.system_under_test.is_some()
            && !lines.is_empty()
            && lines.iter().all(|line| {
                let node = node_id(line.from);
                self.is_judged(node)
                    && wants_acknowledgment_only(line)
                    && !self.acknowledged_alone.contains(&node)
            })
    }

    /// Whether the message is the end of a connection that the rules hold against the system under test: that says it all, and the
    /// lines which now cannot be met are not missed as well.
    fn ends_against_the_rules(&self, seen: &Seen) -> bool {
        seen.is_tcp_end()
            && self.is_judged(seen.from)
            && self.happenings.iter().any(|happening| {
                happening.node == seen.from
                    && happening.at == seen.at
                    && matches!(
                        happening.requirement(),
                        Some(Requirement::Cc008 | Requirement::Cc017)
                    )
            })
    }

    /// Whether the rules hold this very control message against the system under test: that is what it misses, and the lines whose
    /// place the message takes are not missed as well.
    fn is_found_wrong(&self, seen: &Seen) -> bool {
        type_of(seen).is_some()
            && self.is_judged(seen.from)
            && self.happenings.iter().any(|happening| {
                happening.node == seen.from
                    && happening.at == seen.at
                    && matches!(happening.what, What::Violation(_, severity)
                        if self.options.grading.grade(severity) >= Grade::NonStrict)
            })
    }

    /// Whether the message is one that the system under test may send at any time, or the answer to one, and no step asks for its
    /// type: Set-Link-Info, WAN-Error-Notify, an echo.
    pub(super) fn is_free_under_test(&self, seen: &Seen, expected: &[&Step]) -> bool {
        let Some(message_type) = type_of(seen) else {
            return false;
        };
        let by_it = self.options.system_under_test.is_some() && self.is_judged(seen.from);
        let for_it = self.options.system_under_test.is_some() && self.is_judged(seen.to);
        let free = match message_type {
            ControlMessageType::SET_LINK_INFO
            | ControlMessageType::WAN_ERROR_NOTIFY
            | ControlMessageType::ECHO_REQUEST => by_it,
            ControlMessageType::ECHO_REPLY => for_it,
            _ => false,
        };
        free && !expected.iter().any(|step| match &step.kind {
            StepKind::Message(line) => is_of_type(line, seen),
            _ => false,
        })
    }
}

/// The type of a control message.
fn type_of(seen: &Seen) -> Option<ControlMessageType> {
    match &seen.content {
        Content::Control {
            octets,
            framed: true,
        } => Header::decode(octets)
            .ok()
            .map(|header| header.control_message_type),
        _ => None,
    }
}

/// Whether the line asks for a message of this type.
fn is_of_type(line: &MessageLine, seen: &Seen) -> bool {
    match line.message {
        MessageName::Control(wanted) => type_of(seen) == Some(wanted),
        _ => false,
    }
}

/// Whether the line asks for a GRE packet that is nothing but an acknowledgment.
fn wants_acknowledgment_only(line: &MessageLine) -> bool {
    line.message == MessageName::Gre
        && line
            .fields
            .iter()
            .any(|field| field.key == "acknowledgment-only")
}

/// Whether the message begins an orderly end of the connection: the calls first, then the stop exchange.
fn is_orderly_end(seen: &Seen) -> bool {
    matches!(
        type_of(seen),
        Some(
            ControlMessageType::STOP_CONTROL_CONNECTION_REQUEST
                | ControlMessageType::CALL_DISCONNECT_NOTIFY
                | ControlMessageType::CALL_CLEAR_REQUEST
        )
    )
}

/// Whether the requirement asks that a message is sent, whatever stands in it.
const fn asks_for_a_message(requirement: Requirement) -> bool {
    use Requirement::*;
    matches!(
        requirement,
        Cclr005
            | Cdn002
            | Paco006
            | Paco007
            | Paci005
            | Ocrp001
            | Icrp001
            | Ecrp001
            | Sccrp001
            | Ka003
    )
}

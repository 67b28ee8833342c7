//! Facts that no wire shows: states, data, drops, findings.

use pptp_wire::time::Instant;
use pptp_wire::{CallId, Requirement};
use pptp_world::{ConnectionNumber, ModelCheck, NodeId, RecordKind, Stage};

use super::driver::{Driver, Happening, What};
use crate::diagram::Moved;
use crate::transcript::Mark;

impl<S: Stage> Driver<'_, S> {
    /// Everything that no wire shows.
    pub(super) fn take_fact(&mut self, at: Instant, kind: &RecordKind) {
        match kind {
            RecordKind::Transition {
                node,
                connection,
                call: own_id,
                transition,
                from,
                to,
            } => {
                if let Some(id) = own_id
                    && *from == "idle"
                {
                    self.data.call_begins(*node, *id);
                }
                if !transition.is_empty() {
                    self.transitions.insert(transition);
                }
                let what = match own_id {
                    Some(_) => What::CallState(to),
                    None => What::ConnectionState(to),
                };
                let call = own_id
                    .and_then(|id| self.bindings.call_at(*node, id))
                    .map(str::to_owned);
                if let Some(course) = &mut self.log.course {
                    course.moved(Moved {
                        at,
                        order: 0,
                        node: *node,
                        connection: *connection,
                        call: *own_id,
                        call_name: call.clone(),
                        state: to,
                    });
                }
                self.happenings.push(Happening {
                    at,
                    node: *node,
                    call,
                    connection: *connection,
                    what,
                });
            }
            RecordKind::Dropped {
                node, call, reason, ..
            } => {
                let name = call
                    .and_then(|id| self.bindings.call_at(*node, id))
                    .map(str::to_owned);
                if let Some(entry) = self.data.last_delivered(*node, at) {
                    if let Some(course) = &mut self.log.course {
                        course.refused(entry, reason);
                    }
                    self.log.mark(entry, Mark::Refused(reason));
                }
                self.happened(at, *node, name, What::Dropped(reason));
            }
            RecordKind::WindowFull { node, window, .. } => {
                if let Some(entry) = self.data.last_data_sent(*node) {
                    self.log.mark(entry, Mark::WindowFull(*window));
                }
            }
            RecordKind::TrafficEnded { traffic, .. } => self.data.traffic_ended(*traffic),
            RecordKind::CallEnded { node, call, unsent } => {
                self.call_ended(at, *node, *call);
                if *unsent == 0 {
                    return;
                }
                let text = format!("{}: {unsent} packets not sent", self.log.names().of(*node));
                self.log.comment(at, text);
            }
            RecordKind::Violation {
                node,
                requirement,
                connection,
                ..
            } => self.blamed(at, *node, *requirement, *connection),
            RecordKind::Finding(finding) => self.found(finding),
            RecordKind::ModelViolation(violation) => {
                self.log
                    .comment(at, format!("reference model: {violation}"));
                let broken = requirement_of(violation.check);
                match broken.filter(|it| self.is_known_miss(violation.node, *it)) {
                    Some(requirement) => {
                        self.known_misses.insert((violation.node, requirement));
                    }
                    // What the model holds of every end follows from requirements that this one may miss.
                    None if self.may_miss(violation.node) => {}
                    None => self.judgement.model(violation.to_string()),
                }
            }
            RecordKind::NodeCrashed { node } | RecordKind::NodeRestarted { node } => {
                let has_crashed = matches!(kind, RecordKind::NodeCrashed { .. });
                if has_crashed {
                    self.down.insert(*node);
                } else {
                    self.down.remove(node);
                }
                if let Some(course) = &mut self.log.course {
                    course.power(at, *node, !has_crashed);
                }
            }
            RecordKind::NodeMistake { node, mistake } => {
                let name = self.log.names().of(*node).to_owned();
                self.judgement.mistake(format!("{name}: {mistake:?}"));
            }
            RecordKind::NodeLimit { node, limit } => {
                let text = format!("{}: limit {limit} reached", self.log.names().of(*node));
                self.log.comment(at, text);
            }
            _ => {}
        }
    }

    /// Calls that go with their connection take no transition of their own; a diagram ends their bars nevertheless.
    fn call_ended(&mut self, at: Instant, node: NodeId, call: CallId) {
        let call_name = self.bindings.call_at(node, call).map(str::to_owned);
        if let Some(course) = &mut self.log.course {
            course.moved(Moved {
                at,
                order: 0,
                node,
                connection: None,
                call: Some(call),
                call_name,
                state: "idle",
            });
        }
    }

    pub(super) fn happened(&mut self, at: Instant, node: NodeId, call: Option<String>, what: What) {
        self.happenings.push(Happening {
            at,
            node,
            call,
            connection: None,
            what,
        });
    }

    /// A node says that the other end broke a requirement: the other end of the connection, where it was on one.
    fn blamed(
        &mut self,
        at: Instant,
        by: NodeId,
        requirement: Requirement,
        connection: Option<ConnectionNumber>,
    ) {
        let Some(&(a, b)) = connection.and_then(|number| self.connection_ends.get(&number)) else {
            return;
        };
        let culprit = if a == by { b } else { a };
        if !self.is_scripted(culprit) {
            self.happened(
                at,
                culprit,
                None,
                What::Violation(requirement, requirement.severity()),
            );
        }
    }

    /// A rule found something: shown beside what was last seen of that end, and counted where it is to be judged.
    fn found(&mut self, finding: &pptp_rules::Finding) {
        let end = NodeId(finding.end.0);
        let id = finding.requirement.id().to_owned();
        let shown = self
            .recent
            .all(&self.log)
            .find(|seen| seen.from == end && seen.at == finding.at)
            .map(|seen| seen.entry);
        let message = shown.map(|entry| self.entry_line(entry));
        if let Some(entry) = shown {
            let mark = if finding.graded {
                Mark::Finding(id)
            } else {
                Mark::Scripted(id)
            };
            self.log.mark(entry, mark);
        } else {
            let text = format!(
                "finding against {}: {id}: {}",
                self.log.names().of(end),
                finding.detail
            );
            self.log.comment(finding.at, text);
        }
        if finding.graded && self.is_known_miss(end, finding.requirement) {
            self.known_misses.insert((end, finding.requirement));
        } else if finding.graded && self.is_judged(end) {
            self.happened(
                finding.at,
                end,
                None,
                What::Violation(finding.requirement, finding.severity),
            );
            self.judgement.finding(finding, message);
        }
    }

    /// Whether the scenario says that this node misses the requirement. Where one end is under test, nothing is known of it before.
    fn is_known_miss(&self, node: NodeId, requirement: Requirement) -> bool {
        self.options.system_under_test.is_none()
            && self
                .scenario
                .nodes
                .get(usize::from(node.0))
                .is_some_and(|node| {
                    node.misses.contains(&requirement) || node.may_miss.contains(&requirement)
                })
    }

    /// Whether the scenario says that there are requirements which the software of this node may miss.
    fn may_miss(&self, node: NodeId) -> bool {
        let node = self.scenario.nodes.get(usize::from(node.0));
        self.options.system_under_test.is_none()
            && node.is_some_and(|node| {
                node.profile != pptp_proto::Profile::RFC.name && !node.may_miss.is_empty()
            })
    }

    /// What a node is said to miss, it must miss: else the scenario is out of date, or the node is not what it is said to be.
    pub(super) fn judge_known_misses(&mut self) {
        if self.options.system_under_test.is_some() || self.has_failed() {
            return;
        }
        for (number, node) in self.scenario.nodes.iter().enumerate() {
            for requirement in &node.misses {
                let id = NodeId(u16::try_from(number).unwrap_or(u16::MAX));
                if !self.known_misses.contains(&(id, *requirement)) {
                    self.judgement.not_missed(&node.name, *requirement);
                }
            }
        }
    }
}

/// The requirement that an end misses which breaks this invariant of the reference model, where an implementation is known to.
fn requirement_of(check: ModelCheck) -> Option<Requirement> {
    match check {
        ModelCheck::DeliveredTwice => Some(Requirement::Seq010),
        ModelCheck::DeliveredOutOfOrder => Some(Requirement::Seq007),
        _ => None,
    }
}

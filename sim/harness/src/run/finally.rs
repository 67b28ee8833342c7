//! What must hold when nothing but keep-alive is left, and what must never have held.

use pptp_wire::Requirement;
use pptp_world::{NodeId, Query, Stage};

use super::driver::{Driver, Happening};
use super::matcher::{node_id, pattern_text};
use super::observe::{happening_fits, observable_key, subject_fits};
use crate::scenario::model::{FinalCheck, FinalKind, Name, NodeIndex, Observable, Pattern, Value};
use crate::scenario::source::SourceSpan;

impl<'s, S: Stage> Driver<'s, S> {
    /// Judges every line of `finally`.
    pub fn check_endings(&mut self) {
        let scenario = self.scenario;
        for check in &scenario.finally {
            self.steps_done += 1;
            match &check.kind {
                FinalKind::Calls(pattern) => {
                    self.check_count(check, pattern, Query::Calls, "calls")
                }
                FinalKind::Connections(pattern) => {
                    self.check_count(check, pattern, Query::Connections, "connections")
                }
                FinalKind::Settled => self.check_settled(check),
                FinalKind::Received { .. } => self.check_received(check),
                FinalKind::Never {
                    node,
                    call,
                    connection,
                    observables,
                } => self.check_never(check, *node, (call, connection), observables),
            }
        }
    }

    /// So many at every node that is not scripted and that can tell.
    fn check_count(&mut self, check: &FinalCheck, pattern: &Pattern, query: Query, what: &str) {
        for (position, node) in self.scenario.nodes.iter().enumerate() {
            if node.scripted {
                continue;
            }
            let id = NodeId(u16::try_from(position).unwrap_or(u16::MAX));
            let Some(count) = self
                .stage
                .query(id, &query)
                .and_then(pptp_world::Value::number)
            else {
                continue;
            };
            if !pattern.fits(&Value::Number(count), &|name| self.bindings.value(name)) {
                let seen = format!("{what} at {}: {count}", node.name);
                self.fail_ending(&check.line, check.span, seen, (id, check.requirement));
            }
        }
    }

    fn check_received(&mut self, check: &FinalCheck) {
        let FinalKind::Received {
            node,
            call,
            packets,
            at_least,
            at_most,
            in_order,
            unique,
        } = &check.kind
        else {
            return;
        };
        let received = self
            .data
            .received_by(node_id(*node), call.as_ref().map(|name| name.text.as_str()));
        let count = received.packets;
        let mut wrong = Vec::new();
        // What a line without a requirement of its own would break (SEQ-008, SEQ-010).
        let mut requirement = check.requirement;
        if let Some(pattern) = packets
            && !pattern.fits(&Value::Number(count), &|name| self.bindings.value(name))
        {
            wrong.push(format!(
                "{count} packets instead of {}",
                pattern_text(pattern, &self.bindings)
            ));
        }
        if at_least.is_some_and(|bound| count < bound) || at_most.is_some_and(|bound| count > bound)
        {
            wrong.push(format!("{count} packets"));
        }
        if in_order.is_some_and(|wanted| wanted != received.in_order) {
            requirement = requirement.or(Some(Requirement::Seq008));
            wrong.push(
                if received.in_order {
                    "all in order"
                } else {
                    "packets out of order"
                }
                .to_owned(),
            );
        }
        if unique.is_some_and(|wanted| wanted != received.unique) {
            requirement = requirement.or(Some(Requirement::Seq010));
            wrong.push(
                if received.unique {
                    "each once"
                } else {
                    "packets more than once"
                }
                .to_owned(),
            );
        }
        if received.damaged > 0 {
            wrong.push(format!(
                "{} packets that are not as they were sent",
                received.damaged
            ));
        }
        if !wrong.is_empty() {
            let seen = format!(
                "{} received {}",
                self.scenario.node(*node).name,
                wrong.join(", ")
            );
            self.fail_ending(&check.line, check.span, seen, (node_id(*node), requirement));
        }
    }

    /// Observables that the run keeps as happenings are looked up; values were looked at after every event.
    fn check_never(
        &mut self,
        check: &FinalCheck,
        node: Option<NodeIndex>,
        (call, connection): (&Option<Name>, &Option<Name>),
        observables: &[(Observable, Pattern, SourceSpan)],
    ) {
        let call = call.as_ref().map(|name| name.text.as_str());
        let connection = connection
            .as_ref()
            .map(|name| self.bindings.connection(&name.text));
        let met = |happening: &&Happening| {
            node.is_none_or(|node| node_id(node) == happening.node)
                && subject_fits(call, connection, happening)
                && observables
                    .iter()
                    .all(|(observable, pattern, _)| happening_fits(happening, *observable, pattern))
        };
        let mut all = self.happenings.iter().filter(met);
        let Some(first) = all.find(|happening| !self.is_mere_note(happening)).cloned() else {
            return;
        };
        let who = self.log.names().of(first.node).to_owned();
        let seen = format!("{who} at {}: {}", first.at, first.text());
        let requirement = check.requirement.or(first.requirement());
        self.fail_ending(&check.line, check.span, seen, (first.node, requirement));
    }

    /// A note is no violation that `never violation` would mean.
    fn is_mere_note(&self, happening: &Happening) -> bool {
        let grade = happening
            .severity()
            .map(|severity| self.options.grading.grade(severity));
        grade.is_some_and(|grade| grade <= pptp_rules::Grade::Info)
    }

    /// Looks after an event whether a value holds that must never hold.
    #[inline(always)]
    pub fn check_nevers(&mut self) {
        if self.has_nevers {
            self.look_at_nevers();
        }
    }

    fn look_at_nevers(&mut self) {
        let scenario = self.scenario;
        for check in scenario.finally.iter().filter(|check| is_looked_at(check)) {
            let FinalKind::Never {
                node: Some(node),
                call,
                connection,
                observables,
            } = &check.kind
            else {
                continue;
            };
            let now = self.now();
            let all = observables.iter().all(|(observable, pattern, _)| {
                let seen =
                    self.observe(*node, call.as_ref(), connection.as_ref(), *observable, now);
                seen.is_some_and(|value| pattern.fits(&value, &|name| self.bindings.value(name)))
            });
            if all && !self.has_failed() {
                let keys: Vec<&str> = observables
                    .iter()
                    .map(|(observable, ..)| observable_key(*observable))
                    .collect();
                let seen = format!(
                    "{} at {now}: {}",
                    scenario.node(*node).name,
                    keys.join(", ")
                );
                let subject = (node_id(*node), check.requirement);
                self.fail_ending(&check.line, check.span, seen, subject);
            }
        }
    }
}

/// Whether the line names values that must never hold: the run does not keep them, so they are looked at after every event.
pub(super) fn is_looked_at(check: &FinalCheck) -> bool {
    let kept = |observable: Observable| {
        matches!(
            observable,
            Observable::Dropped | Observable::Violation | Observable::State
        )
    };
    match &check.kind {
        FinalKind::Never {
            node: Some(_),
            observables,
            ..
        } => !observables.iter().any(|(observable, ..)| kept(*observable)),
        _ => false,
    }
}

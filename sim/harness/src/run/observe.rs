//! Looking into nodes: `expect`, `wait until=data-idle`, `never`.

use pptp_wire::time::Instant;
use pptp_world::{ConnectionId, ConnectionNumber, NodeId, Query, Stage};

use super::driver::{Driver, Happening, What};
use super::matcher::{Difference, node_id, pattern_text, value_text};
use crate::scenario::model::{ExpectLine, Name, NodeIndex, Observable, Pattern, Step, Value};

impl<'s, S: Stage> Driver<'s, S> {
    /// An `expect` without `within`: it holds now, or the run fails.
    pub fn check_expect(&mut self, step: &'s Step, expect: &'s ExpectLine, since: Instant) -> bool {
        let holds = self.expect_holds(expect, since);
        if holds {
            self.echo(step);
        } else {
            self.fail_expect(step, expect, since);
        }
        holds
    }

    /// Whether everything that the line asks for holds now.
    pub fn expect_holds(&self, expect: &ExpectLine, since: Instant) -> bool {
        self.expect_differences(expect, since).is_empty()
    }

    /// What does not hold now.
    pub(super) fn expect_differences(
        &self,
        expect: &ExpectLine,
        since: Instant,
    ) -> Vec<Difference> {
        let mut found = Vec::new();
        for (observable, pattern, _) in &expect.observables {
            let seen = self.observe(
                expect.node,
                expect.call.as_ref(),
                expect.connection.as_ref(),
                *observable,
                since,
            );
            let fits = match observable {
                Observable::Dropped | Observable::Violation => {
                    self.has_happened(expect, *observable, pattern, since)
                }
                _ => seen
                    .as_ref()
                    .is_some_and(|value| pattern.fits(value, &|name| self.bindings.value(name))),
            };
            if !fits {
                found.push(Difference {
                    key: observable_key(*observable).to_owned(),
                    expected: pattern_text(pattern, &self.bindings),
                    seen: seen.map_or_else(|| "nothing".to_owned(), |value| value_text(&value)),
                    requirement: None,
                });
            }
        }
        found
    }

    fn has_happened(
        &self,
        expect: &ExpectLine,
        observable: Observable,
        pattern: &Pattern,
        since: Instant,
    ) -> bool {
        let node = node_id(expect.node);
        let call = expect.call.as_ref().map(|name| name.text.as_str());
        self.happenings
            .iter()
            .rev()
            .take_while(|happening| happening.at >= since)
            .any(|happening| {
                happening.node == node
                    && subject_fits(call, None, happening)
                    && happening_fits(happening, observable, pattern)
            })
    }

    /// The value of an observable at a node, `None` where there is none.
    pub(super) fn observe(
        &self,
        node: NodeIndex,
        call: Option<&Name>,
        connection: Option<&Name>,
        observable: Observable,
        since: Instant,
    ) -> Option<Value> {
        let id = node_id(node);
        let call_ref = || self.call_ref(id, &call?.text);
        let query = match observable {
            Observable::State => return Some(Value::Text(self.state_of(id, call, connection))),
            Observable::Window => Query::Window(call_ref()?),
            Observable::AdaptiveTimeOut => Query::AdaptiveTimeOut(call_ref()?),
            Observable::SendAccm => Query::SendAccm(call_ref()?),
            Observable::ReceiveAccm => Query::ReceiveAccm(call_ref()?),
            Observable::Calls => Query::Calls,
            Observable::Connections => Query::Connections,
            Observable::Dropped | Observable::Violation => {
                return self.latest_happening(id, observable, since);
            }
        };
        match self.stage.query(id, &query)? {
            pptp_world::Value::Number(number) => Some(Value::Number(number)),
            pptp_world::Value::Span(span) => Some(Value::Number(span.as_nanos())),
            pptp_world::Value::State(state) => Some(Value::Text(state.to_owned())),
            pptp_world::Value::Flag(flag) => Some(Value::Number(u64::from(flag))),
            pptp_world::Value::Timer(..) | pptp_world::Value::Call(_) => None,
        }
    }

    fn latest_happening(
        &self,
        node: NodeId,
        observable: Observable,
        since: Instant,
    ) -> Option<Value> {
        let mut recent = self
            .happenings
            .iter()
            .rev()
            .take_while(|happening| happening.at >= since);
        recent.find_map(|happening| match (&happening.what, observable) {
            _ if happening.node != node => None,
            (What::Dropped(reason), Observable::Dropped) => Some(Value::Text((*reason).to_owned())),
            (What::Violation(requirement, _), Observable::Violation) => {
                Some(Value::Text(requirement.id().to_owned()))
            }
            _ => None,
        })
    }

    /// The state of a call or of a control connection; a machine that is gone is idle.
    fn state_of(&self, node: NodeId, call: Option<&Name>, connection: Option<&Name>) -> String {
        let state = match call {
            Some(name) => self
                .call_ref(node, &name.text)
                .and_then(|call| self.stage.query(node, &Query::CallState(call))),
            None => {
                let connection: Option<ConnectionId> = connection.and_then(|name| {
                    self.bindings
                        .connection_id(node, self.bindings.connection(&name.text)?)
                });
                self.stage.query(node, &Query::ConnectionState(connection))
            }
        };
        state
            .and_then(pptp_world::Value::state)
            .unwrap_or("idle")
            .to_owned()
    }

    /// Whether nothing is left to send, in flight, or unacknowledged that still can be acknowledged.
    pub fn is_data_idle(&self, call: Option<&Name>) -> bool {
        let name = call.map(|call| call.text.as_str());
        if self.data.is_sending(name) {
            return false;
        }
        let mut waiting = self.plans.iter().filter(|_| self.plans_waiting > 0);
        if waiting.any(|plan| plan.will_send_data(name)) {
            return false;
        }
        self.bindings
            .calls()
            .filter(|(known, _)| name.is_none_or(|name| name == known.as_str()))
            .all(|(known, call)| {
                let (Some(pns), Some(pac), Some(pns_id), Some(pac_id)) =
                    (call.pns, call.pac, call.pns_id, call.pac_id)
                else {
                    return true;
                };
                // A call is over once an end has given its Call ID to another: what moves under that number is the other's.
                let is_current = |node, id| self.bindings.call_at(node, id) == Some(known.as_str());
                if !is_current(pns, pns_id) || !is_current(pac, pac_id) {
                    return true;
                }
                !self.in_flight(pns, pac, pac_id)
                    && !self.in_flight(pac, pns, pns_id)
                    && self.direction_is_idle((pns, pac), (pns_id, pac_id))
                    && self.direction_is_idle((pac, pns), (pac_id, pns_id))
            })
    }

    fn in_flight(&self, from: NodeId, to: NodeId, id: pptp_wire::CallId) -> bool {
        let mut packets = self.flights.packets();
        packets.any(|entry| {
            self.log.packet(entry).is_some_and(|packet| {
                let call_id = packet.header.map(|header| header.call_id);
                packet.from == from && packet.to == to && call_id == Some(id)
            })
        })
    }

    /// Nothing waits at the sender, and what has arrived has been acknowledged, or will never be, or matters to nobody.
    fn direction_is_idle(
        &self,
        (from, to): (NodeId, NodeId),
        (from_id, to_id): (pptp_wire::CallId, pptp_wire::CallId),
    ) -> bool {
        let sender = self
            .bindings
            .call_at(from, from_id)
            .and_then(|name| self.call_ref(from, name));
        let ask = |query: fn(pptp_world::CallRef) -> Query| {
            sender
                .and_then(|call| self.stage.query(from, &query(call)))
                .and_then(pptp_world::Value::number)
        };
        if ask(Query::Queued).is_some_and(|queued| queued > 0) {
            return false;
        }
        if !self.data.owes_acknowledgment(from, to, to_id, from_id) {
            return true;
        }
        // A receiver that says that it acknowledges nothing by itself is not waited for.
        self.stage.query(to, &Query::AcknowledgesData) == Some(pptp_world::Value::Flag(false))
    }
}

/// The key of an observable, as scenarios write it.
pub(super) fn observable_key(observable: Observable) -> &'static str {
    match observable {
        Observable::State => "state",
        Observable::Window => "window",
        Observable::AdaptiveTimeOut => "adaptive-time-out",
        Observable::SendAccm => "send-accm",
        Observable::ReceiveAccm => "receive-accm",
        Observable::Dropped => "dropped",
        Observable::Violation => "violation",
        Observable::Calls => "calls",
        Observable::Connections => "connections",
    }
}

/// Whether a happening is about what a line names: a call or a control connection. A state that no call is named for is that of a
/// control connection.
pub(super) fn subject_fits(
    call: Option<&str>,
    connection: Option<Option<ConnectionNumber>>,
    happening: &Happening,
) -> bool {
    match happening.what {
        What::CallState(_) => call.is_some() && happening.call.as_deref() == call,
        What::ConnectionState(_) => {
            call.is_none() && connection.is_none_or(|named| happening.connection == named)
        }
        What::Dropped(_) | What::Violation(..) => {
            call.is_none() || happening.call.is_none() || happening.call.as_deref() == call
        }
    }
}

/// Whether a happening is what an observable and a pattern ask for.
pub(super) fn happening_fits(
    happening: &Happening,
    observable: Observable,
    pattern: &Pattern,
) -> bool {
    let value = match (&happening.what, observable) {
        (What::Dropped(reason), Observable::Dropped) => Value::Text((*reason).to_owned()),
        (What::Violation(requirement, _), Observable::Violation) => {
            Value::Text(requirement.id().to_owned())
        }
        (What::ConnectionState(state) | What::CallState(state), Observable::State) => {
            Value::Text((*state).to_owned())
        }
        _ => return false,
    };
    pattern.fits(&value, &|_| None)
}

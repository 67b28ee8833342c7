//! Rest and agreement: `wait until=rest`, and `settled` in `finally`. Both look into the nodes; a node that cannot be looked into
//! is left out.

use pptp_world::{CallRef, ConnectionNumber, NodeId, Query, Stage, Value};

use super::driver::Driver;
use crate::scenario::model::FinalCheck;

/// Deadlines of a node in a row at which nothing is sent, received or changed, anywhere in the world, that count as a timer which
/// spins. One that was moved may wake its node in vain, so a few for each call are right; an endpoint with 65,535 calls never has
/// that many in a row, as each of its timers is set by something that is recorded.
const SPINNING: u32 = 1000;

/// The state of a machine that is not there.
const NOWHERE: &str = "idle";

/// A call as one of its ends sees it.
struct CallEnd {
    node: NodeId,
    call: CallRef,
    connection: Option<ConnectionNumber>,
    state: &'static str,
    peer_call_id: Option<u64>,
}

impl<S: Stage> Driver<'_, S> {
    /// Whether nothing but keep-alive is left: nothing to be sent, in flight or waited for, and no end holds a control connection
    /// that the other has lost (which keep-alive finds out).
    pub(super) fn is_at_rest(&self) -> bool {
        self.stage.only_keep_alive_left()
            && !self.plans.iter().any(|plan| plan.waits())
            && self.lost_connections().is_empty()
    }

    /// What keeps the world from rest, as far as states tell.
    pub(super) fn unrest(&self) -> Vec<String> {
        let mut notes = self.lost_connections();
        if self.data.is_sending(None) {
            notes.push("data is still to be sent".to_owned());
        }
        if !self.flights.is_empty() {
            notes.push(format!("messages on their way: {}", self.flights.len()));
        }
        notes
    }

    /// Connections that one end holds and the other does not: one line for each.
    fn lost_connections(&self) -> Vec<String> {
        let mut lost = Vec::new();
        for (number, opener, other) in self.stage.connections() {
            let states = [opener, other].map(|node| self.connection_state(node, number));
            let [Some(at_opener), Some(at_other)] = states else {
                continue;
            };
            if (at_opener == NOWHERE) != (at_other == NOWHERE) {
                let names = self.log.names();
                lost.push(format!(
                    "control connection {}: {at_opener} at {}, {at_other} at {}",
                    number.0 + 1,
                    names.of(opener),
                    names.of(other)
                ));
            }
        }
        lost
    }

    /// The state of a connection at a node; `None`: the node cannot be looked into.
    fn connection_state(&self, node: NodeId, number: ConnectionNumber) -> Option<&'static str> {
        if self.down.contains(&node) {
            return Some(NOWHERE);
        }
        self.stage.query(node, &Query::Connections)?;
        // A node that was restarted gives the names of its old connections to new ones.
        let id = self
            .stage
            .connection_id(node, number)
            .filter(|id| self.stage.connection_number(node, *id) == Some(number));
        let state = id.and_then(|id| {
            let state = self.stage.query(node, &Query::ConnectionState(Some(id)));
            state.and_then(Value::state)
        });
        Some(state.unwrap_or(NOWHERE))
    }

    /// `settled`.
    pub(super) fn check_settled(&mut self, check: &FinalCheck) {
        let mut wrong = Vec::new();
        if !self.stage.only_keep_alive_left() {
            wrong.push("more than keep-alive is left".to_owned());
            wrong.extend(self.unrest());
        }
        let mut unseen = Vec::new();
        for position in 0..self.scenario.nodes.len() {
            let node = NodeId(u16::try_from(position).unwrap_or(u16::MAX));
            let vain = self.stage.vain_deadlines(node);
            if vain > SPINNING {
                let who = self.log.names().of(node);
                wrong.push(format!(
                    "timer of {who}: {vain} deadlines in a row, and nothing came of them"
                ));
            }
            match self.calls_at(node) {
                Some(calls) => {
                    for call in calls {
                        wrong.extend(self.half_open(&call));
                        wrong.extend(self.stuck_window(&call));
                    }
                }
                None => unseen.push(self.log.names().of(node).to_owned()),
            }
        }
        if !unseen.is_empty() {
            self.echo_comment(format!(
                "settled: {} cannot be looked into",
                unseen.join(", ")
            ));
        }
        if !wrong.is_empty() {
            self.fail_settled(&check.line, check.span, wrong);
        }
    }

    /// Every call of a node; `None`: it cannot be looked into.
    fn calls_at(&self, node: NodeId) -> Option<Vec<CallEnd>> {
        if self.down.contains(&node) {
            return Some(Vec::new());
        }
        let count = self.stage.query(node, &Query::Calls)?.number()?;
        let places = 0..u32::try_from(count).unwrap_or(u32::MAX);
        let calls = places.map_while(|place| {
            let call = self.stage.query(node, &Query::CallAt(place))?.call()?;
            Some(self.call_end(node, call))
        });
        let calls: Vec<CallEnd> = calls.collect();
        (calls.len() as u64 == count).then_some(calls)
    }

    fn call_end(&self, node: NodeId, call: CallRef) -> CallEnd {
        let ask = |query: Query| self.stage.query(node, &query);
        CallEnd {
            node,
            call,
            connection: self.stage.connection_number(node, call.connection),
            state: ask(Query::CallState(call))
                .and_then(Value::state)
                .unwrap_or(NOWHERE),
            peer_call_id: ask(Query::PeerCallId(call)).and_then(Value::number),
        }
    }

    /// What is wrong with a call that its ends do not both hold as established, with each other's Call IDs.
    fn half_open(&self, end: &CallEnd) -> Option<String> {
        let here = self.call_text(end);
        if end.state != "established" {
            return Some(format!("half-open: {here}"));
        }
        let Some(other) = end.connection.and_then(|it| self.other_end(it, end.node)) else {
            return Some(format!("half-open: {here}, and its connection is gone"));
        };
        let who = self.log.names().of(other);
        // An end that cannot be looked into is believed.
        let calls = self.calls_at(other)?;
        let there = calls
            .iter()
            .find(|it| it.connection == end.connection && Some(it.id()) == end.peer_call_id);
        match there {
            None => Some(format!("half-open: {here}, and {who} has no such call")),
            Some(there) if there.peer_call_id != Some(end.id()) => Some(format!(
                "Call IDs do not match: {here}; {}",
                self.call_text(there)
            )),
            // A state that is not established is told of at its own end.
            Some(_) => None,
        }
    }

    /// What is wrong with the window of a call: nobody will ever move it on.
    fn stuck_window(&self, end: &CallEnd) -> Option<String> {
        let ask = |query: fn(CallRef) -> Query| {
            let answer = self.stage.query(end.node, &query(end.call));
            answer.and_then(Value::number)
        };
        let queued = ask(Query::Queued).unwrap_or(0);
        let outstanding = ask(Query::Unacknowledged).unwrap_or(0);
        let here = self.call_text(end);
        if outstanding > 0 {
            return Some(format!(
                "window stuck: {here}: {outstanding} packets outstanding, and nothing waits for their acknowledgment"
            ));
        }
        // Nothing may ever be sent to an end that offers a window of 0, to some (AMB-03).
        let may_send = ask(Query::Window).is_none_or(|window| window > 0);
        (queued > 0 && may_send).then(|| {
            format!("window stuck: {here}: {queued} packets wait, and none is outstanding")
        })
    }

    /// `call c1 at pns (Call ID 7, peer's Call ID 9): established`.
    fn call_text(&self, end: &CallEnd) -> String {
        let name = self.bindings.call_at(end.node, end.call.call_id);
        let name = name.map_or(String::new(), |name| format!(" {name}"));
        let peer = match end.peer_call_id {
            Some(id) => format!("peer's Call ID {id}"),
            None => "no peer's Call ID".to_owned(),
        };
        format!(
            "call{name} at {} (Call ID {}, {peer}): {}",
            self.log.names().of(end.node),
            end.id(),
            end.state
        )
    }
}

impl CallEnd {
    fn id(&self) -> u64 {
        u64::from(self.call.call_id.0)
    }
}

//! Liveness: what is left half done in a world that should be at rest.
//!
//! Once the network is healed and no user wants anything, both ends of everything agree: every call is established at both ends under
//! each other's Call IDs, no window waits for what never comes, no timer runs out for nothing again and again. [`unsettled`] looks into
//! the nodes; one that cannot be looked into is believed. Whether more than keep-alive is left is another question, which
//! [`World::only_keep_alive_left`](crate::World::only_keep_alive_left) answers.

use crate::{CallRef, ConnectionNumber, NodeId, Query, Stage, Value};

/// Deadlines of a node in a row at which nothing is sent, received or changed, anywhere in the world, that count as a timer which
/// spins. One that was moved may wake its node in vain, so a few for each call are right; an endpoint with 65,535 calls never has
/// that many in a row, as each of its timers is set by something that is recorded.
pub const SPINNING: u32 = 1000;

/// The state of a machine that is not there.
const NOWHERE: &str = "idle";

/// A call as one of its ends sees it.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct CallEnd {
    /// The end.
    pub node: NodeId,
    /// What it calls the call.
    pub call: CallRef,
    /// The call's control connection.
    pub connection: Option<ConnectionNumber>,
    /// Its state there.
    pub state: &'static str,
    /// The Call ID that the other end gave to it.
    pub peer_call_id: Option<u64>,
}

impl CallEnd {
    /// The Call ID that this end gave to it.
    pub fn call_id(&self) -> u64 {
        u64::from(self.call.call_id.0)
    }
}

/// A control connection that one end holds and the other does not.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct LostConnection {
    /// Which.
    pub connection: ConnectionNumber,
    /// The end that opened it and the other one, with its state at each.
    pub ends: [(NodeId, &'static str); 2],
}

/// Something that is left half done.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Unsettled {
    /// One end of a connection holds it, and the other does not.
    Lost(LostConnection),
    /// A node had so many deadlines in a row of which nothing came.
    Spinning(NodeId, u32),
    /// A call is on its way, and nothing brings it on.
    NotEstablished(CallEnd),
    /// The connection of a call is gone.
    WithoutConnection(CallEnd),
    /// The other end has no such call.
    Missing(CallEnd, NodeId),
    /// The two ends know each other by other Call IDs.
    OtherCallIds(CallEnd, CallEnd),
    /// So many packets are outstanding, and nothing waits for their acknowledgment.
    Outstanding(CallEnd, u64),
    /// So many packets wait, and none is outstanding.
    Waiting(CallEnd, u64),
}

impl Unsettled {
    /// The end of a call that it is about, if it is about a call.
    pub const fn call(&self) -> Option<&CallEnd> {
        match self {
            Unsettled::Lost(_) | Unsettled::Spinning(..) => None,
            Unsettled::NotEstablished(end)
            | Unsettled::WithoutConnection(end)
            | Unsettled::Missing(end, _)
            | Unsettled::OtherCallIds(end, _)
            | Unsettled::Outstanding(end, _)
            | Unsettled::Waiting(end, _) => Some(end),
        }
    }
}

/// Connections that one end holds and the other does not, which keep-alive finds out. `is_down` tells which nodes have crashed.
pub fn lost_connections<S: Stage>(
    stage: &S,
    is_down: impl Fn(NodeId) -> bool,
) -> Vec<LostConnection> {
    let lost = |(connection, opener, other): (ConnectionNumber, NodeId, NodeId)| {
        let state = |node| connection_state(stage, node, connection, is_down(node));
        let ends = [(opener, state(opener)?), (other, state(other)?)];
        let [here, there] = ends.map(|(_, state)| state == NOWHERE);
        (here != there).then_some(LostConnection { connection, ends })
    };
    stage.connections().into_iter().filter_map(lost).collect()
}

/// The state of a connection at a node; `None`: the node cannot be looked into.
fn connection_state<S: Stage>(
    stage: &S,
    node: NodeId,
    number: ConnectionNumber,
    is_down: bool,
) -> Option<&'static str> {
    if is_down {
        return Some(NOWHERE);
    }
    stage.query(node, &Query::Connections)?;
    // A node that was restarted gives the names of its old connections to new ones.
    let id = stage
        .connection_id(node, number)
        .filter(|id| stage.connection_number(node, *id) == Some(number));
    let state = id.and_then(|id| {
        let state = stage.query(node, &Query::ConnectionState(Some(id)));
        state.and_then(Value::state)
    });
    Some(state.unwrap_or(NOWHERE))
}

/// Everything that is left half done at these nodes. `is_down` tells which of them have crashed.
pub fn unsettled<S: Stage>(
    stage: &S,
    nodes: impl IntoIterator<Item = NodeId>,
    is_down: impl Fn(NodeId) -> bool,
) -> Vec<Unsettled> {
    let lost = lost_connections(stage, &is_down).into_iter();
    let mut found: Vec<Unsettled> = lost.map(Unsettled::Lost).collect();
    for node in nodes {
        let vain = stage.vain_deadlines(node);
        if vain > SPINNING {
            found.push(Unsettled::Spinning(node, vain));
        }
        for end in calls_at(stage, node, is_down(node)).unwrap_or_default() {
            found.extend(half_open(stage, &end, &is_down));
            found.extend(stuck_window(stage, &end));
        }
    }
    found
}

/// Every call of a node; `None`: it cannot be looked into.
pub fn calls_at<S: Stage>(stage: &S, node: NodeId, is_down: bool) -> Option<Vec<CallEnd>> {
    if is_down {
        return Some(Vec::new());
    }
    let count = stage.query(node, &Query::Calls)?.number()?;
    let places = 0..u32::try_from(count).unwrap_or(u32::MAX);
    let calls = places.map_while(|place| {
        let call = stage.query(node, &Query::CallAt(place))?.call()?;
        Some(call_end(stage, node, call))
    });
    let calls: Vec<CallEnd> = calls.collect();
    (calls.len() as u64 == count).then_some(calls)
}

fn call_end<S: Stage>(stage: &S, node: NodeId, call: CallRef) -> CallEnd {
    let ask = |query: Query| stage.query(node, &query);
    CallEnd {
        node,
        call,
        connection: stage.connection_number(node, call.connection),
        state: ask(Query::CallState(call))
            .and_then(Value::state)
            .unwrap_or(NOWHERE),
        peer_call_id: ask(Query::PeerCallId(call)).and_then(Value::number),
    }
}

/// What is wrong with a call that its ends do not both hold as established, with each other's Call IDs.
fn half_open<S: Stage>(
    stage: &S,
    end: &CallEnd,
    is_down: impl Fn(NodeId) -> bool,
) -> Option<Unsettled> {
    if end.state != "established" {
        return Some(Unsettled::NotEstablished(*end));
    }
    let ends = stage.connections().into_iter();
    let other = ends
        .filter(|(number, ..)| Some(*number) == end.connection)
        .map(|(_, opener, other)| if opener == end.node { other } else { opener })
        .next();
    let Some(other) = other else {
        return Some(Unsettled::WithoutConnection(*end));
    };
    // An end that cannot be looked into is believed.
    let calls = calls_at(stage, other, is_down(other))?;
    let there = calls
        .iter()
        .find(|it| it.connection == end.connection && Some(it.call_id()) == end.peer_call_id);
    match there {
        None => Some(Unsettled::Missing(*end, other)),
        Some(there) if there.peer_call_id != Some(end.call_id()) => {
            Some(Unsettled::OtherCallIds(*end, *there))
        }
        // A state that is not established is told of at its own end.
        Some(_) => None,
    }
}

/// What is wrong with the window of a call: nobody will ever move it on.
fn stuck_window<S: Stage>(stage: &S, end: &CallEnd) -> Option<Unsettled> {
    let ask = |query: fn(CallRef) -> Query| {
        let answer = stage.query(end.node, &query(end.call));
        answer.and_then(Value::number)
    };
    let outstanding = ask(Query::Unacknowledged).unwrap_or(0);
    if outstanding > 0 {
        return Some(Unsettled::Outstanding(*end, outstanding));
    }
    // Nothing may ever be sent to an end that offers a window of 0, to some (AMB-03).
    let may_send = ask(Query::Window).is_none_or(|window| window > 0);
    let queued = ask(Query::Queued).unwrap_or(0);
    (queued > 0 && may_send).then_some(Unsettled::Waiting(*end, queued))
}

//! Control connections (RFC 2637 §3.1): state, and the ways in which one begins and ends.

mod collision;
mod established;
mod keep_alive;
mod malformed;
mod originator;
mod reading;
mod receiver;
mod stop;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::ops::{Deref, DerefMut};

use pptp_wire::time::Duration;
use pptp_wire::{CallId, ControlMessageType, Framer, ProtocolVersion, Requirement, StopReason};

use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::StartTimeOutAction;
use crate::timer::{Owner, TimerSlot};
use crate::{
    Cause, ConnectionId, Deadline, DeadlineReason, Event, Machine, PlaceCall, Point, Transition,
};

pub(crate) use keep_alive::Echo;
pub(crate) use table::Connections;

/// States of a control connection (RFC 2637 §3.1.1, §3.1.2).
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum ConnectionState {
    /// No start exchange yet, or none any more.
    Idle,
    /// Start-Control-Connection-Request sent.
    WaitControlReply,
    /// The start exchange is complete.
    Established,
    /// Stop-Control-Connection-Request sent.
    WaitStopReply,
}

impl ConnectionState {
    /// The RFC's name with `-` for `_`.
    pub const fn name(self) -> &'static str {
        match self {
            ConnectionState::Idle => "idle",
            ConnectionState::WaitControlReply => "wait-ctl-reply",
            ConnectionState::Established => "established",
            ConnectionState::WaitStopReply => "wait-stop-reply",
        }
    }
}

/// What the TCP connection under an idle control connection is there for.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Phase {
    /// This end has asked for it; it is not open yet.
    Opening,
    /// It was refused, and a deviation keeps this end from noticing.
    Refused,
    /// Open, and in use as its state says.
    Open,
    /// The peer lost the collision and is to close it; not a word is said on it (`CC-027`, `CC-028`).
    Silent,
    /// The stop exchange is over; TCP is to be closed a little later, by whichever end.
    Stopped,
    /// TCP is closed; only calls that a deviation keeps alive are left.
    Gone,
}

/// One control connection. What every message touches comes first.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Connection {
    pub state: ConnectionState,
    pub phase: Phase,
    /// Whether the peer opened it and the start exchange is still to come: what [`crate::Limits::pending_connections`] bounds.
    pub pending: bool,
    /// Whether any octets have come.
    pub has_heard: bool,
    /// Whether this end had a start request under way when the first octets came, where a deviation asks.
    pub met_at_first: bool,
    pub tunnel: u32,
    pub timer: TimerSlot,
    pub keep_alive: TimerSlot,
    pub echo: Echo,
    /// Slots of its calls by this end's Call ID.
    pub calls: BTreeMap<CallId, u32>,
    pub framer: Framer,
    apart: Box<ConnectionApart>,
}

/// What a control connection keeps for its beginning and its end, and for its calls. It is looked at through the connection.
#[derive(Debug)]
pub(crate) struct ConnectionApart {
    pub peer: Ipv4Addr,
    /// Version agreed upon in the start exchange.
    pub version: ProtocolVersion,
    /// The same calls by the peer's Call ID, where it is known.
    pub by_peer_id: BTreeSet<(CallId, u32)>,
    /// PNS: calls that are to be placed once the start exchange is over (`TR-005`).
    pub queued_calls: Vec<PlaceCall>,
    /// PNS: calls in wait_reply.
    pub awaiting_reply: BTreeSet<u32>,
    /// PNS: calls in wait_disconnect whose PAC's Call ID is unknown, in the order of their clears (AMB-38).
    pub clearing: BTreeMap<u64, u32>,
    pub clears: u64,
    /// The message before, kept by a deviation alone.
    pub previous: Vec<u8>,
    /// PAC: the peer's Call IDs of calls that have ended, so that a clear that crossed the end is told from one for no call.
    pub ended_peer_ids: BTreeSet<CallId>,
    /// PNS: the PAC's Call IDs of incoming calls that this end did not take, until the PAC uses them again: a notify with one
    /// may cross the refusal (`PACI-004`).
    pub refused_peer_ids: BTreeSet<CallId>,
}

impl Deref for Connection {
    type Target = ConnectionApart;

    fn deref(&self) -> &ConnectionApart {
        &self.apart
    }
}

impl DerefMut for Connection {
    fn deref_mut(&mut self) -> &mut ConnectionApart {
        &mut self.apart
    }
}

/// A control connection seen from outside.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct ConnectionView {
    /// Which connection.
    pub connection: ConnectionId,
    /// The peer's address.
    pub peer: Ipv4Addr,
    /// Its state, as RFC 2637 names it with `-` for `_`.
    pub state: &'static str,
    /// How many calls it has.
    pub calls: usize,
    /// The version agreed upon in the start exchange; this end's own before that.
    pub version: ProtocolVersion,
}

impl Connection {
    pub fn view(&self, connection: ConnectionId) -> ConnectionView {
        ConnectionView {
            connection,
            peer: self.peer,
            state: self.state.name(),
            calls: self.calls.len(),
            version: self.version,
        }
    }

    /// Whether a call may be begun on it; with `early`, even before the start exchange is over.
    pub fn takes_calls(&self, early: bool) -> bool {
        match self.state {
            ConnectionState::Established => self.phase == Phase::Open,
            ConnectionState::WaitControlReply => early,
            _ => false,
        }
    }

    /// Reads nothing more of the peer's stream.
    pub fn deafen(&mut self) {
        self.framer = Framer::default();
        let _ = self.framer.push(&mut &[u8::MAX; 8][..]);
    }

    /// Whether this end has begun to open it, so that a call may be queued until it stands.
    pub fn is_coming_up(&self) -> bool {
        self.state == ConnectionState::WaitControlReply
            || matches!(self.phase, Phase::Opening | Phase::Refused)
    }

    /// Whether the start exchange was passed, and the connection counts among those that stand.
    fn stands(&self) -> bool {
        self.phase == Phase::Open
            && matches!(
                self.state,
                ConnectionState::Established | ConnectionState::WaitStopReply
            )
    }
}

/// How a TCP connection ends.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    /// This end closes it, or answers the peer's close.
    Close,
    /// This end resets it.
    Reset,
    /// It is gone already.
    Gone,
}

impl Endpoint {
    /// Adds a connection of the endpoint's own or of the peer's making.
    pub(crate) fn add_connection(&mut self, id: ConnectionId, peer: Ipv4Addr, phase: Phase) {
        let tunnel = self.tunnels.join(peer);
        let apart = ConnectionApart {
            peer,
            version: ProtocolVersion(self.config.profile.protocol_version),
            by_peer_id: BTreeSet::new(),
            queued_calls: Vec::new(),
            awaiting_reply: BTreeSet::new(),
            clearing: BTreeMap::new(),
            clears: 0,
            previous: Vec::new(),
            ended_peer_ids: BTreeSet::new(),
            refused_peer_ids: BTreeSet::new(),
        };
        let connection = Connection {
            apart: Box::new(apart),
            tunnel,
            state: ConnectionState::Idle,
            phase,
            pending: !id.is_own(),
            framer: self.new_framer(),
            has_heard: false,
            met_at_first: true,
            timer: TimerSlot::default(),
            keep_alive: TimerSlot::default(),
            echo: Echo::new(self.config.profile.first_echo_identifier),
            calls: BTreeMap::new(),
        };
        self.connections.insert(id, connection);
        self.io
            .reached
            .connection_state(id.is_own(), ConnectionState::Idle);
        if id.is_own() {
            self.tunnels[tunnel].opening.push(id);
        } else {
            self.pending += 1;
        }
    }

    /// Arms the connection's state timer, or disarms it where the span is zero.
    pub(crate) fn await_within(
        &mut self,
        id: ConnectionId,
        span: Duration,
        reason: DeadlineReason,
    ) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        if span == Duration::ZERO {
            self.io.timers.clear(&connection.timer);
        } else {
            let deadline = Deadline {
                at: self.io.now + span,
                reason,
            };
            self.io
                .timers
                .set(&mut connection.timer, Owner::ConnectionState(id), deadline);
        }
    }

    /// Arms the connection's state timer for a message.
    pub(crate) fn await_message(
        &mut self,
        id: ConnectionId,
        message: ControlMessageType,
        within: Duration,
    ) {
        self.await_within(id, within, DeadlineReason::Awaited { message, within });
    }

    /// Puts the connection into a state and tells of the transition.
    pub(crate) fn enter(&mut self, id: ConnectionId, transition: Transition, to: ConnectionState) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let stood = connection.stands();
        let from = connection.state.name();
        connection.state = to;
        let stands = connection.stands();
        let tunnel = connection.tunnel;
        self.io.reached.connection_state(id.is_own(), to);
        self.recount(id, tunnel, stood, stands);
        self.tell_connection(id, transition, from, to.name());
    }

    /// Tells of a transition of the connection's state machine: the originator's or the receiver's.
    pub(crate) fn tell_connection(
        &mut self,
        id: ConnectionId,
        transition: Transition,
        from: &'static str,
        to: &'static str,
    ) {
        let call = self.first_call_of(id).and_then(|slot| self.calls.get(slot));
        let window = call.and_then(|call| call.session.as_ref().and(call.window));
        self.io.reached.transition(transition, window);
        let machine = transition.machine();
        if !matches!(
            machine,
            Machine::ConnectionOriginator | Machine::ConnectionReceiver
        ) {
            // A call that was refused at once.
            self.io.reached.call_state(machine, None);
        }
        let event = Event::Transition {
            transition,
            connection: id,
            call: None,
            from,
            to,
        };
        self.io.outbox.event(event);
    }

    /// The peer broke a requirement on this connection.
    pub(crate) fn violation(&mut self, id: ConnectionId, requirement: Requirement) {
        let event = Event::Violation {
            requirement,
            connection: Some(id),
            call: None,
        };
        self.io.outbox.event(event);
    }

    /// Ends TCP, the control connection and all of its calls (`TR-008`, `STCRQ-005`).
    pub(crate) fn end_connection(
        &mut self,
        id: ConnectionId,
        transition: Option<Transition>,
        ending: Ending,
        cause: Cause,
    ) {
        let ending = match self.phase_of(id) {
            None | Some(Phase::Gone) => return,
            Some(Phase::Refused) => Ending::Gone,
            Some(_) => ending,
        };
        match ending {
            Ending::Close => self.io.outbox.close(id, cause),
            Ending::Reset => self.io.outbox.reset(id, cause),
            Ending::Gone => {}
        }
        if let Some(transition) = transition {
            self.enter(id, transition, ConnectionState::Idle);
        }
        let survives = self.deviates(DeviationId::CallsSurviveStop)
            || ending == Ending::Gone && self.deviates(DeviationId::CallsSurviveReset);
        if !survives {
            self.end_calls_of(id);
        }
        let keep = self
            .connections
            .get(&id)
            .is_some_and(|connection| !connection.calls.is_empty());
        self.forget_connection(id, keep);
    }

    /// The state machine's name for the same step at the originator and at the receiver.
    pub(crate) const fn by_side(
        id: ConnectionId,
        originator: Transition,
        receiver: Transition,
    ) -> Transition {
        if id.is_own() { originator } else { receiver }
    }

    /// The peer has closed or reset the TCP connection, or it could not be opened.
    pub(crate) fn connection_lost(&mut self, id: ConnectionId, ending: Ending) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let on = |deviation| self.config.deviations.contains(deviation);
        match connection.phase {
            Phase::Gone => {}
            // After the stop exchange the control connection is idle already: TCP alone is left.
            Phase::Stopped => self.end_connection(id, None, ending, Cause::Answer),
            _ if ending == Ending::Close && on(DeviationId::IgnoresPeerClose) => {}
            Phase::Opening if on(DeviationId::RefusedConnectHangs) => {
                connection.phase = Phase::Refused;
                self.io.timers.clear(&connection.timer);
            }
            // T-CCO-19, T-CCR-18: all calls of the connection go with it (AMB-41, `TR-008`).
            _ => {
                if !connection.calls.is_empty() {
                    self.io.reached.point(match ending {
                        Ending::Close => Point::ClosedUnderCalls,
                        _ => Point::ResetUnderCalls,
                    });
                }
                let transition = Self::by_side(id, Transition::Cco19, Transition::Ccr18);
                self.end_connection(id, Some(transition), ending, Cause::Answer);
            }
        }
    }

    /// The connection's state timer has run out.
    pub(crate) fn connection_timer(&mut self, id: ConnectionId, reason: DeadlineReason) {
        let Some(connection) = self.connections.get(&id) else {
            return;
        };
        let cause = Cause::Deadline(reason);
        match (connection.state, connection.phase) {
            (ConnectionState::Idle, Phase::Opening) => {
                self.end_connection(id, None, Ending::Reset, cause)
            }
            // The other end was to close it: after the stop exchange, or as the loser of a collision.
            (ConnectionState::Idle, Phase::Stopped | Phase::Silent) => {
                self.end_connection(id, None, Ending::Close, cause)
            }
            // T-CCR-02: 60 s without a start request (`KA-001`).
            (ConnectionState::Idle, _) => {
                if !self.asks_before_start(id, cause) {
                    self.end_connection(id, Some(Transition::Ccr02), Ending::Close, cause);
                }
            }
            // T-CCO-10: 60 s without a start reply (`KA-002`).
            (ConnectionState::WaitControlReply, _) => {
                if self.config.profile.start_time_out_action == StartTimeOutAction::Stop {
                    return self.send_stop_request(id, StopReason::NONE, Transition::Cco10, cause);
                }
                self.end_connection(id, Some(Transition::Cco10), Ending::Close, cause);
            }
            (ConnectionState::Established, _) => self.leave_after_last_call(id, cause),
            // T-CCO-18, T-CCR-14: 60 s without a stop reply (`CC-029`).
            (ConnectionState::WaitStopReply, _) => {
                let transition = Self::by_side(id, Transition::Cco18, Transition::Ccr14);
                self.end_connection(id, Some(transition), Ending::Close, cause);
            }
        }
    }

    fn forget_connection(&mut self, id: ConnectionId, keep: bool) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        self.io.timers.release(&mut connection.timer);
        self.io.timers.release(&mut connection.keep_alive);
        let (tunnel, stood) = (connection.tunnel, connection.stands());
        connection.phase = Phase::Gone;
        connection.state = ConnectionState::Idle;
        self.recount(id, tunnel, stood, false);
        self.settle(id, tunnel);
        if !keep {
            self.connections.remove(&id);
            self.tunnels.leave(tunnel);
        }
    }

    /// Keeps the numbers of standing connections.
    fn recount(&mut self, id: ConnectionId, tunnel: u32, stood: bool, stands: bool) {
        match (stood, stands) {
            (false, true) => {
                self.standing += 1;
                self.tunnels[tunnel].standing += 1;
                self.settle(id, tunnel);
            }
            (true, false) => {
                self.standing -= 1;
                self.tunnels[tunnel].standing -= 1;
            }
            _ => {}
        }
    }

    /// The connection is no longer one that waits for its start exchange.
    fn settle(&mut self, id: ConnectionId, tunnel: u32) {
        self.tunnels[tunnel]
            .opening
            .retain(|&opening| opening != id);
        if let Some(connection) = self.connections.get_mut(&id)
            && connection.pending
        {
            connection.pending = false;
            self.pending -= 1;
        }
    }
}

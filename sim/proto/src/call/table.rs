//! The table of all calls of an endpoint, and how calls enter and leave it.

use core::ops::{Index, IndexMut};

use pptp_wire::time::Duration;
use pptp_wire::{CallId, Requirement};

use super::{Call, CallState};
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::CallIdChoice;
use crate::timer::TimerSlot;
use crate::tunnel::{Assigned, CallIdRange};
use crate::wan_errors::WanErrorReport;
use crate::{CallRef, CommandError, ConnectionId, Event, LimitKind, Machine, Point, WanErrors};

/// All calls by slot. A slot is used again once its call has ended.
#[derive(Debug, Default)]
pub(crate) struct CallTable {
    calls: Vec<Option<Box<Call>>>,
    free: Vec<u32>,
}

impl CallTable {
    /// The call in the slot, if there is one.
    #[inline]
    pub fn get(&self, slot: u32) -> Option<&Call> {
        self.calls.get(slot as usize)?.as_deref()
    }

    /// The call in the slot, if there is one.
    #[inline]
    pub fn get_mut(&mut self, slot: u32) -> Option<&mut Call> {
        self.calls.get_mut(slot as usize)?.as_deref_mut()
    }

    fn add(&mut self, call: Call) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.calls.push(None);
            (self.calls.len() - 1) as u32
        });
        self.calls[slot as usize] = Some(Box::new(call));
        slot
    }

    fn remove(&mut self, slot: u32) -> Option<Box<Call>> {
        let call = self.calls.get_mut(slot as usize)?.take()?;
        self.free.push(slot);
        Some(call)
    }
}

impl Index<u32> for CallTable {
    type Output = Call;
    fn index(&self, slot: u32) -> &Call {
        self.get(slot).expect("slots are named by live calls alone")
    }
}

impl IndexMut<u32> for CallTable {
    fn index_mut(&mut self, slot: u32) -> &mut Call {
        self.get_mut(slot)
            .expect("slots are named by live calls alone")
    }
}

/// Calls that an index of 8 bits tells apart.
const CALLS_OF_8_BITS: usize = 256;
/// The reply to an incoming call that was given up may come so late (RFC 2637 §3.2.1): were its Call ID used again before, it
/// would be taken for the reply to another call.
const LATEST_ANSWER: Duration = Duration::from_secs(60);
/// ACCM until a Set-Link-Info (`SLI-005`).
const DEFAULT_ACCM: u32 = u32::MAX;

impl Endpoint {
    /// A new call in its first state, with a Call ID of this end. `None` when a limit is reached, which is told.
    pub(crate) fn new_call(
        &mut self,
        id: ConnectionId,
        machine: Machine,
        state: CallState,
        peer_call_id: Option<CallId>,
    ) -> Option<u32> {
        let most = usize::from(self.config.profile.calls_per_connection)
            .min(self.config.limits.calls_per_connection);
        let connection = self.connections.get(&id)?;
        let (tunnel, peer) = (connection.tunnel, connection.peer);
        let standing = connection.calls.len();
        if standing >= most {
            self.io.reached.point(Point::CallRefusedAtLimit);
            self.limit(LimitKind::Calls);
            return None;
        }
        let Some(call_id) = self.pick_call_id(tunnel) else {
            self.limit(LimitKind::CallIds);
            return None;
        };
        // Only a Call ID that was picked without a look at those in use can still be another call's.
        if let Assigned::Call(other) = self.tunnels[tunnel].look_up(call_id) {
            self.end_call(other);
        }
        if standing > 0 {
            self.io.reached.point(Point::CallBesideOthers);
        }
        if standing >= CALLS_OF_8_BITS && self.deviates(DeviationId::CallIndexOf8Bits) {
            let calls = self.connections.get(&id).map(|found| found.calls.values());
            if let Some(oldest) = calls.and_then(|slots| slots.copied().min()) {
                self.end_call(oldest);
            }
        }
        let accm = match self.deviates(DeviationId::AccmStartsAt0) {
            true => 0,
            false => DEFAULT_ACCM,
        };
        let slot = self.calls.add(Call {
            connection: id,
            tunnel,
            peer,
            machine,
            state,
            call_id,
            peer_call_id,
            serial_number: 0,
            physical_channel_id: 0,
            own_window: self.config.profile.packet_recv_window_size,
            peer_window: 0,
            peer_delay: 0,
            connect_speed: 0,
            session: None,
            window: None,
            early: Vec::new(),
            unsent: 0,
            linked: false,
            began: self.io.now,
            send_accm: accm,
            receive_accm: accm,
            wan_errors: WanErrorReport::default(),
            wan_errors_seen: WanErrors::default(),
            clear_order: 0,
            timer: TimerSlot::default(),
            hang_up: TimerSlot::default(),
            wan_timer: TimerSlot::default(),
            data_timer: TimerSlot::default(),
        });
        self.enlist(slot);
        Some(slot)
    }

    /// Whether the connection has as many calls as the profile takes.
    pub(crate) fn has_all_calls(&self, id: ConnectionId) -> bool {
        let most = usize::from(self.config.profile.calls_per_connection);
        let connection = self.connections.get(&id);
        connection.is_some_and(|connection| connection.calls.len() >= most)
    }

    /// The same for a call that a command asks for.
    pub(crate) fn new_own_call(
        &mut self,
        id: ConnectionId,
        machine: Machine,
        state: CallState,
    ) -> Result<u32, CommandError> {
        self.new_call(id, machine, state, None)
            .ok_or(CommandError::Limit)
    }

    /// The slot of the call, if this endpoint has it.
    #[inline]
    pub(crate) fn find_call(&self, call: CallRef) -> Option<u32> {
        let connection = self.connections.get(&call.connection)?;
        match self.tunnels[connection.tunnel].look_up(call.call_id) {
            Assigned::Call(slot) => {
                (self.calls.get(slot)?.connection == call.connection).then_some(slot)
            }
            _ => None,
        }
    }

    /// The slot of the call that a message of the peer names by this end's Call ID.
    pub(crate) fn own_call(&self, id: ConnectionId, call_id: CallId) -> Option<u32> {
        self.find_call(CallRef {
            connection: id,
            call_id,
        })
    }

    /// Whether the Call ID was this end's own not long ago, so that a message about it may have crossed the call's end.
    pub(crate) fn was_own(&self, id: ConnectionId, call_id: CallId) -> bool {
        let connection = self.connections.get(&id);
        connection
            .is_some_and(|found| self.tunnels[found.tunnel].look_up(call_id) == Assigned::Released)
    }

    /// The oldest slot among the calls of the connection to which the peer has given this number.
    pub(crate) fn call_by_peer_id(&self, id: ConnectionId, peer_call_id: CallId) -> Option<u32> {
        let connection = self.connections.get(&id)?;
        let mut named = connection
            .by_peer_id
            .range((peer_call_id, 0)..=(peer_call_id, u32::MAX));
        named.next().map(|&(_, slot)| slot)
    }

    /// The peer broke a requirement on this call.
    pub(crate) fn call_violation(&mut self, slot: u32, requirement: Requirement) {
        let call = self.calls[slot].reference();
        let connection = Some(call.connection);
        self.io.outbox.event(Event::Violation {
            requirement,
            connection,
            call: Some(call),
        });
    }

    /// The peer's Call ID has become known. One that already names another call breaks `unique`.
    pub(crate) fn learn_peer_call_id(
        &mut self,
        slot: u32,
        peer_call_id: CallId,
        unique: Requirement,
    ) {
        if self
            .call_by_peer_id(self.calls[slot].connection, peer_call_id)
            .is_some_and(|other| other != slot)
        {
            self.call_violation(slot, unique);
        }
        let call = &mut self.calls[slot];
        let (id, order) = (call.connection, call.clear_order);
        let before = call.peer_call_id.replace(peer_call_id);
        if let Some(connection) = self.connections.get_mut(&id) {
            if let Some(before) = before {
                connection.by_peer_id.remove(&(before, slot));
            }
            connection.by_peer_id.insert((peer_call_id, slot));
            connection.refused_peer_ids.remove(&peer_call_id);
            connection.clearing.remove(&order);
        }
    }

    /// Changes the state of a call and keeps the lists of those that wait.
    pub(crate) fn set_call_state(&mut self, slot: u32, to: CallState) {
        let call = &mut self.calls[slot];
        let changes = call.state != to;
        call.state = to;
        if let Some(connection) = self.connections.get_mut(&call.connection) {
            if to != CallState::WaitReply {
                connection.awaiting_reply.remove(&slot);
            }
            if to == CallState::WaitDisconnect && call.peer_call_id.is_none() {
                connection.clears += 1;
                call.clear_order = connection.clears;
                connection.clearing.insert(call.clear_order, slot);
            }
        }
        if changes {
            self.await_call_message(slot);
        }
    }

    /// Takes a call out of the table. Its Call ID stays out of use for a while (AMB-43).
    pub(crate) fn end_call(&mut self, slot: u32) {
        self.stop_session(slot);
        let Some(mut call) = self.calls.remove(slot) else {
            return;
        };
        for timer in [
            &mut call.timer,
            &mut call.hang_up,
            &mut call.wan_timer,
            &mut call.data_timer,
        ] {
            self.io.timers.release(timer);
        }
        let mut quarantine = self.config.profile.call_id_quarantine;
        if let Some(connection) = self.connections.get_mut(&call.connection) {
            connection.calls.remove(&call.call_id);
            let is_unanswered = connection.awaiting_reply.remove(&slot);
            if is_unanswered && call.machine == Machine::PacIncoming {
                quarantine = quarantine.max(LATEST_ANSWER);
            }
            connection.clearing.remove(&call.clear_order);
            if let Some(peer_call_id) = call.peer_call_id {
                connection.by_peer_id.remove(&(peer_call_id, slot));
                if matches!(call.machine, Machine::PacIncoming | Machine::PacOutgoing) {
                    connection.ended_peer_ids.insert(peer_call_id);
                }
            }
        }
        self.release_call_id(call.tunnel, call.call_id, quarantine);
        self.io.outbox.event(Event::CallEnded {
            call: call.reference(),
            unsent: call.unsent,
        });
    }

    /// Ends all calls of a connection without a word about each (`STCRQ-005`).
    pub(crate) fn end_calls_of(&mut self, id: ConnectionId) {
        while let Some(slot) = self.first_call_of(id) {
            self.end_call(slot);
        }
    }

    /// The call of the connection with the lowest Call ID.
    pub(crate) fn first_call_of(&self, id: ConnectionId) -> Option<u32> {
        self.connections.get(&id)?.calls.values().next().copied()
    }

    fn pick_call_id(&mut self, tunnel: u32) -> Option<CallId> {
        self.forget_released_call_ids();
        if self.deviates(DeviationId::CallIdWithoutCheck) {
            return Some(CallIdRange::new(1, 8, false).any(&mut self.random));
        }
        let profile = &self.config.profile;
        let sequential = profile.call_id_choice == CallIdChoice::Sequential;
        let range = CallIdRange::new(profile.minimum_call_id, profile.maximum_call_id, sequential);
        self.tunnels[tunnel].pick(range, &mut self.random)
    }

    fn enlist(&mut self, slot: u32) {
        let call = &self.calls[slot];
        self.tunnels[call.tunnel].assign(call.call_id, slot);
        if let Some(connection) = self.connections.get_mut(&call.connection) {
            connection.calls.insert(call.call_id, slot);
            if let Some(peer_call_id) = call.peer_call_id {
                connection.by_peer_id.insert((peer_call_id, slot));
                connection.refused_peer_ids.remove(&peer_call_id);
            }
            if call.state == CallState::WaitReply {
                connection.awaiting_reply.insert(slot);
            }
            // The wait after the last call, if that was running, is over.
            if connection.state == crate::connection::ConnectionState::Established {
                self.io.timers.clear(&connection.timer);
            }
        }
        self.await_call_message(slot);
    }

    fn release_call_id(&mut self, tunnel: u32, call_id: CallId, quarantine: Duration) {
        self.tunnels[tunnel].release(call_id);
        let until = self.io.now + quarantine;
        let later = self.released.partition_point(|other| other.0 <= until);
        self.released.insert(later, (until, tunnel, call_id));
        if self.released.len() > self.config.limits.released_call_ids {
            self.limit(LimitKind::ReleasedCallIds);
            self.forget_oldest_call_id();
        }
    }

    fn forget_released_call_ids(&mut self) {
        while self
            .released
            .front()
            .is_some_and(|released| released.0 <= self.io.now)
        {
            self.forget_oldest_call_id();
        }
    }

    fn forget_oldest_call_id(&mut self) {
        if let Some((_, tunnel, call_id)) = self.released.pop_front() {
            self.tunnels.forget(tunnel, call_id);
        }
    }
}

//! How a PNS ends calls: Call-Clear-Request out, Call-Disconnect-Notify in (RFC 2637 §2.12, §2.13).

use pptp_wire::{CallClearRequest, CallDisconnectNotify, CallId, DisconnectResult, Requirement};

use super::CallState;
use crate::connection::Ending;
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::{DisconnectNotifyMatch, EndsCallWith};
use crate::{
    CallRef, Cause, CommandError, ConnectionId, Machine, Outcome, Point, Role, Transition,
};

impl Endpoint {
    /// Local termination, in any state but wait_disconnect (`CCLR-004`).
    pub(crate) fn clear_call(&mut self, call: CallRef) -> Result<Outcome, CommandError> {
        let slot = self.call_for_command(call, Role::Pns)?;
        let found = &self.calls[slot];
        let transition = match (found.machine, found.state) {
            (Machine::PnsOutgoing, CallState::WaitReply) => Transition::Pnso09,
            (Machine::PnsOutgoing, CallState::Established) => Transition::Pnso13,
            (_, CallState::WaitConnect) => Transition::Pnsi06,
            (_, CallState::Established) => Transition::Pnsi08,
            (_, state) => {
                return Err(CommandError::WrongState {
                    state: state.name(),
                });
            }
        };
        match self.config.profile.ends_call_with {
            EndsCallWith::Clear => self.send_clear(slot, transition, Cause::Answer),
            EndsCallWith::ClearAndClose => {
                self.send_clear(slot, transition, Cause::Answer);
                self.end_connection(call.connection, None, Ending::Close, Cause::LastCallEnded);
            }
            EndsCallWith::Close => {
                self.end_connection(call.connection, None, Ending::Close, Cause::LastCallEnded);
            }
        }
        Ok(Outcome::Done)
    }

    /// Sends Call-Clear-Request for each call of a connection that is about to end.
    pub(crate) fn clear_all(&mut self, id: ConnectionId, cause: Cause) {
        while let Some(slot) = self.first_call_of(id) {
            let call_id = self.calls[slot].call_id;
            let request = CallClearRequest {
                call_id,
                ..CallClearRequest::default()
            };
            self.send(id, request, cause);
            self.end_call(slot);
        }
    }

    /// Sends Call-Clear-Request with this end's own Call ID (`CCLR-002`); data of the call stops. T-PNSI-06, T-PNSI-08,
    /// T-PNSO-09, T-PNSO-13.
    pub(crate) fn send_clear(&mut self, slot: u32, transition: Transition, cause: Cause) {
        let call = &self.calls[slot];
        let (id, mut call_id) = (call.connection, call.call_id);
        if self.deviates(DeviationId::ClearCarriesPacId) {
            call_id = call.peer_call_id.unwrap_or(call_id);
        }
        if self.deviates(DeviationId::ClearByNotify) {
            let notify = CallDisconnectNotify {
                call_id,
                ..CallDisconnectNotify::default()
            };
            self.send(id, notify, cause);
        } else {
            let request = CallClearRequest {
                call_id,
                ..CallClearRequest::default()
            };
            self.send(id, request, cause);
        }
        self.stop_session(slot);
        self.enter_call(slot, transition, CallState::WaitDisconnect);
        if self.deviates(DeviationId::ClearWithoutWaiting) {
            self.end_connection(id, None, Ending::Close, cause);
        }
    }

    /// Call-Disconnect-Notify.
    pub(crate) fn disconnect_notify_received(
        &mut self,
        id: ConnectionId,
        notify: &CallDisconnectNotify,
    ) {
        if self.notify_crossed_refusal(id, notify) {
            return;
        }
        let Some(slot) = self.call_disconnected(id, notify) else {
            // A refusal of a clear that crossed the call's end names no call (AMB-37).
            if notify.result_code != DisconnectResult::GENERAL_ERROR {
                self.violation(id, Requirement::Cdn003);
            }
            return;
        };
        let call = &self.calls[slot];
        let unasked = call.state != CallState::WaitDisconnect;
        if !unasked && notify.result_code != DisconnectResult::REQUEST {
            self.io.reached.point(Point::ClearCrossedNotify);
        }
        if unasked && self.deviates(DeviationId::NotifyIgnored) {
            return;
        }
        // T-PNSI-05, T-PNSI-07, T-PNSI-09, T-PNSO-10, T-PNSO-12, T-PNSO-14.
        let transition = match (call.machine, call.state) {
            (Machine::PnsOutgoing, CallState::WaitReply) => Transition::Pnso10,
            (Machine::PnsOutgoing, CallState::WaitDisconnect) => Transition::Pnso14,
            (Machine::PnsOutgoing, _) => Transition::Pnso12,
            (_, CallState::WaitConnect) => Transition::Pnsi05,
            (_, CallState::WaitDisconnect) => Transition::Pnsi09,
            _ => Transition::Pnsi07,
        };
        self.finish_call(slot, transition);
    }

    /// Remembers the PAC's Call ID of an incoming call that this end does not take, unless a live call has it (`ICRQ-002`).
    pub(crate) fn note_refused(&mut self, id: ConnectionId, peer_call_id: CallId) {
        if self.call_by_peer_id(id, peer_call_id).is_some() {
            return;
        }
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.refused_peer_ids.insert(peer_call_id);
        }
    }

    /// The PAC has given up a call (`PACI-004`) while the refusal of it was on the way. The notify names that call by the PAC's
    /// Call ID (`CDN-003`), so that it is for no call that has the same number at this end (AMB-38). An answer to a clear is
    /// for the call that was cleared.
    fn notify_crossed_refusal(&mut self, id: ConnectionId, notify: &CallDisconnectNotify) -> bool {
        if notify.result_code == DisconnectResult::REQUEST
            || self.deviates(DeviationId::CdnMatchedByOwnId)
        {
            return false;
        }
        let connection = self.connections.get_mut(&id);
        connection.is_some_and(|found| found.refused_peer_ids.remove(&notify.call_id))
    }

    /// The call that a notify is for (AMB-38): by the PAC's Call ID; by this end's own, which breaks `CDN-003`; or, where the
    /// PAC's is not known yet, the call that was cleared first, as the PAC answers in order, or else the only one that waits
    /// for its reply.
    fn call_disconnected(
        &mut self,
        id: ConnectionId,
        notify: &CallDisconnectNotify,
    ) -> Option<u32> {
        let by_own_id = self.own_call(id, notify.call_id);
        if self.deviates(DeviationId::CdnMatchedByOwnId) {
            return by_own_id;
        }
        let by_pac_id_alone = match self.config.profile.disconnect_notify_match {
            DisconnectNotifyMatch::Never => return None,
            DisconnectNotifyMatch::PacId => true,
            DisconnectNotifyMatch::Either => false,
        };
        if let Some(slot) = self.call_by_peer_id(id, notify.call_id) {
            return Some(slot);
        }
        if by_pac_id_alone {
            return None;
        }
        let connection = self.connections.get(&id)?;
        let cleared = connection.clearing.values().next().copied();
        // Before Outgoing-Call-Reply any number may be the PAC's own, so that an answer to a clear is first of all one to the
        // call that waits for it.
        let misnamed = by_own_id.filter(|&slot| {
            let clearing = self.calls[slot].state == CallState::WaitDisconnect;
            let other = cleared.is_none() || notify.result_code != DisconnectResult::REQUEST;
            Some(slot) != cleared && (clearing || other)
        });
        if let Some(slot) = misnamed {
            self.call_violation(slot, Requirement::Cdn003);
            return Some(slot);
        }
        let waiting = connection.awaiting_reply.first().copied();
        let only = waiting.filter(|_| connection.awaiting_reply.len() == 1);
        if cleared.is_some() {
            self.io.reached.point(Point::NotifyByOrder);
        }
        match notify.result_code {
            DisconnectResult::REQUEST => cleared,
            _ => cleared.or(only),
        }
    }

    /// The call that a command is about, if its role may do so.
    pub(crate) fn call_for_command(&self, call: CallRef, role: Role) -> Result<u32, CommandError> {
        if self.config.role != role {
            return Err(CommandError::Unsupported);
        }
        self.find_call(call).ok_or(CommandError::UnknownCall)
    }
}

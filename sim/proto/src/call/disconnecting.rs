//! How a PAC ends calls: the telephone, the operator and Call-Clear-Request, each with Call-Disconnect-Notify (RFC 2637
//! §2.12, §2.13).

use pptp_wire::{
    CallClearRequest, CallDisconnectNotify, CallId, DisconnectResult, ErrorCode, Requirement,
};

use super::CallState;
use crate::connection::Ending;
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::{ClearRequest, DisconnectNotifyCallId, DisconnectsWith, UnknownClear};
use crate::{
    CallRef, Cause, CommandError, ConnectionId, DeadlineReason, Machine, Outcome, Point, Role,
    Transition,
};

impl Endpoint {
    /// The call ends for a reason of this end's own (`CDN-002`).
    pub(crate) fn disconnect_call(&mut self, call: CallRef) -> Result<Outcome, CommandError> {
        let slot = self.call_for_command(call, Role::Pac)?;
        let found = &self.calls[slot];
        let transition = match (found.machine, found.state) {
            // T-PACI-05: given up before it was answered (`PACI-004`).
            (Machine::PacIncoming, CallState::WaitReply) => Transition::Paci05,
            // T-PACI-10.
            (Machine::PacIncoming, _) => Transition::Paci10,
            // T-PACO-07.
            (_, CallState::Established) => Transition::Paco07,
            (_, state) => {
                return Err(CommandError::WrongState {
                    state: state.name(),
                });
            }
        };
        self.notify_and_finish(
            slot,
            transition,
            DisconnectResult::ADMIN_SHUTDOWN,
            Cause::Answer,
        );
        Ok(Outcome::Done)
    }

    /// The telephone side has ended the call.
    pub(crate) fn lose_carrier(&mut self, call: CallRef) -> Result<Outcome, CommandError> {
        let slot = self.call_for_command(call, Role::Pac)?;
        let state = self.calls[slot].state;
        if state == CallState::WaitCsAns {
            return Err(CommandError::WrongState {
                state: state.name(),
            });
        }
        self.carrier_lost(slot, Cause::Answer);
        Ok(Outcome::Done)
    }

    /// The far end of the telephone line hangs up.
    pub(crate) fn hung_up(&mut self, slot: u32, reason: DeadlineReason) {
        self.carrier_lost(slot, Cause::Deadline(reason));
    }

    /// Call-Clear-Request, which names the call by the PNS's number.
    pub(crate) fn clear_request_received(&mut self, id: ConnectionId, request: &CallClearRequest) {
        let Some(slot) = self.call_to_clear(id, request.call_id) else {
            return self.unknown_clear(id, request.call_id);
        };
        let call = &self.calls[slot];
        let transition = match (call.machine, call.state) {
            (Machine::PacIncoming, CallState::WaitReply) => Transition::Paci06,
            (Machine::PacIncoming, _) => Transition::Paci08,
            (_, CallState::WaitCsAns) => Transition::Paco04,
            _ => Transition::Paco06,
        };
        let unanswered = matches!(call.state, CallState::WaitCsAns | CallState::WaitReply);
        if unanswered && self.deviates(DeviationId::ClearIgnoredBeforeAnswer) {
            return;
        }
        let closes = self.deviates(DeviationId::ClearClosesControl);
        let action = if closes {
            ClearRequest::Close
        } else {
            self.config.profile.clear_request
        };
        if action == ClearRequest::Close {
            return self.end_connection(id, None, Ending::Close, Cause::Answer);
        }
        // T-PACI-06, T-PACI-08, T-PACO-04, T-PACO-06 (`CCLR-005`, `CDN-005`).
        if !self.deviates(DeviationId::ClearWithoutNotify) {
            let result = DisconnectResult(self.config.profile.clear_result);
            self.send_disconnect_notify(slot, result, Cause::Answer);
        }
        self.finish_call(slot, transition);
        if action == ClearRequest::NotifyAndClose {
            self.end_connection(id, None, Ending::Close, Cause::Answer);
        }
    }

    /// Ends all calls of a connection with a notify for each.
    pub(crate) fn notify_all(&mut self, id: ConnectionId, result: DisconnectResult, cause: Cause) {
        while let Some(slot) = self.first_call_of(id) {
            self.send_disconnect_notify(slot, result, cause);
            self.end_call(slot);
        }
    }

    /// T-PACI-05, T-PACI-09, T-PACO-08 (`PACO-007`).
    fn carrier_lost(&mut self, slot: u32, cause: Cause) {
        let call = &self.calls[slot];
        let transition = match (call.machine, call.state) {
            (Machine::PacIncoming, CallState::WaitReply) => Transition::Paci05,
            (Machine::PacIncoming, _) => Transition::Paci09,
            _ => Transition::Paco08,
        };
        self.notify_and_finish(slot, transition, DisconnectResult::LOST_CARRIER, cause);
    }

    fn notify_and_finish(
        &mut self,
        slot: u32,
        transition: Transition,
        result: DisconnectResult,
        cause: Cause,
    ) {
        if self.config.profile.disconnects_with == DisconnectsWith::Close {
            let id = self.calls[slot].connection;
            return self.end_connection(id, None, Ending::Close, Cause::LastCallEnded);
        }
        let result = self
            .config
            .profile
            .disconnect_result
            .map_or(result, DisconnectResult);
        if !self.deviates(DeviationId::SilentDisconnect) {
            self.send_disconnect_notify(slot, result, cause);
        }
        self.finish_call(slot, transition);
    }

    /// Call-Disconnect-Notify with this end's own Call ID (`CDN-003`, AMB-38); 0 for a call that ends unasked before its
    /// Outgoing-Call-Reply, which alone could have told the PNS that number.
    fn send_disconnect_notify(&mut self, slot: u32, result_code: DisconnectResult, cause: Cause) {
        let call = &self.calls[slot];
        let (id, mut call_id) = (call.connection, call.call_id);
        let peer_id = self.config.profile.disconnect_notify_call_id == DisconnectNotifyCallId::Peer;
        if peer_id || self.deviates(DeviationId::CdnCarriesPnsId) {
            call_id = call.peer_call_id.unwrap_or(CallId(0));
        }
        let untold = call.state == CallState::WaitCsAns;
        if untold && result_code != DisconnectResult::REQUEST {
            call_id = CallId(0);
        }
        if self.deviates(DeviationId::CdnCallIdByteOrder) {
            call_id = CallId(call_id.0.swap_bytes());
        }
        let notify = CallDisconnectNotify {
            call_id,
            result_code,
            ..CallDisconnectNotify::default()
        };
        if self.deviates(DeviationId::DisconnectByClear) {
            let clear = CallClearRequest {
                call_id,
                ..CallClearRequest::default()
            };
            return self.send(id, clear, cause);
        }
        self.send(id, notify, cause);
        if self.deviates(DeviationId::NotifyTwice) {
            self.send(id, notify, cause);
        }
    }

    /// The call that a clear is for: by the PNS's Call ID; or, as that is not known before Incoming-Call-Reply, the only call
    /// that waits for one, if the Call ID was never heard before on this connection (`PACI-006`).
    fn call_to_clear(&self, id: ConnectionId, peer_call_id: CallId) -> Option<u32> {
        if let Some(slot) = self.call_by_peer_id(id, peer_call_id) {
            return Some(slot);
        }
        let connection = self.connections.get(&id)?;
        if self.deviates(DeviationId::ClearIgnoresCallId) {
            let slots = connection.calls.values().copied();
            return slots.min_by_key(|&slot| self.calls[slot].physical_channel_id);
        }
        let fresh = !connection.ended_peer_ids.contains(&peer_call_id);
        let waiting = connection.awaiting_reply.first().copied();
        waiting.filter(|_| fresh && connection.awaiting_reply.len() == 1)
    }

    /// A clear for no call: it may have crossed the call's end (AMB-37).
    fn unknown_clear(&mut self, id: ConnectionId, peer_call_id: CallId) {
        let connection = self.connections.get(&id);
        if !connection.is_some_and(|found| found.ended_peer_ids.contains(&peer_call_id)) {
            self.violation(id, Requirement::Cclr002);
        } else {
            self.io.reached.point(Point::ClearForEndedCall);
        }
        let notify = CallDisconnectNotify {
            call_id: CallId(0),
            ..CallDisconnectNotify::default()
        };
        match self.config.profile.unknown_clear {
            UnknownClear::Ignore => {}
            UnknownClear::Refuse => {
                let result_code = DisconnectResult::GENERAL_ERROR;
                let error_code = self.error_code(ErrorCode::BAD_CALL_ID);
                self.send(
                    id,
                    CallDisconnectNotify {
                        result_code,
                        error_code,
                        ..notify
                    },
                    Cause::Answer,
                );
            }
            UnknownClear::Notify => {
                let result_code = DisconnectResult::REQUEST;
                self.send(
                    id,
                    CallDisconnectNotify {
                        result_code,
                        ..notify
                    },
                    Cause::Answer,
                );
            }
            UnknownClear::Close => self.end_connection(id, None, Ending::Close, Cause::Answer),
        }
    }
}

//! Incoming calls at the PNS (RFC 2637 §3.2.3.2).

use pptp_wire::{
    CallId, ErrorCode, IncomingCallConnected, IncomingCallReply, IncomingCallRequest,
    IncomingCallResult, Requirement,
};

use super::CallState;
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::{CrossingReply, IncomingCalls};
use crate::{Cause, ConnectionId, Machine, Transition};

impl Endpoint {
    /// Incoming-Call-Request: refused (T-PNSI-01, T-PNSI-02) or accepted (T-PNSI-03).
    pub(crate) fn incoming_call_request_received(
        &mut self,
        id: ConnectionId,
        request: &IncomingCallRequest,
    ) {
        if self.config.profile.incoming_calls == IncomingCalls::Ignore {
            return self.note_refused(id, request.call_id);
        }
        let peer_call_id = request.call_id;
        if self.call_by_peer_id(id, peer_call_id).is_some() {
            // `ICRQ-002`; Bad-Call ID (`ERR-006`).
            self.violation(id, Requirement::Icrq002);
            let result = IncomingCallResult::GENERAL_ERROR;
            return self.refuse_incoming(id, peer_call_id, result, ErrorCode::BAD_CALL_ID);
        }
        if !self.config.profile.accepts_calls {
            let result = IncomingCallResult::DO_NOT_ACCEPT;
            return self.refuse_incoming(id, peer_call_id, result, ErrorCode::NONE);
        }
        let machine = Machine::PnsIncoming;
        let Some(slot) = self.new_call(id, machine, CallState::WaitConnect, Some(peer_call_id))
        else {
            // No-Resource (`ERR-005`).
            let result = IncomingCallResult::GENERAL_ERROR;
            return self.refuse_incoming(id, peer_call_id, result, ErrorCode::NO_RESOURCE);
        };
        let call = &mut self.calls[slot];
        call.serial_number = request.call_serial_number;
        call.physical_channel_id = request.physical_channel_id;
        // T-PNSI-03 (`PNSI-002`).
        self.send_incoming_call_reply(slot);
        self.begin_call(slot, Transition::Pnsi03);
    }

    /// Incoming-Call-Connected. Peer's Call ID names the call by this end's number (`ICCN-002`).
    pub(crate) fn incoming_call_connected_received(
        &mut self,
        id: ConnectionId,
        connected: &IncomingCallConnected,
    ) {
        let slot = self.own_call(id, connected.peer_call_id);
        let Some(slot) = slot.filter(|&slot| self.calls[slot].machine == Machine::PnsIncoming)
        else {
            return self.violation(id, Requirement::Iccn002);
        };
        match self.calls[slot].state {
            CallState::WaitConnect => self.incoming_call_up(slot, connected, Transition::Pnsi04),
            CallState::WaitDisconnect => self.late_connected(slot, connected),
            _ if self.deviates(DeviationId::SecondConnectedRestartsCall) => {
                self.stop_session(slot);
                self.incoming_call_up(slot, connected, Transition::Pnsi04);
            }
            _ => self.call_violation(slot, Requirement::Iccn001),
        }
    }

    /// T-PNSI-04 (`PNSI-003`).
    fn incoming_call_up(
        &mut self,
        slot: u32,
        connected: &IncomingCallConnected,
        transition: Transition,
    ) {
        let call = &mut self.calls[slot];
        call.peer_window = connected.packet_recv_window_size;
        call.peer_delay = connected.packet_transmit_delay;
        self.enter_call(slot, transition, CallState::Established);
        self.start_session(slot);
        self.link_info_on_connect(slot);
    }

    /// T-PNSI-10: the message crossed the clear and changes nothing (AMB-39).
    fn late_connected(&mut self, slot: u32, connected: &IncomingCallConnected) {
        if self.config.profile.crossing_reply == CrossingReply::Close {
            let connection = self.calls[slot].connection;
            return self.end_malformed(connection);
        }
        if self.deviates(DeviationId::LateReplyRevivesCall) {
            return self.incoming_call_up(slot, connected, Transition::Pnsi10);
        }
        self.stay_in_call(slot, Transition::Pnsi10);
    }

    fn send_incoming_call_reply(&mut self, slot: u32) {
        if self.deviates(DeviationId::NoCallReply) {
            return;
        }
        let call = &self.calls[slot];
        let id = call.connection;
        let mut reply = IncomingCallReply {
            call_id: call.call_id,
            peer_call_id: call.peer_call_id.unwrap_or(CallId(0)),
            result_code: IncomingCallResult::CONNECT,
            error_code: ErrorCode::NONE,
            packet_recv_window_size: call.own_window,
            packet_transmit_delay: self.config.profile.packet_processing_delay,
            ..IncomingCallReply::default()
        };
        if self.deviates(DeviationId::ReplyPeerCallIdWrong) {
            reply.peer_call_id = reply.call_id;
        }
        if self.deviates(DeviationId::ErrorCodeWithoutResult) {
            reply.error_code = ErrorCode::BAD_VALUE;
        }
        self.send(id, reply, Cause::Answer);
        if self.deviates(DeviationId::ReplyTwice) {
            self.send(id, reply, Cause::Answer);
        }
    }
}

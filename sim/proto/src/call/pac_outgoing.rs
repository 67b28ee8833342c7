//! Outgoing calls at the PAC (RFC 2637 §3.2.4.1).

use pptp_wire::time::Duration;
use pptp_wire::{
    CallId, ErrorCode, OutgoingCallReply, OutgoingCallRequest, OutgoingCallResult, Requirement,
};

use super::CallState;
use crate::connection::Ending;
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::TooManyCalls;
use crate::timer::Owner;
use crate::{Cause, ConnectionId, Deadline, DeadlineReason, Machine, Transition};

/// The first packet of a PPP link: LCP Configure-Request without options (RFC 1661 §5.1).
const CONFIGURE_REQUEST: &[u8] = &[0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 4];

impl Endpoint {
    /// Outgoing-Call-Request: refused (T-PACO-01) or dialled (T-PACO-02).
    pub(crate) fn outgoing_call_request_received(
        &mut self,
        id: ConnectionId,
        request: &OutgoingCallRequest,
    ) {
        let peer_call_id = request.call_id;
        if self.call_by_peer_id(id, peer_call_id).is_some() {
            // `OCRQ-002`; Bad-Call ID (`ERR-006`).
            self.violation(id, Requirement::Ocrq002);
            let result = OutgoingCallResult::GENERAL_ERROR;
            return self.refuse_outgoing(id, peer_call_id, result, ErrorCode::BAD_CALL_ID);
        }
        if self.deviates(DeviationId::SamePeerIdCloses) && self.names_a_call(peer_call_id) {
            return self.end_connection(id, None, Ending::Close, Cause::Answer);
        }
        if !self.config.profile.accepts_calls {
            let result = OutgoingCallResult::DO_NOT_ACCEPT;
            return self.refuse_outgoing(id, peer_call_id, result, ErrorCode::NONE);
        }
        if self.deviates(DeviationId::SecondCallSameId)
            && let Some(first) = self.first_call_of(id)
        {
            let mut reply = self.outgoing_call_reply(first, OutgoingCallResult::CONNECTED);
            reply.call_id = self.calls[first].call_id;
            reply.peer_call_id = peer_call_id;
            return self.send(id, reply, Cause::Answer);
        }
        let excess = self.config.profile.too_many_calls;
        let replaces = excess == TooManyCalls::Replace && self.has_all_calls(id);
        if replaces || self.deviates(DeviationId::SecondCallReplacesFirst) {
            self.end_calls_of(id);
        }
        let full = self.has_all_calls(id);
        let machine = Machine::PacOutgoing;
        let Some(slot) = self.new_call(id, machine, CallState::WaitCsAns, Some(peer_call_id))
        else {
            // No-Resource (`ERR-005`).
            let result = OutgoingCallResult::GENERAL_ERROR;
            let error = match full && excess == TooManyCalls::NotConnected {
                true => ErrorCode::NOT_CONNECTED,
                false => ErrorCode::NO_RESOURCE,
            };
            return self.refuse_outgoing(id, peer_call_id, result, error);
        };
        self.note_outgoing_request(slot, request);
        // T-PACO-02 (`PACO-002`).
        self.begin_call(slot, Transition::Paco02);
        if self.deviates(DeviationId::DataBeforeConnect) {
            self.start_session(slot);
            let _ = self.send_payload(self.calls[slot].reference(), CONFIGURE_REQUEST);
        }
        let at_once = self.config.telephone.answers_after == Duration::ZERO;
        if at_once || self.deviates(DeviationId::ReplyBeforeAnswer) {
            return self.dialled(slot, DeadlineReason::Telephone, Cause::Answer);
        }
        self.dial(slot);
    }

    /// Whether a call of any connection has this number of its peer's.
    fn names_a_call(&self, peer_call_id: CallId) -> bool {
        self.connections
            .keys()
            .any(|&id| self.call_by_peer_id(id, peer_call_id).is_some())
    }

    /// The telephone has answered, or will not, or the PAC's own time for it is over.
    pub(crate) fn dialling_over(&mut self, slot: u32, reason: DeadlineReason) {
        self.dialled(slot, reason, Cause::Deadline(reason));
    }

    fn dialled(&mut self, slot: u32, reason: DeadlineReason, cause: Cause) {
        let mut result = self.config.telephone.outcome.result();
        if reason != DeadlineReason::Telephone {
            // `OCRP-012`.
            result = OutgoingCallResult::TIME_OUT;
        } else if self.deviates(DeviationId::ReplyBeforeAnswer) {
            result = OutgoingCallResult::CONNECTED;
        }
        if result == OutgoingCallResult::CONNECTED {
            return self.answered(slot, cause);
        }
        // T-PACO-03 (`PACO-003`): Error Code 0, the Result says it all (`OCRP-005`, AMB-29).
        let reply = self.outgoing_call_reply(slot, result);
        self.send_call_reply(slot, reply, cause);
        self.finish_call(slot, Transition::Paco03);
    }

    /// T-PACO-05 (`PACO-005`, `OCRP-001`).
    fn answered(&mut self, slot: u32, cause: Cause) {
        let mut reply = self.outgoing_call_reply(slot, OutgoingCallResult::CONNECTED);
        let call = &self.calls[slot];
        reply.call_id = call.call_id;
        reply.connect_speed = call.connect_speed;
        reply.packet_recv_window_size = call.own_window;
        reply.packet_processing_delay = self.config.profile.packet_processing_delay;
        reply.physical_channel_id = call.physical_channel_id;
        if self.deviates(DeviationId::ConnectSpeedByteOrder) {
            // A 16-bit swap stored in 32 bits of a little-endian host: 10 000 000 leaves as 0x96800000 (KB-29).
            reply.connect_speed = u32::from((reply.connect_speed as u16).swap_bytes()).swap_bytes();
        }
        if self.deviates(DeviationId::ErrorCodeWithoutResult) {
            reply.error_code = ErrorCode::BAD_VALUE;
        }
        self.send_call_reply(slot, reply, cause);
        self.enter_call(slot, Transition::Paco05, CallState::Established);
        self.start_session(slot);
        self.wait_for_hang_up(slot);
    }

    fn send_call_reply(&mut self, slot: u32, reply: OutgoingCallReply, cause: Cause) {
        let id = self.calls[slot].connection;
        if self.deviates(DeviationId::NoCallReply) {
            return;
        }
        self.send(id, reply, cause);
        if self.deviates(DeviationId::ReplyTwice) {
            self.send(id, reply, cause);
        }
    }

    fn outgoing_call_reply(&self, slot: u32, result_code: OutgoingCallResult) -> OutgoingCallReply {
        let call = &self.calls[slot];
        let mut peer_call_id = call.peer_call_id.unwrap_or(CallId(0));
        if self.deviates(DeviationId::ReplyPeerCallIdWrong) {
            peer_call_id = call.call_id;
        }
        OutgoingCallReply {
            call_id: CallId(0),
            peer_call_id,
            result_code,
            error_code: ErrorCode::NONE,
            connect_speed: 0,
            packet_recv_window_size: 0,
            ..OutgoingCallReply::default()
        }
    }

    /// Keeps what the request says about the session (`OCRQ-014`).
    fn note_outgoing_request(&mut self, slot: u32, request: &OutgoingCallRequest) {
        let physical_channel_id = self.next_physical_channel();
        let profile = &self.config.profile;
        let call = &mut self.calls[slot];
        call.serial_number = request.call_serial_number;
        call.peer_window = request.packet_recv_window_size;
        call.peer_delay = request.packet_processing_delay;
        call.physical_channel_id = physical_channel_id;
        if let Some(window) = profile.reply_recv_window_size {
            call.own_window = window;
        }
        if profile.copies_window {
            call.own_window = request.packet_recv_window_size;
        }
        // A line within the range that was asked for (AMB-46).
        call.connect_speed = match profile.copies_maximum_bps {
            true => request.maximum_bps,
            false if !profile.keeps_to_bps_range => profile.connect_speed,
            false => profile
                .connect_speed
                .max(request.minimum_bps)
                .min(request.maximum_bps),
        };
    }

    fn dial(&mut self, slot: u32) {
        let answers_after = self.config.telephone.answers_after;
        let dial_time_out = self.config.profile.dial_time_out;
        let gives_up = dial_time_out != Duration::ZERO && dial_time_out < answers_after;
        let (span, reason) = match gives_up {
            true => (dial_time_out, DeadlineReason::DialTimeOut(dial_time_out)),
            false => (answers_after, DeadlineReason::Telephone),
        };
        let deadline = Deadline {
            at: self.io.now + span,
            reason,
        };
        self.io.timers.set(
            &mut self.calls[slot].timer,
            Owner::CallState(slot),
            deadline,
        );
    }
}

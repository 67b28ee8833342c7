//! Incoming calls at the PAC (RFC 2637 §3.2.3.1).

use pptp_wire::{
    CallBearerType, CallId, FramingType, IncomingCallConnected, IncomingCallReply,
    IncomingCallRequest, IncomingCallResult, Requirement,
};

use super::CallState;
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::timer::Owner;
use crate::{
    Cause, CommandError, ConnectionId, Deadline, DeadlineReason, Machine, Outcome, Ring, Role,
    Transition,
};

impl Endpoint {
    /// T-PACI-01: a line rings (`PACI-001`).
    pub(crate) fn ring(
        &mut self,
        connection: Option<ConnectionId>,
        options: &Ring,
    ) -> Result<Outcome, CommandError> {
        if self.config.role != Role::Pac || !self.config.profile.reports_incoming_calls {
            return Err(CommandError::Unsupported);
        }
        let id = self.connection_for_calls(connection)?;
        let slot = self.new_own_call(id, Machine::PacIncoming, CallState::WaitReply)?;
        let request = self.incoming_call_request(slot, options);
        self.send(id, request, Cause::Answer);
        if self.deviates(DeviationId::ConnectWithoutAnswer) {
            let connected = self.incoming_call_connected(slot);
            self.send(id, connected, Cause::Answer);
        }
        self.begin_call(slot, Transition::Paci01);
        Ok(Outcome::Call(self.calls[slot].reference()))
    }

    /// Incoming-Call-Reply. Peer's Call ID names the call by this end's number (`ICRP-003`).
    pub(crate) fn incoming_call_reply_received(
        &mut self,
        id: ConnectionId,
        reply: &IncomingCallReply,
    ) {
        let slot = self.own_call(id, reply.peer_call_id);
        let Some(slot) = slot.filter(|&slot| self.calls[slot].machine == Machine::PacIncoming)
        else {
            // The reply may have crossed this end's disconnect; a clear may then follow it.
            if !self.was_own(id, reply.peer_call_id) {
                self.violation(id, Requirement::Icrp003);
            } else if let Some(connection) = self.connections.get_mut(&id) {
                connection.ended_peer_ids.insert(reply.call_id);
            }
            return;
        };
        if self.calls[slot].state != CallState::WaitReply {
            return self.call_violation(slot, Requirement::Icrp001);
        }
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.awaiting_reply.remove(&slot);
        }
        match reply.result_code {
            IncomingCallResult::CONNECT => self.incoming_call_accepted(slot, reply),
            _ if self.deviates(DeviationId::RefusalTakenForSuccess) => {
                self.incoming_call_accepted(slot, reply)
            }
            // T-PACI-03 (`PACI-002`, `ICRP-009`).
            IncomingCallResult::DO_NOT_ACCEPT => self.finish_call(slot, Transition::Paci03),
            // T-PACI-02: Result 2, and what the RFC does not define.
            _ => self.finish_call(slot, Transition::Paci02),
        }
    }

    /// Starts the wait for the far end of the telephone line to hang up.
    pub(crate) fn wait_for_hang_up(&mut self, slot: u32) {
        if self.deviates(DeviationId::WanErrorsWithoutError) {
            self.send_wan_errors(slot, Cause::Answer);
        }
        if let Some(span) = self.config.telephone.hangs_up_after {
            let deadline = Deadline {
                at: self.io.now + span,
                reason: DeadlineReason::HangsUp(span),
            };
            self.io
                .timers
                .set(&mut self.calls[slot].hang_up, Owner::HangUp(slot), deadline);
        }
    }

    /// T-PACI-04 (`PACI-003`, `ICCN-001`).
    fn incoming_call_accepted(&mut self, slot: u32, reply: &IncomingCallReply) {
        let call = &mut self.calls[slot];
        // The PNS's own window and delay, whatever the text says (AMB-22).
        call.peer_window = reply.packet_recv_window_size;
        call.peer_delay = reply.packet_transmit_delay;
        if self.config.profile.copies_window {
            call.own_window = reply.packet_recv_window_size;
        }
        let id = call.connection;
        self.learn_peer_call_id(slot, reply.call_id, Requirement::Icrp002);
        if !self.deviates(DeviationId::NeverConnected) {
            let connected = self.incoming_call_connected(slot);
            self.send(id, connected, Cause::Answer);
        }
        self.enter_call(slot, Transition::Paci04, CallState::Established);
        self.start_session(slot);
        self.wait_for_hang_up(slot);
    }

    fn incoming_call_connected(&self, slot: u32) -> IncomingCallConnected {
        let profile = &self.config.profile;
        let call = &self.calls[slot];
        let own_id = self.deviates(DeviationId::ConnectedCarriesOwnId);
        let peer_call_id = call.peer_call_id.filter(|_| !own_id);
        IncomingCallConnected {
            peer_call_id: peer_call_id.unwrap_or(if own_id { call.call_id } else { CallId(0) }),
            connect_speed: profile.incoming_connect_speed,
            packet_recv_window_size: call.own_window,
            packet_transmit_delay: profile.packet_processing_delay,
            framing_type: FramingType(profile.incoming_framing_type),
            ..IncomingCallConnected::default()
        }
    }

    fn incoming_call_request(&mut self, slot: u32, options: &Ring) -> IncomingCallRequest {
        let call_serial_number = options
            .call_serial_number
            .unwrap_or_else(|| self.next_serial_number());
        let physical_channel_id = options
            .physical_channel_id
            .unwrap_or_else(|| self.next_physical_channel());
        let bearer = CallBearerType(self.config.profile.call_bearer_type);
        let call = &mut self.calls[slot];
        call.serial_number = call_serial_number;
        call.physical_channel_id = physical_channel_id;
        IncomingCallRequest {
            call_id: call.call_id,
            call_serial_number,
            call_bearer_type: options.call_bearer_type.unwrap_or(bearer),
            physical_channel_id,
            dialed_number_length: options.dialed_number.used().len() as u16,
            dialing_number_length: options.dialing_number.used().len() as u16,
            dialed_number: options.dialed_number,
            dialing_number: options.dialing_number,
            subaddress: options.subaddress,
        }
    }
}

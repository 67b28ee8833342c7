//! Outgoing calls at the PNS (RFC 2637 §3.2.4.2).

use pptp_wire::{
    BearerType, FramingType, OutgoingCallReply, OutgoingCallRequest, OutgoingCallResult,
    Requirement,
};

use super::CallState;
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::CrossingReply;
use crate::{
    Cause, CommandError, ConnectionId, Machine, Outcome, PlaceCall, Point, Role, Transition,
};

/// Digits of a phone number at most (`OCRQ-010`).
const MOST_DIGITS: u16 = 64;

impl Endpoint {
    /// T-PNSO-01: an open indication sends Outgoing-Call-Request (`PNSO-001`).
    pub(crate) fn place_call(
        &mut self,
        connection: Option<ConnectionId>,
        options: &PlaceCall,
    ) -> Result<Outcome, CommandError> {
        if self.config.role != Role::Pns {
            return Err(CommandError::Unsupported);
        }
        if let Some(id) = self.connection_coming_up(connection) {
            return self.queue_call(id, options);
        }
        let id = self.connection_for_calls(connection)?;
        let slot = self.new_own_call(id, Machine::PnsOutgoing, CallState::WaitReply)?;
        let request = self.outgoing_call_request(slot, options);
        self.send(id, request, Cause::Answer);
        self.begin_call(slot, Transition::Pnso01);
        Ok(Outcome::Call(self.calls[slot].reference()))
    }

    /// The connection for a call that is to wait until it stands: the named one, or else the first, where none stands.
    fn connection_coming_up(&self, connection: Option<ConnectionId>) -> Option<ConnectionId> {
        if self.connection_for_calls(connection).is_ok() {
            return None;
        }
        let mut candidates = self.connections.iter().filter(|&(&id, found)| {
            connection.is_none_or(|named| named == id) && found.is_coming_up()
        });
        candidates.next().map(|(&id, _)| id)
    }

    /// No call message goes out before the start exchange is over (`TR-005`): the call waits for that.
    fn queue_call(
        &mut self,
        id: ConnectionId,
        options: &PlaceCall,
    ) -> Result<Outcome, CommandError> {
        let most = self.config.limits.calls_per_connection;
        let connection = self
            .connections
            .get_mut(&id)
            .ok_or(CommandError::UnknownConnection)?;
        if connection.queued_calls.len() >= most {
            return Err(CommandError::Limit);
        }
        connection.queued_calls.push(options.clone());
        self.io.reached.point(Point::CallQueued);
        Ok(Outcome::Done)
    }

    /// The start exchange is over: the calls that waited for it are placed, all of them (T-PNSO-01).
    pub(crate) fn place_queued_calls(&mut self, id: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let mut queued = core::mem::take(&mut connection.queued_calls);
        if self.deviates(DeviationId::OnlyFirstQueuedCallStarts) {
            queued.truncate(1);
        }
        for options in queued {
            // One that finds no Call ID or no room any more is given up; the limit was an event.
            let _ = self.place_call(Some(id), &options);
        }
    }

    /// The calls that wait for one connection are to wait for another.
    pub(crate) fn move_queued_calls(&mut self, from: ConnectionId, to: ConnectionId) {
        let Some(connection) = self.connections.get_mut(&from) else {
            return;
        };
        let calls = core::mem::take(&mut connection.queued_calls);
        if !calls.is_empty() {
            self.io.reached.point(Point::CallsMoved);
        }
        if let Some(connection) = self.connections.get_mut(&to) {
            connection.queued_calls.extend(calls);
        }
    }

    /// Outgoing-Call-Reply. Peer's Call ID names the call by this end's number (`OCRP-003`).
    pub(crate) fn outgoing_call_reply_received(
        &mut self,
        id: ConnectionId,
        reply: &OutgoingCallReply,
    ) {
        let slot = self.own_call(id, reply.peer_call_id);
        let Some(slot) = slot.filter(|&slot| self.calls[slot].machine == Machine::PnsOutgoing)
        else {
            // A second reply for a call that the first one ended, or a reply for none at all.
            let second = self.was_own(id, reply.peer_call_id);
            let requirement = if second {
                Requirement::Ocrp011
            } else {
                Requirement::Ocrp003
            };
            return self.violation(id, requirement);
        };
        match self.calls[slot].state {
            CallState::WaitReply => self.outgoing_call_decided(slot, reply),
            CallState::WaitDisconnect => self.late_outgoing_reply(slot, reply),
            _ => self.call_violation(slot, Requirement::Ocrp011),
        }
    }

    fn outgoing_call_decided(&mut self, slot: u32, reply: &OutgoingCallReply) {
        let transition = match reply.result_code {
            _ if self.deviates(DeviationId::RefusalTakenForSuccess) => {
                return self.outgoing_call_connected(slot, reply, Transition::Pnso08);
            }
            OutgoingCallResult::CONNECTED => {
                return self.outgoing_call_connected(slot, reply, Transition::Pnso08);
            }
            OutgoingCallResult::NO_CARRIER => Transition::Pnso03,
            OutgoingCallResult::BUSY => Transition::Pnso04,
            OutgoingCallResult::NO_DIAL_TONE => Transition::Pnso05,
            OutgoingCallResult::TIME_OUT => Transition::Pnso06,
            OutgoingCallResult::DO_NOT_ACCEPT => Transition::Pnso07,
            // T-PNSO-02: Result 2, and what the RFC does not define.
            _ => Transition::Pnso02,
        };
        // T-PNSO-02, T-PNSO-03, T-PNSO-04, T-PNSO-05, T-PNSO-06, T-PNSO-07 (`PNSO-002`).
        self.finish_call(slot, transition);
    }

    /// T-PNSO-08 (`PNSO-003`).
    fn outgoing_call_connected(
        &mut self,
        slot: u32,
        reply: &OutgoingCallReply,
        transition: Transition,
    ) {
        let call = &mut self.calls[slot];
        call.peer_window = reply.packet_recv_window_size;
        call.peer_delay = reply.packet_processing_delay;
        call.physical_channel_id = reply.physical_channel_id;
        self.learn_peer_call_id(slot, reply.call_id, Requirement::Ocrp002);
        self.enter_call(slot, transition, CallState::Established);
        self.start_session(slot);
        self.link_info_on_connect(slot);
    }

    /// T-PNSO-15: the reply crossed the clear. Success must not bring the call up (`PNSO-007`, AMB-39); failure says that no
    /// call stands, so that no notify will follow, and the call is over.
    fn late_outgoing_reply(&mut self, slot: u32, reply: &OutgoingCallReply) {
        if self.config.profile.crossing_reply == CrossingReply::Close {
            let connection = self.calls[slot].connection;
            return self.end_malformed(connection);
        }
        if reply.result_code != OutgoingCallResult::CONNECTED {
            return self.finish_call(slot, Transition::Pnso15);
        }
        if self.deviates(DeviationId::LateReplyRevivesCall) {
            return self.outgoing_call_connected(slot, reply, Transition::Pnso15);
        }
        self.learn_peer_call_id(slot, reply.call_id, Requirement::Ocrp002);
        self.stay_in_call(slot, Transition::Pnso15);
    }

    fn outgoing_call_request(&mut self, slot: u32, options: &PlaceCall) -> OutgoingCallRequest {
        let call_serial_number = options
            .call_serial_number
            .unwrap_or_else(|| self.next_serial_number());
        let swaps_length = self.deviates(DeviationId::PhoneLengthByteOrder);
        let limits_swapped = self.deviates(DeviationId::PhoneLengthLimitSwapped);
        let digits = options.phone_number.used().len() as u16;
        let profile = &self.config.profile;
        let window = options
            .packet_recv_window_size
            .unwrap_or(profile.packet_recv_window_size);
        let call = &mut self.calls[slot];
        call.own_window = window;
        call.serial_number = call_serial_number;
        OutgoingCallRequest {
            call_id: call.call_id,
            call_serial_number,
            minimum_bps: options.minimum_bps.unwrap_or(profile.minimum_bps),
            maximum_bps: options.maximum_bps.unwrap_or(profile.maximum_bps),
            bearer_type: BearerType(options.bearer_type.unwrap_or(profile.bearer_type)),
            framing_type: FramingType(options.framing_type.unwrap_or(profile.framing_type)),
            packet_recv_window_size: window,
            packet_processing_delay: options
                .packet_processing_delay
                .unwrap_or(profile.packet_processing_delay),
            phone_number_length: if swaps_length {
                digits.swap_bytes()
            } else if limits_swapped && digits > 0 {
                MOST_DIGITS.swap_bytes()
            } else {
                digits
            },
            phone_number: options.phone_number,
            subaddress: options.subaddress,
            ..OutgoingCallRequest::default()
        }
    }
}

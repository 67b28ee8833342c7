//! Messages that are not what they should be: lost step, unknown types, wrong lengths, bad values (RFC 2637 §3, §2.16; AMB-33).

use pptp_wire::{
    Body, CallId, ControlMessage, ControlMessageType, EchoResult, ErrorCode, Header,
    IncomingCallReply, IncomingCallResult, MAXIMUM_LENGTH, OutgoingCallReply, OutgoingCallResult,
    PptpMessageType, StartResult, StopControlConnectionReply, StopReason, StopResult,
    validate_control,
};

use super::{ConnectionState, Ending};
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::{
    BadValue, ErrorNumbering, LostSynchronisation, MalformedMessage, ManagementMessage,
    ReservedField, WrongLength,
};
use crate::{Cause, ConnectionId, Point, Transition};

impl Endpoint {
    /// The stream makes no sense any more: the connection ends at once (`HDR-009`).
    pub(crate) fn lost_synchronisation(&mut self, id: ConnectionId) {
        self.io.reached.point(Point::StepLost);
        match self.config.profile.lost_synchronisation {
            LostSynchronisation::Close | LostSynchronisation::Resynchronise => {
                self.end_malformed(id)
            }
            LostSynchronisation::Reset => {
                let transition = Self::by_side(id, Transition::Cco20, Transition::Ccr19);
                self.end_connection(id, Some(transition), Ending::Reset, Cause::Malformed);
            }
            LostSynchronisation::Stop => {
                let transition = Self::by_side(id, Transition::Cco20, Transition::Ccr19);
                self.send_stop_request(id, StopReason::STOP_PROTOCOL, transition, Cause::Malformed);
            }
        }
    }

    /// The message in a frame, or `None` where it was dealt with as malformed.
    pub(crate) fn understand(&mut self, id: ConnectionId, octets: &[u8]) -> Option<ControlMessage> {
        let header = Header::decode(octets).ok()?;
        if header.pptp_message_type != PptpMessageType::CONTROL {
            match self.config.profile.management_message {
                ManagementMessage::Process => {}
                ManagementMessage::Ignore => return None,
                ManagementMessage::Close => {
                    self.end_malformed(id);
                    return None;
                }
            }
        }
        let Some(length) = header.control_message_type.length() else {
            // `HDR-015`.
            let ignores = self.config.profile.unknown_message_type != MalformedMessage::Close
                || self.deviates(DeviationId::IgnoresUnknownType);
            if !ignores {
                self.end_malformed(id);
            }
            return None;
        };
        let message = match octets.len() == usize::from(length) {
            true => ControlMessage::decode(octets).ok()?,
            false => self.mend_length(id, header, octets, usize::from(length))?,
        };
        self.refuse_bad_fields(id, octets, &message)
            .then_some(message)
    }

    /// A message whose Length is not that of its type.
    fn mend_length(
        &mut self,
        id: ConnectionId,
        header: Header,
        octets: &[u8],
        length: usize,
    ) -> Option<ControlMessage> {
        let mut mended = [0; MAXIMUM_LENGTH];
        let stale = self.deviates(DeviationId::ShortBodyUsesStaleBuffer) && octets.len() < length;
        if stale && let Some(connection) = self.connections.get(&id) {
            mended[..connection.previous.len()].copy_from_slice(&connection.previous);
        }
        let present = octets.len().min(length);
        mended[..present].copy_from_slice(&octets[..present]);
        let message = ControlMessage::decode(&mended[..length]).ok()?;
        if stale || self.deviates(DeviationId::AcceptsAnyLength) {
            return Some(message);
        }
        match self.config.profile.wrong_length {
            WrongLength::AcceptAny => return Some(message),
            WrongLength::Accept if octets.len() > length => return Some(message),
            WrongLength::Accept | WrongLength::Close => self.end_malformed(id),
            WrongLength::Ignore => {}
            WrongLength::ErrorReply => {
                // Bad-Format (`ERR-003`), where there is a reply that can say so.
                let answered = ControlMessage {
                    header,
                    body: message.body,
                };
                self.refuse_with_error(id, &answered, ErrorCode::BAD_FORMAT);
            }
        }
        None
    }

    /// Whether the fields of a message are such that it may be processed. Requests are answered with Bad-Value (`ERR-004`).
    fn refuse_bad_fields(
        &mut self,
        id: ConnectionId,
        octets: &[u8],
        message: &ControlMessage,
    ) -> bool {
        if self.config.profile.reserved_field != ReservedField::Ignore && has_reserved(octets) {
            match self.config.profile.reserved_field {
                ReservedField::Close => self.end_malformed(id),
                _ => self.refuse_with_error(id, message, ErrorCode::BAD_VALUE),
            }
            return false;
        }
        let accepts = self.config.profile.bad_value == BadValue::Accept
            || self.deviates(DeviationId::AcceptsBadValues);
        if accepts || !has_bad_value(&message.body) {
            return true;
        }
        match self.config.profile.bad_value {
            BadValue::Close => self.end_malformed(id),
            _ => self.refuse_with_error(id, message, ErrorCode::BAD_VALUE),
        }
        false
    }

    /// Answers a request with Result 2 and the error; what has no reply is let pass (RFC 2637 §2.16).
    pub(crate) fn refuse_with_error(
        &mut self,
        id: ConnectionId,
        message: &ControlMessage,
        error: ErrorCode,
    ) {
        self.io.reached.point(Point::RequestRefused);
        match &message.body {
            Body::StartControlConnectionRequest(_) => {
                let version = self.config.profile.protocol_version;
                let reply = self.start_reply(StartResult::GENERAL_ERROR, error, version);
                self.send(id, reply, Cause::Answer);
                if !id.is_own() && self.state_of(id) == Some(ConnectionState::Idle) {
                    // T-CCR-07.
                    self.end_connection(id, Some(Transition::Ccr07), Ending::Close, Cause::Answer);
                }
            }
            Body::StopControlConnectionRequest(_) => {
                // Result 2 says that nothing was closed, and nothing is (`STCRP-005`).
                let reply = StopControlConnectionReply {
                    result_code: StopResult::GENERAL_ERROR,
                    error_code: error,
                    ..StopControlConnectionReply::default()
                };
                self.send(id, reply, Cause::Answer);
            }
            Body::EchoRequest(request) => {
                let reply = Self::echo_reply(request.identifier, EchoResult::GENERAL_ERROR, error);
                self.send(id, reply, Cause::Answer);
            }
            Body::OutgoingCallRequest(request) => {
                let result = OutgoingCallResult::GENERAL_ERROR;
                self.refuse_outgoing(id, request.call_id, result, error);
            }
            Body::IncomingCallRequest(request) => {
                let result = IncomingCallResult::GENERAL_ERROR;
                self.refuse_incoming(id, request.call_id, result, error);
            }
            _ => {}
        }
    }

    /// The number under which this end knows an error (AMB-55).
    pub(crate) fn error_code(&self, error: ErrorCode) -> ErrorCode {
        let shifts = self.config.profile.error_numbering == ErrorNumbering::WithoutBadValue;
        match shifts && error.0 > ErrorCode::BAD_VALUE.0 {
            true => ErrorCode(error.0 - 1),
            false => error,
        }
    }

    /// T-PACO-01: an Outgoing-Call-Reply that shows an error (`PACO-001`). No Call ID is assigned.
    pub(crate) fn refuse_outgoing(
        &mut self,
        id: ConnectionId,
        peer_call_id: CallId,
        result_code: OutgoingCallResult,
        error_code: ErrorCode,
    ) {
        let error_code = self.error_code(error_code);
        // A clear may cross the refusal: it is for no call.
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.ended_peer_ids.insert(peer_call_id);
        }
        if self.deviates(DeviationId::RefusalUnanswered) {
            return;
        }
        let reply = OutgoingCallReply {
            call_id: CallId(0),
            peer_call_id,
            result_code,
            error_code,
            connect_speed: 0,
            packet_recv_window_size: 0,
            ..OutgoingCallReply::default()
        };
        self.send(id, reply, Cause::Answer);
        self.tell_connection(id, Transition::Paco01, "idle", "idle");
    }

    /// T-PNSI-01, T-PNSI-02: an Incoming-Call-Reply that does not accept (`PNSI-001`). No Call ID is assigned.
    pub(crate) fn refuse_incoming(
        &mut self,
        id: ConnectionId,
        peer_call_id: CallId,
        result_code: IncomingCallResult,
        error_code: ErrorCode,
    ) {
        let error_code = self.error_code(error_code);
        self.note_refused(id, peer_call_id);
        if self.deviates(DeviationId::RefusalUnanswered) {
            return;
        }
        let reply = IncomingCallReply {
            call_id: CallId(0),
            peer_call_id,
            result_code,
            error_code,
            packet_recv_window_size: 0,
            ..IncomingCallReply::default()
        };
        self.send(id, reply, Cause::Answer);
        let transition = match result_code {
            IncomingCallResult::GENERAL_ERROR => Transition::Pnsi01,
            _ => Transition::Pnsi02,
        };
        self.tell_connection(id, transition, "idle", "idle");
    }
}

/// Whether a field that is to be zero is not.
fn has_reserved(octets: &[u8]) -> bool {
    validate_control(octets)
        .iter()
        .any(|finding| finding.field.starts_with("reserved"))
}

/// Whether a request asks for what no value of the RFC stands for.
fn has_bad_value(body: &Body) -> bool {
    const MOST_DIGITS: u16 = 64;
    match body {
        // `OCRQ-005`, `OCRQ-006`, `OCRQ-007`, `OCRQ-010`.
        Body::OutgoingCallRequest(request) => {
            !request.bearer_type.is_defined()
                || !request.framing_type.is_defined()
                || request.minimum_bps > request.maximum_bps
                || request.phone_number_length > MOST_DIGITS
        }
        // `ICRQ-004`, `ICRQ-007`.
        Body::IncomingCallRequest(request) => {
            !request.call_bearer_type.is_defined()
                || request.dialed_number_length > MOST_DIGITS
                || request.dialing_number_length > MOST_DIGITS
        }
        _ => false,
    }
}

/// The direction of a message, where it has one (`HDR-016`).
pub(crate) fn is_for_pac(message_type: ControlMessageType) -> Option<bool> {
    match message_type {
        ControlMessageType::OUTGOING_CALL_REQUEST
        | ControlMessageType::INCOMING_CALL_REPLY
        | ControlMessageType::CALL_CLEAR_REQUEST
        | ControlMessageType::SET_LINK_INFO => Some(true),
        ControlMessageType::OUTGOING_CALL_REPLY
        | ControlMessageType::INCOMING_CALL_REQUEST
        | ControlMessageType::INCOMING_CALL_CONNECTED
        | ControlMessageType::CALL_DISCONNECT_NOTIFY
        | ControlMessageType::WAN_ERROR_NOTIFY => Some(false),
        _ => None,
    }
}

//! Incoming-Call-Reply (RFC 2637 §2.10).

use super::declaration::message;
use crate::validate::Judge;
use crate::{CallId, ErrorCode, FieldKind, IncomingCallResult, Requirement};

message! {
    /// Incoming-Call-Reply (RFC 2637 §2.10): the PNS answers the announcement of an inbound call. 24 octets.
    IncomingCallReply = INCOMING_CALL_REPLY, 24 octets {
        /// Octets 12-13: the number that the PNS assigns to the call.
        12 call_id: CallId = CallId(1), "Call ID", FieldKind::CallId;
        /// Octets 14-15: Call ID of the request.
        14 peer_call_id: CallId = CallId(1), "Peer's Call ID", FieldKind::CallId;
        /// Octet 16: what the PAC is to do with the call.
        16 result_code: IncomingCallResult = IncomingCallResult::CONNECT, "Result Code", FieldKind::Code(IncomingCallResult::NAMES);
        /// Octet 17: the general error, zero unless Result Code is 2, then 1 to 6 (`ICRP-005`, `ERR-001`).
        17 error_code: ErrorCode = ErrorCode::NONE, "Error Code", FieldKind::Code(ErrorCode::NAMES);
        /// Octets 18-19: how many received data packets the PNS buffers (the text says PAC, AMB-22).
        18 packet_recv_window_size: u16 = 16, "Packet Recv. Window Size", FieldKind::Unsigned;
        /// Octets 20-21: delay that data sent to the PNS may meet, tenths of a second (AMB-22).
        20 packet_transmit_delay: u16 = 0, "Packet Transmit Delay", FieldKind::Unsigned;
        /// Octets 22-23: zero (`HDR-012`).
        22 reserved1: u16 = 0, "Reserved1", FieldKind::Reserved;
    }
}

impl IncomingCallReply {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        judge.defined(
            Requirement::Icrp004,
            "result-code",
            self.result_code.is_defined(),
            self.result_code.0.into(),
        );
        judge.error_code(
            Requirement::Icrp005,
            Requirement::Icrp005,
            self.result_code.0,
            self.error_code,
        );
        if self.result_code == IncomingCallResult::CONNECT {
            judge.window(Requirement::Icrp006, self.packet_recv_window_size);
        }
        judge.reserved(Requirement::Icrp008, "reserved1", self.reserved1.into());
    }
}

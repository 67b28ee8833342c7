//! Outgoing-Call-Reply (RFC 2637 §2.8).

use super::declaration::message;
use crate::validate::Judge;
use crate::{CallId, CauseCode, ErrorCode, FieldKind, OutgoingCallResult, Requirement};

message! {
    /// Outgoing-Call-Reply (RFC 2637 §2.8): the PAC answers the request to place a call. 32 octets.
    OutgoingCallReply = OUTGOING_CALL_REPLY, 32 octets {
        /// Octets 12-13: the number that the PAC assigns to the call.
        12 call_id: CallId = CallId(1), "Call ID", FieldKind::CallId;
        /// Octets 14-15: Call ID of the request.
        14 peer_call_id: CallId = CallId(1), "Peer's Call ID", FieldKind::CallId;
        /// Octet 16: how the attempt to place the call went.
        16 result_code: OutgoingCallResult = OutgoingCallResult::CONNECTED, "Result Code", FieldKind::Code(OutgoingCallResult::NAMES);
        /// Octet 17: the general error, zero unless Result Code is 2, then 1 to 6 (`OCRP-005`, `ERR-001`).
        17 error_code: ErrorCode = ErrorCode::NONE, "Error Code", FieldKind::Code(ErrorCode::NAMES);
        /// Octets 18-19: more about a failure; for ISDN the Q.931 cause.
        18 cause_code: CauseCode = CauseCode(0), "Cause Code", FieldKind::Unsigned;
        /// Octets 20-23: actual speed of the connection, bit/s.
        20 connect_speed: u32 = 64_000, "Connect Speed", FieldKind::Unsigned;
        /// Octets 24-25: how many received data packets the PAC buffers.
        24 packet_recv_window_size: u16 = 16, "Packet Recv. Window Size", FieldKind::Unsigned;
        /// Octets 26-27: delay that data sent to the PAC may meet, tenths of a second.
        26 packet_processing_delay: u16 = 0, "Packet Processing Delay", FieldKind::Unsigned;
        /// Octets 28-31: the vendor's number of the channel, for logs.
        28 physical_channel_id: u32 = 0, "Physical Channel ID", FieldKind::Unsigned;
    }
}

impl OutgoingCallReply {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        let connected = self.result_code == OutgoingCallResult::CONNECTED;
        judge.defined(
            Requirement::Ocrp004,
            "result-code",
            self.result_code.is_defined(),
            self.result_code.0.into(),
        );
        judge.error_code(
            Requirement::Ocrp005,
            Requirement::Ocrp005,
            self.result_code.0,
            self.error_code,
        );
        // OCRP-006
        if connected && self.cause_code.0 != 0 {
            judge.report(Requirement::Ocrp006, "cause-code", self.cause_code.0.into());
        }
        if connected {
            // OCRP-007
            if self.connect_speed == 0 {
                judge.report(Requirement::Ocrp007, "connect-speed", 0);
            }
            judge.window(Requirement::Ocrp008, self.packet_recv_window_size);
        }
    }
}

//! Incoming-Call-Connected (RFC 2637 §2.11).

use super::declaration::message;
use crate::validate::Judge;
use crate::{CallId, FieldKind, FramingType, Requirement};

message! {
    /// Incoming-Call-Connected (RFC 2637 §2.11): the PAC confirms the connected inbound call. 28 octets.
    IncomingCallConnected = INCOMING_CALL_CONNECTED, 28 octets {
        /// Octets 12-13: Call ID of the Incoming-Call-Reply.
        12 peer_call_id: CallId = CallId(1), "Peer's Call ID", FieldKind::CallId;
        /// Octets 14-15: zero (`HDR-012`).
        14 reserved1: u16 = 0, "Reserved1", FieldKind::Reserved;
        /// Octets 16-19: actual speed of the connection, bit/s.
        16 connect_speed: u32 = 64_000, "Connect Speed", FieldKind::Unsigned;
        /// Octets 20-21: how many received data packets the PAC buffers.
        20 packet_recv_window_size: u16 = 16, "Packet Recv. Window Size", FieldKind::Unsigned;
        /// Octets 22-23: delay that data sent to the PAC may meet, tenths of a second.
        22 packet_transmit_delay: u16 = 0, "Packet Transmit Delay", FieldKind::Unsigned;
        /// Octets 24-27: the PPP framing in use, 1 or 2.
        24 framing_type: FramingType = FramingType::ASYNCHRONOUS, "Framing Type", FieldKind::Code(FramingType::NAMES);
    }
}

impl IncomingCallConnected {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        judge.reserved(Requirement::Iccn003, "reserved1", self.reserved1.into());
        // ICCN-004
        if self.connect_speed == 0 {
            judge.report(Requirement::Iccn004, "connect-speed", 0);
        }
        judge.window(Requirement::Iccn005, self.packet_recv_window_size);
        judge.defined_word(
            Requirement::Iccn007,
            "framing-type",
            matches!(self.framing_type.0.swap_bytes(), 1 | 2),
            matches!(self.framing_type.0, 1 | 2),
            self.framing_type.0,
        );
    }
}

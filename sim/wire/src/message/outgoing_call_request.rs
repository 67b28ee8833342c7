//! Outgoing-Call-Request (RFC 2637 §2.7).

use super::declaration::message;
use crate::validate::Judge;
use crate::{BearerType, CallId, FieldKind, FramingType, Requirement, Text};

message! {
    /// Outgoing-Call-Request (RFC 2637 §2.7): the PNS asks the PAC to place a call. 168 octets.
    OutgoingCallRequest = OUTGOING_CALL_REQUEST, 168 octets {
        /// Octets 12-13: the number that the PNS assigns to the call.
        12 call_id: CallId = CallId(1), "Call ID", FieldKind::CallId;
        /// Octets 14-15: number of the call in the logs of both ends.
        14 call_serial_number: u16 = 0, "Call Serial Number", FieldKind::Unsigned;
        /// Octets 16-19: lowest acceptable line speed, bit/s.
        16 minimum_bps: u32 = 300, "Minimum BPS", FieldKind::Unsigned;
        /// Octets 20-23: highest acceptable line speed, bit/s.
        20 maximum_bps: u32 = 100_000_000, "Maximum BPS", FieldKind::Unsigned;
        /// Octets 24-27: the bearer capability that the call needs.
        24 bearer_type: BearerType = BearerType::ANY, "Bearer Type", FieldKind::Code(BearerType::NAMES);
        /// Octets 28-31: the PPP framing to use.
        28 framing_type: FramingType = FramingType::EITHER, "Framing Type", FieldKind::Code(FramingType::NAMES);
        /// Octets 32-33: how many received data packets the PNS buffers.
        32 packet_recv_window_size: u16 = 16, "Packet Recv. Window Size", FieldKind::Unsigned;
        /// Octets 34-35: delay that data sent to the PNS may meet, tenths of a second.
        34 packet_processing_delay: u16 = 0, "Packet Processing Delay", FieldKind::Unsigned;
        /// Octets 36-37: valid digits of Phone Number.
        36 phone_number_length: u16 = 0, "Phone Number Length", FieldKind::Unsigned;
        /// Octets 38-39: zero (`HDR-012`).
        38 reserved1: u16 = 0, "Reserved1", FieldKind::Reserved;
        /// Octets 40-103: the number to dial: ASCII for ISDN and analog calls, zero filled.
        40 phone_number: Text<64> = Text::EMPTY, "Phone Number", FieldKind::Text;
        /// Octets 104-167: more dialling information, zero filled.
        104 subaddress: Text<64> = Text::EMPTY, "Subaddress", FieldKind::Text;
    }
}

impl OutgoingCallRequest {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        // OCRQ-005
        if self.minimum_bps > self.maximum_bps {
            judge.report_across(
                Requirement::Ocrq005,
                "minimum-bps",
                "maximum-bps",
                self.minimum_bps,
            );
        }
        judge.defined_word(
            Requirement::Ocrq006,
            "bearer-type",
            BearerType(self.bearer_type.0.swap_bytes()).is_defined(),
            self.bearer_type.is_defined(),
            self.bearer_type.0,
        );
        judge.defined_word(
            Requirement::Ocrq007,
            "framing-type",
            FramingType(self.framing_type.0.swap_bytes()).is_defined(),
            self.framing_type.is_defined(),
            self.framing_type.0,
        );
        judge.window(Requirement::Ocrq008, self.packet_recv_window_size);
        judge.counted(
            Requirement::Ocrq010,
            "phone-number-length",
            self.phone_number_length,
            "phone-number",
            &self.phone_number,
        );
        judge.reserved(Requirement::Ocrq011, "reserved1", self.reserved1.into());
        judge.ascii(Requirement::Ocrq012, "phone-number", &self.phone_number);
        judge.zero_filled(Requirement::Ocrq013, "subaddress", &self.subaddress);
    }
}

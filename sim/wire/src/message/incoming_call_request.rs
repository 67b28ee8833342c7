//! Incoming-Call-Request (RFC 2637 §2.9).

use super::declaration::message;
use crate::validate::Judge;
use crate::{CallBearerType, CallId, FieldKind, Requirement, Text};

message! {
    /// Incoming-Call-Request (RFC 2637 §2.9): the PAC announces an inbound call. 220 octets.
    IncomingCallRequest = INCOMING_CALL_REQUEST, 220 octets {
        /// Octets 12-13: the number that the PAC assigns to the call.
        12 call_id: CallId = CallId(1), "Call ID", FieldKind::CallId;
        /// Octets 14-15: number of the call in the logs of both ends.
        14 call_serial_number: u16 = 0, "Call Serial Number", FieldKind::Unsigned;
        /// Octets 16-19: the bearer capability that the call uses.
        16 call_bearer_type: CallBearerType = CallBearerType::ANALOG, "Call Bearer Type", FieldKind::Code(CallBearerType::NAMES);
        /// Octets 20-23: the vendor's number of the channel on which the call arrived.
        20 physical_channel_id: u32 = 0, "Physical Channel ID", FieldKind::Unsigned;
        /// Octets 24-25: valid digits of Dialed Number.
        24 dialed_number_length: u16 = 0, "Dialed Number Length", FieldKind::Unsigned;
        /// Octets 26-27: valid digits of Dialing Number.
        26 dialing_number_length: u16 = 0, "Dialing Number Length", FieldKind::Unsigned;
        /// Octets 28-91: the number that the caller dialed: ASCII for ISDN and analog calls, zero filled.
        28 dialed_number: Text<64> = Text::EMPTY, "Dialed Number", FieldKind::Text;
        /// Octets 92-155: the number from which the call was placed, likewise.
        92 dialing_number: Text<64> = Text::EMPTY, "Dialing Number", FieldKind::Text;
        /// Octets 156-219: more dialling information, zero filled.
        156 subaddress: Text<64> = Text::EMPTY, "Subaddress", FieldKind::Text;
    }
}

impl IncomingCallRequest {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        judge.defined_word(
            Requirement::Icrq004,
            "call-bearer-type",
            CallBearerType(self.call_bearer_type.0.swap_bytes()).is_defined(),
            self.call_bearer_type.is_defined(),
            self.call_bearer_type.0,
        );
        judge.counted(
            Requirement::Icrq007,
            "dialed-number-length",
            self.dialed_number_length,
            "dialed-number",
            &self.dialed_number,
        );
        judge.counted(
            Requirement::Icrq007,
            "dialing-number-length",
            self.dialing_number_length,
            "dialing-number",
            &self.dialing_number,
        );
        judge.ascii(Requirement::Icrq008, "dialed-number", &self.dialed_number);
        judge.ascii(Requirement::Icrq008, "dialing-number", &self.dialing_number);
        judge.zero_filled(Requirement::Icrq008, "subaddress", &self.subaddress);
    }
}

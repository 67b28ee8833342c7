//! WAN-Error-Notify (RFC 2637 §2.14).

use super::declaration::message;
use crate::validate::Judge;
use crate::{CallId, FieldKind, Requirement};

message! {
    /// WAN-Error-Notify (RFC 2637 §2.14): the PAC reports errors of the line that carries PPP, counted since the call began. 40 octets.
    WanErrorNotify = WAN_ERROR_NOTIFY, 40 octets {
        /// Octets 12-13: the number that the PNS assigned to the call.
        12 peer_call_id: CallId = CallId(1), "Peer's Call ID", FieldKind::CallId;
        /// Octets 14-15: zero (`HDR-012`).
        14 reserved1: u16 = 0, "Reserved1", FieldKind::Reserved;
        /// Octets 16-19: PPP frames received with CRC errors.
        16 crc_errors: u32 = 1, "CRC Errors", FieldKind::Unsigned;
        /// Octets 20-23: improperly framed PPP packets received.
        20 framing_errors: u32 = 0, "Framing Errors", FieldKind::Unsigned;
        /// Octets 24-27: receive buffer overruns of the hardware.
        24 hardware_overruns: u32 = 0, "Hardware Overruns", FieldKind::Unsigned;
        /// Octets 28-31: buffer overruns detected.
        28 buffer_overruns: u32 = 0, "Buffer Overruns", FieldKind::Unsigned;
        /// Octets 32-35: time-outs.
        32 time_out_errors: u32 = 0, "Time-out Errors", FieldKind::Unsigned;
        /// Octets 36-39: alignment errors.
        36 alignment_errors: u32 = 0, "Alignment Errors", FieldKind::Unsigned;
    }
}

impl WanErrorNotify {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        judge.reserved(Requirement::Wen007, "reserved1", self.reserved1.into());
        // WEN-002: counters only grow, so without any error none has occurred in the whole call.
        let errors = self.crc_errors
            | self.framing_errors
            | self.hardware_overruns
            | self.buffer_overruns
            | self.time_out_errors
            | self.alignment_errors;
        if errors == 0 {
            judge.report_across(Requirement::Wen002, "crc-errors", "alignment-errors", 0);
        }
    }
}

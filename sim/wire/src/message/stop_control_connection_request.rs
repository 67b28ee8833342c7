//! Stop-Control-Connection-Request (RFC 2637 §2.3).

use super::declaration::message;
use crate::validate::Judge;
use crate::{FieldKind, Requirement, StopReason};

message! {
    /// Stop-Control-Connection-Request (RFC 2637 §2.3): either end asks to close the control connection, which clears all its calls. 16 octets.
    StopControlConnectionRequest = STOP_CONTROL_CONNECTION_REQUEST, 16 octets {
        /// Octet 12: why the control connection is to be closed.
        12 reason: StopReason = StopReason::NONE, "Reason", FieldKind::Code(StopReason::NAMES);
        /// Octet 13: zero (`HDR-012`).
        13 reserved1: u8 = 0, "Reserved1", FieldKind::Reserved;
        /// Octets 14-15: zero (`HDR-012`).
        14 reserved2: u16 = 0, "Reserved2", FieldKind::Reserved;
    }
}

impl StopControlConnectionRequest {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        judge.defined(
            Requirement::Stcrq002,
            "reason",
            self.reason.is_defined(),
            self.reason.0.into(),
        );
        judge.reserved(Requirement::Stcrq004, "reserved1", self.reserved1.into());
        judge.reserved(Requirement::Stcrq004, "reserved2", self.reserved2.into());
    }
}

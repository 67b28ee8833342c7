//! Call-Clear-Request (RFC 2637 §2.12).

use super::declaration::message;
use crate::validate::Judge;
use crate::{CallId, FieldKind, Requirement};

message! {
    /// Call-Clear-Request (RFC 2637 §2.12): the PNS asks the PAC to clear a call, in any state. 16 octets.
    CallClearRequest = CALL_CLEAR_REQUEST, 16 octets {
        /// Octets 12-13: the number that the PNS assigned to the call.
        12 call_id: CallId = CallId(1), "Call ID", FieldKind::CallId;
        /// Octets 14-15: zero (`HDR-012`).
        14 reserved1: u16 = 0, "Reserved1", FieldKind::Reserved;
    }
}

impl CallClearRequest {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        judge.reserved(Requirement::Cclr003, "reserved1", self.reserved1.into());
    }
}

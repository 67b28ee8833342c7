//! Call-Disconnect-Notify (RFC 2637 §2.13).

use super::declaration::message;
use crate::validate::Judge;
use crate::{CallId, CauseCode, DisconnectResult, ErrorCode, FieldKind, Requirement, Text};

message! {
    /// Call-Disconnect-Notify (RFC 2637 §2.13): the PAC says that a call has ended, and why. 148 octets.
    CallDisconnectNotify = CALL_DISCONNECT_NOTIFY, 148 octets {
        /// Octets 12-13: the number that the PAC assigned to the call (AMB-38).
        12 call_id: CallId = CallId(1), "Call ID", FieldKind::CallId;
        /// Octet 14: why the call has ended.
        14 result_code: DisconnectResult = DisconnectResult::REQUEST, "Result Code", FieldKind::Code(DisconnectResult::NAMES);
        /// Octet 15: the general error, zero unless Result Code is 2, then 1 to 6 (`CDN-006`, `ERR-001`).
        15 error_code: ErrorCode = ErrorCode::NONE, "Error Code", FieldKind::Code(ErrorCode::NAMES);
        /// Octets 16-17: more about the end; for ISDN the Q.931 cause.
        16 cause_code: CauseCode = CauseCode(0), "Cause Code", FieldKind::Unsigned;
        /// Octets 18-19: zero (`HDR-012`).
        18 reserved1: u16 = 0, "Reserved1", FieldKind::Reserved;
        /// Octets 20-147: the vendor's statistics of the call: ASCII, zero filled.
        20 call_statistics: Text<128> = Text::EMPTY, "Call Statistics", FieldKind::Text;
    }
}

impl CallDisconnectNotify {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        judge.defined(
            Requirement::Cdn004,
            "result-code",
            self.result_code.is_defined(),
            self.result_code.0.into(),
        );
        judge.error_code(
            Requirement::Cdn006,
            Requirement::Cdn006,
            self.result_code.0,
            self.error_code,
        );
        judge.reserved(Requirement::Cdn008, "reserved1", self.reserved1.into());
        judge.ascii(
            Requirement::Cdn009,
            "call-statistics",
            &self.call_statistics,
        );
    }
}

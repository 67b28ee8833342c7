//! Stop-Control-Connection-Reply (RFC 2637 §2.4).

use super::declaration::message;
use crate::validate::Judge;
use crate::{ErrorCode, FieldKind, Requirement, StopResult};

message! {
    /// Stop-Control-Connection-Reply (RFC 2637 §2.4): either end answers the request to close the control connection. 16 octets.
    StopControlConnectionReply = STOP_CONTROL_CONNECTION_REPLY, 16 octets {
        /// Octet 12: whether the control connection is closed.
        12 result_code: StopResult = StopResult::OK, "Result Code", FieldKind::Code(StopResult::NAMES);
        /// Octet 13: the general error, zero unless Result Code is 2, then 1 to 6 (`STCRP-003`, `ERR-001`).
        13 error_code: ErrorCode = ErrorCode::NONE, "Error Code", FieldKind::Code(ErrorCode::NAMES);
        /// Octets 14-15: zero (`HDR-012`).
        14 reserved1: u16 = 0, "Reserved1", FieldKind::Reserved;
    }
}

impl StopControlConnectionReply {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        judge.defined(
            Requirement::Stcrp002,
            "result-code",
            self.result_code.is_defined(),
            self.result_code.0.into(),
        );
        judge.error_code(
            Requirement::Stcrp003,
            Requirement::Stcrp003,
            self.result_code.0,
            self.error_code,
        );
        judge.reserved(Requirement::Stcrp004, "reserved1", self.reserved1.into());
    }
}

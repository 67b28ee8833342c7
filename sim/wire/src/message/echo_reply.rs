//! Echo-Reply (RFC 2637 §2.6).

use super::declaration::message;
use crate::validate::Judge;
use crate::{EchoResult, ErrorCode, FieldKind, Requirement};

message! {
    /// Echo-Reply (RFC 2637 §2.6): the answer to an Echo-Request. 20 octets.
    EchoReply = ECHO_REPLY, 20 octets {
        /// Octets 12-15: copy of the Identifier of the request.
        12 identifier: u32 = 0, "Identifier", FieldKind::Unsigned;
        /// Octet 16: whether the request was accepted.
        16 result_code: EchoResult = EchoResult::OK, "Result Code", FieldKind::Code(EchoResult::NAMES);
        /// Octet 17: the general error, zero unless Result Code is 2, then 1 to 6 (`ECRP-004`, `ERR-001`).
        17 error_code: ErrorCode = ErrorCode::NONE, "Error Code", FieldKind::Code(ErrorCode::NAMES);
        /// Octets 18-19: zero (`HDR-012`).
        18 reserved1: u16 = 0, "Reserved1", FieldKind::Reserved;
    }
}

impl EchoReply {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        judge.defined(
            Requirement::Ecrp003,
            "result-code",
            self.result_code.is_defined(),
            self.result_code.0.into(),
        );
        judge.error_code(
            Requirement::Ecrp004,
            Requirement::Ecrp004,
            self.result_code.0,
            self.error_code,
        );
        judge.reserved(Requirement::Ecrp005, "reserved1", self.reserved1.into());
    }
}

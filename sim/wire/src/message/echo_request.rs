//! Echo-Request (RFC 2637 §2.5).

use super::declaration::message;
use crate::FieldKind;
use crate::validate::Judge;

message! {
    /// Echo-Request (RFC 2637 §2.5): either end asks whether the other is alive. 16 octets.
    EchoRequest = ECHO_REQUEST, 16 octets {
        /// Octets 12-15: the sender's choice, to match the reply with the request.
        12 identifier: u32 = 0, "Identifier", FieldKind::Unsigned;
    }
}

impl EchoRequest {
    /// Any Identifier is legal.
    #[inline]
    pub(crate) const fn judge(&self, _judge: &mut Judge<'_>) {}
}

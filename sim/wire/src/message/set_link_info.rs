//! Set-Link-Info (RFC 2637 §2.15).

use super::declaration::message;
use crate::validate::Judge;
use crate::{CallId, FieldKind, Requirement};

message! {
    /// Set-Link-Info (RFC 2637 §2.15): the PNS sets options that PPP negotiated. 24 octets.
    SetLinkInfo = SET_LINK_INFO, 24 octets {
        /// Octets 12-13: the number that the PAC assigned to the call.
        12 peer_call_id: CallId = CallId(1), "Peer's Call ID", FieldKind::CallId;
        /// Octets 14-15: zero (`HDR-012`).
        14 reserved1: u16 = 0, "Reserved1", FieldKind::Reserved;
        /// Octets 16-19: control characters that the client escapes in outgoing PPP packets.
        16 send_accm: u32 = 0xFFFF_FFFF, "Send ACCM", FieldKind::Hexadecimal;
        /// Octets 20-23: control characters that the client escapes in incoming PPP packets.
        20 receive_accm: u32 = 0xFFFF_FFFF, "Receive ACCM", FieldKind::Hexadecimal;
    }
}

impl SetLinkInfo {
    /// Reports what the fields after the header break.
    #[inline]
    pub(crate) fn judge(&self, judge: &mut Judge<'_>) {
        judge.reserved(Requirement::Sli003, "reserved1", self.reserved1.into());
    }
}

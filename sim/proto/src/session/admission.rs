//! The checks of a received GRE packet before its numbers are looked at (RFC 2637 §4.1, GRE-001..019).

use pptp_wire::{CallId, GRE_PROTOCOL_PPP, GreFlags, GrePacket};

use super::{DropReason, SessionConfig};
use crate::{DeviationId, Deviations, GreHeaderCheck, OctetsAfterPayload, Profile};

/// Says what of a packet is read.
#[derive(Clone, Debug)]
pub(super) struct Admission {
    call_id: CallId,
    /// The bits of octets 0-1 that are compared.
    compared: u16,
    protocol_type: bool,
    extra_octets: bool,
    truncated: bool,
    whole_key: bool,
}

impl Admission {
    pub(super) fn new(
        config: &SessionConfig,
        profile: &Profile,
        deviations: Deviations,
    ) -> Admission {
        let on = |id| deviations.contains(id);
        let present = GreFlags::SEQUENCE_NUMBER_PRESENT | GreFlags::ACKNOWLEDGMENT_PRESENT;
        let unread = match profile.gre_header_check {
            _ if on(DeviationId::BadHeaderDelivered) => !present,
            GreHeaderCheck::Strict => 0,
            GreHeaderCheck::RoutingBitsIgnored => {
                GreFlags::STRICT_SOURCE_ROUTE | GreFlags::RECURSION_CONTROL // AMB-52
            }
        };
        Admission {
            call_id: config.own_call_id,
            compared: !present & !unread,
            protocol_type: !on(DeviationId::BadHeaderDelivered),
            extra_octets: profile.octets_after_payload == OctetsAfterPayload::Deliver
                || on(DeviationId::ExtraOctetsDelivered),
            truncated: on(DeviationId::TruncatedDelivered),
            whole_key: on(DeviationId::KeyComparedWhole),
        }
    }

    /// The payload of a packet that is read: exactly Payload Length octets (GRE-019).
    ///
    /// # Errors
    /// Why the whole packet is discarded, its acknowledgment included (GRE-017, GRE-018, GRE-019).
    #[inline]
    pub(super) fn admit<'a>(&self, packet: &GrePacket<'a>) -> Result<&'a [u8], DropReason> {
        let header = &packet.header;
        let wrong = (header.flags.0 ^ GreFlags::PPTP.0) & self.compared;
        if wrong & GreFlags::VERSION != 0 {
            return Err(DropReason::BadVersion); // GRE-009
        }
        if wrong != 0 {
            return Err(DropReason::BadHeader); // GRE-001..003, GRE-005, GRE-006, GRE-008
        }
        if header.protocol_type != GRE_PROTOCOL_PPP && self.protocol_type {
            return Err(DropReason::ProtocolType); // GRE-010
        }
        if header.call_id != self.call_id || self.whole_key && header.payload_length != 0 {
            return Err(DropReason::UnknownCallId); // GRE-018
        }
        let length = usize::from(header.payload_length);
        if packet.payload.len() < length && !self.truncated {
            return Err(DropReason::PayloadLength); // GRE-019
        }
        if self.extra_octets && header.payload_length != 0 {
            return Ok(packet.payload); // AMB-14
        }
        Ok(packet.data())
    }
}

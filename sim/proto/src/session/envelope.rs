//! The GRE header of what is sent, right or, by a switched-on deviation, wrong (RFC 2637 §4.1).

use pptp_wire::{CallId, GreFlags, GreHeader};

use super::{SessionConfig, Sink};
use crate::{Cause, DeviationId, Deviations};

/// Puts a header on payloads and acknowledgments.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    call_id: CallId,
    deviations: Deviations,
}

impl Envelope {
    pub(super) fn new(config: &SessionConfig, deviations: Deviations) -> Envelope {
        let on = |id| deviations.contains(id);
        let mut call_id = config.peer_call_id; // GRE-012
        if on(DeviationId::GreCarriesOwnCallId) {
            call_id = config.own_call_id;
        }
        if on(DeviationId::GreCallIdByteOrder) {
            call_id = CallId(call_id.0.swap_bytes());
        }
        Envelope {
            call_id,
            deviations,
        }
    }

    /// Sends a data packet.
    #[inline]
    pub(super) fn data(
        &self,
        number: u32,
        acknowledgment: Option<u32>,
        payload: &[u8],
        cause: Cause,
        out: &mut impl Sink,
    ) {
        let header = GreHeader::data(self.call_id, number, acknowledgment, payload.len() as u16);
        if self.deviations.is_empty() {
            out.packet(&header, payload, cause);
        } else {
            out.packet(&self.deviating(header), payload, cause);
        }
    }

    /// Sends an acknowledgment by itself (GRE-016).
    pub(super) fn acknowledgment(&self, number: u32, cause: Cause, out: &mut impl Sink) {
        let header = GreHeader::acknowledgment_only(self.call_id, number);
        out.packet(&self.deviating(header), &[], cause);
    }

    /// The header as the deviations have it.
    fn deviating(&self, mut header: GreHeader) -> GreHeader {
        let on = |id| self.deviations.contains(id);
        if on(DeviationId::GreVersion0) {
            header.flags = GreFlags(header.flags.0 & !GreFlags::VERSION);
        }
        if on(DeviationId::GreReservedFlagsSet) {
            header.flags = GreFlags(header.flags.0 | GreFlags::FLAGS & 0x0008);
        }
        if on(DeviationId::GreProtocolTypeWrong) {
            header.protocol_type = 0x0800;
        }
        if on(DeviationId::GreRecursionSet) {
            header.flags = GreFlags(header.flags.0 | GreFlags::RECURSION_CONTROL & 0x0100);
        }
        if on(DeviationId::GreKeyMissing) {
            header.flags = GreFlags(header.flags.0 & !GreFlags::KEY_PRESENT);
        }
        if on(DeviationId::GreChecksumBitSet) {
            header.flags = GreFlags(header.flags.0 | GreFlags::CHECKSUM_PRESENT);
        }
        if header.payload_length == 0 {
            return header;
        }
        if on(DeviationId::RepeatsSequenceNumber) {
            let repeats = |number: u32| number.wrapping_sub(u32::from(number % 8 == 7));
            header.sequence_number = header.sequence_number.map(repeats);
        }
        if on(DeviationId::PayloadWithoutS) {
            header.sequence_number = None;
            header.flags = GreFlags(header.flags.0 & !GreFlags::SEQUENCE_NUMBER_PRESENT);
        }
        if on(DeviationId::PayloadLength0) {
            header.payload_length = 0;
        }
        if on(DeviationId::PayloadLengthCountsHeader) {
            let length = header.encoded_length() as u16;
            header.payload_length = header.payload_length.saturating_add(length);
        }
        header
    }
}

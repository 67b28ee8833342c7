//! The enhanced GRE header of the tunnel (RFC 2637 §4.1).

mod flags;

pub use flags::GreFlags;

use crate::field::{Field, FieldKind};
use crate::{CallId, DecodeError, DecodeErrorKind};

/// Protocol Type of tunnelled PPP (`GRE-010`).
pub const GRE_PROTOCOL_PPP: u16 = 0x880B;
/// Octets of the header without Sequence Number and Acknowledgment Number.
pub const GRE_MINIMUM_HEADER_LENGTH: usize = 8;
/// Octets of the header with both.
pub const GRE_MAXIMUM_HEADER_LENGTH: usize = 16;

/// The enhanced GRE header, any values.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub struct GreHeader {
    /// Octets 0-1. Encoding takes S and A from whether the two numbers are there, all other bits from here.
    pub flags: GreFlags,
    /// Octets 2-3: Protocol Type, [`GRE_PROTOCOL_PPP`].
    pub protocol_type: u16,
    /// Octets 4-5, high half of the key: octets of payload after this header (`GRE-011`).
    pub payload_length: u16,
    /// Octets 6-7, low half of the key: the number that the receiver of the packet assigned to the call (`GRE-012`).
    pub call_id: CallId,
    /// Octets 8-11 where the S bit is set (`GRE-013`).
    pub sequence_number: Option<u32>,
    /// The last four octets where the A bit is set: 12-15 after a Sequence Number, else 8-11 (`GRE-014`).
    pub acknowledgment_number: Option<u32>,
}

impl GreHeader {
    /// The header of a packet with payload.
    #[inline]
    pub const fn data(
        call_id: CallId,
        sequence_number: u32,
        acknowledgment_number: Option<u32>,
        payload_length: u16,
    ) -> Self {
        Self {
            flags: GreFlags::PPTP.with_numbers(true, acknowledgment_number.is_some()),
            protocol_type: GRE_PROTOCOL_PPP,
            payload_length,
            call_id,
            sequence_number: Some(sequence_number),
            acknowledgment_number,
        }
    }

    /// The header of a packet that only acknowledges: no payload, no Sequence Number (`GRE-016`).
    #[inline]
    pub const fn acknowledgment_only(call_id: CallId, acknowledgment_number: u32) -> Self {
        Self {
            flags: GreFlags::PPTP.with_numbers(false, true),
            protocol_type: GRE_PROTOCOL_PPP,
            payload_length: 0,
            call_id,
            sequence_number: None,
            acknowledgment_number: Some(acknowledgment_number),
        }
    }

    /// Octets of the header on the wire: 8, 12 or 16 (`GRE-015`).
    #[inline]
    pub const fn encoded_length(&self) -> usize {
        GRE_MINIMUM_HEADER_LENGTH
            + 4 * self.sequence_number.is_some() as usize
            + 4 * self.acknowledgment_number.is_some() as usize
    }

    /// Writes the header and returns how many octets of `out` it takes: 8, 12 or 16. The rest of `out` is left in no particular
    /// state.
    #[inline]
    pub fn encode(&self, out: &mut [u8; GRE_MAXIMUM_HEADER_LENGTH]) -> usize {
        let flags = self.flags.with_numbers(
            self.sequence_number.is_some(),
            self.acknowledgment_number.is_some(),
        );
        let first = u64::from(flags.0) << 48
            | u64::from(self.protocol_type) << 32
            | u64::from(self.payload_length) << 16
            | u64::from(self.call_id.0);
        out[..8].copy_from_slice(&first.to_be_bytes());
        let (third, fourth) = match (self.sequence_number, self.acknowledgment_number) {
            (Some(sequence), acknowledgment) => (sequence, acknowledgment.unwrap_or(0)),
            (None, acknowledgment) => (acknowledgment.unwrap_or(0), 0),
        };
        out[8..].copy_from_slice(&(u64::from(third) << 32 | u64::from(fourth)).to_be_bytes());
        self.encoded_length()
    }
}

/// A GRE packet: the header and what follows it.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub struct GrePacket<'a> {
    /// The header.
    pub header: GreHeader,
    /// All octets after the header, be they as many as Payload Length says or not.
    pub payload: &'a [u8],
}

impl<'a> GrePacket<'a> {
    /// Decodes a packet: the octets after the IP header, as many as the IP header says. Carries any values; the layout is that of
    /// the enhanced header whatever C, R, K and Ver say. [`validate_gre`](crate::validate_gre) judges them.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`] with the field that is not all there (`GRE-013`).
    #[inline]
    pub fn decode(octets: &'a [u8]) -> Result<Self, DecodeError> {
        let Some((first, rest)) = octets.split_first_chunk::<GRE_MINIMUM_HEADER_LENGTH>() else {
            return Err(truncated(octets));
        };
        let first = u64::from_be_bytes(*first);
        let flags = GreFlags((first >> 48) as u16);
        let (sequence_number, rest) = match number(flags.sequence_number_present(), rest) {
            Some(found) => found,
            None => return Err(truncated(octets)),
        };
        let (acknowledgment_number, payload) = match number(flags.acknowledgment_present(), rest) {
            Some(found) => found,
            None => return Err(truncated(octets)),
        };
        let header = GreHeader {
            flags,
            protocol_type: (first >> 32) as u16,
            payload_length: (first >> 16) as u16,
            call_id: CallId(first as u16),
            sequence_number,
            acknowledgment_number,
        };
        Ok(Self { header, payload })
    }

    /// The first Payload Length octets of the payload, or as many as there are (`GRE-019`).
    #[inline]
    pub fn data(&self) -> &'a [u8] {
        &self.payload[..self
            .payload
            .len()
            .min(usize::from(self.header.payload_length))]
    }
}

/// A number that may be present, and what follows it; `None` where it should be present and is not all there.
#[inline(always)]
fn number(present: bool, octets: &[u8]) -> Option<(Option<u32>, &[u8])> {
    if !present {
        return Some((None, octets));
    }
    let (number, rest) = octets.split_first_chunk::<4>()?;
    Some((Some(u32::from_be_bytes(*number)), rest))
}

#[cold]
fn truncated(octets: &[u8]) -> DecodeError {
    let available = octets.len();
    let mut needed = GRE_MINIMUM_HEADER_LENGTH;
    let mut missing = GRE_FIELDS.iter().find(|field| field.end() > available);
    if let Some(flags) = octets
        .first_chunk()
        .map(|flags| GreFlags(u16::from_be_bytes(*flags)))
    {
        needed = flags.header_length();
        if available >= GRE_MINIMUM_HEADER_LENGTH {
            let cut_in_first_number = available < GRE_MINIMUM_HEADER_LENGTH + 4;
            let sequence_number = flags.sequence_number_present() && cut_in_first_number;
            missing = gre_field(if sequence_number {
                "sequence-number"
            } else {
                "acknowledgment-number"
            });
        }
    }
    let field = missing.map_or("payload-length", |field| field.key);
    let at = match field {
        "acknowledgment-number" => needed - 4,
        _ => missing.map_or(available, |field| field.offset),
    };
    DecodeError {
        at,
        field,
        kind: DecodeErrorKind::Truncated { needed, available },
    }
}

/// The field of the GRE header with this key, at its place in a header with both numbers.
pub fn gre_field(key: &str) -> Option<&'static Field> {
    GRE_FIELDS.iter().find(|field| field.key == key)
}

/// The field with this key at its place in this packet, or `None` where the packet does not have it: without the S bit there is no
/// Sequence Number, and the Acknowledgment Number stands in its place (`GRE-014`).
pub fn gre_field_in(octets: &[u8], key: &str) -> Option<Field> {
    let field = *gre_field(key)?;
    if field.offset < GRE_MINIMUM_HEADER_LENGTH {
        return Some(field);
    }
    let flags = GreFlags(u16::from_be_bytes(*octets.first_chunk()?));
    match field.offset {
        8 => flags.sequence_number_present().then_some(field),
        _ if !flags.acknowledgment_present() => None,
        _ if flags.sequence_number_present() => Some(field),
        _ => Some(Field { offset: 8, ..field }),
    }
}

/// The fields of the enhanced GRE header, with both numbers present.
pub const GRE_FIELDS: &[Field] = GRE_TABLE.split_at(GRE_TABLE.len() - 1).0;

/// The fields of the header and the payload, which findings name too.
pub(crate) const GRE_TABLE: &[Field] = &[
    bits(
        "Checksum Present",
        "checksum-present",
        GreFlags::CHECKSUM_PRESENT,
    ),
    bits(
        "Routing Present",
        "routing-present",
        GreFlags::ROUTING_PRESENT,
    ),
    bits("Key Present", "key-present", GreFlags::KEY_PRESENT),
    bits(
        "Sequence Number Present",
        "sequence-number-present",
        GreFlags::SEQUENCE_NUMBER_PRESENT,
    ),
    bits(
        "Strict source route present",
        "strict-source-route",
        GreFlags::STRICT_SOURCE_ROUTE,
    ),
    bits(
        "Recursion control",
        "recursion-control",
        GreFlags::RECURSION_CONTROL,
    ),
    bits(
        "Acknowledgment sequence number present",
        "acknowledgment-present",
        GreFlags::ACKNOWLEDGMENT_PRESENT,
    ),
    bits("Flags", "flags", GreFlags::FLAGS),
    bits("Version", "version", GreFlags::VERSION),
    Field {
        name: "Protocol Type",
        key: "protocol-type",
        offset: 2,
        size: 2,
        kind: FieldKind::Hexadecimal,
    },
    Field {
        name: "Payload Length",
        key: "payload-length",
        offset: 4,
        size: 2,
        kind: FieldKind::Unsigned,
    },
    Field {
        name: "Call ID",
        key: "call-id",
        offset: 6,
        size: 2,
        kind: FieldKind::CallId,
    },
    Field {
        name: "Sequence Number",
        key: "sequence-number",
        offset: 8,
        size: 4,
        kind: FieldKind::Unsigned,
    },
    Field {
        name: "Acknowledgment Number",
        key: "acknowledgment-number",
        offset: 12,
        size: 4,
        kind: FieldKind::Unsigned,
    },
    Field {
        name: "Payload",
        key: "payload",
        offset: GRE_MAXIMUM_HEADER_LENGTH,
        size: 0,
        kind: FieldKind::Text,
    },
];

const fn bits(name: &'static str, key: &'static str, mask: u16) -> Field {
    Field {
        name,
        key,
        offset: 0,
        size: 2,
        kind: FieldKind::Bits(mask as u32),
    }
}

#[cfg(test)]
mod tests;

//! The twelve octets that begin every control message (RFC 2637 §1.4, §2, `HDR-001`).

use crate::field::{Field, FieldKind};
use crate::octets::Wire;
use crate::{ControlMessageType, DecodeError, DecodeErrorKind, PptpMessageType};

/// The Magic Cookie of every message (`HDR-006`).
pub const MAGIC_COOKIE: u32 = 0x1A2B_3C4D;
/// Octets of the header.
pub const HEADER_LENGTH: usize = 12;
/// Octets of the longest message, Incoming-Call-Request.
pub const MAXIMUM_LENGTH: usize = 220;

/// The header of a control message, any values.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub struct Header {
    /// Octets 0-1: Length, octets of the whole message with its header (`HDR-002`).
    pub length: u16,
    /// Octets 2-3: PPTP Message Type, 1 for control messages (`HDR-004`).
    pub pptp_message_type: PptpMessageType,
    /// Octets 4-7: Magic Cookie, [`MAGIC_COOKIE`] (`HDR-006`).
    pub magic_cookie: u32,
    /// Octets 8-9: Control Message Type (`HDR-010`).
    pub control_message_type: ControlMessageType,
    /// Octets 10-11: Reserved0, zero (`HDR-011`).
    pub reserved0: u16,
}

impl Header {
    /// Decodes the first twelve octets; more may follow. Carries any values.
    ///
    /// # Errors
    /// [`DecodeErrorKind::Truncated`] with the first header field that is not all there.
    #[inline]
    pub fn decode(octets: &[u8]) -> Result<Self, DecodeError> {
        match octets.first_chunk() {
            Some(octets) => Ok(Self::decode_array(octets)),
            None => Err(truncated(&HEADER_FIELDS, HEADER_LENGTH, octets.len())),
        }
    }

    /// The legal header of messages of this type; Length is 12 for a type that the RFC does not define.
    pub const fn for_type(control_message_type: ControlMessageType) -> Self {
        Self {
            length: match control_message_type.length() {
                Some(length) => length,
                None => HEADER_LENGTH as u16,
            },
            pptp_message_type: PptpMessageType::CONTROL,
            magic_cookie: MAGIC_COOKIE,
            control_message_type,
            reserved0: 0,
        }
    }

    /// The header as it stands on the wire.
    #[inline]
    pub fn encode(&self, octets: &mut [u8; HEADER_LENGTH]) {
        self.length.write(octets, 0);
        self.pptp_message_type.write(octets, 2);
        self.magic_cookie.write(octets, 4);
        self.control_message_type.write(octets, 8);
        self.reserved0.write(octets, 10);
    }

    #[inline(always)]
    pub(crate) fn decode_array(octets: &[u8; HEADER_LENGTH]) -> Self {
        Self {
            length: u16::read(octets, 0),
            pptp_message_type: PptpMessageType::read(octets, 2),
            magic_cookie: u32::read(octets, 4),
            control_message_type: ControlMessageType::read(octets, 8),
            reserved0: u16::read(octets, 10),
        }
    }
}

/// The header's fields where the type of the message is not known.
pub(crate) static HEADER_FIELDS: [Field; 5] = [
    Field {
        name: "Length",
        key: "length",
        offset: 0,
        size: 2,
        kind: FieldKind::Unsigned,
    },
    Field {
        name: "PPTP Message Type",
        key: "pptp-message-type",
        offset: 2,
        size: 2,
        kind: FieldKind::Constant(1),
    },
    Field {
        name: "Magic Cookie",
        key: "magic-cookie",
        offset: 4,
        size: 4,
        kind: FieldKind::Constant(MAGIC_COOKIE),
    },
    Field {
        name: "Control Message Type",
        key: "control-message-type",
        offset: 8,
        size: 2,
        kind: FieldKind::Unsigned,
    },
    Field {
        name: "Reserved0",
        key: "reserved0",
        offset: 10,
        size: 2,
        kind: FieldKind::Reserved,
    },
];

/// The error for octets that end inside the first of `fields` that is not all there.
#[cold]
pub(crate) fn truncated(fields: &'static [Field], needed: usize, available: usize) -> DecodeError {
    let missing = fields.iter().find(|field| field.end() > available);
    let (at, field) = missing.map_or((available, "length"), |field| (field.offset, field.key));
    DecodeError {
        at,
        field,
        kind: DecodeErrorKind::Truncated { needed, available },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_truncation_names_the_first_field_that_is_missing() {
        let mut octets = [0; HEADER_LENGTH];
        Header::for_type(ControlMessageType::ECHO_REQUEST).encode(&mut octets);
        for available in 0..HEADER_LENGTH {
            let error = Header::decode(&octets[..available]).expect_err("too short");
            let field = HEADER_FIELDS
                .iter()
                .find(|field| field.end() > available)
                .expect("inside the header");
            assert_eq!((error.at, error.field), (field.offset, field.key));
        }
        assert_eq!(
            Header::decode(&octets),
            Ok(Header::for_type(ControlMessageType::ECHO_REQUEST))
        );
    }

    #[test]
    fn a_legal_header_is_the_one_of_the_rfc() {
        let mut octets = [0; HEADER_LENGTH];
        Header::for_type(ControlMessageType::INCOMING_CALL_REQUEST).encode(&mut octets);
        assert_eq!(octets, [0, 220, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 9, 0, 0]);
        assert_eq!(Header::for_type(ControlMessageType(99)).length, 12);
    }
}

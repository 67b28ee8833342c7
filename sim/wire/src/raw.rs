//! Malformed traffic: a valid message or packet with overrides, down to raw octets.
//!
//! ```
//! use pptp_wire::{EchoReply, Raw, Requirement, validate_control};
//!
//! let octets = Raw::control(EchoReply::default()).patch("result-code", 9)?.truncate(19).into_octets();
//! assert!(validate_control(&octets).contains(Requirement::Ecrp003));
//! # Ok::<(), pptp_wire::RawError>(())
//! ```

use crate::gre::gre_field_in;
use crate::{
    ControlMessage, ControlMessageType, Field, FieldError, FieldValue, GRE_MAXIMUM_HEADER_LENGTH,
    GreHeader, MAXIMUM_LENGTH, field_by_key,
};
use alloc::vec::Vec;
use core::fmt;

/// Octets in the making. Each step changes them at once, so that steps take effect in the order in which they are written; fields
/// stay where the message that it began with has them.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Raw {
    octets: Vec<u8>,
    layout: Layout,
}

/// Where the fields are.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
enum Layout {
    Control(ControlMessageType),
    Gre,
    None,
}

/// Why a step could not be done. Nothing is changed then.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum RawError {
    /// The message has no field with this key.
    UnknownField,
    /// The field does not take the value.
    Field(FieldError),
    /// The place is beyond the last octet.
    OutOfReach,
}

impl fmt::Display for RawError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownField => formatter.write_str("the message has no such field"),
            Self::Field(error) => error.fmt(formatter),
            Self::OutOfReach => formatter.write_str("the place is beyond the last octet"),
        }
    }
}

impl core::error::Error for RawError {}

impl From<FieldError> for RawError {
    fn from(error: FieldError) -> Self {
        Self::Field(error)
    }
}

impl Raw {
    /// Begins with a control message. Its fields stay patchable under the type of its body whatever the header says.
    pub fn control(message: impl Into<ControlMessage>) -> Self {
        let message = message.into();
        let octets = message.encode(&mut [0; MAXIMUM_LENGTH]).to_vec();
        Self {
            octets,
            layout: Layout::Control(message.message_type()),
        }
    }

    /// Begins with a GRE packet: the header, then the payload, whatever Payload Length says.
    pub fn gre(header: &GreHeader, payload: &[u8]) -> Self {
        let mut encoded = [0; GRE_MAXIMUM_HEADER_LENGTH];
        let length = header.encode(&mut encoded);
        Self {
            octets: [&encoded[..length], payload].concat(),
            layout: Layout::Gre,
        }
    }

    /// Begins with any octets, which have no fields.
    pub fn octets(octets: impl Into<Vec<u8>>) -> Self {
        Self {
            octets: octets.into(),
            layout: Layout::None,
        }
    }

    /// Sets a number field, given by its key, to any value that fits.
    ///
    /// # Errors
    /// [`RawError`] for an unknown key, a text field, a value that is too large, or a field that was cut off.
    pub fn patch(self, key: &str, value: u32) -> Result<Self, RawError> {
        self.patch_value(key, FieldValue::Unsigned(value))
    }

    /// Sets a text field, given by its key, to these octets, filled with zero octets.
    ///
    /// # Errors
    /// As [`Raw::patch`].
    pub fn patch_text(self, key: &str, octets: &[u8]) -> Result<Self, RawError> {
        self.patch_value(key, FieldValue::Octets(octets))
    }

    /// Sets a field, given by its key.
    ///
    /// # Errors
    /// As [`Raw::patch`].
    pub fn patch_value(self, key: &str, value: FieldValue<'_>) -> Result<Self, RawError> {
        let field = self.field(key).ok_or(RawError::UnknownField)?;
        self.patch_field(&field, value)
    }

    /// Sets a field of any message at that field's place.
    ///
    /// # Errors
    /// [`RawError::Field`], as [`Field::write`].
    pub fn patch_field(mut self, field: &Field, value: FieldValue<'_>) -> Result<Self, RawError> {
        field.write(&mut self.octets, value)?;
        Ok(self)
    }

    /// Replaces octets from this offset on; they may reach beyond the end, which they then move.
    ///
    /// # Errors
    /// [`RawError::OutOfReach`] where the offset leaves a gap after the last octet.
    pub fn replace(mut self, offset: usize, octets: &[u8]) -> Result<Self, RawError> {
        if offset > self.octets.len() {
            return Err(RawError::OutOfReach);
        }
        let end = self.octets.len().min(offset.saturating_add(octets.len()));
        self.octets.splice(offset..end, octets.iter().copied());
        Ok(self)
    }

    /// Keeps at most the first `length` octets.
    #[must_use]
    pub fn truncate(mut self, length: usize) -> Self {
        self.octets.truncate(length);
        self
    }

    /// Adds `count` zero octets at the end.
    #[must_use]
    pub fn pad(mut self, count: usize) -> Self {
        self.octets.resize(self.octets.len() + count, 0);
        self
    }

    /// Adds these octets at the end.
    #[must_use]
    pub fn append(mut self, octets: &[u8]) -> Self {
        self.octets.extend_from_slice(octets);
        self
    }

    /// The octets.
    pub fn as_octets(&self) -> &[u8] {
        &self.octets
    }

    /// The octets.
    pub fn into_octets(self) -> Vec<u8> {
        self.octets
    }

    /// The octets in segments that end after these numbers of octets; the last segment takes the rest. Cuts at an end or out of
    /// order make no segment.
    pub fn split(&self, cuts: &[usize]) -> Vec<&[u8]> {
        let mut segments = Vec::with_capacity(cuts.len() + 1);
        let mut start = 0;
        for &cut in cuts {
            if cut > start && cut < self.octets.len() {
                segments.push(&self.octets[start..cut]);
                start = cut;
            }
        }
        segments.push(&self.octets[start..]);
        segments
    }

    fn field(&self, key: &str) -> Option<Field> {
        match self.layout {
            Layout::Control(message_type) => field_by_key(message_type, key).copied(),
            Layout::Gre => gre_field_in(&self.octets, key),
            Layout::None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CallId, EchoRequest, GrePacket, OutgoingCallRequest, StopControlConnectionRequest, fields,
    };

    fn echo() -> Raw {
        Raw::control(EchoRequest {
            identifier: 0x0102_0304,
        })
    }

    #[test]
    fn fields_are_patched_by_their_key() {
        let raw = echo()
            .patch("magic-cookie", 0)
            .and_then(|raw| raw.patch("identifier", 7))
            .expect("known fields");
        assert_eq!(
            raw.as_octets(),
            [0, 16, 0, 1, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 7]
        );
        assert_eq!(echo().patch("result-code", 1), Err(RawError::UnknownField));
        assert_eq!(
            echo().patch("length", 0x1_0000),
            Err(RawError::Field(FieldError::TooLarge))
        );
        assert_eq!(
            echo().truncate(15).patch("identifier", 1),
            Err(RawError::Field(FieldError::OutOfReach))
        );
        assert_eq!(
            Raw::octets([0; 16]).patch("length", 1),
            Err(RawError::UnknownField)
        );
    }

    #[test]
    fn a_patched_type_does_not_move_the_fields() {
        let raw = Raw::control(StopControlConnectionRequest::default())
            .patch("control-message-type", 99)
            .and_then(|raw| raw.patch("reason", 3))
            .expect("known fields");
        assert_eq!((raw.as_octets()[9], raw.as_octets()[12]), (99, 3));
    }

    #[test]
    fn every_field_of_every_message_can_be_patched() {
        for &(value, ..) in ControlMessageType::ALL {
            let message = ControlMessage::default_for(ControlMessageType(value)).expect("defined");
            for field in fields(ControlMessageType(value)) {
                let largest = vec![0xFF; field.size];
                let value = match field.maximum() {
                    0 => FieldValue::Octets(&largest),
                    maximum => FieldValue::Unsigned(maximum),
                };
                let raw = Raw::control(message)
                    .patch_value(field.key, value)
                    .expect("fits");
                assert_eq!(raw.as_octets()[field.offset..field.end()], largest);
            }
        }
    }

    #[test]
    fn text_is_patched_and_filled() {
        let raw = Raw::control(OutgoingCallRequest::default())
            .patch_text("phone-number", b"555")
            .expect("fits");
        assert_eq!(raw.as_octets()[40..44], *b"555\0");
        assert!(raw.patch("phone-number", 5).is_err());
    }

    #[test]
    fn gre_fields_are_where_the_packet_has_them() {
        let raw = Raw::gre(&GreHeader::acknowledgment_only(CallId(5), 9), &[]);
        assert_eq!(
            raw.clone().patch("sequence-number", 1),
            Err(RawError::UnknownField)
        );
        let raw = raw
            .patch("acknowledgment-number", 0x0A0B_0C0D)
            .and_then(|raw| raw.patch("version", 0))
            .expect("is there");
        assert_eq!(
            raw.as_octets(),
            [0x20, 0x80, 0x88, 0x0B, 0, 0, 0, 5, 0x0A, 0x0B, 0x0C, 0x0D]
        );
        let raw = Raw::gre(&GreHeader::data(CallId(5), 1, Some(2), 900), &[0xAA; 3])
            .patch("acknowledgment-number", 3);
        let octets = raw.expect("is there").into_octets();
        let packet = GrePacket::decode(&octets).expect("whole header");
        assert_eq!(
            (
                packet.header.sequence_number,
                packet.header.acknowledgment_number
            ),
            (Some(1), Some(3))
        );
        assert_eq!(
            (packet.header.payload_length, packet.payload, packet.data()),
            (900, &[0xAA; 3][..], &[0xAA; 3][..])
        );
    }

    #[test]
    fn octets_are_replaced_cut_off_and_added() {
        let raw = Raw::octets(*b"abcdef");
        assert_eq!(
            raw.clone().replace(2, b"XY").expect("inside").into_octets(),
            b"abXYef"
        );
        assert_eq!(
            raw.clone()
                .replace(5, b"XY")
                .expect("at the end")
                .into_octets(),
            b"abcdeXY"
        );
        assert_eq!(
            raw.clone()
                .replace(6, b"XY")
                .expect("after the end")
                .into_octets(),
            b"abcdefXY"
        );
        assert_eq!(raw.clone().replace(7, b"XY"), Err(RawError::OutOfReach));
        assert_eq!(
            raw.clone().truncate(2).pad(2).append(b"Z").into_octets(),
            b"ab\0\0Z"
        );
        assert_eq!(raw.truncate(99).into_octets(), b"abcdef");
    }

    #[test]
    fn segments_together_are_the_message() {
        let raw = Raw::octets(*b"abcdef");
        assert_eq!(raw.split(&[]), [&b"abcdef"[..]]);
        assert_eq!(raw.split(&[1, 4]), [&b"a"[..], b"bcd", b"ef"]);
        assert_eq!(raw.split(&[0, 4, 4, 2, 6, 9]), [&b"abcd"[..], b"ef"]);
    }
}

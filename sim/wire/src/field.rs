//! Field tables: the one truth about names, offsets and sizes that parsers, renderers, matchers and patches share.

use crate::ControlMessageType;
use core::fmt;

/// One field of a control message or of the enhanced GRE header.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Field {
    /// The RFC's name, such as `Packet Recv. Window Size`.
    pub name: &'static str,
    /// The name in scenarios and transcripts: lower case, apostrophe-s and dots dropped, spaces as `-`, such as
    /// `packet-recv-window-size`.
    pub key: &'static str,
    /// Offset in octets from the start of the message.
    pub offset: usize,
    /// Size in octets: 1, 2 or 4, or that of a text field. For [`FieldKind::Bits`] that of the word that holds the bits.
    pub size: usize,
    /// What the field holds.
    pub kind: FieldKind,
}

/// What a field holds, and so how it is shown.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum FieldKind {
    /// One legal value in messages of this type.
    Constant(u32),
    /// Sent as zero (`HDR-012`).
    Reserved,
    /// A number, shown in decimal.
    Unsigned,
    /// A number, shown in hexadecimal: Protocol Version, the ACCMs.
    Hexadecimal,
    /// A Call ID.
    CallId,
    /// A code; the table names the defined values.
    Code(&'static [(u32, &'static str)]),
    /// Text of a fixed number of octets.
    Text,
    /// The bits of this mask within the word: the flags of the GRE header. Values are those of the bits alone, shifted down.
    Bits(u32),
}

/// The value of a field.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum FieldValue<'a> {
    /// Of every field that is not text.
    Unsigned(u32),
    /// Of a text field: all its octets when read; when written, at most so many, filled with zero octets.
    Octets(&'a [u8]),
}

/// Why a value could not be written to a field.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum FieldError {
    /// The octets end before the field does.
    OutOfReach,
    /// The value is larger than the field.
    TooLarge,
    /// A number for a text field, or octets for a number.
    WrongKind,
}

impl fmt::Display for FieldError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OutOfReach => "the octets end before the field does",
            Self::TooLarge => "the value does not fit into the field",
            Self::WrongKind => "the field holds another kind of value",
        })
    }
}

impl core::error::Error for FieldError {}

impl Field {
    /// The offset of the first octet after the field.
    pub const fn end(&self) -> usize {
        self.offset + self.size
    }

    /// The largest number that fits into the field; 0 for a text field.
    pub const fn maximum(&self) -> u32 {
        match self.kind {
            FieldKind::Text => 0,
            FieldKind::Bits(mask) => mask >> mask.trailing_zeros(),
            _ => u32::MAX >> (32 - 8 * self.size),
        }
    }

    /// The field's value in a message, or `None` where the octets end before the field does.
    pub fn read<'a>(&self, octets: &'a [u8]) -> Option<FieldValue<'a>> {
        let own = octets.get(self.offset..self.end())?;
        Some(match self.kind {
            FieldKind::Text => FieldValue::Octets(own),
            FieldKind::Bits(mask) => {
                FieldValue::Unsigned((number(own) & mask) >> mask.trailing_zeros())
            }
            _ => FieldValue::Unsigned(number(own)),
        })
    }

    /// The field's value as a number, or `None` where it is text or the octets end before it does.
    pub fn read_unsigned(&self, octets: &[u8]) -> Option<u32> {
        match self.read(octets)? {
            FieldValue::Unsigned(value) => Some(value),
            FieldValue::Octets(_) => None,
        }
    }

    /// Writes the value into a message; any value that fits, legal or not.
    ///
    /// # Errors
    /// [`FieldError`]: the octets end too early, the value is too large, or it is of the wrong kind. Nothing is written then.
    pub fn write(&self, octets: &mut [u8], value: FieldValue<'_>) -> Result<(), FieldError> {
        let own = octets
            .get_mut(self.offset..self.end())
            .ok_or(FieldError::OutOfReach)?;
        match (self.kind, value) {
            (FieldKind::Text, FieldValue::Octets(text)) => {
                let (used, rest) = own
                    .split_at_mut_checked(text.len())
                    .ok_or(FieldError::TooLarge)?;
                used.copy_from_slice(text);
                rest.fill(0);
            }
            (FieldKind::Text, _) | (_, FieldValue::Octets(_)) => return Err(FieldError::WrongKind),
            (_, FieldValue::Unsigned(value)) if value > self.maximum() => {
                return Err(FieldError::TooLarge);
            }
            (FieldKind::Bits(mask), FieldValue::Unsigned(value)) => {
                put_number(own, number(own) & !mask | value << mask.trailing_zeros());
            }
            (_, FieldValue::Unsigned(value)) => put_number(own, value),
        }
        Ok(())
    }
}

fn number(octets: &[u8]) -> u32 {
    octets
        .iter()
        .fold(0, |value, &octet| value << 8 | u32::from(octet))
}

fn put_number(octets: &mut [u8], value: u32) {
    let wide = value.to_be_bytes();
    let skipped = wide.len() - octets.len();
    octets.copy_from_slice(&wide[skipped..]);
}

/// The field of a control message with this key.
pub fn field_by_key(message_type: ControlMessageType, key: &str) -> Option<&'static Field> {
    crate::fields(message_type)
        .iter()
        .find(|field| field.key == key)
}

/// The key of a snake-case field name: underscores become `-`. For the field tables, at compile time.
pub(crate) const fn key_octets<const N: usize>(name: &str) -> [u8; N] {
    let name = name.as_bytes();
    let mut key = [0; N];
    let mut index = 0;
    while index < N {
        key[index] = if name[index] == b'_' {
            b'-'
        } else {
            name[index]
        };
        index += 1;
    }
    key
}

/// Whether each field starts where the one before it ends, and the last ends with the message. For the field tables.
pub(crate) const fn contiguous(fields: &[Field], length: usize) -> bool {
    let mut end = 0;
    let mut index = 0;
    while index < fields.len() {
        if fields[index].offset != end {
            return false;
        }
        end = fields[index].end();
        index += 1;
    }
    end == length
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORD: Field = Field {
        name: "W",
        key: "w",
        offset: 1,
        size: 2,
        kind: FieldKind::Unsigned,
    };
    const BITS: Field = Field {
        kind: FieldKind::Bits(0x0700),
        ..WORD
    };
    const TEXT: Field = Field {
        size: 3,
        kind: FieldKind::Text,
        ..WORD
    };

    #[test]
    fn numbers_are_in_network_byte_order() {
        let mut octets = [0xFF; 4];
        WORD.write(&mut octets, FieldValue::Unsigned(0x0102))
            .expect("fits");
        assert_eq!(octets, [0xFF, 1, 2, 0xFF]);
        assert_eq!(WORD.read(&octets), Some(FieldValue::Unsigned(0x0102)));
    }

    #[test]
    fn bits_leave_their_neighbours_alone() {
        let mut octets = [0xFF; 4];
        BITS.write(&mut octets, FieldValue::Unsigned(2))
            .expect("fits");
        assert_eq!(octets, [0xFF, 0xFA, 0xFF, 0xFF]);
        assert_eq!(BITS.read_unsigned(&octets), Some(2));
        assert_eq!(
            BITS.write(&mut octets, FieldValue::Unsigned(8)),
            Err(FieldError::TooLarge)
        );
    }

    #[test]
    fn short_text_is_filled_with_zero_octets() {
        let mut octets = [0xFF; 4];
        TEXT.write(&mut octets, FieldValue::Octets(b"a"))
            .expect("fits");
        assert_eq!(octets, [0xFF, b'a', 0, 0]);
        assert_eq!(TEXT.read(&octets), Some(FieldValue::Octets(b"a\0\0")));
        assert_eq!(TEXT.read_unsigned(&octets), None);
    }

    #[test]
    fn what_does_not_fit_is_refused_and_changes_nothing() {
        let mut octets = [7; 4];
        assert_eq!(
            WORD.write(&mut octets, FieldValue::Unsigned(0x1_0000)),
            Err(FieldError::TooLarge)
        );
        assert_eq!(
            WORD.write(&mut octets, FieldValue::Octets(b"a")),
            Err(FieldError::WrongKind)
        );
        assert_eq!(
            WORD.write(&mut octets[..2], FieldValue::Unsigned(1)),
            Err(FieldError::OutOfReach)
        );
        assert_eq!(
            TEXT.write(&mut octets, FieldValue::Octets(b"abcd")),
            Err(FieldError::TooLarge)
        );
        assert_eq!(
            TEXT.write(&mut octets, FieldValue::Unsigned(1)),
            Err(FieldError::WrongKind)
        );
        assert_eq!(octets, [7; 4]);
        assert_eq!(WORD.read(&octets[..2]), None);
    }
}

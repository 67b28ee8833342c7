//! What is wrong with octets that do not decode.

use core::fmt;

/// Why octets did not decode, and where. `Copy` and without strings of its own.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub struct DecodeError {
    /// Offset in octets, from the start of the message or packet, of the field that could not be read or used.
    pub at: usize,
    /// Key of that field in its field table, such as `result-code`.
    pub field: &'static str,
    /// What was wrong there.
    pub kind: DecodeErrorKind,
}

/// The kinds of [`DecodeError`].
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub enum DecodeErrorKind {
    /// The octets end before the field does.
    Truncated {
        /// Octets that have to be there for the whole message or header.
        needed: usize,
        /// Octets that are there.
        available: usize,
    },
    /// More octets than the message has (`HDR-003`).
    TooLong {
        /// The size of the message.
        needed: usize,
        /// Octets that are there.
        available: usize,
    },
    /// The Control Message Type is none of 1 to 15 (`HDR-010`).
    UnknownControlMessageType(u16),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, field, kind } = self;
        match kind {
            DecodeErrorKind::Truncated { needed, available } => write!(
                formatter,
                "expected {needed} octets, found {available}: {field} at octet {at} is missing or cut off"
            ),
            DecodeErrorKind::TooLong { needed, available } => {
                write!(
                    formatter,
                    "expected {needed} octets, found {available}: {field} ends at octet {at}"
                )
            }
            DecodeErrorKind::UnknownControlMessageType(seen) => {
                write!(
                    formatter,
                    "expected a {field} of 1 to 15 at octet {at}, found {seen}"
                )
            }
        }
    }
}

impl core::error::Error for DecodeError {}

//! From the octets of a TCP stream to messages by their Length (`TR-007`), and the loss of synchronisation (`HDR-007` to `HDR-009`).

use crate::{
    DecodeError, HEADER_LENGTH, Header, MAGIC_COOKIE, MAXIMUM_LENGTH, PptpMessageType, Requirement,
};
use core::fmt;

/// The largest Length that a framer can be configured to accept: its buffer.
pub const FRAMER_CAPACITY: usize = 256;

/// The smallest Length that a framer can be configured to accept: up to the Magic Cookie.
const SMALLEST_LENGTH: u16 = 8;

/// What a framer takes for a message.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct FramerConfig {
    /// The smallest Length accepted. A value below 8 counts as 8.
    pub minimum_length: u16,
    /// The largest Length accepted. A value above [`FRAMER_CAPACITY`] counts as that.
    pub maximum_length: u16,
    /// Whether any PPTP Message Type is accepted; otherwise Control Message alone (`HDR-004`, `HDR-005`).
    pub accept_any_pptp_message_type: bool,
    /// Whether any Magic Cookie is accepted (against `HDR-007`).
    pub accept_any_magic_cookie: bool,
    /// Whether octets are dropped until a plausible header appears, instead of failing (against `HDR-008`; AMB-35).
    pub resynchronise: bool,
}

impl FramerConfig {
    /// What RFC 2637 asks for: Length 12 to 220, control messages alone, no search for the cookie.
    pub const RFC: Self = Self {
        minimum_length: HEADER_LENGTH as u16,
        maximum_length: MAXIMUM_LENGTH as u16,
        accept_any_pptp_message_type: false,
        accept_any_magic_cookie: false,
        resynchronise: false,
    };
}

impl Default for FramerConfig {
    /// [`FramerConfig::RFC`].
    fn default() -> Self {
        Self::RFC
    }
}

/// Finds the messages in one direction of a TCP stream, however it is cut into segments. Never allocates.
//
// In this order in memory, so that a short message and what the framer knows lie together.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Framer {
    config: FramerConfig,
    filled: usize,
    /// Octets of the frame that the last call answered with: they are dropped by the next.
    delivered: usize,
    /// Octets of the stream before those in the buffer.
    position: u64,
    failure: Option<FramingError>,
    buffer: [u8; FRAMER_CAPACITY],
    skipped: u64,
}

/// One message's octets: as many as its Length says.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Frame<'a> {
    /// The octets; at least 12 unless the configuration accepts fewer.
    pub octets: &'a [u8],
}

impl Frame<'_> {
    /// The message's header.
    ///
    /// # Errors
    /// [`DecodeError`] where the configuration accepted fewer than 12 octets.
    pub fn header(&self) -> Result<Header, DecodeError> {
        Header::decode(self.octets)
    }
}

/// The end of synchronisation: nothing that follows on the stream is a message any more (`HDR-009`).
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub struct FramingError {
    /// What was wrong with the header.
    pub kind: FramingErrorKind,
    /// Octets of the stream before the message.
    pub position: u64,
    /// The value seen: of Length, PPTP Message Type or Magic Cookie.
    pub seen: u32,
}

/// The kinds of [`FramingError`].
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub enum FramingErrorKind {
    /// The Magic Cookie is not 0x1A2B3C4D (`HDR-006`).
    BadCookie,
    /// Length is too small for any message.
    LengthTooShort,
    /// Length is too large for any message.
    LengthTooLong,
    /// The PPTP Message Type is not that of a control message (`HDR-004`).
    BadPptpMessageType,
}

impl FramingError {
    /// The requirement that the sender of the octets broke.
    pub const fn requirement(&self) -> Requirement {
        match self.kind {
            FramingErrorKind::BadCookie => Requirement::Hdr006,
            FramingErrorKind::LengthTooShort | FramingErrorKind::LengthTooLong => {
                Requirement::Hdr003
            }
            FramingErrorKind::BadPptpMessageType => Requirement::Hdr004,
        }
    }

    /// Key of the field that is wrong.
    pub const fn field(&self) -> &'static str {
        match self.kind {
            FramingErrorKind::BadCookie => "magic-cookie",
            FramingErrorKind::LengthTooShort | FramingErrorKind::LengthTooLong => "length",
            FramingErrorKind::BadPptpMessageType => "pptp-message-type",
        }
    }
}

impl fmt::Display for FramingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            position,
            seen,
        } = self;
        match kind {
            FramingErrorKind::BadCookie => write!(
                formatter,
                "expected magic-cookie {MAGIC_COOKIE:#010X}, found {seen:#010X}"
            ),
            FramingErrorKind::LengthTooShort => {
                write!(formatter, "length {seen} is too short for a message")
            }
            FramingErrorKind::LengthTooLong => {
                write!(formatter, "length {seen} is too long for a message")
            }
            FramingErrorKind::BadPptpMessageType => {
                write!(formatter, "expected pptp-message-type 1, found {seen}")
            }
        }?;
        write!(
            formatter,
            " in the message at octet {position} of the stream"
        )
    }
}

impl core::error::Error for FramingError {}

impl Framer {
    /// A framer at the beginning of a stream.
    pub const fn new(config: FramerConfig) -> Self {
        Self {
            config,
            buffer: [0; FRAMER_CAPACITY],
            filled: 0,
            delivered: 0,
            position: 0,
            skipped: 0,
            failure: None,
        }
    }

    /// Consumes octets up to the end of the next message and answers with it. To be called until it answers `None`, when all octets
    /// are consumed. A header is judged as soon as enough of it has arrived. The first error is final: it is answered once, and all
    /// octets after it are thrown away.
    #[inline]
    pub fn push(&mut self, octets: &mut &[u8]) -> Option<Result<Frame<'_>, FramingError>> {
        if self.failure.is_some() {
            *octets = &octets[octets.len()..];
            return None;
        }
        self.forget_delivered();
        while self.filled < usize::from(SMALLEST_LENGTH) {
            self.fill(usize::from(SMALLEST_LENGTH), octets);
            match self.fault() {
                None if self.filled < usize::from(SMALLEST_LENGTH) => return None,
                None => {}
                Some(_) if self.config.resynchronise => self.skip(),
                Some(error) => {
                    self.failure = Some(error);
                    *octets = &octets[octets.len()..];
                    return Some(Err(error));
                }
            }
        }
        let length = usize::from(self.length());
        self.fill(length, octets);
        if self.filled < length {
            return None;
        }
        self.delivered = length;
        Some(Ok(Frame {
            octets: &self.buffer[..length],
        }))
    }

    /// Octets held that are not yet a whole message: after the end of the stream, those left over.
    pub const fn buffered(&self) -> usize {
        self.filled - self.delivered
    }

    /// Octets of the stream before those of the message that comes next.
    pub const fn position(&self) -> u64 {
        self.position + self.delivered as u64
    }

    /// Octets dropped in search of a header; 0 unless the configuration allows the search.
    pub const fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The error that ended synchronisation.
    pub const fn failure(&self) -> Option<FramingError> {
        self.failure
    }

    #[inline]
    fn forget_delivered(&mut self) {
        if self.delivered > 0 {
            self.position += self.delivered as u64;
            self.delivered = 0;
            self.filled = 0;
        }
    }

    /// Takes octets until `target` are held or there are no more.
    #[inline]
    fn fill(&mut self, target: usize, octets: &mut &[u8]) {
        let missing = target - self.filled;
        let (taken, rest) = octets.split_at(missing.min(octets.len()));
        self.buffer[self.filled..self.filled + taken.len()].copy_from_slice(taken);
        self.filled += taken.len();
        *octets = rest;
    }

    /// Drops the first octet held.
    #[cold]
    fn skip(&mut self) {
        self.buffer.copy_within(1..self.filled, 0);
        self.filled -= 1;
        self.position += 1;
        self.skipped += 1;
    }

    const fn length(&self) -> u16 {
        u16::from_be_bytes([self.buffer[0], self.buffer[1]])
    }

    /// What is wrong with as much of the header as is there: Length, then PPTP Message Type, then cookie (`HDR-007`).
    #[inline]
    fn fault(&self) -> Option<FramingError> {
        let error = |kind, seen| {
            Some(FramingError {
                kind,
                position: self.position,
                seen,
            })
        };
        let maximum = self.config.maximum_length.min(FRAMER_CAPACITY as u16);
        let minimum = self.config.minimum_length.max(SMALLEST_LENGTH);
        let length = self.length();
        if self.filled >= 2 && length < minimum {
            return error(FramingErrorKind::LengthTooShort, length.into());
        }
        if self.filled >= 2 && length > maximum {
            return error(FramingErrorKind::LengthTooLong, length.into());
        }
        let pptp_message_type =
            PptpMessageType(u16::from_be_bytes([self.buffer[2], self.buffer[3]]));
        let accepted = self.config.accept_any_pptp_message_type
            || pptp_message_type == PptpMessageType::CONTROL;
        if self.filled >= 4 && !accepted {
            return error(
                FramingErrorKind::BadPptpMessageType,
                pptp_message_type.0.into(),
            );
        }
        let cookie = u32::from_be_bytes([
            self.buffer[4],
            self.buffer[5],
            self.buffer[6],
            self.buffer[7],
        ]);
        if self.filled >= 8 && cookie != MAGIC_COOKIE && !self.config.accept_any_magic_cookie {
            return error(FramingErrorKind::BadCookie, cookie);
        }
        None
    }
}

impl Default for Framer {
    /// A framer as RFC 2637 asks for.
    fn default() -> Self {
        Self::new(FramerConfig::RFC)
    }
}

#[cfg(test)]
mod tests;

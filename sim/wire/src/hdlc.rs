//! Asynchronous HDLC-like framing of PPP with the 16-bit FCS (RFC 1662 §4, appendix C): what `pppd` speaks on a terminal.

use alloc::vec::Vec;
use core::fmt;

const FLAG: u8 = 0x7E;
const ESCAPE: u8 = 0x7D;
const ESCAPE_BIT: u8 = 0x20;
const FCS_INITIAL: u16 = 0xFFFF;
const FCS_GOOD: u16 = 0xF0B8;
const FCS_LENGTH: usize = 2;

const FCS_TABLE: [u16; 256] = {
    let mut table = [0; 256];
    let mut octet = 0;
    while octet < 256 {
        let mut value = octet as u16;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 {
                value >> 1 ^ 0x8408
            } else {
                value >> 1
            };
            bit += 1;
        }
        table[octet] = value;
        octet += 1;
    }
    table
};

fn fcs_step(fcs: u16, octets: &[u8]) -> u16 {
    octets.iter().fold(fcs, |fcs, &octet| {
        fcs >> 8 ^ FCS_TABLE[usize::from(fcs as u8 ^ octet)]
    })
}

/// The frame check sequence of a frame; it is sent with the low-order octet first.
pub fn fcs16(frame: &[u8]) -> u16 {
    !fcs_step(FCS_INITIAL, frame)
}

/// Whether the last two octets are the frame check sequence of those before them.
pub fn has_fcs(octets: &[u8]) -> bool {
    octets.len() > FCS_LENGTH && fcs_step(FCS_INITIAL, octets) == FCS_GOOD
}

/// The most octets that a frame of this many octets takes when it is encoded.
pub const fn encoded_limit(frame_length: usize) -> usize {
    2 * (frame_length + FCS_LENGTH) + 2
}

/// Appends the frame to `out`: flag, the frame and its FCS with octets escaped, flag. Escaped are flag, escape, and the control
/// characters 0 to 31 whose bit is set in `accm` (0xFFFF_FFFF until LCP has agreed on another map).
pub fn encode(frame: &[u8], accm: u32, out: &mut Vec<u8>) {
    out.push(FLAG);
    for &octet in frame.iter().chain(&fcs16(frame).to_le_bytes()) {
        if octet == FLAG || octet == ESCAPE || is_mapped(octet, accm) {
            out.extend([ESCAPE, octet ^ ESCAPE_BIT]);
        } else {
            out.push(octet);
        }
    }
    out.push(FLAG);
}

const fn is_mapped(octet: u8, accm: u32) -> bool {
    octet < 0x20 && accm >> octet & 1 == 1
}

/// Why octets between two flags are no frame.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub enum HdlcError {
    /// The FCS is wrong.
    BadFcs,
    /// A flag follows an escape: the sender gave the frame up.
    Aborted,
    /// Fewer octets than a protocol field and an FCS.
    TooShort,
    /// More octets than the decoder holds.
    TooLong,
}

impl fmt::Display for HdlcError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::BadFcs => "the frame check sequence is wrong",
            Self::Aborted => "the sender gave the frame up",
            Self::TooShort => "the frame is too short",
            Self::TooLong => "the frame is longer than the decoder holds",
        })
    }
}

impl core::error::Error for HdlcError {}

/// Finds the frames in a stream of octets. Holds one frame of at most `N` octets, its FCS included; never allocates.
#[derive(Clone, Debug)]
pub struct HdlcDecoder<const N: usize = 2048> {
    frame: [u8; N],
    filled: usize,
    escaped: bool,
    too_long: bool,
    /// Whether a flag has been seen: what stands before the first one is the end of a frame that began unseen.
    in_step: bool,
    accm: u32,
}

impl<const N: usize> HdlcDecoder<N> {
    /// A decoder that drops control characters whose bit is set in `accm`: they were not sent by the peer, which escapes them.
    pub const fn new(accm: u32) -> Self {
        Self {
            frame: [0; N],
            filled: 0,
            escaped: false,
            too_long: false,
            in_step: false,
            accm,
        }
    }

    /// Sets the map of control characters to drop, from the next octet on.
    pub const fn set_accm(&mut self, accm: u32) {
        self.accm = accm;
    }

    /// Consumes octets up to the end of the next frame and answers with the frame, without its FCS, or with what was wrong with it.
    /// To be called until it answers `None`, when all octets are consumed.
    pub fn push(&mut self, octets: &mut &[u8]) -> Option<Result<&[u8], HdlcError>> {
        while let Some((&octet, rest)) = octets.split_first() {
            *octets = rest;
            match octet {
                FLAG => {
                    if let Some(answer) = self.end() {
                        return Some(answer.map(|length| &self.frame[..length]));
                    }
                }
                _ if !self.in_step || is_mapped(octet, self.accm) => {}
                ESCAPE => self.escaped = true,
                _ => self.take(octet),
            }
        }
        None
    }

    fn take(&mut self, octet: u8) {
        let octet = if core::mem::take(&mut self.escaped) {
            octet ^ ESCAPE_BIT
        } else {
            octet
        };
        match self.frame.get_mut(self.filled) {
            Some(place) => {
                *place = octet;
                self.filled += 1;
            }
            None => self.too_long = true,
        }
    }

    /// At a flag: the length of the frame that ends here, or `None` where none does.
    fn end(&mut self) -> Option<Result<usize, HdlcError>> {
        let filled = core::mem::take(&mut self.filled);
        let escaped = core::mem::take(&mut self.escaped);
        let too_long = core::mem::take(&mut self.too_long);
        self.in_step = true;
        if escaped {
            return Some(Err(HdlcError::Aborted));
        }
        if too_long {
            return Some(Err(HdlcError::TooLong));
        }
        match filled {
            0 => None,
            1..=3 => Some(Err(HdlcError::TooShort)),
            _ if has_fcs(&self.frame[..filled]) => Some(Ok(filled - FCS_LENGTH)),
            _ => Some(Err(HdlcError::BadFcs)),
        }
    }
}

impl<const N: usize> Default for HdlcDecoder<N> {
    /// A decoder that drops all control characters that arrive without an escape.
    fn default() -> Self {
        Self::new(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decoded(mut octets: &[u8]) -> Vec<Result<Vec<u8>, HdlcError>> {
        let mut decoder = HdlcDecoder::<64>::new(0);
        let mut answers = Vec::new();
        while let Some(answer) = decoder.push(&mut octets) {
            answers.push(answer.map(<[u8]>::to_vec));
        }
        answers
    }

    #[test]
    fn the_check_value_is_that_of_the_algorithm() {
        assert_eq!(fcs16(b"123456789"), 0x906E);
        assert!(has_fcs(b"123456789\x6E\x90"));
        assert!(!has_fcs(b"123456789\x90\x6E"));
        assert!(!has_fcs(&[]));
        // The FCS of nothing, behind nothing.
        assert!(!has_fcs(&fcs16(&[]).to_le_bytes()));
    }

    #[test]
    fn no_frame_takes_more_than_its_limit_and_one_that_is_escaped_throughout_nearly_all_of_it() {
        for length in 0..100 {
            let mut out = Vec::new();
            encode(&vec![FLAG; length], 0, &mut out);
            // The FCS may go unescaped.
            let limit = encoded_limit(length);
            assert!(
                (limit - FCS_LENGTH..=limit).contains(&out.len()),
                "{length}"
            );
        }
    }

    #[test]
    fn each_error_says_what_it_is() {
        let said = |error: HdlcError| error.to_string();
        assert_eq!(said(HdlcError::BadFcs), "the frame check sequence is wrong");
        assert_eq!(said(HdlcError::Aborted), "the sender gave the frame up");
        assert_eq!(said(HdlcError::TooShort), "the frame is too short");
        assert_eq!(
            said(HdlcError::TooLong),
            "the frame is longer than the decoder holds"
        );
    }

    #[test]
    fn flags_escapes_and_mapped_characters_are_escaped() {
        let mut out = Vec::new();
        encode(&[0xFF, 0x03, 0x7E, 0x7D, 0x11], 1 << 3, &mut out);
        assert_eq!(
            &out[..9],
            [0x7E, 0xFF, 0x7D, 0x23, 0x7D, 0x5E, 0x7D, 0x5D, 0x11]
        );
        assert_eq!(out.last(), Some(&0x7E));
        assert!(out.len() <= encoded_limit(5));
    }

    #[test]
    fn what_is_no_frame_is_told_apart() {
        assert_eq!(decoded(b"\x7Eabcdef\x7E"), [Err(HdlcError::BadFcs)]);
        assert_eq!(decoded(b"\x7Eabc\x7D\x7E"), [Err(HdlcError::Aborted)]);
        assert_eq!(decoded(b"\x7Eabc\x7E"), [Err(HdlcError::TooShort)]);
        assert_eq!(
            decoded(&[&[0x7E][..], &[b'a'; 65], &[0x7E]].concat()),
            [Err(HdlcError::TooLong)]
        );
        assert_eq!(decoded(b"\x7E\x7E\x7E"), []);
        assert_eq!(decoded(b"tail of an earlier frame\x7E"), []);
    }

    #[test]
    fn inserted_control_characters_are_dropped() {
        let mut out = Vec::new();
        encode(b"\xFF\x03\x00\x21data", u32::MAX, &mut out);
        out.insert(3, 0x11);
        let mut decoder = HdlcDecoder::<64>::default();
        let mut rest = &out[..];
        assert_eq!(
            decoder.push(&mut rest),
            Some(Ok(&b"\xFF\x03\x00\x21data"[..]))
        );
        decoder.set_accm(0);
        assert_eq!(decoder.push(&mut &out[..]), Some(Err(HdlcError::BadFcs)));
    }

    proptest! {
        #[test]
        fn frames_come_back_however_the_stream_is_cut(
            frames in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 2..40), 0..6),
            accm: u32,
            cut: prop::sample::Index,
        ) {
            let mut stream = Vec::new();
            for frame in &frames {
                encode(frame, accm, &mut stream);
            }
            let cut = cut.index(stream.len() + 1);
            let mut decoder = HdlcDecoder::<64>::new(accm);
            let mut answers = Vec::new();
            for mut part in [&stream[..cut], &stream[cut..]] {
                while let Some(answer) = decoder.push(&mut part) {
                    answers.push(answer.map(<[u8]>::to_vec));
                }
            }
            prop_assert_eq!(answers, frames.into_iter().map(Ok).collect::<Vec<_>>());
        }

        #[test]
        fn any_octets_are_consumed(octets in proptest::collection::vec(any::<u8>(), 0..400), accm: u32) {
            let mut decoder = HdlcDecoder::<32>::new(accm);
            let mut rest = &octets[..];
            let mut answers = 0;
            while decoder.push(&mut rest).is_some() {
                answers += 1;
            }
            prop_assert!(rest.is_empty());
            prop_assert!(answers <= octets.iter().filter(|&&octet| octet == FLAG).count());
        }
    }
}

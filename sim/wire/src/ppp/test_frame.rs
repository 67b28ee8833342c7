//! Payloads for tests: valid PPP frames that carry a counter and that show every change to them.
//!
//! From 40 octets on a test frame is `FF 03 00 21` and an IPv4 packet with UDP from 192.0.2.1 to 198.51.100.1, port 9 (discard),
//! both checksums valid, whose data is the counter (8 octets) and a filler made from it. Shorter frames have no room for that: they
//! are padding frames (protocol 0x0001) with as many low-order octets of the counter as fit, and from two octets of data on one
//! octet of checksum. All octets of a frame follow from its length and its counter, so a check is a comparison.

use alloc::vec::Vec;
use core::fmt;

const IPV4_START: usize = 4;
const UDP_START: usize = IPV4_START + 20;
const DATA_START: usize = UDP_START + 8;
/// Octets of the shortest frame that is an IPv4 packet.
const IPV4_MINIMUM: usize = DATA_START + 8;

/// Addresses are of the ranges for documentation (RFC 5737); identification 0, not to be fragmented, 64 hops, UDP.
const TEMPLATE: [u8; DATA_START] = [
    0xFF, 0x03, 0x00, 0x21, 0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 17, 0, 0, 192, 0, 2, 1, 198, 51, 100,
    1, 0xC0, 0, 0, 9, 0, 0, 0, 0,
];

/// Why octets are no test frame.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub enum TestFrameError {
    /// There are no octets.
    Empty,
    /// An octet is not what the length and the counter of the frame make it.
    Changed {
        /// The first such octet.
        at: usize,
    },
}

impl fmt::Display for TestFrameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("expected a test frame, found no octets"),
            Self::Changed { at } => write!(formatter, "octet {at} of the test frame was changed"),
        }
    }
}

impl core::error::Error for TestFrameError {}

/// Appends a test frame of exactly `length` octets that carries the counter.
pub fn test_frame(counter: u64, length: usize, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + length, 0);
    write_test_frame(counter, &mut out[start..]);
}

/// Fills `out` with a test frame that carries the counter.
pub fn write_test_frame(counter: u64, out: &mut [u8]) {
    if out.len() < IPV4_MINIMUM {
        write_padding_frame(counter, out);
    } else {
        write_ipv4_frame(counter, out);
    }
}

/// The counter of a test frame: all of it from 40 octets on; in shorter frames its low-order octets, as many as fit (8 from 13
/// octets on, none in a frame of one octet, which gives 0).
///
/// # Errors
/// [`TestFrameError`] where the octets are not exactly those of a test frame of their length and counter.
pub fn check_test_frame(octets: &[u8]) -> Result<u64, TestFrameError> {
    if octets.is_empty() {
        return Err(TestFrameError::Empty);
    }
    let place = match octets.len() {
        IPV4_MINIMUM.. => DATA_START..DATA_START + 8,
        short => {
            let start = padding_header(short).len();
            start..start + carried(short - start)
        }
    };
    let counter = octets[place]
        .iter()
        .fold(0, |counter, &octet| counter << 8 | u64::from(octet));
    let mut expected = [0; CHUNKED];
    if let Some(expected) = expected.get_mut(..octets.len()) {
        write_test_frame(counter, expected);
        return compare(octets, expected, 0).map(|()| counter);
    }
    check_long(octets, counter)
}

/// Frames up to this size are checked by making them again on the stack.
const CHUNKED: usize = 2048;

/// As `check_test_frame` for frames of any size: the head is made again, the filler is compared word by word.
fn check_long(octets: &[u8], counter: u64) -> Result<u64, TestFrameError> {
    let mut head = TEMPLATE;
    let sum = fill_sum(octets.len(), counter, |at, word| {
        let end = octets.len().min(at + 8);
        compare(&octets[at..end], &word.to_be_bytes()[..end - at], at)
    })?;
    finish_head(&mut head, octets.len(), sum);
    compare(&octets[..DATA_START], &head, 0)?;
    Ok(counter)
}

fn compare(octets: &[u8], expected: &[u8], start: usize) -> Result<(), TestFrameError> {
    if octets == expected {
        return Ok(());
    }
    let at = octets
        .iter()
        .zip(expected)
        .position(|(octet, expected)| octet != expected)
        .unwrap_or(0);
    Err(TestFrameError::Changed { at: start + at })
}

fn write_ipv4_frame(counter: u64, out: &mut [u8]) {
    let length = out.len();
    let (head, data) = out.split_at_mut(DATA_START);
    let sum = fill_sum(length, counter, |at, word| {
        let start = at - DATA_START;
        let end = data.len().min(start + 8);
        data[start..end].copy_from_slice(&word.to_be_bytes()[..end - start]);
        Ok(())
    });
    head.copy_from_slice(&TEMPLATE);
    finish_head(head, length, sum.unwrap_or(0));
}

/// Hands out the data of a frame in words of eight octets, each with its place in the frame: the counter, then the filler. Answers
/// with the ones' complement sum of the data in four-octet steps, not yet folded.
fn fill_sum(
    length: usize,
    counter: u64,
    mut take: impl FnMut(usize, u64) -> Result<(), TestFrameError>,
) -> Result<u64, TestFrameError> {
    let mut sum = 0;
    let mut word = counter;
    let mut filler = counter.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    for at in (DATA_START..length).step_by(8) {
        take(at, word)?;
        let kept = 8 * (length - at).min(8);
        let inside = word & (u64::MAX << (64 - kept));
        sum += (inside >> 32) + (inside & 0xFFFF_FFFF);
        filler = filler.wrapping_add(0x9E37_79B9_7F4A_7C15);
        word = filler;
    }
    Ok(sum)
}

/// Lengths and checksums of IPv4 and UDP (RFC 791, RFC 768). A length that does not fit into its field is written as the largest.
fn finish_head(head: &mut [u8], length: usize, data_sum: u64) {
    let saturated = |length: usize| u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
    let udp_length = saturated(length - UDP_START);
    head[IPV4_START + 2..IPV4_START + 4].copy_from_slice(&saturated(length - IPV4_START));
    head[UDP_START + 4..UDP_START + 6].copy_from_slice(&udp_length);
    let ipv4_checksum = complement(octet_sum(&head[IPV4_START..UDP_START]));
    head[IPV4_START + 10..IPV4_START + 12].copy_from_slice(&ipv4_checksum.to_be_bytes());
    let addresses = octet_sum(&head[IPV4_START + 12..UDP_START]);
    let pseudo_header = addresses + 17 + u64::from(u16::from_be_bytes(udp_length));
    let udp_checksum =
        match complement(pseudo_header + octet_sum(&head[UDP_START..DATA_START]) + data_sum) {
            0 => u16::MAX,
            checksum => checksum,
        };
    head[UDP_START + 6..DATA_START].copy_from_slice(&udp_checksum.to_be_bytes());
}

fn octet_sum(octets: &[u8]) -> u64 {
    octets
        .chunks_exact(2)
        .map(|pair| u64::from(u16::from_be_bytes([pair[0], pair[1]])))
        .sum()
}

/// The Internet checksum of a sum: folded to 16 bits and complemented.
fn complement(mut sum: u64) -> u16 {
    while sum > 0xFFFF {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    !(sum as u16)
}

/// The header of a padding frame of this length: whole, without address and control octets, or compressed to one octet.
fn padding_header(length: usize) -> &'static [u8] {
    const WHOLE: &[u8] = &[0xFF, 0x03, 0x00, 0x01];
    match length {
        0 => &[],
        1 | 2 => &WHOLE[3..],
        3 | 4 => &WHOLE[2..],
        _ => WHOLE,
    }
}

/// How many octets of the counter fit into this much data.
const fn carried(data: usize) -> usize {
    match data {
        0 | 1 => data,
        2..=8 => data - 1,
        _ => 8,
    }
}

fn write_padding_frame(counter: u64, out: &mut [u8]) {
    let header = padding_header(out.len());
    let (head, data) = out.split_at_mut(header.len());
    head.copy_from_slice(header);
    let carried = carried(data.len());
    let (low_order, rest) = data.split_at_mut(carried);
    low_order.copy_from_slice(&counter.to_be_bytes()[8 - carried..]);
    if let Some((checksum, filler)) = rest.split_last_mut() {
        filler.fill(0x5A);
        *checksum = low_order
            .iter()
            .fold(0xA5, |checksum: u8, &octet| checksum.rotate_left(3) ^ octet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ppp::{PppFrame, PppProtocol};
    use proptest::prelude::*;

    fn made(counter: u64, length: usize) -> Vec<u8> {
        let mut frame = Vec::new();
        test_frame(counter, length, &mut frame);
        frame
    }

    #[test]
    fn long_frames_are_valid_ipv4_and_udp() {
        for length in [40, 41, 47, 48, 100, 1500, 1532, 2047, 2048, 2049, 9000] {
            let frame = made(u64::MAX - 7, length);
            assert_eq!(frame.len(), length);
            assert_eq!(PppFrame::parse(&frame).protocol, PppProtocol::IPV4);
            assert_eq!(
                usize::from(u16::from_be_bytes([frame[6], frame[7]])),
                length - 4
            );
            assert_eq!(
                complement(octet_sum(&frame[4..24])),
                0,
                "IPv4 header checksum"
            );
            let udp_length = length - 24;
            assert_eq!(
                usize::from(u16::from_be_bytes([frame[28], frame[29]])),
                udp_length
            );
            let mut covered = frame[24..].to_vec();
            if covered.len() % 2 == 1 {
                covered.push(0);
            }
            let sum = octet_sum(&frame[16..24]) + 17 + udp_length as u64 + octet_sum(&covered);
            assert_eq!(complement(sum), 0, "UDP checksum of {length} octets");
        }
    }

    #[test]
    fn short_frames_are_ppp_too() {
        for length in 1..40 {
            assert_eq!(
                PppFrame::parse(&made(5, length)).protocol,
                PppProtocol::PADDING
            );
        }
        assert_eq!(check_test_frame(&[]), Err(TestFrameError::Empty));
    }

    #[test]
    fn short_frames_carry_as_much_of_the_counter_as_fits() {
        let counter = 0x0102_0304_0506_0708;
        for (length, carried) in [
            (1, 0),
            (2, 8),
            (3, 8),
            (4, 8),
            (5, 8),
            (6, 8),
            (7, 0x0708),
            (13, counter),
            (39, counter),
            (40, counter),
        ] {
            assert_eq!(
                check_test_frame(&made(counter, length)),
                Ok(carried),
                "{length} octets"
            );
        }
    }

    proptest! {
        #[test]
        fn the_counter_comes_back(counter: u64, length in 13usize..3000) {
            prop_assert_eq!(check_test_frame(&made(counter, length)), Ok(counter));
        }

        #[test]
        fn every_changed_octet_is_noticed(counter: u64, length in 6usize..2500, at: prop::sample::Index, bits in 1u8..) {
            let mut frame = made(counter, length);
            frame[at.index(length)] ^= bits;
            prop_assert!(check_test_frame(&frame).is_err());
        }

        #[test]
        fn a_frame_that_was_cut_off_is_noticed(counter: u64, length in 48usize..2500, less in 1usize..8) {
            let frame = made(counter, length);
            prop_assert!(check_test_frame(&frame[..length - less]).is_err());
        }

        #[test]
        fn any_octets_can_be_checked(octets in proptest::collection::vec(any::<u8>(), 0..4000)) {
            let answer = check_test_frame(&octets);
            if let Ok(counter) = answer {
                prop_assert_eq!(made(counter, octets.len()), octets);
            }
        }
    }
}

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
    if octets.len() < IPV4_MINIMUM {
        let mut expected = [0; IPV4_MINIMUM];
        write_padding_frame(counter, &mut expected[..octets.len()]);
        return compare(octets, &expected, 0).map(|()| counter);
    }
    check_ipv4_frame(octets, counter)
}

/// Makes the frame again word by word; where anything differs, looks for the first octet that does.
fn check_ipv4_frame(octets: &[u8], counter: u64) -> Result<u64, TestFrameError> {
    let (head, data) = octets.split_at(DATA_START);
    let (mut sum, mut difference) = (0, 0);
    let mut words = Words::new(counter);
    let (whole, rest) = data.as_chunks();
    for (octets, expected) in whole.iter().zip(&mut words) {
        difference |= u64::from_be_bytes(*octets) ^ expected;
        sum += halves(expected);
    }
    if !rest.is_empty() {
        let expected = first_octets(words.word, rest.len());
        let mut octets = [0; 8];
        octets[..rest.len()].copy_from_slice(rest);
        difference |= u64::from_be_bytes(octets) ^ expected;
        sum += halves(expected);
    }
    compare(head, &finished_head(octets.len(), sum), 0)?;
    if difference == 0 {
        return Ok(counter);
    }
    for ((place, word), expected) in data.chunks(8).enumerate().zip(Words::new(counter)) {
        compare(word, &expected.to_be_bytes(), DATA_START + place * 8)?;
    }
    Ok(counter)
}

/// Compares octets with as many of the expected ones, which are at least as many.
fn compare(octets: &[u8], expected: &[u8], start: usize) -> Result<(), TestFrameError> {
    if expected.starts_with(octets) {
        return Ok(());
    }
    let mut pairs = octets.iter().zip(expected);
    match pairs.position(|(octet, expected)| octet != expected) {
        Some(at) => Err(TestFrameError::Changed { at: start + at }),
        None => Ok(()),
    }
}

fn write_ipv4_frame(counter: u64, out: &mut [u8]) {
    let length = out.len();
    let (head, data) = out.split_at_mut(DATA_START);
    let mut sum = 0;
    let mut words = Words::new(counter);
    let mut whole = data.chunks_exact_mut(8);
    for (octets, word) in (&mut whole).zip(&mut words) {
        octets.copy_from_slice(&word.to_be_bytes());
        sum += halves(word);
    }
    let rest = whole.into_remainder();
    if !rest.is_empty() {
        let word = first_octets(words.word, rest.len());
        rest.copy_from_slice(&word.to_be_bytes()[..rest.len()]);
        sum += halves(word);
    }
    head.copy_from_slice(&finished_head(length, sum));
}

/// The data of a frame in words of eight octets: the counter, then the filler. Never ends.
struct Words {
    word: u64,
    filler: u64,
}

impl Words {
    fn new(counter: u64) -> Self {
        Self {
            word: counter,
            filler: counter.wrapping_mul(GOLDEN_GAMMA),
        }
    }
}

impl Iterator for Words {
    type Item = u64;

    #[inline]
    fn next(&mut self) -> Option<u64> {
        self.filler = self.filler.wrapping_add(GOLDEN_GAMMA);
        Some(core::mem::replace(&mut self.word, self.filler))
    }
}

const GOLDEN_GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// The first octets (1 to 8) of a word, the others zero.
fn first_octets(word: u64, count: usize) -> u64 {
    word & (u64::MAX << (64 - 8 * count))
}

/// What a word adds to a ones' complement sum that is not folded yet.
fn halves(word: u64) -> u64 {
    (word >> 32) + (word & 0xFFFF_FFFF)
}

/// The head with lengths and checksums of IPv4 and UDP (RFC 791, RFC 768), for data with this sum. A length that does not fit into
/// its field is written as the largest.
fn finished_head(length: usize, data_sum: u64) -> [u8; DATA_START] {
    const IPV4: u64 = octet_sum(IPV4_START, UDP_START);
    const ADDRESSES: u64 = octet_sum(IPV4_START + 12, UDP_START);
    const PORTS: u64 = octet_sum(UDP_START, DATA_START);
    let saturated = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
    let total_length = saturated(length - IPV4_START);
    let udp_length = saturated(length - UDP_START);
    let ipv4_checksum = complement(IPV4 + u64::from(total_length));
    let pseudo_header = ADDRESSES + 17 + u64::from(udp_length);
    let udp_checksum = match complement(pseudo_header + PORTS + u64::from(udp_length) + data_sum) {
        0 => u16::MAX,
        checksum => checksum,
    };
    let mut head = TEMPLATE;
    let mut put = |at: usize, value: u16| head[at..at + 2].copy_from_slice(&value.to_be_bytes());
    put(IPV4_START + 2, total_length);
    put(IPV4_START + 10, ipv4_checksum);
    put(UDP_START + 4, udp_length);
    put(UDP_START + 6, udp_checksum);
    head
}

/// The sum of the words of two octets in a part of the template.
const fn octet_sum(mut from: usize, to: usize) -> u64 {
    let mut sum = 0;
    while from < to {
        sum += (TEMPLATE[from] as u64) << 8 | TEMPLATE[from + 1] as u64;
        from += 2;
    }
    sum
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

    fn octet_sum(octets: &[u8]) -> u64 {
        octets
            .chunks_exact(2)
            .map(|pair| u64::from(u16::from_be_bytes([pair[0], pair[1]])))
            .sum()
    }
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

    #[test]
    fn the_first_octet_that_is_changed_is_named() {
        let right = made(9, 300);
        // Behind the counter: what changes that is another counter's frame.
        for at in DATA_START + 8..300 {
            let mut frame = right.clone();
            frame[at] ^= 0x10;
            frame[299] ^= 1;
            let changed = Err(TestFrameError::Changed { at });
            assert_eq!(check_test_frame(&frame), changed);
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

//! IPv4 datagrams put together from their fragments, in bounded memory.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use super::ipv4::Ipv4Packet;
use super::notice::{Notice, Notices, Place};

/// Datagrams that may be unfinished at the same time; the oldest gives way.
const MAXIMUM_DATAGRAMS: usize = 256;
/// Gaps that one datagram may have at the same time.
const MAXIMUM_PIECES: usize = 64;
/// Octets that an IPv4 datagram can carry behind its smallest header.
const MAXIMUM_PAYLOAD: usize = 65_535 - 20;
/// How long fragments are kept, in nanoseconds of the capture's clock (RFC 1122 §3.3.2: 60 to 120 seconds).
const KEPT_NANOSECONDS: u64 = 120_000_000_000;

#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
struct Key {
    source: Ipv4Addr,
    destination: Ipv4Addr,
    protocol: u8,
    identification: u16,
}

#[derive(Debug)]
struct Datagram {
    octets: Vec<u8>,
    /// Half-open ranges that are filled, in order, never touching.
    filled: Vec<(usize, usize)>,
    total: Option<usize>,
    first_frame: u64,
    nanoseconds: u64,
}

/// All datagrams that are not whole yet.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    datagrams: BTreeMap<Key, Datagram>,
}

impl Fragments {
    /// Takes a fragment; gives the datagram's payload when it is whole.
    pub(super) fn add(
        &mut self,
        packet: &Ipv4Packet<'_>,
        frame: u64,
        nanoseconds: u64,
        notices: &mut Notices,
    ) -> Option<Vec<u8>> {
        self.forget_old(nanoseconds, notices);
        let key = Key {
            source: packet.source,
            destination: packet.destination,
            protocol: packet.protocol,
            identification: packet.identification,
        };
        let datagram = self.datagrams.entry(key).or_insert_with(|| Datagram {
            octets: Vec::new(),
            filled: Vec::new(),
            total: None,
            first_frame: frame,
            nanoseconds,
        });
        if datagram.add(packet).is_none() {
            self.datagrams.remove(&key);
            notices.add(Notice::BadFragments, Place::Frame(frame));
            return None;
        }
        if datagram.is_whole() {
            return self.datagrams.remove(&key).map(|datagram| datagram.octets);
        }
        None
    }

    /// The capture ends: whatever is not whole never will be.
    pub(super) fn finish(&mut self, notices: &mut Notices) {
        for datagram in std::mem::take(&mut self.datagrams).into_values() {
            notices.add(
                Notice::UnfinishedFragments,
                Place::Frame(datagram.first_frame),
            );
        }
    }

    fn forget_old(&mut self, nanoseconds: u64, notices: &mut Notices) {
        let oldest = self
            .datagrams
            .iter()
            .min_by_key(|(_, datagram)| datagram.first_frame);
        if let Some((key, datagram)) = oldest {
            let too_old = nanoseconds.saturating_sub(datagram.nanoseconds) > KEPT_NANOSECONDS;
            if too_old || self.datagrams.len() >= MAXIMUM_DATAGRAMS {
                notices.add(
                    Notice::UnfinishedFragments,
                    Place::Frame(datagram.first_frame),
                );
                let key = *key;
                self.datagrams.remove(&key);
            }
        }
    }
}

impl Datagram {
    /// Puts the fragment in its place; `None` if it cannot belong to a valid datagram.
    fn add(&mut self, packet: &Ipv4Packet<'_>) -> Option<()> {
        let (start, end) = (
            packet.fragment_offset,
            packet.fragment_offset + packet.payload.len(),
        );
        let whole = packet.payload.len() == packet.payload_length;
        let aligned = !packet.more_fragments || packet.payload.len().is_multiple_of(8);
        if !whole || !aligned || end > MAXIMUM_PAYLOAD || (packet.more_fragments && start == end) {
            return None;
        }
        if !packet.more_fragments {
            match self.total {
                Some(total) if total != end => return None,
                _ => self.total = Some(end),
            }
        }
        let beyond_end = self
            .total
            .is_some_and(|total| end > total || self.octets.len() > total);
        if beyond_end || self.filled.len() >= MAXIMUM_PIECES {
            return None;
        }
        if self.octets.len() < end {
            self.octets.resize(end, 0);
        }
        self.fill_gaps(start, packet.payload);
        self.mark(start, end);
        Some(())
    }

    /// Copies the octets that were not there before: the first to arrive stand.
    fn fill_gaps(&mut self, start: usize, payload: &[u8]) {
        let end = start + payload.len();
        let mut from = start;
        for &(filled_start, filled_end) in &self.filled {
            let to = filled_start.clamp(from, end);
            self.octets[from..to].copy_from_slice(&payload[from - start..to - start]);
            from = filled_end.clamp(from, end);
        }
        self.octets[from..end].copy_from_slice(&payload[from - start..]);
    }

    fn mark(&mut self, start: usize, end: usize) {
        self.filled.push((start, end));
        self.filled.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::with_capacity(self.filled.len());
        for &(start, end) in &self.filled {
            match merged.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => merged.push((start, end)),
            }
        }
        self.filled = merged;
    }

    fn is_whole(&self) -> bool {
        match (self.total, self.filled.as_slice()) {
            (Some(total), [(0, end)]) => *end == total,
            (Some(0), []) => true,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(offset: usize, more_fragments: bool, payload: &[u8]) -> Ipv4Packet<'_> {
        Ipv4Packet {
            source: Ipv4Addr::new(10, 0, 0, 1),
            destination: Ipv4Addr::new(10, 0, 0, 2),
            protocol: 47,
            identification: 7,
            more_fragments,
            fragment_offset: offset,
            payload,
            payload_length: payload.len(),
            checksum_valid: true,
        }
    }

    fn put_together(pieces: &[(usize, bool, &[u8])]) -> (Option<Vec<u8>>, Notices) {
        let mut fragments = Fragments::default();
        let mut notices = Notices::default();
        let mut whole = None;
        for (frame, &(offset, more, payload)) in pieces.iter().enumerate() {
            whole = fragments.add(
                &fragment(offset, more, payload),
                frame as u64 + 1,
                0,
                &mut notices,
            );
        }
        fragments.finish(&mut notices);
        (whole, notices)
    }

    #[test]
    fn order_does_not_matter() {
        let (a, b, c) = (
            (0, true, &[1; 8][..]),
            (8, true, &[2; 16][..]),
            (24, false, &[3; 3][..]),
        );
        let expected = [&[1; 8][..], &[2; 16], &[3; 3]].concat();
        for order in [
            [a, b, c],
            [a, c, b],
            [b, a, c],
            [b, c, a],
            [c, a, b],
            [c, b, a],
        ] {
            let (whole, notices) = put_together(&order);
            assert_eq!(whole.as_ref(), Some(&expected));
            assert!(notices.is_empty());
        }
    }

    #[test]
    fn the_first_octets_stand_where_fragments_overlap() {
        let (whole, _) = put_together(&[
            (8, true, &[2; 8]),
            (0, true, &[1; 24]),
            (16, false, &[3; 10]),
        ]);
        assert_eq!(
            whole,
            Some([&[1; 8][..], &[2; 8], &[1; 8], &[3; 2]].concat())
        );
    }

    #[test]
    fn contradictions_drop_the_datagram() {
        for pieces in [
            vec![(8, false, &[1; 3][..]), (16, false, &[1; 3])],
            vec![(0, true, &[1; 5][..])],
            vec![(0, true, &[][..])],
            vec![(65_528, false, &[1; 8][..])],
            vec![(64, true, &[1; 8][..]), (8, false, &[1; 8])],
        ] {
            let (whole, notices) = put_together(&pieces);
            assert_eq!(whole, None);
            assert_eq!(notices.count(Notice::BadFragments), 1, "{pieces:?}");
        }
    }

    #[test]
    fn unfinished_datagrams_are_told_and_bounded() {
        let mut fragments = Fragments::default();
        let mut notices = Notices::default();
        for identification in 0..1000 {
            let packet = Ipv4Packet {
                identification,
                ..fragment(0, true, &[1; 8])
            };
            fragments.add(&packet, u64::from(identification), 0, &mut notices);
            assert!(fragments.datagrams.len() <= MAXIMUM_DATAGRAMS);
        }
        fragments.finish(&mut notices);
        assert_eq!(notices.count(Notice::UnfinishedFragments), 1000);
    }

    #[test]
    fn old_fragments_are_not_mixed_with_new_ones() {
        let mut fragments = Fragments::default();
        let mut notices = Notices::default();
        assert_eq!(
            fragments.add(&fragment(0, true, &[1; 8]), 1, 0, &mut notices),
            None
        );
        let later = KEPT_NANOSECONDS + 1;
        assert_eq!(
            fragments.add(&fragment(8, false, &[1; 8]), 2, later, &mut notices),
            None
        );
        assert_eq!(notices.count(Notice::UnfinishedFragments), 1);
    }
}

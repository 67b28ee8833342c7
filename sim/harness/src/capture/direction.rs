//! One direction of a TCP connection: from segments to octets in order, in bounded memory.

use std::collections::BTreeMap;

use super::event::Stamp;
use super::notice::{Notice, Notices, Place};

/// Octets that one direction may hold back while an earlier segment is missing.
const MAXIMUM_WAITING: usize = 256 * 1024;
/// Segments that one direction may hold back.
const MAXIMUM_PIECES: usize = 1024;
/// A segment this far ahead of everything that was sent or acknowledged does not belong to the stream.
const MAXIMUM_AHEAD: u64 = 1 << 24;
/// A reset this far from the stream's position is none (RFC 9293 §3.10.7.4 wants it inside the window).
const MAXIMUM_RESET_DISTANCE: u64 = 1 << 20;

/// What a direction gives when its position moves.
pub(super) enum Released<'a> {
    Octets {
        octets: &'a [u8],
        arrived: Stamp,
        starts_segment: bool,
    },
    Missing(u64),
    Closed,
}

/// State of one direction. Offsets count octets from the first one that the capture can hold.
#[derive(Debug, Default)]
pub(super) struct Direction {
    /// Initial sequence number, where the capture holds the SYN.
    pub(super) initial: Option<u32>,
    /// Sequence number of the octet at `position`.
    next: Option<u32>,
    position: u64,
    /// Everything before this offset was acknowledged by the other end.
    acknowledged: u64,
    waiting: BTreeMap<u64, Piece>,
    waiting_octets: usize,
    /// Offset behind the last octet, once a FIN told it.
    end: Option<u64>,
    closed: bool,
}

#[derive(Debug)]
struct Piece {
    octets: Vec<u8>,
    sent_length: u64,
    arrived: Stamp,
    starts_segment: bool,
}

/// The part of a segment that matters to its direction.
#[derive(Copy, Clone)]
pub(super) struct Arrival<'a> {
    pub(super) sequence_number: u32,
    pub(super) octets: &'a [u8],
    /// Octets that were sent; more than `octets` where the capture cut them.
    pub(super) sent_length: usize,
    pub(super) fin: bool,
    pub(super) stamp: Stamp,
}

impl Direction {
    /// Octets held back.
    pub(super) fn waiting_octets(&self) -> usize {
        self.waiting_octets
    }

    /// Whether a FIN was reached.
    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether the sequence numbers of the direction are known.
    pub(super) fn is_placed(&self) -> bool {
        self.next.is_some()
    }

    /// Learns where the stream stands; only the first call counts.
    pub(super) fn place(&mut self, sequence_number: u32) {
        self.next.get_or_insert(sequence_number);
    }

    /// The other end has received everything before `acknowledgment_number`.
    pub(super) fn acknowledge(&mut self, acknowledgment_number: u32) {
        self.place(acknowledgment_number);
        if let Some(offset) = self.offset_of(acknowledgment_number)
            && offset <= self.reach() + MAXIMUM_AHEAD
        {
            self.acknowledged = self.acknowledged.max(offset);
        }
    }

    /// Whether a reset with this sequence number is near enough to count.
    pub(super) fn takes_reset(&self, sequence_number: u32) -> bool {
        self.next.is_none_or(|next| {
            let distance = sequence_number
                .wrapping_sub(next)
                .cast_signed()
                .unsigned_abs();
            u64::from(distance) <= MAXIMUM_RESET_DISTANCE
        })
    }

    /// Takes a segment's octets. Call [`release`](Self::release) afterwards.
    pub(super) fn add(
        &mut self,
        arrival: Arrival<'_>,
        notices: &mut Notices,
        out: &mut dyn FnMut(Released<'_>),
    ) {
        self.place(arrival.sequence_number);
        let place = Place::Frame(arrival.stamp.frame);
        let sent_length = arrival.sent_length as u64;
        let Some(start) = self.offset_of(arrival.sequence_number) else {
            // Before the first octet that the capture holds: an old segment, or one whose beginning was passed already.
            notices.add(Notice::Retransmission, place);
            return;
        };
        if start > self.reach() + MAXIMUM_AHEAD {
            notices.add(Notice::ConflictingOverlap, place);
            return;
        }
        if arrival.fin {
            self.end.get_or_insert(start + sent_length);
        }
        let (skipped, starts_segment) = match self.position.checked_sub(start) {
            None | Some(0) => (0, true),
            Some(passed) => (passed, false),
        };
        if skipped >= sent_length {
            if sent_length > 0 {
                notices.add(Notice::Retransmission, place);
            }
            return;
        }
        let octets = arrival.octets.get(skipped as usize..).unwrap_or(&[]);
        let (start, sent_length) = (start + skipped, sent_length - skipped);
        if start == self.position && self.waiting.is_empty() {
            self.pass(octets, sent_length, arrival.stamp, starts_segment, out);
            return;
        }
        if start > self.position {
            notices.add(Notice::OutOfOrder, place);
        }
        self.hold(
            start,
            octets,
            sent_length,
            arrival.stamp,
            starts_segment,
            notices,
        );
    }

    /// Gives everything that is in order by now. Octets that the other end acknowledged without the capture holding them are missing;
    /// `all`: so is everything else that is waited for.
    pub(super) fn release(&mut self, all: bool, out: &mut dyn FnMut(Released<'_>)) {
        while let Some((&start, _)) = self.waiting.first_key_value() {
            if start > self.position {
                let too_much =
                    self.waiting_octets > MAXIMUM_WAITING || self.waiting.len() > MAXIMUM_PIECES;
                if !all && !too_much && self.acknowledged < start {
                    break;
                }
                out(Released::Missing(start - self.position));
                self.advance(start - self.position);
            }
            if let Some((_, piece)) = self.waiting.pop_first() {
                self.waiting_octets -= piece.octets.len();
                self.pass(
                    &piece.octets,
                    piece.sent_length,
                    piece.arrived,
                    piece.starts_segment,
                    out,
                );
            }
        }
        let Some(end) = self.end else { return };
        if self.waiting.is_empty() && self.position < end && (all || self.acknowledged >= end) {
            out(Released::Missing(end - self.position));
            self.advance(end - self.position);
        }
        if self.position >= end && !self.closed {
            self.closed = true;
            out(Released::Closed);
        }
    }

    fn pass(
        &mut self,
        octets: &[u8],
        sent_length: u64,
        arrived: Stamp,
        starts_segment: bool,
        out: &mut dyn FnMut(Released<'_>),
    ) {
        if !octets.is_empty() {
            out(Released::Octets {
                octets,
                arrived,
                starts_segment,
            });
        }
        let cut = sent_length - octets.len() as u64;
        if cut > 0 {
            out(Released::Missing(cut));
        }
        self.advance(sent_length);
    }

    /// Keeps what no earlier piece brought; the first octets to arrive stand.
    fn hold(
        &mut self,
        start: u64,
        octets: &[u8],
        sent_length: u64,
        arrived: Stamp,
        starts_segment: bool,
        notices: &mut Notices,
    ) {
        let end = start + sent_length;
        let mut gaps = Vec::new();
        let mut from = start;
        let mut conflict = false;
        for (&held_start, held) in self.waiting.range(..end) {
            let held_end = held_start + held.sent_length;
            if held_end <= from {
                continue;
            }
            if held_start > from {
                gaps.push((from, held_start));
            }
            let common = held_start.max(start)..held_end.min(end);
            conflict |= differ(held_start, &held.octets, start, octets, common);
            from = held_end.min(end).max(from);
        }
        if from < end {
            gaps.push((from, end));
        }
        if conflict {
            notices.add(Notice::ConflictingOverlap, Place::Frame(arrived.frame));
        }
        if gaps.is_empty() {
            notices.add(Notice::Retransmission, Place::Frame(arrived.frame));
        }
        for (from, to) in gaps {
            let first = ((from - start) as usize).min(octets.len());
            let last = ((to - start) as usize).min(octets.len());
            let piece = Piece {
                octets: octets[first..last].to_vec(),
                sent_length: to - from,
                arrived,
                starts_segment: starts_segment && from == start,
            };
            self.waiting_octets += piece.octets.len();
            self.waiting.insert(from, piece);
        }
    }

    fn advance(&mut self, count: u64) {
        self.position += count;
        self.next = self.next.map(|next| next.wrapping_add(count as u32));
    }

    /// The offset of a sequence number; `None` if it lies before the first octet or the direction has no place yet.
    fn offset_of(&self, sequence_number: u32) -> Option<u64> {
        let distance = sequence_number.wrapping_sub(self.next?).cast_signed();
        self.position.checked_add_signed(i64::from(distance))
    }

    /// The furthest offset that is known to have been sent.
    fn reach(&self) -> u64 {
        let waiting = self
            .waiting
            .last_key_value()
            .map_or(0, |(start, piece)| start + piece.sent_length);
        self.position.max(self.acknowledged).max(waiting)
    }
}

/// Whether two pieces hold different octets somewhere in the offsets `common`.
fn differ(start_a: u64, a: &[u8], start_b: u64, b: &[u8], common: std::ops::Range<u64>) -> bool {
    let end = common
        .end
        .min(start_a + a.len() as u64)
        .min(start_b + b.len() as u64);
    if common.start >= end {
        return false;
    }
    let part = |start: u64, octets: &[u8]| {
        octets[(common.start - start) as usize..(end - start) as usize].to_vec()
    };
    part(start_a, a) != part(start_b, b)
}

//! Folding: a run of like GRE packets becomes one line with ranges and a count.

use std::collections::BTreeMap;
use std::sync::Arc;

use pptp_wire::time::Instant;
use pptp_world::NodeId;

use super::entry::{Entry, GreEntry, Mark};

/// A run of GRE packets of one direction and call in which nothing but the numbers changes.
#[derive(Clone, Debug)]
pub struct FoldedGre {
    /// The first packet of the run.
    pub first: GreEntry,
    /// The last packet's numbers: Sequence Number and Acknowledgment Number.
    pub last: (Option<u32>, Option<u32>),
    /// When the last packet was sent.
    pub until: Instant,
    /// How many packets the line stands for, at least one.
    pub packets: u64,
}

impl FoldedGre {
    pub(super) fn new(first: GreEntry) -> Self {
        FoldedGre {
            last: (first.sequence_number, first.acknowledgment_number),
            until: first.at,
            packets: 1,
            first,
        }
    }

    /// Whether `next` carries the run on: same shape, same step, same marks, numbers that go on.
    fn takes(&self, next: &GreEntry) -> bool {
        let first = &self.first;
        let same_shape = first.payload_length == next.payload_length
            && first.call_id == next.call_id
            && same_call(first, next)
            && first.sequence_number.is_some() == next.sequence_number.is_some()
            && first.acknowledgment_number.is_some() == next.acknowledgment_number.is_some()
            && first.odd_fields == next.odd_fields;
        let goes_on = match (self.last.0, next.sequence_number) {
            (Some(last), Some(number)) => number == last.wrapping_add(1),
            _ => true,
        };
        let never_back = match (self.last.1, next.acknowledgment_number) {
            (Some(last), Some(number)) => number.wrapping_sub(last) < 1 << 31,
            _ => true,
        };
        same_shape && goes_on && never_back && first.step == next.step && self.marks_agree(next)
    }

    /// Marks must be equal, but for a full window, which belongs to the last packet of a run.
    fn marks_agree(&self, next: &GreEntry) -> bool {
        if self.first.marks.is_empty() && next.marks.is_empty() {
            return true;
        }
        let without_window = |marks: &[Mark]| -> Vec<Mark> {
            let kept = marks
                .iter()
                .filter(|mark| !matches!(mark, Mark::WindowFull(_) | Mark::Cause(_)));
            kept.cloned().collect()
        };
        let window_was_full = self
            .first
            .marks
            .iter()
            .any(|mark| matches!(mark, Mark::WindowFull(_)));
        let cause = |marks: &[Mark]| {
            marks
                .iter()
                .find(|mark| matches!(mark, Mark::Cause(_)))
                .cloned()
        };
        let (ours, theirs) = (cause(&self.first.marks), cause(&next.marks));
        let causes_agree =
            acknowledges_alone(next) || ours == theirs || theirs.is_none() && next.at == self.until;
        !window_was_full
            && causes_agree
            && without_window(&self.first.marks) == without_window(&next.marks)
    }

    fn take(&mut self, next: GreEntry) {
        self.last = (next.sequence_number, next.acknowledgment_number);
        self.until = next.at;
        self.packets += 1;
        if acknowledges_alone(&self.first) {
            // The same delay each time is nothing that a reader needs.
            let marks = &mut self.first.marks;
            marks.retain(|mark| !matches!(mark, Mark::Cause(_)));
        }
        for mark in next.marks {
            if !self.first.marks.contains(&mark) && matches!(mark, Mark::WindowFull(_)) {
                self.first.marks.push(mark);
            }
        }
    }
}

/// Whether both are of the call of one name, which packets mostly share.
fn same_call(one: &GreEntry, other: &GreEntry) -> bool {
    match (&one.call, &other.call) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other) || one == other,
        (None, None) => true,
        _ => false,
    }
}

/// Whether the packet is an acknowledgment without data: its cause is the same delay again and again.
fn acknowledges_alone(entry: &GreEntry) -> bool {
    entry.sequence_number.is_none()
}

/// One line of a folded transcript.
#[derive(Clone, Debug)]
pub enum Line {
    /// Any entry but a GRE packet, as it was.
    Plain(Entry),
    /// A run of GRE packets.
    Gre(FoldedGre),
}

/// Sender, receiver, Call ID, and whether they carry data: what the packets of a run have in common first of all.
type Kind = (NodeId, NodeId, u16, bool);

/// Where the runs stand that may go on.
#[derive(Default)]
struct Open {
    places: BTreeMap<Kind, usize>,
    /// Those that were asked for last, by sender and whether they carry data: packets of one kind follow each other.
    latest: [Option<(Kind, usize)>; 4],
}

impl Open {
    fn slot(kind: Kind) -> usize {
        usize::from(kind.0.0 % 2) * 2 + usize::from(kind.3)
    }

    #[inline]
    fn get(&mut self, kind: Kind) -> Option<usize> {
        let latest = &mut self.latest[Open::slot(kind)];
        match *latest {
            Some((known, place)) if known == kind => Some(place),
            _ => {
                let place = *self.places.get(&kind)?;
                *latest = Some((kind, place));
                Some(place)
            }
        }
    }

    fn insert(&mut self, kind: Kind, place: usize) {
        self.places.insert(kind, place);
        self.latest[Open::slot(kind)] = Some((kind, place));
    }

    fn remove(&mut self, kind: Kind) {
        self.places.remove(&kind);
        let latest = &mut self.latest[Open::slot(kind)];
        if latest.is_some_and(|(known, _)| known == kind) {
            *latest = None;
        }
    }
}

/// Folds the GRE packets of a log. A fold stands where its first packet stood; what happens in between does not break it.
///
/// Never panics; the order of all other entries is kept.
pub fn fold(entries: Vec<Entry>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::with_capacity(entries.len());
    let mut open = Open::default();
    for entry in entries {
        let Entry::Gre(packet) = entry else {
            lines.push(Line::Plain(entry));
            continue;
        };
        let key = (
            packet.from,
            packet.to,
            packet.call_id,
            packet.sequence_number.is_some(),
        );
        if let Some(at) = open.get(key)
            && let Line::Gre(run) = &mut lines[at]
            && run.takes(&packet)
        {
            run.take(packet);
            continue;
        }
        // A packet that starts a new run ends the direction's other runs too, so that lines stay in the order of sending.
        open.remove((key.0, key.1, key.2, !key.3));
        open.insert(key, lines.len());
        lines.push(Line::Gre(FoldedGre::new(packet)));
    }
    lines
}

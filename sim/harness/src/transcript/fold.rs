//! Folding: a run of like GRE packets becomes one line with ranges and a count.

use std::collections::BTreeMap;
use std::rc::Rc;

use pptp_world::NodeId;

use super::entry::{Entry, GreEntry, Mark};

/// A run of GRE packets of one direction and call in which nothing but the numbers changes.
#[derive(Copy, Clone, Debug)]
pub struct GreRun<'e> {
    /// The first packet of the run.
    pub first: &'e GreEntry,
    /// The last packet of the run; the first where it has no other.
    pub last: &'e GreEntry,
    /// How many packets the line stands for, at least one.
    pub packets: u64,
}

impl<'e> GreRun<'e> {
    pub(super) fn new(first: &'e GreEntry) -> Self {
        GreRun {
            first,
            last: first,
            packets: 1,
        }
    }

    /// The marks of the run: those of the first packet, and a full window behind the last. The cause of acknowledgments without data
    /// is left out where there are several: the same delay each time is nothing that a reader needs.
    pub fn marks(&self) -> impl Iterator<Item = &'e Mark> {
        let (first, last) = (&self.first.marks, &self.last.marks);
        let is_single = self.packets == 1;
        let shows_cause = is_single || !acknowledges_alone(self.first);
        let of_first = first
            .iter()
            .filter(move |mark| shows_cause || !matches!(mark, Mark::Cause(_)));
        let of_last = last
            .iter()
            .filter(move |mark| !is_single && matches!(mark, Mark::WindowFull(_)));
        of_first.chain(of_last)
    }

    /// Whether `next` carries the run on: same shape, same step, same marks, numbers that go on.
    fn takes(&self, next: &GreEntry) -> bool {
        have_same_shape(self.last, next)
            && numbers_go_on(self.last, next)
            && self.first.step == next.step
            && self.marks_agree(next)
    }

    /// Marks must be equal, but for a full window, which belongs to the last packet of a run.
    fn marks_agree(&self, next: &GreEntry) -> bool {
        let (ours, theirs) = (&self.first.marks, &next.marks);
        if ours.is_empty() && theirs.is_empty() && self.last.marks.is_empty() {
            return true;
        }
        let window_was_full = self
            .last
            .marks
            .iter()
            .any(|mark| matches!(mark, Mark::WindowFull(_)));
        let (our_cause, their_cause) = (cause(ours), cause(theirs));
        let causes_agree = acknowledges_alone(next)
            || our_cause == their_cause
            || their_cause.is_none() && next.at == self.last.at;
        !window_was_full && causes_agree && others(ours).eq(others(theirs))
    }

    fn take(&mut self, next: &'e GreEntry) {
        self.last = next;
        self.packets += 1;
    }
}

/// The mark that tells why a packet was sent.
fn cause(marks: &[Mark]) -> Option<&Mark> {
    marks.iter().find(|mark| matches!(mark, Mark::Cause(_)))
}

/// The marks that all packets of a run share.
fn others(marks: &[Mark]) -> impl Iterator<Item = &Mark> {
    let marks = marks.iter();
    marks.filter(|mark| !matches!(mark, Mark::WindowFull(_) | Mark::Cause(_)))
}

/// Whether the numbers of `next` may stand behind those of `last`: Sequence Numbers without a gap, Acknowledgment Numbers that never
/// go back.
fn numbers_go_on(last: &GreEntry, next: &GreEntry) -> bool {
    let sequence = (last.sequence_number(), next.sequence_number());
    let acknowledgment = (last.acknowledgment_number(), next.acknowledgment_number());
    let goes_on = match sequence {
        (Some(last), Some(number)) => number == last.wrapping_add(1),
        _ => true,
    };
    let never_back = match acknowledgment {
        (Some(last), Some(number)) => number.wrapping_sub(last) < 1 << 31,
        _ => true,
    };
    goes_on && never_back
}

/// Whether two packets differ in nothing but their numbers, marks and times.
fn have_same_shape(one: &GreEntry, other: &GreEntry) -> bool {
    same_call(one, other) && (have_same_header(one, other) || have_like_headers(one, other))
}

/// Whether the headers are the same but for the numbers, as those of most packets of a call are.
fn have_same_header(one: &GreEntry, other: &GreEntry) -> bool {
    let (Some(ours), Some(theirs)) = (&one.header, &other.header) else {
        return false;
    };
    one.length == other.length
        && ours.flags == theirs.flags
        && ours.protocol_type == theirs.protocol_type
        && ours.payload_length == theirs.payload_length
        && ours.call_id == theirs.call_id
        && ours.sequence_number.is_some() == theirs.sequence_number.is_some()
        && ours.acknowledgment_number.is_some() == theirs.acknowledgment_number.is_some()
}

/// Whether nothing that is shown of the headers differs but the numbers.
fn have_like_headers(one: &GreEntry, other: &GreEntry) -> bool {
    one.payload_length() == other.payload_length()
        && one.call_id() == other.call_id()
        && one.sequence_number().is_some() == other.sequence_number().is_some()
        && one.acknowledgment_number().is_some() == other.acknowledgment_number().is_some()
        && one.odd_fields() == other.odd_fields()
}

/// Whether both are of the call of one name, which packets mostly share.
fn same_call(one: &GreEntry, other: &GreEntry) -> bool {
    match (&one.call, &other.call) {
        (Some(one), Some(other)) => Rc::ptr_eq(one, other) || one == other,
        (None, None) => true,
        _ => false,
    }
}

/// Whether the packet is an acknowledgment without data: its cause is the same delay again and again.
fn acknowledges_alone(entry: &GreEntry) -> bool {
    entry.sequence_number().is_none()
}

/// One line of a folded transcript.
#[derive(Copy, Clone, Debug)]
pub enum Line<'e> {
    /// Any entry but a GRE packet, as it was.
    Plain(&'e Entry),
    /// A run of GRE packets.
    Gre(GreRun<'e>),
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
pub fn fold(entries: &[Entry]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(entries.len());
    let mut open = Open::default();
    for entry in entries {
        let Entry::Gre(packet) = entry else {
            lines.push(Line::Plain(entry));
            continue;
        };
        let carries_data = packet.sequence_number().is_some();
        let kind = (packet.from, packet.to, packet.call_id(), carries_data);
        if let Some(at) = open.get(kind)
            && let Line::Gre(run) = &mut lines[at]
            && run.takes(packet)
        {
            run.take(packet);
            continue;
        }
        // A packet that starts a new run ends the direction's other runs too, so that lines stay in the order of sending.
        open.remove((kind.0, kind.1, kind.2, !kind.3));
        open.insert(kind, lines.len());
        lines.push(Line::Gre(GreRun::new(packet)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::time::Instant;
    use pptp_wire::{CallId, GreHeader};
    use pptp_world::PacketNumber;

    /// A packet with data of this number, sent at that time.
    fn packet(number: u32, at: u64, marks: &[Mark]) -> Entry {
        let header = GreHeader::data(CallId(7), number, None, 20);
        Entry::Gre(GreEntry {
            at: Instant(at),
            from: NodeId(0),
            to: NodeId(1),
            call: None,
            packet: PacketNumber(number.into()),
            header: Some(header),
            length: 32,
            step: None,
            marks: marks.to_vec(),
        })
    }

    /// For each line, how many packets it stands for, and its marks.
    fn folded(entries: &[Entry]) -> Vec<(u64, Vec<Mark>)> {
        let lines = fold(entries).into_iter();
        let runs = lines.map(|line| match line {
            Line::Gre(run) => (run.packets, run.marks().cloned().collect()),
            Line::Plain(_) => (0, Vec::new()),
        });
        runs.collect()
    }

    #[test]
    fn a_full_window_ends_a_run_and_other_marks_stand_alone() {
        let full = Mark::WindowFull(4);
        let entries = [
            packet(1, 1, &[]),
            packet(2, 2, std::slice::from_ref(&full)),
            packet(3, 3, &[]),
            packet(4, 4, &[Mark::Duplicated]),
            packet(6, 5, &[Mark::Duplicated]),
        ];
        let marked = || vec![Mark::Duplicated];
        assert_eq!(
            folded(&entries),
            [
                (2, vec![full]),
                (1, Vec::new()),
                (1, marked()),
                (1, marked())
            ]
        );
    }

    #[test]
    fn packets_sent_at_once_have_the_cause_of_the_first() {
        let cause = || Mark::Cause("time-out of 1".to_owned());
        let entries = |at| [packet(1, 1, &[cause()]), packet(2, at, &[])];
        assert_eq!(folded(&entries(1)), [(2, vec![cause()])]);
        assert_eq!(folded(&entries(2)), [(1, vec![cause()]), (1, Vec::new())]);
    }

    #[test]
    fn several_acknowledgments_without_data_do_not_tell_their_delay() {
        let acknowledgment = |number, delay: &str| {
            let mut entry = packet(number, number.into(), &[Mark::Cause(delay.to_owned())]);
            if let Entry::Gre(packet) = &mut entry {
                packet.header = Some(GreHeader::acknowledgment_only(CallId(7), number));
            }
            entry
        };
        let entries = [acknowledgment(1, "100 ms"), acknowledgment(3, "50 ms")];
        assert_eq!(folded(&entries), [(2, Vec::new())]);
        assert_eq!(
            folded(&entries[..1]),
            [(1, vec![Mark::Cause("100 ms".to_owned())])]
        );
    }
}

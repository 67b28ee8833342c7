//! Folding: a run of like GRE packets becomes one arrow.

use pptp_wire::time::Instant;

use super::arrow::{Arrow, End, Fate, Plane, Run};

/// What packets of one run have in common: from, to, Call ID, whether they carry data.
pub type RunKey = (usize, usize, u16, bool);

/// The run that a packet may belong to; `None` for anything that is never folded.
pub fn run_key(arrow: &Arrow) -> Option<RunKey> {
    let numbers = arrow.numbers?;
    (arrow.plane == Plane::Gre).then_some((
        arrow.from,
        arrow.to,
        numbers.call_id,
        numbers.sequence.is_some(),
    ))
}

/// Takes `next`, sent at `at`, into the run that `arrow` begins, if it is like the packets before: same fields and marks, numbers that go
/// on, one copy each, which met the same fate in the same order. Gives it back otherwise.
pub fn take(arrow: &mut Arrow, next: Arrow, at: Instant, order: u64) -> Option<Arrow> {
    if !goes_on(arrow, &next) {
        return Some(next);
    }
    if let (Some(ours), Some(theirs)) = (&mut arrow.numbers, &next.numbers) {
        let last = |pair: &mut Option<(u32, u32)>, of: Option<(u32, u32)>| {
            if let (Some(pair), Some(of)) = (pair.as_mut(), of) {
                pair.1 = of.1;
            }
        };
        last(&mut ours.sequence, theirs.sequence);
        last(&mut ours.acknowledgment, theirs.acknowledgment);
        let ((smallest, largest), (length, _)) = (ours.payload_length, theirs.payload_length);
        ours.payload_length = (smallest.min(length), largest.max(length));
    }
    let end = next.ends.into_iter().next().unwrap_or_else(End::unknown);
    let packets = arrow.packets() + 1;
    arrow.run = Some(Run {
        packets,
        until: at,
        order,
        end,
    });
    None
}

fn goes_on(arrow: &Arrow, next: &Arrow) -> bool {
    let (Some(ours), Some(theirs)) = (&arrow.numbers, &next.numbers) else {
        return false;
    };
    let sequence_goes_on = match (ours.sequence, theirs.sequence) {
        (Some((_, last)), Some((next, _))) => next == last.wrapping_add(1),
        (None, None) => true,
        _ => false,
    };
    let acknowledgment_never_back = match (ours.acknowledgment, theirs.acknowledgment) {
        (Some((_, last)), Some((next, _))) => next.wrapping_sub(last) < 1 << 31,
        (None, None) => true,
        _ => false,
    };
    sequence_goes_on
        && acknowledgment_never_back
        && arrow.name == next.name
        && arrow.fields == next.fields
        && arrow.marks == next.marks
        && next.run.is_none()
        && ends_agree(arrow, next)
}

fn ends_agree(arrow: &Arrow, next: &Arrow) -> bool {
    let ([first], [end]) = (arrow.ends.as_slice(), next.ends.as_slice()) else {
        return false;
    };
    let last = arrow.run.as_ref().map_or(first, |run| &run.end);
    first.fate == end.fate && first.late == end.late && last.at <= end.at && !is_odd(end)
}

/// Whether a packet stands for itself: what is late by itself is worth an arrow of its own.
fn is_odd(end: &End) -> bool {
    end.late || end.fate == Fate::UnderWay
}

#[cfg(test)]
mod tests {
    use super::super::arrow::{Mark, MarkKind, Numbers};
    use super::*;

    fn packet(number: u32, arrives: u64) -> Arrow {
        Arrow {
            from: 0,
            to: 1,
            plane: Plane::Gre,
            name: "GRE".to_owned(),
            fields: Vec::new(),
            numbers: Some(Numbers {
                call_id: 7,
                sequence: Some((number, number)),
                acknowledgment: None,
                payload_length: (8, 8),
            }),
            marks: Vec::new(),
            ends: vec![End {
                at: Some(Instant(arrives)),
                order: 0,
                fate: Fate::Arrived,
                late: false,
            }],
            run: None,
        }
    }

    #[test]
    fn like_packets_become_one_arrow() {
        let mut arrow = packet(3, 10);
        assert_eq!(take(&mut arrow, packet(4, 12), Instant(2), 2), None);
        assert_eq!(take(&mut arrow, packet(5, 12), Instant(3), 3), None);
        assert_eq!(arrow.title(), "GRE 3..5 ×3");
        let run = arrow.run.expect("a run");
        assert_eq!((run.until, run.end.at), (Instant(3), Some(Instant(12))));
    }

    #[test]
    fn what_is_not_alike_stands_by_itself() {
        let mut lost = packet(4, 12);
        lost.ends[0].fate = Fate::Lost("loss".to_owned());
        let mut twice = packet(4, 12);
        twice.ends.push(twice.ends[0].clone());
        let mut marked = packet(4, 12);
        marked.marks.push(Mark {
            kind: MarkKind::Finding,
            text: "GRE-012".to_owned(),
        });
        let mut late = packet(4, 12);
        late.ends[0].late = true;
        let mut odd = packet(4, 12);
        odd.fields.push("octets=9".to_owned());
        for other in [lost, twice, marked, late, odd, packet(5, 12), packet(4, 9)] {
            let mut arrow = packet(3, 10);
            assert_eq!(
                take(&mut arrow, other.clone(), Instant(2), 2),
                Some(other.clone()),
                "{other:?}"
            );
            assert_eq!(arrow, packet(3, 10));
        }
    }

    #[test]
    fn lengths_may_differ() {
        let (mut arrow, mut longer) = (packet(3, 10), packet(4, 12));
        longer.numbers = longer.numbers.map(|numbers| Numbers {
            payload_length: (20, 20),
            ..numbers
        });
        assert_eq!(take(&mut arrow, longer, Instant(2), 2), None);
        assert_eq!(arrow.details(), ["payload-length=8..20"]);
    }

    #[test]
    fn numbers_go_on_behind_the_largest() {
        let mut arrow = packet(u32::MAX, 10);
        assert_eq!(take(&mut arrow, packet(0, 12), Instant(2), 2), None);
        assert_eq!(arrow.title(), format!("GRE {}..0 ×2", u32::MAX));
    }
}

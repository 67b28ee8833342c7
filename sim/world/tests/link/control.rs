//! Ordered octets.

use crate::support::*;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{CallId, ControlMessageType};
use pptp_world::link::{
    Arrival, ControlAction, ControlImpairments, ControlMatch, ControlPath, ControlRule,
    ControlStream, ControlView, Jitter, LinkError, Ranges, Segmentation, Sent,
};
use pptp_world::luck::{Direction, PathName, Plane, Seeded};
use pptp_world::tape::TapeDeck;
use proptest::prelude::*;
use std::sync::Arc;

struct Wire {
    path: ControlPath,
    stream: ControlStream,
    deck: TapeDeck,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Seen {
    Octets(Vec<u8>),
    Mark(u32),
    End,
    Reset,
}

impl Wire {
    fn new(impairments: ControlImpairments) -> Wire {
        let mut deck = TapeDeck::record(9);
        let name = PathName::new("a-b", Direction::Forward, Plane::Control);
        let mut path = ControlPath::open(name, Arc::new(Seeded(9)), &mut deck).unwrap();
        path.impair(impairments).unwrap();
        Wire {
            path,
            stream: ControlStream::new(),
            deck,
        }
    }

    fn send(&mut self, now: u64, octets: &[u8]) -> Sent {
        self.send_message(now, octets, &ControlView::default())
    }

    fn send_message(&mut self, now: u64, octets: &[u8], message: &ControlView) -> Sent {
        self.path
            .send(
                &mut self.stream,
                Instant(now),
                octets,
                message,
                &mut self.deck,
            )
            .unwrap()
    }

    /// Everything that arrives, with its time, as an engine would take it.
    fn drain(&mut self) -> Vec<(u64, Seen)> {
        let mut seen = Vec::new();
        while let Some(at) = self.stream.next_at(&self.path) {
            while let Some(arrival) = self.stream.take(&self.path, at) {
                let what = match arrival {
                    Arrival::Octets(octets) => Seen::Octets(octets.to_vec()),
                    Arrival::Mark(mark) => Seen::Mark(mark),
                    Arrival::End => Seen::End,
                    Arrival::Reset => Seen::Reset,
                };
                seen.push((at.0, what));
            }
        }
        seen
    }
}

fn delayed(delay: u64) -> ControlImpairments {
    ControlImpairments {
        delay: Duration(delay),
        ..ControlImpairments::default()
    }
}

fn octets(octets: &[u8]) -> Seen {
    Seen::Octets(octets.to_vec())
}

#[test]
fn octets_arrive_after_the_delay_and_not_before() {
    let mut wire = Wire::new(delayed(10));
    assert_eq!(wire.send(5, b"abc").arrives_at, Instant(15));
    assert_eq!(wire.stream.next_at(&wire.path), Some(Instant(15)));
    assert_eq!(wire.stream.take(&wire.path, Instant(14)), None);
    assert_eq!(wire.stream.octets_in_flight(), 3);
    assert_eq!(wire.drain(), [(15, octets(b"abc"))]);
    assert!(wire.stream.is_empty() && wire.stream.octets_in_flight() == 0);
}

#[test]
fn segments_are_cut_by_size_or_at_places() {
    let cut = |segmentation, spacing| {
        let mut wire = Wire::new(ControlImpairments {
            segmentation,
            segment_spacing: Duration(spacing),
            ..delayed(10)
        });
        assert_eq!(wire.send(0, b"abcdefg").segments, 3);
        wire.drain()
    };
    let sized = [
        (10, octets(b"abc")),
        (10, octets(b"def")),
        (10, octets(b"g")),
    ];
    assert_eq!(cut(Segmentation::Maximum(3), 0), sized);
    let placed = [
        (10, octets(b"a")),
        (14, octets(b"bcde")),
        (18, octets(b"fg")),
    ];
    assert_eq!(cut(Segmentation::Cuts(vec![1, 5, 7, 900]), 4), placed);
}

#[test]
fn what_is_sent_within_a_time_leaves_together_at_its_end() {
    let mut wire = Wire::new(ControlImpairments {
        coalesce: Some(Duration(100)),
        ..delayed(10)
    });
    assert_eq!(wire.send(0, b"ab").segments, 1);
    wire.stream.mark(Instant(0), 1);
    assert_eq!(wire.send(99, b"cd").segments, 0);
    wire.stream.mark(Instant(99), 2);
    assert_eq!(wire.send(100, b"ef").segments, 1);
    assert_eq!(
        wire.drain(),
        [
            (110, octets(b"abcd")),
            (110, Seen::Mark(1)),
            (110, Seen::Mark(2)),
            (210, octets(b"ef"))
        ]
    );
}

#[test]
fn coalesced_octets_are_cut_as_one() {
    let segmentation = Segmentation::Maximum(3);
    let mut wire = Wire::new(ControlImpairments {
        coalesce: Some(Duration(100)),
        segmentation,
        ..delayed(10)
    });
    wire.send(0, b"");
    wire.send(0, b"ab");
    wire.send(1, b"cd");
    wire.send(2, b"ef");
    wire.send(3, b"g");
    assert_eq!(
        wire.drain(),
        [
            (110, octets(b"abc")),
            (110, octets(b"def")),
            (110, octets(b"g"))
        ]
    );
}

#[test]
fn a_stall_holds_everything_until_it_is_released() {
    let mut wire = Wire::new(delayed(10));
    wire.send(0, b"a");
    wire.path.stall();
    wire.path.stall();
    wire.send(50, b"b");
    assert_eq!(wire.stream.next_at(&wire.path), None);
    assert_eq!(wire.stream.take(&wire.path, Instant(1_000)), None);
    wire.path.release(Instant(55));
    assert!(wire.path.is_stalled());
    wire.path.release(Instant(57));
    assert!(!wire.path.is_stalled());
    assert_eq!(wire.drain(), [(57, octets(b"a")), (60, octets(b"b"))]);
    wire.path.release(Instant(90));
    wire.send(70, b"c");
    assert_eq!(wire.drain(), [(80, octets(b"c"))]);
}

#[test]
fn the_end_arrives_behind_the_octets_and_nothing_follows() {
    for reset in [false, true] {
        let mut wire = Wire::new(delayed(10));
        wire.send(0, b"a");
        let at = if reset {
            wire.path.reset(&mut wire.stream, Instant(1))
        } else {
            wire.path.end(&mut wire.stream, Instant(1))
        };
        assert_eq!(at, Instant(11));
        assert!(wire.stream.is_ended());
        let late = wire.path.send(
            &mut wire.stream,
            Instant(2),
            b"b",
            &ControlView::default(),
            &mut wire.deck,
        );
        assert_eq!(late, Err(LinkError::Ended));
        wire.path.end(&mut wire.stream, Instant(3));
        let end = if reset { Seen::Reset } else { Seen::End };
        assert_eq!(wire.drain(), [(10, octets(b"a")), (11, end)]);
    }
}

#[test]
fn the_end_waits_for_late_octets() {
    let mut wire = Wire::new(delayed(10));
    wire.send(0, b"a");
    wire.path.impair(delayed(2)).unwrap();
    wire.send(1, b"b");
    assert_eq!(wire.path.end(&mut wire.stream, Instant(1)), Instant(10));
    assert_eq!(
        wire.drain(),
        [(10, octets(b"a")), (10, octets(b"b")), (10, Seen::End)]
    );
}

#[test]
fn an_abort_forgets_what_is_on_its_way() {
    let mut wire = Wire::new(delayed(10));
    wire.send(0, b"a");
    wire.stream.abort();
    assert!(wire.stream.is_empty() && wire.stream.is_ended());
    assert_eq!(wire.stream.octets_in_flight(), 0);
    assert_eq!(wire.drain(), []);
}

#[test]
fn signals_travel_and_marks_ride() {
    let mut wire = Wire::new(delayed(10));
    assert_eq!(
        wire.path.signal(&mut wire.stream, Instant(0), 7),
        Instant(10)
    );
    wire.send(1, b"a");
    wire.stream.mark(Instant(1), 8);
    assert_eq!(
        wire.drain(),
        [(10, Seen::Mark(7)), (11, octets(b"a")), (11, Seen::Mark(8))]
    );
    wire.stream.mark(Instant(50), 9);
    assert_eq!(wire.drain(), [(50, Seen::Mark(9))]);
}

#[test]
fn rules_delay_and_cut_the_messages_that_they_name() {
    let echo = ControlView {
        control_message_type: Some(ControlMessageType::ECHO_REQUEST),
        call_id: None,
    };
    let call = ControlView {
        control_message_type: Some(ControlMessageType::CALL_CLEAR_REQUEST),
        call_id: Some(CallId(4)),
    };
    let mut wire = Wire::new(ControlImpairments {
        coalesce: Some(Duration(5)),
        ..delayed(10)
    });
    let second = ControlMatch {
        nth: Some(Ranges::exactly(2)),
        control_message_type: echo.control_message_type,
        ..ControlMatch::default()
    };
    let delay = ControlAction::Delay(Duration(100));
    let id = wire
        .path
        .add_rule(ControlRule {
            matches: second,
            action: delay,
        })
        .unwrap();
    let of_call = ControlMatch {
        call_id: Some(Ranges::exactly(4)),
        ..ControlMatch::default()
    };
    let cut = ControlRule {
        matches: of_call,
        action: ControlAction::Cut(vec![1, 2]),
    };
    let cutting = wire.path.add_rule(cut).unwrap();
    let first = wire.send_message(0, b"aa", &echo);
    assert_eq!((first.rule, first.held_up), (None, Duration::ZERO));
    let second = wire.send_message(1, b"bb", &echo);
    assert_eq!(
        (second.rule, second.held_up, second.arrives_at),
        (Some(id), Duration(100), Instant(116))
    );
    assert_eq!(wire.send_message(2, b"ccc", &call).rule, Some(cutting));
    assert_eq!(
        wire.drain(),
        [
            (15, octets(b"aa")),
            (116, octets(b"bb")),
            (116, octets(b"c")),
            (116, octets(b"c")),
            (116, octets(b"c"))
        ]
    );
    assert!(wire.path.remove_rule(cutting) && !wire.path.remove_rule(cutting));
    assert_eq!(wire.send_message(200, b"ddd", &call).segments, 1);
}

#[test]
fn rules_and_impairments_that_cannot_be_are_refused() {
    let mut wire = Wire::new(delayed(10));
    let rule = |cuts| ControlRule {
        matches: ControlMatch::default(),
        action: ControlAction::Cut(cuts),
    };
    assert!(wire.path.add_rule(rule(vec![0])).is_err());
    let id = wire.path.add_rule(rule(vec![1])).unwrap();
    assert!(wire.path.update_rule(id, rule(vec![2, 1])).is_err());
    assert_eq!(wire.path.update_rule(id, rule(vec![2])), Ok(true));
    let segmentation = Segmentation::Maximum(0);
    assert!(
        wire.path
            .impair(ControlImpairments {
                segmentation,
                ..delayed(1)
            })
            .is_err()
    );
    assert_eq!(wire.path.impairments().delay, Duration(10));
}

#[test]
fn jitter_delays_segments_but_keeps_their_order() {
    let jitter = Some(Jitter::uniform(MILLISECOND));
    let mut wire = Wire::new(ControlImpairments {
        jitter,
        ..delayed(1_000_000)
    });
    (0..1_000u64).for_each(|n| assert_eq!(wire.send(n * 1_000, &[n as u8]).segments, 1));
    let seen = wire.drain();
    assert_eq!(seen.len(), 1_000);
    assert!(seen.is_sorted_by_key(|(at, _)| *at));
    assert!(
        seen.iter()
            .zip(0..1_000u64)
            .all(|((_, what), n)| *what == octets(&[n as u8]))
    );
    let late = seen
        .iter()
        .zip(0u64..)
        .filter(|((at, _), n)| *at > n * 1_000 + 1_000_000)
        .count();
    assert!(late > 500, "{late}");
    assert!(wire.deck.tape().tracks()[0].decisions().len() > 990);
}

fn impairments() -> impl Strategy<Value = ControlImpairments> {
    let segmentation = prop_oneof![
        Just(Segmentation::Whole),
        (1u32..9).prop_map(Segmentation::Maximum),
        prop::collection::btree_set(1u32..20, 0..5)
            .prop_map(|cuts| Segmentation::Cuts(cuts.into_iter().collect())),
    ];
    let times = (
        0u64..50,
        prop::option::of(0u64..80),
        0u64..9,
        prop::option::of(0u64..40),
    );
    (segmentation, times).prop_map(|(segmentation, (delay, jitter, spacing, coalesce))| {
        ControlImpairments {
            delay: Duration(delay),
            jitter: jitter.map(|amount| Jitter::uniform(Duration(amount))),
            segmentation,
            segment_spacing: Duration(spacing),
            coalesce: coalesce.map(Duration),
        }
    })
}

proptest! {
    /// TCP: every octet once, in order, none before it was sent; whatever is changed, held back or released on the way.
    #[test]
    fn no_octet_is_lost_or_reordered(
        steps in prop::collection::vec((0u64..60, 0usize..12, prop::option::weighted(0.2, impairments()), 0u8..6), 1..60),
    ) {
        let mut wire = Wire::new(ControlImpairments::default());
        let (mut now, mut next, mut sent_at, mut seen) = (0, 0u8, Vec::new(), Vec::new());
        for (step, length, change, stall) in steps {
            now += step;
            if let Some(change) = change {
                wire.path.impair(change).unwrap();
            }
            match stall {
                0 => wire.path.stall(),
                1 => wire.path.release(Instant(now)),
                _ => {}
            }
            while let Some(arrival) = wire.stream.take(&wire.path, Instant(now)) {
                if let Arrival::Octets(octets) = arrival {
                    prop_assert!(!octets.is_empty());
                    seen.extend(octets.iter().map(|octet| (now, *octet)));
                }
            }
            let octets: Vec<u8> = (0..length).map(|_| { next = next.wrapping_add(1); next }).collect();
            sent_at.extend(octets.iter().map(|_| now));
            wire.send(now, &octets);
        }
        wire.path.end(&mut wire.stream, Instant(now));
        (0..60).for_each(|_| wire.path.release(Instant(now)));
        let mut rest = wire.drain();
        prop_assert_eq!(rest.pop().map(|(_, last)| last), Some(Seen::End));
        for (at, what) in rest {
            let Seen::Octets(octets) = what else { unreachable!("nothing else was sent") };
            seen.extend(octets.iter().map(|octet| (at, *octet)));
        }
        prop_assert_eq!(seen.len(), sent_at.len());
        for (n, (at, octet)) in seen.iter().enumerate() {
            prop_assert_eq!(*octet, (n as u8).wrapping_add(1));
            prop_assert!(*at >= sent_at[n]);
        }
        prop_assert!(seen.is_sorted_by_key(|(at, _)| *at));
    }
}

#[test]
fn rules_about_segments_count_segments_and_keep_their_order() {
    let mut wire = Wire::new(ControlImpairments {
        segmentation: Segmentation::Maximum(2),
        ..delayed(100)
    });
    let rule = |nth, action| ControlRule {
        matches: ControlMatch {
            nth: Some(Ranges::exactly(nth)),
            of_segments: true,
            ..ControlMatch::default()
        },
        action,
    };
    let later = wire
        .path
        .add_rule(rule(2, ControlAction::Delay(Duration(30))))
        .unwrap();
    wire.path
        .add_rule(rule(3, ControlAction::Hasten(Duration(40))))
        .unwrap();
    wire.path
        .add_rule(rule(5, ControlAction::Hasten(Duration(400))))
        .unwrap();
    let sent = wire.send_message(0, b"aabbcc", &ControlView::default());
    assert_eq!((sent.rule, sent.segments), (Some(later), 3));
    assert_eq!(
        wire.drain(),
        [
            (100, octets(b"aa")),
            (130, octets(b"bb")),
            (130, octets(b"cc"))
        ]
    );
    wire.send_message(1000, b"dd", &ControlView::default());
    wire.send_message(2000, b"ee", &ControlView::default());
    assert_eq!(wire.drain(), [(1100, octets(b"dd")), (2000, octets(b"ee"))]);
    let cut = ControlAction::Cut(vec![1]);
    assert!(wire.path.add_rule(rule(1, cut)).is_err());
    let message = ControlRule {
        matches: ControlMatch::default(),
        action: ControlAction::Hasten(Duration(1)),
    };
    assert!(wire.path.add_rule(message).is_err());
}

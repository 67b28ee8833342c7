//! What was recorded plays back the same, without luck.

use crate::support::*;
use pptp_wire::time::{Duration, Instant};
use pptp_world::link::{
    Chance, ControlImpairments, ControlPath, ControlStream, ControlView, Distribution, Fates,
    FourStateMarkov, GilbertElliott, GreAction, GreImpairments, GreMatch, GrePath, GreRule, Jitter,
    PacketView, Ranges, Rate, Reorder,
};
use pptp_world::luck::{
    Direction, LuckSource, Model, PathName, Plane, Probability, Seeded, Stream,
};
use pptp_world::tape::{Tape, TapeDeck, TapeMismatch};
use proptest::prelude::*;
use std::sync::Arc;

/// Playing must not ask for luck.
struct NoLuck;

impl LuckSource for NoLuck {
    fn stream(&self, path: &PathName, model: Model) -> Stream {
        panic!("luck of {path} {} was asked for", model.key());
    }
}

#[derive(Clone, Debug)]
enum Step {
    Impair(Box<GreImpairments>),
    Outage(bool),
    Rule(GreRule),
    Packets {
        count: u64,
        every: u64,
        length: usize,
    },
}

fn play(
    steps: &[Step],
    source: Arc<dyn LuckSource>,
    deck: &mut TapeDeck,
) -> Result<Vec<Fates>, TapeMismatch> {
    let mut path = GrePath::open(gre_name("a-b"), source, deck)?;
    let (mut now, mut sequence_number, mut all) = (0, 0, Vec::new());
    for step in steps {
        match step {
            Step::Impair(impairments) => path.impair(**impairments).unwrap(),
            Step::Outage(true) => path.begin_outage(),
            Step::Outage(false) => path.end_outage(),
            Step::Rule(rule) => {
                path.add_rule(rule.clone());
            }
            Step::Packets {
                count,
                every,
                length,
            } => {
                for _ in 0..*count {
                    now += every;
                    sequence_number += 1;
                    let packet = PacketView {
                        length: *length,
                        sequence_number: Some(sequence_number),
                        ..PacketView::default()
                    };
                    all.push(path.offer(Instant(now), &packet, deck)?);
                }
            }
        }
    }
    Ok(all)
}

fn probability() -> impl Strategy<Value = Probability> {
    prop_oneof![
        Just(Probability::NEVER),
        Just(Probability::ALWAYS),
        (0u32..60).prop_map(percent)
    ]
}

fn chance() -> impl Strategy<Value = Option<Chance>> {
    let chance = (probability(), probability());
    prop::option::of(chance.prop_map(|(probability, correlation)| Chance {
        probability,
        correlation,
    }))
}

fn jitter() -> impl Strategy<Value = Option<Jitter>> {
    let shape = prop::sample::select(Distribution::ALL.to_vec());
    let jitter = (0u64..5_000_000, shape, probability());
    prop::option::of(
        jitter.prop_map(|(amount, distribution, correlation)| Jitter {
            amount: Duration(amount),
            distribution,
            correlation,
        }),
    )
}

fn impairments() -> impl Strategy<Value = Box<GreImpairments>> {
    let states = prop::array::uniform4(0u32..50);
    let burst = prop::option::of(states.prop_map(|[p, r, h, k]| GilbertElliott {
        good_to_bad: percent(p),
        bad_to_good: percent(r),
        loss_in_bad: percent(h),
        loss_in_good: percent(k),
    }));
    let ways = prop::array::uniform5(0u32..50);
    let chain = prop::option::of(ways.prop_map(|ways| {
        let [p13, p31, p32, p23, p14] = ways.map(percent);
        FourStateMarkov {
            p13,
            p31,
            p32,
            p23,
            p14,
        }
    }));
    let rate = prop::option::of((8_000u64..10_000_000, 1u32..20));
    let random = (
        chance(),
        chance(),
        chance(),
        prop::option::of((chance(), 1u32..6)),
    );
    let line = (
        0u64..5_000_000,
        jitter(),
        rate,
        prop::option::of(20u32..300),
    );
    (burst, chain, random, line).prop_map(|(burst, chain, random, line)| {
        let (loss, duplicate, corrupt, reorder) = random;
        let (delay, jitter, rate, mtu) = line;
        Box::new(GreImpairments {
            delay: Duration(delay),
            jitter,
            loss,
            loss_gilbert_elliott: burst,
            loss_markov: chain,
            reorder: reorder.map(|(chance, gap)| Reorder {
                chance: chance.unwrap_or_default(),
                gap,
            }),
            duplicate,
            corrupt,
            rate: rate.map(|(bits_per_second, queue_limit)| Rate {
                bits_per_second,
                queue_limit,
            }),
            mtu,
        })
    })
}

fn step() -> impl Strategy<Value = Step> {
    let action = prop_oneof![
        Just(GreAction::Drop),
        (0u64..9_000_000).prop_map(|by| GreAction::Delay(Duration(by))),
        prop::option::of(0u32..3_000).prop_map(GreAction::Corrupt),
        Just(GreAction::Duplicate),
    ];
    let rule = (action, 0u64..40, 0u64..10).prop_map(|(action, first, more)| GreRule {
        matches: GreMatch {
            sequence_number: Some(Ranges::between(first, first + more)),
            ..GreMatch::default()
        },
        action,
    });
    let packets = (1u64..40, 0u64..3_000_000, 0usize..300);
    prop_oneof![
        2 => impairments().prop_map(Step::Impair),
        1 => any::<bool>().prop_map(Step::Outage),
        1 => rule.prop_map(Step::Rule),
        4 => packets.prop_map(|(count, every, length)| Step::Packets { count, every, length }),
    ]
}

proptest! {
    #[test]
    fn a_tape_gives_the_same_fates_without_luck(
        seed: u64,
        scenario in "[ -~\n|]{0,60}",
        steps in prop::collection::vec(step(), 1..12),
    ) {
        let mut recording = TapeDeck::record(seed);
        recording.tape_mut().scenario = scenario;
        let fates = play(&steps, Arc::new(Seeded(seed)), &mut recording).unwrap();
        let text = recording.tape().to_text();
        let tape = Tape::from_text(&text).unwrap();
        prop_assert_eq!(&tape, recording.tape());
        let mut playing = TapeDeck::play(tape);
        prop_assert_eq!(play(&steps, Arc::new(NoLuck), &mut playing), Ok(fates));
        prop_assert_eq!(playing.finish(), Ok(()));
        prop_assert_eq!(playing.tape().to_text(), text);
    }

    /// A tape of another run either fits or is refused; it never makes a path panic.
    #[test]
    fn a_foreign_tape_is_refused_or_fits(
        recorded in prop::collection::vec(step(), 1..6),
        played in prop::collection::vec(step(), 1..6),
    ) {
        let mut recording = TapeDeck::record(1);
        play(&recorded, Arc::new(Seeded(1)), &mut recording).unwrap();
        let _ = play(&played, Arc::new(NoLuck), &mut TapeDeck::play(recording.into_tape()));
    }

    /// Any text is refused with a line, or is a tape that says the same again.
    #[test]
    fn any_text_is_refused_or_read_exactly(
        lines in prop::collection::vec(
            prop_oneof![
                Just("scenario".to_owned()), Just("end".to_owned()), Just("| x".to_owned()), Just("|".to_owned()),
                "attribute [a-z]{0,3} ?[a-z]{0,3}", "track (gre|control) (forward|backward) packets=[0-9]{1,2} [a-c]",
                "[0-9]{1,2} (copy )?(loss|duplicate|reorder|loss-markov)", "[0-9] (copy )?(jitter|corrupt) -?[0-9]{1,3}", "[ -~]{0,20}",
            ],
            0..16,
        ),
        whole: bool,
    ) {
        let body = lines.join("\n");
        let end = if whole { "\nend\n" } else { "" };
        let text = format!("pptp-sim tape 1\nseed 3\nscenario\n|\n{body}{end}");
        match Tape::from_text(&text) {
            Ok(tape) => prop_assert_eq!(tape.to_text(), text),
            Err(error) => prop_assert!(error.line <= text.lines().count() + 1, "{error}"),
        }
    }
}

/// A tape of 20 packets over a lossy path.
fn recorded() -> (Vec<Step>, Tape) {
    let impairments = GreImpairments {
        loss: Some(Chance::of(percent(30))),
        jitter: Some(Jitter::uniform(MILLISECOND)),
        ..GreImpairments::default()
    };
    let packets = Step::Packets {
        count: 20,
        every: 1_000,
        length: 100,
    };
    let steps = vec![Step::Impair(Box::new(impairments)), packets];
    let mut deck = TapeDeck::record(4);
    play(&steps, Arc::new(Seeded(4)), &mut deck).unwrap();
    (steps, deck.into_tape())
}

fn replay(steps: &[Step], text: &str) -> Result<Vec<Fates>, TapeMismatch> {
    play(
        steps,
        Arc::new(NoLuck),
        &mut TapeDeck::play(Tape::from_text(text).unwrap()),
    )
}

#[test]
fn a_tape_without_the_path_is_refused() {
    let (steps, tape) = recorded();
    let text = tape.to_text().replace(" a-b\n", " a-c\n");
    assert_eq!(
        replay(&steps, &text),
        Err(TapeMismatch::UnknownPath(gre_name("a-b")))
    );
}

#[test]
fn a_run_longer_than_the_tape_is_refused() {
    let (mut steps, tape) = recorded();
    steps.push(Step::Packets {
        count: 1,
        every: 1,
        length: 100,
    });
    let beyond = TapeMismatch::Beyond {
        path: gre_name("a-b"),
        packets: 20,
    };
    assert_eq!(replay(&steps, &tape.to_text()), Err(beyond));
}

#[test]
fn a_decision_that_the_run_has_no_room_for_is_refused() {
    let (mut steps, tape) = recorded();
    steps.insert(1, Step::Outage(true));
    let first = tape.tracks()[0].decisions()[0];
    let unusable = TapeMismatch::Unusable {
        path: gre_name("a-b"),
        decision: first,
    };
    assert_eq!(
        unusable.to_string(),
        format!("`{first}` of `gre forward a-b` does not fit this run")
    );
    assert_eq!(replay(&steps, &tape.to_text()), Err(unusable));
    for line in ["20 copy corrupt 5", "20 corrupt 800", "20 targeted 5"] {
        let text = format!(
            "pptp-sim tape 1\nseed 4\nscenario\n|\ntrack gre forward packets=20 a-b\n{line}\nend\n"
        );
        let (steps, _) = recorded();
        assert!(
            matches!(replay(&steps, &text), Err(TapeMismatch::Unusable { .. })),
            "{line}"
        );
    }
}

#[test]
fn a_bit_that_a_rule_needs_must_be_on_the_tape() {
    let corrupt = GreRule {
        matches: GreMatch::default(),
        action: GreAction::Corrupt(None),
    };
    let steps = [
        Step::Rule(corrupt),
        Step::Packets {
            count: 2,
            every: 1,
            length: 9,
        },
    ];
    let mut deck = TapeDeck::record(4);
    let fates = play(&steps, Arc::new(Seeded(4)), &mut deck).unwrap();
    let text = deck.tape().to_text();
    assert_eq!(replay(&steps, &text), Ok(fates));
    let line = deck.tape().tracks()[0].decisions()[1].to_string();
    let missing = TapeMismatch::Missing {
        path: gre_name("a-b"),
        ordinal: 2,
        needed: "targeted",
    };
    assert_eq!(
        replay(&steps, &text.replace(&format!("{line}\n"), "")),
        Err(missing)
    );
}

fn control(source: Arc<dyn LuckSource>, deck: &mut TapeDeck) -> Result<Vec<Instant>, TapeMismatch> {
    let name = PathName::new("a-b", Direction::Backward, Plane::Control);
    let mut path = ControlPath::open(name, source, deck)?;
    let jitter = Some(Jitter::uniform(MILLISECOND));
    path.impair(ControlImpairments {
        delay: MILLISECOND,
        jitter,
        ..ControlImpairments::default()
    })
    .unwrap();
    let mut stream = ControlStream::new();
    let mut send = |n: u64| {
        let sent = path.send(
            &mut stream,
            Instant(n * 100_000),
            b"octets",
            &ControlView::default(),
            deck,
        );
        sent.map(|sent| sent.arrives_at)
            .map_err(|error| match error {
                pptp_world::link::LinkError::Tape(mismatch) => mismatch,
                other => panic!("{other}"),
            })
    };
    (0..50).map(&mut send).collect()
}

#[test]
fn the_control_plane_plays_its_jitter() {
    let mut recording = TapeDeck::record(8);
    let arrivals = control(Arc::new(Seeded(8)), &mut recording).unwrap();
    let text = recording.tape().to_text();
    let mut playing = TapeDeck::play(Tape::from_text(&text).unwrap());
    assert_eq!(control(Arc::new(NoLuck), &mut playing), Ok(arrivals));
    assert_eq!(playing.finish(), Ok(()));
    let first = recording.tape().tracks()[0].decisions()[0];
    let foreign = text.replace(&format!("{first}\n"), "1 loss\n");
    let mut playing = TapeDeck::play(Tape::from_text(&foreign).unwrap());
    assert!(matches!(
        control(Arc::new(NoLuck), &mut playing),
        Err(TapeMismatch::Unusable { .. })
    ));
}

#[test]
fn attributes_and_hostile_names_survive_as_far_as_they_can() {
    let mut tape = TapeDeck::record(1).into_tape();
    tape.attributes = vec![
        ("world".to_owned(), "event".to_owned()),
        ("case".to_owned(), "a b".to_owned()),
    ];
    let read = Tape::from_text(&tape.to_text()).unwrap();
    assert_eq!(
        (read.attribute("case"), read.attribute("sut")),
        (Some("a b"), None)
    );
    tape.attributes = vec![
        ("a b\n".to_owned(), "c\nd".to_owned()),
        (String::new(), String::new()),
    ];
    let read = Tape::from_text(&tape.to_text()).unwrap();
    assert_eq!(
        (read.attribute("a_b_"), read.attribute("_")),
        (Some("c d"), Some(""))
    );
}

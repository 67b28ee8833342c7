//! Marks stand where they belong and nowhere else.

use pptp_harness::diagram::{Arrow, DiagramFormat, EventKind, Fate, Ladder, Level, draw};
use pptp_harness::run::{NodeChoices, RunOptions, event_world, play};
use pptp_harness::scenario::{lint, parse_str, render_all};

/// The ladder of a scenario of one case, from its text.
pub fn ladder_of_text(text: &str) -> Ladder {
    let linted = parse_str(text)
        .unwrap_or_else(|mistakes| panic!("{}", render_all(&mistakes, false)))
        .expect("a scenario");
    ladder_of(&linted.file)
}

/// The ladder of a scenario of the suite that has one case.
pub fn ladder_of_scenario(name: &str) -> Ladder {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let path = folder.join(name).with_extension("kdl");
    let found = lint(&path).unwrap_or_else(|mistakes| panic!("{}", render_all(&mistakes, false)));
    ladder_of(&found[0].file)
}

fn ladder_of(file: &pptp_harness::scenario::ScenarioFile) -> Ladder {
    let scenario = file.case(0).expect("a case");
    let options = RunOptions {
        diagram: true,
        ..RunOptions::default()
    };
    let mut world =
        event_world(&scenario, scenario.seed, &NodeChoices::new(), None, false).expect("a world");
    let report = play(
        &scenario,
        &file.sources,
        &options,
        &mut world,
        "event",
        None,
    );
    assert!(report.failure.is_none(), "{}", report.transcript);
    *report.ladder.expect("a diagram")
}

fn data(ladder: &Ladder, number: u32) -> &Arrow {
    let carries = |arrow: &&Arrow| {
        arrow
            .numbers
            .and_then(|numbers| numbers.sequence)
            .is_some_and(|(first, last)| (first..=last).contains(&number))
    };
    let mut arrows = ladder
        .arrows()
        .filter(|arrow| arrow.from == 0)
        .filter(carries);
    arrows.next().expect("a packet of that number")
}

#[test]
fn lost_late_twice_and_refused_are_told_of_the_packets_that_were() {
    let ladder = ladder_of_scenario("faults/targeted");
    for number in 0..12 {
        let arrow = data(&ladder, number);
        let fates: Vec<&Fate> = arrow.ends.iter().map(|end| &end.fate).collect();
        let late = arrow.ends.iter().any(|end| end.late);
        match number {
            2 => assert!(matches!(fates[..], [Fate::Refused(_)]) && late, "{arrow:?}"),
            6 => assert!(matches!(fates[..], [Fate::Lost(_)]) && !late, "{arrow:?}"),
            8 => assert!(
                matches!(fates[..], [Fate::Arrived, Fate::Refused(_)]) && !late,
                "{arrow:?}"
            ),
            _ => assert!(matches!(fates[..], [Fate::Arrived]) && !late, "{arrow:?}"),
        }
    }
    let picture = draw(&ladder, DiagramFormat::Svg);
    // One in the picture, one in the key.
    assert_eq!(picture.matches("l10 10m0 -10l-10 10").count(), 2);
    // Two in the picture, one in the key.
    assert_eq!(picture.matches("m2 -3l6 6").count(), 3);
    let text = draw(&ladder, DiagramFormat::Text);
    assert_eq!(text.matches('✕').count(), 2);
    assert_eq!(
        draw(&ladder, DiagramFormat::Mermaid).matches("-xn").count(),
        1
    );
}

#[test]
fn a_clean_call_has_no_such_mark() {
    let ladder = ladder_of_scenario("outgoing/outgoing-call");
    let picture = draw(&ladder, DiagramFormat::Svg);
    for mark in [
        "l10 10m0 -10l-10 10",
        "m2 -3l6 6",
        ">late<",
        ">second copy<",
        ">lost<",
    ] {
        assert!(!picture.contains(mark), "{mark}");
    }
    let text = draw(&ladder, DiagramFormat::Text);
    assert!(!text.contains(['✕', '⊘', '!']), "{text}");
    let arrived = |arrow: &Arrow| arrow.ends.iter().all(|end| end.fate == Fate::Arrived);
    let others: Vec<&str> = ladder
        .arrows()
        .filter(|arrow| !arrived(arrow))
        .map(|arrow| arrow.name.as_str())
        .collect();
    assert_eq!(others, ["TCP-Open"], "the arrival of a SYN is not told");
}

#[test]
fn bars_begin_and_end_with_their_states() {
    let ladder = ladder_of_scenario("outgoing/outgoing-call");
    let states = |lifeline: usize, is_call: bool| -> Vec<(&str, Level)> {
        let states = ladder.events.iter().filter_map(|event| match &event.kind {
            EventKind::State(state)
                if state.lifeline == lifeline && state.track.is_call == is_call =>
            {
                Some((state.name.as_str(), state.level))
            }
            _ => None,
        });
        states.collect()
    };
    let (pending, standing, none) = (Level::Pending, Level::Established, Level::None);
    assert_eq!(
        states(0, false),
        [
            ("wait-ctl-reply", pending),
            ("established", standing),
            ("wait-stop-reply", pending),
            ("idle", none)
        ]
    );
    assert_eq!(
        states(1, true),
        [
            ("wait-cs-ans", pending),
            ("established", standing),
            ("idle", none)
        ]
    );
}

#[test]
fn steps_are_shown_where_they_are_asked_for() {
    let ladder = ladder_of_scenario("outgoing/outgoing-call");
    for format in DiagramFormat::ALL {
        assert!(
            draw(&ladder, format).contains("do pns place-call"),
            "{format:?}"
        );
        let plain = draw(&ladder.clone().without_steps(), format);
        assert!(!plain.contains("do pns place-call"), "{format:?}");
    }
}

#[test]
fn a_capture_tells_no_more_than_was_seen() {
    let folder = format!("{}/tests/data/captures", env!("CARGO_MANIFEST_DIR"));
    let octets = std::fs::read(format!("{folder}/pns_reorder.pcap")).expect("a capture");
    let (ladder, _) = pptp_harness::diagram::of_capture("x", octets.as_slice());
    assert!(
        ladder
            .arrows()
            .flat_map(|arrow| &arrow.ends)
            .all(|end| end.fate == Fate::Unknown)
    );
    let late: Vec<String> = ladder
        .arrows()
        .filter(|arrow| arrow.ends[0].late)
        .map(Arrow::title)
        .collect();
    assert_eq!(late, ["GRE 3", "GRE 2"]);
    let never = ladder.arrows().flat_map(|arrow| &arrow.marks);
    let never: Vec<&str> = never
        .map(|mark| mark.text.as_str())
        .filter(|text| text.starts_with("never seen"))
        .collect();
    assert_eq!(never, ["never seen: 6"]);
}

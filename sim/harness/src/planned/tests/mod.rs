mod kinds;

use super::*;
use crate::run::{NodeChoices, RunOptions, RunReport, event_world, play};
use crate::scenario::print::print;
use crate::scenario::source::Sources;
use crate::scenario::{parse_str, render_all};
use pptp_rules::Grade;
use pptp_wire::fuzzing::{Choice, Choices};
use pptp_world::fuzzing::{self, Outcome};
use pptp_world::{Record, RecordKind, Watched, World};
use proptest::prelude::*;

/// The scenario as its text reads, without the places in the text.
fn read_back(text: &str) -> Scenario {
    let read = parse_str(text)
        .unwrap_or_else(|mistakes| panic!("{}\n{text}", render_all(&mistakes, false)))
        .expect("a scenario");
    read.file.case(0).expect("one case")
}

/// A scenario as its debug form, without what says where it stood.
fn meaning(scenario: &Scenario) -> String {
    let mut scenario = scenario.clone();
    scenario.case = None;
    let text = format!("{scenario:#?}");
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start().ends_with("SourceSpan {") {
            // Five lines: head, file, offset, length, brace.
            for _ in 0..4 {
                lines.next();
            }
        } else {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Every input of the corpus, by name.
fn corpus() -> Vec<(String, Plan)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/world");
    let entries = std::fs::read_dir(folder).expect("the corpus");
    let read = entries.map(|entry| {
        let entry = entry.expect("a folder entry");
        let octets = std::fs::read(entry.path()).expect("a file that can be read");
        let name = entry.file_name().to_string_lossy().into_owned();
        (name, Plan::read(&mut Choices::new(&octets)))
    });
    let mut plans: Vec<(String, Plan)> = read.collect();
    plans.sort_by(|one, other| one.0.cmp(&other.0));
    plans
}

/// What a run did, counted as the fuzz target counts it.
fn outcome_of(scenario: &Scenario) -> (RunReport, Outcome) {
    let mut world = event_world(scenario, scenario.seed, &NodeChoices::new(), None, false)
        .expect("a world that can be");
    let mut seen = Outcome::default();
    let count = |record: &Record, _: &World| match &record.kind {
        RecordKind::ControlSent(_) => seen.messages += 1,
        RecordKind::GreSent(_) => seen.datagrams += 1,
        RecordKind::GreLost { .. } => seen.lost += 1,
        RecordKind::Data { .. } => seen.delivered += 1,
        RecordKind::Finding(_) => seen.findings += 1,
        RecordKind::Transition {
            call: Some(_),
            to: "established",
            from,
            ..
        } if *from != "established" => seen.established += 1,
        _ => {}
    };
    let (sources, options) = (Sources::default(), RunOptions::default());
    let mut stage = Watched::new(&mut world, count);
    let report = play(scenario, &sources, &options, &mut stage, "event", None);
    (report, seen)
}

/// Inputs whose scenario does something else, each with the reason.
const OTHERWISE: [(&str, &str); 8] = [
    (
        "regression-call-id-that-others-gave",
        "it names a Call ID, and Call IDs are drawn from other luck",
    ),
    (
        "regression-injected-octets-cut-off-by-the-close",
        "it names a call that a close has just ended",
    ),
    (
        "regression-windows-delivers-out-of-order",
        "an end of another profile refuses the call that is thought to come up",
    ),
    (
        "regression-winner-of-a-collision-crashes",
        "it names the loser of a collision",
    ),
    ("seed-chosen-luck", "luck is chosen"),
    (
        "seed-other-profiles-from-tape",
        "an end of another profile refuses the call that is thought to come up",
    ),
    (
        "seed-outsiders",
        "what outsiders say ends a connection that is thought to stand",
    ),
    (
        "seed-segments",
        "an impaired path brings calls up in another order than it is thought",
    ),
];

#[test]
fn the_plans_of_the_corpus_do_as_scenarios_what_they_do() {
    let mut otherwise = Vec::new();
    for (name, plan) in corpus() {
        let scenario = scenario_of(&plan, &name, plan.setup.seed.into());
        read_back(&print(&scenario));
        let (report, seen) = outcome_of(&scenario);
        let grade = report.behaviour.max(report.ending);
        assert!(grade < Grade::NonStrict, "{name}: {:?}", report.failure);
        let (expected, _) = fuzzing::record(&plan);
        let expected = Outcome {
            digest: 0,
            ..expected
        };
        if seen != expected {
            otherwise.push(name);
        }
    }
    let known: Vec<&str> = OTHERWISE.iter().map(|(name, _)| *name).collect();
    assert_eq!(otherwise, known);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_plan_becomes_a_scenario_that_reads_back_as_it_is(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
        let plan = Plan::read(&mut Choices::new(&octets));
        let scenario = scenario_of(&plan, "a \"plan\"", 7);
        let text = print(&scenario);
        let again = read_back(&text);
        prop_assert_eq!(meaning(&again), meaning(&scenario));
    }
}

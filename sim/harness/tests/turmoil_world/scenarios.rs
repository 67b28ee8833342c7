//! Every scenario of the suite in both worlds: the same verdict, the same story.

use super::common::assert_same;
use pptp_harness::run::{
    NodeChoices, RunOptions, RunReport, event_world, limits, link_config, node_of, play,
};
use pptp_harness::scenario::model::Scenario;
use pptp_harness::suite::{Family, built_in};
use pptp_harness::turmoil_world::{Story, TurmoilWorld, cannot_express};
use pptp_world::{NodeId, Record, RecordKind, Stage, Watched, WorldConfig};

/// What a run gave, and what it told.
struct Told {
    report: RunReport,
    story: Story,
    has_crash: bool,
}

fn turmoil(scenario: &Scenario) -> TurmoilWorld {
    let mut world = TurmoilWorld::new(WorldConfig {
        seed: scenario.seed,
        limits: limits(scenario),
        judge: scenario.set.judge(),
        ..WorldConfig::default()
    });
    for node in &scenario.nodes {
        let made = node_of(node, scenario.seed, None).expect("a node");
        world.add_node(&node.name, &node.addresses, made);
    }
    for link in &scenario.links {
        let (a, b) = (NodeId(link.a.0), NodeId(link.b.0));
        world.add_link(a, b, &link_config(link)).expect("a link");
    }
    world
}

fn played<S: Stage>(family: &Family, scenario: &Scenario, stage: &mut S) -> Told {
    let (mut story, mut has_crash) = (Story::default(), false);
    let mut watched = Watched::new(stage, |record: &Record, stage: &S| {
        story.note(record, stage);
        has_crash |= matches!(record.kind, RecordKind::NodeCrashed { .. });
    });
    let options = RunOptions::default();
    let sources = &family.file.sources;
    let report = play(scenario, sources, &options, &mut watched, "either", None);
    Told {
        report,
        story,
        has_crash,
    }
}

/// Plays the cases of a family that stand for it: first, middle, last. How many there were.
fn in_both_worlds(family: &Family) -> usize {
    let last = family.file.case_count() - 1;
    let mut cases = vec![0, last / 2, last];
    cases.dedup();
    let mut compared = 0;
    for case in cases {
        let scenario = family.file.case(case).expect("a case");
        if cannot_express(&scenario).is_some() {
            continue;
        }
        let choices = NodeChoices::new();
        let mut world =
            event_world(&scenario, scenario.seed, &choices, None, false).expect("a world");
        let event = played(family, &scenario, &mut world);
        let turmoil = played(family, &scenario, &mut turmoil(&scenario));
        let name = &family.found.name;
        assert_eq!(
            (event.report.behaviour, event.report.ending),
            (turmoil.report.behaviour, turmoil.report.ending),
            "{name}, case {case}\n{}\n{}",
            event.report.transcript,
            turmoil.report.transcript
        );
        let stories = [event, turmoil].map(|told| match told.has_crash {
            true => told.story.without_times(),
            false => told.story,
        });
        println!("{name}, case {case}");
        assert_same(&stories[0], &stories[1]);
        compared += 1;
    }
    compared
}

#[test]
fn every_scenario_of_the_suite_tells_the_same_in_both_worlds() {
    let mut compared = 0;
    let mut passed_over = Vec::new();
    for found in built_in() {
        let family = Family::load(&found).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        match in_both_worlds(&family) {
            // A real network delays by less than the other world's clock can tell, and shrinking takes delays away.
            0 if found.name.starts_with("from-captures/")
                || found.name.starts_with("regressions/planted/") =>
            {
                assert!(
                    cannot_express(&family.file.case(0).expect("a case"))
                        .is_some_and(|reason| reason.contains("ticks in milliseconds")),
                    "{}",
                    found.name
                )
            }
            0 => passed_over.push(found.name),
            more => compared += more,
        }
    }
    assert!(compared > 80, "{compared}");
    assert!(passed_over.len() < 5, "{passed_over:?}");
}

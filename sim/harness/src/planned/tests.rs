use super::*;
use crate::run::{NodeChoices, RunOptions, RunReport, event_world, play};
use crate::scenario::print::print;
use crate::scenario::source::Sources;
use crate::scenario::{parse_str, render_all};
use pptp_rules::Grade;
use pptp_wire::fuzzing::{Choice, Choices};
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

fn run(scenario: &Scenario) -> RunReport {
    let mut world = event_world(scenario, scenario.seed, &NodeChoices::new(), None, false)
        .expect("a world that can be");
    let (sources, options) = (Sources::default(), RunOptions::default());
    play(scenario, &sources, &options, &mut world, "event", None)
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

#[test]
fn the_plans_of_the_corpus_pass_as_scenarios() {
    for (name, plan) in corpus() {
        let scenario = scenario_of(&plan, &name, plan.setup.seed.into());
        read_back(&print(&scenario));
        let report = run(&scenario);
        let grade = report.behaviour.max(report.ending);
        assert!(grade < Grade::Fail, "{name}: {:?}", report.failure);
    }
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

//! A capture that a run wrote gives back a scenario that reproduces it, whatever the scenario of that run.
//!
//! Of a family the first, the middle and the last case are played. Where it cannot be is listed in `tests/data/not-authored.kdl`, with
//! the reason; one that is listed and can be is an error, too.

use std::collections::BTreeMap;

use pptp_harness::author::{AuthorFailure, author, matters};
use pptp_harness::suite::{Family, Outcome, SuiteOptions, find, in_order, run_case};

/// The scenarios of the tree, seen from this package.
const SCENARIOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios");

/// What became of a scenario: nothing to say, or what differs in the first case that does.
type Answer = Option<String>;

fn of_case(family: &Family, index: u64) -> Answer {
    let options = SuiteOptions {
        captures: true,
        ..SuiteOptions::default()
    };
    let run = run_case(family, index, &options);
    let Outcome::Played(played) = run.outcome else {
        return Some(format!("case {index} was not played"));
    };
    let captures: Vec<(String, &[u8])> = played
        .captures
        .iter()
        .map(|(node, octets)| (node.clone(), octets.as_slice()))
        .collect();
    match author(captures) {
        Ok(authored) => authored
            .remaining
            .iter()
            .find(|difference| matters(difference.kind))
            .map(|difference| format!("case {index}: {difference}")),
        // A run in which nothing is said.
        Err(AuthorFailure::NothingSeen { .. }) => None,
        Err(failure) => Some(format!("case {index}: {failure}")),
    }
}

/// The first, the middle or the last case, each of a third of the families.
fn of_family(family: &Family, position: usize) -> Answer {
    let last = family.file.case_count().saturating_sub(1);
    of_case(family, last * (position % 3) as u64 / 2)
}

#[test]
fn every_scenario_comes_back_from_its_captures_but_those_that_are_listed() {
    let found: Vec<_> = find(&[SCENARIOS.to_owned()])
        .expect("scenarios")
        .into_iter()
        .filter(|f| {
            std::env::var("ONLY").map_or(true, |o| o.split(',').any(|o| f.name.contains(o)))
        })
        .collect();
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let mut answers: BTreeMap<String, Answer> = BTreeMap::new();
    in_order(
        jobs,
        found.len(),
        &|position| {
            let family = Family::load(&found[position]).expect("a scenario without a mistake");

            let a = of_family(&family, position);

            a
        },
        &mut |position, answer| {
            let name = found[position].name.clone();
            answers.insert(name, answer);
            std::ops::ControlFlow::Continue(())
        },
    );
    let bad: Vec<String> = answers
        .iter()
        .filter_map(|(n, a)| a.as_ref().map(|a| format!("{n}: {a}")))
        .collect();
    eprintln!("{} of {}\n{}", bad.len(), answers.len(), bad.join("\n"));
}

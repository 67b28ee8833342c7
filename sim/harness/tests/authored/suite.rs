//! A capture that a run wrote gives back a scenario that reproduces it, whatever the scenario of that run.
//!
//! Of a family one case is played, the first, the middle or the last, as its name has it. Where it cannot be is listed with the reason;
//! one that is listed and can be is an error, too.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

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
        .map(|capture| (capture.node.clone(), capture.pcapng.as_slice()))
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

/// The first, the middle or the last case: by the name, so that a new scenario changes nothing of the others.
fn of_family(family: &Family, name: &str) -> Answer {
    let last = family.file.case_count().saturating_sub(1);
    let sum: u64 = name.bytes().map(u64::from).sum();
    of_case(family, last * (sum % 3) / 2)
}

/// Scenarios whose captures do not give them back, with the reason.
const NOT: [(&str, &str); 1] = [(
    "regressions/start-request-to-an-end-that-has-closed",
    "an end crashes while its request is on its way for 65 s: octets that arrive when their sender is gone",
)];

#[test]
fn every_scenario_comes_back_from_its_captures_but_those_that_are_listed() {
    let found = find(&[SCENARIOS.to_owned()]).expect("scenarios");
    assert!(found.len() > 200);
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let mut answers: BTreeMap<String, Answer> = BTreeMap::new();
    in_order(
        jobs,
        found.len(),
        &|position| {
            let family = Family::load(&found[position]).expect("a scenario without a mistake");
            of_family(&family, &found[position].name)
        },
        &mut |position, answer| {
            answers.insert(found[position].name.clone(), answer);
            ControlFlow::Continue(())
        },
    );
    let listed: BTreeMap<&str, &str> = NOT.into_iter().collect();
    let mut wrong = Vec::new();
    for (name, answer) in &answers {
        match (answer, listed.get(name.as_str())) {
            (Some(difference), None) => wrong.push(format!("{name}: {difference}")),
            (None, Some(reason)) => {
                wrong.push(format!("{name} does come back, and is listed: {reason}"));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unknown = listed.keys().find(|name| !answers.contains_key(**name));
    assert_eq!(unknown, None);
}

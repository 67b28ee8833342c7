//! Every transition of the state machines is taken in some scenario of the suite, every state is reached, and nearly every point.

use crate::{jobs, scenarios};
use pptp_harness::coverage::Dimension;
use pptp_harness::suite::{SuiteOptions, run_files};
use pptp_proto::Transition;
use std::collections::BTreeSet;

/// Points of the code that no scenario comes to with its own seed.
const BEYOND: [&str; 7] = [
    "payload-without-number",
    "reorder-full",
    "early-packet-kept",
    "link-info-for-ended-call",
    "lost-at-down-node",
    "reset-under-octets",
    "refused",
];

#[test]
fn every_transition_is_reached() {
    let options = SuiteOptions {
        jobs: jobs(),
        ..SuiteOptions::default()
    };
    let report = run_files(&scenarios(), &options);
    let reached = report.transitions();
    let all: BTreeSet<&str> = Transition::ALL.iter().map(|row| row.id()).collect();
    assert!(reached.is_subset(&all) && all.len() >= 90);
    let missing: Vec<&str> = all.difference(&reached).copied().collect();
    assert!(missing.is_empty(), "no scenario reaches {missing:?}");

    let coverage = report.coverage();
    for dimension in [
        Dimension::ConnectionStates,
        Dimension::CallStates,
        Dimension::Transitions,
        Dimension::EndpointPoints,
        Dimension::WorldPoints,
    ] {
        let never = coverage.missing(dimension).into_iter();
        let names = never.map(|item| item.to_string());
        let lost: Vec<String> = names
            .filter(|name| !BEYOND.contains(&name.as_str()))
            .collect();
        assert!(lost.is_empty(), "no scenario comes to {lost:?}");
    }
}

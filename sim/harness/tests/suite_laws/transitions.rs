//! Every transition of the state machines is taken in some scenario of the suite, every state of calls, connections and windows is reached, and every point.

use crate::{jobs, scenarios};
use pptp_harness::coverage::Dimension;
use pptp_harness::suite::{SuiteOptions, run_files};
use pptp_proto::Transition;
use std::collections::BTreeSet;

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
        Dimension::Windows,
        Dimension::EndpointPoints,
        Dimension::WorldPoints,
    ] {
        let never = coverage.missing(dimension).into_iter();
        let lost: Vec<String> = never.map(|item| item.to_string()).collect();
        assert!(lost.is_empty(), "no scenario comes to {lost:?}");
    }
}

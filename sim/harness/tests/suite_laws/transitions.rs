//! Every transition of the state machines is taken in some scenario of the suite.

use crate::{jobs, scenarios};
use pptp_harness::suite::{SuiteOptions, run_files};
use pptp_proto::Transition;
use std::collections::BTreeSet;

#[test]
fn every_transition_is_reached() {
    let options = SuiteOptions {
        jobs: jobs(),
        ..SuiteOptions::default()
    };
    let reached = run_files(&scenarios(), &options).transitions();
    let all: BTreeSet<&str> = Transition::ALL.iter().map(|row| row.id()).collect();
    assert!(reached.is_subset(&all) && all.len() >= 90);
    let missing: Vec<&str> = all.difference(&reached).copied().collect();
    assert!(missing.is_empty(), "no scenario reaches {missing:?}");
}

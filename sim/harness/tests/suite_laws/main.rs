//! Laws that hold for every scenario of the suite: a tape gives the run again, promoted lines pass, transitions are reached, and
//! what is said to catch a deviation does.

mod coverage;
mod deviations;
mod planted;
mod profiles;
mod promotion;
mod replay;
mod transitions;
mod windows;

use pptp_harness::suite::{Found, find};

/// Every scenario file of the repository.
fn scenarios() -> Vec<Found> {
    let folder = format!("{}/../../scenarios", env!("CARGO_MANIFEST_DIR"));
    let found = find(&[folder]).expect("the suite is there");
    assert!(found.len() >= 20, "only {} scenarios", found.len());
    found
}

/// As many jobs as the machine gives.
fn jobs() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

//! What runs that fail are shrunk to: the whole file, as `pptp-sim shrink` writes it.

use std::path::Path;

use pptp_harness::run::NodeChoice;
use pptp_harness::shrink::{MOST_RUNS, Subject, Unwatched, shrink};
use pptp_harness::suite::{Family, SuiteOptions, built_in, shrink_command};

fn shrunk(scenario: &str, seed: u64, node: &str, deviation: &str) -> String {
    let found = built_in().into_iter().find(|found| found.name == scenario);
    let found = found.expect("it is built in");
    let family = Family::load(&found).expect("it reads");
    let scenario = family.file.case(0).expect("a case");
    let mut options = SuiteOptions::default();
    let choice = NodeChoice {
        profile: None,
        deviations: vec![deviation.to_owned()],
    };
    options.choices.insert(node.to_owned(), choice);
    let subject = Subject {
        scenario: &scenario,
        sources: &family.file.sources,
        seed,
        tape: None,
        options: &options,
        name: &format!("{} with seed {seed}", found.name),
        command: &shrink_command(&found, None, seed, &options),
        file: None,
    };
    shrink(&subject, MOST_RUNS, &mut Unwatched)
        .expect("it fails")
        .text
}

#[test]
fn runs_shrink_to_scenarios_that_can_be_read() {
    let mut settings = insta::Settings::clone_current();
    settings
        .set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../snapshots/shrunk"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let lost = shrunk(
            "faults/random-loss",
            3,
            "pac",
            "acknowledgment-stops-at-gap",
        );
        insta::assert_snapshot!("an-acknowledgment-that-stops-at-a-gap", lost);
        let twice = shrunk("faults/duplicate", 4, "pns", "duplicate-delivered");
        insta::assert_snapshot!("a-duplicate-that-is-passed-on", twice);
    });
}

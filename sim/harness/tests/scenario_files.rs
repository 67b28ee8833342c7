//! The scenario files of this repository are without a mistake, and mean what they say.

use pptp_harness::scenario::{LintedScenario, lint, render_all};
use std::path::Path;

fn scenarios() -> Vec<LintedScenario> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    match lint(&folder) {
        Ok(scenarios) => scenarios,
        Err(mistakes) => panic!("{}", render_all(&mistakes, false)),
    }
}

#[test]
fn every_scenario_file_is_without_a_mistake() {
    let scenarios = scenarios();
    assert!(
        scenarios.len() >= 8,
        "only {} files were found",
        scenarios.len()
    );
    for scenario in &scenarios {
        for index in 0..scenario.cases {
            let case = scenario.file.case(index).expect("checked by lint");
            assert!(!case.flow.is_empty() && !case.title.is_empty());
        }
    }
}

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

/// In a folder, tables such as the register are passed over, and a misspelt scenario is not.
#[test]
fn a_folder_is_searched_for_scenarios_alone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/folder");
    let mistakes = lint(&folder).expect_err("one file is wrong");
    let paths: Vec<&str> = mistakes
        .iter()
        .filter_map(|mistake| mistake.location.path.rsplit('/').next())
        .collect();
    assert_eq!(paths, ["misspelt.kdl"]);
    let good = lint(&folder.join("inner")).expect("without a mistake");
    assert_eq!(good.len(), 1);
    assert!(good[0].file.path.ends_with("inner/good.kdl"));
}

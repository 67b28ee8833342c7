//! Every row of `scenarios/deviations.kdl` is true: with the deviation at that node the scenario does not pass, and its report
//! names the requirement.

use crate::jobs;
use pptp_harness::run::NodeChoice;
use pptp_harness::suite::{Killer, SuiteOptions, find, in_order, killers, run_files};
use pptp_rules::Grade;
use std::ops::ControlFlow;

/// What is wrong with a row.
fn problem(killer: &Killer) -> Option<String> {
    let path = format!(
        "{}/../../scenarios/{}.kdl",
        env!("CARGO_MANIFEST_DIR"),
        killer.scenario
    );
    let found = match find(&[path]) {
        Ok(found) => found,
        Err(error) => return Some(error.to_string()),
    };
    let clean = run_files(&found, &SuiteOptions::default());
    if !clean.has_passed() {
        return Some(format!("without the deviation: {clean}"));
    }
    let mut options = SuiteOptions::default();
    let choice = NodeChoice {
        profile: None,
        deviations: vec![killer.deviation.name.to_owned()],
    };
    options.choices.insert(killer.node.clone(), choice);
    let report = run_files(&found, &options);
    let caught = report
        .families
        .iter()
        .filter_map(|family| family.grade())
        .max();
    let grade = report.verdicts().get(&killer.requirement).copied();
    let is_bad = |grade: Option<Grade>| matches!(grade, Some(Grade::NonStrict | Grade::Fail));
    if !is_bad(caught) {
        return Some(format!("the scenario ends with {caught:?}"));
    }
    if !is_bad(grade) {
        return Some(format!(
            "{} is {grade:?}; what it names: {:?}",
            killer.requirement,
            report.verdicts()
        ));
    }
    if !killer.deviation.breaks.contains(&killer.requirement) {
        return Some(format!(
            "the deviation is not said to break {}",
            killer.requirement
        ));
    }
    None
}

#[test]
fn every_row_of_the_table_of_deviations_is_true() {
    let rows = killers().expect("the table is sound");
    let mut problems = Vec::new();
    in_order(
        jobs(),
        rows.len(),
        &|position| problem(&rows[position]),
        &mut |position, problem| {
            if let Some(problem) = problem {
                let row = &rows[position];
                problems.push(format!(
                    "deviations.kdl:{}: {} at {}, {}: {problem}",
                    row.line, row.deviation.name, row.node, row.scenario
                ));
            }
            ControlFlow::Continue(())
        },
    );
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn a_row_that_is_not_true_is_noticed() {
    let text = "deviation \"first-seq-1\" node=pac scenario=\"keep-alive/unanswered-keep-alive\" requirement=\"SEQ-001\"";
    let rows = killers::read(text).expect("a sound table");
    assert!(problem(&rows[0]).is_some());
}

//! `scenarios/planted.kdl`, row by row: a sweep finds the planted bug, its shrunk scenario shows it without luck, and nothing else in
//! the suite does.

use crate::{jobs, scenarios};
use pptp_harness::coverage::Coverage;
use pptp_harness::run::NodeChoice;
use pptp_harness::scenario::Role as NodeRole;
use pptp_harness::scenario::model::Scenario;
use pptp_harness::suite::planted::{REGRESSIONS, planted};
use pptp_harness::suite::{
    CaseRun, Family, Planted, SuiteOptions, in_order, ready_case, run_case, run_scenario,
};
use pptp_harness::sweep::{ClassKind, class_of};
use pptp_proto::{DEVIATIONS, Deviation, FoundBy, Role};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Steps and faults of a shrunk scenario.
const MOST_STEPS: usize = 12;

fn options(node: &str, deviation: &Deviation) -> SuiteOptions {
    let choice = NodeChoice {
        profile: None,
        deviations: vec![deviation.name.to_owned()],
    };
    let mut options = SuiteOptions::default();
    options.choices.insert(node.to_owned(), choice);
    options
}

fn family(name: &str) -> Family {
    let found = scenarios().into_iter().find(|found| found.name == name);
    Family::load(&found.unwrap_or_else(|| panic!("there is no {name}"))).expect("no mistakes")
}

/// Plays the scenario of a row.
fn play(row: &Planted, seed: Option<u64>, options: &SuiteOptions) -> CaseRun {
    let family = family(&row.scenario);
    let mut cases = 0..family.file.case_count();
    let index = cases.find(|case| {
        let name = family.file.case_name(*case).map(|name| name.text);
        name == row.case
    });
    let index = index.unwrap_or_else(|| panic!("line {}: there is no such case", row.line));
    let scenario = ready_case(&family, index, options).expect("it can be played");
    let seed = seed.unwrap_or(scenario.seed);
    run_scenario(&family, &scenario, seed, options)
}

fn coverage(run: &CaseRun) -> Coverage {
    run.report().map(Coverage::of).unwrap_or_default()
}

#[test]
fn a_sweep_finds_each_planted_bug_at_the_seed_of_its_row() {
    let rows = planted().expect("a table without mistakes");
    for row in &rows {
        let about = format!("line {}: {}", row.line, row.deviation.name);
        let wrong = options(&row.node, row.deviation);
        let found = play(row, Some(row.seed), &wrong);
        let class = class_of(&found).unwrap_or_else(|| panic!("{about} is not found"));
        assert_eq!(ClassKind::of(&class), Some(row.class), "{about}: {class}");
        let reached = coverage(&found);
        for item in &row.needs {
            assert!(reached.contains(*item), "{about} did not need {item}");
        }
        let right = play(row, Some(row.seed), &SuiteOptions::default());
        assert_eq!(class_of(&right), None, "{about} is not what fails");
        assert_eq!(class_of(&play(row, None, &wrong)), None, "{about}");
    }
    for deviation in DEVIATIONS {
        let of = |role: Role| {
            let names = match role {
                Role::Pac => ["pac", "concentrator"],
                Role::Pns => ["pns", "server"],
            };
            let mut mine = rows.iter().filter(|row| row.deviation.id == deviation.id);
            mine.any(|row| names.contains(&row.node.as_str()))
        };
        let found = deviation.roles.iter().all(|role| of(*role));
        let is_planted = deviation.found_by == FoundBy::Sweep;
        assert_eq!(found, is_planted, "{}", deviation.name);
    }
    let names: BTreeSet<&str> = rows.iter().map(|row| row.deviation.name).collect();
    assert!(names.len() >= 8, "{names:?}");
}

#[test]
fn each_shrunk_finding_is_short_fails_with_its_bug_whatever_the_seed_and_passes_without() {
    let rows = planted().expect("a table without mistakes");
    let mut shown = BTreeSet::new();
    for row in &rows {
        let Some(name) = &row.regression else {
            continue;
        };
        let family = family(name);
        let scenario = family.file.case(0).expect("no matrix");
        let wrong = options(&row.node, row.deviation);
        for seed in [0, 1, row.seed] {
            let found = run_scenario(&family, &scenario, seed, &wrong);
            let class = class_of(&found).unwrap_or_else(|| panic!("{name} does not show it"));
            assert_eq!(ClassKind::of(&class), Some(row.class), "{name}: {class}");
            let right = run_scenario(&family, &scenario, seed, &SuiteOptions::default());
            assert_eq!(class_of(&right), None, "{name} fails without the bug");
        }
        assert!(scenario.flow.len() <= MOST_STEPS + 2, "{name} is long");
        shown.insert(row.deviation.name);
    }
    for row in &rows {
        assert!(
            shown.contains(row.deviation.name),
            "{} was not shrunk",
            row.deviation.name
        );
    }
}

/// The node of a scenario that plays the role of the row's.
fn seat(scenario: &Scenario, row: &Planted) -> Option<String> {
    let role = match row.node.as_str() {
        "pac" | "concentrator" => NodeRole::Pac,
        _ => NodeRole::Pns,
    };
    let mut nodes = scenario.nodes.iter();
    let node = nodes.find(|node| node.role == Some(role) && !node.scripted)?;
    Some(node.name.clone())
}

/// A run is the same with a deviation and without as long as it does not come to all that the deviation needs: so only the others are
/// played again.
#[test]
fn nothing_else_in_the_suite_catches_a_planted_bug() {
    let rows = planted().expect("a table without mistakes");
    let families: Vec<Family> = scenarios()
        .iter()
        .filter(|found| !found.name.starts_with(REGRESSIONS))
        .map(|found| Family::load(found).expect("no mistake"))
        .collect();
    let cases: Vec<(usize, u64)> = families
        .iter()
        .enumerate()
        .flat_map(|(family, it)| (0..it.file.case_count()).map(move |case| (family, case)))
        .collect();
    let (mut again, mut caught) = (0, Vec::new());
    let right = SuiteOptions::default();
    let hunt = |place: usize| {
        let (family, case) = cases[place];
        let family = &families[family];
        let usual = run_case(family, case, &right);
        let reached = coverage(&usual);
        let mut found = Vec::new();
        let mut played = 0;
        for row in &rows {
            if !row.needs.iter().all(|item| reached.contains(*item)) {
                continue;
            }
            // In either role, by whatever name.
            let scenario = family.file.case(case).expect("no mistake");
            let Some(node) = seat(&scenario, row) else {
                continue;
            };
            played += 1;
            let run = run_case(family, case, &options(&node, row.deviation));
            if run.grade() > usual.grade() {
                found.push(format!("{}: {}", row.deviation.name, run.replay));
            }
        }
        (played, found)
    };
    in_order(jobs(), cases.len(), &hunt, &mut |_, (played, found)| {
        again += played;
        caught.extend(found);
        ControlFlow::Continue(())
    });
    assert!(again > 100, "only {again} runs were put to the test");
    assert!(caught.is_empty(), "{}", caught.join("\n"));
}

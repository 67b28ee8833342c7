//! `scenarios/deviations.kdl`, row by row: with the deviation switched on at that node the scenario misses the requirement, and
//! without it the scenario does not.

use crate::{jobs, scenarios};
use pptp_harness::run::NodeChoice;
use pptp_harness::scenario::Role as NodeRole;
use pptp_harness::suite::{CaseRun, Family, Killer, SuiteOptions, in_order, killers, run_case};
use pptp_proto::{DEVIATIONS, Deviation, FoundBy, Role};
use pptp_rules::{Grade, Grading};
use pptp_wire::Requirement;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What breaks no more than a note is information under the default grading; the strict one counts it.
const GRADINGS: [Grading; 2] = [Grading::Default, Grading::Strict];

fn options(killer: &Killer, grading: Grading, deviates: bool) -> SuiteOptions {
    let mut options = SuiteOptions {
        grading,
        ..SuiteOptions::default()
    };
    if deviates {
        let choice = NodeChoice {
            profile: None,
            deviations: vec![killer.deviation.name.to_owned()],
        };
        options.choices.insert(killer.node.clone(), choice);
    }
    options
}

const fn is_miss(grade: Grade) -> bool {
    matches!(grade, Grade::NonStrict | Grade::Fail)
}

/// Whether a run was judged to miss the requirement.
fn misses(run: &CaseRun, requirement: Requirement) -> bool {
    run.report().is_some_and(|report| {
        is_miss(report.grade())
            && report
                .requirements
                .get(&requirement)
                .is_some_and(|evidence| is_miss(evidence.grade))
    })
}

/// What is wrong with a row; nothing if it is proved.
fn refuted(killer: &Killer) -> Option<String> {
    let row = format!(
        "line {}: {} at {} of {}",
        killer.line, killer.deviation.name, killer.node, killer.scenario
    );
    let requirement = killer.requirement;
    if !killer.deviation.breaks.contains(&requirement) {
        return Some(format!("{row}: does not break {requirement}"));
    }
    let Some(found) = scenarios()
        .into_iter()
        .find(|found| found.name == killer.scenario)
    else {
        return Some(format!("{row}: there is no such scenario"));
    };
    let family = match Family::load(&found) {
        Ok(family) => family,
        Err(mistakes) => return Some(format!("{row}: {mistakes:?}")),
    };
    let caught = GRADINGS.iter().find_map(|&grading| {
        let deviating = options(killer, grading, true);
        let mut cases = 0..family.file.case_count();
        let case = cases.find(|&case| misses(&run_case(&family, case, &deviating), requirement))?;
        Some((case, grading))
    });
    let Some((case, grading)) = caught else {
        return Some(format!("{row}: {requirement} is not missed in any case"));
    };
    let right = run_case(&family, case, &options(killer, grading, false));
    misses(&right, requirement)
        .then(|| format!("{row}: {requirement} is missed without the deviation too"))
}

#[test]
fn each_row_is_proved_by_a_run() {
    let killers = killers().expect("a table without mistakes");
    let mut wrong: Vec<String> = Vec::new();
    let prove = |row: usize| refuted(&killers[row]);
    in_order(jobs(), killers.len(), &prove, &mut |_, refuted| {
        wrong.extend(refuted);
        ControlFlow::Continue(())
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The roles that a node of this name has, unscripted, in the cases of a scenario.
fn roles(family: &Family, node: &str) -> Vec<NodeRole> {
    let cases = 0..family.file.case_count();
    let nodes = cases.filter_map(|case| {
        let scenario = family.file.case(case).ok()?;
        let spec = scenario.nodes.into_iter().find(|spec| spec.name == node)?;
        spec.role.filter(|_| !spec.scripted)
    });
    nodes.collect()
}

#[test]
fn each_bug_that_the_suite_is_to_find_has_a_row_in_each_of_its_roles() {
    let killers = killers().expect("a table without mistakes");
    let families: BTreeMap<String, Family> = scenarios()
        .iter()
        .map(|found| (found.name.clone(), Family::load(found).expect("no mistake")))
        .collect();
    let mut open = Vec::new();
    for deviation in DEVIATIONS {
        let rows = killers
            .iter()
            .filter(|row| row.deviation.id == deviation.id);
        let caught: Vec<NodeRole> = rows
            .filter_map(|row| Some(roles(families.get(&row.scenario)?, &row.node)))
            .flatten()
            .collect();
        let missing = deviation.roles.iter().filter(|role| {
            let role = match role {
                Role::Pac => NodeRole::Pac,
                Role::Pns => NodeRole::Pns,
            };
            !caught.contains(&role)
        });
        match deviation.found_by {
            FoundBy::Suite => open.extend(missing.map(|role| (deviation.name, *role))),
            FoundBy::Sweep => {}
            FoundBy::Nothing => assert_eq!(caught, [], "{} cannot be caught", deviation.name),
        }
    }
    assert_eq!(open, []);
}

#[test]
fn there_are_bugs_enough_and_most_that_are_known() {
    let count = |is: fn(&&Deviation) -> bool| DEVIATIONS.iter().filter(is).count();
    assert!(count(|deviation| deviation.found_by == FoundBy::Suite) >= 150);
    assert!(count(|deviation| !deviation.known_bugs.is_empty()) >= 55);
    assert!(count(|deviation| deviation.found_by == FoundBy::Nothing) == 1);
}

#[test]
fn a_row_that_claims_too_much_is_refuted() {
    let rows = [
        // The scenario does not miss that requirement.
        "deviation \"ack-ahead\" node=pns scenario=\"outgoing/pac-refuses\" requirement=\"ACK-001\"",
        // The deviation does not break it, though the scenario misses it.
        "deviation \"cdn-carries-pns-id\" node=pac scenario=\"outgoing/outgoing-call\" requirement=\"CDN-005\"",
        "deviation \"ack-ahead\" node=pns scenario=\"data/no-such-scenario\" requirement=\"ACK-001\"",
        // A node that is not there, or that the deviation is not for.
        "deviation \"ack-ahead\" node=third scenario=\"data/out-of-order\" requirement=\"ACK-001\"",
        "deviation \"cdn-carries-pns-id\" node=pns scenario=\"outgoing/outgoing-call\" requirement=\"CDN-003\"",
    ];
    for row in rows {
        let killer = &killers::read(row).expect("a row")[0];
        assert!(refuted(killer).is_some(), "{row}");
    }
    let good =
        "deviation \"ack-ahead\" node=pns scenario=\"data/out-of-order\" requirement=\"ACK-001\"";
    let killer = &killers::read(good).expect("a row")[0];
    assert_eq!(refuted(killer), None);
}

//! Histories of connections, calls and tunnels, and what the judge makes of them.
//!
//! The tables of cases hold, for each requirement, histories that break it, and histories that come near and must not.

mod again;
mod astray;
mod beside_the_way;
mod cases;
mod clean;
mod deviations;
mod history;
mod intruded;
mod limits;

use cases::{Case, breaks, spares};
use history::{History, Outcome, PAC, line_errors};
use pptp_rules::{Precondition, RULES};
use pptp_wire::Requirement::{self, *};
use std::collections::BTreeSet;

/// Ruled requirements that nothing breaks: definitions, permissions, and sets that relax others.
const UNBREAKABLE: &[Requirement] = &[
    Stcrq001, Icrq009, Wen008, Cc022, Pnso001, Paco008, Ack004, Ack006, Ms004, Ms005, Ms014, Ms015,
];

fn outcome(case: &Case) -> Outcome {
    let mut history = History::new();
    (case.history)(&mut history);
    history.judged()
}

#[test]
fn each_history_that_breaks_a_requirement_is_found_at_the_end_at_fault() {
    let mut missed = Vec::new();
    for case in breaks() {
        let outcome = outcome(&case);
        let found = outcome
            .findings
            .iter()
            .any(|finding| finding.requirement == case.requirement && finding.end == case.end);
        let held = outcome.judge.preconditions(case.requirement, case.end);
        if !found || held == 0 {
            let found: Vec<_> = outcome
                .findings
                .iter()
                .map(|finding| (finding.requirement, finding.end))
                .collect();
            missed.push(format!(
                "{} of {:?} ({}): held {held} times, found {found:?}",
                case.requirement, case.end, case.name
            ));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn nothing_is_found_at_the_other_end() {
    for case in breaks() {
        let outcome = outcome(&case);
        let wrong = outcome
            .findings
            .iter()
            .filter(|finding| finding.graded)
            .find(|finding| finding.requirement == case.requirement && finding.end != case.end);
        assert!(
            wrong.is_none(),
            "{} ({}): {wrong:#?}",
            case.requirement,
            case.name
        );
    }
}

#[test]
fn each_history_that_comes_near_is_spared() {
    let mut accused = Vec::new();
    for case in spares() {
        let outcome = outcome(&case);
        let found = outcome
            .findings
            .iter()
            .find(|finding| finding.requirement == case.requirement && finding.end == case.end);
        if let Some(found) = found {
            accused.push(format!("{} ({}): {found}", case.requirement, case.name));
        }
    }
    assert!(accused.is_empty(), "{accused:#?}");
}

#[test]
fn each_ruled_requirement_is_broken_somewhere() {
    let broken: BTreeSet<Requirement> = breaks().iter().map(|case| case.requirement).collect();
    let unbreakable: BTreeSet<Requirement> = UNBREAKABLE.iter().copied().collect();
    let ruled = RULES
        .iter()
        .flat_map(|rule| rule.requirements.iter().copied());
    let unproven: Vec<Requirement> = ruled
        .filter(|requirement| !broken.contains(requirement) && !unbreakable.contains(requirement))
        .collect();
    assert!(unproven.is_empty(), "{unproven:?}");
    assert!(broken.is_disjoint(&unbreakable));
}

#[test]
fn each_requirement_on_histories_is_spared_somewhere() {
    let spared: BTreeSet<Requirement> = spares().iter().map(|case| case.requirement).collect();
    let from_histories = RULES
        .iter()
        .filter(|rule| matches!(rule.precondition, Precondition::History))
        .flat_map(|rule| rule.requirements.iter().copied())
        .filter(|requirement| !UNBREAKABLE.contains(requirement));
    let unproven: Vec<Requirement> = from_histories
        .filter(|requirement| !spared.contains(requirement))
        .collect();
    assert!(unproven.is_empty(), "{unproven:?}");
}

#[test]
fn what_a_script_sends_or_leaves_undone_is_not_graded() {
    for case in breaks() {
        let mut history = History::new();
        (case.history)(history.script(case.end));
        for finding in history.judged().findings {
            assert!(
                finding.end != case.end || !finding.graded,
                "{}: {finding:#?}",
                case.name
            );
        }
    }
}

#[test]
fn a_finding_tells_what_was_seen_and_what_would_have_been_right() {
    let mut history = History::new();
    history.called().say(PAC, line_errors(1)).wait(58_980);
    let finding = history.say(PAC, line_errors(2)).judged().finding(Wen003);
    assert_eq!(
        (finding.detail.seen, finding.detail.expected),
        (Some(59), Some(60))
    );
}

//! Every observable requirement has a scenario that puts it to the test, and what a capture can show has a judge.

use pptp_harness::register::register;
use pptp_harness::suite::standings;
use pptp_rules::EXCEPTIONS;
use pptp_wire::Requirement::{self, *};

/// Observable requirements that no scenario covers yet.
#[rustfmt::skip]
const UNCOVERED: &[Requirement] = &[
    Ms001, Ms002, Ms003, Ms004, Ms005, Ms006, Ms007, Ms008, Ms009, Ms010, Ms011, Ms012, Ms013, Ms014,
    Ms015,
];

#[test]
fn every_observable_requirement_is_covered() {
    let lost: Vec<&str> = standings()
        .iter()
        .filter(|standing| standing.row.observable() && standing.is_uncovered())
        .map(|standing| standing.row.requirement)
        .filter(|requirement| !UNCOVERED.contains(requirement))
        .map(Requirement::id)
        .collect();
    assert!(lost.is_empty(), "no scenario covers {lost:?}");
}

#[test]
fn what_is_covered_is_not_called_uncovered() {
    for standing in standings() {
        let requirement = standing.row.requirement;
        let named = UNCOVERED.contains(&requirement);
        assert!(!named || standing.is_uncovered(), "{requirement}");
    }
}

#[test]
fn what_can_be_seen_passively_is_judged() {
    // Needs a witness that is no message: what PPP answers.
    let witnessed = [Seq007, Seq010, Gre017, Gre019];
    for standing in standings() {
        let row = standing.row;
        let excused = EXCEPTIONS
            .iter()
            .any(|(known, _)| *known == row.requirement)
            || witnessed.contains(&row.requirement);
        let judged = standing.validated || standing.rule.is_some();
        assert!(
            judged || excused || !row.modes.contains('P'),
            "{} has mode P and no judge",
            row.requirement
        );
    }
}

#[test]
fn what_cannot_be_observed_is_neither_covered_nor_judged() {
    for standing in standings() {
        let row = standing.row;
        if !row.observable() {
            let judged = standing.validated || standing.rule.is_some();
            assert!(!judged && standing.is_uncovered(), "{}", row.requirement);
        }
    }
    assert_eq!(register().len(), standings().len());
}

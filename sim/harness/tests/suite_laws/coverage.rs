//! Every observable requirement has a scenario that puts it to the test, and what a capture can show has a judge.

use pptp_harness::register::register;
use pptp_harness::suite::{Standing, standings};
use pptp_rules::EXCEPTIONS;
use pptp_wire::Requirement::*;

/// So many requirements at most are beyond observation.
const MOST_EXCEPTIONS: usize = 25;

#[test]
fn nothing_but_exceptions_is_uncovered() {
    let (lost, excused): (Vec<Standing>, Vec<Standing>) = standings()
        .into_iter()
        .filter(Standing::is_uncovered)
        .partition(|standing| standing.row.observable());
    let lost: Vec<&str> = lost.iter().map(|it| it.row.requirement.id()).collect();
    assert!(lost.is_empty(), "no scenario covers {lost:?}");
    assert!(excused.len() <= MOST_EXCEPTIONS, "{}", excused.len());
    for standing in excused {
        assert!(standing.row.exception.is_some(), "{:?}", standing.row);
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

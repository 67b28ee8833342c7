//! What `verify` found as JUnit XML: a suite an end, a test a requirement whose precondition held.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use pptp_rules::{Grade, Grading};

use super::junit::{Kind, Totals, escape};
use crate::register::clause;
use crate::verify::nat::{NatReport, nat_human};
use crate::verify::{EndReport, Report};

/// A suite for each end of each capture, and one for the translation between them.
pub fn verified(
    reports: &[(&str, Report)],
    translation: Option<&NatReport>,
    grading: Grading,
) -> String {
    let mut totals = Totals::default();
    let mut suites = String::new();
    let mut add = |name: &str, (own, body): (Totals, String)| {
        let _ = writeln!(
            suites,
            "  <testsuite name=\"{}\" {}>\n{body}  </testsuite>",
            escape(name),
            own.attributes()
        );
        totals = totals.and(own);
    };
    for (capture, report) in reports {
        for end in &report.ends {
            let name = match reports.len() {
                1 => end.address.to_string(),
                _ => format!("{capture} {}", end.address),
            };
            add(&name, suite(end, grading));
        }
    }
    if let Some(report) = translation {
        add("translation", of_translation(report, grading));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pptp-sim verify\" {}>\n{suites}</testsuites>\n",
        totals.attributes()
    )
}

/// One test, with all that was found.
fn of_translation(report: &NatReport, grading: Grading) -> (Totals, String) {
    let mut totals = Totals::default();
    let mut body = String::new();
    let text = nat_human(report, grading, &|grade| grade.name().to_owned());
    let (kind, inside) = match report.verdict(grading) {
        Grade::Fail | Grade::Error => (
            Kind::Failure,
            format!("      <failure type=\"fail\">{}</failure>\n", escape(&text)),
        ),
        Grade::Inconclusive => (
            Kind::Skipped,
            "      <skipped message=\"inconclusive\"/>\n".to_owned(),
        ),
        _ => (
            Kind::Passed,
            format!("      <system-out>{}</system-out>\n", escape(&text)),
        ),
    };
    totals.add(kind);
    let _ = write!(
        body,
        "    <testcase name=\"Call IDs and payloads\" classname=\"translation\" time=\"0.000000000\">\n{inside}    </testcase>\n"
    );
    (totals, body)
}

fn suite(end: &EndReport, grading: Grading) -> (Totals, String) {
    let mut totals = Totals::default();
    let mut body = String::new();
    let mut judged: BTreeSet<_> = end.held.keys().copied().collect();
    judged.extend(end.groups.iter().map(|group| group.requirement));
    judged.extend(end.inconclusive.iter().filter_map(|open| open.requirement));
    for requirement in judged {
        let sentence = clause(requirement).map_or_else(String::new, |(_, sentence)| sentence);
        let _ = write!(
            body,
            "    <testcase name=\"{} {}\" classname=\"{}\" time=\"0.000000000\"",
            requirement.id(),
            escape(&sentence),
            end.address
        );
        let group = end
            .groups
            .iter()
            .find(|group| group.requirement == requirement);
        let grade = group.map(|group| grading.grade(group.severity));
        let open = end
            .inconclusive
            .iter()
            .find(|open| open.requirement == Some(requirement));
        let (kind, inside) = match (group, grade, open) {
            (Some(group), Some(Grade::Fail), _) => (
                Kind::Failure,
                format!(
                    "      <failure type=\"fail\" message=\"{}\">{}\n{} times, first in frame {}</failure>\n",
                    escape(&group.detail),
                    escape(&group.evidence),
                    group.count,
                    group.frames[0]
                ),
            ),
            (Some(group), Some(grade), _) => (
                Kind::Passed,
                format!(
                    "      <system-out>{}: {} (frame {}, {} times)</system-out>\n",
                    grade.name(),
                    escape(&group.detail),
                    group.frames[0],
                    group.count
                ),
            ),
            (_, _, Some(open)) => (
                Kind::Skipped,
                format!(
                    "      <skipped message=\"inconclusive: {}\"/>\n",
                    escape(open.reason)
                ),
            ),
            _ => (Kind::Passed, String::new()),
        };
        totals.add(kind);
        match inside.is_empty() {
            true => body.push_str("/>\n"),
            false => {
                let _ = write!(body, ">\n{inside}    </testcase>\n");
            }
        }
    }
    (totals, body)
}

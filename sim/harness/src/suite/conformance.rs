//! A conformance report: what the runs say about the system under test, requirement by requirement.

use std::collections::BTreeMap;

use pptp_rules::Grade;
use pptp_wire::Requirement;
use pptp_wire::time::Instant;

use super::baseline::run_name;
use super::family::{CaseRun, Outcome, Played};
use super::report::{SuiteReport, worse};

/// One run as evidence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EvidenceLine {
    /// The scenario's name.
    pub scenario: String,
    /// The case of its matrix.
    pub case: Option<String>,
    /// When it was certain: the end of the run where nothing was missed.
    pub at: Instant,
    /// What was seen.
    pub text: String,
    /// The message that shows it, as a transcript line.
    pub message: Option<String>,
    /// The command that repeats the run.
    pub replay: String,
}

/// What all runs together say about one requirement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RequirementVerdict {
    /// The worst grade; what is inconclusive in one run may be decided in another.
    pub grade: Grade,
    /// In how many runs it was put to the test.
    pub runs: u64,
    /// In how many of these it got that grade.
    pub times: u64,
    /// The first run with that grade.
    pub evidence: EvidenceLine,
    /// All runs that miss it are failures that the baseline knows.
    pub known: bool,
    /// The baseline knows it as missed, and no run fails it now.
    pub fixed: bool,
}

/// What the runs say about the system under test.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Conformance {
    /// Every requirement that was put to the test.
    pub requirements: BTreeMap<Requirement, RequirementVerdict>,
    /// Runs that went another way than their scenario is written for, with nothing that says it is wrong; or that the harness
    /// could not finish.
    pub unexplained: Vec<EvidenceLine>,
    /// Why runs were skipped, and how many.
    pub skipped: BTreeMap<String, u64>,
}

impl Conformance {
    /// How many requirements have which grade.
    pub fn counts(&self) -> BTreeMap<Grade, u64> {
        let mut counts = BTreeMap::new();
        for verdict in self.requirements.values() {
            *counts.entry(verdict.grade).or_insert(0) += 1;
        }
        counts
    }

    /// The requirements that are missed: those that fail, and those that are non-strict.
    pub fn missed(&self) -> Vec<Requirement> {
        let missed = self
            .requirements
            .iter()
            .filter(|(_, verdict)| matches!(verdict.grade, Grade::Fail | Grade::NonStrict));
        missed.map(|(requirement, _)| *requirement).collect()
    }

    /// The requirements, worst first.
    pub fn worst_first(&self) -> Vec<(Requirement, &RequirementVerdict)> {
        let mut order: Vec<_> = self
            .requirements
            .iter()
            .map(|(requirement, verdict)| (*requirement, verdict))
            .collect();
        order
            .sort_by_key(|(requirement, verdict)| (std::cmp::Reverse(verdict.grade), *requirement));
        order
    }
}

impl SuiteReport {
    /// What the runs say about the system under test, requirement by requirement.
    pub fn conformance(&self) -> Conformance {
        let mut report = Conformance::default();
        for family in &self.families {
            let scenario = &family.family.found.name;
            for run in &family.cases {
                match &run.outcome {
                    Outcome::Played(played) => self.take(&mut report, scenario, run, played),
                    Outcome::Skipped(reason) => {
                        *report.skipped.entry(reason.clone()).or_insert(0) += 1;
                    }
                    Outcome::Refused(text) | Outcome::Crashed(text) => {
                        let line = evidence_line(scenario, run, Instant::START, text.clone(), None);
                        report.unexplained.push(line);
                    }
                }
            }
        }
        for (requirement, verdict) in &mut report.requirements {
            verdict.fixed =
                verdict.grade < Grade::Fail && self.known_requirements.contains(requirement);
        }
        report
    }

    fn take(&self, report: &mut Conformance, scenario: &str, run: &CaseRun, played: &Played) {
        let is_known = self.known.contains(&run_name(scenario, run));
        let mut explained = false;
        for (requirement, grade) in &played.verdicts {
            explained |= matches!(grade, Grade::Fail | Grade::NonStrict);
            let evidence = || evidence(scenario, run, played, *requirement);
            let verdict =
                report
                    .requirements
                    .entry(*requirement)
                    .or_insert_with(|| RequirementVerdict {
                        grade: *grade,
                        runs: 0,
                        times: 0,
                        evidence: evidence(),
                        known: true,
                        fixed: false,
                    });
            let worst = worse(verdict.grade, *grade);
            if worst != verdict.grade {
                verdict.grade = worst;
                verdict.times = 0;
                verdict.evidence = evidence();
            }
            verdict.runs += 1;
            verdict.times += u64::from(worst == *grade);
            verdict.known &= *grade < Grade::Fail || is_known;
        }
        if let Some(failure) = &played.report.failure
            && !explained
        {
            let message = failure.nearest.first().map(|near| near.line.clone());
            let line = evidence_line(scenario, run, failure.at, failure.summary.clone(), message);
            report.unexplained.push(line);
        }
    }
}

fn evidence(
    scenario: &str,
    run: &CaseRun,
    played: &Played,
    requirement: Requirement,
) -> EvidenceLine {
    let end = played.report.virtual_time;
    match played.report.requirements.get(&requirement) {
        Some(evidence) => evidence_line(
            scenario,
            run,
            evidence.at.unwrap_or(end),
            evidence.text.clone(),
            evidence.message.clone(),
        ),
        None => {
            let decided = played.report.failure.is_none();
            let text = match decided {
                true => "put to the test and met",
                false => "the run ended before it could be decided, or it never came to the test",
            };
            evidence_line(scenario, run, end, text.to_owned(), None)
        }
    }
}

fn evidence_line(
    scenario: &str,
    run: &CaseRun,
    at: Instant,
    text: String,
    message: Option<String>,
) -> EvidenceLine {
    EvidenceLine {
        scenario: scenario.to_owned(),
        case: run.case.as_ref().map(|case| case.text.clone()),
        at,
        text,
        message,
        replay: run.replay.clone(),
    }
}

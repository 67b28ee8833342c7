//! What a run of the suite gave.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use pptp_rules::Grade;
use pptp_wire::Requirement;

use super::baseline::RunName;
use super::family::{CaseRun, Family, Outcome};
use super::find::Found;
use super::status::Status;
use crate::coverage::Coverage;
use crate::register::clause;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::render_all;

/// What became of a family.
#[derive(Clone, Debug)]
pub struct FamilyReport {
    /// The scenario file.
    pub family: Arc<Family>,
    /// Its cases, in order.
    pub cases: Vec<CaseRun>,
    /// Requirements that it says it covers although nothing in it ever puts them to the test.
    pub refused: Vec<Diagnostic>,
}

impl FamilyReport {
    /// The worst verdict of its cases; `None` where all were skipped.
    pub fn grade(&self) -> Option<Grade> {
        self.cases.iter().filter_map(CaseRun::grade).max()
    }

    /// The verdict on each requirement over all cases.
    pub fn verdicts(&self) -> BTreeMap<Requirement, Grade> {
        let mut verdicts = BTreeMap::new();
        for run in &self.cases {
            if let Outcome::Played(played) = &run.outcome {
                merge(&mut verdicts, &played.verdicts);
            }
        }
        verdicts
    }
}

/// Adds verdicts to others: the worst wins, but what is inconclusive in one place may be decided in another.
fn merge(verdicts: &mut BTreeMap<Requirement, Grade>, more: &BTreeMap<Requirement, Grade>) {
    for (requirement, grade) in more {
        let known = verdicts.entry(*requirement).or_insert(*grade);
        *known = worse(*known, *grade);
    }
}

/// The worse of two grades that one requirement got; what is inconclusive in one place may be decided in another.
pub(super) fn worse(one: Grade, other: Grade) -> Grade {
    match (one, other) {
        (Grade::Inconclusive, other) | (other, Grade::Inconclusive) => other,
        (one, other) => one.max(other),
    }
}

/// What a run of the suite gave.
#[derive(Clone, Debug, Default)]
pub struct SuiteReport {
    /// The scenario files that ran, in order.
    pub families: Vec<FamilyReport>,
    /// The files that did not, with every mistake in them.
    pub mistakes: Vec<(Found, Vec<Diagnostic>)>,
    /// Failures that the baseline knows.
    pub known: Vec<RunName>,
    /// Runs that the baseline knows as failures, and that pass now.
    pub fixed: Vec<RunName>,
    /// Requirements that the baseline knows as missed.
    pub known_requirements: BTreeSet<Requirement>,
}

/// How many runs ended how.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Scenario files.
    pub scenarios: u64,
    /// Runs that were played, or were to be.
    pub runs: u64,
    /// By verdict, mildest first.
    pub grades: BTreeMap<Grade, u64>,
    /// Runs that ended at a limit; they count as errors too.
    pub limits: u64,
    /// Runs that did not apply.
    pub skipped: u64,
}

impl SuiteReport {
    /// The exit status. Known failures do not count.
    pub fn status(&self) -> Status {
        let mut status = Status::Success;
        for family in &self.families {
            if !family.refused.is_empty() {
                status = status.and(Status::Usage);
            }
            for run in &family.cases {
                let name = super::baseline::run_name(&family.family.found.name, run);
                if !(run.status() == Status::Failure && self.known.contains(&name)) {
                    status = status.and(run.status());
                }
            }
        }
        if self.mistakes.is_empty() {
            status
        } else {
            status.and(Status::Usage)
        }
    }

    /// Whether nothing failed that is not known.
    pub fn has_passed(&self) -> bool {
        self.status() == Status::Success
    }

    /// How many runs ended how.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            scenarios: self.families.len() as u64,
            ..Counts::default()
        };
        for run in self.families.iter().flat_map(|family| &family.cases) {
            match run.grade() {
                Some(grade) => {
                    counts.runs += 1;
                    *counts.grades.entry(grade).or_default() += 1;
                }
                None => counts.skipped += 1,
            }
            counts.limits += u64::from(run.status() == Status::Limit);
        }
        counts
    }

    /// The verdict on each requirement over all scenarios.
    pub fn verdicts(&self) -> BTreeMap<Requirement, Grade> {
        let mut verdicts = BTreeMap::new();
        for family in &self.families {
            merge(&mut verdicts, &family.verdicts());
        }
        verdicts
    }

    /// Transitions of the state machines that some run took, by id.
    pub fn transitions(&self) -> BTreeSet<&'static str> {
        let runs = self.families.iter().flat_map(|family| &family.cases);
        runs.filter_map(CaseRun::report)
            .flat_map(|report| report.transitions.iter().copied())
            .collect()
    }

    /// What all runs came to.
    pub fn coverage(&self) -> Coverage {
        let runs = self.families.iter().flat_map(|family| &family.cases);
        let mut coverage = Coverage::default();
        for report in runs.filter_map(CaseRun::report) {
            coverage.merge(&Coverage::of(report));
        }
        coverage
    }

    /// For tests: nothing, unless something failed.
    ///
    /// # Panics
    /// With every failure in full, if [`SuiteReport::has_passed`] says no.
    pub fn assert_passed(&self) {
        assert!(self.has_passed(), "{self}");
    }
}

impl fmt::Display for SuiteReport {
    /// Every mistake and every failure, then one line that counts.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (_, mistakes) in &self.mistakes {
            formatter.write_str(&render_all(mistakes, false))?;
        }
        for family in &self.families {
            formatter.write_str(&render_all(&family.refused, false))?;
            for run in family.cases.iter().filter(|run| run.has_failed()) {
                let name = &family.family.found.name;
                match &run.case {
                    Some(case) => writeln!(formatter, "{name} ({})", case.text)?,
                    None => writeln!(formatter, "{name}")?,
                }
                formatter.write_str(&failure_text(run))?;
            }
        }
        writeln!(formatter, "{}", self.counts())
    }
}

impl fmt::Display for Counts {
    /// `8 scenarios, 183 runs: 180 pass, 3 fail; 2 skipped`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count: u64| if count == 1 { "" } else { "s" };
        write!(
            formatter,
            "{} scenario{}, {} run{}",
            self.scenarios,
            plural(self.scenarios),
            self.runs,
            plural(self.runs)
        )?;
        for (position, (grade, count)) in self.grades.iter().enumerate() {
            let sign = if position == 0 { ":" } else { "," };
            write!(formatter, "{sign} {count} {grade}")?;
        }
        if self.limits > 0 {
            write!(formatter, " ({} at a limit)", self.limits)?;
        }
        if self.skipped > 0 {
            write!(formatter, "; {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Why a run failed: the report of the runner, what else is missed, and the command that repeats it. Ends with a line end.
pub fn failure_text(run: &CaseRun) -> String {
    let played = match &run.outcome {
        Outcome::Played(played) => played,
        Outcome::Skipped(reason) => return format!("skipped: {reason}\n"),
        Outcome::Refused(reason) => return format!("cannot be set up: {reason}\n"),
        Outcome::Crashed(message) => {
            return format!(
                "the harness panicked: {message}\n  replay   {}\n",
                run.replay
            );
        }
    };
    let report = &played.report;
    let mut text = String::new();
    let mut told: &[Requirement] = &[];
    if let Some(failure) = &report.failure {
        text.push_str(&failure.text(&clause));
        told = &failure.requirements;
    }
    for (requirement, evidence) in &report.requirements {
        if evidence.grade < Grade::NonStrict || told.contains(requirement) {
            continue;
        }
        text.push_str(&format!("  breaks   {requirement}"));
        if let Some((section, sentence)) = clause(*requirement) {
            text.push_str(&format!(" (RFC 2637 §{section}): {sentence}"));
        }
        text.push_str(&format!("\n  seen     {}\n", evidence.text));
    }
    for problem in &report.problems {
        text.push_str(&format!("  note     {problem}\n"));
    }
    if report.failure.is_none() {
        text.push_str(&format!("  replay   {}\n", run.replay));
    }
    text
}

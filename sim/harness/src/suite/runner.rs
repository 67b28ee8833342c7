//! Running scenario files: read, checked, played by several jobs, watched in order.

use std::ops::ControlFlow;
use std::sync::Arc;

use pptp_rules::Grade;
use pptp_wire::Requirement;

use super::baseline::{Baseline, run_name};
use super::case::run_case;
use super::family::{CaseRun, Family, Outcome};
use super::find::{Found, built_in};
use super::jobs::in_order;
use super::options::{SuiteOptions, SystemUnderTest};
use super::report::{FamilyReport, SuiteReport};
use super::status::Status;
use crate::scenario::diagnostic::Diagnostic;

/// What is to be run.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Files without a mistake, each with the numbers of the cases that are to be run.
    pub families: Vec<(Arc<Family>, Vec<u64>)>,
    /// Files with mistakes.
    pub mistakes: Vec<(Found, Vec<Diagnostic>)>,
}

impl Plan {
    /// Reads and checks files. A family without a case of the name that `options` ask for is left out.
    pub fn read(found: &[Found], options: &SuiteOptions) -> Plan {
        let mut plan = Plan::default();
        in_order(
            options.jobs,
            found.len(),
            &|position| Family::load(&found[position]),
            &mut |position, family| {
                match family {
                    Ok(family) => {
                        let cases = family.selected(options);
                        if !cases.is_empty() {
                            plan.families.push((Arc::new(family), cases));
                        }
                    }
                    Err(mistakes) => plan.mistakes.push((found[position].clone(), mistakes)),
                }
                ControlFlow::Continue(())
            },
        );
        plan
    }

    /// How many runs there are.
    pub fn runs(&self) -> usize {
        self.families.iter().map(|(_, cases)| cases.len()).sum()
    }
}

/// Is shown every run as soon as those before it have been shown.
pub trait Watcher {
    /// A case has been played.
    fn case(&mut self, family: &Family, run: &CaseRun) -> ControlFlow<()>;
    /// All cases of a family have been played.
    fn family(&mut self, report: &FamilyReport) -> ControlFlow<()>;
}

/// Plays everything that is planned. What a watcher breaks off is not in the report.
pub fn run_plan(plan: Plan, options: &SuiteOptions, watcher: &mut dyn Watcher) -> SuiteReport {
    let jobs: Vec<(usize, u64)> = plan
        .families
        .iter()
        .enumerate()
        .flat_map(|(family, (_, cases))| cases.iter().map(move |case| (family, *case)))
        .collect();
    let mut report = SuiteReport {
        mistakes: plan.mistakes,
        ..SuiteReport::default()
    };
    let mut cases: Vec<CaseRun> = Vec::new();
    let families = &plan.families;
    in_order(
        options.jobs,
        jobs.len(),
        &|position| {
            let (family, case) = jobs[position];
            run_case(&families[family].0, case, options)
        },
        &mut |position, mut run| {
            let (family, _) = jobs[position];
            let (family, selected) = &families[family];
            watcher.case(family, &run)?;
            if let Outcome::Played(played) = &mut run.outcome {
                // They are as large as all else together, and have been shown.
                played.captures = Vec::new();
                played.tape = None;
            }
            cases.push(run);
            if cases.len() == selected.len() {
                let done = FamilyReport {
                    family: family.clone(),
                    refused: refused(family, &cases, options),
                    cases: std::mem::take(&mut cases),
                };
                let flow = watcher.family(&done);
                report.families.push(done);
                flow?;
            }
            ControlFlow::Continue(())
        },
    );
    report
}

/// The requirements that a family wrongly says it covers: a rule judges them, in no case was there anything to judge, and no line
/// of the family judges them either. Only a family that ran whole, as it is written, and to its end can tell.
fn refused(family: &Family, cases: &[CaseRun], options: &SuiteOptions) -> Vec<Diagnostic> {
    let whole = options.as_written()
        && options.case.is_none()
        && cases
            .iter()
            .all(|run| run.grade().is_some_and(|grade| grade < Grade::Unsupported));
    if !whole {
        return Vec::new();
    }
    let cited = family.cited();
    let never_tested = |requirement: Requirement| {
        !cited.contains(&requirement)
            && cases.iter().filter_map(CaseRun::report).all(|report| {
                report.preconditions.get(&requirement) == Some(&0)
                    && !report.requirements.contains_key(&requirement)
            })
    };
    family
        .covers
        .iter()
        .filter(|(requirement, _)| never_tested(*requirement))
        .map(|(requirement, span)| {
            Diagnostic::new(
                &family.file.sources,
                "not-covered",
                *span,
                format!("the scenario covers {requirement}, but never puts it to the test"),
                "its precondition held in no case",
            )
            .help(format!(
                "`pptp-sim explain {requirement}` says what it is about"
            ))
        })
        .collect()
}

impl SuiteReport {
    /// Holds the report against a baseline: which failures are known, and which are gone.
    pub fn compare(&mut self, baseline: &Baseline) {
        self.known_requirements = baseline.failures.values().flatten().copied().collect();
        for family in &self.families {
            let scenario = &family.family.found.name;
            for run in &family.cases {
                if baseline.knows(scenario, run) {
                    self.known.push(run_name(scenario, run));
                }
                if baseline.is_fixed(scenario, run) {
                    self.fixed.push(run_name(scenario, run));
                }
            }
        }
    }

    /// The failures of conformance as a baseline; `judged` is the system under test.
    pub fn baseline(&self, judged: Option<&str>) -> Baseline {
        let mut baseline = Baseline {
            judged: judged.map(str::to_owned),
            ..Baseline::default()
        };
        for family in &self.families {
            for run in &family.cases {
                baseline.note(&family.family.found.name, run);
            }
        }
        baseline
    }
}

struct Unwatched;

impl Watcher for Unwatched {
    fn case(&mut self, _family: &Family, _run: &CaseRun) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn family(&mut self, _report: &FamilyReport) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// Runs the conformance suite that is built in against an implementation: what another project's `cargo test` calls.
///
/// `filter` picks the scenarios whose names hold it (`""`: all, `"outgoing/"`: a topic); scenarios in which there is no place
/// for the system under test are skipped. Failures that `baseline` knows do not fail the run. Never panics: a panic of the
/// implementation is an error of that run.
pub fn run_suite(
    system_under_test: SystemUnderTest,
    filter: &str,
    baseline: Option<&Baseline>,
) -> SuiteReport {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let options = SuiteOptions {
        system_under_test: Some(system_under_test),
        jobs,
        ..SuiteOptions::default()
    };
    let found: Vec<Found> = built_in()
        .into_iter()
        .filter(|file| file.name.contains(filter))
        .collect();
    let mut report = run_plan(Plan::read(&found, &options), &options, &mut Unwatched);
    if let Some(baseline) = baseline {
        report.compare(baseline);
    }
    report
}

/// Runs files without watching.
pub fn run_files(found: &[Found], options: &SuiteOptions) -> SuiteReport {
    run_plan(Plan::read(found, options), options, &mut Unwatched)
}

/// Whether a report says that something could be judged at all.
pub fn judged_anything(report: &SuiteReport) -> bool {
    report.counts().runs > 0 || report.status() != Status::Success
}

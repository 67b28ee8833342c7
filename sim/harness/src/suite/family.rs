//! A family: a scenario file with all its cases, and what became of each.

use std::collections::{BTreeMap, BTreeSet};

use pptp_rules::Grade;
use pptp_wire::Requirement;

use super::built_in::built_in_loader;
use super::find::Found;
use super::options::{KeepTranscripts, SuiteOptions, WorldKind};
use super::status::Status;
use crate::run::{FailureKind, NodeCapture, RunReport, collect};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::load::FileLoader;
use crate::scenario::model::CaseName;
use crate::scenario::source::{SourceSpan, Sources};
use crate::scenario::{ScenarioFile, lint_file};

/// A scenario file without a mistake.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its name and place.
    pub found: Found,
    /// What it holds.
    pub file: ScenarioFile,
    /// `covers`: the requirements that it puts to the test.
    pub covers: Vec<(Requirement, SourceSpan)>,
}

/// What became of one case.
#[derive(Clone, Debug)]
pub struct CaseRun {
    /// Which case it is; `None` for a scenario without a matrix.
    pub case: Option<CaseName>,
    /// The seed.
    pub seed: u64,
    /// The world.
    pub world: WorldKind,
    /// The command that repeats the run.
    pub replay: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a case ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was played.
    Played(Box<Played>),
    /// It has no such node as was asked for: why.
    Skipped(String),
    /// It could not be set up: why.
    Refused(String),
    /// The harness panicked: what it said.
    Crashed(String),
}

/// A case that was played.
#[derive(Clone, Debug)]
pub struct Played {
    /// What it gave. The transcript is empty where it is not kept.
    pub report: RunReport,
    /// The verdict on each requirement that was put to the test.
    pub verdicts: BTreeMap<Requirement, Grade>,
    /// A capture for each node.
    pub captures: Vec<NodeCapture>,
    /// The tape as text.
    pub tape: Option<String>,
}

impl Family {
    /// Reads and checks the file of a family.
    ///
    /// # Errors
    /// Every mistake in it. A fragment is one: it means something only where it is included.
    pub fn load(found: &Found) -> Result<Family, Vec<Diagnostic>> {
        let content = if found.built_in {
            lint_file(&found.path, &built_in_loader())?
        } else {
            lint_file(&found.path, &FileLoader)?
        };
        let Some(linted) = content else {
            return Err(vec![fragment(&found.path)]);
        };
        // The requirements that are covered are those of every case.
        let covers = linted.file.case(0)?.covers;
        Ok(Family {
            found: found.clone(),
            file: linted.file,
            covers,
        })
    }

    /// The requirements that lines of the first case cite with `requirement=`: the script itself judges them.
    pub fn cited(&self) -> BTreeSet<Requirement> {
        let Ok(scenario) = self.file.case(0) else {
            return BTreeSet::new();
        };
        let mut steps = Vec::new();
        collect(&scenario.flow, &mut steps);
        let of_steps = steps.iter().filter_map(|step| step.requirement());
        let of_checks = scenario
            .finally
            .iter()
            .filter_map(|check| check.requirement);
        of_steps.chain(of_checks).collect()
    }

    /// How many cases `options` select.
    pub fn selected(&self, options: &SuiteOptions) -> Vec<u64> {
        let cases = 0..self.file.case_count();
        match &options.case {
            None => cases.collect(),
            Some(wanted) => cases
                .filter(|index| {
                    self.file
                        .case_name(*index)
                        .is_some_and(|case| case.text == *wanted)
                })
                .collect(),
        }
    }

    /// Whether the transcript of this case stands for the family: there is one case, it has a name of its own, or it is the
    /// middle one of a product, or of those of its row.
    pub fn shows(&self, case: Option<&CaseName>) -> bool {
        case.is_none_or(|case| self.file.shows(case.index))
    }

    /// Whether the transcript of this case is kept.
    pub fn keeps(&self, case: Option<&CaseName>, options: &SuiteOptions, failed: bool) -> bool {
        match options.transcripts {
            KeepTranscripts::None => false,
            KeepTranscripts::Shown => failed || options.case.is_some() || self.shows(case),
            KeepTranscripts::All => true,
        }
    }
}

fn fragment(path: &str) -> Diagnostic {
    let mut sources = Sources::default();
    sources.add(path, "".into());
    let message = format!("{path} holds a fragment, which cannot run by itself");
    Diagnostic::new(&sources, "fragment", SourceSpan::default(), message, "")
        .help("it stands in place of an `include` in a scenario")
}

impl CaseRun {
    /// The report, where it was played.
    pub fn report(&self) -> Option<&RunReport> {
        match &self.outcome {
            Outcome::Played(played) => Some(&played.report),
            _ => None,
        }
    }

    /// The worse of its two verdicts; `None` where it was skipped.
    pub fn grade(&self) -> Option<Grade> {
        match &self.outcome {
            Outcome::Played(played) => Some(played.report.grade()),
            Outcome::Skipped(_) => None,
            Outcome::Refused(_) | Outcome::Crashed(_) => Some(Grade::Error),
        }
    }

    /// The exit status that it asks for.
    pub fn status(&self) -> Status {
        let report = match &self.outcome {
            Outcome::Played(played) => &played.report,
            Outcome::Skipped(_) => return Status::Success,
            Outcome::Refused(_) => return Status::Usage,
            Outcome::Crashed(_) => return Status::Internal,
        };
        let kind = report.failure.as_ref().map(|failure| failure.kind);
        match (report.grade(), kind) {
            (Grade::Error, Some(FailureKind::Limit)) => Status::Limit,
            (Grade::Error, Some(FailureKind::Impossible | FailureKind::Tape)) => Status::Usage,
            (Grade::Error, _) => Status::Internal,
            (Grade::Fail, _) => Status::Failure,
            _ => Status::Success,
        }
    }

    /// Whether it is to be shown as a failure.
    pub fn has_failed(&self) -> bool {
        self.status() != Status::Success
    }

    /// The requirements that it misses badly enough to fail.
    pub fn failing(&self) -> Vec<Requirement> {
        let Outcome::Played(played) = &self.outcome else {
            return Vec::new();
        };
        let missed = played
            .verdicts
            .iter()
            .filter(|(_, grade)| **grade >= Grade::Fail);
        missed.map(|(requirement, _)| *requirement).collect()
    }
}

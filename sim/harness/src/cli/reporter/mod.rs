//! How a run of the suite is told: for people, as JSON Lines, as JUnit XML. Reporters make text and print nothing.

mod conformance;
mod diagram;
mod human;
mod json;
mod junit;
mod verified;

use crate::cli::args::ReportFormat;
use crate::suite::{Baseline, CaseRun, Family, FamilyReport, Plan, SuiteOptions, SuiteReport};

pub use diagram::{Diagram, diagram_of};
pub use human::Human;
pub use json::{Json, seconds};
pub use junit::Junit;
pub use verified::verified;

/// Tells how a run of the suite goes, piece by piece.
pub trait Reporter {
    /// Before the first run.
    fn begin(&mut self, _plan: &Plan, _options: &SuiteOptions) -> String {
        String::new()
    }

    /// After a run.
    fn case(&mut self, _family: &Family, _run: &CaseRun) -> String {
        String::new()
    }

    /// After the last run of a scenario file.
    fn family(&mut self, _report: &FamilyReport) -> String {
        String::new()
    }

    /// At the end.
    fn end(&mut self, report: &SuiteReport) -> String;
}

/// What reporters are told before they begin.
#[derive(Clone, Debug, Default)]
pub struct Telling {
    /// Whether transcripts are printed.
    pub transcripts: bool,
    /// Whether text for people is coloured.
    pub colour: bool,
    /// Failures that are known.
    pub baseline: Option<Baseline>,
    /// The node that is judged, if one is.
    pub judged: Option<String>,
}

impl Telling {
    fn knows(&self, scenario: &str, run: &CaseRun) -> bool {
        self.baseline
            .as_ref()
            .is_some_and(|baseline| baseline.knows(scenario, run))
    }

    fn is_fixed(&self, scenario: &str, run: &CaseRun) -> bool {
        self.baseline
            .as_ref()
            .is_some_and(|baseline| baseline.is_fixed(scenario, run))
    }
}

/// The reporter of a format.
pub fn reporter(format: ReportFormat, telling: Telling) -> Box<dyn Reporter> {
    match format {
        ReportFormat::Human => Box::new(Human::new(telling)),
        ReportFormat::Json => Box::new(Json::new(telling)),
        ReportFormat::Junit => Box::new(Junit::new(telling)),
    }
}

//! Words that several commands take.

use clap::ValueEnum;
use pptp_rules::Grading;

use crate::register::RequirementSet;
use crate::suite::WorldKind;

/// How results are printed.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum ReportFormat {
    /// For people
    Human,
    /// JSON Lines, stable and documented
    Json,
    /// JUnit XML, for continuous integration
    Junit,
}

/// How lists and messages are printed.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Human,
    /// JSON Lines, stable and documented
    Json,
}

/// The world that a scenario runs in.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum WorldChoice {
    /// The discrete-event engine in virtual time
    Event,
    /// Hosts of the turmoil crate, the second opinion; scenarios that it cannot play are skipped
    Turmoil,
}

impl WorldChoice {
    /// The word of the command line, and whether it may be left out.
    pub fn name(self) -> (&'static str, bool) {
        (self.world().name(), self == WorldChoice::Event)
    }

    /// The world of the suite.
    pub fn world(self) -> WorldKind {
        match self {
            WorldChoice::Event => WorldKind::Event,
            WorldChoice::Turmoil => WorldKind::Turmoil,
        }
    }
}

/// How hard a missed requirement is graded.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum GradingChoice {
    /// Warnings fail too
    Strict,
    /// Errors fail, warnings are non-strict, notes are information
    Default,
    /// Errors are non-strict
    Lenient,
}

impl GradingChoice {
    /// The word of the command line, and whether it may be left out.
    pub fn name(self) -> (&'static str, bool) {
        match self {
            GradingChoice::Strict => ("strict", false),
            GradingChoice::Default => ("default", true),
            GradingChoice::Lenient => ("lenient", false),
        }
    }

    /// The grading of the rules.
    pub fn grading(self) -> Grading {
        match self {
            GradingChoice::Strict => Grading::Strict,
            GradingChoice::Default => Grading::Default,
            GradingChoice::Lenient => Grading::Lenient,
        }
    }
}

/// A set of requirements.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum SetChoice {
    /// RFC 2637
    Rfc,
    /// Windows as [MS-PTPT] describes it, and not what it relaxes of RFC 2637
    Windows,
}

impl SetChoice {
    /// The word of the command line, and whether it may be left out.
    pub fn name(self) -> (&'static str, bool) {
        (self.set().name(), self == SetChoice::Rfc)
    }

    /// The set of the register.
    pub fn set(self) -> RequirementSet {
        match self {
            SetChoice::Rfc => RequirementSet::Rfc,
            SetChoice::Windows => RequirementSet::Windows,
        }
    }
}

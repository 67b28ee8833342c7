//! Grades: what a finding counts for.

use core::fmt;
use pptp_wire::Severity;

/// A verdict, worst last: of several, the worst wins.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub enum Grade {
    /// Nothing was wrong.
    Pass,
    /// Legal, and worth knowing.
    Info,
    /// Against a recommendation, or a deviation that most of the field shares.
    NonStrict,
    /// What was judged does not offer what the judgement needs.
    Unsupported,
    /// What was seen does not decide it.
    Inconclusive,
    /// A requirement is broken.
    Fail,
    /// The harness itself went wrong.
    Error,
}

impl Grade {
    /// Every grade, worst last.
    pub const ALL: [Grade; 7] = [
        Self::Pass,
        Self::Info,
        Self::NonStrict,
        Self::Unsupported,
        Self::Inconclusive,
        Self::Fail,
        Self::Error,
    ];

    /// The name as verdicts show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Info => "info",
            Self::NonStrict => "non-strict",
            Self::Unsupported => "unsupported",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// How severities become grades.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug, Default)]
pub enum Grading {
    /// A warning fails, a note is non-strict.
    Strict,
    /// An error fails, a warning is non-strict, a note is information.
    #[default]
    Default,
    /// An error is non-strict, a warning is information.
    Lenient,
}

impl Grading {
    /// The grade of a finding of this severity. A row of a profile set counts as a recommendation: it is judged only where its set
    /// is chosen.
    pub const fn grade(self, severity: Severity) -> Grade {
        match (self, severity) {
            (Self::Strict, Severity::Error | Severity::Warning | Severity::Profile)
            | (Self::Default, Severity::Error) => Grade::Fail,
            (Self::Strict, Severity::Note)
            | (Self::Default, Severity::Warning | Severity::Profile)
            | (Self::Lenient, Severity::Error) => Grade::NonStrict,
            (Self::Default, Severity::Note)
            | (Self::Lenient, Severity::Warning | Severity::Note | Severity::Profile) => {
                Grade::Info
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_grade_is_the_greatest() {
        assert!(Grade::ALL.is_sorted());
        assert_eq!(Grade::NonStrict.to_string(), "non-strict");
    }

    #[test]
    fn grading_shifts_by_one_step() {
        let severities = [Severity::Error, Severity::Warning, Severity::Note];
        assert_eq!(
            severities.map(|severity| Grading::Default.grade(severity)),
            [Grade::Fail, Grade::NonStrict, Grade::Info]
        );
        assert_eq!(
            severities.map(|severity| Grading::Strict.grade(severity)),
            [Grade::Fail, Grade::Fail, Grade::NonStrict]
        );
        assert_eq!(
            severities.map(|severity| Grading::Lenient.grade(severity)),
            [Grade::NonStrict, Grade::Info, Grade::Info]
        );
    }
}

//! Kinds of failures, and the exit statuses that they ask for.

use crate::run::FailureKind;
use crate::suite::Status;

/// What kind of failure it is.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum ClassKind {
    /// The reference model, or the contract of the node seam, was broken: something that can never be right.
    Safety,
    /// A requirement or an expectation of the script was missed.
    Conformance,
    /// It never came to its end, or to rest: a limit was reached, or something is left that will never be done with.
    Liveness,
    /// The scenario asks for what cannot be done.
    Scenario,
    /// The harness itself went wrong.
    Harness,
}

impl ClassKind {
    const ALL: [ClassKind; 5] = [
        ClassKind::Safety,
        ClassKind::Conformance,
        ClassKind::Liveness,
        ClassKind::Scenario,
        ClassKind::Harness,
    ];

    /// `safety`, `conformance`, `liveness`, `scenario` or `harness`.
    pub const fn name(self) -> &'static str {
        match self {
            ClassKind::Safety => "safety",
            ClassKind::Conformance => "conformance",
            ClassKind::Liveness => "liveness",
            ClassKind::Scenario => "scenario",
            ClassKind::Harness => "harness",
        }
    }

    /// The kind that a class begins with, as [`class_of`](super::class_of) writes it.
    pub fn of(class: &str) -> Option<ClassKind> {
        let word = class.split(' ').next()?;
        Self::ALL.into_iter().find(|kind| kind.name() == word)
    }

    /// The exit status that a failure of this class asks for, as its run alone would end with it.
    pub fn status_of(class: &str) -> Status {
        match Self::of(class) {
            Some(ClassKind::Safety | ClassKind::Conformance) => Status::Failure,
            Some(ClassKind::Liveness) if class.split(' ').any(|word| word == LIMIT) => {
                Status::Limit
            }
            Some(ClassKind::Liveness) => Status::Failure,
            Some(ClassKind::Scenario) => Status::Usage,
            Some(ClassKind::Harness) | None => Status::Internal,
        }
    }
}

/// The word for a limit that was reached.
const LIMIT: &str = FailureKind::Limit.name();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_begins_with_its_kind() {
        for kind in ClassKind::ALL {
            assert_eq!(
                ClassKind::of(&format!("{} CDN-003", kind.name())),
                Some(kind)
            );
        }
        assert_eq!(ClassKind::of("weather CDN-003"), None);
    }

    #[test]
    fn the_status_of_a_class_is_that_of_its_runs() {
        for (class, status) in [
            ("safety reference model", Status::Failure),
            ("conformance CDN-003", Status::Failure),
            ("liveness half-open not-settled", Status::Failure),
            ("liveness limit a.kdl:3:1", Status::Limit),
            ("scenario a reason", Status::Usage),
            ("harness a panic", Status::Internal),
            ("weather", Status::Internal),
        ] {
            assert_eq!(ClassKind::status_of(class), status, "{class}");
        }
    }
}

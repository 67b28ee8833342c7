//! Classes of failures: what failed, as far as two failures of one cause have in common.

use pptp_rules::Grade;

use crate::run::{Failure, FailureKind, RunReport};
use crate::suite::{CaseRun, Outcome, Status};

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

    /// The kind that a class begins with, as [`class_of`] writes it.
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

/// The class of a run's failure: its kind, the requirements or what else was broken, the place of the line that was waited for, and the
/// last states of the nodes. `None` where it did not fail.
pub fn class_of(run: &CaseRun) -> Option<String> {
    let (kind, what) = match &run.outcome {
        Outcome::Played(_) if !run.has_failed() => return None,
        Outcome::Played(played) => played_class(run, &played.report),
        Outcome::Skipped(reason) | Outcome::Refused(reason) => {
            (ClassKind::Scenario, vec![reason.clone()])
        }
        Outcome::Crashed(panic) => (ClassKind::Harness, vec![panic.clone()]),
    };
    let mut class = kind.name().to_owned();
    for part in what {
        class.push(' ');
        class.push_str(&part);
    }
    Some(class)
}

fn played_class(run: &CaseRun, report: &RunReport) -> (ClassKind, Vec<String>) {
    let mut what = Vec::new();
    let kind = match (run.status(), report.failure.as_ref()) {
        _ if !report.problems.is_empty() && report.grade() >= Grade::Fail => {
            // Numbers in it differ from seed to seed.
            what.push(without_numbers(&report.problems[0]));
            ClassKind::Safety
        }
        (Status::Limit, _) => ClassKind::Liveness,
        (Status::Usage, _) => ClassKind::Scenario,
        (Status::Internal, _) => ClassKind::Harness,
        (_, Some(failure)) if is_of_liveness(failure) => {
            what.extend(stuck(&failure.circumstances));
            ClassKind::Liveness
        }
        _ => ClassKind::Conformance,
    };
    let mut missed: Vec<&str> = run.failing().iter().map(|id| id.id()).collect();
    if let Some(failure) = &report.failure {
        missed.extend(failure.requirements.iter().map(|id| id.id()));
    }
    missed.sort_unstable();
    missed.dedup();
    what.extend(missed.into_iter().map(str::to_owned));
    if let Some(failure) = &report.failure {
        what.push(failure_word(failure.kind).to_owned());
        what.extend(failure.expected.first().map(|(_, place)| place.to_string()));
    }
    let states = report.last_states.iter();
    what.extend(states.map(|(node, state)| format!("{node}={state}")));
    (kind, what)
}

fn is_of_liveness(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::NotAtRest | FailureKind::NotSettled
    )
}

/// What is stuck: the first words of what is told of each, such as `half-open`.
fn stuck(circumstances: &[String]) -> Vec<String> {
    let firsts = circumstances.iter().filter_map(|it| it.split_once(": "));
    let mut words: Vec<String> = firsts.map(|(first, _)| without_numbers(first)).collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn failure_word(kind: FailureKind) -> &'static str {
    kind.name()
}

/// Every run of digits becomes one `#`.
fn without_numbers(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            letter if !letter.is_ascii_digit() => plain.push(letter),
            _ if plain.ends_with('#') => {}
            _ => plain.push('#'),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_do_not_make_a_class() {
        assert_eq!(
            without_numbers("reference model: data 41 of call 7 twice"),
            "reference model: data # of call # twice"
        );
    }

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

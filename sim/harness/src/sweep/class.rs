//! Classes of failures: what failed, as far as two failures of one cause have in common.

use std::fmt;

use pptp_rules::Grade;
use pptp_wire::Requirement;
use pptp_wire::time::Instant;

use super::kind::ClassKind;
use crate::run::{Failure, FailureKind, RunReport};
use crate::suite::{CaseRun, Outcome, Status};

/// What failed, as far as two failures of one cause have in common.
///
/// Its text ([`fmt::Display`]) tells classes of a sweep apart: the kind, what was broken beside the script, the requirements that were
/// missed, the kind of the failure and the place of the line that was waited for, and the last states of the nodes.
/// [`FailureClass::same_failure`] is what remains the same when a scenario is rewritten: no places, no states.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FailureClass {
    /// What kind of failure it is.
    pub kind: ClassKind,
    /// What was broken beside the script, or why there was no run; every number in it is a `#`. `None` for findings and missed lines.
    pub problem: Option<String>,
    /// What is left that will never be done with, where the run did not come to rest: `half-open`.
    pub stuck: Vec<String>,
    /// Every requirement that was missed, by a finding or a line, in the order of their ids.
    pub requirements: Vec<Requirement>,
    /// Those of them that rules found missed, whatever the script says; the earliest finding first.
    pub findings: Vec<Requirement>,
    /// The line that was missed, or the limit that was reached, where the run ended so.
    pub missed: Option<MissedLine>,
    /// The state that each node told of last.
    pub states: Vec<(String, &'static str)>,
}

/// How the script itself failed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MissedLine {
    /// In which way.
    pub kind: FailureKind,
    /// Where the line stands, as the text of the class shows it.
    pub place: Option<String>,
    /// What the failure is about, without what changes when a scenario is rewritten: of a line the nodes, the message and what it asks
    /// for, but not the values; of a message that nothing expects, its name, and what was waited for; of a limit, which.
    pub subject: String,
    /// The requirements that the line misses.
    pub requirements: Vec<Requirement>,
}

impl FailureClass {
    /// The class of a run's failure; `None` where it did not fail.
    pub fn of(run: &CaseRun) -> Option<FailureClass> {
        let without_run = |kind, problem: &str| FailureClass {
            kind,
            problem: Some(without_numbers(problem)),
            stuck: Vec::new(),
            requirements: Vec::new(),
            findings: Vec::new(),
            missed: None,
            states: Vec::new(),
        };
        match &run.outcome {
            Outcome::Played(_) if !run.has_failed() => None,
            Outcome::Played(played) => Some(played_class(run, &played.report)),
            Outcome::Skipped(reason) | Outcome::Refused(reason) => {
                Some(without_run(ClassKind::Scenario, reason))
            }
            Outcome::Crashed(panic) => Some(without_run(ClassKind::Harness, panic)),
        }
    }

    /// Whether another run fails for the same reason, as far as can be told when its scenario is this one's made smaller.
    ///
    /// The kinds are equal, and so is what was broken:
    /// * where something beside the script was broken (a panic, the reference model, the contract of the node seam), that, in the same
    ///   words but for numbers;
    /// * where rules found requirements missed, the other run misses the one that was found missed first, and none that was not missed
    ///   here: what only followed may go. A line that the other run misses was missed here too;
    /// * else the line: the same way of missing it, the same subject, the same requirements; and what is stuck, where something is, is
    ///   some of what was stuck here.
    ///
    /// Places in files, last states, times and numbers count for nothing.
    pub fn same_failure(&self, other: &FailureClass) -> bool {
        if self.kind != other.kind || self.problem != other.problem {
            return false;
        }
        if self.problem.is_some() {
            return true;
        }
        let line = |class: &FailureClass| {
            let missed = class.missed.as_ref()?;
            Some((
                missed.kind,
                missed.subject.clone(),
                missed.requirements.clone(),
            ))
        };
        match self.findings.first() {
            Some(first) => {
                other.findings.contains(first)
                    && other
                        .requirements
                        .iter()
                        .all(|it| self.requirements.contains(it))
                    && (other.missed.is_none() || line(self) == line(other))
            }
            None => {
                let stuck = other.stuck.iter().all(|it| self.stuck.contains(it))
                    && other.stuck.is_empty() == self.stuck.is_empty();
                other.findings.is_empty() && line(self) == line(other) && stuck
            }
        }
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.kind.name())?;
        for what in self.problem.iter().chain(&self.stuck) {
            write!(formatter, " {what}")?;
        }
        for requirement in &self.requirements {
            write!(formatter, " {}", requirement.id())?;
        }
        if let Some(missed) = &self.missed {
            write!(formatter, " {}", missed.kind.name())?;
            if let Some(place) = &missed.place {
                write!(formatter, " {place}")?;
            }
        }
        for (node, state) in &self.states {
            write!(formatter, " {node}={state}")?;
        }
        Ok(())
    }
}

/// The text of the class of a run's failure. `None` where it did not fail.
pub fn class_of(run: &CaseRun) -> Option<String> {
    FailureClass::of(run).map(|class| class.to_string())
}

fn played_class(run: &CaseRun, report: &RunReport) -> FailureClass {
    let (mut problem, mut left) = (None, Vec::new());
    let kind = match (run.status(), report.failure.as_ref()) {
        _ if !report.problems.is_empty() && report.grade() >= Grade::Fail => {
            // Numbers in it differ from seed to seed.
            problem = Some(without_numbers(&report.problems[0]));
            ClassKind::Safety
        }
        (Status::Limit, _) => ClassKind::Liveness,
        (Status::Usage, _) => ClassKind::Scenario,
        (Status::Internal, _) => ClassKind::Harness,
        (_, Some(failure)) if is_of_liveness(failure) => {
            left = stuck(&failure.circumstances);
            ClassKind::Liveness
        }
        _ => ClassKind::Conformance,
    };
    let mut requirements = run.failing();
    if let Some(failure) = &report.failure {
        requirements.extend(&failure.requirements);
    }
    let missed = report.failure.as_ref().map(|failure| MissedLine {
        kind: failure.kind,
        place: failure.expected.first().map(|(_, place)| place.to_string()),
        subject: subject(failure),
        requirements: in_order_of_ids(failure.requirements.clone()),
    });
    FailureClass {
        kind,
        problem,
        stuck: left,
        requirements: in_order_of_ids(requirements),
        findings: findings(run, report),
        missed,
        states: report.last_states.clone(),
    }
}

fn in_order_of_ids(mut requirements: Vec<Requirement>) -> Vec<Requirement> {
    requirements.sort_unstable_by_key(|requirement| requirement.id());
    requirements.dedup();
    requirements
}

/// The requirements that are missed by more than the line that failed, the earliest first.
fn findings(run: &CaseRun, report: &RunReport) -> Vec<Requirement> {
    let of_line = report
        .failure
        .as_ref()
        .map(|failure| format!("{}: {}", failure.at, failure.summary));
    let mut found: Vec<(Instant, Requirement)> = Vec::new();
    for requirement in run.failing() {
        let evidence = report.requirements.get(&requirement);
        if evidence.is_some_and(|evidence| Some(&evidence.text) != of_line.as_ref()) {
            let at = evidence.and_then(|evidence| evidence.at);
            found.push((at.unwrap_or(Instant::NEVER), requirement));
        }
    }
    found.sort_unstable_by_key(|(at, requirement)| (*at, requirement.id()));
    found
        .into_iter()
        .map(|(_, requirement)| requirement)
        .collect()
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

/// What a failure of the script is about.
fn subject(failure: &Failure) -> String {
    let line = match (
        failure.kind,
        failure.expected.first(),
        failure.nearest.first(),
    ) {
        (FailureKind::Limit | FailureKind::Tape | FailureKind::Unsupported, ..) => {
            return without_numbers(&failure.summary);
        }
        (FailureKind::Unexpected, None, Some(near)) => return bare_line(&near.line),
        (FailureKind::Unexpected, Some((line, _)), Some(near)) => {
            return format!("{} instead of {}", bare_line(&near.line), bare_line(line));
        }
        (_, Some((line, _)), _) => bare_line(line),
        (FailureKind::Ending, None, Some(near)) => bare_line(&near.line),
        (_, None, _) => String::new(),
    };
    match failure.kind {
        FailureKind::Impossible => format!("{line}: {}", without_numbers(&failure.summary)),
        _ => line,
    }
}

/// A line without its time, its values and its remarks: its words, and, where it is no message line, the keys of what it asks for.
fn bare_line(line: &str) -> String {
    const OF_THE_LINE: &[&str] = &["after", "call", "connection", "requirement", "within"];
    let line = line.split("//").next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    let is_message = words.iter().any(|word| matches!(*word, "->" | "~>"));
    let mut bare = Vec::new();
    for word in words {
        match word.split_once('=') {
            None if word.starts_with(|letter: char| letter.is_ascii_digit()) => {}
            None => bare.push(word.trim_end_matches('{')),
            Some(("until", _)) => bare.push(word),
            Some((key, _)) if !is_message && !OF_THE_LINE.contains(&key) => bare.push(key),
            Some(_) => {}
        }
    }
    bare.retain(|word| !word.is_empty());
    bare.join(" ")
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

    fn missing(line: &str) -> FailureClass {
        FailureClass {
            kind: ClassKind::Conformance,
            problem: None,
            stuck: Vec::new(),
            requirements: Vec::new(),
            findings: Vec::new(),
            missed: Some(MissedLine {
                kind: FailureKind::Missing,
                place: Some("a.kdl:3:5".to_owned()),
                subject: bare_line(line),
                requirements: Vec::new(),
            }),
            states: vec![("pac".to_owned(), "established")],
        }
    }

    #[test]
    fn places_states_and_values_do_not_make_another_failure() {
        let one = missing("pac -> pns Call-Disconnect-Notify call=c1 result-code=4 within=\"1s\"");
        let mut other = missing("pac -> pns Call-Disconnect-Notify");
        other.states.clear();
        if let Some(missed) = &mut other.missed {
            missed.place = Some("b.kdl:9:9".to_owned());
        }
        assert!(one.same_failure(&other) && other.same_failure(&one));
        assert!(!one.same_failure(&missing("pns -> pac Call-Disconnect-Notify")));
        let idle = missing("wait until=data-idle call=c1");
        assert!(idle.same_failure(&missing("wait until=data-idle within=\"1s\"")));
        assert!(!idle.same_failure(&missing("wait until=rest")));
        let state = missing("expect pns call=c1 state=idle");
        assert!(state.same_failure(&missing("expect pns state=established within=\"1s\"")));
        assert!(!state.same_failure(&missing("expect pns window=3")));
        let unexpected = MissedLine {
            kind: FailureKind::Unexpected,
            ..one.missed.clone().expect("a line")
        };
        let unexpected = FailureClass {
            missed: Some(unexpected),
            ..one.clone()
        };
        assert!(!one.same_failure(&unexpected));
    }

    #[test]
    fn a_finding_stays_and_what_followed_from_it_may_go() {
        let found = |findings: &[Requirement], cited: &[Requirement]| {
            let all = findings.iter().chain(cited).copied().collect();
            FailureClass {
                requirements: in_order_of_ids(all),
                findings: findings.to_vec(),
                missed: None,
                ..missing("")
            }
        };
        let (first, second, third) = (
            Requirement::Ack001,
            Requirement::Seq002,
            Requirement::Cdn003,
        );
        let both = found(&[first, second], &[]);
        assert!(both.same_failure(&both) && both.same_failure(&found(&[first], &[])));
        assert!(!both.same_failure(&found(&[second], &[])));
        assert!(!both.same_failure(&found(&[first, third], &[])));
        assert!(!both.same_failure(&missing("pac -> pns GRE")));
        let and_a_line = FailureClass {
            missed: missing("pac -> pns GRE").missed,
            ..both.clone()
        };
        assert!(and_a_line.same_failure(&both) && !both.same_failure(&and_a_line));
    }

    #[test]
    fn panics_and_what_is_stuck_make_a_failure() {
        let crashed = |problem: &str| FailureClass {
            kind: ClassKind::Harness,
            problem: Some(without_numbers(problem)),
            missed: None,
            ..missing("")
        };
        assert!(crashed("at 41").same_failure(&crashed("at 7")));
        assert!(!crashed("at 41").same_failure(&crashed("in 41")));
        let stuck = |words: &[&str]| FailureClass {
            kind: ClassKind::Liveness,
            stuck: words.iter().map(|word| (*word).to_owned()).collect(),
            ..missing("settled")
        };
        let both = stuck(&["half-open", "window"]);
        assert!(both.same_failure(&stuck(&["window"])));
        assert!(!both.same_failure(&stuck(&[])) && !both.same_failure(&stuck(&["timer"])));
        assert!(!stuck(&["window"]).same_failure(&missing("settled")));
    }
}

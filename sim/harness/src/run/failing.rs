//! Making a failure out of what is known when it happens.

use pptp_rules::Grade;
use pptp_wire::Requirement;
use pptp_wire::time::Instant;
use pptp_world::{CommandError, NodeId, Stage};

use super::driver::Driver;
use super::failure::{Failure, FailureKind, NearMiss};
use super::matcher::{Difference, FoldPlace, node_id};
use super::message::Seen;
use super::near::last_of;
use super::verdict::Evidence;
use crate::scenario::model::{Branch, ExpectLine, MessageLine, Silence, Step, StepKind};
use crate::scenario::source::SourceSpan;

impl<'s, S: Stage> Driver<'s, S> {
    fn fail(&mut self, kind: FailureKind, summary: String, grade: Grade) -> &mut Failure {
        let failure = Failure {
            kind,
            at: self.now(),
            summary,
            expected: Vec::new(),
            nearest: Vec::new(),
            circumstances: Vec::new(),
            requirements: Vec::new(),
            replay: self.options.replay.clone(),
        };
        match kind {
            FailureKind::Ending | FailureKind::NotSettled => self.judgement.ending(grade),
            _ => self.judgement.behaviour(grade),
        }
        self.failure.get_or_insert(failure)
    }

    /// Names the requirements that a failure misses, each graded by its severity.
    fn blame(&mut self, requirements: impl IntoIterator<Item = Requirement>) {
        self.blame_as(requirements, None);
    }

    /// The same, all graded alike where a grade is given.
    fn blame_as(
        &mut self,
        requirements: impl IntoIterator<Item = Requirement>,
        grade: Option<Grade>,
    ) {
        let Some(mut failure) = self.failure.take() else {
            return;
        };
        for requirement in requirements {
            if !failure.requirements.contains(&requirement) {
                failure.requirements.push(requirement);
                let evidence = Evidence {
                    grade: grade.unwrap_or_else(|| self.grade_of(Some(requirement))),
                    text: format!("{}: {}", failure.at, failure.summary),
                    at: Some(failure.at),
                    message: failure.nearest.first().map(|near| near.line.clone()),
                };
                self.judgement.requirement(requirement, evidence);
            }
        }
        self.failure = Some(failure);
    }

    fn expected_at(&self, step: &Step) -> (String, crate::scenario::source::Location) {
        (step.line.clone(), self.location(step.span))
    }

    fn location(&self, span: SourceSpan) -> crate::scenario::source::Location {
        self.sources.location(span)
    }

    /// A line's message did not come, or came wrong (`seen`).
    pub fn fail_line(
        &mut self,
        step: &'s Step,
        line: &'s MessageLine,
        since: Instant,
        seen: Option<&Seen>,
    ) {
        if self.has_failed() {
            return;
        }
        let (kind, summary) = match seen {
            Some(_) => (
                FailureKind::Different,
                "a message differs from what the scenario expects".to_owned(),
            ),
            None if line.sends => (
                FailureKind::Impossible,
                "the script could not send this message".to_owned(),
            ),
            None => (
                FailureKind::Missing,
                "the expected message did not come in time".to_owned(),
            ),
        };
        let mut nearest = match seen {
            Some(seen) => vec![self.near_miss(line, seen, last_of(line))],
            None => self.nearest(&[line], since),
        };
        if let Some(after) = line.after
            && let (Some(seen), Some(near)) = (seen, nearest.first_mut())
            && near.differences.is_empty()
        {
            let waited = seen.at.since(since);
            near.differences.push(Difference {
                key: "time".to_owned(),
                expected: format!("not before {after}"),
                seen: waited.to_string(),
                requirement: None,
            });
        }
        let is_early = nearest
            .first()
            .is_some_and(|near| near.differences.first().is_some_and(|it| it.key == "time"));
        let expected = vec![self.expected_at(step)];
        let circumstances = self.circumstances();
        let cited = match seen {
            Some(seen) => self.cited(&[step], &nearest[0].differences, seen),
            None => self.cited_as_missing(&[line], &nearest),
        };
        let is_early = seen.is_some() && is_early && self.options.system_under_test.is_some();
        let grade = match (line.sends, is_early) {
            (true, _) => Grade::Error,
            // The RFC bounds how long an end waits; that it waits for less is worth a note (AMB-21, AMB-31).
            (false, true) => Grade::Info,
            (false, false) => self.script_grade(line.requirement, &cited),
        };
        let failure = self.fail(kind, summary, grade);
        failure.expected = expected;
        failure.nearest = nearest;
        failure.circumstances = circumstances;
        self.blame_as(cited, is_early.then_some(Grade::Info));
    }

    /// A control message or TCP event that no step takes.
    pub fn fail_unexpected(&mut self, seen: &Seen, expected: &[&'s Step]) {
        if self.has_failed() {
            return;
        }
        let lines: Vec<&MessageLine> = expected
            .iter()
            .filter_map(|step| message_line(step))
            .collect();
        let mut best: Option<Vec<Difference>> = None;
        for line in &lines {
            let found = self.named_differences(line, seen, FoldPlace::Single);
            if best.as_ref().is_none_or(|known| found.len() < known.len()) {
                best = Some(found);
            }
        }
        let nearest = NearMiss {
            line: self.entry_line(seen.entry),
            differences: best.unwrap_or_default(),
            fate: None,
        };
        let places = expected
            .iter()
            .filter(|step| !matches!(step.kind, StepKind::Any { .. }))
            .map(|step| self.expected_at(step))
            .collect();
        let circumstances = self.circumstances();
        let cited = self.cited(expected, &nearest.differences, seen);
        // The worst that the lines which now cannot be met would give; a line without a requirement must be met.
        let grade = expected
            .iter()
            .filter(|step| message_line(step).is_some() || step.requirement().is_some())
            .map(|step| self.script_grade(step.requirement(), &cited))
            .max()
            .unwrap_or_else(|| self.script_grade(None, &cited));
        let (kind, summary) = if self.ending {
            (
                FailureKind::Ending,
                "a message came after the flow had ended",
            )
        } else {
            (
                FailureKind::Unexpected,
                "a message came that the scenario does not expect here",
            )
        };
        let failure = self.fail(kind, summary.to_owned(), grade);
        failure.expected = places;
        failure.nearest = vec![nearest];
        failure.circumstances = circumstances;
        self.blame(cited);
    }

    /// None of the branches came.
    pub fn fail_any(
        &mut self,
        step: &'s Step,
        branches: &'s [Branch],
        since: Instant,
        requirement: Option<Requirement>,
    ) {
        if self.has_failed() {
            return;
        }
        let firsts: Vec<&'s Step> = branches
            .iter()
            .filter_map(|branch| branch.steps.first())
            .collect();
        let lines: Vec<&MessageLine> = firsts
            .iter()
            .filter_map(|step| message_line(step))
            .collect();
        let nearest = self.nearest(&lines, since);
        let mut expected = vec![self.expected_at(step)];
        expected.extend(firsts.iter().map(|step| self.expected_at(step)));
        let circumstances = self.circumstances();
        let mut cited = self.cited_as_missing(&lines, &nearest);
        if lines.iter().any(|line| self.is_judged(node_id(line.from))) {
            cited.extend(requirement.filter(|it| self.binds(*it)));
        }
        let grade = self.script_grade(requirement, &cited);
        let failure = self.fail(
            FailureKind::Missing,
            "none of the branches came in time".to_owned(),
            grade,
        );
        failure.expected = expected;
        failure.nearest = nearest;
        failure.circumstances = circumstances;
        self.blame(cited);
    }

    /// A state or value did not hold.
    pub fn fail_expect(&mut self, step: &'s Step, expect: &'s ExpectLine, since: Instant) {
        if self.has_failed() {
            return;
        }
        let found = self.expect_differences(expect, since);
        let who = self.scenario.node(expect.node).name.clone();
        let near = NearMiss {
            line: format!("{who} at {}", self.now()),
            differences: found,
            fate: None,
        };
        let expected = vec![self.expected_at(step)];
        let circumstances = self.circumstances();
        let cited = self.cited_of(node_id(expect.node), expect.requirement);
        let grade = self.script_grade(expect.requirement, &cited);
        let failure = self.fail(
            FailureKind::State,
            "a node is not in the state that the scenario expects".to_owned(),
            grade,
        );
        failure.expected = expected;
        failure.nearest = vec![near];
        failure.circumstances = circumstances;
        self.blame(cited);
    }

    /// Data did not come to rest.
    pub fn fail_not_idle(&mut self, step: &'s Step, requirement: Option<Requirement>) {
        let mut circumstances = self.circumstances();
        circumstances.push(
            "data is still to be sent, under way, or not acknowledged though it arrived".to_owned(),
        );
        let summary = "user data did not come to rest in time";
        self.fail_wait(
            step,
            requirement,
            (FailureKind::Missing, summary),
            circumstances,
        );
    }

    /// Not everything came to rest.
    pub fn fail_not_at_rest(&mut self, step: &'s Step, requirement: Option<Requirement>) {
        let mut circumstances = self.unrest();
        circumstances.extend(self.circumstances());
        let summary = "not everything came to rest in time";
        self.fail_wait(
            step,
            requirement,
            (FailureKind::NotAtRest, summary),
            circumstances,
        );
    }

    /// What a `wait` waited for did not come to be.
    fn fail_wait(
        &mut self,
        step: &'s Step,
        requirement: Option<Requirement>,
        (kind, summary): (FailureKind, &str),
        circumstances: Vec<String>,
    ) {
        let expected = vec![self.expected_at(step)];
        let cited: Vec<Requirement> = requirement
            .filter(|it| self.binds(*it))
            .into_iter()
            .collect();
        let grade = self.script_grade(requirement, &cited);
        let failure = self.fail(kind, summary.to_owned(), grade);
        failure.expected = expected;
        failure.circumstances = circumstances;
        self.blame(cited);
    }

    /// Something at an end will never be done with.
    pub fn fail_settled(&mut self, line: &str, span: SourceSpan, what: Vec<String>) {
        let expected = vec![(line.to_owned(), self.location(span))];
        let grade = self.script_grade(None, &[]);
        let first = !self.has_failed();
        let summary = "something is left that will never be done with".to_owned();
        let failure = self.fail(FailureKind::NotSettled, summary, grade);
        if first {
            failure.expected = expected;
        }
        failure.circumstances.extend(what);
    }

    /// Whether a message breaks a silence; if it does, the run fails.
    pub fn check_silence(&mut self, step: &'s Step, silence: &'s Silence, seen: &Seen) {
        if self.has_failed() || !self.packet_fits(&silence.packets, seen) {
            return;
        }
        let near = NearMiss {
            line: self.entry_line(seen.entry),
            differences: Vec::new(),
            fate: None,
        };
        let expected = vec![self.expected_at(step)];
        let cited = self.cited_of(seen.from, silence.requirement);
        let grade = self.script_grade(silence.requirement, &cited);
        let failure = self.fail(
            FailureKind::NotSilent,
            "a packet was sent where the scenario wants silence".to_owned(),
            grade,
        );
        failure.expected = expected;
        failure.nearest = vec![near];
        self.blame(cited);
    }

    /// A node's state forbids what the script asks of it.
    pub fn fail_command(&mut self, step: &'s Step, node: NodeId, error: &CommandError) {
        let who = self.log.names().of(node).to_owned();
        let expected = vec![self.expected_at(step)];
        let circumstances = self.circumstances();
        let grade = self.script_grade(None, &[]);
        let failure = self.fail(
            FailureKind::Impossible,
            format!("{who} cannot do this: {error}"),
            grade,
        );
        failure.expected = expected;
        failure.circumstances = circumstances;
    }

    /// A line asks for a message that cannot be built.
    pub fn fail_build(&mut self, step: &'s Step, why: &str) {
        let expected = vec![self.expected_at(step)];
        let failure = self.fail(
            FailureKind::Impossible,
            format!("this message cannot be sent: {why}"),
            Grade::Error,
        );
        failure.expected = expected;
    }

    /// The node does not offer what the step asks of it: the line is unsupported, not failed.
    pub fn unsupported(&mut self, step: &'s Step, node: NodeId) {
        let who = self.log.names().of(node).to_owned();
        let expected = vec![self.expected_at(step)];
        let failure = self.fail(
            FailureKind::Unsupported,
            format!("{who} does not offer what this step asks for"),
            Grade::Unsupported,
        );
        failure.expected = expected;
    }

    /// The world reached a limit.
    pub fn fail_limit(&mut self, which: &str, expected: &[&'s Step]) {
        if self.has_failed() {
            return;
        }
        let places = expected.iter().map(|step| self.expected_at(step)).collect();
        let failure = self.fail(
            FailureKind::Limit,
            format!("the run reached its limit of {which}"),
            Grade::Error,
        );
        failure.expected = places;
    }

    /// The tape that is played does not fit what happens.
    pub fn fail_tape(&mut self) {
        if !self.has_failed() {
            self.fail(
                FailureKind::Tape,
                "the tape does not fit this run: it was made by another scenario or version"
                    .to_owned(),
                Grade::Error,
            );
        }
    }

    /// A line of `finally` did not hold.
    pub fn fail_ending(
        &mut self,
        line: &str,
        span: SourceSpan,
        seen: String,
        (node, requirement): (NodeId, Option<Requirement>),
    ) {
        let place = self.location(span);
        let cited = self.cited_of(node, requirement);
        let grade = self.script_grade(requirement, &cited);
        let first = !self.has_failed();
        let summary = "what must hold in the end does not".to_owned();
        let failure = self.fail(FailureKind::Ending, summary, grade);
        if first || failure.kind == FailureKind::Ending {
            let expected = (line.to_owned(), place);
            if !failure.expected.contains(&expected) {
                failure.expected.push(expected);
            }
            failure.circumstances.push(format!("{line}: {seen}"));
            self.blame(cited);
        }
    }
}

fn message_line(step: &Step) -> Option<&MessageLine> {
    match &step.kind {
        StepKind::Message(line) => Some(line),
        _ => None,
    }
}

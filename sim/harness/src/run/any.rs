//! The `any` block: the first line that comes decides.

use pptp_wire::time::{Duration, Instant};
use pptp_world::{Cause, Stage};

use super::driver::Driver;
use super::line::Line;
use super::message::Seen;
use super::sequence::{Current, DEFAULT_WITHIN, Sequence};
use crate::scenario::model::{Branch, Step, StepKind};

/// An `any` before and after its choice.
pub(super) struct Any<'s> {
    pub within: Duration,
    pub branches: &'s [Branch],
    /// The first line of each branch; `None` for the empty one.
    pub first: Vec<Option<Line<'s>>>,
    pub chosen: Option<Box<Sequence<'s>>>,
}

impl<'s> Sequence<'s> {
    pub(super) fn start_any<S: Stage>(
        &mut self,
        within: Option<Duration>,
        branches: &'s [Branch],
        driver: &mut Driver<'s, S>,
    ) {
        let now = driver.now();
        let first = branches.iter().map(|branch| match branch.steps.first() {
            Some(step) => match &step.kind {
                StepKind::Message(line) => Some(Line::new(step, line, now, driver, &self.awaits)),
                _ => None,
            },
            None => None,
        });
        let first = first.collect();
        self.current = Some(Current::Any(Any {
            within: within.unwrap_or(DEFAULT_WITHIN),
            branches,
            first,
            chosen: None,
        }));
    }

    pub(super) fn offer_any<S: Stage>(&mut self, seen: &Seen, driver: &mut Driver<'s, S>) -> bool {
        let Some(Current::Any(any)) = &mut self.current else {
            return false;
        };
        if let Some(branch) = &mut any.chosen {
            return branch.offer(seen, driver);
        }
        for position in 0..any.first.len() {
            let Some(line) = &mut any.first[position] else {
                continue;
            };
            if !line.offer(seen, driver) {
                continue;
            }
            let branch = &any.branches[position];
            driver.chose(Some(seen), position, branch);
            // A first line that stands for several packets goes on as the branch's current line.
            let mut sequence = Sequence::inside(&branch.steps, driver.now(), &self.awaits);
            sequence.awaits.push((seen.to, seen.key));
            if line.is_done() {
                sequence.next = 1;
            } else if let Some(line) = any.first[position].take() {
                sequence.current = Some(Current::Line(line));
            }
            any.chosen = Some(Box::new(sequence));
            return true;
        }
        let empty = any.first.iter().position(Option::is_none);
        if seen.is_gre() || empty.is_none() || !self.next_takes(seen, driver) {
            return false;
        }
        // What no branch knows but the next line does: the empty branch is the one that was taken.
        if let (Some(position), Some(Current::Any(any))) = (empty, &self.current) {
            driver.chose(None, position, &any.branches[position]);
        }
        self.advance(driver.now());
        self.settle(driver);
        self.offer(seen, driver)
    }

    /// Whether the line right behind the current block fits the message.
    fn next_takes<S: Stage>(&self, seen: &Seen, driver: &Driver<'s, S>) -> bool {
        let after = self.steps[self.next + 1..]
            .iter()
            .find(|step| !matches!(step.kind, StepKind::Do { .. }));
        match after.map(|step| &step.kind) {
            Some(StepKind::Message(line)) => driver.fits(line, seen),
            Some(StepKind::All(steps)) => steps.iter().any(|step| match &step.kind {
                StepKind::Message(line) => driver.fits(line, seen),
                _ => false,
            }),
            Some(StepKind::Any { branches, .. }) => {
                branches.iter().any(|branch| match branch.steps.first() {
                    Some(Step {
                        kind: StepKind::Message(line),
                        ..
                    }) => driver.fits(line, seen),
                    _ => false,
                })
            }
            _ => false,
        }
    }

    pub(super) fn expire_any<S: Stage>(&mut self, now: Instant, driver: &mut Driver<'s, S>) {
        let since = self.since;
        let Some(Current::Any(any)) = &mut self.current else {
            return;
        };
        if let Some(branch) = &mut any.chosen {
            return branch.expire(now, driver);
        }
        if now < since + any.within {
            return;
        }
        let within = any.within;
        match any.first.iter().position(Option::is_none) {
            Some(position) => {
                driver.chose(None, position, &any.branches[position]);
                let nothing = Cause::span("nothing for {t}", within);
                driver.echo_comment(format!("branch {}: {nothing}", position + 1));
                self.advance(now);
            }
            None => {
                let requirement = match &self.steps[self.next].kind {
                    StepKind::Any { requirement, .. } => *requirement,
                    _ => None,
                };
                driver.fail_any(&self.steps[self.next], any.branches, since, requirement);
            }
        }
    }
}

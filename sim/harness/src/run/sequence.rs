//! The script as a machine: a tree of steps with a place in it, moved on by what is seen and by time.
//!
//! A [`Sequence`] is one block of steps. It is *settled* (everything is done that needs nothing more), *offered* messages, and
//! told when a bound has passed. It knows nothing of worlds: all effects go through the [`Driver`].

use pptp_wire::time::{Duration, Instant};
use pptp_world::{NodeId, Stage};

use super::any::Any;
use super::driver::Driver;
use super::line::Line;
use super::message::{MessageKey, Seen};
use super::scope::{Opened, Scope, has_end};
use crate::scenario::model::{ExpectLine, Silence, Step, StepKind, Until};

/// How long a line waits where it names no bound: 60 s, the RFC's own patience (RFC 2637 §3).
pub const DEFAULT_WITHIN: Duration = Duration::from_secs(60);

/// How far a block has come.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Flow {
    /// It waits for a message, a state or a time.
    Blocked,
    /// Its last step has ended.
    Done,
    /// `end` was reached: the whole flow ends.
    Ended,
}

/// A block of steps with a place in it.
pub struct Sequence<'s> {
    pub(super) steps: &'s [Step],
    pub(super) next: usize,
    pub(super) since: Instant,
    pub(super) current: Option<Current<'s>>,
    /// Messages that earlier steps of this track matched: a node acts only on what has reached it.
    pub(super) awaits: Vec<(NodeId, MessageKey)>,
    scope: Scope,
    /// It is the whole flow, not a block in it.
    is_flow: bool,
}

/// What the current step has come to.
pub(super) enum Current<'s> {
    Line(Line<'s>),
    Expect(&'s ExpectLine),
    Wait(&'s Until),
    All(Vec<Line<'s>>),
    Parallel(Vec<Sequence<'s>>),
    Any(Any<'s>),
    Body(Body<'s>),
}

/// A block with something that holds while it runs.
pub(super) struct Body<'s> {
    steps: Box<Sequence<'s>>,
    until: Option<Instant>,
    opened: Opened,
    silence: Option<&'s Silence>,
    closing_brace: bool,
}

impl<'s> Sequence<'s> {
    /// The flow, which starts at `since`.
    pub fn new(steps: &'s [Step], since: Instant) -> Self {
        Sequence {
            steps,
            next: 0,
            since,
            current: None,
            awaits: Vec::new(),
            scope: Scope::default(),
            is_flow: true,
        }
    }

    pub(super) fn inside(
        steps: &'s [Step],
        since: Instant,
        awaits: &[(NodeId, MessageKey)],
    ) -> Self {
        Sequence {
            awaits: awaits.to_vec(),
            is_flow: false,
            ..Sequence::new(steps, since)
        }
    }

    /// Performs and satisfies everything that needs nothing more to happen.
    pub fn settle<S: Stage>(&mut self, driver: &mut Driver<'s, S>) -> Flow {
        loop {
            if driver.has_failed() {
                return Flow::Blocked;
            }
            if self.current.is_none() {
                let Some(step) = self.steps.get(self.next) else {
                    if self.is_flow {
                        self.scope.close_all_but_faults(driver);
                    } else {
                        self.scope.close(driver);
                    }
                    return Flow::Done;
                };
                if matches!(step.kind, StepKind::End) {
                    driver.echo(step);
                    return Flow::Ended;
                }
                driver.moves += 1;
                self.start(step, driver);
                continue;
            }
            match self.settle_current(driver) {
                Flow::Blocked => return Flow::Blocked,
                Flow::Ended => return Flow::Ended,
                Flow::Done => {
                    driver.moves += 1;
                    self.advance(driver.now());
                }
            }
        }
    }

    pub(super) fn advance(&mut self, at: Instant) {
        self.current = None;
        self.next += 1;
        self.since = at;
    }

    /// Begins a step: steps that take no time are over with it, the others become the current one.
    fn start<S: Stage>(&mut self, step: &'s Step, driver: &mut Driver<'s, S>) {
        let now = driver.now();
        driver.forget_arrived(&mut self.awaits);
        match &step.kind {
            StepKind::Do { node, action, .. } => {
                driver.plan_action(step, *node, action, &self.awaits);
                self.advance(now);
            }
            StepKind::Inject(line) => {
                driver.plan_send(step, line, &self.awaits);
                self.advance(now);
            }
            StepKind::Message(line) => {
                self.current = Some(Current::Line(Line::new(
                    step,
                    line,
                    now,
                    driver,
                    &self.awaits,
                )))
            }
            StepKind::Expect(expect) if expect.within.is_none() => {
                if driver.check_expect(step, expect, self.since) {
                    self.advance(now);
                }
            }
            StepKind::Expect(expect) => self.current = Some(Current::Expect(expect)),
            StepKind::Wait(until) => self.current = Some(Current::Wait(until)),
            StepKind::All(steps) => {
                let lines = steps.iter().filter_map(|step| match &step.kind {
                    StepKind::Message(line) => {
                        Some(Line::new(step, line, now, driver, &self.awaits))
                    }
                    _ => None,
                });
                self.current = Some(Current::All(lines.collect()));
            }
            StepKind::Parallel(tracks) => {
                let tracks = tracks
                    .iter()
                    .map(|steps| Sequence::inside(steps, now, &self.awaits));
                self.current = Some(Current::Parallel(tracks.collect()));
            }
            StepKind::Any {
                within, branches, ..
            } => self.start_any(*within, branches, driver),
            StepKind::Block(steps) => {
                self.start_body(steps, None, Opened::Nothing, None, false, driver)
            }
            StepKind::End => {}
            other => self.start_effect(step, other, driver),
        }
    }

    /// Steps that change something for a while, and steps that change it once.
    fn start_effect<S: Stage>(
        &mut self,
        step: &'s Step,
        kind: &'s StepKind,
        driver: &mut Driver<'s, S>,
    ) {
        let now = driver.now();
        let (body, duration, silence): (Option<&'s [Step]>, Option<Duration>, Option<&'s Silence>) =
            match kind {
                StepKind::Ignore { body, .. }
                | StepKind::ExactGre { body }
                | StepKind::FreeControl { body } => (body.as_deref(), None, None),
                StepKind::Fault(fault) => (fault.body.as_deref(), None, None),
                StepKind::Impair(impairment) => (impairment.body.as_deref(), None, None),
                StepKind::Outage { body, duration, .. }
                | StepKind::Stall { body, duration, .. } => {
                    let body = has_end(kind).then(|| body.as_deref().unwrap_or_default());
                    (body, *duration, None)
                }
                StepKind::Silent(silence) => (
                    Some(silence.body.as_slice()),
                    silence.duration,
                    Some(silence),
                ),
                _ => (None, None, None),
            };
        let echoes_head = body.is_some_and(|steps| !steps.is_empty()) || silence.is_none();
        if echoes_head && !matches!(kind, StepKind::Ignore { .. }) {
            driver.echo(step);
        }
        let opened = Opened::by(step, driver);
        match body {
            Some(steps) => {
                let until = duration.map(|span| now + span);
                let brace = step.text.ends_with('{') && !matches!(kind, StepKind::Ignore { .. });
                self.start_body(steps, until, opened, silence, brace, driver);
            }
            None => {
                // What the flow itself frees is free to the end of the run.
                let of_flow = std::ptr::eq(self.steps, driver.scenario.flow.as_slice());
                if !(of_flow && matches!(opened, Opened::FreeControl)) {
                    self.scope.keep(opened);
                }
                self.advance(now);
            }
        }
    }

    fn start_body<S: Stage>(
        &mut self,
        steps: &'s [Step],
        until: Option<Instant>,
        opened: Opened,
        silence: Option<&'s Silence>,
        closing_brace: bool,
        driver: &Driver<'s, S>,
    ) {
        let steps = Box::new(Sequence::inside(steps, driver.now(), &self.awaits));
        self.current = Some(Current::Body(Body {
            steps,
            until,
            opened,
            silence,
            closing_brace,
        }));
    }

    fn settle_current<S: Stage>(&mut self, driver: &mut Driver<'s, S>) -> Flow {
        let since = self.since;
        let step = &self.steps[self.next];
        let Some(current) = &mut self.current else {
            return Flow::Done;
        };
        match current {
            Current::Line(line) => line.flow(),
            Current::Expect(expect) => {
                let waited = expect
                    .after
                    .is_none_or(|after| driver.now() >= since + after);
                let holds = waited && driver.expect_holds(expect, since);
                if holds {
                    driver.echo(step);
                }
                if holds { Flow::Done } else { Flow::Blocked }
            }
            Current::Wait(Until::Elapsed { span, .. }) => {
                let end = since + *span;
                // Where messages do not drive the flow, all that happens at the last instant comes first.
                if driver.now() > end || driver.now() == end && !driver.is_control_free() {
                    Flow::Done
                } else {
                    Flow::Blocked
                }
            }
            Current::Wait(Until::DataIdle { call, .. }) => {
                if driver.is_data_idle(call.as_ref()) {
                    Flow::Done
                } else {
                    Flow::Blocked
                }
            }
            Current::Wait(Until::Rest { .. }) => {
                if driver.is_at_rest() {
                    Flow::Done
                } else {
                    Flow::Blocked
                }
            }
            Current::All(lines) => {
                if lines.iter().all(Line::is_done) {
                    Flow::Done
                } else {
                    Flow::Blocked
                }
            }
            Current::Parallel(tracks) => {
                let flows: Vec<Flow> = tracks
                    .iter_mut()
                    .map(|track| track.settle(driver))
                    .collect();
                if flows.contains(&Flow::Ended) {
                    return Flow::Ended;
                }
                if flows.contains(&Flow::Blocked) {
                    return Flow::Blocked;
                }
                // Each track began with what this block waited for.
                self.awaits = tracks
                    .iter()
                    .flat_map(|track| &track.awaits)
                    .copied()
                    .collect();
                self.awaits.sort_unstable();
                self.awaits.dedup();
                Flow::Done
            }
            Current::Any(any) => match &mut any.chosen {
                None => Flow::Blocked,
                Some(branch) => {
                    let flow = branch.settle(driver);
                    if flow != Flow::Blocked {
                        self.awaits = std::mem::take(&mut branch.awaits);
                    }
                    flow
                }
            },
            Current::Body(body) => {
                let flow = body.steps.settle(driver);
                if flow == Flow::Done && body.until.is_some_and(|until| driver.now() < until) {
                    return Flow::Blocked;
                }
                if flow != Flow::Blocked {
                    self.awaits = std::mem::take(&mut body.steps.awaits);
                    body.opened.close(driver);
                    if body.closing_brace {
                        driver.echo_text("}");
                    } else if body.silence.is_some() {
                        driver.echo(step);
                    }
                }
                flow
            }
        }
    }

    /// Offers a message to the current step. Returns whether it was taken.
    pub fn offer<S: Stage>(&mut self, seen: &Seen, driver: &mut Driver<'s, S>) -> bool {
        let Some(current) = &mut self.current else {
            return false;
        };
        let taken = match current {
            Current::Line(line) => line.offer(seen, driver),
            Current::All(lines) => lines.iter_mut().any(|line| line.offer(seen, driver)),
            Current::Parallel(tracks) => {
                return tracks.iter_mut().any(|track| {
                    let taken = track.offer(seen, driver);
                    if taken {
                        track.settle(driver);
                    }
                    taken
                });
            }
            Current::Any(_) => return self.offer_any(seen, driver),
            Current::Body(body) => {
                if let Some(silence) = body.silence {
                    driver.check_silence(&self.steps[self.next], silence, seen);
                }
                return body.steps.offer(seen, driver);
            }
            Current::Expect(_) | Current::Wait(_) => false,
        };
        if taken {
            self.awaits.push((seen.to, seen.key));
        }
        taken
    }

    /// When this block has to be looked at again, though nothing happens.
    pub fn deadline(&self) -> Option<Instant> {
        match self.current.as_ref()? {
            Current::Line(line) => line.deadline(),
            Current::Expect(expect) => {
                let within = self.since + expect.within.unwrap_or(Duration::ZERO);
                Some(
                    expect
                        .after
                        .map_or(within, |after| within.min(self.since + after))
                        .max(self.since),
                )
            }
            Current::Wait(Until::Elapsed { span, .. }) => Some(self.since + *span),
            Current::Wait(Until::DataIdle { within, .. } | Until::Rest { within, .. }) => {
                Some(self.since + within.unwrap_or(DEFAULT_WITHIN))
            }
            Current::All(lines) => lines.iter().filter_map(Line::deadline).min(),
            Current::Parallel(tracks) => tracks.iter().filter_map(Sequence::deadline).min(),
            Current::Any(any) => match &any.chosen {
                Some(branch) => branch.deadline(),
                None => Some(self.since + any.within),
            },
            Current::Body(body) => match body.steps.deadline() {
                Some(deadline) => Some(deadline),
                None => body.until,
            },
        }
    }

    /// The time has come to `now` and nothing more happens at it: bounds that lie there have passed.
    pub fn expire<S: Stage>(&mut self, now: Instant, driver: &mut Driver<'s, S>) {
        let since = self.since;
        let step = self.steps.get(self.next);
        let (Some(current), Some(step)) = (&mut self.current, step) else {
            return;
        };
        match current {
            Current::Line(line) => line.expire(now, driver),
            Current::Expect(expect) => {
                if now >= since + expect.within.unwrap_or(Duration::ZERO) {
                    driver.fail_expect(step, expect, since);
                }
            }
            Current::Wait(Until::DataIdle {
                within,
                requirement,
                ..
            }) => {
                if now >= since + within.unwrap_or(DEFAULT_WITHIN) && !driver.has_failed() {
                    driver.fail_not_idle(step, *requirement);
                }
            }
            Current::Wait(Until::Rest {
                within,
                requirement,
            }) => {
                if now >= since + within.unwrap_or(DEFAULT_WITHIN) && !driver.has_failed() {
                    driver.fail_not_at_rest(step, *requirement);
                }
            }
            Current::Wait(Until::Elapsed { span, .. }) => {
                if now >= since + *span {
                    self.advance(now);
                }
            }
            Current::All(lines) => lines.iter_mut().for_each(|line| line.expire(now, driver)),
            Current::Parallel(tracks) => tracks
                .iter_mut()
                .for_each(|track| track.expire(now, driver)),
            Current::Any(_) => self.expire_any(now, driver),
            Current::Body(body) => body.steps.expire(now, driver),
        }
    }

    /// The lines that the block waits for now, for failure reports.
    pub fn expected(&self) -> Vec<&'s Step> {
        let Some(step) = self.steps.get(self.next) else {
            return Vec::new();
        };
        match self.current.as_ref() {
            Some(Current::All(lines)) => lines
                .iter()
                .filter(|line| !line.is_done())
                .map(|line| line.step())
                .collect(),
            Some(Current::Parallel(tracks)) => tracks.iter().flat_map(Sequence::expected).collect(),
            Some(Current::Any(any)) => match &any.chosen {
                Some(branch) => branch.expected(),
                // What misses every branch misses what the block cites, too.
                None => {
                    let firsts = any.first.iter().flatten().map(Line::step);
                    firsts.chain(step.requirement().map(|_| step)).collect()
                }
            },
            Some(Current::Body(body)) if body.steps.next < body.steps.steps.len() => {
                body.steps.expected()
            }
            _ => vec![step],
        }
    }
}

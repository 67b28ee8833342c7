//! One `->` line on its way: waiting for its message, or for the packets that it stands for.

use pptp_wire::time::{Duration, Instant};
use pptp_world::{NodeId, Stage};

use super::driver::{Driver, PlanId};
use super::matcher::{FoldPlace, differences, is_one_of};
use super::message::{MessageKey, Seen};
use super::sequence::{DEFAULT_WITHIN, Flow};
use crate::scenario::model::{MessageLine, Step};

/// A line and how much of it has been seen.
pub struct Line<'s> {
    step: &'s Step,
    line: &'s MessageLine,
    since: Instant,
    /// When the last of its packets so far was seen.
    latest: Option<Instant>,
    matched: u64,
    /// What a scripted node is to send for this line.
    plan: Option<PlanId>,
    /// Distinguishes this line's packets from those of other lines in folds.
    number: usize,
}

impl<'s> Line<'s> {
    /// A line that becomes current at `since`; a line of a scripted node plans its message at once.
    pub fn new<S: Stage>(
        step: &'s Step,
        line: &'s MessageLine,
        since: Instant,
        driver: &mut Driver<'s, S>,
        awaits: &[(NodeId, MessageKey)],
    ) -> Self {
        let plan = line.sends.then(|| driver.plan_send(step, line, awaits));
        Line {
            step,
            line,
            since,
            latest: None,
            matched: 0,
            plan,
            number: driver.number_line(),
        }
    }

    /// The step that the line stands in.
    pub fn step(&self) -> &'s Step {
        self.step
    }

    /// Whether everything that the line stands for has been seen.
    pub fn is_done(&self) -> bool {
        self.matched >= self.line.packets.unwrap_or(1)
    }

    /// As [`is_done`](Self::is_done), in the words of a block.
    pub fn flow(&self) -> Flow {
        if self.is_done() {
            Flow::Done
        } else {
            Flow::Blocked
        }
    }

    fn place(&self) -> FoldPlace {
        let packets = self.line.packets.unwrap_or(1);
        match self.matched {
            _ if packets == 1 => FoldPlace::Single,
            0 => FoldPlace::First,
            matched if matched + 1 == packets => FoldPlace::Last,
            _ => FoldPlace::Middle,
        }
    }

    /// Offers a message; takes it if it fits.
    pub fn offer<S: Stage>(&mut self, seen: &Seen, driver: &mut Driver<'s, S>) -> bool {
        if self.is_done() {
            return false;
        }
        if let Some(plan) = self.plan {
            if !driver.is_sent_by(plan, seen) {
                return false;
            }
        } else {
            let place = self.place();
            let fits = is_one_of(self.line, seen)
                && differences(self.line, seen, driver.bindings(), place).is_empty();
            if !fits {
                self.note_near_miss(seen, place, driver);
                return false;
            }
            if self.matched == 0 && !self.in_time(seen, driver) {
                return false;
            }
        }
        self.matched += 1;
        self.latest = Some(seen.at);
        driver.matched(self.step, self.line, seen, self.number);
        true
    }

    /// A packet that fits but for the last value of a folded line ends the count and misses it.
    fn note_near_miss<S: Stage>(&self, seen: &Seen, place: FoldPlace, driver: &mut Driver<'s, S>) {
        let counted = matches!(place, FoldPlace::Last | FoldPlace::Middle) && seen.is_gre();
        if counted
            && place == FoldPlace::Last
            && differences(self.line, seen, driver.bindings(), FoldPlace::Middle).is_empty()
        {
            driver.fail_line(self.step, self.line, self.since, Some(seen));
        }
    }

    /// Whether the message comes within the line's bounds, both inclusive; one that comes too early fails the line.
    fn in_time<S: Stage>(&self, seen: &Seen, driver: &mut Driver<'s, S>) -> bool {
        let early = self
            .line
            .after
            .is_some_and(|after| seen.at < self.since + after);
        if early && !seen.is_gre() {
            driver.fail_line(self.step, self.line, self.since, Some(seen));
        }
        !early
    }

    /// When the line has waited long enough; the bound of a folded line is for its first packet.
    pub fn deadline(&self) -> Option<Instant> {
        if self.is_done() {
            return None;
        }
        Some(match self.latest {
            None => self.since + self.bound(),
            Some(latest) => latest + DEFAULT_WITHIN,
        })
    }

    fn bound(&self) -> Duration {
        let patience = self.line.after.unwrap_or(Duration::ZERO) + DEFAULT_WITHIN;
        self.line.within.unwrap_or(patience)
    }

    /// The time has come to `now`: a line that has waited long enough fails.
    pub fn expire<S: Stage>(&self, now: Instant, driver: &mut Driver<'s, S>) {
        if self.deadline().is_some_and(|deadline| now >= deadline) && !driver.has_failed() {
            driver.fail_line(self.step, self.line, self.since, None);
        }
    }
}

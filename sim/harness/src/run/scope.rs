//! What holds for a while: ignored messages, targeted faults, changed links; opened by a step, closed with its block.

use pptp_world::luck::{Direction, Plane};
use pptp_world::{LinkId, Stage};

use super::driver::{Driver, IgnoreId};
use crate::scenario::model::{ControlSpec, GreSpec, Step, StepKind};

/// Something that a step opened and that has to be closed again.
pub enum Opened {
    /// Nothing: the step has no lasting effect, or one that only another step ends.
    Nothing,
    /// Messages that are no steps.
    Ignore(IgnoreId),
    /// Targeted faults on a link.
    Fault(usize),
    /// Links as they were before.
    Links(Vec<(usize, [ControlSpec; 2], [GreSpec; 2])>),
    /// Nothing gets through, or control octets wait.
    Outage(Vec<(LinkId, Direction, Plane)>),
    /// Every GRE packet has to be matched.
    ExactGre,
}

impl Opened {
    /// Performs the step's effect.
    pub fn by<'s, S: Stage>(step: &'s Step, driver: &mut Driver<'s, S>) -> Opened {
        match &step.kind {
            StepKind::Ignore { lines, .. } => Opened::Ignore(driver.ignore(lines)),
            StepKind::ExactGre { .. } => {
                driver.exact_gre(true);
                Opened::ExactGre
            }
            StepKind::Fault(fault) => Opened::Fault(driver.start_fault(&step.text, fault)),
            StepKind::Impair(impairment) => {
                let before = driver.impair(impairment);
                if impairment.body.is_some() {
                    Opened::Links(before)
                } else {
                    Opened::Nothing
                }
            }
            StepKind::Outage {
                a, b, plane, from, ..
            } => Opened::Outage(driver.start_outage(*a, *b, *plane, *from)),
            StepKind::Stall { a, b, from, .. } => Opened::Outage(driver.start_stall(*a, *b, *from)),
            StepKind::Restore { a, b, plane, from } => {
                driver.restore_link(*a, *b, *plane, *from);
                Opened::Nothing
            }
            StepKind::Reset { a, b, connection } => {
                driver.reset_connections(*a, *b, connection.as_ref());
                Opened::Nothing
            }
            StepKind::HalfClose {
                a,
                b,
                from,
                connection,
            } => {
                driver.half_close(*a, *b, *from, connection.as_ref());
                Opened::Nothing
            }
            StepKind::Crash { node } => {
                driver.crash(*node);
                Opened::Nothing
            }
            StepKind::Restart { node } => {
                driver.restart(*node);
                Opened::Nothing
            }
            _ => Opened::Nothing,
        }
    }

    /// Undoes it. Harmless when it was undone before.
    pub fn close<S: Stage>(&mut self, driver: &mut Driver<'_, S>) {
        match std::mem::replace(self, Opened::Nothing) {
            Opened::Nothing => {}
            Opened::Ignore(id) => driver.stop_ignoring(id),
            Opened::Fault(fault) => driver.stop_fault(fault),
            Opened::Links(links) => driver.put_links_back(links),
            Opened::Outage(outages) => driver.stop_outage(&outages),
            Opened::ExactGre => driver.exact_gre(false),
        }
    }
}

/// What the steps of one block opened without a block of their own.
#[derive(Default)]
pub struct Scope {
    open: Vec<Opened>,
}

impl Scope {
    /// Keeps something open to the end of the block.
    pub fn keep(&mut self, opened: Opened) {
        self.open.push(opened);
    }

    /// Closes everything, the latest first.
    pub fn close<S: Stage>(&mut self, driver: &mut Driver<'_, S>) {
        while let Some(mut opened) = self.open.pop() {
            opened.close(driver);
        }
    }
}

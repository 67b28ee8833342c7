//! What holds for a while: ignored messages, targeted faults, changed links; opened by a step, closed with its block.

use pptp_world::Stage;

use super::driver::{Driver, IgnoreId};
use super::outages::Outage;
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
    Outage(Vec<Outage>),
    /// Every GRE packet has to be matched.
    ExactGre,
    /// No control message has to be.
    FreeControl,
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
            StepKind::FreeControl { .. } => {
                driver.free_control(true);
                Opened::FreeControl
            }
            StepKind::Outage {
                a, b, plane, from, ..
            } => {
                let begun = driver.start_outage(*a, *b, *plane, *from);
                Opened::outage(step, begun, driver)
            }
            StepKind::Stall { a, b, from, .. } => {
                let begun = driver.start_stall(*a, *b, *from);
                Opened::outage(step, begun, driver)
            }
            StepKind::Resume { a, b, plane, from } => {
                driver.resume(*a, *b, *plane, *from);
                Opened::Nothing
            }
            StepKind::Heal => {
                driver.heal();
                Opened::Nothing
            }
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

    /// An outage ends with its block or time; without both it is nothing that a block closes.
    fn outage<S: Stage>(step: &Step, begun: Vec<Outage>, driver: &mut Driver<'_, S>) -> Opened {
        if has_end(&step.kind) {
            return Opened::Outage(begun);
        }
        driver.keep_outage(begun);
        Opened::Nothing
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
            Opened::FreeControl => driver.free_control(false),
        }
    }
}

/// Whether an outage or stall ends by itself.
pub fn has_end(kind: &StepKind) -> bool {
    match kind {
        StepKind::Outage { duration, body, .. } | StepKind::Stall { duration, body, .. } => {
            duration.is_some() || body.is_some()
        }
        _ => true,
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

    /// Closes what is about the script, the latest first. Faults are about the network: those of the flow hold while what is under way
    /// comes to rest, as impairments do.
    pub fn close_all_but_faults<S: Stage>(&mut self, driver: &mut Driver<'_, S>) {
        self.open
            .retain(|opened| !matches!(opened, Opened::Fault(_)));
        self.close(driver);
    }

    /// Closes everything, the latest first.
    pub fn close<S: Stage>(&mut self, driver: &mut Driver<'_, S>) {
        while let Some(mut opened) = self.open.pop() {
            opened.close(driver);
        }
    }
}

//! A whole network that does anything it likes to correct endpoints: the laws that hold all the same, as one function for a fuzz
//! target.
//!
//! [`world`] runs a [`Plan`] (endpoints, links with every impairment, and [`Step`]s of users, network and outsiders), then heals the network and lets everything come to rest. What always holds:
//!
//! * nothing panics, and no limit of the world is reached;
//! * no node breaks the contract of the seam;
//! * the reference model never fires at an endpoint with the profile `rfc`, and no rule finds an error there that counts; between two
//!   ends into whose connection an outsider has put octets, not until they connect anew: neither knows what the other was told;
//! * once the network is healed, everything comes to rest but keep-alive, and between ends with the profile `rfc` nothing is left half
//!   done (see [`settled`](crate::settled)): no call half-open, no window stuck; no timer spins at any;
//! * where the plan says so, playing the tape of the run, which has been text in between, gives the same records again.

mod course;
mod laws;
mod network;
mod outsiders;
mod plan;

pub use network::{ControlChoice, GreChoice};
pub use plan::{NodeChoice, Plan, Setup, Step};

use crate::NodeId;
use crate::tape::Tape;
use core::any::Any;
use course::Course;
use pptp_wire::GreHeader;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a plan.
///
/// # Panics
/// Where a law of the [module](self) does not hold.
pub fn world(plan: &Plan) {
    run(plan);
}

/// Runs a plan; gives what came of it, for a look whether a plan does what it is meant to.
///
/// # Panics
/// As [`world`].
pub fn run(plan: &Plan) -> Outcome {
    let (outcome, tape) = record(plan);
    if plan.setup.replays {
        let (again, _) = Course::replay(&plan.setup, &tape).run(&plan.steps);
        assert_eq!(again, outcome, "the tape gives the same records");
    }
    outcome
}

/// Runs a plan; gives what came of it, and the tape of everything that luck decided, whether drawn or chosen.
///
/// # Panics
/// As [`world`].
pub fn record(plan: &Plan) -> (Outcome, Tape) {
    Course::record(plan).run(&plan.steps)
}

/// A plan that was run to its end, or to where a law did not hold.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// What came of it, or what panicked.
    pub outcome: Result<Outcome, String>,
    /// The tape of everything that luck decided up to there.
    pub tape: Tape,
    /// The datagrams that were put on paths up to there, in order.
    pub packets: Vec<SentPacket>,
}

/// A datagram that was put on a path.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SentPacket {
    /// The sender.
    pub from: NodeId,
    /// The receiver.
    pub to: NodeId,
    /// Its header, where it is readable.
    pub header: Option<GreHeader>,
}

/// Runs a plan whatever becomes of it.
pub fn attempt(plan: &Plan) -> Attempt {
    let said = |panic: Box<dyn Any + Send>| match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic
            .downcast_ref::<&str>()
            .map_or("a panic without words", |text| text)
            .to_owned(),
    };
    let outcome = catch_unwind(|| run(plan)).map_err(said);
    let mut course = Course::record(plan);
    course.packets = Some(Vec::new());
    // What it panics with is known.
    let _ = catch_unwind(AssertUnwindSafe(|| course.go(&plan.steps)));
    Attempt {
        outcome,
        tape: course.world.tape().clone(),
        packets: course.packets.unwrap_or_default(),
    }
}

/// What came of a plan.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Outcome {
    /// Control messages sent.
    pub messages: u64,
    /// GRE datagrams sent.
    pub datagrams: u64,
    /// Datagrams, or copies of them, that were lost.
    pub lost: u64,
    /// Payloads that went up to users.
    pub delivered: u64,
    /// Calls that were established, at either end.
    pub established: u64,
    /// Findings of the rules, graded or not.
    pub findings: u64,
    /// A digest of all records of a plan that replays; else 0.
    pub digest: u64,
}

#[cfg(test)]
mod tests;

//! An endpoint against peers that send anything: the laws that hold whatever they do, as one function for a fuzz target.
//!
//! [`endpoint`] plays a [`Plan`] (how the endpoint is set up, and [`Step`]s that its peers, its user and time take) by the [contract](crate#the-contract). What always holds:
//!
//! * nothing panics, and every draining ends;
//! * connections, calls, buffers and windows stay within the configured [`Limits`](crate::Limits);
//! * no deadline lies in the past, and deadlines that have run out do not come again for ever;
//! * the endpoint speaks only on connections that it has, and tells nothing of those that it does not have;
//! * what it sends decodes; with the profile `rfc` and without a deviation it breaks no requirement that one message shows;
//! * what it tells of calls fits together: one of its Call IDs names one call with a peer, states follow from one another;
//! * data that it delivers came in, from the call's peer, and in the order of the Sequence Numbers unless the profile passes late packets on.

mod laws;
mod message;
mod plan;
mod surroundings;
mod trace;

pub use message::MessageChoice;
pub use plan::{Plan, Setup, Step};
pub use trace::{Happening, Trace, Traced, trace};

use surroundings::Surroundings;

/// Plays a plan against an endpoint.
///
/// # Panics
/// Where a law of the [module](self) does not hold.
pub fn endpoint(plan: &Plan) {
    play(plan);
}

/// Plays a plan; gives what came of it, for a look whether a plan does what it is meant to.
///
/// # Panics
/// As [`endpoint`].
pub fn play(plan: &Plan) -> Played {
    let mut surroundings = Surroundings::new(&plan.setup);
    for step in &plan.steps {
        surroundings.step(step);
    }
    surroundings.played()
}

/// What came of a plan.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Played {
    /// Control messages that the endpoint sent.
    pub messages: u64,
    /// GRE packets that it sent.
    pub datagrams: u64,
    /// Payloads that it delivered.
    pub delivered: u64,
    /// Calls that were established.
    pub established: u64,
    /// What it held against its peers.
    pub violations: u64,
    /// Limits that it reached.
    pub limits: u64,
    /// A digest of everything that it put out.
    pub digest: u64,
}

#[cfg(test)]
mod tests;

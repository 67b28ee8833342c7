//! What happened in a plan, for a look at it from outside.

use super::Played;
use super::plan::Plan;
use super::surroundings::Surroundings;
use crate::{CallRef, Command, ConnectionId, Output};
use core::any::Any;
use pptp_wire::time::Instant;
use std::net::Ipv4Addr;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Something that happened, and when.
#[derive(Clone, Debug)]
pub struct Traced {
    /// When.
    pub at: Instant,
    /// What.
    pub happening: Happening,
}

/// What can happen to an endpoint, or come from it.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A peer has opened a connection.
    Accepted(ConnectionId, Ipv4Addr),
    /// The endpoint wants a connection with a peer.
    Connects(ConnectionId, Ipv4Addr),
    /// A connection that the endpoint wanted is open.
    Opened(ConnectionId),
    /// Octets came in.
    Octets(ConnectionId, Vec<u8>),
    /// The peer has closed a connection.
    Closed(ConnectionId),
    /// A connection was reset, or refused.
    Reset(ConnectionId),
    /// A datagram came in.
    Datagram(Ipv4Addr, Vec<u8>),
    /// The user asked for something.
    Command(Command),
    /// The user sent packets of data of so many octets each.
    SendData(CallRef, u8, usize),
    /// The endpoint sent octets.
    Sent(ConnectionId, Vec<u8>),
    /// The endpoint closed or reset a connection.
    Ended(ConnectionId),
}

impl Happening {
    /// What an output of the endpoint is, of those that are of interest.
    pub(super) fn of(output: &Output<'_>) -> Option<Happening> {
        match output {
            Output::Send {
                connection, octets, ..
            } => Some(Happening::Sent(*connection, octets.to_vec())),
            Output::Close { connection, .. } | Output::Reset { connection, .. } => {
                Some(Happening::Ended(*connection))
            }
            _ => None,
        }
    }
}

/// A plan that was played to its end, or to where a law did not hold.
#[derive(Clone, Debug)]
pub struct Trace {
    /// What happened.
    pub happenings: Vec<Traced>,
    /// What came of it, or what panicked.
    pub outcome: Result<Played, String>,
}

/// Plays a plan whatever becomes of it.
pub fn trace(plan: &Plan) -> Trace {
    let mut surroundings = Surroundings::traced(&plan.setup);
    let said = |panic: Box<dyn Any + Send>| match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => panic
            .downcast_ref::<&str>()
            .map_or("a panic without words", |text| text)
            .to_owned(),
    };
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        for step in &plan.steps {
            surroundings.step(step);
        }
    }));
    Trace {
        outcome: outcome.map(|()| surroundings.played()).map_err(said),
        happenings: surroundings.into_trace(),
    }
}

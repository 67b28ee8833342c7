//! Seeded virtual network, faults and discrete-event engine for PPTP nodes (RFC 2637).

mod cause;
mod command;
mod ids;
pub mod link;
pub mod luck;
mod node;
pub mod tape;

pub use cause::Cause;
pub use command::{
    Command, CommandError, DataOutcome, Outcome, PlaceCall, Query, Ring, SendControl, Value,
    WanErrors,
};
pub use ids::{
    ConnectionId, ConnectionNumber, LinkId, MessageNumber, NodeId, PacketNumber, TrafficId,
};
pub use node::{CallRef, Deadline, Event, Input, Node, Output, Role, Unit};

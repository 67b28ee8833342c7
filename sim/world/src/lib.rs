//! Seeded virtual network, faults and discrete-event engine for PPTP nodes (RFC 2637).

#![forbid(unsafe_code)]

mod carried;
mod cause;
mod command;
mod drive;
mod engine;
mod faults;
pub mod fuzzing;
mod ids;
pub mod link;
mod log;
pub mod luck;
mod model;
mod node;
mod nodes;
pub mod record;
mod stage;
pub mod tape;
mod traffic;
mod world;

pub use carried::{Carried, Departure};
pub use cause::Cause;
pub use command::{
    Command, CommandError, DataOutcome, Outcome, PlaceCall, Query, Ring, SendControl, Value,
    WanErrors,
};
pub use ids::{
    ConnectionId, ConnectionNumber, LinkId, MessageNumber, NodeId, PacketNumber, TrafficId,
};
pub use model::{ModelCheck, ModelViolation};
pub use node::{CallRef, Deadline, Event, Input, Node, Output, Role, Unit};
pub use nodes::{EndpointNode, ScriptedConfig, ScriptedNode};
pub use record::{ControlSent, GreSent, Loss, NodeMistake, Record, RecordKind, Span, WorldLimit};
pub use stage::{Stage, Watched};
pub use traffic::Traffic;
pub use world::{Advance, Limits, World, WorldConfig};

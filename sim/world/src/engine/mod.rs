//! The discrete-event engine: queue, timers, connections, datagrams. Nothing in it allocates for a packet once it has warmed up.

mod buffer;
mod connection;
mod events;
mod gre;
mod heap;
mod host;
mod network;
mod nodes;
mod pool;
mod queue;
mod sources;
mod tap;
mod tcp;
mod timers;

pub(crate) use connection::{
    Connection, EndState, Half, MARK_ACCEPT, MARK_OPEN, MARK_OPENED, MARK_RESET,
};
pub(crate) use gre::Outgoing;
pub(crate) use host::Host;
pub(crate) use network::{Network, end};
pub(crate) use nodes::Nodes;
pub(crate) use pool::Pool;
pub(crate) use queue::Event;
pub(crate) use tcp::{Arrived, Taken};

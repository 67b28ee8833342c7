//! The turmoil world: the nodes of a scenario as hosts of the `turmoil` crate, their control connections through its sockets.
//!
//! It is a [`Stage`](pptp_world::Stage) like the event world and tells its story in the same records. Nodes, tap, judge, reference
//! model, traffic sources, timers and the GRE plane are those of [`pptp_world::World`], with its exact stamps and its streams of
//! luck, so that one seed makes the same GRE fates in both worlds. The control plane is handed over
//! ([`World::hand_over_control`](pptp_world::World::hand_over_control)): every node is a host whose tasks own its sockets; a
//! connection is accepted, refused, delivered, ended and survived as turmoil does it. [`compare`] holds the two stories against
//! each other.
//!
//! # Time
//! The clock of turmoil knows whole milliseconds, and one step runs each host once. A tick is one millisecond of virtual time and
//! takes two steps, between which virtual time stands still: in the first *arrives* what is due, in the second *departs* what
//! nodes and scripts sent meanwhile. So a message that is sent at a whole millisecond arrives to the nanosecond when it does in
//! the event world; one that is sent between two milliseconds departs with the later one. Ticks in which nothing is on its way
//! through turmoil are skipped.
//!
//! With an implementation on tokio in the world ([`TurmoilWorld::add_async_node`]), whose timers must tell virtual time, a tick
//! is one step, no tick is skipped, and what goes to such a node takes a tick more than the link's delay.
//!
//! # What turmoil does not do
//! * It connects in one one-way latency. Here an end is told that its connection is open after one, or one and a half, round
//!   trips, as in the event world.
//! * It sends no RST on demand. RST between nodes, and the handshake's later segments, travel beside the sockets in the same time.
//! * It never retransmits. So a stall holds back at the receiver what has come through, a crashed host's sockets outlive it
//!   silently, and a partition makes control octets wait, as retransmission would.
//! * One write is one read: the link model cuts the stream before it is written, so that framers are exercised.
//! * Its latency is one for both directions, in whole milliseconds: what a direction has beyond that is waited for at the sender.

mod async_host;
mod carry;
mod compare;
mod express;
mod guest;
mod host;
mod hosts;
mod inbound;
mod sockets;
mod stage;
mod ways;
mod world;

pub use async_host::{AsyncHost, GreSocket, HostResult};
pub use compare::{Difference, Story, compare};
pub use express::{MAXIMUM_HOSTS, cannot_express};
pub use turmoil::net::{TcpListener, TcpStream};
pub use world::TurmoilWorld;

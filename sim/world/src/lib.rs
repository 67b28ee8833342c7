//! Seeded virtual network, faults and discrete-event engine for PPTP nodes (RFC 2637).
//!
//! A [`World`] holds nodes and the links between them, and performs one event after the other in virtual time: no ticks, no clock,
//! no luck but that of its seed. Equal worlds that are told the same do the same, record by record. What happens is told as plain
//! data ([`Record`]); the rules of `pptp-rules` judge it, and a reference model ([`ModelCheck`]) watches what must hold in any world.
//!
//! | part | what |
//! |---|---|
//! | [`Node`] | the seam: anything that speaks octets and is told the time can stand in a world |
//! | [`EndpointNode`], [`ScriptedNode`] | the endpoint of this project; a node that sends what it is told |
//! | [`link`], [`luck`], [`tape`] | what links do to octets and datagrams, where their luck comes from, and how a run is had again |
//! | [`World`], [`Stage`] | time, commands, traffic, faults, records; and the same as a trait, for runners |
//!
//! # An implementation of your own
//!
//! [`Node`] needs nothing of `pptp-proto`. This PAC, too simple to be right, accepts a control connection and outgoing calls, and
//! throws data away:
//!
//! ```
//! use pptp_wire::time::Instant;
//! use pptp_wire::*;
//! use pptp_world::{Cause, ConnectionId, Input, Node, Output, Unit};
//! use std::collections::VecDeque;
//!
//! #[derive(Default)]
//! struct TinyPac {
//!     octets: Vec<u8>,
//!     answers: VecDeque<(ConnectionId, Option<ControlMessage>)>,
//!     buffer: Vec<u8>,
//! }
//!
//! impl TinyPac {
//!     fn answer(&self, message: &ControlMessage) -> Option<ControlMessage> {
//!         let call_id = CallId(7);
//!         Some(match message.body {
//!             Body::StartControlConnectionRequest(_) => StartControlConnectionReply {
//!                 result_code: StartResult::OK,
//!                 ..StartControlConnectionReply::default()
//!             }
//!             .into(),
//!             Body::OutgoingCallRequest(request) => OutgoingCallReply {
//!                 call_id,
//!                 peer_call_id: request.call_id,
//!                 result_code: OutgoingCallResult::CONNECTED,
//!                 connect_speed: 64_000,
//!                 packet_recv_window_size: 8,
//!                 ..OutgoingCallReply::default()
//!             }
//!             .into(),
//!             Body::CallClearRequest(_) => CallDisconnectNotify {
//!                 call_id,
//!                 result_code: DisconnectResult::REQUEST,
//!                 ..CallDisconnectNotify::default()
//!             }
//!             .into(),
//!             _ => return None,
//!         })
//!     }
//! }
//!
//! impl Node for TinyPac {
//!     fn handle(&mut self, _now: Instant, input: Input<'_>) {
//!         match input {
//!             Input::Octets { connection, octets } => {
//!                 self.octets.extend_from_slice(octets);
//!                 while let Ok(header) = Header::decode(&self.octets) {
//!                     let length = usize::from(header.length);
//!                     let Some(octets) = self.octets.get(..length) else { break };
//!                     let answer = ControlMessage::decode(octets).ok().and_then(|message| self.answer(&message));
//!                     self.answers.extend(answer.map(|answer| (connection, Some(answer))));
//!                     self.octets.drain(..length);
//!                 }
//!             }
//!             Input::Closed { connection } => self.answers.push_back((connection, None)),
//!             _ => {}
//!         }
//!     }
//!
//!     fn poll(&mut self, _now: Instant) -> Output<'_> {
//!         let cause = Cause::ANSWER;
//!         match self.answers.pop_front() {
//!             None => Output::Deadline(None),
//!             Some((connection, None)) => Output::Close { connection, cause },
//!             Some((connection, Some(message))) => {
//!                 self.buffer = message.encode(&mut [0; MAXIMUM_LENGTH]).to_vec();
//!                 Output::Send { connection, octets: &self.buffer, unit: Unit::Stream, cause }
//!             }
//!         }
//!     }
//! }
//!
//! // It takes a call from the endpoint of this project, over a link that takes its time.
//! use pptp_proto::{Config, Role};
//! use pptp_wire::time::Duration;
//! use pptp_world::link::{ControlImpairments, LinkConfig};
//! use pptp_world::{Advance, Command, EndpointNode, Outcome, PlaceCall, Query, Value, World, WorldConfig};
//!
//! let [here, there] = [[10, 0, 0, 1], [10, 0, 0, 2]].map(std::net::Ipv4Addr::from);
//! let mut world = World::new(WorldConfig::default());
//! let endpoint = EndpointNode::new(Config::new(Role::Pns, here));
//! let pns = world.add_node("pns", &[here], Box::new(endpoint));
//! let pac = world.add_node("pac", &[there], Box::new(TinyPac::default()));
//! let control = ControlImpairments { delay: Duration::from_millis(25), ..ControlImpairments::default() };
//! let link = LinkConfig { control: [control.clone(), control], ..LinkConfig::default() };
//! world.add_link(pns, pac, &link)?;
//!
//! world.command(pns, &Command::OpenControl { to: there })?;
//! while world.advance(Instant(100_000_000)) == Advance::Event {}
//! let place = Command::PlaceCall { connection: None, options: PlaceCall::default() };
//! let Outcome::Call(call) = world.command(pns, &place)? else { panic!("a call was placed") };
//! while world.advance(Instant(150_000_000)) == Advance::Event {}
//! assert_eq!(world.query(pns, &Query::CallState(call)), Some(Value::State("established")));
//!
//! world.command(pns, &Command::ClearCall { call })?;
//! while world.advance(Instant(200_000_000)) == Advance::Event {}
//! assert_eq!(world.query(pns, &Query::CallState(call)), Some(Value::State("idle")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod ahead;
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
mod points;
pub mod record;
pub mod settled;
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
pub use points::{WorldPoint, WorldPoints};
pub use record::{ControlSent, GreSent, Loss, NodeMistake, Record, RecordKind, Span, WorldLimit};
pub use stage::{Stage, Watched};
pub use traffic::Traffic;
pub use world::{Advance, Limits, World, WorldConfig};

//! The two ends of PPTP (RFC 2637) as state machines that do no input or output of their own.
//!
//! # The contract
//!
//! An [`Endpoint`] is a PAC or a PNS. Time and octets go in through [`Endpoint::handle`], wishes through [`Endpoint::command`] and
//! [`Endpoint::send_data`]; what is to be done comes out of [`Endpoint::poll`].
//!
//! **After every mutation drain the outputs until the endpoint answers with its next deadline; only then mutate again.** Each
//! output is to be acted on in its order. The deadline is the instant at which [`Input::Deadline`] is due; an earlier input
//! replaces it by the one that the next draining ends with. A deadline says what runs out then.
//!
//! ```
//! use std::net::Ipv4Addr;
//! use pptp_proto::{Command, Config, Endpoint, Input, Outcome, Output, Role};
//! use pptp_wire::time::{Duration, Instant};
//!
//! let peer = Ipv4Addr::new(10, 0, 0, 2);
//! let mut pns = Endpoint::new(Config::new(Role::Pns, Ipv4Addr::new(10, 0, 0, 1)));
//!
//! // A command is a mutation: drain the outputs behind it.
//! let Ok(Outcome::Connection(connection)) = pns.command(Instant::START, &Command::OpenControl { to: peer }) else {
//!     panic!("an endpoint without connections can open one");
//! };
//! assert_eq!(pns.poll(), Output::Connect { connection, to: peer });
//! let Output::Deadline(Some(deadline)) = pns.poll() else { panic!("nothing else to do") };
//! assert_eq!(deadline.reason.to_string(), "60 s without TCP-Open");
//!
//! // The connection is open: the start exchange begins.
//! let now = Instant::START + Duration::from_millis(50);
//! pns.handle(now, Input::Opened { connection, peer });
//! let mut sent = Vec::new();
//! let deadline = loop {
//!     match pns.poll() {
//!         Output::Send { octets, .. } => sent.extend_from_slice(octets),
//!         Output::Deadline(deadline) => break deadline,
//!         _ => {}
//!     }
//! };
//! assert_eq!(sent.len(), 156); // Start-Control-Connection-Request
//! assert_eq!(deadline.map(|deadline| deadline.at), Some(now + Duration::from_secs(60)));
//! ```
//!
//! # What is in it
//!
//! | part | does | RFC 2637 |
//! |---|---|---|
//! | `connection` | control connections: start, collision, keep-alive, stop, malformed messages | §2.1-§2.6, §3.1 |
//! | `call` | calls at either end, incoming and outgoing; routing of GRE packets | §2.7-§2.15, §3.2 |
//! | [`session`] | the data session of one call | §4 |
//! | `tunnel` | Call IDs of each peer | §3.2.2 |
//! | [`Reached`] | what an endpoint has come to: states, transitions, windows, points of the code | |
//! | `timer`, `outbox` | deadlines in one ordered structure; outputs with their octets in one arena | |
//! | [`Profile`] | behaviour that the RFC leaves open | |
//! | [`Deviations`] | protocol bugs that can be switched on | |
//!
//! Every step of a state machine is told as an [`Event::Transition`] with its row of [`Transition`]; what the peer does wrong is an
//! [`Event::Violation`] with the requirement that it breaks. Nothing here reads a clock, draws from the operating system or
//! depends on addresses in memory: equal configuration and inputs give equal outputs.

#![forbid(unsafe_code)]

mod call;
mod command;
mod config;
mod connection;
mod deadline;
mod deviation;
mod endpoint;
mod event;
pub mod fuzzing;
mod identity;
mod input;
mod outbox;
mod output;
mod profile;
mod random;
mod reached;
mod role;
pub mod session;
mod telephone;
mod timer;
mod transition;
mod tunnel;
mod wan_errors;

pub use call::CallView;
pub use command::{Command, CommandError, Outcome, PlaceCall, Ring};
pub use config::{Config, Limits};
pub use connection::ConnectionView;
pub use deadline::{Cause, Deadline, DeadlineReason};
pub use deviation::{Area, DEVIATIONS, Deviation, DeviationId, Deviations, FoundBy, KnownBug};
pub use endpoint::Endpoint;
pub use event::{Event, LimitKind};
pub use identity::{CallRef, ConnectionId};
pub use input::Input;
pub use output::Output;
pub use profile::*;
pub use reached::{Point, Reached, ReachedItem, WindowState};
pub use role::Role;
pub use session::{DataOutcome, DropReason, Session, SessionConfig, SessionView, Sink};
pub use telephone::{DialOutcome, Telephone};
pub use transition::{Machine, Transition, TransitionRow};
pub use wan_errors::WanErrors;

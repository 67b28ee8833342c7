//! The seam between the world and what stands in it: a node speaks octets, and is told the time.
//!
//! **The contract.** After every call that changes a node ([`Node::handle`], [`Node::command`], [`Node::send_data`],
//! [`Node::restart`]) the world drains [`Node::poll`] until it answers with [`Output::Deadline`]; only then is the node changed
//! again. At the deadline, and not before, the node gets [`Input::Deadline`]. A deadline may be given again and again, moved or
//! taken back with `None`. Time never goes back. Nothing else reaches a node, so equal inputs give equal outputs.
//!
//! Nothing here comes from the endpoint of this project: an implementation that shares no code with it fits the seam as well.

use crate::{Cause, Command, CommandError, ConnectionId, DataOutcome, Outcome, Query, Value};
use core::net::Ipv4Addr;
use pptp_wire::time::Instant;
use pptp_wire::{CallId, Requirement};

/// The part that a node plays (RFC 2637 §1.1).
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Role {
    /// PPTP Access Concentrator.
    Pac,
    /// PPTP Network Server.
    Pns,
}

impl Role {
    /// `PAC` or `PNS`.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Pac => "PAC",
            Role::Pns => "PNS",
        }
    }
}

/// A call, named by the end that is asked or that speaks: its own name for the control connection and its own Call ID.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct CallRef {
    /// The control connection that the call belongs to.
    pub connection: ConnectionId,
    /// The node's own Call ID.
    pub call_id: CallId,
}

/// What reaches a node.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Input<'a> {
    /// A TCP connection is open: one that the node asked for (odd number) or one that it accepts (even number).
    Opened {
        /// The node's name for it.
        connection: ConnectionId,
        /// Address of the other end.
        peer: Ipv4Addr,
    },
    /// Octets of the stream, in order, cut anywhere.
    Octets {
        /// The connection that they came on.
        connection: ConnectionId,
        /// At least one octet.
        octets: &'a [u8],
    },
    /// The other end sends nothing more (FIN).
    Closed {
        /// The connection.
        connection: ConnectionId,
    },
    /// The connection is gone (RST), or was refused.
    Reset {
        /// The connection.
        connection: ConnectionId,
    },
    /// One datagram of IP protocol 47.
    Datagram {
        /// Its source address, which may be forged.
        from: Ipv4Addr,
        /// From the first octet of the GRE header on.
        octets: &'a [u8],
    },
    /// The deadline that the node gave has come.
    Deadline,
}

/// How the octets of one [`Output::Send`] are cut into messages by the tap at the sender's interface.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub enum Unit {
    /// By the Length fields of the stream, as any receiver does it.
    #[default]
    Stream,
    /// They belong to a unit that goes on in the next `Send`, whatever they hold.
    Part,
    /// They are, with the parts before them, one whole unit, whatever they hold.
    Whole,
}

/// What a node does next.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Output<'a> {
    /// Opens a TCP connection to port 1723. The answer is [`Input::Opened`] or [`Input::Reset`].
    Connect {
        /// The next odd number: 1, 3, 5, …
        connection: ConnectionId,
        /// The address to connect to.
        to: Ipv4Addr,
    },
    /// Sends octets on a connection.
    Send {
        /// The connection.
        connection: ConnectionId,
        /// What to send.
        octets: &'a [u8],
        /// How they make up messages.
        unit: Unit,
        /// Why.
        cause: Cause,
    },
    /// Sends nothing more on a connection (FIN). The other direction stays open until the other end closes it.
    Close {
        /// The connection.
        connection: ConnectionId,
        /// Why.
        cause: Cause,
    },
    /// Ends a connection at once (RST).
    Reset {
        /// The connection.
        connection: ConnectionId,
        /// Why.
        cause: Cause,
    },
    /// Sends one datagram of IP protocol 47.
    Datagram {
        /// Source address, where it is to be forged; `None` is the node's own.
        from: Option<Ipv4Addr>,
        /// Destination address.
        to: Ipv4Addr,
        /// From the first octet of the GRE header on.
        octets: &'a [u8],
        /// Why.
        cause: Cause,
    },
    /// Something that no wire shows.
    Event(Event<'a>),
    /// Nothing more to do until something comes in, or until this time. Ends the draining.
    Deadline(Option<Deadline>),
}

/// When a node wants to be called again, and what will have run out by then.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Deadline {
    /// When. A time that has passed counts as now.
    pub at: Instant,
    /// What runs out.
    pub cause: Cause,
    /// Whether nothing but keep-alive timers is left: this one, and any later ones, fire for ever on an idle connection.
    pub keep_alive: bool,
}

/// What a node tells of itself. All of it is optional: a node that tells nothing can still be judged by what it sends.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Event<'a> {
    /// A state machine moved.
    Transition {
        /// Id of the transition, such as `T-CCO-01`, or empty.
        transition: &'static str,
        /// The control connection.
        connection: ConnectionId,
        /// The call, where the machine is that of a call.
        call: Option<CallRef>,
        /// The state before.
        from: &'static str,
        /// The state after.
        to: &'static str,
    },
    /// Data goes up to the user of a call.
    Data {
        /// The call.
        call: CallRef,
        /// The packet's Sequence Number.
        sequence_number: u32,
        /// The PPP frame.
        payload: &'a [u8],
    },
    /// A datagram was thrown away.
    Dropped {
        /// The call, where it could be told.
        call: Option<CallRef>,
        /// Key of the reason, such as `payload-length`.
        reason: &'static str,
        /// The packet's Sequence Number, where it has one.
        sequence_number: Option<u32>,
    },
    /// The other end broke a requirement.
    Violation {
        /// Which.
        requirement: Requirement,
        /// On which connection, where it was on one.
        connection: Option<ConnectionId>,
        /// In which call, where it was in one.
        call: Option<CallRef>,
    },
    /// A limit of the node was reached.
    Limit {
        /// Key of the limit.
        limit: &'static str,
    },
    /// A call is over.
    CallEnded {
        /// The call.
        call: CallRef,
        /// Packets that were accepted from the user and never sent.
        unsent: u32,
    },
    /// The send window is full, and a packet waits.
    WindowFull {
        /// The call.
        call: CallRef,
        /// The window in packets.
        window: u32,
    },
    /// No acknowledgment came in time.
    TimeOut {
        /// The call.
        call: CallRef,
        /// Sequence Number of the packet that timed out.
        of: u32,
    },
}

/// An implementation in the world: sans-I/O, spoken to in octets. See the module's documentation for the contract.
pub trait Node {
    /// Something reached the node.
    fn handle(&mut self, now: Instant, input: Input<'_>);

    /// The next thing that the node does. The world asks until the answer is [`Output::Deadline`].
    fn poll(&mut self, now: Instant) -> Output<'_>;

    /// Performs a command of a script.
    ///
    /// # Errors
    /// [`CommandError::Unsupported`] unless the node offers it; the other errors where its state forbids it.
    fn command(&mut self, now: Instant, command: &Command) -> Result<Outcome, CommandError> {
        let _ = (now, command);
        Err(CommandError::Unsupported)
    }

    /// Takes one PPP frame to send on a call, or says that it has no room now.
    ///
    /// # Errors
    /// [`CommandError::Unsupported`] unless the node offers it; the other errors where the call is not there.
    fn send_data(
        &mut self,
        now: Instant,
        call: CallRef,
        payload: &[u8],
    ) -> Result<DataOutcome, CommandError> {
        let _ = (now, call, payload);
        Err(CommandError::Unsupported)
    }

    /// Looks into the node. `None`: it does not offer that, or there is nothing by that name.
    fn query(&self, query: &Query) -> Option<Value> {
        let _ = query;
        None
    }

    /// The role that it plays, if it plays only one.
    fn role(&self) -> Option<Role> {
        None
    }

    /// Whether what it sends is scripted: findings on it are then shown, and not graded.
    fn is_scripted(&self) -> bool {
        false
    }

    /// Whether a connection to its port 1723 is accepted; otherwise it is refused.
    fn listens(&self) -> bool {
        true
    }

    /// Something will be handed to the node soon: where thousands of nodes take turns, it may ask for what it will need, so that
    /// this has come from far memory by then. Changes nothing.
    fn look_ahead(&self) {}

    /// The world keeps endpoints of this project side by side, rather than each behind a pointer. `None` for every other node.
    #[doc(hidden)]
    fn take_endpoint(&mut self) -> Option<crate::EndpointNode> {
        None
    }

    /// Starts afresh after a crash: forgets connections, calls and timers; keeps its configuration.
    fn restart(&mut self) {}
}

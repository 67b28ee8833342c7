//! What happened in a world, as plain data: every fact that a transcript, a verdict or a capture needs, and no words.

use crate::link::{ImpairmentKind, RuleId};
use crate::model::ModelViolation;
use crate::{
    Cause, ConnectionId, ConnectionNumber, MessageNumber, NodeId, PacketNumber, TrafficId,
};
use core::net::Ipv4Addr;
use pptp_rules::{Finding, Origin};
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{CallId, FramingErrorKind, GreHeader, Requirement};

/// Octets that a record speaks of: a place in the log, see [`World::octets`](crate::World::octets).
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Span {
    /// Offset of the first octet in the log's octets.
    pub start: u32,
    /// How many octets.
    pub length: u32,
}

impl Span {
    /// Whether no octets were kept.
    pub const fn is_empty(self) -> bool {
        self.length == 0
    }
}

/// One fact, with its time.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Record {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: RecordKind,
}

/// What happened. `from` and `to` are the nodes whose interfaces the thing left and was meant for.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum RecordKind {
    /// A node sent the opening segment of a TCP connection (SYN).
    TcpOpen {
        /// The new connection.
        connection: ConnectionNumber,
        /// The opener.
        from: NodeId,
        /// The other end; `None` where nobody owns the address.
        to: Option<NodeId>,
    },
    /// One end learned that the connection is open.
    TcpOpened {
        /// The connection.
        connection: ConnectionNumber,
        /// The end.
        node: NodeId,
        /// That end's name for the connection.
        id: ConnectionId,
    },
    /// The opener was told that nobody accepts the connection.
    TcpRefused {
        /// The connection.
        connection: ConnectionNumber,
        /// The end that refused; the opener itself where no node or no link is there.
        from: NodeId,
        /// The opener.
        to: NodeId,
    },
    /// An end sends nothing more (FIN).
    TcpClose {
        /// The connection.
        connection: ConnectionNumber,
        /// The end that closes.
        from: NodeId,
        /// The other end.
        to: NodeId,
        /// It had received the other end's close before.
        answer: bool,
        /// Why.
        cause: Cause,
    },
    /// A close reached the other end.
    TcpCloseArrived {
        /// The connection.
        connection: ConnectionNumber,
        /// The end that it reached.
        node: NodeId,
    },
    /// An end ended the connection at once (RST).
    TcpReset {
        /// The connection.
        connection: ConnectionNumber,
        /// The end that resets.
        from: NodeId,
        /// The other end.
        to: NodeId,
        /// Why.
        cause: Cause,
    },
    /// A reset reached the other end.
    TcpResetArrived {
        /// The connection.
        connection: ConnectionNumber,
        /// The end that it reached.
        node: NodeId,
    },
    /// A fault cut a connection, or one direction of it, from outside.
    TcpSevered {
        /// The connection.
        connection: ConnectionNumber,
    },
    /// Octets of a control stream passed a node's interface at once, where the world is told to keep octets. Such records are for
    /// captures: they have no number and count towards no limit, so that a run is the same with and without them. What ends with them
    /// is told by the records behind.
    ControlSegment {
        /// The connection.
        connection: ConnectionNumber,
        /// The end that sent them.
        from: NodeId,
        /// The end whose interface they passed: the sender's as it put them on the connection, or the receiver's as they came.
        node: NodeId,
        /// The octets.
        octets: Span,
    },
    /// The last octet of a control message, or of a unit that is none, was put on the sender's interface.
    ControlSent(ControlSent),
    /// The last octet of a message reached the other end.
    ControlArrived {
        /// The message.
        message: MessageNumber,
        /// The connection.
        connection: ConnectionNumber,
        /// The end that it reached.
        node: NodeId,
    },
    /// A targeted rule did something to a message on its way.
    ControlTargeted {
        /// The message.
        message: MessageNumber,
        /// The first rule that did.
        rule: RuleId,
        /// How much later it arrives for that.
        held_up: Duration,
    },
    /// A datagram was put on the sender's interface.
    GreSent(GreSent),
    /// A copy of a datagram reached its destination.
    GreDelivered {
        /// The datagram.
        packet: PacketNumber,
        /// Which copy, from 0.
        copy: u16,
        /// An impairment changed its octets.
        changed: bool,
        /// The end that it reached.
        node: NodeId,
        /// The octets as they arrived, where an impairment changed them and the world is told to keep octets.
        octets: Span,
    },
    /// A datagram, or a copy of it, was lost.
    GreLost {
        /// The datagram.
        packet: PacketNumber,
        /// Where.
        by: Loss,
    },
    /// A targeted rule did something to a datagram.
    GreTargeted {
        /// The datagram.
        packet: PacketNumber,
        /// The first rule that did.
        rule: RuleId,
        /// How much later it arrives for that.
        held_up: Duration,
    },
    /// The link made another copy of a datagram.
    GreDuplicated {
        /// The datagram.
        packet: PacketNumber,
    },
    /// A state machine moved.
    Transition {
        /// The node.
        node: NodeId,
        /// The connection, where it is still known.
        connection: Option<ConnectionNumber>,
        /// The node's own Call ID, where the machine is that of a call.
        call: Option<CallId>,
        /// Id of the transition, or empty.
        transition: &'static str,
        /// The state before.
        from: &'static str,
        /// The state after.
        to: &'static str,
    },
    /// Data went up to the user of a call.
    Data {
        /// The node.
        node: NodeId,
        /// Its own Call ID.
        call: CallId,
        /// The packet's Sequence Number.
        sequence_number: u32,
        /// Counter of the test frame; `None` where the payload is no intact test frame.
        counter: Option<u64>,
        /// Octets of the payload.
        length: u32,
    },
    /// A node threw a datagram away.
    Dropped {
        /// The node.
        node: NodeId,
        /// Its own Call ID, where the call could be told.
        call: Option<CallId>,
        /// Key of the reason.
        reason: &'static str,
        /// The packet's Sequence Number.
        sequence_number: Option<u32>,
    },
    /// A node says that the other end broke a requirement.
    Violation {
        /// The node that says so.
        node: NodeId,
        /// The requirement.
        requirement: Requirement,
        /// The connection, where it was on one.
        connection: Option<ConnectionNumber>,
        /// The node's own Call ID, where it was in a call.
        call: Option<CallId>,
    },
    /// A limit of a node was reached.
    NodeLimit {
        /// The node.
        node: NodeId,
        /// Key of the limit.
        limit: &'static str,
    },
    /// A call is over at a node.
    CallEnded {
        /// The node.
        node: NodeId,
        /// Its own Call ID.
        call: CallId,
        /// Packets that were accepted from the user and never sent.
        unsent: u32,
    },
    /// A send window is full, and a packet waits.
    WindowFull {
        /// The node.
        node: NodeId,
        /// Its own Call ID.
        call: CallId,
        /// The window in packets.
        window: u32,
    },
    /// No acknowledgment came in time.
    TimeOut {
        /// The node.
        node: NodeId,
        /// Its own Call ID.
        call: CallId,
        /// Sequence Number of the packet that timed out.
        of: u32,
    },
    /// A traffic source has nothing more to send.
    TrafficEnded {
        /// The source.
        traffic: TrafficId,
        /// Packets that the node took and did not report as never sent.
        sent: u64,
        /// Packets that were never sent.
        unsent: u64,
    },
    /// A rule found something.
    Finding(Finding),
    /// The reference model found something impossible.
    ModelViolation(ModelViolation),
    /// A node did what the contract of the seam forbids; the world went on without it.
    NodeMistake {
        /// The node.
        node: NodeId,
        /// What it did.
        mistake: NodeMistake,
    },
    /// A node stopped without a word.
    NodeCrashed {
        /// The node.
        node: NodeId,
    },
    /// A crashed node started afresh.
    NodeRestarted {
        /// The node.
        node: NodeId,
    },
    /// A limit of the world was reached: nothing happens any more.
    Limit {
        /// Which.
        limit: WorldLimit,
    },
}

/// A control message, or a unit of octets that is none, as its sender put it on its interface.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ControlSent {
    /// Its number.
    pub message: MessageNumber,
    /// The connection.
    pub connection: ConnectionNumber,
    /// The sender.
    pub from: NodeId,
    /// The other end.
    pub to: NodeId,
    /// All its octets.
    pub octets: Span,
    /// When its first octet was sent.
    pub first_at: Instant,
    /// In how many pieces the sender sent it.
    pub pieces: u16,
    /// Octets in the first piece.
    pub first_piece: u16,
    /// What is wrong with the framing, if anything.
    pub framing: Option<FramingErrorKind>,
    /// Whether the sender is to be judged by it.
    pub origin: Origin,
    /// Why it was sent.
    pub cause: Cause,
}

/// A datagram as its sender put it on its interface.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct GreSent {
    /// Its number.
    pub packet: PacketNumber,
    /// The sender.
    pub from: NodeId,
    /// The owner of the destination address; `None` where nobody owns it.
    pub to: Option<NodeId>,
    /// The source address, where it is forged.
    pub forged: Option<Ipv4Addr>,
    /// The header, where it can be decoded.
    pub header: Option<GreHeader>,
    /// All octets: kept where the header cannot be decoded, or where the world is told to keep them.
    pub octets: Span,
    /// How many octets, from the GRE header on.
    pub length: u32,
    /// Whether the sender is to be judged by it.
    pub origin: Origin,
    /// Why it was sent.
    pub cause: Cause,
}

/// Where a datagram was lost.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Loss {
    /// Nobody owns the destination address.
    NoAddress,
    /// No link joins the two nodes.
    NoLink,
    /// The destination had crashed.
    NodeDown,
    /// The link lost it.
    Link(ImpairmentKind),
}

/// What the contract of [`Node`](crate::Node) forbids.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum NodeMistake {
    /// A connection opened under a number that is not the next odd one.
    ConnectionNumber(ConnectionId),
    /// Something done on a connection that the node never had.
    UnknownConnection(ConnectionId),
    /// Octets sent on a connection that is not open yet, or that the node itself had ended.
    NotOpen(ConnectionId),
    /// More outputs at one time than [`Limits::outputs_at_once`](crate::Limits::outputs_at_once).
    Endless,
}

/// A limit of the world.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum WorldLimit {
    /// Events performed.
    Steps,
    /// Virtual time.
    Time,
    /// Events waiting.
    Queue,
    /// Records written.
    Records,
}

impl WorldLimit {
    /// `steps`, `time`, `queue` or `records`.
    pub const fn name(self) -> &'static str {
        match self {
            WorldLimit::Steps => "steps",
            WorldLimit::Time => "time",
            WorldLimit::Queue => "queue",
            WorldLimit::Records => "records",
        }
    }
}

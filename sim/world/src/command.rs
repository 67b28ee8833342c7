//! What a script tells a node to do, and what it may ask.

use crate::{CallRef, Cause, ConnectionId};
use core::fmt;
use core::net::Ipv4Addr;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{CallId, StopReason};

/// An action of a script. Which of them a node knows depends on its kind and its role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Command {
    /// Opens a control connection and starts it (RFC 2637 §3.1.1).
    OpenControl {
        /// Address of the other end.
        to: Ipv4Addr,
    },
    /// Stops a control connection in order (§3.1).
    CloseControl {
        /// Which; `None`: the only one.
        connection: Option<ConnectionId>,
        /// Reason of the Stop-Control-Connection-Request.
        reason: StopReason,
    },
    /// PNS: asks for an outgoing call (§3.2.4). Gives [`Outcome::Call`], or [`Outcome::Done`] where the call waits for the connection.
    PlaceCall {
        /// Over which control connection; `None`: the only one.
        connection: Option<ConnectionId>,
        /// Fields of the Outgoing-Call-Request.
        options: PlaceCall,
    },
    /// PAC: the telephone rings (§3.2.1). Gives [`Outcome::Call`].
    Ring {
        /// Over which control connection; `None`: the only one.
        connection: Option<ConnectionId>,
        /// Fields of the Incoming-Call-Request.
        options: Ring,
    },
    /// PNS: asks for the end of a call (§2.12).
    ClearCall {
        /// Which.
        call: CallRef,
    },
    /// PAC: ends a call for reasons of its own (§2.13, Result 3).
    DisconnectCall {
        /// Which.
        call: CallRef,
    },
    /// PAC: the line is lost (§2.13, Result 1).
    LoseCarrier {
        /// Which.
        call: CallRef,
    },
    /// PNS: tells the PAC the negotiated PPP options (§2.15).
    SetLinkInfo {
        /// Which call.
        call: CallRef,
        /// Send ACCM.
        send_accm: u32,
        /// Receive ACCM.
        receive_accm: u32,
    },
    /// PAC: errors appear on the line (§2.14).
    CountWanErrors {
        /// Which call.
        call: CallRef,
        /// How many of each kind are new.
        counters: WanErrors,
    },
    /// Scripted node: opens a TCP connection. Gives [`Outcome::Connection`].
    OpenTcp {
        /// Address of the other end.
        to: Ipv4Addr,
    },
    /// Scripted node: sends nothing more on a connection (FIN).
    CloseTcp {
        /// Which; `None`: the only one.
        connection: Option<ConnectionId>,
    },
    /// Scripted node: ends a connection at once (RST).
    ResetTcp {
        /// Which; `None`: the only one.
        connection: Option<ConnectionId>,
    },
    /// Scripted node: sends octets on a connection.
    SendControl {
        /// Which; `None`: the only one.
        connection: Option<ConnectionId>,
        /// The octets.
        send: SendControl,
    },
    /// Scripted node: sends a datagram of IP protocol 47.
    SendGre {
        /// Destination address.
        to: Ipv4Addr,
        /// Source address where it is to be forged.
        from: Option<Ipv4Addr>,
        /// From the first octet of the GRE header on.
        octets: Vec<u8>,
    },
}

/// What an Outgoing-Call-Request may be told (§2.7); `None` leaves a field to the node.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PlaceCall {
    /// Call Serial Number.
    pub call_serial_number: Option<u16>,
    /// Minimum BPS, bits a second.
    pub minimum_bps: Option<u32>,
    /// Maximum BPS, bits a second.
    pub maximum_bps: Option<u32>,
    /// Bearer Type.
    pub bearer_type: Option<u32>,
    /// Framing Type.
    pub framing_type: Option<u32>,
    /// Packet Recv. Window Size, packets.
    pub packet_recv_window_size: Option<u16>,
    /// Packet Processing Delay, tenths of a second.
    pub packet_processing_delay: Option<u16>,
    /// Phone Number, at most 64 octets.
    pub phone_number: String,
    /// Subaddress, at most 64 octets.
    pub subaddress: String,
}

/// What an Incoming-Call-Request may be told (§2.9); `None` leaves a field to the node.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Ring {
    /// Call Serial Number.
    pub call_serial_number: Option<u16>,
    /// Call Bearer Type.
    pub call_bearer_type: Option<u32>,
    /// Physical Channel ID.
    pub physical_channel_id: Option<u32>,
    /// Dialed Number, at most 64 octets.
    pub dialed_number: String,
    /// Dialing Number, at most 64 octets.
    pub dialing_number: String,
    /// Subaddress, at most 64 octets.
    pub subaddress: String,
}

/// Line errors by kind, as WAN-Error-Notify counts them (§2.14).
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct WanErrors {
    /// CRC Errors.
    pub crc_errors: u32,
    /// Framing Errors.
    pub framing_errors: u32,
    /// Hardware Overruns.
    pub hardware_overruns: u32,
    /// Buffer Overruns.
    pub buffer_overruns: u32,
    /// Time-out Errors.
    pub time_out_errors: u32,
    /// Alignment Errors.
    pub alignment_errors: u32,
}

/// Octets that a scripted node sends on a connection.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct SendControl {
    /// The octets.
    pub octets: Vec<u8>,
    /// Offsets at which the octets are cut into segments, ascending; those outside the octets are of no effect.
    pub cuts: Vec<usize>,
    /// Time between two segments.
    pub pause: Duration,
    /// The octets are one unit whatever they hold (malformed messages); otherwise their Length fields cut them.
    pub unit: bool,
}

/// What a command gave.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It is done, or under way.
    Done,
    /// A call was begun.
    Call(CallRef),
    /// A connection was begun.
    Connection(ConnectionId),
}

/// What became of a frame that was handed to a node for sending.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum DataOutcome {
    /// Taken: sent, or kept to be sent.
    Accepted,
    /// No room: offer it again when the node has got something.
    Full,
    /// No PPP frame that a packet can carry: empty or too long.
    Unsendable,
}

/// Why a command was not performed.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum CommandError {
    /// The node does not offer it, or not in its role.
    Unsupported,
    /// Its state forbids it.
    WrongState {
        /// The state that it is in.
        state: &'static str,
    },
    /// There is no such call.
    UnknownCall,
    /// There is no such connection, or none, or more than one where none was named.
    UnknownConnection,
    /// A limit of the node is reached.
    Limit,
    /// The node has crashed.
    Crashed,
}

impl fmt::Display for CommandError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CommandError::Unsupported => formatter.write_str("the node does not offer that"),
            CommandError::WrongState { state } => write!(formatter, "the state {state} forbids it"),
            CommandError::UnknownCall => formatter.write_str("there is no such call"),
            CommandError::UnknownConnection => formatter.write_str("there is no such connection"),
            CommandError::Limit => formatter.write_str("a limit of the node is reached"),
            CommandError::Crashed => formatter.write_str("the node has crashed"),
        }
    }
}

impl core::error::Error for CommandError {}

/// A look into a node.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Query {
    /// State of a control connection (`None`: the only one): [`Value::State`].
    ConnectionState(Option<ConnectionId>),
    /// State of a call, `idle` once it is over: [`Value::State`].
    CallState(CallRef),
    /// The other end's Call ID of a call: [`Value::Number`].
    PeerCallId(CallRef),
    /// The node's own Call ID of the call that the other end knows by this one, on this connection: [`Value::Number`].
    OwnCallId(ConnectionId, CallId),
    /// The send window in packets, of a node that uses one: [`Value::Number`].
    Window(CallRef),
    /// The other end's maximum window in packets: [`Value::Number`].
    PeerMaximumWindow(CallRef),
    /// The adaptive time-out (§4.4): [`Value::Span`].
    AdaptiveTimeOut(CallRef),
    /// Packets sent and neither acknowledged nor given up: [`Value::Number`].
    Unacknowledged(CallRef),
    /// Packets accepted and not yet sent: [`Value::Number`].
    Queued(CallRef),
    /// Sequence Number of the next packet: [`Value::Number`].
    NextSequenceNumber(CallRef),
    /// Send ACCM in force at a PAC: [`Value::Number`].
    SendAccm(CallRef),
    /// Receive ACCM in force at a PAC: [`Value::Number`].
    ReceiveAccm(CallRef),
    /// How many calls there are: [`Value::Number`].
    Calls,
    /// The call at this place, from 0, in an order of the node's own: [`Value::Call`].
    CallAt(u32),
    /// How many control connections there are: [`Value::Number`].
    Connections,
    /// The timer that runs out next: [`Value::Timer`].
    NextTimer,
    /// Whether received data will be acknowledged without anybody's doing: [`Value::Flag`].
    AcknowledgesData,
    /// A word of the set of what the node has come to, also one that has crashed: [`Value::Number`]. The words are those of
    /// [`Reached`](pptp_proto::Reached).
    Reached(usize),
}

/// The answer to a [`Query`].
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Value {
    /// Name of a state, words joined with `-`.
    State(&'static str),
    /// A count or a code.
    Number(u64),
    /// A span of time.
    Span(Duration),
    /// Yes or no.
    Flag(bool),
    /// When something runs out, and what.
    Timer(Instant, Cause),
    /// A call.
    Call(CallRef),
}

impl Value {
    /// The number, if it is one.
    pub const fn number(self) -> Option<u64> {
        match self {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The call, if it is one.
    pub const fn call(self) -> Option<CallRef> {
        match self {
            Value::Call(call) => Some(call),
            _ => None,
        }
    }

    /// The name of the state, if it is one.
    pub const fn state(self) -> Option<&'static str> {
        match self {
            Value::State(state) => Some(state),
            _ => None,
        }
    }
}

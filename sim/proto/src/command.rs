//! What the user of an endpoint can ask of it.

use core::fmt;
use std::net::Ipv4Addr;

use pptp_wire::{CallBearerType, StopReason, Text};

use crate::{CallRef, ConnectionId, WanErrors};

/// Something that a user, an operator or the telephone side asks of an endpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Command {
    /// Open a control connection. Answered with [`Outcome::Connection`].
    OpenControl {
        /// Address of the peer.
        to: Ipv4Addr,
    },
    /// Close a control connection in order.
    CloseControl {
        /// Which; the oldest that stands if not given.
        connection: Option<ConnectionId>,
        /// Reason of the Stop-Control-Connection-Request.
        reason: StopReason,
    },
    /// PNS: place an outgoing call. Answered with [`Outcome::Call`]; with [`Outcome::Done`] where the control connection is still
    /// coming up: then the call is placed as soon as it stands.
    PlaceCall {
        /// On which control connection; the oldest that stands if not given.
        connection: Option<ConnectionId>,
        /// What to ask for.
        options: PlaceCall,
    },
    /// PAC: a telephone line rings. Answered with [`Outcome::Call`].
    Ring {
        /// On which control connection; the oldest that stands if not given.
        connection: Option<ConnectionId>,
        /// Who calls whom.
        options: Ring,
    },
    /// PNS: ask the PAC to end a call (Call-Clear-Request).
    ClearCall {
        /// Which.
        call: CallRef,
    },
    /// PAC: end a call for a reason of one's own (Call-Disconnect-Notify, Result 3).
    DisconnectCall {
        /// Which.
        call: CallRef,
    },
    /// PAC: the telephone side has ended the call (Call-Disconnect-Notify, Result 1).
    LoseCarrier {
        /// Which.
        call: CallRef,
    },
    /// PNS: tell the PAC what PPP has negotiated (Set-Link-Info).
    SetLinkInfo {
        /// Which call.
        call: CallRef,
        /// Send ACCM.
        send_accm: u32,
        /// Receive ACCM.
        receive_accm: u32,
    },
    /// PAC: the line of a call had errors (WAN-Error-Notify, at most one in a minute).
    CountWanErrors {
        /// Which call.
        call: CallRef,
        /// Errors since the last such command; they are added up.
        counters: WanErrors,
    },
}

/// What an Outgoing-Call-Request says (RFC 2637 §2.7). What is `None` comes from the profile.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PlaceCall {
    /// Phone Number; its used octets give Phone Number Length.
    pub phone_number: Text<64>,
    /// Subaddress.
    pub subaddress: Text<64>,
    /// Call Serial Number; counted up otherwise.
    pub call_serial_number: Option<u16>,
    /// Minimum BPS.
    pub minimum_bps: Option<u32>,
    /// Maximum BPS.
    pub maximum_bps: Option<u32>,
    /// Bearer Type.
    pub bearer_type: Option<u32>,
    /// Framing Type.
    pub framing_type: Option<u32>,
    /// Packet Recv. Window Size.
    pub packet_recv_window_size: Option<u16>,
    /// Packet Processing Delay, tenths of a second.
    pub packet_processing_delay: Option<u16>,
}

/// What an Incoming-Call-Request says (RFC 2637 §2.9). What is `None` comes from the profile.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Ring {
    /// Dialed Number; its used octets give Dialed Number Length.
    pub dialed_number: Text<64>,
    /// Dialing Number; its used octets give Dialing Number Length.
    pub dialing_number: Text<64>,
    /// Subaddress.
    pub subaddress: Text<64>,
    /// Call Serial Number; counted up otherwise.
    pub call_serial_number: Option<u16>,
    /// Call Bearer Type.
    pub call_bearer_type: Option<CallBearerType>,
    /// Physical Channel ID; counted up otherwise.
    pub physical_channel_id: Option<u32>,
}

/// What a command that was accepted gives back.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It is done or under way.
    Done,
    /// The connection that is being opened.
    Connection(ConnectionId),
    /// The call that is being set up.
    Call(CallRef),
}

/// Why a command was not accepted. Nothing has changed then.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum CommandError {
    /// Not a thing that this endpoint can do, for instance in its role.
    Unsupported,
    /// Not in the present state of the connection or call.
    WrongState {
        /// That state.
        state: &'static str,
    },
    /// No such call.
    UnknownCall,
    /// No such control connection, or none that stands.
    UnknownConnection,
    /// A limit of the configuration forbids it.
    Limit,
}

impl fmt::Display for CommandError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported => formatter.write_str("not supported by this endpoint"),
            Self::WrongState { state } => write!(formatter, "not possible in state {state}"),
            Self::UnknownCall => formatter.write_str("no such call"),
            Self::UnknownConnection => formatter.write_str("no such control connection"),
            Self::Limit => formatter.write_str("a limit of the configuration is reached"),
        }
    }
}

impl core::error::Error for CommandError {}

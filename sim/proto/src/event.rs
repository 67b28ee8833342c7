//! What an endpoint tells about itself and about its peers.

use core::fmt;

use pptp_wire::Requirement;

use crate::{CallRef, ConnectionId, DropReason, Transition};

/// Something that an endpoint observed. Plain data: nothing of it was sent.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Event<'a> {
    /// A state machine took a transition. State names are those of RFC 2637 §3 with `-` for `_`.
    Transition {
        /// Which.
        transition: Transition,
        /// The control connection, or that of the call.
        connection: ConnectionId,
        /// The call, if it is a transition of one that has a Call ID of this endpoint.
        call: Option<CallRef>,
        /// State before.
        from: &'static str,
        /// State after.
        to: &'static str,
    },
    /// The payload of a GRE packet, in order: one PPP packet.
    Data {
        /// The call.
        call: CallRef,
        /// Its Sequence Number.
        sequence_number: u32,
        /// Exactly Payload Length octets.
        payload: &'a [u8],
    },
    /// A GRE packet, or its payload, was thrown away (`HDR-018`).
    Dropped {
        /// The call that it was for, where one could be told.
        call: Option<CallRef>,
        /// Why.
        reason: DropReason,
        /// Its Sequence Number, where it had one.
        sequence_number: Option<u32>,
    },
    /// The peer did what the protocol forbids.
    Violation {
        /// What it broke.
        requirement: Requirement,
        /// The control connection.
        connection: Option<ConnectionId>,
        /// The call.
        call: Option<CallRef>,
    },
    /// A limit of the configuration was reached and something was refused, dropped or released for it.
    Limit {
        /// Which.
        limit: LimitKind,
    },
    /// A call is over; its Call ID may name nothing or another call from here on.
    CallEnded {
        /// Which.
        call: CallRef,
        /// Payloads that were accepted and never sent.
        unsent: u32,
    },
    /// The transmit window of a call is full: data waits (RFC 2637 §4.2).
    WindowFull {
        /// Which call.
        call: CallRef,
        /// Its size in packets.
        window: u32,
    },
    /// An acknowledgment did not come in time (RFC 2637 §4.4).
    TimeOut {
        /// Which call.
        call: CallRef,
        /// Sequence number of the oldest packet that waited.
        of: u32,
    },
}

/// What is bounded at an endpoint.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum LimitKind {
    /// Standing control connections: a start request was refused with Result 2, Error 4.
    Connections,
    /// TCP connections without a start exchange: one was reset.
    PendingConnections,
    /// Calls of one control connection: a call was refused.
    Calls,
    /// Call IDs of one tunnel that are neither in use nor released too recently: a call was refused.
    CallIds,
    /// Call IDs that are kept out of use for a while: the oldest was let go early.
    ReleasedCallIds,
}

impl LimitKind {
    /// Every kind.
    pub const ALL: &'static [LimitKind] = &[
        LimitKind::Connections,
        LimitKind::PendingConnections,
        LimitKind::Calls,
        LimitKind::CallIds,
        LimitKind::ReleasedCallIds,
    ];

    /// The word of scenarios and transcripts, such as `pending-connections`.
    pub const fn key(self) -> &'static str {
        match self {
            LimitKind::Connections => "connections",
            LimitKind::PendingConnections => "pending-connections",
            LimitKind::Calls => "calls",
            LimitKind::CallIds => "call-ids",
            LimitKind::ReleasedCallIds => "released-call-ids",
        }
    }
}

impl fmt::Display for LimitKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.key())
    }
}

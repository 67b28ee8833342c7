//! What `do` can have a node do.

use pptp_wire::time::Duration;

use super::{Name, NodeIndex};

/// One `do`, without the node.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Action {
    /// `open-control to=NODE`: open a TCP connection and start the control connection on it.
    OpenControl {
        /// The other end.
        to: NodeIndex,
        /// `connection=`: the name that the new connection gets.
        connection: Option<Name>,
    },
    /// `close-control reason=1`.
    CloseControl {
        /// `connection=`, where the node has more than one.
        connection: Option<Name>,
        /// The Reason of the Stop-Control-Connection-Request (RFC 2637 §2.3); 1 where the line names none.
        reason: u8,
    },
    /// `place-call call=c1 …` (PNS): send an Outgoing-Call-Request.
    PlaceCall {
        /// The name that the call gets.
        call: Option<Name>,
        /// `connection=`.
        connection: Option<Name>,
        /// What the request carries.
        options: PlaceCallOptions,
    },
    /// `ring call=c1 …` (PAC): the telephone rings; send an Incoming-Call-Request.
    Ring {
        /// The name that the call gets.
        call: Option<Name>,
        /// `connection=`.
        connection: Option<Name>,
        /// What the request carries.
        options: RingOptions,
    },
    /// `clear-call` (PNS): send a Call-Clear-Request.
    ClearCall {
        /// Which call.
        call: Name,
    },
    /// `disconnect-call` (PAC): send a Call-Disconnect-Notify with Result 3.
    DisconnectCall {
        /// Which call.
        call: Name,
    },
    /// `lose-carrier` (PAC): the line drops; send a Call-Disconnect-Notify with Result 1.
    LoseCarrier {
        /// Which call.
        call: Name,
    },
    /// `set-link-info` (PNS).
    SetLinkInfo {
        /// Which call.
        call: Name,
        /// The two maps.
        options: SetLinkInfoOptions,
    },
    /// `count-wan-errors` (PAC): the line reports so many more errors.
    CountWanErrors {
        /// Which call.
        call: Name,
        /// How many more of each.
        counters: WanErrorCounters,
    },
    /// `send-data call=c1 packets=200 bytes=512 every="5ms"`: background work.
    SendData {
        /// Which call.
        call: Name,
        /// How many packets.
        packets: u64,
        /// Payload Length of each.
        bytes: u16,
        /// Time from one to the next; without it as fast as the window allows.
        every: Option<Duration>,
    },
}

/// Fields of the Outgoing-Call-Request that `place-call` may set; the node's own values stand where it does not.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PlaceCallOptions {
    /// `phone-number=`.
    pub phone_number: Option<String>,
    /// `subaddress=`.
    pub subaddress: Option<String>,
    /// `minimum-bps=`.
    pub minimum_bps: Option<u32>,
    /// `maximum-bps=`.
    pub maximum_bps: Option<u32>,
    /// `bearer-type=`.
    pub bearer_type: Option<u32>,
    /// `framing-type=`.
    pub framing_type: Option<u32>,
}

/// Fields of the Incoming-Call-Request that `ring` may set.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RingOptions {
    /// `dialed-number=`.
    pub dialed_number: Option<String>,
    /// `dialing-number=`.
    pub dialing_number: Option<String>,
    /// `subaddress=`.
    pub subaddress: Option<String>,
    /// `call-bearer-type=`.
    pub call_bearer_type: Option<u32>,
    /// `physical-channel-id=`.
    pub physical_channel_id: Option<u32>,
}

/// The maps of a Set-Link-Info; 0xFFFFFFFF where the line names none (RFC 2637 §2.15).
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SetLinkInfoOptions {
    /// `send-accm=`.
    pub send_accm: u32,
    /// `receive-accm=`.
    pub receive_accm: u32,
}

/// Errors that `count-wan-errors` adds (RFC 2637 §2.14); 0 where the line names none.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct WanErrorCounters {
    /// `crc-errors=`.
    pub crc_errors: u32,
    /// `framing-errors=`.
    pub framing_errors: u32,
    /// `hardware-overruns=`.
    pub hardware_overruns: u32,
    /// `buffer-overruns=`.
    pub buffer_overruns: u32,
    /// `time-out-errors=`.
    pub time_out_errors: u32,
    /// `alignment-errors=`.
    pub alignment_errors: u32,
}

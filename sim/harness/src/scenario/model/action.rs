//! What `do` can have a node do.

use pptp_wire::time::Duration;
use pptp_world::{PlaceCall, Ring, WanErrors};

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
        options: PlaceCall,
    },
    /// `ring call=c1 …` (PAC): the telephone rings; send an Incoming-Call-Request.
    Ring {
        /// The name that the call gets.
        call: Option<Name>,
        /// `connection=`.
        connection: Option<Name>,
        /// What the request carries.
        options: Ring,
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
        counters: WanErrors,
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

/// The maps of a Set-Link-Info; 0xFFFFFFFF where the line names none (RFC 2637 §2.15).
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SetLinkInfoOptions {
    /// `send-accm=`.
    pub send_accm: u32,
    /// `receive-accm=`.
    pub receive_accm: u32,
}

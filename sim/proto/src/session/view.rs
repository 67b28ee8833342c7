//! What a session answers and shows.

use pptp_wire::time::Duration;

/// What became of a payload that was offered for sending.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum DataOutcome {
    /// It was sent, or waits in the transmit buffer for the window to open.
    Accepted,
    /// The transmit buffer is full: offer it again later (RFC 2637 §4.2.4, WIN-008).
    Full,
    /// It has no octets, or more than Payload Length can say, or the session is over.
    Unsendable,
}

/// A session seen from outside.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct SessionView {
    /// The transmit window in packets (RFC 2637 §4.2).
    pub window: u32,
    /// The most that the peer allows: its Packet Recv. Window Size, or the model's maximum where that is 0 (AMB-03).
    pub peer_maximum_window: u32,
    /// The time-out of the next packet (RFC 2637 §4.4.1).
    pub adaptive_time_out: Duration,
    /// Packets sent that an acknowledgment can still cover: neither acknowledged nor given up by a time-out.
    pub unacknowledged: u32,
    /// Packets in the transmit buffer.
    pub queued: u32,
    /// The number of the next data packet.
    pub next_sequence_number: u32,
    /// Highest sequence number received, if any.
    pub highest_received: Option<u32>,
    /// ACCM for what the PAC sends on the dial link; 0xFFFFFFFF until a Set-Link-Info (SLI-005).
    pub send_accm: u32,
    /// ACCM for what the PAC receives from the dial link; 0xFFFFFFFF until a Set-Link-Info (SLI-005).
    pub receive_accm: u32,
}

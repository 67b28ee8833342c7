//! What a capture shows of TCP connections and GRE, in order.

use std::net::{Ipv4Addr, SocketAddrV4};

use pptp_wire::time::Instant;

/// Number and time of a frame.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd)]
pub struct Stamp {
    /// Number of the frame, from 1, in file order.
    pub frame: u64,
    /// Time since the first frame, or since the start of the run in captures of simulated runs.
    pub at: Instant,
}

/// One end's half of a TCP connection: who sends on which connection.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Flow {
    /// Number of the connection, from 0, in the order in which they were recognised.
    pub connection: u32,
    /// Who sends.
    pub from: SocketAddrV4,
    /// To whom.
    pub to: SocketAddrV4,
}

/// One thing that the capture shows. Events of connections that carry something other than PPTP are left out.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Event<'a> {
    /// A SYN: `from` wants to open the connection.
    TcpOpening(Flow),
    /// The connection is open: the third segment of the handshake from `from`, who opened it, or, where the capture begins in the
    /// middle, the first segment that it holds.
    TcpOpened {
        /// `from` is the end that opened it (where the capture does not show that: the end whose port is not 1723).
        flow: Flow,
        /// Whether the capture holds the connection's beginning.
        start_seen: bool,
    },
    /// The next octets of the stream.
    TcpOctets {
        /// Who sent them.
        flow: Flow,
        /// At least one octet, all from one segment.
        octets: &'a [u8],
        /// The frame that brought them; earlier than the event's where they waited for an earlier segment.
        arrived: Stamp,
        /// Whether the first of them is the first octet of a segment.
        starts_segment: bool,
    },
    /// Octets of the stream that the capture does not hold.
    TcpMissing {
        /// Who sent them.
        flow: Flow,
        /// How many; 0 where that is unknown.
        count: u64,
    },
    /// A FIN, behind the last octet of its sender.
    TcpClosed(Flow),
    /// A reset.
    TcpReset(Flow),
    /// Nothing more will come of this connection: it is over, its ports were used again, the capture ends, or it was forgotten to
    /// bound memory.
    TcpEnded(Flow),
    /// A GRE packet of version 1, or with PPTP's protocol type.
    Gre {
        /// Source address of the packet that carries it.
        from: Ipv4Addr,
        /// Destination address of the packet that carries it.
        to: Ipv4Addr,
        /// The captured octets from the GRE header on, without link-layer padding.
        octets: &'a [u8],
        /// Octets that were sent; more than `octets` where the capture cut them.
        sent_length: usize,
        /// Identification of the IPv4 packet.
        identification: u16,
    },
}

/// Takes events as they are found.
pub type Observer<'o> = dyn FnMut(Stamp, Event<'_>) + 'o;

//! What happens to an endpoint.

use std::net::Ipv4Addr;

use crate::ConnectionId;

/// Something that reached an endpoint from the network, or the instant that it had asked for.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Input<'a> {
    /// A TCP connection is open: one that the endpoint asked for (odd number), or one that came in on port 1723 (even).
    Opened {
        /// Which.
        connection: ConnectionId,
        /// Address of the other end.
        peer: Ipv4Addr,
    },
    /// Octets of the TCP stream, in order, cut anywhere.
    Octets {
        /// On which connection.
        connection: ConnectionId,
        /// What arrived.
        octets: &'a [u8],
    },
    /// The other end has closed its direction of the connection (FIN).
    Closed {
        /// Which connection.
        connection: ConnectionId,
    },
    /// The connection was reset, or could not be opened (RST).
    Reset {
        /// Which connection.
        connection: ConnectionId,
    },
    /// An IP datagram of protocol 47.
    Datagram {
        /// Source address of the IP header.
        from: Ipv4Addr,
        /// Everything behind the IP header: from the GRE header on.
        octets: &'a [u8],
    },
    /// The instant of the last [`crate::Output::Deadline`] has come.
    Deadline,
}

//! What an endpoint wants done.

use std::net::Ipv4Addr;

use crate::{Cause, ConnectionId, Deadline, Event};

/// One thing that an endpoint wants done or has to tell; the next instant at which it wants to be called is always the last.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Output<'a> {
    /// Open a TCP connection to port 1723 (`TR-001`).
    Connect {
        /// The number that the connection is to have; odd.
        connection: ConnectionId,
        /// Address of the other end.
        to: Ipv4Addr,
    },
    /// Send one control message.
    Send {
        /// On which connection.
        connection: ConnectionId,
        /// The whole message.
        octets: &'a [u8],
        /// Why it is sent.
        cause: Cause,
    },
    /// Close the connection after everything sent before (FIN, `TR-014`). The endpoint has forgotten it: what still arrives
    /// on it is of no interest.
    Close {
        /// Which connection.
        connection: ConnectionId,
        /// Why.
        cause: Cause,
    },
    /// Reset the connection (RST), also one that is still opening.
    Reset {
        /// Which connection.
        connection: ConnectionId,
        /// Why.
        cause: Cause,
    },
    /// Send an IP datagram of protocol 47.
    Datagram {
        /// Destination address.
        to: Ipv4Addr,
        /// Everything behind the IP header.
        octets: &'a [u8],
        /// Why it is sent.
        cause: Cause,
    },
    /// Something that the endpoint observed.
    Event(Event<'a>),
    /// There is nothing more to do; call again with [`crate::Input::Deadline`] at this instant, if there is one.
    Deadline(Option<Deadline>),
}

//! How connections and calls are named at one endpoint.

use pptp_wire::CallId;

/// One TCP connection of an endpoint. Odd numbers are picked by the endpoint in [`crate::Output::Connect`]; even ones by
/// its surroundings for connections that it accepts.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct ConnectionId(pub u32);

impl ConnectionId {
    /// Whether this endpoint opened the connection, and so is its originator (RFC 2637 §3.1).
    pub const fn is_own(self) -> bool {
        self.0 & 1 == 1
    }
}

/// One call of an endpoint.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct CallRef {
    /// The control connection that the call belongs to.
    pub connection: ConnectionId,
    /// The Call ID that this endpoint assigned to it.
    pub call_id: CallId,
}

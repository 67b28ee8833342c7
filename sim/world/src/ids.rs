//! Small numbers that name what stands in a world.

/// A node, numbered from 0 in the order in which the world was told of it.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct NodeId(pub u16);

impl NodeId {
    /// The number as a place in an array.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A link between two nodes, numbered from 0 in the order in which it was added.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct LinkId(pub u16);

impl LinkId {
    /// The number as a place in an array.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One TCP connection in the world, numbered from 0 in the order of the opening segments. Never used again.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct ConnectionNumber(pub u32);

impl ConnectionNumber {
    /// The number as a place in an array.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// One GRE datagram that a node (or an injection) put on its interface, numbered from 0. Copies of it share the number.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct PacketNumber(pub u64);

/// One control message (or one unit of octets that is none), numbered from 0 in the order in which last octets were sent.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct MessageNumber(pub u64);

/// One traffic source, numbered from 0.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct TrafficId(pub u32);

/// One end's name for a TCP connection: odd where the node opened it (it picks the number in
/// [`Output::Connect`](crate::Output::Connect)), even where the node accepted it (the world picks it).
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct ConnectionId(pub u32);

impl ConnectionId {
    /// Whether the node that uses this name opened the connection.
    pub const fn is_own(self) -> bool {
        self.0 % 2 == 1
    }
}

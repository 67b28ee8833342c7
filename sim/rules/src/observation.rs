//! What a tap sees: connection events, control messages and GRE packets, each with time, place, and the two ends.

use pptp_wire::FramingErrorKind;
use pptp_wire::time::Instant;

/// An address that speaks. The feeder numbers them: a capture reader by address, a simulated world by node.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub struct End(pub u16);

/// One TCP connection. The feeder numbers them and never uses a number again.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub struct Connection(pub u32);

/// Where the tap sits.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub enum Place {
    /// On the sender's interface: what the sender did, exactly when it did it.
    Sent,
    /// On the receiver's interface: what the receiver knows from then on.
    Arrived,
    /// Somewhere on the path, as in captures: one observation counts as both, and what the path may have done is not judged.
    Passing,
}

/// Who is answerable for the octets.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash, Debug)]
pub enum Origin {
    /// The end itself.
    Own,
    /// A third party that injected them, a script, or an impairment that changed them: findings are shown and not graded.
    Foreign,
    /// Partly the end and partly others, or nobody can tell any more: its octets and foreign ones stand in one message, or behind foreign
    /// octets that are no message. Findings are shown and not graded, and what the end meant to say is not known.
    Spoiled,
}

/// One thing that a tap saw.
#[derive(Copy, Clone, Debug)]
pub struct Observation<'a> {
    /// The feeder's number: of a frame in a capture, of a record in a run. Findings cite it.
    pub number: u64,
    /// When it was seen. Observations come in the order of time.
    pub at: Instant,
    /// Where it was seen.
    pub place: Place,
    /// The end that sent it.
    pub from: End,
    /// The end that it is for.
    pub to: End,
    /// Who is answerable for it.
    pub origin: Origin,
    /// What it was.
    pub event: Event<'a>,
}

/// What was seen.
#[derive(Copy, Clone, Debug)]
pub enum Event<'a> {
    /// `from` attempts to open a TCP connection to `to`: its SYN.
    ConnectionOpening(Connection),
    /// The TCP connection is open; `from` is the end that opened it.
    ConnectionOpened(Connection),
    /// The TCP connection was there before the observation began; `from` is taken to be the end that opened it.
    ConnectionUnderway(Connection),
    /// Octets of the control stream.
    Control {
        /// The connection that carries them.
        connection: Connection,
        /// One framed message, or the junk in which the stream lost step.
        octets: &'a [u8],
        /// Why the octets are no message, where a framer refused them.
        framing: Option<FramingErrorKind>,
    },
    /// What `from` has begun to send makes a receiver lose step, and is not whole yet.
    LosingStep(Connection),
    /// `from` closes its half of the TCP connection: its FIN.
    ConnectionClosed(Connection),
    /// `from` resets, or refuses, the TCP connection: its RST.
    ConnectionReset(Connection),
    /// A GRE packet.
    Gre {
        /// The octets after the IP header, as many as the IP header says.
        octets: &'a [u8],
        /// The Identification field of the IPv4 header, where the tap saw one: it tells what the sender did from what the path did.
        ip_identification: Option<u16>,
    },
}

//! TCP connections: what both ends and what is on the way between them.

use super::tap::Tap;
use crate::link::ControlStream;
use crate::luck::Direction;
use crate::{ConnectionId, LinkId, MessageNumber, NodeId, Span};
use pptp_rules::Origin;
use pptp_wire::FramingErrorKind;
use pptp_wire::ahead::{Beginning, lines_of};
use pptp_wire::collections::Few;
use pptp_wire::time::Instant;

/// The opening segment (SYN).
pub(crate) const MARK_OPEN: u32 = 0;
/// Its answer (SYN and ACK).
pub(crate) const MARK_ACCEPT: u32 = 1;
/// The third segment, which opens the connection for the end that accepted it.
pub(crate) const MARK_OPENED: u32 = 2;
/// RST.
pub(crate) const MARK_RESET: u32 = 3;

/// How one end stands.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum EndState {
    /// The handshake has not come to it, or not to its end.
    Opening,
    /// Open.
    Open,
    /// Ended by RST, or given up while it was opening. What arrives is of no interest.
    Gone,
    /// Forgotten in a crash, or given up before it was open: what arrives is answered with RST.
    Forgotten,
}

/// One end of a connection.
#[derive(Debug)]
pub(crate) struct ConnectionEnd {
    pub node: NodeId,
    /// The node's name for the connection; 0 until it has one.
    pub id: ConnectionId,
    pub state: EndState,
    /// It has sent FIN.
    pub closed: bool,
    /// When its FIN arrives, unless the path is stalled then.
    pub close_arrives: Instant,
    /// It has got FIN.
    pub got_close: bool,
    /// It has closed or lost the connection: no call of the node lives on it.
    pub over: bool,
    /// A fault has closed its direction: what it sends goes nowhere.
    pub severed: bool,
}

impl ConnectionEnd {
    pub(crate) fn new(node: NodeId, id: ConnectionId) -> ConnectionEnd {
        ConnectionEnd {
            node,
            id,
            state: EndState::Opening,
            closed: false,
            close_arrives: Instant::NEVER,
            got_close: false,
            over: false,
            severed: false,
        }
    }
}

/// What one end sends.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Half {
    /// When an event in the queue will look at the stream; `NEVER`: none.
    pub wake: Instant,
    /// Octets that have arrived.
    pub arrived: u64,
    /// Messages that have not arrived whole.
    pub pending: Few<Pending>,
    pub stream: ControlStream,
    pub tap: Tap,
    /// Foreign octets stand in the message that is not complete, or have made the stream lose step: what follows is not the sender's.
    pub foreign: bool,
}

/// A message on its way.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Pending {
    pub message: MessageNumber,
    pub octets: Span,
    /// Place in the stream behind its last octet.
    pub end: u64,
    pub framing: Option<FramingErrorKind>,
    pub origin: Origin,
}

impl Half {
    pub(crate) fn new() -> Half {
        Half {
            tap: Tap::new(),
            foreign: false,
            stream: ControlStream::new(),
            wake: Instant::NEVER,
            pending: Few::new(),
            arrived: 0,
        }
    }
}

/// One connection. Side 0 is the opener's. What every event asks for comes first, in whole lines of the cache.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Connection {
    beginning: Beginning,
    pub ends: [ConnectionEnd; 2],
    /// The link; `None` where there is none, and the connection is refused.
    pub link: Option<LinkId>,
    /// Which way along the link the opener sends.
    pub direction: Direction,
    /// What each side sends.
    pub halves: [Half; 2],
}

impl Connection {
    /// A connection on which nothing was sent.
    pub(crate) fn new(
        ends: [ConnectionEnd; 2],
        link: Option<LinkId>,
        direction: Direction,
    ) -> Connection {
        Connection {
            beginning: Beginning::NEW,
            ends,
            link,
            direction,
            halves: [Half::new(), Half::new()],
        }
    }

    /// Asks for its memory.
    #[inline]
    pub(crate) fn look_ahead(&self) {
        self.beginning.ask_for(lines_of::<Connection>());
    }

    /// Which way along the link a side sends.
    pub(crate) fn direction_of(&self, side: usize) -> Direction {
        if side == 0 {
            self.direction
        } else {
            self.direction.reversed()
        }
    }

    /// Both directions are closed, or one end is gone: nothing more comes of it.
    pub(crate) fn is_finished(&self) -> bool {
        let closed = self.ends.iter().all(|end| end.closed);
        closed || self.ends.iter().any(|end| end.state == EndState::Gone)
    }
}

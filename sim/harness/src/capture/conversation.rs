//! Sequence and acknowledgment numbers of one TCP connection, as one node's interface shows them.

use std::collections::VecDeque;
use std::net::SocketAddrV4;

use pptp_wire::time::{Duration, Instant};

use super::packet::Segment;
use super::tcp::{ACK, FIN, SYN};

/// One end of a connection.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) enum Side {
    Opener,
    Acceptor,
}

impl Side {
    fn other(self) -> Side {
        match self {
            Side::Opener => Side::Acceptor,
            Side::Acceptor => Side::Opener,
        }
    }
}

/// What one end has sent and received.
#[derive(Debug)]
pub(super) struct End {
    address: SocketAddrV4,
    /// Sequence number of the next octet that it sends.
    pub(super) next: u32,
    /// Everything of the other end before this sequence number has reached it; `None` before the first SYN has.
    received: Option<u32>,
    /// The acknowledgment number that it sent last.
    acknowledged: Option<u32>,
    /// When what the other end sent is taken to have reached it, as seen at this interface.
    arriving: VecDeque<(Instant, u32)>,
}

/// One connection.
#[derive(Debug)]
pub(super) struct Conversation {
    opener: End,
    acceptor: End,
    opened_at: Instant,
    pub(super) round_trip: Duration,
    pub(super) accepted: bool,
    pub(super) established: bool,
}

impl Conversation {
    /// A connection of which nothing was sent yet. `opening` counts the connections between the same ends.
    pub(super) fn new(
        at: Instant,
        opener: SocketAddrV4,
        acceptor: SocketAddrV4,
        opening: u32,
    ) -> Self {
        let end = |address: SocketAddrV4, other: SocketAddrV4| End {
            address,
            next: initial_sequence_number(address, other, opening),
            received: None,
            acknowledged: None,
            arriving: VecDeque::new(),
        };
        Conversation {
            opener: end(opener, acceptor),
            acceptor: end(acceptor, opener),
            opened_at: at,
            round_trip: Duration::ZERO,
            accepted: false,
            established: false,
        }
    }

    pub(super) fn side(&self, side: Side) -> &End {
        match side {
            Side::Opener => &self.opener,
            Side::Acceptor => &self.acceptor,
        }
    }

    fn side_mut(&mut self, side: Side) -> &mut End {
        match side {
            Side::Opener => &mut self.opener,
            Side::Acceptor => &mut self.acceptor,
        }
    }

    /// The handshake is complete: how long it took is the round trip.
    pub(super) fn establish(&mut self, at: Instant) {
        self.established = true;
        self.round_trip = at.since(self.opened_at);
    }

    /// The next segment of `side`.
    pub(super) fn segment<'a>(&mut self, side: Side, flags: u8, octets: &'a [u8]) -> Segment<'a> {
        let to = self.side(side.other()).address;
        let end = self.side_mut(side);
        let segment = Segment {
            from: end.address,
            to,
            sequence_number: end.next,
            acknowledgment_number: if flags & ACK != 0 {
                end.received.unwrap_or(0)
            } else {
                0
            },
            flags,
            octets,
        };
        if flags & ACK != 0 {
            end.acknowledged = end.received;
        }
        let numbered =
            octets.len() as u32 + u32::from(flags & SYN != 0) + u32::from(flags & FIN != 0);
        end.next = end.next.wrapping_add(numbered);
        let next = end.next;
        if flags & SYN != 0 {
            // Whatever follows a SYN here follows its arrival.
            self.side_mut(side.other()).received = Some(next);
            self.accepted |= side == Side::Acceptor;
        }
        segment
    }

    /// What `side` has sent so far reaches the other end, and the acknowledgment of it this interface, at `at`.
    pub(super) fn expect_acknowledgment(&mut self, side: Side, at: Instant) {
        let next = self.side(side).next;
        self.side_mut(side.other()).arriving.push_back((at, next));
    }

    /// Lets arrive what is due at `at`.
    pub(super) fn receive_until(&mut self, at: Instant) {
        for end in [&mut self.opener, &mut self.acceptor] {
            while let Some((_, next)) = end.arriving.pop_front_if(|(due, _)| *due <= at) {
                end.received = Some(next);
            }
        }
    }

    /// Whether `side` has received something that it did not acknowledge.
    pub(super) fn owes_acknowledgment(&self, side: Side) -> bool {
        let end = self.side(side);
        end.received.is_some() && end.received != end.acknowledged && self.established
    }
}

/// Differs between connections and is the same in every node's file.
fn initial_sequence_number(own: SocketAddrV4, other: SocketAddrV4, opening: u32) -> u32 {
    let word = |address: SocketAddrV4| {
        u64::from(u32::from(*address.ip())) << 16 | u64::from(address.port())
    };
    let mut mixed =
        word(own).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ word(other) ^ u64::from(opening) << 48;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) as u32
}

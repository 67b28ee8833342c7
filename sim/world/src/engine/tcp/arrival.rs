//! What arrives on connections, and which end it meets in which state.

use crate::engine::connection::{EndState, MARK_ACCEPT, MARK_OPEN, MARK_OPENED, MARK_RESET};
use crate::engine::network::Network;
use crate::link::Arrival;
use crate::{Carried, Cause, ConnectionId, ConnectionNumber, Departure, NodeId, WorldPoint};
use core::net::Ipv4Addr;
use pptp_wire::time::Instant;

/// What a node is to be told.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Arrived {
    /// Nothing.
    Nothing,
    /// A connection is open.
    Opened {
        node: NodeId,
        connection: ConnectionId,
        peer: Ipv4Addr,
    },
    /// The octets in [`Network::scratch`] came.
    Octets {
        node: NodeId,
        connection: ConnectionId,
    },
    /// The other end's FIN.
    Closed {
        node: NodeId,
        connection: ConnectionId,
    },
    /// RST, or a refusal.
    Reset {
        node: NodeId,
        connection: ConnectionId,
    },
}

impl Network {
    /// Something is due on a half connection: takes one thing from its stream.
    pub(crate) fn segment(&mut self, half: u32) -> Arrived {
        let (number, side) = (ConnectionNumber(half / 2), (half % 2) as usize);
        let connection = &mut self.connections[number.index()];
        connection.halves[side].wake = Instant::NEVER;
        let receiver = connection.ends[1 - side].node;
        self.busy_halves -= 1;
        // A carrier takes what is for a crashed node as well: it is on its way.
        if !self.hosts[receiver.index()].up && self.departures.is_none() {
            return Arrived::Nothing;
        }
        let taken = self.take_due(number, side);
        self.wake(number, side);
        match taken {
            None => Arrived::Nothing,
            Some(taken) if self.is_carried(number) => {
                self.hand_over(number, side, taken);
                Arrived::Nothing
            }
            Some(taken) => self.take_in(number, side, taken),
        }
    }

    /// Takes what is due now from a half connection; octets come to lie in `scratch`.
    #[inline]
    fn take_due(&mut self, number: ConnectionNumber, side: usize) -> Option<Taken> {
        let Network {
            connections,
            links,
            now,
            scratch,
            ..
        } = self;
        let connection = &mut connections[number.index()];
        let direction = connection.direction_of(side);
        let stream = &mut connection.halves[side].stream;
        let taken = match connection.link {
            Some(link) => stream.take(links[link.index()].link.control_ref(direction), *now),
            None => Some(Arrival::Mark(MARK_RESET)),
        };
        Some(match taken? {
            Arrival::Octets(octets) => {
                scratch.clear();
                scratch.extend_from_slice(octets);
                Taken::Octets
            }
            Arrival::Mark(mark) => Taken::Mark(mark),
            Arrival::End => Taken::End,
            Arrival::Reset => Taken::Mark(MARK_RESET),
        })
    }

    /// Hands over to the carrier whatever is due now.
    pub(crate) fn hand_over_due(&mut self) {
        for number in (0..self.connections.len() as u32).map(ConnectionNumber) {
            for side in 0..2 {
                while self.is_carried(number)
                    && let Some(taken) = self.take_due(number, side)
                {
                    self.hand_over(number, side, taken);
                }
            }
        }
    }

    /// Whether somebody else carries what is sent on a connection. A connection to nowhere ends in its opener's own host.
    fn is_carried(&self, number: ConnectionNumber) -> bool {
        self.departures.is_some() && self.connections[number.index()].link.is_some()
    }

    /// Something leaves for the carrier.
    fn hand_over(&mut self, number: ConnectionNumber, side: usize, taken: Taken) {
        let carried = match taken {
            Taken::Octets => Carried::Octets(core::mem::take(&mut self.scratch)),
            Taken::End => Carried::Close,
            Taken::Mark(MARK_OPEN) => Carried::Opening,
            Taken::Mark(MARK_ACCEPT) => Carried::Accepted,
            Taken::Mark(MARK_OPENED) => Carried::Confirmed,
            Taken::Mark(_) => Carried::Reset,
        };
        let (from, to) = self.nodes_of(number, side);
        let departure = Departure {
            at: self.now,
            connection: number,
            by_opener: side == 0,
            from,
            to,
            carried,
        };
        self.departures.get_or_insert_default().push(departure);
    }

    /// Something sent by `side` has arrived at the other end.
    pub(crate) fn take_in(
        &mut self,
        number: ConnectionNumber,
        side: usize,
        taken: Taken,
    ) -> Arrived {
        let other = 1 - side;
        let state = self.connections[number.index()].ends[other].state;
        match (taken, state) {
            (Taken::Mark(MARK_RESET), EndState::Opening | EndState::Open) => {
                self.reset_arrived(number, side)
            }
            (Taken::Mark(MARK_RESET), _) | (_, EndState::Gone) => Arrived::Nothing,
            (_, EndState::Forgotten) => {
                self.points.add(WorldPoint::CameToForgotten);
                self.connections[number.index()].ends[other].state = EndState::Gone;
                self.send_reset(number, other, Cause::text("connection unknown"));
                Arrived::Nothing
            }
            (Taken::Mark(MARK_OPEN), _) => self.opening_arrived(number),
            (Taken::Mark(MARK_ACCEPT), _) => {
                self.signal(number, 0, MARK_OPENED);
                self.opened(number, 0)
            }
            (Taken::Mark(_), _) => {
                let node = self.connections[number.index()].ends[1].node;
                let id = self.hosts[node.index()].accept(number);
                self.hosts[node.index()].alive += 1;
                self.connections[number.index()].ends[1].id = id;
                self.opened(number, 1)
            }
            (Taken::Octets, _) => self.octets_arrived(number, side),
            (Taken::End, _) => self.close_arrived(number, side),
        }
    }
}

/// What was taken from a stream; octets lie in `scratch`.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Taken {
    Octets,
    Mark(u32),
    End,
}

//! A control plane that somebody else carries: the sockets of another simulator, say.
//!
//! The world goes on framing, recording and judging what nodes send on connections, and its links go on cutting, delaying and
//! holding it up, as far as their impairments say so. What then leaves a sender's interface is a [`Departure`] for the carrier,
//! which tells of each with [`World::arrive`] when it has come to the other end. Nothing else of the world changes.

use crate::engine::{MARK_ACCEPT, MARK_OPEN, MARK_OPENED, MARK_RESET, Taken};
use crate::{Advance, ConnectionNumber, NodeId, World};
use pptp_wire::time::Instant;

/// One thing that an end of a connection puts on the network.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Carried {
    /// The opening segment (SYN).
    Opening,
    /// Its answer (SYN and ACK).
    Accepted,
    /// The third segment of the handshake: the connection is open for the end that accepted it.
    Confirmed,
    /// Octets: one segment.
    Octets(Vec<u8>),
    /// Nothing more comes (FIN).
    Close,
    /// The connection is gone, or refused (RST).
    Reset,
}

/// A thing to be carried from one end of a connection to the other.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Departure {
    /// When it left.
    pub at: Instant,
    /// The connection.
    pub connection: ConnectionNumber,
    /// Whether the end that opened the connection sent it.
    pub by_opener: bool,
    /// The sender.
    pub from: NodeId,
    /// The other end.
    pub to: NodeId,
    /// What it is.
    pub carried: Carried,
}

impl World {
    /// From now on the caller carries the control plane. To be called before anything is opened.
    pub fn hand_over_control(&mut self) {
        self.net.departures.get_or_insert_default();
    }

    /// Moves what has left since the last time to the end of `into`, in order.
    pub fn take_departures(&mut self, into: &mut Vec<Departure>) {
        if let Some(departures) = &mut self.net.departures {
            into.append(departures);
        }
    }

    /// Lets leave at once what would leave with the events of this time: before the way of what is sent from now on changes.
    pub fn flush_departures(&mut self) {
        self.net.hand_over_due();
    }

    /// Something that was carried has come to the other end; counts as one event. The carrier keeps the order of each direction,
    /// and keeps back what is for a node that has crashed.
    ///
    /// # Panics
    /// If there is no such connection.
    pub fn arrive(
        &mut self,
        connection: ConnectionNumber,
        by_opener: bool,
        carried: &Carried,
    ) -> Advance {
        let taken = match carried {
            Carried::Opening => Taken::Mark(MARK_OPEN),
            Carried::Accepted => Taken::Mark(MARK_ACCEPT),
            Carried::Confirmed => Taken::Mark(MARK_OPENED),
            Carried::Reset => Taken::Mark(MARK_RESET),
            Carried::Close => Taken::End,
            Carried::Octets(octets) => {
                self.net.scratch.clear();
                self.net.scratch.extend_from_slice(octets);
                Taken::Octets
            }
        };
        if let Some(stopped) = self.stopped(self.now()) {
            return stopped;
        }
        self.steps += 1;
        let arrived = self.net.take_in(connection, usize::from(!by_opener), taken);
        self.arrived(arrived);
        self.net.write_violations();
        Advance::Event
    }

    /// When the next event is due; `None`: nothing will happen by itself.
    pub fn next_event_at(&mut self) -> Option<Instant> {
        self.net.next_due().map(|due| due.at)
    }

    /// Lets time pass up to `until` and performs nothing, not even what is due by then: [`World::advance`] does that.
    pub fn pass(&mut self, until: Instant) {
        if until != Instant::NEVER && until > self.net.now {
            self.net.now = until;
            self.net.judge_time();
        }
    }

    /// Whether connections to a node's port 1723 are accepted from now on; at first the node itself says so.
    pub fn set_listening(&mut self, node: NodeId, listens: bool) {
        self.net.hosts[node.index()].listens = listens;
    }

    /// Whether a node is running, that is, has not crashed.
    pub fn is_up(&self, node: NodeId) -> bool {
        self.net.hosts[node.index()].up
    }

    /// Whether connections to a node's port 1723 are accepted.
    pub fn is_listening(&self, node: NodeId) -> bool {
        self.net.hosts[node.index()].listens
    }
}

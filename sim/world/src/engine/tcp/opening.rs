//! How connections come to be: the handshake, and its refusal.

use super::{Arrived, Watched};
use crate::engine::connection::{
    Connection, ConnectionEnd, EndState, MARK_ACCEPT, MARK_OPEN, MARK_RESET,
};
use crate::engine::network::Network;
use crate::engine::queue::{Class, Event as Due};
use crate::luck::Direction;
use crate::record::NodeMistake;
use crate::{ConnectionId, ConnectionNumber, NodeId, RecordKind};
use core::net::Ipv4Addr;
use pptp_rules::{Event, Place};

impl Network {
    /// A node opens a connection.
    pub(crate) fn connect(&mut self, node: NodeId, id: ConnectionId, to: Ipv4Addr) {
        if id != self.hosts[node.index()].next_opened() {
            return self.mistake(node, NodeMistake::ConnectionNumber(id));
        }
        let number = ConnectionNumber(self.connections.len() as u32);
        let host = &mut self.hosts[node.index()];
        host.open(number);
        host.alive += 1;
        let other = self.owner(node, to).filter(|other| *other != node);
        if self.model.has_intruded()
            && let Some(other) = other
            && !self.has_connection(node, other)
        {
            self.model.connected_anew(node, other);
        }
        let way = other.and_then(|other| self.hosts[node.index()].way_to(other));
        let peer = other.unwrap_or(node);
        let ends = [
            ConnectionEnd::new(node, id),
            ConnectionEnd::new(peer, ConnectionId(0)),
        ];
        let link = way.map(|way| way.link);
        let direction = way.map_or(Direction::Forward, |way| way.direction);
        self.connections
            .push(Connection::new(ends, link, direction));
        self.record(RecordKind::TcpOpen {
            connection: number,
            from: node,
            to: other,
        });
        if let Some(other) = other {
            let origin = self.origin_of(node);
            self.observe(
                Place::Sent,
                node,
                other,
                origin,
                Event::ConnectionOpening(Watched(number.0)),
            );
        }
        if way.is_some() {
            self.signal(number, 0, MARK_OPEN);
        } else {
            // Nobody is there: the opener's own host says so, at once.
            let half = &mut self.connections[number.index()].halves[1];
            half.stream.mark(self.now, MARK_RESET);
            (half.wake, self.busy_halves) = (self.now, self.busy_halves + 1);
            self.queue.push(
                self.now,
                Class::Control,
                Due::Segment {
                    half: number.0 * 2 + 1,
                },
            );
        }
    }

    /// Whether there is a connection between two nodes that is not over.
    fn has_connection(&self, one: NodeId, other: NodeId) -> bool {
        self.connections.iter().any(|connection| {
            let ends = [connection.ends[0].node, connection.ends[1].node];
            (ends == [one, other] || ends == [other, one]) && !connection.is_finished()
        })
    }

    /// The opening segment has arrived: it is answered, or refused.
    pub(super) fn opening_arrived(&mut self, number: ConnectionNumber) -> Arrived {
        let (from, to) = self.nodes_of(number, 0);
        let origin = self.origin_of(from);
        self.observe(
            Place::Arrived,
            from,
            to,
            origin,
            Event::ConnectionOpening(Watched(number.0)),
        );
        if self.hosts[to.index()].listens {
            self.signal(number, 1, MARK_ACCEPT);
        } else {
            self.connections[number.index()].ends[1].state = EndState::Gone;
            self.record(RecordKind::TcpRefused {
                connection: number,
                from: to,
                to: from,
            });
            let origin = self.origin_of(to);
            self.observe(
                Place::Sent,
                to,
                from,
                origin,
                Event::ConnectionReset(Watched(number.0)),
            );
            self.signal(number, 1, MARK_RESET);
        }
        Arrived::Nothing
    }

    /// The connection is open for one end.
    pub(super) fn opened(&mut self, number: ConnectionNumber, side: usize) -> Arrived {
        let end = &mut self.connections[number.index()].ends[side];
        end.state = EndState::Open;
        let (node, id) = (end.node, end.id);
        let (opener, acceptor) = self.nodes_of(number, 0);
        self.record(RecordKind::TcpOpened {
            connection: number,
            node,
            id,
        });
        let place = if side == 0 {
            Place::Sent
        } else {
            Place::Arrived
        };
        let origin = self.origin_of(opener);
        self.observe(
            place,
            opener,
            acceptor,
            origin,
            Event::ConnectionOpened(Watched(number.0)),
        );
        let peer = self.hosts[if side == 0 { acceptor } else { opener }.index()].address();
        Arrived::Opened {
            node,
            connection: id,
            peer,
        }
    }
}

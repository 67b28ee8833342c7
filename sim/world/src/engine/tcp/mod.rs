//! The life of TCP connections: handshake, octets, FIN, RST, and what a rebooted host answers.

mod arrival;
mod ending;
mod octets;
mod opening;

pub(crate) use arrival::{Arrived, Taken};

use super::network::Network;
use super::queue::{Class, Event as Due};
use crate::model::CallEnd;
use crate::record::NodeMistake;
use crate::{ConnectionId, ConnectionNumber, NodeId, RecordKind};
use pptp_rules::{Connection as Watched, Origin};
use pptp_wire::time::Instant;

impl Network {
    /// The connection and the side behind a node's name for it.
    #[inline]
    pub(crate) fn side_of(
        &self,
        node: NodeId,
        id: ConnectionId,
    ) -> Option<(ConnectionNumber, usize)> {
        let number = self.hosts[node.index()].connection(id)?;
        Some((number, usize::from(!id.is_own())))
    }

    /// The other end of a connection that is open for calls at this node.
    #[inline]
    pub(crate) fn peer_on(&self, node: NodeId, id: ConnectionId) -> Option<NodeId> {
        let (number, side) = self.side_of(node, id)?;
        let connection = &self.connections[number.index()];
        (!connection.ends[side].over).then(|| connection.ends[1 - side].node)
    }

    /// The other end of a connection that the node has, or had.
    pub(crate) fn peer_of(&self, node: NodeId, id: ConnectionId) -> Option<NodeId> {
        let (number, side) = self.side_of(node, id)?;
        Some(self.connections[number.index()].ends[1 - side].node)
    }

    pub(super) fn nodes_of(&self, number: ConnectionNumber, side: usize) -> (NodeId, NodeId) {
        let ends = &self.connections[number.index()].ends;
        (ends[side].node, ends[1 - side].node)
    }

    pub(super) fn call_end(
        &self,
        number: ConnectionNumber,
        side: usize,
        origin: Origin,
    ) -> CallEnd {
        let ends = &self.connections[number.index()].ends;
        let (end, peer) = (&ends[side], &ends[1 - side]);
        CallEnd {
            connection: number,
            side,
            node: end.node,
            id: end.id,
            peer: peer.node,
            foreign: origin != Origin::Own,
        }
    }

    /// A segment without octets goes on the path.
    pub(crate) fn signal(&mut self, number: ConnectionNumber, side: usize, mark: u32) {
        let Network {
            connections,
            links,
            now,
            ..
        } = self;
        let connection = &mut connections[number.index()];
        let direction = connection.direction_of(side);
        if let Some(link) = connection.link.and_then(|link| links.get_mut(link.index())) {
            link.link
                .control(direction)
                .signal(&mut connection.halves[side].stream, *now, mark);
        }
        self.wake(number, side);
    }

    /// Sees to it that an event looks at a stream when its next piece arrives.
    pub(crate) fn wake(&mut self, number: ConnectionNumber, side: usize) {
        let Network {
            connections,
            links,
            queue,
            now,
            ..
        } = self;
        let connection = &mut connections[number.index()];
        let direction = connection.direction_of(side);
        let Some(link) = connection.link.and_then(|link| links.get(link.index())) else {
            return;
        };
        let half = &mut connection.halves[side];
        let Some(at) = half.stream.next_at(link.link.control_ref(direction)) else {
            return;
        };
        if half.wake == Instant::NEVER {
            half.wake = at.max(*now);
            self.busy_halves += 1;
            queue.push(
                half.wake,
                Class::Control,
                Due::Segment {
                    half: number.0 * 2 + side as u32,
                },
            );
        }
    }

    #[cold]
    pub(crate) fn mistake(&mut self, node: NodeId, mistake: NodeMistake) {
        self.record(RecordKind::NodeMistake { node, mistake });
    }
}

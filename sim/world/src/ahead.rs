//! Looking ahead. The memory of a world with thousands of nodes is far from the processor, and each event touches another part of it.
//! While one event is performed, what the next one will need is asked for, all of it at once; otherwise the processor would wait for
//! one line of memory after the other. Reads alone: nothing that happens depends on it.

use crate::engine::Event;
use crate::{ConnectionNumber, NodeId, World};
use core::hint::black_box;
use pptp_rules::Connection as Watched;

/// Worlds with fewer nodes lie in the near caches as they are.
const FEW_NODES: usize = 64;

impl World {
    /// Reads what the next event will need, as far as it is known which one that is.
    #[inline]
    pub(crate) fn look_ahead(&mut self) {
        if self.nodes.len() < FEW_NODES {
            return;
        }
        match self.net.queue.ahead() {
            Some(Event::Segment { half }) => {
                let (number, side) = (ConnectionNumber(half / 2), half as usize % 2);
                let receiver = self.net.connections[number.index()].ends[1 - side].node;
                self.look_ahead_at(receiver, Some((number, side)));
            }
            Some(_) => return,
            None => {}
        }
        let due = self.net.timers.first().map(|(_, node)| NodeId(node));
        if let Some(node) = due
            && due != self.looked_at
        {
            self.looked_at = due;
            self.look_ahead_at(node, None);
        }
    }

    /// Reads what a segment of this side of a connection will need where it arrives, or what the node will need to send on the
    /// connection that it named last.
    fn look_ahead_at(&self, node: NodeId, segment: Option<(ConnectionNumber, usize)>) {
        let host = &self.net.hosts[node.index()];
        self.nodes.get(node).look_ahead();
        black_box(host.waiting.len());
        let Some(number) = segment.map(|segment| segment.0).or_else(|| host.newest()) else {
            return;
        };
        let Some(connection) = self.net.connections.get(number.index()) else {
            return;
        };
        let sends = usize::from(connection.ends[0].node != node);
        let side = segment.map_or(sends, |segment| segment.1);
        connection.look_ahead(side);
        if let Some(link) = connection.link {
            self.net.links[link.index()].look_ahead(connection.direction_of(side));
        }
        self.net.judge.look_ahead(Watched(number.0));
    }
}

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
                self.look_ahead_at(receiver, Some(number));
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

    /// Reads what something on this connection, or on the one that the node named last, will need at the node.
    fn look_ahead_at(&self, node: NodeId, connection: Option<ConnectionNumber>) {
        let host = &self.net.hosts[node.index()];
        self.nodes[node.index()].look_ahead();
        black_box(host.waiting.len());
        let Some(number) = connection.or_else(|| host.newest()) else {
            return;
        };
        let Some(connection) = self.net.connections.get(number.index()) else {
            return;
        };
        connection.look_ahead();
        if let Some(link) = connection.link {
            self.net.links[link.index()].look_ahead();
        }
        self.net.judge.look_ahead(Watched(number.0));
    }
}

//! Looking ahead. The memory of a world with thousands of nodes is far from the processor, and each event touches another part of it.
//! While one event is performed, what the next one will need is on its way already. Nothing that happens depends on it.

use crate::engine::Event;
use crate::{ConnectionNumber, NodeId, World};
use pptp_rules::Connection as Watched;
use pptp_wire::ahead::{ask_for, ask_for_place};

/// Worlds with fewer nodes lie in the near caches as they are, but for datagrams, of which thousands may be on their way.
const FEW_NODES: usize = 64;

impl World {
    /// Asks for what the next event will need, as far as it is known which one that is. To be called as soon as the event at hand is
    /// taken from its queue, before it is performed.
    #[inline]
    pub(crate) fn look_ahead(&mut self) {
        let next = self.net.queue.ahead();
        if let Some(Event::Datagram { slot, .. }) = next {
            self.net.pool.look_ahead(slot);
        }
        if self.nodes.len() < FEW_NODES {
            return;
        }
        self.net.queue.look_ahead();
        match next {
            Some(Event::Segment { half }) => {
                let (number, side) = (ConnectionNumber(half / 2), half as usize % 2);
                let receiver = self.net.connections[number.index()].ends[1 - side].node;
                self.ask_for_node(receiver);
                self.ask_for_connection(number, side);
            }
            Some(_) => return,
            None => {}
        }
        let due = self.net.timers.first().map(|(_, node)| NodeId(node));
        if let Some(node) = due
            && due != self.looked_at
        {
            self.looked_at = due;
            self.ask_for_node(node);
            if let Some(number) = self.net.hosts[node.index()].newest() {
                let opener = self.net.connections[number.index()].ends[0].node;
                self.ask_for_connection(number, usize::from(opener != node));
            }
        }
    }

    /// What any input to a node touches.
    fn ask_for_node(&self, node: NodeId) {
        self.nodes.get(node).look_ahead();
        ask_for_place(&self.net.hosts, node.index());
        ask_for_place(&self.net.vain, node.index());
    }

    /// What octets touch that this side of a connection sends: the path, and what is known of them by those who watch.
    fn ask_for_connection(&self, number: ConnectionNumber, side: usize) {
        let connection = &self.net.connections[number.index()];
        connection.look_ahead();
        if let Some(link) = connection.link {
            let direction = connection.direction_of(side);
            ask_for(self.net.links[link.index()].link.control_ref(direction));
        }
        self.net.judge.look_ahead(Watched(number.0));
    }
}

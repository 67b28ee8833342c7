//! Hosts that stop and start, and what a stall does to them.

use super::inbound::Mark;
use super::sockets::End;
use super::world::TurmoilWorld;
use pptp_world::luck::Direction;
use pptp_world::{Carried, LinkId, NodeId};

impl TurmoilWorld {
    /// Whether a stall holds octets back at the receiver; for a guest it does so at the sender.
    pub(super) fn stalls_at_receiver(&self, link: LinkId, direction: Direction) -> bool {
        let [a, b] = self.paths[link.index()].ends;
        !self.is_guest(if direction == Direction::Forward {
            b
        } else {
            a
        })
    }

    /// A host stops running. Its sockets stay as they are.
    pub(super) fn stop_host(&mut self, node: NodeId) {
        if std::mem::replace(&mut self.is_down[node.index()], true) {
            return;
        }
        self.sim.crash(self.ip(node));
        let abandoned = self.shared.borrow_mut().abandoned(node);
        for connection in abandoned {
            let to = End {
                connection,
                is_opener: false,
            };
            let due = self.last_due.get(&to).copied().unwrap_or_default();
            let carried = Carried::Opening;
            self.marks.push(Mark { due, to, carried });
        }
    }

    /// An implementation on tokio stops. Its sockets end with it, and must not be heard of.
    pub(super) fn stop_guest(&mut self, node: NodeId) {
        let ip = self.ip(node);
        let others: Vec<_> = {
            let sockets = self.shared.borrow();
            let ips = sockets.hosts.iter().map(|host| host.ip);
            ips.filter(|other| *other != ip).collect()
        };
        for other in &others {
            self.sim.partition_oneway(ip, *other);
        }
        self.sim.crash(ip);
        for other in &others {
            self.sim.repair_oneway(ip, *other);
        }
        self.is_down[node.index()] = true;
    }

    /// A host runs again.
    pub(super) fn start_host(&mut self, node: NodeId) {
        self.doomed.retain(|other| *other != node);
        if std::mem::replace(&mut self.is_down[node.index()], false) {
            self.sim.bounce(self.ip(node));
            self.stir();
        }
    }
}

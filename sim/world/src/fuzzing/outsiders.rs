//! What comes from outside: the path severs connections, and outsiders put octets into them and datagrams on the path.

use super::course::Course;
use super::plan::{ADDRESSES, NODES, Step};
use crate::{CallRef, ConnectionNumber, NodeId, Query, Unit, Value};
use pptp_wire::CallId;
use pptp_wire::fuzzing::ForgedPacket;

impl Course {
    /// Does what a step says that comes from outside.
    pub(super) fn outside(&mut self, step: &Step) {
        match step {
            Step::InjectGre { node, to, octets } => {
                let to = ADDRESSES[usize::from(*to) % NODES];
                self.world.inject(self.node(*node), to, None, octets);
            }
            Step::ForgePacket {
                node,
                call,
                spoofed,
                packet,
            } => self.forge_packet(*node, *call, *spoofed, packet),
            Step::ResetConnection { connection } => {
                if let Some((connection, _, _)) = self.connection(*connection) {
                    self.world.reset(connection);
                }
            }
            Step::HalfClose {
                connection,
                backward,
            } => {
                if let Some((connection, from, _)) = self.directed(*connection, *backward) {
                    self.world.half_close(from, connection);
                }
            }
            Step::InjectControl {
                connection,
                backward,
                octets,
            } => {
                if let Some((connection, from, to)) = self.directed(*connection, *backward) {
                    self.inject(connection, from, to, octets);
                }
            }
            Step::ForgeMessage {
                connection,
                backward,
                call,
                message,
            } => {
                if let Some((connection, from, to)) = self.directed(*connection, *backward) {
                    let (own, named) = self.call_ids(connection, from, *call);
                    self.inject(connection, from, to, &message.octets(own, named));
                }
            }
            _ => {}
        }
    }

    fn inject(&mut self, connection: ConnectionNumber, from: NodeId, to: NodeId, octets: &[u8]) {
        if octets.is_empty() {
            return;
        }
        self.world
            .inject_control(from, connection, octets, Unit::Stream);
        // What the one takes for the other's words the other knows nothing of.
        self.world.distrust(from, to);
        self.intruded.push([from, to]);
    }

    fn forge_packet(&mut self, node: u8, which: u8, spoofed: bool, packet: &ForgedPacket) {
        let count = self.calls.len().max(1);
        let Some(&(receiver, call)) = self.calls.get(usize::from(which) % count) else {
            return;
        };
        let Some((sender, its_call)) = self.other_end(receiver, call) else {
            return;
        };
        let next = |node, call| {
            let next = self.world.query(node, &Query::NextSequenceNumber(call));
            next.and_then(Value::number).unwrap_or(0) as u32
        };
        let octets = packet.octets(call.call_id, next(sender, its_call), next(receiver, call));
        let address = |node: NodeId| ADDRESSES[node.index()];
        let source = spoofed.then(|| address(sender));
        self.world
            .inject(self.node(node), address(receiver), source, &octets);
    }

    /// The other end of a call, and its name for the call.
    fn other_end(&self, node: NodeId, call: CallRef) -> Option<(NodeId, CallRef)> {
        let number = self.world.connection_number(node, call.connection)?;
        let (_, opener, acceptor) = self
            .world
            .connections()
            .into_iter()
            .find(|it| it.0 == number)?;
        let other = if opener == node { acceptor } else { opener };
        let connection = self.world.connection_id(other, number)?;
        let call_id = self.peer_call_id(node, call)?;
        Some((
            other,
            CallRef {
                connection,
                call_id,
            },
        ))
    }

    fn peer_call_id(&self, node: NodeId, call: CallRef) -> Option<CallId> {
        let number = self.world.query(node, &Query::PeerCallId(call))?.number()?;
        Some(CallId(number as u16))
    }

    /// The Call IDs of a call of this end of a connection: its own, and its peer's.
    fn call_ids(&self, connection: ConnectionNumber, node: NodeId, which: u8) -> (CallId, CallId) {
        let of_connection = |call: &&(NodeId, CallRef)| {
            let number = self.world.connection_number(call.0, call.1.connection);
            call.0 == node && number == Some(connection)
        };
        let calls: Vec<&(NodeId, CallRef)> = self.calls.iter().filter(of_connection).collect();
        match calls.get(usize::from(which) % calls.len().max(1)) {
            Some((_, call)) => {
                let named = self.peer_call_id(node, *call);
                (call.call_id, named.unwrap_or(CallId(0)))
            }
            None => (CallId(which.into()), CallId(0)),
        }
    }

    /// The connection of this number, with the end that octets come from and the one that they go to.
    fn directed(&self, which: u8, backward: bool) -> Option<(ConnectionNumber, NodeId, NodeId)> {
        let (connection, opener, acceptor) = self.connection(which)?;
        Some(match backward {
            true => (connection, acceptor, opener),
            false => (connection, opener, acceptor),
        })
    }

    /// The connection of this number, with the end that opened it and the one that accepted it.
    fn connection(&self, which: u8) -> Option<(ConnectionNumber, NodeId, NodeId)> {
        let connections = self.world.connections();
        let count = connections.len().max(1);
        connections.get(usize::from(which) % count).copied()
    }
}

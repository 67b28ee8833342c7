//! The captures of a run: one file a node, of what passes its interface, from the records of the world.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddrV4};

use pptp_wire::time::Instant;
use pptp_world::{
    ConnectionNumber, MessageNumber, NodeId, PacketNumber, Record, RecordKind, Stage,
};

use super::remark;
use crate::capture::CaptureWriter;
use crate::scenario::model::Scenario;

/// PPTP's port (RFC 2637 §1.4).
const PORT: u16 = 1723;
/// Openers use the ports from here on, one a connection, in the order of opening.
const FIRST_EPHEMERAL_PORT: u16 = 49_152;

/// Writes the captures of all nodes of a run.
pub struct CaptureRecorder {
    names: Vec<String>,
    addresses: Vec<Ipv4Addr>,
    writers: Vec<CaptureWriter>,
    connections: BTreeMap<ConnectionNumber, Ends>,
    messages: BTreeMap<MessageNumber, Message>,
    packets: BTreeMap<PacketNumber, Packet>,
    identifications: BTreeMap<Ipv4Addr, u16>,
}

#[derive(Copy, Clone)]
struct Ends {
    opener: NodeId,
    acceptor: NodeId,
    from: SocketAddrV4,
    to: SocketAddrV4,
}

struct Message {
    connection: ConnectionNumber,
    from: NodeId,
    octets: Vec<u8>,
    remark: Option<String>,
}

struct Packet {
    remark: Option<String>,
    source: Ipv4Addr,
    destination: Ipv4Addr,
    identification: u16,
    octets: Vec<u8>,
}

impl CaptureRecorder {
    /// A recorder for the nodes of a scenario.
    pub fn new(scenario: &Scenario) -> Self {
        let address =
            |addresses: &[Ipv4Addr]| addresses.first().copied().unwrap_or(Ipv4Addr::UNSPECIFIED);
        CaptureRecorder {
            names: scenario
                .nodes
                .iter()
                .map(|node| node.name.clone())
                .collect(),
            addresses: scenario
                .nodes
                .iter()
                .map(|node| address(&node.addresses))
                .collect(),
            writers: scenario
                .nodes
                .iter()
                .map(|node| CaptureWriter::new(&node.name, &node.addresses))
                .collect(),
            connections: BTreeMap::new(),
            messages: BTreeMap::new(),
            packets: BTreeMap::new(),
            identifications: BTreeMap::new(),
        }
    }

    /// Name and octets of each node's file.
    pub fn finish(self) -> Vec<(String, Vec<u8>)> {
        self.names
            .into_iter()
            .zip(self.writers.into_iter().map(CaptureWriter::finish))
            .collect()
    }

    fn address(&self, node: NodeId) -> Ipv4Addr {
        self.addresses
            .get(usize::from(node.0))
            .copied()
            .unwrap_or(Ipv4Addr::UNSPECIFIED)
    }

    fn writer(&mut self, node: NodeId) -> Option<&mut CaptureWriter> {
        self.writers.get_mut(usize::from(node.0))
    }

    /// Takes in one record.
    pub fn take<S: Stage>(&mut self, record: &Record, stage: &S) {
        let at = record.at;
        match &record.kind {
            RecordKind::TcpOpen {
                connection,
                from,
                to,
            } => self.open(at, *connection, *from, to.unwrap_or(*from)),
            RecordKind::TcpOpened {
                connection, node, ..
            } => {
                if let Some(ends) = self.connections.get(connection).copied() {
                    // What arrives at the acceptor first is the SYN; the world tells of the acceptor when the third segment arrives.
                    if let Some(writer) = self.writer(*node) {
                        writer.tcp_opened(at, ends.from, ends.to);
                    }
                }
            }
            RecordKind::TcpRefused { connection, .. } => {
                if let Some(ends) = self.connections.get(connection).copied()
                    && let Some(writer) = self.writer(ends.opener)
                {
                    writer.tcp_refused(at, ends.from, ends.to);
                }
            }
            RecordKind::TcpClose {
                connection, from, ..
            } => self.end(at, *connection, *from, *from, CaptureWriter::tcp_close),
            RecordKind::TcpReset {
                connection, from, ..
            } => self.end(at, *connection, *from, *from, CaptureWriter::tcp_reset),
            RecordKind::TcpCloseArrived { connection, node } => {
                self.arrived_end(at, *connection, *node, CaptureWriter::tcp_close);
            }
            RecordKind::TcpResetArrived { connection, node } => {
                self.arrived_end(at, *connection, *node, CaptureWriter::tcp_reset);
            }
            RecordKind::ControlSent(sent) => {
                let octets = stage.octets(sent.octets);
                let message = Message {
                    connection: sent.connection,
                    from: sent.from,
                    octets: octets.to_vec(),
                    remark: remark::on_control(sent.origin, octets),
                };
                self.octets(at, &message, sent.from);
                self.messages.insert(sent.message, message);
            }
            RecordKind::ControlArrived { message, node, .. } => {
                if let Some(message) = self.messages.remove(message) {
                    self.octets(at, &message, *node);
                }
            }
            RecordKind::GreSent(sent) => {
                let source = sent.forged.unwrap_or_else(|| self.address(sent.from));
                let destination = sent.to.map_or(Ipv4Addr::UNSPECIFIED, |to| self.address(to));
                let counter = self.identifications.entry(source).or_insert(0);
                *counter = counter.wrapping_add(1);
                let identification = *counter;
                let octets = stage.octets(sent.octets);
                let packet = Packet {
                    remark: remark::on_gre(sent.origin, octets),
                    source,
                    destination,
                    identification,
                    octets: octets.to_vec(),
                };
                if let Some(writer) = self.writer(sent.from) {
                    comment(writer, packet.remark.as_deref());
                    writer.gre_identified(at, source, destination, identification, &packet.octets);
                }
                self.packets.insert(sent.packet, packet);
            }
            RecordKind::GreDelivered {
                packet,
                changed,
                node,
                octets,
                ..
            } => {
                let Some(sent) = self.packets.get(packet) else {
                    return;
                };
                let (source, destination, identification) =
                    (sent.source, sent.destination, sent.identification);
                let remark = match changed {
                    true => Some(remark::CHANGED_ON_THE_WAY.to_owned()),
                    false => sent.remark.clone(),
                };
                let octets = if octets.is_empty() {
                    sent.octets.clone()
                } else {
                    stage.octets(*octets).to_vec()
                };
                if let Some(writer) = self.writer(*node) {
                    comment(writer, remark.as_deref());
                    writer.gre_identified(at, source, destination, identification, &octets);
                }
            }
            _ => {}
        }
    }

    fn open(
        &mut self,
        at: Instant,
        connection: ConnectionNumber,
        opener: NodeId,
        acceptor: NodeId,
    ) {
        let port = FIRST_EPHEMERAL_PORT.wrapping_add((connection.0 % 16_384) as u16);
        let from = SocketAddrV4::new(self.address(opener), port);
        let to = SocketAddrV4::new(self.address(acceptor), PORT);
        self.connections.insert(
            connection,
            Ends {
                opener,
                acceptor,
                from,
                to,
            },
        );
        if let Some(writer) = self.writer(opener) {
            writer.tcp_open(at, from, to);
        }
    }

    /// Source and destination of what `from` sends on a connection.
    fn direction(
        &self,
        connection: ConnectionNumber,
        from: NodeId,
    ) -> Option<(SocketAddrV4, SocketAddrV4)> {
        let ends = self.connections.get(&connection)?;
        Some(if ends.opener == from {
            (ends.from, ends.to)
        } else {
            (ends.to, ends.from)
        })
    }

    fn octets(&mut self, at: Instant, message: &Message, seen_by: NodeId) {
        if let Some((source, destination)) = self.direction(message.connection, message.from)
            && let Some(writer) = self.writer(seen_by)
        {
            comment(writer, message.remark.as_deref());
            writer.tcp_octets(at, source, destination, &message.octets);
        }
    }

    fn end(
        &mut self,
        at: Instant,
        connection: ConnectionNumber,
        from: NodeId,
        seen_by: NodeId,
        write: fn(&mut CaptureWriter, Instant, SocketAddrV4, SocketAddrV4),
    ) {
        if let Some((source, destination)) = self.direction(connection, from)
            && let Some(writer) = self.writer(seen_by)
        {
            write(writer, at, source, destination);
        }
    }

    fn arrived_end(
        &mut self,
        at: Instant,
        connection: ConnectionNumber,
        node: NodeId,
        write: fn(&mut CaptureWriter, Instant, SocketAddrV4, SocketAddrV4),
    ) {
        let Some(ends) = self.connections.get(&connection).copied() else {
            return;
        };
        let from = if ends.opener == node {
            ends.acceptor
        } else {
            ends.opener
        };
        self.end(at, connection, from, node, write);
    }
}

fn comment(writer: &mut CaptureWriter, remark: Option<&str>) {
    if let Some(remark) = remark {
        writer.comment(remark);
    }
}

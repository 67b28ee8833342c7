//! Records of the world become steps: what passes which interface, when.

use std::net::SocketAddrV4;

use pptp_rules::Origin;
use pptp_wire::time::Instant;
use pptp_wire::{ControlMessageType, FieldValue, GrePacket, Header, field_by_key};
use pptp_world::{
    ConnectionNumber, ControlSent, GreSent, MessageNumber, NodeId, PacketNumber, Record,
    RecordKind, Stage,
};

use super::notes::{MessageNote, PacketNote};
use super::{CaptureRecorder, Ends};
use crate::run::remark;

/// PPTP's port (RFC 2637 §1.4).
const PORT: u16 = 1723;
/// Openers use the ports from here on, one a connection, in the order of opening.
const FIRST_EPHEMERAL_PORT: u16 = 49_152;

/// Something that passes a node's interface.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub at: Instant,
    pub passing: Passing,
}

/// What it is. `records` are the numbers of the records that tell of it.
#[derive(Clone, Debug)]
pub(super) enum Passing {
    /// A SYN from the opener.
    Open {
        connection: ConnectionNumber,
        records: Vec<u64>,
    },
    /// The handshake ends.
    Opened {
        connection: ConnectionNumber,
        records: Vec<u64>,
    },
    /// A reset in the place of the handshake's second segment.
    Refused {
        connection: ConnectionNumber,
        records: Vec<u64>,
    },
    /// A FIN, or a RST.
    End {
        connection: ConnectionNumber,
        from: NodeId,
        reset: bool,
        records: Vec<u64>,
    },
    /// Octets of a stream, from octet `start` on.
    Octets {
        connection: ConnectionNumber,
        from: NodeId,
        start: u64,
        octets: Vec<u8>,
    },
    /// A GRE packet as it is sent.
    GreSent(PacketNumber),
    /// A copy of a GRE packet as it arrives.
    GreArrived {
        packet: PacketNumber,
        copy: u16,
        changed: bool,
        /// The octets where they were changed.
        octets: Option<Vec<u8>>,
        /// Why the receiver threw it away, if it did.
        refused: Option<&'static str>,
    },
}

pub(super) fn take<S: Stage>(recorder: &mut CaptureRecorder, record: &Record, stage: &S) {
    if let RecordKind::ControlSegment {
        connection,
        from,
        node,
        octets,
    } = record.kind
    {
        // Has no number.
        return recorder.segment(record.at, connection, from, node, stage.octets(octets));
    }
    let number = recorder.next_record;
    recorder.next_record += 1;
    match &record.kind {
        RecordKind::ControlSent(sent) => {
            recorder.control_sent(number, sent, stage.octets(sent.octets));
        }
        RecordKind::ControlArrived { message, .. } => {
            if let Some(note) = recorder.message(*message) {
                note.records.push(number);
            }
        }
        RecordKind::ControlTargeted {
            message, held_up, ..
        } => {
            if let Some(note) = recorder.message(*message) {
                note.held_up = Some(*held_up);
            }
        }
        RecordKind::GreSent(sent) => {
            recorder.gre_sent(record.at, number, sent, stage.octets(sent.octets));
        }
        RecordKind::GreDelivered {
            packet,
            copy,
            changed,
            node,
            octets,
        } => {
            let octets = (!octets.is_empty()).then(|| stage.octets(*octets).to_vec());
            let arrived = Passing::GreArrived {
                packet: *packet,
                copy: *copy,
                changed: *changed,
                octets,
                refused: None,
            };
            if let Some(note) = recorder.packets.get_mut(packet) {
                note.records.push(number);
                recorder.pass(*node, record.at, arrived);
            }
        }
        RecordKind::GreLost { packet, by } => {
            if let Some(note) = recorder.packets.get_mut(packet) {
                note.lost.push(*by);
            }
        }
        RecordKind::GreDuplicated { packet } => {
            if let Some(note) = recorder.packets.get_mut(packet) {
                note.copies += 1;
            }
        }
        RecordKind::GreTargeted {
            packet, held_up, ..
        } => {
            if let Some(note) = recorder.packets.get_mut(packet) {
                note.held_up = Some(*held_up);
            }
        }
        RecordKind::Dropped { node, reason, .. } => recorder.refused(record.at, *node, reason),
        RecordKind::Finding(finding) => recorder
            .findings
            .entry(finding.observation)
            .or_default()
            .push(*finding),
        kind => recorder.tcp(record.at, number, kind),
    }
}

impl CaptureRecorder {
    fn pass(&mut self, node: NodeId, at: Instant, passing: Passing) {
        if let Some(file) = self.files.get_mut(usize::from(node.0)) {
            file.push(Step { at, passing });
        }
    }

    fn message(&mut self, number: MessageNumber) -> Option<&mut MessageNote> {
        let (connection, from, index) = *self.places.get(&number)?;
        self.messages.get_mut(&(connection, from))?.get_mut(index)
    }

    fn tcp(&mut self, at: Instant, number: u64, kind: &RecordKind) {
        match *kind {
            RecordKind::TcpOpen {
                connection,
                from,
                to,
            } => self.open(at, number, connection, from, to.unwrap_or(from)),
            RecordKind::TcpOpened {
                connection, node, ..
            } if self.connections.contains_key(&connection) => {
                let records = vec![number];
                self.pass(
                    node,
                    at,
                    Passing::Opened {
                        connection,
                        records,
                    },
                );
            }
            RecordKind::TcpRefused { connection, .. } => {
                if let Some(ends) = self.connections.get(&connection).copied() {
                    let records = vec![number];
                    self.pass(
                        ends.opener,
                        at,
                        Passing::Refused {
                            connection,
                            records,
                        },
                    );
                }
            }
            RecordKind::TcpClose {
                connection, from, ..
            } => self.end_sent(at, number, connection, from, false),
            RecordKind::TcpReset {
                connection, from, ..
            } => self.end_sent(at, number, connection, from, true),
            RecordKind::TcpCloseArrived { connection, node } => {
                self.end_arrived(at, number, connection, node, false);
            }
            RecordKind::TcpResetArrived { connection, node } => {
                self.end_arrived(at, number, connection, node, true);
            }
            _ => {}
        }
    }

    fn open(
        &mut self,
        at: Instant,
        number: u64,
        connection: ConnectionNumber,
        opener: NodeId,
        acceptor: NodeId,
    ) {
        let port = FIRST_EPHEMERAL_PORT.wrapping_add((connection.0 % 16_384) as u16);
        let ends = Ends {
            opener,
            acceptor,
            from: SocketAddrV4::new(self.address(opener), port),
            to: SocketAddrV4::new(self.address(acceptor), PORT),
        };
        self.connections.insert(connection, ends);
        let records = vec![number];
        self.pass(
            opener,
            at,
            Passing::Open {
                connection,
                records,
            },
        );
    }

    fn end_sent(
        &mut self,
        at: Instant,
        number: u64,
        connection: ConnectionNumber,
        from: NodeId,
        reset: bool,
    ) {
        self.ends_sent.insert((connection, from), number);
        let records = vec![number];
        self.pass(
            from,
            at,
            Passing::End {
                connection,
                from,
                reset,
                records,
            },
        );
    }

    fn end_arrived(
        &mut self,
        at: Instant,
        number: u64,
        connection: ConnectionNumber,
        node: NodeId,
        reset: bool,
    ) {
        let Some(ends) = self.connections.get(&connection).copied() else {
            return;
        };
        let from = ends.other(node);
        let sent = self.ends_sent.get(&(connection, from)).copied();
        let records = sent.into_iter().chain([number]).collect();
        self.pass(
            node,
            at,
            Passing::End {
                connection,
                from,
                reset,
                records,
            },
        );
    }

    fn segment(
        &mut self,
        at: Instant,
        connection: ConnectionNumber,
        from: NodeId,
        node: NodeId,
        octets: &[u8],
    ) {
        let positions = if node == from {
            &mut self.sent
        } else {
            &mut self.arrived
        };
        let position = positions.entry((connection, from)).or_insert(0);
        let start = *position;
        *position += octets.len() as u64;
        let passing = Passing::Octets {
            connection,
            from,
            start,
            octets: octets.to_vec(),
        };
        self.pass(node, at, passing);
    }

    fn control_sent(&mut self, number: u64, sent: &ControlSent, octets: &[u8]) {
        let key = (sent.connection, sent.from);
        let end = self.sent.get(&key).copied().unwrap_or(0);
        let messages = self.messages.entry(key).or_default();
        self.places
            .insert(sent.message, (sent.connection, sent.from, messages.len()));
        messages.push(MessageNote {
            range: end.saturating_sub(octets.len() as u64)..end,
            octets: octets.to_vec(),
            framing: sent.framing,
            is_own: sent.origin == Origin::Own,
            remark: remark::on_control(sent.origin, octets),
            held_up: None,
            records: vec![number],
        });
        // A Call ID that is handed out begins a tunnel session with numbers of its own (RFC 2637 §4.1).
        if let Some(call_id) = handed_out(octets) {
            let of_call = (sent.to, call_id, 0)..=(sent.to, call_id, u32::MAX);
            let gone: Vec<_> = self
                .first_with
                .range(of_call)
                .map(|(key, _)| *key)
                .collect();
            for key in gone {
                self.first_with.remove(&key);
            }
        }
    }

    fn gre_sent(&mut self, at: Instant, number: u64, sent: &GreSent, octets: &[u8]) {
        let source = sent.forged.unwrap_or_else(|| self.address(sent.from));
        let destination = sent
            .to
            .map_or(std::net::Ipv4Addr::UNSPECIFIED, |to| self.address(to));
        let counter = self.identifications.entry(source).or_insert(0);
        *counter = counter.wrapping_add(1);
        let identification = *counter;
        let numbered = sent
            .header
            .and_then(|header| Some((sent.from, header.call_id.0, header.sequence_number?)));
        let first = numbered.map(|key| *self.first_with.entry(key).or_insert(sent.packet));
        let repeats = first
            .filter(|first| *first != sent.packet)
            .and_then(|first| {
                let before = self.packets.get(&first)?;
                Some((first, data(&before.octets) == data(octets)))
            });
        let note = PacketNote {
            from: sent.from,
            to: sent.to,
            source,
            destination,
            identification,
            octets: octets.to_vec(),
            is_own: sent.origin == Origin::Own,
            is_forged: sent.forged.is_some(),
            remark: remark::on_gre(sent.origin, octets),
            repeats,
            lost: Vec::new(),
            copies: 0,
            held_up: None,
            records: vec![number],
        };
        self.packets.insert(sent.packet, note);
        self.pass(sent.from, at, Passing::GreSent(sent.packet));
    }

    /// A node throws away what has just arrived at it.
    fn refused(&mut self, at: Instant, node: NodeId, reason: &'static str) {
        let last = self
            .files
            .get_mut(usize::from(node.0))
            .and_then(|file| file.last_mut());
        if let Some(Step {
            at: arrived,
            passing: Passing::GreArrived { refused, .. },
        }) = last
            && *arrived == at
            && refused.is_none()
        {
            *refused = Some(reason);
        }
    }
}

fn data(octets: &[u8]) -> Option<&[u8]> {
    GrePacket::decode(octets).ok().map(|packet| packet.data())
}

/// The Call ID that a request or reply gives to the end that sends it.
fn handed_out(octets: &[u8]) -> Option<u16> {
    let message_type = Header::decode(octets).ok()?.control_message_type;
    let opens = matches!(
        message_type,
        ControlMessageType::OUTGOING_CALL_REQUEST
            | ControlMessageType::OUTGOING_CALL_REPLY
            | ControlMessageType::INCOMING_CALL_REQUEST
            | ControlMessageType::INCOMING_CALL_REPLY
    );
    match field_by_key(message_type, "call-id")?.read(octets)? {
        FieldValue::Unsigned(number) if opens => u16::try_from(number).ok(),
        _ => None,
    }
}

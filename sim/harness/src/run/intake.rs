//! Records of the world become log entries, messages to match, and facts to ask for.

use std::sync::Arc;

use pptp_wire::gre::{GRE_PROTOCOL_PPP, GreFlags, GreHeader};
use pptp_wire::time::Instant;
use pptp_world::link::ImpairmentKind;
use pptp_world::{
    Cause, ConnectionNumber, ControlSent, GreSent, Loss, NodeId, PacketNumber, Record, RecordKind,
    Stage,
};

use super::driver::Driver;
use super::message::{Content, MessageKey, Seen};
use crate::scenario::model::View;
use crate::transcript::{ControlEntry, Entry, GreEntry, Mark, TcpEntry, TcpEvent};

impl<S: Stage> Driver<'_, S> {
    /// Takes in one record; adds the message that it shows, if it shows one.
    pub(super) fn take_record(&mut self, record: &Record, seen: &mut Vec<Seen>) {
        let at = record.at;
        match &record.kind {
            RecordKind::ControlSent(sent) => seen.push(self.saw_control(at, sent)),
            RecordKind::ControlArrived { message, .. } => {
                seen.extend(self.arrived(at, MessageKey::Control(*message), View::Delivered));
            }
            RecordKind::GreSent(sent) => self.saw_gre(at, sent, seen),
            RecordKind::GreDelivered {
                packet, changed, ..
            } => self.gre_delivered(at, *packet, *changed, seen),
            RecordKind::GreLost { packet, by } => self.gre_lost(at, *packet, by, seen),
            RecordKind::GreDuplicated { packet } => {
                let key = MessageKey::Gre(*packet);
                if let Some(flight) = self.flights.get_mut(key) {
                    flight.outstanding += 1;
                    let entry = flight.seen.entry;
                    self.log.mark(entry, Mark::Duplicated);
                }
            }
            other => match self.take_tcp(at, other) {
                Some(event) => seen.push(event),
                None => self.take_fact(at, other),
            },
        }
    }

    /// Takes in a record about a connection; gives the event that was seen, if one was.
    fn take_tcp(&mut self, at: Instant, kind: &RecordKind) -> Option<Seen> {
        match kind {
            RecordKind::TcpOpen {
                connection,
                from,
                to,
            } => {
                let to = &to.unwrap_or(*from);
                self.name_opened(*connection, (*from, *to));
                self.connection_ends.insert(*connection, (*from, *to));
                let ends = (*from, *to);
                Some(self.saw_tcp(at, *connection, ends, TcpEvent::Open, false, Vec::new()))
            }
            RecordKind::TcpOpened {
                connection,
                node,
                id,
            } => {
                self.bindings.opened(*node, *connection, *id);
                None
            }
            RecordKind::TcpRefused {
                connection,
                from,
                to,
            } => {
                self.closed.insert(*connection);
                self.opening_refused(at, *connection, *from);
                let marks = vec![Mark::Note("refused".to_owned())];
                Some(self.saw_tcp(at, *connection, (*from, *to), TcpEvent::Reset, false, marks))
            }
            RecordKind::TcpClose {
                connection,
                from,
                to,
                answer,
                cause,
            } => {
                self.closed_at.insert((*connection, *from));
                if *answer {
                    self.closed.insert(*connection);
                }
                let (ends, marks) = ((*from, *to), marks_of(cause));
                Some(self.saw_tcp(at, *connection, ends, TcpEvent::Close, *answer, marks))
            }
            RecordKind::TcpReset {
                connection,
                from,
                to,
                cause,
            } => {
                self.closed.insert(*connection);
                self.flights
                    .retain_of_connections(|seen| seen.connection != Some(*connection));
                let (ends, marks) = ((*from, *to), marks_of(cause));
                Some(self.saw_tcp(at, *connection, ends, TcpEvent::Reset, false, marks))
            }
            RecordKind::TcpCloseArrived { connection, node }
            | RecordKind::TcpResetArrived { connection, node } => {
                self.arrived_tcp(at, *connection, *node);
                None
            }
            _ => None,
        }
    }

    fn saw_tcp(
        &mut self,
        at: Instant,
        connection: ConnectionNumber,
        (from, to): (NodeId, NodeId),
        event: TcpEvent,
        answer: bool,
        marks: Vec<Mark>,
    ) -> Seen {
        let entry = TcpEntry {
            at,
            from,
            to,
            event,
            connection: None,
            marks,
        };
        let entry = self.log.add(Entry::Tcp(entry), Some(connection));
        let key = MessageKey::Tcp(connection, from, event as u8);
        let content = Content::Tcp { event, answer };
        let seen = Seen {
            at,
            from,
            to,
            connection: Some(connection),
            key,
            view: View::Sent,
            content,
            entry,
        };
        if event != TcpEvent::Open {
            self.flights.insert(seen.clone());
        }
        self.remember(seen.clone());
        seen
    }

    fn arrived_tcp(&mut self, at: Instant, connection: ConnectionNumber, node: NodeId) {
        let log = &mut self.log;
        self.flights.retain_of_connections(|seen| {
            let is_here = matches!(seen.key, MessageKey::Tcp(number, ..) if number == connection)
                && seen.to == node;
            if is_here && let Some(course) = &mut log.course {
                course.ended(seen.entry, at, None);
            }
            !is_here
        });
    }

    fn saw_control(&mut self, at: Instant, sent: &ControlSent) -> Seen {
        let octets: Arc<[u8]> = Arc::from(self.stage.octets(sent.octets));
        let call = self
            .bindings
            .call_of_control(&octets, sent.from, sent.to)
            .map(str::to_owned);
        let mut marks = marks_of(&sent.cause);
        if sent.pieces > 1 {
            marks.push(Mark::Segments(format!(
                "{} segments, cut after {}, the first at {}",
                sent.pieces, sent.first_piece, sent.first_at
            )));
        }
        let (from, to) = (sent.from, sent.to);
        let entry = ControlEntry {
            at,
            from,
            to,
            connection: None,
            call,
            octets: octets.to_vec(),
            marks,
        };
        let entry = self.log.add(Entry::Control(entry), Some(sent.connection));
        let key = MessageKey::Control(sent.message);
        let content = Content::Control {
            octets,
            framed: sent.framing.is_none(),
        };
        let seen = Seen {
            at,
            from,
            to,
            connection: Some(sent.connection),
            key,
            view: View::Sent,
            content,
            entry,
        };
        if let Some(message_type) = seen.control_type() {
            *self
                .sent_of_type
                .entry((seen.from, message_type))
                .or_default() += 1;
        }
        self.flights.insert(seen.clone());
        self.remember(seen.clone());
        seen
    }

    fn saw_gre(&mut self, at: Instant, sent: &GreSent, all: &mut Vec<Seen>) {
        let to = sent.to.unwrap_or(sent.from);
        let header = sent.header;
        let call = header.and_then(|header| self.bindings.call_name_at(to, header.call_id));
        let mut marks = marks_of(&sent.cause);
        if let Some(address) = sent.forged {
            marks.push(Mark::Note(format!("from address {address}")));
        }
        if sent.to.is_none() {
            marks.push(Mark::Note("to an address that nobody owns".to_owned()));
        }
        let entry = GreEntry {
            at,
            from: sent.from,
            to,
            call,
            call_id: header.map_or(0, |header| header.call_id.0),
            payload_length: header.map_or(0, |header| header.payload_length),
            sequence_number: header.and_then(|header| header.sequence_number),
            acknowledgment_number: header.and_then(|header| header.acknowledgment_number),
            odd_fields: header
                .map(|header| odd_fields(&header, sent.length))
                .unwrap_or_default(),
            step: None,
            marks,
        };
        let is_data = entry.sequence_number.is_some();
        if !is_data && entry.acknowledgment_number.is_some() {
            self.acknowledged_alone.insert(sent.from);
        }
        let entry = self.log.add(Entry::Gre(entry), None);
        let key = MessageKey::Gre(sent.packet);
        let content = Content::Gre {
            header,
            length: sent.length,
        };
        let seen = Seen {
            at,
            from: sent.from,
            to,
            connection: None,
            key,
            view: View::Sent,
            content,
            entry,
        };
        self.flights.insert(seen.clone());
        self.data.sent(&seen, is_data.then_some(entry));
        self.offer_packet(&seen, all);
        self.remember(seen);
    }

    /// The opening segment came to a node that refuses it at once: that is when it arrived.
    fn opening_refused(&mut self, at: Instant, connection: ConnectionNumber, by: NodeId) {
        let key = |opener| MessageKey::Tcp(connection, opener, TcpEvent::Open as u8);
        let opening = self
            .recent
            .iter()
            .rev()
            .find(|seen| seen.key == key(seen.from));
        if let Some(seen) = opening
            && seen.to == by
            && let Some(course) = &mut self.log.course
        {
            course.ended(seen.entry, at, None);
        }
    }

    /// Adds a packet to what the script is shown, if the script looks at packets.
    #[inline]
    fn offer_packet(&mut self, packet: &Seen, seen: &mut Vec<Seen>) {
        if self.looks_at_packets {
            seen.push(packet.clone());
        } else {
            self.not_offered.get_or_insert(seen.len());
        }
    }

    /// A message, or one copy of it, came to the end of its path: what was seen there, if it was known to be on its way.
    #[inline]
    fn arrived(&mut self, at: Instant, key: MessageKey, view: View) -> Option<Seen> {
        let mut ended = self.flights.end_one(key)?;
        ended.at = at;
        ended.view = view;
        if view == View::Delivered
            && let Some(course) = &mut self.log.course
        {
            course.ended(ended.entry, at, None);
        }
        Some(ended)
    }

    fn gre_delivered(
        &mut self,
        at: Instant,
        packet: PacketNumber,
        changed: bool,
        seen: &mut Vec<Seen>,
    ) {
        let Some(packet) = self.arrived(at, MessageKey::Gre(packet), View::Delivered) else {
            return;
        };
        if changed {
            self.log.mark(packet.entry, Mark::Corrupted);
        }
        self.data.delivered(&packet);
        self.offer_packet(&packet, seen);
    }

    fn gre_lost(&mut self, at: Instant, packet: PacketNumber, by: &Loss, seen: &mut Vec<Seen>) {
        let Some(packet) = self.arrived(at, MessageKey::Gre(packet), View::Lost) else {
            return;
        };
        let by = match by {
            Loss::NoAddress => "no such address".to_owned(),
            Loss::NoLink => "no link".to_owned(),
            Loss::NodeDown => "node down".to_owned(),
            Loss::Link(ImpairmentKind::Targeted) => "drop".to_owned(),
            Loss::Link(kind) => kind.key().to_owned(),
        };
        if let Some(course) = &mut self.log.course {
            course.ended(packet.entry, at, Some(by.clone()));
        }
        self.log.mark(packet.entry, Mark::Lost(by));
        self.offer_packet(&packet, seen);
    }

    pub(super) fn is_scripted(&self, node: NodeId) -> bool {
        self.scenario
            .nodes
            .get(usize::from(node.0))
            .is_some_and(|node| node.scripted)
    }
}

#[inline]
fn marks_of(cause: &Cause) -> Vec<Mark> {
    if cause.is_answer() {
        Vec::new()
    } else {
        vec![Mark::Cause(cause.to_string())]
    }
}

/// Header fields that are not what RFC 2637 §4.1 asks for, and a payload that is not as long as it says.
#[inline]
fn odd_fields(header: &GreHeader, length: u32) -> Vec<(&'static str, u32)> {
    let payload = length.saturating_sub(u32::try_from(header.encoded_length()).unwrap_or(0));
    if payload == u32::from(header.payload_length) && is_usual(header) {
        return Vec::new();
    }
    unusual_fields(header, payload)
}

fn unusual_fields(header: &GreHeader, payload: u32) -> Vec<(&'static str, u32)> {
    let mut odd = Vec::new();
    let expected = if header.sequence_number.is_some() || header.acknowledgment_number.is_some() {
        1
    } else {
        0
    };
    for field in pptp_wire::GRE_FIELDS {
        let seen = match field.key {
            "protocol-type" => (header.protocol_type != GRE_PROTOCOL_PPP)
                .then_some(u32::from(header.protocol_type)),
            "payload-length" | "call-id" | "sequence-number" | "acknowledgment-number" => None,
            _ => super::matcher::odd_flag(header, field.key),
        };
        if let Some(seen) = seen {
            odd.push((field.key, seen));
        }
    }
    if payload != u32::from(header.payload_length) && expected == 1 {
        odd.push(("octets", payload));
    }
    odd
}

/// Whether octets 0 to 3 of the header are what RFC 2637 §4.1 asks for: of nearly all packets.
fn is_usual(header: &GreHeader) -> bool {
    let (sequence, acknowledgment) = (header.sequence_number, header.acknowledgment_number);
    let mut flags = GreFlags::PPTP.0;
    if sequence.is_some() {
        flags |= GreFlags::SEQUENCE_NUMBER_PRESENT;
    }
    if acknowledgment.is_some() {
        flags |= GreFlags::ACKNOWLEDGMENT_PRESENT;
    }
    header.flags.0 == flags && header.protocol_type == GRE_PROTOCOL_PPP
}

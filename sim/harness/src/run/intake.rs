//! Records of the world become log entries, messages to match, and facts to ask for.

use std::rc::Rc;

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
    /// Takes in one record; adds the message that it shows, if it shows one. Nearly all are about GRE packets.
    #[inline]
    pub(super) fn take_record(&mut self, record: &Record, seen: &mut Vec<Seen>) {
        let at = record.at;
        match &record.kind {
            RecordKind::GreSent(sent) => self.saw_gre(at, sent, seen),
            RecordKind::GreDelivered {
                packet, changed, ..
            } => self.gre_delivered(at, *packet, *changed, seen),
            RecordKind::Data {
                node,
                call,
                sequence_number,
                counter,
                ..
            } => {
                let name = self.bindings.call_at(*node, *call);
                let packet = (*call, *sequence_number);
                self.data.received(*node, name, packet, *counter);
            }
            other => self.take_other(at, other, seen),
        }
    }

    #[inline(never)]
    fn take_other(&mut self, at: Instant, kind: &RecordKind, seen: &mut Vec<Seen>) {
        match kind {
            RecordKind::ControlSent(sent) => seen.push(self.saw_control(at, sent)),
            RecordKind::ControlArrived { message, .. } => {
                seen.extend(self.control_arrived(at, MessageKey::Control(*message)));
            }
            RecordKind::GreLost { packet, by } => self.gre_lost(at, *packet, by, seen),
            RecordKind::GreDuplicated { packet } => {
                if let Some(entry) = self.flights.copied(*packet) {
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
                    .retain_messages(|seen| seen.connection != Some(*connection));
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
        self.recent.add(&seen);
        seen
    }

    fn arrived_tcp(&mut self, at: Instant, connection: ConnectionNumber, node: NodeId) {
        let log = &mut self.log;
        self.flights.retain_messages(|seen| {
            let is_here = matches!(seen.key, MessageKey::Tcp(number, ..) if number == connection)
                && seen.to == node;
            if is_here && let Some(course) = &mut log.course {
                course.ended(seen.entry, at, None);
            }
            !is_here
        });
    }

    fn saw_control(&mut self, at: Instant, sent: &ControlSent) -> Seen {
        let octets: Rc<[u8]> = Rc::from(self.stage.octets(sent.octets));
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
            octets: octets.clone(),
            marks,
        };
        let entry = self.log.add(Entry::Control(entry), Some(sent.connection));
        self.control_messages += 1;
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
        self.recent.add(&seen);
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
        let entry = self.log.add(
            Entry::Gre(GreEntry {
                at,
                from: sent.from,
                to,
                call,
                packet: sent.packet,
                header,
                length: sent.length,
                step: None,
                marks,
            }),
            None,
        );
        self.gre_packets += 1;
        if let Some(header) = &header {
            if header.sequence_number.is_none() && header.acknowledgment_number.is_some() {
                self.acknowledged_alone.insert(sent.from);
            }
            self.data.sent((sent.from, to), header, entry);
        }
        self.flights.insert_packet(sent.packet, entry);
        self.offer_packet((at, View::Sent), entry, all);
        self.recent.add_packet(entry);
    }

    /// The opening segment came to a node that refuses it at once: that is when it arrived.
    fn opening_refused(&mut self, at: Instant, connection: ConnectionNumber, by: NodeId) {
        let key = |opener| MessageKey::Tcp(connection, opener, TcpEvent::Open as u8);
        let opening = self
            .recent
            .messages()
            .find(|seen| seen.key == key(seen.from) && seen.to == by)
            .map(|seen| seen.entry);
        if let (Some(entry), Some(course)) = (opening, &mut self.log.course) {
            course.ended(entry, at, None);
        }
    }

    /// Adds a packet, as it is seen then and there, to what the script is shown, if the script looks at packets.
    #[inline]
    fn offer_packet(&mut self, sight: (Instant, View), entry: usize, seen: &mut Vec<Seen>) {
        if self.looks_at_packets {
            let packet = self.log.packet(entry);
            seen.extend(packet.map(|packet| Seen::packet(packet, entry, sight)));
        } else {
            self.not_offered.get_or_insert(seen.len());
        }
    }

    /// A control message came to the end of its path: what was seen there, if it was known to be on its way.
    fn control_arrived(&mut self, at: Instant, key: MessageKey) -> Option<Seen> {
        let mut ended = self.flights.end(key)?;
        ended.at = at;
        ended.view = View::Delivered;
        if let Some(course) = &mut self.log.course {
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
        let Some(entry) = self.flights.end_packet(packet) else {
            return;
        };
        if let Some(course) = &mut self.log.course {
            course.ended(entry, at, None);
        }
        if changed {
            self.log.mark(entry, Mark::Corrupted);
        }
        if let Some(packet) = self.log.packet(entry) {
            self.data.delivered(at, packet, entry);
        }
        self.offer_packet((at, View::Delivered), entry, seen);
    }

    fn gre_lost(&mut self, at: Instant, packet: PacketNumber, by: &Loss, seen: &mut Vec<Seen>) {
        let Some(entry) = self.flights.end_packet(packet) else {
            return;
        };
        let by = match by {
            Loss::NoAddress => "no such address",
            Loss::NoLink => "no link",
            Loss::NodeDown => "node down",
            Loss::Link(ImpairmentKind::Targeted) => "drop",
            Loss::Link(kind) => kind.key(),
        };
        if let Some(course) = &mut self.log.course {
            course.ended(entry, at, Some(by.to_owned()));
        }
        self.log.mark(entry, Mark::Lost(by));
        self.offer_packet((at, View::Lost), entry, seen);
    }

    pub(super) fn is_scripted(&self, node: NodeId) -> bool {
        self.scenario
            .nodes
            .get(usize::from(node.0))
            .is_some_and(|node| node.scripted)
    }
}

#[inline(always)]
fn marks_of(cause: &Cause) -> Vec<Mark> {
    if cause.is_answer() {
        Vec::new()
    } else {
        vec![Mark::Cause(cause.to_string())]
    }
}

//! Writes the files of one node: the capture with its comments, and the golden lines that say the same in full.

use std::collections::BTreeMap;

use pptp_rules::Finding;
use pptp_wire::time::Instant;
use pptp_world::{ConnectionNumber, NodeId, PacketNumber};

use super::lines::{FrameNote, Lines, Pieces};
use super::notes::{PacketNote, lost_by};
use super::passing::{Passing, Step};
use super::words::{direction, grade, made_by, marks_of_message, messages_in, part_name};
use super::{CaptureRecorder, NodeCapture};
use crate::capture::CaptureWriter;
use crate::decode::{Item, decode};
use crate::goldens::Head;
use crate::run::remark;

/// Octets of a stream that one segment takes.
const SEGMENT: usize = 1460;

/// Writes the files of the node of this index.
pub(super) fn write(recorder: &CaptureRecorder, index: usize) -> NodeCapture {
    let name = &recorder.names[index];
    let mut file = File {
        recorder,
        node: NodeId(index as u16),
        writer: CaptureWriter::new(name, &recorder.addresses[index]),
        frames: BTreeMap::new(),
        pieces: BTreeMap::new(),
        packets: BTreeMap::new(),
        newest: BTreeMap::new(),
    };
    for step in &recorder.files[index] {
        file.step(step);
    }
    file.finish(name)
}

struct File<'r> {
    recorder: &'r CaptureRecorder,
    node: NodeId,
    writer: CaptureWriter,
    frames: BTreeMap<u64, FrameNote>,
    pieces: Pieces,
    /// The frame that showed a packet first.
    packets: BTreeMap<PacketNumber, u64>,
    /// Of those that arrived, by sender and receiver: the packet that was sent last, and its frame.
    newest: BTreeMap<(NodeId, Option<NodeId>), (PacketNumber, u64)>,
}

impl File<'_> {
    fn step(&mut self, step: &Step) {
        match &step.passing {
            Passing::Open {
                connection,
                records,
            } => self.open(step.at, *connection, records),
            Passing::Opened {
                connection,
                records,
            } => self.opened(step.at, *connection, records),
            Passing::Refused {
                connection,
                records,
            } => self.refused(step.at, *connection, records),
            Passing::End {
                connection,
                from,
                reset,
                records,
            } => self.end(step.at, *connection, *from, *reset, records),
            Passing::Octets {
                connection,
                from,
                start,
                octets,
            } => {
                let mut start = *start;
                for piece in octets.chunks(SEGMENT) {
                    self.octets(step, *connection, *from, start, piece);
                    start += piece.len() as u64;
                }
            }
            Passing::GreSent(packet) => self.gre_sent(step, *packet),
            Passing::GreArrived { packet, .. } => self.gre_arrived(step, *packet),
        }
    }

    fn open(&mut self, at: Instant, connection: ConnectionNumber, records: &[u64]) {
        let ends = self.recorder.connections[&connection];
        let note = self.tcp("TCP-Open", connection, ends.opener, &[], records);
        self.writer.tcp_open(at, ends.from, ends.to);
        self.frames.insert(self.writer.frames(), note);
    }

    fn opened(&mut self, at: Instant, connection: ConnectionNumber, records: &[u64]) {
        let ends = self.recorder.connections[&connection];
        if ends.opener == self.node {
            return self.writer.tcp_opened(at, ends.from, ends.to);
        }
        // What arrives at the acceptor first is the SYN; the world tells of the acceptor when the third segment arrives.
        let note = self.tcp("TCP-Open", connection, ends.opener, &[], records);
        self.writer.tcp_opened(at, ends.from, ends.to);
        let first = self.writer.frames().saturating_sub(2);
        self.frames.insert(first, note);
    }

    fn refused(&mut self, at: Instant, connection: ConnectionNumber, records: &[u64]) {
        let ends = self.recorder.connections[&connection];
        let marks = ["refused".to_owned()];
        let note = self.tcp("TCP-Reset", connection, ends.acceptor, &marks, records);
        self.writer.tcp_refused(at, ends.from, ends.to);
        self.frames.insert(self.writer.frames(), note);
    }

    fn end(
        &mut self,
        at: Instant,
        connection: ConnectionNumber,
        from: NodeId,
        reset: bool,
        records: &[u64],
    ) {
        let (source, destination) = self.recorder.connections[&connection].direction(from);
        let name = if reset { "TCP-Reset" } else { "TCP-Close" };
        let note = self.tcp(name, connection, from, &[], records);
        match reset {
            true => self.writer.tcp_reset(at, source, destination),
            false => self.writer.tcp_close(at, source, destination),
        }
        self.frames.insert(self.writer.frames(), note);
    }

    /// Comments on the TCP segment that is written next, and says what its line is to say.
    fn tcp(
        &mut self,
        name: &str,
        connection: ConnectionNumber,
        from: NodeId,
        marks: &[String],
        records: &[u64],
    ) -> FrameNote {
        let to = Some(self.recorder.connections[&connection].other(from));
        let findings = self.recorder.found(records.iter().copied());
        self.comment(name, from, to, marks, &findings);
        FrameNote {
            from,
            to,
            sent: from == self.node,
            marks: marks.to_vec(),
            findings,
            connection: Some(connection),
        }
    }

    /// One segment with octets of a stream.
    fn octets(
        &mut self,
        step: &Step,
        connection: ConnectionNumber,
        from: NodeId,
        start: u64,
        piece: &[u8],
    ) {
        let recorder = self.recorder;
        let Some(ends) = recorder.connections.get(&connection) else {
            return;
        };
        let range = start..start + piece.len() as u64;
        let messages = messages_in(recorder, connection, from, &range);
        let names: Vec<String> = messages
            .iter()
            .map(|message| part_name(message, &range))
            .collect();
        let name = match names.is_empty() {
            true => "Part of a message that does not end".to_owned(),
            false => names.join(", "),
        };
        let mut marks = Vec::new();
        let mut findings = Vec::new();
        for message in &messages {
            for mark in marks_of_message(message) {
                if !marks.contains(&mark) {
                    marks.push(mark);
                }
            }
            findings.extend(recorder.found(message.records.iter().copied()));
        }
        let other = Some(ends.other(from));
        self.comment(&name, from, other, &marks, &findings);
        let (source, destination) = ends.direction(from);
        self.writer.tcp_octets(step.at, source, destination, piece);
        let frame = self.writer.frames();
        self.pieces
            .entry((connection, from))
            .or_default()
            .push((range, frame));
        let note = FrameNote {
            from,
            to: other,
            sent: from == self.node,
            marks,
            findings,
            connection: Some(connection),
        };
        self.frames.insert(frame, note);
    }

    fn gre_sent(&mut self, step: &Step, number: PacketNumber) {
        let recorder = self.recorder;
        let Some(packet) = recorder.packets.get(&number) else {
            return;
        };
        let mut marks = self.marks_of_packet(packet);
        match packet.lost.as_slice() {
            [] => {}
            [by, ..] if packet.lost.len() as u64 > u64::from(packet.copies) => {
                marks.push(format!("lost after this point: {}", lost_by(by)));
            }
            [by, ..] => marks.push(format!("a copy lost after this point: {}", lost_by(by))),
        }
        if packet.copies > 0 {
            marks.push("duplicated after this point".to_owned());
        }
        self.gre(step, number, packet, &packet.octets, marks);
    }

    fn gre_arrived(&mut self, step: &Step, number: PacketNumber) {
        let recorder = self.recorder;
        let Passing::GreArrived {
            copy,
            changed,
            octets,
            refused,
            ..
        } = &step.passing
        else {
            return;
        };
        let Some(packet) = recorder.packets.get(&number) else {
            return;
        };
        let mut marks = match changed {
            true => vec![remark::CHANGED_ON_THE_WAY.to_owned()],
            false => self.marks_of_packet(packet),
        };
        match self.packets.get(&number) {
            Some(frame) => marks.push(format!("duplicate of frame {frame}")),
            None if *copy > 0 => marks.push("duplicate of a packet that was lost".to_owned()),
            None => {}
        }
        let key = (packet.from, packet.to);
        match self.newest.get(&key) {
            Some((newest, frame)) if *newest > number => {
                marks.push(format!("late: sent before frame {frame}"));
            }
            _ => {}
        }
        if let Some(reason) = refused {
            marks.push(format!("refused: {reason}"));
        }
        let octets = octets.as_ref().unwrap_or(&packet.octets);
        self.gre(step, number, packet, octets, marks);
        let newest = self.newest.entry(key).or_insert((number, 0));
        if newest.0 <= number {
            *newest = (number, self.writer.frames());
        }
    }

    fn gre(
        &mut self,
        step: &Step,
        number: PacketNumber,
        packet: &PacketNote,
        octets: &[u8],
        marks: Vec<String>,
    ) {
        let findings = self.recorder.found(packet.records.iter().copied());
        self.comment("GRE", packet.from, packet.to, &marks, &findings);
        self.writer.gre_identified(
            step.at,
            packet.source,
            packet.destination,
            packet.identification,
            octets,
        );
        let frame = self.writer.frames();
        self.packets.entry(number).or_insert(frame);
        let note = FrameNote {
            from: packet.from,
            to: packet.to,
            sent: packet.from == self.node,
            marks,
            findings,
            connection: None,
        };
        self.frames.insert(frame, note);
    }

    fn marks_of_packet(&self, packet: &PacketNote) -> Vec<String> {
        let mut marks = made_by(packet.is_own, packet.remark.as_deref());
        if packet.is_forged {
            marks.push("forged source address".to_owned());
        }
        if let Some((first, same)) = packet.repeats {
            let what = match same {
                true => "retransmission of",
                false => "the sequence number, with other data, of",
            };
            match self.packets.get(&first) {
                Some(frame) => marks.push(format!("{what} frame {frame}")),
                None => marks.push(format!("{what} a packet that is not here")),
            }
        }
        if packet
            .held_up
            .is_some_and(|held_up| held_up != Default::default())
        {
            marks.push("held up on the way".to_owned());
        }
        marks
    }

    fn comment(
        &mut self,
        name: &str,
        from: NodeId,
        to: Option<NodeId>,
        marks: &[String],
        findings: &[Finding],
    ) {
        let to = to.map_or("an address that nobody owns", |to| self.recorder.name(to));
        let direction = direction(from == self.node);
        let mut parts = vec![
            name.to_owned(),
            format!("{} to {to}", self.recorder.name(from)),
            direction.to_owned(),
        ];
        parts.extend(marks.iter().cloned());
        parts.push(self.verdict(findings));
        self.writer.comment(&parts.join("; "));
    }

    /// `pass`, `fail: CDN-003 (pac)`, `not graded: HDR-006 (pac)`.
    fn verdict(&self, findings: &[Finding]) -> String {
        let named = |graded: bool| {
            let mut ids: Vec<String> = findings
                .iter()
                .filter(|finding| finding.graded == graded)
                .map(|finding| {
                    let end = self.recorder.name(NodeId(finding.end.0));
                    format!("{} ({end})", finding.requirement)
                })
                .collect();
            ids.dedup();
            ids.join(", ")
        };
        let mut text = grade(findings).name().to_owned();
        let (graded, ungraded) = (named(true), named(false));
        if !graded.is_empty() {
            text.push_str(&format!(": {graded}"));
        }
        if !ungraded.is_empty() {
            text.push_str(&format!("; not graded: {ungraded}"));
        }
        text
    }

    fn finish(self, name: &str) -> NodeCapture {
        let File {
            recorder,
            writer,
            frames,
            pieces,
            ..
        } = self;
        let pcapng = writer.finish();
        let head = Head {
            scenario: recorder.title.clone(),
            case: recorder.case.clone(),
            seed: recorder.seed,
            node: name.to_owned(),
        };
        let mut golden = head.to_json();
        let mut lines = Lines {
            recorder,
            frames,
            pieces,
            shown: BTreeMap::new(),
        };
        let mut sink = |item: &Item<'_>| {
            if let Some(line) = lines.line(item) {
                golden.push_str(&line.to_json());
            }
            Ok(())
        };
        // What was just written can be read; if it could not, the lines would end there.
        let _ = decode(pcapng.as_slice(), &mut sink);
        NodeCapture {
            node: name.to_owned(),
            pcapng,
            golden: golden.into_bytes(),
        }
    }
}

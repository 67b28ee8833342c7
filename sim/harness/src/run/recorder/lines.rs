//! Golden lines: what can be decoded of a capture, with what only the run knows.

use std::collections::BTreeMap;
use std::ops::Range;

use pptp_rules::Finding;
use pptp_world::{ConnectionNumber, NodeId};

use super::CaptureRecorder;
use super::words::{direction, grade, marks_of_message, messages_in};
use crate::decode::{Control, Item, ItemKind};
use crate::goldens::{Judged, Line, Piece};

/// Which frame carries which octets of a stream, in order; by connection and sender.
pub(super) type Pieces = BTreeMap<(ConnectionNumber, NodeId), Vec<(Range<u64>, u64)>>;

/// What the golden line of a frame says beside what can be decoded from it.
pub(super) struct FrameNote {
    pub from: NodeId,
    pub to: Option<NodeId>,
    pub sent: bool,
    pub marks: Vec<String>,
    pub findings: Vec<Finding>,
    pub connection: Option<ConnectionNumber>,
}

/// Makes golden lines of what is decoded.
pub(super) struct Lines<'r> {
    pub recorder: &'r CaptureRecorder,
    pub frames: BTreeMap<u64, FrameNote>,
    pub pieces: Pieces,
    /// Octets of a stream that lines have shown, by connection and sender.
    pub shown: BTreeMap<(ConnectionNumber, NodeId), u64>,
}

impl Lines<'_> {
    /// The line of an item; `None` for what has none.
    pub fn line(&mut self, item: &Item<'_>) -> Option<Line> {
        let mut line = Line::of(item)?;
        let Some(note) = self.frames.get(&item.stamp.frame) else {
            return Some(line);
        };
        line.from_node = Some(self.recorder.name(note.from).to_owned());
        line.to_node = note.to.map(|to| self.recorder.name(to).to_owned());
        line.direction = Some(direction(note.sent).to_owned());
        let (mut marks, mut findings) = (note.marks.clone(), note.findings.clone());
        let (from, connection) = (note.from, note.connection);
        if let (ItemKind::Control(control), Some(connection)) = (&item.kind, connection) {
            let range = self.range_of(control, connection, from, line.frame);
            line.segments = self.segments(&range, connection, from);
            self.shown.insert((connection, from), range.end);
            let messages = messages_in(self.recorder, connection, from, &range);
            if !messages.is_empty() {
                marks.clear();
                findings.clear();
            }
            for message in messages {
                for mark in marks_of_message(message) {
                    if !marks.contains(&mark) {
                        marks.push(mark);
                    }
                }
                findings.extend(self.recorder.found(message.records.iter().copied()));
            }
        }
        line.marks = marks;
        line.verdict = Some(grade(&findings).name().to_owned());
        line.requirements = findings
            .iter()
            .map(|finding| Judged {
                requirement: finding.requirement.id().to_owned(),
                end: self.recorder.name(NodeId(finding.end.0)).to_owned(),
                severity: finding.severity.to_string(),
                graded: finding.graded,
                detail: finding.detail.to_string(),
            })
            .collect();
        Some(line)
    }

    /// Where in its stream a message stands that ends in this frame: behind what was shown before, or, where a decoder has gone
    /// back to the beginning of a segment, there.
    fn range_of(
        &self,
        control: &Control<'_>,
        connection: ConnectionNumber,
        from: NodeId,
        frame: u64,
    ) -> Range<u64> {
        let key = (connection, from);
        let length = control.octets.len() as u64;
        let pieces = self.pieces.get(&key).map_or(&[][..], Vec::as_slice);
        let place = pieces.partition_point(|(_, of)| *of < frame);
        let in_frame = pieces.get(place).filter(|(_, of)| *of == frame);
        let behind = self.shown.get(&key).copied().unwrap_or(0);
        let last = (behind + length).saturating_sub(1);
        let start = match in_frame {
            Some((piece, _)) if !piece.contains(&last) => piece.start,
            _ => behind,
        };
        start..start + length
    }

    fn segments(
        &self,
        range: &Range<u64>,
        connection: ConnectionNumber,
        from: NodeId,
    ) -> Vec<Piece> {
        let pieces = self.pieces.get(&(connection, from));
        let pieces = pieces.map_or(&[][..], Vec::as_slice);
        let first = pieces.partition_point(|(piece, _)| piece.end <= range.start);
        pieces[first..]
            .iter()
            .take_while(|(piece, _)| piece.start < range.end)
            .map(|(piece, frame)| Piece {
                frame: *frame,
                octets: piece.end.min(range.end) - piece.start.max(range.start),
            })
            .collect()
    }
}

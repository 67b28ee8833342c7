//! Golden lines: what can be decoded of a capture, with what only the run knows.

use std::collections::BTreeMap;
use std::ops::Range;

use pptp_rules::Finding;
use pptp_world::{ConnectionNumber, NodeId};

use super::CaptureRecorder;
use super::notes::MessageNote;
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
        let (marks, findings) = match (&item.kind, note.connection) {
            (ItemKind::Control(control), Some(connection)) => {
                let own = self.own_message(control, connection, note.from, item.stamp.frame);
                line.segments = self.segments(own, control, connection, note.from, &line);
                match own {
                    Some(message) => (
                        marks_of_message(message),
                        self.recorder.found(message.records.iter().copied()),
                    ),
                    None => (note.marks.clone(), note.findings.clone()),
                }
            }
            _ => (note.marks.clone(), note.findings.clone()),
        };
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

    /// The message that was sent as these octets and ends in this frame.
    fn own_message(
        &self,
        control: &Control<'_>,
        connection: ConnectionNumber,
        from: NodeId,
        frame: u64,
    ) -> Option<&MessageNote> {
        let pieces = self.pieces.get(&(connection, from))?;
        let place = pieces.partition_point(|(_, of)| *of < frame);
        let (range, _) = pieces.get(place)?;
        let messages = messages_in(self.recorder, connection, from, range);
        messages.into_iter().find(|message| {
            message.range.end <= range.end && message.octets.as_slice() == control.octets
        })
    }

    fn segments(
        &self,
        own: Option<&MessageNote>,
        control: &Control<'_>,
        connection: ConnectionNumber,
        from: NodeId,
        line: &Line,
    ) -> Vec<Piece> {
        let whole = vec![Piece {
            frame: line.frame,
            octets: control.octets.len() as u64,
        }];
        let Some((message, pieces)) = own.zip(self.pieces.get(&(connection, from))) else {
            return whole;
        };
        let first = pieces.partition_point(|(range, _)| range.end <= message.range.start);
        pieces[first..]
            .iter()
            .take_while(|(range, _)| range.start < message.range.end)
            .map(|(range, frame)| Piece {
                frame: *frame,
                octets: range.end.min(message.range.end) - range.start.max(message.range.start),
            })
            .collect()
    }
}

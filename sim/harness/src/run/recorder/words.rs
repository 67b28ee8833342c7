//! The words in which comments and golden lines speak of messages.

use std::net::{Ipv4Addr, SocketAddrV4};
use std::ops::Range;

use pptp_rules::{Finding, Grade, Grading};
use pptp_wire::{FramingErrorKind, HEADER_LENGTH};
use pptp_world::{ConnectionNumber, NodeId};

use super::CaptureRecorder;
use super::notes::MessageNote;
use crate::capture::Flow;
use crate::decode::{Control, Framing, message_name};
use crate::run::remark;

/// The messages that have octets in this part of a stream.
pub(super) fn messages_in<'r>(
    recorder: &'r CaptureRecorder,
    connection: ConnectionNumber,
    from: NodeId,
    range: &Range<u64>,
) -> Vec<&'r MessageNote> {
    let Some(messages) = recorder.messages.get(&(connection, from)) else {
        return Vec::new();
    };
    let first = messages.partition_point(|message| message.range.end <= range.start);
    messages[first..]
        .iter()
        .take_while(|message| message.range.start < range.end)
        .collect()
}

/// `Echo-Request`, or `Outgoing-Call-Request (octets 84 to 167 of 168)`.
pub(super) fn part_name(message: &MessageNote, within: &Range<u64>) -> String {
    let name = name_of(message);
    let own = &message.range;
    let (start, end) = (own.start.max(within.start), own.end.min(within.end));
    if start == own.start && end == own.end {
        return name.to_owned();
    }
    let (first, last) = (start - own.start, end - own.start - 1);
    format!(
        "{name} (octets {first} to {last} of {})",
        own.end - own.start
    )
}

fn name_of(message: &MessageNote) -> &'static str {
    let flow = Flow {
        connection: 0,
        from: SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0),
        to: SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0),
    };
    let framing = match message.framing {
        _ if message.octets.len() < HEADER_LENGTH => Framing::Unfinished,
        None => Framing::Whole,
        Some(
            kind @ (FramingErrorKind::LengthTooShort
            | FramingErrorKind::LengthTooLong
            | FramingErrorKind::BadPptpMessageType),
        ) => Framing::Faulty(kind),
        Some(kind) => Framing::Lost(kind),
    };
    message_name(&Control {
        flow,
        octets: &message.octets,
        framing,
        findings: Vec::new(),
    })
}

/// What becomes of a message, and who made it.
pub(super) fn marks_of_message(message: &MessageNote) -> Vec<String> {
    let mut marks = made_by(message.is_own, message.remark.as_deref());
    if message
        .held_up
        .is_some_and(|held_up| held_up != Default::default())
    {
        marks.push("held up on the way".to_owned());
    }
    marks
}

/// Who made the octets, where that is no endpoint.
pub(super) fn made_by(is_own: bool, remark: Option<&str>) -> Vec<String> {
    match (is_own, remark) {
        (true, _) => Vec::new(),
        (false, Some(remark)) => vec![remark.to_owned()],
        (false, None) => vec![
            remark::MADE_BY_SCENARIO
                .trim_end_matches([':', ' '])
                .to_owned(),
        ],
    }
}

/// Which way it passed the interface.
pub(super) const fn direction(sent: bool) -> &'static str {
    if sent { "sent" } else { "arrived" }
}

/// The worst grade of what is graded.
pub(super) fn grade(findings: &[Finding]) -> Grade {
    let graded = findings.iter().filter(|finding| finding.graded);
    graded
        .map(|finding| Grading::Default.grade(finding.severity))
        .max()
        .unwrap_or(Grade::Pass)
}

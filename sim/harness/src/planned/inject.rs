//! What outsiders of a plan put on the path, as `inject`.

use super::index;
use crate::scenario::model::{
    FieldPattern, MessageLine, MessageName, Name, Octets, Patch, Pattern, RawWork, StepKind, Value,
    View,
};
use crate::scenario::source::SourceSpan;
use pptp_wire::{GreHeader, GrePacket};
use std::fmt::Write;

/// Octets in a connection, wherever its messages begin.
pub(super) fn control(
    [from, to]: [usize; 2],
    [sender, receiver]: [&str; 2],
    connection: Name,
    octets: &[u8],
) -> (String, StepKind) {
    let text = format!(
        "inject {sender} ~> {receiver} Unframed-Octets connection={} octets=\"{}\" in-stream=#true may-be-refused=#true",
        connection.text,
        digits(octets)
    );
    let line = MessageLine {
        connection: Some(connection),
        raw: RawWork {
            octets: Some(Octets::Literal(octets.to_vec())),
            in_stream: true,
            ..RawWork::default()
        },
        may_be_refused: true,
        ..line([from, to], MessageName::Unframed)
    };
    (text, StepKind::Inject(line))
}

/// A datagram, from the GRE header on: by the fields of its header where they say it all, else octet by octet.
pub(super) fn gre(
    [from, to]: [usize; 2],
    [sender, receiver]: [&str; 2],
    octets: &[u8],
) -> (String, StepKind) {
    let head = format!("inject {sender} ~> {receiver} GRE");
    let mut line = line([from, to], MessageName::Gre);
    let plain = GrePacket::decode(octets)
        .ok()
        .filter(|packet| is_plain(&packet.header, packet.payload.len()));
    let text = match plain {
        Some(packet) => head + &plain_words(&mut line, &packet),
        None => head + &octet_words(&mut line, octets),
    };
    (text, StepKind::Inject(line))
}

/// Whether a line that names the numbers sends these very flags, Protocol Type and Payload Length.
fn is_plain(header: &GreHeader, payload: usize) -> bool {
    let usual = GreHeader {
        sequence_number: header.sequence_number,
        ..GreHeader::data(
            header.call_id,
            0,
            header.acknowledgment_number,
            header.payload_length,
        )
    };
    let numbers = header.sequence_number.is_some();
    numbers
        && usize::from(header.payload_length) == payload
        && usual.flags == header.flags
        && usual.protocol_type == header.protocol_type
}

fn plain_words(line: &mut MessageLine, packet: &GrePacket<'_>) -> String {
    let header = &packet.header;
    let numbers = [
        ("call-id", Some(u64::from(header.call_id.0))),
        ("sequence-number", header.sequence_number.map(u64::from)),
        (
            "acknowledgment-number",
            header.acknowledgment_number.map(u64::from),
        ),
    ];
    let mut words = String::new();
    for (key, number) in numbers {
        if let Some(number) = number {
            words.push_str(&format!(" {key}={number}"));
            line.fields.push(field(key, number));
        }
    }
    if packet.payload.is_empty() {
        words.push_str(" octets=0");
        line.raw.octets = Some(Octets::Count(0));
    } else {
        words.push_str(&format!(" octets=\"{}\"", digits(packet.payload)));
        line.raw.octets = Some(Octets::Literal(packet.payload.to_vec()));
    }
    words
}

/// Nothing of a legal packet is kept: the octets stand in its place.
fn octet_words(line: &mut MessageLine, octets: &[u8]) -> String {
    let mut words = " call-id=0 acknowledgment-only=#true truncate=0".to_owned();
    line.fields.push(field("call-id", 0));
    line.fields.push(field("acknowledgment-only", 1));
    line.raw.truncate = Some(0);
    if !octets.is_empty() {
        words.push_str(&format!(" patch=\"0:{}\"", digits(octets)));
        line.raw.patches.push(Patch {
            offset: 0,
            octets: octets.to_vec(),
        });
    }
    words
}

/// A field with a number.
pub(super) fn field(key: &'static str, number: u64) -> FieldPattern {
    FieldPattern {
        key,
        pattern: Pattern::Value(Value::Number(number)),
        span: SourceSpan::default(),
    }
}

/// A line that sends this and says nothing more of it.
pub(super) fn line([from, to]: [usize; 2], message: MessageName) -> MessageLine {
    MessageLine {
        from: index(from),
        to: index(to),
        view: View::Sent,
        sends: true,
        message,
        call: None,
        connection: None,
        fields: Vec::new(),
        exact: false,
        packets: None,
        after: None,
        within: None,
        requirement: None,
        raw: RawWork::default(),
        may_be_refused: false,
    }
}

/// Octets in hexadecimal.
pub(super) fn digits(octets: &[u8]) -> String {
    let mut text = String::with_capacity(2 * octets.len());
    for octet in octets {
        // Writing to a string does not fail.
        let _ = write!(text, "{octet:02x}");
    }
    text
}

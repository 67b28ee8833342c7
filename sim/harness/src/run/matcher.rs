//! Holding a line of the scenario against a message that was seen.

use pptp_wire::Requirement;
use pptp_wire::code::ControlMessageType;
use pptp_wire::{FieldKind, FieldValue, GreHeader, field_by_key, fields};
use pptp_world::NodeId;

use super::bindings::{Bindings, Owner, call_fields, call_id_at};
use super::message::{Content, Seen};
use crate::scenario::model::{MessageLine, MessageName, Name, NodeIndex, Pattern, Value, View};
use crate::transcript::{TcpEvent, text_value};

/// One field in which a message differs from what a line asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// The field's key, or `message`, `direction`, `call`, `connection`.
    pub key: String,
    /// What the line asks.
    pub expected: String,
    /// What was seen.
    pub seen: String,
    /// The requirement that the message breaks by it, where the RFC says whose value belongs there.
    pub requirement: Option<Requirement>,
}

impl Difference {
    fn new(key: &str, expected: impl Into<String>, seen: impl Into<String>) -> Self {
        Difference {
            key: key.to_owned(),
            expected: expected.into(),
            seen: seen.into(),
            requirement: None,
        }
    }
}

/// The node that a scenario's node index stands for: nodes enter the world in the order of the text.
pub fn node_id(index: NodeIndex) -> NodeId {
    NodeId(index.0)
}

/// Which value of a range a packet of a folded line is held against.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum FoldPlace {
    /// The line stands for one packet: ranges are ranges.
    Single,
    /// The first packet of several: a range's first value.
    First,
    /// Neither first nor last: ranges are not looked at.
    Middle,
    /// The last packet of several: a range's last value.
    Last,
}

/// Whether the message is of the kind that the line asks for, between the same ends and seen at the same one: most are not, and for
/// those nobody asks how they differ.
pub fn is_one_of(line: &MessageLine, seen: &Seen) -> bool {
    names_match(line.message, seen)
        && node_id(line.from) == seen.from
        && node_id(line.to) == seen.to
        && line.view == seen.view
}

/// Every difference between a line and a message; empty where the message fits. Never panics.
pub fn differences(
    line: &MessageLine,
    seen: &Seen,
    bindings: &Bindings,
    place: FoldPlace,
) -> Vec<Difference> {
    let mut found = Vec::new();
    if !names_match(line.message, seen) {
        found.push(Difference::new(
            "message",
            name_text(line.message),
            seen_name(seen),
        ));
    }
    if node_id(line.from) != seen.from || node_id(line.to) != seen.to {
        found.push(Difference::new(
            "direction",
            direction(line),
            format!("{} -> {}", seen.from.0, seen.to.0),
        ));
    }
    if line.view != seen.view {
        found.push(Difference::new(
            "view",
            view_text(line.view),
            view_text(seen.view),
        ));
    }
    if let Some(difference) = connection_difference(line.connection.as_ref(), seen, bindings) {
        found.push(difference);
    }
    if let Some(name) = &line.call
        && let Some(difference) = call_difference(&name.text, seen, bindings)
    {
        found.push(difference);
    }
    found.extend(field_differences(line, seen, bindings, place));
    found
}

/// The name of a message as a line writes it.
pub fn name_text(name: MessageName) -> &'static str {
    match name {
        MessageName::Control(message_type) => message_type.name().unwrap_or("Unknown-Message"),
        MessageName::Unknown => "Unknown-Message",
        MessageName::Unframed => "Unframed-Octets",
        MessageName::Gre => "GRE",
        MessageName::TcpOpen => "TCP-Open",
        MessageName::TcpClose => "TCP-Close",
        MessageName::TcpReset => "TCP-Reset",
        MessageName::TcpEnd => "TCP-End",
        MessageName::TcpSegment => "TCP-Segment",
    }
}

fn direction(line: &MessageLine) -> String {
    format!("{} -> {}", line.from.0, line.to.0)
}

fn view_text(view: View) -> &'static str {
    match view {
        View::Sent => "sent",
        View::Delivered => "delivered",
        View::Lost => "lost",
    }
}

fn seen_name(seen: &Seen) -> &'static str {
    match &seen.content {
        Content::Tcp { event, .. } => event.name(),
        Content::Gre { .. } => "GRE",
        Content::Control { framed: false, .. } => "Unframed-Octets",
        Content::Control { .. } => seen
            .control_type()
            .and_then(ControlMessageType::name)
            .unwrap_or("Unknown-Message"),
    }
}

fn names_match(name: MessageName, seen: &Seen) -> bool {
    match (name, &seen.content) {
        (MessageName::Gre, Content::Gre { .. })
        | (
            MessageName::TcpOpen,
            Content::Tcp {
                event: TcpEvent::Open,
                ..
            },
        )
        | (
            MessageName::TcpClose,
            Content::Tcp {
                event: TcpEvent::Close,
                ..
            },
        )
        | (
            MessageName::TcpReset,
            Content::Tcp {
                event: TcpEvent::Reset,
                ..
            },
        )
        | (
            MessageName::TcpEnd,
            Content::Tcp {
                event: TcpEvent::Close | TcpEvent::Reset,
                ..
            },
        )
        | (MessageName::Unframed, Content::Control { framed: false, .. }) => true,
        (MessageName::Unknown, Content::Control { framed: true, .. }) => seen
            .control_type()
            .is_some_and(|seen_type| seen_type.name().is_none()),
        (MessageName::Control(wanted), Content::Control { framed: true, .. }) => {
            seen.control_type() == Some(wanted)
        }
        _ => false,
    }
}

fn connection_difference(
    name: Option<&Name>,
    seen: &Seen,
    bindings: &Bindings,
) -> Option<Difference> {
    let name = name?;
    let bound = bindings.connection(&name.text)?;
    if seen.connection == Some(bound) {
        return None;
    }
    let other = seen
        .connection
        .and_then(|number| bindings.connection_name(number))
        .unwrap_or("another connection");
    Some(Difference::new("connection", name.text.clone(), other))
}

/// `call=` compares the Call ID of the owner that the RFC gives for this message; the other end's ID is a near miss.
fn call_difference(name: &str, seen: &Seen, bindings: &Bindings) -> Option<Difference> {
    let call = bindings.call(name)?;
    let (key, owner, requirement, id) = match &seen.content {
        Content::Control { octets, .. } => {
            let (which, _) = call_fields(seen.control_type()?)?;
            (
                which.key,
                which.owner,
                which.requirement,
                call_id_at(octets, which.offset)?,
            )
        }
        Content::Gre {
            header: Some(header),
            ..
        } => {
            let owner = call.owner_at(seen.to)?;
            ("call-id", owner, Requirement::Gre012, header.call_id)
        }
        _ => return None,
    };
    let bound = call.id_of(owner)?;
    if bound == id {
        return None;
    }
    let other_end = match owner {
        Owner::Pns => call.pac_id,
        Owner::Pac => call.pns_id,
    };
    let whose = if owner == Owner::Pns {
        "the PNS's"
    } else {
        "the PAC's"
    };
    let mut difference = Difference::new(
        "call",
        format!("{name}: {key} {} ({whose} Call ID)", bound.0),
        if other_end == Some(id) {
            format!("{key} {} (the other end's Call ID of the same call)", id.0)
        } else {
            format!("{key} {}", id.0)
        },
    );
    if other_end == Some(id) {
        difference.requirement = Some(requirement);
    }
    Some(difference)
}

fn field_differences(
    line: &MessageLine,
    seen: &Seen,
    bindings: &Bindings,
    place: FoldPlace,
) -> Vec<Difference> {
    let mut found = Vec::new();
    for field in &line.fields {
        let value = field_value(seen, field.key);
        let fits = match (&field.pattern, place, &value) {
            (Pattern::Range(..), FoldPlace::Middle, Some(_)) => true,
            (Pattern::Range(first, _), FoldPlace::First, Some(value)) => {
                *value == Value::Number(*first)
            }
            (Pattern::Range(_, last), FoldPlace::Last, Some(value)) => {
                *value == Value::Number(*last)
            }
            (pattern, _, Some(value)) => pattern.fits(value, &|name| bindings.value(name)),
            (_, _, None) => false,
        };
        if !fits {
            let seen_text = value.map_or_else(|| "absent".to_owned(), |value| value_text(&value));
            found.push(Difference::new(
                field.key,
                pattern_text(&field.pattern, bindings),
                seen_text,
            ));
        }
    }
    if line.exact {
        found.extend(fields_left_over(line, seen));
    }
    found
}

/// Fields that an `exact` line does not name and that hold something all the same.
fn fields_left_over(line: &MessageLine, seen: &Seen) -> Vec<Difference> {
    let named = |key: &str| line.fields.iter().any(|field| field.key == key);
    let mut found = Vec::new();
    match &seen.content {
        Content::Control { octets, .. } => {
            for (key, text) in crate::transcript::control_fields(octets) {
                let carries_call =
                    line.call.is_some() && (key == "call-id" || key == "peer-call-id");
                if !named(key) && !carries_call {
                    found.push(Difference::new(key, "nothing (exact)", text));
                }
            }
        }
        Content::Gre {
            header: Some(header),
            ..
        } => {
            let rest = [
                ("sequence-number", header.sequence_number),
                ("acknowledgment-number", header.acknowledgment_number),
            ];
            for (key, value) in rest {
                if let Some(value) = value
                    && !named(key)
                {
                    found.push(Difference::new(key, "absent (exact)", value.to_string()));
                }
            }
        }
        _ => {}
    }
    found
}

/// The value of a field of a message; `None` where it is absent.
pub fn field_value(seen: &Seen, key: &str) -> Option<Value> {
    match &seen.content {
        Content::Control { octets, .. } => {
            let field = field_by_key(seen.control_type()?, key).or_else(|| {
                fields(ControlMessageType::ECHO_REQUEST)
                    .iter()
                    .find(|field| field.key == key && field.offset < 12)
            })?;
            match field.read(octets)? {
                FieldValue::Unsigned(number) => Some(Value::Number(u64::from(number))),
                FieldValue::Octets(text) => {
                    debug_assert!(matches!(field.kind, FieldKind::Text));
                    Some(Value::Text(text_value(text)))
                }
            }
        }
        Content::Gre {
            header: Some(header),
            length,
        } => gre_value(header, *length, key),
        _ => None,
    }
}

fn gre_value(header: &GreHeader, length: u32, key: &str) -> Option<Value> {
    let number = match key {
        "sequence-number" => u64::from(header.sequence_number?),
        "acknowledgment-number" => u64::from(header.acknowledgment_number?),
        "payload-length" => u64::from(header.payload_length),
        "call-id" => u64::from(header.call_id.0),
        "protocol-type" => u64::from(header.protocol_type),
        "octets" => {
            u64::from(length.saturating_sub(u32::try_from(header.encoded_length()).unwrap_or(0)))
        }
        "acknowledgment-only" => u64::from(
            header.sequence_number.is_none()
                && header.acknowledgment_number.is_some()
                && header.payload_length == 0,
        ),
        _ => u64::from(flag_value(header, key)?),
    };
    Some(Value::Number(number))
}

/// The value of one of the bits of octets 0 and 1 of a GRE header, by key.
fn flag_value(header: &GreHeader, key: &str) -> Option<u32> {
    let field =
        pptp_wire::gre_field(key).filter(|field| matches!(field.kind, FieldKind::Bits(_)))?;
    field.read_unsigned(&header.flags.0.to_be_bytes())
}

/// A pattern as a failure report shows it.
pub fn pattern_text(pattern: &Pattern, bindings: &Bindings) -> String {
    match pattern {
        Pattern::Any => "anything".to_owned(),
        Pattern::Value(value) => value_text(value),
        Pattern::OneOf(choices) => {
            let texts: Vec<String> = choices
                .iter()
                .map(|choice| pattern_text(choice, bindings))
                .collect();
            texts.join("|")
        }
        Pattern::Range(first, last) => format!("{first}..{last}"),
        Pattern::Compare(comparison, bound) => format!("{}{bound}", comparison.sign()),
        Pattern::Not(inner) => format!("!{}", pattern_text(inner, bindings)),
        Pattern::Binding(name) => match bindings.value(name) {
            Some(value) => format!("{} (${name})", value_text(&value)),
            None => format!("${name}"),
        },
        Pattern::Next(offset) => format!("next{offset:+}"),
    }
}

/// A value as a failure report shows it.
pub fn value_text(value: &Value) -> String {
    match value {
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
    }
}

//! Messages and packets that outsiders of a plan make up, as `inject`: legal but for what is chosen.

use super::inject::{digits, field, line};
use super::plain_address;
use crate::scenario::model::{
    FieldPattern, MessageLine, MessageName, Name, Patch, Pattern, StepKind, Value,
};
use crate::scenario::print::string;
use crate::scenario::source::SourceSpan;
use crate::transcript::text_value;
use pptp_wire::fuzzing::{FieldChoice, ForgedMessage, ForgedPacket};
use pptp_wire::{CallId, ControlMessageType, FieldValue, GRE_FIELDS, fields};

/// Fields of a legal message that a line which names none of them fills by the count of messages; those of a plan do not count.
const COUNTED: [&str; 4] = [
    "identifier",
    "call-serial-number",
    "physical-channel-id",
    "maximum-channels",
];

/// Lengths that a line fills by the numbers that it names; in a plan they stay as they are.
const LENGTHS: [(&str, &str); 3] = [
    ("phone-number", "phone-number-length"),
    ("dialed-number", "dialed-number-length"),
    ("dialing-number", "dialing-number-length"),
];

/// A control message: about a call of its sender, or else with this number for its Call ID. Nothing where no octet of it is left.
pub(super) fn message(
    ends: [usize; 2],
    [sender, receiver]: [&str; 2],
    connection: Name,
    about: Result<usize, u8>,
    forged: &ForgedMessage,
) -> Option<(String, StepKind)> {
    let message_type = forged.message_type();
    let legal = ForgedMessage::legal(message_type).octets(CallId(0), CallId(0));
    let left = usize::from(forged.cut.unwrap_or(u8::MAX)).min(legal.len());
    if left == 0 && forged.padding.is_empty() {
        return None;
    }
    let name = message_type.name()?;
    let mut text = format!(
        "inject {sender} ~> {receiver} {name} connection={}",
        connection.text
    );
    let mut line = line(ends, MessageName::Control(message_type));
    line.connection = Some(connection);
    let mut named = chosen_fields(message_type, &forged.fields);
    name_call(message_type, about, &mut line, &mut named, &mut text);
    keep_what_counts(message_type, &legal, &mut named);
    for (key, value) in named {
        let shown = match &value {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => string(text),
        };
        text.push_str(&format!(" {key}={shown}"));
        line.fields.push(FieldPattern {
            key,
            pattern: Pattern::Value(value),
            span: SourceSpan::default(),
        });
    }
    cut_and_patch(
        &mut line,
        &mut text,
        left < legal.len(),
        left,
        Vec::new(),
        &forged.padding,
    );
    text.push_str(" in-stream=#true may-be-refused=#true");
    line.raw.in_stream = true;
    line.may_be_refused = true;
    Some((text, StepKind::Inject(line)))
}

/// The fields that are chosen, each with its last value.
fn chosen_fields(
    message_type: ControlMessageType,
    choices: &[FieldChoice],
) -> Vec<(&'static str, Value)> {
    let table = fields(message_type);
    let mut named: Vec<(&'static str, Value)> = Vec::new();
    for choice in choices {
        let field = choice.field_of(table);
        let value = match choice.value_of(field, &mut [0; 4]) {
            FieldValue::Unsigned(number) => Value::Number(number.into()),
            FieldValue::Octets(octets) => Value::Text(text_value(octets)),
        };
        match named.iter_mut().find(|known| known.0 == field.key) {
            Some(known) => known.1 = value,
            None => named.push((field.key, value)),
        }
    }
    named
}

/// `call=`, or the Call IDs as the plan has them where there is no call.
fn name_call(
    message_type: ControlMessageType,
    about: Result<usize, u8>,
    line: &mut MessageLine,
    named: &mut Vec<(&'static str, Value)>,
    text: &mut String,
) {
    let ids = [
        ("call-id", about.err().map(u64::from)),
        ("peer-call-id", Some(0)),
    ];
    let table = fields(message_type);
    let ids = ids.map(|(key, id)| (table.iter().find(|field| field.key == key), id));
    match about {
        Ok(call) if ids.iter().any(|(field, _)| field.is_some()) => {
            let call = format!("c{call}");
            text.push_str(&format!(" call={call}"));
            line.call = Some(super::steps::named(call));
        }
        Ok(_) => {}
        Err(_) => {
            for (field, id) in ids {
                if let (Some(field), Some(id)) = (field, id)
                    && !named.iter().any(|known| known.0 == field.key)
                {
                    named.push((field.key, Value::Number(id)));
                }
            }
        }
    }
}

/// Names what the line would else fill in another way.
fn keep_what_counts(
    message_type: ControlMessageType,
    legal: &[u8],
    named: &mut Vec<(&'static str, Value)>,
) {
    let lengths = LENGTHS
        .iter()
        .filter(|(number, _)| named.iter().any(|known| known.0 == *number))
        .map(|(_, length)| *length);
    let keys: Vec<&str> = COUNTED.iter().copied().chain(lengths).collect();
    for field in fields(message_type) {
        let is_named = named.iter().any(|known| known.0 == field.key);
        if keys.contains(&field.key)
            && !is_named
            && let Some(number) = field.read_unsigned(legal)
        {
            named.push((field.key, Value::Number(number.into())));
        }
    }
}

/// A packet of a call, towards one of its ends, as its other end (or `source`, whose address it bears) could send it.
pub(super) fn packet(
    ends: [usize; 2],
    [sender, receiver]: [&str; 2],
    call: usize,
    source: Option<usize>,
    forged: &ForgedPacket,
) -> (String, StepKind) {
    let call = format!("c{call}");
    let mut text = format!("inject {sender} ~> {receiver} GRE call={call}");
    let mut line = line(ends, MessageName::Gre);
    line.call = Some(super::steps::named(call));
    let mut add = |key: &'static str, shown: String, pattern: Pattern| {
        text.push_str(&format!(" {key}={shown}"));
        line.fields.push(FieldPattern {
            key,
            pattern,
            span: SourceSpan::default(),
        });
    };
    match forged.sequence_distance {
        Some(distance) => {
            let distance = i64::from(distance as i8);
            add("sequence-number", next(distance), Pattern::Next(distance));
        }
        None => add(
            "acknowledgment-only",
            "#true".to_owned(),
            Pattern::Value(Value::Number(1)),
        ),
    }
    match (forged.acknowledges, forged.sequence_distance) {
        (Some(before), _) => {
            let distance = -i64::from(before);
            add(
                "acknowledgment-number",
                next(distance),
                Pattern::Next(distance),
            );
        }
        (None, None) => add(
            "acknowledgment-number",
            "0".to_owned(),
            Pattern::Value(Value::Number(0)),
        ),
        (None, Some(_)) => {}
    }
    let length = match forged.sequence_distance {
        Some(_) => u64::from(forged.length),
        None => 0,
    };
    if forged.sequence_distance.is_some() {
        text.push_str(&format!(" payload-length={length}"));
        line.fields.push(field("payload-length", length));
    }
    spoil(&mut line, &mut text, forged);
    if let Some(source) = source {
        let address = plain_address(source);
        text.push_str(&format!(" from-address=\"{address}\""));
        line.raw.from_address = Some(address);
    }
    text.push_str(" may-be-refused=#true");
    line.may_be_refused = true;
    (text, StepKind::Inject(line))
}

/// Octets of the header that are chosen, what is cut off, and what stands behind it.
fn spoil(line: &mut MessageLine, text: &mut String, forged: &ForgedPacket) {
    let shape = ForgedPacket {
        fields: Vec::new(),
        cut: None,
        padding: Vec::new(),
        ..forged.clone()
    };
    let mut octets = shape.octets(CallId(0), 0, 0);
    let length = octets.len();
    let left = usize::from(forged.cut.unwrap_or(u8::MAX)).min(length);
    let mut chosen = vec![false; length];
    for choice in &forged.fields {
        choice.write_to(&mut octets, GRE_FIELDS);
        let field = choice.field_of(GRE_FIELDS);
        if let Some(marks) = chosen.get_mut(field.offset..field.end()) {
            marks.fill(true);
        }
    }
    let mut patches: Vec<(usize, Vec<u8>)> = Vec::new();
    for (at, octet) in octets.iter().enumerate().take(left) {
        if !chosen[at] {
            continue;
        }
        match patches.last_mut() {
            Some((start, run)) if *start + run.len() == at => run.push(*octet),
            _ => patches.push((at, vec![*octet])),
        }
    }
    cut_and_patch(line, text, left < length, left, patches, &forged.padding);
}

fn cut_and_patch(
    line: &mut MessageLine,
    text: &mut String,
    is_cut: bool,
    left: usize,
    mut patches: Vec<(usize, Vec<u8>)>,
    padding: &[u8],
) {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    if is_cut {
        text.push_str(&format!(" truncate={left}"));
        line.raw.truncate = Some(offset(left));
    }
    if !padding.is_empty() {
        patches.push((left, padding.to_vec()));
    }
    if patches.is_empty() {
        return;
    }
    let words: Vec<String> = patches
        .iter()
        .map(|(at, octets)| format!("{at}:{}", digits(octets)))
        .collect();
    text.push_str(&format!(" patch=\"{}\"", words.join(" ")));
    line.raw.patches = patches
        .into_iter()
        .map(|(at, octets)| Patch {
            offset: offset(at),
            octets,
        })
        .collect();
}

/// A number so far from the next one, as a line writes it.
fn next(distance: i64) -> String {
    match distance {
        0 => "next".to_owned(),
        distance => format!("\"next{distance:+}\""),
    }
}

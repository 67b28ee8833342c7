//! Lines for control messages: every octet of those that a scripted node sends, what matters of those that are expected.

use pptp_wire::{
    ControlMessage, ControlMessageType, Field, FieldKind, FieldValue, HEADER_LENGTH, MAXIMUM_LENGTH,
};

use super::calls::type_of;
use crate::run::call_fields;
use crate::scenario::model::MessageName;
use crate::transcript::{quoted, text_value};

/// Fields whose value a scripted node makes up where the line names none.
const MADE_UP: [&str; 6] = [
    "host-name",
    "vendor-name",
    "maximum-channels",
    "call-serial-number",
    "physical-channel-id",
    "identifier",
];

/// Fields that are written in hexadecimal.
const HEXADECIMAL: [&str; 4] = [
    "protocol-version",
    "magic-cookie",
    "send-accm",
    "receive-accm",
];

/// Fields that an expectation names where they are not zero: what a reader wants to know of the message.
const TELLING: [&str; 7] = [
    "result-code",
    "error-code",
    "cause-code",
    "reason",
    "connect-speed",
    "packet-recv-window-size",
    "phone-number",
];

/// The name of a message, and the words behind it for a line that sends just these octets. `call` is its name in the scenario and
/// whether the Call IDs that the line would fill in are those of the octets.
pub fn sent(octets: &[u8], is_whole: bool, call: Option<(&str, &FilledIds)>) -> String {
    let message_type = type_of(octets).filter(|_| is_whole);
    match message_type {
        Some(known) if known.name().is_some() => known_message(octets, known, call),
        Some(unknown) => unknown_message(octets, unknown),
        None => format!(
            "{} octets=\"{}\"",
            MessageName::Unframed.name(),
            hex(octets)
        ),
    }
}

/// The Call IDs that a line fills in by itself: offset and value.
pub type FilledIds = Vec<(usize, u16)>;

fn known_message(
    octets: &[u8],
    message_type: ControlMessageType,
    call: Option<(&str, &FilledIds)>,
) -> String {
    let mut line = message_type.name().unwrap_or_default().to_owned();
    let Some(message) = ControlMessage::default_for(message_type) else {
        return line;
    };
    let mut buffer = [0; MAXIMUM_LENGTH];
    let mut made = message.encode(&mut buffer).to_vec();
    if let Some((name, filled)) = call {
        line.push_str(&format!(" call={name}"));
        for (offset, id) in filled {
            if let Some(pair) = made.get_mut(*offset..offset + 2) {
                pair.copy_from_slice(&id.to_be_bytes());
            }
        }
    }
    let fields = pptp_wire::fields(message_type);
    for field in fields {
        let Some(wanted) = field.read(octets) else {
            // A field that is cut off cannot be named; what is there of one that is made up is patched.
            if MADE_UP.contains(&field.key) {
                for (made, wanted) in made.iter_mut().zip(octets).skip(field.offset) {
                    *made = !wanted;
                }
            }
            continue;
        };
        if number_length_follows(fields, field, octets) {
            let _ = field.write(&mut made, wanted);
            continue;
        }
        let is_filled = |(offset, _): &(usize, u16)| *offset == field.offset;
        let is_chosen = field.kind == FieldKind::CallId
            && call.is_some_and(|(_, filled)| !filled.iter().any(is_filled));
        if is_chosen || MADE_UP.contains(&field.key) || field.read(&made) != Some(wanted) {
            line.push_str(&format!(" {}", named(field, wanted)));
            let _ = field.write(&mut made, wanted);
        }
    }
    if octets.len() != made.len() {
        line.push_str(&format!(" octets={}", octets.len()));
        made.resize(octets.len(), 0);
    }
    line.push_str(&patch(&made, octets));
    line
}

fn unknown_message(octets: &[u8], message_type: ControlMessageType) -> String {
    let mut made = vec![0; HEADER_LENGTH];
    let mut line = MessageName::Unknown.name().to_owned();
    for field in pptp_wire::fields(ControlMessageType::ECHO_REQUEST)
        .iter()
        .filter(|field| field.end() <= HEADER_LENGTH)
    {
        let wanted = field.read(octets);
        if let Some(wanted) = wanted.filter(|wanted| field.read(&made) != Some(*wanted)) {
            let _ = field.write(&mut made, wanted);
        }
    }
    line.push_str(&format!(" control-message-type={}", message_type.0));
    for key in ["length", "pptp-message-type", "magic-cookie", "reserved0"] {
        let fields = pptp_wire::fields(ControlMessageType::ECHO_REQUEST);
        if let Some(field) = fields.iter().find(|field| field.key == key)
            && let Some(value) = field.read(&made)
            && value != FieldValue::Unsigned(0)
        {
            line.push_str(&format!(" {}", named(field, value)));
        }
    }
    line.push_str(&format!(" octets={}", octets.len()));
    made.resize(octets.len(), 0);
    line.push_str(&patch(&made, octets));
    line
}

/// Whether the length of a number is that of the number: the line fills it in.
fn number_length_follows(fields: &[Field], field: &Field, octets: &[u8]) -> bool {
    let Some(key) = field.key.strip_suffix("-length") else {
        return false;
    };
    let number = fields.iter().find(|other| other.key == key);
    let Some(FieldValue::Octets(text)) = number.and_then(|number| number.read(octets)) else {
        return false;
    };
    let used = text.iter().position(|octet| *octet == 0);
    let used = used.unwrap_or(text.len());
    field.read_unsigned(octets) == u32::try_from(used).ok()
}

/// The words of an expectation: the name of the message, its call, what a reader wants to know of it.
pub fn expected(octets: &[u8], call: Option<&str>) -> String {
    let Some(message_type) = type_of(octets) else {
        return MessageName::Unframed.name().to_owned();
    };
    let Some(name) = message_type.name() else {
        return format!("Unknown-Message control-message-type={}", message_type.0);
    };
    let mut line = name.to_owned();
    if let Some(call) = call {
        line.push_str(&format!(" call={call}"));
    }
    for field in pptp_wire::fields(message_type) {
        let is_told = TELLING.contains(&field.key)
            || field.key == "identifier"
            || matches!(field.key, "send-accm" | "receive-accm");
        if let (true, Some(value)) = (is_told, field.read(octets))
            && !is_nothing(value)
        {
            line.push_str(&format!(" {}", named(field, value)));
        }
    }
    line
}

fn is_nothing(value: FieldValue<'_>) -> bool {
    match value {
        FieldValue::Unsigned(number) => number == 0,
        FieldValue::Octets(octets) => octets.iter().all(|octet| *octet == 0),
    }
}

/// `key=value` as a scenario writes it.
pub fn named(field: &Field, value: FieldValue<'_>) -> String {
    let key = field.key;
    match (value, field.kind) {
        (FieldValue::Octets(text), _) => format!("{key}={}", quoted(&text_value(text))),
        (FieldValue::Unsigned(number), FieldKind::Unsigned) if !HEXADECIMAL.contains(&key) => {
            format!("{key}={number}")
        }
        (FieldValue::Unsigned(number), _) if HEXADECIMAL.contains(&key) => {
            let digits = if key == "protocol-version" { 4 } else { 8 };
            format!("{key}=0x{number:0digits$x}")
        }
        (FieldValue::Unsigned(number), _) => format!("{key}={number}"),
    }
}

/// ` patch="16:04 20:00ff"` for what differs; empty where nothing does. Both have the same length.
pub fn patch(made: &[u8], wanted: &[u8]) -> String {
    let mut patches: Vec<(usize, Vec<u8>)> = Vec::new();
    for (offset, (made, wanted)) in made.iter().zip(wanted).enumerate() {
        if made == wanted {
            continue;
        }
        match patches.last_mut() {
            Some((start, octets)) if *start + octets.len() == offset => octets.push(*wanted),
            _ => patches.push((offset, vec![*wanted])),
        }
    }
    if patches.is_empty() {
        return String::new();
    }
    let words: Vec<String> = patches
        .iter()
        .map(|(offset, octets)| format!("{offset}:{}", hex(octets)))
        .collect();
    format!(" patch=\"{}\"", words.join(" "))
}

/// The Call IDs that a line with this call fills in for a message of this type; `None` where they are not those of the octets.
/// `ids` are what the PNS and the PAC have assigned by then.
pub fn filled_ids(octets: &[u8], ids: (Option<u16>, Option<u16>)) -> FilledIds {
    use crate::run::Owner;
    let Some((which, brought)) = type_of(octets).and_then(call_fields) else {
        return Vec::new();
    };
    let fields = [Some(which), brought].into_iter().flatten();
    fields
        .filter_map(|field| {
            let id = match field.owner {
                Owner::Pns => ids.0,
                Owner::Pac => ids.1,
            };
            Some((field.offset, id?))
        })
        .collect()
}

/// Octets as hexadecimal digits.
pub fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(message_type: ControlMessageType) -> Vec<u8> {
        let message = ControlMessage::default_for(message_type).expect("a known type");
        message.encode(&mut [0; MAXIMUM_LENGTH]).to_vec()
    }

    #[test]
    fn a_line_names_what_is_not_as_usual_and_nothing_else() {
        let mut octets = of(ControlMessageType::STOP_CONTROL_CONNECTION_REQUEST);
        assert_eq!(sent(&octets, true, None), "Stop-Control-Connection-Request");
        octets[12] = 3;
        octets[5] = 0;
        assert_eq!(
            sent(&octets, true, None),
            "Stop-Control-Connection-Request magic-cookie=0x1a003c4d reason=3"
        );
        assert_eq!(
            expected(&octets, None),
            "Stop-Control-Connection-Request reason=3"
        );
    }

    #[test]
    fn messages_of_other_lengths_are_cut_filled_and_patched() {
        let mut octets = of(ControlMessageType::ECHO_REQUEST);
        octets.extend([0, 0, 7]);
        assert_eq!(
            sent(&octets, true, None),
            "Echo-Request identifier=0 octets=19 patch=\"18:07\""
        );
        octets.truncate(13);
        assert_eq!(
            sent(&octets, true, None),
            "Echo-Request octets=13 patch=\"12:00\""
        );
        assert_eq!(
            sent(&[0xde, 0xad], true, None),
            "Unframed-Octets octets=\"dead\""
        );
        assert_eq!(
            sent(&octets[..12], false, None),
            "Unframed-Octets octets=\"001000011a2b3c4d00050000\""
        );
    }

    #[test]
    fn a_call_fills_in_the_ids_that_are_known() {
        let mut octets = of(ControlMessageType::OUTGOING_CALL_REPLY);
        octets[12..16].copy_from_slice(&[0, 9, 0, 7]);
        let both = filled_ids(&octets, (Some(7), Some(9)));
        let line = sent(&octets, true, Some(("c1", &both)));
        assert!(!line.contains("call-id="), "{line}");
        let one = filled_ids(&octets, (Some(7), None));
        let line = sent(&octets, true, Some(("c1", &one)));
        assert!(
            line.contains(" call-id=9") && !line.contains("peer-call-id="),
            "{line}"
        );
    }
}

//! Names and fields of control messages, as far as their octets are there.

use pptp_wire::{
    ControlMessageType, Field, FieldKind, FieldValue, HEADER_LENGTH, Header, MAGIC_COOKIE, Text,
    fields,
};

use super::item::{Control, Framing};

/// Name of a message whose Control Message Type is none of 1 to 15.
const UNKNOWN: &str = "Unknown-Message";
/// Name of octets that are no message.
const UNFRAMED_OCTETS: &str = "Unframed-Octets";
/// Octets of something that has no fields of its own that are shown.
const SHOWN_OCTETS: usize = 64;

/// A field and its value in one message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MessageField {
    /// Key of the field, such as `packet-recv-window-size`.
    pub key: &'static str,
    /// How the field is shown.
    pub kind: FieldKind,
    /// Its value.
    pub value: MessageValue,
}

/// The value of a field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum MessageValue {
    /// A number.
    Number(u64),
    /// Text: printable ASCII as it is, other octets as `\xNN`; or octets in hexadecimal.
    Text(String),
}

/// The RFC's name of the message, such as `Outgoing-Call-Request`.
///
/// Octets at which a stream lost its step have the name that their Control Message Type gives if Length or Magic Cookie is right,
/// else `Unframed-Octets`. A message of an undefined type is `Unknown-Message`.
pub fn message_name(control: &Control<'_>) -> &'static str {
    match shown_type(control) {
        Some(message_type) => message_type.name().unwrap_or(UNKNOWN),
        None => UNFRAMED_OCTETS,
    }
}

/// The fields of the message in wire order, header included, as far as the octets reach. What has no field of its own comes last:
/// `octet-count` and `octets` of something without a layout, `extra-octets` behind the last field.
pub fn message_fields(control: &Control<'_>) -> Vec<MessageField> {
    let octets = control.octets;
    let message_type = shown_type(control);
    let table = match message_type {
        Some(known) if !fields(known).is_empty() => fields(known),
        Some(_) => header_fields(),
        None => &[],
    };
    let mut shown: Vec<MessageField> = table
        .iter()
        .filter_map(|field| read(field, octets))
        .collect();
    let end = table.last().map_or(0, Field::end);
    let rest = octets.get(end..).unwrap_or(&[]);
    if message_type.is_some_and(|known| known.name().is_none())
        && let Some(field) = shown
            .iter_mut()
            .find(|field| field.key == "control-message-type")
    {
        // A constant in messages that are known; here it is what tells one from the other.
        field.kind = FieldKind::Unsigned;
    }
    if message_type.is_none() {
        shown.push(MessageField {
            key: "octet-count",
            kind: FieldKind::Unsigned,
            value: MessageValue::Number(octets.len() as u64),
        });
    }
    if !rest.is_empty() {
        let key = if message_type.and_then(ControlMessageType::name).is_some() {
            "extra-octets"
        } else {
            "octets"
        };
        shown.push(MessageField {
            key,
            kind: FieldKind::Text,
            value: MessageValue::Text(hexadecimal(rest)),
        });
    }
    shown
}

/// The type under which the octets are shown; `None` if they cannot be taken for a message.
fn shown_type(control: &Control<'_>) -> Option<ControlMessageType> {
    let octets = control.octets;
    let (header, own) = match Header::decode(octets) {
        Ok(header) => (header, header.control_message_type),
        // Length 8 to 11: the type may be there, the header is not.
        Err(_) => {
            let own = ControlMessageType(
                octets
                    .get(8..10)
                    .map_or(0, |at| u16::from_be_bytes([at[0], at[1]])),
            );
            return matches!(control.framing, Framing::Whole | Framing::Faulty(_)).then_some(own);
        }
    };
    match control.framing {
        Framing::Whole | Framing::Faulty(_) | Framing::Unfinished => Some(own),
        // A message of which one of the two is wrong, and nothing else that the framing shows.
        Framing::Lost(_) => {
            let in_place =
                header.magic_cookie == MAGIC_COOKIE || usize::from(header.length) == octets.len();
            (own.name().is_some() && in_place).then_some(own)
        }
        Framing::OutOfStep => None,
    }
}

/// The fields of the header, which every message has.
pub(crate) fn header_fields() -> &'static [Field] {
    let any = fields(ControlMessageType::ECHO_REQUEST);
    let count = any
        .iter()
        .take_while(|field| field.end() <= HEADER_LENGTH)
        .count();
    &any[..count]
}

fn read(field: &Field, octets: &[u8]) -> Option<MessageField> {
    let value = match field.read(octets) {
        Some(FieldValue::Unsigned(number)) => MessageValue::Number(number.into()),
        Some(FieldValue::Octets(text)) => MessageValue::Text(printable(text)),
        // A text that is cut off still says something.
        None if field.kind == FieldKind::Text => {
            MessageValue::Text(printable(octets.get(field.offset..)?))
        }
        None => return None,
    };
    Some(MessageField {
        key: field.key,
        kind: field.kind,
        value,
    })
}

fn printable(octets: &[u8]) -> String {
    match (Text::<64>::try_new(octets), Text::<128>::try_new(octets)) {
        (Some(text), _) => text.to_string(),
        (None, Some(text)) => text.to_string(),
        (None, None) => hexadecimal(octets),
    }
}

pub(crate) fn hexadecimal(octets: &[u8]) -> String {
    let shown = octets.len().min(SHOWN_OCTETS);
    let mut text: String = octets[..shown]
        .iter()
        .map(|octet| format!("{octet:02X}"))
        .collect();
    if shown < octets.len() {
        text.push_str("...");
    }
    text
}

//! The fields of a control message as text: `key=value` in the order of the octets.

use pptp_wire::code::ControlMessageType;
use pptp_wire::{Field, FieldKind, FieldValue, fields};

/// A text as a KDL string: in quotes, with quotes and backslashes escaped.
///
/// Never panics.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The octets of a text field as scenarios write them: up to the last that is not zero, printable ASCII as it is, anything else
/// (and the backslash itself) as `\xNN`.
pub fn text_value(octets: &[u8]) -> String {
    let used = octets
        .iter()
        .rposition(|&octet| octet != 0)
        .map_or(0, |last| last + 1);
    let mut text = String::with_capacity(used);
    for &octet in &octets[..used] {
        match octet {
            b'\\' => text.push_str("\\x5c"),
            0x20..=0x7e => text.push(char::from(octet)),
            other => text.push_str(&format!("\\x{other:02x}")),
        }
    }
    text
}

/// The octets that [`text_value`] shows as `text`; what is no escape stands for itself.
pub fn octets_of_text(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut octets = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'\\' && bytes.get(at + 1) == Some(&b'x'))
            .then(|| bytes.get(at + 2..at + 4))
            .flatten();
        let value = escaped
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match value {
            Some(octet) => {
                octets.push(octet);
                at += 4;
            }
            None => {
                octets.push(bytes[at]);
                at += 1;
            }
        }
    }
    octets
}

/// Every field of a control message that a reader needs: not constant as it should be, not zero, not empty. Maps of control
/// characters (ACCM) are shown even when they are zero, since zero is not their default (RFC 2637 §2.15).
///
/// `octets` is one message as sent; fields that it is too short for are left out. Never panics.
pub fn control_fields(octets: &[u8]) -> Vec<(&'static str, String)> {
    let message_type = match octets.get(8..10) {
        Some(pair) => ControlMessageType(u16::from_be_bytes([pair[0], pair[1]])),
        None => return Vec::new(),
    };
    let mut shown = Vec::new();
    for field in fields(message_type) {
        if let Some(value) = field.read(octets)
            && let Some(text) = shown_value(field, value)
        {
            shown.push((field.key, text));
        }
    }
    shown
}

fn shown_value(field: &Field, value: FieldValue<'_>) -> Option<String> {
    match (field.kind, value) {
        (FieldKind::Constant(expected), FieldValue::Unsigned(seen)) if seen == expected => None,
        (FieldKind::Hexadecimal, FieldValue::Unsigned(seen)) => {
            let always = field.key.ends_with("accm") || field.key == "protocol-version";
            (seen != 0 || always).then(|| hexadecimal(seen, field.size))
        }
        (FieldKind::Constant(_), FieldValue::Unsigned(seen)) if field.key == "magic-cookie" => {
            Some(hexadecimal(seen, 4))
        }
        (FieldKind::Constant(_), FieldValue::Unsigned(seen)) => Some(seen.to_string()),
        (_, FieldValue::Unsigned(0)) => None,
        (_, FieldValue::Unsigned(seen)) => Some(seen.to_string()),
        (_, FieldValue::Octets(octets)) => {
            let text = text_value(octets);
            (!text.is_empty()).then(|| quoted(&text))
        }
    }
}

fn hexadecimal(value: u32, size: usize) -> String {
    match size {
        1 => format!("0x{value:02X}"),
        2 => format!("0x{value:04X}"),
        _ => format!("0x{value:08X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_any_octets() {
        let octets: Vec<u8> = (1..=255).collect();
        assert_eq!(octets_of_text(&text_value(&octets)), octets);
        assert_eq!(text_value(b"pns.sim\0\0"), "pns.sim");
        assert_eq!(text_value(b"a\0b\0"), "a\\x00b");
        assert_eq!(quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
    }

    #[test]
    fn zero_and_constants_are_not_shown_and_maps_always_are() {
        let message = pptp_wire::ControlMessage::default_for(ControlMessageType::SET_LINK_INFO)
            .expect("a known type");
        let mut buffer = [0; pptp_wire::MAXIMUM_LENGTH];
        let mut octets = message.encode(&mut buffer).to_vec();
        octets[16..24].fill(0);
        let maps: Vec<_> = control_fields(&octets)
            .into_iter()
            .filter(|(key, _)| key.ends_with("accm"))
            .collect();
        let zero = "0x00000000".to_owned();
        assert_eq!(maps, [("send-accm", zero.clone()), ("receive-accm", zero)]);
        assert!(
            !control_fields(&octets)
                .iter()
                .any(|(key, _)| *key == "length" || *key == "reserved1")
        );
        octets[4] = 0;
        assert_eq!(
            control_fields(&octets)[0],
            ("magic-cookie", "0x002B3C4D".to_owned())
        );
    }
}

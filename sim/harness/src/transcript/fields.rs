//! The fields of a control message as text: `key=value` in the order of the octets.

use pptp_wire::code::ControlMessageType;
use pptp_wire::{Field, FieldKind, FieldValue, fields};

use super::words::TextBuffer;

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
    let mut fields = Vec::new();
    each_control_field(octets, |key, shown| fields.push((key, shown.text())));
    fields
}

/// The same, one after the other.
pub(super) fn each_control_field(octets: &[u8], mut show: impl FnMut(&'static str, Shown<'_>)) {
    let Some(pair) = octets.get(8..10) else {
        return;
    };
    for field in fields(ControlMessageType(u16::from_be_bytes([pair[0], pair[1]]))) {
        if let Some(value) = field.read(octets)
            && let Some(shown) = shown(field, value)
        {
            show(field.key, shown);
        }
    }
}

/// A value that is shown, and how.
#[derive(Copy, Clone, Debug)]
pub(super) enum Shown<'o> {
    Number(u32),
    /// A number and its size in octets.
    Hexadecimal(u32, usize),
    Text(&'o [u8]),
}

impl Shown<'_> {
    pub fn text(self) -> String {
        let mut text = TextBuffer::default();
        self.push_to(&mut text);
        text.into_text()
    }

    pub fn push_to(self, text: &mut TextBuffer) {
        match self {
            Shown::Number(number) => text.push_number(number.into()),
            Shown::Hexadecimal(number, size) => text.push_str(&hexadecimal(number, size)),
            Shown::Text(octets) => match plain(octets) {
                Some(plain) => {
                    text.push_str("\"");
                    text.push_str(plain);
                    text.push_str("\"");
                }
                None => text.push_str(&quoted(&text_value(octets))),
            },
        }
    }
}

/// The octets of a text field up to the last that is not zero, where they stand for themselves.
fn plain(octets: &[u8]) -> Option<&str> {
    let used = octets.iter().rposition(|&octet| octet != 0)? + 1;
    let stands_for_itself =
        |octet: &u8| matches!(octet, 0x20..=0x7e if !matches!(octet, b'\\' | b'"'));
    let used = &octets[..used];
    let is_plain = used.iter().all(stands_for_itself);
    is_plain.then(|| std::str::from_utf8(used).ok()).flatten()
}

fn shown<'o>(field: &Field, value: FieldValue<'o>) -> Option<Shown<'o>> {
    match (field.kind, value) {
        (FieldKind::Constant(expected), FieldValue::Unsigned(seen)) if seen == expected => None,
        (FieldKind::Hexadecimal, FieldValue::Unsigned(seen)) => {
            let always = field.key.ends_with("accm") || field.key == "protocol-version";
            (seen != 0 || always).then_some(Shown::Hexadecimal(seen, field.size))
        }
        (FieldKind::Constant(_), FieldValue::Unsigned(seen)) if field.key == "magic-cookie" => {
            Some(Shown::Hexadecimal(seen, 4))
        }
        (FieldKind::Constant(_), FieldValue::Unsigned(seen)) => Some(Shown::Number(seen)),
        (_, FieldValue::Unsigned(0)) => None,
        (_, FieldValue::Unsigned(seen)) => Some(Shown::Number(seen)),
        (_, FieldValue::Octets(octets)) => {
            let is_empty = octets.iter().all(|&octet| octet == 0);
            (!is_empty).then_some(Shown::Text(octets))
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

//! scapy: fields come with their place, so that they are compared octet by octet, whatever scapy calls them.

use std::collections::BTreeMap;

use pptp_wire::{ControlMessageType, Field, FieldKind, GRE_FIELDS, Header, fields, gre_field_in};
use serde_json::Value;

use super::line::Line;
use super::said::Said;

/// What prints the fields: reads the capture from standard input.
pub const SCRIPT: &str = include_str!("scapy.py");
/// Shows whether a Python has scapy, and which.
pub const PROBE: &str = "import scapy; print(scapy.VERSION)";

/// Bits of the first word of the GRE header.
const FLAG_WORD: usize = 16;
/// Place and size of the Control Message Type.
const TYPE_AT: (u64, u64) = (64, 16);

/// What a Python is to be called with; the capture comes on standard input.
pub fn arguments() -> Vec<String> {
    vec!["-c".to_owned(), SCRIPT.to_owned()]
}

/// Reads what the script printed.
///
/// # Errors
/// The first line that is none of it.
pub fn read(text: &str) -> Result<BTreeMap<u64, Said>, String> {
    let mut frames = BTreeMap::new();
    let mut begun = false;
    for (index, line) in text.lines().enumerate() {
        let wrong = |problem: &str| format!("line {} of its output: {problem}", index + 1);
        let row: Value = serde_json::from_str(line).map_err(|_| wrong("no JSON"))?;
        if row.get("scapy").is_some() {
            begun = true;
            continue;
        }
        let number = row.get("frame").and_then(Value::as_u64);
        let number = number.ok_or_else(|| wrong("no frame number"))?;
        let layer = row.get("layer").and_then(Value::as_str);
        let layer = layer.ok_or_else(|| wrong("no layer"))?;
        let placed = row.get("fields").and_then(Value::as_array);
        let placed = placed.ok_or_else(|| wrong("no fields"))?;
        let placed: Option<Vec<Placed>> = placed.iter().map(Placed::of).collect();
        let placed = placed.ok_or_else(|| wrong("a field without name, place, size and value"))?;
        let said = match layer {
            "GRE" | "GRE_PPTP" => gre_of(layer, &placed),
            _ => control_of(&placed),
        };
        frames.insert(number, said);
    }
    if begun {
        Ok(frames)
    } else {
        Err("its output does not begin with its version".to_owned())
    }
}

/// A field with its place: bits from the beginning of the layer.
struct Placed {
    name: String,
    bit: u64,
    bits: u64,
    value: String,
}

impl Placed {
    fn of(value: &Value) -> Option<Placed> {
        Some(Placed {
            name: value.get(0)?.as_str()?.to_owned(),
            bit: value.get(1)?.as_u64()?,
            bits: value.get(2)?.as_u64()?,
            value: value.get(3)?.as_str()?.to_owned(),
        })
    }
}

fn control_of(placed: &[Placed]) -> Said {
    let shown = placed
        .iter()
        .find(|field| (field.bit, field.bits) == TYPE_AT);
    let number = shown
        .and_then(|field| field.value.parse().ok())
        .map(ControlMessageType);
    let name = number
        .and_then(ControlMessageType::name)
        .unwrap_or("Unknown-Message");
    let mut said = Said::of(name);
    let table = number.map(fields).unwrap_or_default();
    let table = match table {
        [] => crate::decode::header_fields(),
        table => table,
    };
    for field in placed {
        let own = table.iter().find(|own| {
            own.offset as u64 * 8 == field.bit
                && (own.size as u64 * 8 == field.bits || own.kind == FieldKind::Text)
        });
        match own {
            Some(own) => said.put(own.key, &field.value),
            // Octets behind the fields of a message without a layout.
            None if field.name == "data" => {}
            None => said.put(&field.name, &field.value),
        }
    }
    said
}

fn gre_of(layer: &str, placed: &[Placed]) -> Said {
    let mut said = Said::of("GRE");
    for field in placed {
        let key = match field.name.as_str() {
            "sequence_number" => Some("sequence-number"),
            "ack_number" => Some("acknowledgment-number"),
            _ if layer == "GRE_PPTP" || field.bit < 32 => GRE_FIELDS
                .iter()
                .find(|own| bits_of(own) == (field.bit, field.bits))
                .map(|own| own.key),
            _ => None,
        };
        said.put(key.unwrap_or(&field.name), &field.value);
    }
    said
}

/// Where a field of the GRE header stands.
fn bits_of(field: &Field) -> (u64, u64) {
    match field.kind {
        FieldKind::Bits(mask) => {
            let width = FLAG_WORD.max(field.size * 8) as u32;
            let first = mask.leading_zeros() - (32 - width);
            (
                field.offset as u64 * 8 + u64::from(first),
                mask.count_ones().into(),
            )
        }
        _ => (field.offset as u64 * 8, field.size as u64 * 8),
    }
}

/// A line as scapy would have to show it.
pub fn ours(line: &Line) -> Said {
    let octets = line.raw();
    if line.plane == "gre" {
        let mut said = Said::of("GRE");
        for field in GRE_FIELDS {
            let own = gre_field_in(&octets, field.key);
            if let Some(number) = own.and_then(|own| own.read_unsigned(&octets)) {
                said.put(field.key, number);
            }
        }
        return said;
    }
    let mut said = Said::of(&line.message);
    let Ok(header) = Header::decode(&octets) else {
        return said;
    };
    let table = match fields(header.control_message_type) {
        [] => crate::decode::header_fields(),
        table => table,
    };
    for field in table {
        match field.read_unsigned(&octets) {
            Some(number) => said.put(field.key, number),
            None if field.kind != FieldKind::Text => {}
            None => {
                if let Some(text) = octets.get(field.offset..) {
                    let text = &text[..text.len().min(field.size)];
                    let digits: String = text.iter().map(|octet| format!("{octet:02x}")).collect();
                    said.put(field.key, digits);
                }
            }
        }
    }
    said
}

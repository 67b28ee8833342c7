//! The fields that a message line can name: those of the wire crate's tables, and a few that are no field of their own.

use crate::scenario::model::MessageName;
use pptp_wire::{ControlMessageType, Field, FieldKind, GRE_FIELDS, fields};

/// What a field takes.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum FieldShape {
    /// A number up to this one.
    Number(u64),
    /// Text of at most so many octets.
    Text(usize),
    /// `#true` or `#false`.
    Boolean,
}

/// Names that a GRE line can have beside the fields of the header.
pub(super) const GRE_EXTRA: &[(&str, FieldShape, &str)] = &[
    (
        "acknowledgment-only",
        FieldShape::Boolean,
        "The packet acknowledges and carries no payload.",
    ),
    (
        "ppp",
        FieldShape::Text(64),
        "What the payload is, such as \"LCP Configure-Request\".",
    ),
];

/// Names that a line for `Unframed-Octets` can have.
pub(super) const UNFRAMED: &[(&str, FieldShape, &str)] = &[(
    "length",
    FieldShape::Number(65_535),
    "How many octets there are.",
)];

/// Key and shape of a message's field.
pub fn field(message: MessageName, key: &str) -> Option<(&'static str, FieldShape)> {
    if let Some(field) = table(message).iter().find(|field| field.key == key) {
        return Some((field.key, shape(field)));
    }
    extra(message)
        .iter()
        .find(|(name, _, _)| *name == key)
        .map(|(name, shape, _)| (*name, *shape))
}

/// The keys of all fields of a message.
pub fn field_keys(message: MessageName) -> impl Iterator<Item = &'static str> + Clone {
    table(message)
        .iter()
        .map(|field| field.key)
        .chain(extra(message).iter().map(|(name, _, _)| *name))
}

/// The named values of a message's field; empty where its values have no names.
pub fn codes(message: MessageName, key: &str) -> &'static [(u32, &'static str)] {
    match table(message).iter().find(|field| field.key == key) {
        Some(Field {
            kind: FieldKind::Code(names),
            ..
        }) => names,
        _ => &[],
    }
}

/// The field table of a message. A message of unknown type has the fields of the header.
pub(super) fn table(message: MessageName) -> &'static [Field] {
    match message {
        MessageName::Control(message_type) => fields(message_type),
        MessageName::Unknown => {
            let any = fields(ControlMessageType::ECHO_REQUEST);
            let header = any
                .iter()
                .take_while(|field| field.offset < pptp_wire::HEADER_LENGTH);
            &any[..header.count()]
        }
        MessageName::Gre => GRE_FIELDS,
        _ => &[],
    }
}

/// Names of a message that are no field of its table.
pub(super) fn extra(message: MessageName) -> &'static [(&'static str, FieldShape, &'static str)] {
    match message {
        MessageName::Gre => GRE_EXTRA,
        MessageName::Unframed => UNFRAMED,
        _ => &[],
    }
}

fn shape(field: &Field) -> FieldShape {
    match field.kind {
        FieldKind::Text => FieldShape::Text(field.size),
        _ => FieldShape::Number(u64::from(field.maximum())),
    }
}

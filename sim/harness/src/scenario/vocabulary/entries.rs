//! The vocabulary as one list.

use super::fields::{FieldShape, extra, table};
use super::properties::PROPERTIES;
use super::words::{ACTIONS, MESSAGES, NODE_LIMITS, OBSERVABLES, STATES, WORDS, sender};
use crate::scenario::model::MessageName;
use crate::scenario::quantity::{DURATION_UNITS, RATE_UNITS};
use pptp_proto::{DropReason, PROFILE_FIELDS, PROFILES, ProfileKind};
use pptp_wire::{Field, FieldKind};
use pptp_world::link::ImpairmentKind;

/// One word of the vocabulary.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// What kind of word it is.
    pub kind: EntryKind,
    /// The word.
    pub name: String,
    /// Where it belongs: a message, a kind of line, a block; empty where it stands for itself.
    pub of: String,
    /// What it takes, or what a line with it looks like; empty where nothing.
    pub takes: String,
    /// What it means.
    pub doc: String,
}

/// The kinds of words, in the order of the listing.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum EntryKind {
    /// Begins a line.
    Word,
    /// What `do` can do.
    Action,
    /// Names what a `->` line is about.
    Message,
    /// A field of a message.
    Field,
    /// `name=value` on a line.
    Property,
    /// What `expect` and `never` ask about.
    Observable,
    /// A value of `state=`.
    State,
    /// A value of `dropped=`.
    DropReason,
    /// What a link does to a packet, as marks of the transcript name it.
    Impairment,
    /// A value of `profile=`.
    Profile,
    /// A property of a node: behaviour that the RFC leaves open.
    ProfileField,
    /// A property of `limit` inside a node.
    NodeLimit,
    /// A form that a value can have.
    Value,
    /// A unit of a quantity.
    Unit,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: &[EntryKind] = &[
        EntryKind::Word,
        EntryKind::Action,
        EntryKind::Message,
        EntryKind::Field,
        EntryKind::Property,
        EntryKind::Observable,
        EntryKind::State,
        EntryKind::DropReason,
        EntryKind::Impairment,
        EntryKind::Profile,
        EntryKind::ProfileField,
        EntryKind::NodeLimit,
        EntryKind::Value,
        EntryKind::Unit,
    ];

    /// The word of listings: `drop-reason`.
    pub const fn name(self) -> &'static str {
        match self {
            EntryKind::Word => "word",
            EntryKind::Action => "action",
            EntryKind::Message => "message",
            EntryKind::Field => "field",
            EntryKind::Property => "property",
            EntryKind::Observable => "observable",
            EntryKind::State => "state",
            EntryKind::DropReason => "drop-reason",
            EntryKind::Impairment => "impairment",
            EntryKind::Profile => "profile",
            EntryKind::ProfileField => "profile-field",
            EntryKind::NodeLimit => "node-limit",
            EntryKind::Value => "value",
            EntryKind::Unit => "unit",
        }
    }

    /// The heading of listings.
    pub const fn heading(self) -> &'static str {
        match self {
            EntryKind::Word => "Words that begin a line",
            EntryKind::Action => "What `do` can do",
            EntryKind::Message => "Messages and events",
            EntryKind::Field => "Fields of messages",
            EntryKind::Property => "Properties of lines",
            EntryKind::Observable => "What `expect` and `never` ask about",
            EntryKind::State => "States",
            EntryKind::DropReason => "Drop reasons",
            EntryKind::Impairment => "What a link does",
            EntryKind::Profile => "Profiles",
            EntryKind::ProfileField => "Profile fields of a node",
            EntryKind::NodeLimit => "Resource limits of a node",
            EntryKind::Value => "Forms of values",
            EntryKind::Unit => "Units",
        }
    }
}

/// Forms of values: the form, and what it means.
const VALUES: &[(&str, &str)] = &[
    ("5", "Exactly this."),
    ("0x0100", "The same, in hexadecimal."),
    ("\"1|3\"", "One of these."),
    ("\">=5\"", "A comparison: `>=`, `<=`, `>`, `<`."),
    ("\"!0\"", "Anything but this."),
    (
        "\"2..5\"",
        "From the first to the last; with `packets=` the value of the first packet and of the last.",
    ),
    (
        "\"text\"",
        "A text field, octets that do not print as `\\xNN`.",
    ),
    ("#true", "Yes; `#false`: no."),
    (
        "next",
        "What the node that really sends would use now; also \"next+5\", \"next-2\". On lines that send.",
    ),
    (
        "$name",
        "The parameter of that name; where none has it, binds on first sight and compares later.",
    ),
];

/// Every word, kind by kind.
pub fn entries() -> Vec<Entry> {
    let mut list = Vec::new();
    list.extend(
        WORDS
            .iter()
            .map(|word| entry(EntryKind::Word, word.name, word.place, word.form, word.doc)),
    );
    list.extend(ACTIONS.iter().map(|action| {
        let role = action.role.map_or("PAC, PNS", |role| role.name());
        entry(EntryKind::Action, action.name, role, "", action.doc)
    }));
    list.extend(MESSAGES.iter().map(|row| {
        let from = sender(row.message).map_or("either", |role| role.name());
        entry(EntryKind::Message, row.message.name(), from, "", row.doc)
    }));
    for row in MESSAGES {
        list.extend(message_fields(row.message));
    }
    list.extend(PROPERTIES.iter().map(|property| {
        entry(
            EntryKind::Property,
            property.name,
            property.of,
            property.takes,
            property.doc,
        )
    }));
    list.extend(
        OBSERVABLES
            .iter()
            .map(|word| entry(EntryKind::Observable, word.name, "", word.takes, word.doc)),
    );
    list.extend(STATES.iter().map(|state| {
        let owners = [
            (state.connection, "control connection"),
            (state.pac_call, "call at a PAC"),
            (state.pns_call, "call at a PNS"),
        ];
        let owners: Vec<&str> = owners
            .iter()
            .filter(|(owns, _)| *owns)
            .map(|(_, owner)| *owner)
            .collect();
        entry(
            EntryKind::State,
            state.name,
            &owners.join(", "),
            "",
            state.doc,
        )
    }));
    list.extend(
        DropReason::ALL
            .iter()
            .map(|reason| entry(EntryKind::DropReason, reason.key(), "", "", reason.doc())),
    );
    list.extend(
        ImpairmentKind::ALL
            .iter()
            .map(|kind| entry(EntryKind::Impairment, kind.key(), "link", "", kind.doc())),
    );
    list.extend(profile_entries());
    list.extend(
        NODE_LIMITS
            .iter()
            .map(|(name, doc)| entry(EntryKind::NodeLimit, name, "limit", "a number", doc)),
    );
    list.extend(
        VALUES
            .iter()
            .map(|(form, doc)| entry(EntryKind::Value, form, "", "", doc)),
    );
    list.extend(unit_entries());
    list
}

fn entry(kind: EntryKind, name: &str, of: &str, takes: &str, doc: &str) -> Entry {
    Entry {
        kind,
        name: name.to_owned(),
        of: of.to_owned(),
        takes: takes.to_owned(),
        doc: doc.to_owned(),
    }
}

fn message_fields(message: MessageName) -> Vec<Entry> {
    let of = message.name();
    let mut list: Vec<Entry> = table(message)
        .iter()
        .map(|field| {
            let doc = field_doc(field);
            entry(EntryKind::Field, field.key, of, &field_takes(field), &doc)
        })
        .collect();
    list.extend(extra(message).iter().map(|(name, shape, doc)| {
        let takes = match shape {
            FieldShape::Number(most) => format!("0 to {most}"),
            FieldShape::Text(most) => format!("text of at most {most} octets"),
            FieldShape::Boolean => "#true or #false".to_owned(),
        };
        entry(EntryKind::Field, name, of, &takes, doc)
    }));
    list
}

fn field_takes(field: &Field) -> String {
    match field.kind {
        FieldKind::Text => format!("text of at most {} octets", field.size),
        FieldKind::Hexadecimal => format!("0 to {:#x}", field.maximum()),
        _ => format!("0 to {}", field.maximum()),
    }
}

/// The RFC's name, where it stands, and what its values mean.
fn field_doc(field: &Field) -> String {
    let last = field.end().saturating_sub(1);
    let place = match field.kind {
        FieldKind::Bits(_) => format!("bits of octets {}-{last}", field.offset),
        _ if field.size == 1 => format!("octet {}", field.offset),
        _ => format!("octets {}-{last}", field.offset),
    };
    let meaning = match field.kind {
        FieldKind::Constant(value) => format!(": always {value:#x}"),
        FieldKind::Reserved => ": sent as 0".to_owned(),
        FieldKind::Code(names) => {
            let names: Vec<String> = names
                .iter()
                .map(|(value, name)| format!("{value} {name}"))
                .collect();
            format!(": {}", names.join(", "))
        }
        _ => String::new(),
    };
    format!("{}, {place}{meaning}.", field.name)
}

fn profile_entries() -> Vec<Entry> {
    let mut list: Vec<Entry> = PROFILES
        .iter()
        .map(|profile| {
            let roles: Vec<&str> = profile.roles.iter().map(|role| role.name()).collect();
            let doc = format!("{}.", profile.doc.trim_end_matches('.'));
            entry(
                EntryKind::Profile,
                profile.name,
                &roles.join(", "),
                "",
                &doc,
            )
        })
        .collect();
    list.extend(PROFILE_FIELDS.iter().map(|field| {
        let takes = match field.kind {
            ProfileKind::Duration => "a span of time".to_owned(),
            ProfileKind::Boolean => "#true or #false".to_owned(),
            kind => kind.to_string(),
        };
        let doc = format!("{} ({}).", field.doc.trim_end_matches('.'), field.source);
        entry(EntryKind::ProfileField, field.key, "node", &takes, &doc)
    }));
    list
}

fn unit_entries() -> Vec<Entry> {
    let times = DURATION_UNITS
        .iter()
        .map(|(unit, nanoseconds)| (*unit, "a span of time", format!("{nanoseconds} ns.")));
    let rates = RATE_UNITS
        .iter()
        .map(|(unit, bits)| (*unit, "a rate", format!("{bits} bits a second.")));
    let percent = [(
        "%",
        "a percentage",
        "A part of a hundred, with up to seven decimals.".to_owned(),
    )];
    times
        .chain(percent)
        .chain(rates)
        .map(|(unit, of, doc)| entry(EntryKind::Unit, unit, of, "", &doc))
        .collect()
}

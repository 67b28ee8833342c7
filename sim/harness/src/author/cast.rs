//! Who plays a party: the named profile nearest to what it said, with the fields in which it differs; or the script.

use std::collections::BTreeSet;

use pptp_proto::{PROFILES, Profile, ProfileValue};
use pptp_wire::{ControlMessageType as Type, FieldValue, field_by_key};

use super::calls::type_of;
use super::story::{Story, What};
use super::tweaks;
use crate::scenario::Role;
use crate::transcript::{quoted, text_value};

/// What stands at a node.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Cast {
    /// An endpoint.
    Endpoint(Box<Endpoint>),
    /// The script.
    Scripted {
        /// Why no endpoint does what was seen.
        why: String,
    },
}

/// An endpoint that is like what was seen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Endpoint {
    /// Its role.
    pub role: Role,
    /// The name of its profile.
    pub profile: &'static str,
    /// What it sets besides: key and value as a scenario writes them.
    pub settings: Vec<(String, String)>,
    /// Values that were seen and that are the profile's own.
    pub agreeing: Vec<&'static str>,
    /// How many values were seen.
    pub seen: usize,
    /// The events that are acknowledgments which it sends as in the capture, so that the flow can name them.
    pub acknowledgments: BTreeSet<usize>,
    /// Whether data goes out as fast as the window allows, where it did not come at regular times.
    pub is_unpaced: bool,
    /// Requirements that it misses, as the run showed.
    pub misses: Vec<String>,
}

impl Cast {
    /// Whether an endpoint stands there.
    pub fn endpoint(&self) -> Option<&Endpoint> {
        match self {
            Cast::Endpoint(endpoint) => Some(endpoint),
            Cast::Scripted { .. } => None,
        }
    }
}

/// A value that a party showed, and the field of a profile that decides it.
struct Shown {
    key: &'static str,
    value: ProfileValue,
    /// What a copying profile would have said: the field that says that it copies, and the value that it had to copy.
    copied: Option<(&'static str, u64)>,
}

/// The profiles that can play the party, the nearest first, each with what has to be set to say what the party said.
pub fn candidates(story: &Story, party: usize) -> Vec<Endpoint> {
    let Some(role) = story.parties[party].role else {
        return Vec::new();
    };
    let shown = shown(story, party);
    let mut found: Vec<Endpoint> = PROFILES
        .iter()
        .filter(|definition| definition.roles.contains(&role))
        .map(|definition| candidate(&definition.profile(), definition.name, role, &shown))
        .collect();
    // Stable: among equals the order of the table decides, in which `rfc` is first.
    found.sort_by_key(|endpoint| endpoint.settings.len());
    // One that shares next to nothing with what was seen is not near.
    let best = found.first().map_or(0, |endpoint| endpoint.agreeing.len());
    found.retain(|endpoint| endpoint.agreeing.len() * 4 >= best * 3);
    let tweaks = tweaks::of(story, party, role);
    let mut all = Vec::new();
    for endpoint in found {
        all.push(endpoint.clone());
        all.extend(tweaks.iter().map(|settings| {
            let mut tweaked = endpoint.clone();
            tweaked.settings.extend(settings.iter().cloned());
            tweaked
        }));
    }
    all
}

fn candidate(profile: &Profile, name: &'static str, role: Role, shown: &[Shown]) -> Endpoint {
    let mut endpoint = Endpoint {
        role,
        profile: name,
        settings: Vec::new(),
        agreeing: Vec::new(),
        seen: shown.len(),
        acknowledgments: BTreeSet::new(),
        is_unpaced: false,
        misses: Vec::new(),
    };
    for shown in shown {
        let copies = shown.copied.and_then(|(key, _)| profile.get(key));
        let said = match (shown.copied, copies.clone()) {
            (Some((_, request)), Some(ProfileValue::Boolean(true))) => {
                ProfileValue::Integer(request)
            }
            _ => own_value(profile, shown.key, role),
        };
        if said == shown.value {
            endpoint.agreeing.push(shown.key);
            continue;
        }
        if let (Some((key, _)), Some(ProfileValue::Boolean(true))) = (shown.copied, copies) {
            endpoint
                .settings
                .push((key.to_owned(), "#false".to_owned()));
        }
        let default = ProfileValue::text("default");
        let key = match shown.key {
            "reply-recv-window-size" if profile.get(shown.key) == Some(default) => {
                "packet-recv-window-size"
            }
            key => key,
        };
        endpoint
            .settings
            .push((key.to_owned(), written(&shown.value)));
    }
    endpoint
}

/// What an endpoint of the profile says for a field, `default` spelled out.
fn own_value(profile: &Profile, key: &str, role: Role) -> ProfileValue {
    let value = profile.get(key).unwrap_or(ProfileValue::Integer(0));
    match (&value, key, role) {
        (ProfileValue::Text(word), "maximum-channels", Role::Pac) if word == "default" => {
            ProfileValue::Integer(64)
        }
        (ProfileValue::Text(word), "maximum-channels", Role::Pns) if word == "default" => {
            ProfileValue::Integer(0)
        }
        (ProfileValue::Text(word), "reply-recv-window-size", _) if word == "default" => profile
            .get("packet-recv-window-size")
            .unwrap_or(ProfileValue::Integer(0)),
        _ => value,
    }
}

fn written(value: &ProfileValue) -> String {
    match value {
        ProfileValue::Text(text) => quoted(text),
        ProfileValue::Boolean(flag) => format!("#{flag}"),
        ProfileValue::Duration(span) => format!("\"{span}\""),
        ProfileValue::Integer(number) => number.to_string(),
    }
}

/// Fields of the two start messages, which the fields of the profile are named after.
const START: [&str; 4] = [
    "framing-capabilities",
    "bearer-capabilities",
    "maximum-channels",
    "firmware-revision",
];

/// Fields of the other messages that a field of the profile decides: message, key of its field, key of the profile.
const OTHERS: [(Type, &str, &str); 12] = [
    (
        Type::OUTGOING_CALL_REQUEST,
        "call-serial-number",
        "first-call-serial-number",
    ),
    (Type::OUTGOING_CALL_REQUEST, "minimum-bps", "minimum-bps"),
    (Type::OUTGOING_CALL_REQUEST, "maximum-bps", "maximum-bps"),
    (Type::OUTGOING_CALL_REQUEST, "bearer-type", "bearer-type"),
    (Type::OUTGOING_CALL_REQUEST, "framing-type", "framing-type"),
    (
        Type::OUTGOING_CALL_REQUEST,
        "packet-recv-window-size",
        "packet-recv-window-size",
    ),
    (
        Type::OUTGOING_CALL_REQUEST,
        "packet-processing-delay",
        "packet-processing-delay",
    ),
    (
        Type::INCOMING_CALL_REQUEST,
        "call-bearer-type",
        "call-bearer-type",
    ),
    (
        Type::INCOMING_CALL_REPLY,
        "packet-recv-window-size",
        "packet-recv-window-size",
    ),
    (
        Type::INCOMING_CALL_CONNECTED,
        "connect-speed",
        "incoming-connect-speed",
    ),
    (
        Type::INCOMING_CALL_CONNECTED,
        "packet-recv-window-size",
        "packet-recv-window-size",
    ),
    (
        Type::INCOMING_CALL_CONNECTED,
        "framing-type",
        "incoming-framing-type",
    ),
];

/// The value of a field of a message, where its octets are there.
fn number(message_type: Type, key: &str, octets: &[u8]) -> Option<u64> {
    match field_by_key(message_type, key)?.read(octets)? {
        FieldValue::Unsigned(number) => Some(number.into()),
        FieldValue::Octets(_) => None,
    }
}

fn shown(story: &Story, party: usize) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    let mut add = |key, value, copied| {
        if !shown.iter().any(|known: &Shown| known.key == key) {
            shown.push(Shown { key, value, copied });
        }
    };
    // Window and Maximum BPS of the latest request that the party got.
    let mut asked: (u64, u64) = (0, 0);
    let request = Type::OUTGOING_CALL_REQUEST;
    for event in &story.events {
        match &event.what {
            What::Control { octets, .. }
                if event.to == party && type_of(octets) == Some(request) =>
            {
                asked = (
                    number(request, "packet-recv-window-size", octets).unwrap_or(0),
                    number(request, "maximum-bps", octets).unwrap_or(0),
                );
            }
            What::Control {
                octets,
                is_whole: true,
                ..
            } if event.from == party => {
                let Some(message_type) = type_of(octets) else {
                    continue;
                };
                if matches!(
                    message_type,
                    Type::START_CONTROL_CONNECTION_REQUEST | Type::START_CONTROL_CONNECTION_REPLY
                ) {
                    for key in START {
                        if let Some(value) = number(message_type, key, octets) {
                            add(key, ProfileValue::Integer(value), None);
                        }
                    }
                    for key in ["host-name", "vendor-name"] {
                        let field = field_by_key(message_type, key);
                        let value = field.and_then(|field| field.read(octets));
                        if let Some(FieldValue::Octets(text)) = value {
                            add(key, ProfileValue::Text(text_value(text).into()), None);
                        }
                    }
                }
                for (_, field, key) in OTHERS.into_iter().filter(|row| row.0 == message_type) {
                    if let Some(value) = number(message_type, field, octets) {
                        add(key, ProfileValue::Integer(value), None);
                    }
                }
                if message_type == Type::OUTGOING_CALL_REPLY
                    && number(message_type, "result-code", octets) == Some(1)
                {
                    let copies = [
                        (
                            "connect-speed",
                            "connect-speed",
                            "copies-maximum-bps",
                            asked.1,
                        ),
                        (
                            "packet-recv-window-size",
                            "reply-recv-window-size",
                            "copies-window",
                            asked.0,
                        ),
                    ];
                    for (field, key, copier, request) in copies {
                        if let Some(value) = number(message_type, field, octets) {
                            add(key, ProfileValue::Integer(value), Some((copier, request)));
                        }
                    }
                    if let Some(value) = number(message_type, "packet-processing-delay", octets) {
                        add(
                            "packet-processing-delay",
                            ProfileValue::Integer(value),
                            None,
                        );
                    }
                }
                if message_type == Type::ECHO_REQUEST
                    && let Some(value) = number(message_type, "identifier", octets)
                {
                    add("first-echo-identifier", ProfileValue::Integer(value), None);
                }
            }
            What::Gre(packet) if event.from == party => {
                if let Some((number, _)) = packet.data() {
                    add(
                        "first-sequence-number",
                        ProfileValue::Integer(number.into()),
                        None,
                    );
                }
            }
            _ => {}
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_one_of_its_message() {
        for (message_type, field, _) in OTHERS {
            assert!(field_by_key(message_type, field).is_some(), "{field}");
        }
        for field in START {
            let request = Type::START_CONTROL_CONNECTION_REQUEST;
            assert!(field_by_key(request, field).is_some(), "{field}");
        }
    }
}

//! A story as it is compared: what each end says on each connection, and in each call.

use std::collections::BTreeMap;

use pptp_wire::FieldValue;

use super::calls::type_of;
use super::compare::Kind;
use super::story::{Event, Fate, Packet, Story, What};
use crate::decode::hexadecimal;
use crate::run::call_fields;
use crate::transcript::control_fields;

/// Whose part of a story.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Way {
    /// What an end of a connection sends: the connection, whether it opened it.
    Connection(usize, bool),
    /// What goes one way in a call: the call, whether the PNS sends it.
    Call(usize, bool),
    /// Packets of no known call: source, destination.
    Stray(usize, usize),
}

/// One thing as it is compared, and as it is shown.
pub struct Told {
    /// What is compared.
    pub compared: String,
    /// What is shown.
    pub shown: String,
}

/// Everything of one kind that goes one way.
#[derive(Default)]
pub struct Part {
    /// The party that sends it.
    pub sender: usize,
    /// One thing after the other.
    pub told: Vec<Told>,
}

/// The field that is compared by itself where endpoints take part.
const CHANNEL: &str = "physical-channel-id";

/// The bit of a GRE header that says that it has an Acknowledgment Number (RFC 2637 §4.1).
const ACKNOWLEDGES: u16 = 0x0080;

/// All parts of a story.
pub type Parts = BTreeMap<(Kind, Way), Part>;

/// The parts of a story; what arrives is one of them where `both_ends` of two stories are seen.
pub fn parts(story: &Story, same_ids: bool, both_ends: bool) -> Parts {
    let mut parts = Parts::new();
    let mut delivered: BTreeMap<Way, Vec<(u64, usize, String)>> = BTreeMap::new();
    let mut add = |kind, way, sender, told| {
        let part: &mut Part = parts.entry((kind, way)).or_default();
        part.sender = sender;
        part.told.push(told);
    };
    for event in &story.events {
        match &event.what {
            What::Gre(packet) => {
                let way = way_of_packet(story, event, packet);
                for (kind, told) in told_of_packet(packet, same_ids) {
                    add(kind, way, event.from, told);
                }
                if let (Some((number, length)), Fate::Arrived(times)) = (packet.data(), &event.fate)
                    && let Some(first) = times.first()
                {
                    // Where a copy comes is not a matter of the data.
                    let text = match times.len() {
                        1 => format!("{number} of {length} octets"),
                        copies => format!("{number} of {length} octets, {copies} times"),
                    };
                    let arrived = delivered.entry(way).or_default();
                    arrived.push((*first, event.from, text));
                }
            }
            What::Close {
                is_answer: true, ..
            } => {}
            _ => {
                let Some(connection) = event.connection() else {
                    continue;
                };
                let kind = match event.what {
                    What::Reset {
                        is_answer: true, ..
                    } => Kind::Resets,
                    _ => Kind::Control,
                };
                let is_opener = story.connections[connection].opener == event.from;
                let way = Way::Connection(connection, is_opener);
                add(kind, way, event.from, told_of_control(event, same_ids));
                if let (false, Some(channel)) = (same_ids, channel(event)) {
                    let shown = format!("physical-channel-id={channel}");
                    let told = Told {
                        compared: shown.clone(),
                        shown,
                    };
                    add(Kind::Channels, way, event.from, told);
                }
            }
        }
    }
    if both_ends {
        for (way, mut arrived) in delivered {
            arrived.sort_by_key(|(at, ..)| *at);
            for (_, sender, text) in arrived {
                let told = Told {
                    compared: text.clone(),
                    shown: text,
                };
                add(Kind::Delivered, way, sender, told);
            }
        }
    }
    join_broken(&mut parts);
    parts
}

fn way_of_packet(story: &Story, event: &Event, packet: &Packet) -> Way {
    match packet.call {
        Some(call) => Way::Call(call, story.calls[call].pns == event.from),
        None => Way::Stray(event.from, event.to),
    }
}

fn told_of_packet(packet: &Packet, same_ids: bool) -> Vec<(Kind, Told)> {
    let Some(header) = packet.header else {
        let compared = format!("{} octets: {}", packet.length, hexadecimal(&packet.octets));
        let told = Told {
            shown: compared.clone(),
            compared,
        };
        return vec![(Kind::Data, told)];
    };
    // The bits and the Protocol Type, which are the same in all but odd packets.
    let first = packet.octets.get(..4).map(hexadecimal).unwrap_or_default();
    let id = match same_ids || packet.call.is_none() {
        true => format!(" call-id={}", header.call_id.0),
        false => String::new(),
    };
    let length = packet.length;
    let told = |shown: String| Told {
        compared: format!("{first}{id} {length} {shown}"),
        shown,
    };
    match (header.sequence_number, header.acknowledgment_number) {
        (Some(number), acknowledgment) => {
            let data = format!(
                "sequence-number={number} payload-length={}",
                header.payload_length
            );
            let shown = match acknowledgment {
                Some(acknowledgment) => {
                    format!("acknowledgment-number={acknowledgment} on number {number}")
                }
                None => format!("none on number {number}"),
            };
            // Whether it acknowledges shows in its bits and its length.
            let data_told = Told {
                compared: match acknowledgment {
                    Some(_) => format!("{id} {} {data}", length.saturating_sub(4)),
                    None => format!("{id} {length} {data}"),
                },
                shown: data,
            };
            let carried = Told {
                compared: shown.clone(),
                shown,
            };
            // Whether it acknowledges is not a matter of the data.
            let bits = u16::from_str_radix(first.get(..4).unwrap_or_default(), 16).unwrap_or(0);
            let compared = format!("{:04x} {}", bits & !ACKNOWLEDGES, data_told.compared);
            vec![
                (
                    Kind::Data,
                    Told {
                        compared,
                        ..data_told
                    },
                ),
                (Kind::PiggyBacked, carried),
            ]
        }
        (None, Some(number)) => vec![(
            Kind::Acknowledgments,
            told(format!("acknowledgment-number={number}")),
        )],
        (None, None) => vec![(Kind::Data, told("neither number".to_owned()))],
    }
}

fn told_of_control(event: &Event, same_ids: bool) -> Told {
    let text = |text: &str| Told {
        compared: text.to_owned(),
        shown: text.to_owned(),
    };
    match &event.what {
        What::Open { .. } => text("TCP-Open"),
        What::Close { .. } => text("TCP-Close"),
        What::Reset { .. } => text("TCP-Reset"),
        What::Control {
            octets,
            is_whole,
            call,
            ..
        } => {
            let mut compared = octets.clone();
            let message_type = type_of(octets);
            let mut name = String::new();
            if let (false, Some(call), Some((which, brought))) =
                (same_ids, call, message_type.and_then(call_fields))
            {
                for field in [Some(which), brought].into_iter().flatten() {
                    if let Some(pair) = compared.get_mut(field.offset..field.offset + 2) {
                        pair.fill(0);
                    }
                }
                name = format!(" of call {}", call + 1);
            }
            let known = message_type.map(pptp_wire::fields).unwrap_or_default();
            if let (false, Some(field)) = (same_ids, known.iter().find(|it| it.key == CHANNEL)) {
                let _ = field.write(&mut compared, FieldValue::Unsigned(0));
            }
            let fields: Vec<String> = control_fields(octets)
                .into_iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            let shown = message_type
                .and_then(pptp_wire::ControlMessageType::name)
                .map_or_else(
                    || format!("octets {}", hexadecimal(octets)),
                    |message| format!("{message} {}", fields.join(" ")),
                );
            let mark = if *is_whole { "message" } else { "octets" };
            Told {
                compared: format!("{mark} {}{name}", all_digits(&compared)),
                shown: shown.trim_end().to_owned(),
            }
        }
        What::Gre(_) => text("GRE"),
    }
}

/// The Physical Channel ID of a message that has one.
fn channel(event: &Event) -> Option<u32> {
    let What::Control { octets, .. } = &event.what else {
        return None;
    };
    let fields = pptp_wire::fields(type_of(octets)?);
    let field = fields.iter().find(|field| field.key == CHANNEL)?;
    field.read_unsigned(octets)
}

fn all_digits(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// Octets that are no message are cut by segments, which are not compared: they are put together, with those behind them.
fn join_broken(parts: &mut Parts) {
    for ((kind, _), part) in parts.iter_mut() {
        if *kind != Kind::Control {
            continue;
        }
        let mut joined: Vec<Told> = Vec::new();
        for told in std::mem::take(&mut part.told) {
            match (joined.last_mut(), told.compared.strip_prefix("octets ")) {
                (Some(last), Some(more)) if last.compared.starts_with("octets ") => {
                    last.compared.push_str(more);
                }
                _ => joined.push(told),
            }
        }
        part.told = joined;
    }
}

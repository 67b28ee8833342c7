//! One connection, inside and outside, message by message.

use std::collections::BTreeMap;

use pptp_wire::{ControlMessageType, Severity};

use super::data::judge_data;
use super::fields::{CallIdField, Owner, call_id_fields, number_at, without_call_ids};
use super::pairing::pairs;
use super::report::{NatFinding, NatReport, PairReport, Sighting};
use super::side::{Conversation, Message, Side};
use crate::capture::Flow;
use crate::decode::{Control, Framing, MessageValue, message_fields};

/// A call as the translation sees it.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) struct Given {
    pub(super) owner: Owner,
    pub(super) inside: u16,
    pub(super) outside: u16,
    /// The opener of the connection gave it.
    pub(super) by_opener: bool,
}

/// The two captures of one pair, by name.
#[derive(Copy, Clone)]
pub(super) struct Names<'a> {
    pub(super) inside: &'a str,
    pub(super) outside: &'a str,
}

/// Compares captures of the inside with one of the outside.
pub fn compare(inside: &[Side], outside: &Side) -> NatReport {
    let (found, alone) = pairs(inside, outside);
    let mut report = NatReport::default();
    for (capture, place) in alone {
        let conversation = &inside[capture].conversations[place];
        report.alone.push((
            inside[capture].name.clone(),
            conversation.opener,
            conversation.acceptor,
        ));
    }
    for ((capture, place), other) in found {
        let side = &inside[capture];
        let (one, two) = (&side.conversations[place], &outside.conversations[other]);
        let names = Names {
            inside: &side.name,
            outside: &outside.name,
        };
        let mut pair = Pair {
            names,
            given: Vec::new(),
            messages: 0,
            findings: &mut report.findings,
        };
        pair.conversations(one, two);
        let Pair {
            given, messages, ..
        } = pair;
        let packets = judge_data(
            names,
            (side, one),
            (outside, two),
            &given,
            &mut report.findings,
        );
        report.pairs.push(PairReport {
            capture: side.name.clone(),
            inside: (one.opener, one.acceptor),
            outside: (two.opener, two.acceptor),
            messages,
            call_ids: given
                .iter()
                .map(|given| (given.owner.name(), given.inside, given.outside))
                .collect(),
            packets,
        });
    }
    report
}

struct Pair<'a> {
    names: Names<'a>,
    given: Vec<Given>,
    messages: u64,
    findings: &'a mut Vec<NatFinding>,
}

impl Pair<'_> {
    fn conversations(&mut self, one: &Conversation, two: &Conversation) {
        // First who gave what, in both directions; then whether all others keep to it.
        for side in 0..2 {
            for (inside, outside) in one.messages[side].iter().zip(&two.messages[side]) {
                self.learn(inside, outside, side == 0);
            }
        }
        for side in 0..2 {
            for (inside, outside) in one.messages[side].iter().zip(&two.messages[side]) {
                if !self.message(inside, outside, (one, two), side) {
                    break;
                }
            }
        }
    }

    fn learn(&mut self, inside: &Message, outside: &Message, by_opener: bool) {
        let (kind, fields) = call_id_fields(&inside.octets);
        if call_id_fields(&outside.octets).0 != kind {
            return;
        }
        for field in fields.iter().filter(|field| field.gives) {
            if let (Some(inside), Some(outside)) = (
                number_at(&inside.octets, field.offset),
                number_at(&outside.octets, field.offset),
            ) {
                let given = Given {
                    owner: field.owner,
                    inside,
                    outside,
                    by_opener,
                };
                if !self.given.contains(&given) {
                    self.given.push(given);
                }
            }
        }
    }

    /// Compares a message with itself on the other side. Answers whether they are of one type: otherwise nothing behind them can be
    /// compared.
    fn message(
        &mut self,
        inside: &Message,
        outside: &Message,
        ends: (&Conversation, &Conversation),
        side: usize,
    ) -> bool {
        let (kind, fields) = call_id_fields(&inside.octets);
        let (other_kind, _) = call_id_fields(&outside.octets);
        if kind != other_kind {
            let detail = format!(
                "{} inside is {} outside",
                kind.name().unwrap_or("an unknown message"),
                other_kind.name().unwrap_or("an unknown message")
            );
            self.find(
                None,
                kind,
                "control-message-type",
                (inside, outside),
                (kind.0.into(), other_kind.0.into()),
                detail,
            );
            return false;
        }
        self.messages += 1;
        for field in fields.iter().filter(|field| !field.gives) {
            self.call_id(kind, field, inside, outside);
        }
        if without_call_ids(&inside.octets) != without_call_ids(&outside.octets) {
            self.other_fields(kind, inside, outside, ends, side);
        }
        true
    }

    /// A field that names a Call ID names the same call on both sides.
    fn call_id(
        &mut self,
        kind: ControlMessageType,
        field: &CallIdField,
        inside: &Message,
        outside: &Message,
    ) {
        let (Some(seen_inside), Some(seen_outside)) = (
            number_at(&inside.octets, field.offset),
            number_at(&outside.octets, field.offset),
        ) else {
            return;
        };
        let of_owner = || self.given.iter().filter(|given| given.owner == field.owner);
        let is_right =
            of_owner().any(|given| given.inside == seen_inside && given.outside == seen_outside);
        if is_right {
            return;
        }
        let by_inside = of_owner().find(|given| given.inside == seen_inside);
        let by_outside = of_owner().find(|given| given.outside == seen_outside);
        let is_peers = self
            .given
            .iter()
            .any(|given| given.owner != field.owner && given.inside == seen_inside);
        let owner = field.owner.name();
        let detail = match (by_inside, by_outside) {
            (None, Some(given)) if is_peers => format!(
                "the {owner} Call ID was replaced by that of the other end; inside it is {}",
                given.inside
            ),
            (_, Some(given)) => format!("the {owner} Call ID is {} inside", given.inside),
            (Some(given), None) => format!("the {owner} Call ID is {} outside", given.outside),
            // Neither side names a call: not the translation's doing.
            (None, None) if seen_inside == seen_outside => return,
            (None, None) => "a Call ID that was given to no call was changed".to_owned(),
        };
        self.find(
            Some(field),
            kind,
            field.key,
            (inside, outside),
            (seen_inside.into(), seen_outside.into()),
            detail,
        );
    }

    /// Nothing but Call IDs is changed.
    fn other_fields(
        &mut self,
        kind: ControlMessageType,
        inside: &Message,
        outside: &Message,
        ends: (&Conversation, &Conversation),
        side: usize,
    ) {
        let fields_of = |conversation: &Conversation, octets: &[u8]| {
            let mut flow = Flow {
                connection: 0,
                from: conversation.opener,
                to: conversation.acceptor,
            };
            if side == 1 {
                std::mem::swap(&mut flow.from, &mut flow.to);
            }
            let control = Control {
                flow,
                octets,
                framing: Framing::Whole,
                findings: Vec::new(),
            };
            let named = message_fields(&control);
            let values: BTreeMap<&str, MessageValue> = named
                .into_iter()
                .map(|field| (field.key, field.value))
                .collect();
            values
        };
        let masked = (
            without_call_ids(&inside.octets),
            without_call_ids(&outside.octets),
        );
        let (one, two) = (fields_of(ends.0, &masked.0), fields_of(ends.1, &masked.1));
        for (key, value) in &one {
            let other = two.get(key);
            if other == Some(value) {
                continue;
            }
            let number = |value: Option<&MessageValue>| match value {
                Some(MessageValue::Number(number)) => Some(*number),
                _ => None,
            };
            self.findings.push(NatFinding {
                requirement: None,
                severity: Severity::Error,
                message: kind.name().unwrap_or("Unknown-Message"),
                field: (*key).to_owned(),
                inside: Sighting {
                    capture: self.names.inside.to_owned(),
                    frame: inside.frame,
                    value: number(Some(value)),
                },
                outside: Sighting {
                    capture: self.names.outside.to_owned(),
                    frame: outside.frame,
                    value: number(other),
                },
                detail: "a field was changed that is not the translation's".to_owned(),
            });
        }
    }

    fn find(
        &mut self,
        field: Option<&CallIdField>,
        kind: ControlMessageType,
        key: &str,
        (inside, outside): (&Message, &Message),
        (value_inside, value_outside): (u64, u64),
        detail: String,
    ) {
        self.findings.push(NatFinding {
            requirement: field.map(|field| field.requirement),
            severity: Severity::Error,
            message: kind_name(kind),
            field: key.to_owned(),
            inside: Sighting {
                capture: self.names.inside.to_owned(),
                frame: inside.frame,
                value: Some(value_inside),
            },
            outside: Sighting {
                capture: self.names.outside.to_owned(),
                frame: outside.frame,
                value: Some(value_outside),
            },
            detail,
        });
    }
}

fn kind_name(kind: ControlMessageType) -> &'static str {
    kind.name().unwrap_or("Unknown-Message")
}

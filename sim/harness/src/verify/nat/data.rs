//! The tunnels of one connection, inside and outside.

use pptp_wire::{Requirement, Severity};

use super::compare::{Given, Names};
use super::report::{NatFinding, Sighting};
use super::side::{Conversation, DataFlow, Packet, Side};
use crate::path::Path;

/// Packets on one side that are not enough to miss them on the other: the captures may begin and end at different times.
const FEW: u64 = 3;

/// Judges the GRE packets of all calls of a connection. Answers with how many went to the opener and to the acceptor, inside and
/// outside.
pub(super) fn judge_data(
    names: Names<'_>,
    inside: (&Side, &Conversation),
    outside: (&Side, &Conversation),
    given: &[Given],
    findings: &mut Vec<NatFinding>,
) -> [(u64, u64); 2] {
    let mut packets = [(0, 0); 2];
    for given in given {
        // A packet carries the Call ID that its receiver gave.
        let path = |conversation: &Conversation, call_id: u16| {
            let (opener, acceptor) = (*conversation.opener.ip(), *conversation.acceptor.ip());
            let (from, to) = match given.by_opener {
                true => (acceptor, opener),
                false => (opener, acceptor),
            };
            Path { from, to, call_id }
        };
        let one = inside.0.flows.get(&path(inside.1, given.inside));
        let two = outside.0.flows.get(&path(outside.1, given.outside));
        let count = |flow: Option<&DataFlow>| flow.map_or(0, |flow| flow.packets);
        let counted = &mut packets[usize::from(!given.by_opener)];
        counted.0 += count(one);
        counted.1 += count(two);
        match (one, two) {
            (Some(one), Some(two)) => compare_payload(names, one, two, findings),
            (Some(one), None) if one.packets > FEW => {
                let unchanged = path(outside.1, given.inside);
                let stray = outside.0.flows.get(&unchanged);
                missing(names, given, (Some(one), stray), true, findings);
            }
            (None, Some(two)) if two.packets > FEW => {
                let unchanged = path(inside.1, given.outside);
                let stray = inside.0.flows.get(&unchanged);
                missing(names, given, (stray, Some(two)), false, findings);
            }
            _ => {}
        }
    }
    packets
}

/// Packets that one side holds and the other does not, or not under the Call ID that they should have.
fn missing(
    names: Names<'_>,
    given: &Given,
    (inside, outside): (Option<&DataFlow>, Option<&DataFlow>),
    from_inside: bool,
    findings: &mut Vec<NatFinding>,
) {
    let frame =
        |flow: Option<&DataFlow>| flow.and_then(|flow| flow.first.first()).map(|it| it.frame);
    let both = inside.is_some() && outside.is_some();
    let owner = given.owner.name();
    let detail = match both {
        true => format!("the {owner} Call ID is not rewritten in the GRE header"),
        false => format!("no packet with the {owner} Call ID on the other side"),
    };
    let carried = if from_inside {
        given.inside
    } else {
        given.outside
    };
    let value = |flow: Option<&DataFlow>| flow.map(|_| u64::from(carried));
    findings.push(NatFinding {
        requirement: Some(Requirement::Gre012),
        severity: match both {
            true => Severity::Error,
            false => Severity::Warning,
        },
        message: "GRE",
        field: "call-id".to_owned(),
        inside: Sighting {
            capture: names.inside.to_owned(),
            frame: frame(inside).unwrap_or(0),
            value: value(inside),
        },
        outside: Sighting {
            capture: names.outside.to_owned(),
            frame: frame(outside).unwrap_or(0),
            value: value(outside),
        },
        detail,
    });
}

/// What has the same numbers on both sides has the same octets, the Call ID apart.
fn compare_payload(
    names: Names<'_>,
    one: &DataFlow,
    two: &DataFlow,
    findings: &mut Vec<NatFinding>,
) {
    let changed = one.first.iter().find_map(|packet| {
        packet.numbers.0?;
        let other: &Packet = two
            .first
            .iter()
            .find(|other| other.numbers.0 == packet.numbers.0)?;
        (other.digest != packet.digest).then_some((packet, other))
    });
    if let Some((packet, other)) = changed {
        findings.push(NatFinding {
            requirement: None,
            severity: Severity::Error,
            message: "GRE",
            field: "payload".to_owned(),
            inside: Sighting {
                capture: names.inside.to_owned(),
                frame: packet.frame,
                value: packet.numbers.0.map(u64::from),
            },
            outside: Sighting {
                capture: names.outside.to_owned(),
                frame: other.frame,
                value: other.numbers.0.map(u64::from),
            },
            detail: "the packet with this sequence number was changed beyond its Call ID"
                .to_owned(),
        });
    }
}

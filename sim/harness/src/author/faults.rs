//! What the path did to the packets of a call, as targeted faults: it needs no luck to do so again.

use std::collections::BTreeMap;

use super::names::Names;
use super::story::{Event, Fate, Packet, Story};
use crate::scenario::quantity;

/// Numbers on one line.
const MOST_NUMBERS: usize = 16;

/// The time that packets from one party to another take at least, in nanoseconds; `None` where nothing tells.
pub fn least_delay(story: &Story, from: usize, to: usize) -> Option<u64> {
    let taken = story
        .events
        .iter()
        .filter(|event| (event.from, event.to) == (from, to) && event.packet().is_some())
        .filter_map(|event| match &event.fate {
            Fate::Arrived(times) => times.first().map(|at| at.saturating_sub(event.at)),
            _ => None,
        });
    taken.min()
}

/// The lines for a call: what is lost, what comes twice, what comes late.
pub fn of_call(story: &Story, call: usize, names: &Names) -> Vec<String> {
    let known = &story.calls[call];
    [(known.pns, known.pac), (known.pac, known.pns)]
        .into_iter()
        .flat_map(|(from, to)| of_direction(story, call, (from, to), names))
        .collect()
}

fn of_direction(
    story: &Story,
    call: usize,
    (from, to): (usize, usize),
    names: &Names,
) -> Vec<String> {
    let sent: Vec<(&Event, &Packet)> = story
        .events
        .iter()
        .filter(|event| event.from == from)
        .filter_map(|event| event.packet().map(|packet| (event, packet)))
        .filter(|(_, packet)| packet.call == Some(call))
        .collect();
    let least = least_delay(story, from, to).unwrap_or(0);
    let is_in_order = is_in_order(&sent);
    let mut struck: BTreeMap<(u8, String), Vec<Struck>> = BTreeMap::new();
    let mut counts: BTreeMap<Option<u32>, u64> = BTreeMap::new();
    for (event, packet) in &sent {
        let number = packet.data().map(|(number, _)| number);
        let count = counts.entry(number).or_default();
        *count += 1;
        let packet = Struck {
            number,
            nth: *count,
        };
        let mut add =
            |order: u8, fault: String| struck.entry((order, fault)).or_default().push(packet);
        match &event.fate {
            Fate::Lost => add(0, "drop".to_owned()),
            Fate::Arrived(times) => {
                if times.len() > 1 {
                    add(1, "duplicate".to_owned());
                }
                let more = times
                    .first()
                    .map_or(0, |at| at.saturating_sub(event.at).saturating_sub(least));
                if more > 0 && !is_in_order {
                    add(
                        2,
                        format!("delay by=\"{}\"", pptp_wire::time::Duration(more)),
                    );
                }
            }
            Fate::Unknown => {}
        }
    }
    let arrow = format!("{} -> {}", names.nodes[from], names.nodes[to]);
    let call = names.call(call);
    let mut lines = Vec::new();
    let mut struck: Vec<((u8, String), Vec<Struck>)> = struck.into_iter().collect();
    struck.sort_by_key(|((order, _), packets)| {
        (
            *order,
            packets
                .first()
                .map(|it| (it.number.is_none(), it.number, it.nth)),
        )
    });
    for ((_, fault), packets) in struck {
        let (word, by) = fault.split_once(' ').unwrap_or((&fault, ""));
        let by = if by.is_empty() {
            String::new()
        } else {
            format!(" {by}")
        };
        for which in which(&packets, &counts) {
            lines.push(format!("{word} {arrow} GRE call={call} {which}{by}"));
        }
    }
    lines
}

/// A packet that a fault strikes: its number, and which of those of its number it is; without a number it only acknowledges.
#[derive(Copy, Clone)]
struct Struck {
    number: Option<u32>,
    nth: u64,
}

/// The words that pick packets, some on each line.
fn which(packets: &[Struck], counts: &BTreeMap<Option<u32>, u64>) -> Vec<String> {
    let list = |numbers: &[String]| match numbers {
        [one] => one.clone(),
        many => format!("\"{}\"", many.join("|")),
    };
    let mut words = Vec::new();
    let unique: Vec<String> = packets
        .iter()
        .filter(|it| counts.get(&it.number) == Some(&1))
        .filter_map(|it| it.number.map(|number| number.to_string()))
        .collect();
    for some in unique.chunks(MOST_NUMBERS) {
        words.push(format!("sequence-number={}", list(some)));
    }
    for it in packets {
        if let (Some(number), Some(2..)) = (it.number, counts.get(&it.number)) {
            words.push(format!("sequence-number={number} nth={}", it.nth));
        }
    }
    let bare: Vec<String> = packets
        .iter()
        .filter(|it| it.number.is_none())
        .map(|it| it.nth.to_string())
        .collect();
    for some in bare.chunks(MOST_NUMBERS) {
        words.push(format!("acknowledgment-only=#true nth={}", list(some)));
    }
    words
}

/// Whether the packets arrived in the order in which they were sent.
fn is_in_order(sent: &[(&Event, &Packet)]) -> bool {
    let mut latest = 0;
    sent.iter().all(|(event, _)| match &event.fate {
        Fate::Arrived(times) => {
            let at = times.first().copied().unwrap_or(latest);
            let fits = at >= latest;
            latest = latest.max(at);
            fits
        }
        _ => true,
    })
}

/// The delay of a link, as a scenario writes it.
pub fn delay_word(span: u64) -> String {
    debug_assert!(quantity::duration(&pptp_wire::time::Duration(span).to_string()).is_ok());
    format!("delay=\"{}\"", pptp_wire::time::Duration(span))
}

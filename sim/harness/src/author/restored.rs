//! What one sender sent, where a single tap shows what the path left of it.
//!
//! A packet that was lost, overtaken or repeated before the tap is told from what its sender did by the Identification of its IPv4 packet
//! ([`crate::path`]). It is put back to where it was sent, and what became of it becomes its fate, so that a scenario sends it and
//! strikes it with a fault. Of a lost packet only the number is known: it is made up like the one behind it, without an acknowledgment.

use std::collections::BTreeMap;

use pptp_wire::{GRE_MAXIMUM_HEADER_LENGTH, GreHeader};

use super::story::{Fate, Packet};
use super::tap::{Kind, MOST_EVENTS, Seen, Tap};
use crate::path::{GapCause, Path, PathWatch, Standing};

/// Numbers of one gap that are put back.
const MOST_MISSING: u32 = 1000;
/// What the path takes for a packet that it did nothing to, in nanoseconds: no tap tells.
const AT_LEAST: u64 = 100_000;

/// How many packets the path struck before the tap.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Struck {
    /// Lost.
    pub lost: u64,
    /// Overtaken by others.
    pub overtaken: u64,
    /// Repeated.
    pub repeated: u64,
}

/// One direction of one call, by Sequence Number: where its packets stand among those that were seen.
#[derive(Default)]
struct Sent {
    packets: BTreeMap<u32, Vec<usize>>,
    overtaken: Vec<usize>,
    repeated: Vec<usize>,
    /// Numbers that the path has lost, unless they come later, and the packet behind them.
    gaps: Vec<(u32, u32, usize)>,
}

/// Puts the packets back.
pub fn restore(tap: &mut Tap) -> Struck {
    let mut struck = Struck::default();
    let mut made: Vec<Seen> = Vec::new();
    for sent in directions(tap).into_values() {
        sent.overtaken(tap, &mut struck);
        sent.repeated(tap, &mut struck);
        sent.lost(tap, &mut made, &mut struck);
        if !sent.overtaken.is_empty() || !sent.repeated.is_empty() {
            sent.untouched(tap);
        }
    }
    let room = MOST_EVENTS.saturating_sub(tap.seen.len());
    made.truncate(room);
    tap.seen.extend(made);
    tap.seen
        .retain(|seen| seen.fate != Some(Fate::Arrived(Vec::new())));
    tap.seen.sort_by_key(|seen| seen.at);
    struck
}

fn directions(tap: &Tap) -> BTreeMap<Path, Sent> {
    let mut watch = PathWatch::new();
    let mut directions: BTreeMap<Path, Sent> = BTreeMap::new();
    for (place, seen) in tap.seen.iter().enumerate() {
        let Some((path, header, identification)) = numbered(seen) else {
            continue;
        };
        let standing = watch.see(path, header.sequence_number, identification);
        let Some(number) = header.sequence_number else {
            continue;
        };
        let sent = directions.entry(path).or_default();
        sent.packets.entry(number).or_default().push(place);
        match standing {
            Standing::Overtaken => sent.overtaken.push(place),
            Standing::RepeatedByPath => sent.repeated.push(place),
            Standing::AfterGap {
                missing,
                cause: GapCause::Path,
            } if missing <= MOST_MISSING => {
                sent.gaps
                    .push((number.wrapping_sub(missing), missing, place));
            }
            _ => {}
        }
    }
    directions
}

fn numbered(seen: &Seen) -> Option<(Path, GreHeader, u16)> {
    let Kind::Gre {
        from,
        to,
        identification,
        packet,
    } = &seen.kind
    else {
        return None;
    };
    let header = packet.header?;
    let (from, to, call_id) = (*from, *to, header.call_id.0);
    Some((Path { from, to, call_id }, header, *identification))
}

impl Sent {
    /// The first packet of a number.
    fn first(&self, number: u32) -> Option<usize> {
        self.packets.get(&number)?.first().copied()
    }

    /// When a number was sent: between those of its neighbours that were in order.
    fn sent_at(&self, tap: &Tap, number: u32) -> Option<u64> {
        let in_order = |number: &u32| {
            let place = self.first(*number)?;
            (!self.overtaken.contains(&place)).then(|| tap.seen[place].at)
        };
        let reach = 1..=MOST_MISSING;
        let (ahead, after) = reach
            .clone()
            .find_map(|step| Some((step, in_order(&number.wrapping_add(step))?)))?;
        let before = reach
            .clone()
            .find_map(|step| Some((step, in_order(&number.wrapping_sub(step))?)));
        let Some((back, before)) = before.filter(|(_, before)| *before < after) else {
            return Some(after.saturating_sub(u64::from(ahead)));
        };
        let span = (after - before) / u64::from(ahead + back) * u64::from(back);
        Some((before + span).min(after.saturating_sub(u64::from(ahead))))
    }

    fn overtaken(&self, tap: &mut Tap, struck: &mut Struck) {
        for place in &self.overtaken {
            let Some((_, header, _)) = numbered(&tap.seen[*place]) else {
                continue;
            };
            let number = header.sequence_number.unwrap_or_default();
            let Some(at) = self.sent_at(tap, number) else {
                continue;
            };
            let seen = &mut tap.seen[*place];
            seen.fate = Some(Fate::Arrived(vec![seen.at + AT_LEAST]));
            seen.at = at;
            struck.overtaken += 1;
        }
    }

    /// A copy is no packet of its own: it is one more arrival of the first.
    fn repeated(&self, tap: &mut Tap, struck: &mut Struck) {
        for place in &self.repeated {
            let number =
                numbered(&tap.seen[*place]).and_then(|(_, header, _)| header.sequence_number);
            let Some(first) = number.and_then(|number| self.first(number)) else {
                continue;
            };
            let copy_at = tap.seen[*place].at + AT_LEAST;
            tap.seen[*place].fate = Some(Fate::Arrived(Vec::new()));
            let first = &mut tap.seen[first];
            let arrived = first.at + AT_LEAST;
            match first
                .fate
                .get_or_insert_with(|| Fate::Arrived(vec![arrived]))
            {
                Fate::Arrived(times) => times.push(copy_at),
                other => *other = Fate::Arrived(vec![arrived, copy_at]),
            }
            struck.repeated += 1;
        }
    }

    fn lost(&self, tap: &Tap, made: &mut Vec<Seen>, struck: &mut Struck) {
        for (from, missing, behind) in &self.gaps {
            for number in (0..*missing).map(|step| from.wrapping_add(step)) {
                if self.packets.contains_key(&number) {
                    continue;
                }
                let like = &tap.seen[*behind];
                let (Some(at), Some(kind)) =
                    (self.sent_at(tap, number), lost_packet(&like.kind, number))
                else {
                    continue;
                };
                made.push(Seen {
                    at,
                    frame: like.frame,
                    fate: Some(Fate::Lost),
                    kind,
                });
                struck.lost += 1;
            }
        }
    }

    /// What the path did nothing to arrives as fast as it does.
    fn untouched(&self, tap: &mut Tap) {
        for place in self.packets.values().flatten() {
            let seen = &mut tap.seen[*place];
            let at = seen.at + AT_LEAST;
            seen.fate.get_or_insert_with(|| Fate::Arrived(vec![at]));
        }
    }
}

/// A packet of this number that is like another one.
fn lost_packet(like: &Kind, number: u32) -> Option<Kind> {
    let Kind::Gre {
        from, to, packet, ..
    } = like
    else {
        return None;
    };
    let header = packet.header?;
    let header = GreHeader::data(header.call_id, number, None, header.payload_length);
    let mut buffer = [0; GRE_MAXIMUM_HEADER_LENGTH];
    let length = header.encode(&mut buffer);
    Some(Kind::Gre {
        from: *from,
        to: *to,
        identification: 0,
        packet: Packet {
            octets: buffer[..length].to_vec(),
            length: length + usize::from(header.payload_length),
            header: Some(header),
            call: None,
        },
    })
}

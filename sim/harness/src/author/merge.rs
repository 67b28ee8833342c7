//! From taps to a story: one thing that several taps saw becomes one event, sent at one time and arrived at another.
//!
//! With one tap, everything was sent when it was seen. With several, the tap of a host is the one that sees what the host sends
//! before the others do; the clocks of all taps must agree.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddrV4};

use super::calls;
use super::failure::AuthorFailure;
use super::parties::Parties;
use super::story::{Connection, Event, Fate, Packet, Story, What};
use super::tap::{End, Kind, Seen, Tap, TapConnection};

/// Opener, acceptor, and which of their connections it is.
type ConnectionKey = (SocketAddrV4, SocketAddrV4, usize);

/// What makes two sightings the same thing, and which of those that are alike it is.
type Key = (Thing, usize);

#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
enum Thing {
    /// The n-th event of an end of a connection.
    OfConnection(ConnectionKey, bool),
    /// A packet: source, destination, Identification, the octets that were kept, the length.
    Packet(Ipv4Addr, Ipv4Addr, u16, Vec<u8>, usize),
}

struct Sighting {
    tap: usize,
    at: u64,
    /// The place in its tap.
    place: usize,
}

/// What all taps saw.
pub struct Sightings {
    taps: Vec<Tap>,
    keys: Vec<Vec<Key>>,
    by_key: BTreeMap<Key, Vec<Sighting>>,
}

/// Makes one story of all taps. `known` are the parties of another story, which these then follow.
///
/// # Errors
/// [`AuthorFailure::NothingSeen`].
pub fn merge(taps: Vec<Tap>, known: Option<&Story>) -> Result<Story, AuthorFailure> {
    let frames = taps.iter().map(|tap| tap.frames).sum();
    if taps.iter().all(|tap| tap.seen.is_empty()) {
        return Err(AuthorFailure::NothingSeen { frames });
    }
    let sightings = Sightings::of(taps);
    let mut story = sightings.story(known);
    story.frames = frames;
    calls::follow(&mut story);
    Ok(story)
}

impl Sightings {
    fn of(taps: Vec<Tap>) -> Sightings {
        let mut by_key: BTreeMap<Key, Vec<Sighting>> = BTreeMap::new();
        let mut keys = Vec::new();
        for (number, tap) in taps.iter().enumerate() {
            let connection_keys = connection_keys(&tap.connections);
            let mut alike: BTreeMap<Thing, usize> = BTreeMap::new();
            let mut of_tap = Vec::new();
            for (place, seen) in tap.seen.iter().enumerate() {
                let thing = thing(seen, &connection_keys);
                let count = alike.entry(thing.clone()).or_default();
                let key = (thing, *count);
                *count += 1;
                by_key.entry(key.clone()).or_default().push(Sighting {
                    tap: number,
                    at: seen.at,
                    place,
                });
                of_tap.push(key);
            }
            keys.push(of_tap);
        }
        Sightings { taps, keys, by_key }
    }

    /// The tap that each address has: the one that sees first what it sends.
    fn homes(&self) -> BTreeMap<Ipv4Addr, usize> {
        let mut votes: BTreeMap<Ipv4Addr, BTreeMap<usize, u64>> = BTreeMap::new();
        for ((thing, _), seen) in &self.by_key {
            let from = match thing {
                Thing::OfConnection((opener, acceptor, _), is_opener) => {
                    *if *is_opener { opener } else { acceptor }.ip()
                }
                Thing::Packet(from, ..) => *from,
            };
            let Some(first) = seen.iter().map(|sighting| sighting.at).min() else {
                continue;
            };
            // What several taps saw tells more than what was lost before the second.
            let weight = if seen.len() > 1 { 1000 } else { 1 };
            for sighting in seen.iter().filter(|sighting| sighting.at == first) {
                *votes
                    .entry(from)
                    .or_default()
                    .entry(sighting.tap)
                    .or_default() += weight;
            }
        }
        let best = |votes: &BTreeMap<usize, u64>| {
            let most = votes.values().copied().max()?;
            votes
                .iter()
                .find(|(_, count)| **count == most)
                .map(|(tap, _)| *tap)
        };
        votes
            .iter()
            .filter_map(|(address, votes)| Some((*address, best(votes)?)))
            .collect()
    }

    fn story(&self, known: Option<&Story>) -> Story {
        let mut connections: BTreeMap<ConnectionKey, TapConnection> = BTreeMap::new();
        for tap in &self.taps {
            for (key, connection) in connection_keys(&tap.connections)
                .into_iter()
                .zip(&tap.connections)
            {
                connections
                    .entry(key)
                    .and_modify(|merged| merged.add(connection))
                    .or_insert_with(|| connection.clone());
            }
        }
        let homes = match self.taps.len() {
            0 | 1 => BTreeMap::new(),
            _ => self.homes(),
        };
        let mut drafts = self.drafts(&homes);
        drafts.sort_by_key(|draft| (draft.at, draft.frame, draft.tap));
        let parties = Parties::of(&drafts, known);
        let mut story = Story {
            parties: parties.all,
            // Where a path takes no time, or both ends have one address, nothing tells which tap is whose.
            is_seen_at_both_ends: homes.values().collect::<BTreeSet<_>>().len() > 1,
            ..Story::default()
        };
        let mut places: BTreeMap<ConnectionKey, usize> = BTreeMap::new();
        for draft in drafts {
            let place = draft.connection.map(|(key, _)| {
                *places.entry(key).or_insert_with(|| {
                    let next = story.connections.len();
                    let (opener, acceptor) = parties.of_connections[next];
                    let merged = connections.get(&key);
                    story.connections.push(Connection {
                        opener,
                        acceptor,
                        start_seen: merged.is_some_and(|it| it.start_seen),
                        has_gaps: merged.is_some_and(|it| it.has_gaps),
                        round_trip: merged.and_then(|it| it.opened?.checked_sub(it.opening?)),
                    });
                    next
                })
            });
            let (from, to) = match (place, draft.connection) {
                (Some(place), Some((_, is_opener))) => {
                    let Connection {
                        opener, acceptor, ..
                    } = story.connections[place];
                    if is_opener {
                        (opener, acceptor)
                    } else {
                        (acceptor, opener)
                    }
                }
                _ => {
                    let [from, to] = draft.ends();
                    let mut at = story.parties.iter().enumerate();
                    let sender = at.find(|(_, party)| party.address == from);
                    let sender = sender.map_or(0, |(place, _)| place);
                    let mut others = story.parties.iter().enumerate();
                    let receiver =
                        others.find(|(place, party)| party.address == to && *place != sender);
                    match receiver {
                        Some((place, _)) => (sender, place),
                        // A host that sends to itself says nothing to anybody.
                        None => continue,
                    }
                }
            };
            story.events.push(Event {
                at: draft.at,
                frame: draft.frame,
                from,
                to,
                fate: draft.fate,
                what: what(draft.kind, place.unwrap_or(0)),
            });
        }
        story
    }

    /// Every thing that was sent, with the time of sending.
    fn drafts<'s>(&'s self, homes: &BTreeMap<Ipv4Addr, usize>) -> Vec<Draft<'s>> {
        let mut drafts: Vec<Draft<'s>> = Vec::new();
        for (number, (tap, keys)) in self.taps.iter().zip(&self.keys).enumerate() {
            let connection_keys = connection_keys(&tap.connections);
            for (place, (seen, key)) in tap.seen.iter().zip(keys).enumerate() {
                let sightings = self.by_key.get(key).map_or(&[][..], Vec::as_slice);
                let connection = end_of(&seen.kind)
                    .and_then(|end| Some((*connection_keys.get(end.connection)?, end.is_opener)));
                let mut draft = Draft {
                    at: seen.at,
                    frame: seen.frame,
                    tap: number,
                    connection,
                    fate: seen.fate.clone().unwrap_or_default(),
                    kind: &seen.kind,
                };
                let [from, to] = draft.ends();
                let own = homes.get(&from).copied();
                let at_home = sightings.iter().find(|it| Some(it.tap) == own);
                let told_by = match at_home {
                    Some(home) => (home.tap, home.place),
                    // What only the receiver saw was made on the way, unless its sender has no tap.
                    None if own.is_some_and(|own| homes.get(&to) != Some(&own))
                        && matches!(seen.kind, Kind::Gre { .. }) =>
                    {
                        continue;
                    }
                    None => sightings
                        .iter()
                        .min_by_key(|it| it.at)
                        .map_or((number, place), |it| (it.tap, it.place)),
                };
                if told_by != (number, place) {
                    continue;
                }
                if let Some(far) = homes.get(&to).filter(|far| Some(**far) != own) {
                    let arrivals = self.arrivals(key, own, *far);
                    draft.fate = match arrivals.is_empty() {
                        true => Fate::Lost,
                        false => Fate::Arrived(arrivals),
                    };
                }
                drafts.push(draft);
            }
        }
        drafts
    }

    /// When it came to the tap `far`. Further ones that are alike and that its sender did not send are the path's own copies of it.
    fn arrivals(&self, key: &Key, own: Option<usize>, far: usize) -> Vec<u64> {
        let (thing, first) = key;
        let copies = (*first..).map_while(|copy| {
            let all = self.by_key.get(&(thing.clone(), copy))?;
            let is_sent = all.iter().any(|it| Some(it.tap) == own);
            let may_be_copied = matches!(thing, Thing::Packet(..));
            (copy == *first || may_be_copied && !is_sent).then_some(all)
        });
        let times = copies.flatten().filter(|it| it.tap == far);
        times.map(|it| it.at).collect()
    }
}

/// One thing that was sent, before its parties are known.
pub struct Draft<'s> {
    at: u64,
    frame: u64,
    tap: usize,
    /// Its connection, and whether its opener sent it.
    pub connection: Option<(ConnectionKey, bool)>,
    fate: Fate,
    kind: &'s Kind,
}

impl Draft<'_> {
    /// Who sent it, to whom.
    pub fn ends(&self) -> [Ipv4Addr; 2] {
        match (self.kind, self.connection) {
            (Kind::Gre { from, to, .. }, _) => [*from, *to],
            (_, Some(((opener, acceptor, _), true))) => [*opener.ip(), *acceptor.ip()],
            (_, Some(((opener, acceptor, _), false))) => [*acceptor.ip(), *opener.ip()],
            (_, None) => [Ipv4Addr::UNSPECIFIED; 2],
        }
    }

    /// What it is.
    pub fn kind(&self) -> &Kind {
        self.kind
    }
}

impl TapConnection {
    fn add(&mut self, other: &TapConnection) {
        self.start_seen |= other.start_seen;
        self.has_gaps &= other.has_gaps;
        // Each tap has times of its own for the handshake; one of them tells the round trip.
        if self.opening.is_none() || self.opened.is_none() {
            (self.opening, self.opened) = (other.opening, other.opened);
        }
    }
}

fn connection_keys(connections: &[TapConnection]) -> Vec<ConnectionKey> {
    let mut count: BTreeMap<(SocketAddrV4, SocketAddrV4), usize> = BTreeMap::new();
    connections
        .iter()
        .map(|connection| {
            let ends = (connection.opener, connection.acceptor);
            let number = count.entry(ends).or_default();
            *number += 1;
            (ends.0, ends.1, *number - 1)
        })
        .collect()
}

fn end_of(kind: &Kind) -> Option<End> {
    match kind {
        Kind::Open(end) | Kind::Close(end) | Kind::Reset(end) | Kind::Control { end, .. } => {
            Some(*end)
        }
        Kind::Gre { .. } => None,
    }
}

fn thing(seen: &Seen, connections: &[ConnectionKey]) -> Thing {
    match &seen.kind {
        Kind::Gre {
            from,
            to,
            identification,
            packet,
        } => Thing::Packet(
            *from,
            *to,
            *identification,
            packet.octets.clone(),
            packet.length,
        ),
        kind => {
            let end = end_of(kind).unwrap_or(End {
                connection: 0,
                is_opener: true,
            });
            let unknown = SocketAddrV4::new(Ipv4Addr::UNSPECIFIED, 0);
            let key = connections.get(end.connection).copied();
            Thing::OfConnection(key.unwrap_or((unknown, unknown, 0)), end.is_opener)
        }
    }
}

fn what(kind: &Kind, connection: usize) -> What {
    match kind {
        Kind::Open(_) => What::Open { connection },
        Kind::Close(_) => What::Close {
            connection,
            is_answer: false,
        },
        Kind::Reset(_) => What::Reset {
            connection,
            is_answer: false,
        },
        Kind::Control {
            octets, is_whole, ..
        } => What::Control {
            connection,
            octets: octets.clone(),
            is_whole: *is_whole,
            call: None,
        },
        Kind::Gre { packet, .. } => What::Gre(Packet::clone(packet)),
    }
}

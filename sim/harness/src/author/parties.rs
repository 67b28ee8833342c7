//! Who took part: hosts by their address, but a host that has several connections to one peer at a time is several parties.
//!
//! A NAT router that several clients stand behind looks like that from outside, and a scenario says it better with one node for
//! each client.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddrV4};

use super::merge::Draft;
use super::story::{Party, Story};
use super::tap::Kind;
use pptp_wire::ControlMessageType;

type ConnectionKey = (SocketAddrV4, SocketAddrV4, usize);

/// All parties, and those of each connection.
pub struct Parties {
    /// In the order of appearance.
    pub all: Vec<Party>,
    /// Opener and acceptor, for each connection in the order of its first event.
    pub of_connections: Vec<(usize, usize)>,
}

/// What is known of a connection before its parties are.
#[derive(Default)]
struct Span {
    ended: bool,
    is_refused: bool,
    number: usize,
}

impl Parties {
    /// The parties of what was sent; those of another story come first, in its order.
    pub fn of(drafts: &[Draft<'_>], known: Option<&Story>) -> Parties {
        let mut parties = Parties {
            all: known.map_or_else(Vec::new, |story| story.parties.clone()),
            of_connections: Vec::new(),
        };
        let numbers = match known {
            // The nodes of a scenario have an address each.
            Some(_) => BTreeMap::new(),
            None => numbers(drafts),
        };
        let mut places: BTreeMap<ConnectionKey, usize> = BTreeMap::new();
        for draft in drafts {
            let Some((key, _)) = draft.connection else {
                continue;
            };
            if places.contains_key(&key) {
                continue;
            }
            places.insert(key, parties.of_connections.len());
            let number = numbers.get(&key).copied().unwrap_or(0);
            let opener = parties.party(*key.0.ip(), number);
            // Both ends may be on one host.
            let other = usize::from(key.0.ip() == key.1.ip());
            let acceptor = parties.party(*key.1.ip(), other * (number + 1));
            parties.of_connections.push((opener, acceptor));
        }
        for draft in drafts {
            for address in draft.ends() {
                parties.party(address, 0);
            }
        }
        parties
    }

    fn party(&mut self, address: Ipv4Addr, number: usize) -> usize {
        let found = self
            .all
            .iter()
            .position(|party| party.address == address && party.number == number);
        found.unwrap_or_else(|| {
            self.all.push(Party {
                address,
                number,
                role: None,
                plays_both_roles: false,
            });
            self.all.len() - 1
        })
    }
}

/// For each connection, which of several parties of its opener's address opened it.
fn numbers(drafts: &[Draft<'_>]) -> BTreeMap<ConnectionKey, usize> {
    let mut spans: BTreeMap<ConnectionKey, Span> = BTreeMap::new();
    let mut order: Vec<ConnectionKey> = Vec::new();
    for draft in drafts {
        let Some((key, is_opener)) = draft.connection else {
            continue;
        };
        if !spans.contains_key(&key) {
            let busy: Vec<usize> = order
                .iter()
                .filter(|other| (other.0.ip(), other.1.ip()) == (key.0.ip(), key.1.ip()))
                .filter_map(|other| spans.get(other))
                .filter(|span| !span.ended)
                .map(|span| span.number)
                .collect();
            let number = (0..).find(|number| !busy.contains(number)).unwrap_or(0);
            order.push(key);
            spans.insert(
                key,
                Span {
                    number,
                    ..Span::default()
                },
            );
        }
        let Some(span) = spans.get_mut(&key) else {
            continue;
        };
        match draft.kind() {
            Kind::Close(_) | Kind::Reset(_) => span.ended = true,
            Kind::Control { octets, .. } if !is_opener => {
                let is_reply = octets.get(8..10)
                    == Some(
                        &ControlMessageType::START_CONTROL_CONNECTION_REPLY
                            .0
                            .to_be_bytes()[..],
                    );
                span.is_refused |= is_reply && octets.get(14) != Some(&1);
            }
            _ => {}
        }
    }
    // A host that is told that a connection exists already is one host, and so is one that crosses another's opening.
    let pairs_refused: Vec<(Ipv4Addr, Ipv4Addr)> = spans
        .iter()
        .filter(|(_, span)| span.is_refused)
        .map(|(key, _)| (*key.0.ip(), *key.1.ip()))
        .collect();
    let opened: Vec<(Ipv4Addr, Ipv4Addr)> =
        spans.keys().map(|key| (*key.0.ip(), *key.1.ip())).collect();
    spans
        .into_iter()
        .filter(|(key, _)| {
            let pair = (*key.0.ip(), *key.1.ip());
            !pairs_refused.contains(&pair) && !opened.contains(&(pair.1, pair.0))
        })
        .map(|(key, span)| (key, span.number))
        .collect()
}

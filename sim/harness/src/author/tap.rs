//! One tap: what a capture file shows, event by event.

use std::collections::BTreeMap;
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddrV4};

use super::failure::AuthorFailure;
use super::story::{Fate, Packet};
use crate::capture::Flow;
use crate::decode::{Framing, Item, ItemKind, decode};

/// Messages and packets that a scenario can be made of.
pub const MOST_EVENTS: usize = 20_000;
/// Control connections that a scenario can be made of.
pub const MOST_CONNECTIONS: usize = 500;

/// One connection of one tap.
#[derive(Clone, Debug)]
pub struct TapConnection {
    /// Who opened it.
    pub opener: SocketAddrV4,
    /// Whom it was opened to.
    pub acceptor: SocketAddrV4,
    /// Whether the tap saw its beginning.
    pub start_seen: bool,
    /// Octets of it are missing.
    pub has_gaps: bool,
    /// When the SYN was seen.
    pub opening: Option<u64>,
    /// When it was open.
    pub opened: Option<u64>,
}

/// What a tap saw.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When, in nanoseconds.
    pub at: u64,
    /// In which frame.
    pub frame: u64,
    /// What the path did to it before the tap, where that is known.
    pub fate: Option<Fate>,
    /// What.
    pub kind: Kind,
}

/// The kinds of [`Seen`].
#[derive(Clone, Debug)]
pub enum Kind {
    /// A SYN.
    Open(End),
    /// A FIN.
    Close(End),
    /// A reset.
    Reset(End),
    /// A message.
    Control {
        /// Who sent it.
        end: End,
        /// Its octets.
        octets: Vec<u8>,
        /// Whether it is one message of as many octets as its Length says.
        is_whole: bool,
    },
    /// A GRE packet.
    Gre {
        /// Source address.
        from: Ipv4Addr,
        /// Destination address.
        to: Ipv4Addr,
        /// Identification of the IPv4 packet.
        identification: u16,
        /// The packet.
        packet: Packet,
    },
}

/// One end of a connection of this tap.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct End {
    /// Which connection.
    pub connection: usize,
    /// Whether it is the end that opened it.
    pub is_opener: bool,
}

/// Everything that a tap saw.
#[derive(Clone, Debug, Default)]
pub struct Tap {
    /// The connections, in the order in which they were recognised.
    pub connections: Vec<TapConnection>,
    /// What was seen, in order.
    pub seen: Vec<Seen>,
    /// Frames of the file.
    pub frames: u64,
}

/// Reads a capture; `name` is what errors call it.
///
/// # Errors
/// [`AuthorFailure::Capture`] where it cannot be read to its end, [`AuthorFailure::TooMuch`] where it holds more than [`MOST_EVENTS`].
pub fn read<R: Read>(name: &str, input: R) -> Result<Tap, AuthorFailure> {
    let mut reader = Reader::default();
    let result = decode(input, &mut |item: &Item<'_>| reader.item(item));
    if let Some(failure) = reader.too_much {
        return Err(failure);
    }
    match result {
        Ok(summary) => {
            reader.tap.frames = summary.frames;
            Ok(reader.tap)
        }
        Err(error) => Err(AuthorFailure::Capture {
            name: name.to_owned(),
            error,
        }),
    }
}

#[derive(Default)]
struct Reader {
    tap: Tap,
    /// From the numbers of the decoder to places in [`Tap::connections`].
    places: BTreeMap<u32, usize>,
    too_much: Option<AuthorFailure>,
}

impl Reader {
    fn item(&mut self, item: &Item<'_>) -> std::io::Result<()> {
        let at = item.stamp.at.0;
        match &item.kind {
            ItemKind::Opening(flow) => {
                let end = self.begin(*flow, true);
                if let Some(connection) = self.tap.connections.get_mut(end.connection) {
                    // A SYN that was sent again opens nothing anew.
                    if connection.opening.is_some() {
                        return Ok(());
                    }
                    connection.opening = Some(at);
                }
                self.add(item, Kind::Open(end));
            }
            ItemKind::Opened { flow, start_seen } => {
                let known = self.places.contains_key(&flow.connection);
                let end = self.begin(*flow, *start_seen);
                if let Some(connection) = self.tap.connections.get_mut(end.connection) {
                    connection.opened.get_or_insert(at);
                    connection.start_seen &= *start_seen;
                }
                if !known {
                    self.add(item, Kind::Open(end));
                }
            }
            ItemKind::Closed(flow) => {
                let end = self.begin(*flow, false);
                self.add(item, Kind::Close(end));
            }
            ItemKind::Reset(flow) => {
                let end = self.begin(*flow, false);
                self.add(item, Kind::Reset(end));
            }
            ItemKind::Missing { flow, .. } => {
                let end = self.begin(*flow, false);
                if let Some(connection) = self.tap.connections.get_mut(end.connection) {
                    connection.has_gaps = true;
                }
            }
            ItemKind::Control(control) => {
                let end = self.begin(control.flow, false);
                let kind = Kind::Control {
                    end,
                    octets: control.octets.to_vec(),
                    is_whole: matches!(control.framing, Framing::Whole | Framing::Faulty(_)),
                };
                self.add(item, kind);
            }
            ItemKind::Gre(gre) => {
                let packet = Packet {
                    octets: gre.octets[..gre.octets.len().min(Packet::KEPT)].to_vec(),
                    length: gre.sent_length,
                    header: gre.packet.as_ref().ok().map(|packet| packet.header),
                    call: None,
                };
                let kind = Kind::Gre {
                    from: gre.from,
                    to: gre.to,
                    identification: gre.identification,
                    packet,
                };
                self.add(item, kind);
            }
            // The octets that stand there come as a message of their own.
            ItemKind::Ended(_) | ItemKind::LosingStep(_) => {}
        }
        match &self.too_much {
            Some(_) => Err(std::io::Error::other("enough")),
            None => Ok(()),
        }
    }

    /// The sender's end of its connection, which is new where the decoder has not named it before.
    fn begin(&mut self, flow: Flow, start_seen: bool) -> End {
        let next = self.tap.connections.len();
        let place = *self.places.entry(flow.connection).or_insert(next);
        if place == next {
            // Where the beginning is not in the capture, PPTP's port tells the ends apart.
            let (opener, acceptor) = match flow.from.port() {
                1723 => (flow.to, flow.from),
                _ => (flow.from, flow.to),
            };
            if place >= MOST_CONNECTIONS {
                self.too_much = Some(AuthorFailure::TooMuch {
                    what: "control connections",
                    most: MOST_CONNECTIONS,
                });
            }
            self.tap.connections.push(TapConnection {
                opener,
                acceptor,
                start_seen,
                has_gaps: false,
                opening: None,
                opened: None,
            });
        }
        let is_opener = self.tap.connections[place].opener == flow.from;
        End {
            connection: place,
            is_opener,
        }
    }

    fn add(&mut self, item: &Item<'_>, kind: Kind) {
        if self.tap.seen.len() >= MOST_EVENTS {
            self.too_much = Some(AuthorFailure::TooMuch {
                what: "messages and packets",
                most: MOST_EVENTS,
            });
            return;
        }
        self.tap.seen.push(Seen {
            at: item.released.at.0,
            frame: item.stamp.frame,
            fate: None,
            kind,
        });
    }
}

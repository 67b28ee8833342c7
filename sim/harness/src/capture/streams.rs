//! All TCP connections of a capture: which of them carry PPTP, and their events in order.

use std::collections::BTreeMap;
use std::net::SocketAddrV4;

use super::direction::{Arrival, Direction, Released};
use super::event::{Event, Flow, Observer, Stamp};
use super::ipv4::Ipv4Packet;
use super::notice::{Notice, Notices, Place};
use super::tcp::{ACK, FIN, RST, SYN, TcpSegment};

/// The port on which PPTP listens (RFC 2637 §1.4).
pub const PPTP_PORT: u16 = 1723;

/// Connections that are followed at the same time; the one that was idle longest gives way.
const MAXIMUM_CONNECTIONS: usize = 4096;
/// Octets that all connections together may hold back.
const MAXIMUM_WAITING: usize = 16 << 20;
/// The octets that show whether a stream on another port is PPTP: Length, PPTP Message Type, Magic Cookie.
const PREFIX: usize = 8;

type Ends = (SocketAddrV4, SocketAddrV4);

/// The connections that are being followed.
#[derive(Debug, Default)]
pub(super) struct Streams {
    connections: BTreeMap<Ends, Connection>,
    by_use: BTreeMap<u64, Ends>,
    uses: u64,
    recognised: u32,
    waiting_octets: usize,
}

#[derive(Debug)]
struct Connection {
    ends: [SocketAddrV4; 2],
    kind: Kind,
    /// Index of the end that opened it.
    opener: usize,
    opening: Option<Stamp>,
    opened: Option<Stamp>,
    over: bool,
    last_use: u64,
    directions: [Direction; 2],
}

#[derive(Debug)]
enum Kind {
    /// PPTP; its number.
    Pptp(u32),
    /// On another port, and too few octets seen to tell; those octets by direction.
    Undecided([Vec<Held>; 2]),
    /// Something else.
    Foreign,
}

#[derive(Debug)]
struct Held {
    octets: Vec<u8>,
    arrived: Stamp,
    starts_segment: bool,
}

impl Streams {
    /// Takes a segment of any connection.
    pub(super) fn add(
        &mut self,
        stamp: Stamp,
        packet: &Ipv4Packet<'_>,
        segment: &TcpSegment<'_>,
        notices: &mut Notices,
        out: &mut Observer<'_>,
    ) {
        let from = SocketAddrV4::new(packet.source, segment.source_port);
        let to = SocketAddrV4::new(packet.destination, segment.destination_port);
        let (key, side) = if from <= to {
            ((from, to), 0)
        } else {
            ((to, from), 1)
        };
        let opens = segment.has(SYN) && !segment.has(ACK);
        if opens
            && self
                .connections
                .get(&key)
                .is_some_and(|old| old.gives_way_to(side, segment.sequence_number))
        {
            self.forget(key, stamp, notices, out);
        }
        if !self.connections.contains_key(&key) {
            if !is_worth_following(segment) {
                return;
            }
            if self.connections.len() >= MAXIMUM_CONNECTIONS {
                self.forget_idle(stamp, notices, out);
            }
            self.connections
                .insert(key, Connection::new(key, side, segment));
        }
        self.touch(key);
        let Some(connection) = self.connections.get_mut(&key) else {
            return;
        };
        let before = connection.waiting_octets();
        if matches!(connection.kind, Kind::Undecided(_))
            && connection.ends.iter().any(|end| end.port() == PPTP_PORT)
        {
            connection.kind = Kind::Pptp(self.recognised);
            self.recognised += 1;
        }
        connection.segment(stamp, side, segment, &mut self.recognised, notices, out);
        if self.waiting_octets > MAXIMUM_WAITING {
            connection.release(stamp, true, &mut self.recognised, notices, out);
        }
        self.waiting_octets = self.waiting_octets - before + connection.waiting_octets();
    }

    /// The capture ends.
    pub(super) fn finish(&mut self, stamp: Stamp, notices: &mut Notices, out: &mut Observer<'_>) {
        while let Some((_, &key)) = self.by_use.first_key_value() {
            self.forget(key, stamp, notices, out);
        }
    }

    fn touch(&mut self, key: Ends) {
        self.uses += 1;
        if let Some(connection) = self.connections.get_mut(&key) {
            self.by_use.remove(&connection.last_use);
            connection.last_use = self.uses;
            self.by_use.insert(self.uses, key);
        }
    }

    fn forget_idle(&mut self, stamp: Stamp, notices: &mut Notices, out: &mut Observer<'_>) {
        if let Some((_, &key)) = self.by_use.first_key_value() {
            if self
                .connections
                .get(&key)
                .is_some_and(|old| matches!(old.kind, Kind::Pptp(_)) && !old.over)
            {
                notices.add(Notice::ForgottenConnection, Place::Frame(stamp.frame));
            }
            self.forget(key, stamp, notices, out);
        }
    }

    fn forget(&mut self, key: Ends, stamp: Stamp, notices: &mut Notices, out: &mut Observer<'_>) {
        if let Some(mut connection) = self.connections.remove(&key) {
            self.by_use.remove(&connection.last_use);
            self.waiting_octets -= connection.waiting_octets();
            connection.release(stamp, true, &mut self.recognised, notices, out);
            connection.tell(stamp, connection.opener, out, Event::TcpEnded);
        }
    }
}

/// A segment that says nothing about a connection that is not followed makes none.
fn is_worth_following(segment: &TcpSegment<'_>) -> bool {
    let on_our_port = segment.source_port == PPTP_PORT || segment.destination_port == PPTP_PORT;
    !segment.has(RST) && (on_our_port || segment.has(SYN) || !segment.payload.is_empty())
}

impl Connection {
    fn new(key: Ends, side: usize, segment: &TcpSegment<'_>) -> Connection {
        let opener = match (segment.has(SYN), segment.has(ACK)) {
            (true, false) => side,
            (true, true) => 1 - side,
            _ if segment.source_port == PPTP_PORT && segment.destination_port != PPTP_PORT => {
                1 - side
            }
            _ => side,
        };
        Connection {
            ends: [key.0, key.1],
            kind: Kind::Undecided([Vec::new(), Vec::new()]),
            opener,
            opening: None,
            opened: None,
            over: false,
            last_use: 0,
            directions: [Direction::default(), Direction::default()],
        }
    }

    /// Whether a SYN from `side` begins another connection on the same ports, rather than being sent again.
    fn gives_way_to(&self, side: usize, initial: u32) -> bool {
        self.over || self.directions[side].initial != Some(initial)
    }

    fn waiting_octets(&self) -> usize {
        self.directions.iter().map(Direction::waiting_octets).sum()
    }

    fn segment(
        &mut self,
        stamp: Stamp,
        side: usize,
        segment: &TcpSegment<'_>,
        recognised: &mut u32,
        notices: &mut Notices,
        out: &mut Observer<'_>,
    ) {
        if self.over {
            return;
        }
        if segment.has(RST) {
            self.reset(
                stamp,
                side,
                segment.sequence_number,
                recognised,
                notices,
                out,
            );
            return;
        }
        self.begin(stamp, side, segment, notices, out);
        if segment.has(ACK) {
            self.directions[1 - side].acknowledge(segment.acknowledgment_number);
            self.release_side(stamp, 1 - side, false, recognised, notices, out);
        }
        let arrival = Arrival {
            sequence_number: segment
                .sequence_number
                .wrapping_add(u32::from(segment.has(SYN))),
            octets: segment.payload,
            sent_length: segment.payload_length,
            fin: segment.has(FIN),
            stamp,
        };
        let mut released = Vec::new();
        self.directions[side].add(arrival, notices, &mut |item| {
            released.push(Owned::from(item))
        });
        self.pass_on(stamp, side, released, recognised, notices, out);
        self.release_side(stamp, side, false, recognised, notices, out);
        self.over = self.directions.iter().all(Direction::is_closed);
    }

    /// Opening and opened: what the segment says about the connection itself.
    fn begin(
        &mut self,
        stamp: Stamp,
        side: usize,
        segment: &TcpSegment<'_>,
        notices: &mut Notices,
        out: &mut Observer<'_>,
    ) {
        if segment.has(SYN) {
            let direction = &mut self.directions[side];
            direction.initial.get_or_insert(segment.sequence_number);
            direction.place(segment.sequence_number.wrapping_add(1));
            if !segment.has(ACK) && self.opening.is_none() {
                self.opening = Some(stamp);
                self.tell(stamp, side, out, Event::TcpOpening);
            }
        } else if self.opened.is_none() {
            let start_seen = self
                .directions
                .iter()
                .any(|direction| direction.initial.is_some());
            if !start_seen {
                notices.add(Notice::MissingStart, Place::Frame(stamp.frame));
            }
            if side == self.opener || !segment.payload.is_empty() || !start_seen {
                self.opened = Some(stamp);
                self.tell(stamp, self.opener, out, |flow| Event::TcpOpened {
                    flow,
                    start_seen,
                });
            }
        }
    }

    fn reset(
        &mut self,
        stamp: Stamp,
        side: usize,
        sequence_number: u32,
        recognised: &mut u32,
        notices: &mut Notices,
        out: &mut Observer<'_>,
    ) {
        let direction = &self.directions[side];
        // The reset that refuses a SYN has the sequence number 0 (RFC 9293 §3.10.7.1).
        let refuses = direction.initial.is_none() && self.opened.is_none();
        if direction.is_placed() && !refuses && !direction.takes_reset(sequence_number) {
            notices.add(Notice::StrayReset, Place::Frame(stamp.frame));
            return;
        }
        self.release(stamp, true, recognised, notices, out);
        self.over = true;
        self.tell(stamp, side, out, Event::TcpReset);
    }

    fn release(
        &mut self,
        stamp: Stamp,
        all: bool,
        recognised: &mut u32,
        notices: &mut Notices,
        out: &mut Observer<'_>,
    ) {
        for side in [self.opener, 1 - self.opener] {
            self.release_side(stamp, side, all, recognised, notices, out);
        }
    }

    fn release_side(
        &mut self,
        stamp: Stamp,
        side: usize,
        all: bool,
        recognised: &mut u32,
        notices: &mut Notices,
        out: &mut Observer<'_>,
    ) {
        let mut released = Vec::new();
        self.directions[side].release(all, &mut |item| released.push(Owned::from(item)));
        self.pass_on(stamp, side, released, recognised, notices, out);
    }

    fn pass_on(
        &mut self,
        stamp: Stamp,
        side: usize,
        released: Vec<Owned>,
        recognised: &mut u32,
        notices: &mut Notices,
        out: &mut Observer<'_>,
    ) {
        for item in released {
            match item {
                Owned::Octets(held) => self.octets(stamp, side, held, recognised, out),
                Owned::Missing(count) => {
                    if matches!(self.kind, Kind::Pptp(_)) {
                        notices.add(Notice::MissingOctets, Place::Frame(stamp.frame));
                    }
                    self.tell(stamp, side, out, |flow| Event::TcpMissing { flow, count });
                }
                Owned::Closed => self.tell(stamp, side, out, Event::TcpClosed),
            }
        }
    }

    fn octets(
        &mut self,
        stamp: Stamp,
        side: usize,
        held: Held,
        recognised: &mut u32,
        out: &mut Observer<'_>,
    ) {
        let Kind::Undecided(both) = &mut self.kind else {
            self.tell_octets(stamp, side, &held, out);
            return;
        };
        both[side].push(held);
        let prefix: Vec<u8> = both[side]
            .iter()
            .flat_map(|held| &held.octets)
            .copied()
            .take(PREFIX)
            .collect();
        if prefix.len() < PREFIX {
            return;
        }
        if prefix[4..] != pptp_wire::MAGIC_COOKIE.to_be_bytes() {
            self.kind = Kind::Foreign;
            return;
        }
        let both = std::mem::take(both);
        self.kind = Kind::Pptp(*recognised);
        *recognised += 1;
        self.tell_beginning(out);
        for side in [1 - side, side] {
            for held in &both[side] {
                self.tell_octets(stamp, side, held, out);
            }
        }
    }

    /// Tells, of a connection that turned out to be PPTP, what happened before.
    fn tell_beginning(&self, out: &mut Observer<'_>) {
        if let Some(stamp) = self.opening {
            self.tell(stamp, self.opener, out, Event::TcpOpening);
        }
        if let Some(stamp) = self.opened {
            let start_seen = self
                .directions
                .iter()
                .any(|direction| direction.initial.is_some());
            self.tell(stamp, self.opener, out, |flow| Event::TcpOpened {
                flow,
                start_seen,
            });
        }
    }

    fn tell_octets(&self, stamp: Stamp, side: usize, held: &Held, out: &mut Observer<'_>) {
        self.tell(stamp, side, out, |flow| Event::TcpOctets {
            flow,
            octets: &held.octets,
            arrived: held.arrived,
            starts_segment: held.starts_segment,
        });
    }

    fn tell<'a>(
        &self,
        stamp: Stamp,
        side: usize,
        out: &mut Observer<'_>,
        event: impl FnOnce(Flow) -> Event<'a>,
    ) {
        if let Kind::Pptp(connection) = self.kind {
            out(
                stamp,
                event(Flow {
                    connection,
                    from: self.ends[side],
                    to: self.ends[1 - side],
                }),
            );
        }
    }
}

/// What a direction released, detached from it.
enum Owned {
    Octets(Held),
    Missing(u64),
    Closed,
}

impl From<Released<'_>> for Owned {
    fn from(released: Released<'_>) -> Owned {
        match released {
            Released::Octets {
                octets,
                arrived,
                starts_segment,
            } => Owned::Octets(Held {
                octets: octets.to_vec(),
                arrived,
                starts_segment,
            }),
            Released::Missing(count) => Owned::Missing(count),
            Released::Closed => Owned::Closed,
        }
    }
}

#[cfg(test)]
mod tests;

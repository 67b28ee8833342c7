//! One TCP connection: what its segments say about it, and whether it carries PPTP.

use std::net::SocketAddrV4;

use super::direction::{Arrival, Direction, Released};
use super::event::{Event, Flow, Observer, Stamp};
use super::notice::{Notice, Notices, Place};
use super::streams::PPTP_PORT;
use super::tcp::{ACK, FIN, RST, SYN, TcpSegment};

/// The octets that show whether a stream on another port is PPTP: Length, PPTP Message Type, Magic Cookie.
const PREFIX: usize = 8;

/// State of one connection.
#[derive(Debug)]
pub(super) struct Connection {
    ends: [SocketAddrV4; 2],
    kind: Kind,
    /// Index of the end that opened it.
    opener: usize,
    opening: Option<Stamp>,
    opened: Option<Stamp>,
    over: bool,
    /// Where the connection stands in the order of use.
    pub(super) last_use: u64,
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

/// The frame that is being read, and where what it shows goes.
pub(super) struct Work<'a, 'o> {
    pub(super) stamp: Stamp,
    /// How many connections were recognised as PPTP.
    pub(super) recognised: &'a mut u32,
    pub(super) notices: &'a mut Notices,
    pub(super) out: &'a mut Observer<'o>,
}

impl Work<'_, '_> {
    fn notice(&mut self, notice: Notice) {
        self.notices.add(notice, Place::Frame(self.stamp.frame));
    }

    fn recognise(&mut self) -> Kind {
        let number = *self.recognised;
        *self.recognised += 1;
        Kind::Pptp(number)
    }
}

impl Connection {
    /// A connection whose first segment, from the end with the index `side`, is `segment`.
    pub(super) fn new(
        ends: [SocketAddrV4; 2],
        side: usize,
        segment: &TcpSegment<'_>,
        work: &mut Work<'_, '_>,
    ) -> Self {
        let opener = match (segment.has(SYN), segment.has(ACK)) {
            (true, false) => side,
            (true, true) => 1 - side,
            _ if segment.source_port == PPTP_PORT && segment.destination_port != PPTP_PORT => {
                1 - side
            }
            _ => side,
        };
        let kind = match ends.iter().any(|end| end.port() == PPTP_PORT) {
            true => work.recognise(),
            false => Kind::Undecided([Vec::new(), Vec::new()]),
        };
        Connection {
            ends,
            kind,
            opener,
            opening: None,
            opened: None,
            over: false,
            last_use: 0,
            directions: [Direction::default(), Direction::default()],
        }
    }

    /// Whether a SYN from `side` begins another connection on the same ports, rather than being sent again.
    pub(super) fn gives_way_to(&self, side: usize, initial: u32) -> bool {
        self.over || self.directions[side].initial != Some(initial)
    }

    /// Whether more is to be expected of a connection that carries PPTP.
    pub(super) fn is_wanted(&self) -> bool {
        matches!(self.kind, Kind::Pptp(_)) && !self.over
    }

    /// Octets held back.
    pub(super) fn waiting_octets(&self) -> usize {
        self.directions.iter().map(Direction::waiting_octets).sum()
    }

    /// Takes a segment from `side`.
    pub(super) fn segment(
        &mut self,
        side: usize,
        segment: &TcpSegment<'_>,
        work: &mut Work<'_, '_>,
    ) {
        if self.over {
            return;
        }
        if segment.has(RST) {
            return self.reset(side, segment.sequence_number, work);
        }
        self.begin(side, segment, work);
        if segment.has(ACK) {
            self.directions[1 - side].acknowledge(segment.acknowledgment_number);
            self.release_side(1 - side, false, work);
        }
        let arrival = Arrival {
            sequence_number: segment
                .sequence_number
                .wrapping_add(u32::from(segment.has(SYN))),
            octets: segment.payload,
            sent_length: segment.payload_length,
            fin: segment.has(FIN),
            stamp: work.stamp,
        };
        let mut released = Vec::new();
        self.directions[side].add(arrival, work.notices, &mut |item| {
            released.push(Owned::from(item))
        });
        self.pass_on(side, released, work);
        self.release_side(side, false, work);
        self.over = self.directions.iter().all(Direction::is_closed);
    }

    /// Gives what is waited for no longer: everything, where memory or the capture ends.
    pub(super) fn release_all(&mut self, work: &mut Work<'_, '_>) {
        for side in [self.opener, 1 - self.opener] {
            self.release_side(side, true, work);
        }
    }

    /// Nothing more will come.
    pub(super) fn end(&mut self, work: &mut Work<'_, '_>) {
        self.release_all(work);
        self.tell(work.stamp, self.opener, work, Event::TcpEnded);
    }

    /// Opening and opened: what the segment says about the connection itself.
    fn begin(&mut self, side: usize, segment: &TcpSegment<'_>, work: &mut Work<'_, '_>) {
        if segment.has(SYN) {
            let direction = &mut self.directions[side];
            direction.initial.get_or_insert(segment.sequence_number);
            direction.place(segment.sequence_number.wrapping_add(1));
            if !segment.has(ACK) && self.opening.is_none() {
                self.opening = Some(work.stamp);
                self.tell(work.stamp, side, work, Event::TcpOpening);
            }
        } else if self.opened.is_none() {
            let start_seen = self.start_seen();
            if !start_seen {
                work.notice(Notice::MissingStart);
            }
            if side == self.opener || !segment.payload.is_empty() || !start_seen {
                self.opened = Some(work.stamp);
                self.tell(work.stamp, self.opener, work, |flow| Event::TcpOpened {
                    flow,
                    start_seen,
                });
            }
        }
    }

    fn start_seen(&self) -> bool {
        self.directions
            .iter()
            .any(|direction| direction.initial.is_some())
    }

    fn reset(&mut self, side: usize, sequence_number: u32, work: &mut Work<'_, '_>) {
        let direction = &self.directions[side];
        // The reset that refuses a SYN has the sequence number 0 (RFC 9293 §3.10.7.1).
        let refuses = direction.initial.is_none() && self.opened.is_none();
        if direction.is_placed() && !refuses && !direction.takes_reset(sequence_number) {
            return work.notice(Notice::StrayReset);
        }
        self.release_all(work);
        self.over = true;
        self.tell(work.stamp, side, work, Event::TcpReset);
    }

    fn release_side(&mut self, side: usize, all: bool, work: &mut Work<'_, '_>) {
        let mut released = Vec::new();
        self.directions[side].release(all, &mut |item| released.push(Owned::from(item)));
        self.pass_on(side, released, work);
    }

    fn pass_on(&mut self, side: usize, released: Vec<Owned>, work: &mut Work<'_, '_>) {
        for item in released {
            match item {
                Owned::Octets(held) => self.octets(side, held, work),
                Owned::Missing(count) => {
                    if matches!(self.kind, Kind::Pptp(_)) {
                        work.notice(Notice::MissingOctets);
                    }
                    self.tell(work.stamp, side, work, |flow| Event::TcpMissing {
                        flow,
                        count,
                    });
                }
                Owned::Closed => self.tell(work.stamp, side, work, Event::TcpClosed),
            }
        }
    }

    fn octets(&mut self, side: usize, held: Held, work: &mut Work<'_, '_>) {
        let Kind::Undecided(both) = &mut self.kind else {
            return self.tell_octets(side, &held, work);
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
        self.kind = work.recognise();
        self.tell_beginning(work);
        for side in [1 - side, side] {
            for held in &both[side] {
                self.tell_octets(side, held, work);
            }
        }
    }

    /// Tells, of a connection that turned out to be PPTP, what happened before.
    fn tell_beginning(&self, work: &mut Work<'_, '_>) {
        if let Some(stamp) = self.opening {
            self.tell(stamp, self.opener, work, Event::TcpOpening);
        }
        if let Some(stamp) = self.opened {
            let start_seen = self.start_seen();
            self.tell(stamp, self.opener, work, |flow| Event::TcpOpened {
                flow,
                start_seen,
            });
        }
    }

    fn tell_octets(&self, side: usize, held: &Held, work: &mut Work<'_, '_>) {
        self.tell(work.stamp, side, work, |flow| Event::TcpOctets {
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
        work: &mut Work<'_, '_>,
        event: impl FnOnce(Flow) -> Event<'a>,
    ) {
        if let Kind::Pptp(connection) = self.kind {
            let flow = Flow {
                connection,
                from: self.ends[side],
                to: self.ends[1 - side],
            };
            (work.out)(stamp, event(flow));
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

//! Two sessions on a path with a delay, in virtual time.

use std::collections::BTreeMap;

use pptp_wire::GrePacket;
use pptp_wire::time::{Duration, Instant};

use super::*;

/// The index of an end: 0 is the PNS of the examples, 1 the PAC.
pub(super) type End = usize;

/// What the path does to one packet: a copy arrives after each of these times.
pub(super) type Fate = Vec<Duration>;

type Path<'a> = Box<dyn FnMut(Instant, End, &GrePacket<'_>) -> Fate + 'a>;

/// Data that one end sends in the background.
struct Traffic {
    from: End,
    left: u32,
    every: Option<Duration>,
    next: Instant,
    sent: u32,
}

/// One packet as a transcript shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Line {
    pub(super) at: Instant,
    pub(super) from: End,
    pub(super) sequence_number: Option<u32>,
    pub(super) acknowledgment_number: Option<u32>,
    /// The marks of the line: what ran out, what is full.
    pub(super) marks: Vec<String>,
}

pub(super) struct Pair<'a> {
    pub(super) now: Instant,
    pub(super) ends: [Session; 2],
    pub(super) lines: Vec<Line>,
    pub(super) delivered: [Vec<(u32, Vec<u8>)>; 2],
    pub(super) violations: usize,
    path: Path<'a>,
    in_flight: BTreeMap<(Instant, u64), (End, Vec<u8>)>,
    offered: u64,
    traffic: Vec<Traffic>,
}

impl<'a> Pair<'a> {
    pub(super) fn new(
        ends: [Session; 2],
        path: impl FnMut(Instant, End, &GrePacket<'_>) -> Fate + 'a,
    ) -> Pair<'a> {
        Pair {
            now: Instant::START,
            ends,
            lines: Vec::new(),
            delivered: [Vec::new(), Vec::new()],
            violations: 0,
            path: Box::new(path),
            in_flight: BTreeMap::new(),
            offered: 0,
            traffic: Vec::new(),
        }
    }

    /// Starts traffic now: `packets` payloads, one `every` so often or as fast as the window allows.
    pub(super) fn traffic(&mut self, from: End, packets: u32, every: Option<Duration>) {
        let next = self.now;
        self.traffic.push(Traffic {
            from,
            left: packets,
            every,
            next,
            sent: 0,
        });
    }

    /// Runs until `until`, or until nothing is left to happen.
    pub(super) fn run(&mut self, until: Instant) {
        loop {
            self.feed();
            let next = self.next_event();
            if next > until || next == Instant::NEVER {
                break;
            }
            self.now = next;
            self.arrivals();
            for end in 0..2 {
                self.act(end, |session, now, out| session.on_deadline(now, out));
            }
        }
    }

    fn next_event(&self) -> Instant {
        let arrival = self.in_flight.keys().next().map(|key| key.0);
        let deadlines = self
            .ends
            .iter()
            .filter_map(|end| end.deadline())
            .map(|deadline| deadline.at);
        let traffic = self
            .traffic
            .iter()
            .filter(|one| one.left > 0 && one.every.is_some())
            .map(|one| one.next);
        arrival
            .into_iter()
            .chain(deadlines)
            .chain(traffic)
            .min()
            .unwrap_or(Instant::NEVER)
    }

    fn arrivals(&mut self) {
        while let Some(entry) = self
            .in_flight
            .first_entry()
            .filter(|entry| entry.key().0 <= self.now)
        {
            let (to, octets) = entry.remove();
            let packet = GrePacket::decode(&octets).unwrap();
            self.act(to, |session, now, out| session.receive(now, &packet, out));
        }
    }

    fn feed(&mut self) {
        for index in 0..self.traffic.len() {
            while self.traffic[index].left > 0 {
                let traffic = &self.traffic[index];
                if traffic.every.is_some() && traffic.next > self.now {
                    break;
                }
                let (from, payload) = (traffic.from, payload(traffic.sent));
                let mut outcome = DataOutcome::Full;
                self.act(from, |session, now, out| {
                    outcome = session.send(now, &payload, out)
                });
                if outcome == DataOutcome::Full {
                    break;
                }
                let traffic = &mut self.traffic[index];
                traffic.left -= 1;
                traffic.sent += 1;
                traffic.next += traffic.every.unwrap_or(Duration::ZERO);
            }
        }
    }

    /// How many payloads wait to be offered.
    pub(super) fn unsent(&self) -> u32 {
        self.traffic.iter().map(|traffic| traffic.left).sum()
    }

    fn act(&mut self, end: End, work: impl FnOnce(&mut Session, Instant, &mut Recorder)) {
        let mut out = Recorder::default();
        work(&mut self.ends[end], self.now, &mut out);
        for put in out.0 {
            match put {
                Put::Packet(octets, mark) => self.departure(end, octets, mark),
                Put::Delivered(number, payload) => self.delivered[end].push((number, payload)),
                Put::WindowFull(window) => {
                    let line = self.lines.last_mut().expect("a full window has packets");
                    line.marks.push(format!("window full: {window}"));
                }
                Put::Violation(_) => self.violations += 1,
                Put::Dropped(..) | Put::TimedOut(_) => {}
            }
        }
    }

    fn departure(&mut self, from: End, octets: Vec<u8>, mark: String) {
        let packet = GrePacket::decode(&octets).unwrap();
        self.lines.push(Line {
            at: self.now,
            from,
            sequence_number: packet.header.sequence_number,
            acknowledgment_number: packet.header.acknowledgment_number,
            marks: if mark.is_empty() {
                Vec::new()
            } else {
                vec![mark]
            },
        });
        for delay in (self.path)(self.now, from, &packet) {
            self.offered += 1;
            self.in_flight
                .insert((self.now + delay, self.offered), (1 - from, octets.clone()));
        }
    }

    /// The lines of one direction and kind.
    pub(super) fn of(&self, from: End, data: bool) -> Vec<&Line> {
        let of = |line: &&Line| line.from == from && line.sequence_number.is_some() == data;
        self.lines.iter().filter(of).collect()
    }
}

/// The payload that is sent as the `count`th.
pub(super) fn payload(count: u32) -> Vec<u8> {
    [&[0xFF, 0x03, 0x00, 0x21][..], &count.to_be_bytes()].concat()
}

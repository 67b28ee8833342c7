//! The path that every packet takes: data and acknowledgments of one call and of a thousand, each packet seen twice.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use pptp_rules::{Connection, End, Event, Finding, Judge, JudgeConfig, Observation, Origin, Place};
use pptp_wire::time::Instant;
use pptp_wire::*;
use std::hint::black_box;

const ROUNDS: u32 = 10_000;
const WINDOW: u32 = 4;

/// A feeder of one judge.
struct Feed {
    judge: Judge,
    findings: Vec<Finding>,
    number: u64,
    at: Instant,
}

impl Feed {
    fn see(&mut self, place: Place, from: End, to: End, event: Event<'_>) {
        self.number += 1;
        self.at.0 += 1_000;
        let observation = Observation {
            number: self.number,
            at: self.at,
            place,
            from,
            to,
            origin: Origin::Own,
            event,
        };
        self.judge.observe(&observation, &mut self.findings);
    }

    fn both(&mut self, from: End, to: End, event: Event<'_>) {
        self.see(Place::Sent, from, to, event);
        self.see(Place::Arrived, from, to, event);
    }

    fn say(&mut self, connection: Connection, from: End, to: End, message: ControlMessage) {
        let mut buffer = [0; MAXIMUM_LENGTH];
        let octets = message.encode(&mut buffer);
        self.both(
            from,
            to,
            Event::Control {
                connection,
                octets,
                framing: None,
            },
        );
    }

    /// Pairs of ends, each with one established call.
    fn with_calls(pairs: u16) -> Self {
        let mut feed = Self {
            judge: Judge::new(JudgeConfig::default()),
            findings: Vec::new(),
            number: 0,
            at: Instant::START,
        };
        for pair in 0..pairs {
            let (pns, pac) = ends(pair);
            let connection = Connection(pair.into());
            feed.both(pns, pac, Event::ConnectionOpening(connection));
            feed.both(pns, pac, Event::ConnectionOpened(connection));
            feed.say(
                connection,
                pns,
                pac,
                StartControlConnectionRequest::default().into(),
            );
            let reply = StartControlConnectionReply {
                maximum_channels: 64,
                ..Default::default()
            };
            feed.say(connection, pac, pns, reply.into());
            feed.say(connection, pns, pac, OutgoingCallRequest::default().into());
            feed.say(connection, pac, pns, OutgoingCallReply::default().into());
        }
        assert!(feed.findings.is_empty(), "{:?}", feed.findings);
        feed
    }

    /// Windows of data one way, each acknowledged by one packet the other way.
    fn traffic(&mut self, pairs: u16) {
        let mut data = [0; 116];
        data[16..20].copy_from_slice(&[0xFF, 0x03, 0x00, 0x21]);
        let mut buffer = [0; GRE_MAXIMUM_HEADER_LENGTH];
        let rounds = ROUNDS / u32::from(pairs);
        for round in 0..rounds {
            for pair in 0..pairs {
                let (pns, pac) = ends(pair);
                for packet in 0..WINDOW {
                    let number = round * WINDOW + packet;
                    let header = GreHeader::data(CallId(1), number, Some(0), 100);
                    let header = GreHeader {
                        acknowledgment_number: None,
                        ..header
                    };
                    header.encode(&mut buffer);
                    data[4..16].copy_from_slice(&buffer[..12]);
                    self.both(pns, pac, gre(&data[4..]));
                }
                let last = round * WINDOW + WINDOW - 1;
                let length = GreHeader::acknowledgment_only(CallId(1), last).encode(&mut buffer);
                self.both(pac, pns, gre(&buffer[..length]));
            }
        }
    }
}

fn ends(pair: u16) -> (End, End) {
    (End(pair * 2), End(pair * 2 + 1))
}

fn gre(octets: &[u8]) -> Event<'_> {
    Event::Gre {
        octets,
        ip_identification: None,
    }
}

fn packets(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("observation of a packet");
    let observations = u64::from(ROUNDS) * u64::from(WINDOW + 1) * 2;
    group.throughput(Throughput::Elements(observations));
    for pairs in [1, 1_000] {
        group.bench_function(format!("{pairs} calls"), |bencher| {
            bencher.iter_batched(
                || Feed::with_calls(pairs),
                |mut feed| {
                    feed.traffic(pairs);
                    assert!(feed.findings.is_empty(), "{:?}", feed.findings);
                    let sent = feed.judge.preconditions(Requirement::Seq002, End(0));
                    assert_eq!(sent, u64::from(ROUNDS * WINDOW / u32::from(pairs)));
                    black_box(feed.number)
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, packets);
criterion_main!(benches);

//! What a packet and a call cost an endpoint, with ten thousand calls on its one connection.
#![allow(missing_docs)]

use std::net::Ipv4Addr;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use pptp_proto::{
    CallRef, Command, Config, ConnectionId, DataOutcome, Endpoint, Event, Input, Outcome, Output,
    PlaceCall, Role,
};
use pptp_wire::GreHeader;
use pptp_wire::time::{Duration, Instant};

const ADDRESSES: [Ipv4Addr; 2] = [Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2)];
const IDS: [ConnectionId; 2] = [ConnectionId(1), ConnectionId(2)];
const CALLS: usize = 10_000;
const PACKETS: u32 = 100_000;
const PAYLOAD: [u8; 100] = [0x21; 100];

/// Two ends without a network between them.
struct Pair {
    ends: [Endpoint; 2],
    now: Instant,
}

impl Pair {
    fn new() -> Pair {
        let roles = [Role::Pns, Role::Pac];
        let end = |side: usize| {
            let mut config = Config::new(roles[side], ADDRESSES[side]);
            config.profile.packet_recv_window_size = 4096;
            Endpoint::new(config)
        };
        let mut pair = Pair {
            ends: [end(0), end(1)],
            now: Instant::START,
        };
        pair.ends[0]
            .command(pair.now, &Command::OpenControl { to: ADDRESSES[1] })
            .expect("nothing stands yet");
        pair.exchange();
        pair
    }

    /// Hands every message over until nothing is said any more.
    fn exchange(&mut self) {
        let mut said = true;
        while core::mem::take(&mut said) {
            for side in [0, 1] {
                let mut sent = Vec::new();
                let mut opens = false;
                loop {
                    match self.ends[side].poll() {
                        Output::Send { octets, .. } => sent.extend_from_slice(octets),
                        Output::Connect { .. } => opens = true,
                        Output::Deadline(_) => break,
                        _ => {}
                    }
                }
                said |= opens || !sent.is_empty();
                for end in [0, 1].into_iter().filter(|_| opens) {
                    self.ends[end].handle(
                        self.now,
                        Input::Opened {
                            connection: IDS[end],
                            peer: ADDRESSES[1 - end],
                        },
                    );
                }
                if !sent.is_empty() {
                    self.ends[1 - side].handle(
                        self.now,
                        Input::Octets {
                            connection: IDS[1 - side],
                            octets: &sent,
                        },
                    );
                }
            }
        }
    }

    fn place_call(&mut self) -> CallRef {
        let place = Command::PlaceCall {
            connection: None,
            options: PlaceCall::default(),
        };
        let Ok(Outcome::Call(call)) = self.ends[0].command(self.now, &place) else {
            panic!("a call")
        };
        self.exchange();
        call
    }
}

/// A pair with its calls up, and one of them.
fn busy_pair() -> (Pair, CallRef) {
    let mut pair = Pair::new();
    let calls: Vec<CallRef> = (0..CALLS).map(|_| pair.place_call()).collect();
    assert_eq!(
        pair.ends[1]
            .calls()
            .filter(|call| call.state == "established")
            .count(),
        CALLS
    );
    (pair, calls[CALLS / 2])
}

/// Packets from one end to the other, acknowledged four at a time; answers how many were delivered.
fn carry(pair: &mut Pair, call: CallRef) -> u32 {
    let mut delivered = 0;
    let mut octets = Vec::with_capacity(128);
    let first = pair.ends[0]
        .session(call)
        .expect("established")
        .next_sequence_number;
    for number in first..first + PACKETS {
        pair.now += Duration::from_micros(10);
        assert_eq!(
            pair.ends[0].send_data(pair.now, call, &PAYLOAD),
            Ok(DataOutcome::Accepted)
        );
        octets.clear();
        while let output @ (Output::Datagram { .. } | Output::Event(_)) = pair.ends[0].poll() {
            if let Output::Datagram { octets: sent, .. } = output {
                octets.extend_from_slice(sent);
            }
        }
        pair.ends[1].handle(
            pair.now,
            Input::Datagram {
                from: ADDRESSES[0],
                octets: &octets,
            },
        );
        while let output @ (Output::Datagram { .. } | Output::Event(_)) = pair.ends[1].poll() {
            delivered += u32::from(matches!(output, Output::Event(Event::Data { .. })));
        }
        if number % 4 == 3 {
            let mut header = [0; 16];
            let length = GreHeader::acknowledgment_only(call.call_id, number).encode(&mut header);
            pair.ends[0].handle(
                pair.now,
                Input::Datagram {
                    from: ADDRESSES[1],
                    octets: &header[..length],
                },
            );
            while !matches!(pair.ends[0].poll(), Output::Deadline(_)) {}
        }
    }
    delivered
}

fn packets(criterion: &mut Criterion) {
    let (mut pair, call) = busy_pair();
    let mut group = criterion.benchmark_group("endpoint");
    group
        .throughput(Throughput::Elements(PACKETS.into()))
        .sample_size(10);
    group.bench_function("packet from end to end among ten thousand calls", |bench| {
        bench.iter(|| assert_eq!(carry(&mut pair, call), PACKETS));
    });
    group.finish();
}

fn calls(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("endpoint");
    group
        .throughput(Throughput::Elements(CALLS as u64))
        .sample_size(10);
    group.bench_function("call set up and cleared on one connection", |bench| {
        bench.iter_batched(
            Pair::new,
            |mut pair| {
                let calls: Vec<CallRef> = (0..CALLS).map(|_| pair.place_call()).collect();
                for call in calls {
                    pair.ends[0]
                        .command(pair.now, &Command::ClearCall { call })
                        .expect("established");
                    pair.exchange();
                }
                assert_eq!(
                    pair.ends[0].calls().count() + pair.ends[1].calls().count(),
                    0
                );
            },
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(benches, packets, calls);
criterion_main!(benches);

//! What a packet costs a session: sent through a window of 4096, received in order, received through a reorder buffer.
#![allow(missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pptp_proto::session::{DataOutcome, DropReason, Session, SessionConfig, Sink};
use pptp_proto::{Cause, Deviations, Profile};
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{CallId, GRE_MAXIMUM_HEADER_LENGTH, GreHeader, GrePacket, Requirement};

const PACKETS: u32 = 1_000_000;
const WINDOW: u32 = 4096;
const PAYLOAD: [u8; 100] = [0x21; 100];

/// Encodes what is sent into one buffer that is used again, and counts.
#[derive(Default)]
struct Wire {
    octets: Vec<u8>,
    sent: u32,
    delivered: u32,
    dropped: u32,
}

impl Sink for Wire {
    fn packet(&mut self, header: &GreHeader, payload: &[u8], _: Cause) {
        let mut octets = [0; GRE_MAXIMUM_HEADER_LENGTH];
        let length = header.encode(&mut octets);
        self.octets.clear();
        self.octets.extend_from_slice(&octets[..length]);
        self.octets.extend_from_slice(payload);
        self.sent += 1;
    }
    fn deliver(&mut self, _: u32, payload: &[u8]) {
        self.delivered += u32::from(payload.len() == PAYLOAD.len());
    }
    fn dropped(&mut self, _: DropReason, _: Option<u32>) {
        self.dropped += 1;
    }
    fn violation(&mut self, requirement: Requirement) {
        panic!("{requirement}");
    }
    fn window_full(&mut self, _: u32) {}
    fn timed_out(&mut self, of: u32) {
        panic!("time-out of {of}");
    }
}

fn session(profile: &Profile) -> Session {
    let config = SessionConfig {
        own_call_id: CallId(1),
        peer_call_id: CallId(1),
        peer_window: WINDOW as u16,
        peer_packet_processing_delay: 0,
        own_window: WINDOW as u16,
        transmit_buffer_packets: 64,
        receive_buffer_packets: 64,
    };
    Session::new(config, profile, Deviations::NONE)
}

/// Sends in bursts of a quarter of the window, each acknowledged 10 ms later.
fn send(profile: &Profile) -> u32 {
    let mut session = session(profile);
    let mut wire = Wire::default();
    let mut now = Instant::START;
    while wire.sent < PACKETS {
        for _ in 0..WINDOW / 4 {
            assert_eq!(
                session.send(now, &PAYLOAD, &mut wire),
                DataOutcome::Accepted
            );
            std::hint::black_box(&wire.octets);
        }
        now += Duration::from_millis(10);
        let header = GreHeader::acknowledgment_only(CallId(1), wire.sent - 1);
        session.receive(
            now,
            &GrePacket {
                header,
                payload: &[],
            },
            &mut wire,
        );
    }
    assert_eq!(session.view().unacknowledged, 0);
    assert!(
        session.view().window > WINDOW / 2,
        "every window that is acknowledged opens it"
    );
    wire.sent
}

/// Receives packets a microsecond apart, decoded from octets; acknowledgments go after 100 ms. Of each pair the two are swapped
/// where the profile can hold packets.
fn receive(profile: &Profile) -> u32 {
    let mut session = session(profile);
    let mut wire = Wire::default();
    let mut octets = [0; GRE_MAXIMUM_HEADER_LENGTH + PAYLOAD.len()];
    let swap = u32::from(profile.reorder_buffer > 0);
    for number in 0..PACKETS {
        let mut header = [0; GRE_MAXIMUM_HEADER_LENGTH];
        let length = GreHeader::data(CallId(1), number ^ swap, None, PAYLOAD.len() as u16)
            .encode(&mut header);
        octets[..length].copy_from_slice(&header[..length]);
        let packet = GrePacket::decode(&octets[..length + PAYLOAD.len()]).expect("a packet");
        let now = Instant::START + Duration::from_micros(u64::from(number));
        if session
            .deadline()
            .is_some_and(|deadline| deadline.at <= now)
        {
            session.on_deadline(now, &mut wire);
        }
        session.receive(now, &packet, &mut wire);
    }
    assert!(wire.sent >= 9, "one acknowledgment in 100 ms");
    assert!(wire.dropped <= swap);
    wire.delivered + wire.dropped
}

fn sessions(criterion: &mut Criterion) {
    let holding = Profile {
        reorder_buffer: 16,
        ..Profile::RFC
    };
    let mut group = criterion.benchmark_group("session");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(u64::from(PACKETS)));
    group.bench_function("send", |bencher| {
        bencher.iter(|| assert_eq!(send(&Profile::RFC) / PACKETS, 1))
    });
    group.bench_function("receive", |bencher| {
        bencher.iter(|| assert_eq!(receive(&Profile::RFC), PACKETS))
    });
    group.bench_function("receive-swapped", |bencher| {
        bencher.iter(|| assert_eq!(receive(&holding), PACKETS))
    });
    group.finish();
}

criterion_group!(benches, sessions);
criterion_main!(benches);

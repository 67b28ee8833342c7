//! Decoding with validation of all fifteen control messages, and of GRE headers, each against a hand-written parser that copies
//! every field into an owned struct and judges nothing. Prints the ratios measured in this run.

mod hand_written;

use criterion::{Criterion, Throughput};
use pptp_wire::{
    CallId, ControlMessage, ControlMessageType, GRE_MAXIMUM_HEADER_LENGTH, GreHeader, GrePacket,
    MAXIMUM_LENGTH, Raw,
};
use std::hint::black_box;
use std::time::Duration;

/// The fifteen messages as on the wire, with their text fields filled as real peers fill them.
fn control_messages() -> Vec<Vec<u8>> {
    let texts = [
        ("host-name", &b"pns.example.net"[..]),
        ("vendor-name", b"pptp-sim"),
        ("phone-number", b"5551234"),
        ("dialed-number", b"5551234"),
        ("dialing-number", b"5559876"),
        (
            "call-statistics",
            b"received 123456 octets, sent 654321 octets",
        ),
    ];
    let lengths = [
        ("phone-number-length", 7),
        ("dialed-number-length", 7),
        ("dialing-number-length", 7),
    ];
    let messages: Vec<Vec<u8>> = ControlMessageType::ALL
        .iter()
        .map(|row| {
            let mut raw = Raw::control(
                ControlMessage::default_for(ControlMessageType(row.0)).expect("defined"),
            );
            for (key, text) in texts {
                raw = raw.clone().patch_text(key, text).unwrap_or(raw);
            }
            for (key, length) in lengths {
                raw = raw.clone().patch(key, length).unwrap_or(raw);
            }
            raw.into_octets()
        })
        .collect();
    assert_eq!(messages.len(), 15);
    assert_eq!(messages.iter().map(Vec::len).sum::<usize>(), 1080);
    messages
}

/// Packets as a tunnel carries them: data with and without acknowledgment, and acknowledgments alone, 100 octets of payload.
fn gre_packets() -> Vec<Vec<u8>> {
    (0..64u32)
        .map(|number| {
            let call_id = CallId(number as u16);
            let (header, payload) = match number % 3 {
                0 => (
                    GreHeader::data(call_id, number, None, 100),
                    &[0x21; 100][..],
                ),
                1 => (
                    GreHeader::data(call_id, number, Some(number), 100),
                    &[0x21; 100][..],
                ),
                _ => (GreHeader::acknowledgment_only(call_id, number), &[][..]),
            };
            Raw::gre(&header, payload).into_octets()
        })
        .collect()
}

/// Decodes and judges every message; how many were without findings.
fn decode_all(messages: &[Vec<u8>]) -> usize {
    let mut clean = 0;
    for octets in messages {
        if let Ok(message) = ControlMessage::decode(black_box(octets)) {
            let findings = message.validate();
            clean += usize::from(findings.is_empty());
            black_box((&message, &findings));
        }
    }
    clean
}

/// Parses every message by hand; how many were messages.
fn parse_all(messages: &[Vec<u8>]) -> usize {
    let mut parsed = 0;
    for octets in messages {
        if let Some(message) = hand_written::parse(black_box(octets)) {
            parsed += 1;
            black_box(&message);
        }
    }
    parsed
}

/// Decodes every packet; the sum of all fields and of the payload octets.
fn decode_all_gre(packets: &[Vec<u8>]) -> usize {
    let mut sum = 0;
    for octets in packets {
        if let Ok(GrePacket { header, payload }) = GrePacket::decode(black_box(octets)) {
            sum += usize::from(header.flags.0)
                + usize::from(header.protocol_type)
                + usize::from(header.payload_length);
            sum += usize::from(header.call_id.0) + payload.len();
            sum += header.sequence_number.map_or(1, |number| number as usize);
            sum += header
                .acknowledgment_number
                .map_or(1, |number| number as usize);
        }
    }
    sum
}

/// Parses every packet by hand; the same sum.
fn parse_all_gre(packets: &[Vec<u8>]) -> usize {
    let mut sum = 0;
    for octets in packets {
        if let Some(header) = hand_written::parse_gre(black_box(octets)) {
            sum += usize::from(header.flags)
                + usize::from(header.protocol_type)
                + usize::from(header.payload_length);
            sum += usize::from(header.call_id) + octets.len() - header.header_length;
            sum += header.sequence_number.map_or(1, |number| number as usize);
            sum += header
                .acknowledgment_number
                .map_or(1, |number| number as usize);
        }
    }
    sum
}

/// The shortest of many times that `work` takes for 1000 rounds, in turns with `other`, so that both meet the same machine.
#[allow(clippy::disallowed_methods)] // a bench measures the machine's own time
fn shortest(
    mut work: impl FnMut() -> usize,
    mut other: impl FnMut() -> usize,
    expected: usize,
) -> [Duration; 2] {
    let mut times = [Duration::MAX; 2];
    for _ in 0..200 {
        let sides: [&mut dyn FnMut() -> usize; 2] = [&mut work, &mut other];
        for (side, time) in sides.into_iter().zip(&mut times) {
            let start = std::time::Instant::now();
            let done: usize = (0..1000).map(|_| side()).sum();
            *time = start.elapsed().min(*time);
            assert_eq!(done, 1000 * expected, "the work was not done");
        }
    }
    times
}

fn print_ratio(what: &str, items: usize, [ours, by_hand]: [Duration; 2]) {
    let each = |time: Duration| time.as_nanos() / items as u128;
    let hundredths = 100 * ours.as_nanos() / by_hand.as_nanos();
    println!(
        "{what}: {} ns for 1000, by hand {} ns, ratio {}.{:02}",
        each(ours),
        each(by_hand),
        hundredths / 100,
        hundredths % 100
    );
}

fn main() {
    let messages = control_messages();
    let packets = gre_packets();
    assert_eq!(
        packets.iter().map(Vec::len).max(),
        Some(GRE_MAXIMUM_HEADER_LENGTH + 100)
    );
    assert!(messages.iter().all(|octets| octets.len() <= MAXIMUM_LENGTH));
    let sum = parse_all_gre(&packets);

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("control messages");
    group.throughput(Throughput::Elements(15));
    group.bench_function("decode and validate", |bencher| {
        bencher.iter(|| assert_eq!(decode_all(&messages), 15))
    });
    group.bench_function("hand-written", |bencher| {
        bencher.iter(|| assert_eq!(parse_all(&messages), 15))
    });
    group.finish();
    let mut group = criterion.benchmark_group("GRE headers");
    group.throughput(Throughput::Elements(64));
    group.bench_function("decode", |bencher| {
        bencher.iter(|| assert_eq!(decode_all_gre(&packets), sum))
    });
    group.bench_function("hand-written", |bencher| {
        bencher.iter(|| assert_eq!(parse_all_gre(&packets), sum))
    });
    group.finish();
    criterion.final_summary();

    print_ratio(
        "control message, decoded and validated",
        15,
        shortest(|| decode_all(&messages), || parse_all(&messages), 15),
    );
    print_ratio(
        "GRE header",
        64,
        shortest(|| decode_all_gre(&packets), || parse_all_gre(&packets), sum),
    );
}

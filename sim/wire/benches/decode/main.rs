//! Decoding with validation of all fifteen control messages, and of GRE headers, each against a hand-written parser that copies
//! every field into an owned struct and judges nothing. The table that `cargo bench -p pptp-harness --bench speed` prints holds the
//! ratios.

mod work;

use criterion::{Criterion, Throughput};
use pptp_wire::{GRE_MAXIMUM_HEADER_LENGTH, MAXIMUM_LENGTH};
use work::{control_messages, decode_all, decode_all_gre, gre_packets, parse_all, parse_all_gre};

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
}

//! What the world costs. `cargo bench -p pptp-harness --bench speed` measures the same work as ratios.

mod baseline;
mod idle;
mod packets;
mod sessions;
mod stage;

use criterion::{BatchSize, Criterion, Throughput};
use idle::Opening;
use packets::Flow;
use pptp_world::World;

fn measurements(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("engine");
    group.sample_size(10);
    group.throughput(Throughput::Elements(100_000));
    group.bench_function("packets", |bencher| {
        bencher.iter(|| packets::run(100_000, Flow::OneWay))
    });
    group.bench_function("packets, half each way", |bencher| {
        bencher.iter(|| packets::run(100_000, Flow::BothWays))
    });
    group.bench_function("packets, bare", |bencher| {
        bencher.iter(|| baseline::packets(100_000))
    });
    group.throughput(Throughput::Elements(200));
    group.bench_function("sessions", |bencher| {
        bencher.iter(|| sessions::run(0..200, World::new, World::add_node, World::add_link))
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("idle hour", |bencher| bencher.iter(idle::hour));
    group.throughput(Throughput::Elements(1_000));
    for (opening, ours, bare) in [
        (
            Opening::AtOnce,
            "1000 pairs, ten minutes",
            "1000 pairs, ten minutes, bare",
        ),
        (
            Opening::Spread,
            "1000 pairs, spread, ten minutes",
            "1000 pairs, spread, ten minutes, bare",
        ),
    ] {
        group.bench_function(ours, |bencher| {
            bencher.iter_batched(
                || idle::pairs(1_000, opening),
                |mut world| idle::ten_minutes(&mut world, 1_000),
                BatchSize::PerIteration,
            );
        });
        group.bench_function(bare, |bencher| {
            bencher.iter(|| baseline::echoes(1_000, 10, opening.apart(1_000).0))
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    packets::run(1_000_000, Flow::OneWay).assert_million();
    baseline::packets(100_000).assert_packets(100_000);
    let (new, add_node, add_link) = (World::new, World::add_node, World::add_link);
    sessions::run(0..200, new, add_node, add_link).assert_sessions(200);
    measurements(&mut criterion);
    criterion.final_summary();
}

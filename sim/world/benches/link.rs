//! What a GRE path costs a datagram: alone, and in a loop over an event heap, against the same loop with bare draws.
//!
//! Datagrams of 100 octets, one each 10 µs, 20 ms on their way, so that 2000 are in flight; loss, jitter, reordering and
//! delay are on. The bare loop draws three times from ChaCha8 and decides the same.

use criterion::{Criterion, Throughput, criterion_group};
use pptp_wire::time::{Duration, Instant};
use pptp_world::link::{Chance, Fate, GreImpairments, GrePath, Jitter, PacketView, Reorder};
use pptp_world::luck::{Direction, PathName, Plane, Probability, Seeded};
use pptp_world::tape::TapeDeck;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;
use std::sync::Arc;

const PACKETS: u64 = 100_000;
const EVERY: u64 = 10_000;
const DELAY: u64 = 20_000_000;
const JITTER: u64 = 2_000_000;

fn impairments() -> GreImpairments {
    GreImpairments {
        delay: Duration(DELAY),
        jitter: Some(Jitter::uniform(Duration(JITTER))),
        loss: Some(Chance::of(Probability::percent(5))),
        reorder: Some(Reorder {
            chance: Chance::of(Probability::percent(10)),
            gap: 1,
        }),
        ..GreImpairments::default()
    }
}

fn path(impairments: GreImpairments) -> (GrePath, TapeDeck) {
    let mut deck = TapeDeck::record(2637);
    let name = PathName::new("pns-pac", Direction::Forward, Plane::Gre);
    let mut path = GrePath::open(name, Arc::new(Seeded(2637)), &mut deck)
        .expect("a new deck takes every name");
    path.impair(impairments)
        .expect("the impairments can be carried out");
    (path, deck)
}

/// Events in flight: the time and the number of a datagram.
type Heap = BinaryHeap<Reverse<(u64, u64)>>;

/// Runs the loop with `decide`, which gives the time of arrival of a datagram. How many arrived, how many were in flight at
/// most.
fn run(mut decide: impl FnMut(u64) -> Option<u64>) -> (u64, usize) {
    let mut heap = Heap::new();
    let (mut delivered, mut most) = (0, 0);
    for number in 0..PACKETS {
        let now = number * EVERY;
        while heap.peek().is_some_and(|Reverse((at, _))| *at <= now) {
            black_box(heap.pop());
            delivered += 1;
        }
        if let Some(at) = decide(now) {
            heap.push(Reverse((at, number)));
            most = most.max(heap.len());
        }
    }
    (delivered + heap.len() as u64, most)
}

fn bare() -> (u64, usize) {
    let draws = |number| ChaCha8Rng::from_seed([number; 32]);
    let (mut loss, mut jitter, mut reorder) = (draws(1), draws(2), draws(3));
    let below = |bits: u64, percent: u64| (bits >> 32) < (percent << 32) / 100;
    run(|now| {
        let (lost, late, ahead) = (loss.next_u64(), jitter.next_u64(), reorder.next_u64());
        let late = ((u128::from(late >> 32) * u128::from(2 * JITTER + 1)) >> 32) as u64;
        let travel = if below(ahead, 10) {
            0
        } else {
            DELAY - JITTER + late
        };
        (!below(lost, 5)).then_some(now + travel)
    })
}

fn modelled() -> (u64, usize) {
    let (mut path, mut deck) = path(impairments());
    run(|now| offer(&mut path, &mut deck, now))
}

fn offer(path: &mut GrePath, deck: &mut TapeDeck, now: u64) -> Option<u64> {
    let packet = PacketView {
        length: 100,
        ..PacketView::default()
    };
    let fates = path
        .offer(Instant(now), black_box(&packet), deck)
        .expect("recording always fits");
    match fates.first {
        Fate::Delivered(delivery) => Some(delivery.at.0),
        Fate::Lost(_) => None,
    }
}

/// Offers alone: nothing is kept.
fn offers(impairments: GreImpairments) -> u64 {
    let (mut path, mut deck) = path(impairments);
    let arrivals = (0..PACKETS).filter_map(|number| offer(&mut path, &mut deck, number * EVERY));
    arrivals.map(black_box).count() as u64
}

/// Losses as they should be, and as many in flight as the delay makes.
fn assert_work((delivered, most): (u64, usize)) {
    assert!(
        (94_500..95_500).contains(&delivered),
        "{delivered} delivered"
    );
    assert!((1_600..2_000).contains(&most), "{most} in flight");
}

fn link(criterion: &mut Criterion) {
    assert_work(bare());
    assert_work(modelled());
    assert!((94_500..95_500).contains(&offers(impairments())));
    assert_eq!(offers(GreImpairments::default()), PACKETS);
    let mut group = criterion.benchmark_group("link");
    group
        .throughput(Throughput::Elements(PACKETS))
        .sample_size(20);
    group.bench_function("heap with three bare draws", |bencher| bencher.iter(bare));
    group.bench_function("heap with a path", |bencher| bencher.iter(modelled));
    group.bench_function("path alone", |bencher| {
        bencher.iter(|| offers(impairments()))
    });
    group.bench_function("quiet path alone", |bencher| {
        bencher.iter(|| offers(GreImpairments::default()))
    });
    group.finish();
}

criterion_group!(benches, link);

fn main() {
    benches();
    Criterion::default().configure_from_args().final_summary();
}

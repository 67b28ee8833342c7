//! A path with its deck, and counting.

use pptp_wire::time::{Duration, Instant};
use pptp_world::link::{Fates, GreImpairments, GrePath, PacketView};
use pptp_world::luck::{Direction, LuckSource, PathName, Plane, Probability, Seeded};
use pptp_world::tape::TapeDeck;
use std::sync::Arc;

pub const MILLISECOND: Duration = Duration::from_millis(1);

pub fn percent(percent: u32) -> Probability {
    Probability::percent(percent)
}

pub fn parts_per_billion(parts: u64) -> Probability {
    Probability::from_parts_per_billion(parts).unwrap()
}

pub fn gre_name(link: &str) -> PathName {
    PathName::new(link, Direction::Forward, Plane::Gre)
}

/// One GRE path that records.
pub struct Bench {
    pub path: GrePath,
    pub deck: TapeDeck,
}

impl Bench {
    pub fn new(impairments: GreImpairments) -> Bench {
        Bench::named("pns-pac", 2637, impairments)
    }

    pub fn named(link: &str, seed: u64, impairments: GreImpairments) -> Bench {
        let mut deck = TapeDeck::record(seed);
        let source: Arc<dyn LuckSource> = Arc::new(Seeded(seed));
        let mut path = GrePath::open(gre_name(link), source, &mut deck).unwrap();
        path.impair(impairments).unwrap();
        Bench { path, deck }
    }

    /// Offers a datagram of so many octets.
    pub fn offer(&mut self, now: Instant, length: usize) -> Fates {
        self.offer_view(
            now,
            &PacketView {
                length,
                ..PacketView::default()
            },
        )
    }

    pub fn offer_view(&mut self, now: Instant, packet: &PacketView<'_>) -> Fates {
        self.path.offer(now, packet, &mut self.deck).unwrap()
    }

    /// Offers so many datagrams of 100 octets, a microsecond apart.
    pub fn offer_many(&mut self, packets: u64) -> Vec<Fates> {
        (0..packets)
            .map(|n| self.offer(Instant(n * 1_000), 100))
            .collect()
    }
}

/// Whether each of so many datagrams is lost.
pub fn losses(impairments: GreImpairments, packets: u64) -> Vec<bool> {
    let fates = Bench::new(impairments).offer_many(packets);
    fates
        .iter()
        .map(|fates| fates.lost_by().is_some())
        .collect()
}

pub fn count(events: &[bool]) -> u64 {
    events.iter().filter(|event| **event).count() as u64
}

/// Runs of events: how many, and how long on average in thousandths.
pub fn runs(events: &[bool]) -> (u64, u64) {
    let starts = events.windows(2).filter(|pair| !pair[0] && pair[1]).count() as u64;
    let runs = starts + u64::from(events[0]);
    (runs, count(events) * 1_000 / runs)
}

/// Asserts that `count` of `total` is `expected` parts per billion, up to five standard deviations of independent events,
/// the variance multiplied by `inflation` where events hang together.
pub fn assert_share(count: u64, total: u64, expected: u64, inflation: u64) {
    let (total, expected) = (u128::from(total), u128::from(expected));
    let variance = total * expected * (1_000_000_000 - expected) * u128::from(inflation);
    let tolerance = 5 * (variance / 1_000_000_000_000_000_000).isqrt() + 1;
    let mean = total * expected / 1_000_000_000;
    let difference = u128::from(count).abs_diff(mean);
    assert!(
        difference <= tolerance,
        "{count} of {total}, expected {mean} up to {tolerance}"
    );
}

/// A path with a delay of a millisecond and nothing else.
pub fn quiet() -> Bench {
    Bench::new(GreImpairments {
        delay: MILLISECOND,
        ..GreImpairments::default()
    })
}

/// When the copies arrive.
pub fn arrivals(fates: &Fates) -> Vec<u64> {
    fates
        .deliveries()
        .map(|(_, delivery)| delivery.at.0)
        .collect()
}

//! Each model against its formula: exact counts of seed 2637, which pin the model, and the expected value, which proves it.

use crate::support::*;
use pptp_wire::time::Instant;
use pptp_world::link::{
    Chance, Delivery, Distribution, Fate, FourStateMarkov, GilbertElliott, GreImpairments, Jitter,
    Reorder,
};

const PACKETS: u64 = 200_000;
const ONE: u64 = 1_000_000_000;

fn chance(probability: u32, correlation: u32) -> Chance {
    Chance {
        probability: percent(probability),
        correlation: percent(correlation),
    }
}

#[test]
fn random_loss_loses_its_share() {
    let loss = Some(Chance::of(percent(5)));
    let lost = losses(
        GreImpairments {
            loss,
            ..GreImpairments::default()
        },
        PACKETS,
    );
    assert_share(count(&lost), PACKETS, ONE / 20, 1);
    assert_eq!(count(&lost), 10_031);
    // Without correlation a run of losses has the mean length 1 / (1 - p).
    let (runs, length) = runs(&lost);
    assert!(length.abs_diff(1_053) < 12, "{runs} runs of {length}");
}

#[test]
fn nothing_and_everything_are_exact() {
    let with = |percent| Some(Chance::of(crate::support::percent(percent)));
    let never = losses(
        GreImpairments {
            loss: with(0),
            ..GreImpairments::default()
        },
        10_000,
    );
    let always = losses(
        GreImpairments {
            loss: with(100),
            ..GreImpairments::default()
        },
        10_000,
    );
    assert_eq!((count(&never), count(&always)), (0, 10_000));
}

#[test]
fn correlated_loss_keeps_its_share_and_hangs_together() {
    let loss = Some(chance(10, 60));
    let lost = losses(
        GreImpairments {
            loss,
            ..GreImpairments::default()
        },
        PACKETS,
    );
    assert_share(count(&lost), PACKETS, ONE / 10, 4);
    assert_eq!(count(&lost), 20_317);
    // Behind a loss: c + (1 - c) p = 64%; two behind: c² + (1 - c²) p = 42.4%.
    let behind = |distance: usize| {
        let pairs = lost.windows(distance + 1).filter(|window| window[0]);
        pairs.filter(|window| window[distance]).count() as u64
    };
    assert_share(behind(1), count(&lost), 640_000_000, 4);
    assert_share(behind(2), count(&lost), 424_000_000, 4);
    // Runs: 1 / ((1 - p) (1 - c)) = 2.778; there are about 7200 of them with a deviation of 2.2.
    let (_, length) = runs(&lost);
    assert!(length.abs_diff(2_778) < 140, "{length}");
}

#[test]
fn gilbert_elliott_has_its_stationary_loss() {
    let model = GilbertElliott {
        good_to_bad: percent(1),
        bad_to_good: percent(10),
        loss_in_bad: percent(70),
        loss_in_good: parts_per_billion(1_000_000),
    };
    let lost = losses(
        GreImpairments {
            loss_gilbert_elliott: Some(model),
            ..GreImpairments::default()
        },
        PACKETS,
    );
    // (p (1-h) + r (1-k)) / (p + r) = (0.01 · 0.7 + 0.1 · 0.001) / 0.11; the states hang together by 1 - p - r = 0.89.
    assert_share(count(&lost), PACKETS, 64_545_455, 18);
    assert_eq!(count(&lost), 12_416);
}

#[test]
fn gilbert_elliott_has_its_burst_and_gap_lengths() {
    let model = GilbertElliott::new(percent(1), Some(percent(10)), None, None);
    let lost = losses(
        GreImpairments {
            loss_gilbert_elliott: Some(model),
            ..GreImpairments::default()
        },
        400_000,
    );
    // Bursts last 1 / r = 10 packets, gaps 1 / p = 100; of about 3640 each, with deviations 9.5 and 99.5.
    let (bursts, length) = runs(&lost);
    assert!(length.abs_diff(10_000) < 800, "{bursts} bursts of {length}");
    let received: Vec<bool> = lost.iter().map(|lost| !lost).collect();
    let (gaps, length) = runs(&received);
    assert!(length.abs_diff(100_000) < 8_300, "{gaps} gaps of {length}");
}

#[test]
fn the_four_state_chain_has_its_stationary_shares() {
    let chain = FourStateMarkov {
        p13: percent(2),
        p31: percent(30),
        p32: percent(20),
        p23: percent(40),
        p14: percent(1),
    };
    let lost = losses(
        GreImpairments {
            loss_markov: Some(chain),
            ..GreImpairments::default()
        },
        PACKETS,
    );
    // With the share of state 1 as unit: state 3 is p13 / p31 = 1/15, state 2 is p32 / p23 of that = 1/30, state 4 is p14 =
    // 1/100; together 1.11. Lost: (1/15 + 1/100) / 1.11.
    assert_share(count(&lost), PACKETS, 69_069_069, 8);
    assert_eq!(count(&lost), 13_697);
    // Two losses in a row are state 3 twice: (1/15 · (1 - p31 - p32)) / 1.11.
    let in_a_row = lost
        .windows(2)
        .filter(|window| window[0] && window[1])
        .count() as u64;
    assert_share(in_a_row, PACKETS, 30_030_030, 8);
    // Lost, received, lost: 3-2-3, 3-1-(3|4) or 4-1-(3|4).
    let around = lost
        .windows(3)
        .filter(|window| window[0] && !window[1] && window[2])
        .count() as u64;
    assert_share(around, PACKETS, 5_615_616, 8);
}

#[test]
fn losses_alone_are_never_two_in_a_row() {
    let chain = FourStateMarkov {
        p13: percent(0),
        p14: percent(20),
        ..FourStateMarkov::new(percent(0), None, None, None, None)
    };
    let lost = losses(
        GreImpairments {
            loss_markov: Some(chain),
            ..GreImpairments::default()
        },
        PACKETS,
    );
    // p14 / (1 + p14).
    assert_share(count(&lost), PACKETS, 166_666_667, 1);
    assert!(!lost.windows(2).any(|pair| pair[0] && pair[1]));
}

#[test]
fn duplicates_have_their_share_and_luck_of_their_own() {
    let impairments = GreImpairments {
        delay: MILLISECOND,
        jitter: Some(Jitter::uniform(MILLISECOND)),
        duplicate: Some(Chance::of(percent(10))),
        corrupt: Some(Chance::of(percent(30))),
        ..GreImpairments::default()
    };
    let fates = Bench::new(impairments).offer_many(PACKETS);
    let pairs: Vec<[Delivery; 2]> = fates
        .iter()
        .filter_map(|fates| match (fates.first, fates.copy) {
            (Fate::Delivered(first), Some(Fate::Delivered(copy))) => Some([first, copy]),
            _ => None,
        })
        .collect();
    assert_share(pairs.len() as u64, PACKETS, ONE / 10, 1);
    assert_eq!(pairs.len(), 20_181);
    let both = pairs
        .iter()
        .filter(|pair| pair.iter().all(|copy| !copy.flips.is_empty()))
        .count() as u64;
    assert_share(both, pairs.len() as u64, 90_000_000, 1);
    let copy_first = pairs.iter().filter(|pair| pair[1].at < pair[0].at).count() as u64;
    assert_share(copy_first, pairs.len() as u64, ONE / 2, 1);
}

#[test]
fn corruption_turns_over_one_bit_anywhere() {
    let corrupt = Some(Chance::of(percent(40)));
    let fates = Bench::new(GreImpairments {
        corrupt,
        ..GreImpairments::default()
    })
    .offer_many(PACKETS);
    let mut of_octet = [0u64; 100];
    for (_, delivery) in fates.iter().flat_map(|fates| fates.deliveries()) {
        let mut octets = [0u8; 100];
        delivery.flips.apply(&mut octets);
        let turned: u32 = octets.iter().map(|octet| octet.count_ones()).sum();
        assert_eq!(turned, u32::from(!delivery.flips.is_empty()));
        if let Some(at) = octets.iter().position(|octet| *octet != 0) {
            of_octet[at] += 1;
        }
    }
    let total = of_octet.iter().sum();
    assert_share(total, PACKETS, ONE * 2 / 5, 1);
    assert_eq!(total, 79_922);
    of_octet
        .iter()
        .for_each(|count| assert_share(*count, total, ONE / 100, 1));
}

#[test]
fn an_empty_datagram_cannot_be_corrupted() {
    let corrupt = Some(Chance::of(percent(100)));
    let mut bench = Bench::new(GreImpairments {
        corrupt,
        ..GreImpairments::default()
    });
    let delivered = bench.offer(Instant::START, 0).deliveries().next().unwrap();
    assert!(delivered.1.flips.is_empty());
}

fn reordered(reorder: Reorder, packets: u64) -> Vec<bool> {
    let impairments = GreImpairments {
        delay: MILLISECOND,
        reorder: Some(reorder),
        ..GreImpairments::default()
    };
    let fates = Bench::new(impairments).offer_many(packets);
    let picked = |(n, fates): (usize, &pptp_world::link::Fates)| {
        let (_, delivery) = fates.deliveries().next().unwrap();
        let sent = Instant(n as u64 * 1_000);
        let delay = if delivery.reordered {
            pptp_wire::time::Duration::ZERO
        } else {
            MILLISECOND
        };
        assert_eq!(delivery.at, sent + delay);
        delivery.reordered
    };
    fates.iter().enumerate().map(picked).collect()
}

#[test]
fn reordering_has_its_share_and_goes_at_once() {
    let picked = reordered(
        Reorder {
            chance: Chance::of(percent(25)),
            gap: 1,
        },
        PACKETS,
    );
    assert_share(count(&picked), PACKETS, ONE / 4, 1);
    assert_eq!(count(&picked), 49_704);
}

#[test]
fn a_gap_keeps_picks_apart() {
    let every_fifth = reordered(
        Reorder {
            chance: Chance::of(percent(100)),
            gap: 5,
        },
        20,
    );
    let picks: Vec<usize> = (1..=20).filter(|n| every_fifth[n - 1]).collect();
    assert_eq!(picks, [5, 10, 15, 20]);
    // Four that are no candidates, then two on average: one of six.
    let some = reordered(
        Reorder {
            chance: Chance::of(percent(50)),
            gap: 5,
        },
        PACKETS,
    );
    assert_share(count(&some), PACKETS, 166_666_667, 1);
    let picks: Vec<usize> = (0..some.len()).filter(|n| some[*n]).collect();
    assert!(picks.windows(2).all(|pair| pair[1] - pair[0] >= 5));
}

fn deviations(jitter: Jitter) -> Vec<i64> {
    let delay = pptp_wire::time::Duration::from_secs(1);
    let impairments = GreImpairments {
        delay,
        jitter: Some(jitter),
        ..GreImpairments::default()
    };
    let mut bench = Bench::new(impairments);
    let mut deviation = || {
        let (_, delivery) = bench
            .offer(Instant::START, 100)
            .deliveries()
            .next()
            .unwrap();
        delivery.at.0 as i64 - delay.0 as i64
    };
    (0..PACKETS).map(|_| deviation()).collect()
}

#[test]
fn jitter_has_mean_zero_and_its_deviation() {
    // Tolerances: five times the standard error of the mean, 2.24 µs; and of the variance, which the long tail of the Pareto
    // distributions makes large.
    let cases = [
        (
            Distribution::Uniform,
            333_333_333_333,
            8_000_000_000,
            -58_671_963i64,
        ),
        (
            Distribution::Normal,
            1_000_000_000_000,
            16_000_000_000,
            -68_212_341,
        ),
        (
            Distribution::Pareto,
            1_000_000_000_000,
            110_000_000_000,
            -73_683_302,
        ),
        (
            Distribution::ParetoNormal,
            1_000_000_000_000,
            80_000_000_000,
            -75_719_373,
        ),
    ];
    for (distribution, variance, tolerance, pinned) in cases {
        let all = deviations(Jitter {
            distribution,
            ..Jitter::uniform(MILLISECOND)
        });
        let mean = all.iter().sum::<i64>() / PACKETS as i64;
        let squares: i128 = all
            .iter()
            .map(|each| i128::from(*each) * i128::from(*each))
            .sum();
        let seen = squares / i128::from(PACKETS);
        assert!(mean.abs() < 11_200, "{distribution:?}: mean {mean}");
        assert!(
            (seen - variance).abs() < tolerance,
            "{distribution:?}: variance {seen}"
        );
        assert_eq!(all.iter().sum::<i64>(), pinned, "{distribution:?}");
    }
}

#[test]
fn uniform_jitter_stays_in_its_range() {
    let all = deviations(Jitter::uniform(MILLISECOND));
    let (least, most) = (all.iter().min().unwrap(), all.iter().max().unwrap());
    assert!(
        (-1_000_000..-999_900).contains(least) && (999_900..=1_000_000).contains(most),
        "{least} {most}"
    );
}

#[test]
fn correlated_jitter_repeats_itself() {
    let jitter = Jitter {
        distribution: Distribution::Normal,
        correlation: percent(75),
        ..Jitter::uniform(MILLISECOND)
    };
    let all = deviations(jitter);
    let again = all.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
    assert_share(again, PACKETS - 1, ONE * 3 / 4, 1);
    let mean = all.iter().sum::<i64>() / PACKETS as i64;
    assert!(mean.abs() < 11_200 * 3, "{mean}");
}

#[test]
fn jitter_never_delivers_before_the_datagram_was_offered() {
    let jitter = Some(Jitter::uniform(MILLISECOND));
    let mut bench = Bench::new(GreImpairments {
        jitter,
        ..GreImpairments::default()
    });
    let fates = bench.offer_many(1_000);
    let early = |(n, fates): (usize, &pptp_world::link::Fates)| {
        let (_, delivery) = fates.deliveries().next().unwrap();
        delivery.at.0 < n as u64 * 1_000
    };
    assert!(!fates.iter().enumerate().any(early));
    let at_once = fates
        .iter()
        .zip(0u64..)
        .filter(|(fates, n)| fates.deliveries().next().unwrap().1.at.0 == n * 1_000);
    assert_share(at_once.count() as u64, 1_000, ONE / 2, 1);
}

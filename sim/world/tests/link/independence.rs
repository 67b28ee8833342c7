//! Models and paths do not disturb one another.

use crate::support::*;
use pptp_wire::time::Instant;
use pptp_world::link::{
    Chance, Fate, Fates, FourStateMarkov, GilbertElliott, GreAction, GreImpairments, GreMatch,
    GreRule, ImpairmentKind, Jitter, Ranges, Reorder,
};

const PACKETS: u64 = 5_000;

fn everything() -> GreImpairments {
    let correlated = |probability| {
        Some(Chance {
            probability: percent(probability),
            correlation: percent(30),
        })
    };
    GreImpairments {
        delay: MILLISECOND,
        jitter: Some(Jitter {
            correlation: percent(30),
            ..Jitter::uniform(MILLISECOND)
        }),
        loss: correlated(5),
        loss_gilbert_elliott: Some(GilbertElliott::new(
            percent(2),
            Some(percent(30)),
            None,
            None,
        )),
        loss_markov: Some(FourStateMarkov::new(
            percent(2),
            Some(percent(30)),
            None,
            None,
            Some(percent(1)),
        )),
        reorder: Some(Reorder {
            chance: correlated(10).unwrap(),
            gap: 3,
        }),
        duplicate: correlated(5),
        corrupt: correlated(20),
        ..GreImpairments::default()
    }
}

fn run(impairments: GreImpairments) -> Vec<Fates> {
    Bench::new(impairments).offer_many(PACKETS)
}

/// Wherever both runs deliver a copy, it is the same delivery. How many copies were compared.
fn same_where_delivered(one: &[Fates], other: &[Fates]) -> usize {
    let mut compared = 0;
    for (one, other) in one.iter().zip(other) {
        let pairs = [(Some(one.first), Some(other.first)), (one.copy, other.copy)];
        for pair in pairs {
            if let (Some(Fate::Delivered(one)), Some(Fate::Delivered(other))) = pair {
                assert_eq!(one, other);
                compared += 1;
            }
        }
    }
    compared
}

#[test]
fn switching_off_the_losses_changes_nothing_for_what_arrives() {
    let with = run(everything());
    let without = run(GreImpairments {
        loss: None,
        loss_gilbert_elliott: None,
        loss_markov: None,
        ..everything()
    });
    assert!(without.iter().all(|fates| fates.lost_by().is_none()));
    let lost = with
        .iter()
        .filter(|fates| fates.lost_by().is_some())
        .count();
    assert!((500..1_500).contains(&lost), "{lost}");
    assert!(same_where_delivered(&with, &without) > 3_000);
}

#[test]
fn what_one_loss_model_picks_is_what_it_picks_beside_others() {
    let alone = |impairments: GreImpairments| losses(impairments, PACKETS);
    let nothing = GreImpairments::default();
    let random = alone(GreImpairments {
        loss: everything().loss,
        ..nothing
    });
    let bursts = alone(GreImpairments {
        loss_gilbert_elliott: everything().loss_gilbert_elliott,
        ..nothing
    });
    let chain = alone(GreImpairments {
        loss_markov: everything().loss_markov,
        ..nothing
    });
    for (n, fates) in run(everything()).iter().enumerate() {
        let expected = match (random[n], bursts[n], chain[n]) {
            (true, _, _) => Some(ImpairmentKind::Loss),
            (_, true, _) => Some(ImpairmentKind::LossGilbertElliott),
            (_, _, true) => Some(ImpairmentKind::LossMarkov),
            _ => None,
        };
        assert_eq!(fates.lost_by(), expected);
    }
    assert!(
        [&random, &bursts, &chain]
            .iter()
            .all(|lost| count(lost) > 50)
    );
}

#[test]
fn picks_of_every_other_model_stay_when_one_is_switched_off() {
    let base = GreImpairments {
        loss: None,
        loss_gilbert_elliott: None,
        loss_markov: None,
        ..everything()
    };
    let full = run(base);
    let flips = |fates: &[Fates]| -> Vec<_> {
        fates
            .iter()
            .map(|fates| fates.deliveries().next().unwrap().1.flips)
            .collect()
    };
    let reordered = |fates: &[Fates]| -> Vec<_> {
        fates
            .iter()
            .map(|fates| fates.deliveries().next().unwrap().1.reordered)
            .collect()
    };
    let copies =
        |fates: &[Fates]| -> Vec<_> { fates.iter().map(|fates| fates.copy.is_some()).collect() };
    let no_jitter = run(GreImpairments {
        jitter: None,
        ..base
    });
    let no_reorder = run(GreImpairments {
        reorder: None,
        ..base
    });
    let no_copies = run(GreImpairments {
        duplicate: None,
        ..base
    });
    let no_flips = run(GreImpairments {
        corrupt: None,
        ..base
    });
    for other in [&no_jitter, &no_reorder, &no_copies] {
        assert_eq!(flips(other), flips(&full));
    }
    for other in [&no_jitter, &no_copies, &no_flips] {
        assert_eq!(reordered(other), reordered(&full));
    }
    for other in [&no_jitter, &no_reorder, &no_flips] {
        assert_eq!(copies(other), copies(&full));
    }
    let times = |fates: &[Fates]| -> Vec<_> {
        fates
            .iter()
            .map(|fates| fates.deliveries().next().unwrap().1.at)
            .collect()
    };
    assert_eq!(times(&no_copies), times(&full));
    assert_eq!(times(&no_flips), times(&full));
}

#[test]
fn outage_and_rules_do_not_shift_luck() {
    let undisturbed = run(everything());
    let mut bench = Bench::new(everything());
    bench.path.add_rule(GreRule {
        matches: GreMatch {
            nth: Some(Ranges::between(10, 20)),
            ..GreMatch::default()
        },
        action: GreAction::Drop,
    });
    let offer = |n: u64| {
        match n {
            100 => bench.path.begin_outage(),
            200 => bench.path.end_outage(),
            _ => {}
        }
        bench.offer(Instant(n * 1_000), 100)
    };
    let disturbed: Vec<Fates> = (0..PACKETS).map(offer).collect();
    assert_eq!(disturbed[250..], undisturbed[250..]);
    assert_eq!(disturbed[..9], undisturbed[..9]);
    assert!(
        disturbed[100..200]
            .iter()
            .all(|fates| fates.lost_by() == Some(ImpairmentKind::Outage))
    );
    assert!(
        disturbed[9..20]
            .iter()
            .all(|fates| fates.lost_by() == Some(ImpairmentKind::Targeted))
    );
}

#[test]
fn a_model_switched_on_late_meets_the_luck_of_the_packet() {
    let loss = Some(Chance::of(percent(20)));
    let always = losses(
        GreImpairments {
            loss,
            ..GreImpairments::default()
        },
        PACKETS,
    );
    let mut bench = Bench::new(GreImpairments::default());
    let offer = |n: u64| {
        match n {
            1_000 => bench
                .path
                .impair(GreImpairments {
                    loss,
                    ..GreImpairments::default()
                })
                .unwrap(),
            2_000 => bench.path.impair(GreImpairments::default()).unwrap(),
            3_000 => bench
                .path
                .impair(GreImpairments {
                    loss,
                    ..GreImpairments::default()
                })
                .unwrap(),
            _ => {}
        }
        bench.offer(Instant(n * 1_000), 100).lost_by().is_some()
    };
    let late: Vec<bool> = (0..PACKETS).map(offer).collect();
    assert_eq!(late[1_000..2_000], always[1_000..2_000]);
    assert_eq!(late[3_000..], always[3_000..]);
    assert_eq!(count(&late[..1_000]) + count(&late[2_000..3_000]), 0);
}

#[test]
fn a_higher_probability_loses_the_same_packets_and_more() {
    let lost = |share| {
        losses(
            GreImpairments {
                loss: Some(Chance::of(percent(share))),
                ..GreImpairments::default()
            },
            PACKETS,
        )
    };
    let (few, many) = (lost(5), lost(10));
    assert!(few.iter().zip(&many).all(|(few, many)| !few || *many));
    assert!(count(&many) > count(&few));
}

#[test]
fn seeds_and_links_have_luck_of_their_own() {
    let lost = |link: &str, seed| -> Vec<bool> {
        let loss = Some(Chance::of(percent(50)));
        let mut bench = Bench::named(
            link,
            seed,
            GreImpairments {
                loss,
                ..GreImpairments::default()
            },
        );
        bench
            .offer_many(200)
            .iter()
            .map(|fates| fates.lost_by().is_some())
            .collect()
    };
    assert_eq!(lost("a-b", 1), lost("a-b", 1));
    assert_ne!(lost("a-b", 1), lost("a-c", 1));
    assert_ne!(lost("a-b", 1), lost("a-b", 2));
}

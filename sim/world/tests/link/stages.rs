//! The stages that need no luck, and their order.

use crate::support::*;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{CallId, GreHeader};
use pptp_world::link::{
    Chance, Fate, Fates, GreAction, GreImpairments, GreMatch, GreRule, ImpairmentKind, PacketView,
    Ranges, Rate, Reorder,
};

fn quiet() -> Bench {
    Bench::new(GreImpairments {
        delay: MILLISECOND,
        ..GreImpairments::default()
    })
}

fn arrivals(fates: &Fates) -> Vec<u64> {
    fates
        .deliveries()
        .map(|(_, delivery)| delivery.at.0)
        .collect()
}

fn rule(matches: GreMatch, action: GreAction) -> GreRule {
    GreRule { matches, action }
}

fn nth(ranges: Ranges) -> GreMatch {
    GreMatch {
        nth: Some(ranges),
        ..GreMatch::default()
    }
}

#[test]
fn a_path_without_impairments_delivers_at_once() {
    let mut bench = Bench::new(GreImpairments::default());
    let fates = bench.offer(Instant(7), 100);
    assert_eq!(
        (arrivals(&fates), fates.ordinal, fates.lost_by()),
        (vec![7], 1, None)
    );
}

#[test]
fn mtu_counts_the_ip_header() {
    let mtu = Some(1_500);
    let mut bench = Bench::new(GreImpairments {
        mtu,
        ..GreImpairments::default()
    });
    assert_eq!(bench.offer(Instant(0), 1_480).lost_by(), None);
    assert_eq!(
        bench.offer(Instant(0), 1_481).lost_by(),
        Some(ImpairmentKind::Mtu)
    );
    assert_eq!(
        bench.offer(Instant(0), usize::MAX).lost_by(),
        Some(ImpairmentKind::Mtu)
    );
}

#[test]
fn overlapping_outages_end_with_the_last() {
    let mut bench = quiet();
    bench.path.begin_outage();
    bench.path.begin_outage();
    bench.path.end_outage();
    assert!(bench.path.is_out());
    assert_eq!(
        bench.offer(Instant(0), 100).lost_by(),
        Some(ImpairmentKind::Outage)
    );
    bench.path.end_outage();
    bench.path.end_outage();
    assert_eq!(bench.offer(Instant(0), 100).lost_by(), None);
}

#[test]
fn the_line_takes_its_time_before_the_delay_and_the_queue_drops_at_its_tail() {
    let rate = Some(Rate {
        bits_per_second: 64_000,
        queue_limit: 2,
    });
    let mut bench = Bench::new(GreImpairments {
        rate,
        delay: MILLISECOND,
        ..GreImpairments::default()
    });
    // 60 octets and the IP header: 10 ms on the line.
    let fates: Vec<Fates> = (0..4).map(|_| bench.offer(Instant(0), 60)).collect();
    assert_eq!(arrivals(&fates[0]), [11_000_000]);
    assert_eq!(arrivals(&fates[1]), [21_000_000]);
    assert_eq!(
        [fates[2].lost_by(), fates[3].lost_by()],
        [Some(ImpairmentKind::Queue); 2]
    );
    assert_eq!(
        arrivals(&bench.offer(Instant(10_000_000), 60)),
        [31_000_000]
    );
}

#[test]
fn a_second_copy_needs_its_own_place_in_the_queue() {
    let rate = Some(Rate {
        bits_per_second: 64_000,
        queue_limit: 1,
    });
    let duplicate = Some(Chance::of(percent(100)));
    let mut bench = Bench::new(GreImpairments {
        rate,
        duplicate,
        ..GreImpairments::default()
    });
    let fates = bench.offer(Instant(0), 60);
    assert_eq!(fates.copy, Some(Fate::Lost(ImpairmentKind::Queue)));
    assert_eq!(
        (arrivals(&fates), fates.lost_by()),
        (vec![10_000_000], None)
    );
    assert_eq!(
        bench.offer(Instant(1), 60).lost_by(),
        Some(ImpairmentKind::Queue)
    );
}

#[test]
fn a_reordered_packet_goes_through_the_queue_and_skips_the_delay() {
    let rate = Some(Rate::new(64_000));
    let reorder = Some(Reorder {
        chance: Chance::of(percent(100)),
        gap: 2,
    });
    let delay = Duration::from_millis(50);
    let mut bench = Bench::new(GreImpairments {
        rate,
        reorder,
        delay,
        ..GreImpairments::default()
    });
    assert_eq!(arrivals(&bench.offer(Instant(0), 60)), [60_000_000]);
    assert_eq!(arrivals(&bench.offer(Instant(0), 60)), [20_000_000]);
}

#[test]
fn rules_count_what_matches_them() {
    let mut bench = quiet();
    let drop = bench
        .path
        .add_rule(rule(nth(Ranges::exactly(2)), GreAction::Drop));
    let late = Duration::from_millis(400);
    let delay = bench
        .path
        .add_rule(rule(nth(Ranges::between(2, 3)), GreAction::Delay(late)));
    let fates: Vec<Fates> = (0..4).map(|_| bench.offer(Instant(0), 100)).collect();
    assert_eq!(fates[0].rule, None);
    assert_eq!(
        (fates[1].lost_by(), fates[1].rule),
        (Some(ImpairmentKind::Targeted), Some(drop))
    );
    assert_eq!(
        (arrivals(&fates[2]), fates[2].rule, fates[2].held_up),
        (vec![401_000_000], Some(delay), late)
    );
    assert_eq!(
        (arrivals(&fates[3]), fates[3].rule),
        (vec![1_000_000], None)
    );
}

#[test]
fn an_updated_rule_keeps_its_count_and_a_removed_one_is_gone() {
    let mut bench = quiet();
    let id = bench
        .path
        .add_rule(rule(nth(Ranges::exactly(9)), GreAction::Drop));
    assert_eq!(bench.offer(Instant(0), 100).lost_by(), None);
    assert!(
        bench
            .path
            .update_rule(id, rule(nth(Ranges::between(2, 9)), GreAction::Drop))
    );
    assert_eq!(
        bench.offer(Instant(0), 100).lost_by(),
        Some(ImpairmentKind::Targeted)
    );
    assert!(bench.path.remove_rule(id));
    assert!(!bench.path.remove_rule(id));
    assert!(
        !bench
            .path
            .update_rule(id, rule(GreMatch::default(), GreAction::Drop))
    );
    assert_eq!(bench.offer(Instant(0), 100).lost_by(), None);
    assert_ne!(
        bench
            .path
            .add_rule(rule(GreMatch::default(), GreAction::Drop)),
        id
    );
}

#[test]
fn rules_see_what_an_outage_swallows() {
    let mut bench = quiet();
    bench
        .path
        .add_rule(rule(nth(Ranges::exactly(2)), GreAction::Drop));
    bench.path.begin_outage();
    assert_eq!(
        bench.offer(Instant(0), 100).lost_by(),
        Some(ImpairmentKind::Outage)
    );
    bench.path.end_outage();
    assert_eq!(
        bench.offer(Instant(0), 100).lost_by(),
        Some(ImpairmentKind::Targeted)
    );
}

#[test]
fn targeted_actions_add_up() {
    let mut bench = quiet();
    let all = GreMatch::default;
    bench.path.add_rule(rule(all(), GreAction::Duplicate));
    bench
        .path
        .add_rule(rule(all(), GreAction::Delay(MILLISECOND)));
    bench
        .path
        .add_rule(rule(all(), GreAction::Delay(MILLISECOND)));
    bench
        .path
        .add_rule(rule(all(), GreAction::Corrupt(Some(801))));
    let fates = bench.offer(Instant(0), 100);
    assert_eq!(arrivals(&fates), [3_000_000, 3_000_000]);
    for (_, delivery) in fates.deliveries() {
        // 800 bits: bit 801 is bit 1 again.
        assert_eq!(delivery.flips.bits().collect::<Vec<_>>(), [1]);
    }
    assert!(
        bench
            .offer(Instant(0), 0)
            .deliveries()
            .all(|(_, delivery)| delivery.flips.is_empty())
    );
}

#[test]
fn a_rule_without_a_bit_leaves_it_to_luck_and_the_tape_knows() {
    let mut bench = quiet();
    bench
        .path
        .add_rule(rule(nth(Ranges::exactly(2)), GreAction::Corrupt(None)));
    let fates = bench.offer_many(3);
    let flips: Vec<usize> = fates
        .iter()
        .map(|fates| fates.deliveries().next().unwrap().1.flips.bits().count())
        .collect();
    assert_eq!(flips, [0, 1, 0]);
    let bit = fates[1]
        .deliveries()
        .next()
        .unwrap()
        .1
        .flips
        .bits()
        .next()
        .unwrap();
    assert!(
        bench
            .deck
            .tape()
            .to_text()
            .contains(&format!("\n2 targeted {bit}\n"))
    );
}

/// The fields that rules look at, of a packet that carries `FF 03 C0 21`: LCP.
fn matched(matches: GreMatch, header: &GreHeader, payload: &[u8]) -> bool {
    let mut bench = quiet();
    bench.path.add_rule(rule(matches, GreAction::Drop));
    let packet = PacketView::of(header, header.encoded_length() + payload.len(), payload);
    bench.offer_view(Instant(0), &packet).lost_by().is_some()
}

#[test]
fn rules_match_every_field() {
    let lcp = [0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 4];
    let data = GreHeader::data(CallId(7), 100, Some(3), 8);
    let acknowledgment = GreHeader::acknowledgment_only(CallId(7), 99);
    let only = |number| Some(Ranges::exactly(number));
    let any = GreMatch::default;
    // (condition, matches the data packet, matches the acknowledgment)
    let cases = [
        (any(), true, true),
        (
            GreMatch {
                call_id: only(7),
                ..any()
            },
            true,
            true,
        ),
        (
            GreMatch {
                call_id: only(8),
                ..any()
            },
            false,
            false,
        ),
        (
            GreMatch {
                payload_length: only(8),
                ..any()
            },
            true,
            false,
        ),
        (
            GreMatch {
                sequence_number: Some(Ranges::between(99, 100)),
                ..any()
            },
            true,
            false,
        ),
        (
            GreMatch {
                sequence_number: Some(Ranges::exactly(100).not()),
                ..any()
            },
            false,
            false,
        ),
        (
            GreMatch {
                acknowledgment_number: only(99),
                ..any()
            },
            false,
            true,
        ),
        (
            GreMatch {
                acknowledgment_number: only(3),
                ..any()
            },
            true,
            false,
        ),
        (
            GreMatch {
                acknowledgment_only: Some(true),
                ..any()
            },
            false,
            true,
        ),
        (
            GreMatch {
                acknowledgment_only: Some(false),
                ..any()
            },
            true,
            false,
        ),
        (
            GreMatch {
                ppp_protocol: only(0xC021),
                ..any()
            },
            true,
            false,
        ),
        (
            GreMatch {
                ppp_protocol: only(0x0021),
                ..any()
            },
            false,
            false,
        ),
        (
            GreMatch {
                length: only(24),
                ..any()
            },
            true,
            false,
        ),
        (
            GreMatch {
                call_id: only(7),
                length: only(25),
                ..any()
            },
            false,
            false,
        ),
    ];
    for (condition, of_data, of_acknowledgment) in cases {
        let seen = (
            matched(condition.clone(), &data, &lcp),
            matched(condition.clone(), &acknowledgment, &[]),
        );
        assert_eq!(seen, (of_data, of_acknowledgment), "{condition:?}");
    }
}

#[test]
fn octets_that_are_no_gre_header_match_no_field() {
    let mut bench = quiet();
    let call_id = Some(Ranges::all());
    bench.path.add_rule(rule(
        GreMatch {
            call_id,
            ..GreMatch::default()
        },
        GreAction::Drop,
    ));
    assert_eq!(
        bench
            .offer_view(Instant(0), &PacketView::decode(&[0x30, 0x01]))
            .lost_by(),
        None
    );
    let header = GreHeader::acknowledgment_only(CallId(7), 99);
    let mut octets = [0; 16];
    let length = header.encode(&mut octets);
    let fates = bench.offer_view(Instant(0), &PacketView::decode(&octets[..length]));
    assert_eq!(fates.lost_by(), Some(ImpairmentKind::Targeted));
}

#[test]
fn impairments_that_cannot_be_leave_the_old_ones() {
    let mut bench = quiet();
    let rate = Some(Rate::new(0));
    assert!(
        bench
            .path
            .impair(GreImpairments {
                rate,
                ..GreImpairments::default()
            })
            .is_err()
    );
    assert_eq!(bench.path.impairments().delay, MILLISECOND);
    assert_eq!(arrivals(&bench.offer(Instant(0), 100)), [1_000_000]);
}

#[test]
fn the_end_of_time_saturates() {
    let mut bench = Bench::new(GreImpairments {
        delay: Duration(u64::MAX),
        ..GreImpairments::default()
    });
    assert_eq!(arrivals(&bench.offer(Instant(5), 100)), [u64::MAX]);
}

#[test]
fn paths_may_move_between_threads() {
    fn assert_send<T: Send>() {}
    assert_send::<pptp_world::link::Link>();
    assert_send::<pptp_world::tape::TapeDeck>();
}

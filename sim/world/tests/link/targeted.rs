//! Rules that pick datagrams by what they are.

use crate::support::*;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{CallId, GreHeader};
use pptp_world::link::{
    Chance, Fates, GreAction, GreImpairments, GreMatch, GreRule, ImpairmentKind, PacketView, Ranges,
};

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
fn luck_that_a_rule_makes_needless_is_not_on_the_tape() {
    let duplicate = Some(Chance::of(percent(100)));
    let mut bench = Bench::new(GreImpairments {
        duplicate,
        ..GreImpairments::default()
    });
    let first = nth(Ranges::exactly(1));
    bench.path.add_rule(rule(first, GreAction::Duplicate));
    let fates = bench.offer_many(2);
    assert!(fates.iter().all(|fates| fates.copy.is_some()));
    let decisions = bench.deck.tape().tracks()[0].decisions();
    let lines: Vec<String> = decisions.iter().map(ToString::to_string).collect();
    assert_eq!(lines, ["2 duplicate"]);
}

#[test]
fn a_hastened_packet_arrives_earlier_and_never_before_it_was_sent() {
    let mut bench = quiet();
    let by = |span| GreAction::Hasten(span);
    let micros = |count: u64| Some(Duration(count * 1000));
    bench
        .path
        .add_rule(rule(nth(Ranges::exactly(1)), by(micros(300))));
    bench
        .path
        .add_rule(rule(nth(Ranges::exactly(2)), by(micros(5000))));
    bench.path.add_rule(rule(nth(Ranges::exactly(3)), by(None)));
    let late = GreAction::Delay(Duration(70));
    bench.path.add_rule(rule(nth(Ranges::between(2, 3)), late));
    let fates: Vec<Fates> = (0..4).map(|_| bench.offer(Instant(0), 100)).collect();
    let at: Vec<Vec<u64>> = fates.iter().map(arrivals).collect();
    assert_eq!(at, [vec![700_000], vec![70], vec![70], vec![1_000_000]]);
    let reordered = |fates: &Fates| fates.deliveries().any(|(_, delivery)| delivery.reordered);
    assert_eq!(
        fates.iter().map(reordered).collect::<Vec<bool>>(),
        [false, false, true, false]
    );
}

#[test]
fn a_rule_about_one_copy_leaves_the_other() {
    let mut bench = quiet();
    let of_copy = |copy| GreMatch {
        copy: Some(copy),
        ..GreMatch::default()
    };
    bench
        .path
        .add_rule(rule(GreMatch::default(), GreAction::Duplicate));
    bench
        .path
        .add_rule(rule(GreMatch::default(), GreAction::Corrupt(Some(3))));
    bench
        .path
        .add_rule(rule(of_copy(1), GreAction::Delay(MILLISECOND)));
    bench
        .path
        .add_rule(rule(of_copy(0), GreAction::Hasten(Some(Duration(5)))));
    bench
        .path
        .add_rule(rule(of_copy(1), GreAction::Corrupt(Some(801))));
    let fates = bench.offer(Instant(0), 100);
    assert_eq!(arrivals(&fates), [999_995, 2_000_000]);
    let bits: Vec<Vec<u32>> = fates
        .deliveries()
        .map(|(_, delivery)| delivery.flips.bits().collect())
        .collect();
    assert_eq!(bits, [vec![3], vec![3, 1]]);
}

//! The stages that need no luck, and their order.

use crate::support::*;
use pptp_wire::time::{Duration, Instant};
use pptp_world::link::{Chance, Fate, Fates, GreImpairments, ImpairmentKind, Rate, Reorder};

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

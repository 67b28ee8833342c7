//! Laws that hold whatever the path does.

use pptp_wire::Serial;
use pptp_wire::time::{Duration, Instant};
use proptest::prelude::*;

use super::pair::{Pair, payload};
use super::*;
use crate::{InitialWindow, TimeOutForgives};

/// What the path does to each packet in turn: lose it, pass it, delay it, double it.
fn path() -> impl Strategy<Value = Vec<Vec<u64>>> {
    let fate = prop_oneof![
        5 => Just(vec![20u64]),
        2 => Just(vec![]),
        2 => (1u64..900).prop_map(|delay| vec![delay]),
        1 => (1u64..900, 1u64..900).prop_map(|(first, second)| vec![first, second]),
    ];
    prop::collection::vec(fate, 1..80)
}

fn profiles() -> impl Strategy<Value = Profile> {
    let first = prop_oneof![Just(0u32), Just(u32::MAX - 7), any::<u32>()];
    let forgives = prop_oneof![Just(TimeOutForgives::All), Just(TimeOutForgives::Oldest)];
    (first, forgives, 0u16..6, 0u64..200).prop_map(|(first, forgives, hold, delay)| Profile {
        first_sequence_number: first,
        time_out_forgives: forgives,
        reorder_buffer: hold,
        acknowledgment_delay: Duration::from_millis(delay),
        ..Profile::RFC
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn data_arrives_once_in_order_and_within_the_window(
        fates in path(),
        profile in profiles(),
        peer_window in 0u16..12,
        packets in 1u32..60,
    ) {
        let (mut one, mut other) = (config(peer_window), config(peer_window));
        (other.own_call_id, other.peer_call_id) = (PEER, OWN);
        one.transmit_buffer_packets = 7;
        let ends = [one, other].map(|config| Session::new(config, &profile, Deviations::NONE));
        let mut turn = 0;
        let mut pair = Pair::new(ends, |_, _, _| {
            turn += 1;
            fates[turn % fates.len()].iter().map(|&delay| Duration::from_millis(delay)).collect()
        });
        pair.traffic(0, packets, None);
        pair.traffic(1, packets, Some(Duration::from_millis(30)));
        // ATO-001: however much is lost, everything is sent in the end and nothing is left to happen.
        pair.run(Instant::START + Duration::from_secs(3600));
        prop_assert_eq!(pair.unsent(), 0);
        for end in 0..2 {
            let view = pair.ends[end].view();
            prop_assert_eq!((view.queued, view.unacknowledged), (0, 0));
            prop_assert!(view.window >= 1 && view.window <= view.peer_maximum_window);
            prop_assert_eq!(view.peer_maximum_window, u32::from(peer_window.max(1)));
            let sent = pair.of(end, true);
            let first = profile.first_sequence_number;
            for (count, line) in sent.iter().enumerate() {
                // SEQ-002, SEQ-006: consecutive, none twice.
                prop_assert_eq!(line.sequence_number, Some(first.wrapping_add(count as u32)));
            }
            prop_assert_eq!(sent.len() as u32, packets);
            let delivered = &pair.delivered[1 - end];
            for pair_of in delivered.windows(2) {
                prop_assert!(Serial(pair_of[1].0).newer_than(Serial(pair_of[0].0)));
            }
            for (number, octets) in delivered {
                prop_assert_eq!(octets, &payload(number.wrapping_sub(first)));
            }
            // ACK-001, ACK-002: never beyond what was sent, never back.
            let mut last = None;
            for line in pair.lines.iter().filter(|line| line.from == end) {
                if let Some(number) = line.acknowledgment_number {
                    prop_assert!(number.wrapping_sub(first) < packets);
                    prop_assert!(last.is_none_or(|last| Serial(number).at_least(Serial(last))));
                    last = Some(number);
                }
            }
        }
        prop_assert_eq!(pair.violations, 0);
    }

    #[test]
    fn in_flight_stays_within_a_window_that_grows_as_the_rfc_says(
        acknowledgments in prop::collection::vec((0u32..9, any::<bool>()), 1..120),
        peer_window in 1u16..40,
        full in any::<bool>(),
    ) {
        let initial_window = if full { InitialWindow::Full } else { InitialWindow::HalfRoundedUp };
        let profile = Profile { initial_window, ..Profile::RFC };
        let session = Session::new(config(peer_window), &profile, Deviations::NONE);
        let mut bench = Bench { session, now: Instant::START };
        // The model counts for itself: acknowledged packets of the window, window, next number.
        let mut window = if full { u32::from(peer_window) } else { u32::from(peer_window).div_ceil(2) };
        let (mut oldest, mut counted) = (0u32, 0u32);
        for (step, wait) in acknowledgments {
            for _ in 0..8 {
                bench.send(b"ppp");
            }
            let next = bench.session.view().next_sequence_number;
            prop_assert!(next - oldest <= window);
            if wait && next > oldest {
                bench.wait();
                window = window.div_ceil(2);
                (oldest, counted) = (next, 0);
            } else if step > 0 && oldest < next {
                let number = (oldest + step - 1).min(next - 1);
                bench.now += Duration::from_millis(10);
                bench.receive(&acknowledgment(number));
                counted += number + 1 - oldest;
                oldest = number + 1;
                while counted >= window && window < u32::from(peer_window) {
                    counted -= window;
                    window += 1;
                }
                counted = if window == u32::from(peer_window) { 0 } else { counted };
            }
            prop_assert_eq!(bench.session.view().window, window);
            prop_assert!(bench.session.view().unacknowledged <= window);
        }
    }

    #[test]
    fn any_octets_are_taken_without_harm(
        packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 8..40), 1..40),
        good_header in any::<bool>(),
        hold in 0u16..4,
    ) {
        let profile = Profile { reorder_buffer: hold, ..Profile::RFC };
        let mut bench = Bench::new(&profile, Deviations::NONE);
        let mut passed: Vec<u32> = Vec::new();
        for mut octets in packets {
            if good_header {
                let (numbers, length) = (octets[0] & 0x10, octets[5] % 9);
                let header = [0x20 | numbers, 0x01 | octets[1] & 0x80, 0x88, 0x0B, 0, length, 0x12, 0x34];
                octets[..8].copy_from_slice(&header);
                // Numbers near each other: over more than half of the number space no order holds.
                octets[8..].iter_mut().take(2).for_each(|octet| *octet = 0);
            }
            if GrePacket::decode(&octets).is_ok() {
                passed.extend(delivered(&bench.receive(&octets)));
            }
            bench.send(b"ppp");
            passed.extend(delivered(&bench.wait()));
        }
        for two in passed.windows(2) {
            prop_assert!(Serial(two[1]).newer_than(Serial(two[0])));
        }
    }
}

//! Late, doubled and swapped packets, and the wrap (RFC 2637 §4.3).

use pptp_wire::time::Duration;

use super::*;
use crate::{AcknowledgedNumber, FirstReceivedNumber, LatePackets};

#[test]
fn late_and_duplicate_packets_are_dropped_and_told_apart() {
    let mut bench = Bench::rfc();
    for (number, expected) in [
        (0, "delivered"),
        (4, "delivered"),
        (3, "old"),
        (3, "duplicate"),
        (4, "duplicate"),
        (5, "delivered"),
        (0, "duplicate"),
    ] {
        let put = bench.receive(&data(number, None, b"ppp"));
        match expected {
            "delivered" => assert_eq!(delivered(&put), [number]),
            reason => assert_eq!(put, [Put::Dropped(reason, Some(number))]),
        }
    }
    assert_eq!(acknowledged(&bench.wait()), [5]);
    bench.receive(&data(300, None, b"ppp"));
    assert_eq!(
        dropped(&bench.receive(&data(5, None, b"ppp"))),
        ["old"],
        "beyond the memory of 128 numbers"
    );
}

#[test]
fn numbers_go_on_across_the_wrap() {
    let mut bench = Bench::rfc();
    for number in [u32::MAX - 1, 1, u32::MAX, 2] {
        bench.receive(&data(number, None, b"ppp"));
    }
    assert_eq!(bench.session.view().highest_received, Some(2));
    assert_eq!(acknowledged(&bench.wait()), [2]);

    let profile = Profile {
        first_sequence_number: u32::MAX - 1,
        ..Profile::RFC
    };
    let mut bench = Bench::new(&profile, Deviations::NONE);
    let sent: Vec<u32> = bench
        .send_many(4)
        .iter()
        .filter_map(|header| header.sequence_number)
        .collect();
    assert_eq!(sent, [u32::MAX - 1, u32::MAX, 0, 1]);
    assert_eq!(bench.receive(&acknowledgment(0)), []);
    assert_eq!(bench.session.view().unacknowledged, 1);
}

fn reordering(change: fn(&mut Profile)) -> Bench {
    let mut profile = Profile {
        reorder_buffer: 3,
        ..Profile::RFC
    };
    change(&mut profile);
    Bench::new(&profile, Deviations::NONE)
}

#[test]
fn a_reorder_buffer_puts_packets_in_order() {
    let mut bench = reordering(|_| {});
    let mut seen = Vec::new();
    for number in [0, 2, 3, 2, 1, 4] {
        seen.push(delivered(&bench.receive(&data(
            number,
            None,
            &[number as u8 + 1],
        ))));
    }
    assert_eq!(
        seen,
        [vec![0], vec![], vec![], vec![], vec![1, 2, 3], vec![4]]
    );
    assert_eq!(
        dropped(&bench.receive(&data(2, None, b"ppp"))),
        ["duplicate"]
    );
    assert_eq!(acknowledged(&bench.wait()), [4]);
}

#[test]
fn a_held_packet_keeps_its_payload_and_the_gap_is_given_up_in_time() {
    let mut bench = reordering(|_| {});
    bench.receive(&data(0, Some(7), b"zero"));
    assert_eq!(bench.receive(&data(2, None, b"two")), []);
    assert_eq!(
        acknowledged(&bench.wait()),
        [2],
        "acknowledged while it is held (ACK-007)"
    );
    let deadline = bench.session.deadline().unwrap();
    assert_eq!(deadline.reason.to_string(), "reorder time-out 300 ms");
    assert_eq!(bench.wait(), [Put::Delivered(2, b"two".to_vec())]);
    assert_eq!(dropped(&bench.receive(&data(1, None, b"one"))), ["old"]);
}

#[test]
fn a_full_reorder_buffer_gives_the_gap_up_and_full_storage_throws_away() {
    let mut bench = reordering(|_| {});
    for number in [0, 2, 3, 5] {
        bench.receive(&data(number, None, b"ppp"));
    }
    assert_eq!(delivered(&bench.receive(&data(7, None, b"ppp"))), [2, 3]);
    let mut small = config(16);
    small.receive_buffer_packets = 2;
    let profile = Profile {
        reorder_buffer: 3,
        ..Profile::RFC
    };
    let mut bench = Bench {
        session: Session::new(small, &profile, Deviations::NONE),
        now: Instant::START,
    };
    for number in [0, 2, 3] {
        bench.receive(&data(number, None, b"ppp"));
    }
    assert_eq!(
        bench.receive(&data(4, None, b"ppp")),
        [Put::Dropped("window-overflow", Some(4))]
    );
    assert_eq!(delivered(&bench.receive(&data(1, None, b"ppp"))), [1, 2, 3]);
    // Storage for as many as are held to wait for a gap does for that.
    let mut enough = config(16);
    enough.receive_buffer_packets = 3;
    let mut bench = Bench {
        session: Session::new(enough, &profile, Deviations::NONE),
        now: Instant::START,
    };
    for number in [0, 2, 3, 5] {
        bench.receive(&data(number, None, b"ppp"));
    }
    assert_eq!(delivered(&bench.receive(&data(7, None, b"ppp"))), [2, 3]);
}

#[test]
fn a_receiver_may_acknowledge_what_it_passed_on_and_look_at_its_clock_only_with_traffic() {
    let mut bench = reordering(|profile| {
        profile.acknowledged_number = AcknowledgedNumber::Delivered;
        profile.reorder_time_out_needs_traffic = true;
    });
    bench.receive(&data(0, None, b"ppp"));
    bench.receive(&data(2, None, b"ppp"));
    assert_eq!(acknowledged(&bench.wait()), [0]);
    assert_eq!(bench.session.deadline(), None, "a gap at the tail is stuck");
    bench.now += Duration::from_secs(5);
    assert_eq!(delivered(&bench.receive(&data(4, None, b"ppp"))), [2]);
    assert_eq!(acknowledged(&bench.wait()), [2]);
}

#[test]
fn the_first_number_may_have_to_be_0_and_1_may_rewind() {
    let mut bench = reordering(|profile| profile.first_received_number = FirstReceivedNumber::Zero);
    assert_eq!(bench.receive(&data(1, None, b"ppp")), []);
    assert_eq!(delivered(&bench.receive(&data(0, None, b"ppp"))), [0, 1]);
    assert_eq!(
        dropped(&bench.receive(&data(u32::MAX, None, b"ppp"))),
        ["old"]
    );
    let mut bench = reordering(|profile| profile.rewinds_to_number_1 = true);
    for number in 0..10 {
        bench.receive(&data(number, None, b"ppp"));
    }
    assert_eq!(delivered(&bench.receive(&data(1, None, b"ppp"))), [1]);
    assert_eq!(acknowledged(&bench.wait()), [1]);

    // The first packet of those that begin at 1 is taken at once; one that is merely late takes its place.
    let begin = |profile: &mut Profile| {
        profile.rewinds_to_number_1 = true;
        profile.first_received_number = FirstReceivedNumber::Zero;
    };
    let mut bench = reordering(begin);
    assert_eq!(delivered(&bench.receive(&data(1, None, b"ppp"))), [1]);
    let mut bench = reordering(begin);
    assert_eq!(delivered(&bench.receive(&data(0, None, b"ppp"))), [0]);
    assert_eq!(delivered(&bench.receive(&data(2, None, b"ppp"))), []);
    assert_eq!(delivered(&bench.receive(&data(1, None, b"ppp"))), [1, 2]);
}

#[test]
fn late_lcp_echoes_pass_where_the_profile_lets_them() {
    let echo = [0xFF, 0x03, 0xC0, 0x21, 9, 1, 0, 8, 0, 0, 0, 0];
    let late = |rule: LatePackets, payload: &[u8]| {
        let profile = Profile {
            late_packets: rule,
            ..Profile::RFC
        };
        let mut bench = Bench::new(&profile, Deviations::NONE);
        bench.receive(&data(5, None, b"ppp"));
        !delivered(&bench.receive(&data(3, None, payload))).is_empty()
    };
    assert!(late(LatePackets::DeliverLcpEcho, &echo));
    assert!(!late(LatePackets::DeliverLcpEcho, b"ppp"));
    let configure = [0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 4];
    assert!(!late(LatePackets::DeliverLcpEcho, &configure));
    assert!(!late(LatePackets::Discard, &echo));
    assert!(late(LatePackets::Deliver, b"ppp"));
}

#[test]
fn late_packets_are_acknowledged_again_where_the_profile_does_so() {
    let acknowledged_again = |again: bool, held: u16| {
        let profile = Profile {
            acknowledges_late_packets: again,
            acknowledged_number: AcknowledgedNumber::Delivered,
            reorder_buffer: held,
            ..Profile::RFC
        };
        let mut bench = Bench::new(&profile, Deviations::NONE);
        bench.receive(&data(5, None, b"ppp"));
        assert_eq!(acknowledged(&bench.wait()), [5]);
        assert_eq!(dropped(&bench.receive(&data(3, None, b"ppp"))), ["old"]);
        acknowledged(&bench.wait())
    };
    assert_eq!(acknowledged_again(true, 3), [5]);
    assert_eq!(acknowledged_again(false, 3), []);
    assert_eq!(acknowledged_again(true, 0), [5]);
}

#[test]
fn an_end_that_acknowledges_what_it_passed_on_leaves_out_what_it_holds_when_it_does_so_again() {
    let mut bench = reordering(|profile| {
        profile.acknowledges_late_packets = true;
        profile.acknowledged_number = AcknowledgedNumber::Delivered;
    });
    bench.receive(&data(5, None, b"ppp"));
    assert_eq!(acknowledged(&bench.wait()), [5]);
    assert_eq!(bench.receive(&data(7, None, b"ppp")), []);
    assert_eq!(dropped(&bench.receive(&data(3, None, b"ppp"))), ["old"]);
    assert_eq!(acknowledged(&bench.wait()), [5]);
}

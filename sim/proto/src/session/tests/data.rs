//! What one session does with single packets: checks of the header, order, acknowledgments, window.

use pptp_wire::time::Duration;
use pptp_wire::{GreFlags, GreHeader};

use super::*;
use crate::{
    AcknowledgedNumber, AcknowledgmentBeforeData, FirstReceivedNumber, GreHeaderCheck,
    InitialWindow, LatePackets, OctetsAfterPayload, PeerWindowZero, PiggyBackedAcknowledgments,
    StandAloneAcknowledgments, TimeOutForgives, TransmitWindow,
};

#[test]
fn every_wrong_bit_of_the_header_drops_the_packet() {
    let good = data(0, None, b"ppp");
    for bit in 0..32 {
        let mut octets = good.clone();
        octets[bit / 8] ^= 0x80 >> (bit % 8);
        let expected = match bit {
            3 => continue, // S: the layout is another one
            8 => continue, // A: likewise
            13..16 => "bad-version",
            0..16 => "bad-header",
            _ => "protocol-type",
        };
        let mut bench = Bench::rfc();
        assert_eq!(
            bench.receive(&octets),
            [Put::Dropped(expected, Some(0))],
            "bit {bit}"
        );
        assert_eq!(delivered(&bench.receive(&good)), [0], "bit {bit}");
    }
}

#[test]
fn a_profile_may_ignore_the_routing_bits_and_no_others() {
    let profile = Profile {
        gre_header_check: GreHeaderCheck::RoutingBitsIgnored,
        ..Profile::RFC
    };
    for (bits, taken) in [
        (GreFlags::STRICT_SOURCE_ROUTE, true),
        (GreFlags::RECURSION_CONTROL, true),
        (GreFlags::CHECKSUM_PRESENT, false),
        (GreFlags::FLAGS, false),
    ] {
        let mut bench = Bench::new(&profile, Deviations::NONE);
        let mut header = GreHeader::data(OWN, 0, None, 3);
        header.flags = GreFlags(header.flags.0 | bits);
        assert_eq!(
            !delivered(&bench.receive(&packet(header, b"ppp"))).is_empty(),
            taken,
            "{bits:#06X}"
        );
    }
}

#[test]
fn another_call_id_and_a_cut_payload_are_dropped_with_their_acknowledgment() {
    let mut bench = Bench::rfc();
    bench.send_many(1);
    let foreign = packet(GreHeader::data(CallId(0x3412), 0, Some(0), 3), b"ppp");
    assert_eq!(
        bench.receive(&foreign),
        [Put::Dropped("unknown-call-id", Some(0))]
    );
    let cut = packet(GreHeader::data(OWN, 0, Some(0), 900), &[0; 100]);
    assert_eq!(
        bench.receive(&cut),
        [Put::Dropped("payload-length", Some(0))]
    );
    assert_eq!(bench.session.view().unacknowledged, 1);
}

#[test]
fn exactly_payload_length_octets_are_passed_on() {
    let padded = packet(GreHeader::data(OWN, 0, None, 3), b"pppxx");
    assert_eq!(
        Bench::rfc().receive(&padded),
        [Put::Delivered(0, b"ppp".to_vec())]
    );
    let profile = Profile {
        octets_after_payload: OctetsAfterPayload::Deliver,
        ..Profile::RFC
    };
    let put = Bench::new(&profile, Deviations::NONE).receive(&padded);
    assert_eq!(put, [Put::Delivered(0, b"pppxx".to_vec())]);
}

#[test]
fn a_payload_without_number_and_a_number_without_payload_reach_nobody() {
    let mut bench = Bench::rfc();
    bench.send_many(1);
    let mut header = GreHeader::acknowledgment_only(OWN, 0);
    header.payload_length = 3;
    assert_eq!(
        bench.receive(&packet(header, b"ppp")),
        [Put::Dropped("no-sequence-number", None)]
    );
    assert_eq!(
        bench.session.view().unacknowledged,
        0,
        "its acknowledgment counts"
    );
    header.payload_length = 0;
    header.acknowledgment_number = None;
    assert_eq!(
        bench.receive(&packet(header, &[])),
        [Put::Dropped("empty-payload", None)]
    );
    assert_eq!(
        bench.receive(&data(0, None, &[])),
        [Put::Dropped("empty-payload", Some(0))]
    );
    assert_eq!(
        acknowledged(&bench.wait()),
        [0],
        "the number counts as received"
    );
}

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

#[test]
fn acknowledgments_that_go_back_or_were_never_sent_leave_window_and_payload_alone() {
    let mut bench = Bench::rfc();
    bench.send_many(4);
    bench.receive(&acknowledgment(2));
    assert_eq!(
        bench.receive(&data(0, Some(1), b"ppp")),
        [Put::Delivered(0, b"ppp".to_vec())]
    );
    let put = bench.receive(&data(1, Some(4), b"ppp"));
    assert_eq!(
        put,
        [
            Put::Delivered(1, b"ppp".to_vec()),
            Put::Violation(Requirement::Ack001)
        ]
    );
    let view = bench.session.view();
    assert_eq!((view.unacknowledged, view.window), (1, 8));
    let mut silent = Bench::rfc();
    assert_eq!(
        silent.receive(&acknowledgment(u32::MAX)),
        [],
        "before data: only a note (AMB-02)"
    );
    assert_eq!(
        silent.receive(&acknowledgment(0)),
        [Put::Violation(Requirement::Ack001)]
    );
}

#[test]
fn the_window_stops_data_and_the_buffer_pushes_back() {
    let mut bench = Bench {
        session: Session::new(config(3), &Profile::RFC, Deviations::NONE),
        now: Instant::START,
    };
    let mut accepted = 0;
    let mut out = Recorder::default();
    while bench.session.send(bench.now, b"ppp", &mut out) == DataOutcome::Accepted {
        accepted += 1;
    }
    assert_eq!(accepted, 2 + 64);
    assert_eq!(numbers(&out.0), [0, 1]);
    assert_eq!(
        out.0
            .iter()
            .filter(|put| matches!(put, Put::WindowFull(2)))
            .count(),
        1
    );
    assert_eq!(
        numbers(&bench.receive(&acknowledgment(1))),
        [2, 3, 4],
        "two acknowledged: the window is 3"
    );
    let view = bench.session.view();
    assert_eq!((view.window, view.unacknowledged, view.queued), (3, 3, 61));
    assert_eq!(bench.session.end(), 61);
    assert_eq!(bench.session.deadline(), None);
    assert_eq!(
        bench.session.send(bench.now, b"ppp", &mut out),
        DataOutcome::Unsendable
    );
    assert_eq!(
        bench.receive(&data(0, None, b"ppp")),
        [Put::Dropped("not-established", Some(0))]
    );
}

#[test]
fn a_payload_that_no_packet_can_carry_is_refused() {
    let mut bench = Bench::rfc();
    let mut out = Recorder::default();
    assert_eq!(
        bench.session.send(bench.now, &[], &mut out),
        DataOutcome::Unsendable
    );
    assert_eq!(
        bench.session.send(bench.now, &[0; 65536], &mut out),
        DataOutcome::Unsendable
    );
    assert_eq!(out.0, []);
    assert_eq!(
        bench.session.send(bench.now, &[0; 65535], &mut out),
        DataOutcome::Accepted
    );
}

#[test]
fn first_windows() {
    let window = |peer_window: u16, change: fn(&mut Profile)| {
        let mut profile = Profile::RFC;
        change(&mut profile);
        Session::new(config(peer_window), &profile, Deviations::NONE)
            .view()
            .window
    };
    let cases = [
        (0, 1),
        (1, 1),
        (2, 1),
        (3, 2),
        (7, 4),
        (16, 8),
        (65535, 32768),
    ];
    for (peer_window, expected) in cases {
        assert_eq!(window(peer_window, |_| {}), expected);
    }
    assert_eq!(
        window(7, |profile| profile.initial_window =
            InitialWindow::HalfRoundedDown),
        3
    );
    assert_eq!(
        window(1, |profile| profile.initial_window =
            InitialWindow::HalfRoundedDown),
        1
    );
    assert_eq!(
        window(7, |profile| profile.initial_window = InitialWindow::Full),
        7
    );
    assert_eq!(
        window(0, |profile| profile.peer_window_zero =
            PeerWindowZero::Unlimited),
        32768
    );
    assert_eq!(
        window(64, |profile| profile.maximum_transmit_window = 16),
        8
    );
    assert_eq!(window(64, |profile| profile.maximum_transmit_window = 0), 1);
}

#[test]
fn without_a_transmit_window_nothing_waits_and_nothing_times_out() {
    let profile = Profile {
        transmit_window: TransmitWindow::Ignored,
        ..Profile::RFC
    };
    let mut bench = Bench {
        session: Session::new(config(2), &profile, Deviations::NONE),
        now: Instant::START,
    };
    assert_eq!(bench.send_many(61).len(), 61);
    assert_eq!(bench.session.deadline(), None);
    assert_eq!(bench.receive(&acknowledgment(60)), []);
    assert_eq!(
        bench.receive(&acknowledgment(61)),
        [Put::Violation(Requirement::Ack001)]
    );
}

#[test]
fn a_time_out_may_forgive_the_oldest_alone() {
    let profile = Profile {
        time_out_forgives: TimeOutForgives::Oldest,
        ..Profile::RFC
    };
    let mut bench = Bench::new(&profile, Deviations::NONE);
    bench.send_many(8);
    let put = bench.wait();
    let expected: Vec<Put> = (0..8).map(Put::TimedOut).collect();
    assert_eq!(put, expected, "a burst has one deadline for each packet");
    let view = bench.session.view();
    assert_eq!(
        (view.window, view.unacknowledged, view.adaptive_time_out),
        (1, 0, Duration::from_secs(10))
    );
    let mut bench = Bench::rfc();
    bench.send_many(8);
    assert_eq!(bench.wait(), [Put::TimedOut(0)]);
    assert_eq!(
        (
            bench.session.view().window,
            bench.session.view().unacknowledged
        ),
        (4, 0)
    );
}

#[test]
fn late_acknowledgments_of_forgiven_packets_are_samples_and_do_not_open_the_window() {
    let mut bench = Bench::rfc();
    bench.send_many(8);
    bench.wait();
    assert_eq!(
        bench.session.view().adaptive_time_out,
        Duration::from_secs(2)
    );
    bench.now += Duration::from_millis(200);
    bench.receive(&acknowledgment(7));
    // RTT 2000, sample 1200: DIFF -800, DEV 200, RTT 1900.
    let view = bench.session.view();
    assert_eq!(
        (view.window, view.adaptive_time_out),
        (4, Duration::from_millis(2700))
    );
}

#[test]
fn stand_alone_acknowledgments_follow_the_profile() {
    let acknowledgments = |change: fn(&mut Profile)| {
        let mut profile = Profile::RFC;
        change(&mut profile);
        let mut bench = Bench::new(&profile, Deviations::NONE);
        let mut seen = Vec::new();
        for number in 0..12 {
            seen.extend(acknowledged(&bench.receive(&data(number, None, b"ppp"))));
        }
        seen.extend(acknowledged(&bench.wait()));
        seen
    };
    assert_eq!(acknowledgments(|_| {}), [11]);
    assert_eq!(
        acknowledgments(|profile| profile.acknowledgment_delay = Duration::ZERO),
        Vec::from_iter(0..12)
    );
    assert_eq!(
        acknowledgments(|profile| profile.acknowledges_at_once = 5),
        [4, 9, 11]
    );
    let none: [u32; 0] = [];
    assert_eq!(
        acknowledgments(
            |profile| profile.stand_alone_acknowledgments = StandAloneAcknowledgments::Never
        ),
        none
    );
    let half = |profile: &mut Profile| {
        profile.stand_alone_acknowledgments = StandAloneAcknowledgments::HalfWindow
    };
    assert_eq!(
        acknowledgments(half),
        [8],
        "more than half of the own window of 16"
    );
}

#[test]
fn a_packet_in_the_instant_of_the_deadline_is_acknowledged_with_the_delay_as_cause() {
    let mut bench = Bench::rfc();
    bench.receive(&data(0, None, b"ppp"));
    bench.now = bench.session.deadline().unwrap().at;
    let put = bench.receive(&data(1, None, b"ppp"));
    let Some(Put::Packet(_, mark)) = put.last() else {
        panic!("{put:?}")
    };
    assert_eq!(
        (acknowledged(&put), mark.as_str()),
        (vec![1], "acknowledgment delay 100 ms")
    );
    assert_eq!(bench.session.deadline(), None);
}

#[test]
fn data_carries_acknowledgments_as_the_profile_says() {
    let carried = |change: fn(&mut Profile)| {
        let mut profile = Profile::RFC;
        change(&mut profile);
        let mut bench = Bench::new(&profile, Deviations::NONE);
        let mut seen = vec![bench.send_many(1)[0].acknowledgment_number];
        bench.receive(&data(0, None, b"ppp"));
        seen.extend(
            bench
                .send_many(2)
                .iter()
                .map(|header| header.acknowledgment_number),
        );
        seen
    };
    assert_eq!(carried(|_| {}), [None, Some(0), None]);
    let always = |profile: &mut Profile| {
        profile.piggy_backed_acknowledgments = PiggyBackedAcknowledgments::Always
    };
    assert_eq!(carried(always), [None, Some(0), Some(0)]);
    let ones = |profile: &mut Profile| {
        profile.acknowledgment_before_data = AcknowledgmentBeforeData::AllOnes
    };
    assert_eq!(carried(ones), [Some(u32::MAX), Some(0), None]);
    let zero =
        |profile: &mut Profile| profile.acknowledgment_before_data = AcknowledgmentBeforeData::Zero;
    assert_eq!(carried(zero), [Some(0), Some(0), None]);
    assert_eq!(
        carried(|profile| profile.acknowledges_number_0 = false),
        [None, None, None]
    );
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
    assert!(!late(LatePackets::Discard, &echo));
    assert!(late(LatePackets::Deliver, b"ppp"));
}

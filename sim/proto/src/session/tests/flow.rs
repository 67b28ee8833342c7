//! Acknowledgments, window and time-outs (RFC 2637 §4.2, §4.4).

use pptp_wire::time::Duration;

use super::*;
use crate::{
    AcknowledgmentBeforeData, InitialWindow, PeerWindowZero, PiggyBackedAcknowledgments,
    StandAloneAcknowledgments, TimeOutForgives, TransmitWindow,
};

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

#[test]
fn named_profiles_have_the_data_plane_of_their_implementation() {
    let bench = |name: &str| Bench::new(&Profile::named(name).unwrap(), Deviations::NONE);
    let first = |name: &str| {
        bench(name)
            .send_many(40)
            .iter()
            .filter_map(|header| header.sequence_number)
            .collect()
    };
    let first: Vec<Vec<u32>> = ["rfc", "poptop", "pptp-linux", "accel-ppp"]
        .map(first)
        .to_vec();
    assert_eq!(
        first,
        [
            Vec::from_iter(0..8),
            Vec::from_iter(0..40),
            Vec::from_iter(1..41),
            Vec::from_iter(1..41)
        ]
    );

    // One-way data is acknowledged after 50 ms, in twos, never.
    let alone = |name: &str| {
        let mut bench = bench(name);
        let mut seen: Vec<u32> = (0..3)
            .flat_map(|number| acknowledged(&bench.receive(&data(number, None, b"ppp"))))
            .collect();
        let at = bench
            .session
            .deadline()
            .map(|deadline| deadline.at.since(bench.now));
        seen.extend(acknowledged(&bench.wait()));
        (seen, at)
    };
    assert_eq!(alone("poptop"), (vec![2], Some(Duration::from_millis(50))));
    assert_eq!(
        alone("pptp-linux"),
        (vec![2], None),
        "number 0 counts as acknowledged, two pending go at once"
    );
    assert_eq!(alone("accel-ppp"), (vec![], None));

    let order = |name: &str| {
        let mut bench = bench(name);
        let order = [0, 1, 3, 2, 4, 1];
        order
            .iter()
            .flat_map(|&number| delivered(&bench.receive(&data(number, None, b"ppp"))))
            .collect::<Vec<u32>>()
    };
    assert_eq!(order("poptop"), [0, 1, 2, 3, 4, 1], "number 1 rewinds");
    assert_eq!(order("pptp-linux"), [0, 1, 2, 3, 4]);
    assert_eq!(order("accel-ppp"), [0, 1, 3, 4]);
}

/// `ACK-011`: it neither opens the window nor says how long an acknowledgment takes.
#[test]
fn an_acknowledgment_that_goes_back_has_no_effect() {
    let mut bench = Bench::rfc();
    bench.send_many(4);
    bench.now += Duration::from_millis(100);
    bench.receive(&acknowledgment(2));
    bench.send_many(1);
    let before = bench.session.view();
    bench.now += Duration::from_millis(500);
    assert_eq!(bench.receive(&acknowledgment(1)), []);
    assert_eq!(bench.session.view(), before);
}

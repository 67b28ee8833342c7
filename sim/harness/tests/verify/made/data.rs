//! Tunnels: what the sender did, and what the path did.

use super::*;

#[test]
fn what_was_lost_before_the_tap_is_no_end_s_fault() {
    let octets = plain().octets();
    let count = blocks(&octets).len();
    let mut lost = 0;
    for frame in 13..count - 12 {
        let report = judged(&without(&octets, &[frame]));
        assert_eq!(broken(&report, PNS), [""; 0], "{frame}");
        assert_eq!(broken(&report, PAC), [""; 0], "{frame}");
        lost += report.path.values().map(|totals| totals.lost).sum::<u64>();
    }
    assert!(lost > 20, "{lost}");
}

#[test]
fn a_sender_that_leaves_numbers_out_reorders_or_repeats_is_told_from_a_path_that_does() {
    type Case = (
        &'static [(u32, u16)],
        &'static [&'static str],
        (u64, u64, u64),
    );
    // Numbers and Identifications behind 0 to 3 with 100 to 103; what the PNS broke, and what the path did.
    let cases: [Case; 6] = [
        (&[(5, 104)], &["SEQ-002"], (0, 0, 0)),
        (&[(5, 105)], &[], (1, 0, 0)),
        (&[(5, 104), (4, 105)], &["SEQ-002"], (0, 0, 0)),
        (&[(5, 105), (4, 104)], &[], (0, 1, 0)),
        (&[(3, 104)], &["SEQ-006"], (0, 0, 0)),
        (&[(3, 103)], &[], (0, 0, 1)),
    ];
    for (packets, expected, path) in cases {
        let mut made = Made::new();
        made.started().call(5, 9);
        for number in 0..4_u16 {
            made.data(9, number.into(), 100 + number);
        }
        for &(number, identification) in packets {
            made.data(9, number, identification);
        }
        let report = made.ended(5, 9).judged();
        let broken: Vec<&str> = broken(&report, PNS)
            .into_iter()
            .filter(|id| *id != "ACK-010")
            .collect();
        assert_eq!(broken, expected, "{packets:?}");
        let totals = report.path[&(PNS, PAC)];
        let did = (totals.lost, totals.overtaken, totals.repeated_by_path);
        assert_eq!(did, path, "{packets:?}");
    }
}

#[test]
fn where_the_identification_tells_nothing_the_path_is_left_open() {
    let mut made = Made::new();
    made.started().call(5, 9);
    for number in [0, 1, 2, 5, 4, 4] {
        made.data(9, number, 0);
    }
    let report = made.ended(5, 9).judged();
    assert_eq!(broken(&report, PNS), [""; 0]);
    assert_eq!(
        open_questions(&report, PNS),
        ["SEQ-002", "SEQ-006", "ACK-010"]
    );
}

#[test]
fn an_acknowledgment_of_what_the_capture_missed_is_told_from_one_that_runs_ahead() {
    let acknowledged = |numbers: &[u32]| {
        let mut made = Made::new();
        made.started().call(5, 9);
        made.data(9, 0, 100);
        made.packet((PAC, PNS), 5, None, Some(1), 500);
        for &number in numbers {
            made.data(9, number, 100 + number as u16);
        }
        made.ended(5, 9).judged()
    };
    // Number 1 comes after it was acknowledged.
    assert_eq!(broken(&acknowledged(&[1, 2]), PAC), ["ACK-001"]);
    // It never comes: the capture does not hold it.
    let missed = acknowledged(&[2, 3]);
    assert_eq!(broken(&missed, PAC), [""; 0]);
    assert_eq!(open_questions(&missed, PAC), ["ACK-001"]);
}

#[test]
fn two_control_connections_and_two_calls_are_kept_apart() {
    let mut made = Made::new();
    made.started().call(5, 9).call(6, 10);
    for number in 0..4_u16 {
        made.data(9, number.into(), 100 + 2 * number);
        made.data(10, number.into(), 101 + 2 * number);
    }
    made.client = SocketAddrV4::new(PNS, 2048);
    made.started();
    let report = made.judged();
    // The second connection of the pair is worth a word (TR-012), and nothing else.
    assert_eq!(broken(&report, PNS), ["TR-012"]);
    assert_eq!(broken(&report, PAC), [""; 0]);
    assert_eq!(report.connections, 2);
    assert_eq!(report.path[&(PNS, PAC)].lost, 0);
    let mut mixed = Made::new();
    mixed.started().call(5, 9).call(6, 10);
    // The numbers of the second call go on where the first one stood.
    for (call_id, number) in [(9, 0), (9, 1), (10, 2), (10, 3)] {
        mixed.data(call_id, number, 100 + number as u16);
    }
    let mixed = mixed.judged();
    assert_eq!(broken(&mixed, PNS), [""; 0]);
    assert_eq!(open_questions(&mixed, PNS), ["SEQ-001"]);
}

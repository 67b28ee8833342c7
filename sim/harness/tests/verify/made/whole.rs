//! Sessions, and what a capture does not hold of them.

use super::*;

#[test]
fn a_session_without_a_fault_passes_at_both_ends() {
    let report = plain().judged();
    assert_eq!(broken(&report, PNS), [""; 0]);
    assert_eq!(broken(&report, PAC), [""; 0]);
    assert_eq!(end(&report, PNS).role, "PNS");
    assert_eq!(end(&report, PAC).role, "PAC");
    assert_eq!(report.verdict(Grading::Strict), Grade::Pass);
}

#[test]
fn a_capture_that_begins_in_the_middle_leaves_open_what_it_cannot_tell() {
    let octets = plain().octets();
    // Without the whole set-up, and without a few packets of the call.
    let frames: Vec<usize> = (1..=14).collect();
    let report = judged(&without(&octets, &frames));
    assert_eq!(broken(&report, PNS), [""; 0]);
    assert_eq!(broken(&report, PAC), [""; 0]);
    assert!(open_questions(&report, PNS).contains(&"GRE-012"));
    assert_eq!(report.verdict(Grading::Default), Grade::Inconclusive);
}

#[test]
fn octets_that_the_capture_does_not_hold_spoil_what_may_answer_them() {
    // Without the segment of the request for the call: what follows is found, and not held against anybody.
    let octets = plain().octets();
    let whole = judged(&octets);
    assert_eq!(whole.verdict(Grading::Default), Grade::Pass);
    let mut doubted = 0;
    for frame in 4..10 {
        let report = judged(&without(&octets, &[frame]));
        assert_eq!(broken(&report, PNS), [""; 0], "{frame}");
        assert_eq!(broken(&report, PAC), [""; 0], "{frame}");
        doubted += u64::from(report.verdict(Grading::Default) == Grade::Inconclusive);
    }
    assert!(doubted >= 3, "{doubted}");
}

#[test]
fn packets_cut_by_the_snap_length_are_judged_as_far_as_they_go() {
    let octets = plain().octets();
    for snap_length in [34, 40, 50, 54] {
        // Not even the headers of TCP are whole.
        let report = judged(&cut(&octets, snap_length));
        assert_eq!(report.control_messages, 0, "{snap_length}");
        assert!(!report.notices.is_empty());
    }
    for snap_length in [60, 68, 96, 128, 180, 256] {
        let report = judged(&cut(&octets, snap_length));
        assert_eq!(broken(&report, PNS), [""; 0], "{snap_length}");
        assert_eq!(broken(&report, PAC), [""; 0], "{snap_length}");
        let is_whole = snap_length == 256;
        let verdict = report.verdict(Grading::Default);
        assert_eq!(verdict == Grade::Pass, is_whole, "{snap_length}: {verdict}");
    }
}

#[test]
fn echo_identifiers_are_compared_as_octets() {
    let answered = |identifier: u32| {
        let mut made = Made::new();
        made.started();
        made.pns(EchoRequest {
            identifier: 0x0100_0000,
        });
        made.pac(EchoReply {
            identifier,
            result_code: pptp_wire::EchoResult::OK,
            ..EchoReply::default()
        });
        made.stopped().judged()
    };
    assert_eq!(broken(&answered(0x0100_0000), PAC), [""; 0]);
    // The same number in the other byte order is another Identifier.
    assert_eq!(broken(&answered(1), PAC), ["ECRP-002"]);
}

#[test]
fn an_answer_that_is_not_due_yet_is_left_open_and_one_that_is_overdue_is_missed() {
    let echo = |seconds: u64| {
        let mut made = Made::new();
        made.started();
        made.pns(EchoRequest { identifier: 7 });
        made.wait(seconds);
        made.pns(EchoRequest { identifier: 8 });
        made.judged()
    };
    let early = echo(5);
    assert_eq!(broken(&early, PAC), [""; 0]);
    assert!(open_questions(&early, PAC).contains(&"ECRP-001"));
    assert!(broken(&echo(90), PAC).contains(&"ECRP-001"));
    let mut clear = Made::new();
    clear.started().call(5, 9);
    clear.pns(CallClearRequest {
        call_id: CallId(5),
        ..CallClearRequest::default()
    });
    let report = clear.judged();
    assert_eq!(open_questions(&report, PAC), ["CCLR-005"]);
}

#[test]
fn a_file_that_is_cut_short_is_judged_up_to_there() {
    let octets = plain().octets();
    let report = judged(&octets[..octets.len() - 7]);
    assert!(report.cut_short.is_some());
    assert!(report.control_messages > 6);
    assert!(
        verify(
            &b"no capture"[..],
            VerifyOptions::default(),
            &mut |_| Ok(())
        )
        .is_err()
    );
}

#[test]
fn no_octet_of_a_capture_makes_it_panic() {
    let octets = plain().octets();
    for at in (0..octets.len()).step_by(7) {
        for change in [0x01, 0x80, 0xFF] {
            let mut changed = octets.clone();
            changed[at] ^= change;
            // Whether it is still a capture does not matter.
            let _ = verify(
                &changed[..],
                VerifyOptions {
                    behind_nat: at % 2 == 0,
                },
                &mut |_| Ok(()),
            );
        }
    }
}

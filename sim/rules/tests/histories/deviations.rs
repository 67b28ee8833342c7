//! What real implementations do otherwise, as it was measured; and what a tap on the path can and cannot tell.

use crate::history::*;
use pptp_rules::{JudgeConfig, Place};
use pptp_wire::Requirement::*;
use pptp_wire::*;

/// The server of accel-ppp, with the kernel's data path, and the client of pptp-linux.
fn accel_ppp_and_pptp_linux(mut history: History) -> Outcome {
    history.open(PNS);
    let request = StartControlConnectionRequest {
        maximum_channels: 65_535,
        ..request_from(PNS)
    };
    let call = OutgoingCallRequest {
        packet_recv_window_size: 3,
        ..call_request()
    };
    let reply = OutgoingCallReply {
        packet_recv_window_size: 3,
        connect_speed: 100_000_000,
        ..call_reply()
    };
    history
        .say(PNS, request)
        .say(PAC, reply_from(PAC))
        .say(PNS, call)
        .say(PAC, reply);
    for number in 1..20 {
        history.data(PAC, number);
    }
    history
        .turn()
        .say(PNS, clear(PNS_ID))
        .say(PAC, disconnect(PNS_ID, 4));
    let stop = StopControlConnectionRequest {
        reason: StopReason(0),
        ..Default::default()
    };
    history
        .say(PAC, stop)
        .send(PNS, StopControlConnectionReply::default())
        .close(PNS)
        .close(PAC);
    history.judged()
}

#[test]
fn a_server_on_the_kernels_data_path_is_found_out() {
    for history in [History::new(), History::captured()] {
        let outcome = accel_ppp_and_pptp_linux(history);
        outcome.is(&[
            (Sccrq006, PNS),
            (Seq001, PAC),
            (Win003, PAC),
            (Win002, PAC),
            (Ocrq014, PAC),
            (Cdn003, PAC),
            (Stcrq002, PAC),
        ]);
        assert_eq!(outcome.finding(Sccrq006).detail.seen, Some(65_535));
        assert_eq!(outcome.finding(Seq001).severity, Severity::Warning);
        let wrong_id = outcome.finding(Cdn003).detail;
        assert_eq!(wrong_id.text, "the PNS's Call ID");
        assert_eq!(
            (wrong_id.seen, wrong_id.expected),
            (Some(PNS_ID.into()), Some(PAC_ID.into()))
        );
    }
}

#[test]
fn a_server_that_answers_a_clear_by_closing_is_found_out() {
    for mut history in [History::new(), History::captured()] {
        history
            .called()
            .say(PNS, clear(PNS_ID))
            .close(PAC)
            .close(PNS);
        history
            .judged()
            .is(&[(Cclr005, PAC), (Paco006, PAC), (Cc017, PAC)]);
    }
}

#[test]
fn a_sender_that_starts_anywhere_is_worse_than_one_that_starts_at_1() {
    let mut history = History::new();
    history.called().data(PNS, 77).turn();
    let outcome = history.judged();
    assert_eq!(outcome.finding(Seq001).severity, Severity::Error);
}

#[test]
fn always_acknowledging_is_a_note() {
    let mut history = History::new();
    history.called().acknowledge(PNS, u32::MAX).turn();
    assert_eq!(history.judged().finding(Ack003).severity, Severity::Note);
}

#[test]
fn an_early_close_for_a_missing_echo_is_a_note() {
    let mut history = History::new();
    history
        .script(PAC)
        .started()
        .say(PNS, echo(1))
        .wait(30_000)
        .close(PNS);
    assert_eq!(history.judged().finding(Cc008).severity, Severity::Note);
}

/// Behind octets of others nobody can see its Echo-Request, which may be why it closes; behind a whole message of others they can.
#[test]
fn a_bare_close_of_an_end_whose_words_were_spoiled_is_no_fault() {
    let bare_close = |origin: fn(&mut History) -> &mut History| {
        let mut history = History::new();
        origin(history.started()).send(PNS, echo(1));
        history.own().wait(100).close(PNS);
        history.judged()
    };
    bare_close(History::spoiled).is_clean();
    assert!(bare_close(History::foreign).finding(Cc008).graded);
}

/// The first octets of junk show it: who has them may close before the last one is there.
#[test]
fn a_bare_close_while_junk_arrives_is_no_fault() {
    let bare_close = |octets: &[u8], framing| {
        let mut history = History::new();
        history.started().octets(PAC, octets, framing).close(PNS);
        history.judged()
    };
    let closes = |outcome: Outcome| {
        let mut findings = outcome.findings.into_iter();
        findings.any(|finding| (finding.requirement, finding.end) == (Cc008, PNS))
    };
    let framing = Some(FramingErrorKind::LengthTooLong);
    assert!(!closes(bare_close(&[1, 10, 5], framing)));
    let neither_type_nor_cookie = [0, 200, 0, 9, 2, 60, 0, 0, 0, 3, 0, 0];
    let framing = Some(FramingErrorKind::BadPptpMessageType);
    assert!(!closes(bare_close(&neither_type_nor_cookie, framing)));
    assert!(closes(bare_close(&[0, 16, 0, 1], None)));
}

#[test]
fn serial_numbers_of_a_client_that_has_crashed_are_a_note() {
    let mut history = History::new();
    history.called().crash(PNS).wait(100);
    let reply = OutgoingCallReply {
        call_id: CallId(2),
        ..call_reply()
    };
    history.started().say(PNS, call_request()).say(PAC, reply);
    let outcome = history.judged();
    outcome.is(&[(Ocrq003, PNS)]);
    assert_eq!(outcome.finding(Ocrq003).severity, Severity::Note);
}

#[test]
fn address_translation_explains_what_it_may_have_done() {
    let mut history = History::new();
    history.config.behind_nat = true;
    history
        .called()
        .say(PNS, clear(PNS_ID))
        .say(PAC, disconnect(PNS_ID, 4));
    history.data_to(PNS, 7, 0, None).started();
    let outcome = history.judged();
    for requirement in [Cdn003, Gre012] {
        assert_eq!(outcome.finding(requirement).severity, Severity::Note);
    }
    let mut history = History::new();
    history.config.behind_nat = true;
    history.called().started();
    assert_eq!(history.judged().finding(Tr012).severity, Severity::Note);
}

#[test]
fn a_call_id_on_two_connections_is_excused_by_address_translation_alone() {
    let severity = |behind_nat, connections| {
        let mut history = History::new();
        history.config.behind_nat = behind_nat;
        history.called();
        if connections == 2 {
            history.started();
        }
        history
            .say(PNS, same_id())
            .judged()
            .finding(Ocrq002)
            .severity
    };
    assert_eq!(severity(true, 2), Severity::Note);
    assert_eq!(severity(true, 1), Ocrq002.severity());
    assert_eq!(severity(false, 2), Ocrq002.severity());
}

#[test]
fn the_path_is_not_taken_for_the_sender() {
    let mut history = History::captured();
    history.called();
    for number in [0, 1, 3, 2, 2, 5] {
        history.data(PNS, number);
    }
    let outcome = history.turn().judged();
    outcome.is_clean().is_open(Seq002, PNS).is_open(Seq006, PNS);
}

#[test]
fn the_ipv4_identification_tells_the_sender_from_the_path() {
    let captured = |packets: &[(u32, u16)]| {
        let mut history = History::captured();
        history.called();
        for &(number, identification) in packets {
            history.identified(PNS, number, identification);
        }
        history.turn().judged()
    };
    // The path: overtaken, repeated, lost.
    captured(&[
        (0, 10),
        (1, 11),
        (2, 12),
        (4, 14),
        (3, 13),
        (3, 13),
        (7, 17),
    ])
    .is_clean()
    .is_decided(Seq002, PNS)
    .is_decided(Seq006, PNS);
    // The sender: left out, went back, repeated.
    captured(&[(0, 10), (1, 11), (2, 12), (5, 13)]).is(&[(Seq002, PNS)]);
    captured(&[(0, 10), (1, 11), (2, 12), (5, 15), (4, 16)]).is(&[(Seq002, PNS)]);
    captured(&[(0, 10), (1, 11), (2, 12), (1, 13)]).is(&[(Seq006, PNS), (Ack010, PNS)]);
    // An Identification that does not count tells nothing.
    captured(&[(0, 0), (1, 0), (2, 0), (1, 0)])
        .is_clean()
        .is_open(Seq006, PNS);
}

#[test]
fn an_acknowledgment_that_the_path_repeats_does_not_go_back() {
    let acknowledging = |identification_of_the_last| {
        let mut history = History::captured();
        history.called();
        for number in 0..4 {
            history.data(PAC, number);
        }
        history.turn();
        let data = |number: u32| gre(GreHeader::data(CallId(PAC_ID), number, Some(number), 40));
        for number in 0..3 {
            let identification = Some(10 + number as u16);
            history.packet(PNS, PAC, &data(number), identification);
        }
        history.acknowledge(PNS, 3);
        history.packet(PNS, PAC, &data(2), Some(identification_of_the_last));
        history.turn().judged()
    };
    acknowledging(12).is_clean().is_decided(Ack002, PNS);
    // With an Identification of its own it is the sender's.
    acknowledging(14).finding(Ack002);
}

#[test]
fn data_long_before_the_message_that_allows_it_is_early_on_the_path_too() {
    let ahead_of_the_reply = |milliseconds| {
        let mut history = History::captured();
        history.started().say(PNS, call_request());
        history.data(PAC, 0).wait(milliseconds);
        history.say(PAC, call_reply()).judged()
    };
    ahead_of_the_reply(1_000).is_clean();
    ahead_of_the_reply(3_000).is(&[(Call009, PAC)]);
}

#[test]
fn a_capture_from_the_middle_accuses_nobody() {
    let mut history = History::captured();
    history.config = JudgeConfig::capture();
    history.data(PNS, 4_711).data(PAC, 815).turn();
    history
        .on(9)
        .say(PNS, echo(4))
        .say(PAC, echo_reply(4))
        .data(PNS, 4_712)
        .turn();
    history.ended();
    history.judged().is_clean().is_open(Call007, PNS);
}

#[test]
fn an_answer_to_what_was_said_before_the_capture_began_is_no_fault() {
    let mut history = History::captured();
    history.config = JudgeConfig::capture();
    history.on(9).say(PAC, call_reply());
    history.judged().is_clean();
    // From the start it is.
    let mut history = History::captured();
    history.started().say(PAC, call_reply());
    history.judged().is(&[(Ocrp003, PAC)]);
}

#[test]
fn a_request_is_that_of_windows_if_all_its_values_are() {
    let windows = OutgoingCallRequest {
        minimum_bps: 300,
        maximum_bps: 100_000_000,
        packet_recv_window_size: 64,
        packet_processing_delay: 0,
        ..call_request()
    };
    let judged = |request: OutgoingCallRequest| History::new().started().say(PNS, request).judged();
    judged(windows).held(Ms014, PNS);
    let others = [
        OutgoingCallRequest {
            minimum_bps: 2_400,
            ..windows
        },
        OutgoingCallRequest {
            maximum_bps: 10_000_000,
            ..windows
        },
        OutgoingCallRequest {
            packet_recv_window_size: 3,
            ..windows
        },
        OutgoingCallRequest {
            packet_processing_delay: 1,
            ..windows
        },
    ];
    for other in others {
        judged(other).not_held(Ms014, PNS);
    }
}

#[test]
fn an_injected_packet_is_shown_and_leaves_the_sender_in_peace() {
    let mut history = History::new();
    history
        .called()
        .data(PNS, 0)
        .data(PNS, 1)
        .foreign()
        .data(PNS, 900)
        .own()
        .data(PNS, 2)
        .turn();
    // The receiver cannot know that 900 was not the peer's.
    history.acknowledge(PAC, 900).turn();
    let outcome = history.judged();
    outcome.is(&[(Seq002, PNS)]);
    assert!(!outcome.finding(Seq002).graded);
}

#[test]
fn findings_cite_the_observation_and_the_time() {
    let mut history = History::new();
    history.started().say(PAC, echo_reply(5));
    let finding = history.judged().finding(Ecrp006);
    assert_eq!((finding.observation, finding.graded), (5, true));
    assert_eq!(finding.at.to_string(), "0.080000");
    assert_eq!(
        finding.to_string(),
        "ECRP-006 warning: no request is open: seen 5"
    );
    assert_eq!(Place::Sent, Place::Sent);
}

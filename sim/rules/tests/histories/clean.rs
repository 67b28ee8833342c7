//! Correct runs: nothing is found, and the preconditions that such runs are there for did hold.

use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

/// Data both ways with acknowledgments that ride on it, as in a call of two seconds.
fn exchange(history: &mut History) {
    for number in 0..100 {
        for end in [PNS, PAC] {
            if number < 3 {
                history.data(end, number);
            } else {
                history.data_with(end, number, number - 3);
            }
        }
        history.wait(10);
    }
    history
        .wait(100)
        .acknowledge(PNS, 99)
        .acknowledge(PAC, 99)
        .turn();
}

fn outgoing(mut history: History) -> Outcome {
    history.called();
    exchange(&mut history);
    history.ended().judged()
}

#[test]
fn an_outgoing_call_from_the_first_message_to_the_last() {
    let outcome = outgoing(History::new());
    outcome.is_clean();
    for requirement in [
        Sccrq001, Sccrq006, Ocrq001, Ocrq002, Gre012, Seq001, Seq002, Ack001, Ack003, Win002,
        Cclr002, Pnso006, Pnso007, Pnso005, Cc008, Stcrq002, Call001, Cc012, Ocrq008, Call007,
    ] {
        outcome.held(requirement, PNS);
    }
    for requirement in [
        Sccrp001, Sccrp002, Ocrp001, Ocrp003, Call009, Cclr005, Cdn003, Cdn005, Paco006, Cc018,
        Stcrp001, Tr014, Seq001, Ocrq014, Cdn002,
    ] {
        outcome.held(requirement, PAC);
    }
    outcome
        .not_held(Cc008, PAC)
        .not_held(Paci005, PAC)
        .not_held(Ka003, PNS);
}

#[test]
fn the_same_call_in_a_capture() {
    outgoing(History::captured()).is_clean();
}

#[test]
fn an_incoming_call_on_a_connection_that_the_pac_opened() {
    let mut history = History::new();
    history
        .started_by(PAC)
        .say(PAC, ring())
        .say(PNS, ring_reply())
        .say(PAC, ring_connected());
    let info = SetLinkInfo {
        peer_call_id: CallId(PAC_ID),
        ..Default::default()
    };
    history.say(PNS, info);
    for number in 0..20 {
        history.data(PAC, number);
        history.wait(30).acknowledge(PNS, number);
    }
    let errors = |crc_errors| WanErrorNotify {
        peer_call_id: CallId(PNS_ID),
        crc_errors,
        ..Default::default()
    };
    history
        .say(PAC, errors(3))
        .wait(59_900)
        .say(PAC, echo(1))
        .say(PNS, echo_reply(1));
    history
        .wait(61_000)
        .say(PAC, errors(5))
        .say(PNS, echo(1))
        .say(PAC, echo_reply(1));
    history.say(PAC, disconnect(PAC_ID, 1));
    history.say(PAC, StopControlConnectionRequest::default());
    history
        .send(PNS, StopControlConnectionReply::default())
        .close(PNS)
        .close(PAC);
    let outcome = history.judged();
    outcome.is_clean();
    for requirement in [
        Tr009, Icrq001, Icrq010, Iccn001, Iccn002, Paci003, Paci005, Wen001, Wen003, Wen006,
        Cdn003, Cc008, Cc010,
    ] {
        outcome.held(requirement, PAC);
    }
    for requirement in [Icrp001, Icrp003, Sli001, Sli002, Pnsi005, Sccrp008, Cc018] {
        outcome.held(requirement, PNS);
    }
}

#[test]
fn a_clear_crosses_a_disconnect_and_another_a_late_reply() {
    let mut history = History::new();
    let second = OutgoingCallRequest {
        call_id: CallId(9_402),
        call_serial_number: 2,
        ..call_request()
    };
    let second_reply = OutgoingCallReply {
        call_id: CallId(52_110),
        peer_call_id: CallId(9_402),
        ..call_reply()
    };
    history.called().say(PNS, second);
    history
        .send(PNS, clear(9_402))
        .wait(5)
        .send(PAC, second_reply)
        .wait(15);
    history.say(PAC, disconnect(52_110, 4));
    history
        .send(PNS, clear(PNS_ID))
        .send(PAC, disconnect(PAC_ID, 3))
        .turn();
    history.wait(1_000).judged().is_clean().held(Pnso007, PNS);
}

#[test]
fn a_clear_crosses_a_disconnect_in_a_capture() {
    let mut history = History::captured();
    history
        .called()
        .send(PNS, clear(PNS_ID))
        .send(PAC, disconnect(PAC_ID, 3))
        .turn();
    history.judged().is_clean().is_open(Cdn005, PAC);
    let mut history = History::captured();
    history
        .called()
        .send(PAC, disconnect(PAC_ID, 3))
        .send(PNS, clear(PNS_ID))
        .turn();
    history.judged().is_clean();
}

/// A second ring, whose Call ID of the PAC is the one that the first call has at the PNS, is given up this long after its refusal.
fn given_up_after_refusal(mut history: History, milliseconds: u64) -> Outcome {
    let second = IncomingCallRequest {
        call_id: CallId(PNS_ID),
        ..second_ring()
    };
    let refusal = IncomingCallReply {
        peer_call_id: CallId(PNS_ID),
        call_id: CallId(0),
        packet_recv_window_size: 0,
        ..ring_refusal()
    };
    history.rung().say(PAC, second).send(PNS, refusal);
    history
        .wait(milliseconds)
        .say(PAC, disconnect(PNS_ID, 3))
        .judged()
}

#[test]
fn a_disconnect_that_crosses_the_refusal_of_its_call_in_a_capture_ends_no_other_call() {
    given_up_after_refusal(History::captured(), 5).is(&[(Paci002, PAC)]);
    // Nothing crosses any more: what the notify names is the other call, with the number of the PNS.
    given_up_after_refusal(History::captured(), 5_000).is(&[(Cdn003, PAC)]);
}

#[test]
fn a_stop_behind_a_reply_that_crosses_a_clear_may_be_what_the_user_asked_for() {
    for (reason, open) in [
        (StopReason::NONE, true),
        (StopReason::STOP_LOCAL_SHUTDOWN, true),
        (StopReason::STOP_PROTOCOL, false),
    ] {
        let mut history = History::new();
        history
            .started()
            .say(PNS, call_request())
            .send(PNS, clear(PNS_ID))
            .send(PAC, call_reply())
            .turn();
        let stop = StopControlConnectionRequest {
            reason,
            ..Default::default()
        };
        let outcome = history.say(PNS, stop).judged();
        let blames = outcome
            .findings
            .iter()
            .any(|finding| finding.requirement == Pnso007);
        assert_eq!(blames, !open, "{reason:?}");
        if open {
            outcome.is_open(Pnso007, PNS);
        } else {
            outcome.is_decided(Pnso007, PNS);
        }
    }
}

#[test]
fn a_simultaneous_start_is_decided_for_the_higher_address() {
    let mut history = History::new();
    let (lost, kept) = history.open_both();
    history.on(lost).send(PNS, request_from(PNS));
    history.on(kept).send(PAC, request_from(PAC)).turn();
    history
        .on(lost)
        .close(PNS)
        .on(kept)
        .send(PNS, reply_from(PNS));
    history.on(lost).close(PAC);
    let outcome = history.judged();
    outcome
        .is_clean()
        .held(Cc022, PNS)
        .held(Cc024, PNS)
        .held(Cc026, PNS)
        .held(Cc023, PAC)
        .held(Cc028, PAC);
}

/// Waits that are shorter than 60 s are notes (AMB-21).
#[test]
fn a_winner_that_waits_for_a_while_is_noted() {
    for (wait, severity) in [(1_000, Severity::Error), (30_000, Severity::Note)] {
        let mut history = History::new();
        let (lost, kept) = history.open_both();
        history.on(lost).send(PNS, request_from(PNS));
        history
            .on(kept)
            .say(PAC, request_from(PAC))
            .on(lost)
            .close(PNS);
        history.wait(wait).on(kept).close(PAC);
        let finding = history.judged().finding(Cc027);
        assert_eq!((finding.end, finding.severity), (PAC, severity));
    }
}

#[test]
fn an_unanswered_keep_alive_ends_the_connection() {
    let mut history = History::new();
    history
        .script(PAC)
        .started()
        .wait(60_000)
        .say(PNS, echo(1))
        .wait(59_980)
        .close(PNS)
        .wait(10_000);
    let outcome = history.judged();
    outcome.is_clean().held(Ka004, PNS).held(Ka003, PNS);
}

#[test]
fn lost_acknowledgments_and_a_backed_off_sender() {
    let mut history = History::new();
    let reply = OutgoingCallReply {
        packet_recv_window_size: 8,
        ..call_reply()
    };
    history.started().say(PNS, call_request()).say(PAC, reply);
    let mut next = 0;
    for (burst, pause) in [(4, 1_000), (2, 2_000), (1, 4_000), (1, 50)] {
        for _ in 0..burst {
            history.data(PNS, next);
            next += 1;
        }
        history.turn().lose();
        for number in next - burst..next {
            history.acknowledge(PAC, number);
        }
        history.deliver().wait(pause - DELAY);
    }
    history
        .acknowledge(PAC, 7)
        .turn()
        .data(PNS, 8)
        .data(PNS, 9)
        .wait(50);
    history.judged().is_clean().held(Win003, PNS);
}

#[test]
fn a_connection_after_another_and_a_second_one_that_is_refused() {
    let mut history = History::new();
    history.started().stopped().started();
    let first = history.open(PNS);
    let refusal = StartControlConnectionReply {
        result_code: StartResult::EXISTS,
        ..reply_from(PAC)
    };
    history
        .on(first)
        .say(PNS, request_from(PNS))
        .send(PAC, refusal)
        .close(PAC)
        .close(PNS);
    let outcome = history.judged();
    outcome.held(Cc021, PAC).held(Sccrp014, PAC);
    assert!(
        outcome
            .findings
            .iter()
            .all(|finding| finding.requirement != Cc021)
    );
}

#[test]
fn a_stop_that_is_not_answered_under_a_call() {
    let mut history = History::new();
    history
        .called()
        .script(PAC)
        .say(PNS, StopControlConnectionRequest::default())
        .wait(60_000)
        .close(PNS)
        .wait(10_000);
    let outcome = history.judged();
    outcome.held(Cc029, PNS).held(Call008, PNS);
}

#[test]
fn a_value_out_of_range_is_a_test_of_the_receiver() {
    let mut history = History::new();
    let bad = OutgoingCallRequest {
        bearer_type: BearerType(4),
        ..call_request()
    };
    history.script(PNS).started().say(PNS, bad);
    let outcome = history.judged();
    outcome.held(Hdr014, PAC).not_held(Hdr015, PAC);
}

#[test]
fn a_peer_that_restarts_is_refused_while_its_dead_connection_is_believed_in() {
    let mut history = History::new();
    history.called().crash(PNS);
    history.open(PNS);
    let refusal = StartControlConnectionReply {
        result_code: StartResult::EXISTS,
        ..reply_from(PAC)
    };
    history
        .say(PNS, request_from(PNS))
        .send(PAC, refusal)
        .close(PAC)
        .close(PNS);
    history.judged().is_clean().held(Sccrp014, PAC);
}

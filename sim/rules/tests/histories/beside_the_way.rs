//! Messages that have no place where they come: what the other end does about them is no fault of its own.

use crate::history::*;
use pptp_rules::End;
use pptp_wire::Requirement::*;
use pptp_wire::*;

#[test]
fn a_stop_reply_that_nobody_asked_for_ends_nothing() {
    let mut history = History::new();
    history.called().say(PNS, stop_reply(1)).wait(20_000);
    history.data(PAC, 0).wait(50).acknowledge(PNS, 0);
    history.say(PAC, echo(9)).say(PNS, echo_reply(9));
    history
        .say(PNS, clear(PNS_ID))
        .say(PAC, disconnect(PAC_ID, 4));
    let outcome = history.wait(1_000).judged();
    outcome.is(&[(Stcrp001, PNS)]);
    outcome.not_held(Cc019, PAC).not_held(Call010, PAC);
}

#[test]
fn a_stop_reply_that_nobody_asked_for_may_be_met_with_a_close() {
    let mut history = History::new();
    history
        .started()
        .say(PNS, stop_reply(1))
        .close(PAC)
        .close(PNS);
    blames_alone(&history.wait(1_000).judged(), PNS, Stcrp001);
}

/// The requirement is broken, and nothing by the other end.
#[track_caller]
fn blames_alone(outcome: &Outcome, end: End, requirement: Requirement) {
    assert_eq!(outcome.finding(requirement).end, end);
    let others = outcome.findings.iter().any(|finding| finding.end != end);
    assert!(!others, "{:#?}", outcome.findings);
}

fn bad_call_id() -> OutgoingCallReply {
    OutgoingCallReply {
        result_code: OutgoingCallResult::GENERAL_ERROR,
        error_code: ErrorCode::BAD_CALL_ID,
        ..call_refusal()
    }
}

#[test]
fn a_request_under_the_call_id_of_one_that_waits_may_be_refused_before_or_after_the_reply_to_that()
{
    for refused_first in [true, false] {
        let mut history = History::new();
        history.script(PNS).started();
        history.say(PNS, call_request()).wait(1_000);
        history.say(PNS, same_id());
        if refused_first {
            history
                .say(PAC, bad_call_id())
                .wait(1_000)
                .say(PAC, call_reply());
        } else {
            history
                .say(PAC, call_reply())
                .wait(1_000)
                .say(PAC, bad_call_id());
        }
        history.data(PNS, 0).wait(50).acknowledge(PAC, 0);
        history
            .say(PNS, clear(PNS_ID))
            .say(PAC, disconnect(PAC_ID, 4));
        blames_alone(&history.wait(1_000).judged(), PNS, Ocrq002);
    }
}

#[test]
fn a_third_reply_to_two_such_requests_is_one_too_many() {
    let mut history = History::new();
    history.script(PNS).started();
    history.say(PNS, call_request()).say(PNS, same_id());
    history
        .say(PAC, bad_call_id())
        .say(PAC, call_reply())
        .say(PAC, call_reply());
    let outcome = history.wait(1_000).judged();
    assert_eq!(outcome.finding(Ocrp011).end, PAC);
}

#[test]
fn a_ring_under_the_call_id_of_one_that_waits_may_be_refused() {
    let again = IncomingCallRequest {
        call_serial_number: 99,
        ..ring()
    };
    let refusal = IncomingCallReply {
        result_code: IncomingCallResult::GENERAL_ERROR,
        error_code: ErrorCode::BAD_CALL_ID,
        ..ring_refusal()
    };
    let mut history = History::new();
    history.script(PAC).started_by(PAC);
    history.send(PAC, ring()).say(PAC, again);
    history.send(PNS, ring_reply()).say(PNS, refusal);
    history.say(PAC, ring_connected());
    history.data(PAC, 0).wait(50).acknowledge(PNS, 0);
    let outcome = history.wait(1_000).judged();
    blames_alone(&outcome, PAC, Icrq002);
}

#[test]
fn a_call_whose_request_was_repeated_and_refused_goes_on() {
    let mut history = History::new();
    history.script(PNS).called();
    history.say(PNS, same_id()).say(PAC, bad_call_id());
    history.data(PNS, 0).data(PAC, 0).wait(50);
    history.acknowledge(PAC, 0).acknowledge(PNS, 0);
    history
        .say(PNS, clear(PNS_ID))
        .say(PAC, disconnect(PAC_ID, 4));
    let outcome = history.wait(1_000).judged();
    blames_alone(&outcome, PNS, Ocrq002);
}

#[test]
fn an_end_without_a_call_may_close_upon_a_message_of_a_call() {
    for message in [
        ControlMessage::from(call_reply()),
        disconnect(PAC_ID, 1).into(),
    ] {
        let mut history = History::new();
        history.started().say(PNS, message).close(PAC);
        let outcome = history.judged();
        let blamed = outcome.findings.iter().any(|found| found.end == PAC);
        assert!(!blamed, "{:#?}", outcome.findings);
    }
    let mut history = History::new();
    history.started().say(PNS, echo(1)).close(PAC);
    assert_eq!(history.judged().finding(Cc017).end, PAC);
}

#[test]
fn an_end_whose_role_is_known_may_close_upon_a_request_of_its_own_kind() {
    let mut history = History::new();
    history.described(PNS).script(PNS).started();
    history.say(PNS, ring()).close(PAC);
    let outcome = history.judged();
    assert_eq!(outcome.finding(Hdr016).end, PNS);
    blames_alone(&outcome, PNS, Icrq001);
    // Without that knowledge the request shows who is the PAC.
    let mut history = History::new();
    history.script(PNS).started().say(PNS, ring()).close(PAC);
    assert_eq!(history.judged().finding(Cc017).end, PAC);
}

#[test]
fn of_two_stop_requests_that_come_at_once_one_is_answered() {
    let mut history = History::new();
    history.script(PNS).started();
    history.send(PNS, stop()).say(PNS, stop());
    history.send(PAC, stop_reply(1)).close(PAC).close(PNS);
    let outcome = history.wait(1_000).judged();
    let blamed = outcome.findings.iter().any(|found| found.end == PAC);
    assert!(!blamed, "{:#?}", outcome.findings);
}

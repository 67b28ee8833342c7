//! Calls: matching of messages to calls, crossings, line events, commands out of place.

mod common;

use common::*;
use pptp_proto::{
    CallRef, Command, CommandError, DialOutcome, PlaceCall, Transition, UnknownClear, WanErrors,
};
use pptp_wire::{
    CallClearRequest, CallDisconnectNotify, CallId, ControlMessageType, DisconnectResult,
    ErrorCode, IncomingCallReply, IncomingCallRequest, IncomingCallResult, OutgoingCallReply,
    OutgoingCallRequest, OutgoingCallResult, Requirement, SetLinkInfo, StartControlConnectionReply,
    WanErrorNotify,
};

fn notify(call_id: CallId, result_code: DisconnectResult) -> CallDisconnectNotify {
    CallDisconnectNotify {
        call_id,
        result_code,
        ..CallDisconnectNotify::default()
    }
}

fn reply(call: CallRef, call_id: u16) -> OutgoingCallReply {
    OutgoingCallReply {
        call_id: CallId(call_id),
        peer_call_id: call.call_id,
        ..OutgoingCallReply::default()
    }
}

#[test]
fn calls_that_are_placed_too_early_wait_for_the_start_reply_all_of_them() {
    let mut net = Net::scripted(pns());
    net.command(0, &Command::OpenControl { to: PAC_ADDRESS });
    let place = |digits: &str| Command::PlaceCall {
        connection: None,
        options: PlaceCall {
            phone_number: pptp_wire::Text::new(digits),
            ..PlaceCall::default()
        },
    };
    assert_eq!(net.command(0, &place("1")), pptp_proto::Outcome::Done);
    net.run(DELAY * 3);
    assert_eq!(net.command(0, &place("22")), pptp_proto::Outcome::Done);
    let before = net.script_received(0);
    assert_eq!(before.len(), 1, "the start request alone: {before:?}");
    net.script_sends(0, StartControlConnectionReply::default());
    let numbers: Vec<u16> = net
        .script_received(0)
        .iter()
        .map(|message| body!(message, OutgoingCallRequest).phone_number_length)
        .collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(net.end(0).calls().count(), 2);
}

#[test]
fn calls_that_wait_are_bounded_and_go_with_their_connection() {
    let mut config = pns();
    config.limits.calls_per_connection = 2;
    let mut net = Net::scripted(config);
    net.command(0, &Command::OpenControl { to: PAC_ADDRESS });
    net.run(DELAY * 3);
    let place = Command::PlaceCall {
        connection: None,
        options: PlaceCall::default(),
    };
    for _ in 0..2 {
        net.command(0, &place);
    }
    assert_eq!(net.try_command(0, &place), Err(CommandError::Limit));
    net.script_resets(0);
    net.command(0, &Command::OpenControl { to: PAC_ADDRESS });
    net.run(DELAY * 3);
    net.script_sends(1, StartControlConnectionReply::default());
    assert_eq!(net.script_received(1).len(), 1, "the start request alone");
}

#[test]
fn line_errors_are_cumulative_and_reported_once_in_a_minute() {
    let mut net = Net::pair(pns(), pac());
    net.establish(PAC);
    let call = net.ring(PAC);
    net.run(seconds(1));
    let first = net.now;
    let count = |crc_errors, framing_errors| Command::CountWanErrors {
        call,
        counters: WanErrors {
            crc_errors,
            framing_errors,
            ..WanErrors::default()
        },
    };
    net.command(PAC, &count(3, 1));
    net.command(PAC, &count(2, 0));
    net.run(seconds(10));
    net.command(PAC, &count(1, 0));
    net.command(PAC, &count(0, 0));
    net.run(seconds(300));
    let notifies: Vec<_> = net
        .messages(PAC, ControlMessageType::WAN_ERROR_NOTIFY)
        .iter()
        .map(|message| {
            let notify = body!(message.1, WanErrorNotify);
            (message.0, notify.crc_errors, notify.framing_errors)
        })
        .collect();
    assert_eq!(notifies, [(first, 3, 1), (first + seconds(60), 6, 1)]);
    let line = net
        .log
        .iter()
        .find(|line| line.at == first + seconds(60))
        .expect("the second notify");
    assert_eq!(line.mark, "60 s since the last");
    // Nothing happened since: nothing is reported (WEN-002), and a new error is reported at once.
    net.command(PAC, &count(1, 0));
    assert_eq!(
        net.messages(PAC, ControlMessageType::WAN_ERROR_NOTIFY)
            .len(),
        3
    );
    assert_eq!(net.violations, []);
}

/// T-PACI-11, T-PACO-09.
#[test]
fn a_report_of_line_errors_is_a_step_of_the_call_that_it_belongs_to() {
    let reported = |incoming: bool| {
        let mut net = Net::pair(pns(), pac());
        net.establish(PNS);
        if incoming {
            net.ring(PAC);
        } else {
            net.place_call();
        }
        net.run(seconds(1));
        let counters = WanErrors {
            crc_errors: 1,
            ..WanErrors::default()
        };
        let call = net.call_of(PAC);
        net.forget();
        net.command(PAC, &Command::CountWanErrors { call, counters });
        net.steps[0].transition
    };
    assert_eq!(reported(true), Transition::Paci11);
    assert_eq!(reported(false), Transition::Paco09);
}

#[test]
fn counters_that_go_back_are_a_violation() {
    let (mut net, link) = at_pns(pns());
    let call = net.place_call();
    net.script_sends(link, reply(call, 7));
    let errors = |crc_errors| WanErrorNotify {
        peer_call_id: call.call_id,
        crc_errors,
        ..WanErrorNotify::default()
    };
    net.script_sends(link, errors(2));
    assert_eq!(net.violations, []);
    net.script_sends(link, errors(1));
    assert_eq!(net.violations, [(0, Requirement::Wen004)]);
    net.script_sends(
        link,
        WanErrorNotify {
            peer_call_id: CallId(call.call_id.0 ^ 1),
            ..errors(9)
        },
    );
    assert_eq!(net.violations[1], (0, Requirement::Wen006));
}

#[test]
fn a_notify_is_matched_by_the_pacs_number_first() {
    let (mut net, link) = at_pns(pns());
    let (first, second) = (net.place_call(), net.place_call());
    // The PAC numbers its end of the first call as the PNS numbers its end of the second (KB-19).
    net.script_sends(link, reply(first, second.call_id.0));
    net.script_sends(link, reply(second, first.call_id.0));
    net.script_sends(link, notify(second.call_id, DisconnectResult::LOST_CARRIER));
    assert!(net.end(0).call(first).is_none());
    assert!(net.end(0).call(second).is_some());
    assert_eq!(net.violations, []);
}

#[test]
fn a_notify_with_the_pnss_number_is_understood_and_a_violation() {
    let (mut net, link) = at_pns(pns());
    let call = net.place_call();
    net.script_sends(link, reply(call, call.call_id.0 ^ 0x5555));
    net.script_sends(link, notify(call.call_id, DisconnectResult::ADMIN_SHUTDOWN));
    assert!(net.end(0).call(call).is_none());
    assert_eq!(net.violations, [(0, Requirement::Cdn003)]);
    let mut strict = pns();
    strict.profile.disconnect_notify_match = pptp_proto::DisconnectNotifyMatch::PacId;
    let (mut net, link) = at_pns(strict);
    let call = net.place_call();
    net.script_sends(link, reply(call, call.call_id.0 ^ 0x5555));
    net.script_sends(link, notify(call.call_id, DisconnectResult::ADMIN_SHUTDOWN));
    assert!(net.end(0).call(call).is_some());
}

/// Before the reply the PNS cannot know the PAC's numbers: notifies answer clears in their order (AMB-38).
#[test]
fn notifies_with_unknown_numbers_answer_the_clears_in_order() {
    let (mut net, link) = at_pns(pns());
    let calls = [(); 3].map(|()| net.place_call());
    for at in [2, 0] {
        net.command(0, &Command::ClearCall { call: calls[at] });
    }
    net.script_sends(link, notify(CallId(900), DisconnectResult::REQUEST));
    assert!(net.end(0).call(calls[2]).is_none() && net.end(0).call(calls[0]).is_some());
    net.script_sends(link, notify(CallId(901), DisconnectResult::REQUEST));
    assert!(net.end(0).call(calls[0]).is_none() && net.end(0).call(calls[1]).is_some());
    assert_eq!(net.violations, []);
    net.script_sends(link, notify(CallId(902), DisconnectResult::REQUEST));
    assert_eq!(net.violations, [(0, Requirement::Cdn003)]);
}

/// The telephone is busy while the clear is under way: no notify will come, and none is waited for.
#[test]
fn an_answer_to_a_clear_with_the_pnss_number_is_for_a_call_that_was_cleared() {
    let (mut net, link) = at_pns(pns());
    let calls = [(); 3].map(|()| net.place_call());
    let [first, second, third] = calls;
    net.script_sends(link, reply(third, third.call_id.0 ^ 0x5555));
    for call in [first, second] {
        net.command(0, &Command::ClearCall { call });
    }
    net.script_sends(link, notify(second.call_id, DisconnectResult::REQUEST));
    let left = |net: &Net| calls.map(|call| net.end(0).call(call).is_some());
    assert_eq!(left(&net), [true, false, true]);
    net.script_sends(link, notify(third.call_id, DisconnectResult::REQUEST));
    assert_eq!(left(&net), [false, false, true]);
}

#[test]
fn a_failure_that_crosses_the_clear_ends_the_call() {
    let mut config = pac();
    config.telephone.outcome = DialOutcome::Busy;
    config.telephone.answers_after = milliseconds(100);
    let mut net = Net::pair(pns(), config);
    net.establish(PNS);
    let call = net.place_call();
    net.run(milliseconds(110));
    net.command(PNS, &Command::ClearCall { call });
    net.run(seconds(1));
    assert_eq!(net.end(PNS).calls().count(), 0);
    let step = net
        .steps
        .iter()
        .find(|step| step.transition == Transition::Pnso15)
        .expect("told");
    assert_eq!((step.from, step.to), ("wait-disconnect", "idle"));
    assert_eq!(net.violations, []);
    net.run(seconds(300));
    assert_eq!(net.end(PNS).connections().count(), 1);
}

#[test]
fn a_clear_for_no_call_is_treated_as_the_profile_says() {
    let cases = [
        (UnknownClear::Ignore, None, false),
        (
            UnknownClear::Refuse,
            Some((DisconnectResult::GENERAL_ERROR, ErrorCode::BAD_CALL_ID)),
            false,
        ),
        (
            UnknownClear::Notify,
            Some((DisconnectResult::REQUEST, ErrorCode::NONE)),
            false,
        ),
        (UnknownClear::Close, None, true),
    ];
    for (unknown_clear, answer, closes) in cases {
        let mut config = pac();
        config.profile.unknown_clear = unknown_clear;
        let (mut net, link) = at_pac(config);
        net.script_sends(
            link,
            CallClearRequest {
                call_id: CallId(5),
                ..Default::default()
            },
        );
        let received = net.script_received(link);
        let seen = received.first().map(|message| {
            let notify = body!(message, CallDisconnectNotify);
            (notify.result_code, notify.error_code)
        });
        assert_eq!(seen, answer, "{unknown_clear:?}");
        assert_eq!(net.is_closed(link), closes);
        assert_eq!(net.violations, [(0, Requirement::Cclr002)]);
    }
}

#[test]
fn a_clear_that_crosses_a_disconnect_is_no_violation() {
    let mut net = Net::pair(pns(), pac());
    net.establish(PNS);
    let call = net.place_call();
    net.run(seconds(1));
    let other = net.call_of(PAC);
    net.command(PNS, &Command::ClearCall { call });
    net.command(PAC, &Command::DisconnectCall { call: other });
    net.run(seconds(1));
    assert_eq!(
        net.messages(PAC, ControlMessageType::CALL_DISCONNECT_NOTIFY)
            .len(),
        1
    );
    assert_eq!(
        (net.end(PNS).calls().count(), net.end(PAC).calls().count()),
        (0, 0)
    );
    assert_eq!(net.violations, []);
}

#[test]
fn a_call_id_that_is_in_use_is_refused_with_bad_call_id() {
    let (mut net, link) = at_pac(pac());
    let request = OutgoingCallRequest {
        call_id: CallId(0x1234),
        ..Default::default()
    };
    net.script_sends(link, request);
    net.script_sends(link, request);
    let received = net.script_received(link);
    let replies: Vec<_> = received
        .iter()
        .map(|message| body!(message, OutgoingCallReply))
        .collect();
    assert_eq!(replies[0].result_code, OutgoingCallResult::CONNECTED);
    assert_eq!(
        (replies[1].result_code, replies[1].error_code),
        (OutgoingCallResult::GENERAL_ERROR, ErrorCode::BAD_CALL_ID)
    );
    assert_eq!(net.violations, [(0, Requirement::Ocrq002)]);
    let (mut net, link) = at_pns(pns());
    let request = IncomingCallRequest {
        call_id: CallId(0x1234),
        ..Default::default()
    };
    net.script_sends(link, request);
    net.script_sends(link, request);
    let received = net.script_received(link);
    let second = body!(received[1], IncomingCallReply);
    assert_eq!(
        (second.result_code, second.error_code),
        (IncomingCallResult::GENERAL_ERROR, ErrorCode::BAD_CALL_ID)
    );
}

#[test]
fn replies_that_answer_nothing_are_violations() {
    let (mut net, link) = at_pns(pns());
    let call = net.place_call();
    net.script_sends(
        link,
        OutgoingCallReply {
            peer_call_id: CallId(call.call_id.0 ^ 1),
            ..reply(call, 7)
        },
    );
    net.script_sends(link, reply(call, 7));
    net.script_sends(link, reply(call, 7));
    let busy = OutgoingCallReply {
        result_code: OutgoingCallResult::BUSY,
        ..reply(net.place_call(), 8)
    };
    net.script_sends(link, busy);
    net.script_sends(link, busy);
    let expected = [
        Requirement::Ocrp003,
        Requirement::Ocrp011,
        Requirement::Ocrp011,
    ];
    assert_eq!(
        net.violations
            .iter()
            .map(|violation| violation.1)
            .collect::<Vec<_>>(),
        expected
    );
    // The PAC's numbers have to differ from call to call.
    net.forget();
    let other = net.place_call();
    net.script_sends(link, reply(other, 7));
    assert_eq!(net.violations, [(0, Requirement::Ocrp002)]);

    let (mut net, link) = at_pac(pac());
    let call = net.ring(0);
    let accept = IncomingCallReply {
        peer_call_id: call.call_id,
        ..Default::default()
    };
    net.script_sends(
        link,
        IncomingCallReply {
            peer_call_id: CallId(call.call_id.0 ^ 1),
            ..accept
        },
    );
    net.script_sends(link, accept);
    net.script_sends(link, accept);
    net.script_sends(
        link,
        SetLinkInfo {
            peer_call_id: CallId(call.call_id.0 ^ 1),
            ..Default::default()
        },
    );
    let expected = [
        Requirement::Icrp003,
        Requirement::Icrp001,
        Requirement::Sli002,
    ];
    assert_eq!(
        net.violations
            .iter()
            .map(|violation| violation.1)
            .collect::<Vec<_>>(),
        expected
    );
}

#[test]
fn commands_are_refused_where_role_or_state_forbid_them() {
    let mut config = pac();
    config.telephone.answers_after = seconds(1);
    let mut net = Net::pair(pns(), config);
    let place = Command::PlaceCall {
        connection: None,
        options: PlaceCall::default(),
    };
    let ring = Command::Ring {
        connection: None,
        options: Default::default(),
    };
    assert_eq!(
        net.try_command(PNS, &place),
        Err(CommandError::UnknownConnection)
    );
    net.establish(PNS);
    assert_eq!(net.try_command(PNS, &ring), Err(CommandError::Unsupported));
    assert_eq!(net.try_command(PAC, &place), Err(CommandError::Unsupported));
    let call = net.place_call();
    net.run(milliseconds(100));
    let link_info = Command::SetLinkInfo {
        call,
        send_accm: 0,
        receive_accm: 0,
    };
    assert_eq!(
        net.try_command(PNS, &link_info),
        Err(CommandError::WrongState {
            state: "wait-reply"
        })
    );
    assert_eq!(
        net.send_data(PNS, call, &[1]),
        Err(CommandError::WrongState {
            state: "wait-reply"
        })
    );
    let dialling = net.call_of(PAC);
    let lost = Command::LoseCarrier { call: dialling };
    assert_eq!(
        net.try_command(PAC, &lost),
        Err(CommandError::WrongState {
            state: "wait-cs-ans"
        })
    );
    assert_eq!(
        net.try_command(PAC, &Command::ClearCall { call: dialling }),
        Err(CommandError::Unsupported)
    );
    net.command(PNS, &Command::ClearCall { call });
    let again = net.try_command(PNS, &Command::ClearCall { call });
    assert_eq!(
        again,
        Err(CommandError::WrongState {
            state: "wait-disconnect"
        })
    );
    net.run(seconds(1));
    assert_eq!(
        net.try_command(PNS, &Command::ClearCall { call }),
        Err(CommandError::UnknownCall)
    );
}

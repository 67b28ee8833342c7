//! Messages that are wrong, early, or go the wrong way: what the RFC profile does, and what others choose.

mod common;

use common::*;
use pptp_proto::{
    BadValue, Config, EarlyMessage, ErrorNumbering, LostSynchronisation, MalformedMessage,
    ManagementMessage, ReservedField, WrongDirection, WrongLength,
};
use pptp_wire::{
    CallClearRequest, CallId, ControlMessage, ControlMessageType, EchoRequest, EchoResult,
    ErrorCode, IncomingCallRequest, IncomingCallResult, OutgoingCallRequest, OutgoingCallResult,
    Raw, Requirement, StartControlConnectionRequest, StartResult, StopControlConnectionRequest,
    StopResult,
};

/// What became of the connection, what came back, and what the sender was accused of.
struct Verdict {
    closed: bool,
    answers: Vec<ControlMessage>,
    violations: Vec<Requirement>,
}

/// Sends octets to a PAC whose control connection is up, if `established`, then an echo that shows whether it is in step.
fn send(change: impl Fn(&mut Config), established: bool, octets: &[u8]) -> Verdict {
    let mut config = pac();
    change(&mut config);
    let mut net = Net::scripted(config);
    let link = net.script_opens();
    if established {
        net.script_sends(link, StartControlConnectionRequest::default());
        net.script_received(link);
    }
    net.script_sends_octets(link, octets);
    let answers = net.script_received(link);
    let closed = net.is_closed(link);
    if established && !closed {
        net.script_sends(link, EchoRequest { identifier: 99 });
        let echo = net.script_received(link);
        assert_eq!(body!(echo[0], EchoReply).identifier, 99, "still in step");
    }
    Verdict {
        closed,
        answers,
        violations: net.violations.iter().map(|violation| violation.1).collect(),
    }
}

fn raw(message: impl Into<ControlMessage>) -> Raw {
    Raw::control(message)
}

fn patched(message: impl Into<ControlMessage>, key: &str, value: u32) -> Vec<u8> {
    raw(message)
        .patch(key, value)
        .expect("a field")
        .into_octets()
}

const ECHO: EchoRequest = EchoRequest { identifier: 5 };

#[test]
fn an_early_request_that_only_a_pac_sends_is_not_answered_by_a_pac() {
    let ring = raw(IncomingCallRequest::default()).into_octets();
    let verdict = send(|_| {}, false, &ring);
    assert!(verdict.closed && verdict.answers.is_empty());
    assert!(verdict.violations.contains(&Requirement::Hdr016));
}

#[test]
fn loss_of_step_ends_the_connection() {
    let bad_cookie = patched(ECHO, "magic-cookie", 0x1A2B_3C4C);
    let too_long = patched(ECHO, "length", 221);
    let too_short = patched(ECHO, "length", 7);
    for octets in [&bad_cookie, &too_long, &too_short] {
        let verdict = send(|_| {}, true, octets);
        assert!(verdict.closed && verdict.answers.is_empty());
        assert_eq!(verdict.violations.len(), 1, "{:?}", verdict.violations);
    }
    let verdict = send(
        |config| config.profile.lost_synchronisation = LostSynchronisation::Reset,
        true,
        &bad_cookie,
    );
    assert!(verdict.closed);
    let stop =
        |config: &mut Config| config.profile.lost_synchronisation = LostSynchronisation::Stop;
    let mut config = pac();
    stop(&mut config);
    let mut net = Net::scripted(config);
    let link = net.script_opens();
    net.script_sends(link, StartControlConnectionRequest::default());
    net.script_sends_octets(link, &bad_cookie);
    let last = net.script_received(link).pop().expect("a stop request");
    assert_eq!(body!(last, StopControlConnectionRequest).reason.0, 2);
    let junk = [&[0xFF; 9][..], &raw(ECHO).into_octets()].concat();
    let verdict = send(
        |config| config.profile.lost_synchronisation = LostSynchronisation::Resynchronise,
        true,
        &junk,
    );
    assert_eq!(body!(verdict.answers[0], EchoReply).identifier, 5);
}

#[test]
fn an_end_that_does_not_check_the_cookie_takes_any() {
    let bad_cookie = patched(ECHO, "magic-cookie", 0x1A2B_3C4C);
    let careless = |config: &mut Config| config.profile.checks_magic_cookie = false;
    let verdict = send(careless, true, &bad_cookie);
    assert_eq!(body!(verdict.answers[0], EchoReply).identifier, 5);
    assert!(!verdict.closed);
}

/// Where Bad-Value has no number, those of the errors behind it are one lower (AMB-55).
#[test]
fn an_end_that_does_not_number_bad_value_numbers_what_comes_behind_it() {
    let without = |config: &mut Config| {
        config.profile.error_numbering = ErrorNumbering::WithoutBadValue;
        config.limits.calls_per_connection = 0;
    };
    let error = |octets: &[u8]| {
        let verdict = send(without, true, octets);
        body!(verdict.answers[0], OutgoingCallReply).error_code
    };
    let full = raw(OutgoingCallRequest::default()).into_octets();
    assert_eq!(error(&full), ErrorCode(ErrorCode::NO_RESOURCE.0 - 1));
    let bad = patched(OutgoingCallRequest::default(), "bearer-type", 4);
    assert_eq!(error(&bad), ErrorCode::BAD_VALUE);
}

#[test]
fn a_refusal_promises_nothing() {
    let bad = patched(OutgoingCallRequest::default(), "bearer-type", 4);
    let verdict = send(|_| {}, true, &bad);
    let reply = body!(verdict.answers[0], OutgoingCallReply);
    assert_eq!(reply.call_id, CallId(0));
    assert_eq!((reply.connect_speed, reply.packet_recv_window_size), (0, 0));
}

#[test]
fn a_pns_refuses_a_ring_with_a_value_out_of_range() {
    let mut net = Net::scripted(pns());
    let link = net.script_opens();
    net.script_sends(link, StartControlConnectionRequest::default());
    net.script_received(link);
    let ring = patched(IncomingCallRequest::default(), "call-bearer-type", 4);
    net.script_sends_octets(link, &ring);
    let answers = net.script_received(link);
    let reply = body!(answers[0], IncomingCallReply);
    assert_eq!(
        (reply.result_code, reply.error_code),
        (IncomingCallResult::GENERAL_ERROR, ErrorCode::BAD_VALUE)
    );
    assert_eq!(
        (reply.call_id, reply.packet_recv_window_size),
        (CallId(0), 0)
    );
}

#[test]
fn undefined_types_end_the_connection_or_are_let_pass() {
    let unknown = Raw::octets([0, 12, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 99, 0, 0]).into_octets();
    let verdict = send(|_| {}, true, &unknown);
    assert!(verdict.closed);
    assert!(
        verdict.violations.contains(&Requirement::Hdr010),
        "{:?}",
        verdict.violations
    );
    let ignore =
        |config: &mut Config| config.profile.unknown_message_type = MalformedMessage::Ignore;
    assert!(!send(ignore, true, &unknown).closed);

    let management = patched(ECHO, "pptp-message-type", 2);
    let choose = |choice| {
        send(
            move |config| config.profile.management_message = choice,
            true,
            &management,
        )
    };
    assert!(choose(ManagementMessage::Close).closed);
    assert!(choose(ManagementMessage::Ignore).answers.is_empty());
    assert_eq!(choose(ManagementMessage::Process).answers.len(), 1);
}

#[test]
fn a_length_that_is_not_the_types_is_treated_as_the_profile_says() {
    let long = raw(OutgoingCallRequest::default())
        .pad(4)
        .patch("length", 172)
        .expect("fits")
        .into_octets();
    let short = raw(OutgoingCallRequest::default())
        .truncate(28)
        .patch("length", 28)
        .expect("fits")
        .into_octets();
    for octets in [&long, &short] {
        let choose = |choice| {
            send(
                move |config| config.profile.wrong_length = choice,
                true,
                octets,
            )
        };
        assert!(choose(WrongLength::Close).closed);
        assert!(choose(WrongLength::Ignore).answers.is_empty());
        let answer = choose(WrongLength::ErrorReply);
        let reply = body!(answer.answers[0], OutgoingCallReply);
        assert_eq!(
            (reply.result_code, reply.error_code),
            (OutgoingCallResult::GENERAL_ERROR, ErrorCode::BAD_FORMAT)
        );
        assert!(answer.violations.contains(&Requirement::Hdr003));
    }
    let accept = |config: &mut Config| config.profile.wrong_length = WrongLength::Accept;
    let reply = body!(send(accept, true, &long).answers[0], OutgoingCallReply);
    assert_eq!(reply.result_code, OutgoingCallResult::CONNECTED);
    assert!(send(accept, true, &short).closed);
    let echo = raw(ECHO)
        .pad(4)
        .patch("length", 20)
        .expect("fits")
        .into_octets();
    let answer = send(
        |config| config.profile.wrong_length = WrongLength::ErrorReply,
        true,
        &echo,
    );
    assert_eq!(
        body!(answer.answers[0], EchoReply).result_code,
        EchoResult::GENERAL_ERROR
    );
}

#[test]
fn values_out_of_range_are_refused_with_bad_value() {
    let request = OutgoingCallRequest::default();
    let bad = [
        patched(request, "bearer-type", 4),
        patched(request, "bearer-type", 0),
        patched(request, "framing-type", 4),
        patched(request, "phone-number-length", 65),
        patched(request, "minimum-bps", 200_000_000),
    ];
    for octets in &bad {
        let verdict = send(|_| {}, true, octets);
        let reply = body!(verdict.answers[0], OutgoingCallReply);
        assert_eq!(
            (reply.result_code, reply.error_code),
            (OutgoingCallResult::GENERAL_ERROR, ErrorCode::BAD_VALUE)
        );
        assert!(!verdict.closed && !verdict.violations.is_empty());
        assert!(
            send(
                |config| config.profile.bad_value = BadValue::Close,
                true,
                octets
            )
            .closed
        );
        let accepted = send(
            |config| config.profile.bad_value = BadValue::Accept,
            true,
            octets,
        );
        assert_eq!(
            body!(accepted.answers[0], OutgoingCallReply).result_code,
            OutgoingCallResult::CONNECTED
        );
    }
    let fine = send(|_| {}, true, &patched(request, "phone-number-length", 0));
    assert_eq!(
        body!(fine.answers[0], OutgoingCallReply).result_code,
        OutgoingCallResult::CONNECTED
    );
}

#[test]
fn reserved_fields_are_ignored_unless_the_profile_minds() {
    let octets = patched(ECHO, "reserved0", 1);
    let verdict = send(|_| {}, true, &octets);
    assert_eq!(verdict.answers.len(), 1);
    assert!(verdict.violations.contains(&Requirement::Hdr011));
    let answer = send(
        |config| config.profile.reserved_field = ReservedField::ErrorReply,
        true,
        &octets,
    );
    assert_eq!(
        body!(answer.answers[0], EchoReply).error_code,
        ErrorCode::BAD_VALUE
    );
    assert!(
        send(
            |config| config.profile.reserved_field = ReservedField::Close,
            true,
            &octets
        )
        .closed
    );
    let start = patched(StartControlConnectionRequest::default(), "reserved1", 1);
    let answer = send(
        |config| config.profile.reserved_field = ReservedField::ErrorReply,
        false,
        &start,
    );
    let reply = body!(answer.answers[0], StartControlConnectionReply);
    assert_eq!(
        (reply.result_code, reply.error_code),
        (StartResult::GENERAL_ERROR, ErrorCode::BAD_VALUE)
    );
    assert!(answer.closed);
    // Result 2 says that nothing was closed.
    let stop = patched(StopControlConnectionRequest::default(), "reserved1", 1);
    let answer = send(
        |config| config.profile.reserved_field = ReservedField::ErrorReply,
        true,
        &stop,
    );
    let reply = body!(answer.answers[0], StopControlConnectionReply);
    assert_eq!(
        (reply.result_code, reply.error_code),
        (StopResult::GENERAL_ERROR, ErrorCode::BAD_VALUE)
    );
    assert!(!answer.closed);
}

#[test]
fn messages_before_the_start_exchange_are_out_of_order() {
    let call = raw(OutgoingCallRequest::default()).into_octets();
    let verdict = send(|_| {}, false, &call);
    let reply = body!(verdict.answers[0], OutgoingCallReply);
    assert_eq!(
        (reply.result_code, reply.error_code),
        (OutgoingCallResult::GENERAL_ERROR, ErrorCode::NOT_CONNECTED)
    );
    assert_eq!(verdict.violations, [Requirement::Tr005]);
    assert!(!verdict.closed);
    assert!(
        send(
            |config| config.profile.call_before_established = EarlyMessage::Close,
            false,
            &call
        )
        .closed
    );

    let echo = raw(ECHO).into_octets();
    let verdict = send(|_| {}, false, &echo);
    assert!(verdict.answers.is_empty() && !verdict.closed);
    let answer = send(
        |config| config.profile.echo_before_established = EarlyMessage::Answer,
        false,
        &echo,
    );
    assert_eq!(answer.answers.len(), 1);

    let clear = raw(CallClearRequest::default()).into_octets();
    assert!(send(|_| {}, false, &clear).closed);
    assert!(
        !send(
            |config| config.profile.other_before_established = EarlyMessage::Ignore,
            false,
            &clear
        )
        .closed
    );
    let stop = raw(StopControlConnectionRequest::default()).into_octets();
    let verdict = send(|_| {}, false, &stop);
    assert!(verdict.closed && verdict.violations.is_empty());
    assert_eq!(
        verdict.answers[0].message_type(),
        ControlMessageType::STOP_CONTROL_CONNECTION_REPLY
    );
}

#[test]
fn a_message_that_only_the_own_role_sends_is_refused() {
    let ring = raw(IncomingCallRequest::default()).into_octets();
    let verdict = send(|_| {}, true, &ring);
    assert!(verdict.closed);
    assert_eq!(verdict.violations, [Requirement::Hdr016]);
    assert!(
        !send(
            |config| config.profile.wrong_direction = WrongDirection::Ignore,
            true,
            &ring
        )
        .closed
    );
    let answer = send(
        |config| config.profile.wrong_direction = WrongDirection::Answer,
        true,
        &ring,
    );
    assert_eq!(body!(answer.answers[0], IncomingCallReply).result_code.0, 3);
}

#[test]
fn connections_that_say_nothing_are_bounded() {
    let mut config = pac();
    config.limits.pending_connections = 2;
    let mut net = Net::scripted(config);
    let links: Vec<usize> = (0..3).map(|_| net.script_opens()).collect();
    assert_eq!(
        links
            .iter()
            .map(|&link| net.is_closed(link))
            .collect::<Vec<_>>(),
        [false, false, true]
    );
    assert!(
        net.events
            .contains(&(0, "Limit { limit: PendingConnections }".into()))
    );
    net.script_sends(links[0], StartControlConnectionRequest::default());
    let fourth = net.script_opens();
    assert!(!net.is_closed(fourth), "the first one no longer counts");
}

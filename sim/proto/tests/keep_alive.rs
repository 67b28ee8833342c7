//! Keep-alive and its choices (RFC 2637 §3.1.4, AMB-30), and the ends of control connections.

mod common;

use common::*;
use pptp_proto::{
    Command, Config, EchoClearedBy, EchoFailed, StartTimeOutAction, StopRequest,
    WrongEchoIdentifier,
};
use pptp_wire::time::Instant;
use pptp_wire::{
    ControlMessageType, EchoReply, EchoRequest, Requirement, StartControlConnectionRequest,
    StopControlConnectionReply, StopReason,
};

fn standing(config: Config) -> (Net, usize) {
    let mut net = Net::scripted(config);
    let link = net.script_opens();
    net.script_sends(link, StartControlConnectionRequest::default());
    (net, link)
}

/// The instants of the endpoint's Echo-Requests.
fn echoes(net: &Net) -> Vec<Instant> {
    net.messages(0, ControlMessageType::ECHO_REQUEST)
        .iter()
        .map(|message| message.0)
        .collect()
}

#[test]
fn silence_is_counted_from_the_last_message_received() {
    let (mut net, link) = standing(pac());
    net.run(seconds(50));
    net.script_sends(link, EchoRequest { identifier: 9 });
    let heard = net.now;
    net.run(seconds(59));
    assert_eq!(echoes(&net), []);
    net.run(seconds(2));
    assert_eq!(echoes(&net), [heard + seconds(60)]);
    let sent = net.log.last().expect("the request");
    assert_eq!(sent.mark, "60 s without a control message");
}

#[test]
fn an_answered_echo_starts_the_wait_anew_with_the_next_identifier() {
    let mut net = Net::pair(pns(), pac());
    net.establish(PNS);
    net.run(seconds(600));
    let identifiers: Vec<u32> = net
        .messages(PNS, ControlMessageType::ECHO_REQUEST)
        .iter()
        .map(|message| body!(message.1, EchoRequest).identifier)
        .collect();
    assert!(identifiers.len() >= 4, "{identifiers:?}");
    assert_eq!(
        identifiers,
        (1..=identifiers.len() as u32).collect::<Vec<u32>>()
    );
    assert_eq!(net.end(PNS).connections().count(), 1);
    assert_eq!(net.violations, []);
}

/// Only the reply with the right Identifier counts, unless the profile says otherwise.
#[test]
fn what_clears_an_echo_is_the_profiles_choice() {
    let cases = [
        (EchoClearedBy::Reply, true, true),
        (EchoClearedBy::AnyReply, false, true),
        (EchoClearedBy::AnyMessage, false, false),
    ];
    for (cleared_by, closed_by_wrong_reply, closed_by_other) in cases {
        let mut config = pac();
        config.profile.echo_cleared_by = cleared_by;
        let (mut net, link) = standing(config.clone());
        net.run(seconds(61));
        net.script_sends(
            link,
            EchoReply {
                identifier: 77,
                ..EchoReply::default()
            },
        );
        assert_eq!(net.violations, [(0, Requirement::Ecrp002)]);
        net.run(seconds(61));
        assert_eq!(net.is_closed(link), closed_by_wrong_reply, "{cleared_by:?}");
        let (mut net, link) = standing(config);
        net.run(seconds(61));
        net.script_sends(link, EchoRequest { identifier: 1 });
        net.run(seconds(60));
        assert_eq!(net.is_closed(link), closed_by_other, "{cleared_by:?}");
    }
}

#[test]
fn an_unasked_reply_is_a_violation_and_closes_where_the_profile_says_so() {
    let (mut net, link) = standing(pac());
    net.script_sends(link, EchoReply::default());
    assert_eq!(net.violations, [(0, Requirement::Ecrp006)]);
    assert!(!net.is_closed(link));
    let mut config = pac();
    config.profile.wrong_echo_identifier = WrongEchoIdentifier::Close;
    let (mut net, link) = standing(config);
    net.script_sends(link, EchoReply::default());
    assert!(net.is_closed(link));
}

#[test]
fn several_failures_may_be_needed() {
    let mut config = pac();
    config.profile.echo_failures = 3;
    let (mut net, link) = standing(config);
    net.run(seconds(239));
    assert_eq!(echoes(&net).len(), 3);
    assert!(!net.is_closed(link));
    net.run(seconds(2));
    assert!(net.is_closed(link));
    assert_eq!(
        net.log.last().expect("the close").mark,
        "60 s without Echo-Reply"
    );
}

#[test]
fn a_pac_may_take_leave_in_order_when_echoes_fail() {
    let mut config = pac();
    config.profile.echo_failed = EchoFailed::Stop;
    config.profile.stop_time_out = seconds(5);
    let mut net = Net::scripted(config);
    let link = net.script_opens();
    net.script_sends(link, StartControlConnectionRequest::default());
    net.script_sends(link, pptp_wire::OutgoingCallRequest::default());
    net.run(seconds(121));
    let names: Vec<&str> = net
        .script_received(link)
        .iter()
        .rev()
        .take(2)
        .filter_map(|message| message.message_type().name())
        .collect();
    assert_eq!(
        names,
        ["Stop-Control-Connection-Request", "Call-Disconnect-Notify"]
    );
    net.run(seconds(6));
    assert!(net.is_closed(link));
}

#[test]
fn zero_switches_keep_alive_off() {
    let mut config = pac();
    config.profile.idle_time_out = seconds(0);
    let (mut net, link) = standing(config);
    net.run(seconds(100_000));
    assert_eq!(echoes(&net), []);
    assert!(!net.is_closed(link));
}

/// After the reply the requester waits for the other end's close as long as its profile says.
#[test]
fn the_requester_of_a_stop_may_leave_the_close_to_the_other_end() {
    for (closes_after, by_peer) in [(0, false), (10, true), (10, false)] {
        let mut config = pac();
        config.profile.closes_after = seconds(closes_after);
        let (mut net, link) = standing(config);
        net.command(
            0,
            &Command::CloseControl {
                connection: None,
                reason: StopReason::NONE,
            },
        );
        net.script_sends(link, StopControlConnectionReply::default());
        assert_eq!(net.is_closed(link), closes_after == 0);
        if by_peer {
            net.script_closes(link);
            assert_eq!(net.log.last().expect("the close").mark, "");
        } else if closes_after > 0 {
            net.run(seconds(11));
            assert_eq!(
                net.log.last().expect("the close").mark,
                "10 s since the stop exchange"
            );
        }
        assert!(net.is_closed(link));
        assert_eq!(
            net.control_flow()
                .iter()
                .filter(|line| line.1 == "TCP-Close")
                .count(),
            1
        );
    }
}

#[test]
fn a_stop_may_be_answered_in_other_ways() {
    let cases = [
        (StopRequest::ReplyAndClose, true, true),
        (StopRequest::Reply, true, false),
        (StopRequest::Ignore, false, false),
        (StopRequest::Close, false, true),
    ];
    for (stop_request, replies, closes) in cases {
        let mut config = pac();
        config.profile.stop_request = stop_request;
        let (mut net, link) = standing(config);
        net.script_sends(link, pptp_wire::StopControlConnectionRequest::default());
        assert_eq!(
            net.script_received(link).len() == 2,
            replies,
            "{stop_request:?}"
        );
        assert_eq!(net.is_closed(link), closes, "{stop_request:?}");
    }
}

#[test]
fn a_refused_or_lost_tcp_connection_is_forgotten_and_can_be_opened_again() {
    let mut net = Net::scripted(pns());
    net.command(0, &Command::OpenControl { to: PAC_ADDRESS });
    net.script_resets(0);
    assert_eq!(net.end(0).connections().count(), 0);
    net.command(0, &Command::OpenControl { to: PAC_ADDRESS });
    assert_eq!(
        net.end(0)
            .connections()
            .next()
            .expect("a new one")
            .connection
            .0,
        3
    );
    let close = Command::CloseControl {
        connection: Some(pptp_proto::ConnectionId(3)),
        reason: StopReason::NONE,
    };
    net.command(0, &close);
    assert_eq!(net.log.last().map(|line| &line.sent), Some(&Sent::Reset));
}

#[test]
fn a_tcp_connection_that_never_opens_is_given_up() {
    let mut end = pptp_proto::Endpoint::new(pns());
    let _ = end.command(Instant::START, &Command::OpenControl { to: PAC_ADDRESS });
    while !matches!(end.poll(), pptp_proto::Output::Deadline(_)) {}
    end.handle(Instant::START + seconds(60), pptp_proto::Input::Deadline);
    assert!(matches!(end.poll(), pptp_proto::Output::Reset { .. }));
    assert_eq!(end.connections().count(), 0);
}

/// What an end that accepted TCP does when no start request comes (AMB-30).
#[test]
fn a_start_request_that_does_not_come_may_be_asked_after_once() {
    let asked = |action| {
        let mut config = pac();
        config.profile.start_time_out_action = action;
        let mut net = Net::scripted(config);
        let link = net.script_opens();
        net.run(seconds(59));
        assert!(!net.is_closed(link) && echoes(&net).is_empty());
        net.run(seconds(2));
        let early = net.is_closed(link);
        net.run(seconds(120));
        (early, net.is_closed(link), echoes(&net).len())
    };
    assert_eq!(asked(StartTimeOutAction::Close), (true, true, 0));
    assert_eq!(asked(StartTimeOutAction::Echo), (false, true, 1));
}

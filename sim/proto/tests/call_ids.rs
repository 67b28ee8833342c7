//! Call IDs, limits on calls, and many calls at once.

mod common;

use std::collections::BTreeSet;

use common::*;
use pptp_proto::{
    CallRef, Command, CommandError, ConnectionId, EndsControlWith, Outcome, PlaceCall, Ring,
    SecondConnection,
};
use pptp_wire::{
    CallClearRequest, CallDisconnectNotify, CallId, ControlMessageType, DisconnectResult,
    ErrorCode, IncomingCallReply, IncomingCallRequest, IncomingCallResult, OutgoingCallReply,
    OutgoingCallRequest, OutgoingCallResult, Requirement,
};

#[test]
fn call_ids_run_out_and_are_not_used_again_for_a_minute() {
    let mut config = pac();
    config.profile.minimum_call_id = 10;
    config.profile.maximum_call_id = 12;
    let mut net = Net::pair(pns(), config);
    net.establish(PNS);
    let calls: Vec<CallRef> = (0..4).map(|_| net.place_call()).collect();
    net.run(seconds(1));
    let ids: BTreeSet<u16> = net
        .end(PAC)
        .calls()
        .map(|call| call.call.call_id.0)
        .collect();
    assert_eq!(ids, BTreeSet::from([10, 11, 12]));
    let last = body!(
        net.messages(PAC, ControlMessageType::OUTGOING_CALL_REPLY)[3].1,
        OutgoingCallReply
    );
    assert_eq!(
        (last.result_code, last.error_code),
        (OutgoingCallResult::GENERAL_ERROR, ErrorCode::NO_RESOURCE)
    );
    assert!(
        net.events
            .contains(&(PAC, "Limit { limit: CallIds }".into()))
    );
    net.command(PNS, &Command::ClearCall { call: calls[0] });
    net.run(seconds(50));
    net.place_call();
    net.run(seconds(1));
    assert_eq!(
        net.end(PAC).calls().count(),
        2,
        "the number of the ended call is still kept out of use"
    );
    net.run(seconds(10));
    net.place_call();
    net.run(seconds(1));
    assert_eq!(net.end(PAC).calls().count(), 3);
}

/// The numbers that are kept out of use are bounded too: beyond the bound the oldest comes back early.
#[test]
fn released_call_ids_are_bounded() {
    let mut config = pac();
    config.profile.minimum_call_id = 1;
    config.profile.maximum_call_id = 2;
    config.limits.released_call_ids = 1;
    let mut net = Net::pair(pns(), config);
    net.establish(PNS);
    for _ in 0..3 {
        let call = net.place_call();
        net.run(seconds(1));
        assert_eq!(net.end(PAC).calls().count(), 1);
        net.command(PNS, &Command::ClearCall { call });
        net.run(seconds(1));
    }
    let told = net
        .events
        .iter()
        .filter(|event| event.1 == "Limit { limit: ReleasedCallIds }")
        .count();
    assert_eq!(told, 2);
}

#[test]
fn a_limit_on_calls_is_told_and_refused_with_no_resource() {
    let mut config = pns();
    config.limits.calls_per_connection = 2;
    let mut net = Net::pair(config, pac());
    net.establish(PNS);
    net.place_call();
    net.place_call();
    let place = Command::PlaceCall {
        connection: None,
        options: PlaceCall::default(),
    };
    assert_eq!(net.try_command(PNS, &place), Err(CommandError::Limit));
    assert!(net.events.contains(&(PNS, "Limit { limit: Calls }".into())));
}

#[test]
fn ten_thousand_calls_share_a_connection_and_come_down_with_it() {
    let mut net = Net::pair(pns(), pac());
    let link = net.establish(PNS);
    let calls: Vec<CallRef> = (0..10_000).map(|_| net.place_call()).collect();
    net.run(seconds(1));
    assert_eq!(
        net.end(PNS)
            .calls()
            .filter(|call| call.state == "established")
            .count(),
        10_000
    );
    let ids: BTreeSet<CallId> = net.end(PAC).calls().map(|call| call.call.call_id).collect();
    assert_eq!(ids.len(), 10_000);
    for call in calls.iter().step_by(2) {
        net.command(PNS, &Command::ClearCall { call: *call });
    }
    net.run(seconds(1));
    assert_eq!(
        (net.end(PNS).calls().count(), net.end(PAC).calls().count()),
        (5_000, 5_000)
    );
    let connection = net.id(PAC, link);
    let close = Command::CloseControl {
        connection: Some(connection),
        reason: pptp_wire::StopReason::NONE,
    };
    net.command(PAC, &close);
    net.run(seconds(1));
    assert_eq!(
        (net.end(PNS).calls().count(), net.end(PAC).calls().count()),
        (0, 0)
    );
    assert_eq!(net.violations, []);
}

#[test]
fn several_connections_of_one_peer_keep_their_calls_apart() {
    let mut configs = [pns(), pac()];
    for config in &mut configs {
        config.profile.second_connection = SecondConnection::Allow;
    }
    let [one, other] = configs;
    let mut net = Net::pair(one, other);
    net.establish(PNS);
    net.establish(PNS);
    let mut calls = Vec::new();
    for connection in [ConnectionId(1), ConnectionId(3)] {
        let place = Command::PlaceCall {
            connection: Some(connection),
            options: PlaceCall::default(),
        };
        let Outcome::Call(call) = net.command(PNS, &place) else {
            panic!("a call")
        };
        calls.push(call);
    }
    net.run(seconds(1));
    let ids: BTreeSet<CallId> = net.end(PAC).calls().map(|call| call.call.call_id).collect();
    assert_eq!(
        ids.len(),
        2,
        "unique in the tunnel, whatever the connection"
    );
    for (number, call) in calls.iter().enumerate() {
        net.send_data(PNS, *call, &[number as u8; 9])
            .expect("established");
    }
    net.run(seconds(1));
    let connections: BTreeSet<ConnectionId> =
        net.data.iter().map(|data| data.1.connection).collect();
    assert_eq!(connections.len(), 2);
    net.command(
        PNS,
        &Command::CloseControl {
            connection: Some(ConnectionId(1)),
            reason: pptp_wire::StopReason::NONE,
        },
    );
    net.run(seconds(1));
    assert_eq!(net.end(PAC).calls().count(), 1);
    assert!(net.end(PNS).call(calls[1]).is_some());
}

/// The PAC gives up a call while the refusal of it is on the way. Its notify carries the PAC's Call ID (`CDN-003`): it is not for the
/// call that has the same number at the PNS (AMB-38), until the PAC itself has used the number again.
#[test]
fn a_notify_that_crosses_a_refusal_ends_no_other_call() {
    let mut config = pns();
    config.profile.minimum_call_id = 4;
    config.profile.maximum_call_id = 4;
    let (mut net, link) = at_pns(config);
    let call = net.place_call();
    let pac_id = CallId(9);
    net.script_sends(
        link,
        OutgoingCallReply {
            call_id: pac_id,
            peer_call_id: call.call_id,
            ..OutgoingCallReply::default()
        },
    );
    let ring = IncomingCallRequest {
        call_id: call.call_id,
        ..IncomingCallRequest::default()
    };
    let given_up = CallDisconnectNotify {
        call_id: call.call_id,
        result_code: DisconnectResult::ADMIN_SHUTDOWN,
        ..CallDisconnectNotify::default()
    };
    for _ in 0..2 {
        net.script_sends(link, ring);
        let answers = net.script_received(link);
        let refusal = body!(answers[answers.len() - 1], IncomingCallReply);
        assert_eq!(refusal.result_code, IncomingCallResult::GENERAL_ERROR);
        net.script_sends(link, given_up);
        assert!(net.end(0).call(call).is_some());
        assert_eq!(net.violations, []);
    }
    // One notify crosses one refusal. With no refusal to cross, the number can only be the PNS's.
    net.script_sends(link, given_up);
    assert!(net.end(0).call(call).is_none());
    assert_eq!(net.violations, [(0, Requirement::Cdn003)]);
}

/// The PNS has refused a call and clears another one that was not answered yet: the answer to the clear has a number that the PAC
/// has just got back.
#[test]
fn an_answer_to_a_clear_crosses_no_refusal() {
    let mut config = pns();
    config.profile.accepts_calls = false;
    let (mut net, link) = at_pns(config);
    let number = CallId(9);
    net.script_sends(
        link,
        IncomingCallRequest {
            call_id: number,
            ..IncomingCallRequest::default()
        },
    );
    let call = net.place_call();
    net.command(0, &Command::ClearCall { call });
    net.script_sends(
        link,
        CallDisconnectNotify {
            call_id: number,
            result_code: DisconnectResult::REQUEST,
            ..CallDisconnectNotify::default()
        },
    );
    assert!(net.end(0).call(call).is_none());
    assert_eq!(net.violations, []);
}

/// A PAC that says how its calls end before it stops. The PNS has not heard the Call ID of the one that is still dialed.
#[test]
fn a_pac_that_stops_names_no_call_id_that_it_has_not_told() {
    let mut config = pac();
    config.profile.ends_control_with = EndsControlWith::NotifyAndStop;
    config.telephone.answers_after = seconds(1);
    let mut net = Net::pair(pns(), config);
    let link = net.establish(PNS);
    net.place_call();
    net.run(seconds(2));
    net.place_call();
    net.run(milliseconds(500));
    let told: Vec<CallId> = net
        .end(PAC)
        .calls()
        .filter(|call| call.state == "established")
        .map(|call| call.call.call_id)
        .collect();
    let close = Command::CloseControl {
        connection: Some(net.id(PAC, link)),
        reason: pptp_wire::StopReason::NONE,
    };
    net.command(PAC, &close);
    net.run(seconds(1));
    let notifies = net.messages(PAC, ControlMessageType::CALL_DISCONNECT_NOTIFY);
    let named: BTreeSet<CallId> = notifies
        .iter()
        .map(|notify| body!(notify.1, CallDisconnectNotify).call_id)
        .collect();
    assert_eq!(named, BTreeSet::from([CallId(0), told[0]]));
    assert_eq!(net.end(PNS).calls().count(), 0);
    assert_eq!(net.violations, []);
}

/// The PAC has a ring out and refuses a request. A clear for what it refused crosses the refusal: it is not for the ring, whose PNS has
/// given no Call ID yet.
#[test]
fn a_clear_of_a_refused_request_ends_no_ring() {
    let mut config = pac();
    config.profile.minimum_call_id = 5;
    config.profile.maximum_call_id = 5;
    let (mut net, link) = at_pac(config);
    net.ring(0);
    let refused = CallId(9);
    net.script_sends(
        link,
        OutgoingCallRequest {
            call_id: refused,
            ..OutgoingCallRequest::default()
        },
    );
    let answers = net.script_received(link);
    let refusal = body!(answers[answers.len() - 1], OutgoingCallReply);
    assert_eq!(refusal.result_code, OutgoingCallResult::GENERAL_ERROR);
    net.script_sends(
        link,
        CallClearRequest {
            call_id: refused,
            ..CallClearRequest::default()
        },
    );
    assert_eq!(net.end(0).calls().count(), 1);
    // One that the PAC never heard of can only be for the ring.
    net.script_sends(
        link,
        CallClearRequest {
            call_id: CallId(10),
            ..CallClearRequest::default()
        },
    );
    assert_eq!(net.end(0).calls().count(), 0);
    assert_eq!(net.violations, []);
}

/// The reply to a ring that was given up may come for a minute: until then its Call ID is not used for another one.
#[test]
fn the_number_of_a_ring_that_was_given_up_waits_for_the_reply() {
    for answered in [false, true] {
        let mut config = pac();
        config.profile.minimum_call_id = 5;
        config.profile.maximum_call_id = 5;
        config.profile.call_id_quarantine = seconds(1);
        let (mut net, link) = at_pac(config);
        let call = net.ring(0);
        let ring = Command::Ring {
            connection: None,
            options: Ring::default(),
        };
        let reply = IncomingCallReply {
            call_id: CallId(9),
            peer_call_id: call.call_id,
            ..IncomingCallReply::default()
        };
        if answered {
            net.script_sends(link, reply);
        }
        net.command(0, &Command::DisconnectCall { call });
        net.run(seconds(2));
        let again = net.try_command(0, &ring);
        if answered {
            assert!(matches!(again, Ok(Outcome::Call(_))), "{again:?}");
            continue;
        }
        assert_eq!(again, Err(CommandError::Limit));
        net.script_sends(link, reply);
        net.run(seconds(57));
        assert_eq!(net.try_command(0, &ring), Err(CommandError::Limit));
        net.run(seconds(1));
        net.ring(0);
        assert_eq!(net.violations, []);
    }
}

//! What ends choose about their calls: windows, line speeds, how many, and what comes after the last.

mod common;

use common::*;
use pptp_proto::{AfterLastCall, Command, DisconnectNotifyCallId, PlaceCall, TooManyCalls};
use pptp_wire::{
    CallClearRequest, CallId, ControlMessageType, ErrorCode, IncomingCallRequest,
    OutgoingCallReply, OutgoingCallRequest, OutgoingCallResult,
};

/// `OCRQ-008`, `ICRP-006`: what an end says of its window is what its profile or its user has chosen.
#[test]
fn a_pns_tells_the_window_that_it_has() {
    let mut config = pns();
    config.profile.packet_recv_window_size = 21;
    let (mut net, link) = at_pns(config);
    net.place_call();
    let asked = body!(net.script_received(link)[0], OutgoingCallRequest);
    assert_eq!(asked.packet_recv_window_size, 21);
    let options = PlaceCall {
        packet_recv_window_size: Some(5),
        ..PlaceCall::default()
    };
    net.command(
        0,
        &Command::PlaceCall {
            connection: None,
            options,
        },
    );
    let asked = body!(net.script_received(link)[0], OutgoingCallRequest);
    assert_eq!(asked.packet_recv_window_size, 5);
    net.script_sends(link, IncomingCallRequest::default());
    let answer = body!(net.script_received(link)[0], IncomingCallReply);
    assert_eq!(answer.packet_recv_window_size, 21);
}

/// Asks a PAC for an outgoing call; the answer.
fn ask(net: &mut Net, link: usize, request: OutgoingCallRequest) -> OutgoingCallReply {
    net.script_sends(link, request);
    let answers = net.script_received(link);
    body!(answers[0], OutgoingCallReply)
}

fn request_with(call_id: u16) -> OutgoingCallRequest {
    OutgoingCallRequest {
        call_id: CallId(call_id),
        ..OutgoingCallRequest::default()
    }
}

#[test]
fn the_line_keeps_to_the_range_that_was_asked_for_where_the_profile_does_so() {
    let speed = |keeps, copies| {
        let mut config = pac();
        config.profile.connect_speed = 64_000;
        config.profile.keeps_to_bps_range = keeps;
        config.profile.copies_maximum_bps = copies;
        let (mut net, link) = at_pac(config);
        let request = OutgoingCallRequest {
            minimum_bps: 300,
            maximum_bps: 9_600,
            ..request_with(7)
        };
        ask(&mut net, link, request).connect_speed
    };
    assert_eq!(speed(true, false), 9_600);
    assert_eq!(speed(false, false), 64_000);
    assert_eq!(speed(false, true), 9_600);
}

#[test]
fn one_call_too_many_is_refused_or_takes_the_place_of_the_others() {
    let three = |too_many_calls| {
        let mut config = pac();
        config.profile.calls_per_connection = 2;
        config.profile.too_many_calls = too_many_calls;
        let (mut net, link) = at_pac(config);
        for id in [7, 8] {
            let reply = ask(&mut net, link, request_with(id));
            assert_eq!(reply.result_code, OutgoingCallResult::CONNECTED);
        }
        assert_eq!(net.end(0).calls().count(), 2);
        let reply = ask(&mut net, link, request_with(9));
        (reply.error_code, net.end(0).calls().count())
    };
    assert_eq!(three(TooManyCalls::NoResource), (ErrorCode::NO_RESOURCE, 2));
    assert_eq!(
        three(TooManyCalls::NotConnected),
        (ErrorCode::NOT_CONNECTED, 2)
    );
    assert_eq!(three(TooManyCalls::Replace), (ErrorCode::NONE, 1));
}

/// AMB-54.
#[test]
fn a_connection_may_be_left_when_its_last_call_has_ended() {
    let left = |after_last_call, own_end: bool| {
        let mut config = pac();
        config.profile.after_last_call = after_last_call;
        let (mut net, link) = at_pac(config);
        ask(&mut net, link, request_with(7));
        if own_end {
            let call = net.call_of(0);
            net.command(0, &Command::DisconnectCall { call });
        } else {
            let call_id = CallId(7);
            net.script_sends(
                link,
                CallClearRequest {
                    call_id,
                    ..Default::default()
                },
            );
        }
        let stops = net.messages(0, ControlMessageType::STOP_CONTROL_CONNECTION_REQUEST);
        (!stops.is_empty(), net.is_closed(link))
    };
    for own_end in [true, false] {
        assert_eq!(left(AfterLastCall::Keep, own_end), (false, false));
        assert_eq!(left(AfterLastCall::Stop, own_end), (true, false));
        assert_eq!(left(AfterLastCall::StopOwnEnd, own_end), (own_end, false));
        assert_eq!(left(AfterLastCall::Close, own_end), (false, true));
    }
}

/// `CDN-003`, AMB-38.
#[test]
fn a_disconnect_names_the_call_by_the_number_that_the_profile_chooses() {
    for choice in [DisconnectNotifyCallId::Own, DisconnectNotifyCallId::Peer] {
        let mut config = pac();
        config.profile.disconnect_notify_call_id = choice;
        let (mut net, link) = at_pac(config);
        let own = ask(&mut net, link, request_with(7)).call_id;
        let call = net.call_of(0);
        net.command(0, &Command::DisconnectCall { call });
        let notify = body!(net.script_received(link)[0], CallDisconnectNotify);
        let expected = match choice {
            DisconnectNotifyCallId::Own => own,
            DisconnectNotifyCallId::Peer => CallId(7),
        };
        assert_ne!(own, CallId(7));
        assert_eq!(notify.call_id, expected, "{choice:?}");
    }
}

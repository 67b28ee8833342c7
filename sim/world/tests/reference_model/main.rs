//! Each check of the reference model fires on a node that breaks it, and on no other.

#[path = "../common/mod.rs"]
mod common;
mod doubt;
mod stage;

use common::puppet::{ADDRESSES, Act, Theatre, acknowledgment, datagram};
use common::*;
use pptp_rules::JudgeConfig;
use pptp_wire::{
    CallId, IncomingCallConnected, IncomingCallReply, IncomingCallRequest, IncomingCallResult,
};
use pptp_world::link::{Chance, GreImpairments, LinkConfig};
use pptp_world::luck::{Direction, Probability};
use pptp_world::{CallRef, ConnectionId, ModelCheck, RecordKind, WorldConfig};
use stage::{
    PAC, PAC_CALL, PNS, PNS_CALL, assert_only, call, call_judged, deliver, disconnect, reply,
    request, violations,
};

#[test]
fn what_is_right_breaks_nothing() {
    let mut theatre = call();
    theatre.strings(PNS).window = Some(3);
    theatre.strings(PNS).calls = 1;
    for number in 0..3 {
        theatre.data(PNS, 40, number, None, &[number as u8; 5]);
    }
    deliver(&mut theatre, 0, &[0; 5]);
    deliver(&mut theatre, 2, &[2; 5]);
    theatre.play(PAC, [Act::Datagram(ADDRESSES[PNS], acknowledgment(17, 2))]);
    theatre.data(PNS, 40, 3, None, b"more");
    theatre.data(PAC, 17, 0, Some(3), b"back");
    theatre.play(PNS, [Act::Data(PNS_CALL, 0, b"back".to_vec())]);
    disconnect(&mut theatre);
    theatre.play(PNS, [Act::CallEnded(PNS_CALL)]);
    request(&mut theatre, 17, 4);
    reply(&mut theatre, 40, 17, 3);
    theatre.data(PNS, 40, 0, None, b"anew");
    deliver(&mut theatre, 0, b"anew");
    theatre.strings(PNS).calls = 0;
    theatre.play(PNS, [Act::Close(ConnectionId(1))]);
    assert_eq!(violations(&mut theatre), []);
}

#[test]
fn data_is_given_once() {
    let mut theatre = call();
    theatre.data(PNS, 40, 0, None, b"data");
    deliver(&mut theatre, 0, b"data");
    deliver(&mut theatre, 0, b"data");
    assert_only(&mut theatre, ModelCheck::DeliveredTwice, PAC, 0, 1);
}

#[test]
fn data_is_given_in_order() {
    let mut theatre = call();
    theatre.data(PNS, 40, 0, None, b"first");
    theatre.data(PNS, 40, 1, None, b"second");
    deliver(&mut theatre, 1, b"second");
    deliver(&mut theatre, 0, b"first");
    assert_only(&mut theatre, ModelCheck::DeliveredOutOfOrder, PAC, 0, 2);
}

#[test]
fn windows_may_give_data_late_and_again() {
    let mut theatre = call_judged(JudgeConfig {
        windows: true,
        ..JudgeConfig::default()
    });
    theatre.data(PNS, 40, 0, None, b"first");
    theatre.data(PNS, 40, 1, None, b"second");
    for (sequence_number, payload) in [(1, &b"second"[..]), (0, b"first"), (0, b"first")] {
        deliver(&mut theatre, sequence_number, payload);
    }
    assert_eq!(violations(&mut theatre), []);
}

#[test]
fn data_is_what_was_sent_octet_by_octet() {
    let mut theatre = call();
    theatre.data(PNS, 40, 0, None, b"data");
    deliver(&mut theatre, 0, b"date");
    assert_only(&mut theatre, ModelCheck::DeliveredUnsent, PAC, 0, 0);
    theatre.data(PNS, 40, 1, None, b"data");
    deliver(&mut theatre, 2, b"data");
    assert_only(&mut theatre, ModelCheck::DeliveredUnsent, PAC, 2, 1);
}

#[test]
fn data_that_a_third_party_injects_counts_as_sent() {
    let mut theatre = call();
    let octets = datagram(40, 0, None, b"forged");
    theatre.world.inject(
        theatre.nodes[PNS],
        ADDRESSES[PAC],
        Some([192, 0, 2, 7].into()),
        &octets,
    );
    theatre.play(PAC, []);
    deliver(&mut theatre, 0, b"forged");
    assert_eq!(violations(&mut theatre), []);
}

#[test]
fn data_that_the_path_changed_counts_as_sent() {
    let mut theatre = call();
    let always = Some(Chance::of(Probability::ALWAYS));
    let link = theatre
        .world
        .link_between(theatre.nodes[PNS], theatre.nodes[PAC])
        .unwrap();
    let corrupt = GreImpairments {
        corrupt: always,
        ..GreImpairments::default()
    };
    theatre
        .world
        .impair_gre(link, Direction::Forward, corrupt)
        .unwrap();
    // So much payload that the bit which luck chooses lies in it.
    theatre.data(PNS, 40, 0, None, &[0; 60_000]);
    let arrived = records(&mut theatre.world)
        .iter()
        .find_map(|record| match record.kind {
            RecordKind::GreDelivered {
                changed: true,
                octets,
                ..
            } => Some(theatre.world.octets(octets).to_vec()),
            _ => None,
        });
    let payload = arrived.unwrap().split_off(12);
    assert_eq!(
        payload.iter().map(|octet| octet.count_ones()).sum::<u32>(),
        1
    );
    deliver(&mut theatre, 0, &payload);
    assert_eq!(violations(&mut theatre), []);
    theatre.data(PNS, 40, 1, None, &[0; 60_000]);
    deliver(&mut theatre, 1, &[1; 60_000]);
    assert_only(&mut theatre, ModelCheck::DeliveredUnsent, PAC, 1, 1);
}

#[test]
fn nothing_is_given_after_the_end() {
    let mut theatre = call();
    theatre.data(PNS, 40, 0, None, b"data");
    theatre.play(PAC, [Act::CallEnded(PAC_CALL)]);
    deliver(&mut theatre, 0, b"data");
    assert_only(&mut theatre, ModelCheck::DeliveredAfterEnd, PAC, 0, 0);
    let mut theatre = call();
    theatre.data(PNS, 40, 0, None, b"data");
    disconnect(&mut theatre);
    deliver(&mut theatre, 0, b"data");
    assert_only(&mut theatre, ModelCheck::DeliveredAfterEnd, PAC, 0, 0);
}

#[test]
fn nothing_is_sent_after_the_end() {
    let mut theatre = call();
    disconnect(&mut theatre);
    theatre.data(PNS, 40, 5, None, b"data");
    assert_only(&mut theatre, ModelCheck::SentAfterEnd, PNS, 5, 0);
}

#[test]
fn a_window_that_is_claimed_is_kept() {
    let mut theatre = call();
    theatre.strings(PNS).window = Some(2);
    for number in 0..3 {
        theatre.data(PNS, 40, number, None, b"data");
    }
    assert_only(&mut theatre, ModelCheck::WindowExceeded, PNS, 3, 2);
    theatre.play(PNS, [Act::TimeOut(PNS_CALL, 0)]);
    theatre.data(PNS, 40, 3, None, b"data");
    theatre.data(PNS, 40, 4, None, b"data");
    assert_eq!(violations(&mut theatre), []);
    theatre.data(PNS, 40, 5, None, b"data");
    assert_only(&mut theatre, ModelCheck::WindowExceeded, PNS, 3, 2);
}

#[test]
fn a_node_that_claims_no_window_may_send_on() {
    let mut theatre = call();
    for number in 0..50 {
        theatre.data(PNS, 40, number, None, b"data");
    }
    assert_eq!(violations(&mut theatre), []);
}

#[test]
fn a_window_is_not_above_what_the_other_end_allows() {
    let mut theatre = call();
    theatre.strings(PNS).window = Some(4);
    theatre.data(PNS, 40, 0, None, b"data");
    assert_only(&mut theatre, ModelCheck::WindowAboveMaximum, PNS, 4, 3);
}

#[test]
fn the_window_of_an_incoming_call_is_that_of_the_connected_message() {
    let mut theatre = Theatre::new(WorldConfig::default(), &LinkConfig::default());
    theatre.play(PNS, [Act::Connect(ConnectionId(1), ADDRESSES[PAC])]);
    theatre.say(
        PAC,
        IncomingCallRequest {
            call_id: CallId(40),
            ..IncomingCallRequest::default()
        },
    );
    let reply = IncomingCallReply {
        call_id: CallId(17),
        peer_call_id: CallId(40),
        result_code: IncomingCallResult::CONNECT,
        packet_recv_window_size: 4,
        ..IncomingCallReply::default()
    };
    theatre.say(PNS, reply);
    let connected = IncomingCallConnected {
        peer_call_id: CallId(17),
        packet_recv_window_size: 3,
        ..IncomingCallConnected::default()
    };
    theatre.say(PAC, connected);
    (theatre.strings(PNS).window, theatre.strings(PAC).window) = (Some(3), Some(5));
    theatre.data(PNS, 40, 0, None, b"data");
    assert_eq!(violations(&mut theatre), []);
    theatre.data(PAC, 17, 0, None, b"data");
    assert_only(&mut theatre, ModelCheck::WindowAboveMaximum, PAC, 5, 4);
}

#[test]
fn an_acknowledgment_covers_what_has_arrived() {
    let mut theatre = call();
    theatre.play(PAC, [Act::Datagram(ADDRESSES[PNS], acknowledgment(17, 0))]);
    theatre.play(
        PAC,
        [Act::Datagram(ADDRESSES[PNS], acknowledgment(17, u32::MAX))],
    );
    assert_eq!(
        violations(&mut theatre),
        [],
        "before data, these two are customary (AMB-02)"
    );
    theatre.play(PAC, [Act::Datagram(ADDRESSES[PNS], acknowledgment(17, 7))]);
    assert_only(&mut theatre, ModelCheck::AcknowledgedUnreceived, PAC, 7, 0);
    theatre.data(PNS, 40, 5, None, b"data");
    theatre.play(PAC, [Act::Datagram(ADDRESSES[PNS], acknowledgment(17, 6))]);
    assert_only(&mut theatre, ModelCheck::AcknowledgedUnreceived, PAC, 6, 5);
    theatre.play(PAC, [Act::Datagram(ADDRESSES[PNS], acknowledgment(17, 4))]);
    assert_only(&mut theatre, ModelCheck::AcknowledgedUnreceived, PAC, 4, 5);
}

#[test]
fn data_and_calls_need_a_control_connection() {
    let mut theatre = call();
    theatre.data(PNS, 40, 0, None, b"data");
    let nowhere = CallRef {
        connection: ConnectionId(8),
        ..PAC_CALL
    };
    theatre.play(PAC, [Act::Data(nowhere, 0, b"data".to_vec())]);
    assert_only(&mut theatre, ModelCheck::CallWithoutConnection, PAC, 0, 0);
    theatre.strings(PNS).calls = 1;
    theatre.play(PNS, [Act::Close(ConnectionId(1))]);
    assert_only(&mut theatre, ModelCheck::CallWithoutConnection, PNS, 1, 0);
}

#[test]
fn a_call_id_names_one_call() {
    let mut theatre = call();
    request(&mut theatre, 17, 4);
    assert_only(&mut theatre, ModelCheck::CallIdInUse, PNS, 17, 0);
    request(&mut theatre, 18, 4);
    reply(&mut theatre, 40, 18, 3);
    assert_only(&mut theatre, ModelCheck::CallIdInUse, PAC, 40, 0);
}

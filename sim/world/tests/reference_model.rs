//! Each check of the reference model fires on a node that breaks it, and on no other.

mod common;

use common::puppet::{ADDRESSES, Act, Theatre, acknowledgment, datagram};
use common::*;
use pptp_rules::JudgeConfig;
use pptp_wire::{
    CallDisconnectNotify, CallId, DisconnectResult, IncomingCallConnected, IncomingCallReply,
    IncomingCallRequest, IncomingCallResult, OutgoingCallReply, OutgoingCallRequest,
    OutgoingCallResult,
};
use pptp_world::link::{Chance, GreImpairments, LinkConfig};
use pptp_world::luck::{Direction, Probability};
use pptp_world::{
    CallRef, ConnectionId, ModelCheck, ModelViolation, NodeMistake, RecordKind, Unit, WorldConfig,
};

const PNS: usize = 0;
const PAC: usize = 1;
const PNS_CALL: CallRef = CallRef {
    connection: ConnectionId(1),
    call_id: CallId(17),
};
const PAC_CALL: CallRef = CallRef {
    connection: ConnectionId(2),
    call_id: CallId(40),
};

/// A call that is up: the PNS calls it 17, the PAC 40; the PNS's window is 4 packets, the PAC's 3.
fn call() -> Theatre {
    call_judged(JudgeConfig::default())
}

fn call_judged(judge: JudgeConfig) -> Theatre {
    let config = WorldConfig {
        keep_octets: true,
        judge,
        ..WorldConfig::default()
    };
    let mut theatre = Theatre::new(config, &LinkConfig::default());
    theatre.play(PNS, [Act::Connect(ConnectionId(1), ADDRESSES[PAC])]);
    request(&mut theatre, 17, 4);
    reply(&mut theatre, 40, 17, 3);
    theatre
}

fn request(theatre: &mut Theatre, call_id: u16, packet_recv_window_size: u16) {
    theatre.say(
        PNS,
        OutgoingCallRequest {
            call_id: CallId(call_id),
            packet_recv_window_size,
            ..OutgoingCallRequest::default()
        },
    );
}

fn reply(theatre: &mut Theatre, call_id: u16, peer_call_id: u16, packet_recv_window_size: u16) {
    theatre.say(
        PAC,
        OutgoingCallReply {
            call_id: CallId(call_id),
            peer_call_id: CallId(peer_call_id),
            result_code: OutgoingCallResult::CONNECTED,
            packet_recv_window_size,
            ..OutgoingCallReply::default()
        },
    );
}

fn disconnect(theatre: &mut Theatre) {
    theatre.say(
        PAC,
        CallDisconnectNotify {
            call_id: PAC_CALL.call_id,
            result_code: DisconnectResult::REQUEST,
            ..CallDisconnectNotify::default()
        },
    );
}

/// The PAC gets data from the PNS and gives it to its user.
fn deliver(theatre: &mut Theatre, sequence_number: u32, payload: &[u8]) {
    theatre.play(
        PAC,
        [Act::Data(PAC_CALL, sequence_number, payload.to_vec())],
    );
}

fn violations(theatre: &mut Theatre) -> Vec<ModelViolation> {
    let violation = |record: &pptp_world::Record| match record.kind {
        RecordKind::ModelViolation(violation) => Some(violation),
        _ => None,
    };
    records(&mut theatre.world)
        .iter()
        .filter_map(violation)
        .collect()
}

#[track_caller]
fn assert_only(theatre: &mut Theatre, check: ModelCheck, side: usize, seen: u64, expected: u64) {
    let found = violations(theatre);
    let node = theatre.nodes[side];
    let call = found.first().and_then(|violation| violation.call);
    assert_eq!(
        found,
        [ModelViolation {
            check,
            node,
            call,
            seen,
            expected
        }]
    );
}

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

/// Which of numbers that are far apart its receiver took in, nobody can tell.
#[test]
fn numbers_that_are_far_apart_leave_open_what_is_newest() {
    let far = 1 << 28;
    for (number, fires) in [(far - 1, true), (far, false), (1 << 31, false)] {
        let mut theatre = call();
        theatre.data(PNS, 40, 0, None, b"data");
        let injected = datagram(40, number, None, b"far");
        let pns = theatre.nodes[PNS];
        theatre.world.inject(pns, ADDRESSES[PAC], None, &injected);
        theatre.play(PAC, []);
        deliver(&mut theatre, number, b"far");
        deliver(&mut theatre, 0, b"data");
        let acts = [Act::Datagram(
            ADDRESSES[PNS],
            acknowledgment(17, u32::MAX - 5),
        )];
        theatre.play(PAC, acts);
        let checks: Vec<ModelCheck> = violations(&mut theatre)
            .iter()
            .map(|violation| violation.check)
            .collect();
        let expected = [
            ModelCheck::DeliveredOutOfOrder,
            ModelCheck::AcknowledgedUnreceived,
        ];
        assert_eq!(checks, if fires { &expected[..] } else { &[] }, "{number}");
    }
}

#[test]
fn a_packet_that_is_older_than_the_call_is_of_the_call_if_it_arrives_in_it() {
    let mut theatre = Theatre::new(WorldConfig::default(), &LinkConfig::default());
    let link = theatre
        .world
        .link_between(theatre.nodes[PNS], theatre.nodes[PAC])
        .unwrap();
    let slow = GreImpairments {
        delay: pptp_wire::time::Duration::from_secs(100),
        ..GreImpairments::default()
    };
    theatre
        .world
        .impair_gre(link, Direction::Forward, slow)
        .unwrap();
    theatre.play(PNS, [Act::Connect(ConnectionId(1), ADDRESSES[PAC])]);
    let pns = theatre.nodes[PNS];
    // Two packets: one before the PAC gives its Call ID, one in a call that ends and is followed by another with the same Call IDs.
    let early = datagram(40, 7, None, b"early");
    theatre.world.inject(pns, ADDRESSES[PAC], None, &early);
    request(&mut theatre, 17, 4);
    reply(&mut theatre, 40, 17, 3);
    theatre.play(
        PNS,
        [Act::Datagram(ADDRESSES[PAC], datagram(40, 8, None, b"old"))],
    );
    disconnect(&mut theatre);
    theatre.play(PNS, [Act::CallEnded(PNS_CALL)]);
    request(&mut theatre, 17, 4);
    reply(&mut theatre, 40, 17, 3);
    let now = theatre.world.now();
    run_to(
        &mut theatre.world,
        now + pptp_wire::time::Duration::from_secs(200),
    );
    deliver(&mut theatre, 7, b"early");
    deliver(&mut theatre, 8, b"old");
    theatre.play(PAC, [Act::Datagram(ADDRESSES[PNS], acknowledgment(17, 8))]);
    assert_eq!(violations(&mut theatre), []);
    deliver(&mut theatre, 9, b"never");
    assert_only(&mut theatre, ModelCheck::DeliveredUnsent, PAC, 9, 9);
}

/// What the ends know of their calls is then not what they told each other; once they have connected anew, it is.
#[test]
fn calls_between_ends_whose_connection_has_octets_of_others_are_not_judged() {
    let mut theatre = call();
    let (pns, connection) = (theatre.nodes[PNS], theatre.world.connections()[0].0);
    assert!(
        theatre
            .world
            .inject_control(pns, connection, &[0, 16], Unit::Stream)
    );
    theatre.world.distrust(pns, theatre.nodes[PAC]);
    theatre.play(PAC, [Act::Datagram(ADDRESSES[PNS], acknowledgment(17, 7))]);
    deliver(&mut theatre, 9, b"never");
    assert_eq!(violations(&mut theatre), []);
    theatre.play(PNS, [Act::Close(ConnectionId(1))]);
    theatre.play(PAC, [Act::Close(ConnectionId(2))]);
    theatre.play(PNS, [Act::Connect(ConnectionId(3), ADDRESSES[PAC])]);
    let in_it = |call_id| OutgoingCallRequest {
        call_id: CallId(call_id),
        ..OutgoingCallRequest::default()
    };
    for _ in 0..2 {
        theatre.play(PNS, [Act::Send(ConnectionId(3), octets(in_it(17)))]);
    }
    assert_only(&mut theatre, ModelCheck::CallIdInUse, PNS, 17, 0);
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

#[test]
fn what_is_injected_is_not_judged_and_what_a_node_mistakes_is_told() {
    let mut theatre = call();
    let pns = theatre.nodes[PNS];
    theatre
        .world
        .inject(pns, ADDRESSES[PAC], None, &acknowledgment(40, 9));
    let again = octets(OutgoingCallRequest {
        call_id: CallId(17),
        ..OutgoingCallRequest::default()
    });
    let connection = theatre.world.connections()[0].0;
    assert!(
        theatre
            .world
            .inject_control(pns, connection, &again, Unit::Stream)
    );
    theatre.play(PNS, []);
    assert_eq!(violations(&mut theatre), []);

    let acts = [
        Act::Connect(ConnectionId(9), ADDRESSES[PAC]),
        Act::Send(ConnectionId(5), vec![1]),
        Act::Close(ConnectionId(1)),
        Act::Send(ConnectionId(1), vec![1]),
    ];
    theatre.play(PNS, acts);
    let mistakes: Vec<NodeMistake> = records(&mut theatre.world)
        .iter()
        .filter_map(|record| match record.kind {
            RecordKind::NodeMistake { mistake, .. } => Some(mistake),
            _ => None,
        })
        .collect();
    let (nine, five, one) = (ConnectionId(9), ConnectionId(5), ConnectionId(1));
    assert_eq!(
        mistakes,
        [
            NodeMistake::ConnectionNumber(nine),
            NodeMistake::UnknownConnection(five),
            NodeMistake::NotOpen(one)
        ]
    );
}

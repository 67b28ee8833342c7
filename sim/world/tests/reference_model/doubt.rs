//! What others have put in, or time has mixed up, is not held against the ends.

use crate::common::puppet::{ADDRESSES, Act, Theatre, acknowledgment, datagram};
use crate::common::*;
use crate::stage::{
    PAC, PAC_CALL, PNS, PNS_CALL, assert_only, call, deliver, disconnect, reply, request,
    violations,
};
use pptp_wire::{CallDisconnectNotify, CallId, OutgoingCallRequest};
use pptp_world::link::{GreImpairments, LinkConfig};
use pptp_world::luck::Direction;
use pptp_world::{ConnectionId, ModelCheck, NodeMistake, RecordKind, Unit, WorldConfig};

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

/// The PAC gives the Call ID of a call that it has disconnected to the next one, of which the PNS has not heard: it acknowledges what it
/// got in the call before.
#[test]
fn an_acknowledgment_may_be_of_the_call_that_had_the_call_id_before() {
    let mut theatre = call();
    for number in 0..3 {
        theatre.data(PAC, 17, number, None, b"data");
    }
    request(&mut theatre, 18, 4);
    disconnect(&mut theatre);
    reply(&mut theatre, 40, 18, 3);
    let acknowledges = |number| [Act::Datagram(ADDRESSES[PAC], acknowledgment(40, number))];
    theatre.play(PNS, acknowledges(2));
    assert_eq!(violations(&mut theatre), []);
    theatre.play(PNS, acknowledges(3));
    assert_only(&mut theatre, ModelCheck::AcknowledgedUnreceived, PNS, 3, 0);
}

/// A PNS has lost its call without a word, and has given its Call ID to another one, which ends: the PAC still has the one before.
#[test]
fn data_may_be_of_the_call_that_had_the_call_id_before() {
    let mut theatre = call();
    theatre.play(PNS, [Act::CallEnded(PNS_CALL)]);
    request(&mut theatre, 17, 4);
    reply(&mut theatre, 41, 17, 3);
    let notify = CallDisconnectNotify {
        call_id: CallId(41),
        ..CallDisconnectNotify::default()
    };
    theatre.say(PAC, notify);
    theatre.data(PAC, 17, 5, None, b"data");
    assert_eq!(violations(&mut theatre), []);
    theatre.play(PAC, [Act::CallEnded(PAC_CALL)]);
    theatre.data(PAC, 17, 6, None, b"data");
    assert_only(&mut theatre, ModelCheck::SentAfterEnd, PAC, 6, 0);
}

/// The PAC answers the clear of a call that it is still dialing, under a number that it had given to a call that has ended; the PNS has
/// given the Call ID of that one to another call since.
#[test]
fn a_notify_with_the_number_of_an_ended_call_ends_no_other() {
    let mut theatre = call();
    disconnect(&mut theatre);
    request(&mut theatre, 17, 4);
    disconnect(&mut theatre);
    reply(&mut theatre, 41, 17, 3);
    theatre.data(PAC, 17, 0, None, b"data");
    theatre.data(PNS, 41, 0, None, b"data");
    assert_eq!(violations(&mut theatre), []);
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

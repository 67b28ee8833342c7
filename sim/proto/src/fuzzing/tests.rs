use super::laws::Laws;
use super::plan::PEERS;
use super::surroundings::{Tcp, Wire};
use super::*;
use crate::{
    CallRef, Cause, ConnectionId, DEVIATIONS, Deviation, DeviationId, Event, Output, Transition,
};
use pptp_wire::fuzzing::{chosen, written};
use pptp_wire::{CallId, ControlMessageType};
use proptest::prelude::*;

fn setup(pns: bool) -> Setup {
    Setup {
        pns,
        profile: 0,
        deviation: 0,
        limits: 0,
        dial_outcome: 0,
        answers_after: 300,
        hangs_up_after: None,
        entropy: 7,
    }
}

fn message(message_type: ControlMessageType) -> Step {
    Step::Message {
        connection: 0,
        message: MessageChoice::legal(message_type, 5, 0),
    }
}

/// A PAC whose peer opens a connection, starts it and places a call; data goes both ways; a packet comes late, and one twice.
fn outgoing_call() -> Vec<Step> {
    let packet = |sequence_distance| Step::Packet {
        call: 0,
        from_elsewhere: false,
        sequence_distance,
        acknowledges: Some(1),
        length: 60,
    };
    vec![
        Step::Accept { peer: 0 },
        message(ControlMessageType::START_CONTROL_CONNECTION_REQUEST),
        message(ControlMessageType::OUTGOING_CALL_REQUEST),
        Step::Wait { milliseconds: 300 },
        Step::SendData {
            call: 0,
            packets: 3,
            length: 100,
        },
        packet(0),
        packet(2),
        packet(0xFF),
        packet(0xFF),
        packet(0),
        Step::Sleep { seconds: 50 },
        message(ControlMessageType::CALL_CLEAR_REQUEST),
        message(ControlMessageType::STOP_CONTROL_CONNECTION_REQUEST),
        Step::Close { connection: 0 },
    ]
}

#[test]
fn a_plan_does_what_it_says() {
    let plan = Plan {
        setup: setup(false),
        steps: outgoing_call(),
    };
    let played = play(&plan);
    assert_eq!(played.established, 1);
    assert!(played.delivered >= 3, "{played:?}");
    assert!(played.datagrams >= 3, "{played:?}");
    assert!(played.messages >= 4, "{played:?}");
    assert_eq!(play(&plan), played, "equal inputs give equal outputs");
}

#[test]
fn a_trace_tells_what_came_in_and_what_came_out() {
    let plan = Plan {
        setup: setup(false),
        steps: outgoing_call(),
    };
    let trace = trace(&plan);
    assert_eq!(trace.outcome, Ok(play(&plan)));
    let count = |wanted: fn(&Happening) -> bool| {
        let found = trace.happenings.iter().filter(|it| wanted(&it.happening));
        found.count()
    };
    assert_eq!(count(|it| matches!(it, Happening::Accepted(..))), 1);
    assert_eq!(count(|it| matches!(it, Happening::Octets(..))), 4);
    assert_eq!(count(|it| matches!(it, Happening::Datagram(..))), 5);
    assert_eq!(count(|it| matches!(it, Happening::SendData(_, 3, 100))), 1);
    assert!(count(|it| matches!(it, Happening::Sent(..))) >= 3);
}

#[test]
fn an_endpoint_that_opens_the_connection_gets_its_answer() {
    let steps = vec![
        Step::OpenControl { peer: 0 },
        Step::Opened { connection: 0 },
        message(ControlMessageType::START_CONTROL_CONNECTION_REPLY),
        Step::PlaceCall {
            connection: None,
            window: Some(4),
        },
        message(ControlMessageType::OUTGOING_CALL_REPLY),
        Step::SendData {
            call: 0,
            packets: 9,
            length: 100,
        },
        Step::Deadline {},
    ];
    let played = play(&Plan {
        setup: setup(true),
        steps,
    });
    assert_eq!(played.established, 1);
    assert!(played.datagrams >= 4, "{played:?}");
}

#[test]
fn plans_survive_being_written() {
    let plan = Plan {
        setup: setup(false),
        steps: outgoing_call(),
    };
    assert_eq!(chosen::<Plan>(&written(&plan)), plan);
}

/// A Call-Disconnect-Notify has no connection to go out on any more.
#[test]
fn a_call_that_a_bug_keeps_alive_is_silent_on_a_closed_connection() {
    let position = |deviation: &Deviation| deviation.id == DeviationId::CallsSurviveStop;
    let survives = DEVIATIONS.iter().position(position).expect("a deviation");
    let setup = Setup {
        deviation: 1 + survives as u8,
        ..setup(false)
    };
    let steps = vec![
        Step::Accept { peer: 0 },
        message(ControlMessageType::START_CONTROL_CONNECTION_REQUEST),
        message(ControlMessageType::OUTGOING_CALL_REQUEST),
        Step::Wait { milliseconds: 300 },
        Step::Close { connection: 0 },
        Step::LoseCarrier { call: 0 },
    ];
    let played = play(&Plan { setup, steps });
    assert_eq!(
        (played.established, played.messages),
        (1, 2),
        "the replies to the requests, and nothing behind them"
    );
}

#[test]
fn every_profile_and_deviation_plays() {
    for number in 0..=u8::MAX {
        for pns in [false, true] {
            let setup = Setup {
                profile: number,
                deviation: number,
                limits: number,
                ..setup(pns)
            };
            play(&Plan {
                setup,
                steps: outgoing_call(),
            });
        }
    }
}

/// The laws of an endpoint that is to do all that the RFC asks for, and one open connection.
fn laws() -> (Laws, [Wire; 1]) {
    let wire = Wire {
        id: ConnectionId(2),
        peer: PEERS[0],
        tcp: Tcp::Open,
    };
    (Laws::new(&setup(false).config(), true), [wire])
}

fn call() -> CallRef {
    CallRef {
        connection: ConnectionId(2),
        call_id: CallId(9),
    }
}

fn delivery(sequence_number: u32) -> Output<'static> {
    Output::Event(Event::Data {
        call: call(),
        sequence_number,
        payload: &[1, 2, 3],
    })
}

fn came_in(laws: &mut Laws, sequence_number: u8) {
    let packet = [
        0x30,
        0x01,
        0x88,
        0x0B,
        0,
        3,
        0,
        9,
        0,
        0,
        0,
        sequence_number,
        1,
        2,
        3,
    ];
    laws.received.push((PEERS[0], packet.to_vec()));
}

#[test]
#[should_panic(expected = "which never came in")]
fn data_from_nowhere_is_noticed() {
    let (mut laws, mut wires) = laws();
    came_in(&mut laws, 4);
    laws.output(delivery(5), &mut wires);
}

#[test]
#[should_panic(expected = "delivers 5 after")]
fn data_twice_is_noticed() {
    let (mut laws, mut wires) = laws();
    came_in(&mut laws, 5);
    laws.output(delivery(5), &mut wires);
    laws.output(delivery(5), &mut wires);
}

#[test]
#[should_panic(expected = "sent on")]
fn speaking_on_a_closed_connection_is_noticed() {
    let (mut laws, mut wires) = laws();
    let (connection, cause) = (ConnectionId(2), Cause::Answer);
    laws.output(Output::Close { connection, cause }, &mut wires);
    let octets = &[0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0, 0, 0, 0, 7];
    laws.output(
        Output::Send {
            connection,
            octets,
            cause,
        },
        &mut wires,
    );
}

#[test]
#[should_panic(expected = "sent reserved0")]
fn a_malformed_message_is_noticed() {
    let (mut laws, mut wires) = laws();
    let octets = &[0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 1, 0, 0, 0, 7];
    laws.output(
        Output::Send {
            connection: ConnectionId(2),
            octets,
            cause: Cause::Answer,
        },
        &mut wires,
    );
}

#[test]
#[should_panic(expected = "T-PACO-01 leaves idle")]
fn a_transition_out_of_another_state_is_noticed() {
    let (mut laws, mut wires) = laws();
    for _ in 0..2 {
        let event = Event::Transition {
            transition: Transition::Paco01,
            connection: ConnectionId(2),
            call: Some(call()),
            from: "idle",
            to: "wait-cs-ans",
        };
        laws.output(Output::Event(event), &mut wires);
    }
}

proptest! {
    #[test]
    fn the_laws_hold(octets in proptest::collection::vec(any::<u8>(), 0..400)) {
        endpoint(&chosen(&octets));
    }
}

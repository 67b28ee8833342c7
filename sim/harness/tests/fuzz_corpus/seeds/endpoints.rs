//! Plans for an endpoint: the courses of RFC 2637 §3, from which a fuzzer strays.

use pptp_proto::fuzzing::{MessageChoice, Plan, Setup, Step};
use pptp_wire::ControlMessageType as Type;
use pptp_wire::fuzzing::{FieldChoice, ForgedMessage, ForgedPacket, written};

fn endpoint(pns: bool) -> Setup {
    Setup {
        pns,
        profile: 0,
        deviation: 0,
        limits: 0,
        dial_outcome: 0,
        answers_after: 300,
        hangs_up_after: None,
        entropy: 2637,
    }
}

fn message(message_type: Type, call_id: u8) -> Step {
    Step::Message {
        connection: 0,
        message: MessageChoice::legal(message_type, call_id, 0),
    }
}

fn accepted() -> Vec<Step> {
    vec![
        Step::Accept { peer: 0 },
        message(Type::START_CONTROL_CONNECTION_REQUEST, 0),
    ]
}

fn opened() -> Vec<Step> {
    vec![
        Step::OpenControl { peer: 0 },
        Step::Opened { connection: 0 },
        message(Type::START_CONTROL_CONNECTION_REPLY, 0),
    ]
}

fn packet(sequence_distance: u8, acknowledges: Option<u8>, length: u8) -> Step {
    Step::Packet {
        call: 0,
        from_elsewhere: false,
        sequence_distance,
        acknowledges,
        length,
    }
}

/// Data both ways: in order, late, twice, far ahead; acknowledged, and not in time.
fn data() -> Vec<Step> {
    let send = |packets| Step::SendData {
        call: 0,
        packets,
        length: 100,
    };
    vec![
        send(3),
        packet(0, Some(1), 80),
        packet(2, None, 80),
        packet(0xFF, None, 80),
        packet(0xFF, Some(2), 80),
        send(40),
        Step::Wait { milliseconds: 150 },
        packet(0, Some(1), 0),
        packet(100, Some(1), 80),
        Step::Deadline {},
        Step::Deadline {},
        Step::Deadline {},
    ]
}

fn place_call() -> Step {
    Step::PlaceCall {
        connection: None,
        window: Some(8),
    }
}

/// One plan for each course of an endpoint, and some under other profiles, limits and bugs.
pub fn plans() -> Vec<(String, Vec<u8>)> {
    let pac_outgoing = [
        accepted(),
        vec![
            message(Type::OUTGOING_CALL_REQUEST, 5),
            Step::Wait { milliseconds: 300 },
        ],
        data(),
        vec![
            message(Type::SET_LINK_INFO, 0),
            Step::CountWanErrors { call: 0, errors: 3 },
            message(Type::CALL_CLEAR_REQUEST, 5),
            message(Type::STOP_CONTROL_CONNECTION_REQUEST, 0),
            Step::Close { connection: 0 },
        ],
    ]
    .concat();
    let pac_incoming = [
        opened(),
        vec![
            Step::Ring { connection: None },
            message(Type::INCOMING_CALL_REPLY, 5),
        ],
        data(),
        vec![
            Step::LoseCarrier { call: 0 },
            Step::CloseControl {
                connection: None,
                reason: 0,
            },
            message(Type::STOP_CONTROL_CONNECTION_REPLY, 0),
        ],
    ]
    .concat();
    let pns_outgoing = [
        opened(),
        vec![place_call(), message(Type::OUTGOING_CALL_REPLY, 6)],
        data(),
        vec![
            message(Type::WAN_ERROR_NOTIFY, 0),
            Step::ClearCall { call: 0 },
            message(Type::CALL_DISCONNECT_NOTIFY, 6),
        ],
    ]
    .concat();
    let pns_incoming = [
        accepted(),
        vec![
            message(Type::INCOMING_CALL_REQUEST, 7),
            message(Type::INCOMING_CALL_CONNECTED, 0),
        ],
        data(),
        vec![Step::Reset { connection: 0 }],
    ]
    .concat();
    let collision = vec![
        Step::OpenControl { peer: 1 },
        Step::Accept { peer: 1 },
        Step::Opened { connection: 0 },
        Step::Message {
            connection: 1,
            message: MessageChoice::legal(Type::START_CONTROL_CONNECTION_REQUEST, 0, 0),
        },
        message(Type::START_CONTROL_CONNECTION_REPLY, 0),
        Step::Sleep { seconds: 70 },
    ];
    let keep_alive = [
        accepted(),
        vec![
            Step::Sleep { seconds: 61 },
            message(Type::ECHO_REPLY, 0),
            Step::Sleep { seconds: 61 },
            message(Type::ECHO_REQUEST, 0),
            Step::Sleep { seconds: 200 },
        ],
    ]
    .concat();
    let malformed = [
        accepted(),
        vec![
            Step::Octets {
                connection: 0,
                octets: vec![0, 16, 0, 1, 0x1A],
            },
            Step::Octets {
                connection: 0,
                octets: vec![0x2B, 0x3C, 0x4E, 0, 5],
            },
            Step::Datagram {
                peer: 0,
                octets: vec![0x30, 0x81, 0x88, 0x0B, 0, 9, 0, 1, 0, 0],
            },
            Step::Close { connection: 0 },
        ],
    ]
    .concat();
    let forged = [
        accepted(),
        vec![
            message(Type::OUTGOING_CALL_REQUEST, 5),
            Step::Wait { milliseconds: 300 },
            Step::ForgedMessage {
                connection: 0,
                call_id: 5,
                call: 0,
                message: ForgedMessage {
                    fields: vec![FieldChoice { field: 6, value: 9 }],
                    padding: vec![0, 16],
                    ..ForgedMessage::legal(Type::CALL_CLEAR_REQUEST)
                },
            },
            Step::ForgedPacket {
                call: 0,
                peer: Some(3),
                packet: ForgedPacket {
                    sequence_distance: Some(3),
                    acknowledges: Some(0),
                    length: 30,
                    fields: vec![FieldChoice { field: 8, value: 0 }],
                    cut: Some(40),
                    padding: Vec::new(),
                },
            },
        ],
        data(),
    ]
    .concat();
    let many = {
        let mut steps = accepted();
        for call_id in 0..12 {
            steps.push(Step::Accept { peer: call_id % 4 });
            steps.push(message(Type::OUTGOING_CALL_REQUEST, call_id));
        }
        steps.push(Step::Wait { milliseconds: 500 });
        steps.extend((0..12).map(|call_id| message(Type::CALL_CLEAR_REQUEST, call_id)));
        steps
    };
    let (pac, pns) = (endpoint(false), endpoint(true));
    let small = Setup {
        limits: 0x55,
        ..pac.clone()
    };
    let busy = Setup {
        dial_outcome: 1,
        hangs_up_after: Some(50),
        ..pac.clone()
    };
    let other_pac = Setup {
        profile: 1,
        ..pac.clone()
    };
    let other_pns = Setup {
        profile: 2,
        ..pns.clone()
    };
    let bug = Setup {
        deviation: 4,
        ..pac.clone()
    };
    let plans: [(&str, Setup, Vec<Step>); 14] = [
        ("pac-outgoing-call", pac.clone(), pac_outgoing.clone()),
        ("pac-incoming-call", pac.clone(), pac_incoming.clone()),
        ("pns-outgoing-call", pns.clone(), pns_outgoing.clone()),
        ("pns-incoming-call", pns.clone(), pns_incoming),
        ("collision", pns.clone(), collision),
        ("keep-alive", pac.clone(), keep_alive),
        ("malformed", pac.clone(), malformed),
        ("forged", pac.clone(), forged),
        ("many-calls", pac, many.clone()),
        ("small-limits", small, many),
        ("busy", busy, pac_outgoing.clone()),
        ("other-pac", other_pac, pac_outgoing.clone()),
        ("other-pns", other_pns, pns_outgoing),
        ("with-a-bug", bug, pac_outgoing),
    ];
    plans
        .map(|(name, setup, steps)| (name.to_owned(), written(&Plan { setup, steps })))
        .to_vec()
}

//! Plans for endpoints and for whole networks: the courses of RFC 2637 §3, from which a fuzzer strays.

use pptp_proto::fuzzing::{MessageChoice, Plan as EndpointPlan, Setup as EndpointSetup, Step};
use pptp_wire::ControlMessageType as Type;
use pptp_wire::fuzzing::Choice;
use pptp_world::fuzzing as network;

fn written(plan: &impl Choice) -> Vec<u8> {
    let mut octets = Vec::new();
    plan.write(&mut octets);
    octets
}

fn endpoint(pns: bool) -> EndpointSetup {
    EndpointSetup {
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
pub fn endpoints() -> Vec<(String, Vec<u8>)> {
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
    let small = EndpointSetup {
        limits: 0x55,
        ..pac.clone()
    };
    let busy = EndpointSetup {
        dial_outcome: 1,
        hangs_up_after: Some(50),
        ..pac.clone()
    };
    let other_pac = EndpointSetup {
        profile: 1,
        ..pac.clone()
    };
    let other_pns = EndpointSetup {
        profile: 2,
        ..pns.clone()
    };
    let bug = EndpointSetup {
        deviation: 4,
        ..pac.clone()
    };
    let plans: [(&str, EndpointSetup, Vec<Step>); 13] = [
        ("pac-outgoing-call", pac.clone(), pac_outgoing.clone()),
        ("pac-incoming-call", pac.clone(), pac_incoming.clone()),
        ("pns-outgoing-call", pns.clone(), pns_outgoing.clone()),
        ("pns-incoming-call", pns.clone(), pns_incoming),
        ("collision", pns.clone(), collision),
        ("keep-alive", pac.clone(), keep_alive),
        ("malformed", pac.clone(), malformed),
        ("many-calls", pac, many.clone()),
        ("small-limits", small, many),
        ("busy", busy, pac_outgoing.clone()),
        ("other-pac", other_pac, pac_outgoing.clone()),
        ("other-pns", other_pns, pns_outgoing),
        ("with-a-bug", bug, pac_outgoing),
    ];
    plans
        .map(|(name, setup, steps)| (name.to_owned(), written(&EndpointPlan { setup, steps })))
        .to_vec()
}

fn quiet_node() -> network::NodeChoice {
    network::NodeChoice {
        profile: 0,
        window: 0,
        buffers: 0,
        dial_outcome: 0,
        answers_after: 3,
        hangs_up_after: None,
    }
}

fn quiet_network() -> network::Setup {
    network::Setup {
        seed: 2637,
        replays: false,
        nodes: [quiet_node(), quiet_node(), quiet_node()],
        delay: 20,
    }
}

fn clear_path() -> network::GreChoice {
    network::GreChoice {
        delay: 200,
        jitter: 0,
        distribution: 0,
        jitter_correlation: 0,
        loss: 0,
        loss_correlation: 0,
        bursts: None,
        chain: None,
        reorder: None,
        duplicate: 0,
        corrupt: 0,
        rate: None,
        mtu: None,
    }
}

/// A call between the PNS and the PAC, and another between the second PNS and the PAC, with what happens while they stand.
fn with_calls(meanwhile: Vec<network::Step>) -> Vec<network::Step> {
    use network::Step;
    let before = vec![
        Step::OpenControl { node: 0, to: 1 },
        Step::OpenControl { node: 2, to: 1 },
        Step::Wait { milliseconds: 200 },
        Step::Call { node: 0 },
        Step::Call { node: 1 },
        Step::Call { node: 2 },
        Step::Wait { milliseconds: 900 },
    ];
    let after = vec![
        Step::Sleep { seconds: 10 },
        Step::EndCall { call: 0 },
        Step::EndCall { call: 3 },
        Step::Wait { milliseconds: 300 },
        Step::CloseControl { node: 0, reason: 0 },
        Step::Sleep { seconds: 130 },
    ];
    [before, meanwhile, after].concat()
}

fn traffic(call: u8) -> network::Step {
    network::Step::Traffic {
        call,
        packets: 60,
        length: 200,
        every: call.is_multiple_of(2).then_some(4),
    }
}

/// Data both ways while both directions of the first link are like this.
fn through(impairments: network::GreChoice) -> Vec<network::Step> {
    let impair = |way| network::Step::ImpairGre {
        way,
        impairments: impairments.clone(),
    };
    with_calls(vec![
        impair(0),
        impair(1),
        traffic(0),
        traffic(1),
        traffic(2),
        traffic(3),
    ])
}

/// One plan for each thing that a network, a user and an outsider can do.
pub fn worlds() -> Vec<(String, Vec<u8>)> {
    use network::{GreChoice, Step};
    let clear = clear_path();
    let lossy = GreChoice {
        loss: 13,
        loss_correlation: 60,
        ..clear.clone()
    };
    let bursts = GreChoice {
        bursts: Some([5, 40, 200, 0]),
        ..clear.clone()
    };
    let chain = GreChoice {
        chain: Some([5, 100, 50, 200, 5]),
        ..clear.clone()
    };
    let jitter = GreChoice {
        jitter: 300,
        distribution: 2,
        reorder: Some([50, 3]),
        ..clear.clone()
    };
    let copies = GreChoice {
        duplicate: 60,
        corrupt: 20,
        ..clear.clone()
    };
    let narrow = GreChoice {
        rate: Some([64, 5]),
        mtu: Some(600),
        ..clear
    };
    let target = |action| Step::Target {
        way: 0,
        first: 3,
        more: 2,
        acknowledgment_only: None,
        action,
        amount: 40,
    };
    let on_and_off = |make: fn(bool) -> Step| {
        with_calls(vec![
            traffic(0),
            make(true),
            Step::Sleep { seconds: 5 },
            make(false),
        ])
    };
    let control = network::ControlChoice {
        delay: 300,
        jitter: 200,
        segment: 7,
        spacing: 3,
        coalesce: 20,
    };
    let plans: Vec<(&str, Vec<Step>)> = vec![
        (
            "calls",
            with_calls(vec![traffic(0), traffic(1), traffic(4)]),
        ),
        ("loss", through(lossy)),
        ("bursts", through(bursts)),
        ("chain", through(chain)),
        ("jitter", through(jitter)),
        ("copies", through(copies)),
        ("narrow", through(narrow)),
        (
            "targets",
            with_calls(vec![
                target(0),
                target(1),
                target(2),
                target(3),
                traffic(0),
                traffic(1),
            ]),
        ),
        (
            "outage",
            on_and_off(|begins| Step::Outage { way: 0, begins }),
        ),
        ("stall", on_and_off(|begins| Step::Stall { way: 1, begins })),
        (
            "segments",
            [
                vec![Step::ImpairControl {
                    way: 0,
                    impairments: control,
                }],
                with_calls(vec![]),
            ]
            .concat(),
        ),
        (
            "hold-up",
            with_calls(vec![
                Step::HoldUp {
                    way: 1,
                    message: 8,
                    milliseconds: 800,
                },
                Step::Call { node: 0 },
                Step::EndCall { call: 0 },
            ]),
        ),
        (
            "collision",
            [
                vec![Step::OpenControl { node: 1, to: 0 }],
                with_calls(vec![]),
            ]
            .concat(),
        ),
        (
            "crash",
            with_calls(vec![
                traffic(0),
                Step::Crash { node: 1 },
                Step::Wait { milliseconds: 500 },
                Step::Restart { node: 1 },
                Step::OpenControl { node: 0, to: 1 },
            ]),
        ),
        (
            "severed",
            with_calls(vec![
                traffic(0),
                Step::ResetConnection { connection: 0 },
                Step::HalfClose {
                    connection: 1,
                    backward: true,
                },
            ]),
        ),
        (
            "outsiders",
            with_calls(vec![
                Step::InjectGre {
                    node: 2,
                    to: 1,
                    octets: vec![0x30, 0x01, 0x88, 0x0B, 0, 1, 0, 1, 0, 0, 0, 9, 7],
                },
                Step::InjectControl {
                    connection: 0,
                    backward: false,
                    octets: vec![0, 16, 0, 1, 0, 0, 0, 0],
                },
            ]),
        ),
        (
            "line",
            with_calls(vec![
                Step::SetLinkInfo { call: 0 },
                Step::CountWanErrors { call: 1, errors: 9 },
                Step::Sleep { seconds: 70 },
                Step::LoseCarrier { call: 1 },
            ]),
        ),
    ];
    let mut seeds: Vec<(String, Vec<u8>)> = plans
        .iter()
        .map(|(name, steps)| {
            let plan = network::Plan {
                setup: quiet_network(),
                steps: steps.clone(),
            };
            ((*name).to_owned(), written(&plan))
        })
        .collect();
    let mut other = quiet_network();
    other.replays = true;
    for (number, node) in other.nodes.iter_mut().enumerate() {
        node.profile = number as u8 + 1;
        node.window = 4;
        node.buffers = 2;
    }
    let (_, steps) = plans[1].clone();
    seeds.push((
        "other-profiles-from-tape".to_owned(),
        written(&network::Plan {
            setup: other,
            steps,
        }),
    ));
    seeds
}

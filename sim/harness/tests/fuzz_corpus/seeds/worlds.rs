//! Plans for a whole network: one for each thing that a network, a user and an outsider can do.

use pptp_harness::swarm::plan_of;
use pptp_wire::ControlMessageType as Type;
use pptp_wire::fuzzing::{FieldChoice, ForgedMessage, ForgedPacket, written};
use pptp_world::fuzzing::{ControlChoice, GreChoice, NodeChoice, Plan, Setup, Step};

/// Plans that the swarm draws.
const SWARM: [u64; 5] = [0, 1, 3, 4, 5];

fn quiet_node() -> NodeChoice {
    NodeChoice {
        profile: 0,
        window: 0,
        buffers: 0,
        dial_outcome: 0,
        answers_after: 3,
        hangs_up_after: None,
    }
}

fn quiet_network() -> Setup {
    Setup {
        seed: 2637,
        replays: false,
        nodes: [quiet_node(), quiet_node(), quiet_node()],
        delay: 20,
    }
}

fn clear_path() -> GreChoice {
    GreChoice::only_delay(200)
}

/// A call between the PNS and the PAC, and another between the second PNS and the PAC, with what happens while they stand.
fn with_calls(meanwhile: Vec<Step>) -> Vec<Step> {
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

fn traffic(call: u8) -> Step {
    Step::Traffic {
        call,
        packets: 60,
        length: 200,
        every: call.is_multiple_of(2).then_some(4),
    }
}

/// Data both ways while both directions of the first link are like this.
fn through(impairments: GreChoice) -> Vec<Step> {
    let impair = |way| Step::ImpairGre {
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
pub fn plans() -> Vec<(String, Vec<u8>)> {
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
    let any = GreChoice {
        jitter: 200,
        loss: 9,
        duplicate: 9,
        corrupt: 9,
        reorder: Some([9, 1]),
        ..clear_path()
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
    let control = ControlChoice {
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
            "forged",
            with_calls(vec![
                traffic(0),
                Step::ForgePacket {
                    node: 2,
                    call: 0,
                    spoofed: true,
                    packet: ForgedPacket {
                        sequence_distance: Some(2),
                        acknowledges: Some(1),
                        length: 50,
                        fields: vec![FieldChoice { field: 7, value: 1 }],
                        cut: Some(60),
                        padding: vec![1],
                    },
                },
                Step::ForgeMessage {
                    connection: 0,
                    backward: true,
                    call: 0,
                    message: ForgedMessage {
                        fields: vec![FieldChoice { field: 7, value: 9 }],
                        ..ForgedMessage::legal(Type::CALL_DISCONNECT_NOTIFY)
                    },
                },
            ]),
        ),
        ("chosen-luck", {
            let mut steps = through(any);
            // Of each packet in turn: lost, copied, corrupt, ahead of others, later, and what luck would have it.
            let fates = [
                255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 0, 0, 90,
            ];
            let octets = fates.iter().copied().cycle().take(200).collect();
            steps.insert(7, Step::Luck { octets });
            steps
        }),
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
            let plan = Plan {
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
        written(&Plan {
            setup: other,
            steps,
        }),
    ));
    seeds.extend(SWARM.map(|seed| (format!("swarm-{seed}"), written(&plan_of(seed)))));
    seeds
}

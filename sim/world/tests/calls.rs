//! An incoming call, a collision, a lossy path and its replay, a crash: endpoints on the network.

mod common;

use common::*;
use core::net::Ipv4Addr;
use pptp_proto::{Config, Role, TransmitWindow};
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{Body, ControlMessage, Header, StopReason};
use pptp_world::link::{Chance, GreImpairments, Jitter, LinkConfig, Reorder};
use pptp_world::luck::Probability;
use pptp_world::tape::Tape;
use pptp_world::{
    CallRef, Command, ConnectionId, EndpointNode, NodeId, Outcome, PlaceCall, Query, Record,
    RecordKind, Ring, Traffic, Value, WanErrors, World, WorldConfig,
};

fn endpoint(role: Role, address: Ipv4Addr) -> Box<EndpointNode> {
    Box::new(EndpointNode::new(Config::new(role, address)))
}

fn endpoints(config: WorldConfig, link: &LinkConfig) -> (World, NodeId, NodeId) {
    let (world, pns, pac, _) = pair(
        config,
        link,
        endpoint(Role::Pns, PNS),
        endpoint(Role::Pac, PAC),
    );
    (world, pns, pac)
}

fn has_state(world: &World, node: NodeId, query: Query, state: &'static str) -> bool {
    world.query(node, &query) == Some(Value::State(state))
}

fn open_control(world: &mut World, from: NodeId, to: Ipv4Addr) {
    world.command(from, &Command::OpenControl { to }).unwrap();
    run_until(world, "the start", |world| {
        has_state(world, from, Query::ConnectionState(None), "established")
    });
}

/// Places a call and gives it as both ends name it.
fn place_call(world: &mut World, pns: NodeId, pac: NodeId) -> (CallRef, CallRef) {
    let options = PlaceCall::default();
    let Ok(Outcome::Call(call)) = world.command(
        pns,
        &Command::PlaceCall {
            connection: None,
            options,
        },
    ) else {
        panic!("no call")
    };
    run_until(world, "the call", |world| {
        has_state(world, pns, Query::CallState(call), "established")
    });
    (call, named_by(world, pac, pns, call))
}

fn named_by(world: &World, node: NodeId, other: NodeId, call: CallRef) -> CallRef {
    let number = world.connection_number(other, call.connection).unwrap();
    let connection = world.connection_id(node, number).unwrap();
    let Some(Value::Number(id)) = world.query(other, &Query::PeerCallId(call)) else {
        panic!("no Call ID")
    };
    CallRef {
        connection,
        call_id: pptp_wire::CallId(id as u16),
    }
}

fn control(world: &World, records: &[Record]) -> Vec<String> {
    story(records, |kind| match kind {
        RecordKind::TcpOpen { from, .. } => Some(format!("{} TCP-Open", world.name(*from))),
        RecordKind::TcpClose {
            from,
            answer,
            cause,
            ..
        } => {
            let answer = if *answer { " answer" } else { "" };
            Some(
                format!("{} TCP-Close{answer} {cause}", world.name(*from))
                    .trim_end()
                    .to_owned(),
            )
        }
        RecordKind::TcpReset { from, cause, .. } => {
            Some(format!("{} TCP-Reset {cause}", world.name(*from)))
        }
        RecordKind::ControlSent(sent) => {
            let header = Header::decode(world.octets(sent.octets)).unwrap();
            let message = header.control_message_type.name().unwrap();
            Some(
                format!("{} {message} {}", world.name(sent.from), sent.cause)
                    .trim_end()
                    .to_owned(),
            )
        }
        _ => None,
    })
}

#[test]
fn an_incoming_call_takes_link_options_and_reports_line_errors() {
    let (mut world, pns, pac) =
        endpoints(WorldConfig::default(), &delayed(Duration::from_millis(20)));
    open_control(&mut world, pac, PNS);
    assert_eq!(world.now(), ms(80));
    let options = Ring {
        dialed_number: "5550100".to_owned(),
        dialing_number: "5559876".to_owned(),
        ..Ring::default()
    };
    let Ok(Outcome::Call(call)) = world.command(
        pac,
        &Command::Ring {
            connection: None,
            options,
        },
    ) else {
        panic!("no call")
    };
    run_until(&mut world, "the call", |world| {
        has_state(world, pac, Query::CallState(call), "established")
    });
    let there = named_by(&world, pns, pac, call);
    run_until(&mut world, "the call", |world| {
        has_state(world, pns, Query::CallState(there), "established")
    });
    assert_eq!(world.now(), ms(140));

    let options = Command::SetLinkInfo {
        call: there,
        send_accm: 0,
        receive_accm: 0x000A_0000,
    };
    world.command(pns, &options).unwrap();
    let accm = Query::ReceiveAccm(call);
    run_until(&mut world, "the ACCM", |world| {
        world.query(pac, &accm) == Some(Value::Number(0x000A_0000))
    });
    let traffic = Traffic {
        packets: 20,
        bytes: 256,
        every: Some(Duration::from_millis(30)),
    };
    world.start_traffic(pac, call, traffic).unwrap();
    run_until(&mut world, "the end of data", |world| {
        world.is_data_idle(None)
    });
    assert_eq!(world.now(), ms(780));
    for crc_errors in [3, 2] {
        let counters = WanErrors {
            crc_errors,
            ..WanErrors::default()
        };
        world
            .command(pac, &Command::CountWanErrors { call, counters })
            .unwrap();
    }
    run_to(&mut world, ms(60_780));
    world.command(pac, &Command::LoseCarrier { call }).unwrap();
    run_until(&mut world, "the end of the call", |world| {
        has_state(world, pns, Query::CallState(there), "idle")
    });
    world
        .command(
            pac,
            &Command::CloseControl {
                connection: None,
                reason: StopReason(3),
            },
        )
        .unwrap();
    run_until(&mut world, "rest", World::only_keep_alive_left);
    world.finish();
    let taken = records(&mut world);
    assert_clean(&taken);
    assert_eq!(
        control(&world, &taken),
        [
            "0.000000 pac TCP-Open",
            "0.040000 pac Start-Control-Connection-Request",
            "0.060000 pns Start-Control-Connection-Reply",
            "0.080000 pac Incoming-Call-Request",
            "0.100000 pns Incoming-Call-Reply",
            "0.120000 pac Incoming-Call-Connected",
            "0.140000 pns Set-Link-Info",
            "0.780000 pac WAN-Error-Notify",
            "60.160000 pac Echo-Request 60 s without a control message",
            "60.180000 pns Echo-Reply",
            "60.780000 pac WAN-Error-Notify 60 s since the last",
            "60.780000 pac Call-Disconnect-Notify",
            "60.800000 pac Stop-Control-Connection-Request",
            "60.820000 pns Stop-Control-Connection-Reply",
            "60.820000 pns TCP-Close",
            "60.840000 pac TCP-Close answer",
        ]
    );
    let acknowledged: Vec<(Instant, u32)> = taken
        .iter()
        .filter_map(|record| match record.kind {
            RecordKind::GreSent(sent) if sent.from == pns => sent
                .header
                .and_then(|header| header.acknowledgment_number)
                .map(|number| (record.at, number)),
            _ => None,
        })
        .collect();
    assert_eq!(
        acknowledged,
        [
            (ms(280), 3),
            (ms(400), 7),
            (ms(520), 11),
            (ms(640), 15),
            (ms(760), 19)
        ]
    );
}

#[test]
fn of_two_connections_at_once_the_higher_address_keeps_its_own() {
    let (mut world, pns, pac) =
        endpoints(WorldConfig::default(), &delayed(Duration::from_millis(20)));
    world
        .command(pac, &Command::OpenControl { to: PNS })
        .unwrap();
    world
        .command(pns, &Command::OpenControl { to: PAC })
        .unwrap();
    run_until(&mut world, "rest", World::only_keep_alive_left);
    let taken = records(&mut world);
    assert_clean(&taken);
    assert_eq!(
        control(&world, &taken),
        [
            "0.000000 pac TCP-Open",
            "0.000000 pns TCP-Open",
            "0.040000 pac Start-Control-Connection-Request",
            "0.040000 pns Start-Control-Connection-Request",
            "0.060000 pns TCP-Close collision lost",
            "0.060000 pns Start-Control-Connection-Reply",
            "0.080000 pac TCP-Close answer",
        ]
    );
    assert!(has_state(
        &world,
        pac,
        Query::ConnectionState(Some(ConnectionId(1))),
        "established"
    ));
    assert_eq!(
        world.query(pns, &Query::Connections),
        Some(Value::Number(1))
    );
}

/// Loss, jitter, reordering, duplication and corruption, both ways.
fn lossy() -> LinkConfig {
    let chance = |percent| Some(Chance::of(Probability::percent(percent)));
    let mut config = delayed(Duration::from_millis(20));
    let gre = GreImpairments {
        jitter: Some(Jitter::uniform(Duration::from_millis(15))),
        loss: chance(5),
        reorder: Some(Reorder {
            chance: Chance::of(Probability::percent(10)),
            gap: 1,
        }),
        duplicate: chance(3),
        corrupt: chance(2),
        ..config.gre[0]
    };
    config.gre = [gre, gre];
    config
}

fn lossy_run(mut world: World) -> (Vec<Record>, Tape) {
    let pns = world.add_node("pns", &[PNS], endpoint(Role::Pns, PNS));
    let pac = world.add_node("pac", &[PAC], endpoint(Role::Pac, PAC));
    world.add_link(pns, pac, &lossy()).unwrap();
    open_control(&mut world, pns, PAC);
    let (call, there) = place_call(&mut world, pns, pac);
    let traffic = Traffic {
        packets: 400,
        bytes: 200,
        every: Some(Duration::from_millis(5)),
    };
    world.start_traffic(pns, call, traffic).unwrap();
    world
        .start_traffic(
            pac,
            there,
            Traffic {
                every: None,
                ..traffic
            },
        )
        .unwrap();
    run_until(&mut world, "rest", World::only_keep_alive_left);
    world
        .command(
            pns,
            &Command::CloseControl {
                connection: None,
                reason: StopReason::NONE,
            },
        )
        .unwrap();
    run_until(&mut world, "the end", World::only_keep_alive_left);
    world.finish_tape().unwrap();
    (records(&mut world), world.tape().clone())
}

fn count(records: &[Record], what: impl Fn(&RecordKind) -> bool) -> usize {
    records.iter().filter(|record| what(&record.kind)).count()
}

#[test]
fn the_first_number_of_a_call_fills_one_place_of_the_window_whichever_it_is() {
    for first_sequence_number in [0, 1, u32::MAX] {
        let mut sender = Config::new(Role::Pns, PNS);
        sender.profile.first_sequence_number = first_sequence_number;
        let mut receiver = Config::new(Role::Pac, PAC);
        receiver.profile.packet_recv_window_size = 4;
        let (mut world, pns, pac, _) = pair(
            WorldConfig::default(),
            &delayed(Duration::from_millis(20)),
            Box::new(EndpointNode::new(sender)),
            Box::new(EndpointNode::new(receiver)),
        );
        open_control(&mut world, pns, PAC);
        let (call, _) = place_call(&mut world, pns, pac);
        let traffic = Traffic {
            packets: 30,
            bytes: 100,
            every: None,
        };
        world.start_traffic(pns, call, traffic).unwrap();
        let until = world.now() + Duration::from_secs(5);
        run_to(&mut world, until);
        let records = records(&mut world);
        assert_eq!(
            count(&records, |kind| matches!(kind, RecordKind::Data { .. })),
            30
        );
        assert_eq!(
            count(&records, |kind| matches!(
                kind,
                RecordKind::ModelViolation(_)
            )),
            0,
            "from {first_sequence_number} on"
        );
    }
}

#[test]
fn an_endpoint_without_a_send_window_claims_none() {
    for (honours, window) in [(true, Some(Value::Number(8))), (false, None)] {
        let mut sender = Config::new(Role::Pns, PNS);
        if !honours {
            sender.profile.transmit_window = TransmitWindow::Ignored;
        }
        let (mut world, pns, pac, _) = pair(
            WorldConfig::default(),
            &delayed(Duration::from_millis(20)),
            Box::new(EndpointNode::new(sender)),
            endpoint(Role::Pac, PAC),
        );
        open_control(&mut world, pns, PAC);
        let (call, _) = place_call(&mut world, pns, pac);
        assert_eq!(world.query(pns, &Query::Window(call)), window);
    }
}

#[test]
fn a_lossy_run_is_had_again_from_its_seed_and_from_its_tape() {
    let config = WorldConfig {
        seed: 2637,
        ..WorldConfig::default()
    };
    let (first, tape) = lossy_run(World::new(config));
    assert!(count(&first, |kind| matches!(kind, RecordKind::GreLost { .. })) > 20);
    assert!(
        count(&first, |kind| matches!(
            kind,
            RecordKind::GreDuplicated { .. }
        )) > 10
    );
    assert!(
        count(&first, |kind| matches!(
            kind,
            RecordKind::GreDelivered { changed: true, .. }
        )) > 5
    );
    assert!(count(&first, |kind| matches!(kind, RecordKind::Data { .. })) > 150);
    assert_eq!(
        count(&first, |kind| matches!(kind, RecordKind::ModelViolation(_))),
        0
    );

    let (again, _) = lossy_run(World::new(config));
    assert!(first == again, "equal seeds, other records");
    let read = Tape::from_text(&tape.to_text()).unwrap();
    let (replayed, _) = lossy_run(World::replay(
        WorldConfig {
            seed: 2637,
            ..config
        },
        read,
    ));
    assert!(first == replayed, "the tape gives other records");
    let (other, _) = lossy_run(World::new(WorldConfig {
        seed: 2638,
        ..config
    }));
    assert!(first != other, "another seed, the same records");
}

#[test]
fn a_crashed_pac_comes_back_and_the_pns_learns_of_it_by_a_reset() {
    let (mut world, pns, pac) =
        endpoints(WorldConfig::default(), &delayed(Duration::from_millis(20)));
    open_control(&mut world, pns, PAC);
    let (call, _) = place_call(&mut world, pns, pac);
    world
        .start_traffic(
            pns,
            call,
            Traffic {
                packets: 1000,
                bytes: 64,
                every: Some(Duration::from_millis(10)),
            },
        )
        .unwrap();
    run_to(&mut world, ms(500));
    world.crash(pac);
    assert_eq!(world.query(pac, &Query::Calls), None);
    run_to(&mut world, ms(1000));
    world.restart(pac);
    records(&mut world);
    world.command(pns, &Command::ClearCall { call }).unwrap();
    run_to(&mut world, ms(2000));
    let taken = records(&mut world);
    assert_eq!(
        control(&world, &taken),
        [
            "1.000000 pns Call-Clear-Request",
            "1.020000 pac TCP-Reset connection unknown"
        ]
    );
    assert!(has_state(&world, pns, Query::CallState(call), "idle"));
    let ended = taken.iter().find_map(|record| match record.kind {
        RecordKind::TrafficEnded { sent, unsent, .. } => Some((record.at, sent + unsent)),
        _ => None,
    });
    assert_eq!(ended.map(|ended| ended.1), Some(1000), "{taken:#?}");
    open_control(&mut world, pns, PAC);
    let (again, there) = place_call(&mut world, pns, pac);
    assert_ne!(call.call_id, again.call_id);
    assert_eq!(
        world.query(pac, &Query::CallState(there)),
        Some(Value::State("established"))
    );
}

#[test]
fn an_idle_connection_costs_its_echoes_and_nothing_else() {
    let (mut world, pns, _) =
        endpoints(WorldConfig::default(), &delayed(Duration::from_millis(20)));
    open_control(&mut world, pns, PAC);
    run_to(&mut world, Instant(1_000_000_000));
    let before = world.steps();
    assert!(world.only_keep_alive_left());
    run_to(&mut world, Instant(3_601_000_000_000));
    let taken = records(&mut world);
    assert_clean(&taken);
    let echoes = taken
        .iter()
        .filter(|record| match &record.kind {
            RecordKind::ControlSent(sent) => {
                let message = ControlMessage::decode(world.octets(sent.octets)).unwrap();
                matches!(message.body, Body::EchoRequest(_))
            }
            _ => false,
        })
        .count() as u64;
    assert!((59..=120).contains(&echoes), "{echoes}");
    assert!(
        world.steps() - before <= echoes * 4,
        "{} steps for {echoes} echoes",
        world.steps() - before
    );
}

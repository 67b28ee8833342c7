//! TCP between scripted nodes: handshake, streams, FIN, RST, refusal, crash.

mod common;

use common::*;
use pptp_proto::{Config, Role};
use pptp_rules::Origin;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{EchoRequest, FramingErrorKind, StopReason};
use pptp_world::link::LinkConfig;
use pptp_world::{
    Advance, Command, CommandError, ConnectionId, ConnectionNumber, EndpointNode, NodeId, Outcome,
    Record, RecordKind, ScriptedConfig, ScriptedNode, SendControl, Unit, World, WorldConfig,
};

const DELAY: Duration = Duration::from_millis(25);
const FIRST: ConnectionNumber = ConnectionNumber(0);

fn scripted(config: ScriptedConfig) -> Box<ScriptedNode> {
    Box::new(ScriptedNode::new(config))
}

fn two(config: ScriptedConfig, link: &LinkConfig) -> (World, NodeId, NodeId) {
    let (world, pns, pac, _) = pair(
        WorldConfig::default(),
        link,
        scripted(ScriptedConfig::default()),
        scripted(config),
    );
    (world, pns, pac)
}

fn tell(records: &[Record]) -> Vec<String> {
    story(records, |kind| match kind {
        RecordKind::TcpOpen { from, to, .. } => Some(format!(
            "{}>{} open",
            from.0,
            to.map_or(-1, |to| i32::from(to.0))
        )),
        RecordKind::TcpOpened { node, id, .. } => Some(format!("{} opened {}", node.0, id.0)),
        RecordKind::TcpRefused { from, to, .. } => Some(format!("{}>{} refused", from.0, to.0)),
        RecordKind::TcpClose { from, answer, .. } => Some(format!(
            "{} close{}",
            from.0,
            if *answer { " answer" } else { "" }
        )),
        RecordKind::TcpCloseArrived { node, .. } => Some(format!("{} got close", node.0)),
        RecordKind::TcpReset { from, cause, .. } => Some(format!("{} reset {cause}", from.0)),
        RecordKind::TcpResetArrived { node, .. } => Some(format!("{} got reset", node.0)),
        RecordKind::TcpSevered { .. } => Some("severed".to_owned()),
        RecordKind::ControlSent(sent) => {
            let (length, pieces) = (sent.octets.length, sent.pieces);
            Some(format!(
                "{} sent {length} in {pieces} from {} {:?}",
                sent.from.0, sent.first_at, sent.framing
            ))
        }
        RecordKind::ControlArrived { node, .. } => Some(format!("{} got message", node.0)),
        RecordKind::NodeCrashed { node } => Some(format!("{} crashed", node.0)),
        RecordKind::NodeRestarted { node } => Some(format!("{} restarted", node.0)),
        _ => None,
    })
}

fn open(world: &mut World, from: NodeId) {
    let outcome = world.command(from, &Command::OpenTcp { to: PAC });
    assert_eq!(outcome, Ok(Outcome::Connection(ConnectionId(1))));
    run_to(world, ms(100));
    records(world);
}

fn send(octets: Vec<u8>) -> Command {
    Command::SendControl {
        connection: None,
        send: SendControl {
            octets,
            ..SendControl::default()
        },
    }
}

#[test]
fn a_handshake_takes_a_round_trip_and_a_half() {
    let (mut world, pns, pac) = two(ScriptedConfig::default(), &delayed(DELAY));
    assert_eq!(
        world.command(pns, &Command::OpenTcp { to: PAC }),
        Ok(Outcome::Connection(ConnectionId(1)))
    );
    assert_eq!(
        world.command(pns, &send(vec![1])),
        Err(CommandError::WrongState { state: "opening" })
    );
    assert!(!world.only_keep_alive_left());
    assert_eq!(world.advance(Instant::NEVER), Advance::Event);
    assert_eq!(world.now(), ms(25));
    run_until(&mut world, "the opening", |world| world.now() == ms(75));
    assert_eq!(world.advance(Instant::NEVER), Advance::Quiet);
    assert!(world.only_keep_alive_left());
    assert_eq!(
        tell(&records(&mut world)),
        [
            "0.000000 0>1 open",
            "0.050000 0 opened 1",
            "0.075000 1 opened 2"
        ]
    );
    assert_eq!(world.connections(), [(FIRST, pns, pac)]);
    assert_eq!(world.connection_id(pac, FIRST), Some(ConnectionId(2)));
    assert_eq!(world.connection_number(pac, ConnectionId(2)), Some(FIRST));
}

#[test]
fn a_node_that_does_not_listen_refuses() {
    let deaf = ScriptedConfig {
        listens: false,
        ..ScriptedConfig::default()
    };
    let (mut world, pns, _) = two(deaf, &delayed(DELAY));
    world.command(pns, &Command::OpenTcp { to: PAC }).unwrap();
    run_to(&mut world, ms(500));
    let told = tell(&records(&mut world));
    assert_eq!(
        told,
        [
            "0.000000 0>1 open",
            "0.025000 1>0 refused",
            "0.050000 0 got reset"
        ]
    );
    assert_eq!(world.connections(), []);
}

#[test]
fn where_nobody_is_the_opener_is_refused_at_once() {
    let (mut world, pns, _) = two(ScriptedConfig::default(), &delayed(DELAY));
    world
        .command(
            pns,
            &Command::OpenTcp {
                to: [192, 0, 2, 9].into(),
            },
        )
        .unwrap();
    assert_eq!(world.advance(Instant::NEVER), Advance::Event);
    assert_eq!(
        tell(&records(&mut world)),
        ["0.000000 0>-1 open", "0.000000 0>0 refused"]
    );
    assert_eq!(world.advance(Instant::NEVER), Advance::Quiet);
    assert_eq!(
        world.command(pns, &send(vec![1])),
        Err(CommandError::UnknownConnection)
    );
}

#[test]
fn a_close_is_answered_or_leaves_one_half_open() {
    let (mut world, pns, pac) = two(ScriptedConfig::default(), &delayed(DELAY));
    open(&mut world, pns);
    world
        .command(pns, &Command::CloseTcp { connection: None })
        .unwrap();
    assert_eq!(
        world.command(pns, &send(vec![1])),
        Err(CommandError::UnknownConnection)
    );
    run_to(&mut world, ms(130));
    world
        .command(pac, &send(octets(EchoRequest::default())))
        .unwrap();
    run_to(&mut world, ms(200));
    world
        .command(pac, &Command::CloseTcp { connection: None })
        .unwrap();
    run_to(&mut world, ms(300));
    let told = tell(&records(&mut world));
    assert_eq!(
        told,
        [
            "0.100000 0 close",
            "0.125000 1 got close",
            "0.130000 1 sent 16 in 1 from 0.130000 None",
            "0.155000 0 got message",
            "0.200000 1 close answer",
            "0.225000 0 got close",
        ]
    );
    assert_eq!(world.connections(), []);
}

#[test]
fn a_reset_ends_both_ends() {
    let (mut world, pns, pac) = two(ScriptedConfig::default(), &delayed(DELAY));
    open(&mut world, pns);
    world
        .command(pac, &Command::ResetTcp { connection: None })
        .unwrap();
    world
        .command(pns, &send(octets(EchoRequest::default())))
        .unwrap();
    run_to(&mut world, ms(300));
    let told = tell(&records(&mut world));
    assert_eq!(told[..1], ["0.100000 1 reset "]);
    assert_eq!(told[2..], ["0.125000 0 got reset"]);
    assert_eq!(
        world.command(pns, &send(vec![1])),
        Err(CommandError::UnknownConnection)
    );
}

#[test]
fn a_split_message_counts_with_its_last_octet() {
    let (mut world, pns, _) = two(ScriptedConfig::default(), &delayed(DELAY));
    open(&mut world, pns);
    let split = SendControl {
        octets: octets(EchoRequest::default()),
        cuts: vec![5, 12],
        pause: Duration::from_millis(3),
        unit: false,
    };
    world
        .command(
            pns,
            &Command::SendControl {
                connection: None,
                send: split,
            },
        )
        .unwrap();
    world
        .command(pns, &send(octets(EchoRequest::default())))
        .unwrap();
    world
        .command(pns, &Command::CloseTcp { connection: None })
        .unwrap();
    assert!(!world.only_keep_alive_left());
    run_to(&mut world, ms(300));
    let told = tell(&records(&mut world));
    assert_eq!(
        told,
        [
            "0.106000 0 sent 16 in 3 from 0.100000 None",
            "0.106000 0 sent 16 in 1 from 0.106000 None",
            "0.106000 0 close",
            "0.131000 1 got message",
            "0.131000 1 got message",
            "0.131000 1 got close",
        ]
    );
}

#[test]
fn a_unit_of_junk_is_shown_whole_with_what_is_wrong() {
    let (mut world, pns, _) = two(ScriptedConfig::default(), &delayed(DELAY));
    open(&mut world, pns);
    let junk = SendControl {
        octets: vec![0; 20],
        cuts: vec![4],
        unit: true,
        ..SendControl::default()
    };
    world
        .command(
            pns,
            &Command::SendControl {
                connection: None,
                send: junk,
            },
        )
        .unwrap();
    run_to(&mut world, ms(200));
    let records = records(&mut world);
    let told = tell(&records);
    let wrong = FramingErrorKind::LengthTooShort;
    assert_eq!(
        told[0],
        format!("0.100000 0 sent 20 in 2 from 0.100000 Some({wrong:?})")
    );
    let RecordKind::ControlSent(sent) = records[0].kind else {
        panic!("{records:?}")
    };
    assert_eq!(world.octets(sent.octets), [0; 20]);
}

#[test]
fn echo_is_answered_where_told_so() {
    let (mut world, pns, _) = two(
        ScriptedConfig {
            echo: true,
            ..ScriptedConfig::default()
        },
        &delayed(DELAY),
    );
    open(&mut world, pns);
    world
        .command(pns, &send(octets(EchoRequest { identifier: 7 })))
        .unwrap();
    run_to(&mut world, ms(200));
    let told = tell(&records(&mut world));
    assert_eq!(told.len(), 4);
    assert_eq!(told[2], "0.125000 1 sent 20 in 1 from 0.125000 None");
}

#[test]
fn a_rebooted_host_resets_what_it_has_forgotten() {
    let (mut world, pns, pac) = two(ScriptedConfig::default(), &delayed(DELAY));
    open(&mut world, pns);
    world.crash(pac);
    world.crash(pac);
    assert_eq!(
        world.command(pac, &send(vec![1])),
        Err(CommandError::Crashed)
    );
    world
        .command(pns, &send(octets(EchoRequest::default())))
        .unwrap();
    run_to(&mut world, ms(400));
    assert!(!world.only_keep_alive_left(), "octets wait for the restart");
    world.restart(pac);
    run_to(&mut world, ms(500));
    let told = tell(&records(&mut world));
    assert_eq!(
        told,
        [
            "0.100000 1 crashed",
            "0.100000 0 sent 16 in 1 from 0.100000 None",
            "0.400000 1 restarted",
            "0.400000 1 reset connection unknown",
            "0.425000 0 got reset",
        ]
    );
    assert!(world.only_keep_alive_left());
    world.command(pns, &Command::OpenTcp { to: PAC }).unwrap();
    run_to(&mut world, ms(600));
    assert_eq!(world.connections().len(), 1);
    assert_eq!(
        world.connection_id(pac, ConnectionNumber(1)),
        Some(ConnectionId(2))
    );
}

#[test]
fn a_fault_resets_both_ends_at_once_or_closes_one_direction() {
    let (mut world, pns, pac) = two(ScriptedConfig::default(), &delayed(DELAY));
    open(&mut world, pns);
    assert!(world.half_close(pns, FIRST));
    world
        .command(pns, &send(octets(EchoRequest::default())))
        .unwrap();
    world
        .command(pac, &send(octets(EchoRequest::default())))
        .unwrap();
    run_to(&mut world, ms(200));
    assert!(world.reset(FIRST));
    assert!(!world.reset(FIRST) && !world.half_close(pns, FIRST));
    run_to(&mut world, ms(300));
    let told = tell(&records(&mut world));
    assert_eq!(told[0], "0.100000 severed");
    assert_eq!(
        told[3..],
        [
            "0.125000 1 got close",
            "0.125000 0 got message",
            "0.200000 severed",
            "0.200000 0 got reset",
            "0.200000 1 got reset",
        ]
    );
}

#[test]
fn a_stall_holds_octets_back_and_a_release_lets_them_go() {
    let (mut world, pns, pac) = two(ScriptedConfig::default(), &delayed(DELAY));
    open(&mut world, pns);
    let link = world.link_between(pac, pns).unwrap();
    let direction = world.direction_from(link, pns).unwrap();
    world.stall(link, direction);
    world
        .command(pns, &send(octets(EchoRequest::default())))
        .unwrap();
    run_to(&mut world, ms(200));
    assert!(!world.only_keep_alive_left());
    world.release(link, direction);
    run_to(&mut world, ms(300));
    let told = tell(&records(&mut world));
    assert_eq!(told[1..], ["0.200000 1 got message"]);
}

#[test]
fn injected_octets_take_their_place_in_the_stream() {
    let (mut world, pns, pac) = two(ScriptedConfig::default(), &delayed(DELAY));
    open(&mut world, pns);
    assert!(world.inject_control(pac, FIRST, &octets(EchoRequest::default()), Unit::Stream));
    assert!(!world.inject_control(pac, ConnectionNumber(9), &[1], Unit::Stream));
    run_to(&mut world, ms(300));
    let told = tell(&records(&mut world));
    assert_eq!(told[1..], ["0.125000 0 got message"]);
}

/// Junk from outside makes the stream lose step; a cut-off message takes in what its sender sends next. Neither is the sender's.
#[test]
fn what_injected_octets_spoil_is_not_graded() {
    let echo = octets(EchoRequest::default());
    for (injected, origins) in [
        (&[9; 20][..], &[Origin::Foreign, Origin::Spoiled][..]),
        (&echo[..7], &[Origin::Spoiled]),
        (&echo[..], &[Origin::Foreign, Origin::Own]),
    ] {
        let end = |role, address| Box::new(EndpointNode::new(Config::new(role, address)));
        let (mut world, pns, _, _) = pair(
            WorldConfig::default(),
            &delayed(DELAY),
            end(Role::Pns, PNS),
            end(Role::Pac, PAC),
        );
        world
            .command(pns, &Command::OpenControl { to: PAC })
            .unwrap();
        run_to(&mut world, ms(200));
        records(&mut world);
        assert!(world.inject_control(pns, FIRST, injected, Unit::Stream));
        let stop = Command::CloseControl {
            connection: None,
            reason: StopReason::NONE,
        };
        world.command(pns, &stop).unwrap();
        run_to(&mut world, ms(400));
        let records = records(&mut world);
        let seen = records.iter().filter_map(|record| match &record.kind {
            RecordKind::ControlSent(sent) if sent.from == pns => Some(sent.origin),
            _ => None,
        });
        assert_eq!(seen.collect::<Vec<Origin>>(), origins, "{injected:?}");
        let graded = |kind: &RecordKind| matches!(kind, RecordKind::Finding(it) if it.graded);
        assert!(
            !records.iter().any(|record| graded(&record.kind)),
            "{injected:?}"
        );
    }
}

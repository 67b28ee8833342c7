//! Faults: crash and restart, stall, partition, resets, targeted delays.

use super::common::*;
use pptp_wire::time::Duration;
use pptp_wire::{ControlMessageType, EchoRequest, MAXIMUM_LENGTH};
use pptp_world::link::{ControlAction, ControlMatch, ControlRule, LinkConfig};
use pptp_world::luck::Direction;
use pptp_world::{
    Command, ConnectionNumber, Node, Query, Record, RecordKind, SendControl, Stage, Unit, Value,
};

const FIRST: ConnectionNumber = ConnectionNumber(0);

fn link() -> LinkConfig {
    delayed([25, 25], 25)
}

fn resets(records: &[Record]) -> usize {
    count(records, |kind| matches!(kind, RecordKind::TcpReset { .. }))
}

fn echo() -> Vec<u8> {
    pptp_wire::ControlMessage::from(EchoRequest::default())
        .encode(&mut [0; MAXIMUM_LENGTH])
        .to_vec()
}

fn send(stage: &mut dyn Stage, node: pptp_world::NodeId) {
    let octets = echo();
    let send = Command::SendControl {
        connection: None,
        send: SendControl {
            octets,
            ..SendControl::default()
        },
    };
    stage.command(node, &send).expect("octets");
}

fn open_tcp(stage: &mut dyn Stage) {
    stage
        .command(PNS_NODE, &Command::OpenTcp { to: PAC })
        .expect("a connection");
    run_to(stage, ms(100));
}

fn two_scripted() -> [Box<dyn Node>; 2] {
    [scripted(), scripted()]
}

#[test]
fn a_host_that_boots_resets_what_it_has_forgotten() {
    let records = same(&link(), endpoints, |stage| {
        open(stage);
        place(stage);
        stage.crash(PAC_NODE);
        stage.crash(PAC_NODE);
        assert_eq!(stage.query(PAC_NODE, &Query::Calls), None);
        run_to(stage, ms(70_000));
        stage.restart(PAC_NODE);
        run_to(stage, ms(140_000));
        // A new connection to the host that came up again.
        stage
            .command(PNS_NODE, &Command::OpenControl { to: PAC })
            .expect("a connection");
        run_to(stage, ms(141_000));
        let state = stage.query(PAC_NODE, &Query::ConnectionState(None));
        assert_eq!(state, Some(Value::State("established")));
        place(stage);
    });
    assert_eq!(resets(&records), 1);
    let crashed = |kind: &RecordKind| matches!(kind, RecordKind::NodeCrashed { .. });
    assert_eq!(count(&records, crashed), 1);
}

#[test]
fn what_is_under_way_survives_a_crash_of_its_sender_and_waits_for_its_receiver() {
    same(&link(), two_scripted, |stage| {
        open_tcp(stage);
        send(stage, PNS_NODE);
        stage.crash(PNS_NODE);
        run_to(stage, ms(200));
        stage.restart(PNS_NODE);
        run_to(stage, ms(300));
        send(stage, PAC_NODE);
        run_to(stage, ms(500));
    });
    let records = same(&link(), two_scripted, |stage| {
        open_tcp(stage);
        send(stage, PNS_NODE);
        run_to(stage, ms(110));
        stage.crash(PAC_NODE);
        run_to(stage, ms(500));
        assert!(!stage.only_keep_alive_left());
        stage.restart(PAC_NODE);
        run_to(stage, ms(1_000));
        assert!(stage.only_keep_alive_left());
    });
    assert_eq!(resets(&records), 1);
}

#[test]
fn a_crash_and_a_restart_at_once() {
    same(&link(), two_scripted, |stage| {
        open_tcp(stage);
        stage.crash(PAC_NODE);
        stage.restart(PAC_NODE);
        send(stage, PNS_NODE);
        run_to(stage, ms(500));
        assert_eq!(stage.connections(), []);
    });
}

#[test]
fn a_crash_in_a_handshake() {
    // The opener, then the acceptor, at each stage of the handshake. A SYN that came to a host that was down is sent again, so that
    // the times differ.
    for at in [0, 10, 30, 60] {
        for node in [PNS_NODE, PAC_NODE] {
            let stories = both(&link(), two_scripted, |stage| {
                stage
                    .command(PNS_NODE, &Command::OpenTcp { to: PAC })
                    .expect("a connection");
                run_to(stage, ms(at));
                stage.crash(node);
                run_to(stage, ms(200));
                stage.restart(node);
                run_to(stage, ms(400));
                // Another one, to see that nothing is mixed up.
                let again = Command::OpenTcp { to: PAC };
                stage.command(PNS_NODE, &again).expect("a connection");
                run_to(stage, ms(800));
                assert!(stage.only_keep_alive_left());
            });
            let [event, turmoil] = stories.map(|(story, _)| story.without_times());
            assert_same(&event, &turmoil);
        }
    }
}

#[test]
fn a_stall_holds_octets_back_and_releases_them_in_order() {
    for (begins, ends) in [(110, 500), (90, 112), (100, 101), (126, 300)] {
        let records = same(&link(), two_scripted, |stage| {
            open_tcp(stage);
            send(stage, PNS_NODE);
            run_to(stage, ms(begins.max(100)));
            stage.stall(LINK, Direction::Forward);
            stage.stall(LINK, Direction::Forward);
            for _ in 0..3 {
                send(stage, PNS_NODE);
                send(stage, PAC_NODE);
            }
            stage.release(LINK, Direction::Forward);
            run_to(stage, ms(ends.max(begins.max(100))));
            stage.release(LINK, Direction::Forward);
            send(stage, PNS_NODE);
            run_to(stage, ms(1_000));
            assert!(stage.only_keep_alive_left());
        });
        let arrived = |kind: &RecordKind| matches!(kind, RecordKind::ControlArrived { .. });
        assert_eq!(count(&records, arrived), 8);
    }
}

#[test]
fn a_partition_cuts_both_planes_until_it_is_repaired() {
    let mut world = turmoil(1, &link(), endpoints());
    open(&mut world);
    let [call, _] = place(&mut world);
    world
        .start_traffic(PNS_NODE, call, traffic(10, 10))
        .expect("data");
    assert!(world.partition(PNS_NODE, PAC_NODE));
    run_to(&mut world, ms(550));
    let clear = Command::ClearCall { call };
    world.command(PNS_NODE, &clear).expect("a clear");
    run_to(&mut world, ms(5_000));
    let before = records(&mut world);
    let at = world.now();
    assert!(world.repair(PNS_NODE, PAC_NODE));
    run_to(&mut world, ms(6_000));
    let after = records(&mut world);
    let lost = |kind: &RecordKind| matches!(kind, RecordKind::GreLost { .. });
    assert!(count(&before, lost) > 0, "{before:#?}");
    let arrival = after.iter().find_map(|record| match record.kind {
        RecordKind::ControlArrived { node: PAC_NODE, .. } => Some(record.at),
        _ => None,
    });
    assert_eq!(arrival, Some(at));
    assert!(!world.partition(PNS_NODE, PNS_NODE) && !world.repair(PNS_NODE, PNS_NODE));
}

#[test]
fn a_path_that_resets_a_connection_tells_both_ends() {
    let records = same(&link(), two_scripted, |stage| {
        open_tcp(stage);
        send(stage, PNS_NODE);
        run_to(stage, ms(110));
        assert!(stage.reset(FIRST));
        assert!(!stage.reset(FIRST));
        run_to(stage, ms(300));
    });
    let told = |kind: &RecordKind| matches!(kind, RecordKind::TcpResetArrived { .. });
    assert_eq!(count(&records, told), 2);
    let arrived = |kind: &RecordKind| matches!(kind, RecordKind::ControlArrived { .. });
    assert_eq!(count(&records, arrived), 0);
}

#[test]
fn a_path_that_closes_one_direction_says_so_to_the_other_end() {
    same(&link(), two_scripted, |stage| {
        open_tcp(stage);
        send(stage, PNS_NODE);
        assert!(stage.half_close(PNS_NODE, FIRST));
        run_to(stage, ms(200));
        send(stage, PNS_NODE);
        send(stage, PAC_NODE);
        run_to(stage, ms(400));
    });
}

#[test]
fn nodes_reset_and_close_while_octets_are_under_way() {
    for end in [
        Command::CloseTcp { connection: None },
        Command::ResetTcp { connection: None },
    ] {
        for node in [PNS_NODE, PAC_NODE] {
            same(&link(), two_scripted, |stage| {
                open_tcp(stage);
                for _ in 0..3 {
                    send(stage, PNS_NODE);
                    send(stage, PAC_NODE);
                }
                stage.command(node, &end).expect("the end");
                run_to(stage, ms(110));
                let other = if node == PNS_NODE { PAC_NODE } else { PNS_NODE };
                stage.command(other, &end).expect("the other end");
                run_to(stage, ms(400));
                assert!(stage.only_keep_alive_left());
            });
        }
    }
}

#[test]
fn one_message_may_be_late_and_delays_may_change() {
    same(&link(), endpoints, |stage| {
        let rule = ControlRule {
            matches: ControlMatch {
                control_message_type: Some(ControlMessageType::START_CONTROL_CONNECTION_REPLY),
                ..ControlMatch::default()
            },
            action: ControlAction::Delay(Duration::from_millis(400)),
        };
        let rule = stage.add_control_rule(LINK, Direction::Backward, rule);
        open(stage);
        let removed = stage.remove_rule(
            LINK,
            Direction::Backward,
            pptp_world::luck::Plane::Control,
            rule.expect("a rule"),
        );
        assert!(removed);
        for delay in [60, 5, 40] {
            for direction in Direction::BOTH {
                let mut impairments = stage.control_impairments(LINK, direction).clone();
                impairments.delay = Duration::from_millis(delay);
                stage
                    .impair_control(LINK, direction, impairments)
                    .expect("a delay");
                let now = stage.control_impairments(LINK, direction).delay;
                assert_eq!(now, Duration::from_millis(delay));
            }
            place(stage);
        }
    });
}

#[test]
fn an_earlier_message_is_not_overtaken_when_the_delay_shrinks() {
    same(&link(), two_scripted, |stage| {
        open_tcp(stage);
        send(stage, PNS_NODE);
        send(stage, PAC_NODE);
        for direction in Direction::BOTH {
            let mut impairments = stage.control_impairments(LINK, direction).clone();
            impairments.delay = Duration::from_millis(2);
            stage
                .impair_control(LINK, direction, impairments)
                .expect("a delay");
        }
        send(stage, PNS_NODE);
        let reset = Command::ResetTcp { connection: None };
        stage.command(PAC_NODE, &reset).expect("a reset");
        run_to(stage, ms(300));
    });
}

#[test]
fn octets_may_be_injected() {
    let records = same(&link(), endpoints, |stage| {
        open(stage);
        assert!(stage.inject_control(PNS_NODE, FIRST, &echo(), Unit::Stream));
        run_to(stage, ms(500));
    });
    let sent = |kind: &RecordKind| matches!(kind, RecordKind::ControlSent(_));
    assert_eq!(count(&records, sent), 4, "the injected request is answered");
}

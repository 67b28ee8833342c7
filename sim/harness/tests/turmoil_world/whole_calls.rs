//! Calls from the first message to the last.

use super::common::*;
use pptp_wire::StopReason;
use pptp_wire::time::Instant;
use pptp_world::link::{LinkConfig, Segmentation};
use pptp_world::{
    Advance, Command, NodeId, Outcome, Query, Record, RecordKind, Ring, Stage, Value,
};

fn close(stage: &mut dyn Stage, node: NodeId) {
    let reason = StopReason::NONE;
    let stop = Command::CloseControl {
        connection: None,
        reason,
    };
    stage.command(node, &stop).expect("a stop");
    run_until(stage, "the end", |stage| stage.only_keep_alive_left());
    assert_eq!(stage.connections(), []);
}

fn outgoing_call(stage: &mut dyn Stage) {
    open(stage);
    let [call, there] = place(stage);
    stage
        .start_traffic(PNS_NODE, call, traffic(100, 10))
        .expect("data");
    stage
        .start_traffic(PAC_NODE, there, traffic(100, 10))
        .expect("data");
    run_until(stage, "the end of data", |stage| {
        stage.is_data_idle(Some((PNS_NODE, call)))
    });
    stage
        .command(PNS_NODE, &Command::ClearCall { call })
        .expect("a clear");
    run_until(stage, "the end of the call", |stage| {
        stage.query(PNS_NODE, &Query::Calls) == Some(Value::Number(0))
    });
    close(stage, PNS_NODE);
}

fn delivered(records: &[Record]) -> usize {
    count(records, |kind| matches!(kind, RecordKind::Data { .. }))
}

#[test]
fn an_outgoing_call_is_the_same_to_the_nanosecond() {
    let records = same(&delayed([25, 25], 25), endpoints, outgoing_call);
    assert_clean(&records);
    assert_eq!(delivered(&records), 200);
    // Where the worked example has them.
    let close = records.iter().find_map(|record| match record.kind {
        RecordKind::TcpClose { answer: false, .. } => Some(record.at),
        _ => None,
    });
    assert_eq!(close, Some(ms(1645)));
}

#[test]
fn directions_may_differ_and_the_shortest_delay_is_a_tick() {
    for control in [[1, 1], [1, 2], [2, 1], [10, 35]] {
        let records = same(&delayed(control, 3), endpoints, outgoing_call);
        assert_clean(&records);
        assert_eq!(delivered(&records), 200, "{control:?}");
    }
}

#[test]
fn streams_may_be_cut_and_coalesced_anywhere() {
    for (segmentation, coalesce) in [
        (Segmentation::Maximum(1), None),
        (Segmentation::Cuts(vec![7, 12, 150]), None),
        (Segmentation::Maximum(13), Some(5)),
    ] {
        let mut link: LinkConfig = delayed([20, 20], 20);
        for control in &mut link.control {
            control.segmentation = segmentation.clone();
            control.coalesce = coalesce.map(pptp_wire::time::Duration::from_millis);
            control.segment_spacing = pptp_wire::time::Duration::from_millis(1);
        }
        assert_clean(&same(&link, endpoints, outgoing_call));
    }
}

#[test]
fn an_incoming_call_is_the_same() {
    let records = same(&delayed([20, 20], 15), endpoints, |stage| {
        open(stage);
        let connection = Some(stage.connection_id(PAC_NODE, stage.connections()[0].0)).flatten();
        let ring = Command::Ring {
            connection,
            options: Ring::default(),
        };
        let Ok(Outcome::Call(call)) = stage.command(PAC_NODE, &ring) else {
            panic!("no call")
        };
        run_until(stage, "the call", |stage| {
            is_established(stage, PAC_NODE, call)
        });
        run_to(stage, ms(500));
        let there = other_end(stage, PAC_NODE, call);
        stage
            .start_traffic(PNS_NODE, there, traffic(20, 3))
            .expect("data");
        run_to(stage, ms(1_000));
        let hang_up = Command::DisconnectCall { call };
        stage.command(PAC_NODE, &hang_up).expect("the end");
        run_to(stage, ms(1_500));
        close(stage, PAC_NODE);
    });
    assert_clean(&records);
    assert_eq!(delivered(&records), 20);
}

#[test]
fn echoes_go_on_for_an_hour() {
    let records = same(&delayed([20, 20], 20), endpoints, |stage| {
        open(stage);
        run_to(stage, ms(3_600_000));
    });
    let messages = count(&records, |kind| matches!(kind, RecordKind::ControlSent(_)));
    assert!(messages >= 60, "{messages}");
}

#[test]
fn a_world_without_anything_to_do_is_quiet() {
    let mut world = turmoil(0, &delayed([20, 20], 20), endpoints());
    assert_eq!(world.advance(Instant::NEVER), Advance::Quiet);
    assert_eq!(world.now(), Instant::START);
    assert_eq!(world.advance(ms(7)), Advance::Quiet);
    assert_eq!(world.now(), ms(7));
    world
        .command(PNS_NODE, &Command::OpenControl { to: PAC })
        .expect("a connection");
    assert!(!world.only_keep_alive_left());
    assert_eq!(world.advance(ms(7)), Advance::Event, "the SYN departs");
    assert_eq!(world.advance(ms(10)), Advance::Reached);
    assert_eq!(world.now(), ms(10));
}

#[test]
fn runs_are_equal_record_by_record() {
    let run = || {
        let mut world = turmoil(3, &delayed([25, 25], 25), endpoints());
        outgoing_call(&mut world);
        records(&mut world)
    };
    let first = run();
    assert!(first.len() > 500);
    assert_eq!(first, run());
}

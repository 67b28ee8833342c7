//! A whole outgoing call between two endpoints over links of 25 ms, message by message.

mod common;

use common::*;
use core::net::Ipv4Addr;
use pptp_proto::{Config, Role, Telephone};
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{ControlMessage, Header, StopReason};
use pptp_world::{
    CallRef, Command, EndpointNode, NodeId, Outcome, PlaceCall, Query, Record, RecordKind, Traffic,
    Value, World, WorldConfig,
};

fn endpoint(role: Role, address: Ipv4Addr, answers_after: Duration) -> Box<EndpointNode> {
    let telephone = Telephone {
        answers_after,
        ..Telephone::default()
    };
    Box::new(EndpointNode::new(Config {
        telephone,
        ..Config::new(role, address)
    }))
}

fn established(world: &World, node: NodeId, call: CallRef) -> bool {
    world.query(node, &Query::CallState(call)) == Some(Value::State("established"))
}

/// The story of the wire: every control message, TCP event, and GRE packet with its numbers.
fn wire(world: &World, records: &[Record]) -> Vec<String> {
    let name = |node: NodeId| world.name(node).to_owned();
    story(records, |kind| match kind {
        RecordKind::TcpOpen { from, .. } => Some(format!("{} TCP-Open", name(*from))),
        RecordKind::TcpClose { from, answer, .. } => Some(format!(
            "{} TCP-Close{}",
            name(*from),
            if *answer { " answer" } else { "" }
        )),
        RecordKind::ControlSent(sent) => {
            let header = Header::decode(world.octets(sent.octets)).unwrap();
            let message = header.control_message_type.name().unwrap();
            Some(
                format!("{} {message} {}", name(sent.from), sent.cause)
                    .trim_end()
                    .to_owned(),
            )
        }
        RecordKind::GreSent(sent) => {
            let header = sent.header.unwrap();
            let number =
                |number: Option<u32>| number.map_or("-".to_owned(), |number| number.to_string());
            let (sequence, acknowledgment) = (
                number(header.sequence_number),
                number(header.acknowledgment_number),
            );
            Some(
                format!(
                    "{} GRE {sequence} {acknowledgment} {}",
                    name(sent.from),
                    sent.cause
                )
                .trim_end()
                .to_owned(),
            )
        }
        _ => None,
    })
}

#[test]
fn an_outgoing_call_carries_data_both_ways_and_ends_in_order() {
    let pns = endpoint(Role::Pns, PNS, Duration::ZERO);
    let pac = endpoint(Role::Pac, PAC, Duration::from_millis(300));
    let (mut world, pns, pac, _) = pair(
        WorldConfig::default(),
        &delayed(Duration::from_millis(25)),
        pns,
        pac,
    );

    world
        .command(pns, &Command::OpenControl { to: PAC })
        .unwrap();
    let state = Query::ConnectionState(None);
    run_until(&mut world, "the start", |world| {
        world.query(pns, &state) == Some(Value::State("established"))
    });
    let options = PlaceCall {
        phone_number: "5551234".to_owned(),
        ..PlaceCall::default()
    };
    let Ok(Outcome::Call(call)) = world.command(
        pns,
        &Command::PlaceCall {
            connection: None,
            options,
        },
    ) else {
        panic!("no call")
    };
    run_until(&mut world, "the call", |world| {
        established(world, pns, call)
    });
    assert_eq!(world.now(), ms(450));

    let mut taken = records(&mut world);
    let reply = taken.iter().rev().find_map(|record| match &record.kind {
        RecordKind::ControlSent(sent) => {
            Some(ControlMessage::decode(world.octets(sent.octets)).unwrap())
        }
        _ => None,
    });
    let Some(pptp_wire::Body::OutgoingCallReply(reply)) = reply.map(|reply| reply.body) else {
        panic!("{reply:?}")
    };
    let connection = world.connections()[0].0;
    let there = CallRef {
        connection: world.connection_id(pac, connection).unwrap(),
        call_id: reply.call_id,
    };
    assert_eq!(reply.peer_call_id, call.call_id);
    assert!(established(&world, pac, there));

    let traffic = Traffic {
        packets: 100,
        bytes: 512,
        every: Some(Duration::from_millis(10)),
    };
    world.start_traffic(pns, call, traffic).unwrap();
    world.start_traffic(pac, there, traffic).unwrap();
    assert!(!world.is_data_idle(None) && !world.is_data_idle(Some((pac, there))));
    run_until(&mut world, "the end of data", |world| {
        world.is_data_idle(Some((pns, call)))
    });
    assert!(world.is_data_idle(None) && world.is_data_idle(Some((pac, there))));
    assert_eq!(world.now(), ms(1570));

    world.command(pns, &Command::ClearCall { call }).unwrap();
    run_until(&mut world, "the end of the call", |world| {
        world.query(pns, &Query::Calls) == Some(Value::Number(0))
    });
    assert_eq!(world.now(), ms(1620));
    world
        .command(
            pns,
            &Command::CloseControl {
                connection: None,
                reason: StopReason::NONE,
            },
        )
        .unwrap();
    run_until(&mut world, "rest", World::only_keep_alive_left);
    world.finish();
    taken.extend(records(&mut world));
    assert_clean(&taken);
    assert_eq!(world.connections(), []);

    let told = wire(&world, &taken);
    let control: Vec<&str> = told
        .iter()
        .map(String::as_str)
        .filter(|line| !line.contains("GRE"))
        .collect();
    assert_eq!(
        control,
        [
            "0.000000 pns TCP-Open",
            "0.050000 pns Start-Control-Connection-Request",
            "0.075000 pac Start-Control-Connection-Reply",
            "0.100000 pns Outgoing-Call-Request",
            "0.425000 pac Outgoing-Call-Reply",
            "1.570000 pns Call-Clear-Request",
            "1.595000 pac Call-Disconnect-Notify",
            "1.620000 pns Stop-Control-Connection-Request",
            "1.645000 pac Stop-Control-Connection-Reply",
            "1.645000 pac TCP-Close",
            "1.670000 pns TCP-Close answer",
        ]
    );
    for name in ["pns", "pac"] {
        let mut expected: Vec<String> = (0..100_u64)
            .map(|number| {
                let acknowledgment = number
                    .checked_sub(3)
                    .map_or("-".to_owned(), |number| number.to_string());
                format!(
                    "{} {name} GRE {number} {acknowledgment}",
                    ms(450 + 10 * number)
                )
            })
            .collect();
        expected.push(format!(
            "1.545000 {name} GRE - 99 acknowledgment delay 100 ms"
        ));
        let own: Vec<String> = told
            .iter()
            .filter(|line| line.contains(&format!("{name} GRE")))
            .cloned()
            .collect();
        assert_eq!(own, expected);
    }
    let delivered: Vec<(NodeId, Instant, u32, Option<u64>)> = taken
        .iter()
        .filter_map(|record| match record.kind {
            RecordKind::Data {
                node,
                sequence_number,
                counter,
                ..
            } => Some((node, record.at, sequence_number, counter)),
            _ => None,
        })
        .filter(|data| data.0 == pac)
        .collect();
    let expected: Vec<_> = (0..100)
        .map(|n| (pac, ms(475 + 10 * u64::from(n)), n, Some(u64::from(n))))
        .collect();
    assert_eq!(delivered, expected);
}

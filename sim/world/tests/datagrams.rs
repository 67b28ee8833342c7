//! Datagrams between nodes: where they go, where they are lost, what an attacker may do, what a scripted node acknowledges.

mod common;

use common::puppet::{acknowledgment, datagram};
use common::*;
use core::net::Ipv4Addr;
use pptp_wire::time::Duration;
use pptp_wire::{CallId, OutgoingCallReply, OutgoingCallRequest, OutgoingCallResult};
use pptp_world::link::{GreAction, GreMatch, GreRule, ImpairmentKind, LinkConfig};
use pptp_world::luck::{Direction, Plane};
use pptp_world::{
    Command, GreSent, Loss, NodeId, Record, RecordKind, ScriptedConfig, ScriptedNode, SendControl,
    World, WorldConfig,
};

const SECOND: Ipv4Addr = Ipv4Addr::new(10, 0, 1, 2);
const ATTACKER: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 6);

fn scripted(config: ScriptedConfig) -> Box<ScriptedNode> {
    Box::new(ScriptedNode::new(config))
}

/// A PNS, a PAC with two addresses, an attacker; the attacker has a link to the PNS alone.
fn three(link: &LinkConfig) -> (World, [NodeId; 3]) {
    let mut world = World::new(WorldConfig::default());
    let pns = world.add_node("pns", &[PNS], scripted(ScriptedConfig::default()));
    let pac = world.add_node("pac", &[PAC, SECOND], scripted(ScriptedConfig::default()));
    let attacker = world.add_node("attacker", &[ATTACKER], scripted(ScriptedConfig::default()));
    world.add_link(pns, pac, link).unwrap();
    world.add_link(attacker, pns, link).unwrap();
    (world, [pns, pac, attacker])
}

fn send(world: &mut World, node: NodeId, from: Option<Ipv4Addr>, to: Ipv4Addr) {
    let octets = datagram(7, 1, None, b"payload");
    world
        .command(node, &Command::SendGre { to, from, octets })
        .unwrap();
}

fn tell(records: &[Record]) -> Vec<String> {
    story(records, |kind| match kind {
        RecordKind::GreSent(GreSent {
            from,
            to,
            forged,
            length,
            ..
        }) => {
            let to = to.map_or(-1, |to| i32::from(to.0));
            Some(format!(
                "{}>{to} sent {length} {}",
                from.0,
                forged.map_or(String::new(), |forged| forged.to_string())
            ))
        }
        RecordKind::GreDelivered { node, copy, .. } => Some(format!("{} got copy {copy}", node.0)),
        RecordKind::GreLost { by, .. } => Some(format!("lost {by:?}")),
        RecordKind::GreTargeted { held_up, .. } => Some(format!("held up {held_up}")),
        _ => None,
    })
}

#[test]
fn a_datagram_goes_to_any_address_of_a_node_or_is_lost() {
    let (mut world, [pns, pac, attacker]) = three(&delayed(Duration::from_millis(25)));
    send(&mut world, pns, None, SECOND);
    send(&mut world, pns, None, Ipv4Addr::new(10, 9, 9, 9));
    send(&mut world, attacker, None, PAC);
    world.crash(pac);
    assert_eq!(world.datagrams_in_flight(), 1);
    run_to(&mut world, ms(30));
    world.restart(pac);
    send(&mut world, pns, None, PAC);
    run_to(&mut world, ms(100));
    assert_eq!(
        tell(&records(&mut world)),
        [
            "0.000000 0>1 sent 19 ",
            "0.000000 0>-1 sent 19 ",
            "0.000000 lost NoAddress",
            "0.000000 2>1 sent 19 ",
            "0.000000 lost NoLink",
            "0.025000 lost NodeDown",
            "0.030000 0>1 sent 19 ",
            "0.055000 1 got copy 0",
        ]
    );
    assert!(world.only_keep_alive_left());
}

#[test]
fn an_attacker_forges_its_address() {
    let (mut world, [_, _, attacker]) = three(&delayed(Duration::from_millis(25)));
    send(&mut world, attacker, Some(PAC), PNS);
    run_to(&mut world, ms(100));
    let told = tell(&records(&mut world));
    assert_eq!(
        told,
        ["0.000000 2>0 sent 19 10.0.0.2", "0.025000 0 got copy 0"]
    );
}

#[test]
fn what_cannot_be_decoded_is_kept_whole() {
    let (mut world, [pns, ..]) = three(&LinkConfig::default());
    let octets = vec![0x30, 0x01, 0x88];
    world
        .command(
            pns,
            &Command::SendGre {
                to: PAC,
                from: None,
                octets: octets.clone(),
            },
        )
        .unwrap();
    let taken = records(&mut world);
    let RecordKind::GreSent(sent) = taken[0].kind else {
        panic!("{taken:?}")
    };
    assert_eq!(
        (sent.header, world.octets(sent.octets)),
        (None, octets.as_slice())
    );
}

#[test]
fn faults_come_and_go() {
    let (mut world, [pns, pac, _]) = three(&LinkConfig::default());
    let link = world.link_between(pns, pac).unwrap();
    let (forward, backward) = (Direction::Forward, Direction::Backward);
    assert_eq!(
        (
            world.direction_from(link, pns),
            world.direction_from(link, pac)
        ),
        (Some(forward), Some(backward))
    );
    world.begin_outage(link, forward);
    send(&mut world, pns, None, PAC);
    send(&mut world, pac, None, PNS);
    world.end_outage(link, forward);
    let held = GreRule {
        matches: GreMatch::default(),
        action: GreAction::Delay(Duration::from_millis(7)),
    };
    let rule = world.add_gre_rule(link, forward, held);
    send(&mut world, pns, None, PAC);
    assert!(world.remove_rule(link, forward, Plane::Gre, rule));
    assert!(!world.remove_rule(link, forward, Plane::Gre, rule));
    send(&mut world, pns, None, PAC);
    run_to(&mut world, ms(10));
    assert_eq!(
        tell(&records(&mut world)),
        [
            "0.000000 0>1 sent 19 ".to_owned(),
            format!("0.000000 lost {:?}", Loss::Link(ImpairmentKind::Outage)),
            "0.000000 1>0 sent 19 ".to_owned(),
            "0.000000 0>1 sent 19 ".to_owned(),
            "0.000000 held up 7ms".to_owned(),
            "0.000000 0>1 sent 19 ".to_owned(),
            "0.000000 0 got copy 0".to_owned(),
            "0.000000 1 got copy 0".to_owned(),
            "0.007000 1 got copy 0".to_owned(),
        ]
    );
}

#[test]
fn a_scripted_node_acknowledges_data_of_calls_that_it_has_seen() {
    let acknowledging = ScriptedConfig {
        acknowledge: true,
        ..ScriptedConfig::default()
    };
    let link = delayed(Duration::from_millis(20));
    let (mut world, pns, pac, _) = pair(
        WorldConfig::default(),
        &link,
        scripted(ScriptedConfig::default()),
        scripted(acknowledging),
    );
    world.command(pns, &Command::OpenTcp { to: PAC }).unwrap();
    run_to(&mut world, ms(100));
    let say = |octets| Command::SendControl {
        connection: None,
        send: SendControl {
            octets,
            ..SendControl::default()
        },
    };
    let request = OutgoingCallRequest {
        call_id: CallId(17),
        ..OutgoingCallRequest::default()
    };
    world.command(pns, &say(octets(request))).unwrap();
    run_to(&mut world, ms(200));
    let reply = OutgoingCallReply {
        call_id: CallId(40),
        peer_call_id: CallId(17),
        result_code: OutgoingCallResult::CONNECTED,
        ..OutgoingCallReply::default()
    };
    world.command(pac, &say(octets(reply))).unwrap();
    run_to(&mut world, ms(300));
    records(&mut world);
    let gre = |octets| Command::SendGre {
        to: PAC,
        from: None,
        octets,
    };
    for number in [3, 4] {
        world
            .command(pns, &gre(datagram(40, number, None, b"data")))
            .unwrap();
    }
    world
        .command(pns, &gre(datagram(41, 9, None, b"no such call")))
        .unwrap();
    assert!(!world.is_data_idle(None));
    run_to(&mut world, ms(410));
    assert!(!world.is_data_idle(None), "an acknowledgment is due");
    run_to(&mut world, ms(500));
    assert!(world.is_data_idle(None));
    let acknowledged: Vec<_> = records(&mut world)
        .iter()
        .filter_map(|record| match record.kind {
            RecordKind::GreSent(sent) if sent.from == pac => {
                Some((record.at, sent.header, sent.cause.to_string()))
            }
            _ => None,
        })
        .collect();
    let header = pptp_wire::GrePacket::decode(&acknowledgment(17, 4))
        .unwrap()
        .header;
    assert_eq!(
        acknowledged,
        [(
            ms(420),
            Some(header),
            "acknowledgment delay 100 ms".to_owned()
        )]
    );
}

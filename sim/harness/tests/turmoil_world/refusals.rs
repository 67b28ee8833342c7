//! Connections that do not come about, and addresses that turmoil would not take.

use super::common::*;
use pptp_harness::turmoil_world::TurmoilWorld;
use pptp_world::{
    Command, NodeId, RecordKind, ScriptedConfig, ScriptedNode, Stage, World, WorldConfig,
};

#[test]
fn who_does_not_listen_refuses() {
    let deaf = || {
        let config = ScriptedConfig {
            listens: false,
            ..ScriptedConfig::default()
        };
        let deaf: Box<dyn pptp_world::Node> = Box::new(ScriptedNode::new(config));
        [scripted(), deaf]
    };
    let records = same(&delayed([25, 25], 25), deaf, |stage| {
        stage
            .command(PNS_NODE, &Command::OpenTcp { to: PAC })
            .expect("a connection");
        run_to(stage, ms(200));
        assert!(stage.only_keep_alive_left());
    });
    let refused = |kind: &RecordKind| matches!(kind, RecordKind::TcpRefused { from: PAC_NODE, .. });
    assert_eq!(count(&records, refused), 1);
}

#[test]
fn where_nobody_is_the_opener_is_refused_at_once() {
    let records = same(
        &delayed([25, 25], 25),
        || [scripted(), scripted()],
        |stage| {
            let to = [192, 0, 2, 9].into();
            stage
                .command(PNS_NODE, &Command::OpenTcp { to })
                .expect("a connection");
            run_to(stage, ms(200));
        },
    );
    let refused = |kind: &RecordKind| matches!(kind, RecordKind::TcpRefused { .. });
    assert_eq!(count(&records, refused), 1);
}

#[test]
fn a_connection_may_be_given_up_while_it_opens() {
    for (at, end) in [
        (0, Command::ResetTcp { connection: None }),
        (30, Command::ResetTcp { connection: None }),
    ] {
        same(
            &delayed([25, 25], 25),
            || [scripted(), scripted()],
            |stage| {
                stage
                    .command(PNS_NODE, &Command::OpenTcp { to: PAC })
                    .expect("a connection");
                run_to(stage, ms(at));
                stage.command(PNS_NODE, &end).expect("the end");
                run_to(stage, ms(300));
                assert!(stage.only_keep_alive_left());
            },
        );
    }
}

#[test]
fn several_connections_between_the_same_two_at_once() {
    same(
        &delayed([25, 25], 25),
        || [scripted(), scripted()],
        |stage| {
            for to in [PAC, PAC, PAC] {
                stage
                    .command(PNS_NODE, &Command::OpenTcp { to })
                    .expect("a connection");
            }
            stage
                .command(PAC_NODE, &Command::OpenTcp { to: PNS })
                .expect("a connection");
            run_to(stage, ms(200));
            for number in [1, 3, 5] {
                let connection = Some(pptp_world::ConnectionId(number));
                let send = pptp_world::SendControl {
                    octets: vec![0; 12 + number as usize],
                    unit: true,
                    ..pptp_world::SendControl::default()
                };
                let send = Command::SendControl { connection, send };
                stage.command(PNS_NODE, &send).expect("octets");
            }
            run_to(stage, ms(400));
            assert_eq!(stage.connections().len(), 4);
        },
    );
}

/// Two addresses at one node, and a node whose address another one has.
#[test]
fn nodes_may_share_addresses_and_have_several() {
    let other = [10, 0, 0, 9].into();
    fn build(
        add: &mut dyn FnMut(&str, &[core::net::Ipv4Addr]) -> NodeId,
        other: core::net::Ipv4Addr,
    ) {
        add("pns", &[PNS]);
        add("pac", &[PAC, other]);
        add("double", &[PNS]);
        add("nameless", &[]);
    }
    let config = WorldConfig::default();
    let (mut event, mut turmoil) = (World::new(config), TurmoilWorld::new(config));
    build(
        &mut |name, addresses| event.add_node(name, addresses, scripted()),
        other,
    );
    build(
        &mut |name, addresses| turmoil.add_node(name, addresses, scripted()),
        other,
    );
    let link = delayed([10, 10], 10);
    for (a, b) in [(0, 1), (2, 1), (3, 1)] {
        event.add_link(NodeId(a), NodeId(b), &link).expect("a link");
        turmoil
            .add_link(NodeId(a), NodeId(b), &link)
            .expect("a link");
    }
    let stories = [&mut event as &mut dyn Stage, &mut turmoil].map(|stage| {
        for node in [0, 2, 3] {
            let open = Command::OpenTcp { to: other };
            stage.command(NodeId(node), &open).expect("a connection");
            run_to(stage, ms(100 * u64::from(node + 1)));
        }
        assert_eq!(stage.connections().len(), 3);
        let records = records(stage);
        pptp_harness::turmoil_world::Story::of(&records, stage)
    });
    let [first, second] = stories;
    assert_eq!(pptp_harness::turmoil_world::compare(&first, &second), []);
}

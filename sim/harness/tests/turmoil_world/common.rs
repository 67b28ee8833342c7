//! Two worlds, one script.

use core::net::Ipv4Addr;
use pptp_harness::turmoil_world::{Difference, Story, TurmoilWorld, compare};
use pptp_proto::{Config, Role, Telephone};
use pptp_wire::time::{Duration, Instant};
use pptp_world::link::{ControlImpairments, GreImpairments, LinkConfig};
use pptp_world::{
    Advance, CallRef, Command, EndpointNode, LinkId, Node, NodeId, Outcome, PlaceCall, Query,
    Record, RecordKind, ScriptedConfig, ScriptedNode, Stage, Traffic, Value, World, WorldConfig,
};

pub const PNS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
pub const PAC: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

pub const PNS_NODE: NodeId = NodeId(0);
pub const PAC_NODE: NodeId = NodeId(1);
pub const LINK: LinkId = LinkId(0);

pub const fn ms(count: u64) -> Instant {
    Instant(count * 1_000_000)
}

/// A link with these delays, in milliseconds, of each direction.
pub fn delayed(control: [u64; 2], gre: u64) -> LinkConfig {
    let gre = GreImpairments {
        delay: Duration::from_millis(gre),
        ..GreImpairments::default()
    };
    LinkConfig {
        control: control.map(|delay| ControlImpairments {
            delay: Duration::from_millis(delay),
            ..ControlImpairments::default()
        }),
        gre: [gre, gre],
    }
}

pub fn endpoint(role: Role) -> Box<dyn Node> {
    let address = if role == Role::Pns { PNS } else { PAC };
    let telephone = Telephone {
        answers_after: Duration::from_millis(if role == Role::Pac { 300 } else { 0 }),
        ..Telephone::default()
    };
    Box::new(EndpointNode::new(Config {
        telephone,
        ..Config::new(role, address)
    }))
}

pub fn endpoints() -> [Box<dyn Node>; 2] {
    [endpoint(Role::Pns), endpoint(Role::Pac)]
}

pub fn scripted() -> Box<dyn Node> {
    Box::new(ScriptedNode::new(ScriptedConfig::default()))
}

pub fn turmoil(seed: u64, link: &LinkConfig, nodes: [Box<dyn Node>; 2]) -> TurmoilWorld {
    let mut world = TurmoilWorld::new(WorldConfig {
        seed,
        ..WorldConfig::default()
    });
    let [pns, pac] = nodes;
    world.add_node("pns", &[PNS], pns);
    world.add_node("pac", &[PAC], pac);
    world.add_link(PNS_NODE, PAC_NODE, link).expect("a link");
    world
}

pub fn event(seed: u64, link: &LinkConfig, nodes: [Box<dyn Node>; 2]) -> World {
    let mut world = World::new(WorldConfig {
        seed,
        ..WorldConfig::default()
    });
    let [pns, pac] = nodes;
    world.add_node("pns", &[PNS], pns);
    world.add_node("pac", &[PAC], pac);
    world.add_link(PNS_NODE, PAC_NODE, link).expect("a link");
    world
}

/// Plays a script on both worlds; the stories and the records of the event world, in which `at_least` things happened.
pub fn both(
    link: &LinkConfig,
    nodes: fn() -> [Box<dyn Node>; 2],
    script: impl Fn(&mut dyn Stage),
) -> [(Story, Vec<Record>); 2] {
    let mut first = event(7, link, nodes());
    let mut second = turmoil(7, link, nodes());
    script(&mut first);
    script(&mut second);
    let [one, two] = [&mut first as &mut dyn Stage, &mut second].map(|stage| {
        let records = records(stage);
        (Story::of(&records, stage), records)
    });
    [one, two]
}

/// Plays a script on both worlds, which must tell the same; the records of the turmoil world.
pub fn same(
    link: &LinkConfig,
    nodes: fn() -> [Box<dyn Node>; 2],
    script: impl Fn(&mut dyn Stage),
) -> Vec<Record> {
    let [(event, _), (turmoil, records)] = both(link, nodes, script);
    assert_same(&event, &turmoil);
    records
}

pub fn assert_same(event: &Story, turmoil: &Story) {
    assert!(!event.is_empty());
    let differences = compare(event, turmoil);
    let words: Vec<String> = differences.iter().map(Difference::to_string).collect();
    assert_eq!(words, [""; 0], "event world first, turmoil world second");
}

pub fn records(stage: &mut dyn Stage) -> Vec<Record> {
    let mut records = Vec::new();
    stage.take_records(&mut records);
    records
}

pub fn run_to(stage: &mut dyn Stage, until: Instant) {
    while stage.advance(until) == Advance::Event {}
    assert_eq!(stage.now(), until);
}

pub fn run_until(stage: &mut dyn Stage, what: &str, condition: impl Fn(&dyn Stage) -> bool) {
    while !condition(stage) {
        let advance = stage.advance(Instant::NEVER);
        assert_eq!(advance, Advance::Event, "at {} before {what}", stage.now());
    }
}

pub fn is_established(stage: &dyn Stage, node: NodeId, call: CallRef) -> bool {
    stage.query(node, &Query::CallState(call)) == Some(Value::State("established"))
}

/// Opens a control connection.
pub fn open(stage: &mut dyn Stage) {
    stage
        .command(PNS_NODE, &Command::OpenControl { to: PAC })
        .expect("a connection");
    run_until(stage, "the start", |stage| {
        stage.query(PNS_NODE, &Query::ConnectionState(None)) == Some(Value::State("established"))
    });
}

/// Places a call; its names at both ends.
pub fn place(stage: &mut dyn Stage) -> [CallRef; 2] {
    let command = Command::PlaceCall {
        connection: None,
        options: PlaceCall::default(),
    };
    let Ok(Outcome::Call(call)) = stage.command(PNS_NODE, &command) else {
        panic!("no call")
    };
    run_until(stage, "the call", |stage| {
        is_established(stage, PNS_NODE, call)
    });
    [call, other_end(stage, PNS_NODE, call)]
}

/// The other end's name of a call.
pub fn other_end(stage: &dyn Stage, node: NodeId, call: CallRef) -> CallRef {
    let there = if node == PNS_NODE { PAC_NODE } else { PNS_NODE };
    let peer = stage.query(node, &Query::PeerCallId(call));
    let call_id = peer.and_then(Value::number).expect("a Call ID");
    let number = stage.connection_number(node, call.connection);
    let connection = stage.connection_id(there, number.expect("a connection"));
    CallRef {
        connection: connection.expect("a connection"),
        call_id: pptp_wire::CallId(call_id as u16),
    }
}

pub fn traffic(packets: u64, every: u64) -> Traffic {
    Traffic {
        packets,
        bytes: 512,
        every: Some(Duration::from_millis(every)),
    }
}

/// What nobody may have had to say in a run without faults.
pub fn assert_clean(records: &[Record]) {
    let complaints: Vec<_> = records
        .iter()
        .filter(|record| {
            matches!(
                record.kind,
                RecordKind::Finding(_)
                    | RecordKind::ModelViolation(_)
                    | RecordKind::NodeMistake { .. }
                    | RecordKind::Violation { .. }
            )
        })
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

/// How many records there are of a kind.
pub fn count(records: &[Record], is: impl Fn(&RecordKind) -> bool) -> usize {
    records.iter().filter(|record| is(&record.kind)).count()
}

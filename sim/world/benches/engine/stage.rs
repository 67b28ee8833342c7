//! Worlds for the benches: pairs of endpoints, with calls.

use core::net::Ipv4Addr;
use pptp_proto::{Config, Role, SharedProfile};
use pptp_wire::time::{Duration, Instant};
use pptp_world::link::{
    Chance, ControlImpairments, GreImpairments, Jitter, LinkConfig, LinkError, Reorder,
};
use pptp_world::luck::Probability;
use pptp_world::{
    Advance, CallRef, Command, ConnectionNumber, EndpointNode, LinkId, Node, NodeId, Outcome,
    PlaceCall, Query, Record, Stage, Value, World, WorldConfig,
};

/// The delay of every path.
pub const DELAY: Duration = Duration::from_millis(20);

/// A link that only delays.
pub fn clean() -> LinkConfig {
    let control = ControlImpairments {
        delay: DELAY,
        ..ControlImpairments::default()
    };
    let gre = GreImpairments {
        delay: DELAY,
        ..GreImpairments::default()
    };
    LinkConfig {
        control: [control.clone(), control],
        gre: [gre, gre],
    }
}

/// 20 ms, and 5 % loss both ways.
pub fn with_loss() -> LinkConfig {
    let gre = GreImpairments {
        delay: DELAY,
        loss: Some(Chance::of(Probability::percent(5))),
        ..GreImpairments::default()
    };
    LinkConfig {
        gre: [gre, gre],
        ..clean()
    }
}

/// 20 ms, 5 % loss, 5 ms jitter, 10 % reordered, both ways.
pub fn lossy() -> LinkConfig {
    let chance = |percent| Chance::of(Probability::percent(percent));
    let gre = GreImpairments {
        delay: DELAY,
        loss: Some(chance(5)),
        jitter: Some(Jitter::uniform(Duration::from_millis(5))),
        reorder: Some(Reorder {
            chance: chance(10),
            gap: 1,
        }),
        ..GreImpairments::default()
    };
    LinkConfig {
        gre: [gre, gre],
        ..clean()
    }
}

pub fn address(pair: u32, side: u32) -> Ipv4Addr {
    Ipv4Addr::from(0x0A00_0000 + pair * 2 + side + 1)
}

/// A PNS and a PAC, number `pair`.
pub fn add_pair(
    world: &mut World,
    pair: u32,
    link: &LinkConfig,
    profile: &SharedProfile,
) -> (NodeId, NodeId) {
    add_pair_to(world, pair, link, profile, World::add_node, World::add_link)
}

/// The same in a world of any kind.
pub fn add_pair_to<S>(
    world: &mut S,
    pair: u32,
    link: &LinkConfig,
    profile: &SharedProfile,
    add_node: impl Fn(&mut S, &str, &[Ipv4Addr], Box<dyn Node>) -> NodeId,
    add_link: impl Fn(&mut S, NodeId, NodeId, &LinkConfig) -> Result<LinkId, LinkError>,
) -> (NodeId, NodeId) {
    let [pns, pac] = [(Role::Pns, "pns", 0), (Role::Pac, "pac", 1)].map(|(role, name, side)| {
        let address = address(pair, side);
        let config = Config {
            profile: profile.clone(),
            ..Config::new(role, address)
        };
        add_node(
            world,
            &format!("{name}{pair}"),
            &[address],
            Box::new(EndpointNode::new(config)),
        )
    });
    add_link(world, pns, pac, link).expect("a link");
    (pns, pac)
}

pub fn new_world() -> World {
    World::new(WorldConfig {
        seed: 2637,
        ..WorldConfig::default()
    })
}

/// Lets time pass; the records are counted and thrown away.
pub fn run_to(world: &mut World, until: Instant, records: &mut Vec<Record>) -> u64 {
    let mut count = 0;
    loop {
        let advance = world.advance(until);
        if world.steps().is_multiple_of(1024) {
            world.take_records(records);
            count += records.len() as u64;
            records.clear();
        }
        match advance {
            Advance::Event => {}
            Advance::Reached | Advance::Quiet => break,
            Advance::Limit(limit) => panic!("{limit:?}"),
            Advance::TapeMismatch => unreachable!("nothing is played"),
        }
    }
    world.take_records(records);
    count += records.len() as u64;
    records.clear();
    count
}

/// Events until a state is reached.
pub fn run_until<S: Stage>(world: &mut S, condition: impl Fn(&S) -> bool) {
    while !condition(world) {
        let advance = world.advance(Instant::NEVER);
        assert_eq!(advance, Advance::Event, "the condition never holds");
    }
}

pub fn is(world: &impl Stage, node: NodeId, query: Query, state: &'static str) -> bool {
    world.query(node, &query) == Some(Value::State(state))
}

pub fn open_control(world: &mut impl Stage, pns: NodeId, to: Ipv4Addr) {
    world
        .command(pns, &Command::OpenControl { to })
        .expect("a connection");
    run_until(world, |world| {
        is(world, pns, Query::ConnectionState(None), "established")
    });
}

/// Places a call on the first connection: both ends' names for it.
pub fn place_call(world: &mut impl Stage, pns: NodeId, pac: NodeId) -> (CallRef, CallRef) {
    let place = Command::PlaceCall {
        connection: None,
        options: PlaceCall::default(),
    };
    let Ok(Outcome::Call(call)) = world.command(pns, &place) else {
        panic!("no call")
    };
    run_until(world, |world| {
        is(world, pns, Query::CallState(call), "established")
    });
    let Some(Value::Number(id)) = world.query(pns, &Query::PeerCallId(call)) else {
        panic!("no Call ID")
    };
    let number = world
        .connection_number(pns, call.connection)
        .unwrap_or(ConnectionNumber(0));
    let connection = world.connection_id(pac, number).expect("the other end");
    (
        call,
        CallRef {
            connection,
            call_id: pptp_wire::CallId(id as u16),
        },
    )
}

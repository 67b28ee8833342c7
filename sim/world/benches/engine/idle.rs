//! Rows 3 and 4: connections on which nothing happens but echoes.

use crate::stage::{add_pair, address, clean, is, new_world, open_control, run_to};
use pptp_proto::Profile;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{ControlMessageType, Header};
use pptp_world::{Advance, Command, NodeId, Query, Record, RecordKind, World};

/// RFC 2637 §3.2.1.
const ECHO_INTERVAL: Duration = Duration::from_secs(60);

/// One pair with a control connection, idle for an hour. Gives the echoes.
pub fn hour() -> u64 {
    let mut world = new_world();
    let (pns, _) = add_pair(&mut world, 0, &clean(), &Profile::RFC.into());
    open_control(&mut world, pns, address(0, 1));
    let mut records = Vec::new();
    let until = world.now() + Duration::from_secs(3_600);
    while world.advance(until) == Advance::Event {}
    world.take_records(&mut records);
    let echoes = count(&world, &records);
    assert!(echoes >= 59, "{echoes} echoes");
    echoes
}

/// When the pairs of a world open their control connections, and so when they exchange their echoes.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Opening {
    /// 1 us apart: all echoes of a minute are in one burst, and between two events of a pair lie those of all others.
    AtOnce,
    /// One after the other over the time between two echoes.
    Spread,
}

impl Opening {
    /// The time from one pair to the next.
    pub fn apart(self, pairs: u32) -> Duration {
        match self {
            Opening::AtOnce => Duration(1_000),
            Opening::Spread => Duration(ECHO_INTERVAL.0 / u64::from(pairs)),
        }
    }
}

/// So many pairs, each with a control connection.
pub fn pairs(pairs: u32, opening: Opening) -> World {
    let mut world = new_world();
    let mut records = Vec::new();
    let profile = Profile::RFC.into();
    let nodes: Vec<NodeId> = (0..pairs)
        .map(|pair| {
            let (pns, _) = add_pair(&mut world, pair, &clean(), &profile);
            let to = address(pair, 1);
            let open = Command::OpenControl { to };
            world.command(pns, &open).expect("a connection");
            let next = world.now() + opening.apart(pairs);
            run_to(&mut world, next, &mut records);
            pns
        })
        .collect();
    // The last ones need a start exchange.
    let next = world.now() + Duration::from_secs(1);
    run_to(&mut world, next, &mut records);
    let established = |&pns: &NodeId| is(&world, pns, Query::ConnectionState(None), "established");
    assert!(nodes.iter().all(established));
    world
}

/// Ten minutes in which all pairs are idle. Gives the echoes.
pub fn ten_minutes(world: &mut World, pairs: u32) -> u64 {
    let mut records: Vec<Record> = Vec::new();
    let before = world.steps();
    let until: Instant = world.now() + Duration::from_secs(600);
    run_to(world, until, &mut records);
    let echoes = (world.steps() - before) / 3;
    assert!(
        echoes >= u64::from(pairs) * 9,
        "{echoes} echoes of {pairs} pairs"
    );
    echoes
}

fn count(world: &World, records: &[Record]) -> u64 {
    let echoes = records.iter().filter(|record| match &record.kind {
        RecordKind::ControlSent(sent) => Header::decode(world.octets(sent.octets))
            .is_ok_and(|header| header.control_message_type == ControlMessageType::ECHO_REQUEST),
        _ => false,
    });
    echoes.count() as u64
}

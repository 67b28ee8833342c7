//! What the tests of the world share.

#![allow(dead_code, reason = "each test target uses its part")]

pub mod puppet;

use core::net::Ipv4Addr;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{ControlMessage, MAXIMUM_LENGTH};
use pptp_world::link::{ControlImpairments, GreImpairments, LinkConfig};
use pptp_world::{Advance, LinkId, Node, NodeId, Record, RecordKind, World, WorldConfig};

pub const PNS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
pub const PAC: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);

pub const fn ms(count: u64) -> Instant {
    Instant(count * 1_000_000)
}

/// A link with the same delay everywhere.
pub fn delayed(delay: Duration) -> LinkConfig {
    let control = ControlImpairments {
        delay,
        ..ControlImpairments::default()
    };
    let gre = GreImpairments {
        delay,
        ..GreImpairments::default()
    };
    LinkConfig {
        control: [control.clone(), control],
        gre: [gre, gre],
    }
}

/// A PNS and a PAC joined by a link.
pub fn pair(
    config: WorldConfig,
    link: &LinkConfig,
    pns: Box<dyn Node>,
    pac: Box<dyn Node>,
) -> (World, NodeId, NodeId, LinkId) {
    let mut world = World::new(config);
    let pns = world.add_node("pns", &[PNS], pns);
    let pac = world.add_node("pac", &[PAC], pac);
    let link = world.add_link(pns, pac, link).expect("a link");
    (world, pns, pac, link)
}

/// Lets everything happen up to a time.
pub fn run_to(world: &mut World, until: Instant) {
    while world.advance(until) == Advance::Event {}
    assert_eq!(world.now(), until);
}

/// Lets events happen until a condition holds.
pub fn run_until(world: &mut World, what: &str, condition: impl Fn(&World) -> bool) {
    while !condition(world) {
        let advance = world.advance(Instant::NEVER);
        assert_eq!(advance, Advance::Event, "at {} before {what}", world.now());
    }
}

pub fn records(world: &mut World) -> Vec<Record> {
    let mut records = Vec::new();
    world.take_records(&mut records);
    records
}

/// The records of some kinds, in words: time, and what `words` makes of it.
pub fn story(records: &[Record], words: impl Fn(&RecordKind) -> Option<String>) -> Vec<String> {
    let tell = |record: &Record| words(&record.kind).map(|words| format!("{} {words}", record.at));
    records.iter().filter_map(tell).collect()
}

pub fn octets(message: impl Into<ControlMessage>) -> Vec<u8> {
    message.into().encode(&mut [0; MAXIMUM_LENGTH]).to_vec()
}

/// Neither rules nor the reference model have anything to say.
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

//! Rows 3 and 4: connections on which nothing happens but echoes.

use crate::stage::{add_pair, address, clean, new_world, open_control, run_to, run_until};
use pptp_proto::Profile;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{ControlMessageType, Header};
use pptp_world::{Advance, Command, Record, RecordKind, World};

/// One pair with a control connection, idle for an hour. Gives the echoes.
pub fn hour() -> u64 {
    let mut world = new_world();
    let (pns, _) = add_pair(&mut world, 0, &clean(), &Profile::RFC);
    open_control(&mut world, pns, address(0, 1));
    let mut records = Vec::new();
    let until = world.now() + Duration::from_secs(3_600);
    while world.advance(until) == Advance::Event {}
    world.take_records(&mut records);
    let echoes = count(&world, &records);
    assert!(echoes >= 59, "{echoes} echoes");
    echoes
}

/// So many pairs, each with a control connection.
pub fn pairs(pairs: u32) -> World {
    let mut world = new_world();
    for pair in 0..pairs {
        let (pns, _) = add_pair(&mut world, pair, &clean(), &Profile::RFC);
        world
            .command(
                pns,
                &Command::OpenControl {
                    to: address(pair, 1),
                },
            )
            .expect("a connection");
        // So that they are not all at one time.
        let next = world.now() + Duration(1_000);
        while world.advance(next) == Advance::Event {}
    }
    run_until(&mut world, World::only_keep_alive_left);
    let mut records = Vec::new();
    world.take_records(&mut records);
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

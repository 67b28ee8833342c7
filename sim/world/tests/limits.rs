//! Each limit of a world ends the run with a word of its own.

mod common;

use common::puppet::{ADDRESSES, Act, Theatre, acknowledgment};
use common::*;
use core::net::Ipv4Addr;
use pptp_wire::time::{Duration, Instant};
use pptp_world::{
    Advance, Cause, Deadline, Input, Limits, Node, NodeMistake, Output, RecordKind, World,
    WorldConfig, WorldLimit,
};

/// A node that wants to be called every millisecond.
struct Clock {
    next: Instant,
}

impl Node for Clock {
    fn handle(&mut self, now: Instant, _input: Input<'_>) {
        self.next = now + Duration::from_millis(1);
    }

    fn poll(&mut self, _now: Instant) -> Output<'_> {
        Output::Deadline(Some(Deadline {
            at: self.next,
            cause: Cause::ANSWER,
            keep_alive: false,
        }))
    }
}

fn clock(limits: Limits) -> World {
    let mut world = World::new(WorldConfig {
        limits,
        ..WorldConfig::default()
    });
    world.add_node(
        "clock",
        &[Ipv4Addr::LOCALHOST],
        Box::new(Clock {
            next: Instant::START,
        }),
    );
    world
}

fn run(world: &mut World) -> Advance {
    loop {
        match world.advance(Instant::NEVER) {
            Advance::Event => {}
            other => return other,
        }
    }
}

#[test]
fn steps_and_time_end_a_run() {
    let mut world = clock(Limits {
        steps: 10,
        ..Limits::default()
    });
    assert_eq!(run(&mut world), Advance::Limit(WorldLimit::Steps));
    assert_eq!(run(&mut world), Advance::Limit(WorldLimit::Steps));
    assert_eq!((world.steps(), world.now()), (10, ms(9)));
    let told: Vec<_> = records(&mut world)
        .iter()
        .map(|record| record.kind)
        .collect();
    assert_eq!(
        told,
        [RecordKind::Limit {
            limit: WorldLimit::Steps
        }]
    );

    let mut world = clock(Limits {
        time: ms(5),
        ..Limits::default()
    });
    assert_eq!(run(&mut world), Advance::Limit(WorldLimit::Time));
    assert_eq!(world.steps(), 6);
    assert!(!world.only_keep_alive_left());
}

#[test]
fn queue_and_records_end_a_run() {
    for (limits, limit) in [
        (
            Limits {
                queue: 5,
                ..Limits::default()
            },
            WorldLimit::Queue,
        ),
        (
            Limits {
                records: 8,
                ..Limits::default()
            },
            WorldLimit::Records,
        ),
    ] {
        let config = WorldConfig {
            limits,
            ..WorldConfig::default()
        };
        let mut theatre = Theatre::new(config, &delayed(Duration::from_millis(10)));
        let flood = (0..10).map(|_| Act::Datagram(ADDRESSES[1], acknowledgment(1, 1)));
        theatre.strings(0).acts.extend(flood);
        let poke = pptp_world::Command::OpenTcp { to: PAC };
        theatre.world.command(theatre.nodes[0], &poke).unwrap_err();
        assert_eq!(run(&mut theatre.world), Advance::Limit(limit));
    }
}

#[test]
fn a_node_that_never_stops_is_stopped() {
    let limits = Limits {
        outputs_at_once: 50,
        ..Limits::default()
    };
    let mut theatre = Theatre::new(
        WorldConfig {
            limits,
            ..WorldConfig::default()
        },
        &delayed(Duration::from_millis(10)),
    );
    theatre.strings(0).endless = true;
    theatre
        .strings(0)
        .acts
        .push_back(Act::Datagram(ADDRESSES[1], acknowledgment(1, 1)));
    let poke = pptp_world::Command::OpenTcp { to: PAC };
    theatre.world.command(theatre.nodes[0], &poke).unwrap_err();
    let taken = records(&mut theatre.world);
    let last = taken.last().map(|record| record.kind);
    assert_eq!(
        last,
        Some(RecordKind::NodeMistake {
            node: theatre.nodes[0],
            mistake: NodeMistake::Endless
        })
    );
    let sent = taken
        .iter()
        .filter(|record| matches!(record.kind, RecordKind::GreSent(_)));
    assert_eq!(sent.count(), 50);
}

//! A control plane that somebody else carries: the story is the one that the links tell.

mod common;

use common::*;
use core::net::Ipv4Addr;
use pptp_proto::{Config, Role};
use pptp_wire::StopReason;
use pptp_wire::time::{Duration, Instant};
use pptp_world::link::LinkConfig;
use pptp_world::{
    Advance, Carried, Command, Departure, EndpointNode, Limits, Node, NodeId, Outcome, PlaceCall,
    Record, RecordKind, ScriptedConfig, ScriptedNode, Traffic, World, WorldConfig, WorldLimit,
};
use std::collections::VecDeque;

const DELAY: Duration = Duration::from_millis(25);

/// A carrier with a constant delay, or none, where the links carry.
struct Carrier {
    world: World,
    pns: NodeId,
    pac: NodeId,
    under_way: Option<VecDeque<Departure>>,
}

impl Carrier {
    fn new(carried: bool, limits: Limits, nodes: [Box<dyn Node>; 2]) -> Carrier {
        let mut link = delayed(DELAY);
        if carried {
            link.control = LinkConfig::default().control;
        }
        let config = WorldConfig {
            limits,
            ..WorldConfig::default()
        };
        let [pns, pac] = nodes;
        let (mut world, pns, pac, _) = pair(config, &link, pns, pac);
        if carried {
            world.hand_over_control();
        }
        let under_way = carried.then(VecDeque::new);
        Carrier {
            world,
            pns,
            pac,
            under_way,
        }
    }

    /// One event, of the world or of the carrier.
    fn advance(&mut self, until: Instant) -> Advance {
        let Some(under_way) = &mut self.under_way else {
            return self.world.advance(until);
        };
        let mut left = Vec::new();
        self.world.take_departures(&mut left);
        under_way.extend(left);
        let arrives = under_way.front().map(|first| first.at + DELAY);
        let due = self.world.next_event_at().unwrap_or(Instant::NEVER);
        match arrives {
            Some(at) if at <= due && at <= until => {
                self.world.pass(at);
                let Some(first) = under_way.pop_front() else {
                    return Advance::Quiet;
                };
                self.world
                    .arrive(first.connection, first.by_opener, &first.carried)
            }
            Some(at) => self.world.advance(until.min(at)),
            None => self.world.advance(until),
        }
    }

    fn run_to(&mut self, until: Instant) {
        loop {
            match self.advance(until) {
                Advance::Event => {}
                Advance::Reached | Advance::Quiet if self.world.now() < until => {}
                _ => return,
            }
        }
    }
}

fn endpoints() -> [Box<dyn Node>; 2] {
    let endpoint = |role, address: Ipv4Addr| -> Box<dyn Node> {
        Box::new(EndpointNode::new(Config::new(role, address)))
    };
    [endpoint(Role::Pns, PNS), endpoint(Role::Pac, PAC)]
}

/// A whole call: everything that was recorded.
fn call(carried: bool) -> Vec<Record> {
    let mut run = Carrier::new(carried, Limits::default(), endpoints());
    let (pns, open) = (run.pns, Command::OpenControl { to: PAC });
    run.world.command(pns, &open).unwrap();
    run.run_to(ms(200));
    let place = Command::PlaceCall {
        connection: None,
        options: PlaceCall::default(),
    };
    let Ok(Outcome::Call(call)) = run.world.command(pns, &place) else {
        panic!("no call")
    };
    run.run_to(ms(400));
    let traffic = Traffic {
        packets: 20,
        bytes: 100,
        every: Some(Duration::from_millis(3)),
    };
    run.world.start_traffic(pns, call, traffic).unwrap();
    run.run_to(ms(1000));
    run.world
        .command(pns, &Command::ClearCall { call })
        .unwrap();
    run.run_to(ms(1200));
    let reason = StopReason::NONE;
    let stop = Command::CloseControl {
        connection: None,
        reason,
    };
    run.world.command(run.pac, &stop).unwrap();
    run.run_to(ms(2000));
    assert!(run.world.only_keep_alive_left());
    records(&mut run.world)
}

#[test]
fn a_carried_call_is_the_call_that_the_links_carry() {
    let (own, carried) = (call(false), call(true));
    assert!(own.len() > 100, "{own:#?}");
    assert_eq!(own, carried);
}

#[test]
fn a_crashed_node_that_is_heard_of_again_says_so() {
    let scripted = || -> Box<dyn Node> { Box::new(ScriptedNode::new(ScriptedConfig::default())) };
    let mut run = Carrier::new(true, Limits::default(), [scripted(), scripted()]);
    let (pns, pac) = (run.pns, run.pac);
    run.world
        .command(pns, &Command::OpenTcp { to: PAC })
        .unwrap();
    run.run_to(ms(100));
    run.world.crash(pac);
    run.world.restart(pac);
    let close = Command::CloseTcp { connection: None };
    run.world.command(pns, &close).unwrap();
    run.run_to(ms(200));
    let told = records(&mut run.world);
    let reset = told.iter().find_map(|record| match record.kind {
        RecordKind::TcpReset { from, .. } => Some((record.at, from)),
        _ => None,
    });
    assert_eq!(reset, Some((ms(125), pac)));
    assert_eq!(run.world.connections(), []);
}

#[test]
fn who_does_not_listen_refuses_and_arrivals_count_as_steps() {
    let limits = Limits {
        steps: 4,
        ..Limits::default()
    };
    let scripted = || -> Box<dyn Node> { Box::new(ScriptedNode::new(ScriptedConfig::default())) };
    let mut run = Carrier::new(true, limits, [scripted(), scripted()]);
    let (pns, pac) = (run.pns, run.pac);
    run.world.set_listening(pac, false);
    assert!(run.world.is_up(pac) && !run.world.is_listening(pac));
    run.world
        .command(pns, &Command::OpenTcp { to: PAC })
        .unwrap();
    run.run_to(ms(100));
    let refused = RecordKind::TcpRefused {
        connection: run_connection(),
        from: pac,
        to: pns,
    };
    let told = records(&mut run.world);
    assert!(
        told.iter()
            .any(|record| (record.at, record.kind) == (ms(25), refused)),
        "{told:#?}"
    );
    // Two departures and two arrivals: the limit is reached.
    let more = run
        .world
        .arrive(run_connection(), true, &Carried::Octets(vec![1]));
    assert_eq!(more, Advance::Limit(WorldLimit::Steps));
}

fn run_connection() -> pptp_world::ConnectionNumber {
    pptp_world::ConnectionNumber(0)
}

//! Whole sessions, from the opening segment to the last close, each in a world of its own.

use crate::stage::{
    DELAY, add_pair_to, address, is, open_control, place_call, run_until, with_loss,
};
use core::net::Ipv4Addr;
use core::ops::Range;
use pptp_proto::Profile;
use pptp_wire::StopReason;
use pptp_wire::time::Duration;
use pptp_world::link::{LinkConfig, LinkError};
use pptp_world::{
    Advance, Command, LinkId, Node, NodeId, Query, RecordKind, Stage, Traffic, Value, WorldConfig,
};

/// Packets each way.
const PACKETS: u64 = 100;
const EVERY: Duration = Duration::from_millis(5);

/// What the sessions did.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Done {
    /// Went to their end without a complaint.
    pub whole: u64,
    /// Data packets sent.
    pub sent: u64,
    /// Datagrams lost, acknowledgments among them.
    pub lost: u64,
    /// Data packets that users got.
    pub delivered: u64,
    /// Packets with nothing but an acknowledgment.
    pub acknowledgments: u64,
}

impl Done {
    /// Panics unless so many sessions did all that they should.
    pub fn assert_sessions(&self, sessions: u64) {
        assert_eq!(self.whole, sessions, "{self:?}");
        assert_eq!(self.sent, 2 * PACKETS * sessions, "{self:?}");
        let datagrams = self.sent + self.acknowledgments;
        let five_percent = datagrams * 45 / 1000..=datagrams * 55 / 1000;
        assert!(five_percent.contains(&self.lost), "{self:?}");
        assert!(self.delivered >= self.sent * 94 / 100, "{self:?}");
        assert!(self.delivered + self.lost >= self.sent, "{self:?}");
    }
}

/// A session for each seed: connect, call, 100 packets each way 5 ms apart over 20 ms with 5 % loss, clear, stop. The functions make
/// a world of the kind in question.
pub fn run<S: Stage>(
    seeds: Range<u64>,
    new: impl Fn(WorldConfig) -> S,
    add_node: impl Fn(&mut S, &str, &[Ipv4Addr], Box<dyn Node>) -> NodeId,
    add_link: impl Fn(&mut S, NodeId, NodeId, &LinkConfig) -> Result<LinkId, LinkError>,
) -> Done {
    let mut done = Done::default();
    for seed in seeds {
        let mut world = new(WorldConfig {
            seed,
            ..WorldConfig::default()
        });
        let nodes = add_pair_to(
            &mut world,
            0,
            &with_loss(),
            &Profile::RFC.into(),
            &add_node,
            &add_link,
        );
        session(&mut world, nodes, &mut done);
    }
    done
}

fn session(world: &mut impl Stage, (pns, pac): (NodeId, NodeId), done: &mut Done) {
    open_control(world, pns, address(0, 1));
    let (call, there) = place_call(world, pns, pac);
    let traffic = Traffic {
        packets: PACKETS,
        bytes: 100,
        every: Some(EVERY),
    };
    for (node, call) in [(pns, call), (pac, there)] {
        world
            .start_traffic(node, call, traffic)
            .expect("an established call");
    }
    let last_sent = world.now() + EVERY * (PACKETS - 1) + DELAY;
    while world.advance(last_sent) == Advance::Event {}
    run_until(world, |world| world.is_data_idle(Some((pns, call))));
    world
        .command(pns, &Command::ClearCall { call })
        .expect("a call");
    run_until(world, |world| {
        is(world, pns, Query::CallState(call), "idle")
    });
    let stop = Command::CloseControl {
        connection: None,
        reason: StopReason::NONE,
    };
    world.command(pns, &stop).expect("a connection");
    run_until(world, Stage::only_keep_alive_left);
    world.finish();
    let mut complaints = 0;
    let mut records = Vec::new();
    world.take_records(&mut records);
    for record in records {
        match record.kind {
            RecordKind::Data {
                counter: Some(_), ..
            } => done.delivered += 1,
            RecordKind::GreSent(sent) => match sent.header {
                Some(header) if header.sequence_number.is_some() => done.sent += 1,
                _ => done.acknowledgments += 1,
            },
            RecordKind::GreLost { .. } => done.lost += 1,
            RecordKind::Data { counter: None, .. }
            | RecordKind::Finding(_)
            | RecordKind::ModelViolation(_)
            | RecordKind::Violation { .. } => complaints += 1,
            _ => {}
        }
    }
    let is_over = [pns, pac]
        .iter()
        .all(|&node| world.query(node, &Query::Connections) == Some(Value::Number(0)));
    done.whole += u64::from(complaints == 0 && is_over);
}

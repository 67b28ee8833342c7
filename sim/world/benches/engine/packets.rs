//! Row 1: a million packets through the whole stack.

use crate::stage;
use crate::stage::{add_pair, lossy, new_world, open_control, place_call};
use pptp_proto::Profile;
use pptp_wire::time::{Duration, Instant};
use pptp_world::{Advance, RecordKind, Traffic};

/// The bare machine sends as often.
const EVERY: Duration = Duration::from_micros(10);

/// What a run did.
#[derive(Copy, Clone, Debug, Default)]
pub struct Done {
    pub data_sent: u64,
    pub acknowledgments_sent: u64,
    pub lost: u64,
    pub delivered: u64,
    pub to_users: u64,
    pub complaints: u64,
    pub records: u64,
    pub steps: u64,
    /// Sum over all steps of the copies on their way.
    pub in_flight: u64,
}

impl Done {
    /// Panics unless the run did all that a million packets are asked for.
    pub fn assert_million(&self) {
        assert_eq!(
            (self.data_sent, self.complaints),
            (1_000_000, 0),
            "{self:?}"
        );
        let sent = self.data_sent + self.acknowledgments_sent;
        assert_eq!(self.lost + self.delivered, sent, "{self:?}");
        let five_percent = sent * 45 / 1000..=sent * 55 / 1000;
        assert!(five_percent.contains(&self.lost), "{self:?}");
        assert!(self.in_flight / self.steps >= 1_500, "{self:?}");
        // Reordering, as netem has it, sends a tenth ahead of the delayed ones, so far that those come too late (RFC 2637 §4.3).
        assert!(self.to_users > self.data_sent * 9 / 100, "{self:?}");
    }
}

/// How the packets are acknowledged.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Flow {
    /// All data goes one way, each packet is acknowledged by a packet of its own.
    OneWay,
    /// Half of the data goes each way, acknowledgments ride on it.
    BothWays,
}

/// `packets` data packets of 100 octets on one call with a window of 4096.
pub fn run(packets: u64, flow: Flow) -> Done {
    let mut profile = Profile::RFC;
    profile.packet_recv_window_size = 4096;
    profile.acknowledgment_delay = match flow {
        Flow::OneWay => Duration::ZERO,
        Flow::BothWays => Duration::from_millis(5),
    };
    let mut world = new_world();
    let (pns, pac) = add_pair(&mut world, 0, &lossy(), &profile.into());
    open_control(&mut world, pns, stage::address(0, 1));
    let (call, there) = place_call(&mut world, pns, pac);
    let traffic = Traffic {
        packets,
        bytes: 100,
        every: Some(EVERY),
    };
    match flow {
        Flow::OneWay => {
            world
                .start_traffic(pns, call, traffic)
                .expect("an established call");
        }
        Flow::BothWays => {
            for (node, call) in [(pns, call), (pac, there)] {
                let half = Traffic {
                    packets: packets / 2,
                    every: Some(EVERY * 2),
                    ..traffic
                };
                world
                    .start_traffic(node, call, half)
                    .expect("an established call");
            }
        }
    }
    let mut done = Done::default();
    let mut records = Vec::new();
    let before = world.steps();
    while !world.only_keep_alive_left() {
        for _ in 0..64 {
            done.in_flight += world.datagrams_in_flight();
            if world.advance(Instant::NEVER) != Advance::Event {
                break;
            }
        }
        world.take_records(&mut records);
        for record in records.drain(..) {
            done.records += 1;
            match record.kind {
                RecordKind::GreSent(sent)
                    if sent
                        .header
                        .is_some_and(|header| header.sequence_number.is_some()) =>
                {
                    done.data_sent += 1;
                }
                RecordKind::GreSent(_) => done.acknowledgments_sent += 1,
                RecordKind::GreLost { .. } => done.lost += 1,
                RecordKind::GreDelivered { .. } => done.delivered += 1,
                RecordKind::Data {
                    counter: Some(_), ..
                } => done.to_users += 1,
                RecordKind::Data { counter: None, .. }
                | RecordKind::ModelViolation(_)
                | RecordKind::Finding(_) => {
                    done.complaints += 1;
                }
                _ => {}
            }
        }
    }
    done.steps = world.steps() - before;
    done
}

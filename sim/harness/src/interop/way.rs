//! One direction of the data of a call, as the records tell it.

use std::collections::BTreeSet;

use pptp_wire::Serial;
use pptp_wire::time::{Duration, Instant};

/// How long a packet that had arrived waited for its acknowledgment.
#[derive(Copy, Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Wait {
    /// There was nothing to acknowledge.
    #[default]
    Nothing,
    /// So long.
    For(Duration),
    /// It was not acknowledged before the call ended.
    Never,
}

/// What became of the data that one end sent to the other.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// Packets with data that were sent.
    pub sent: u64,
    /// Packets that were to be sent and were not, because the call ended.
    pub unsent: u64,
    /// Sequence Numbers that arrived.
    pub arrived: u64,
    /// Frames that reached PPP at the other end, copies not counted.
    pub passed_on: u64,
    /// Whether they reached it in the order in which they were sent.
    pub in_order: bool,
    /// Whether none reached it twice.
    pub unique: bool,
    /// Frames that were not as they were sent.
    pub damaged: u64,
    /// Packets that the receiver threw away.
    pub thrown_away: u64,
    /// Adaptive time-outs of the sender.
    pub time_outs: u64,
    /// Acknowledgments that came by themselves.
    pub alone: u64,
    /// Acknowledgments that came with data.
    pub on_data: u64,
    /// How long the first packet waited for its acknowledgment.
    pub first_wait: Wait,
    /// The longest such wait of any later packet.
    pub later_wait: Wait,
    numbers: BTreeSet<u32>,
    counters: BTreeSet<u64>,
    latest: Option<u64>,
    highest: Option<u32>,
    first: Option<u32>,
    unacknowledged: Vec<(u32, Instant)>,
}

impl Way {
    pub(super) fn new() -> Way {
        Way {
            in_order: true,
            unique: true,
            ..Way::default()
        }
    }

    /// Packet `number` has arrived as it was sent.
    pub(super) fn arrived(&mut self, at: Instant, number: u32) {
        self.first.get_or_insert(number);
        self.numbers.insert(number);
        self.arrived = self.numbers.len() as u64;
        let newest = self
            .highest
            .is_none_or(|highest| Serial(number).newer_than(Serial(highest)));
        if newest {
            self.highest = Some(number);
            self.unacknowledged.push((number, at));
        }
    }

    /// The receiver has acknowledged `number`, by itself or with data of its own.
    pub(super) fn acknowledged(&mut self, at: Instant, number: u32, alone: bool) {
        let count = if alone {
            &mut self.alone
        } else {
            &mut self.on_data
        };
        *count += 1;
        let covered: Vec<(u32, Instant)> = self
            .unacknowledged
            .extract_if(.., |(waiting, _)| Serial(number).at_least(Serial(*waiting)))
            .collect();
        for (waiting, since) in covered {
            self.waited(waiting, Wait::For(at.since(since)));
        }
    }

    /// A frame has reached PPP; `counter` is `None` where it was not as it was sent.
    pub(super) fn passed_on(&mut self, counter: Option<u64>) {
        let Some(counter) = counter else {
            self.damaged += 1;
            return;
        };
        self.in_order &= self.latest.is_none_or(|latest| latest <= counter);
        self.latest = self.latest.max(Some(counter));
        self.unique &= self.counters.insert(counter);
        self.passed_on = self.counters.len() as u64;
    }

    /// The call is over: what has not been acknowledged by now never will be.
    pub(super) fn end(&mut self) {
        for (waiting, _) in std::mem::take(&mut self.unacknowledged) {
            self.waited(waiting, Wait::Never);
        }
    }

    fn waited(&mut self, number: u32, wait: Wait) {
        let slowest = if self.first == Some(number) {
            &mut self.first_wait
        } else {
            &mut self.later_wait
        };
        *slowest = wait.max(*slowest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(milliseconds: u64) -> Instant {
        Instant(milliseconds * 1_000_000)
    }

    #[test]
    fn waits_are_those_of_the_packets_that_an_acknowledgment_covers() {
        let mut way = Way::new();
        way.arrived(at(0), u32::MAX);
        way.arrived(at(100), 0);
        way.arrived(at(150), 0);
        way.acknowledged(at(400), u32::MAX, true);
        way.acknowledged(at(500), 0, false);
        way.arrived(at(600), 1);
        way.end();
        assert_eq!(way.first_wait, Wait::For(Duration::from_millis(400)));
        assert_eq!(way.later_wait, Wait::Never);
        assert_eq!((way.alone, way.on_data, way.arrived), (1, 1, 3));
    }

    #[test]
    fn frames_are_counted_once_and_disorder_is_noticed() {
        let mut way = Way::new();
        for counter in [Some(1), Some(3), None] {
            way.passed_on(counter);
        }
        assert!(way.in_order && way.unique);
        way.passed_on(Some(2));
        assert!(!way.in_order && way.unique);
        way.passed_on(Some(3));
        assert!(!way.unique);
        assert_eq!((way.passed_on, way.damaged), (3, 1));
    }
}

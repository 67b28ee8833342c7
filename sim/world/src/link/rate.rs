//! A line of limited rate behind a bounded queue.

use super::impairments::ImpairmentError;
use pptp_wire::time::Instant;
use std::collections::VecDeque;

/// A limited rate. Each datagram takes the line for its length, IP header counted; what comes meanwhile waits.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Rate {
    /// Bits a second; not 0.
    pub bits_per_second: u64,
    /// How many datagrams may wait, the one on the line counted; what comes then is dropped. From 1 to 1,000,000.
    pub queue_limit: u32,
}

const MAXIMUM_QUEUE: u32 = 1_000_000;

impl Rate {
    /// With netem's queue of 1000 datagrams.
    pub const fn new(bits_per_second: u64) -> Rate {
        Rate {
            bits_per_second,
            queue_limit: 1000,
        }
    }

    pub(super) fn check(&self) -> Result<(), ImpairmentError> {
        let problem = match self {
            Rate {
                bits_per_second: 0, ..
            } => "nothing passes at 0 bits a second: use an outage",
            Rate { queue_limit: 0, .. } => "a queue of 0 packets passes none",
            Rate { queue_limit, .. } if *queue_limit > MAXIMUM_QUEUE => {
                "a queue holds at most 1000000 packets"
            }
            _ => return Ok(()),
        };
        Err(ImpairmentError {
            field: "rate",
            problem,
        })
    }

    /// Nanoseconds that so many octets take, rounded up.
    fn nanoseconds(&self, octets: usize) -> u64 {
        let bits = octets as u128 * 8;
        let nanoseconds = (bits * 1_000_000_000).div_ceil(u128::from(self.bits_per_second));
        u64::try_from(nanoseconds).unwrap_or(u64::MAX)
    }
}

/// The queue and the line.
#[derive(Debug, Default)]
pub(super) struct RateQueue {
    /// When each datagram that waits or is on the line will have left it.
    departures: VecDeque<u64>,
    free_at: u64,
}

impl RateQueue {
    /// When the last bit leaves the line; `None` if the queue is full.
    pub(super) fn enqueue(&mut self, now: Instant, octets: usize, rate: &Rate) -> Option<Instant> {
        while self
            .departures
            .front()
            .is_some_and(|departure| *departure <= now.0)
        {
            self.departures.pop_front();
        }
        if self.departures.len() >= rate.queue_limit as usize {
            return None;
        }
        let start = self.free_at.max(now.0);
        self.free_at = start.saturating_add(rate.nanoseconds(octets));
        self.departures.push_back(self.free_at);
        Some(Instant(self.free_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Rate = Rate {
        bits_per_second: 64_000,
        queue_limit: 3,
    };

    #[test]
    fn octets_take_their_time_one_datagram_behind_the_other() {
        let mut queue = RateQueue::default();
        // 80 octets at 64 kbit/s: 10 ms.
        let left = [0, 1, 2].map(|now| queue.enqueue(Instant(now), 80, &LINE));
        assert_eq!(left, [10, 20, 30].map(|ms| Some(Instant(ms * 1_000_000))));
        assert_eq!(LINE.nanoseconds(1), 125_000);
        assert_eq!(Rate::new(3).nanoseconds(1), 2_666_666_667);
    }

    #[test]
    fn a_full_queue_drops_at_its_tail_until_one_has_left() {
        let mut queue = RateQueue::default();
        (0..3).for_each(|_| assert!(queue.enqueue(Instant(0), 80, &LINE).is_some()));
        assert_eq!(queue.enqueue(Instant(9_999_999), 80, &LINE), None);
        assert_eq!(
            queue.enqueue(Instant(10_000_000), 80, &LINE),
            Some(Instant(40_000_000))
        );
        assert_eq!(queue.enqueue(Instant(10_000_001), 80, &LINE), None);
    }

    #[test]
    fn an_idle_line_starts_at_once() {
        let mut queue = RateQueue::default();
        queue.enqueue(Instant(0), 80, &LINE);
        assert_eq!(
            queue.enqueue(Instant(1_000_000_000), 80, &LINE),
            Some(Instant(1_010_000_000))
        );
    }

    #[test]
    fn what_cannot_work_is_refused() {
        let check = |bits_per_second, queue_limit| {
            Rate {
                bits_per_second,
                queue_limit,
            }
            .check()
        };
        assert_eq!(check(1, 1), Ok(()));
        assert!(
            check(0, 1).is_err() && check(1, 0).is_err() && check(1, MAXIMUM_QUEUE + 1).is_err()
        );
    }

    #[test]
    fn the_slowest_line_saturates() {
        let mut queue = RateQueue::default();
        let slow = Rate::new(1);
        assert_eq!(
            queue.enqueue(Instant(5), usize::MAX, &slow),
            Some(Instant::NEVER)
        );
        assert_eq!(
            queue.enqueue(Instant(6), usize::MAX, &slow),
            Some(Instant::NEVER)
        );
    }
}

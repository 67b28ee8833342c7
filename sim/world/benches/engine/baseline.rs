//! The bare machine: a binary heap of events and no protocol, no rules, no records.

use core::cmp::Reverse;
use core::hint::black_box;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::BinaryHeap;

const DELAY: u64 = 20_000_000;
const JITTER: u64 = 5_000_000;
const EVERY: u64 = 10_000;
const SIZE: usize = 100;
/// Of 2^32.
const LOSS: u32 = 214_748_365;
const REORDER: u32 = 429_496_730;

/// What a run of the packet loop did.
#[derive(Copy, Clone, Debug, Default)]
pub struct Done {
    pub lost: u64,
    pub delivered: u64,
    pub acknowledged: u64,
    /// Sum over all packets sent of how many events waited.
    pub in_flight: u64,
    pub digest: u64,
}

impl Done {
    /// Panics unless the loop moved so many.
    pub fn assert_packets(&self, packets: u64) {
        assert_eq!(self.delivered + self.lost, packets);
        assert_eq!(self.acknowledged, self.delivered);
        assert!(self.in_flight / packets >= 1_500);
    }
}

#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
enum Event {
    Send,
    Data { slot: u32 },
    Acknowledgment { number: u32 },
}

/// Sends `packets` datagrams of 100 octets: three ChaCha8 draws (loss, jitter, reorder) and a copy each; every one that arrives is
/// acknowledged by a packet of its own.
pub fn packets(packets: u64) -> Done {
    let mut draws = [1, 2, 3].map(|stream| {
        let mut seed = [0; 32];
        seed[0] = stream;
        ChaCha8Rng::from_seed(seed)
    });
    let mut heap = BinaryHeap::new();
    let mut pool: Vec<[u8; SIZE]> = Vec::new();
    let mut free: Vec<u32> = Vec::new();
    let (mut inserted, mut sent, mut done) = (0_u64, 0_u64, Done::default());
    let mut packet = [0; SIZE];
    heap.push(Reverse((0, 0, Event::Send)));
    while let Some(Reverse((now, _, event))) = heap.pop() {
        let mut push = |at, event| {
            inserted += 1;
            heap.push(Reverse((at, inserted, event)));
        };
        match event {
            Event::Send => {
                let [loss, jitter, reorder] = draws.each_mut().map(|draw| draw.next_u64());
                packet[..8].copy_from_slice(&sent.to_le_bytes());
                if (loss >> 32) as u32 >= LOSS {
                    let slot = free.pop().unwrap_or_else(|| {
                        pool.push([0; SIZE]);
                        (pool.len() - 1) as u32
                    });
                    pool[slot as usize].copy_from_slice(black_box(&packet));
                    let jitter = ((u128::from(jitter) * u128::from(2 * JITTER)) >> 64) as u64;
                    let at = if ((reorder >> 32) as u32) < REORDER {
                        now
                    } else {
                        now + DELAY - JITTER + jitter
                    };
                    push(at, Event::Data { slot });
                } else {
                    done.lost += 1;
                }
                sent += 1;
                if sent < packets {
                    push(now + EVERY, Event::Send);
                }
                done.in_flight += heap.len() as u64;
            }
            Event::Data { slot } => {
                let octets = black_box(&pool[slot as usize]);
                done.digest = done
                    .digest
                    .wrapping_mul(31)
                    .wrapping_add(u64::from(octets[0]));
                done.delivered += 1;
                free.push(slot);
                push(now + DELAY, Event::Acknowledgment { number: slot });
            }
            Event::Acknowledgment { number } => {
                done.digest ^= u64::from(number);
                done.acknowledged += 1;
            }
        }
    }
    done
}

/// Pairs that began `apart` nanoseconds from each other, and whose ends are idle for so many minutes: an end that has heard nothing for
/// a minute sends a request of 16 octets, which the other answers with 20. Both ends have such a timer; what an end hears sets it back,
/// and the event that was in the heap for it comes to nothing. Gives the events.
pub fn echoes(pairs: u32, minutes: u64, apart: u64) -> u64 {
    const MINUTE: u64 = 60_000_000_000;
    const REQUEST: usize = 16;
    const REPLY: usize = 20;
    #[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
    enum Event {
        Timer { end: u32 },
        Request { to: u32 },
        Reply { to: u32 },
    }
    #[derive(Clone, Debug, Default)]
    struct End {
        heard: u64,
        answered: u64,
        octets: [u8; REPLY],
    }
    let mut heap = BinaryHeap::new();
    let mut ends = vec![End::default(); pairs as usize * 2];
    let (mut inserted, mut events) = (0_u64, 0);
    for end in 0..pairs * 2 {
        // The ends of a pair begin together.
        let begin = u64::from(end / 2) * apart + u64::from(end % 2);
        ends[end as usize].heard = begin;
        heap.push(Reverse((
            MINUTE + begin,
            u64::from(end),
            Event::Timer { end },
        )));
    }
    let last = minutes * MINUTE + u64::from(pairs) * apart + 2 * DELAY;
    while let Some(Reverse((now, _, event))) = heap.pop() {
        if now > last {
            break;
        }
        events += 1;
        inserted += 1;
        let order = u64::from(pairs) * 2 + inserted;
        match event {
            Event::Timer { end } => {
                let due = ends[end as usize].heard + MINUTE;
                if due > now {
                    heap.push(Reverse((due, order, event)));
                    continue;
                }
                ends[end as usize ^ 1].octets[..REQUEST].copy_from_slice(black_box(&[5; REQUEST]));
                heap.push(Reverse((
                    now + DELAY,
                    order,
                    Event::Request { to: end ^ 1 },
                )));
            }
            Event::Request { to } => {
                let octets = black_box(ends[to as usize].octets);
                ends[to as usize].heard = now;
                ends[to as usize ^ 1].octets.copy_from_slice(&octets);
                heap.push(Reverse((now + DELAY, order, Event::Reply { to: to ^ 1 })));
            }
            Event::Reply { to } => {
                let end = &mut ends[to as usize];
                black_box(&end.octets);
                (end.heard, end.answered) = (now, end.answered + 1);
                heap.push(Reverse((now + MINUTE, order, Event::Timer { end: to })));
            }
        }
    }
    let answered: u64 = ends.iter().map(|end| end.answered).sum();
    assert!(
        answered >= u64::from(pairs) * (minutes - 1),
        "{answered} answers"
    );
    events
}

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
                    let jitter = (u128::from(jitter) * u128::from(2 * JITTER) >> 64) as u64;
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

/// Pairs that exchange an echo each minute for so many minutes: request, arrival, reply, arrival, and the timer.
pub fn echoes(pairs: u32, minutes: u64) -> u64 {
    const MINUTE: u64 = 60_000_000_000;
    let mut heap = BinaryHeap::new();
    let mut answered = vec![0_u64; pairs as usize];
    let (mut inserted, mut events) = (0_u64, 0);
    for pair in 0..pairs {
        heap.push(Reverse((
            MINUTE + u64::from(pair),
            u64::from(pair),
            0_u8,
            pair,
        )));
    }
    while let Some(Reverse((now, _, step, pair))) = heap.pop() {
        if now > minutes * MINUTE + 2 * DELAY + u64::from(pairs) {
            break;
        }
        events += 1;
        inserted += 1;
        let order = u64::from(pairs) + inserted;
        match step {
            0 => heap.push(Reverse((now + DELAY, order, 1, pair))),
            1 => heap.push(Reverse((now + DELAY, order, 2, pair))),
            _ => {
                answered[pair as usize] += 1;
                heap.push(Reverse((now + MINUTE, order, 0, pair)));
            }
        }
    }
    assert!(
        answered.iter().all(|count| *count >= minutes - 1),
        "{answered:?}"
    );
    black_box(&answered);
    events
}

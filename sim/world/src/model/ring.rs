//! The packets of one stream that have not been given to the user yet, by Sequence Number.

use crate::engine::Pool;

/// Sequence Numbers from `tail` up to, not including, `tail + held`; each with the slot of the packet that carried it.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    slots: Vec<u32>,
    tail: u32,
    held: u32,
    /// The highest number that was forgotten to keep the span narrow.
    forgotten: Option<u32>,
}

const NONE: u32 = u32::MAX;
/// The widest span of Sequence Numbers that is kept; beyond it the oldest packets are forgotten.
const WIDEST: u32 = 1 << 14;

impl Ring {
    /// Keeps a packet. `false` if its number has a packet already, or is behind all that are kept.
    #[inline]
    pub(crate) fn insert(&mut self, pool: &mut Pool, sequence_number: u32, slot: u32) -> bool {
        if self.held == 0 {
            self.tail = sequence_number;
        }
        let mut offset = sequence_number.wrapping_sub(self.tail);
        if offset >= self.held {
            if offset > u32::MAX / 2 {
                return false;
            }
            offset = self.widen(pool, sequence_number, offset);
        }
        let place = self.place(offset);
        if self.slots[place] != NONE {
            return false;
        }
        self.slots[place] = slot;
        pool.hold(slot);
        true
    }

    /// The slot of a packet.
    #[inline]
    pub(crate) fn get(&self, sequence_number: u32) -> Option<u32> {
        let offset = sequence_number.wrapping_sub(self.tail);
        if offset >= self.held {
            return None;
        }
        Some(self.slots[self.place(offset)]).filter(|slot| *slot != NONE)
    }

    /// Whether a packet of this number may have been kept once and forgotten because of a wide gap: nobody can tell any more.
    pub(crate) fn may_have_been_forgotten(&self, sequence_number: u32) -> bool {
        self.forgotten
            .is_some_and(|highest| highest.wrapping_sub(sequence_number) <= u32::MAX / 2)
    }

    /// Forgets everything up to and including a number that is kept.
    #[inline]
    pub(crate) fn forget_through(&mut self, pool: &mut Pool, sequence_number: u32) {
        let count = sequence_number.wrapping_sub(self.tail).wrapping_add(1);
        if count <= self.held {
            self.forget(pool, count);
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self, pool: &mut Pool) {
        self.forget(pool, self.held);
    }

    /// Makes room up to `sequence_number`, which is `offset` behind the tail. Gives its new offset.
    fn widen(&mut self, pool: &mut Pool, sequence_number: u32, offset: u32) -> u32 {
        if offset >= WIDEST {
            let excess = (offset - WIDEST + 1).min(self.held);
            self.forget(pool, excess);
            self.forgotten = Some(self.tail.wrapping_sub(1));
            if self.held == 0 {
                self.tail = sequence_number;
            }
        }
        let offset = sequence_number.wrapping_sub(self.tail);
        if offset as usize >= self.slots.len() {
            self.grow(offset as usize + 1);
        }
        self.held = offset + 1;
        offset
    }

    fn grow(&mut self, least: usize) {
        let size = least.next_power_of_two().max(4);
        let mut slots = vec![NONE; size];
        for offset in 0..self.held {
            slots[self.tail.wrapping_add(offset) as usize & (size - 1)] =
                self.slots[self.place(offset)];
        }
        self.slots = slots;
    }

    #[inline]
    fn forget(&mut self, pool: &mut Pool, count: u32) {
        for offset in 0..count {
            let place = self.place(offset);
            let slot = core::mem::replace(&mut self.slots[place], NONE);
            if slot != NONE {
                pool.release(slot);
            }
        }
        self.tail = self.tail.wrapping_add(count);
        self.held -= count;
    }

    #[inline]
    fn place(&self, offset: u32) -> usize {
        self.tail.wrapping_add(offset) as usize & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn put(ring: &mut Ring, pool: &mut Pool, number: u32) -> (u32, bool) {
        let slot = pool.take(&number.to_be_bytes());
        let kept = ring.insert(pool, number, slot);
        pool.release(slot);
        (slot, kept)
    }

    #[test]
    fn what_is_forgotten_is_released() {
        let (mut ring, mut pool) = (Ring::default(), Pool::default());
        let slots: Vec<u32> = (u32::MAX - 2..=u32::MAX)
            .chain(0..3)
            .map(|n| put(&mut ring, &mut pool, n).0)
            .collect();
        assert_eq!(ring.get(0), Some(slots[3]));
        ring.forget_through(&mut pool, u32::MAX);
        assert_eq!(
            (ring.get(u32::MAX), ring.get(0), pool.used()),
            (None, Some(slots[3]), 3)
        );
        assert!(!put(&mut ring, &mut pool, u32::MAX).1, "behind the tail");
        assert!(!put(&mut ring, &mut pool, 1).1, "taken");
        ring.clear(&mut pool);
        assert_eq!(pool.used(), 0);
    }

    #[test]
    fn a_wide_gap_forgets_the_oldest_and_stays_small() {
        let (mut ring, mut pool) = (Ring::default(), Pool::default());
        for number in [0, 1, WIDEST, 1_000_000_000] {
            assert!(put(&mut ring, &mut pool, number).1);
        }
        assert_eq!((ring.get(WIDEST), pool.used()), (None, 1));
        assert!(ring.may_have_been_forgotten(0) && ring.may_have_been_forgotten(WIDEST));
        assert!(!ring.may_have_been_forgotten(WIDEST + 1));
        assert!(ring.slots.len() <= WIDEST as usize);
    }

    proptest! {
        #[test]
        fn it_is_a_map(numbers in proptest::collection::vec((0_u32..500, any::<bool>()), 0..300), base in any::<u32>()) {
            let (mut ring, mut pool, mut model) = (Ring::default(), Pool::default(), BTreeMap::<u32, u32>::new());
            let mut floor = None;
            for (number, forget) in numbers {
                if forget {
                    if model.contains_key(&number) {
                        ring.forget_through(&mut pool, base.wrapping_add(number));
                        model.retain(|kept, _| *kept > number);
                        floor = model.keys().next().copied();
                    }
                } else {
                    let (slot, kept) = put(&mut ring, &mut pool, base.wrapping_add(number));
                    if kept {
                        prop_assert_eq!(model.insert(number, slot), None);
                    } else {
                        prop_assert!(model.contains_key(&number) || model.keys().next().is_some_and(|least| number < *least) || floor.is_some());
                    }
                }
                for (number, slot) in &model {
                    prop_assert_eq!(ring.get(base.wrapping_add(*number)), Some(*slot));
                }
                prop_assert_eq!(pool.used(), model.len());
            }
        }
    }
}

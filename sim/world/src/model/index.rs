//! A small hash table from calls to numbers, without randomness: the packet path looks a stream up in it.

/// From (node, other node, Call ID) to the number of a stream. Open addressing; entries are never taken out.
#[derive(Debug, Default)]
pub(crate) struct StreamIndex {
    /// Key and number; a number of `u32::MAX` marks a free place.
    places: Vec<(u64, u32)>,
    used: usize,
}

const FREE: u32 = u32::MAX;
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl StreamIndex {
    /// The number under `key`.
    #[inline]
    pub(crate) fn get(&self, key: u64) -> Option<u32> {
        if self.places.is_empty() {
            return None;
        }
        let mask = self.places.len() - 1;
        let mut place = start(key) & mask;
        loop {
            let (found, number) = self.places[place];
            if number == FREE {
                return None;
            }
            if found == key {
                return Some(number);
            }
            place = (place + 1) & mask;
        }
    }

    /// Puts `number` under a key that is not there yet.
    pub(crate) fn insert(&mut self, key: u64, number: u32) {
        if (self.used + 1) * 2 > self.places.len() {
            let size = (self.places.len() * 2).max(16);
            let old = core::mem::replace(&mut self.places, vec![(0, FREE); size]);
            for (key, number) in old.into_iter().filter(|place| place.1 != FREE) {
                self.put(key, number);
            }
        }
        self.put(key, number);
        self.used += 1;
    }

    fn put(&mut self, key: u64, number: u32) {
        let mask = self.places.len() - 1;
        let mut place = start(key) & mask;
        while self.places[place].1 != FREE {
            place = (place + 1) & mask;
        }
        self.places[place] = (key, number);
    }
}

#[inline]
fn start(key: u64) -> usize {
    (key.wrapping_mul(SPREAD) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_finds_what_was_put_in(keys in proptest::collection::vec(0_u64..1 << 48, 0..300)) {
            let (mut index, mut model) = (StreamIndex::default(), BTreeMap::new());
            for (number, key) in keys.iter().enumerate() {
                if index.get(*key).is_none() {
                    index.insert(*key, number as u32);
                    model.insert(*key, number as u32);
                }
                prop_assert_eq!(index.get(key ^ 1 << 50), None);
            }
            for (key, number) in &model {
                prop_assert_eq!(index.get(*key), Some(*number));
            }
        }
    }
}

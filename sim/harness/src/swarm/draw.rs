//! Drawing: integers from named streams of a seed.

use pptp_world::luck::{Direction, LuckSource, Model, PathName, Plane, Seeded, Stream};

use super::VERSION;

/// A stream of draws. Its name, the generator's version and the seed decide all of them.
#[derive(Debug)]
pub(super) struct Draw {
    stream: Stream,
    next: u64,
}

impl Draw {
    /// The stream of this name.
    pub(super) fn new(seed: u64, name: &str) -> Draw {
        // A stream of the world is named by a link that no world has.
        let path = PathName::new(
            &format!("swarm {VERSION}: {name}"),
            Direction::Forward,
            Plane::Gre,
        );
        Draw {
            stream: Seeded(seed).stream(&path, Model::Loss),
            next: 0,
        }
    }

    /// The next 64 bits.
    pub(super) fn bits(&mut self) -> u64 {
        let bits = self.stream.at(self.next);
        self.next += 1;
        bits
    }

    /// A number below `end`; 0 where that is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let scaled = (u128::from(self.bits()) * u128::from(end)) >> 64;
        u64::try_from(scaled).unwrap_or(0)
    }

    /// A number from `first` to `last`, both included.
    pub(super) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last.saturating_sub(first).saturating_add(1))
    }

    /// The same as an octet; `last` counts up to 255.
    pub(super) fn octet(&mut self, first: u8, last: u8) -> u8 {
        u8::try_from(self.between(first.into(), last.into())).unwrap_or(last)
    }

    /// True in `times` of `of` draws.
    pub(super) fn chance(&mut self, times: u64, of: u64) -> bool {
        self.below(of) < times
    }

    /// One of these.
    ///
    /// # Panics
    /// Where there is none.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    /// One of these, each as often as its weight says; `None` where no weight is left.
    pub(super) fn weighted<T: Copy>(&mut self, from: &[(u64, T)]) -> Option<T> {
        let sum = from.iter().map(|(weight, _)| weight).sum();
        let mut at = self.below(sum);
        from.iter()
            .find(|(weight, _)| {
                let is_here = at < *weight;
                at = at.saturating_sub(*weight);
                is_here
            })
            .map(|(_, it)| *it)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_within_their_bounds_and_reach_them() {
        let mut draw = Draw::new(1, "test");
        let (mut low, mut high) = (false, false);
        for _ in 0..2_000 {
            let number = draw.between(3, 9);
            assert!((3..=9).contains(&number));
            low |= number == 3;
            high |= number == 9;
            assert!(draw.octet(250, 255) >= 250);
            assert_eq!(draw.below(1), 0);
            assert_eq!(draw.below(0), 0);
            assert!(!draw.chance(0, 5) && draw.chance(5, 5));
        }
        assert!(low && high);
    }

    #[test]
    fn weights_are_kept() {
        let mut draw = Draw::new(2, "test");
        let mut seen = [0_u32; 3];
        for _ in 0..4_000 {
            let place = draw.weighted(&[(1, 0), (0, 1), (3, 2)]).expect("one");
            seen[place] += 1;
        }
        assert_eq!(seen[1], 0);
        assert!(seen[2] > 2 * seen[0] && seen[0] > 500, "{seen:?}");
        assert_eq!(draw.weighted::<u8>(&[]), None);
    }

    #[test]
    fn streams_of_other_names_and_seeds_are_others() {
        let first = |seed, name| Draw::new(seed, name).bits();
        assert_eq!(first(1, "a"), first(1, "a"));
        assert_ne!(first(1, "a"), first(1, "b"));
        assert_ne!(first(1, "a"), first(2, "a"));
    }
}

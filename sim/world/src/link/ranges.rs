//! Sets of numbers, as closed ranges.

/// A set of numbers that targeted rules compare a field with: any union of closed ranges.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ranges {
    /// Ascending, apart from one another by at least one number.
    ranges: Vec<(u64, u64)>,
}

impl Ranges {
    /// Every number.
    pub fn all() -> Ranges {
        Ranges::between(0, u64::MAX)
    }

    /// No number.
    pub fn none() -> Ranges {
        Ranges { ranges: Vec::new() }
    }

    /// This one number.
    pub fn exactly(number: u64) -> Ranges {
        Ranges::between(number, number)
    }

    /// From `first` to `last`, both included; nothing where `last` is less.
    pub fn between(first: u64, last: u64) -> Ranges {
        if first > last {
            return Ranges::none();
        }
        Ranges {
            ranges: vec![(first, last)],
        }
    }

    /// From `first` up to `last` as 32-bit serial numbers, so that the range may run over the wrap (SEQ-005).
    pub fn serial(first: u32, last: u32) -> Ranges {
        if first <= last {
            return Ranges::between(first.into(), last.into());
        }
        Ranges::between(0, last.into()).or(Ranges::between(first.into(), u32::MAX.into()))
    }

    /// What is in either of the two.
    pub fn or(mut self, other: Ranges) -> Ranges {
        self.ranges.extend(other.ranges);
        self.ranges.sort_unstable();
        let mut merged: Vec<(u64, u64)> = Vec::with_capacity(self.ranges.len());
        for (first, last) in self.ranges {
            match merged.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = last.max(*end),
                _ => merged.push((first, last)),
            }
        }
        Ranges { ranges: merged }
    }

    /// What is not in it.
    #[expect(
        clippy::should_implement_trait,
        reason = "`!` on a set reads worse than the word"
    )]
    pub fn not(self) -> Ranges {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut from = Some(0);
        for (first, last) in self.ranges {
            if let Some(from) = from.filter(|from| *from < first) {
                ranges.push((from, first - 1));
            }
            from = last.checked_add(1);
        }
        ranges.extend(from.map(|from| (from, u64::MAX)));
        Ranges { ranges }
    }

    /// Whether the number is in it.
    pub fn contains(&self, number: u64) -> bool {
        self.ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn serial_ranges_run_over_the_wrap() {
        let over = Ranges::serial(u32::MAX - 1, 2);
        for inside in [u64::from(u32::MAX) - 1, u64::from(u32::MAX), 0, 2] {
            assert!(over.contains(inside));
        }
        for outside in [3, u64::from(u32::MAX) - 2, 1 << 32] {
            assert!(!over.contains(outside));
        }
        assert!(Ranges::serial(2, 5).contains(5) && !Ranges::serial(2, 5).contains(1));
    }

    #[test]
    fn the_ends_of_the_numbers_are_numbers_too() {
        assert_eq!(Ranges::all().not(), Ranges::none());
        assert_eq!(Ranges::none().not(), Ranges::all());
        assert!(Ranges::exactly(0).not().contains(u64::MAX));
        assert!(!Ranges::exactly(u64::MAX).not().contains(u64::MAX));
        assert_eq!(Ranges::between(3, 2), Ranges::none());
    }

    proptest! {
        #[test]
        fn union_and_complement_are_what_they_say(
            pairs in prop::collection::vec((0u64..40, 0u64..40), 0..6),
            number in 0u64..42,
        ) {
            let union = pairs.iter().fold(Ranges::none(), |set, (a, b)| set.or(Ranges::between(*a, *b)));
            let inside = pairs.iter().any(|(a, b)| (*a..=*b).contains(&number));
            prop_assert_eq!(union.contains(number), inside);
            prop_assert_eq!(union.clone().not().contains(number), !inside);
            prop_assert_eq!(union.clone().not().not(), union);
        }
    }
}

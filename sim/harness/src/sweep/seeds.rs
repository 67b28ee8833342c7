//! Ranges of seeds.

use std::fmt;
use std::str::FromStr;

/// The seeds from `from` up to, but not including, `to`: `A..B`. Never empty.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct SeedRange {
    from: u64,
    to: u64,
}

impl SeedRange {
    /// The range, unless it would be empty.
    pub const fn new(from: u64, to: u64) -> Option<SeedRange> {
        if from < to {
            Some(SeedRange { from, to })
        } else {
            None
        }
    }

    /// The first seed.
    pub const fn from(self) -> u64 {
        self.from
    }

    /// The seed behind the last one.
    pub const fn to(self) -> u64 {
        self.to
    }

    /// How many seeds there are, at least 1.
    pub const fn count(self) -> u64 {
        self.to - self.from
    }

    /// Part `index` (from 0) of `parts` parts whose sizes differ by one at most; `None` where that part gets no seed.
    pub fn part(self, index: u64, parts: u64) -> Option<SeedRange> {
        let border = |position: u64| {
            let offset = u128::from(self.count()) * u128::from(position) / u128::from(parts.max(1));
            // The offset of a part is no more than the count.
            self.from + offset as u64
        };
        SeedRange::new(border(index), border(index + 1))
    }
}

impl fmt::Display for SeedRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}..{}", self.from, self.to)
    }
}

impl FromStr for SeedRange {
    type Err = String;

    fn from_str(text: &str) -> Result<SeedRange, String> {
        let expected =
            "expected A..B, such as 0..1000: the seeds from A up to, but not including, B";
        let (from, to) = text.split_once("..").ok_or(expected)?;
        let number = |text: &str| {
            text.parse::<u64>()
                .map_err(|_| format!("`{text}` is no seed; {expected}"))
        };
        let (from, to) = (number(from)?, number(to)?);
        SeedRange::new(from, to).ok_or_else(|| format!("{from}..{to} holds no seed; {expected}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_reads_back_and_bad_ones_say_what_was_expected() {
        let range: SeedRange = "5..9".parse().expect("a range");
        assert_eq!(
            (range.from(), range.to(), range.count(), range.to_string()),
            (5, 9, 4, "5..9".to_owned())
        );
        for bad in ["5", "5..", "..9", "5..5", "9..5", "a..b", "-1..4"] {
            let problem = bad.parse::<SeedRange>().expect_err(bad);
            assert!(problem.contains("expected A..B"), "{bad}: {problem}");
        }
    }

    #[test]
    fn parts_are_of_one_size_and_lose_nothing() {
        for (count, parts) in [(100, 7), (3, 8), (1, 1), (u64::MAX, 3)] {
            let whole = SeedRange::new(0, count).expect("seeds");
            let split: Vec<SeedRange> = (0..parts)
                .filter_map(|index| whole.part(index, parts))
                .collect();
            assert_eq!(split.first().map(|part| part.from()), Some(0));
            assert_eq!(split.last().map(|part| part.to()), Some(count));
            assert!(split.windows(2).all(|pair| pair[0].to() == pair[1].from()));
            let sizes = split.iter().map(|part| part.count());
            let (least, most) = (sizes.clone().min(), sizes.max());
            assert!(
                most.zip(least)
                    .is_some_and(|(most, least)| most - least <= 1)
            );
        }
    }
}

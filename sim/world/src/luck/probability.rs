//! Probabilities as integer thresholds.

use core::fmt;

/// A probability in parts of 2^32, from never to always, both exact.
///
/// An event of probability `p` happens when 32 random bits, read as a number, are below `p`'s threshold.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Probability(u64);

const ONE: u64 = 1 << 32;
const PARTS_PER_BILLION: u64 = 1_000_000_000;

impl Probability {
    /// It does not happen.
    pub const NEVER: Probability = Probability(0);
    /// It happens each time.
    pub const ALWAYS: Probability = Probability(ONE);

    /// `parts` of 1,000,000,000, rounded to the nearest part of 2^32 (a part per billion is four of them): 5% is
    /// 50,000,000. `None` where that is more than the whole.
    pub const fn from_parts_per_billion(parts: u64) -> Option<Probability> {
        if parts > PARTS_PER_BILLION {
            return None;
        }
        Some(Probability(
            (parts * ONE + PARTS_PER_BILLION / 2) / PARTS_PER_BILLION,
        ))
    }

    /// `parts` of 2^32; `None` where that is more than the whole.
    pub const fn from_threshold(parts: u64) -> Option<Probability> {
        if parts > ONE {
            None
        } else {
            Some(Probability(parts))
        }
    }

    /// `percent` of 100; more than 100 counts as 100.
    pub const fn percent(percent: u32) -> Probability {
        let percent = if percent > 100 { 100 } else { percent as u64 };
        Probability((percent * ONE + 50) / 100)
    }

    /// Parts of 2^32, the whole (2^32) included.
    pub const fn threshold(self) -> u64 {
        self.0
    }

    /// The nearest number of parts of 1,000,000,000. What [`Probability::from_parts_per_billion`] made comes out as it
    /// went in.
    pub const fn parts_per_billion(self) -> u64 {
        (self.0 * PARTS_PER_BILLION + ONE / 2) / ONE
    }

    /// Whether it happens on these 32 random bits.
    pub const fn hits(self, bits: u32) -> bool {
        (bits as u64) < self.0
    }

    /// Whether it never happens.
    pub const fn is_never(self) -> bool {
        self.0 == 0
    }

    /// The probability that it does not happen.
    pub const fn complement(self) -> Probability {
        Probability(ONE - self.0)
    }
}

impl fmt::Display for Probability {
    /// In percent, without superfluous zeros: `5%`, `0.1%`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts_per_billion();
        let (whole, rest) = (parts / 10_000_000, parts % 10_000_000);
        if rest == 0 {
            return write!(formatter, "{whole}%");
        }
        let digits = format!("{rest:07}");
        write!(formatter, "{whole}.{}%", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_exact() {
        let never = Probability::from_parts_per_billion(0).unwrap();
        let always = Probability::from_parts_per_billion(PARTS_PER_BILLION).unwrap();
        assert_eq!((never, always), (Probability::NEVER, Probability::ALWAYS));
        assert!(!never.hits(0) && always.hits(u32::MAX));
        assert_eq!(always.complement(), never);
    }

    #[test]
    fn a_threshold_is_where_it_stops_to_hit() {
        let half = Probability::percent(50);
        assert!(half.hits(0x7FFF_FFFF) && !half.hits(0x8000_0000));
        assert_eq!(Probability::percent(250), Probability::ALWAYS);
        assert_eq!(half.threshold(), 1 << 31);
    }

    #[test]
    fn more_than_the_whole_is_refused() {
        assert_eq!(
            Probability::from_parts_per_billion(PARTS_PER_BILLION + 1),
            None
        );
        assert_eq!(Probability::from_parts_per_billion(u64::MAX), None);
        assert_eq!(Probability::from_threshold(ONE + 1), None);
        assert_eq!(Probability::from_threshold(ONE), Some(Probability::ALWAYS));
    }

    #[test]
    fn parts_per_billion_survive() {
        for parts in [1, 7, 1_000_000, 50_000_000, 333_333_333, 999_999_999] {
            let there = Probability::from_parts_per_billion(parts).unwrap();
            assert_eq!(there.parts_per_billion(), parts);
        }
    }

    #[test]
    fn it_shows_percent() {
        let shown = [50_000_000, 1_000_000, 1, 1_000_000_000, 123_456_789].map(|parts| {
            Probability::from_parts_per_billion(parts)
                .unwrap()
                .to_string()
        });
        assert_eq!(shown, ["5%", "0.1%", "0.0000001%", "100%", "12.3456789%"]);
    }
}

//! Virtual time as plain numbers: nanoseconds since the start of a run.
//!
//! Nothing here reads a clock. The two types stand at the bottom of the crate graph so that endpoints, rules and worlds
//! speak of the same instants.

use core::fmt;
use core::ops::{Add, AddAssign, Mul, Sub};

const NANOSECONDS_PER_SECOND: u64 = 1_000_000_000;

/// A point in virtual time: nanoseconds since the start of the run.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Instant(pub u64);

/// A span of virtual time in nanoseconds.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Duration(pub u64);

impl Instant {
    /// The start of a run.
    pub const START: Instant = Instant(0);
    /// Later than everything that can happen in a run.
    pub const NEVER: Instant = Instant(u64::MAX);

    /// The time from `earlier` to `self`; zero if `earlier` is later. Never panics.
    pub const fn since(self, earlier: Instant) -> Duration {
        Duration(self.0.saturating_sub(earlier.0))
    }
}

impl Duration {
    /// No time at all.
    pub const ZERO: Duration = Duration(0);

    /// `count` nanoseconds.
    pub const fn from_nanos(count: u64) -> Duration {
        Duration(count)
    }

    /// `count` microseconds; saturates at the largest duration.
    pub const fn from_micros(count: u64) -> Duration {
        Duration(count.saturating_mul(1_000))
    }

    /// `count` milliseconds; saturates at the largest duration.
    pub const fn from_millis(count: u64) -> Duration {
        Duration(count.saturating_mul(1_000_000))
    }

    /// `count` seconds; saturates at the largest duration.
    pub const fn from_secs(count: u64) -> Duration {
        Duration(count.saturating_mul(NANOSECONDS_PER_SECOND))
    }

    /// The whole span in nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }
}

impl Add<Duration> for Instant {
    type Output = Instant;
    /// Saturates at [`Instant::NEVER`].
    fn add(self, span: Duration) -> Instant {
        Instant(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, span: Duration) {
        *self = *self + span;
    }
}

impl Add for Duration {
    type Output = Duration;
    /// Saturates at the largest duration.
    fn add(self, other: Duration) -> Duration {
        Duration(self.0.saturating_add(other.0))
    }
}

impl Sub for Duration {
    type Output = Duration;
    /// Saturates at zero.
    fn sub(self, other: Duration) -> Duration {
        Duration(self.0.saturating_sub(other.0))
    }
}

impl Mul<u64> for Duration {
    type Output = Duration;
    /// Saturates at the largest duration.
    fn mul(self, factor: u64) -> Duration {
        Duration(self.0.saturating_mul(factor))
    }
}

impl fmt::Display for Instant {
    /// Seconds with six decimals, cut off rather than rounded: `0.012345`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Eleven digits of seconds at most, the point, six decimals: written from the right, so that padding needs no allocation.
        let mut text = [b'.'; 18];
        let mut start = text.len();
        let mut micros = self.0 / 1_000;
        let mut digits = 0;
        while micros > 0 || digits < 7 {
            start -= 1;
            if digits == 6 {
                start -= 1;
            }
            text[start] = b'0' + (micros % 10) as u8;
            micros /= 10;
            digits += 1;
        }
        formatter.pad(core::str::from_utf8(&text[start..]).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Display for Duration {
    /// The shortest exact form with a unit, as scenarios write it: `60s`, `1500ms`, `20us`, `7ns`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self.0 {
            0 => (0, "s"),
            n if n % NANOSECONDS_PER_SECOND == 0 => (n / NANOSECONDS_PER_SECOND, "s"),
            n if n % 1_000_000 == 0 => (n / 1_000_000, "ms"),
            n if n % 1_000 == 0 => (n / 1_000, "us"),
            n => (n, "ns"),
        };
        write!(formatter, "{count}{unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_shows_six_decimals_cut_off() {
        assert_eq!(Instant(12_345_678_999).to_string(), "12.345678");
        assert_eq!(format!("{:>12}", Instant(0)), "    0.000000");
        assert_eq!(Instant(1_000_000).to_string(), "0.001000");
        assert_eq!(Instant::NEVER.to_string(), "18446744073.709551");
    }

    #[test]
    fn sums_and_differences_end_at_the_ends_of_the_range() {
        let second = Duration::from_secs(1);
        let sum = second + Duration::from_millis(500);
        assert_eq!(sum.as_nanos(), 1_500_000_000);
        assert_eq!((sum - second).as_nanos(), 500_000_000);
        assert_eq!(second - sum, Duration::ZERO);
        assert_eq!((Duration(u64::MAX) + second).as_nanos(), u64::MAX);
        assert_eq!(Instant::NEVER + second, Instant::NEVER);
    }

    #[test]
    fn a_duration_shows_its_shortest_exact_unit() {
        let shown: Vec<String> = [0, 1, 1_000, 1_500_000_000, 60_000_000_000]
            .map(|nanos| Duration(nanos).to_string())
            .to_vec();
        assert_eq!(shown, ["0s", "1ns", "1us", "1500ms", "60s"]);
    }

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(Instant(5).since(Instant(9)), Duration::ZERO);
        assert_eq!(Instant::NEVER + Duration(1), Instant::NEVER);
        assert_eq!(Duration(3) - Duration(4), Duration::ZERO);
    }
}

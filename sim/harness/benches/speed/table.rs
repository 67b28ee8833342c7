//! The table that is printed: what was to be done, how it was measured against what, and whether the limit is met.

use cpu_time::ProcessTime;
use std::hint::black_box;
use std::time::Duration;

/// A ratio in hundredths.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Ratio(u128);

impl Ratio {
    /// `one` divided by `other`.
    pub fn of(one: u128, other: u128) -> Ratio {
        Ratio(one * 100 / other.max(1))
    }

    /// Of two times.
    pub fn of_times(one: Duration, other: Duration) -> Ratio {
        Ratio::of(one.as_nanos(), other.as_nanos())
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// What a ratio has to reach.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Limit {
    AtMost(u128),
    AtLeast(u128),
    /// A range in hundredths, both ends in it.
    Percent(u128, u128),
}

/// The table: rows are printed as they are measured.
#[derive(Debug, Default)]
pub struct Table {
    rows: usize,
    missed: usize,
}

impl Table {
    /// Prints the heading.
    pub fn begin() -> Table {
        println!(
            "{:<58} {:>12} {:>15}  met  measured",
            "work", "ratio", "limit"
        );
        Table::default()
    }

    /// Prints a row.
    pub fn row(&mut self, work: &str, ratio: Ratio, limit: Limit, measured: &str) {
        let (is_met, limit) = match limit {
            Limit::AtMost(most) => (ratio.0 <= most * 100, format!("at most {most}")),
            Limit::AtLeast(least) => (ratio.0 >= least * 100, format!("at least {least}")),
            Limit::Percent(least, u128::MAX) => {
                (ratio.0 >= least, format!("at least {}", Ratio(least)))
            }
            Limit::Percent(least, most) => (
                (least..=most).contains(&ratio.0),
                format!("at most {}", Ratio(most)),
            ),
        };
        self.rows += 1;
        self.missed += usize::from(!is_met);
        let met = if is_met { "yes" } else { "NO" };
        println!(
            "{work:<58} {:>12} {limit:>15}  {met:<3}  {measured}",
            ratio.to_string()
        );
    }

    /// Prints how many limits were met; whether all were.
    pub fn end(self) -> bool {
        println!("{} of {} limits met", self.rows - self.missed, self.rows);
        self.missed == 0
    }
}

/// The least processor time of the rounds that each of two things took, run in turn, so that both meet the same machine; and what
/// each has done in its fastest round. Processor time, as other programs may run beside.
pub fn duel<A, B>(
    rounds: u32,
    mut one: impl FnMut() -> A,
    mut other: impl FnMut() -> B,
) -> ((Duration, A), (Duration, B)) {
    let mut best = (timed(&mut one), timed(&mut other));
    for _ in 1..rounds {
        let (next_one, next_other) = (timed(&mut one), timed(&mut other));
        if next_one.0 < best.0.0 {
            best.0 = next_one;
        }
        if next_other.0 < best.1.0 {
            best.1 = next_other;
        }
    }
    best
}

/// What some work took.
pub fn timed<T>(mut work: impl FnMut() -> T) -> (Duration, T) {
    let start = ProcessTime::now();
    let done = black_box(work());
    (start.elapsed(), done)
}

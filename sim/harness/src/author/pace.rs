//! Times as a scenario writes them.

use pptp_wire::time::Duration;

/// A gap that is no matter of the script: what a real host takes from one message to the next.
const MOMENT: u64 = 5_000_000;

/// Where a track of the script stands in the time of the capture.
#[derive(Copy, Clone, Debug)]
pub struct Pace {
    /// The time that the lines so far have reached, in nanoseconds.
    pub now: u64,
    /// Whether times are exact, as those of simulated runs are.
    pub is_exact: bool,
}

impl Pace {
    /// What has to be waited for until `at`, if anything: written, and taken into account.
    pub fn wait_until(&mut self, at: u64) -> Option<String> {
        let gap = at.saturating_sub(self.now);
        let least = if self.is_exact { 1 } else { MOMENT };
        if gap < least {
            return None;
        }
        let gap = rounded(gap, self.is_exact);
        self.now += gap;
        Some(Duration(gap).to_string())
    }

    /// The script has seen what happened at `at`.
    pub fn reached(&mut self, at: u64) {
        self.now = self.now.max(at);
    }
}

/// A span of time as a scenario writes it.
pub fn duration(span: u64, is_exact: bool) -> String {
    Duration(rounded(span, is_exact)).to_string()
}

/// Three digits, more or less: to 100 us below 10 ms, to the millisecond above.
pub fn rounded(span: u64, is_exact: bool) -> u64 {
    let step = match span {
        _ if is_exact => return span,
        0..10_000_000 => 100_000,
        _ => 1_000_000,
    };
    (span + step / 2) / step * step
}

/// Whether two gaps are the same, as far as a real host keeps its times.
pub fn is_alike(gap: u64, other: u64, is_exact: bool) -> bool {
    let tolerance = if is_exact {
        0
    } else {
        (other / 10).max(500_000)
    };
    gap.abs_diff(other) <= tolerance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_not_forgotten() {
        let mut pace = Pace {
            now: 0,
            is_exact: false,
        };
        assert_eq!(pace.wait_until(4_900_000), None);
        assert_eq!(pace.wait_until(7_320_000).as_deref(), Some("7300us"));
        assert_eq!(pace.wait_until(130_700_000).as_deref(), Some("123ms"));
        assert_eq!(pace.now, 130_300_000);
        pace.reached(131_000_000);
        assert_eq!(pace.wait_until(130_000_000), None);
    }

    #[test]
    fn exact_times_are_kept() {
        let mut pace = Pace {
            now: 0,
            is_exact: true,
        };
        assert_eq!(pace.wait_until(1).as_deref(), Some("1ns"));
        assert_eq!(pace.wait_until(1), None);
        assert!(is_alike(5, 5, true) && !is_alike(5, 6, true));
        assert!(is_alike(105_000_000, 100_000_000, false));
        assert!(!is_alike(120_000_000, 100_000_000, false));
    }
}

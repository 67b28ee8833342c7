//! The adaptive time-out (RFC 2637 §4.4), in integers.
//!
//! The equations of §4.4.1 are scaled by 8, as the section suggests, so that the gains alpha = 1/8, beta = 1/4 and chi = 4 are
//! shifts (ATO-010, ATO-015). With R = 8 RTT and D = 8 DEV, in nanoseconds:
//!
//! ```text
//! DIFF = SAMPLE - RTT                      DIFF = SAMPLE - R/8
//! DEV  = DEV + beta * (|DIFF| - DEV)       D    = D + 2|DIFF| - D/4
//! RTT  = RTT + alpha * DIFF                R    = R + DIFF
//! ATO  = RTT + chi * DEV                   ATO  = R/8 + D/2
//! ```

use pptp_wire::time::Duration;

/// Bits by which RTT and DEV are scaled.
const SCALE: u32 = 3;
/// Samples are cut off here (13 days), far above every time-out, so that no sum overflows.
const LONGEST_SAMPLE: u64 = 1 << 50;

/// Round-trip time, its mean deviation, and the time-out that follows from them.
#[derive(Clone, Debug)]
pub(super) struct Estimator {
    scaled_round_trip_time: u64,
    scaled_deviation: u64,
    adaptive_time_out: u64,
    minimum: u64,
    maximum: u64,
}

impl Estimator {
    /// Seeds RTT with `seed` and DEV with 0 (ATO-008).
    ///
    /// The seed is the peer's Packet Processing Delay, raised to the profile's initial time-out: from an RTT of 0 the
    /// back-off would never get away (AMB-48). A time-out of 0 would run out at once for ever, so it is at least 1 ns.
    pub(super) fn new(seed: Duration, minimum: Duration, maximum: Duration) -> Estimator {
        let maximum = maximum.as_nanos().clamp(1, LONGEST_SAMPLE);
        let mut estimator = Estimator {
            scaled_round_trip_time: seed.as_nanos().min(LONGEST_SAMPLE) << SCALE,
            scaled_deviation: 0,
            adaptive_time_out: 0,
            minimum: minimum.as_nanos().max(1),
            maximum,
        };
        estimator.clamp();
        estimator
    }

    /// ATO: the time-out of the next packet.
    #[inline]
    pub(super) fn adaptive_time_out(&self) -> Duration {
        Duration::from_nanos(self.adaptive_time_out)
    }

    /// Whether the time-out is the shortest that there is.
    #[inline]
    pub(super) fn is_at_minimum(&self) -> bool {
        self.adaptive_time_out == self.minimum
    }

    /// Whether the time-out is the longest that there is.
    pub(super) fn is_at_maximum(&self) -> bool {
        self.adaptive_time_out >= self.maximum
    }

    /// An acknowledgment came `sample` after the packet that it names was sent (RFC 2637 §4.4.1, ATO-009).
    #[inline]
    pub(super) fn acknowledged(&mut self, sample: Duration) {
        let sample = sample.as_nanos().min(LONGEST_SAMPLE);
        let round_trip_time = self.scaled_round_trip_time >> SCALE;
        let difference = sample.abs_diff(round_trip_time);
        self.scaled_deviation =
            self.scaled_deviation - (self.scaled_deviation >> 2) + (difference << 1);
        if sample >= round_trip_time {
            self.scaled_round_trip_time += difference;
        } else {
            self.scaled_round_trip_time -= difference;
        }
        self.clamp();
    }

    /// A time-out ran out (RFC 2637 §4.4.2, ATO-011, ATO-014): RTT is doubled (delta = 2), DEV is left alone.
    ///
    /// §4.4 limits "the backed-off timer value" by MaxTimeOut. RTT is that value, so it stops there; without a stop it would
    /// double for as long as acknowledgments are lost and need as long to come down again. As written, the first samples
    /// after a back-off *raise* the time-out through DEV: 8 s with a sample of 0.1 s gives 14.9 s before the limit.
    pub(super) fn timed_out(&mut self) {
        let limit = (self.maximum << SCALE).max(self.scaled_round_trip_time);
        self.scaled_round_trip_time = self.scaled_round_trip_time.saturating_mul(2).min(limit);
        self.clamp();
    }

    /// ATO = MAX(MinTimeOut, MIN(RTT + chi * DEV, MaxTimeOut)).
    #[inline]
    fn clamp(&mut self) {
        let unlimited = (self.scaled_round_trip_time >> SCALE) + (self.scaled_deviation >> 1);
        self.adaptive_time_out = unlimited.min(self.maximum).max(self.minimum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MINIMUM: Duration = Duration::from_millis(100);
    const MAXIMUM: Duration = Duration::from_secs(10);

    fn milliseconds(estimator: &Estimator) -> u64 {
        estimator.adaptive_time_out().as_nanos() / 1_000_000
    }

    #[test]
    fn known_answers_of_the_formulas() {
        // RTT 1000, DEV 0. Sample 200: DIFF -800, DEV 200, RTT 900, ATO 900 + 4 * 200.
        let mut estimator = Estimator::new(Duration::from_secs(1), MINIMUM, MAXIMUM);
        assert_eq!(milliseconds(&estimator), 1000);
        estimator.acknowledged(Duration::from_millis(200));
        assert_eq!(milliseconds(&estimator), 1700);
        // Sample 900: DIFF 0, DEV 150, RTT 900, ATO 1500.
        estimator.acknowledged(Duration::from_millis(900));
        assert_eq!(milliseconds(&estimator), 1500);
        // Sample 1700: DIFF 800, DEV 150 + 650/4 = 312.5, RTT 1000, ATO 2250.
        estimator.acknowledged(Duration::from_millis(1700));
        assert_eq!(estimator.adaptive_time_out(), Duration::from_millis(2250));
        // Time-out: RTT 2000, DEV 312.5, ATO 3250.
        estimator.timed_out();
        assert_eq!(milliseconds(&estimator), 3250);
    }

    #[test]
    fn the_first_sample_after_a_back_off_raises_the_time_out_through_the_deviation() {
        // RTT 8000, DEV 0. Sample 100: DEV 1975, RTT 7012.5, RTT + 4 DEV = 14912.5, limited to 10000.
        let mut estimator =
            Estimator::new(Duration::from_secs(8), MINIMUM, Duration::from_secs(60));
        estimator.acknowledged(Duration::from_millis(100));
        assert_eq!(
            estimator.adaptive_time_out(),
            Duration::from_micros(14_912_500)
        );
        let mut limited = Estimator::new(Duration::from_secs(8), MINIMUM, MAXIMUM);
        limited.acknowledged(Duration::from_millis(100));
        assert_eq!(limited.adaptive_time_out(), MAXIMUM);
    }

    #[test]
    fn the_back_off_doubles_up_to_the_maximum_and_comes_down_again() {
        let mut estimator = Estimator::new(Duration::from_secs(1), MINIMUM, MAXIMUM);
        let mut seen = Vec::new();
        for _ in 0..6 {
            seen.push(milliseconds(&estimator));
            estimator.timed_out();
        }
        assert_eq!(seen, [1000, 2000, 4000, 8000, 10000, 10000]);
        for _ in 0..200 {
            estimator.acknowledged(Duration::from_millis(20));
        }
        assert_eq!(estimator.adaptive_time_out(), MINIMUM);
    }

    #[test]
    fn absurd_settings_and_samples_stay_in_range() {
        let zero = Duration::ZERO;
        assert_eq!(
            Estimator::new(zero, zero, zero).adaptive_time_out(),
            Duration::from_nanos(1)
        );
        let most = Duration::from_nanos(u64::MAX);
        let mut estimator = Estimator::new(most, zero, most);
        for _ in 0..100 {
            estimator.timed_out();
            estimator.acknowledged(most);
        }
        assert_eq!(estimator.adaptive_time_out().as_nanos(), LONGEST_SAMPLE);
        let crossed = Estimator::new(zero, MAXIMUM, MINIMUM);
        assert_eq!(crossed.adaptive_time_out(), MAXIMUM);
    }

    proptest! {
        #[test]
        fn the_integers_follow_the_formulas(samples in prop::collection::vec(0u64..20_000_000_000, 1..60)) {
            // The equations in units of 1/2^20 ns instead of 1/8 ns.
            let unit = |nanos: u64| i128::from(nanos) << 20;
            let (mut rtt, mut dev) = (unit(1_000_000_000), 0i128);
            let mut estimator = Estimator::new(Duration::from_secs(1), Duration::from_nanos(1), Duration::from_secs(1000));
            for sample in samples {
                let diff = unit(sample) - rtt;
                dev += (diff.abs() - dev) / 4;
                rtt += diff / 8;
                estimator.acknowledged(Duration::from_nanos(sample));
                let exact = (rtt + 4 * dev) >> 20;
                let error = exact - i128::from(estimator.adaptive_time_out().as_nanos());
                prop_assert!(error.abs() < 40, "off by {error} ns");
            }
        }
    }
}

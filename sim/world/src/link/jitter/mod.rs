//! Variation of the delay.

#[cfg(test)]
#[path = "../../../examples/jitter_tables.rs"]
#[expect(dead_code, reason = "its main prints")]
mod generator;
mod tables;

use crate::luck::Probability;
use pptp_wire::time::Duration;

/// How far delays vary, how they are distributed, and how much one is like the one before.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Jitter {
    /// The largest deviation for the uniform distribution, the standard deviation for the others.
    pub amount: Duration,
    /// The shape.
    pub distribution: Distribution,
    /// How probably a packet has the deviation of the packet before it; the distribution stays what it is.
    pub correlation: Probability,
}

/// The shape of a jitter. All have mean 0.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Distribution {
    /// Every deviation up to the amount, either way, is as probable as the other.
    #[default]
    Uniform,
    /// The normal distribution.
    Normal,
    /// The Pareto distribution of shape 3: most a little early, few very late.
    Pareto,
    /// A quarter of normal and three quarters of Pareto.
    ParetoNormal,
}

impl Distribution {
    /// Every distribution.
    pub const ALL: [Distribution; 4] = [
        Distribution::Uniform,
        Distribution::Normal,
        Distribution::Pareto,
        Distribution::ParetoNormal,
    ];

    /// netem's word for it: `uniform`, `normal`, `pareto`, `paretonormal`.
    pub const fn key(self) -> &'static str {
        match self {
            Distribution::Uniform => "uniform",
            Distribution::Normal => "normal",
            Distribution::Pareto => "pareto",
            Distribution::ParetoNormal => "paretonormal",
        }
    }

    /// The distribution of that word.
    pub fn from_key(key: &str) -> Option<Distribution> {
        Distribution::ALL
            .into_iter()
            .find(|shape| shape.key() == key)
    }
}

impl Jitter {
    /// Uniform, without correlation.
    pub const fn uniform(amount: Duration) -> Jitter {
        Jitter {
            amount,
            distribution: Distribution::Uniform,
            correlation: Probability::NEVER,
        }
    }

    /// The deviation in nanoseconds that belongs to these random bits; rises with them.
    pub(super) fn deviation(&self, bits: u32) -> i64 {
        let amount = i128::from(self.amount.as_nanos());
        let table = match self.distribution {
            Distribution::Uniform => {
                let share = (i128::from(bits) * (2 * amount + 1)) >> 32;
                return saturate(share - amount);
            }
            Distribution::Normal => &tables::NORMAL,
            Distribution::Pareto => &tables::PARETO,
            Distribution::ParetoNormal => &tables::PARETO_NORMAL,
        };
        saturate((amount * i128::from(between_knots(table, bits))) >> 16)
    }
}

/// The quantile at these bits: the upper ten choose the knot, the others interpolate to the next one.
fn between_knots(table: &[i32; 1025], bits: u32) -> i64 {
    const WITHIN: u32 = 22;
    let knot = (bits >> WITHIN) as usize;
    let within = i64::from(bits & ((1 << WITHIN) - 1));
    let (low, high) = (i64::from(table[knot]), i64::from(table[knot + 1]));
    low + (((high - low) * within) >> WITHIN)
}

fn saturate(nanoseconds: i128) -> i64 {
    nanoseconds.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    fn jitter(distribution: Distribution, amount: Duration) -> Jitter {
        Jitter {
            distribution,
            ..Jitter::uniform(amount)
        }
    }

    #[test]
    fn the_tables_are_the_generated_ones() {
        assert_eq!(tables::NORMAL, generator::normal());
        assert_eq!(tables::PARETO, generator::pareto());
        assert_eq!(tables::PARETO_NORMAL, generator::pareto_normal());
    }

    /// Percentiles from the formulas, in nanoseconds at a standard deviation of 1 ms. The tables are drawn out by half a
    /// percent to make up for the tails that they cut off.
    #[test]
    fn the_tables_have_the_quantiles_of_their_formulas() {
        let at = |distribution, percent: u64| {
            let bits = ((percent << 32) / 100) as u32;
            jitter(distribution, MILLISECOND).deviation(bits)
        };
        for (percent, expected) in [
            (50, 0),
            (75, 674_490),
            (90, 1_281_552),
            (97, 1_880_794),
            (99, 2_326_348),
        ] {
            let tolerance = expected as u64 / 100 + 1_000;
            let above = at(Distribution::Normal, percent);
            let below = at(Distribution::Normal, 100 - percent);
            assert!(above.abs_diff(expected) < tolerance, "{percent}: {above}");
            assert!(below.abs_diff(-expected) < tolerance, "{percent}: {below}");
        }
        // The Pareto quantiles 1, 2 and 3 are at 0, 1 - 1/8 and 1 - 1/27: as far apart, whatever the scale is.
        let pareto = |share: u64| {
            let bits = u32::try_from((share << 32) / 1_000_000).unwrap();
            jitter(Distribution::Pareto, MILLISECOND).deviation(bits)
        };
        let (one, two, three) = (pareto(0), pareto(875_000), pareto(962_963));
        assert!(
            (two - one).abs_diff(three - two) < 14_000,
            "{one} {two} {three}"
        );
    }

    #[test]
    fn each_shape_has_mean_zero_and_its_deviation() {
        for distribution in Distribution::ALL {
            let shape = jitter(distribution, MILLISECOND);
            let deviations =
                || (0..1u32 << 16).map(|step| i128::from(shape.deviation(step << 16 | 0x8000)));
            let mean = deviations().sum::<i128>() >> 16;
            let variance = deviations().map(|each| each * each).sum::<i128>() >> 16;
            // A uniform deviation up to 1 ms either way has the variance of a third.
            let expected = if distribution == Distribution::Uniform {
                333_333_333_333
            } else {
                1_000_000_000_000
            };
            assert!(mean.abs() < 20, "{distribution:?} {mean}");
            assert!(
                (variance - expected).abs() < expected / 1_000,
                "{distribution:?} {variance}"
            );
        }
    }

    #[test]
    fn deviations_rise_with_the_bits_and_the_uniform_range_is_closed() {
        for distribution in Distribution::ALL {
            let shape = jitter(distribution, MILLISECOND);
            let all: Vec<i64> = (0..=4096u32)
                .map(|step| shape.deviation((step << 20).wrapping_sub((step == 4096).into())))
                .collect();
            assert!(all.is_sorted(), "{distribution:?}");
        }
        let uniform = Jitter::uniform(MILLISECOND);
        assert_eq!(
            (uniform.deviation(0), uniform.deviation(u32::MAX)),
            (-1_000_000, 1_000_000)
        );
        assert_eq!(Jitter::uniform(Duration::ZERO).deviation(77), 0);
    }

    #[test]
    fn the_largest_amount_saturates() {
        for distribution in Distribution::ALL {
            let shape = jitter(distribution, Duration(u64::MAX));
            assert_eq!(shape.deviation(u32::MAX), i64::MAX, "{distribution:?}");
        }
    }

    #[test]
    fn keys_are_found_again() {
        for distribution in Distribution::ALL {
            assert_eq!(
                Distribution::from_key(distribution.key()),
                Some(distribution)
            );
        }
        assert_eq!(Distribution::from_key("cauchy"), None);
    }
}

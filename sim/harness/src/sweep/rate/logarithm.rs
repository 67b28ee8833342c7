//! Natural logarithms of fractions between bounds, in whole numbers alone.
//!
//! `ln(a/b) = 2 (z + z³/3 + z⁵/5 + …)` with `z = (a - b)/(a + b)`. Every product and quotient is rounded down for the lower bound and up for
//! the upper one, and what the series leaves out is added to the upper one, so that the true value is never outside. Terms shrink by `z²`,
//! at most 1/9 for fractions from 1/2 to 2; any other is halved or doubled into that range first.

/// Binary places of a [`Between`].
pub const PLACES: u32 = 62;
/// Binary places of the work, so that its roundings are far below those of the result.
const WORK: u32 = 80;
/// What the series is carried to: `9⁻³⁰ < 2⁻⁹⁴`.
const TERMS: u128 = 30;
/// The largest numerator and denominator.
const LARGEST: u64 = 1 << 32;

/// A real number between two multiples of 2⁻⁶².
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Between {
    /// It is not less.
    pub low: i128,
    /// It is not more.
    pub high: i128,
}

/// `ln(numerator/denominator)`; both from 1 to [`LARGEST`].
///
/// # Panics
/// If they are not.
pub fn ln(numerator: u64, denominator: u64) -> Between {
    let allowed = 1..=LARGEST;
    assert!(allowed.contains(&numerator) && allowed.contains(&denominator));
    let (mut above, mut below) = (u128::from(numerator), u128::from(denominator));
    if above < below {
        let inverse = ln(denominator, numerator);
        return Between {
            low: -inverse.high,
            high: -inverse.low,
        };
    }
    let mut doublings = 0;
    while above > 2 * below {
        below *= 2;
        doublings += 1;
    }
    while above.is_multiple_of(2) && below.is_multiple_of(2) {
        (above, below) = (above / 2, below / 2);
    }
    let rest = series(above - below, above + below);
    let two = series(1, 3);
    rounded(rest.0 + doublings * two.0, rest.1 + doublings * two.1)
}

/// Twice the inverse hyperbolic tangent of `n/d`, at most 1/3, rounded down and up to [`WORK`] places.
fn series(n: u128, d: u128) -> (u128, u128) {
    let mut power = ((n << WORK) / d, (n << WORK).div_ceil(d));
    let mut sum = (0, 0);
    for term in 0..TERMS {
        let divisor = 2 * term + 1;
        sum.0 += power.0 / divisor;
        sum.1 += power.1.div_ceil(divisor);
        // `power` is less than 2⁷⁹ and `n` less than 2³³: no product is over 2¹¹³.
        for _ in 0..2 {
            power = (power.0 * n / d, (power.1 * n).div_ceil(d));
        }
    }
    // All further terms together are less than the first of them with the divisor 1, times 9/8.
    sum.1 += 2 * power.1 + 2;
    (2 * sum.0, 2 * sum.1)
}

/// Outwards to [`PLACES`].
fn rounded(low: u128, high: u128) -> Between {
    let unit = 1 << (WORK - PLACES);
    // Both are less than 2⁸⁰ · 23.
    Between {
        low: (low / unit) as i128,
        high: high.div_ceil(unit) as i128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a number given by its decimals is in there, which is not wider than this many units.
    fn holds(between: Between, decimals: &str, widest: i128) -> bool {
        let (whole, fraction) = decimals.split_once('.').expect("decimals");
        let digits: i128 = format!("{whole}{fraction}").parse().expect("a number");
        let scale = 10_i128.pow(fraction.len() as u32);
        // digits / scale against bound / 2⁶², the last decimal being uncertain.
        let below = (digits - 1) << PLACES;
        let above = (digits + 1) << PLACES;
        between.low * scale <= above
            && between.high * scale >= below
            && between.high - between.low <= widest
            && between.low <= between.high
    }

    #[test]
    fn known_logarithms_are_between_the_bounds() {
        for (numerator, denominator, decimals) in [
            (2, 1, "0.693147180559945309"),
            (3, 2, "0.405465108108164381"),
            (4, 3, "0.287682072451780927"),
            (1000, 1, "6.907755278982137052"),
            (1_000_000_000, 1, "20.72326583694641115"),
            (19_990, 19_980, "0.000500375291901236"),
            (2_000_000_000, 1_999_999_999, "0.000000000500000000"),
        ] {
            let found = ln(numerator, denominator);
            assert!(
                holds(found, decimals, 4),
                "{numerator}/{denominator}: {found:?}"
            );
            let inverse = ln(denominator, numerator);
            assert_eq!((inverse.low, inverse.high), (-found.high, -found.low));
        }
        assert_eq!(ln(7, 7), Between { low: 0, high: 1 });
    }

    #[test]
    fn the_bounds_of_products_meet() {
        for (a, b, c) in [
            (3, 2, 5),
            (999, 998, 1001),
            (1, LARGEST, 3),
            (LARGEST, 1, LARGEST - 1),
        ] {
            let (one, other, both) = (ln(a, b), ln(b, c), ln(a, c));
            assert!(one.low + other.low <= both.high, "{a}/{b}, {b}/{c}");
            assert!(one.high + other.high >= both.low, "{a}/{b}, {b}/{c}");
        }
    }
}

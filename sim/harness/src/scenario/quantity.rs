//! Quantities: quoted strings with a unit, whole numbers inside.

use pptp_wire::time::Duration;

use super::model::Probability;

/// Why a text is no quantity; the text says what was expected.
pub type Expected = &'static str;

const DURATION: Expected =
    "a span of time such as \"20ms\": a number and one of ns, us, ms, s, min, h";
const PERCENT: Expected = "a percentage from \"0%\" to \"100%\", with at most seven decimals";
const RATE: Expected = "a rate such as \"64kbit\": a number and one of bit, kbit, mbit, gbit";

/// Units of time, with their nanoseconds.
pub const DURATION_UNITS: [(&str, u64); 6] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// Units of rate, with their bits a second.
pub const RATE_UNITS: [(&str, u64); 4] = [
    ("bit", 1),
    ("kbit", 1_000),
    ("mbit", 1_000_000),
    ("gbit", 1_000_000_000),
];

/// `"20ms"`, `"1.5s"`: exact, in nanoseconds.
///
/// # Errors
/// What was expected, where the text is something else or the span is longer than u64 nanoseconds.
pub fn duration(text: &str) -> Result<Duration, Expected> {
    with_unit(text, &DURATION_UNITS)
        .map(Duration)
        .ok_or(DURATION)
}

/// `"64kbit"`: bits a second; 0: no rate.
///
/// # Errors
/// What was expected.
pub fn rate(text: &str) -> Result<u64, Expected> {
    with_unit(text, &RATE_UNITS).ok_or(RATE)
}

/// `"5%"`, `"0.1%"`: exact, in parts of a thousand million.
///
/// # Errors
/// What was expected.
pub fn percent(text: &str) -> Result<Probability, Expected> {
    const ONE_PERCENT: u64 = 10_000_000;
    let parts = with_unit(text, &[("%", ONE_PERCENT)])
        .filter(|&parts| parts <= 100 * ONE_PERCENT)
        .ok_or(PERCENT)?;
    Ok(Probability {
        parts_per_billion: u32::try_from(parts).map_err(|_| PERCENT)?,
    })
}

/// A probability as a scenario writes it.
pub fn write_percent(probability: Probability) -> String {
    let parts = probability.parts_per_billion;
    let (whole, fraction) = (parts / 10_000_000, parts % 10_000_000);
    if fraction == 0 {
        return format!("{whole}%");
    }
    let digits = format!("{fraction:07}");
    format!("{whole}.{}%", digits.trim_end_matches('0'))
}

/// A number with decimals and a unit, in the smallest unit; `None` unless the result is whole.
fn with_unit(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(split);
    let scale = units.iter().find(|(name, _)| *name == unit)?.1;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() || (number.contains('.') && fraction.is_empty()) || fraction.len() > 18 {
        return None;
    }
    let mut total = whole.parse::<u64>().ok()?.checked_mul(scale)?;
    if !fraction.is_empty() {
        let divisor = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
        let scaled = u128::from(fraction.parse::<u64>().ok()?) * u128::from(scale);
        if !scaled.is_multiple_of(divisor) {
            return None;
        }
        total = total.checked_add(u64::try_from(scaled / divisor).ok()?)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_of_time_are_exact() {
        assert_eq!(duration("20ms"), Ok(Duration::from_millis(20)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(duration("0s"), Ok(Duration::ZERO));
        assert_eq!(duration("2min"), Ok(Duration::from_secs(120)));
        for wrong in [
            "",
            "20",
            "ms",
            "20 ms",
            "-1s",
            "1.s",
            ".5s",
            "1.5ns",
            "20sec",
            "99999999999h",
        ] {
            assert_eq!(duration(wrong), Err(DURATION), "{wrong:?}");
        }
    }

    #[test]
    fn percentages_and_rates() {
        assert_eq!(percent("0.1%").map(|p| p.parts_per_billion), Ok(1_000_000));
        assert_eq!(
            percent("100%").map(|p| p.parts_per_billion),
            Ok(1_000_000_000)
        );
        assert_eq!(percent("101%"), Err(PERCENT));
        assert_eq!(percent("5"), Err(PERCENT));
        assert_eq!(rate("64kbit"), Ok(64_000));
        assert_eq!(rate("0bit"), Ok(0));
        assert_eq!(rate("bit"), Err(RATE));
        assert_eq!(rate("64kbps"), Err(RATE));
    }

    #[test]
    fn what_is_written_reads_back() {
        for nanoseconds in [
            0,
            1,
            1_500,
            20_000_000,
            1_100_000_000,
            60_000_000_000,
            u64::MAX,
        ] {
            let span = Duration(nanoseconds);
            assert_eq!(duration(&span.to_string()), Ok(span));
        }
        for parts_per_billion in [0, 1, 1_000_000, 50_000_000, 1_000_000_000] {
            let probability = Probability { parts_per_billion };
            assert_eq!(percent(&write_percent(probability)), Ok(probability));
        }
    }
}

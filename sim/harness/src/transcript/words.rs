//! Numbers and times as text, written straight into the line that they stand in: a transcript has thousands.

use pptp_wire::time::Instant;

/// The width of the time column: up to 99,999 s with six decimals.
const TIME_COLUMN: usize = 12;
/// Digits of the greatest number.
const DIGITS: usize = 20;
/// Digits of a time, its point, two blanks.
const COLUMN: usize = DIGITS + 3;

/// Appends a number in decimal.
pub fn push_number(text: &mut String, mut number: u64) {
    let mut digits = [0; DIGITS];
    let mut start = DIGITS;
    loop {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    push_ascii(text, &digits[start..]);
}

/// A time at the end of blanks, with two more behind it, and where it begins.
fn column_of(at: Instant) -> ([u8; COLUMN], usize) {
    let mut column = [b' '; COLUMN];
    let mut start = COLUMN - 2;
    let mut micros = at.0 / 1_000;
    let mut digits = 0;
    while micros > 0 || digits < 7 {
        start -= 1;
        if digits == 6 {
            column[start] = b'.';
            start -= 1;
        }
        column[start] = b'0' + (micros % 10) as u8;
        micros /= 10;
        digits += 1;
    }
    (column, start)
}

/// Appends a time, right-aligned in its column, and two blanks.
pub fn push_time(text: &mut String, at: Instant) {
    let (column, start) = column_of(at);
    push_ascii(text, &column[start.min(COLUMN - 2 - TIME_COLUMN)..]);
}

/// Appends a time as it is.
pub fn push_instant(text: &mut String, at: Instant) {
    let (column, start) = column_of(at);
    push_ascii(text, &column[start..COLUMN - 2]);
}

fn push_ascii(text: &mut String, octets: &[u8]) {
    // Digits, blanks and points are always text.
    text.push_str(std::str::from_utf8(octets).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(write: impl Fn(&mut String)) -> String {
        let mut text = String::from("before ");
        write(&mut text);
        text
    }

    proptest! {
        #[test]
        fn they_read_as_they_are_shown_elsewhere(number: u64, shift in 0_u32..64) {
            for number in [number >> shift, 0, 9, 10, u64::MAX] {
                let expected = format!("before {number}");
                prop_assert_eq!(written(|text| push_number(text, number)), expected);
                let at = Instant(number);
                let expected = format!("before {at:>TIME_COLUMN$}  ");
                prop_assert_eq!(written(|text| push_time(text, at)), expected);
                let expected = format!("before {at}");
                prop_assert_eq!(written(|text| push_instant(text, at)), expected);
            }
        }
    }
}

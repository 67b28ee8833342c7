//! Numbers and times as text, written straight into the line that they stand in: a transcript has thousands.

use pptp_wire::time::Instant;

/// The width of the time column: up to 99,999 s with six decimals.
const TIME_COLUMN: usize = 12;
/// Digits of the greatest number.
const DIGITS: usize = 20;
/// Digits of a time, its point, two blanks.
const COLUMN: usize = DIGITS + 3;

/// Text that is being written. Numbers go into it digit by digit; that all of it is text is checked once, at its end.
#[derive(Debug, Default)]
pub struct TextBuffer {
    octets: Vec<u8>,
}

impl TextBuffer {
    /// Nothing, with room for so many octets.
    pub fn with_capacity(octets: usize) -> TextBuffer {
        TextBuffer {
            octets: Vec::with_capacity(octets),
        }
    }

    /// What was written.
    pub fn into_text(self) -> String {
        let as_far_as_it_is_text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        String::from_utf8(self.octets)
            .unwrap_or_else(|error| as_far_as_it_is_text(error.as_bytes()))
    }

    /// How many octets were written.
    pub fn len(&self) -> usize {
        self.octets.len()
    }

    /// Takes back all but the first so many octets.
    pub fn truncate(&mut self, octets: usize) {
        self.octets.truncate(octets);
    }

    /// Takes back the blanks at the end.
    pub fn trim_end(&mut self) {
        let used = self.octets.trim_ascii_end().len();
        self.octets.truncate(used);
    }

    /// Appends a text.
    #[inline]
    pub fn push_str(&mut self, text: &str) {
        self.octets.extend_from_slice(text.as_bytes());
    }

    /// Appends blanks until what was written from `start` on is `width` octets wide.
    pub fn pad(&mut self, start: usize, width: usize) {
        let end = start.saturating_add(width).max(self.octets.len());
        self.octets.resize(end, b' ');
    }

    /// Appends a number in decimal.
    pub fn push_number(&mut self, number: u64) {
        let mut digits = [0; DIGITS];
        let start = write_digits(&mut digits, number);
        self.octets.extend_from_slice(&digits[start..]);
    }

    /// Appends a time, right-aligned in its column, and two blanks.
    pub fn push_time(&mut self, at: Instant) {
        let (column, start) = column_of(at);
        let begin = start.min(COLUMN - 2 - TIME_COLUMN);
        self.octets.extend_from_slice(&column[begin..]);
    }

    /// Appends a time as it is.
    pub fn push_instant(&mut self, at: Instant) {
        let (column, start) = column_of(at);
        self.octets.extend_from_slice(&column[start..COLUMN - 2]);
    }
}

/// Writes a number to the end of `room`, which has room for it. Returns where it begins.
fn write_digits(room: &mut [u8], mut number: u64) -> usize {
    let mut start = room.len();
    for digit in room.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        start -= 1;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    start
}

/// A time at the end of blanks, with two more behind it, and where it begins.
fn column_of(at: Instant) -> ([u8; COLUMN], usize) {
    const POINT: usize = COLUMN - 9;
    let mut column = [b' '; COLUMN];
    let micros = at.0 / 1_000;
    let mut fraction = (micros % 1_000_000) as u32;
    for digit in column[POINT + 1..COLUMN - 2].iter_mut().rev() {
        *digit = b'0' + (fraction % 10) as u8;
        fraction /= 10;
    }
    column[POINT] = b'.';
    let start = write_digits(&mut column[..POINT], micros / 1_000_000);
    (column, start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(write: impl Fn(&mut TextBuffer)) -> String {
        let mut text = TextBuffer::default();
        text.push_str("before ");
        write(&mut text);
        text.into_text()
    }

    #[test]
    fn blanks_fill_a_column_and_are_taken_back() {
        let in_column = |text: &str| {
            written(|buffer| {
                buffer.push_str(text);
                buffer.pad(7, 4);
                buffer.push_str("|");
            })
        };
        assert_eq!(in_column("ab"), "before ab  |");
        assert_eq!(in_column("abcde"), "before abcde|");
        let trimmed = |buffer: &mut TextBuffer| {
            buffer.push_str("ab");
            buffer.pad(7, 9);
            buffer.trim_end();
        };
        assert_eq!(written(trimmed), "before ab");
    }

    proptest! {
        #[test]
        fn they_read_as_they_are_shown_elsewhere(number: u64, shift in 0_u32..64) {
            for number in [number >> shift, 0, 9, 10, u64::MAX] {
                let expected = format!("before {number}");
                prop_assert_eq!(written(|text| text.push_number(number)), expected);
                let at = Instant(number);
                let expected = format!("before {at:>TIME_COLUMN$}  ");
                prop_assert_eq!(written(|text| text.push_time(at)), expected);
                let expected = format!("before {at}");
                prop_assert_eq!(written(|text| text.push_instant(at)), expected);
            }
        }
    }
}

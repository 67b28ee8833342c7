//! The fixed-size text fields (Host Name, Phone Number, Call Statistics, …), kept octet for octet.

use core::fmt;

/// A text field of exactly `N` octets. Lossless: whatever stood on the wire is kept, text or not.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Hash)]
#[cfg_attr(any(test, feature = "arbitrary"), derive(arbitrary::Arbitrary))]
pub struct Text<const N: usize>([u8; N]);

impl<const N: usize> Text<N> {
    /// All octets zero.
    pub const EMPTY: Self = Self([0; N]);

    /// The octets of `text`, filled with zero octets to the field's size. What does not fit into `N` octets is cut off;
    /// [`Text::try_new`] refuses it instead.
    pub fn new(text: &str) -> Self {
        let fitting = text.len().min(N);
        let mut octets = [0; N];
        octets[..fitting].copy_from_slice(&text.as_bytes()[..fitting]);
        Self(octets)
    }

    /// `used` filled with zero octets to the field's size, or `None` if it is longer than the field.
    pub fn try_new(used: &[u8]) -> Option<Self> {
        let mut octets = [0; N];
        octets.get_mut(..used.len())?.copy_from_slice(used);
        Some(Self(octets))
    }

    /// Exactly these octets.
    pub const fn from_octets(octets: [u8; N]) -> Self {
        Self(octets)
    }

    /// All octets of the field, as on the wire.
    pub const fn octets(&self) -> &[u8; N] {
        &self.0
    }

    /// The octets up to the last one that is not zero: all that the field says.
    pub fn used(&self) -> &[u8] {
        let end = self
            .0
            .iter()
            .rposition(|&octet| octet != 0)
            .map_or(0, |last| last + 1);
        &self.0[..end]
    }

    /// The octets before the first zero octet: the string that a C program reads from the field.
    pub fn string(&self) -> &[u8] {
        let end = self.0.iter().position(|&octet| octet == 0).unwrap_or(N);
        &self.0[..end]
    }

    /// Whether all octets are zero.
    pub fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |seen, &octet| seen | octet) == 0
    }
}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<const N: usize> From<&str> for Text<N> {
    /// As [`Text::new`].
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

/// The used octets: printable ASCII as it is, a backslash as `\\`, every other octet as `\xNN`.
impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_octets(self.used(), formatter)
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{self}\"")
    }
}

fn write_octets(octets: &[u8], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    use fmt::Write;
    for &octet in octets {
        match octet {
            b'\\' => formatter.write_str("\\\\")?,
            0x20..=0x7E => formatter.write_char(char::from(octet))?,
            _ => write!(formatter, "\\x{octet:02X}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn used_octets_end_at_the_last_that_is_not_zero() {
        let text = Text::<8>::from_octets(*b"ab\0c\0\0\0\0");
        assert_eq!(text.used(), b"ab\0c");
        assert_eq!(text.string(), b"ab");
        assert_eq!(text.to_string(), "ab\\x00c");
    }

    #[test]
    fn every_octet_is_shown_so_that_it_can_be_told_from_every_other() {
        let text = Text::<6>::from_octets(*b"a\\\x7F\xFF\"\n");
        assert_eq!(text.to_string(), "a\\\\\\x7F\\xFF\"\\x0A");
    }

    #[test]
    fn text_that_is_too_long_is_cut_off_or_refused() {
        assert_eq!(Text::<4>::new("abcdef").octets(), b"abcd");
        assert_eq!(Text::<4>::try_new(b"abcde"), None);
        assert_eq!(
            Text::<4>::try_new(b"abcd").map(|text| *text.octets()),
            Some(*b"abcd")
        );
    }

    #[test]
    fn emptiness_looks_at_all_octets() {
        assert!(Text::<4>::default().is_empty());
        assert!(!Text::<4>::from_octets([0, 0, 0, 1]).is_empty());
    }
}

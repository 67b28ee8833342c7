//! Serial-number arithmetic for the 32-bit sequence and acknowledgment numbers, which go on from 0xFFFFFFFF to 0 (`SEQ-005`).

use core::fmt;

/// A sequence or acknowledgment number. Deliberately without an order: of two numbers, each may be the newer one after 2^31 packets.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
#[cfg_attr(any(test, feature = "arbitrary"), derive(arbitrary::Arbitrary))]
pub struct Serial(pub u32);

impl Serial {
    /// Whether this number was given out after `other`: it is 1 to 2^31 - 1 ahead. Numbers exactly 2^31 apart are not comparable;
    /// neither is newer.
    #[inline]
    pub const fn newer_than(self, other: Self) -> bool {
        let ahead = self.0.wrapping_sub(other.0);
        ahead != 0 && ahead < 1 << 31
    }

    /// Whether this number is `other` or newer.
    #[inline]
    pub const fn at_least(self, other: Self) -> bool {
        self.0.wrapping_sub(other.0) < 1 << 31
    }

    /// How far this number is ahead of `other`, negative where it is behind: -2^31 to 2^31 - 1.
    #[inline]
    pub const fn distance(self, other: Self) -> i32 {
        self.0.wrapping_sub(other.0) as i32
    }

    /// The number after this one.
    #[inline]
    pub const fn next(self) -> Self {
        self.plus(1)
    }

    /// The number `count` after this one.
    #[inline]
    pub const fn plus(self, count: u32) -> Self {
        Self(self.0.wrapping_add(count))
    }

    /// The number before this one.
    #[inline]
    pub const fn previous(self) -> Self {
        Self(self.0.wrapping_sub(1))
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_go_on_from_the_largest_to_zero() {
        assert_eq!(Serial(u32::MAX).next(), Serial(0));
        assert_eq!(Serial(0).previous(), Serial(u32::MAX));
        assert!(Serial(0).newer_than(Serial(u32::MAX)));
        assert!(!Serial(u32::MAX).newer_than(Serial(0)));
        assert_eq!(Serial(1).distance(Serial(u32::MAX)), 2);
        assert_eq!(Serial(u32::MAX).distance(Serial(1)), -2);
    }

    #[test]
    fn half_the_space_apart_neither_is_newer() {
        assert!(!Serial(0).newer_than(Serial(1 << 31)));
        assert!(!Serial(1 << 31).newer_than(Serial(0)));
        assert!(Serial((1 << 31) - 1).newer_than(Serial(0)));
    }

    proptest! {
        #[test]
        fn a_number_is_newer_than_those_before_it(base: u32, ahead in 1..(1u32 << 31)) {
            let (old, new) = (Serial(base), Serial(base).plus(ahead));
            prop_assert!(new.newer_than(old));
            prop_assert!(new.at_least(old));
            prop_assert!(!old.newer_than(new));
            prop_assert!(!old.at_least(new));
            prop_assert_eq!(i64::from(new.distance(old)), i64::from(ahead));
        }
    }
}

//! When something happened, if it did.

use pptp_wire::time::Instant;

/// A time that may not have come yet, in the room of one that has: `Option<Instant>` takes twice as much.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) struct Stamp(Instant);

impl Default for Stamp {
    /// It has not happened.
    fn default() -> Self {
        Self(Instant::NEVER)
    }
}

impl From<Option<Instant>> for Stamp {
    fn from(at: Option<Instant>) -> Self {
        at.map_or_else(Self::default, Self)
    }
}

impl Stamp {
    /// When it happened.
    #[inline]
    pub(crate) fn get(self) -> Option<Instant> {
        self.is_some().then_some(self.0)
    }

    /// Whether it has happened.
    #[inline]
    pub(crate) fn is_some(self) -> bool {
        self.0 != Instant::NEVER
    }

    /// Whether it has not happened.
    #[inline]
    pub(crate) fn is_none(self) -> bool {
        !self.is_some()
    }

    /// It happens; answers with when it happened before.
    #[inline]
    pub(crate) fn set(&mut self, at: Instant) -> Option<Instant> {
        core::mem::replace(self, Self(at)).get()
    }

    /// It happens, unless it has happened before.
    pub(crate) fn set_first(&mut self, at: Instant) {
        if self.is_none() {
            self.0 = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_set_once_or_again() {
        let mut stamp = Stamp::default();
        assert_eq!((stamp.get(), stamp.is_none()), (None, true));
        stamp.set_first(Instant(0));
        stamp.set_first(Instant(7));
        assert_eq!((stamp.get(), stamp.is_some()), (Some(Instant(0)), true));
        assert_eq!(stamp.set(Instant(8)), Some(Instant(0)));
        assert_eq!(stamp, Stamp::from(Some(Instant(8))));
        assert_eq!(Stamp::from(None), Stamp::default());
    }
}

//! What most things of a kind do not have.

/// A thing that is mostly not there: as long as it is not, it takes no more room than a pointer.
#[derive(Clone, Debug)]
pub(crate) struct Rarely<T>(Option<Box<T>>);

impl<T> Default for Rarely<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Copy> Rarely<T> {
    /// The thing, if it is there.
    pub(crate) fn get(&self) -> Option<T> {
        self.0.as_deref().copied()
    }

    /// Whether it is there.
    #[inline]
    pub(crate) const fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// Whether it is not there.
    #[inline]
    pub(crate) const fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// From now on it is this.
    pub(crate) fn set(&mut self, thing: T) {
        self.0 = Some(Box::new(thing));
    }

    /// Takes it away.
    pub(crate) fn take(&mut self) -> Option<T> {
        self.0.take().map(|thing| *thing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_there_from_the_setting_to_the_taking() {
        let mut thing = Rarely::default();
        assert_eq!((thing.get(), thing.is_none()), (None, true));
        thing.set(7);
        thing.set(8);
        assert_eq!((thing.get(), thing.is_some()), (Some(8), true));
        assert_eq!((thing.take(), thing.take()), (Some(8), None));
        assert_eq!(size_of::<Rarely<[u64; 4]>>(), size_of::<usize>());
    }
}

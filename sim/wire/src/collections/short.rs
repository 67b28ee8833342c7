//! A list in which there are mostly very few things.

use alloc::vec::Vec;
use core::ops::{Deref, DerefMut};

/// A list that holds its things in itself as long as there are at most `N` of them: then it touches no memory but its own.
#[derive(Clone, Debug)]
pub struct Short<T, const N: usize>(List<T, N>);

#[derive(Clone, Debug)]
enum List<T, const N: usize> {
    Empty,
    /// The first so many; the others are copies that nobody looks at.
    InPlace(u8, [T; N]),
    /// Once there were more.
    Apart(Vec<T>),
}

impl<T, const N: usize> Default for Short<T, N> {
    fn default() -> Self {
        Self(List::Empty)
    }
}

impl<T: Copy, const N: usize> Short<T, N> {
    /// Adds one at the end.
    #[inline]
    pub fn push(&mut self, thing: T) {
        match &mut self.0 {
            List::Empty => self.0 = List::InPlace(1, [thing; N]),
            List::InPlace(length, things) => match things.get_mut(usize::from(*length)) {
                Some(place) => {
                    *place = thing;
                    *length += 1;
                }
                None => {
                    let mut list = Vec::with_capacity(2 * N);
                    list.extend_from_slice(things);
                    list.push(thing);
                    self.0 = List::Apart(list);
                }
            },
            List::Apart(list) => list.push(thing),
        }
    }

    /// Takes the one at this place, and puts the last one there.
    ///
    /// # Panics
    /// If there are not as many.
    #[inline]
    pub fn swap_remove(&mut self, place: usize) -> T {
        match &mut self.0 {
            List::Apart(list) => list.swap_remove(place),
            _ => {
                let last = self.len() - 1;
                self.swap(place, last);
                match &mut self.0 {
                    List::InPlace(length, things) => {
                        *length -= 1;
                        things[last]
                    }
                    _ => unreachable!("it has a last one"),
                }
            }
        }
    }
}

impl<T, const N: usize> Deref for Short<T, N> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            List::Empty => &[],
            List::InPlace(length, things) => &things[..usize::from(*length)],
            List::Apart(list) => list,
        }
    }
}

impl<T, const N: usize> DerefMut for Short<T, N> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            List::Empty => &mut [],
            List::InPlace(length, things) => &mut things[..usize::from(*length)],
            List::Apart(list) => list,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Under any sequence of changes it is the standard list.
        #[test]
        fn it_is_a_list(steps in prop::collection::vec((any::<bool>(), 0_usize..5), 0..60)) {
            let mut short = Short::<usize, 3>::default();
            let mut model = Vec::new();
            for (number, (adds, place)) in steps.into_iter().enumerate() {
                if adds {
                    short.push(number);
                    model.push(number);
                } else if place < model.len() {
                    prop_assert_eq!(short.swap_remove(place), model.swap_remove(place));
                }
                if let Some(last) = short.last_mut() {
                    *last += 1000;
                    *model.last_mut().unwrap() += 1000;
                }
                prop_assert_eq!(&*short, &*model);
            }
        }
    }
}

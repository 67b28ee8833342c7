//! A queue in which there is mostly one thing or none.

use alloc::boxed::Box;
use alloc::collections::{VecDeque, vec_deque};
use core::{iter, option};

/// A queue that holds its first thing in itself: one of at most one thing touches no memory but its own.
#[derive(Clone, Debug)]
#[repr(C)]
pub struct Few<T> {
    first: Option<T>,
    /// What is behind the first; empty if there is none. Boxed, so that a queue without it is small.
    #[expect(
        clippy::box_collection,
        reason = "most queues never have it, and there are many"
    )]
    rest: Option<Box<VecDeque<T>>>,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Few<T> {
    /// An empty queue.
    pub const fn new() -> Self {
        Self {
            first: None,
            rest: None,
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        let behind = self.rest.as_ref().map_or(0, |rest| rest.len());
        usize::from(self.first.is_some()) + behind
    }

    /// Whether there is none.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// The first one.
    #[inline]
    pub const fn front(&self) -> Option<&T> {
        self.first.as_ref()
    }

    /// Adds one at the end.
    #[inline]
    pub fn push_back(&mut self, thing: T) {
        if self.first.is_none() {
            self.first = Some(thing);
        } else {
            self.rest.get_or_insert_default().push_back(thing);
        }
    }

    /// Takes the first one.
    #[inline]
    pub fn pop_front(&mut self) -> Option<T> {
        let first = self.first.take();
        if let Some(rest) = &mut self.rest {
            self.first = rest.pop_front();
            self.drop_empty_rest();
        }
        first
    }

    /// Takes the one at this place, from 0; `None` if there are not as many.
    pub fn remove(&mut self, place: usize) -> Option<T> {
        match place.checked_sub(1) {
            None => self.pop_front(),
            Some(behind) => {
                let thing = self.rest.as_mut()?.remove(behind);
                self.drop_empty_rest();
                thing
            }
        }
    }

    /// An empty rest is given back, so that nobody looks into it again and again.
    fn drop_empty_rest(&mut self) {
        if self.rest.as_ref().is_some_and(|rest| rest.is_empty()) {
            self.rest = None;
        }
    }

    /// All, the first one first.
    #[inline]
    pub fn iter(&self) -> iter::Chain<option::Iter<'_, T>, vec_deque::Iter<'_, T>> {
        let behind = self.rest.as_deref().map(VecDeque::iter);
        self.first.iter().chain(behind.unwrap_or_default())
    }

    /// All, the first one first, to be changed.
    #[inline]
    pub fn iter_mut(&mut self) -> iter::Chain<option::IterMut<'_, T>, vec_deque::IterMut<'_, T>> {
        let behind = self.rest.as_deref_mut().map(VecDeque::iter_mut);
        self.first.iter_mut().chain(behind.unwrap_or_default())
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        *self = Self::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Under any sequence of changes it is the standard queue.
        #[test]
        fn it_is_a_queue(steps in prop::collection::vec((0_u8..8, 0_usize..5), 0..100)) {
            let mut few = Few::new();
            let mut model = VecDeque::new();
            for (number, (action, place)) in steps.into_iter().enumerate() {
                match action {
                    0..=3 => {
                        few.push_back(number);
                        model.push_back(number);
                    }
                    4 => prop_assert_eq!(few.pop_front(), model.pop_front()),
                    5 => prop_assert_eq!(few.remove(place), model.remove(place)),
                    6 => {
                        few.iter_mut().rev().for_each(|thing| *thing += 1000);
                        model.iter_mut().for_each(|thing| *thing += 1000);
                    }
                    _ => {
                        few.clear();
                        model.clear();
                    }
                }
                prop_assert_eq!(few.iter().collect::<Vec<_>>(), model.iter().collect::<Vec<_>>());
                prop_assert_eq!(few.rest.is_some(), model.len() > 1);
                prop_assert_eq!((few.len(), few.is_empty(), few.front()), (model.len(), model.is_empty(), model.front()));
            }
        }
    }
}

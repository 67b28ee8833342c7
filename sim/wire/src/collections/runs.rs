//! A priority queue for things that mostly come in order.

use crate::ahead::ask_for;
use alloc::collections::{BinaryHeap, VecDeque};
use core::cmp::Reverse;

/// How many sorted runs there are.
const RUNS: usize = 4;
/// So many things before it is the first of its run, a thing is asked for.
const SOON: usize = 8;

/// A priority queue: gives out the least thing first.
///
/// Deadlines of one length are set in the order in which they run out. So the things lie in a few sorted runs, to which a new one is
/// added at the end, whatever their number, and memory is walked through from one end to the other. What fits behind no run goes to a
/// heap.
#[derive(Clone, Debug)]
pub struct Runs<T> {
    /// The least of all, copied from where it lies.
    first: Option<T>,
    runs: [VecDeque<T>; RUNS],
    heap: BinaryHeap<Reverse<T>>,
}

impl<T: Ord> Default for Runs<T> {
    fn default() -> Self {
        Self {
            first: None,
            runs: [const { VecDeque::new() }; RUNS],
            heap: BinaryHeap::new(),
        }
    }
}

impl<T: Copy + Ord> Runs<T> {
    /// How many things there are.
    pub fn len(&self) -> usize {
        self.runs.iter().map(VecDeque::len).sum::<usize>() + self.heap.len()
    }

    /// Whether there is none.
    #[inline]
    pub const fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// The least one.
    #[inline]
    pub const fn first(&self) -> Option<&T> {
        self.first.as_ref()
    }

    /// Adds one.
    pub fn push(&mut self, thing: T) {
        if self.first.is_none_or(|first| thing < first) {
            self.first = Some(thing);
        }
        // Behind the greatest end that it fits to: what comes later and is less may still fit to the others.
        let fits = |run: &&mut VecDeque<T>| run.back().is_none_or(|end| *end <= thing);
        let run = self
            .runs
            .iter_mut()
            .filter(fits)
            .max_by(|one, other| one.back().cmp(&other.back()));
        match run {
            Some(run) => run.push_back(thing),
            None => self.heap.push(Reverse(thing)),
        }
    }

    /// Takes the least one.
    pub fn pop(&mut self) -> Option<T> {
        let first = self.first?;
        match self.runs.iter_mut().find(|run| run.front() == Some(&first)) {
            Some(run) => {
                if let Some(later) = run.get(SOON) {
                    ask_for(later);
                }
                run.pop_front()
            }
            None => self.heap.pop().map(|Reverse(thing)| thing),
        };
        self.find_first();
        Some(first)
    }

    /// Keeps those of which `keeps` says so.
    pub fn retain(&mut self, mut keeps: impl FnMut(&T) -> bool) {
        for run in &mut self.runs {
            run.retain(&mut keeps);
        }
        self.heap.retain(|Reverse(thing)| keeps(thing));
        self.find_first();
    }

    fn find_first(&mut self) {
        let ends = self.runs.iter().filter_map(VecDeque::front);
        let of_heap = self.heap.peek().map(|Reverse(thing)| thing);
        self.first = ends.chain(of_heap).min().copied();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_comes_in_order_needs_no_heap() {
        let mut runs = Runs::default();
        for step in 0..1_000_u32 {
            for within in [60, 40, 1] {
                runs.push(step + within);
            }
            assert_eq!(runs.heap.len(), 0);
            while runs.first().is_some_and(|&first| first <= step) {
                assert_eq!(runs.pop(), Some(step));
            }
        }
    }

    proptest! {
        /// Under any sequence of changes it is a sorted list.
        #[test]
        fn it_is_a_sorted_list(steps in prop::collection::vec((0_u8..8, 0_u32..40), 0..200)) {
            let mut runs = Runs::default();
            let mut model = Vec::new();
            for (action, number) in steps {
                match action {
                    0..=4 => {
                        runs.push(number);
                        model.push(number);
                        model.sort_unstable();
                    }
                    5 | 6 => {
                        let least = (!model.is_empty()).then(|| model.remove(0));
                        prop_assert_eq!(runs.pop(), least);
                    }
                    _ => {
                        runs.retain(|thing| thing % 3 != 0);
                        model.retain(|thing| thing % 3 != 0);
                    }
                }
                prop_assert_eq!(runs.first(), model.first());
                prop_assert_eq!((runs.len(), runs.is_empty()), (model.len(), model.is_empty()));
            }
        }
    }
}

//! A heap with four children a node: shallower than a binary one, and the children share cache lines.

use super::queue::Entry;

/// Entries by their order. Memory is kept for the next ones.
#[derive(Debug, Default)]
pub(super) struct Heap {
    entries: Vec<Entry>,
}

const CHILDREN: usize = 4;

impl Heap {
    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The first entry.
    #[inline]
    pub(super) fn first(&self) -> Option<&Entry> {
        self.entries.first()
    }

    /// Inserts an entry.
    #[inline]
    pub(super) fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.rise(self.entries.len() - 1, entry);
    }

    /// Takes the first entry.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Entry> {
        let last = self.entries.pop()?;
        let Some(&first) = self.entries.first() else {
            return Some(last);
        };
        self.sink(last);
        Some(first)
    }

    /// Moves the hole at `place` up until `entry` fits.
    #[inline]
    fn rise(&mut self, mut place: usize, entry: Entry) {
        while place > 0 {
            let parent = (place - 1) / CHILDREN;
            if !entry.before(&self.entries[parent]) {
                break;
            }
            self.entries[place] = self.entries[parent];
            place = parent;
        }
        self.entries[place] = entry;
    }

    /// Moves the hole at the top down to the bottom, then lets `entry` rise from there: the last entry belongs near the bottom.
    #[inline]
    fn sink(&mut self, entry: Entry) {
        let mut place = 0;
        loop {
            let first = place * CHILDREN + 1;
            let Some(children) = self
                .entries
                .get(first..(first + CHILDREN).min(self.entries.len()))
            else {
                break;
            };
            let Some(mut least) = children.first() else {
                break;
            };
            let mut at = first;
            for (offset, child) in children.iter().enumerate().skip(1) {
                if child.before(least) {
                    least = child;
                    at = first + offset;
                }
            }
            self.entries[place] = *least;
            place = at;
        }
        self.rise(place, entry);
    }
}

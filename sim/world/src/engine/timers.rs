//! The deadlines of all nodes: one each, moved in place, so that a timer that never fires costs nothing later.

use pptp_wire::time::Instant;

/// A heap of nodes by (deadline, order of setting), with the place of each node in it.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    heap: Vec<Entry>,
    /// By node: place in the heap, or [`ABSENT`].
    places: Vec<u32>,
    settings: u64,
}

#[derive(Copy, Clone, Debug)]
struct Entry {
    at: u64,
    setting: u64,
    node: u16,
}

const ABSENT: u32 = u32::MAX;
const CHILDREN: usize = 4;

impl Entry {
    #[inline(always)]
    fn before(&self, other: &Entry) -> bool {
        (self.at, self.setting) < (other.at, other.setting)
    }
}

impl Timers {
    /// Sets, moves, or (`NEVER`) takes back the deadline of a node.
    #[inline]
    pub(crate) fn set(&mut self, node: u16, at: Instant) {
        let index = usize::from(node);
        if index >= self.places.len() {
            self.places.resize(index + 1, ABSENT);
        }
        let place = self.places[index];
        if place == ABSENT {
            if at != Instant::NEVER {
                let entry = self.entry(node, at);
                self.heap.push(entry);
                self.rise(self.heap.len() - 1, entry);
            }
            return;
        }
        let place = place as usize;
        let before = self.heap[place].at;
        if before == at.0 {
            return;
        }
        if at == Instant::NEVER {
            return self.remove(place);
        }
        let entry = self.entry(node, at);
        if at.0 < before {
            self.rise(place, entry)
        } else {
            self.sink(place, entry)
        }
    }

    /// The earliest deadline.
    #[inline]
    pub(crate) fn first(&self) -> Option<(Instant, u16)> {
        self.heap
            .first()
            .map(|entry| (Instant(entry.at), entry.node))
    }

    fn entry(&mut self, node: u16, at: Instant) -> Entry {
        self.settings += 1;
        Entry {
            at: at.0,
            setting: self.settings,
            node,
        }
    }

    fn remove(&mut self, place: usize) {
        let gone = self.heap[place];
        self.places[usize::from(gone.node)] = ABSENT;
        let Some(last) = self.heap.pop() else { return };
        if place < self.heap.len() {
            if last.before(&gone) {
                self.rise(place, last)
            } else {
                self.sink(place, last)
            }
        }
    }

    #[inline]
    fn put(&mut self, place: usize, entry: Entry) {
        self.places[usize::from(entry.node)] = place as u32;
        self.heap[place] = entry;
    }

    #[inline]
    fn rise(&mut self, mut place: usize, entry: Entry) {
        while place > 0 {
            let parent = (place - 1) / CHILDREN;
            if !entry.before(&self.heap[parent]) {
                break;
            }
            self.put(place, self.heap[parent]);
            place = parent;
        }
        self.put(place, entry);
    }

    #[inline]
    fn sink(&mut self, mut place: usize, entry: Entry) {
        loop {
            let first = place * CHILDREN + 1;
            let end = (first + CHILDREN).min(self.heap.len());
            let Some(least) = (first..end).reduce(|least, child| {
                if self.heap[child].before(&self.heap[least]) {
                    child
                } else {
                    least
                }
            }) else {
                break;
            };
            if !self.heap[least].before(&entry) {
                break;
            }
            self.put(place, self.heap[least]);
            place = least;
        }
        self.put(place, entry);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_deadlines_come_in_the_order_of_setting() {
        let mut timers = Timers::default();
        for node in [2, 0, 1] {
            timers.set(node, Instant(5));
        }
        timers.set(2, Instant(4));
        timers.set(2, Instant(5));
        let mut order = Vec::new();
        while let Some((_, node)) = timers.first() {
            order.push(node);
            timers.set(node, Instant::NEVER);
        }
        assert_eq!(order, [0, 1, 2]);
    }

    proptest! {
        #[test]
        fn the_first_is_the_earliest(work in proptest::collection::vec((0_u16..20, 0_u64..12), 0..300)) {
            let mut timers = Timers::default();
            let mut model: Vec<(u64, usize, u16)> = Vec::new();
            for (setting, (node, at)) in work.into_iter().enumerate() {
                let at = if at == 0 { u64::MAX } else { at };
                timers.set(node, Instant(at));
                if !model.iter().any(|entry| (entry.2, entry.0) == (node, at)) {
                    model.retain(|entry| entry.2 != node);
                    if at != u64::MAX {
                        model.push((at, setting, node));
                    }
                }
                let first = model.iter().min().map(|entry| (Instant(entry.0), entry.2));
                prop_assert_eq!(timers.first(), first);
            }
        }
    }
}

//! The event queue: what happens next, in an order without ties.

use pptp_wire::time::Instant;

/// What kind of thing an event is. Of events at one time, a lower class comes first; within a class, the one inserted first.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
#[repr(u8)]
pub(crate) enum Class {
    /// TCP, before data: a call is up before its data comes.
    Control,
    /// Datagrams, before timers: what comes at the last moment still counts.
    Datagram,
    /// Deadlines of nodes.
    Deadline,
    /// Traffic sources and other work of the script.
    Script,
}

/// One thing to be done, 8 octets.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Event {
    /// The first segment in flight of a half connection arrives; halves are numbered `connection * 2 + opener's side`.
    Segment { half: u32 },
    /// A copy of a datagram arrives.
    Datagram { slot: u32, copy: u16 },
    /// A traffic source is due.
    Traffic { source: u32 },
}

/// An event with its place in the order.
#[derive(Copy, Clone, Debug)]
struct Entry {
    at: u64,
    /// Class in the top octet, insertion number below.
    order: u64,
    event: Event,
}

impl Entry {
    #[inline(always)]
    fn before(&self, other: &Entry) -> bool {
        (self.at, self.order) < (other.at, other.order)
    }
}

/// A heap with four children a node: shallower than a binary one, and the children share cache lines.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    entries: Vec<Entry>,
    inserted: u64,
}

const CHILDREN: usize = 4;

impl Queue {
    /// How many events wait.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// When the first event is due, and whether its class comes before deadlines.
    #[inline]
    pub(crate) fn first(&self) -> Option<(Instant, bool)> {
        let entry = self.entries.first()?;
        Some((
            Instant(entry.at),
            entry.order >> 56 < Class::Deadline as u64,
        ))
    }

    /// Inserts an event.
    #[inline]
    pub(crate) fn push(&mut self, at: Instant, class: Class, event: Event) {
        let order = (class as u64) << 56 | self.inserted;
        self.inserted += 1;
        let entry = Entry {
            at: at.0,
            order,
            event,
        };
        self.entries.push(entry);
        self.rise(self.entries.len() - 1, entry);
    }

    /// Takes the first event.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<(Instant, Event)> {
        let first = *self.entries.first()?;
        let last = self.entries.pop()?;
        if !self.entries.is_empty() {
            self.sink(last);
        }
        Some((Instant(first.at), first.event))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_time_is_ordered_by_class_then_by_insertion() {
        let mut queue = Queue::default();
        let at = Instant(7);
        queue.push(at, Class::Script, Event::Traffic { source: 0 });
        queue.push(at, Class::Datagram, Event::Datagram { slot: 1, copy: 0 });
        queue.push(at, Class::Datagram, Event::Datagram { slot: 0, copy: 0 });
        queue.push(at, Class::Control, Event::Segment { half: 5 });
        queue.push(Instant(6), Class::Script, Event::Traffic { source: 9 });
        let events: Vec<Event> = core::iter::from_fn(|| queue.pop())
            .map(|(_, event)| event)
            .collect();
        assert_eq!(
            events,
            [
                Event::Traffic { source: 9 },
                Event::Segment { half: 5 },
                Event::Datagram { slot: 1, copy: 0 },
                Event::Datagram { slot: 0, copy: 0 },
                Event::Traffic { source: 0 },
            ]
        );
    }

    #[test]
    fn an_event_is_small() {
        assert_eq!(size_of::<Event>(), 8);
        assert_eq!(size_of::<Entry>(), 24);
    }

    proptest! {
        /// Whatever is pushed and popped in whatever mixture, the order is that of a stable sort.
        #[test]
        fn it_is_a_stable_sort(work in proptest::collection::vec(proptest::option::of(0_u64..50), 0..400)) {
            let mut queue = Queue::default();
            let mut model: Vec<(u64, u32)> = Vec::new();
            for (number, step) in work.into_iter().enumerate() {
                match step {
                    Some(at) => {
                        queue.push(Instant(at), Class::Script, Event::Traffic { source: number as u32 });
                        model.push((at, number as u32));
                    }
                    None => {
                        let least = model.iter().copied().min();
                        model.retain(|entry| Some(*entry) != least);
                        let popped = queue.pop().map(|(at, event)| match event {
                            Event::Traffic { source } => (at.0, source),
                            other => panic!("{other:?}"),
                        });
                        prop_assert_eq!(popped, least);
                    }
                }
                prop_assert_eq!(queue.len(), model.len());
                prop_assert_eq!(queue.first().map(|first| first.0.0), model.iter().map(|entry| entry.0).min());
            }
        }
    }
}

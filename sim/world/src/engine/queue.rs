//! The event queue: what happens next, in an order without ties.
//!
//! A wheel of buckets for the near future, a heap for the far one, and a small heap for the bucket that is at hand. What is on its
//! way over a network lies mostly in the wheel, where inserting and taking cost the same however much is there; a time in which
//! nothing happens costs nothing.

use super::heap::Heap;
use pptp_wire::ahead::ask_for_place;
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
pub(super) struct Entry {
    at: u64,
    /// Class in the top octet, insertion number below.
    order: u64,
    event: Event,
}

impl Entry {
    #[inline(always)]
    pub(super) fn before(&self, other: &Entry) -> bool {
        (self.at, self.order) < (other.at, other.order)
    }
}

/// The queue.
#[derive(Debug)]
pub(crate) struct Queue {
    /// Events of the bucket at hand, and of any before it.
    current: Heap,
    /// The number of the bucket at hand: time divided by the width.
    bucket: u64,
    /// Events of the next [`BUCKETS`] - 1 buckets, in lists: by bucket number modulo [`BUCKETS`], the first place in `cells`.
    wheel: Vec<u32>,
    /// Which buckets of the wheel hold anything, bit by bit.
    occupied: Vec<u64>,
    cells: Vec<Cell>,
    /// First free cell.
    free: u32,
    /// Events in the wheel.
    wheeled: usize,
    /// Events behind the wheel.
    far: Heap,
    inserted: u64,
    /// The cell that was asked for last, of the bucket that comes next.
    coming: u32,
    /// The bucket at hand when that one was looked for.
    coming_behind: u64,
}

/// An event in the wheel, and the place of the next one of its bucket.
#[derive(Copy, Clone, Debug)]
struct Cell {
    entry: Entry,
    next: u32,
}

const NONE: u32 = u32::MAX;
/// The width of a bucket is 2^14 ns, 16 us: of a flow of 100,000 packets a second each holds one or two.
const WIDTH: u32 = 14;
/// 67 ms: longer than most packets are on their way.
const BUCKETS: usize = 4096;

impl Default for Queue {
    fn default() -> Queue {
        Queue {
            current: Heap::default(),
            bucket: 0,
            wheel: vec![NONE; BUCKETS],
            occupied: vec![0; BUCKETS / 64],
            cells: Vec::new(),
            free: NONE,
            wheeled: 0,
            far: Heap::default(),
            inserted: 0,
            coming: NONE,
            coming_behind: u64::MAX,
        }
    }
}

impl Queue {
    /// How many events wait.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.current.len() + self.wheeled + self.far.len()
    }

    /// When the first event is due, and whether its class comes before deadlines.
    #[inline]
    pub(crate) fn first(&mut self) -> Option<(Instant, bool)> {
        if self.current.len() == 0 {
            self.refill();
        }
        let entry = self.current.first()?;
        Some((
            Instant(entry.at),
            entry.order >> 56 < Class::Deadline as u64,
        ))
    }

    /// The first event, if it is in hand already.
    #[inline]
    pub(crate) fn ahead(&self) -> Option<Event> {
        self.current.first().map(|entry| entry.event)
    }

    /// Asks for one more event of the next bucket. Called for each event of the bucket at hand, it comes to the end of the list in time.
    #[inline]
    pub(crate) fn look_ahead(&mut self) {
        self.coming = if self.coming_behind != self.bucket {
            self.coming_behind = self.bucket;
            let next = self.next_in_wheel();
            next.map_or(NONE, |next| self.wheel[next as usize % BUCKETS])
        } else {
            let coming = self.cells.get(self.coming as usize);
            coming.map_or(NONE, |cell| cell.next)
        };
        if self.coming != NONE {
            ask_for_place(&self.cells, self.coming as usize);
        }
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
        let ahead = (at.0 >> WIDTH).saturating_sub(self.bucket);
        if ahead == 0 {
            self.current.push(entry);
        } else if ahead < BUCKETS as u64 {
            self.put_in_wheel(entry);
        } else {
            self.far.push(entry);
        }
    }

    /// Takes the first event.
    #[inline]
    pub(crate) fn pop(&mut self) -> Option<(Instant, Event)> {
        if self.current.len() == 0 {
            self.refill();
        }
        let entry = self.current.pop()?;
        Some((Instant(entry.at), entry.event))
    }

    #[inline]
    fn put_in_wheel(&mut self, entry: Entry) {
        let place = (entry.at >> WIDTH) as usize % BUCKETS;
        let cell = Cell {
            entry,
            next: self.wheel[place],
        };
        let number = self.free;
        self.wheel[place] = match self.cells.get_mut(number as usize) {
            Some(free) => {
                self.free = free.next;
                *free = cell;
                ask_for_place(&self.cells, self.free as usize);
                number
            }
            None => {
                self.cells.push(cell);
                (self.cells.len() - 1) as u32
            }
        };
        self.occupied[place / 64] |= 1 << (place % 64);
        self.wheeled += 1;
    }

    /// Goes to the next bucket that holds anything, and takes it in hand.
    fn refill(&mut self) {
        let near = self.next_in_wheel();
        let far = self.far.first().map(|entry| entry.at >> WIDTH);
        let Some(bucket) = near.into_iter().chain(far).min() else {
            return;
        };
        self.bucket = bucket;
        if near == Some(bucket) {
            self.take_bucket(bucket as usize % BUCKETS);
        }
        while self
            .far
            .first()
            .is_some_and(|entry| entry.at >> WIDTH == bucket)
        {
            if let Some(entry) = self.far.pop() {
                self.current.push(entry);
            }
        }
    }

    fn take_bucket(&mut self, place: usize) {
        let mut number = core::mem::replace(&mut self.wheel[place], NONE);
        self.occupied[place / 64] &= !(1 << (place % 64));
        while let Some(cell) = self.cells.get_mut(number as usize) {
            self.current.push(cell.entry);
            self.wheeled -= 1;
            let next = core::mem::replace(&mut cell.next, self.free);
            self.free = core::mem::replace(&mut number, next);
        }
    }

    /// The number of the next bucket of the wheel that holds anything.
    fn next_in_wheel(&self) -> Option<u64> {
        if self.wheeled == 0 {
            return None;
        }
        let start = self.bucket as usize % BUCKETS;
        let words = BUCKETS / 64;
        // The word of the start is looked at twice: its upper bits first, its lower ones at the end of the round.
        for round in 0..=words {
            let index = (start / 64 + round) % words;
            let bits = self.occupied[index]
                & if round == 0 {
                    u64::MAX << (start % 64)
                } else {
                    u64::MAX
                };
            if bits != 0 {
                let place = index * 64 + bits.trailing_zeros() as usize;
                return Some(self.bucket + ((place + BUCKETS - start) % BUCKETS) as u64);
            }
        }
        None
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
        assert_eq!(size_of::<Cell>(), 32);
    }

    #[test]
    fn the_next_bucket_is_asked_for_to_its_end_and_nothing_beyond() {
        let mut queue = Queue::default();
        let mut push = |at: u64, source| {
            queue.push(
                Instant(at << WIDTH),
                Class::Script,
                Event::Traffic { source },
            );
        };
        push(0, 0);
        push(2, 1);
        push(2, 2);
        push(3, 3);
        let asked = |queue: &mut Queue| {
            queue.look_ahead();
            let cell = queue.cells.get(queue.coming as usize);
            cell.map(|cell| cell.entry.event)
        };
        let newest = Some(Event::Traffic { source: 2 });
        let oldest = Some(Event::Traffic { source: 1 });
        queue.pop();
        assert_eq!(
            [(); 4].map(|()| asked(&mut queue)),
            [newest, oldest, None, None]
        );
        queue.pop();
        let last = Some(Event::Traffic { source: 3 });
        assert_eq!([(); 2].map(|()| asked(&mut queue)), [last, None]);
    }

    proptest! {
        /// Whatever is pushed and popped in whatever mixture, near and far, the order is that of a stable sort.
        #[test]
        fn it_is_a_stable_sort(
            work in proptest::collection::vec(proptest::option::weighted(0.6, 0_u64..200), 0..400),
            scale in 0_u32..30,
        ) {
            let mut queue = Queue::default();
            let mut model: Vec<(u64, u32)> = Vec::new();
            for (number, step) in work.into_iter().enumerate() {
                match step.map(|at| at << scale) {
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

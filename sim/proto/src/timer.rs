//! Deadlines of connections and calls in one ordered structure: a binary heap in which every timer knows its place, so that
//! moving one costs the logarithm of the armed timers and idle ones cost nothing.

use std::num::NonZeroU32;

use pptp_wire::collections::Short;
use pptp_wire::time::Instant;

use crate::{ConnectionId, Deadline, DeadlineReason};

/// Whose timer it is.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Owner {
    /// A connection waits for a message or for its end.
    ConnectionState(ConnectionId),
    /// Keep-alive of a connection.
    KeepAlive(ConnectionId),
    /// A call, by its slot, waits for a message or for the telephone.
    CallState(u32),
    /// The telephone of an established call.
    HangUp(u32),
    /// A call's next WAN-Error-Notify.
    WanErrors(u32),
    /// A call's data session.
    Data(u32),
}

impl Owner {
    /// Whether the timer fires for ever on an idle connection.
    const fn is_keep_alive(self) -> bool {
        matches!(self, Owner::KeepAlive(_))
    }
}

/// The place where an owner keeps its timer. Empty until the timer is first set.
#[derive(Debug, Default)]
pub(crate) struct TimerSlot(Option<NonZeroU32>);

impl TimerSlot {
    /// The timer's place in the table. Kept as the number behind it, so that a slot is small.
    fn index(&self) -> Option<u32> {
        self.0.map(|behind| behind.get() - 1)
    }
}

const NOT_ARMED: u32 = u32::MAX;

#[derive(Copy, Clone, Debug)]
struct Timer {
    owner: Owner,
    reason: DeadlineReason,
    /// Index in the heap, or `NOT_ARMED`.
    position: u32,
}

/// Key of the heap: equal instants run out in the order in which they were set.
#[derive(Copy, Clone, Debug)]
struct Entry {
    at: Instant,
    order: u64,
    timer: u32,
}

impl Entry {
    fn before(&self, other: &Entry) -> bool {
        (self.at, self.order) < (other.at, other.order)
    }
}

/// All timers of an endpoint. Those of one control connection without a call lie in place, all in two lines of the cache.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    timers: Short<Timer, 2>,
    heap: Short<Entry, 1>,
    free: Short<u32, 1>,
    next_order: u64,
    /// How many are armed that are more than keep-alive.
    busy: u32,
}

impl Timers {
    /// Arms the timer in `slot`, or moves it.
    pub fn set(&mut self, slot: &mut TimerSlot, owner: Owner, deadline: Deadline) {
        let index = self.index_of(slot, owner, deadline);
        let timer = &mut self.timers[index as usize];
        timer.reason = deadline.reason;
        let (position, is_keep_alive) = (timer.position, timer.owner.is_keep_alive());
        if position != NOT_ARMED && self.heap[position as usize].at == deadline.at {
            return;
        }
        let entry = Entry {
            at: deadline.at,
            order: self.next_order,
            timer: index,
        };
        self.next_order += 1;
        if position == NOT_ARMED {
            self.busy += u32::from(!is_keep_alive);
            self.heap.push(entry);
            self.rise(self.heap.len() - 1);
        } else {
            let position = position as usize;
            let earlier = entry.before(&self.heap[position]);
            self.heap[position] = entry;
            if earlier {
                self.rise(position)
            } else {
                self.sink(position)
            }
        }
    }

    /// Disarms the timer in `slot`, if it is armed.
    pub fn clear(&mut self, slot: &TimerSlot) {
        if let Some(index) = slot.index() {
            self.disarm(index);
        }
    }

    /// Disarms the timer and gives its place back. For owners that end.
    pub fn release(&mut self, slot: &mut TimerSlot) {
        if let Some(index) = slot.index() {
            slot.0 = None;
            self.disarm(index);
            self.free.push(index);
        }
    }

    /// Whether the timer in `slot` is armed.
    #[cfg(test)]
    pub fn is_armed(&self, slot: &TimerSlot) -> bool {
        slot.index()
            .is_some_and(|index| self.timers[index as usize].position != NOT_ARMED)
    }

    /// What runs out first.
    pub fn first(&self) -> Option<Deadline> {
        self.heap.first().map(|entry| Deadline {
            at: entry.at,
            reason: self.timers[entry.timer as usize].reason,
        })
    }

    /// Whether no timer is armed but those of keep-alive.
    #[inline]
    pub fn only_keep_alive(&self) -> bool {
        self.busy == 0
    }

    /// A mark that tells the timers set so far from those set later.
    pub fn mark(&self) -> u64 {
        self.next_order
    }

    /// Disarms and returns the first timer that has run out by `now` and was set before `mark`. Timers that handlers set
    /// while they run wait for the next call, so that a zero duration cannot keep an endpoint busy for ever.
    pub fn take_due(&mut self, now: Instant, mark: u64) -> Option<(Owner, DeadlineReason)> {
        let entry = *self.heap.first()?;
        if entry.at > now || entry.order >= mark {
            return None;
        }
        let timer = &self.timers[entry.timer as usize];
        let due = (timer.owner, timer.reason);
        self.disarm(entry.timer);
        Some(due)
    }

    fn index_of(&mut self, slot: &mut TimerSlot, owner: Owner, deadline: Deadline) -> u32 {
        if let Some(index) = slot.index() {
            return index;
        }
        let timer = Timer {
            owner,
            reason: deadline.reason,
            position: NOT_ARMED,
        };
        let index = match self.free.len().checked_sub(1) {
            Some(last) => {
                let index = self.free.swap_remove(last);
                self.timers[index as usize] = timer;
                index
            }
            None => {
                self.timers.push(timer);
                (self.timers.len() - 1) as u32
            }
        };
        slot.0 = NonZeroU32::new(index + 1);
        index
    }

    fn disarm(&mut self, index: u32) {
        let position = self.timers[index as usize].position;
        if position == NOT_ARMED {
            return;
        }
        let timer = &mut self.timers[index as usize];
        timer.position = NOT_ARMED;
        self.busy -= u32::from(!timer.owner.is_keep_alive());
        let position = position as usize;
        self.heap.swap_remove(position);
        if position < self.heap.len() {
            self.rise(position);
            let now_at = self.timers[self.heap[position].timer as usize].position as usize;
            self.sink(now_at.max(position));
        }
    }

    fn rise(&mut self, mut position: usize) {
        let entry = self.heap[position];
        while position > 0 {
            let parent = (position - 1) / 2;
            if !entry.before(&self.heap[parent]) {
                break;
            }
            self.place(position, self.heap[parent]);
            position = parent;
        }
        self.place(position, entry);
    }

    fn sink(&mut self, mut position: usize) {
        let entry = self.heap[position];
        loop {
            let left = 2 * position + 1;
            if left >= self.heap.len() {
                break;
            }
            let right = left + 1;
            let child = if right < self.heap.len() && self.heap[right].before(&self.heap[left]) {
                right
            } else {
                left
            };
            if !self.heap[child].before(&entry) {
                break;
            }
            self.place(position, self.heap[child]);
            position = child;
        }
        self.place(position, entry);
    }

    fn place(&mut self, position: usize, entry: Entry) {
        self.heap[position] = entry;
        self.timers[entry.timer as usize].position = position as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::time::Duration;
    use proptest::prelude::*;

    fn deadline(at: u64) -> Deadline {
        Deadline {
            at: Instant(at),
            reason: DeadlineReason::Idle(Duration(at)),
        }
    }

    #[test]
    fn equal_instants_run_out_in_the_order_of_setting() {
        let mut timers = Timers::default();
        let mut slots: Vec<TimerSlot> = (0..10).map(|_| TimerSlot::default()).collect();
        for (number, slot) in slots.iter_mut().enumerate() {
            timers.set(slot, Owner::CallState(number as u32), deadline(5));
        }
        let mark = timers.mark();
        for number in 0..10 {
            let (owner, _) = timers.take_due(Instant(5), mark).expect("due");
            assert_eq!(owner, Owner::CallState(number));
        }
        assert_eq!(timers.take_due(Instant(5), mark), None);
    }

    #[test]
    fn a_timer_set_after_the_mark_waits() {
        let mut timers = Timers::default();
        let mut slot = TimerSlot::default();
        let mark = timers.mark();
        timers.set(&mut slot, Owner::Data(0), deadline(0));
        assert_eq!(timers.take_due(Instant(9), mark), None);
        assert_eq!(timers.first().map(|first| first.at), Some(Instant(0)));
        assert!(timers.take_due(Instant(9), timers.mark()).is_some());
        assert!(!timers.is_armed(&slot));
    }

    proptest! {
        /// The heap agrees with a plain list under any sequence of setting, clearing, releasing and running out.
        #[test]
        fn agrees_with_a_plain_list(steps in prop::collection::vec((0usize..12, 0u64..40, 0u8..8), 0..200)) {
            let mut timers = Timers::default();
            let owner = |number: usize| match number % 3 {
                0 => Owner::KeepAlive(ConnectionId(number as u32)),
                _ => Owner::Data(number as u32),
            };
            let mut slots: Vec<TimerSlot> = (0..12).map(|_| TimerSlot::default()).collect();
            let mut model: Vec<(u64, u64, usize)> = Vec::new();
            for (step, (number, at, action)) in steps.into_iter().enumerate() {
                match action {
                    0 => timers.clear(&slots[number]),
                    1 => timers.release(&mut slots[number]),
                    2 => {
                        let due = timers.take_due(Instant(at), u64::MAX).map(|(owner, _)| owner);
                        let first = model.iter().min().filter(|entry| entry.0 <= at).copied();
                        prop_assert_eq!(due, first.map(|entry| owner(entry.2)));
                        model.retain(|entry| Some(*entry) != first);
                    }
                    _ => timers.set(&mut slots[number], owner(number), deadline(at)),
                }
                let same = model.iter().any(|entry| entry.2 == number && entry.0 == at);
                if action != 2 && !(action > 2 && same) {
                    model.retain(|entry| entry.2 != number);
                }
                if action > 2 && !same {
                    model.push((at, step as u64, number));
                }
                let is_idle = model.iter().all(|entry| owner(entry.2).is_keep_alive());
                prop_assert_eq!(timers.only_keep_alive(), is_idle);
                prop_assert_eq!(timers.first().map(|first| first.at.0), model.iter().min().map(|entry| entry.0));
            }
        }
    }
}

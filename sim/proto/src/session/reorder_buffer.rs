//! Packets that are held until a missing one has come (RFC 2637 §4.3, AMB-10).

use std::collections::VecDeque;

use pptp_wire::Serial;
use pptp_wire::time::Instant;

/// A packet that waits for a lower number.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(super) number: u32,
    pub(super) since: Instant,
    pub(super) payload: Vec<u8>,
}

/// Held packets in the order of their numbers. Storage is used again.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReorderBuffer {
    held: VecDeque<Held>,
    spare: Vec<Vec<u8>>,
    /// Numbers are compared as plain integers (`held-sorted-plainly`).
    plainly: bool,
}

impl ReorderBuffer {
    /// An empty buffer.
    pub(super) fn new(plainly: bool) -> ReorderBuffer {
        ReorderBuffer {
            plainly,
            ..ReorderBuffer::default()
        }
    }

    fn is_newer(&self, held: u32, number: u32) -> bool {
        match self.plainly {
            false => Serial(held).newer_than(Serial(number)),
            true => held > number,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.held.len()
    }

    /// The packet with the lowest number.
    pub(super) fn first(&self) -> Option<&Held> {
        self.held.front()
    }

    /// Holds a packet; false if its number is held already.
    pub(super) fn hold(&mut self, number: u32, since: Instant, payload: &[u8]) -> bool {
        let mut at = self.held.len();
        while at > 0 && self.is_newer(self.held[at - 1].number, number) {
            at -= 1;
        }
        if at > 0 && self.held[at - 1].number == number {
            return false;
        }
        let mut storage = self.spare.pop().unwrap_or_default();
        storage.extend_from_slice(payload);
        self.held.insert(
            at,
            Held {
                number,
                since,
                payload: storage,
            },
        );
        true
    }

    /// Takes the packet with the lowest number out, if it is `number`.
    pub(super) fn take(&mut self, number: u32) -> Option<Held> {
        if self.held.front()?.number != number {
            return None;
        }
        self.held.pop_front()
    }

    /// Gives the storage of a packet back.
    pub(super) fn recycle(&mut self, held: Held) {
        let mut payload = held.payload;
        payload.clear();
        self.spare.push(payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_come_out_in_the_order_of_their_numbers_across_the_wrap() {
        let mut buffer = ReorderBuffer::default();
        for number in [1, u32::MAX, 0, 3] {
            assert!(buffer.hold(number, Instant(7), &[number as u8]));
        }
        assert!(!buffer.hold(0, Instant(8), &[9]));
        assert_eq!(buffer.len(), 4);
        assert!(buffer.take(0).is_none());
        for number in [u32::MAX, 0, 1] {
            let held = buffer.take(number).unwrap();
            assert_eq!(held.payload, [number as u8]);
            buffer.recycle(held);
        }
        assert_eq!(buffer.first().unwrap().number, 3);
        assert!(buffer.hold(2, Instant(9), &[2]));
        assert_eq!(buffer.first().unwrap().payload, [2]);
    }
}

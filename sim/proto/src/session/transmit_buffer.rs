//! Payloads that wait for the window to open (RFC 2637 §4.2.4, WIN-008).

use std::collections::VecDeque;

/// A bounded queue of payloads, whose storage is used again.
#[derive(Clone, Debug)]
pub(super) struct TransmitBuffer {
    waiting: VecDeque<Vec<u8>>,
    spare: Vec<Vec<u8>>,
    capacity: usize,
}

impl TransmitBuffer {
    /// An empty buffer for `capacity` payloads.
    pub(super) fn new(capacity: usize) -> TransmitBuffer {
        TransmitBuffer {
            waiting: VecDeque::new(),
            spare: Vec::new(),
            capacity,
        }
    }

    /// How many payloads wait.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Appends a payload; false where there is no room.
    pub(super) fn push(&mut self, payload: &[u8]) -> bool {
        if self.waiting.len() >= self.capacity {
            return false;
        }
        let mut storage = self.spare.pop().unwrap_or_default();
        storage.extend_from_slice(payload);
        self.waiting.push_back(storage);
        true
    }

    /// Takes the oldest payload out. [`TransmitBuffer::recycle`] wants it back.
    pub(super) fn pop(&mut self) -> Option<Vec<u8>> {
        self.waiting.pop_front()
    }

    /// Takes the storage of a payload back.
    pub(super) fn recycle(&mut self, mut storage: Vec<u8>) {
        storage.clear();
        self.spare.push(storage);
    }

    /// Throws everything away and gives the storage back.
    pub(super) fn clear(&mut self) {
        *self = TransmitBuffer::new(self.capacity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_is_a_bounded_queue(capacity in 0usize..9, work in prop::collection::vec(any::<bool>(), 0..200)) {
            let mut buffer = TransmitBuffer::new(capacity);
            let mut model: VecDeque<Vec<u8>> = VecDeque::new();
            for (count, push) in work.into_iter().enumerate() {
                if push {
                    let payload = vec![count as u8; count % 5 + 1];
                    prop_assert_eq!(buffer.push(&payload), model.len() < capacity);
                    if model.len() < capacity {
                        model.push_back(payload);
                    }
                } else {
                    let popped = buffer.pop();
                    prop_assert_eq!(&popped, &model.pop_front());
                    popped.into_iter().for_each(|storage| buffer.recycle(storage));
                }
                prop_assert_eq!(buffer.len(), model.len());
            }
        }
    }
}

//! The octets of a stream that are on their way.

/// Octets in the order in which they were sent. A short message that is alone lies in place: thousands of idle connections have nothing
/// else on their way, and no memory beside their own is touched for it.
#[derive(Debug)]
pub(super) enum Waiting {
    /// Those from `start` to `end`.
    InPlace {
        start: u8,
        end: u8,
        octets: [u8; IN_PLACE],
    },
    /// All but the first `taken`.
    Apart { taken: usize, octets: Vec<u8> },
}

/// Both kinds are of one size; an Echo-Reply, of 20 octets, fits.
const IN_PLACE: usize = 22;

impl Default for Waiting {
    fn default() -> Waiting {
        Waiting::InPlace {
            start: 0,
            end: 0,
            octets: [0; IN_PLACE],
        }
    }
}

impl Waiting {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.as_slice().len()
    }

    fn as_slice(&self) -> &[u8] {
        match self {
            Waiting::InPlace { start, end, octets } => {
                &octets[usize::from(*start)..usize::from(*end)]
            }
            Waiting::Apart { taken, octets } => &octets[*taken..],
        }
    }

    /// Takes the first ones, as many as there are at least.
    pub(super) fn take(&mut self, length: usize) -> &[u8] {
        match self {
            Waiting::InPlace { start, octets, .. } => {
                let from = usize::from(*start);
                *start += length as u8;
                &octets[from..from + length]
            }
            Waiting::Apart { taken, octets } => {
                let from = *taken;
                *taken += length;
                &octets[from..*taken]
            }
        }
    }

    /// Adds octets at the end.
    pub(super) fn append(&mut self, more: &[u8]) {
        match self {
            Waiting::InPlace { start, end, octets } => {
                if start == end {
                    (*start, *end) = (0, 0);
                }
                let from = usize::from(*end);
                if let Some(place) = octets.get_mut(from..from + more.len()) {
                    place.copy_from_slice(more);
                    *end += more.len() as u8;
                    return;
                }
                let octets = [self.as_slice(), more].concat();
                *self = Waiting::Apart { taken: 0, octets };
            }
            Waiting::Apart { taken, octets }
                if *taken == octets.len() && more.len() <= IN_PLACE =>
            {
                *self = Waiting::default();
                self.append(more);
            }
            Waiting::Apart { taken, octets } => {
                // Moved to the start when most has been taken, so that the memory does not grow with the stream.
                if *taken > octets.len() / 2 {
                    octets.drain(..*taken);
                    *taken = 0;
                }
                octets.extend_from_slice(more);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    #[test]
    fn short_messages_one_at_a_time_stay_in_place() {
        assert_eq!(size_of::<Waiting>(), 32);
        let mut waiting = Waiting::default();
        for round in 0..10 {
            waiting.append(&[round; 20]);
            assert_eq!(waiting.take(20), [round; 20]);
            assert!(matches!(waiting, Waiting::InPlace { .. }));
        }
        waiting.append(&[7; IN_PLACE + 1]);
        assert_eq!(waiting.take(IN_PLACE + 1), [7; IN_PLACE + 1]);
        assert!(matches!(waiting, Waiting::Apart { .. }));
        waiting.append(&[8; IN_PLACE]);
        assert!(matches!(waiting, Waiting::InPlace { .. }));
    }

    proptest! {
        /// Whatever is added and taken, it is a queue.
        #[test]
        fn it_is_a_queue(steps in prop::collection::vec((any::<bool>(), 0_usize..60), 0..80)) {
            let (mut waiting, mut model) = (Waiting::default(), VecDeque::new());
            for (step, (adds, length)) in steps.into_iter().enumerate() {
                if adds {
                    waiting.append(&vec![step as u8; length]);
                    model.extend(vec![step as u8; length]);
                } else {
                    let length = length.min(model.len());
                    let taken: Vec<u8> = model.drain(..length).collect();
                    prop_assert_eq!(waiting.take(length), taken);
                }
                prop_assert_eq!(waiting.len(), model.len());
            }
        }
    }
}

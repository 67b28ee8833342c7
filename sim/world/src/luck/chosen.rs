//! Luck that somebody chooses, draw by draw.

use super::{Luck, LuckSource, Model, PathName, Stream};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Luck from octets: each draw, of whatever stream, takes the next one. What it does depends on the model alone:
///
/// * 0, and every draw behind the last octet: nothing happens that is not certain to; jitter is in the middle of its distribution,
///   and a targeted rule turns over bit 0;
/// * 255: everything happens that can, and the larger an octet is, the less probable events happen. Its upper and its lower half
///   change places for the second chance of a draw: whether a correlated packet shares the luck of the one before, or whether the
///   state of a Gilbert-Elliott model changes. Jitter is as far behind the middle as the octet says in parts of 256 of the whole
///   distribution, from 128 on before the middle.
///
/// Clones share their octets. Streams of one source take from the same octets in the order of draws, so they have no positions: what
/// a run decides is on its tape.
#[derive(Clone, Debug, Default)]
pub struct ChosenLuck {
    octets: Arc<Mutex<VecDeque<u8>>>,
}

impl ChosenLuck {
    /// Adds octets behind those that are there.
    pub fn push(&self, octets: &[u8]) {
        self.lock().extend(octets);
    }

    /// Octets that no draw has taken.
    pub fn left(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<u8>> {
        // Whoever panicked has left the octets whole.
        self.octets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LuckSource for ChosenLuck {
    fn stream(&self, _path: &PathName, model: Model) -> Stream {
        Stream::new(Box::new(Draws {
            luck: self.clone(),
            model,
        }))
    }
}

struct Draws {
    luck: ChosenLuck,
    model: Model,
}

impl Luck for Draws {
    fn next_u64(&mut self) -> u64 {
        let octet = self.luck.lock().pop_front().unwrap_or(0);
        bits(octet, self.model)
    }

    /// There are no positions.
    fn seek(&mut self, _draw: u64) {}
}

/// The random bits that an octet stands for.
fn bits(octet: u8, model: Model) -> u64 {
    let repeated = |octet: u8| u32::from_be_bytes([octet; 4]);
    match model {
        Model::Jitter => {
            let value = u32::from(octet.wrapping_add(0x80)) << 24;
            u64::from(value) << 32 | u64::from(u32::MAX)
        }
        Model::Targeted => u64::from(octet) << 56,
        _ => {
            let second = repeated(octet.rotate_left(4));
            !(u64::from(repeated(octet)) << 32 | u64::from(second))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::luck::{Direction, Plane};

    fn stream(luck: &ChosenLuck, model: Model) -> Stream {
        luck.stream(&PathName::new("l", Direction::Forward, Plane::Gre), model)
    }

    #[test]
    fn draws_take_octets_in_turn_whatever_their_stream() {
        let luck = ChosenLuck::default();
        luck.push(&[0xFF, 0x00, 0x0F]);
        let (mut loss, mut reorder) = (stream(&luck, Model::Loss), stream(&luck, Model::Reorder));
        assert_eq!(loss.at(0), 0, "everything happens");
        assert_eq!(reorder.at(7), u64::MAX, "nothing happens");
        assert_eq!(loss.at(1), 0xF0F0_F0F0_0F0F_0F0F);
        assert_eq!(luck.left(), 0);
        assert_eq!(loss.at(2), u64::MAX, "no octet is one of 0");
    }

    #[test]
    fn jitter_lies_around_its_middle() {
        let upper = |octet| (bits(octet, Model::Jitter) >> 32) as u32;
        assert_eq!(upper(0), 0x8000_0000);
        assert_eq!((upper(127), upper(128)), (0xFF00_0000, 0));
        assert_eq!(bits(0, Model::Targeted), 0);
    }
}

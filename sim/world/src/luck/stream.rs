//! Streams of random numbers that can be entered at any draw.

use super::name::{Model, PathName};
use core::fmt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A generator of random numbers.
pub trait Luck {
    /// The next 64 random bits.
    fn next_u64(&mut self) -> u64;

    /// Goes to draw number `draw`, counted from 0: what [`Luck::next_u64`] gives next is what it would give after `draw`
    /// draws from the start. A generator that has no positions (octets of a fuzzer) may stay where it is.
    fn seek(&mut self, draw: u64);
}

/// Where the streams of a world come from.
pub trait LuckSource: Send + Sync {
    /// The stream of one model of one path, at its start. Equal arguments must give equal streams.
    fn stream(&self, path: &PathName, model: Model) -> Stream;
}

/// The streams of one seed: ChaCha with 8 rounds.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Seeded(pub u64);

impl LuckSource for Seeded {
    fn stream(&self, path: &PathName, model: Model) -> Stream {
        Stream::new(Box::new(ChaCha8(ChaCha8Rng::from_seed(
            path.seed(self.0, model),
        ))))
    }
}

/// The luck of one model of one path.
pub struct Stream {
    luck: Box<dyn Luck + Send>,
    position: u64,
}

impl Stream {
    /// A stream over a generator that stands at its start.
    pub fn new(luck: Box<dyn Luck + Send>) -> Stream {
        Stream { luck, position: 0 }
    }

    /// Draw number `draw`, counted from 0. One draw after the other is fast; a jump in either direction is right too.
    pub fn at(&mut self, draw: u64) -> u64 {
        if self.position != draw {
            self.luck.seek(draw);
        }
        self.position = draw.wrapping_add(1);
        self.luck.next_u64()
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Stream")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

struct ChaCha8(ChaCha8Rng);

impl Luck for ChaCha8 {
    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn seek(&mut self, draw: u64) {
        // A draw takes two words of 32 bits.
        self.0.set_word_pos(u128::from(draw) * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::luck::{Direction, Plane};

    fn stream(seed: u64, model: Model) -> Stream {
        Seeded(seed).stream(
            &PathName::new("pns-pac", Direction::Forward, Plane::Gre),
            model,
        )
    }

    /// The generator itself: ChaCha with 8 rounds, key and nonce zero, block 0 (the known answer of the eSTREAM
    /// submission: 3e 00 ef 2f 89 5f 40 d6 ...).
    #[test]
    fn the_generator_is_cha_cha_8() {
        let mut zero = Stream::new(Box::new(ChaCha8(ChaCha8Rng::from_seed([0; 32]))));
        assert_eq!(
            zero.at(0).to_le_bytes(),
            [0x3E, 0x00, 0xEF, 0x2F, 0x89, 0x5F, 0x40, 0xD6]
        );
    }

    /// The answers come from an independent implementation of the hash, of SplitMix64 and of ChaCha8.
    #[test]
    fn known_answers_pin_the_streams() {
        let draws = |seed, model| {
            let mut stream = stream(seed, model);
            [stream.at(0), stream.at(1), stream.at(1_000_000)]
        };
        assert_eq!(
            draws(0, Model::Loss),
            [
                0x3201_0CA1_F7ED_2957,
                0x6202_7628_48ED_05FF,
                0xEDC7_5856_EEEE_6C56
            ]
        );
        assert_eq!(
            draws(2637, Model::Loss),
            [
                0x4F1F_382F_B86E_CBD8,
                0x643D_C69E_0D04_0F6F,
                0xFA30_6BD7_26C7_2F10
            ]
        );
        assert_eq!(
            draws(2637, Model::Jitter),
            [
                0x9FAD_14A8_CF49_2F70,
                0xE5A8_1B65_5B7C_C413,
                0x0956_F484_5D56_ED69
            ]
        );
    }

    #[test]
    fn a_draw_depends_on_its_number_alone() {
        let mut straight = stream(7, Model::Reorder);
        let all: Vec<u64> = (0..300).map(|draw| straight.at(draw)).collect();
        let mut jumping = stream(7, Model::Reorder);
        for draw in [299, 0, 1, 130, 131, 17, 16, 16, 64, 63] {
            assert_eq!(jumping.at(draw), all[draw as usize], "draw {draw}");
        }
    }
}

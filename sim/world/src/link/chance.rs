//! Events of a given probability, with correlation.

use crate::luck::{Probability, Stream, mix};

/// A probability per packet, and how much the luck of a packet is the luck of the one before.
///
/// With the probability `correlation` a packet takes over the random number of the packet before it, else it gets a fresh
/// one. So each packet has exactly the given probability whatever the correlation is, the correlation of packets `k` apart
/// is `correlation`^k, and a run of events has the mean length 1 / ((1 - probability) (1 - correlation)). (netem filters
/// the random numbers instead, which bends the probability away from the one given.)
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Chance {
    /// How probable the event is for each packet.
    pub probability: Probability,
    /// How probably a packet shares the luck of the packet before it.
    pub correlation: Probability,
}

impl Chance {
    /// A probability without correlation.
    pub const fn of(probability: Probability) -> Chance {
        Chance {
            probability,
            correlation: Probability::NEVER,
        }
    }
}

/// Reordering in netem's sense: with a probability, a packet is not delayed.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Reorder {
    /// How probably a candidate is picked.
    pub chance: Chance,
    /// How far candidates are apart at least: a packet is a candidate when `gap` - 1 packets, lost ones counted, passed
    /// since the last pick. 1: every packet is a candidate. Not 0.
    pub gap: u32,
}

/// A parameter set that is on, its state, and its luck.
#[derive(Debug)]
pub(super) struct Running<P, S> {
    pub(super) parameters: P,
    pub(super) state: S,
    pub(super) stream: Stream,
}

impl<P, S: Default> Running<P, S> {
    /// Switches a model on, off, or to other parameters. What stays on keeps its state.
    pub(super) fn switch(
        slot: &mut Option<Box<Self>>,
        wanted: Option<P>,
        stream: impl FnOnce() -> Stream,
    ) {
        match (slot.as_mut(), wanted) {
            (_, None) => *slot = None,
            (Some(running), Some(parameters)) => running.parameters = parameters,
            (None, Some(parameters)) => {
                *slot = Some(Box::new(Running {
                    parameters,
                    state: S::default(),
                    stream: stream(),
                }));
            }
        }
    }
}

/// The random number of the packet before.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Held(Option<u32>);

/// One packet's draw: the number that counts, and all bits for what else is needed.
#[derive(Copy, Clone, Debug)]
pub(super) struct Drawn {
    pub(super) value: u32,
    raw: u64,
}

impl Held {
    /// The draw of a packet: the upper half is the fresh number, the lower one decides whether it is used.
    pub(super) fn draw(
        &mut self,
        stream: &mut Stream,
        draw: u64,
        correlation: Probability,
    ) -> Drawn {
        let raw = stream.at(draw);
        let value = match self.0 {
            Some(held) if correlation.hits(raw as u32) => held,
            _ => (raw >> 32) as u32,
        };
        self.0 = Some(value);
        Drawn { value, raw }
    }
}

impl Drawn {
    /// The luck of a packet's second copy: derived from the packet's, so that copies take no draws of their own.
    pub(super) fn of_copy(self, correlation: Probability) -> Drawn {
        let raw = mix(self.raw ^ 0xA076_1D64_78BD_642F);
        let fresh = (raw >> 32) as u32;
        let value = if correlation.hits(raw as u32) {
            self.value
        } else {
            fresh
        };
        Drawn { value, raw }
    }

    /// A number below `limit`, which is not 0, independent of `value`.
    pub(super) fn below(self, limit: u32) -> u32 {
        below(mix(self.raw ^ 0xE703_7ED1_A0B4_28DB), limit)
    }
}

/// A number below `limit`, which is not 0, from 64 random bits.
pub(super) const fn below(raw: u64, limit: u32) -> u32 {
    ((raw as u128 * limit as u128) >> 64) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::luck::{Direction, LuckSource, Model, PathName, Plane, Seeded};

    fn stream() -> Stream {
        Seeded(1).stream(
            &PathName::new("l", Direction::Forward, Plane::Gre),
            Model::Loss,
        )
    }

    #[test]
    fn full_correlation_holds_the_first_number() {
        let (mut stream, mut held) = (stream(), Held::default());
        let first = held.draw(&mut stream, 0, Probability::ALWAYS).value;
        for draw in 1..50 {
            assert_eq!(
                held.draw(&mut stream, draw, Probability::ALWAYS).value,
                first
            );
        }
        assert_ne!(held.draw(&mut stream, 50, Probability::NEVER).value, first);
    }

    #[test]
    fn a_copy_has_other_luck_unless_correlated() {
        let (mut stream, mut held) = (stream(), Held::default());
        let drawn = held.draw(&mut stream, 0, Probability::NEVER);
        assert_ne!(drawn.of_copy(Probability::NEVER).value, drawn.value);
        assert_eq!(drawn.of_copy(Probability::ALWAYS).value, drawn.value);
    }

    #[test]
    fn numbers_below_a_limit_fill_it_evenly() {
        let (mut stream, mut held) = (stream(), Held::default());
        let mut counts = [0u32; 10];
        for draw in 0..100_000 {
            counts[held.draw(&mut stream, draw, Probability::NEVER).below(10) as usize] += 1;
        }
        // Standard deviation 95.
        assert!(
            counts.iter().all(|count| count.abs_diff(10_000) < 475),
            "{counts:?}"
        );
        assert_eq!((below(0, 7), below(u64::MAX, 7)), (0, 6));
    }

    #[test]
    fn switching_parameters_keeps_the_state() {
        let mut slot: Option<Box<Running<u8, u8>>> = None;
        Running::switch(&mut slot, Some(1), stream);
        slot.as_mut().unwrap().state = 9;
        Running::switch(&mut slot, Some(2), || unreachable!("the stream stays"));
        let running = slot.as_ref().unwrap();
        assert_eq!((running.parameters, running.state), (2, 9));
        Running::switch(&mut slot, None, stream);
        assert!(slot.is_none());
    }
}

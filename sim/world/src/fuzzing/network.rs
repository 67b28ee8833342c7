//! Impairments that a fuzzer chooses. Every choice can be carried out.

use crate::link::{
    Chance, ControlImpairments, Distribution, FourStateMarkov, GilbertElliott, GreImpairments,
    Jitter, Rate, Reorder, Segmentation,
};
use crate::luck::Probability;
use pptp_wire::time::Duration;

pptp_wire::choice! {
    /// The impairments of one direction of the GRE plane. Probabilities are in parts of 255.
    pub struct GreChoice {
        /// Delay, tenths of a millisecond.
        delay: u16,
        /// Jitter, tenths of a millisecond; 0: none.
        jitter: u16,
        /// Its distribution, in the order of [`Distribution::ALL`].
        distribution: u8,
        /// Its correlation.
        jitter_correlation: u8,
        /// Random loss; 0: none.
        loss: u8,
        /// Its correlation.
        loss_correlation: u8,
        /// Gilbert-Elliott: to the bad state and back, loss in the bad state and in the good one.
        bursts: Option<[u8; 4]>,
        /// The four-state chain: p13, p31, p32, p23, p14; those of a state are cut to the whole.
        chain: Option<[u8; 5]>,
        /// Reordering: probability, gap (0 counts as 1).
        reorder: Option<[u8; 2]>,
        /// A second copy; 0: none.
        duplicate: u8,
        /// A bit turned over; 0: none.
        corrupt: u8,
        /// Rate in kilobits a second, and packets that may wait; 0 counts as 1.
        rate: Option<[u16; 2]>,
        /// The longest IP packet, octets.
        mtu: Option<u16>,
    }
}

pptp_wire::choice! {
    /// The impairments of one direction of the control plane.
    pub struct ControlChoice {
        /// Delay, tenths of a millisecond.
        delay: u16,
        /// Jitter, tenths of a millisecond; 0: none.
        jitter: u16,
        /// Octets of a segment at most; 0: whole.
        segment: u8,
        /// How much later each further segment leaves, milliseconds.
        spacing: u8,
        /// What is sent within this time leaves together, milliseconds; 0: nothing.
        coalesce: u8,
    }
}

fn tenths(count: u16) -> Duration {
    Duration::from_micros(u64::from(count) * 100)
}

fn share(of_255: u8) -> Probability {
    Probability::from_threshold((u64::from(of_255) << 32) / 255).unwrap_or(Probability::ALWAYS)
}

fn chance(probability: u8, correlation: u8) -> Option<Chance> {
    let chance = Chance {
        probability: share(probability),
        correlation: share(correlation),
    };
    (probability > 0).then_some(chance)
}

impl GreChoice {
    /// A way that does nothing but delay, tenths of a millisecond.
    pub const fn only_delay(delay: u16) -> GreChoice {
        GreChoice {
            delay,
            jitter: 0,
            distribution: 0,
            jitter_correlation: 0,
            loss: 0,
            loss_correlation: 0,
            bursts: None,
            chain: None,
            reorder: None,
            duplicate: 0,
            corrupt: 0,
            rate: None,
            mtu: None,
        }
    }

    /// The impairments that it stands for.
    pub fn impairments(&self) -> GreImpairments {
        let jitter = Jitter {
            amount: tenths(self.jitter),
            distribution: Distribution::ALL[usize::from(self.distribution) % 4],
            correlation: share(self.jitter_correlation),
        };
        GreImpairments {
            delay: tenths(self.delay),
            jitter: (self.jitter > 0).then_some(jitter),
            loss: chance(self.loss, self.loss_correlation),
            loss_gilbert_elliott: self.bursts.map(|[p, r, bad, good]| GilbertElliott {
                good_to_bad: share(p),
                bad_to_good: share(r),
                loss_in_bad: share(bad),
                loss_in_good: share(good),
            }),
            loss_markov: self.chain.map(|[p13, p31, p32, p23, p14]| FourStateMarkov {
                p13: share(p13),
                p31: share(p31),
                p32: share(p32.min(255 - p31)),
                p23: share(p23),
                p14: share(p14.min(255 - p13)),
            }),
            reorder: self.reorder.map(|[probability, gap]| Reorder {
                chance: Chance::of(share(probability)),
                gap: u32::from(gap.max(1)),
            }),
            duplicate: chance(self.duplicate, 0),
            corrupt: chance(self.corrupt, 0),
            rate: self.rate.map(|[kilobits, queue_limit]| Rate {
                bits_per_second: u64::from(kilobits.max(1)) * 1_000,
                queue_limit: u32::from(queue_limit.max(1)),
            }),
            mtu: self.mtu.map(u32::from),
        }
    }
}

impl ControlChoice {
    /// The impairments that it stands for.
    pub fn impairments(&self) -> ControlImpairments {
        let milliseconds = |count: u8| Duration::from_millis(count.into());
        ControlImpairments {
            delay: tenths(self.delay),
            jitter: (self.jitter > 0).then(|| Jitter::uniform(tenths(self.jitter))),
            segmentation: match self.segment {
                0 => Segmentation::Whole,
                octets => Segmentation::Maximum(octets.into()),
            },
            segment_spacing: milliseconds(self.spacing),
            coalesce: (self.coalesce > 0).then(|| milliseconds(self.coalesce)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::fuzzing::{Choice, Choices};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_choice_can_be_carried_out(octets in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut choices = Choices::new(&octets);
            prop_assert_eq!(GreChoice::read(&mut choices).impairments().check(), Ok(()));
            prop_assert_eq!(ControlChoice::read(&mut choices).impairments().check(), Ok(()));
        }
    }

    #[test]
    fn the_ends_are_reached() {
        assert_eq!(share(0), Probability::NEVER);
        assert_eq!(share(255), Probability::ALWAYS);
        assert_eq!(chance(0, 255), None);
        let nothing = GreChoice::read(&mut Choices::new(&[])).impairments();
        assert_eq!(nothing, GreImpairments::default());
        let nothing = ControlChoice::read(&mut Choices::new(&[])).impairments();
        assert_eq!(nothing, ControlImpairments::default());
    }
}

//! Loss in bursts: the Gilbert-Elliott model and the Markov chain of four states.

use super::impairments::ImpairmentError;
use crate::luck::{Probability, Stream};

/// Gilbert-Elliott: a good and a bad state, each with its own loss. Starts good.
///
/// A packet is lost by the state that it meets; then the state may change. In the long run the path is bad for the share
/// p / (p + r) of packets, for 1 / r packets at a time.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct GilbertElliott {
    /// `p`: from good to bad, per packet.
    pub good_to_bad: Probability,
    /// `r`: from bad to good, per packet.
    pub bad_to_good: Probability,
    /// `1-h`: loss in the bad state.
    pub loss_in_bad: Probability,
    /// `1-k`: loss in the good state.
    pub loss_in_good: Probability,
}

impl GilbertElliott {
    /// With what the caller leaves out as in netem: `r` = 1 - `p`, `1-h` = 100%, `1-k` = 0%.
    pub fn new(
        good_to_bad: Probability,
        bad_to_good: Option<Probability>,
        loss_in_bad: Option<Probability>,
        loss_in_good: Option<Probability>,
    ) -> GilbertElliott {
        GilbertElliott {
            good_to_bad,
            bad_to_good: bad_to_good.unwrap_or(good_to_bad.complement()),
            loss_in_bad: loss_in_bad.unwrap_or(Probability::ALWAYS),
            loss_in_good: loss_in_good.unwrap_or(Probability::NEVER),
        }
    }
}

/// The state that a packet meets.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct GilbertElliottState {
    bad: bool,
}

impl GilbertElliottState {
    /// Whether the packet of this draw is lost.
    pub(super) fn loses(&mut self, model: &GilbertElliott, stream: &mut Stream, draw: u64) -> bool {
        let raw = stream.at(draw);
        let (loss, change) = if self.bad {
            (model.loss_in_bad, model.bad_to_good)
        } else {
            (model.loss_in_good, model.good_to_bad)
        };
        self.bad ^= change.hits(raw as u32);
        loss.hits((raw >> 32) as u32)
    }
}

/// Four states: 1 received in a gap, 2 received in a burst, 3 lost in a burst, 4 lost alone in a gap. Starts in 1.
///
/// For each packet the state changes first; the packet is lost if the new state is 3 or 4. From 4 the way leads back to 1.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct FourStateMarkov {
    /// From 1 to 3: a burst begins.
    pub p13: Probability,
    /// From 3 to 1: a burst ends.
    pub p31: Probability,
    /// From 3 to 2: a packet gets through within a burst.
    pub p32: Probability,
    /// From 2 to 3: the burst goes on.
    pub p23: Probability,
    /// From 1 to 4: a loss alone.
    pub p14: Probability,
}

impl FourStateMarkov {
    /// With what the caller leaves out as in netem: `p31` = 1 - `p13`, `p32` = 0%, `p23` = 100%, `p14` = 0%.
    pub fn new(
        p13: Probability,
        p31: Option<Probability>,
        p32: Option<Probability>,
        p23: Option<Probability>,
        p14: Option<Probability>,
    ) -> FourStateMarkov {
        FourStateMarkov {
            p13,
            p31: p31.unwrap_or(p13.complement()),
            p32: p32.unwrap_or(Probability::NEVER),
            p23: p23.unwrap_or(Probability::ALWAYS),
            p14: p14.unwrap_or(Probability::NEVER),
        }
    }

    /// Ways out of one state cannot be more probable than the whole.
    pub(super) fn check(&self) -> Result<(), ImpairmentError> {
        let over = |a: Probability, b: Probability| {
            a.threshold() + b.threshold() > Probability::ALWAYS.threshold()
        };
        if over(self.p13, self.p14) {
            return Err(ImpairmentError {
                field: "loss-markov",
                problem: "p13 and p14 are more than 100% together",
            });
        }
        if over(self.p31, self.p32) {
            return Err(ImpairmentError {
                field: "loss-markov",
                problem: "p31 and p32 are more than 100% together",
            });
        }
        Ok(())
    }
}

/// The state that the packet before left.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub(super) enum MarkovState {
    #[default]
    ReceivedInGap,
    ReceivedInBurst,
    LostInBurst,
    LostInGap,
}

impl MarkovState {
    /// Whether the packet of this draw is lost.
    pub(super) fn loses(
        &mut self,
        model: &FourStateMarkov,
        stream: &mut Stream,
        draw: u64,
    ) -> bool {
        use MarkovState::{LostInBurst, LostInGap, ReceivedInBurst, ReceivedInGap};
        let bits = (stream.at(draw) >> 32) as u32;
        let either = |first: Probability, second: Probability| {
            u64::from(bits) < first.threshold() + second.threshold()
        };
        *self = match self {
            ReceivedInGap if model.p14.hits(bits) => LostInGap,
            ReceivedInGap if either(model.p14, model.p13) => LostInBurst,
            ReceivedInGap | LostInGap => ReceivedInGap,
            ReceivedInBurst if model.p23.hits(bits) => LostInBurst,
            ReceivedInBurst => ReceivedInBurst,
            LostInBurst if model.p32.hits(bits) => ReceivedInBurst,
            LostInBurst if either(model.p32, model.p31) => ReceivedInGap,
            LostInBurst => LostInBurst,
        };
        matches!(self, LostInBurst | LostInGap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_as_in_netem() {
        let p = Probability::percent(10);
        let gilbert = GilbertElliott::new(p, None, None, None);
        assert_eq!(gilbert.bad_to_good, Probability::percent(10).complement());
        assert_eq!(
            (gilbert.loss_in_bad, gilbert.loss_in_good),
            (Probability::ALWAYS, Probability::NEVER)
        );
        let chain = FourStateMarkov::new(p, None, None, None, None);
        assert_eq!((chain.p31, chain.p32), (p.complement(), Probability::NEVER));
        assert_eq!(
            (chain.p23, chain.p14),
            (Probability::ALWAYS, Probability::NEVER)
        );
        assert_eq!(chain.check(), Ok(()));
    }

    #[test]
    fn ways_out_of_a_state_are_at_most_the_whole() {
        let (most, some) = (Probability::percent(60), Probability::percent(41));
        let from_1 = FourStateMarkov::new(most, None, None, None, Some(some));
        assert!(
            from_1
                .check()
                .unwrap_err()
                .to_string()
                .contains("p13 and p14")
        );
        let from_3 = FourStateMarkov::new(most, Some(most), Some(some), None, None);
        assert!(
            from_3
                .check()
                .unwrap_err()
                .to_string()
                .contains("p31 and p32")
        );
    }
}

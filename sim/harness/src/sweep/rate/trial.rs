//! The two tests, seed by seed.

use super::logarithm::{Between, ln};
use super::standing::Verdict;
use crate::scenario::model::{Probability, StatedRate};

/// Probabilities are in halves of a part of a thousand million: `d` is a half of one.
const WHOLE: u64 = 2 * Probability::ALWAYS.parts_per_billion as u64;

/// A stated rate on trial.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trial {
    stated: StatedRate,
    against: Test,
    in_favour: Test,
    seeds: u64,
    failed: u64,
    decision: Option<(Verdict, u64)>,
}

/// One test: what a seed adds to the logarithm of its ratio. Both are positive.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Test {
    /// What it adds where it speaks for the decision.
    gain: Between,
    /// What it takes away where it speaks against it.
    loss: Between,
    /// Where the decision is made.
    boundary: Between,
}

impl Test {
    /// Whether the boundary is certainly reached.
    fn is_decided(&self, pro: u64, contra: u64) -> bool {
        // Both factors are less than 1, so less than 2⁶², and the counts are less than 2⁶⁴.
        let least = self.gain.low * i128::from(pro) - self.loss.high * i128::from(contra);
        least >= self.boundary.high
    }
}

impl Trial {
    /// The trial of a rate, before its first seed. The rate lies between 0 % and 100 %, the confidence below 100 %.
    pub fn new(stated: StatedRate) -> Trial {
        let parts = |probability: Probability| 2 * u64::from(probability.parts_per_billion);
        let holds = parts(stated.rate).clamp(2, WHOLE - 2);
        let fails = WHOLE - holds;
        let step = holds.min(fails) / 2;
        let doubt = (WHOLE - parts(stated.confidence)).max(1);
        let boundary = ln(WHOLE, doubt);
        Trial {
            stated,
            against: Test {
                gain: ln(fails + step, fails),
                loss: ln(holds, holds - step),
                boundary,
            },
            in_favour: Test {
                gain: ln(holds + step, holds),
                loss: ln(fails, fails - step),
                boundary,
            },
            seeds: 0,
            failed: 0,
            decision: None,
        }
    }

    /// The next seed.
    pub fn add(&mut self, holds: bool) {
        self.seeds += 1;
        self.failed += u64::from(!holds);
        if self.decision.is_some() {
            return;
        }
        let held = self.seeds - self.failed;
        // A seed moves both ratios apart: they never reach their boundaries at once.
        if self.against.is_decided(self.failed, held) {
            self.decision = Some((Verdict::Refuted, self.seeds));
        } else if self.in_favour.is_decided(held, self.failed) {
            self.decision = Some((Verdict::Holds, self.seeds));
        }
    }

    /// The rate that is on trial.
    pub const fn stated(&self) -> StatedRate {
        self.stated
    }

    /// How many seeds there were, and how many of them failed.
    pub const fn counts(&self) -> (u64, u64) {
        (self.seeds, self.failed)
    }

    /// The decision, and after how many seeds it was made. It is the first one that is made, whatever came later.
    pub const fn decision(&self) -> Option<(Verdict, u64)> {
        self.decision
    }

    /// The same trial where it has come this far without a decision.
    #[cfg(test)]
    pub(super) fn at(&self, seeds: u64, failed: u64) -> Trial {
        Trial {
            seeds,
            failed,
            decision: None,
            ..self.clone()
        }
    }
}

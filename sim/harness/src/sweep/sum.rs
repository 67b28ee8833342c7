//! What one unit gave so far, and what becomes of it in the sum of all.

use super::header::Header;
use super::kind::ClassKind;
use super::line::ResultLine;
use super::rate::{Standing, Trial, Verdict};
use super::tally::Tally;
use crate::run::FailureKind;

/// The sum of a unit, seed by seed in their order.
#[derive(Clone, Debug)]
pub struct UnitSum {
    /// What its seeds gave.
    pub tally: Tally,
    /// The trial of the rate that it states.
    trial: Option<Trial>,
}

/// Whether a failure of this class is what a stated rate is about: the script was missed. A requirement that was broken, a limit that was
/// reached, and everything worse is no matter of luck.
fn may_be_luck(class: &str) -> bool {
    let scripted = [
        FailureKind::Missing,
        FailureKind::Different,
        FailureKind::State,
        FailureKind::NotSilent,
        FailureKind::Ending,
    ];
    let word = class.split(' ').nth(1);
    ClassKind::of(class) == Some(ClassKind::Conformance)
        && scripted.iter().any(|kind| Some(kind.name()) == word)
}

impl UnitSum {
    /// Before the first seed.
    pub fn new(header: &Header) -> UnitSum {
        UnitSum {
            tally: Tally::default(),
            trial: header.holds.map(Trial::new),
        }
    }

    /// Adds what the next seed gave.
    pub fn add(&mut self, header: &Header, line: &ResultLine) {
        self.follow(line);
        self.tally
            .add(header.unit.0, &header.scenario_digest, line, &|seed| {
                header.replay_of(seed)
            });
    }

    /// Shows the trial alone the next seed: the tally comes from elsewhere.
    pub fn follow(&mut self, line: &ResultLine) {
        if let Some(trial) = &mut self.trial {
            trial.add(line.failure.is_none());
        }
    }

    /// Whether it states a rate, and enough seeds were seen.
    pub fn is_decided(&self) -> bool {
        self.trial
            .as_ref()
            .is_some_and(|trial| trial.decision().is_some())
    }

    /// Whether something failed that no rate allows; `whole` where all seeds from the first on were seen.
    pub fn has_failed(&self, whole: bool) -> bool {
        let refuted = whole && self.is_refuted();
        let mut classes = self.tally.classes.keys();
        refuted || self.tally.others > 0 || classes.any(|class| !self.excuses(class, refuted))
    }

    fn excuses(&self, class: &str, refuted: bool) -> bool {
        self.trial.is_some() && !refuted && may_be_luck(class)
    }

    fn is_refuted(&self) -> bool {
        let decision = self.trial.as_ref().and_then(Trial::decision);
        decision.is_some_and(|(verdict, _)| verdict == Verdict::Refuted)
    }

    /// Adds it to the sum of all units. What a rate allows that is not refuted stands there as allowed.
    pub fn add_to(&self, sum: &mut Tally, header: &Header, whole: bool) {
        let refuted = whole && self.is_refuted();
        let mut tally = self.tally.clone();
        let excused = |class: &String| self.excuses(class, refuted);
        tally.allowed = tally
            .classes
            .extract_if(.., |class, _| excused(class))
            .collect();
        if let Some(trial) = &self.trial {
            let standing = Standing::of(&header.scenario, header.case.as_deref(), trial, whole);
            tally.standings.insert(header.unit.0, standing);
        }
        sum.merge(&tally);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luck_misses_what_the_script_expects_and_nothing_else() {
        for class in [
            "conformance missing a.kdl:5:5 pac=idle",
            "conformance ending a.kdl:9:9",
            "conformance state a.kdl:7:9",
        ] {
            assert!(may_be_luck(class), "{class}");
        }
        for class in [
            "conformance SEQ-012 missing a.kdl:5:5",
            "conformance SEQ-012 pac=idle",
            "conformance unexpected",
            "conformance",
            "safety missing",
            "liveness limit",
            "scenario impossible a.kdl:5:5",
            "harness index out of bounds",
        ] {
            assert!(!may_be_luck(class), "{class}");
        }
    }
}

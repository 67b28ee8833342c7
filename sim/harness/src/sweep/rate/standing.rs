//! How a stated rate stands when all seeds are played: for people and for programs.

use serde_json::{Value, json};

use super::Trial;
use crate::scenario::model::StatedRate;
use crate::scenario::quantity::write_percent;

/// What became of a stated rate.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Verdict {
    /// The scenario holds at least as often as it says.
    Holds,
    /// It holds less often.
    Refuted,
    /// There were too few seeds to tell.
    Undecided,
    /// A part of the seeds alone was played: `merge` decides.
    Partial,
}

impl Verdict {
    /// `holds`, `refuted`, `undecided` or `partial`.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Refuted => "refuted",
            Verdict::Undecided => "undecided",
            Verdict::Partial => "partial",
        }
    }
}

/// How one case with a stated rate stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Standing {
    /// The scenario.
    pub scenario: String,
    /// The case of its matrix.
    pub case: Option<String>,
    /// What it states.
    pub stated: StatedRate,
    /// What became of that.
    pub verdict: Verdict,
    /// After how many seeds it was decided.
    pub decided_after: Option<u64>,
    /// How many seeds were played.
    pub seeds: u64,
    /// How many of them failed.
    pub failed: u64,
}

impl Standing {
    /// How a trial stands; `whole` where it saw the seeds from the first on, and not those of a shard.
    pub fn of(scenario: &str, case: Option<&str>, trial: &Trial, whole: bool) -> Standing {
        let (seeds, failed) = trial.counts();
        let (verdict, decided_after) = match trial.decision() {
            _ if !whole => (Verdict::Partial, None),
            Some((verdict, after)) => (verdict, Some(after)),
            None => (Verdict::Undecided, None),
        };
        Standing {
            scenario: scenario.to_owned(),
            case: case.map(str::to_owned),
            stated: trial.stated(),
            verdict,
            decided_after,
            seeds,
            failed,
        }
    }

    /// One line: `faults/a holds in 99.9% of seeds: decided after 13806 seeds (confidence 99.9%); 2 of 100000 failed`.
    pub fn to_human(&self) -> String {
        let case = match &self.case {
            Some(case) => format!(" ({case})"),
            None => String::new(),
        };
        let percent = write_percent(self.stated.rate);
        let after = |after: Option<u64>| {
            after.map_or(String::new(), |seeds| {
                format!(": decided after {seeds} seeds")
            })
        };
        let claim = match self.verdict {
            Verdict::Holds => format!("holds in {percent} of seeds"),
            Verdict::Refuted => format!("does not hold in {percent} of seeds"),
            Verdict::Undecided => format!("may hold in {percent} of seeds: undecided"),
            Verdict::Partial => {
                format!("states {percent} of seeds: merge decides when all shards have ended")
            }
        };
        format!(
            "{}{case} {claim}{} (confidence {}); {} of {} failed",
            self.scenario,
            after(self.decided_after),
            write_percent(self.stated.confidence),
            self.failed,
            self.seeds
        )
    }

    /// One object.
    pub fn to_json(&self) -> Value {
        json!({
            "scenario": self.scenario,
            "case": self.case,
            "holds-in": write_percent(self.stated.rate),
            "confidence": write_percent(self.stated.confidence),
            "verdict": self.verdict.name(),
            "decided-after": self.decided_after,
            "seeds": self.seeds,
            "failed": self.failed,
        })
    }
}

//! Whether a candidate still fails in the same way: printed, read, checked and played, as its reader would.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::probe::{Probe, probe};
use super::tree;
use crate::scenario::model::Scenario;
use crate::scenario::print::print;
use crate::scenario::{LintedScenario, parse_str};
use crate::suite::SuiteOptions;
use crate::sweep::FailureClass;

/// Is shown how a search goes on.
pub trait Watch {
    /// A candidate was played; `accepted` where it is smaller and fails in the same way.
    fn played(&mut self, runs: u64, accepted: Option<&Scenario>);
}

/// Shows nothing.
pub struct Unwatched;

impl Watch for Unwatched {
    fn played(&mut self, _runs: u64, _accepted: Option<&Scenario>) {}
}

/// A run that a candidate is held against: what the failure is owed to is taken away, and then it must not be there. Without that a
/// script shrinks to one that nobody could follow.
#[derive(Clone, Debug)]
pub enum Control {
    /// The nodes have no deviations.
    WithoutDeviations,
    /// The flow does not begin with targeted faults.
    WithoutFaults,
}

/// Decides on candidates.
pub struct Judge<'a> {
    /// How they are run.
    pub options: &'a SuiteOptions,
    /// The class that they have to fail in.
    pub class: &'a FailureClass,
    /// The seeds that they have to fail with, each.
    pub seeds: Vec<u64>,
    /// What else they are played as, and whether they must pass then, or only not fail in the same way.
    controls: Vec<(Control, bool)>,
    /// Runs that may still be played.
    pub runs_left: u64,
    /// Runs that were played.
    pub runs: u64,
    /// Digests of the candidates that were refused.
    refused: BTreeSet<[u8; 32]>,
    watch: &'a mut dyn Watch,
}

impl<'a> Judge<'a> {
    /// A judge that plays at most so many runs.
    pub fn new(
        options: &'a SuiteOptions,
        class: &'a FailureClass,
        seeds: Vec<u64>,
        most_runs: u64,
        watch: &'a mut dyn Watch,
    ) -> Judge<'a> {
        Judge {
            options,
            class,
            seeds,
            controls: Vec::new(),
            runs_left: most_runs,
            runs: 0,
            refused: BTreeSet::new(),
            watch,
        }
    }

    /// The candidate as it reads back, if it fails in the same way with every seed. Breaks where no run is left.
    pub fn accepts(&mut self, candidate: &Scenario) -> ControlFlow<(), Option<Scenario>> {
        let text = print(candidate);
        let digest = *blake3::hash(text.as_bytes()).as_bytes();
        if self.refused.contains(&digest) {
            return ControlFlow::Continue(None);
        }
        let Some((file, scenario)) = read(&text) else {
            self.refused.insert(digest);
            return ControlFlow::Continue(None);
        };
        if self.fails(&file, &scenario)? && self.stands_controls(&file, &scenario)? {
            self.watch.played(self.runs, Some(&scenario));
            return ControlFlow::Continue(Some(scenario));
        }
        self.refused.insert(digest);
        self.watch.played(self.runs, None);
        ControlFlow::Continue(None)
    }

    /// Whether it fails in the same way with every seed.
    fn fails(&mut self, file: &LintedScenario, scenario: &Scenario) -> ControlFlow<(), bool> {
        for seed in self.seeds.clone() {
            self.count()?;
            let probe = probe(scenario, &file.file.sources, seed, None, self.options);
            if !probe.is_ok_and(|probe| self.is_same(&probe)) {
                return ControlFlow::Continue(false);
            }
        }
        ControlFlow::Continue(true)
    }

    /// Whether the failure is owed to the same as that of the run that is shrunk.
    fn stands_controls(
        &mut self,
        file: &LintedScenario,
        scenario: &Scenario,
    ) -> ControlFlow<(), bool> {
        let seed = self.seeds.first().copied().unwrap_or_default();
        for (control, must_pass) in self.controls.clone() {
            self.count()?;
            let probe = control.play(file, scenario, seed, self.options);
            let fits = probe.is_ok_and(|probe| match must_pass {
                true => probe.class.is_none(),
                false => !self.is_same(&probe),
            });
            if !fits {
                return ControlFlow::Continue(false);
            }
        }
        ControlFlow::Continue(true)
    }

    fn count(&mut self) -> ControlFlow<()> {
        if self.runs_left == 0 {
            return ControlFlow::Break(());
        }
        self.runs_left -= 1;
        self.runs += 1;
        ControlFlow::Continue(())
    }

    fn is_same(&self, probe: &Probe) -> bool {
        let class = probe.class.as_ref();
        class.is_some_and(|class| self.class.same_failure(class))
    }

    /// Holds candidates from now on against what this scenario, which fails, shows to be the cause: it does not fail in the same way
    /// without the deviations of its nodes, or, where a line of the script is all that tells of the failure, without the faults that
    /// its flow begins with.
    pub fn find_controls(&mut self, file: &LintedScenario, scenario: &Scenario) {
        let choices = self.options.choices.values();
        let has_deviations = choices.clone().any(|choice| !choice.deviations.is_empty());
        let by_line = self.class.problem.is_none() && self.class.findings.is_empty();
        let seed = self.seeds.first().copied().unwrap_or_default();
        self.controls.clear();
        for (control, applies) in [
            (Control::WithoutDeviations, has_deviations),
            (Control::WithoutFaults, by_line),
        ] {
            if !applies {
                continue;
            }
            if let Ok(probe) = control.play(file, scenario, seed, self.options)
                && !self.is_same(&probe)
            {
                self.controls.push((control, probe.class.is_none()));
            }
        }
    }

    /// Another set of seeds: what was refused may be accepted now.
    pub fn judge_by(&mut self, seeds: Vec<u64>) {
        self.seeds = seeds;
        self.refused.clear();
    }
}

impl Control {
    fn play(
        &self,
        file: &LintedScenario,
        scenario: &Scenario,
        seed: u64,
        options: &SuiteOptions,
    ) -> Result<Probe, String> {
        let sources = &file.file.sources;
        match self {
            Control::WithoutDeviations => {
                let mut options = options.clone();
                for choice in options.choices.values_mut() {
                    choice.deviations.clear();
                }
                probe(scenario, sources, seed, None, &options)
            }
            Control::WithoutFaults => {
                let mut scenario = scenario.clone();
                let faults = scenario
                    .flow
                    .iter()
                    .take_while(|step| tree::is_bare_fault(step));
                scenario.flow.drain(..faults.count());
                probe(&scenario, sources, seed, None, options)
            }
        }
    }
}

/// A scenario text without a mistake, and its one case.
pub fn read(text: &str) -> Option<(LintedScenario, Scenario)> {
    let linted = parse_str(text).ok()??;
    let scenario = linted.file.case(0).ok()?;
    Some((linted, scenario))
}

//! The search for a smaller scenario: what is tried, in which order, until nothing more can go.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use super::ddmin::ddmin;
use super::judge::Judge;
use super::{head, tree, values};
use crate::scenario::model::{FaultKind, Scenario, Step, StepKind};
use crate::scenario::source::SourceSpan;

/// Rounds at most; each makes the scenario smaller, or is the last.
const MOST_ROUNDS: usize = 50;

/// Steps that are tried to be dropped together, at most.
const LONGEST_EXCHANGE: usize = 8;

/// A scenario that becomes smaller and smaller.
pub struct Search<'j, 'a> {
    judge: &'j mut Judge<'a>,
    /// The smallest that is known to fail in the same way.
    pub current: Scenario,
}

impl<'j, 'a> Search<'j, 'a> {
    /// Begins with a scenario that fails.
    pub fn new(judge: &'j mut Judge<'a>, current: Scenario) -> Search<'j, 'a> {
        Search { judge, current }
    }

    /// Searches as [`Search::exhaust`] does; and again with control messages free, so that lines can go that only keep step with
    /// them. The result with fewer steps stays. Breaks where no run is left.
    pub fn run(&mut self) -> ControlFlow<()> {
        self.exhaust()?;
        let strict = self.current.clone();
        if !self.free_control()? {
            return ControlFlow::Continue(());
        }
        let ended = self.exhaust();
        if ended.is_continue() {
            let free = places(&self.current.flow, is_free);
            self.attempt_without(&free.into_iter().collect())?;
        }
        if tree::all(&self.current.flow).len() >= tree::all(&strict.flow).len() {
            self.current = strict;
        }
        ended
    }

    /// Lets control messages come without a line. Unless the script says so already, or the failure is not the same then.
    fn free_control(&mut self) -> ControlFlow<(), bool> {
        if tree::all(&self.current.flow)
            .iter()
            .any(|step| is_free(step))
        {
            return ControlFlow::Continue(false);
        }
        let mut candidate = self.current.clone();
        let line = "free control".to_owned();
        let step = Step {
            span: SourceSpan::default(),
            text: line.clone(),
            line,
            kind: StepKind::FreeControl { body: None },
        };
        let faults = candidate
            .flow
            .iter()
            .take_while(|step| tree::is_bare_fault(step));
        candidate.flow.insert(faults.count(), step);
        self.attempt(candidate)
    }

    /// Goes on until nothing more can go. Breaks where no run is left.
    fn exhaust(&mut self) -> ControlFlow<()> {
        for _ in 0..MOST_ROUNDS {
            let before = self.current.clone();
            self.round()?;
            if self.current == before {
                break;
            }
        }
        ControlFlow::Continue(())
    }

    fn round(&mut self) -> ControlFlow<()> {
        self.faults()?;
        self.steps()?;
        self.blocks()?;
        self.checks()?;
        head::simplify(self)?;
        values::simplify(self)
    }

    /// Takes the candidate if it fails in the same way.
    pub fn attempt(&mut self, candidate: Scenario) -> ControlFlow<(), bool> {
        if candidate == self.current {
            return ControlFlow::Continue(false);
        }
        match self.judge.accepts(&candidate)? {
            Some(accepted) => {
                self.current = accepted;
                ControlFlow::Continue(true)
            }
            None => ControlFlow::Continue(false),
        }
    }

    /// Drops targeted faults: first those of one kind together, then by delta debugging.
    fn faults(&mut self) -> ControlFlow<()> {
        let is_delay =
            |kind: &FaultKind| matches!(kind, FaultKind::Delay { .. } | FaultKind::Hasten { .. });
        let kinds: [&dyn Fn(&FaultKind) -> bool; 5] = [
            &|_| true,
            &is_delay,
            &|kind| matches!(kind, FaultKind::Corrupt { .. }),
            &|kind| *kind == FaultKind::Duplicate,
            &|kind| *kind == FaultKind::Drop,
        ];
        for kind in kinds {
            let removed = places(&self.current.flow, |step| {
                fault_kind(step).is_some_and(kind)
            });
            if !removed.is_empty() {
                self.attempt_without(&removed.into_iter().collect())?;
            }
        }
        let faults = places(&self.current.flow, |step| fault_kind(step).is_some());
        self.keep_fewest(&faults)
    }

    /// Drops steps, and what they hold with them.
    fn steps(&mut self) -> ControlFlow<()> {
        // What makes other lines needless goes last: see `run`.
        let steps = places(&self.current.flow, |step| !is_free(step));
        self.keep_fewest(&steps)?;
        self.neighbours()
    }

    /// Drops steps that only make sense together: an action and the messages that it brings about.
    fn neighbours(&mut self) -> ControlFlow<()> {
        for size in (2..=LONGEST_EXCHANGE).rev() {
            let mut place = 0;
            loop {
                let steps = places(&self.current.flow, |step| !is_free(step));
                let Some(window) = steps.get(place..place + size) else {
                    break;
                };
                if !self.attempt_without(&window.iter().copied().collect())? {
                    place += 1;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// Of the steps at these places, keeps only those that are needed.
    fn keep_fewest(&mut self, places: &[usize]) -> ControlFlow<()> {
        let base = self.current.clone();
        let mut broken = false;
        ddmin(places, &mut |kept| {
            let kept: BTreeSet<usize> = kept.iter().copied().collect();
            let removed = places.iter().copied().filter(|it| !kept.contains(it));
            let mut candidate = base.clone();
            candidate.flow = tree::without(&base.flow, &removed.collect());
            let answer = self.attempt(candidate);
            broken |= answer.is_break();
            answer
        });
        if broken {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn attempt_without(&mut self, removed: &BTreeSet<usize>) -> ControlFlow<(), bool> {
        let mut candidate = self.current.clone();
        candidate.flow = tree::without(&self.current.flow, removed);
        self.attempt(candidate)
    }

    /// Puts what blocks hold in their place.
    fn blocks(&mut self) -> ControlFlow<()> {
        let mut place = 0;
        loop {
            let steps = tree::all(&self.current.flow);
            let Some(step) = steps.get(place) else {
                return ControlFlow::Continue(());
            };
            let blocks = tree::bodies(step).len();
            let mut hoisted = false;
            for block in 0..blocks {
                let mut candidate = self.current.clone();
                candidate.flow = tree::hoisted(&self.current.flow, place, block);
                if self.attempt(candidate)? {
                    hoisted = true;
                    break;
                }
            }
            if !hoisted {
                place += 1;
            }
        }
    }

    /// Drops lines of `finally`.
    fn checks(&mut self) -> ControlFlow<()> {
        let base = self.current.clone();
        let all: Vec<usize> = (0..base.finally.len()).collect();
        let mut broken = false;
        ddmin(&all, &mut |kept| {
            let mut candidate = base.clone();
            candidate.finally = kept.iter().map(|it| base.finally[*it].clone()).collect();
            let answer = self.attempt(candidate);
            broken |= answer.is_break();
            answer
        });
        if broken {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}

/// The places of the steps that are wanted.
fn places(flow: &[Step], wanted: impl Fn(&Step) -> bool) -> Vec<usize> {
    let steps = tree::all(flow);
    let numbered = steps.iter().enumerate();
    numbered
        .filter(|(_, step)| wanted(step))
        .map(|(place, _)| place)
        .collect()
}

fn is_free(step: &Step) -> bool {
    matches!(step.kind, StepKind::FreeControl { .. })
}

fn fault_kind(step: &Step) -> Option<&FaultKind> {
    match &step.kind {
        StepKind::Fault(fault) if fault.body.is_none() => Some(&fault.kind),
        _ => None,
    }
}

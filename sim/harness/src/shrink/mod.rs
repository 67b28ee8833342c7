//! Shrinking: from a run that failed to the smallest scenario that still fails in the same way, written to be read.
//!
//! 1. The run is had again, from its seed or from its tape, and its [`FailureClass`] is what everything smaller is held against
//!    ([`FailureClass::same_failure`]).
//! 2. Its luck is made explicit: every decision on the tape becomes a targeted fault (`drop pac -> pns GRE sequence-number=7`), and the
//!    models that drew them are taken out of links and `impair` steps. From here on nothing is left to luck; where the failure does not
//!    depend on the identifiers that nodes draw from the seed either, every candidate has to fail with several seeds.
//! 3. Faults are dropped by delta debugging ([`ddmin`]), then steps, blocks, lines of `finally`, requirements, limits, nodes, links and
//!    their properties; values become small and round; again and again until nothing more can go.
//!
//! Each candidate is printed, read, checked and played, so that what is written in the end is what was tested. The order is fixed and
//! there is no randomness: equal runs shrink to equal files.

mod ddmin;
mod explicit;
mod head;
mod judge;
mod line;
mod probe;
mod search;
mod text;
mod tree;
mod values;

pub use ddmin::ddmin;
pub use explicit::explicit;
pub use judge::{Unwatched, Watch};
pub use probe::{Probe, SentMessage, SentPacket, probe};

use std::fmt;
use std::ops::ControlFlow;

use pptp_world::tape::{Tape, TapeMismatch};

use crate::scenario::model::{Scenario, StepKind};
use crate::scenario::source::Sources;
use crate::suite::SuiteOptions;
use crate::sweep::FailureClass;
use judge::{Judge, read};
use search::Search;

/// How many runs a search plays where nobody says otherwise.
pub const MOST_RUNS: u64 = 5000;
/// A scenario that would have more steps than this is made smaller with its luck first.
const MOST_STEPS: usize = 6000;
/// The seeds that a scenario without a seed has to fail with.
const SEEDS: [u64; 3] = [0, 1, 2637];

/// A run that is to be shrunk.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// What was run; one case.
    pub scenario: &'a Scenario,
    /// The files that it was read from.
    pub sources: &'a Sources,
    /// The seed.
    pub seed: u64,
    /// The decisions of luck, where they come from a tape and not from the seed.
    pub tape: Option<Tape>,
    /// What stands where, and how it is judged.
    pub options: &'a SuiteOptions,
    /// What the run is called in the head of the file: `faults/random-loss with seed 7`.
    pub name: &'a str,
    /// The command that shrinks it, for the head of the file.
    pub command: &'a str,
    /// Where the file will stand, for the command that runs it.
    pub file: Option<&'a str>,
}

/// How large a scenario is.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Size {
    /// Targeted faults.
    pub faults: usize,
    /// Other steps, those in blocks too.
    pub steps: usize,
}

/// What a run was shrunk to.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The file.
    pub text: String,
    /// What it holds.
    pub scenario: Scenario,
    /// The class of the run that was shrunk.
    pub class: FailureClass,
    /// The class of what it was shrunk to: the same failure, perhaps with less that followed from it.
    pub shrunk_class: FailureClass,
    /// With every decision of luck as a fault.
    pub before: Size,
    /// As it is written.
    pub after: Size,
    /// Whether it fails whatever the seed: with all that were tried.
    pub any_seed: bool,
    /// Candidates that were played.
    pub runs: u64,
    /// Whether the search came to its end: nothing more can go.
    pub is_minimal: bool,
}

/// Why a run cannot be shrunk.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ShrinkError {
    /// It does not fail.
    Passes,
    /// It cannot be played at all: why.
    Setup(String),
    /// The tape does not fit it.
    Tape(TapeMismatch),
    /// With faults in place of its luck it does not fail in the same way; how it then ends. A defect of this program.
    NotExplicit(Option<String>),
}

impl fmt::Display for ShrinkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShrinkError::Passes => write!(
                formatter,
                "this run does not fail: there is nothing to shrink (`--grading strict` judges harder)"
            ),
            ShrinkError::Setup(problem) => write!(formatter, "{problem}"),
            ShrinkError::Tape(mismatch) => {
                write!(
                    formatter,
                    "the tape does not fit the run of this version: {mismatch}"
                )
            }
            ShrinkError::NotExplicit(class) => {
                let class = class.as_deref().unwrap_or("it passes");
                write!(
                    formatter,
                    "with faults in place of its luck the run ends otherwise ({class}): a defect of pptp-sim"
                )
            }
        }
    }
}

impl std::error::Error for ShrinkError {}

impl fmt::Display for Size {
    /// `3 faults and 9 steps`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |number: usize, word: &str| match number {
            1 => format!("1 {word}"),
            _ => format!("{number} {word}s"),
        };
        let (faults, steps) = (count(self.faults, "fault"), count(self.steps, "step"));
        write!(formatter, "{faults} and {steps}")
    }
}

impl Size {
    /// The size of a scenario.
    pub fn of(scenario: &Scenario) -> Size {
        let mut size = Size::default();
        for step in tree::all(&scenario.flow) {
            match step.kind {
                StepKind::Fault(_) => size.faults += 1,
                _ => size.steps += 1,
            }
        }
        size
    }
}

/// Shrinks a run that fails, playing at most so many candidates.
///
/// # Errors
/// [`ShrinkError`].
pub fn shrink(
    subject: &Subject<'_>,
    most_runs: u64,
    watch: &mut dyn Watch,
) -> Result<Shrunk, ShrinkError> {
    let Subject {
        scenario,
        sources,
        seed,
        options,
        ..
    } = *subject;
    let first = probe(scenario, sources, seed, subject.tape.clone(), options)
        .map_err(ShrinkError::Setup)?;
    if let Some(mismatch) = first.mismatch {
        return Err(ShrinkError::Tape(mismatch));
    }
    let class = first.class.ok_or(ShrinkError::Passes)?;
    let mut whole = scenario.clone();
    whole.case = None;
    whole.holds = None;
    let mut judge = Judge::new(options, &class, vec![seed], most_runs, watch);
    let mut with_faults = explicit(&whole, &first.tape, &first.packets);
    let mut before = Size::of(&with_faults);
    let mut is_minimal = true;
    if before.faults + before.steps > MOST_STEPS && subject.tape.is_none() {
        let mut search = Search::new(&mut judge, whole);
        is_minimal = search.run().is_continue();
        whole = search.current;
        let (smaller, tape) = again(&whole, seed, options)?;
        with_faults = explicit(&smaller, &tape.tape, &tape.packets);
        before = Size::of(&with_faults);
    }
    with_faults.seed = seed;
    let Some(current) = without_luck(&mut judge, &with_faults, seed) else {
        let (_, probe) = again(&with_faults, seed, options)?;
        return Err(ShrinkError::NotExplicit(
            probe.class.map(|class| class.to_string()),
        ));
    };
    let any_seed = judge.seeds.len() > 1;
    let mut search = Search::new(&mut judge, current);
    is_minimal &= search.run().is_continue();
    let scenario = search.current;
    let runs = judge.runs;
    let (_, last) = again(&scenario, scenario.seed, options)?;
    let shrunk_class = match last.class {
        Some(last) if class.same_failure(&last) => last,
        other => return Err(ShrinkError::NotExplicit(other.map(|it| it.to_string()))),
    };
    let mut shrunk = Shrunk {
        text: String::new(),
        after: Size::of(&scenario),
        scenario,
        class,
        shrunk_class,
        before,
        any_seed,
        runs,
        is_minimal,
    };
    shrunk.text = text::text(subject, &shrunk);
    Ok(shrunk)
}

/// The scenario as it reads back, if it fails: without a seed where it fails whatever the seed. The judge asks for that from now on.
fn without_luck(judge: &mut Judge<'_>, explicit: &Scenario, seed: u64) -> Option<Scenario> {
    let mut accepts = |scenario: &Scenario| match judge.accepts(scenario) {
        ControlFlow::Continue(accepted) => accepted,
        // Even the first runs may be too many; then the scenario is as it was found.
        ControlFlow::Break(()) => Some(scenario.clone()),
    };
    let found = accepts(explicit)?;
    let (file, found) = read(&crate::scenario::print::print(&found))?;
    judge.find_controls(&file, &found);
    let mut seedless = found.clone();
    seedless.seed = 0;
    judge.judge_by(SEEDS.to_vec());
    if let ControlFlow::Continue(Some(accepted)) = judge.accepts(&seedless) {
        return Some(accepted);
    }
    judge.judge_by(vec![seed]);
    Some(found)
}

/// A scenario printed, read and played.
fn again(
    scenario: &Scenario,
    seed: u64,
    options: &SuiteOptions,
) -> Result<(Scenario, Probe), ShrinkError> {
    let text = crate::scenario::print::print(scenario);
    let (file, scenario) = read(&text)
        .ok_or_else(|| ShrinkError::Setup("what is printed does not read back".to_owned()))?;
    let probe =
        probe(&scenario, &file.file.sources, seed, None, options).map_err(ShrinkError::Setup)?;
    Ok((scenario, probe))
}

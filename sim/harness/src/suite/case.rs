//! Playing one case of a family.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pptp_rules::Grade;
use pptp_wire::Requirement;
use pptp_world::Node;

use super::family::{CaseRun, Family, Outcome, Played};
use super::options::{
    KeepTranscripts, NodeFactory, SoftwareFactory, Stand, SuiteOptions, WorldKind,
};
use super::recording::with_scenario;
use super::repeat::replay_command;
use super::staged::Staged;
use crate::register::RequirementSet;
use crate::run::{NodeChoices, RunOptions, RunReport, SetupError, check_choices, node_of};
use crate::scenario::model::{NodeIndex, NodeSpec, Scenario};
use crate::turmoil_world::cannot_express;

/// Plays the case of that number. Never panics: what panics below becomes an outcome.
pub fn run_case(family: &Family, index: u64, options: &SuiteOptions) -> CaseRun {
    match ready_case(family, index, options) {
        Ok(scenario) => {
            let seed = options.seed.unwrap_or(scenario.seed);
            run_scenario(family, &scenario, seed, options)
        }
        Err(run) => *run,
    }
}

/// The case of that number, to be played with any seed.
///
/// # Errors
/// The run that is none: it is skipped, or cannot be made.
pub fn ready_case(
    family: &Family,
    index: u64,
    options: &SuiteOptions,
) -> Result<Scenario, Box<CaseRun>> {
    match family.file.case(index) {
        Ok(mut scenario) => {
            let own = scenario.set;
            if options.set != RequirementSet::default() {
                scenario.set = options.set;
            }
            match beside_the_report(own, options) {
                Some(reason) => Err(Box::new(skipped(scenario, reason, options))),
                None => Ok(scenario),
            }
        }
        Err(mistakes) => {
            let text: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Err(Box::new(CaseRun {
                case: family.file.case_name(index),
                seed: options.seed.unwrap_or(0),
                world: options.real_world(),
                replay: String::new(),
                outcome: Outcome::Refused(text.join("; ")),
            }))
        }
    }
}

/// Plays a case with this seed. Never panics: what panics below becomes an outcome.
pub fn run_scenario(
    family: &Family,
    scenario: &Scenario,
    seed: u64,
    options: &SuiteOptions,
) -> CaseRun {
    let replay = replay_command(&family.found, scenario.case.as_ref(), seed, options);
    let played = catch_unwind(AssertUnwindSafe(|| {
        play_case(family, scenario, seed, &replay, options)
    }));
    CaseRun {
        case: scenario.case.clone(),
        seed,
        world: options.real_world(),
        outcome: played.unwrap_or_else(|panic| Outcome::Crashed(said(panic.as_ref()))),
        replay,
    }
}

/// Why a conformance report leaves a scenario of this set out, if it does: whoever asks about RFC 2637 is not answered with Windows.
fn beside_the_report(set: RequirementSet, options: &SuiteOptions) -> Option<String> {
    let asked = set == RequirementSet::default() || set == options.set;
    let beside = options.system_under_test.is_some() && !asked;
    beside.then(|| format!("it is about the set {0}: `--set {0}`", set.name()))
}

fn skipped(scenario: Scenario, reason: String, options: &SuiteOptions) -> CaseRun {
    CaseRun {
        seed: options.seed.unwrap_or(scenario.seed),
        case: scenario.case,
        world: options.real_world(),
        replay: String::new(),
        outcome: Outcome::Skipped(reason),
    }
}

/// What a panic said.
pub fn said(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words")
        .to_owned()
}

/// What stands where in one scenario, and which node is judged.
pub(crate) struct Cast {
    pub(crate) judged: Option<NodeIndex>,
    choices: NodeChoices,
    own: Option<(String, NodeFactory)>,
    software: Option<(String, SoftwareFactory)>,
}

impl Cast {
    /// What stands at a node.
    pub(crate) fn make(&self, node: &NodeSpec, seed: u64) -> Result<Box<dyn Node>, SetupError> {
        match &self.own {
            Some((name, make)) if *name == node.name => Ok(make(node, seed)),
            _ => node_of(node, seed, self.choices.get(&node.name)),
        }
    }
}

/// What stands where with these options.
///
/// # Errors
/// Why the scenario cannot run so: it is skipped.
pub(crate) fn cast(scenario: &Scenario, options: &SuiteOptions) -> Result<Cast, String> {
    let mut choices = options.choices.clone();
    let (mut own, mut software) = (None, None);
    let mut judged = None;
    if let Some(system) = &options.system_under_test {
        let place = system.seat.find(scenario)?;
        let name = scenario.node(place).name.clone();
        judged = Some(place);
        match &system.stand {
            Stand::AsWritten => {}
            Stand::Choice(choice) => {
                choices.insert(name, choice.clone());
            }
            Stand::Node(make) => own = Some((name, make.clone())),
            Stand::Software(start) => software = Some((name, start.clone())),
        }
    }
    check_choices(scenario, &choices).map_err(|error| error.to_string())?;
    Ok(Cast {
        judged,
        choices,
        own,
        software,
    })
}

/// Why a case cannot run with these options at all, whatever the seed: it would be skipped.
pub fn why_not(scenario: &Scenario, options: &SuiteOptions) -> Option<String> {
    match cast(scenario, options) {
        Err(reason) => Some(reason),
        Ok(_) if options.real_world() == WorldKind::Turmoil => cannot_express(scenario),
        Ok(_) => None,
    }
}

fn play_case(
    family: &Family,
    scenario: &Scenario,
    seed: u64,
    replay: &str,
    options: &SuiteOptions,
) -> Outcome {
    let cast = match cast(scenario, options) {
        Ok(cast) => cast,
        Err(reason) => return Outcome::Skipped(reason),
    };
    let run_options = RunOptions {
        seed: Some(seed),
        grading: options.grading,
        system_under_test: cast.judged,
        replay: replay.to_owned(),
        diagram: options.diagrams,
        promotes: options.transcripts != KeepTranscripts::None,
    };
    let staged = Staged {
        scenario,
        sources: &family.file.sources,
        options: &run_options,
        seed,
        keep_octets: options.captures,
    };
    let ran = match options.real_world() {
        WorldKind::Event => staged.on_event_world(None, &mut |node| cast.make(node, seed)),
        WorldKind::Turmoil => {
            if let Some(reason) = cannot_express(scenario) {
                return Outcome::Skipped(reason);
            }
            let software = cast.software.as_ref();
            staged.on_turmoil_world(None, software, &mut |node| cast.make(node, seed))
        }
    };
    let mut ran = match ran {
        Ok(ran) => ran,
        Err(error @ (SetupError::Field { .. } | SetupError::Link(_))) => {
            return Outcome::Refused(error.to_string());
        }
        Err(error) => return Outcome::Skipped(error.to_string()),
    };
    let tape = options
        .tapes
        .then(|| with_scenario(ran.tape, scenario, &cast.choices, options, &ran.report).to_text());
    let verdicts = verdicts(scenario, &ran.report, options);
    let failed = ran.report.grade() >= Grade::Fail;
    if !family.keeps(scenario.case.as_ref(), options, failed) {
        ran.report.transcript = String::new();
        ran.report.matched = Vec::new();
    }
    Outcome::Played(Box::new(Played {
        report: ran.report,
        verdicts,
        captures: ran.captures,
        tape,
    }))
}

/// What one run says about requirements: those that were judged, and those that the scenario covers. A covered one passes with
/// its scenario, unless a rule says that it was never put to the test: then it is inconclusive where a system is under test, and
/// otherwise left to the other cases of the family.
fn verdicts(
    scenario: &Scenario,
    report: &RunReport,
    options: &SuiteOptions,
) -> BTreeMap<Requirement, Grade> {
    let mut verdicts: BTreeMap<Requirement, Grade> = report
        .requirements
        .iter()
        .map(|(requirement, evidence)| (*requirement, evidence.grade))
        .collect();
    let decided = report.grade() < Grade::Unsupported && report.failure.is_none();
    for (requirement, _) in &scenario.covers {
        let tested = report
            .preconditions
            .get(requirement)
            .is_none_or(|times| *times > 0);
        let grade = match (decided, tested) {
            (true, true) => Grade::Pass,
            _ if options.system_under_test.is_some() => Grade::Inconclusive,
            _ => continue,
        };
        verdicts.entry(*requirement).or_insert(grade);
    }
    verdicts
}

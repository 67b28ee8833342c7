//! Tapes of runs: what they must hold so that the run can be had again, and having it again.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use pptp_rules::Grading;
use pptp_world::tape::{Tape, TapeError, TapeMismatch};

use super::options::{Seat, SuiteOptions, WorldKind};
use super::repeat::shell_word;
use super::staged::Staged;
use crate::run::{
    NodeCapture, NodeChoices, RunOptions, RunReport, SetupError, check_choices, node_of,
};
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::model::{CaseName, NodeSpec, Scenario};
use crate::scenario::print::print;
use crate::scenario::{LintedScenario, parse_str};

/// A tape with everything that a replay needs beside the decisions of luck.
pub fn with_scenario(
    mut tape: Tape,
    scenario: &Scenario,
    choices: &NodeChoices,
    options: &SuiteOptions,
    report: &RunReport,
) -> Tape {
    tape.seed = report.seed;
    tape.scenario = print(scenario);
    let mut add = |key: &str, value: String| tape.attributes.push((key.to_owned(), value));
    add("tool-version", env!("CARGO_PKG_VERSION").to_owned());
    add("world", report.world.to_owned());
    if let Some(case) = &scenario.case {
        add("case", case.text.clone());
    }
    if let Some(system) = &options.system_under_test
        && let Ok(place) = system.seat.find(scenario)
    {
        add("sut", scenario.node(place).name.clone());
    }
    for (node, choice) in choices {
        if let Some(profile) = &choice.profile {
            add("profile", format!("{node}={profile}"));
        }
        for deviation in &choice.deviations {
            add("deviation", format!("{node}={deviation}"));
        }
    }
    let grading = match options.grading {
        Grading::Strict => "strict",
        Grading::Default => "default",
        Grading::Lenient => "lenient",
    };
    add("grading", grading.to_owned());
    add("transcript-digest", report.transcript_digest.clone());
    tape
}

/// Whether a file begins as a tape does.
pub fn is_tape(path: &Path) -> bool {
    const FIRST: &[u8] = b"pptp-sim tape ";
    let mut begin = [0; FIRST.len()];
    let is_file = std::fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    let read = |mut file: File| file.read_exact(&mut begin).is_ok() && begin == FIRST;
    is_file && File::open(path).is_ok_and(read)
}

/// A run that was had again.
#[derive(Debug)]
pub struct Replayed {
    /// What it gave, transcript and all.
    pub report: RunReport,
    /// A capture for each node.
    pub captures: Vec<NodeCapture>,
    /// The digest of the transcript when it was recorded, where the tape has it.
    pub recorded_digest: Option<String>,
    /// Where the tape did not fit the run.
    pub mismatch: Option<TapeMismatch>,
}

impl Replayed {
    /// Whether the run is the one that was recorded, as far as the tape tells.
    pub fn is_faithful(&self) -> bool {
        let digest = &self.report.transcript_digest;
        self.mismatch.is_none()
            && self
                .recorded_digest
                .as_ref()
                .is_none_or(|recorded| recorded == digest)
    }
}

/// Why a tape cannot be replayed.
#[derive(Debug)]
pub enum ReplayError {
    /// It is no tape, or a damaged one.
    Tape(TapeError),
    /// The scenario that it holds is none, or not one of this version.
    Scenario(Vec<Diagnostic>),
    /// An attribute says something that this version does not know.
    Attribute {
        /// Its name.
        key: String,
        /// What it says.
        value: String,
        /// What was expected.
        expected: &'static str,
    },
    /// The world cannot be set up.
    Setup(SetupError),
}

impl fmt::Display for ReplayError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReplayError::Tape(error) => write!(formatter, "{error}"),
            ReplayError::Scenario(mistakes) => {
                write!(formatter, "the scenario on the tape cannot be read")?;
                match mistakes.first() {
                    Some(first) => write!(formatter, ": {}: {first}", first.location),
                    None => Ok(()),
                }
            }
            ReplayError::Attribute {
                key,
                value,
                expected,
            } => write!(
                formatter,
                "the tape says {key} {value:?}, this version reads {expected}"
            ),
            ReplayError::Setup(error) => write!(formatter, "{error}"),
        }
    }
}

impl std::error::Error for ReplayError {}

/// Plays the run of a tape again, without random numbers. `path` is where the tape lies, for the command that repeats the run.
///
/// # Errors
/// [`ReplayError`]. A tape that does not fit the run is none: see [`Replayed::mismatch`].
pub fn replay(text: &str, path: &str) -> Result<Replayed, ReplayError> {
    let tape = Tape::from_text(text).map_err(ReplayError::Tape)?;
    let linted = parse_str(&tape.scenario).map_err(ReplayError::Scenario)?;
    let Some(LintedScenario { file, .. }) = linted else {
        return Err(ReplayError::Scenario(Vec::new()));
    };
    let mut scenario = file.case(0).map_err(ReplayError::Scenario)?;
    let settings = Settings::of(&tape)?;
    scenario.case = tape.attribute("case").map(|text| CaseName {
        index: 0,
        text: text.to_owned(),
        named: false,
        values: Vec::new(),
    });
    let judged = match &settings.judged {
        Some(name) => Some(
            Seat::Named(name.clone())
                .find(&scenario)
                .map_err(|_| ReplayError::Setup(SetupError::UnknownNode(name.clone())))?,
        ),
        None => None,
    };
    let options = RunOptions {
        seed: Some(tape.seed),
        grading: settings.grading,
        system_under_test: judged,
        replay: format!("pptp-sim replay {}", shell_word(path)),
        diagram: false,
        promotes: false,
    };
    let recorded_digest = tape.attribute("transcript-digest").map(str::to_owned);
    let seed = tape.seed;
    let staged = Staged {
        scenario: &scenario,
        sources: &file.sources,
        options: &options,
        seed,
        keep_octets: true,
    };
    check_choices(&scenario, &settings.choices).map_err(ReplayError::Setup)?;
    let mut make = |node: &NodeSpec| node_of(node, seed, settings.choices.get(&node.name));
    let ran = match settings.world {
        WorldKind::Event => staged.on_event_world(Some(tape), &mut make),
        WorldKind::Turmoil => staged.on_turmoil_world(Some(tape), None, &mut make),
    };
    let ran = ran.map_err(ReplayError::Setup)?;
    Ok(Replayed {
        report: ran.report,
        captures: ran.captures,
        recorded_digest,
        mismatch: ran.mismatch,
    })
}

/// What the attributes of a tape say.
pub(crate) struct Settings {
    pub(crate) world: WorldKind,
    pub(crate) choices: NodeChoices,
    pub(crate) grading: Grading,
    pub(crate) judged: Option<String>,
}

impl Settings {
    /// # Errors
    /// An attribute that says what this version does not know.
    pub(crate) fn of(tape: &Tape) -> Result<Settings, ReplayError> {
        let mut settings = Settings {
            world: WorldKind::Event,
            choices: NodeChoices::new(),
            grading: Grading::Default,
            judged: None,
        };
        for (key, value) in &tape.attributes {
            let wrong = |expected| ReplayError::Attribute {
                key: key.clone(),
                value: value.clone(),
                expected,
            };
            match key.as_str() {
                "world" => {
                    settings.world = match value.as_str() {
                        "event" => WorldKind::Event,
                        "turmoil" => WorldKind::Turmoil,
                        _ => return Err(wrong("event or turmoil")),
                    };
                }
                "grading" => {
                    settings.grading = match value.as_str() {
                        "strict" => Grading::Strict,
                        "default" => Grading::Default,
                        "lenient" => Grading::Lenient,
                        _ => return Err(wrong("strict, default or lenient")),
                    };
                }
                "sut" => settings.judged = Some(value.clone()),
                "profile" | "deviation" => {
                    let (node, name) = value.split_once('=').ok_or_else(|| wrong("NODE=NAME"))?;
                    let choice = settings.choices.entry(node.to_owned()).or_default();
                    if key == "profile" {
                        choice.profile = Some(name.to_owned());
                    } else {
                        choice.deviations.push(name.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(settings)
    }
}

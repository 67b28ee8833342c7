//! `pptp-sim run`.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::{fs, io};

use pptp_proto::{DEVIATIONS, Deviation, PROFILES};

use super::args::RunArgs;
use super::artifacts::Artifacts;
use super::progress::Progress;
use super::reporter::{Reporter, Telling, reporter};
use super::terminal::Terminal;
use crate::run::NodeChoices;
use crate::scenario::render_all;
use crate::scenario::suggest::suggestion;
use crate::suite::{
    Baseline, CaseRun, Family, FamilyReport, Found, KeepTranscripts, Plan, Status, SuiteOptions,
    SystemUnderTest, Watcher, find, judged_anything, run_plan,
};

/// The longest baseline that is read, in octets.
const LONGEST_BASELINE: u64 = 64 << 20;

/// Runs the command.
pub fn run(arguments: &RunArgs, terminal: &mut Terminal) -> Status {
    match prepare(arguments) {
        Ok(prepared) => prepared.go(arguments, terminal),
        Err(problem) => {
            terminal.complain(&problem);
            Status::Usage
        }
    }
}

/// Everything that can be wrong with the command is known.
struct Prepared {
    options: SuiteOptions,
    plan: Plan,
    baseline: Option<Baseline>,
    artifacts: Artifacts,
}

/// # Errors
/// What is wrong with the command, in a sentence.
fn prepare(arguments: &RunArgs) -> Result<Prepared, String> {
    let options = SuiteOptions {
        seed: arguments.seed,
        world: arguments.world.world(),
        set: arguments.set.set(),
        grading: arguments.grading.grading(),
        system_under_test: arguments.sut.as_deref().map(SystemUnderTest::named),
        choices: choices(arguments)?,
        case: arguments.case.clone(),
        jobs: arguments.jobs.map_or_else(
            || std::thread::available_parallelism().map_or(1, usize::from),
            usize::from,
        ),
        transcripts: if arguments.transcript {
            KeepTranscripts::Shown
        } else {
            KeepTranscripts::None
        },
        captures: arguments.capture.is_some(),
        tapes: arguments.tape.is_some(),
    };
    let baseline = arguments
        .baseline
        .as_deref()
        .map(|path| read_baseline(path, arguments.sut.as_deref()))
        .transpose()?;
    let found = find(&arguments.paths).map_err(|error| error.to_string())?;
    let plan = Plan::read(&found, &options);
    check_names(arguments, &options, &plan, &found)?;
    let artifacts = Artifacts::new(arguments.capture.as_deref(), arguments.tape.as_deref())?;
    Ok(Prepared {
        options,
        plan,
        baseline,
        artifacts,
    })
}

/// `--profile` and `--deviation`, whose names must be known.
fn choices(arguments: &RunArgs) -> Result<NodeChoices, String> {
    let mut choices = NodeChoices::new();
    for (node, name) in &arguments.profile {
        let known = PROFILES.iter().map(|profile| profile.name);
        if !known.clone().any(|profile| profile == name) {
            return Err(unknown("profile", name, known));
        }
        let choice = choices.entry(node.clone()).or_default();
        if choice.profile.replace(name.clone()).is_some() {
            return Err(format!("two profiles are named for `{node}`"));
        }
    }
    for (node, name) in &arguments.deviation {
        if Deviation::by_name(name).is_none() {
            let known = DEVIATIONS.iter().map(|deviation| deviation.name);
            return Err(unknown("deviation", name, known));
        }
        let choice = choices.entry(node.clone()).or_default();
        if !choice.deviations.contains(name) {
            choice.deviations.push(name.clone());
        }
    }
    Ok(choices)
}

pub(super) fn unknown<'a>(
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> String {
    let help = suggestion(name, known, "there are");
    let help = help.unwrap_or_else(|| format!("`pptp-sim {what}s` lists them"));
    format!("there is no {what} `{name}`; {help}")
}

/// The baseline must be of the same system under test.
fn read_baseline(path: &str, judged: Option<&str>) -> Result<Baseline, String> {
    let size = fs::metadata(path)
        .map_err(|error| format!("cannot read the baseline {path}: {error}"))?
        .len();
    if size > LONGEST_BASELINE {
        return Err(format!("the baseline {path} is too long"));
    }
    let octets =
        fs::read(path).map_err(|error| format!("cannot read the baseline {path}: {error}"))?;
    let text = String::from_utf8(octets).map_err(|_| format!("the baseline {path} is no text"))?;
    let baseline =
        Baseline::from_text(&text).map_err(|error| format!("the baseline {path}, {error}"))?;
    if baseline.judged.as_deref() == judged {
        return Ok(baseline);
    }
    let told = |node: Option<&str>| match node {
        Some(node) => format!("with --sut {}", node.chars().take(40).collect::<String>()),
        None => "without --sut".to_owned(),
    };
    Err(format!(
        "the baseline {path} was written {}, this run is {}",
        told(baseline.judged.as_deref()),
        told(judged)
    ))
}

/// Nodes and cases that the command names must be somewhere in what is to be run.
fn check_names(
    arguments: &RunArgs,
    options: &SuiteOptions,
    plan: &Plan,
    found: &[Found],
) -> Result<(), String> {
    if let Some(case) = &options.case
        && plan.families.is_empty()
        && plan.mistakes.is_empty()
    {
        let mut names = BTreeSet::new();
        for file in found {
            if let Ok(family) = Family::load(file) {
                let cases = 0..family.file.case_count();
                names.extend(cases.filter_map(|index| Some(family.file.case_name(index)?.text)));
            }
        }
        let help = suggestion(case, names.iter().map(String::as_str), "there are")
            .map_or(String::new(), |help| format!("; {help}"));
        return Err(format!("no scenario has a case `{case}`{help}"));
    }
    let mut nodes = BTreeSet::new();
    for (family, cases) in &plan.families {
        let first = cases
            .first()
            .and_then(|index| family.file.case(*index).ok());
        nodes.extend(
            first
                .into_iter()
                .flat_map(|scenario| scenario.nodes.into_iter().map(|node| node.name)),
        );
    }
    let named = arguments.sut.iter().chain(options.choices.keys());
    for node in named {
        if !plan.families.is_empty() && !nodes.contains(node) {
            let help = suggestion(node, nodes.iter().map(String::as_str), "there are")
                .map_or(String::new(), |help| format!("; {help}"));
            return Err(format!("no scenario has a node `{node}`{help}"));
        }
    }
    Ok(())
}

impl Prepared {
    fn go(self, arguments: &RunArgs, terminal: &mut Terminal) -> Status {
        for (_, mistakes) in &self.plan.mistakes {
            terminal.complain_plainly(&render_all(mistakes, terminal.colour_of_errors));
        }
        let telling = Telling {
            transcripts: arguments.transcript,
            colour: terminal.colour,
            baseline: self.baseline.clone(),
            judged: arguments.sut.clone(),
        };
        let mut reporter = reporter(arguments.format, telling);
        let progress = Progress::new(self.plan.runs(), terminal.shows_progress);
        let _ = terminal.say(&reporter.begin(&self.plan, &self.options));
        let mut watch = Watch {
            terminal,
            reporter: reporter.as_mut(),
            artifacts: self.artifacts,
            progress,
            trouble: None,
        };
        let mut report = run_plan(self.plan, &self.options, &mut watch);
        watch.progress.finish();
        let trouble = watch.trouble.take();
        if let Some(problem) = trouble {
            terminal.complain(&problem);
            return Status::Usage.and(report.status());
        }
        if terminal.is_gone() {
            // What was read by then was right; the rest was not run.
            return Status::Success;
        }
        if let Some(baseline) = &self.baseline {
            report.compare(baseline);
        }
        let _ = terminal.say(&reporter.end(&report));
        let mut status = report.status();
        if !judged_anything(&report) {
            terminal.complain("nothing could be run: every scenario was skipped");
            status = status.and(Status::Usage);
        }
        if let Some(path) = &arguments.write_baseline
            && let Err(error) =
                write_file(path, &report.baseline(arguments.sut.as_deref()).to_text())
        {
            terminal.complain(&format!("cannot write the baseline {path}: {error}"));
            status = status.and(Status::Usage);
        }
        status
    }
}

/// Writes a file, and the folders above it where they are missing.
fn write_file(path: &str, text: &str) -> io::Result<()> {
    if let Some(folder) = Path::new(path).parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// Prints and writes as the runs come in.
struct Watch<'a> {
    terminal: &'a mut Terminal,
    reporter: &'a mut dyn Reporter,
    artifacts: Artifacts,
    progress: Progress,
    trouble: Option<String>,
}

impl Watch<'_> {
    fn say(&mut self, text: &str) -> ControlFlow<()> {
        if text.is_empty() {
            return ControlFlow::Continue(());
        }
        let terminal = &mut *self.terminal;
        self.progress.around(|| {
            terminal.say(text)?;
            terminal.hand_on()
        })
    }
}

impl Watcher for Watch<'_> {
    fn case(&mut self, family: &Family, run: &CaseRun) -> ControlFlow<()> {
        if let Err(problem) = self.artifacts.write(family, run) {
            self.trouble = Some(problem);
            return ControlFlow::Break(());
        }
        let text = self.reporter.case(family, run);
        self.say(&text)?;
        self.progress.advance(&family.found.name);
        ControlFlow::Continue(())
    }

    fn family(&mut self, report: &FamilyReport) -> ControlFlow<()> {
        let text = self.reporter.family(report);
        self.say(&text)
    }
}

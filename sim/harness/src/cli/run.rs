//! `pptp-sim run`.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use serde_json::json;

use super::args::{ReportFormat, RunArgs};
use super::artifacts::{Artifacts, write_file};
use super::progress::Progress;
use super::reporter::{Diagram, Reporter, Telling, reporter};
use super::subject::{check_names, options};
use super::terminal::Terminal;
use crate::scenario::render_all;
use crate::suite::{
    Baseline, CaseRun, Family, FamilyReport, KeepTranscripts, Plan, Status, SuiteOptions, Watcher,
    failure_text, find, judged_anything, run_plan,
};
use crate::swarm::Swarm;

/// The longest baseline that is read, in octets.
const LONGEST_BASELINE: u64 = 64 << 20;

/// Runs the command.
pub fn run(arguments: &RunArgs, terminal: &mut Terminal) -> Status {
    if arguments.print_scenario {
        return print_scenario(arguments, terminal);
    }
    match prepare(arguments) {
        Ok(prepared) => prepared.go(arguments, terminal),
        Err(problem) => {
            terminal.complain(&problem);
            Status::Usage
        }
    }
}

/// Prints the scenario that the swarm draws.
fn print_scenario(arguments: &RunArgs, terminal: &mut Terminal) -> Status {
    let seed = arguments.seed.unwrap_or_default();
    let text = options(&arguments.subject)
        .and_then(|options| Swarm::new(&options))
        .and_then(|swarm| swarm.file(seed));
    match text {
        Ok((_, text)) => {
            let _ = terminal.say(&text);
            Status::Success
        }
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
        transcripts: if arguments.transcript {
            KeepTranscripts::Shown
        } else {
            KeepTranscripts::None
        },
        captures: arguments.capture.is_some(),
        tapes: arguments.tape.is_some(),
        diagrams: arguments.diagram.diagram.is_some(),
        ..options(&arguments.subject)?
    };
    let baseline = arguments
        .baseline
        .as_deref()
        .map(|path| read_baseline(path, arguments.subject.sut.as_deref()))
        .transpose()?;
    if arguments.coverage && (arguments.format == ReportFormat::Junit || prints_diagram(arguments))
    {
        return Err("--coverage is for people and for --format json".to_owned());
    }
    let (plan, options) = if arguments.swarm {
        let seed = arguments.seed.unwrap_or_default();
        Swarm::new(&options)?.plan(seed, &options)?
    } else {
        let found = find(&arguments.paths).map_err(|error| error.to_string())?;
        let plan = Plan::read(&found, &options);
        check_names(&options, &plan, &found)?;
        (plan, options)
    };
    check_diagram(arguments, &plan)?;
    let artifacts = Artifacts::new(arguments.capture.as_deref(), arguments.tape.as_deref())?;
    let artifacts = artifacts.with_diagrams(&arguments.diagram)?;
    Ok(Prepared {
        options,
        plan,
        baseline,
        artifacts,
    })
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

/// A diagram that is printed takes the place of everything else: there must be one run, and nothing else to print.
fn check_diagram(arguments: &RunArgs, plan: &Plan) -> Result<(), String> {
    if !prints_diagram(arguments) || !plan.mistakes.is_empty() {
        return Ok(());
    }
    let other = match (arguments.transcript, arguments.format) {
        (true, _) => Some("--transcript"),
        (false, ReportFormat::Json | ReportFormat::Junit) => Some("--format"),
        (false, ReportFormat::Human) => None,
    };
    if let Some(other) = other {
        return Err(format!(
            "--diagram and {other} cannot both be printed: --diagram-out DIR writes diagrams to files"
        ));
    }
    match plan.runs() {
        1 => Ok(()),
        runs => Err(format!(
            "--diagram prints the diagram of one run, and these are {runs}: name one scenario, and with --case one case, \
             or write files with --diagram-out DIR"
        )),
    }
}

/// Whether standard output is for a diagram.
fn prints_diagram(arguments: &RunArgs) -> bool {
    arguments.diagram.diagram.is_some() && arguments.diagram.diagram_out.is_none()
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
            judged: arguments.subject.sut.clone(),
        };
        let mut reporter = if prints_diagram(arguments) {
            Box::new(Diagram::new(&arguments.diagram))
        } else {
            reporter(arguments.format, telling)
        };
        let progress = Progress::new(self.plan.runs(), terminal.shows_progress);
        let _ = terminal.say(&reporter.begin(&self.plan, &self.options));
        let mut watch = Watch {
            terminal,
            reporter: reporter.as_mut(),
            artifacts: self.artifacts,
            progress,
            trouble: None,
            tells_failures: prints_diagram(arguments),
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
        let end = reporter.end(&report);
        let _ = terminal.say(&match (arguments.coverage, arguments.format) {
            (false, _) => end,
            // The summary stays the last line.
            (true, ReportFormat::Json) => {
                format!("{}\n{end}", json!({"coverage": report.coverage().json()}))
            }
            (true, _) => format!("{end}{}", report.coverage().table()),
        });
        let mut status = report.status();
        if !judged_anything(&report) {
            terminal.complain("nothing could be run: every scenario was skipped");
            status = status.and(Status::Usage);
        }
        if let Some(path) = &arguments.write_baseline
            && let Err(problem) = write_file(
                Path::new(path),
                report
                    .baseline(arguments.subject.sut.as_deref())
                    .to_text()
                    .as_bytes(),
            )
        {
            terminal.complain(&format!("the baseline: {problem}"));
            status = status.and(Status::Usage);
        }
        status
    }
}

/// Prints and writes as the runs come in.
struct Watch<'a> {
    terminal: &'a mut Terminal,
    reporter: &'a mut dyn Reporter,
    artifacts: Artifacts,
    progress: Progress,
    trouble: Option<String>,
    /// Failures are told on standard error, since standard output is for a diagram.
    tells_failures: bool,
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
        if self.tells_failures && (run.has_failed() || run.report().is_none()) {
            self.terminal.complain_plainly(&failure_text(run));
        }
        self.progress.advance(&family.found.name);
        ControlFlow::Continue(())
    }

    fn family(&mut self, report: &FamilyReport) -> ControlFlow<()> {
        let text = self.reporter.family(report);
        self.say(&text)
    }
}

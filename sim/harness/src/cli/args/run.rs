//! Running scenarios, and what was recorded of runs.

use clap::Args;

use super::choices::ReportFormat;
use super::diagram::DiagramArgs;
use super::subject::SubjectArgs;

/// `pptp-sim run`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim run outgoing                                 one topic
  pptp-sim run --transcript outgoing/outgoing-call      one scenario, message by message
  pptp-sim run --seed 7 --capture out data              other luck; a pcapng file a node into `out`
  pptp-sim run --diagram text outgoing/outgoing-call    a sequence diagram; `svg` for a picture
  pptp-sim run --sut pac --profile pac=poptop           a conformance report on one end
  pptp-sim run --sut pns --profile pns=windows --set windows
                                                        the same, by the requirements of Windows as well
  pptp-sim run --deviation pac=cdn-carries-pns-id       does the suite catch this bug?
  pptp-sim run --coverage data                          which states, windows and points of the code that comes to
  pptp-sim run --write-baseline known.jsonl             what fails now; later: --baseline known.jsonl
  pptp-sim run --swarm --seed 7 --print-scenario        what the swarm draws from a seed, as a file to be kept
  pptp-sim run --format junit > report.xml              for continuous integration

A failure says what was expected and where, what came instead, and the command that repeats the run.")]
pub struct RunArgs {
    /// Files, folders or names such as `outgoing/outgoing-call`; without any, `scenarios/` here or else the built-in suite
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// Run the scenario that the swarm draws from the seed (see `sweep --swarm`)
    #[arg(long, requires = "seed", conflicts_with_all = ["paths", "case"])]
    pub swarm: bool,
    /// Print that scenario as a file, to be kept, and run nothing
    #[arg(long, requires = "swarm")]
    pub print_scenario: bool,
    /// Replaces the seed of the scenarios
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// What is run of them, against what.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Print transcripts: of a scenario with a matrix its table, then those of its named cases and of failures
    #[arg(long)]
    pub transcript: bool,
    /// Write a capture a node of every run into this folder, NAME[.CASE].NODE.pcapng, and every field of it, NAME[.CASE].NODE.jsonl
    #[arg(long, value_name = "DIR")]
    pub capture: Option<String>,
    /// Write the tape of every run into this folder: NAME[.CASE].tape
    #[arg(long, value_name = "DIR")]
    pub tape: Option<String>,
    /// Sequence diagrams
    #[command(flatten)]
    pub diagram: DiagramArgs,
    /// Show at the end which states, transitions, windows and points of the code were reached, and which never were
    #[arg(long)]
    pub coverage: bool,
    /// How results are printed
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Known failures, which do not fail the run; those that are fixed are reported
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<String>,
    /// Write what fails now as a baseline; folders that are missing are made
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<String>,
}

/// `pptp-sim lint`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim lint                     the scenarios here, or else the built-in suite
  pptp-sim lint my-scenario.kdl     every mistake in one file, each underlined where it stands")]
pub struct LintArgs {
    /// Files, folders or names; without any, `scenarios/` here or else the built-in suite
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
}

/// `pptp-sim replay`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim run --tape tapes data/lost-acknowledgments
  pptp-sim replay tapes/data/lost-acknowledgments.tape

The transcript is printed; its digest must be that of the recorded run, else the exit status is 3. Otherwise the status is
that of the run.")]
pub struct ReplayArgs {
    /// A tape that `run --tape` wrote
    #[arg(value_name = "TAPE")]
    pub tape: String,
    /// Write a capture a node into this folder, and every field of it: NAME.NODE.pcapng, NAME.NODE.jsonl
    #[arg(long, value_name = "DIR")]
    pub capture: Option<String>,
}

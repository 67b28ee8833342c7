//! The command line, in one place: `--help`, completions and the man page come from these definitions.

use clap::{Args, Parser, Subcommand, ValueEnum};
use pptp_rules::Grading;

use crate::register::RequirementSet;
use crate::suite::WorldKind;

/// What stands below the help of the whole command.
const AFTER: &str = "\
Exit status:
  0  no failure (unsupported and inconclusive are counted in the summary)
  1  a conformance failure
  2  the usage or the input is wrong
  3  an internal error
  4  a limit was exceeded
  Where several apply: 3, then 2, 1, 4.

Examples:
  pptp-sim run                                         the scenarios here, or else the built-in suite
  pptp-sim run --transcript outgoing/outgoing-call     what is said, message by message
  pptp-sim run --sut pac --profile pac=accel-ppp       how an implementation fares
  pptp-sim decode capture.pcapng                       a capture in the same words
  pptp-sim explain CDN-003                             a requirement in full";

/// A deterministic network simulator and conformance test harness for PPTP (RFC 2637).
///
/// Simulated PAC and PNS endpoints run over a seeded virtual network that injects loss, reordering and delay into GRE. Scenario
/// files script what happens and say what must be seen; equal scenario, seed and version give equal bytes.
#[derive(Parser, Debug)]
#[command(
    name = "pptp-sim",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
#[command(subcommand_required = true, after_help = AFTER)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Run scenarios and print a verdict for each
    Run(Box<RunArgs>),
    /// Check scenarios without running them; shows every mistake at once
    Lint(LintArgs),
    /// Show the PPTP messages and GRE packets of a capture
    Decode(DecodeArgs),
    /// Replay a recorded run from its tape, without random numbers; gives the same bytes
    Replay(ReplayArgs),
    /// List every word of the scenario language: messages, fields, actions, observables
    Vocabulary(VocabularyArgs),
    /// List the requirements: what judges each, what puts it to the test, and what proves that the test bites
    Requirements(RequirementsArgs),
    /// List the profiles: how real implementations behave, as data
    Profiles(ProfilesArgs),
    /// List the deviations: switchable protocol bugs, each with the requirements that it breaks
    Deviations(DeviationsArgs),
    /// Explain a requirement, profile, deviation, transition, drop reason, verdict or word
    Explain(ExplainArgs),
    /// Print a completion script for a shell
    Completions(CompletionsArgs),
    /// Print the man page
    #[command(after_help = "Example:\n  pptp-sim man > pptp-sim.1 && man ./pptp-sim.1")]
    Man,
}

/// How results are printed.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum ReportFormat {
    /// For people
    Human,
    /// JSON Lines, stable and documented
    Json,
    /// JUnit XML, for continuous integration
    Junit,
}

/// How lists and messages are printed.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Human,
    /// JSON Lines, stable and documented
    Json,
}

/// The world that a scenario runs in.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum WorldChoice {
    /// The discrete-event engine in virtual time
    Event,
    /// Hosts of the turmoil crate, the second opinion; scenarios that it cannot play are skipped
    Turmoil,
}

impl WorldChoice {
    /// The world of the suite.
    pub fn world(self) -> WorldKind {
        match self {
            WorldChoice::Event => WorldKind::Event,
            WorldChoice::Turmoil => WorldKind::Turmoil,
        }
    }
}

/// How hard a missed requirement is graded.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum GradingChoice {
    /// Warnings fail too
    Strict,
    /// Errors fail, warnings are non-strict, notes are information
    Default,
    /// Errors are non-strict
    Lenient,
}

impl GradingChoice {
    /// The grading of the rules.
    pub fn grading(self) -> Grading {
        match self {
            GradingChoice::Strict => Grading::Strict,
            GradingChoice::Default => Grading::Default,
            GradingChoice::Lenient => Grading::Lenient,
        }
    }
}

/// A set of requirements.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum SetChoice {
    /// RFC 2637
    Rfc,
    /// Windows as [MS-PTPT] describes it, and not what it relaxes of RFC 2637
    Windows,
}

impl SetChoice {
    /// The set of the register.
    pub fn set(self) -> RequirementSet {
        match self {
            SetChoice::Rfc => RequirementSet::Rfc,
            SetChoice::Windows => RequirementSet::Windows,
        }
    }
}

/// `pptp-sim run`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim run outgoing                                 one topic
  pptp-sim run --transcript outgoing/outgoing-call      one scenario, message by message
  pptp-sim run --seed 7 --capture out data              other luck; a pcapng file a node into `out`
  pptp-sim run --sut pac --profile pac=poptop           a conformance report on one end
  pptp-sim run --sut pns --profile pns=windows --set windows
                                                        the same, by the requirements of Windows as well
  pptp-sim run --deviation pac=cdn-carries-pns-id       does the suite catch this bug?
  pptp-sim run --write-baseline known.jsonl             what fails now; later: --baseline known.jsonl
  pptp-sim run --format junit > report.xml              for continuous integration

A failure says what was expected and where, what came instead, and the command that repeats the run.")]
pub struct RunArgs {
    /// Files, folders or names such as `outgoing/outgoing-call`; without any, `scenarios/` here or else the built-in suite
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// Replaces the seed of the scenarios
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Run only the case of this name, of scenarios that have a matrix: `cut=84`
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
    /// The world to run in
    #[arg(long, value_enum, default_value_t = WorldChoice::Event)]
    pub world: WorldChoice,
    /// Print transcripts: of a scenario with a matrix its table, then those of its named cases and of failures
    #[arg(long)]
    pub transcript: bool,
    /// Write a pcapng file a node of every run into this folder: NAME[.CASE].NODE.pcapng
    #[arg(long, value_name = "DIR")]
    pub capture: Option<String>,
    /// Write the tape of every run into this folder: NAME[.CASE].tape
    #[arg(long, value_name = "DIR")]
    pub tape: Option<String>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Judge only this node, the system under test, and print a conformance report
    #[arg(long, value_name = "NODE")]
    pub sut: Option<String>,
    /// Put a profile at a node: `pac=accel-ppp` (see `pptp-sim profiles`)
    #[arg(long, value_name = "NODE=NAME", value_parser = pair)]
    pub profile: Vec<(String, String)>,
    /// Switch a deviation on at a node: `pac=cdn-carries-pns-id` (see `pptp-sim deviations`)
    #[arg(long, value_name = "NODE=NAME", value_parser = pair)]
    pub deviation: Vec<(String, String)>,
    /// Judge by this set of requirements as well, whatever the scenarios choose: `windows` is MS-001 to MS-015
    #[arg(long, value_enum, default_value_t = SetChoice::Rfc)]
    pub set: SetChoice,
    /// How hard a missed requirement is graded
    #[arg(long, value_enum, default_value_t = GradingChoice::Default)]
    pub grading: GradingChoice,
    /// Known failures, which do not fail the run; those that are fixed are reported
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<String>,
    /// Write what fails now as a baseline; folders that are missing are made
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<String>,
    /// How many runs at a time; the output does not depend on it
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,
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

/// `pptp-sim decode`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim decode capture.pcapng                       one line a message
  tcpdump -w - port 1723 or proto 47 | pptp-sim decode -
  pptp-sim decode --format json capture.pcap | jq .message

Nothing is judged: the exit status is 0 whatever the capture shows, and 2 where it cannot be read.")]
pub struct DecodeArgs {
    /// A pcap or pcapng file, or `-` for standard input
    #[arg(value_name = "CAPTURE")]
    pub capture: String,
    /// How messages are printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
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
    /// Write a pcapng file a node into this folder
    #[arg(long, value_name = "DIR")]
    pub capture: Option<String>,
}

/// `pptp-sim vocabulary`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim vocabulary | less
  pptp-sim explain packet-recv-window-size     one word in full")]
pub struct VocabularyArgs {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

/// `pptp-sim requirements`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim requirements
  pptp-sim requirements --uncovered                       what no scenario puts to the test
  pptp-sim requirements --set windows                     what Windows does beside the RFC
  pptp-sim requirements --format json | jq 'select(.ruled | not).id'
  pptp-sim requirements --register my-register.kdl        check another register: every mistake with its line
  pptp-sim explain CDN-003                                one requirement in full")]
pub struct RequirementsArgs {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
    /// Only those that no scenario of the built-in suite covers
    #[arg(long)]
    pub uncovered: bool,
    /// Only those of this set
    #[arg(long, value_enum)]
    pub set: Option<SetChoice>,
    /// Read the register from this file instead of the one that is built in
    #[arg(long, value_name = "FILE")]
    pub register: Option<String>,
}

/// `pptp-sim profiles`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim profiles
  pptp-sim profiles --matrix                           who works with whom
  pptp-sim explain accel-ppp                           one profile, each value with its source
  pptp-sim run --sut pac --profile pac=accel-ppp       how it fares")]
pub struct ProfilesArgs {
    /// Have every PNS profile call through every PAC profile, and print who works with whom
    #[arg(long)]
    pub matrix: bool,
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

/// `pptp-sim deviations`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim deviations
  pptp-sim deviations cdn-carries-pns-id               one of them
  pptp-sim run --deviation pac=cdn-carries-pns-id outgoing
  pptp-sim deviations --kill-matrix                    the suite catches every one of them, in each of its roles
  pptp-sim deviations --kill-matrix --full ack-ahead   every scenario that catches this one")]
pub struct DeviationsArgs {
    /// Only these
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,

    /// Run the suite against each: first the scenarios that cover a requirement that it breaks, until one of those is missed. A
    /// deviation that survives is a failure; the canary is to survive
    #[arg(long)]
    pub kill_matrix: bool,

    /// Run every scenario against each, and list all that catch it
    #[arg(long, requires = "kill_matrix")]
    pub full: bool,

    /// How many runs at a time [default: as many as the machine can]; no effect on the results
    #[arg(long, value_name = "N", requires = "kill_matrix", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// How the list is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

/// `pptp-sim explain`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim explain CDN-003             a requirement: clause, how it is observed, what covers and what breaks it
  pptp-sim explain T-PNSO-04           a transition
  pptp-sim explain AMB-38              where a reading of the RFC is at work
  pptp-sim explain payload-length      a field, and a drop reason")]
pub struct ExplainArgs {
    /// An id, name or word
    #[arg(value_name = "ID")]
    pub id: String,
}

/// `pptp-sim completions`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim completions bash > /etc/bash_completion.d/pptp-sim
  pptp-sim completions zsh > ~/.zfunc/_pptp-sim")]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// Reads `NODE=NAME`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((node, name)) if !node.is_empty() && !name.is_empty() => {
            Ok((node.to_owned(), name.to_owned()))
        }
        _ => Err("expected NODE=NAME, such as pac=poptop".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_are_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_pair_needs_both_halves() {
        assert_eq!(
            pair("pac=poptop"),
            Ok(("pac".to_owned(), "poptop".to_owned()))
        );
        assert!(pair("pac").is_err() && pair("=x").is_err() && pair("x=").is_err());
    }

    #[test]
    fn every_command_teaches_by_example() {
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string);
            assert!(
                help.is_some_and(|help| help.contains("pptp-sim")),
                "{} has no example",
                command.get_name()
            );
        }
    }
}

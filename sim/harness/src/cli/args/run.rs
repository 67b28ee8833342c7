//! Running scenarios, and what was recorded of runs.

use clap::Args;

use super::choices::{GradingChoice, ReportFormat, SetChoice, WorldChoice};

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

    #[test]
    fn a_pair_needs_both_halves() {
        assert_eq!(
            pair("pac=poptop"),
            Ok(("pac".to_owned(), "poptop".to_owned()))
        );
        assert!(pair("pac").is_err() && pair("=x").is_err() && pair("x=").is_err());
    }
}

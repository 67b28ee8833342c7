//! The command line, in one place: `--help`, completions and the man page come from these definitions.

mod artifact;
mod author;
mod captures;
mod choices;
mod diagram;
mod goldens;
mod lists;
mod run;
mod shrink;
mod subject;
mod sweep;

use clap::{Args, Parser, Subcommand};

pub use artifact::ArtifactArgs;
pub use author::AuthorArgs;
pub use captures::{DecodeArgs, VerifyArgs};
pub use choices::{GradingChoice, ListFormat, ReportFormat, SetChoice, WorldChoice};
pub use diagram::{DiagramArgs, DiagramChoice};
pub use goldens::{DecoderChoice, GoldensArgs};
pub use lists::{DeviationsArgs, ExplainArgs, ProfilesArgs, RequirementsArgs, VocabularyArgs};
pub use run::{LintArgs, ReplayArgs, RunArgs};
pub use shrink::ShrinkArgs;
pub use subject::SubjectArgs;
pub use sweep::{MergeArgs, PlanChoice, SweepArgs};

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
  pptp-sim verify capture.pcapng                       who broke which requirement, and in which frame
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
    /// Judge both ends seen in a capture by the requirements
    Verify(VerifyArgs),
    /// Run scenarios over a range of seeds, in any number of jobs, shards and machines
    Sweep(Box<SweepArgs>),
    /// Add up the results of the shards of a sweep; finds gaps, overlaps and mixed versions
    Merge(MergeArgs),
    /// Write captures that say what each packet is, with every field as JSON Lines; hold a decoder against them
    Goldens(GoldensArgs),
    /// Write a scenario that reproduces what a capture shows
    Author(AuthorArgs),
    /// Tell what a fuzz target was given: a scenario for a plan, words for the rest
    Artifact(ArtifactArgs),
    /// Replay a recorded run from its tape, without random numbers; gives the same bytes
    Replay(ReplayArgs),
    /// From a failing run to the smallest scenario that still fails in the same way
    Shrink(Box<ShrinkArgs>),
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definitions_are_sound() {
        Cli::command().debug_assert();
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

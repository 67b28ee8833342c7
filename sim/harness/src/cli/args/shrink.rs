//! Shrinking a failure.

use clap::Args;

use super::subject::SubjectArgs;
use crate::shrink::MOST_RUNS;

/// `pptp-sim shrink`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim shrink faults/random-loss --seed 7 --deviation pac=never-ack --out target/never-ack.kdl
  pptp-sim run --deviation pac=never-ack target/never-ack.kdl
  pptp-sim shrink --swarm --seed 7 --deviation pac=never-ack         what the swarm draws from a seed
  pptp-sim shrink tapes/faults/random-loss.tape        a tape of `run --tape` holds its scenario and what stood at the nodes

Every decision of luck becomes a fault of the scenario language; then faults, steps, nodes and values go as long as the run fails
in the same class. What is written lints clean, needs no luck, and says above the scenario what it breaks and how to run it.

Exit status: 0 it was shrunk; 2 the usage or the input is wrong, or the run does not fail; 3 an internal error; 4 --most-runs was
reached: what is written fails in the same class, but may not be the smallest.")]
pub struct ShrinkArgs {
    /// A scenario file or name, or a tape
    #[arg(value_name = "PATH", required_unless_present = "swarm")]
    pub path: Option<String>,
    /// Shrink what the swarm draws from the seed (see `sweep --swarm`)
    #[arg(long, requires = "seed", conflicts_with = "path")]
    pub swarm: bool,
    /// The seed that it fails with; the scenario's own where none is named
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Write the scenario to this file, not to standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<String>,
    /// Play at most so many candidates
    #[arg(long, value_name = "N", default_value_t = MOST_RUNS, value_parser = clap::value_parser!(u64).range(1..))]
    pub most_runs: u64,
    /// What is run, against what.
    #[command(flatten)]
    pub subject: SubjectArgs,
}

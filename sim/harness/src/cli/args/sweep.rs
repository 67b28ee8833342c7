//! Sweeps over seeds.

use clap::{Args, ValueEnum};

use super::choices::ListFormat;
use super::subject::SubjectArgs;
use crate::sweep::{PlanKind, SeedRange, Shard};

/// `pptp-sim sweep`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim sweep scenarios/faults --seeds 0..1000                  the failures by class, each with the shortest one
  pptp-sim sweep faults --seeds 0..1000 --coverage                 and which states, transitions and windows they came to
  pptp-sim sweep faults --seeds 0..100000 --out results            a line for every seed; killed? the same with --resume
  pptp-sim sweep faults --seeds 0..100000 --out results --shard 3/8
  pptp-sim sweep faults --seeds 0..100000 --out results --plan slurm --shards 8 > array.sh
  pptp-sim sweep --swarm --seeds 0..10000                          networks, faults and profiles that the seed draws
  pptp-sim sweep --swarm --seeds 0..1000 --explore 1000            and seeds near those that came to something new
  pptp-sim merge results                                           the sum of all shards
  pptp-sim sweep faults/burst-loss --seeds 0..100000 --until-decided   no more seeds than its stated rate takes

A scenario with `holds in \"99.9%\" of=\"seeds\" confidence=\"99.9%\"` may miss what its script expects with single seeds: they are counted
and listed as allowed, and a sequential test in the order of the seeds decides whether the rate holds, and says after how many. Refuted,
they are failures; undecided after all seeds is none. A shard decides nothing: merge does, over all of them.

Equal scenarios, seeds and version give equal results, whatever the number of jobs, shards and machines: the digest is a sum.
Without --shard, the part is read from the environment of Slurm arrays, Kubernetes indexed jobs (JOB_COMPLETIONS has to say how
many), GNU parallel (PARALLEL_TOTAL the same), GitLab CI, CircleCI, Buildkite and Azure Pipelines.")]
pub struct SweepArgs {
    /// Files, folders or names such as `faults/random-loss`; without any, `scenarios/` here or else the built-in suite
    #[arg(value_name = "PATH")]
    pub paths: Vec<String>,
    /// Play the swarm: each seed draws a network of its own and what happens in it; nodes are pns, pac, and in some pns2
    #[arg(long, conflicts_with = "paths")]
    pub swarm: bool,
    /// Play N further seeds, variations of those that came to something new, and show at the end what was reached
    #[arg(long, value_name = "N", requires = "swarm", value_parser = clap::value_parser!(u64).range(1..=u64::from(u32::MAX)),
          conflicts_with_all = ["shard", "out", "plan", "until_failure", "until_decided"])]
    pub explore: Option<u64>,
    /// The seeds from A up to, but not including, B
    #[arg(long, value_name = "A..B")]
    pub seeds: SeedRange,
    /// Play part I of N, from 1; wins over what a scheduler says in the environment
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,
    /// Write a result file for every case into this folder: NAME[.CASE].FROM-TO.jsonl
    #[arg(long, value_name = "DIR")]
    pub out: Option<String>,
    /// Go on with the result files that are there
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// End at the first failure, in the order of scenarios and seeds
    #[arg(long)]
    pub until_failure: bool,
    /// End with a scenario that states at how many seeds it holds as soon as that is decided, in the order of the seeds
    #[arg(long, conflicts_with_all = ["shard", "plan"])]
    pub until_decided: bool,
    /// Play nothing: print a ready text for a scheduler
    #[arg(long, value_enum, requires = "out", conflicts_with_all = ["shard", "resume", "until_failure"])]
    pub plan: Option<PlanChoice>,
    /// How many shards the text is for
    #[arg(long, value_name = "N", requires = "plan", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub shards: u64,
    /// Show at the end which states, transitions, windows and points of the code were reached, and which never were
    #[arg(long)]
    pub coverage: bool,
    /// What is run of them, against what.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// How the sum is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

/// A scheduler.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum PlanChoice {
    /// A batch script with an array, for sbatch
    Slurm,
    /// A command line of GNU parallel
    Parallel,
    /// A manifest of an indexed job, for kubectl apply
    Kubernetes,
}

impl PlanChoice {
    /// Whose text it is.
    pub fn kind(self) -> PlanKind {
        match self {
            PlanChoice::Slurm => PlanKind::Slurm,
            PlanChoice::Parallel => PlanKind::Parallel,
            PlanChoice::Kubernetes => PlanKind::Kubernetes,
        }
    }
}

/// `pptp-sim merge`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pptp-sim merge results              everything below one folder
  pptp-sim merge node1/out node2/out  what several machines wrote
  pptp-sim merge results --coverage   and what all of them together came to

The files must hold one whole sweep, every seed of every case once: gaps, overlaps, unfinished files and results of another
version are mistakes (exit status 2). The sum and the exit status are those of one process that plays it all.")]
pub struct MergeArgs {
    /// Folders with result files
    #[arg(value_name = "DIR", required = true)]
    pub folders: Vec<String>,
    /// Show which states, transitions, windows and points of the code were reached, and which never were
    #[arg(long)]
    pub coverage: bool,
    /// How the sum is printed
    #[arg(long, value_enum, default_value_t = ListFormat::Human)]
    pub format: ListFormat,
}

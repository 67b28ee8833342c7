//! Sweeps: scenarios over a range of seeds, in any number of jobs, shards and machines, always with the same result.
//!
//! A [`Campaign`] plays [`Unit`]s (one case of one scenario each) with every seed of a [`SeedRange`], or of a [`Shard`] of it. What each
//! seed gave is a line of a result file; a file is appended to while it grows (`.jsonl.part`), can be gone on with after the process was
//! killed, and gets its name (`.jsonl`) once it is whole. The digest of a result is a sum, so that any split of a range gives the same
//! total; [`merge`](merge()) adds parts up and finds what is missing, doubled, or of another version. Where a scenario states at how many seeds
//! it holds, a [`Trial`] decides that in the order of the seeds.

mod campaign;
mod class;
mod error;
mod explore;
mod header;
mod kind;
mod line;
mod merge;
mod plan;
mod rate;
mod reading;
mod seeds;
mod shard;
mod sum;
mod tally;
mod unit;
mod writing;

pub use campaign::{Campaign, Watch};
pub use class::{FailureClass, MissedLine, class_of};
pub use error::SweepError;
pub use explore::explore;
pub use header::{Header, SWEEP_VERSION};
pub use kind::ClassKind;
pub use line::ResultLine;
pub use merge::{Merged, merge};
pub use plan::{PlanKind, plan};
pub use rate::{Standing, Trial, Verdict};
pub use seeds::SeedRange;
pub use shard::{Shard, ShardSource};
pub use tally::{ClassTally, Representative, Tally};
pub use unit::{Source, Unit, units};

//! pptp-proto

mod deadline;
mod deviation;
mod profile;
mod role;
pub mod session;

pub use deadline::{Cause, Deadline, DeadlineReason};
pub use deviation::{DEVIATIONS, Deviation, DeviationId, Deviations, FoundBy};
pub use profile::*;
pub use role::Role;
pub use session::{DataOutcome, DropReason, Session, SessionConfig, SessionView, Sink};

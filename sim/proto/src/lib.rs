//! pptp-proto

mod deadline;
mod role;
pub mod session;

pub use deadline::{Cause, Deadline, DeadlineReason};
pub use role::Role;
pub use session::{DataOutcome, DropReason, SessionView};

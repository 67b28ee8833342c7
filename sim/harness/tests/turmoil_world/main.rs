//! The turmoil world against the event world: the same nodes, links, seeds and commands, and two stories that must be the same.

mod common;
mod faults;
mod lossy;
mod refusals;
mod whole_calls;

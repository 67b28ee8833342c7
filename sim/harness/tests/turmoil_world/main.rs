//! The turmoil world against the event world: the same nodes, links, seeds and commands, and two stories that must be the same.

mod common;
mod expressible;
mod faults;
mod lossy;
mod processes;
mod refusals;
mod scenarios;
mod software;
mod whole_calls;

//! pptp-harness

pub mod scenario;

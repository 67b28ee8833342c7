//! pptp-harness

pub mod capture;
pub mod decode;
pub mod scenario;

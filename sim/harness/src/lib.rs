//! pptp-harness

pub mod capture;
pub mod decode;
pub mod register;
pub mod scenario;

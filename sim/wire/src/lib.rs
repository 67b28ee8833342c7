//! pptp-wire
pub mod time;

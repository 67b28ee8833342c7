//! The pptp-sim command.

#![forbid(unsafe_code)]

fn main() {}

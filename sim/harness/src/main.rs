//! The pptp-sim command.
fn main() {}

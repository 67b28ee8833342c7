//! `verify`: what both ends seen in a capture did, judged by the rules that judge simulated runs.
//!
//! [`verify`] reads a capture as a stream, shows the [judge](pptp_rules::Judge) what it holds, and gives every finding away as it is
//! found; what stays is a [`Report`] whose size depends on the hosts of the capture, never on its length. What a capture cannot tell
//! (packets lost before the tap, a beginning that it does not hold, octets that were cut off) is inconclusive, with the reason; what
//! the path did is told apart from what an end did ([`crate::path`]).
//!
//! [`nat`] compares captures from both sides of an address translation, and judges what it rewrote.

mod ends;
mod feeder;
mod held;
mod human;
mod incomplete;
mod json;
pub mod nat;
mod recent;
mod report;
mod run;

pub use ends::Speaker;
pub use human::human;
pub use json::{finding_line, summary_line};
pub use report::{EndReport, Group, OpenQuestion, Report};
pub use run::{Found, VerifyOptions, verify, verify_side};

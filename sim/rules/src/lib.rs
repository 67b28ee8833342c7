//! What was seen to what was wrong: observations, tracker, passive rules, findings, grades.
//!
//! A feeder (a simulated world, a capture reader, a live tester) shows a [`Judge`] what its taps see, as [`Observation`]s in the
//! order of time. The judge follows connections, calls, roles and windows from them alone, counts how often the precondition of
//! each requirement held for each end, and says which end broke which requirement, with the observation that shows it. A rule that
//! cannot decide says so: it is inconclusive.
//!
//! Independence: the judge knows the wire format (`pptp-wire`) and nothing of any implementation's state machines or window
//! arithmetic. Otherwise a mistake would approve itself.
//!
//! What a peer can make the judge keep is bounded: live calls by the Call IDs of a tunnel, open requests and messages on the way by
//! constants, histories of a call by a few words, ended calls by their Call IDs.

#![forbid(unsafe_code)]

mod config;
mod control;
mod finding;
mod grade;
mod judge;
mod ledger;
mod numbered;
mod observation;
mod rarely;
mod rule;
mod stamp;
mod timer;
mod tracker;
mod tunnel;

pub use config::JudgeConfig;
pub use finding::{Detail, Finding};
pub use grade::{Grade, Grading};
pub use judge::{EndDescription, Judge};
pub use ledger::PacketCounts;
pub use observation::{Connection, End, Event, Observation, Origin, Place};
pub use rule::{EXCEPTIONS, Precondition, RULES, Rule, is_ruled, rule_for};

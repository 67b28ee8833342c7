//! The conformance suite: scenario files found, run as families by several jobs, reported, compared with a baseline.
//!
//! [`run_suite`] is what another project's `cargo test` calls to hold the suite against its own implementation:
//!
//! ```no_run
//! use pptp_harness::scenario::Role;
//! use pptp_harness::suite::{SystemUnderTest, run_suite};
//! # fn my_server(name: &str) -> Box<dyn pptp_world::Node> { panic!("{name}") }
//!
//! let server = SystemUnderTest::node(Role::Pac, |node, _seed| my_server(&node.name));
//! run_suite(server, "outgoing/", None).assert_passed();
//! ```
//!
//! The command line is a thin shell over [`find`](mod@find), [`Plan::read`] and [`run_plan`].

mod baseline;
mod built_in;
mod case;
mod conformance;
mod coverage;
pub mod expected;
mod family;
mod file_name;
pub mod find;
mod jobs;
mod kill_matrix;
pub mod killers;
mod options;
pub mod planted;
mod recording;
mod repeat;
mod report;
mod runner;
mod staged;
mod standing;
mod status;
mod table;

pub use baseline::{BASELINE_VERSION, Baseline, BaselineError, RunName, run_name};
pub use built_in::{BUILT_IN, built_in_loader};
pub(crate) use case::cast;
pub use case::{ready_case, run_case, run_scenario, said, why_not};
pub use conformance::{Conformance, EvidenceLine, RequirementVerdict};
pub use coverage::coverage;
pub use expected::{ExpectedMiss, expected_misses};
pub use family::{CaseRun, Family, Outcome, Played};
pub use file_name::{file_stem, plain_name};
pub use find::{FindError, Found, built_in, find};
pub use jobs::in_order;
pub use kill_matrix::{Kill, MatrixOptions, MatrixRow, kill_matrix, tried};
pub use killers::{Killer, killers};
pub use options::{
    KeepTranscripts, NodeFactory, Seat, SoftwareFactory, Stand, SuiteOptions, SystemUnderTest,
    WorldKind,
};
pub use planted::{Planted, planted};
pub(crate) use recording::Settings;
pub use recording::{ReplayError, Replayed, is_tape, replay, with_scenario};
pub use repeat::{choice_flags, judging_flags, replay_command, shell_word, shrink_command};
pub use report::{Counts, FamilyReport, SuiteReport, failure_text};
pub use runner::{Plan, Watcher, judged_anything, run_files, run_plan, run_suite};
pub use staged::{Ran, Staged};
pub use standing::{Standing, standing, standings};
pub use status::Status;
pub use table::{TABLE_VERSION, family_text, table};

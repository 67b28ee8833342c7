//! Running a typed scenario on a stage: the script moves, messages are matched, verdicts are given.
//!
//! The runner knows nothing of KDL and nothing of how a world works: it drives a [`Stage`](pptp_world::Stage) and reads its records.
//! `sequence` is the script as a machine, `line` one expectation on its way, `matcher` holds a line against a message, `driver`
//! is the state of a run; `intake`, `plan`, `observe`, `links`, `finally` and `failing` are the driver's tasks.

mod act;
mod any;
mod attribution;
mod bindings;
mod build;
mod data;
mod driver;
mod facts;
mod failing;
mod failure;
mod finally;
mod flights;
mod impairments;
mod intake;
mod line;
mod links;
mod log;
mod matcher;
mod message;
mod near;
mod numbers;
mod observe;
mod options;
mod outages;
mod plan;
mod play;
mod promote;
mod recent;
mod recorder;
mod remark;
mod report;
mod scope;
mod send;
mod sequence;
mod settled;
mod setup;
mod verdict;

pub(crate) use bindings::{CallField, Owner, call_fields, sender_of};
pub use failure::{Failure, FailureKind, NearMiss};
pub use matcher::Difference;
pub use options::RunOptions;
pub use play::play;
pub use promote::collect;
pub use recorder::{CaptureRecorder, NodeCapture};
pub use report::RunReport;
pub use setup::{
    MakeNode, NodeChoice, NodeChoices, SetupError, check_choices, event_world, event_world_with,
    limits, link_config, node_of,
};
pub use verdict::{Evidence, grade_text};

//! The GRE data session of one call (RFC 2637 §4).

mod drop_reason;
mod sink;
mod view;

pub use drop_reason::DropReason;
pub use sink::Sink;
pub use view::{DataOutcome, SessionView};

//! Scenario files: from KDL text to typed scenarios, with every mistake shown where it stands.

pub mod diagnostic;
pub mod load;
pub mod model;
pub mod quantity;
pub mod source;
pub mod suggest;
pub mod text;

pub use pptp_proto::{ProfileValue, Role};
pub use pptp_rules::Grade;

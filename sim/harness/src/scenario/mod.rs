//! Scenario files: from KDL text to typed scenarios, with every mistake shown where it stands.

mod build;
pub mod diagnostic;
mod family;
mod glance;
mod includes;
mod line;
mod lint;
pub mod load;
mod matrix;
pub mod model;
mod names;
mod overlap;
mod parameters;
pub mod print;
pub mod quantity;
mod reader;
pub mod source;
pub(crate) mod suggest;
mod text;
pub mod vocabulary;

pub use diagnostic::{Diagnostic, render_all};
pub use family::ScenarioFile;
pub use glance::is_scenario_text;
pub use lint::{LintedScenario, lint, lint_file, parse_str};
pub use pptp_proto::{ProfileValue, Role};
pub use pptp_rules::Grade;
pub use reader::{Content, LANGUAGE_VERSION, load, read};

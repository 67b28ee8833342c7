//! How a scenario is run: everything that the command line or a caller decides and the file does not.

use pptp_rules::Grading;

use crate::scenario::model::NodeIndex;

/// The choices of one run.
#[derive(Clone, Debug)]
pub struct RunOptions {
    /// Replaces the scenario's seed.
    pub seed: Option<u64>,
    /// How hard a verdict a missed requirement gets.
    pub grading: Grading,
    /// The node that is judged; all nodes that are not scripted where none is named.
    pub system_under_test: Option<NodeIndex>,
    /// What stands before a scenario in the command that repeats the run: `pptp-sim run --seed 7 FILE`.
    pub replay: String,
    /// Whether what a sequence diagram shows is taken down.
    pub diagram: bool,
    /// Whether what each line took is written down, for promotion.
    pub promotes: bool,
}

impl Default for RunOptions {
    fn default() -> Self {
        RunOptions {
            seed: None,
            grading: Grading::Default,
            system_under_test: None,
            replay: String::new(),
            diagram: false,
            promotes: true,
        }
    }
}

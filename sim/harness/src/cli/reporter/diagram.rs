//! The sequence diagram of a run in place of a report.

use super::Reporter;
use crate::cli::args::{DiagramArgs, DiagramChoice};
use crate::diagram::draw;
use crate::suite::{CaseRun, Family, Outcome, SuiteReport};

/// Prints diagrams and nothing else.
#[derive(Debug)]
pub struct Diagram {
    choice: Option<DiagramChoice>,
    steps: bool,
}

impl Diagram {
    /// A reporter that draws as the options say.
    pub fn new(arguments: &DiagramArgs) -> Diagram {
        Diagram {
            choice: arguments.diagram,
            steps: arguments.diagram_steps,
        }
    }
}

impl Reporter for Diagram {
    fn case(&mut self, _family: &Family, run: &CaseRun) -> String {
        let Outcome::Played(played) = &run.outcome else {
            return String::new();
        };
        diagram_of(&played.report.ladder, self.choice, self.steps).unwrap_or_default()
    }

    fn end(&mut self, _report: &SuiteReport) -> String {
        String::new()
    }
}

/// The diagram of a run that was told to keep one.
pub fn diagram_of(
    ladder: &Option<Box<crate::diagram::Ladder>>,
    choice: Option<DiagramChoice>,
    steps: bool,
) -> Option<String> {
    let ladder = (**ladder.as_ref()?).clone();
    let ladder = if steps {
        ladder
    } else {
        ladder.without_steps()
    };
    Some(draw(&ladder, choice?.format()))
}

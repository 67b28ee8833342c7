//! Options of `run` and `decode` for sequence diagrams.

use clap::{Args, ValueEnum};

use crate::diagram::DiagramFormat;

/// How a sequence diagram is drawn.
#[derive(Copy, Clone, Debug, Eq, PartialEq, ValueEnum)]
pub enum DiagramChoice {
    /// A picture of its own, light and dark
    Svg,
    /// A `sequenceDiagram` of Mermaid, as GitHub shows it
    Mermaid,
    /// Lines of at most 120 columns
    Text,
}

impl DiagramChoice {
    /// The format of the library.
    pub fn format(self) -> DiagramFormat {
        match self {
            DiagramChoice::Svg => DiagramFormat::Svg,
            DiagramChoice::Mermaid => DiagramFormat::Mermaid,
            DiagramChoice::Text => DiagramFormat::Text,
        }
    }
}

/// Sequence diagrams of runs.
#[derive(Args, Debug)]
pub struct DiagramArgs {
    /// Draw a sequence diagram of the run and print it in place of the report; several runs need --diagram-out
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub diagram: Option<DiagramChoice>,
    /// Write the diagram of every run into this folder: NAME[.CASE].svg, .mmd or .txt
    #[arg(long, value_name = "DIR", requires = "diagram")]
    pub diagram_out: Option<String>,
    /// Show the steps of the script in diagrams too
    #[arg(long, requires = "diagram")]
    pub diagram_steps: bool,
}

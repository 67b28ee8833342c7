//! Sequence diagrams: who said what to whom, when, in which state, and what became of it on the way.
//!
//! There is one model, [`Ladder`]: lifelines, and in the order of time arrows, changes of state and notes. It is fed by a run
//! ([`of_run`], from the entries of the transcript and what a [`Course`] took down beside them) and by `decode` ([`of_capture`]); three
//! renderers draw it: SVG, Mermaid and plain text. A run knows when a message arrived and what a node did with it, so its arrows slope
//! and its bars are the states of the machines. A capture knows neither: its arrows are level, and its bars say what was seen to be said.
//!
//! Everything is computed in integers, so that equal runs give equal octets.

mod arrow;
mod builder;
mod calls_seen;
mod course;
mod fold;
mod from_capture;
mod from_run;
mod ladder;
mod mermaid;
mod numbers_seen;
mod order;
mod overtaken;
mod svg;
mod text;
mod wrap;

pub use arrow::{Arrow, End, Fate, Mark, MarkKind, Plane};
pub use course::{Course, Moved};
pub use from_capture::{draw_capture, fuzz_entry, of_capture};
pub use from_run::{Facts, of_run};
pub use ladder::{Event, EventKind, Ladder, Level, Lifeline, Note, NoteKind, State, Track};

/// How a diagram is drawn.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum DiagramFormat {
    /// A picture of its own, light and dark.
    Svg,
    /// A `sequenceDiagram` of Mermaid, as GitHub shows it.
    Mermaid,
    /// Lines of at most 120 columns.
    Text,
}

impl DiagramFormat {
    /// Each of them.
    pub const ALL: [DiagramFormat; 3] = [
        DiagramFormat::Svg,
        DiagramFormat::Mermaid,
        DiagramFormat::Text,
    ];

    /// What the names of files end with: `svg`, `mmd` or `txt`.
    pub const fn extension(self) -> &'static str {
        match self {
            DiagramFormat::Svg => "svg",
            DiagramFormat::Mermaid => "mmd",
            DiagramFormat::Text => "txt",
        }
    }
}

/// Draws a ladder. Never panics; equal ladders give equal octets.
pub fn draw(ladder: &Ladder, format: DiagramFormat) -> String {
    match format {
        DiagramFormat::Svg => svg::draw(ladder),
        DiagramFormat::Mermaid => mermaid::draw(ladder),
        DiagramFormat::Text => text::draw(ladder),
    }
}

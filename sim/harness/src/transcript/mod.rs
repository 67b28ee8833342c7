//! The transcript of a run: what was said, by whom, when and why, in the words of the scenario language.
//!
//! A line without its time is a valid expectation line: marks are KDL comments (`//`), so that only the time has to be cut
//! off. Control messages show every field that is not constant, reserved, zero or empty; runs of GRE packets are folded.

mod entry;
mod fields;
mod fold;
mod odd;
mod render;
mod words;

pub use entry::{ControlEntry, Entry, GreEntry, Mark, TcpEntry, TcpEvent};
pub use fields::{control_fields, octets_of_text, quoted, text_value};
pub use fold::{GreRun, Line, fold};
pub use render::{Header, Names, control_words, render, render_entry, render_gre};

/// The version of the transcript format, named in the first line of every transcript.
pub const FORMAT_VERSION: u32 = 1;

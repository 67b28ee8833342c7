//! Goldens for dissectors: captures whose packets say what they are, beside each a JSON Lines file with every field of every message,
//! and the check that holds an installed decoder against them.
//!
//! `line` is the format; `known` the table of disagreements whose cause is known; one module a decoder says what that decoder said.

mod line;

pub use line::{FORMAT, Head, Judged, Line, Piece, ReadLineError};

//! Who works with whom: every profile that can be a PNS calls through every profile that can be a PAC, on a clean network and on
//! one that loses, doubles and reorders data.
//!
//! The scenarios are ordinary files, `interop/…`, written so that they hold for any two ends. What comes of a meeting is read off
//! the records of the world ([`Meeting`]), condensed to marks ([`Marks`]), and each mark is traced back to the values of the
//! profiles that cause it ([`Cause`]), with their sources.

mod cause;
mod ending;
mod json;
mod marks;
mod matrix;
mod meanings;
mod meeting;
mod text;
mod way;

pub use cause::Cause;
pub use ending::Ending;
pub use json::matrix_json;
pub use marks::Marks;
pub use matrix::{Matrix, MatrixError, NETWORKS, Network, Pair, profiles_of};
pub use meanings::{MEANINGS, Meaning, Question};
pub use meeting::{FindingSummary, Meeting};
pub use text::matrix_text;
pub use way::{Wait, Way};

//! `author`: scenarios from captures of real implementations, and from captures of the suite's own runs.

mod hostile;
mod path;
mod real;
mod suite;

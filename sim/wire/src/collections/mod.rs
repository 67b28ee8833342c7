//! Containers that the crates share, made for what happens most of the time: one thing that waits alone, things that come in order.

mod few;
mod runs;

pub use few::Few;
pub use runs::Runs;

//! Containers that the crates share, made for what happens most of the time: one thing that waits alone, things that come in order, short lists.

mod few;
mod runs;
mod short;

pub use few::Few;
pub use runs::Runs;
pub use short::Short;

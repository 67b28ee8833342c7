//! Shrinking: luck made explicit, the search, what is written, and the command.

mod explicit;
mod language;
mod runs;

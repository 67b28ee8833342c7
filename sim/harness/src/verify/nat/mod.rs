//! What an address translation did to PPTP: captures from its inside and one from its outside, compared message by message.
//!
//! A translator that helps PPTP rewrites addresses, ports, and the Call IDs of the hosts inside, so that they stay unique outside. It
//! does so in every message that names such a Call ID and in the GRE header, the same way for the whole of a call, and changes
//! nothing else (AMB-28, AMB-44, AMB-56). The clocks of the captures may differ: connections are paired by what is said on them, in
//! its order.
//!
//! Invariants: bounded memory; what the captures do not both hold is not judged.

mod compare;
mod data;
mod fields;
mod pairing;
mod report;
mod side;

pub use compare::compare;
pub use report::{NatFinding, NatReport, PairReport, Sighting, nat_human, nat_json};
pub use side::Side;

#[cfg(test)]
mod tests;

//! Laws of this crate on any octets: each function takes the input of a fuzz target, and panics where a law does not hold.
//!
//! | function | input | law |
//! |---|---|---|
//! | [`control_decode`] | one control message | decoding is lossless, and judges no differently before and after |
//! | [`control_round_trip`] | a message | every message comes back from its octets, through a framer too |
//! | [`gre_decode`] | one GRE packet | decoding is lossless; the payload is read as PPP and as HDLC |
//! | [`field_tables`] | a control message or a GRE packet | the field tables and the structs read the same values |
//! | [`framer`] | a configuration, cuts, a TCP stream | cuts do not matter; no octet is lost or made up |
//!
//! | [`differential`] | messages, packets, junk and cuts | streaming and at once, by views and by structs, the same is read
//!
//! Inputs are read front to back by [`Choices`]; structured ones are a [`Choice`], so that they can be written as well as found. With
//! the feature `arbitrary` every [`Choice`] of the project is an `arbitrary::Arbitrary` too, with the same reading.

#[cfg(any(test, feature = "arbitrary"))]
pub mod arbitrary;
mod choice;
mod choices;
mod control;
mod differential;
mod forged;
mod gre;
mod stream;
mod tables;

use alloc::vec::Vec;

pub use choice::{Choice, chosen, written};
pub use choices::Choices;
pub use control::{control_decode, control_round_trip};
pub use differential::{Differential, Packet, differential};
pub use forged::{FieldChoice, ForgedMessage, ForgedPacket};
pub use gre::gre_decode;
pub use stream::{FramerInput, framer};
pub use tables::field_tables;

/// What choices are written to, as [`choice!`](crate::choice) names it wherever it is used.
pub type Octets = Vec<u8>;

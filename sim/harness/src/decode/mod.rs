//! `decode`: a capture to control messages and GRE packets, one by one.
//!
//! [`decode`] reads a capture as a stream and hands [`Item`]s to a [`Sink`]; [`run`] renders them for people or as JSON lines.
//! Nothing is judged beyond what one message shows by itself; what a message is wrong in stands beside it as a [`Finding`].
//!
//! A receiver closes the connection when it is out of step with the stream (`HDR-009`); here, decoding goes on with the next segment
//! that begins with a valid header, and both places say so.

mod control;
mod decoder;
mod failure;
mod human;
mod item;
mod json;
mod run;
mod stream;

pub use control::{MessageField, MessageValue, message_fields, message_name};
pub(crate) use control::{header_fields, hexadecimal};
pub use decoder::{Summary, decode};
pub use failure::DecodeFailure;
pub(crate) use human::shown_fields;
pub use human::{HumanRenderer, line};
pub use item::{Control, Finding, Framing, Gre, GreOctets, Item, ItemKind, Sink};
pub(crate) use json::ppp_frame;
pub use json::{JsonRenderer, golden_fields, seconds};
pub use run::{Format, fuzz_entry, run, run_on};

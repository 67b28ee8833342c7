//! Octets to messages and back: the control messages and the enhanced GRE header of PPTP (RFC 2637).
//!
//! No I/O, no clock, and no allocation where octets are decoded. Decoding is layered: a [`Framer`] finds the messages in the TCP
//! stream, [`ControlMessage::decode`] and [`GrePacket::decode`] read them, and [`validate_control`] and [`validate_gre`] say which
//! requirements one message breaks. Codes are integer newtypes: an illegal value is carried and reported, never refused.
//!
//! Nothing here panics on any octets. Without the standard library nothing can allocate by accident: only [`raw`], [`hdlc::encode`]
//! and [`ppp::test_frame`], which make octets, and [`collections`] import `alloc`.

#![forbid(unsafe_code)]
#![cfg_attr(not(any(test, feature = "arbitrary")), no_std)]

extern crate alloc;

pub mod ahead;
pub mod code;
pub mod collections;
pub mod error;
pub mod field;
pub mod finding;
pub mod framer;
pub mod fuzzing;
pub mod gre;
pub mod hdlc;
pub mod header;
pub mod message;
mod octets;
pub mod ppp;
pub mod raw;
pub mod requirement;
pub mod serial;
pub mod text;
pub mod time;
pub mod validate;

pub use code::*;
pub use error::{DecodeError, DecodeErrorKind};
pub use field::{Field, FieldError, FieldKind, FieldValue, field_by_key};
pub use finding::{Finding, Findings};
pub use framer::{FRAMER_CAPACITY, Frame, Framer, FramerConfig, FramingError, FramingErrorKind};
pub use gre::{
    GRE_FIELDS, GRE_MAXIMUM_HEADER_LENGTH, GRE_MINIMUM_HEADER_LENGTH, GRE_PROTOCOL_PPP, GreFlags,
    GreHeader, GrePacket, gre_field, gre_field_in,
};
pub use hdlc::{HdlcDecoder, HdlcError};
pub use header::{HEADER_LENGTH, Header, MAGIC_COOKIE, MAXIMUM_LENGTH};
pub use message::*;
pub use ppp::{PppFrame, PppProtocol};
pub use raw::{Raw, RawError};
pub use requirement::{Requirement, RequirementRole, Severity, UnknownRequirement};
pub use serial::Serial;
pub use text::Text;
pub use validate::{VALIDATED, validate_control, validate_gre};

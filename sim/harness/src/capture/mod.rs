//! Captures: pcap and pcapng files in, pcapng files out.
//!
//! [`CaptureReader`] gives frames, [`Dissector`] (or [`dissect`] for a whole file) turns them into [`Event`]s: TCP connections that
//! carry PPTP with their octets in order, and GRE packets. [`CaptureWriter`] writes what one node of a simulated run sees.
//!
//! Invariants: nothing here panics, loops for ever or takes unbounded memory on any octets; whatever is skipped, doubted or repaired
//! is counted in [`Notices`]; nothing here knows PPTP beyond its port, its Magic Cookie and its GRE protocol type.

mod blocks;
mod byte_order;
mod checksum;
mod connection;
mod conversation;
mod direction;
mod dissector;
mod error;
mod event;
mod fragments;
mod ipv4;
mod link;
mod names;
mod notice;
mod options;
mod packet;
mod pcap;
mod pcapng;
mod reader;
mod source;
mod streams;
mod tcp;
mod tunnel;
mod writer;

pub(crate) use blocks::{begin_section, packet as write_packet};
pub use dissector::{Dissector, dissect};
pub use error::{CaptureError, CaptureErrorKind};
pub use event::{Event, Flow, Observer, Stamp};
pub use ipv4::{Ipv4Packet, PROTOCOL_GRE, PROTOCOL_TCP};
pub use link::ipv4_in_frame;
pub use notice::{Notice, NoticeCount, Notices, Place, Quoted};
pub use reader::{CaptureReader, CapturedFrame, Clock, MAXIMUM_FRAME};
pub use streams::PPTP_PORT;
pub use tcp::{ACK, FIN, PSH, RST, SYN, TcpSegment};
pub use writer::CaptureWriter;

//! What decoding gives.

use std::io;
use std::net::Ipv4Addr;

use pptp_wire::{DecodeError, FramingErrorKind, GrePacket, Requirement, validate_gre};

use crate::capture::{Flow, Stamp};

/// One thing that a capture shows.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    /// Frame and time at which it was seen; of a message, of the frame that brought its last octet to the tap.
    pub stamp: Stamp,
    /// Frame and time at which everything before it on its stream was there too; later than `stamp` where segments overtook each
    /// other. Never goes back from item to item of a connection.
    pub released: Stamp,
    /// What it is.
    pub kind: ItemKind<'a>,
}

/// The kinds of [`Item`].
#[derive(Clone, Debug)]
pub enum ItemKind<'a> {
    /// A SYN.
    Opening(Flow),
    /// The connection is open; `flow.from` opened it.
    Opened {
        /// The connection, as its opener sends on it.
        flow: Flow,
        /// Whether the capture holds the connection's beginning.
        start_seen: bool,
    },
    /// A FIN.
    Closed(Flow),
    /// A reset.
    Reset(Flow),
    /// Nothing more will come of this connection.
    Ended(Flow),
    /// Octets of the stream that the capture does not hold.
    Missing {
        /// Who sent them.
        flow: Flow,
        /// How many; 0 where that is unknown.
        count: u64,
    },
    /// What `from` has begun to send makes a receiver that follows RFC 2637 §1.4 lose step, by its Length, and is not whole yet. What it
    /// is comes as a control message of its own.
    LosingStep(Flow),
    /// A control message, or octets that stand where one should.
    Control(Control<'a>),
    /// A GRE packet.
    Gre(Gre<'a>),
}

/// How octets of a control connection were cut out of the stream.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Framing {
    /// One message of as many octets as its Length says.
    Whole,
    /// The same, but with a Length or PPTP Message Type that puts a receiver out of step.
    Faulty(FramingErrorKind),
    /// No message begins here: the stream is out of step from here on. The octets up to the end of the segment.
    Lost(FramingErrorKind),
    /// Octets of a stream that is out of step, of one segment.
    OutOfStep,
    /// The beginning of a message whose rest never came.
    Unfinished,
}

impl Framing {
    /// `whole`, `faulty`, `lost`, `out-of-step` or `unfinished`.
    pub const fn key(self) -> &'static str {
        match self {
            Framing::Whole => "whole",
            Framing::Faulty(_) => "faulty",
            Framing::Lost(_) => "lost",
            Framing::OutOfStep => "out-of-step",
            Framing::Unfinished => "unfinished",
        }
    }

    /// What a receiver that follows RFC 2637 §1.4 finds wrong with the framing.
    pub const fn error(self) -> Option<FramingErrorKind> {
        match self {
            Framing::Faulty(kind) | Framing::Lost(kind) => Some(kind),
            Framing::Whole | Framing::OutOfStep | Framing::Unfinished => None,
        }
    }
}

/// A control message.
#[derive(Clone, Debug)]
pub struct Control<'a> {
    /// The connection and who sent it.
    pub flow: Flow,
    /// Its octets.
    pub octets: &'a [u8],
    /// How they were cut out of the stream.
    pub framing: Framing,
    /// What the message is wrong in, by itself.
    pub findings: Vec<Finding>,
}

/// A GRE packet.
#[derive(Clone, Debug)]
pub struct Gre<'a> {
    /// Source address.
    pub from: Ipv4Addr,
    /// Destination address.
    pub to: Ipv4Addr,
    /// The captured octets from the GRE header on.
    pub octets: &'a [u8],
    /// Octets that were sent; more than `octets` where the capture cut them.
    pub sent_length: usize,
    /// Identification of the IPv4 packet.
    pub identification: u16,
    /// The header and payload.
    pub packet: Result<GrePacket<'a>, DecodeError>,
    /// What the packet is wrong in, by itself; empty where the capture cut it.
    pub findings: Vec<Finding>,
}

/// A GRE packet as the capture has it, not looked into yet.
#[derive(Copy, Clone, Debug)]
pub struct GreOctets<'a> {
    /// Source address.
    pub from: Ipv4Addr,
    /// Destination address.
    pub to: Ipv4Addr,
    /// The captured octets from the GRE header on.
    pub octets: &'a [u8],
    /// Octets that were sent; more than `octets` where the capture cut them.
    pub sent_length: usize,
    /// Identification of the IPv4 packet.
    pub identification: u16,
}

impl<'a> From<GreOctets<'a>> for Gre<'a> {
    fn from(packet: GreOctets<'a>) -> Gre<'a> {
        let GreOctets {
            from,
            to,
            octets,
            sent_length,
            identification,
        } = packet;
        let findings = match octets.len() == sent_length {
            true => validate_gre(octets).iter().map(Finding::from).collect(),
            false => Vec::new(),
        };
        Gre {
            from,
            to,
            octets,
            sent_length,
            identification,
            packet: GrePacket::decode(octets),
            findings,
        }
    }
}

/// Something wrong with one message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// The requirement that is not met.
    pub requirement: Requirement,
    /// What was seen, for people.
    pub detail: String,
}

impl From<pptp_wire::Finding> for Finding {
    fn from(found: pptp_wire::Finding) -> Finding {
        let pptp_wire::Finding {
            requirement,
            field,
            offset,
            seen,
            ..
        } = found;
        let detail = match seen {
            0..=0xFFFF => format!("{field} at octet {offset} is {seen}"),
            _ => format!("{field} at octet {offset} is 0x{seen:08X}"),
        };
        Finding {
            requirement,
            detail,
        }
    }
}

/// Takes items as they are decoded.
pub trait Sink {
    /// Takes the next item.
    ///
    /// # Errors
    /// If it cannot be written; decoding stops then.
    fn item(&mut self, item: &Item<'_>) -> io::Result<()>;

    /// Takes a GRE packet as it is, where no item is needed of it. Answers whether it has: otherwise the item follows.
    ///
    /// # Errors
    /// As [`Sink::item`].
    fn gre(&mut self, _stamp: Stamp, _packet: &GreOctets<'_>) -> io::Result<bool> {
        Ok(false)
    }
}

impl<F: FnMut(&Item<'_>) -> io::Result<()>> Sink for F {
    fn item(&mut self, item: &Item<'_>) -> io::Result<()> {
        self(item)
    }
}

//! What the lines of a transcript stand for, before they are folded and turned into text.

use std::rc::Rc;

use pptp_wire::gre::GreHeader;
use pptp_wire::time::Instant;
use pptp_world::{NodeId, PacketNumber};

use super::odd::odd_fields;
use super::words::TextBuffer;

/// Something that is said behind `//` at the end of a line.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Mark {
    /// The message was let pass by an `ignore` in force.
    Ignored,
    /// A close that answers the other end's close.
    Answer,
    /// The line decided for this branch of an `any` (counted from 1).
    Branch(usize),
    /// What made the sender send: a timer that ran out, a collision lost.
    Cause(String),
    /// The packet never arrived; names the impairment.
    Lost(&'static str),
    /// The network made a second copy.
    Duplicated,
    /// The network changed octets of the packet.
    Corrupted,
    /// The network held the packet back on purpose.
    Delayed(String),
    /// The receiver threw the packet away; names the reason.
    Refused(&'static str),
    /// The sender's window was full after this packet; holds the window in packets.
    WindowFull(u32),
    /// Findings of the rules, by requirement id.
    Finding(String),
    /// How a control message was cut into TCP segments.
    Segments(String),
    /// Sent by the script rather than by an endpoint.
    Scripted(String),
    /// Anything else that a reader needs.
    Note(String),
}

impl Mark {
    /// The mark as the transcript prints it. Never panics.
    pub fn text(&self) -> String {
        let mut text = TextBuffer::default();
        self.push_to(&mut text);
        text.into_text()
    }

    /// Appends the mark as the transcript prints it.
    pub(super) fn push_to(&self, text: &mut TextBuffer) {
        let (before, detail) = match self {
            Mark::Ignored => ("ignored", ""),
            Mark::Answer => ("answer", ""),
            Mark::Duplicated => ("duplicated", ""),
            Mark::Corrupted => ("corrupted", ""),
            Mark::Branch(number) => {
                text.push_str("branch ");
                return text.push_number(*number as u64);
            }
            Mark::WindowFull(window) => {
                text.push_str("window full: ");
                return text.push_number(u64::from(*window));
            }
            Mark::Lost(by) => ("lost: ", *by),
            Mark::Delayed(by) => ("delayed: ", by.as_str()),
            Mark::Refused(reason) => ("refused: ", *reason),
            Mark::Finding(ids) => ("finding: ", ids.as_str()),
            Mark::Scripted(findings) if findings.is_empty() => ("scripted", ""),
            Mark::Scripted(findings) => ("scripted: ", findings.as_str()),
            Mark::Cause(words) | Mark::Segments(words) | Mark::Note(words) => ("", words.as_str()),
        };
        text.push_str(before);
        text.push_str(detail);
    }
}

/// A TCP event of a control connection.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum TcpEvent {
    /// The opener's SYN.
    Open,
    /// An orderly close (FIN).
    Close,
    /// An abort or a refusal (RST).
    Reset,
}

impl TcpEvent {
    /// The event's name in scenarios and transcripts.
    pub const fn name(self) -> &'static str {
        match self {
            TcpEvent::Open => "TCP-Open",
            TcpEvent::Close => "TCP-Close",
            TcpEvent::Reset => "TCP-Reset",
        }
    }
}

/// A TCP event as one line.
#[derive(Clone, Debug)]
pub struct TcpEntry {
    /// When it left its sender.
    pub at: Instant,
    /// The end that did it.
    pub from: NodeId,
    /// The other end.
    pub to: NodeId,
    /// What it did.
    pub event: TcpEvent,
    /// The connection's name, where the pair had more than one.
    pub connection: Option<String>,
    /// What is said behind `//`.
    pub marks: Vec<Mark>,
}

/// A control message as one line.
#[derive(Clone, Debug)]
pub struct ControlEntry {
    /// When its last octet was put on the sender's interface.
    pub at: Instant,
    /// The sender.
    pub from: NodeId,
    /// The other end of the connection.
    pub to: NodeId,
    /// The connection's name, where the pair had more than one.
    pub connection: Option<String>,
    /// The call's name, if the message belongs to a call that the scenario names.
    pub call: Option<String>,
    /// The message's octets as sent.
    pub octets: Rc<[u8]>,
    /// What is said behind `//`.
    pub marks: Vec<Mark>,
}

/// One GRE packet; runs of like packets become one line.
#[derive(Clone, Debug)]
pub struct GreEntry {
    /// When it was put on the sender's interface.
    pub at: Instant,
    /// The sender.
    pub from: NodeId,
    /// The node that the packet is addressed to.
    pub to: NodeId,
    /// The call's name, if the packet belongs to a call that the scenario names.
    pub call: Option<Rc<str>>,
    /// The datagram's number; copies share it.
    pub packet: PacketNumber,
    /// The header, where it can be decoded.
    pub header: Option<GreHeader>,
    /// Octets from the GRE header on.
    pub length: u32,
    /// The step of the scenario that named this packet; a fold never crosses from one step to another.
    pub step: Option<usize>,
    /// What is said behind `//`.
    pub marks: Vec<Mark>,
}

impl GreEntry {
    /// The Call ID in the key, shown where the call has no name; 0 where there is no header.
    pub fn call_id(&self) -> u16 {
        self.header.map_or(0, |header| header.call_id.0)
    }

    /// Payload Length, in octets; 0 where there is no header.
    pub fn payload_length(&self) -> u16 {
        self.header.map_or(0, |header| header.payload_length)
    }

    /// The Sequence Number, if the packet carries one.
    pub fn sequence_number(&self) -> Option<u32> {
        self.header?.sequence_number
    }

    /// The Acknowledgment Number, if the packet carries one.
    pub fn acknowledgment_number(&self) -> Option<u32> {
        self.header?.acknowledgment_number
    }

    /// Fields of the header that are not as they should be (key and value), shown as they are.
    pub fn odd_fields(&self) -> Vec<(&'static str, u32)> {
        self.header
            .map_or_else(Vec::new, |header| odd_fields(&header, self.length))
    }
}

/// One entry of the log that a transcript is rendered from, in the order in which things happened.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A step of the script, echoed when it is performed or satisfied.
    Step {
        /// When.
        at: Instant,
        /// The step as the scenario writes it.
        text: String,
        /// What is said behind `//`.
        marks: Vec<Mark>,
    },
    /// A TCP event.
    Tcp(TcpEntry),
    /// A control message.
    Control(ControlEntry),
    /// A GRE packet.
    Gre(GreEntry),
    /// A line that is nothing but a comment.
    Comment {
        /// When.
        at: Instant,
        /// What is said behind `//`.
        text: String,
    },
}

impl Entry {
    /// When the entry happened, in virtual time.
    pub fn at(&self) -> Instant {
        match self {
            Entry::Step { at, .. } | Entry::Comment { at, .. } => *at,
            Entry::Tcp(entry) => entry.at,
            Entry::Control(entry) => entry.at,
            Entry::Gre(entry) => entry.at,
        }
    }

    /// The entry's marks, to add to them once more is known; a comment has none.
    pub fn marks_mut(&mut self) -> Option<&mut Vec<Mark>> {
        match self {
            Entry::Step { marks, .. } => Some(marks),
            Entry::Tcp(entry) => Some(&mut entry.marks),
            Entry::Control(entry) => Some(&mut entry.marks),
            Entry::Gre(entry) => Some(&mut entry.marks),
            Entry::Comment { .. } => None,
        }
    }
}

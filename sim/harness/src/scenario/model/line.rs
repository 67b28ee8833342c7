//! Lines about one message, and `expect`.

use std::net::Ipv4Addr;

use pptp_wire::time::Duration;
use pptp_wire::{ControlMessageType, Requirement};

use super::{Name, NodeIndex, Observable, Pattern, SourceSpan};

/// At which end of the path a line looks for its message.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum View {
    /// A plain line: where the sender puts it on its interface.
    Sent,
    /// `delivered a -> b …`: where the receiver gets it.
    Delivered,
    /// `lost a -> b …`: it never gets there.
    Lost,
}

/// What a line names: a control message, a GRE packet, or an event of the TCP connection.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum MessageName {
    /// One of the fifteen control messages (RFC 2637 §2).
    Control(ControlMessageType),
    /// `Unknown-Message`: a framed message whose Control Message Type is none of the fifteen.
    Unknown,
    /// `Unframed-Octets`: octets on the control connection that form no message.
    Unframed,
    /// `GRE`: an enhanced GRE packet (RFC 2637 §4.1).
    Gre,
    /// `TCP-Open`: the first segment of a connection (SYN).
    TcpOpen,
    /// `TCP-Close`: the sender closes its direction (FIN).
    TcpClose,
    /// `TCP-Reset`: the sender aborts the connection or refuses it (RST).
    TcpReset,
    /// `TCP-End`: a close or a reset, whichever comes (expectations alone).
    TcpEnd,
    /// `TCP-Segment`: octets of a control connection that travel together (`delay` and `hasten` alone).
    TcpSegment,
}

/// A field that a line names, with what it asks of it or sends in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FieldPattern {
    /// The field's key in the vocabulary: `peer-call-id`, `sequence-number`, `acknowledgment-only`.
    pub key: &'static str,
    /// What is asked.
    pub pattern: Pattern,
    /// Where it stands.
    pub span: SourceSpan,
}

/// `pns -> pac Outgoing-Call-Request call=c1 …`: a message that is expected, or, from a scripted node or after `inject`, sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MessageLine {
    /// Who sends it.
    pub from: NodeIndex,
    /// Who gets it.
    pub to: NodeIndex,
    /// Where the line looks for it.
    pub view: View,
    /// Whether this line makes its sender send the message: the sender is scripted, or the line is an `inject`.
    pub sends: bool,
    /// Which message.
    pub message: MessageName,
    /// `call=`: the Call ID that the RFC has this message carry is that of the owner in this call.
    pub call: Option<Name>,
    /// `connection=`.
    pub connection: Option<Name>,
    /// The fields that the line names, in its order.
    pub fields: Vec<FieldPattern>,
    /// `exact`: fields that the line does not name must be zero, empty or absent, or constant.
    pub exact: bool,
    /// `packets=n`: the line stands for n packets of its direction (GRE).
    pub packets: Option<u64>,
    /// `after=`: not earlier than this from the end of the previous step.
    pub after: Option<Duration>,
    /// `within=`: not later than this from the end of the previous step.
    pub within: Option<Duration>,
    /// `requirement=`: what a missed line breaks.
    pub requirement: Option<Requirement>,
    /// Raw work on what is sent; empty on expectations.
    pub raw: RawWork,
    /// `may-be-refused=#true` of an `inject`: where the connection is not open, nothing happens and nothing is wrong.
    pub may_be_refused: bool,
}

/// Raw work on a message that a line sends.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RawWork {
    /// `split="84 100"`: the message goes out in segments, cut after these many octets; ascending.
    pub split: Vec<u32>,
    /// `pause=`: the time between two of those segments.
    pub pause: Option<Duration>,
    /// `truncate=`: only so many octets are sent; Length stays as it was.
    pub truncate: Option<u32>,
    /// `pad=`: so many zero octets follow; Length stays as it was.
    pub pad: Option<u32>,
    /// `octets=`.
    pub octets: Option<Octets>,
    /// `patch="16:04 20:00ff"`: octets that replace what stands there, last of all the changes.
    pub patches: Vec<Patch>,
    /// `from-address=`: the source address on the packet.
    pub from_address: Option<Ipv4Addr>,
    /// `in-stream=#true`: the octets are no message of their own, and what the two ends make of them is not judged.
    pub in_stream: bool,
}

impl RawWork {
    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        *self == RawWork::default()
    }
}

/// `octets=`: the octets really sent, whatever the header says of them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Octets {
    /// A number: for GRE, so many octets of payload; for a control message, so many octets in all (cut off, or filled with zeros).
    Count(u32),
    /// Hexadecimal digits in quotes: for GRE, the payload; for a control message, the whole message.
    Literal(Vec<u8>),
}

/// Octets that replace what stands in a message from `offset` on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Patch {
    /// Octets from the start of the message, or of the GRE header.
    pub offset: u32,
    /// What stands there afterwards.
    pub octets: Vec<u8>,
}

/// `expect NODE call=… OBSERVABLE=value …`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ExpectLine {
    /// The node that is asked.
    pub node: NodeIndex,
    /// `call=`.
    pub call: Option<Name>,
    /// `connection=`.
    pub connection: Option<Name>,
    /// Everything that must hold, all at once, in the order of the line.
    pub observables: Vec<(Observable, Pattern, SourceSpan)>,
    /// `after=`: it must not hold earlier.
    pub after: Option<Duration>,
    /// `within=`: waits this long; without it everything must hold at once.
    pub within: Option<Duration>,
    /// `requirement=`.
    pub requirement: Option<Requirement>,
}

impl MessageName {
    /// The word of scenarios and transcripts. A control message of an undefined type is `Unknown-Message`.
    pub fn name(self) -> &'static str {
        match self {
            MessageName::Control(message_type) => message_type.name().unwrap_or("Unknown-Message"),
            MessageName::Unknown => "Unknown-Message",
            MessageName::Unframed => "Unframed-Octets",
            MessageName::Gre => "GRE",
            MessageName::TcpOpen => "TCP-Open",
            MessageName::TcpClose => "TCP-Close",
            MessageName::TcpReset => "TCP-Reset",
            MessageName::TcpEnd => "TCP-End",
            MessageName::TcpSegment => "TCP-Segment",
        }
    }

    /// The message of that name.
    pub fn named(name: &str) -> Option<MessageName> {
        let others = [
            MessageName::Unknown,
            MessageName::Unframed,
            MessageName::Gre,
            MessageName::TcpOpen,
            MessageName::TcpClose,
            MessageName::TcpReset,
            MessageName::TcpEnd,
            MessageName::TcpSegment,
        ];
        ControlMessageType::ALL
            .iter()
            .map(|(number, _, _)| MessageName::Control(ControlMessageType(*number)))
            .chain(others)
            .find(|message| message.name() == name)
    }

    /// Whether it travels on a control connection, as a message or as octets that form none.
    pub const fn is_control(self) -> bool {
        matches!(
            self,
            MessageName::Control(_) | MessageName::Unknown | MessageName::Unframed
        )
    }

    /// Whether it is an event of a TCP connection.
    pub const fn is_tcp(self) -> bool {
        matches!(
            self,
            MessageName::TcpOpen
                | MessageName::TcpClose
                | MessageName::TcpReset
                | MessageName::TcpEnd
        )
    }
}

//! What a capture holds that was skipped, doubted or repaired: counted by kind, never silent.

use std::collections::BTreeMap;
use std::fmt;

use super::names;

/// Where a notice points.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// An offset in the file, in octets.
    Offset(u64),
    /// A frame, counted from 1 in file order.
    Frame(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Offset(offset) => write!(formatter, "offset {offset}"),
            Place::Frame(frame) => write!(formatter, "frame {frame}"),
        }
    }
}

/// What an ICMP error is about.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Quoted {
    /// A GRE packet of PPTP.
    Gre,
    /// A segment from or to PPTP's port.
    ControlConnection,
}

/// Something that the reader of a report has to know about the capture.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
#[non_exhaustive]
pub enum Notice {
    /// A frame longer than the reader takes was passed over.
    FrameTooLong,
    /// A pcapng block longer than the reader takes was passed over.
    BlockTooLong,
    /// A pcapng block whose trailing length differs from its leading one.
    TrailingLength,
    /// A pcapng option that is cut off or has a length that its code does not allow.
    BadOption,
    /// A packet block whose captured length exceeds the block: what the block holds was taken.
    CapturedLength,
    /// A pcapng block of a type that nobody has told the reader of was passed over.
    UnknownBlock,
    /// A packet of an interface that the section does not describe was passed over.
    UnknownInterface,
    /// More interfaces in a section than the reader keeps.
    TooManyInterfaces,
    /// A frame of a link type that is not read; its number.
    LinkType(u16),
    /// A frame of a network protocol other than IP was passed over; its EtherType.
    EtherType(u16),
    /// A frame of an IEEE 802.2 protocol that is not read (IPX, spanning tree, NetBIOS and others).
    Llc,
    /// A frame of PPP that carries no IP packet; its protocol.
    Ppp(u16),
    /// An IPv6 packet was passed over: PPTP runs over IPv4.
    Ipv6,
    /// A frame too short for its link-layer header.
    LinkHeader,
    /// An IPv4 header that is cut off or contradicts itself.
    Ipv4Header,
    /// An IPv4 header with a wrong checksum; the packet was taken.
    Ipv4Checksum,
    /// An IPv4 packet of a protocol that PPTP has no use for was passed over; its number.
    Protocol(u8),
    /// A packet of a tunnel that is not looked into was passed over; the tunnel's name.
    Tunnel(&'static str),
    /// A packet inside another one was taken; the tunnel's name.
    Carried(&'static str),
    /// Tunnels inside tunnels, more than anybody builds, were passed over.
    NestedTunnels,
    /// An ICMP error about a packet of PPTP. The packet that it quotes is not taken as traffic.
    IcmpError {
        /// Type of the ICMP message.
        icmp_type: u8,
        /// Code of the ICMP message.
        code: u8,
        /// What it is about.
        quoted: Quoted,
    },
    /// The capture holds fewer octets of the packet than were sent.
    CutPacket,
    /// Fragments of a datagram that never became whole.
    UnfinishedFragments,
    /// Fragments that contradict each other, or a fragment cut by the capture: the datagram was dropped.
    BadFragments,
    /// A TCP header that is cut off or contradicts itself.
    TcpHeader,
    /// A TCP segment with a wrong checksum; it was taken (captures at the sender often see checksums that the adapter fills in later).
    TcpChecksum,
    /// A TCP segment that brings only octets that were there before.
    Retransmission,
    /// A TCP segment that brings other octets than those that were there before; the first ones stand.
    ConflictingOverlap,
    /// A TCP segment that arrived before an earlier one.
    OutOfOrder,
    /// Octets of a TCP stream that the capture does not hold.
    MissingOctets,
    /// A TCP connection whose beginning the capture does not hold.
    MissingStart,
    /// A TCP reset far away from the stream's position, which a receiver ignores.
    StrayReset,
    /// A TCP connection was forgotten to keep within memory.
    ForgottenConnection,
    /// A GRE packet of another use of GRE (version and protocol type are not PPTP's) was passed over; its protocol type.
    OtherGre(u16),
    /// A GRE header that is cut off before its version.
    GreHeader,
    /// A frame with an earlier time than the first one: shown with the time 0.
    TimeBeforeStart,
    /// A frame with an earlier time than the one before it in the file.
    TimeGoesBack,
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Notice::FrameTooLong => "frame longer than 262144 octets skipped",
            Notice::BlockTooLong => "pcapng block longer than 1 MiB skipped",
            Notice::TrailingLength => {
                "pcapng block whose trailing length differs from its total length"
            }
            Notice::BadOption => "pcapng option with an impossible length ignored",
            Notice::CapturedLength => "captured length larger than the packet block",
            Notice::UnknownBlock => "pcapng block of an unknown type skipped",
            Notice::UnknownInterface => "packet of an interface without description skipped",
            Notice::TooManyInterfaces => "interface description beyond the first 4096 ignored",
            Notice::LinkType(number) => {
                write!(formatter, "frame of link type {number}")?;
                return skipped(formatter, names::link_type(*number));
            }
            Notice::EtherType(number) => {
                write!(formatter, "frame of network protocol 0x{number:04X}")?;
                return skipped(formatter, names::ether_type(*number));
            }
            Notice::Llc => "frame of an IEEE 802.2 protocol skipped",
            Notice::Ppp(number) => {
                write!(formatter, "PPP frame of protocol 0x{number:04X}")?;
                return skipped(formatter, None);
            }
            Notice::Ipv6 => "IPv6 packet skipped (PPTP runs over IPv4)",
            Notice::LinkHeader => "frame too short for its link-layer header skipped",
            Notice::Ipv4Header => "malformed IPv4 header, packet skipped",
            Notice::Ipv4Checksum => "wrong IPv4 header checksum, packet taken",
            Notice::Protocol(number) => {
                write!(formatter, "IPv4 packet of protocol {number}")?;
                return skipped(formatter, names::protocol(*number));
            }
            Notice::Tunnel(name) => {
                return write!(formatter, "packet of a tunnel skipped ({name})");
            }
            Notice::Carried(name) => {
                return write!(formatter, "packet inside a tunnel taken ({name})");
            }
            Notice::NestedTunnels => "packet inside more than 4 tunnels skipped",
            Notice::IcmpError {
                icmp_type,
                code,
                quoted,
            } => {
                let quoted = match quoted {
                    Quoted::Gre => "a GRE packet of PPTP",
                    Quoted::ControlConnection => "a segment of a control connection",
                };
                let says = names::icmp_error(*icmp_type, *code);
                return write!(formatter, "ICMP error about {quoted}: {says}");
            }
            Notice::CutPacket => "packet of which the capture holds only the beginning",
            Notice::UnfinishedFragments => "IPv4 fragments that never became a whole datagram",
            Notice::BadFragments => {
                "IPv4 fragments that contradict each other or are cut, datagram dropped"
            }
            Notice::TcpHeader => "malformed TCP header, segment skipped",
            Notice::TcpChecksum => "wrong TCP checksum, segment taken",
            Notice::Retransmission => "TCP retransmission",
            Notice::ConflictingOverlap => {
                "TCP segment that contradicts earlier octets of the stream"
            }
            Notice::OutOfOrder => "TCP segment out of order",
            Notice::MissingOctets => "octets of a TCP stream missing from the capture",
            Notice::MissingStart => "TCP connection whose beginning is not in the capture",
            Notice::StrayReset => "TCP reset far from the stream's position ignored",
            Notice::ForgottenConnection => "TCP connection forgotten to bound memory",
            Notice::OtherGre(number) => {
                return write!(
                    formatter,
                    "GRE packet that is not PPTP's skipped, protocol type 0x{number:04X}"
                );
            }
            Notice::GreHeader => "GRE packet shorter than 4 octets skipped",
            Notice::TimeBeforeStart => "frame older than the first one",
            Notice::TimeGoesBack => "frame older than the one before it",
        };
        formatter.write_str(text)
    }
}

/// Ends a notice of something that was skipped and may have a name.
fn skipped(formatter: &mut fmt::Formatter<'_>, name: Option<&str>) -> fmt::Result {
    match name {
        Some(name) => write!(formatter, " skipped ({name})"),
        None => formatter.write_str(" skipped"),
    }
}

/// How often a notice was given, and where first.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct NoticeCount {
    /// How often.
    pub count: u64,
    /// Where it was given first.
    pub first: Place,
}

/// Notices by kind: memory does not grow with their number.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Notices {
    by_kind: BTreeMap<Notice, NoticeCount>,
}

impl Notices {
    /// Counts one more.
    pub fn add(&mut self, notice: Notice, place: Place) {
        self.add_many(
            notice,
            NoticeCount {
                count: 1,
                first: place,
            },
        );
    }

    /// How often `notice` was given.
    pub fn count(&self, notice: Notice) -> u64 {
        self.by_kind.get(&notice).map_or(0, |entry| entry.count)
    }

    /// Every kind that was given, in a stable order.
    pub fn iter(&self) -> impl Iterator<Item = (Notice, NoticeCount)> {
        self.by_kind.iter().map(|(notice, count)| (*notice, *count))
    }

    /// Moves everything that `other` holds into `self`.
    pub fn absorb(&mut self, other: &mut Notices) {
        for (notice, count) in std::mem::take(&mut other.by_kind) {
            self.add_many(notice, count);
        }
    }

    /// Whether none was given.
    pub fn is_empty(&self) -> bool {
        self.by_kind.is_empty()
    }

    fn add_many(&mut self, notice: Notice, more: NoticeCount) {
        self.by_kind
            .entry(notice)
            .and_modify(|entry| entry.count = entry.count.saturating_add(more.count))
            .or_insert(more);
    }
}

impl fmt::Display for Notices {
    /// One line a kind: `frame 7: IPv6 packet skipped (PPTP runs over IPv4); 3 times`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (notice, NoticeCount { count, first }) in self.iter() {
            match count {
                1 => writeln!(formatter, "{first}: {notice}")?,
                _ => writeln!(formatter, "{first}: {notice}; {count} times")?,
            }
        }
        Ok(())
    }
}

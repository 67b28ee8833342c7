//! What a capture tells, in the order of sending: who spoke, on which connection, of which call, and what became of it.

use std::net::Ipv4Addr;

use pptp_wire::GreHeader;

use super::restored::Struck;

use crate::scenario::Role;

/// What one or more taps tell of the same conversation.
#[derive(Clone, Debug, Default)]
pub struct Story {
    /// Who took part, in the order of appearance.
    pub parties: Vec<Party>,
    /// The control connections, in the order of opening.
    pub connections: Vec<Connection>,
    /// The calls, in the order of their first message.
    pub calls: Vec<Call>,
    /// What happened, in the order of sending.
    pub events: Vec<Event>,
    /// Frames that the captures hold.
    pub frames: u64,
    /// What the path did before the only tap.
    pub struck: Struck,
    /// Whether there is a tap at every party, so that what was sent and never seen again is known to be lost.
    pub is_seen_at_both_ends: bool,
}

/// A host, or one of several clients that share its address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Party {
    /// Its address.
    pub address: Ipv4Addr,
    /// Which of those with this address, from 0.
    pub number: usize,
    /// The role that its messages give it, if they give it one.
    pub role: Option<Role>,
    /// It spoke as both.
    pub plays_both_roles: bool,
}

/// A control connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Connection {
    /// Who opened it.
    pub opener: usize,
    /// Whom it was opened to.
    pub acceptor: usize,
    /// Whether its beginning is in the capture.
    pub start_seen: bool,
    /// Octets of it are missing in the capture.
    pub has_gaps: bool,
    /// The time from the SYN to the third segment of the handshake, in nanoseconds.
    pub round_trip: Option<u64>,
}

/// A call, as far as its messages tell.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Call {
    /// Its control connection.
    pub connection: usize,
    /// The end that plays the PNS.
    pub pns: usize,
    /// The end that plays the PAC.
    pub pac: usize,
    /// The Call ID that the PNS assigned.
    pub pns_id: Option<u16>,
    /// The Call ID that the PAC assigned.
    pub pac_id: Option<u16>,
}

/// One thing that was sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// When, in nanoseconds: at its sender where there is a tap, else where it was seen.
    pub at: u64,
    /// The frame that shows it.
    pub frame: u64,
    /// Who sent it.
    pub from: usize,
    /// To whom.
    pub to: usize,
    /// What became of it, where there are taps at both ends.
    pub fate: Fate,
    /// What it is.
    pub what: What,
}

/// What became of a packet on its way.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Fate {
    /// No tap tells.
    #[default]
    Unknown,
    /// It never arrived.
    Lost,
    /// It arrived at these times, more than one where the path repeated it.
    Arrived(Vec<u64>),
}

/// The kinds of [`Event`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum What {
    /// A SYN.
    Open {
        /// Which connection.
        connection: usize,
    },
    /// A FIN.
    Close {
        /// Which connection.
        connection: usize,
        /// The other end had ended the connection before.
        is_answer: bool,
    },
    /// A reset.
    Reset {
        /// Which connection.
        connection: usize,
        /// Its sender had closed before: a host that refuses what comes late.
        is_answer: bool,
    },
    /// A control message, or octets that stand where one should.
    Control {
        /// Which connection.
        connection: usize,
        /// Its octets.
        octets: Vec<u8>,
        /// Whether it is one message of as many octets as its Length says.
        is_whole: bool,
        /// The call that it belongs to by the Call ID that the RFC has it carry.
        call: Option<usize>,
    },
    /// A GRE packet.
    Gre(Packet),
}

/// A GRE packet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Packet {
    /// The first octets, at most [`Packet::KEPT`].
    pub octets: Vec<u8>,
    /// Octets in all, from the GRE header on.
    pub length: usize,
    /// Its header, where it has one.
    pub header: Option<GreHeader>,
    /// The call of its receiver that has its Call ID.
    pub call: Option<usize>,
}

impl Packet {
    /// Octets that are kept of a packet.
    pub const KEPT: usize = 64;

    /// Sequence Number and Payload Length, where it carries data.
    pub fn data(&self) -> Option<(u32, u16)> {
        let header = self.header?;
        Some((header.sequence_number?, header.payload_length))
    }

    /// The Acknowledgment Number, where it does nothing but acknowledge.
    pub fn acknowledgment(&self) -> Option<u32> {
        let header = self.header?;
        match header.sequence_number {
            None => header.acknowledgment_number,
            Some(_) => None,
        }
    }
}

impl Event {
    /// The control connection that it belongs to.
    pub fn connection(&self) -> Option<usize> {
        match self.what {
            What::Open { connection }
            | What::Close { connection, .. }
            | What::Reset { connection, .. }
            | What::Control { connection, .. } => Some(connection),
            What::Gre(_) => None,
        }
    }

    /// The packet, if it is one.
    pub fn packet(&self) -> Option<&Packet> {
        match &self.what {
            What::Gre(packet) => Some(packet),
            _ => None,
        }
    }
}

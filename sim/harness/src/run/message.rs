//! What was seen on an interface: the candidates that lines of a scenario are held against.

use std::rc::Rc;

use pptp_wire::code::ControlMessageType;
use pptp_wire::gre::GreHeader;
use pptp_wire::time::Instant;
use pptp_world::{ConnectionNumber, MessageNumber, NodeId, PacketNumber};

use crate::scenario::model::View;
use crate::transcript::{GreEntry, TcpEvent};

/// What identifies a message from its sending to its end.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum MessageKey {
    /// A control message.
    Control(MessageNumber),
    /// A GRE packet; copies share the key.
    Gre(PacketNumber),
    /// A TCP event of one end of a connection.
    Tcp(ConnectionNumber, NodeId, u8),
}

/// What a message is.
#[derive(Clone, Debug)]
pub enum Content {
    /// A TCP event; a close may be the answer to the other end's close.
    Tcp {
        /// Which.
        event: TcpEvent,
        /// Whether it answers the other end's close.
        answer: bool,
    },
    /// A framed control message.
    Control {
        /// Its octets, as sent.
        octets: Rc<[u8]>,
        /// Whether the octets form a message (right cookie, a Length that fits).
        framed: bool,
    },
    /// A GRE packet.
    Gre {
        /// Its header, where it can be decoded.
        header: Option<GreHeader>,
        /// Octets from the GRE header on.
        length: u32,
    },
}

/// One message at one end of its path.
#[derive(Clone, Debug)]
pub struct Seen {
    /// When.
    pub at: Instant,
    /// The sender.
    pub from: NodeId,
    /// The receiver.
    pub to: NodeId,
    /// The connection that it belongs to, unless it is a GRE packet.
    pub connection: Option<ConnectionNumber>,
    /// Its identity.
    pub key: MessageKey,
    /// At which end it was seen.
    pub view: View,
    /// What it is.
    pub content: Content,
    /// Its place in the log.
    pub entry: usize,
}

impl Seen {
    /// A GRE packet that stands at this place in the log, seen at this time at that end.
    pub fn packet(packet: &GreEntry, entry: usize, (at, view): (Instant, View)) -> Seen {
        Seen {
            at,
            from: packet.from,
            to: packet.to,
            connection: None,
            key: MessageKey::Gre(packet.packet),
            view,
            content: Content::Gre {
                header: packet.header,
                length: packet.length,
            },
            entry,
        }
    }

    /// Whether it is a GRE packet, which is free unless a line names it.
    pub fn is_gre(&self) -> bool {
        matches!(self.content, Content::Gre { .. })
    }

    /// Whether its sender ends the connection.
    pub fn is_tcp_end(&self) -> bool {
        matches!(
            self.content,
            Content::Tcp {
                event: TcpEvent::Close | TcpEvent::Reset,
                ..
            }
        )
    }

    /// The Control Message Type of a control message that is long enough to have one.
    pub fn control_type(&self) -> Option<ControlMessageType> {
        match &self.content {
            Content::Control { octets, .. } => octets
                .get(8..10)
                .map(|pair| ControlMessageType(u16::from_be_bytes([pair[0], pair[1]]))),
            _ => None,
        }
    }
}

//! What one capture holds of connections and tunnels, as far as it is compared.

use std::collections::BTreeMap;
use std::net::SocketAddrV4;

use pptp_wire::GrePacket;

use crate::capture::Stamp;
use crate::decode::{Framing, GreOctets, Item, ItemKind};
use crate::path::Path;

/// Connections that are kept.
const CONNECTIONS: usize = 1024;
/// Messages of a connection that are kept.
const MESSAGES: usize = 256;
/// Octets of a message that are kept.
const OCTETS: usize = pptp_wire::MAXIMUM_LENGTH;
/// Directions of calls that are kept.
const FLOWS: usize = 4096;
/// Packets of a direction that are kept.
const SAMPLE: usize = 64;

/// A control message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) frame: u64,
    pub(super) octets: Box<[u8]>,
}

/// A control connection.
#[derive(Clone, Debug)]
pub(super) struct Conversation {
    pub(super) opener: SocketAddrV4,
    pub(super) acceptor: SocketAddrV4,
    /// What the opener said, and what the acceptor said.
    pub(super) messages: [Vec<Message>; 2],
}

/// A GRE packet.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(super) struct Packet {
    pub(super) frame: u64,
    pub(super) numbers: (Option<u32>, Option<u32>),
    /// Of all octets but the Call ID.
    pub(super) digest: u64,
}

/// One direction of one call.
#[derive(Clone, Default, Debug)]
pub(super) struct DataFlow {
    pub(super) packets: u64,
    pub(super) first: Vec<Packet>,
}

/// One capture.
#[derive(Clone, Default, Debug)]
pub struct Side {
    /// What the capture is called.
    pub name: String,
    pub(super) conversations: Vec<Conversation>,
    places: BTreeMap<u32, usize>,
    pub(super) flows: BTreeMap<Path, DataFlow>,
}

impl Side {
    /// A capture of which nothing has been seen yet.
    pub fn new(name: &str) -> Side {
        Side {
            name: name.to_owned(),
            ..Side::default()
        }
    }

    /// Takes what the capture holds of a control connection.
    pub(in crate::verify) fn item(&mut self, item: &Item<'_>) {
        match &item.kind {
            ItemKind::Opening(flow) | ItemKind::Opened { flow, .. }
                if self.conversations.len() < CONNECTIONS
                    && !self.places.contains_key(&flow.connection) =>
            {
                self.places
                    .insert(flow.connection, self.conversations.len());
                self.conversations.push(Conversation {
                    opener: flow.from,
                    acceptor: flow.to,
                    messages: [Vec::new(), Vec::new()],
                });
            }
            ItemKind::Control(control) if control.framing == Framing::Whole => {
                let Some(&place) = self.places.get(&control.flow.connection) else {
                    return;
                };
                let conversation = &mut self.conversations[place];
                let side = usize::from(control.flow.from != conversation.opener);
                if conversation.messages[side].len() < MESSAGES {
                    let kept = control.octets.len().min(OCTETS);
                    conversation.messages[side].push(Message {
                        frame: item.stamp.frame,
                        octets: control.octets[..kept].into(),
                    });
                }
            }
            _ => {}
        }
    }

    /// Takes a GRE packet.
    pub(in crate::verify) fn gre(&mut self, stamp: Stamp, packet: &GreOctets<'_>) {
        if packet.octets.len() < packet.sent_length {
            return;
        }
        let Ok(decoded) = GrePacket::decode(packet.octets) else {
            return;
        };
        let path = Path {
            from: packet.from,
            to: packet.to,
            call_id: decoded.header.call_id.0,
        };
        if self.flows.len() >= FLOWS && !self.flows.contains_key(&path) {
            return;
        }
        let flow = self.flows.entry(path).or_default();
        flow.packets += 1;
        if flow.first.len() < SAMPLE {
            flow.first.push(Packet {
                frame: stamp.frame,
                numbers: (
                    decoded.header.sequence_number,
                    decoded.header.acknowledgment_number,
                ),
                digest: digest(packet.octets),
            });
        }
    }
}

/// FNV-1a over all octets but the Call ID.
fn digest(octets: &[u8]) -> u64 {
    let kept = octets
        .iter()
        .enumerate()
        .filter(|(at, _)| !(6..8).contains(at));
    kept.fold(0xcbf2_9ce4_8422_2325, |hash, (_, &octet)| {
        (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3)
    })
}

//! What is known of a message or packet when the run is over.

use std::net::Ipv4Addr;
use std::ops::Range;

use pptp_wire::FramingErrorKind;
use pptp_world::{Loss, NodeId, PacketNumber};

/// A control message, or a unit of octets that is none.
#[derive(Clone, Debug)]
pub(super) struct MessageNote {
    /// Where it stands in the stream of its sender.
    pub range: Range<u64>,
    pub octets: Vec<u8>,
    pub framing: Option<FramingErrorKind>,
    /// Nobody else had a hand in its octets.
    pub is_own: bool,
    pub remark: Option<String>,
    /// What a targeted rule did to it.
    pub held_up: Option<pptp_wire::time::Duration>,
    /// Numbers of the records that tell of it.
    pub records: Vec<u64>,
}

/// A GRE packet.
#[derive(Clone, Debug)]
pub(super) struct PacketNote {
    pub from: NodeId,
    pub to: Option<NodeId>,
    pub source: Ipv4Addr,
    pub destination: Ipv4Addr,
    pub identification: u16,
    pub octets: Vec<u8>,
    pub is_own: bool,
    pub is_forged: bool,
    pub remark: Option<String>,
    /// The packet that had the same Sequence Number first, and whether the octets behind the header are the same as well.
    pub repeats: Option<(PacketNumber, bool)>,
    /// Where copies of it were lost.
    pub lost: Vec<Loss>,
    /// Copies that the link made beside the first.
    pub copies: u32,
    /// What a targeted rule did to it.
    pub held_up: Option<pptp_wire::time::Duration>,
    /// Numbers of the records that tell of it.
    pub records: Vec<u64>,
}

/// `loss`, `outage`, `no link`: where a packet was lost, in the words of transcripts.
pub(super) const fn lost_by(loss: &Loss) -> &'static str {
    match loss {
        Loss::NoAddress => "no such address",
        Loss::NoLink => "no link",
        Loss::NodeDown => "node down",
        Loss::Link(pptp_world::link::ImpairmentKind::Targeted) => "drop",
        Loss::Link(kind) => kind.key(),
    }
}

//! What a path needs to know of a packet: its size, and what targeted rules look at.

use pptp_wire::{CallId, ControlMessageType, GreHeader, GrePacket};

/// Octets of the IPv4 header without options that a datagram is sent with; MTU and rate count it.
pub const IPV4_HEADER_LENGTH: usize = 20;

/// A GRE datagram as a path sees it. All but `length` is there for targeted rules.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct PacketView<'a> {
    /// Octets from the GRE header on.
    pub length: usize,
    /// The Key field's low half (RFC 2637 §4.1), if the header is readable.
    pub call_id: Option<CallId>,
    /// The Key field's high half, if the header is readable.
    pub payload_length: Option<u16>,
    /// The Sequence Number, if there is one.
    pub sequence_number: Option<u32>,
    /// The Acknowledgment Number, if there is one.
    pub acknowledgment_number: Option<u32>,
    /// All octets behind the header.
    pub payload: &'a [u8],
}

impl<'a> PacketView<'a> {
    /// The view of a datagram whose header the caller has read already; `length` counts from the GRE header on.
    pub const fn of(header: &GreHeader, length: usize, payload: &'a [u8]) -> PacketView<'a> {
        PacketView {
            length,
            call_id: Some(header.call_id),
            payload_length: Some(header.payload_length),
            sequence_number: header.sequence_number,
            acknowledgment_number: header.acknowledgment_number,
            payload,
        }
    }

    /// The view of any octets from the GRE header on. What does not decode has a length and nothing else.
    pub fn decode(octets: &'a [u8]) -> PacketView<'a> {
        match GrePacket::decode(octets) {
            Ok(packet) => PacketView::of(&packet.header, octets.len(), packet.payload),
            Err(_) => PacketView {
                length: octets.len(),
                ..PacketView::default()
            },
        }
    }

    /// Whether the packet acknowledges and carries nothing: it has no Sequence Number (RFC 2637 §4.2).
    pub const fn is_acknowledgment_only(&self) -> bool {
        self.acknowledgment_number.is_some() && self.sequence_number.is_none()
    }

    /// Bits in the datagram.
    pub(super) fn bits(&self) -> u32 {
        u32::try_from(self.length.saturating_mul(8)).unwrap_or(u32::MAX)
    }
}

/// A message on the control plane as a path sees it, for targeted rules alone.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct ControlView {
    /// Its Control Message Type, if it is readable.
    pub control_message_type: Option<ControlMessageType>,
    /// The Call ID that names its call, if it has one. Which of two fields that is, the caller decides.
    pub call_id: Option<CallId>,
}

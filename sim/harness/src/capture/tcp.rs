//! TCP segments (RFC 9293 §3.1).

use std::net::Ipv4Addr;

use super::checksum::Sum;
use super::ipv4::Ipv4Packet;

/// FIN in octet 13 of a TCP header.
pub const FIN: u8 = 0x01;
/// SYN in octet 13 of a TCP header.
pub const SYN: u8 = 0x02;
/// RST in octet 13 of a TCP header.
pub const RST: u8 = 0x04;
/// PSH in octet 13 of a TCP header.
pub const PSH: u8 = 0x08;
/// ACK in octet 13 of a TCP header.
pub const ACK: u8 = 0x10;

/// One TCP segment.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct TcpSegment<'a> {
    /// Source Port, octets 0-1.
    pub source_port: u16,
    /// Destination Port, octets 2-3.
    pub destination_port: u16,
    /// Sequence Number, octets 4-7.
    pub sequence_number: u32,
    /// Acknowledgment Number, octets 8-11; means something only with ACK.
    pub acknowledgment_number: u32,
    /// Octet 13: [`FIN`], [`SYN`], [`RST`], [`PSH`], [`ACK`] and others.
    pub flags: u8,
    /// The captured payload.
    pub payload: &'a [u8],
    /// Octets that the payload had when it was sent.
    pub payload_length: usize,
    /// Whether the checksum is right; `None` where the capture does not hold the whole segment.
    pub checksum_valid: Option<bool>,
}

impl TcpSegment<'_> {
    /// Reads the segment that `packet` carries; `None` if its header is cut off or contradicts itself.
    pub fn parse<'a>(packet: &Ipv4Packet<'a>) -> Option<TcpSegment<'a>> {
        let octets = packet.payload;
        let fixed: &[u8; 20] = octets.first_chunk()?;
        let header_length = usize::from(fixed[12] >> 4) * 4;
        if header_length < fixed.len() || header_length > packet.payload_length {
            return None;
        }
        let word = |at: usize| {
            u32::from_be_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]])
        };
        Some(TcpSegment {
            source_port: u16::from_be_bytes([fixed[0], fixed[1]]),
            destination_port: u16::from_be_bytes([fixed[2], fixed[3]]),
            sequence_number: word(4),
            acknowledgment_number: word(8),
            flags: fixed[13],
            payload: octets.get(header_length..).unwrap_or(&[]),
            payload_length: packet.payload_length - header_length,
            checksum_valid: (octets.len() == packet.payload_length)
                .then(|| checksum(packet.source, packet.destination, octets) == 0),
        })
    }

    /// Whether all of `flags` are set.
    pub fn has(&self, flags: u8) -> bool {
        self.flags & flags == flags
    }
}

/// The checksum of a TCP segment whose checksum field is zero; 0 if the field is right already.
pub(super) fn checksum(source: Ipv4Addr, destination: Ipv4Addr, segment: &[u8]) -> u16 {
    Sum::of_tcp_pseudo_header(source, destination, segment.len() as u16)
        .add(segment)
        .checksum()
}

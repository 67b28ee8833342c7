//! Packets made by hand.

use super::build::File;
use pptp_wire::{CallId, GreHeader, Raw};

/// What an IPv4 header says.
#[derive(Copy, Clone)]
pub struct Header<'a> {
    pub protocol: u8,
    pub identification: u16,
    /// In octets.
    pub fragment_offset: usize,
    pub more_fragments: bool,
    pub options: &'a [u8],
}

impl Header<'_> {
    /// Of a packet that is whole.
    pub fn of(protocol: u8) -> Header<'static> {
        Header {
            protocol,
            identification: 7,
            fragment_offset: 0,
            more_fragments: false,
            options: &[],
        }
    }

    /// The packet with this payload, from 10.0.0.2 to 10.0.0.1.
    pub fn packet(self, payload: &[u8]) -> Vec<u8> {
        let length = 20 + self.options.len();
        let total = (length + payload.len()) as u16;
        let fragment = (self.fragment_offset / 8) as u16 | u16::from(self.more_fragments) << 13;
        let mut packet = vec![0x40 | (length / 4) as u8, 0];
        packet.extend_from_slice(&total.to_be_bytes());
        packet.extend_from_slice(&self.identification.to_be_bytes());
        packet.extend_from_slice(&fragment.to_be_bytes());
        packet.extend_from_slice(&[64, self.protocol, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1]);
        packet.extend_from_slice(self.options);
        let sum: u32 = packet
            .chunks(2)
            .map(|word| u32::from(word[0]) << 8 | u32::from(word[1]))
            .sum();
        let checksum = !((sum & 0xFFFF) + (sum >> 16)) as u16;
        packet[10..12].copy_from_slice(&checksum.to_be_bytes());
        packet.extend_from_slice(payload);
        packet
    }
}

/// A packet of PPTP's GRE with an LCP frame.
pub fn gre(sequence_number: u32) -> Vec<u8> {
    let header = GreHeader::data(CallId(7), sequence_number, None, 40);
    let payload = [&[0xFF, 3, 0xC0, 0x21, 9, 1, 0, 36][..], &[0; 32]].concat();
    Raw::gre(&header, &payload).into_octets()
}

/// An IPv4 packet with a packet of PPTP's GRE.
pub fn gre_packet(sequence_number: u32) -> Vec<u8> {
    Header::of(47).packet(&gre(sequence_number))
}

/// A TCP segment from 1723, without a checksum that is right.
pub fn segment(sequence_number: u32, octets: &[u8]) -> Vec<u8> {
    let mut segment = vec![0x06, 0xBB, 0xC0, 0];
    segment.extend_from_slice(&sequence_number.to_be_bytes());
    segment.extend_from_slice(&[0, 0, 0, 0, 0x50, 0x18, 0xFF, 0xFF, 0, 0, 0, 0]);
    segment.extend_from_slice(octets);
    segment
}

/// An Ethernet frame.
pub fn ethernet(ether_type: u16, octets: &[u8]) -> Vec<u8> {
    [&[2; 12][..], &ether_type.to_be_bytes(), octets].concat()
}

/// A pcap file with one frame a second.
pub fn pcap(link_type: u32, frames: &[Vec<u8>]) -> Vec<u8> {
    let mut file = File::new(false);
    file.pcap(0xA1B2_C3D4, link_type);
    for (second, frame) in frames.iter().enumerate() {
        file.record(second as u32, 0, frame);
    }
    file.octets
}

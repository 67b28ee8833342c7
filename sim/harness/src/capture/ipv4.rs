//! IPv4 headers (RFC 791).

use std::net::Ipv4Addr;

use super::checksum::Sum;

/// Protocol number of TCP.
pub const PROTOCOL_TCP: u8 = 6;
/// Protocol number of GRE.
pub const PROTOCOL_GRE: u8 = 47;

const MORE_FRAGMENTS: u16 = 0x2000;
const FRAGMENT_OFFSET: u16 = 0x1FFF;

/// One IPv4 packet: its addresses and what it carries.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Ipv4Packet<'a> {
    /// Source Address, octets 12-15.
    pub source: Ipv4Addr,
    /// Destination Address, octets 16-19.
    pub destination: Ipv4Addr,
    /// Protocol, octet 9.
    pub protocol: u8,
    /// Identification, octets 4-5.
    pub identification: u16,
    /// Whether another fragment follows.
    pub more_fragments: bool,
    /// Position of the payload in the datagram, in octets.
    pub fragment_offset: usize,
    /// The captured payload, behind the options and without link-layer padding.
    pub payload: &'a [u8],
    /// Octets that the payload had when it was sent; more than `payload` where the capture cut it.
    pub payload_length: usize,
    /// Whether the header checksum is right.
    pub checksum_valid: bool,
}

impl Ipv4Packet<'_> {
    /// Reads the header at the start of `octets`; `None` if it is cut off or contradicts itself.
    pub fn parse(octets: &[u8]) -> Option<Ipv4Packet<'_>> {
        let fixed: &[u8; 20] = octets.first_chunk()?;
        let header_length = usize::from(fixed[0] & 0x0F) * 4;
        if fixed[0] >> 4 != 4 || header_length < fixed.len() {
            return None;
        }
        let header = octets.get(..header_length)?;
        let total_length = match u16::from_be_bytes([fixed[2], fixed[3]]) {
            // Packets that the adapter cuts into segments are captured with a total length of 0.
            0 => octets.len(),
            length => usize::from(length),
        };
        let payload_length = total_length.checked_sub(header_length)?;
        let behind = &octets[header_length..];
        let fragment = u16::from_be_bytes([fixed[6], fixed[7]]);
        Some(Ipv4Packet {
            source: Ipv4Addr::new(fixed[12], fixed[13], fixed[14], fixed[15]),
            destination: Ipv4Addr::new(fixed[16], fixed[17], fixed[18], fixed[19]),
            protocol: fixed[9],
            identification: u16::from_be_bytes([fixed[4], fixed[5]]),
            more_fragments: fragment & MORE_FRAGMENTS != 0,
            fragment_offset: usize::from(fragment & FRAGMENT_OFFSET) * 8,
            payload: &behind[..behind.len().min(payload_length)],
            payload_length,
            checksum_valid: Sum::default().add(header).checksum() == 0,
        })
    }

    /// Whether the packet is a part of a datagram and not the whole of it.
    pub fn is_fragment(&self) -> bool {
        self.more_fragments || self.fragment_offset > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(first: u8, total_length: u16, options: &[u8]) -> Vec<u8> {
        let [high, low] = total_length.to_be_bytes();
        let mut octets = vec![
            first, 0, high, low, 0x12, 0x34, 0x20, 0x02, 64, 47, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
        ];
        octets.extend_from_slice(options);
        let [high, low] = Sum::default().add(&octets).checksum().to_be_bytes();
        octets[10] = high;
        octets[11] = low;
        octets
    }

    #[test]
    fn options_are_passed_over_and_padding_is_cut() {
        let mut octets = header(0x46, 26, &[1, 1, 1, 0]);
        octets.extend_from_slice(&[7, 8, 0, 0, 0]);
        let packet = Ipv4Packet::parse(&octets).expect("a whole header");
        assert_eq!((packet.payload, packet.payload_length), (&[7, 8][..], 2));
        assert_eq!(
            (
                packet.identification,
                packet.fragment_offset,
                packet.more_fragments
            ),
            (0x1234, 16, true)
        );
        assert!(packet.checksum_valid);
    }

    #[test]
    fn a_cut_packet_keeps_its_real_length() {
        let mut octets = header(0x45, 100, &[]);
        octets.extend_from_slice(&[7, 8]);
        let packet = Ipv4Packet::parse(&octets).expect("a whole header");
        assert_eq!((packet.payload, packet.payload_length), (&[7, 8][..], 80));
    }

    #[test]
    fn contradictions_are_no_packet() {
        for octets in [
            header(0x55, 20, &[]),
            header(0x44, 20, &[]),
            header(0x46, 24, &[]),
            header(0x45, 19, &[]),
            header(0x45, 20, &[])[..19].to_vec(),
        ] {
            assert_eq!(Ipv4Packet::parse(&octets), None, "{octets:?}");
        }
    }

    #[test]
    fn a_wrong_checksum_is_seen() {
        let mut octets = header(0x45, 20, &[]);
        octets[8] ^= 1;
        assert!(
            !Ipv4Packet::parse(&octets)
                .expect("a whole header")
                .checksum_valid
        );
    }
}

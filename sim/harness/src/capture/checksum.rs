//! The Internet checksum (RFC 1071), for IPv4 headers and TCP segments.

use std::net::Ipv4Addr;

/// One's complement sum of 16-bit words, built up over several pieces.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Sum(u64);

impl Sum {
    /// Adds octets that start at an even position; an odd last octet counts as the high half of a word.
    pub(super) fn add(mut self, octets: &[u8]) -> Sum {
        let mut words = octets.chunks_exact(2);
        for word in &mut words {
            self.0 += u64::from(u16::from_be_bytes([word[0], word[1]]));
        }
        if let [last] = words.remainder() {
            self.0 += u64::from(*last) << 8;
        }
        self
    }

    /// The sum of the pseudo header of a TCP segment of `length` octets.
    pub(super) fn of_tcp_pseudo_header(
        source: Ipv4Addr,
        destination: Ipv4Addr,
        length: u16,
    ) -> Sum {
        let [high, low] = length.to_be_bytes();
        Sum::default()
            .add(&source.octets())
            .add(&destination.octets())
            .add(&[0, super::ipv4::PROTOCOL_TCP, high, low])
    }

    /// The checksum: what makes the sum of everything, itself included, all ones.
    pub(super) fn checksum(self) -> u16 {
        let mut sum = self.0;
        while sum > 0xFFFF {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        !(sum as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_1071() {
        let sum = Sum::default().add(&[0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]);
        assert_eq!(sum.checksum(), !0xDDF2);
    }

    #[test]
    fn an_odd_octet_is_padded() {
        assert_eq!(Sum::default().add(&[0xAB]).checksum(), !0xAB00);
    }
}

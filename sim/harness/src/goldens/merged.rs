//! Many captures in one file, so that a decoder is started once.
//!
//! Every capture gets addresses of its own, so that no analyser takes the connections of one for those of another; checksums that were
//! right stay right, and wrong ones stay wrong. Comments are left out: a decoder is to look at the octets.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use crate::capture::{CaptureError, CaptureReader, begin_section, write_packet};

/// Octets of an Ethernet header.
const ETHERNET: usize = 14;
const PROTOCOL_TCP: u8 = 6;

/// A file of many captures.
#[derive(Debug)]
pub struct Merged {
    octets: Vec<u8>,
    /// Capture and frame behind each frame of the file.
    places: Vec<(usize, u64)>,
    captures: usize,
    addresses: u32,
}

impl Default for Merged {
    fn default() -> Self {
        Merged::new()
    }
}

impl Merged {
    /// A file without a frame.
    pub fn new() -> Merged {
        let mut octets = Vec::new();
        begin_section(&mut octets, "merged");
        Merged {
            octets,
            places: Vec::new(),
            captures: 0,
            addresses: u32::from(Ipv4Addr::new(10, 0, 0, 0)),
        }
    }

    /// Adds a capture behind the others.
    ///
    /// # Errors
    /// It cannot be read to its end.
    pub fn add(&mut self, capture: &[u8]) -> Result<(), CaptureError> {
        let mut reader = CaptureReader::new(capture)?;
        let mut given = BTreeMap::new();
        while let Some(frame) = reader.next_frame()? {
            let mut octets = frame.octets.to_vec();
            let (number, nanoseconds) = (frame.number, frame.nanoseconds);
            self.readdress(&mut octets, &mut given);
            write_packet(&mut self.octets, nanoseconds, &octets, None);
            self.places.push((self.captures, number));
        }
        self.captures += 1;
        Ok(())
    }

    /// The file: pcapng.
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// How many frames it has.
    pub fn frames(&self) -> usize {
        self.places.len()
    }

    /// Which capture, from 0, and which frame of it stand behind a frame of the file; `None` where the file has no such frame.
    pub fn place(&self, frame: u64) -> Option<(usize, u64)> {
        let index = usize::try_from(frame.checked_sub(1)?).ok()?;
        self.places.get(index).copied()
    }

    /// Gives the addresses of an IPv4 packet in an Ethernet frame new values.
    fn readdress(&mut self, frame: &mut [u8], given: &mut BTreeMap<[u8; 4], [u8; 4]>) {
        let is_ipv4 = frame.len() >= ETHERNET + 20 && frame[12..14] == [0x08, 0x00];
        if !is_ipv4 {
            return;
        }
        let packet = &mut frame[ETHERNET..];
        let header = usize::from(packet[0] & 0x0F) * 4;
        for at in [12, 16] {
            let Some(&old) = packet[at..].first_chunk::<4>() else {
                return;
            };
            let new = *given.entry(old).or_insert_with(|| {
                self.addresses += 1;
                self.addresses.to_be_bytes()
            });
            packet[at..at + 4].copy_from_slice(&new);
            amend(packet, 10, old, new);
            if packet[9] == PROTOCOL_TCP && packet.len() >= header + 18 {
                amend(packet, header + 16, old, new);
            }
        }
    }
}

/// Changes the checksum at `at` as the change from `old` to `new` asks for (RFC 1624).
fn amend(packet: &mut [u8], at: usize, old: [u8; 4], new: [u8; 4]) {
    let word =
        |octets: &[u8], index: usize| u32::from(octets[index]) << 8 | u32::from(octets[index + 1]);
    let mut sum = 0xFFFF ^ word(packet, at);
    for index in [0, 2] {
        sum += (0xFFFF ^ word(&old, index)) + word(&new, index);
    }
    while sum > 0xFFFF {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    let checksum = (!sum & 0xFFFF) as u16;
    packet[at..at + 2].copy_from_slice(&checksum.to_be_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{CaptureWriter, Ipv4Packet, TcpSegment, ipv4_in_frame};
    use pptp_wire::time::Instant;

    fn capture() -> Vec<u8> {
        let pns = "10.0.0.1:1024".parse().expect("an address");
        let pac = "10.0.0.2:1723".parse().expect("an address");
        let mut writer = CaptureWriter::new("pns", &["10.0.0.1".parse().expect("an address")]);
        writer.tcp_octets(Instant(1), pns, pac, b"request");
        writer.finish()
    }

    #[test]
    fn every_capture_has_addresses_of_its_own_and_its_checksums() {
        let mut merged = Merged::new();
        let good = capture();
        let mut bad = capture();
        let place = bad
            .windows(7)
            .position(|window| window == b"request")
            .expect("the octets");
        bad[place] ^= 1;
        merged.add(&good).expect("a capture");
        merged.add(&bad).expect("a capture");
        let mut reader = CaptureReader::new(merged.octets()).expect("a capture");
        let (mut pairs, mut wrong) = (std::collections::BTreeSet::new(), Vec::new());
        while let Some(frame) = reader.next_frame().expect("a whole capture") {
            let packet =
                Ipv4Packet::parse(ipv4_in_frame(frame.link_type, frame.octets).expect("IPv4"))
                    .expect("a packet");
            assert!(packet.checksum_valid);
            let ends = [packet.source, packet.destination];
            pairs.insert((ends.into_iter().min(), ends.into_iter().max()));
            let segment = TcpSegment::parse(&packet).expect("a segment");
            if segment.checksum_valid != Some(true) {
                wrong.push(frame.number);
            }
        }
        assert_eq!(pairs.len(), 2);
        let count = merged.frames() / 2;
        assert_eq!(wrong.len(), 1, "the one whose octets were changed");
        assert_eq!(merged.place(1), Some((0, 1)));
        assert_eq!(merged.place(wrong[0]).map(|place| place.0), Some(1));
        assert_eq!(merged.place(count as u64 + 1), Some((1, 1)));
        assert_eq!(merged.place(0), None);
        assert_eq!(merged.place(2 * count as u64 + 1), None);
    }
}

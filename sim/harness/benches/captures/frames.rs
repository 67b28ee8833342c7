//! A pcap file as `tcpdump -w` writes it, frame by frame: Ethernet, IPv4, and TCP or GRE with valid checksums.

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddrV4};

/// Seconds since 1970 at which the captures begin.
const BEGIN: u64 = 1_700_000_000;
const PROTOCOL_TCP: u8 = 6;
const PROTOCOL_GRE: u8 = 47;

/// One segment without what the file format adds.
#[derive(Copy, Clone, Debug)]
pub struct Segment<'a> {
    pub from: SocketAddrV4,
    pub to: SocketAddrV4,
    pub sequence_number: u32,
    pub acknowledgment_number: u32,
    pub flags: u8,
    pub octets: &'a [u8],
}

/// Writes frames as they come.
#[derive(Debug)]
pub struct Frames<W> {
    out: W,
    frame: Vec<u8>,
    /// Time of the next frame in microseconds since the begin.
    pub microseconds: u64,
    /// Frames written.
    pub written: u64,
    /// Octets written.
    pub octets: u64,
}

impl<W: Write> Frames<W> {
    /// Writes the file's header.
    pub fn begin(mut out: W) -> io::Result<Self> {
        let mut header = Vec::with_capacity(24);
        header.extend_from_slice(&0xA1B2_C3D4_u32.to_le_bytes());
        for half in [2_u16, 4] {
            header.extend_from_slice(&half.to_le_bytes());
        }
        for word in [0_u32, 0, 262_144, 1] {
            header.extend_from_slice(&word.to_le_bytes());
        }
        out.write_all(&header)?;
        Ok(Frames {
            out,
            frame: Vec::with_capacity(256),
            microseconds: 0,
            written: 0,
            octets: 24,
        })
    }

    /// Writes a GRE packet.
    pub fn gre(
        &mut self,
        from: Ipv4Addr,
        to: Ipv4Addr,
        identification: u16,
        octets: &[u8],
    ) -> io::Result<()> {
        self.start(from, to, PROTOCOL_GRE, identification, octets.len());
        self.frame.extend_from_slice(octets);
        self.end()
    }

    /// Writes a TCP segment.
    pub fn tcp(&mut self, identification: u16, segment: &Segment<'_>) -> io::Result<()> {
        let (from, to) = (*segment.from.ip(), *segment.to.ip());
        let length = 20 + segment.octets.len();
        self.start(from, to, PROTOCOL_TCP, identification, length);
        let begin = self.frame.len();
        let frame = &mut self.frame;
        frame.extend_from_slice(&segment.from.port().to_be_bytes());
        frame.extend_from_slice(&segment.to.port().to_be_bytes());
        frame.extend_from_slice(&segment.sequence_number.to_be_bytes());
        frame.extend_from_slice(&segment.acknowledgment_number.to_be_bytes());
        frame.extend_from_slice(&[0x50, segment.flags, 0xFA, 0xF0, 0, 0, 0, 0]);
        frame.extend_from_slice(segment.octets);
        let mut sum = u32::from(PROTOCOL_TCP) + length as u32;
        sum += words(&from.octets()) + words(&to.octets()) + words(&frame[begin..]);
        frame[begin + 16..begin + 18].copy_from_slice(&checksum(sum).to_be_bytes());
        self.end()
    }

    /// Hands on what was written.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }

    fn start(
        &mut self,
        from: Ipv4Addr,
        to: Ipv4Addr,
        protocol: u8,
        identification: u16,
        length: usize,
    ) {
        let frame = &mut self.frame;
        frame.clear();
        for address in [to, from] {
            frame.extend_from_slice(&[0x02, 0]);
            frame.extend_from_slice(&address.octets());
        }
        frame.extend_from_slice(&[0x08, 0x00, 0x45, 0]);
        frame.extend_from_slice(&(20 + length as u16).to_be_bytes());
        frame.extend_from_slice(&identification.to_be_bytes());
        frame.extend_from_slice(&[0x40, 0, 64, protocol, 0, 0]);
        frame.extend_from_slice(&from.octets());
        frame.extend_from_slice(&to.octets());
        let sum = checksum(words(&frame[14..34]));
        frame[24..26].copy_from_slice(&sum.to_be_bytes());
    }

    fn end(&mut self) -> io::Result<()> {
        let (seconds, fraction) = (self.microseconds / 1_000_000, self.microseconds % 1_000_000);
        let length = self.frame.len() as u32;
        let mut record = [0; 16];
        for (at, word) in [(BEGIN + seconds) as u32, fraction as u32, length, length]
            .into_iter()
            .enumerate()
        {
            record[at * 4..at * 4 + 4].copy_from_slice(&word.to_le_bytes());
        }
        self.out.write_all(&record)?;
        self.out.write_all(&self.frame)?;
        self.written += 1;
        self.octets += 16 + u64::from(length);
        Ok(())
    }
}

/// The sum of 16-bit words; an odd last octet counts as the high half of one.
pub fn words(octets: &[u8]) -> u32 {
    octets
        .chunks(2)
        .map(|word| u32::from(word[0]) << 8 | word.get(1).map_or(0, |&low| u32::from(low)))
        .sum()
}

/// The Internet checksum of a sum.
pub fn checksum(mut sum: u32) -> u16 {
    while sum > 0xFFFF {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    !(sum as u16)
}

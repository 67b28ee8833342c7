//! Frames as a node's interface shows them: Ethernet, IPv4, and TCP or GRE, with valid checksums.

use std::net::{Ipv4Addr, SocketAddrV4};

use super::checksum::Sum;
use super::ipv4::{PROTOCOL_GRE, PROTOCOL_TCP};
use super::tcp::{self, SYN};

/// Octets of an Ethernet header.
pub(super) const ETHERNET_HEADER: usize = 14;
const IPV4_HEADER: usize = 20;
const TIME_TO_LIVE: u8 = 64;
const DO_NOT_FRAGMENT: u16 = 0x4000;
/// The most octets that an IPv4 packet carries behind a header without options.
pub(super) const MAXIMUM_IPV4_PAYLOAD: usize = 65_535 - IPV4_HEADER;
/// The most octets of a TCP segment that fit into an Ethernet frame.
pub(super) const MAXIMUM_SEGMENT: usize = 1_500 - IPV4_HEADER - 20;
/// Maximum segment size 1460, no operation, window scale 7: windows that no run fills.
const SYN_OPTIONS: [u8; 8] = [2, 4, 0x05, 0xB4, 1, 3, 3, 7];

/// A TCP segment to be written.
#[derive(Copy, Clone, Debug)]
pub(super) struct Segment<'a> {
    pub(super) from: SocketAddrV4,
    pub(super) to: SocketAddrV4,
    pub(super) sequence_number: u32,
    pub(super) acknowledgment_number: u32,
    pub(super) flags: u8,
    pub(super) octets: &'a [u8],
}

/// A frame with a TCP segment. A SYN carries options.
pub(super) fn tcp_frame(segment: &Segment<'_>, identification: u16) -> Vec<u8> {
    let options: &[u8] = if segment.flags & SYN != 0 {
        &SYN_OPTIONS
    } else {
        &[]
    };
    let header_length = 20 + options.len();
    let (source, destination) = (*segment.from.ip(), *segment.to.ip());
    let length = header_length + segment.octets.len();
    let mut frame = ip_frame(source, destination, PROTOCOL_TCP, identification, length);
    let start = frame.len();
    frame.extend_from_slice(&segment.from.port().to_be_bytes());
    frame.extend_from_slice(&segment.to.port().to_be_bytes());
    frame.extend_from_slice(&segment.sequence_number.to_be_bytes());
    frame.extend_from_slice(&segment.acknowledgment_number.to_be_bytes());
    frame.extend_from_slice(&[
        (header_length as u8 / 4) << 4,
        segment.flags,
        0xFF,
        0xFF,
        0,
        0,
        0,
        0,
    ]);
    frame.extend_from_slice(options);
    frame.extend_from_slice(segment.octets);
    let checksum = tcp::checksum(source, destination, &frame[start..]);
    frame[start + 16..start + 18].copy_from_slice(&checksum.to_be_bytes());
    frame
}

/// A frame with a GRE packet; at most [`MAXIMUM_IPV4_PAYLOAD`] of `octets` fit.
pub(super) fn gre_frame(
    from: Ipv4Addr,
    to: Ipv4Addr,
    identification: u16,
    octets: &[u8],
) -> Vec<u8> {
    let octets = &octets[..octets.len().min(MAXIMUM_IPV4_PAYLOAD)];
    let mut frame = ip_frame(from, to, PROTOCOL_GRE, identification, octets.len());
    frame.extend_from_slice(octets);
    frame
}

/// Ethernet and IPv4 headers of a packet that carries `length` octets.
fn ip_frame(
    source: Ipv4Addr,
    destination: Ipv4Addr,
    protocol: u8,
    identification: u16,
    length: usize,
) -> Vec<u8> {
    let mut frame = Vec::with_capacity(ETHERNET_HEADER + IPV4_HEADER + length);
    for address in [destination, source] {
        // A locally administered address that shows the IPv4 address.
        frame.extend_from_slice(&[0x02, 0x00]);
        frame.extend_from_slice(&address.octets());
    }
    frame.extend_from_slice(&[0x08, 0x00]);
    frame.extend_from_slice(&[0x45, 0]);
    frame.extend_from_slice(&((IPV4_HEADER + length) as u16).to_be_bytes());
    frame.extend_from_slice(&identification.to_be_bytes());
    frame.extend_from_slice(&DO_NOT_FRAGMENT.to_be_bytes());
    frame.extend_from_slice(&[TIME_TO_LIVE, protocol, 0, 0]);
    frame.extend_from_slice(&source.octets());
    frame.extend_from_slice(&destination.octets());
    let checksum = Sum::default().add(&frame[ETHERNET_HEADER..]).checksum();
    frame[ETHERNET_HEADER + 10..ETHERNET_HEADER + 12].copy_from_slice(&checksum.to_be_bytes());
    frame
}

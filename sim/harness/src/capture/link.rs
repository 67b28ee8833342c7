//! From a frame to the IPv4 packet in it.

use super::notice::Notice;

const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_IPV6: u16 = 0x86DD;
/// IEEE 802.1Q, 802.1ad, and two numbers used for stacked tags before 802.1ad.
const VLAN_TAGS: [u16; 4] = [0x8100, 0x88A8, 0x9100, 0x9200];
/// No real network stacks more tags.
const MAXIMUM_TAGS: usize = 8;

/// The octets of the IPv4 packet in a frame of `link_type` (the number that the file format uses).
///
/// Read are loopback (0, 108), Ethernet with VLAN tags (1), raw IP (12, 14, 101, 228, 229), Linux cooked (113, 276).
///
/// # Errors
/// A notice that says what the frame is instead.
pub fn ipv4_in_frame(link_type: u16, frame: &[u8]) -> Result<&[u8], Notice> {
    match link_type {
        0 | 108 => loopback(frame),
        1 => by_ether_type(frame, 12),
        12 | 14 | 101 => raw_ip(frame),
        113 => by_ether_type(frame, 14),
        228 => Ok(frame),
        229 => Err(Notice::Ipv6),
        276 => {
            let ether_type = u16_at(frame, 0)?;
            by_type_and_rest(ether_type, frame.get(20..).ok_or(Notice::LinkHeader)?)
        }
        other => Err(Notice::LinkType(other)),
    }
}

/// A frame whose EtherType stands at `at`, directly before the packet.
fn by_ether_type(frame: &[u8], at: usize) -> Result<&[u8], Notice> {
    let ether_type = u16_at(frame, at)?;
    by_type_and_rest(ether_type, frame.get(at + 2..).ok_or(Notice::LinkHeader)?)
}

fn by_type_and_rest(mut ether_type: u16, mut rest: &[u8]) -> Result<&[u8], Notice> {
    for _ in 0..=MAXIMUM_TAGS {
        match ether_type {
            ETHERTYPE_IPV4 => return Ok(rest),
            ETHERTYPE_IPV6 => return Err(Notice::Ipv6),
            tag if VLAN_TAGS.contains(&tag) => {
                ether_type = u16_at(rest, 2)?;
                rest = rest.get(4..).ok_or(Notice::LinkHeader)?;
            }
            other => return Err(Notice::EtherType(other)),
        }
    }
    Err(Notice::EtherType(ether_type))
}

/// Four octets of address family, in the byte order of whoever captured, then the packet.
fn loopback(frame: &[u8]) -> Result<&[u8], Notice> {
    let family: [u8; 4] = frame
        .get(..4)
        .and_then(|octets| octets.try_into().ok())
        .ok_or(Notice::LinkHeader)?;
    let little = u32::from_le_bytes(family);
    let family = if little > 0xFFFF {
        u32::from_be_bytes(family)
    } else {
        little
    };
    match family {
        2 => Ok(&frame[4..]),
        // AF_INET6 of NetBSD and OpenBSD, FreeBSD, macOS, and Linux.
        24 | 28 | 30 | 10 => Err(Notice::Ipv6),
        other => Err(Notice::EtherType(other as u16)),
    }
}

fn raw_ip(frame: &[u8]) -> Result<&[u8], Notice> {
    match frame.first().map(|octet| octet >> 4) {
        Some(4) => Ok(frame),
        Some(6) => Err(Notice::Ipv6),
        _ => Err(Notice::Ipv4Header),
    }
}

fn u16_at(octets: &[u8], at: usize) -> Result<u16, Notice> {
    match octets.get(at..at + 2) {
        Some(&[high, low]) => Ok(u16::from_be_bytes([high, low])),
        _ => Err(Notice::LinkHeader),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKET: [u8; 3] = [0x45, 0, 7];

    fn after(header: &[u8]) -> Vec<u8> {
        [header, &PACKET].concat()
    }

    fn ethernet(after_addresses: &[u8]) -> Vec<u8> {
        after(&[&[0; 12], after_addresses].concat())
    }

    #[test]
    fn every_link_type_gives_the_packet() {
        let cooked = [&[0; 14][..], &[8, 0]].concat();
        let cooked_2 = [&[8, 0][..], &[0; 18]].concat();
        for (link_type, frame) in [
            (0, after(&[2, 0, 0, 0])),
            (0, after(&[0, 0, 0, 2])),
            (108, after(&[0, 0, 0, 2])),
            (1, ethernet(&[8, 0])),
            (1, ethernet(&[0x81, 0, 0, 5, 8, 0])),
            (1, ethernet(&[0x88, 0xA8, 0, 5, 0x81, 0, 0, 6, 8, 0])),
            (12, after(&[])),
            (14, after(&[])),
            (101, after(&[])),
            (228, after(&[])),
            (113, after(&cooked)),
            (276, after(&cooked_2)),
        ] {
            assert_eq!(
                ipv4_in_frame(link_type, &frame),
                Ok(&PACKET[..]),
                "link type {link_type}: {frame:?}"
            );
        }
    }

    #[test]
    fn other_frames_say_what_they_are() {
        let ipv6 = [0x60];
        for (link_type, frame, notice) in [
            (1, ethernet(&[0x86, 0xDD]), Notice::Ipv6),
            (1, ethernet(&[8, 6]), Notice::EtherType(0x0806)),
            (1, ethernet(&[0x81, 0, 0, 5, 0x86, 0xDD]), Notice::Ipv6),
            (101, ipv6.to_vec(), Notice::Ipv6),
            (0, after(&[30, 0, 0, 0]), Notice::Ipv6),
            (105, after(&[]), Notice::LinkType(105)),
            (1, vec![0; 13], Notice::LinkHeader),
            (276, vec![8, 0, 0], Notice::LinkHeader),
            (0, vec![2, 0], Notice::LinkHeader),
            (101, vec![], Notice::Ipv4Header),
        ] {
            assert_eq!(
                ipv4_in_frame(link_type, &frame),
                Err(notice),
                "link type {link_type}: {frame:?}"
            );
        }
    }

    #[test]
    fn endless_tags_end() {
        let frame = ethernet(&[0x81, 0, 0, 1].repeat(100));
        assert_eq!(ipv4_in_frame(1, &frame), Err(Notice::EtherType(0x8100)));
    }
}

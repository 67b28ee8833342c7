//! From a frame to the IPv4 packet in it.

use super::notice::Notice;

const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_IPV6: u16 = 0x86DD;
const ETHERTYPE_PPPOE_SESSION: u16 = 0x8864;
const ETHERTYPES_MPLS: [u16; 2] = [0x8847, 0x8848];
/// IEEE 802.1Q, 802.1ad, and two numbers used for stacked tags before 802.1ad.
const VLAN_TAGS: [u16; 4] = [0x8100, 0x88A8, 0x9100, 0x9200];
/// Smaller numbers are the length of an IEEE 802.2 frame.
const LEAST_ETHERTYPE: u16 = 0x0600;
/// No real network stacks more tags or labels.
const MAXIMUM_TAGS: usize = 8;
const PPP_IPV4: u16 = 0x0021;
const PPP_IPV6: u16 = 0x0057;

/// The octets of the IPv4 packet in a frame of `link_type` (the number that the file format uses).
///
/// Read are loopback (0, 108), Ethernet (1) with VLAN tags, MPLS labels, PPPoE sessions or SNAP, PPP (9, 50, 51), raw IP (12, 14, 101,
/// 228, 229), Linux cooked (113, 276).
///
/// # Errors
/// A notice that says what the frame is instead.
pub fn ipv4_in_frame(link_type: u16, frame: &[u8]) -> Result<&[u8], Notice> {
    match link_type {
        0 | 108 => loopback(frame),
        1 => by_ether_type(frame, 12),
        9 | 50 => ppp(frame),
        12 | 14 | 101 => raw_ip(frame),
        51 => pppoe(frame),
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
            ETHERTYPE_PPPOE_SESSION => return pppoe(rest),
            label if ETHERTYPES_MPLS.contains(&label) => return behind_labels(label, rest),
            tag if VLAN_TAGS.contains(&tag) => {
                ether_type = u16_at(rest, 2)?;
                rest = rest.get(4..).ok_or(Notice::LinkHeader)?;
            }
            length if length < LEAST_ETHERTYPE => match rest {
                // SNAP with an EtherType (RFC 1042).
                [0xAA, 0xAA, 3, 0, 0, 0, high, low, behind @ ..] => {
                    ether_type = u16::from_be_bytes([*high, *low]);
                    rest = behind;
                }
                _ => return Err(Notice::Llc),
            },
            other => return Err(Notice::EtherType(other)),
        }
    }
    Err(Notice::EtherType(ether_type))
}

/// What follows the label that is the last of its stack (RFC 3032).
fn behind_labels(ether_type: u16, labels: &[u8]) -> Result<&[u8], Notice> {
    for (at, label) in labels.chunks_exact(4).enumerate().take(MAXIMUM_TAGS) {
        if label[2] & 1 != 0 {
            let rest = &labels[at * 4 + 4..];
            // Nothing says what it is but its first octet.
            return raw_ip(rest).map_err(|notice| match notice {
                Notice::Ipv6 => notice,
                _ => Notice::EtherType(ether_type),
            });
        }
    }
    Err(Notice::LinkHeader)
}

/// A PPPoE session (RFC 2516 §4): version and type 1, code 0, session, length, then PPP without address and control.
fn pppoe(frame: &[u8]) -> Result<&[u8], Notice> {
    match frame {
        [0x11, 0, _, _, _, _, rest @ ..] => by_ppp_protocol(rest),
        [_, _, _, _, _, _, ..] => Err(Notice::EtherType(ETHERTYPE_PPPOE_SESSION)),
        _ => Err(Notice::LinkHeader),
    }
}

/// PPP with or without address and control octets (RFC 1662 §3.1).
fn ppp(frame: &[u8]) -> Result<&[u8], Notice> {
    match frame {
        [0xFF, 3, rest @ ..] => by_ppp_protocol(rest),
        _ => by_ppp_protocol(frame),
    }
}

fn by_ppp_protocol(frame: &[u8]) -> Result<&[u8], Notice> {
    let (protocol, rest) = match frame {
        // An odd first octet is a protocol of one octet (RFC 1661 §2).
        [octet, rest @ ..] if octet & 1 != 0 => (u16::from(*octet), rest),
        [high, low, rest @ ..] => (u16::from_be_bytes([*high, *low]), rest),
        _ => return Err(Notice::LinkHeader),
    };
    match protocol {
        PPP_IPV4 => Ok(rest),
        PPP_IPV6 => Err(Notice::Ipv6),
        other => Err(Notice::Ppp(other)),
    }
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
            (
                1,
                ethernet(&[0x91, 0, 0, 5, 0x92, 0, 0, 6, 0x81, 0, 0, 7, 8, 0]),
            ),
            (1, ethernet(&[0, 11, 0xAA, 0xAA, 3, 0, 0, 0, 8, 0])),
            (1, ethernet(&[0x88, 0x64, 0x11, 0, 0, 1, 0, 5, 0, 0x21])),
            (
                1,
                ethernet(&[0x81, 0, 0, 5, 0x88, 0x64, 0x11, 0, 0, 1, 0, 4, 0x21]),
            ),
            (1, ethernet(&[0x88, 0x47, 0, 0, 0x11, 64])),
            (1, ethernet(&[0x88, 0x48, 0, 0, 0x10, 64, 0, 0, 0x21, 64])),
            (9, after(&[0xFF, 3, 0, 0x21])),
            (9, after(&[0x21])),
            (50, after(&[0xFF, 3, 0, 0x21])),
            (51, after(&[0x11, 0, 0, 1, 0, 5, 0, 0x21])),
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
            (1, ethernet(&[0, 11, 0x42, 0x42, 3]), Notice::Llc),
            (
                1,
                ethernet(&[0, 11, 0xAA, 0xAA, 3, 0, 0, 0, 8, 6]),
                Notice::EtherType(0x0806),
            ),
            (1, ethernet(&[0x88, 0x63]), Notice::EtherType(0x8863)),
            (
                1,
                ethernet(&[0x88, 0x64, 0x11, 0, 0, 1, 0, 5, 0xC0, 0x21]),
                Notice::Ppp(0xC021),
            ),
            (
                1,
                ethernet(&[0x88, 0x64, 0x11, 0, 0, 1, 0, 5, 0, 0x57]),
                Notice::Ipv6,
            ),
            (
                1,
                ethernet(&[0x88, 0x64, 0x22, 0, 0, 1, 0, 5]),
                Notice::EtherType(0x8864),
            ),
            (51, vec![0x11, 0, 0, 1], Notice::LinkHeader),
            (9, vec![0xFF, 3, 0x80, 0x21], Notice::Ppp(0x8021)),
            (9, vec![], Notice::LinkHeader),
            (
                1,
                [&[0; 12][..], &[0x88, 0x47, 0, 0, 0, 64, 0, 0, 1]].concat(),
                Notice::LinkHeader,
            ),
            (
                1,
                [&[0; 12][..], &[0x88, 0x47, 0, 0, 1, 64, 0x60]].concat(),
                Notice::Ipv6,
            ),
            (
                1,
                [&[0; 12][..], &[0x88, 0x47, 0, 0, 1, 64, 0]].concat(),
                Notice::EtherType(0x8847),
            ),
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
        let frame = ethernet(&[&[0x88, 0x47][..], &[0; 400]].concat());
        assert_eq!(ipv4_in_frame(1, &frame), Err(Notice::LinkHeader));
    }
}

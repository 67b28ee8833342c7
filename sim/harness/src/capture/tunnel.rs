//! Packets inside other packets: tunnels that are simple enough, and what ICMP errors quote.

use super::ipv4::{Ipv4Packet, PROTOCOL_GRE, PROTOCOL_TCP};
use super::link::ipv4_in_frame;
use super::notice::{Notice, Quoted};
use super::streams::PPTP_PORT;

const PROTOCOL_ICMP: u8 = 1;
const PROTOCOL_IPV4: u8 = 4;
const PROTOCOL_UDP: u8 = 17;
const PROTOCOL_IPV6: u8 = 41;
const PROTOCOL_ETHERIP: u8 = 97;
const LINK_TYPE_ETHERNET: u16 = 1;
const ETHERTYPE_IPV4: u16 = 0x0800;
const ETHERTYPE_IPV6: u16 = 0x86DD;
const TRANSPARENT_ETHERNET: u16 = 0x6558;
const ERSPAN: u16 = 0x88BE;
const PORT_VXLAN: u16 = 4789;

/// Tunnels over UDP that are not looked into, by their port.
const OVER_UDP: [(u16, &str); 7] = [
    (1701, "L2TP"),
    (2152, "GTP-U"),
    (3544, "Teredo"),
    (4500, "ESP in UDP"),
    (6081, "Geneve"),
    (6635, "MPLS in UDP"),
    (51_820, "WireGuard"),
];

/// The IPv4 packet that a packet of a protocol other than TCP and PPTP's GRE carries, with the name of the tunnel.
///
/// # Errors
/// A notice that says what it is instead.
pub(super) fn carried<'a>(packet: &Ipv4Packet<'a>) -> Result<(&'static str, &'a [u8]), Notice> {
    let payload = packet.payload;
    match packet.protocol {
        PROTOCOL_IPV4 => Ok(("IPv4 in IPv4", payload)),
        PROTOCOL_ETHERIP => match payload {
            // EtherIP version 3 (RFC 3378).
            [0x30, 0, frame @ ..] => in_ethernet("EtherIP", frame),
            _ => Err(Notice::Tunnel("EtherIP")),
        },
        PROTOCOL_GRE => generic_routing(payload),
        PROTOCOL_UDP => over_udp(payload),
        PROTOCOL_ICMP => Err(quoted(payload).unwrap_or(Notice::Protocol(PROTOCOL_ICMP))),
        PROTOCOL_IPV6 => Err(Notice::Ipv6),
        other => Err(Notice::Protocol(other)),
    }
}

/// GRE of version 0 (RFC 2784, RFC 2890) with an IPv4 packet or an Ethernet frame; `payload` has its first four octets.
fn generic_routing(payload: &[u8]) -> Result<(&'static str, &[u8]), Notice> {
    let Some((&[flags, version, high, low], rest)) = payload.split_first_chunk() else {
        return Err(Notice::GreHeader);
    };
    let protocol_type = u16::from_be_bytes([high, low]);
    let other = Notice::OtherGre(protocol_type);
    // Routing (RFC 1701) is obsolete, and of other versions nothing is known.
    if flags & 0x40 != 0 || version & 0x07 != 0 {
        return Err(other);
    }
    let optional: usize = [0x80, 0x20, 0x10]
        .map(|flag| if flags & flag != 0 { 4 } else { 0 })
        .iter()
        .sum();
    let rest = rest.get(optional..).ok_or(Notice::GreHeader)?;
    match protocol_type {
        ETHERTYPE_IPV4 => Ok(("GRE version 0", rest)),
        ETHERTYPE_IPV6 => Err(Notice::Ipv6),
        TRANSPARENT_ETHERNET => in_ethernet("GRE version 0", rest),
        // With a sequence number, ERSPAN's own header of eight octets follows.
        ERSPAN if flags & 0x10 != 0 => {
            in_ethernet("ERSPAN", rest.get(8..).ok_or(Notice::GreHeader)?)
        }
        ERSPAN => in_ethernet("ERSPAN", rest),
        _ => Err(other),
    }
}

fn over_udp(payload: &[u8]) -> Result<(&'static str, &[u8]), Notice> {
    let Some((&[source_high, source_low, high, low, ..], rest)) = payload.split_first_chunk::<8>()
    else {
        return Err(Notice::Protocol(PROTOCOL_UDP));
    };
    let source = u16::from_be_bytes([source_high, source_low]);
    let destination = u16::from_be_bytes([high, low]);
    if destination == PORT_VXLAN {
        // Flags with a valid network identifier (RFC 7348 §5).
        return match rest {
            [0x08, _, _, _, _, _, _, _, frame @ ..] => in_ethernet("VXLAN", frame),
            _ => Err(Notice::Tunnel("VXLAN")),
        };
    }
    let known = OVER_UDP
        .iter()
        .find(|(port, _)| [source, destination].contains(port));
    Err(known.map_or(Notice::Protocol(PROTOCOL_UDP), |(_, name)| {
        Notice::Tunnel(name)
    }))
}

fn in_ethernet<'a>(
    name: &'static str,
    frame: &'a [u8],
) -> Result<(&'static str, &'a [u8]), Notice> {
    ipv4_in_frame(LINK_TYPE_ETHERNET, frame).map(|packet| (name, packet))
}

/// What an ICMP error (RFC 792) quotes, if that is a packet of PPTP.
fn quoted(payload: &[u8]) -> Option<Notice> {
    let (&[icmp_type, code, ..], quote) = payload.split_first_chunk::<8>()?;
    if !matches!(icmp_type, 3 | 4 | 5 | 11 | 12) {
        return None;
    }
    let packet = Ipv4Packet::parse(quote)?;
    let quoted = match (packet.protocol, packet.payload) {
        (PROTOCOL_GRE, &[_, version, high, low, ..]) => {
            is_pptp(version, u16::from_be_bytes([high, low])).then_some(Quoted::Gre)?
        }
        (PROTOCOL_TCP, &[a, b, c, d, ..]) => [[a, b], [c, d]]
            .map(u16::from_be_bytes)
            .contains(&PPTP_PORT)
            .then_some(Quoted::ControlConnection)?,
        _ => return None,
    };
    Some(Notice::IcmpError {
        icmp_type,
        code,
        quoted,
    })
}

/// PPTP's GRE is version 1; a packet of another version counts as PPTP's only if it has PPTP's protocol type.
pub(super) fn is_pptp(second_octet: u8, protocol_type: u16) -> bool {
    second_octet & 0x07 == 1 || protocol_type == pptp_wire::GRE_PROTOCOL_PPP
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const INNER: [u8; 2] = [0x45, 7];

    fn packet(protocol: u8, payload: &[u8]) -> Ipv4Packet<'_> {
        Ipv4Packet {
            source: Ipv4Addr::new(10, 0, 0, 1),
            destination: Ipv4Addr::new(10, 0, 0, 2),
            protocol,
            identification: 7,
            more_fragments: false,
            fragment_offset: 0,
            payload,
            payload_length: payload.len(),
            checksum_valid: true,
        }
    }

    fn ethernet() -> Vec<u8> {
        [&[0; 12][..], &[8, 0], &INNER].concat()
    }

    fn udp(source: u16, destination: u16, octets: &[u8]) -> Vec<u8> {
        let ports = [source.to_be_bytes(), destination.to_be_bytes()].concat();
        [&ports, &[0; 4][..], octets].concat()
    }

    #[test]
    fn simple_tunnels_give_what_they_carry() {
        for (protocol, payload, name) in [
            (4, INNER.to_vec(), "IPv4 in IPv4"),
            (97, [&[0x30, 0][..], &ethernet()].concat(), "EtherIP"),
            (47, [&[0, 0, 8, 0][..], &INNER].concat(), "GRE version 0"),
            (
                47,
                [&[0xB0, 0, 8, 0][..], &[9; 12], &INNER].concat(),
                "GRE version 0",
            ),
            (
                47,
                [&[0x20, 0, 0x65, 0x58][..], &[9; 4], &ethernet()].concat(),
                "GRE version 0",
            ),
            (
                47,
                [&[0, 0, 0x88, 0xBE][..], &ethernet()].concat(),
                "ERSPAN",
            ),
            (
                47,
                [&[0x10, 0, 0x88, 0xBE][..], &[9; 12], &ethernet()].concat(),
                "ERSPAN",
            ),
            (
                17,
                udp(
                    50_000,
                    4789,
                    &[&[8, 0, 0, 0, 0, 0, 1, 0][..], &ethernet()].concat(),
                ),
                "VXLAN",
            ),
        ] {
            assert_eq!(
                carried(&packet(protocol, &payload)),
                Ok((name, &INNER[..])),
                "{payload:?}"
            );
        }
    }

    #[test]
    fn what_is_not_looked_into_is_named() {
        for (protocol, payload, notice) in [
            (97, vec![0x20, 0, 1, 2], Notice::Tunnel("EtherIP")),
            (17, udp(9, 1701, &[]), Notice::Tunnel("L2TP")),
            (17, udp(1701, 9, &[]), Notice::Tunnel("L2TP")),
            (17, udp(9, 6081, &[]), Notice::Tunnel("Geneve")),
            (17, udp(9, 4789, &[0; 30]), Notice::Tunnel("VXLAN")),
            (17, udp(9, 53, &[]), Notice::Protocol(17)),
            (17, vec![0; 7], Notice::Protocol(17)),
            (41, vec![0x60], Notice::Ipv6),
            (50, vec![], Notice::Protocol(50)),
            (1, vec![8, 0, 0, 0, 0, 0, 0, 0], Notice::Protocol(1)),
            (47, vec![0, 0, 8], Notice::GreHeader),
            (47, vec![0xB0, 0, 8, 0, 1], Notice::GreHeader),
            (
                47,
                vec![0x10, 0, 0x88, 0xBE, 0, 0, 0, 0, 1],
                Notice::GreHeader,
            ),
            (47, vec![0, 0, 0x86, 0xDD], Notice::Ipv6),
            (47, vec![0x40, 0, 8, 0], Notice::OtherGre(0x0800)),
            (47, vec![0, 3, 8, 0], Notice::OtherGre(0x0800)),
            (47, vec![0, 0, 0x88, 0x47], Notice::OtherGre(0x8847)),
        ] {
            assert_eq!(
                carried(&packet(protocol, &payload)),
                Err(notice),
                "{payload:?}"
            );
        }
    }

    /// An ICMP message that quotes a packet of this protocol with these first octets.
    fn icmp(icmp_type: u8, code: u8, protocol: u8, quote: &[u8]) -> Vec<u8> {
        let mut octets = vec![icmp_type, code, 0, 0, 0, 0, 0, 0];
        octets.extend_from_slice(&[
            0x45, 0, 0, 200, 0, 1, 0, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
        ]);
        octets.extend_from_slice(quote);
        octets
    }

    #[test]
    fn quotes_of_pptp_are_told() {
        let gre = [0x30, 0x81, 0x88, 0x0B, 0, 9, 0, 1];
        for (octets, quoted) in [
            (icmp(3, 2, 47, &gre), Quoted::Gre),
            (
                icmp(11, 0, 6, &[0xC0, 0, 0x06, 0xBB, 0, 0, 0, 1]),
                Quoted::ControlConnection,
            ),
            (
                icmp(3, 13, 6, &[0x06, 0xBB, 0xC0, 0, 0, 0, 0, 1]),
                Quoted::ControlConnection,
            ),
        ] {
            let notice = Notice::IcmpError {
                icmp_type: octets[0],
                code: octets[1],
                quoted,
            };
            assert_eq!(carried(&packet(1, &octets)), Err(notice));
        }
        let unreachable = icmp(3, 2, 47, &gre);
        let said = carried(&packet(1, &unreachable)).map_err(|notice| notice.to_string());
        assert_eq!(
            said,
            Err("ICMP error about a GRE packet of PPTP: protocol unreachable".to_owned())
        );
    }

    #[test]
    fn other_quotes_are_icmp_and_no_more() {
        for octets in [
            icmp(3, 2, 47, &[0, 0, 8, 0]),
            icmp(3, 3, 6, &[0, 80, 0, 81]),
            icmp(3, 3, 17, &[0x06, 0xBB, 0x06, 0xBB]),
            icmp(0, 0, 47, &[0x30, 0x81, 0x88, 0x0B]),
            icmp(3, 2, 47, &[0x30, 0x81]),
            vec![3, 2, 0],
        ] {
            assert_eq!(carried(&packet(1, &octets)), Err(Notice::Protocol(1)));
        }
    }
}

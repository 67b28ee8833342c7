//! GRE and control messages inside whatever carries them on a real network: taken where that is simple, named where it is not.

use super::decoded;
use super::packets::{Header, ethernet, gre, gre_packet, pcap, segment};
use pptp_harness::capture::{Notice, Quoted};
use pptp_wire::{ControlMessage, EchoRequest, MAXIMUM_LENGTH};

const IPV4: u16 = 0x0800;

fn seen(link_type: u32, frame: Vec<u8>) -> (Vec<String>, Vec<(Notice, u64)>) {
    let (messages, notices) = decoded(&pcap(link_type, &[frame]));
    let notices = notices.iter().map(|(notice, count)| (notice, count.count));
    (messages, notices.collect())
}

fn shim(octets: &[u8], rest: &[u8]) -> Vec<u8> {
    [octets, rest].concat()
}

#[test]
fn tags_labels_and_sessions_are_looked_through() {
    let packet = gre_packet(5);
    let tagged = |tags: &[u16]| {
        let mut octets = Vec::new();
        for (at, _) in tags.iter().enumerate() {
            let next = tags.get(at + 1).copied().unwrap_or(IPV4);
            octets.extend_from_slice(&[0x60, 9]);
            octets.extend_from_slice(&next.to_be_bytes());
        }
        ethernet(tags[0], &shim(&octets, &packet))
    };
    let session = shim(&[0x11, 0, 0, 9, 0, 80, 0, 0x21], &packet);
    for frame in [
        ethernet(IPV4, &packet),
        tagged(&[0x8100]),
        tagged(&[0x88A8, 0x8100]),
        tagged(&[0x9100, 0x9100, 0x8100]),
        ethernet(0x8847, &shim(&[0, 1, 0, 64, 0, 2, 1, 64], &packet)),
        ethernet(0x8864, &session),
        ethernet(0x8100, &shim(&[0, 9, 0x88, 0x64], &session)),
        ethernet(100, &shim(&[0xAA, 0xAA, 3, 0, 0, 0, 8, 0], &packet)),
    ] {
        assert_eq!(seen(1, frame), (vec!["1 GRE 5".to_owned()], vec![]));
    }
}

#[test]
fn what_a_link_layer_carries_instead_is_named() {
    for (frame, notice, said) in [
        (
            ethernet(0x0806, &[0; 28]),
            Notice::EtherType(0x0806),
            "frame of network protocol 0x0806 skipped (ARP)",
        ),
        (
            ethernet(0x1234, &[0; 28]),
            Notice::EtherType(0x1234),
            "frame of network protocol 0x1234 skipped",
        ),
        (
            ethernet(38, &[0x42, 0x42, 3, 0]),
            Notice::Llc,
            "frame of an IEEE 802.2 protocol skipped",
        ),
        (
            ethernet(0x8864, &[0x11, 0, 0, 9, 0, 4, 0xC0, 0x21]),
            Notice::Ppp(0xC021),
            "PPP frame of protocol 0xC021 skipped",
        ),
        (
            ethernet(0x86DD, &[0x60; 40]),
            Notice::Ipv6,
            "IPv6 packet skipped (PPTP runs over IPv4)",
        ),
    ] {
        assert_eq!(seen(1, frame), (vec![], vec![(notice, 1)]));
        assert_eq!(notice.to_string(), said);
    }
}

#[test]
fn link_types_that_are_not_read_are_named_and_counted() {
    for (link_type, said) in [
        (105, "frame of link type 105 skipped (IEEE 802.11)"),
        (
            127,
            "frame of link type 127 skipped (IEEE 802.11 with radiotap header)",
        ),
        (4711, "frame of link type 4711 skipped"),
    ] {
        let frames = [gre_packet(1), gre_packet(2), gre_packet(3)];
        let (messages, notices) = decoded(&pcap(link_type, &frames));
        let expected = format!("frame 1: {said}; 3 times\n");
        assert_eq!((messages, notices.to_string()), (vec![], expected));
    }
}

#[test]
fn simple_tunnels_are_looked_into_and_said() {
    let packet = gre_packet(5);
    let frame = ethernet(IPV4, &packet);
    let vxlan = [0xC0, 0, 0x12, 0xB5, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 1, 0];
    for (outer, name) in [
        (Header::of(4).packet(&packet), "IPv4 in IPv4"),
        (
            Header::of(47).packet(&shim(&[0, 0, 8, 0], &packet)),
            "GRE version 0",
        ),
        (
            Header::of(47).packet(&shim(&[0x20, 0, 0x65, 0x58, 0, 0, 0, 1], &frame)),
            "GRE version 0",
        ),
        (Header::of(97).packet(&shim(&[0x30, 0], &frame)), "EtherIP"),
        (Header::of(17).packet(&shim(&vxlan, &frame)), "VXLAN"),
    ] {
        let expected = (vec!["1 GRE 5".to_owned()], vec![(Notice::Carried(name), 1)]);
        assert_eq!(seen(101, outer), expected);
    }
}

#[test]
fn other_tunnels_are_named() {
    let l2tp = shim(&[0x06, 0xA5, 0x06, 0xA5, 0, 0, 0, 0], &gre_packet(5));
    for (outer, said) in [
        (
            Header::of(17).packet(&l2tp),
            "packet of a tunnel skipped (L2TP)",
        ),
        (
            Header::of(50).packet(&gre_packet(5)),
            "IPv4 packet of protocol 50 skipped (ESP)",
        ),
        (
            Header::of(99).packet(&gre_packet(5)),
            "IPv4 packet of protocol 99 skipped",
        ),
        (
            Header::of(41).packet(&[0x60; 40]),
            "IPv6 packet skipped (PPTP runs over IPv4)",
        ),
        (
            Header::of(47).packet(&[0, 0, 0x88, 0x47, 0, 0]),
            "GRE packet that is not PPTP's skipped, protocol type 0x8847",
        ),
    ] {
        let (messages, notices) = decoded(&pcap(101, &[outer]));
        let expected = format!("frame 1: {said}\n");
        assert_eq!((messages, notices.to_string()), (vec![], expected));
    }
}

#[test]
fn tunnels_in_tunnels_end() {
    let mut packet = gre_packet(5);
    for depth in 1..=6 {
        packet = Header::of(4).packet(&packet);
        let (messages, notices) = seen(101, packet.clone());
        assert_eq!(messages.len(), usize::from(depth <= 4), "{depth} tunnels");
        let nested = notices.contains(&(Notice::NestedTunnels, 1));
        assert_eq!(nested, depth > 4, "{depth} tunnels");
    }
}

#[test]
fn options_of_ipv4_are_passed_over() {
    for options in [&[1, 1, 1, 0][..], &[7, 39, 4, 0, 0, 0, 0, 0], &[1; 40]] {
        let header = Header {
            options,
            ..Header::of(47)
        };
        let packet = header.packet(&gre(5));
        assert_eq!(seen(101, packet), (vec!["1 GRE 5".to_owned()], vec![]));
    }
}

/// The pieces of a payload that begin and end at these octets.
fn fragments(protocol: u8, payload: &[u8], pieces: &[(usize, usize)]) -> Vec<Vec<u8>> {
    pieces
        .iter()
        .map(|&(from, to)| {
            let header = Header {
                fragment_offset: from,
                more_fragments: to < payload.len(),
                ..Header::of(protocol)
            };
            header.packet(&payload[from..to])
        })
        .collect()
}

#[test]
fn fragments_of_gre_in_any_order_and_with_overlap() {
    let payload = gre(5);
    let end = payload.len();
    for pieces in [
        [(0, 16), (16, 32), (32, end)],
        [(32, end), (16, 32), (0, 16)],
        [(16, 32), (32, end), (0, 16)],
        [(0, 24), (8, 40), (32, end)],
    ] {
        let (messages, notices) = decoded(&pcap(101, &fragments(47, &payload, &pieces)));
        assert_eq!(messages, ["3 GRE 5"], "{pieces:?}");
        assert!(notices.is_empty());
    }
    let missing = fragments(47, &payload, &[(0, 16), (32, end)]);
    let (messages, notices) = decoded(&pcap(101, &missing));
    assert_eq!(messages, Vec::<String>::new());
    assert_eq!(notices.count(Notice::UnfinishedFragments), 1);
}

#[test]
fn fragments_of_a_control_message() {
    let octets = &mut [0; MAXIMUM_LENGTH];
    let echo = ControlMessage::from(EchoRequest::default());
    let payload = segment(1000, echo.encode(octets));
    let pieces = fragments(6, &payload, &[(24, payload.len()), (0, 24)]);
    let (messages, _) = decoded(&pcap(101, &pieces));
    assert_eq!(messages, ["2 Echo-Request null"]);
}

#[test]
fn packets_quoted_in_icmp_are_no_traffic_but_noted() {
    let quote = |packet: &[u8], icmp_type, code| {
        let quoted = &packet[..28];
        Header::of(1).packet(&shim(&[icmp_type, code, 0, 0, 0, 0, 0, 0], quoted))
    };
    let echo = segment(1, &[0; 16]);
    let frames = [
        quote(&gre_packet(5), 3, 2),
        quote(&gre_packet(6), 3, 2),
        quote(&Header::of(6).packet(&echo), 3, 10),
        quote(&Header::of(17).packet(&[0; 8]), 3, 3),
    ];
    let (messages, notices) = decoded(&pcap(101, &frames));
    assert_eq!(messages, Vec::<String>::new());
    let about = |code, quoted| {
        notices.count(Notice::IcmpError {
            icmp_type: 3,
            code,
            quoted,
        })
    };
    assert_eq!(about(2, Quoted::Gre), 2);
    assert_eq!(about(10, Quoted::ControlConnection), 1);
    assert_eq!(notices.count(Notice::Protocol(1)), 1);
    assert!(
        notices.to_string().contains(
            "frame 1: ICMP error about a GRE packet of PPTP: protocol unreachable; 2 times"
        ),
        "{notices}"
    );
}

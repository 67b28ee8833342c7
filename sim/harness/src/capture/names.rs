//! Names of what is skipped, for those who read that it was.

/// The name of a link type (the number that capture files use), where one is likely to be met.
pub(super) fn link_type(number: u16) -> Option<&'static str> {
    Some(match number {
        3 => "AX.25",
        6 => "Token Ring",
        7 => "ARCNET",
        8 => "SLIP",
        10 => "FDDI",
        104 => "Cisco HDLC",
        105 => "IEEE 802.11",
        107 => "Frame Relay",
        117 => "OpenBSD pflog",
        119 => "IEEE 802.11 with Prism header",
        127 => "IEEE 802.11 with radiotap header",
        147..=162 => "private use",
        163 => "IEEE 802.11 with AVS header",
        187 | 201 => "Bluetooth HCI",
        189 | 220 => "Linux USB",
        192 => "Per-Packet Information",
        195 | 215 | 230 => "IEEE 802.15.4",
        227 => "CAN bus",
        239 => "Linux netfilter log",
        249 => "USBPcap",
        253 => "Linux netlink",
        258 => "Apple PKTAP",
        _ => return None,
    })
}

/// The name of an EtherType.
pub(super) fn ether_type(number: u16) -> Option<&'static str> {
    Some(match number {
        0x0806 => "ARP",
        0x0842 => "Wake-on-LAN",
        0x8035 => "RARP",
        0x809B => "AppleTalk",
        0x8137 => "IPX",
        0x8808 => "Ethernet flow control",
        0x8809 => "Slow Protocols",
        0x8847 | 0x8848 => "MPLS that carries no IP",
        0x8863 => "PPPoE discovery",
        0x8864 => "PPPoE session",
        0x888E => "EAPOL",
        0x88CC => "LLDP",
        0x88E5 => "MACsec",
        0x88F7 => "PTP",
        0x9000 => "loopback test",
        _ => return None,
    })
}

/// The name of an IP protocol.
pub(super) fn protocol(number: u8) -> Option<&'static str> {
    Some(match number {
        1 => "ICMP",
        2 => "IGMP",
        8 => "EGP",
        17 => "UDP",
        41 => "IPv6 in IPv4",
        50 => "ESP",
        51 => "AH",
        88 => "EIGRP",
        89 => "OSPF",
        103 => "PIM",
        112 => "VRRP",
        115 => "L2TP version 3",
        132 => "SCTP",
        137 => "MPLS in IP",
        _ => return None,
    })
}

/// What an ICMP error says, by type and code (RFC 792, RFC 1122 §3.2.2, RFC 1812 §5.2.7).
pub(super) fn icmp_error(icmp_type: u8, code: u8) -> &'static str {
    match (icmp_type, code) {
        (3, 0) => "network unreachable",
        (3, 1) => "host unreachable",
        (3, 2) => "protocol unreachable",
        (3, 3) => "port unreachable",
        (3, 4) => "fragmentation needed",
        (3, 9 | 10 | 13) => "administratively prohibited",
        (3, _) => "destination unreachable",
        (4, _) => "source quench",
        (5, _) => "redirect",
        (11, 0) => "time to live exceeded",
        (11, _) => "fragment reassembly time exceeded",
        _ => "parameter problem",
    }
}

//! What was written is read back.

use std::net::{Ipv4Addr, SocketAddrV4};

use pptp_wire::time::Instant;

use super::CaptureWriter;
use crate::capture::tcp::TcpSegment;
use crate::capture::{
    ACK, CaptureReader, Clock, Event, FIN, Ipv4Packet, Notices, RST, SYN, dissect, ipv4_in_frame,
};

const PNS: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 1), 1024);
const PAC: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 2), 1723);

fn pns_capture() -> CaptureWriter {
    CaptureWriter::new("pns", &[*PNS.ip()])
}

const fn ms(count: u64) -> Instant {
    Instant(count * 1_000_000)
}

/// One segment as read back.
#[derive(Debug, Eq, PartialEq)]
struct Seen {
    at: Instant,
    from: SocketAddrV4,
    sequence_number: u32,
    acknowledgment_number: u32,
    flags: u8,
    length: usize,
    identification: u16,
}

fn segments(file: &[u8]) -> Vec<Seen> {
    let mut reader = CaptureReader::new(file).expect("a capture");
    let mut seen = Vec::new();
    while let Some(frame) = reader.next_frame().expect("a whole capture") {
        assert_eq!(frame.clock, Clock::Run);
        let packet = Ipv4Packet::parse(ipv4_in_frame(frame.link_type, frame.octets).expect("IPv4"))
            .expect("a packet");
        assert!(packet.checksum_valid);
        if packet.protocol != crate::capture::PROTOCOL_TCP {
            continue;
        }
        let segment = TcpSegment::parse(&packet).expect("a segment");
        assert_eq!(segment.checksum_valid, Some(true));
        seen.push(Seen {
            at: Instant(frame.nanoseconds),
            from: SocketAddrV4::new(packet.source, segment.source_port),
            sequence_number: segment.sequence_number,
            acknowledgment_number: segment.acknowledgment_number,
            flags: segment.flags,
            length: segment.payload_length,
            identification: packet.identification,
        });
    }
    seen
}

/// Both streams and what happened, with nothing to notice.
fn contents(file: &[u8]) -> (Vec<u8>, Vec<u8>, Vec<String>) {
    let mut reader = CaptureReader::new(file).expect("a capture");
    let (mut from_pns, mut from_pac, mut events) = (Vec::new(), Vec::new(), Vec::new());
    let mut notices = Notices::default();
    let ending = dissect(&mut reader, &mut notices, &mut |stamp, event| {
        match event {
            Event::TcpOctets { flow, octets, .. } if flow.from == PNS => {
                from_pns.extend_from_slice(octets)
            }
            Event::TcpOctets { octets, .. } => from_pac.extend_from_slice(octets),
            Event::TcpOpening(flow) => {
                events.push(format!("{} opening {}", stamp.at, flow.from.port()))
            }
            Event::TcpOpened { flow, .. } => {
                events.push(format!("{} opened {}", stamp.at, flow.from.port()))
            }
            Event::TcpClosed(flow) => {
                events.push(format!("{} closed {}", stamp.at, flow.from.port()))
            }
            Event::TcpReset(flow) => {
                events.push(format!("{} reset {}", stamp.at, flow.from.port()))
            }
            Event::Gre {
                octets,
                identification,
                ..
            } => {
                events.push(format!("{} gre {identification} {octets:?}", stamp.at));
            }
            _ => {}
        }
        true
    });
    ending.expect("a whole capture");
    assert!(notices.is_empty(), "{notices}");
    (from_pns, from_pac, events)
}

fn octets(count: usize) -> Vec<u8> {
    (0..count).map(|index| (index % 251) as u8).collect()
}

#[test]
fn a_connection_is_read_back() {
    let (request, reply) = (octets(4000), octets(156));
    let mut capture = pns_capture();
    capture.tcp_open(ms(0), PNS, PAC);
    capture.tcp_opened(ms(50), PNS, PAC);
    capture.tcp_octets(ms(50), PNS, PAC, &request);
    capture.tcp_octets(ms(100), PAC, PNS, &reply);
    capture.gre(
        ms(120),
        *PNS.ip(),
        *PAC.ip(),
        &[0x20, 0x81, 0x88, 0x0B, 0, 0, 0, 7, 0, 0, 0, 1],
    );
    capture.tcp_close(ms(130), PNS, PAC);
    capture.tcp_close(ms(180), PAC, PNS);
    let file = capture.finish();
    let (from_pns, from_pac, events) = contents(&file);
    assert_eq!((from_pns, from_pac), (request, reply));
    let expected = [
        "0.000000 opening 1024",
        "0.050000 opened 1024",
        "0.120000 gre 7 [32, 129, 136, 11, 0, 0, 0, 7, 0, 0, 0, 1]",
        "0.130000 closed 1024",
        "0.180000 closed 1723",
    ];
    assert_eq!(events, expected);
    let lengths: Vec<usize> = segments(&file)
        .iter()
        .map(|segment| segment.length)
        .filter(|length| *length > 0)
        .collect();
    assert_eq!(lengths, [1460, 1460, 1080, 156]);
}

#[test]
fn every_octet_is_acknowledged_and_nothing_else() {
    let mut capture = pns_capture();
    capture.tcp_open(ms(0), PNS, PAC);
    capture.tcp_opened(ms(50), PNS, PAC);
    capture.tcp_octets(ms(60), PNS, PAC, &octets(20));
    capture.tcp_octets(ms(90), PAC, PNS, &octets(30));
    capture.tcp_octets(ms(110), PAC, PNS, &octets(40));
    capture.tcp_octets(ms(110), PNS, PAC, &octets(10));
    capture.tcp_close(ms(200), PNS, PAC);
    let seen = segments(&capture.finish());
    let (pns, pac) = (seen[0].sequence_number, seen[1].sequence_number);
    let relative: Vec<_> = seen
        .iter()
        .map(|segment| {
            let (own, other) = if segment.from == PNS {
                (pns, pac)
            } else {
                (pac, pns)
            };
            let acknowledged = match segment.flags & ACK {
                0 => 0,
                _ => segment.acknowledgment_number.wrapping_sub(other),
            };
            let who = if segment.from == PNS { "pns" } else { "pac" };
            (
                segment.at.0 / 1_000_000,
                who,
                segment.sequence_number.wrapping_sub(own),
                acknowledged,
                segment.length,
            )
        })
        .collect();
    let expected = [
        (0, "pns", 0, 0, 0),
        (50, "pac", 0, 1, 0),
        (50, "pns", 1, 1, 0),
        (60, "pns", 1, 1, 20),
        // Sent before what was sent at 60 can have arrived; acknowledged at once.
        (90, "pac", 1, 1, 30),
        (90, "pns", 21, 31, 0),
        // A round trip after 60.
        (110, "pac", 31, 21, 40),
        (110, "pns", 21, 71, 10),
        (160, "pac", 71, 31, 0),
        (200, "pns", 31, 71, 0),
        (250, "pac", 71, 32, 0),
    ];
    assert_eq!(relative, expected);
}

#[test]
fn the_acceptor_sees_the_same_connection() {
    let mut capture = CaptureWriter::new("pac", &[*PAC.ip()]);
    capture.tcp_open(ms(25), PNS, PAC);
    capture.tcp_opened(ms(75), PNS, PAC);
    capture.tcp_octets(ms(75), PNS, PAC, b"request");
    capture.tcp_octets(ms(75), PAC, PNS, b"reply");
    capture.tcp_reset(ms(80), PAC, PNS);
    let file = capture.finish();
    let seen: Vec<(u64, u8, usize)> = segments(&file)
        .iter()
        .map(|seen| {
            (
                seen.at.0 / 1_000_000,
                seen.flags & (SYN | ACK | RST),
                seen.length,
            )
        })
        .collect();
    let expected = [
        (25, SYN, 0),
        (25, SYN | ACK, 0),
        (75, ACK, 0),
        (75, ACK, 7),
        (75, ACK, 5),
        (80, RST | ACK, 0),
    ];
    assert_eq!(seen, expected);
    assert_eq!(
        contents(&file).2,
        [
            "0.025000 opening 1024",
            "0.075000 opened 1024",
            "0.080000 reset 1723"
        ]
    );
}

#[test]
fn a_refusal_is_a_reset() {
    for addresses in [[*PNS.ip()], [*PAC.ip()]] {
        let mut capture = CaptureWriter::new("node", &addresses);
        capture.tcp_open(ms(25), PNS, PAC);
        capture.tcp_refused(ms(25), PNS, PAC);
        assert_eq!(
            contents(&capture.finish()).2,
            ["0.025000 opening 1024", "0.025000 reset 1723"]
        );
    }
}

#[test]
fn the_same_ports_may_be_used_again() {
    let mut capture = pns_capture();
    for start in [0, 100] {
        capture.tcp_open(ms(start), PNS, PAC);
        capture.tcp_opened(ms(start + 50), PNS, PAC);
        capture.tcp_octets(ms(start + 50), PNS, PAC, b"request");
        capture.tcp_reset(ms(start + 60), PNS, PAC);
    }
    let file = capture.finish();
    let (from_pns, _, events) = contents(&file);
    assert_eq!(
        (from_pns.as_slice(), events.len()),
        (&b"requestrequest"[..], 6)
    );
    let initial: Vec<u32> = segments(&file)
        .iter()
        .filter(|seen| seen.flags == SYN)
        .map(|seen| seen.sequence_number)
        .collect();
    assert_ne!(initial[0], initial[1]);
}

#[test]
fn identifications_count_up_per_sender_and_copies_keep_theirs() {
    let mut capture = pns_capture();
    capture.tcp_octets(ms(1), PNS, PAC, b"request");
    capture.tcp_octets(ms(1), PAC, PNS, b"reply");
    let gre = [0x20, 0x81, 0x88, 0x0B, 0, 0, 0, 7, 0, 0, 0, 1];
    capture.gre(ms(2), *PNS.ip(), *PAC.ip(), &gre);
    capture.gre(ms(3), *PNS.ip(), *PAC.ip(), &gre);
    capture.gre_identified(ms(4), *PAC.ip(), *PNS.ip(), 500, &gre);
    capture.gre_identified(ms(5), *PAC.ip(), *PNS.ip(), 500, &gre);
    let file = capture.finish();
    let own: Vec<u16> = segments(&file)
        .iter()
        .filter(|seen| seen.from == PNS)
        .map(|seen| seen.identification)
        .collect();
    assert_eq!(
        own,
        [1, 2, 3, 4],
        "SYN, ACK, request, acknowledgment of the reply"
    );
    let gre: Vec<String> = contents(&file)
        .2
        .into_iter()
        .filter(|event| event.contains("gre"))
        .collect();
    let numbers: Vec<&str> = gre
        .iter()
        .filter_map(|event| event.split(' ').nth(2))
        .collect();
    assert_eq!(numbers, ["5", "6", "500", "500"]);
}

#[test]
fn comments_go_to_the_first_packet_of_the_next_call() {
    let mut capture = pns_capture();
    capture.tcp_open(ms(0), PNS, PAC);
    capture.tcp_opened(ms(50), PNS, PAC);
    capture.tcp_octets(ms(50), PNS, PAC, b"request");
    let before = capture.take_octets();
    capture.comment("lost by loss: 5%");
    // The acknowledgment of the request comes before the commented packet, without the comment.
    capture.tcp_octets(ms(500), PNS, PAC, b"more");
    let after = capture.finish();
    let position =
        |octets: &[u8], text: &[u8]| octets.windows(text.len()).position(|window| window == text);
    assert_eq!(position(&before, b"lost"), None);
    let (comment, packet) = (
        position(&after, b"lost by loss: 5%"),
        position(&after, b"more"),
    );
    assert!(
        packet < comment && packet.is_some(),
        "{packet:?} {comment:?}"
    );
    let file = [before, after].concat();
    assert_eq!(contents(&file).0, b"requestmore");
}

#[test]
fn equal_calls_give_equal_octets_that_end_with_the_last_acknowledgment() {
    let write = || {
        let mut capture = pns_capture();
        capture.tcp_octets(ms(1), PAC, PNS, b"request");
        capture.tcp_close(ms(2), PAC, PNS);
        capture.finish()
    };
    let file = write();
    assert_eq!(file, write());
    let last = segments(&file).pop().expect("a segment");
    assert_eq!((last.from, last.flags & FIN), (PNS, 0));
}

#[test]
fn a_packet_too_large_for_ipv4_is_cut_and_says_so() {
    let mut capture = pns_capture();
    capture.gre(
        ms(1),
        *PNS.ip(),
        *PAC.ip(),
        &[&[0x30, 1, 0x88, 0x0B][..], &[0; 70_000]].concat(),
    );
    let file = capture.finish();
    assert_eq!(contents(&file).2.len(), 1);
    assert!(file.windows(3).any(|window| window == b"cut"));
}

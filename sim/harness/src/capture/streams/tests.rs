//! Reassembly, seen through the [`Dissector`].

use std::net::{Ipv4Addr, SocketAddrV4};

use proptest::prelude::*;

use super::MAXIMUM_CONNECTIONS;
use crate::capture::packet::{Segment, gre_frame, tcp_frame};
use crate::capture::{ACK, CapturedFrame, Clock, Dissector, Event, FIN, Notice, RST, SYN, Stamp};

const PNS: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 1), 1024);
const PAC: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 2), 1723);
const WEB: SocketAddrV4 = SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 2), 8080);
const COOKIE: [u8; 8] = [0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D];

/// Feeds segments and notes what comes out.
#[derive(Default)]
struct Tap {
    dissector: Dissector,
    frames: u64,
    seen: Vec<String>,
    /// Octets by connection and sender, with the frame that brought each.
    octets: Vec<(u32, SocketAddrV4, u8, u64)>,
}

impl Tap {
    fn frame(&mut self, octets: &[u8]) {
        self.frames += 1;
        let frame = CapturedFrame {
            number: self.frames,
            nanoseconds: self.frames,
            link_type: 1,
            octets,
            original_length: octets.len() as u32,
            clock: Clock::Run,
        };
        let Tap {
            dissector,
            seen,
            octets,
            ..
        } = self;
        dissector.frame(&frame, &mut |stamp, event| note(seen, octets, stamp, event));
    }

    fn finish(mut self) -> Tap {
        let Tap {
            dissector,
            seen,
            octets,
            ..
        } = &mut self;
        dissector.finish(&mut |stamp, event| note(seen, octets, stamp, event));
        self
    }

    fn send(
        &mut self,
        from: SocketAddrV4,
        to: SocketAddrV4,
        sequence_number: u32,
        flags: u8,
        octets: &[u8],
    ) {
        self.send_acknowledging(from, to, sequence_number, 0, flags & !ACK, octets);
    }

    fn send_acknowledging(
        &mut self,
        from: SocketAddrV4,
        to: SocketAddrV4,
        sequence_number: u32,
        acknowledgment_number: u32,
        flags: u8,
        octets: &[u8],
    ) {
        let segment = Segment {
            from,
            to,
            sequence_number,
            acknowledgment_number,
            flags,
            octets,
        };
        self.frame(&tcp_frame(&segment, 1));
    }

    /// A handshake: the PNS sends from 1000 on, the PAC from 2000 on.
    fn open(&mut self, to: SocketAddrV4) {
        self.send(PNS, to, 999, SYN, &[]);
        self.send_acknowledging(to, PNS, 1999, 1000, SYN | ACK, &[]);
        self.send_acknowledging(PNS, to, 1000, 2000, ACK, &[]);
    }

    fn count(&mut self, notice: Notice) -> u64 {
        self.dissector.notices().count(notice)
    }

    fn text(&self, from: SocketAddrV4) -> String {
        self.octets
            .iter()
            .filter(|octet| octet.1 == from)
            .map(|octet| char::from(octet.2))
            .collect()
    }
}

fn note(
    seen: &mut Vec<String>,
    all: &mut Vec<(u32, SocketAddrV4, u8, u64)>,
    stamp: Stamp,
    event: Event<'_>,
) {
    let who = |from: SocketAddrV4| if from == PNS { "pns" } else { "pac" };
    seen.push(match event {
        Event::TcpOpening(flow) => format!("{} opening {}", stamp.frame, who(flow.from)),
        Event::TcpOpened { flow, start_seen } => {
            format!("{} opened {} {start_seen}", stamp.frame, who(flow.from))
        }
        Event::TcpOctets {
            flow,
            octets,
            arrived,
            starts_segment,
        } => {
            all.extend(
                octets
                    .iter()
                    .map(|&octet| (flow.connection, flow.from, octet, arrived.frame)),
            );
            let mark = if starts_segment { "" } else { "..." };
            let text = String::from_utf8_lossy(octets);
            format!(
                "{} {} {mark}{text} from {}",
                stamp.frame,
                who(flow.from),
                arrived.frame
            )
        }
        Event::TcpMissing { flow, count } => {
            format!("{} {} missing {count}", stamp.frame, who(flow.from))
        }
        Event::TcpClosed(flow) => format!("{} closed {}", stamp.frame, who(flow.from)),
        Event::TcpReset(flow) => format!("{} reset {}", stamp.frame, who(flow.from)),
        Event::TcpEnded(flow) => format!("{} ended {}", stamp.frame, flow.connection),
        Event::Gre { identification, .. } => format!("{} gre {identification}", stamp.frame),
    });
}

#[test]
fn a_connection_from_handshake_to_close() {
    let mut tap = Tap::default();
    tap.open(PAC);
    tap.send_acknowledging(PNS, PAC, 1000, 2000, ACK, b"ab");
    tap.send_acknowledging(PAC, PNS, 2000, 1002, ACK, b"cd");
    tap.send_acknowledging(PNS, PAC, 1002, 2002, ACK | FIN, b"e");
    tap.send_acknowledging(PAC, PNS, 2002, 1004, ACK | FIN, b"");
    let tap = tap.finish();
    assert_eq!(
        tap.seen,
        [
            "1 opening pns",
            "3 opened pns true",
            "4 pns ab from 4",
            "5 pac cd from 5",
            "6 pns e from 6",
            "6 closed pns",
            "7 closed pac",
            "7 ended 0"
        ]
    );
}

#[test]
fn segments_out_of_order_keep_the_frame_that_brought_them() {
    let mut tap = Tap::default();
    tap.open(PAC);
    tap.send(PNS, PAC, 1004, 0, b"ef");
    tap.send(PNS, PAC, 1002, 0, b"cd");
    tap.send(PNS, PAC, 1006, FIN, b"g");
    tap.send(PNS, PAC, 1000, 0, b"ab");
    assert_eq!(tap.count(Notice::OutOfOrder), 3);
    let expected = [
        "7 pns ab from 7",
        "7 pns cd from 5",
        "7 pns ef from 4",
        "7 pns g from 6",
        "7 closed pns",
    ];
    assert_eq!(tap.seen[2..], expected);
}

#[test]
fn what_was_there_before_does_not_come_again() {
    let mut tap = Tap::default();
    tap.open(PAC);
    tap.send(PNS, PAC, 1000, 0, b"abc");
    tap.send(PNS, PAC, 1000, 0, b"abc");
    tap.send(PNS, PAC, 1001, 0, b"bcde");
    assert_eq!(tap.count(Notice::Retransmission), 1);
    assert_eq!(tap.seen[2..], ["4 pns abc from 4", "6 pns ...de from 6"]);
}

#[test]
fn the_first_octets_stand_where_segments_contradict_each_other() {
    let mut tap = Tap::default();
    tap.open(PAC);
    tap.send(PNS, PAC, 1002, 0, b"cd");
    tap.send(PNS, PAC, 1001, 0, b"bXYe");
    assert_eq!(tap.count(Notice::ConflictingOverlap), 1);
    tap.send(PNS, PAC, 1000, 0, b"a");
    assert_eq!(tap.text(PNS), "abcde");
}

#[test]
fn sequence_numbers_wrap_around() {
    let mut tap = Tap::default();
    tap.send(PNS, PAC, u32::MAX - 2, SYN, b"");
    tap.send(PNS, PAC, 1, 0, b"de");
    tap.send(PNS, PAC, u32::MAX - 1, 0, b"abc");
    tap.send(PNS, PAC, 3, 0, b"f");
    assert_eq!(tap.text(PNS), "abcdef");
}

#[test]
fn the_start_may_be_missing() {
    let mut tap = Tap::default();
    tap.send_acknowledging(PAC, PNS, 2000, 1002, ACK, b"xy");
    tap.send(PNS, PAC, 1000, 0, b"ab");
    tap.send(PNS, PAC, 1002, 0, b"cd");
    assert_eq!(tap.seen[0], "1 opened pns false");
    assert_eq!(tap.count(Notice::MissingStart), 1);
    assert_eq!((tap.text(PAC), tap.text(PNS)), ("xy".into(), "cd".into()));
}

#[test]
fn what_the_other_end_acknowledged_is_not_waited_for() {
    let mut tap = Tap::default();
    tap.open(PAC);
    tap.send(PNS, PAC, 1000, 0, b"ab");
    tap.send(PNS, PAC, 1005, 0, b"fg");
    tap.send_acknowledging(PAC, PNS, 2000, 1003, ACK, b"");
    assert_eq!(
        tap.seen[2..],
        ["4 pns ab from 4"],
        "the gap is only partly acknowledged"
    );
    tap.send_acknowledging(PAC, PNS, 2000, 1007, ACK, b"");
    assert_eq!(tap.seen[3..], ["7 pns missing 3", "7 pns fg from 5"]);
    assert_eq!(tap.count(Notice::MissingOctets), 1);
}

#[test]
fn a_gap_that_stays_open_is_told_at_the_end() {
    let mut tap = Tap::default();
    tap.open(PAC);
    tap.send(PNS, PAC, 1002, FIN, b"c");
    let tap = tap.finish();
    assert_eq!(
        tap.seen[2..],
        [
            "4 pns missing 2",
            "4 pns c from 4",
            "4 closed pns",
            "4 ended 0"
        ]
    );
}

#[test]
fn a_new_syn_on_used_ports_is_a_new_connection() {
    let mut tap = Tap::default();
    tap.open(PAC);
    tap.send(PNS, PAC, 1000, 0, b"ab");
    tap.send(PNS, PAC, 999, SYN, b"");
    assert_eq!(tap.seen.len(), 3, "the same SYN again is no new connection");
    tap.send(PNS, PAC, 77_000, SYN, b"");
    tap.send(PNS, PAC, 77_001, 0, b"ab");
    assert_eq!(
        tap.seen[3..],
        [
            "6 ended 0",
            "6 opening pns",
            "7 opened pns true",
            "7 pns ab from 7"
        ]
    );
    assert_eq!(tap.octets.last().map(|octet| octet.0), Some(1));
}

#[test]
fn resets_end_a_connection_unless_they_are_far_away() {
    let mut tap = Tap::default();
    tap.open(PAC);
    tap.send(PNS, PAC, 1000, 0, b"ab");
    tap.send(PNS, PAC, 1002 + (1 << 21), RST, b"");
    assert_eq!(tap.count(Notice::StrayReset), 1);
    tap.send(PNS, PAC, 1002, RST, b"");
    tap.send(PNS, PAC, 1002, 0, b"cd");
    assert_eq!(tap.seen[2..], ["4 pns ab from 4", "6 reset pns"]);
}

#[test]
fn a_refused_connection_is_opening_and_reset() {
    let mut tap = Tap::default();
    tap.send(PNS, PAC, 999, SYN, b"");
    tap.send_acknowledging(PAC, PNS, 0, 1000, RST | ACK, b"");
    tap.send(PNS, PAC, 999, SYN, b"");
    assert_eq!(
        tap.seen,
        ["1 opening pns", "2 reset pac", "3 ended 0", "3 opening pns"]
    );
}

#[test]
fn another_port_is_followed_if_the_stream_begins_with_the_cookie() {
    let mut tap = Tap::default();
    tap.open(WEB);
    for (index, octet) in COOKIE.iter().enumerate() {
        assert_eq!(tap.seen.len(), 0);
        tap.send(PNS, WEB, 1000 + index as u32, 0, &[*octet]);
    }
    assert_eq!(tap.seen[..2], ["1 opening pns", "3 opened pns true"]);
    let frames: Vec<u64> = tap.octets.iter().map(|octet| octet.3).collect();
    assert_eq!(frames, [4, 5, 6, 7, 8, 9, 10, 11]);
}

#[test]
fn other_streams_on_other_ports_are_left_out() {
    let mut tap = Tap::default();
    tap.open(WEB);
    tap.send(PNS, WEB, 1000, 0, b"GET / HTTP/1.0");
    tap.send(PNS, WEB, 1014, 0, &COOKIE);
    let tap = tap.finish();
    assert_eq!(tap.seen, [""; 0]);
}

#[test]
fn a_segment_that_the_capture_cut_leaves_a_gap() {
    let mut tap = Tap::default();
    tap.open(PAC);
    let segment = Segment {
        from: PNS,
        to: PAC,
        sequence_number: 1000,
        acknowledgment_number: 0,
        flags: 0,
        octets: b"abcdef",
    };
    let frame = tcp_frame(&segment, 1);
    tap.frame(&frame[..frame.len() - 4]);
    tap.send(PNS, PAC, 1006, 0, b"gh");
    assert_eq!(
        tap.seen[2..],
        ["4 pns ab from 4", "4 pns missing 4", "5 pns gh from 5"]
    );
    assert_eq!(tap.count(Notice::CutPacket), 1);
}

#[test]
fn wrong_checksums_are_noticed_and_taken() {
    let mut tap = Tap::default();
    let segment = Segment {
        from: PNS,
        to: PAC,
        sequence_number: 999,
        acknowledgment_number: 0,
        flags: SYN,
        octets: b"",
    };
    let mut frame = tcp_frame(&segment, 1);
    frame[14 + 20 + 16] ^= 0xFF;
    frame[14 + 10] ^= 0xFF;
    tap.frame(&frame);
    assert_eq!(
        (
            tap.count(Notice::TcpChecksum),
            tap.count(Notice::Ipv4Checksum)
        ),
        (1, 1)
    );
    assert_eq!(tap.seen, ["1 opening pns"]);
}

#[test]
fn held_back_octets_are_bounded() {
    let mut tap = Tap::default();
    tap.open(PAC);
    for index in 0..600_u32 {
        tap.send(PNS, PAC, 1001 + index * 1000, 0, &[b'x'; 1000]);
    }
    assert_eq!(
        tap.count(Notice::MissingOctets),
        1,
        "the first octet is given up"
    );
    assert_eq!(tap.octets.len(), 600_000);
}

#[test]
fn connections_are_bounded() {
    let mut tap = Tap::default();
    let from = |index: usize| {
        SocketAddrV4::new(Ipv4Addr::new(10, 1, (index >> 8) as u8, index as u8), 1024)
    };
    for index in 0..MAXIMUM_CONNECTIONS + 10 {
        tap.send(from(index), PAC, 999, SYN, b"");
        assert!(tap.dissector.streams.connections.len() <= MAXIMUM_CONNECTIONS);
    }
    assert_eq!(tap.count(Notice::ForgottenConnection), 10);
    let tap = tap.finish();
    assert_eq!(
        tap.seen
            .iter()
            .filter(|event| event.contains("ended"))
            .count(),
        MAXIMUM_CONNECTIONS + 10
    );
}

#[test]
fn gre_is_told_with_its_identification_and_other_gre_is_not() {
    let mut tap = Tap::default();
    let gre =
        |octets: &[u8], identification| gre_frame(*PNS.ip(), *PAC.ip(), identification, octets);
    tap.frame(&gre(&[0x20, 0x81, 0x88, 0x0B, 0, 0, 0, 1, 0, 0, 0, 1], 7));
    tap.frame(&gre(&[0x20, 0x81, 0x08, 0x00, 0, 0, 0, 1, 0, 0, 0, 1], 8));
    tap.frame(&gre(&[0, 0, 0x88, 0x0B], 9));
    tap.frame(&gre(&[0, 0, 0x88, 0x47], 10));
    tap.frame(&gre(&[0x20, 0x81, 0x88], 11));
    assert_eq!(tap.seen, ["1 gre 7", "2 gre 8", "3 gre 9"]);
    assert_eq!(
        (
            tap.count(Notice::OtherGre(0x8847)),
            tap.count(Notice::GreHeader)
        ),
        (1, 1)
    );
}

/// A stream cut into pieces that arrive in any order, some of them more than once, some overlapping.
fn arrivals() -> impl Strategy<Value = (Vec<u8>, Vec<(usize, usize)>)> {
    (
        prop::collection::vec(any::<u8>(), 1..200),
        prop::collection::vec((0..200_usize, 1..40_usize), 0..40),
    )
        .prop_flat_map(|(stream, extra)| {
            let length = stream.len();
            let mut pieces: Vec<(usize, usize)> = extra
                .into_iter()
                .map(|(start, size)| (start % length, size))
                .collect();
            pieces.extend((0..length).step_by(7).map(|start| (start, 7)));
            for piece in &mut pieces {
                piece.1 = piece.1.min(length - piece.0);
            }
            (Just(stream), Just(pieces).prop_shuffle())
        })
}

proptest! {
    #[test]
    fn any_order_of_segments_gives_the_stream((stream, pieces) in arrivals(), initial: u32) {
        let mut tap = Tap::default();
        tap.send(PNS, PAC, initial, SYN, b"");
        let mut first_frame = vec![0; stream.len()];
        for &(start, size) in &pieces {
            let sequence_number = initial.wrapping_add(1 + start as u32);
            tap.send(PNS, PAC, sequence_number, 0, &stream[start..start + size]);
            for frame in &mut first_frame[start..start + size] {
                if *frame == 0 {
                    *frame = tap.frames;
                }
            }
        }
        let octets: Vec<u8> = tap.octets.iter().map(|octet| octet.2).collect();
        let frames: Vec<u64> = tap.octets.iter().map(|octet| octet.3).collect();
        prop_assert_eq!(octets, stream);
        prop_assert_eq!(frames, first_frame);
    }
}

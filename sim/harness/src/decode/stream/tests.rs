//! One direction of a control connection, cut into segments in every way.

use std::net::{Ipv4Addr, SocketAddrV4};

use pptp_wire::time::Instant;
use pptp_wire::{ControlMessage, EchoRequest, MAXIMUM_LENGTH, OutgoingCallRequest, Requirement};

use super::StreamDecoder;
use crate::capture::{Flow, Stamp};
use crate::decode::{ItemKind, message_name};

const FLOW: Flow = Flow {
    connection: 0,
    from: SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 1), 1024),
    to: SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 2), 1723),
};

/// What one item is: frame, name, octets, framing, requirement ids.
type Seen = (u64, &'static str, usize, String, Vec<&'static str>);

struct Tap {
    stream: StreamDecoder,
    frame: u64,
    seen: Vec<Seen>,
}

impl Tap {
    fn new(start_seen: bool) -> Tap {
        Tap {
            stream: StreamDecoder::new(start_seen),
            frame: 0,
            seen: Vec::new(),
        }
    }

    fn act(
        &mut self,
        act: impl FnOnce(&mut StreamDecoder, Stamp, &mut dyn FnMut(crate::decode::Item<'_>)),
    ) {
        let Tap {
            stream,
            frame,
            seen,
        } = self;
        let stamp = Stamp {
            frame: *frame,
            at: Instant(*frame),
        };
        act(stream, stamp, &mut |item| {
            let ItemKind::Control(control) = &item.kind else {
                panic!("{item:?}")
            };
            let ids = control
                .findings
                .iter()
                .map(|finding| finding.requirement.id())
                .collect();
            let framing = format!("{:?}", control.framing);
            seen.push((
                item.stamp.frame,
                message_name(control),
                control.octets.len(),
                framing,
                ids,
            ));
        });
    }

    /// One segment.
    fn segment(&mut self, octets: &[u8]) {
        self.frame += 1;
        self.act(|stream, stamp, out| stream.octets(FLOW, octets, stamp, stamp, true, out));
    }

    fn close(&mut self) {
        self.act(|stream, stamp, out| stream.ends(FLOW, stamp, true, out));
    }

    fn names(&self) -> Vec<(u64, &'static str)> {
        self.seen.iter().map(|seen| (seen.0, seen.1)).collect()
    }
}

fn encoded(message: impl Into<ControlMessage>) -> Vec<u8> {
    message.into().encode(&mut [0; MAXIMUM_LENGTH]).to_vec()
}

fn echo() -> Vec<u8> {
    encoded(EchoRequest::default())
}

fn request() -> Vec<u8> {
    encoded(OutgoingCallRequest::default())
}

#[test]
fn a_message_is_the_same_wherever_it_is_cut() {
    for cut in 1..168 {
        let mut tap = Tap::new(true);
        let request = request();
        tap.segment(&request[..cut]);
        assert!(tap.seen.is_empty());
        tap.segment(&[&request[cut..], &echo()].concat());
        assert_eq!(
            tap.names(),
            [(2, "Outgoing-Call-Request"), (2, "Echo-Request")],
            "cut after {cut}"
        );
    }
}

#[test]
fn octet_by_octet() {
    let mut tap = Tap::new(true);
    for octet in [request(), echo(), echo()].concat() {
        tap.segment(&[octet]);
    }
    assert_eq!(
        tap.names(),
        [
            (168, "Outgoing-Call-Request"),
            (184, "Echo-Request"),
            (200, "Echo-Request")
        ]
    );
}

#[test]
fn a_message_ends_in_the_latest_frame_that_brought_an_octet_of_it() {
    let mut tap = Tap::new(true);
    let (echo, stamp) = (echo(), |frame| Stamp {
        frame,
        at: Instant(frame),
    });
    let parts = [(&echo[..4], 9), (&echo[4..], 5), (&echo[..], 7)];
    for (octets, frame) in parts {
        tap.act(|stream, _, out| stream.octets(FLOW, octets, stamp(frame), stamp(9), true, out));
    }
    assert_eq!(tap.names(), [(9, "Echo-Request"), (7, "Echo-Request")]);
}

#[test]
fn after_loss_of_step_decoding_goes_on_where_a_segment_begins_with_a_header() {
    let mut tap = Tap::new(true);
    let mut bad = echo();
    bad[4] = 0;
    tap.segment(&[&bad[..], &echo()].concat());
    tap.segment(b"still no message");
    tap.segment(&[b"x", &echo()[..]].concat());
    tap.segment(&echo());
    tap.segment(&echo());
    let framings: Vec<&str> = tap.seen.iter().map(|seen| seen.3.as_str()).collect();
    assert_eq!(
        framings,
        [
            "Lost(BadCookie)",
            "OutOfStep",
            "OutOfStep",
            "Whole",
            "Whole"
        ]
    );
    assert_eq!(tap.seen[0].4, ["HDR-006", "HDR-009"]);
    assert_eq!(tap.seen[3].4, ["HDR-009"]);
    assert_eq!(tap.seen[4].4, [""; 0]);
}

#[test]
fn a_length_that_claims_too_much_does_not_hide_the_next_message() {
    let mut tap = Tap::new(true);
    let mut long = echo();
    long[1] += 4;
    tap.segment(&long);
    tap.segment(&echo());
    tap.segment(&echo());
    let seen: Vec<(&str, usize)> = tap.seen.iter().map(|seen| (seen.1, seen.2)).collect();
    assert_eq!(
        seen,
        [
            ("Echo-Request", 20),
            ("Unframed-Octets", 12),
            ("Echo-Request", 16),
            ("Echo-Request", 16)
        ]
    );
    assert!(tap.seen[0].4.contains(&"HDR-003"));
    assert!(tap.seen[1].4.contains(&Requirement::Hdr009.id()));
    assert_eq!(tap.seen[2].4, ["HDR-009"]);
}

#[test]
fn a_length_of_no_message_keeps_step_but_says_what_a_receiver_finds() {
    let mut tap = Tap::new(true);
    for length in [8_u16, 11, 221, 256] {
        let mut message = echo();
        message.resize(usize::from(length), 0);
        message[..2].copy_from_slice(&length.to_be_bytes());
        tap.segment(&message);
    }
    tap.segment(&echo());
    let framings: Vec<&str> = tap.seen.iter().map(|seen| seen.3.as_str()).collect();
    let (short, long) = ("Faulty(LengthTooShort)", "Faulty(LengthTooLong)");
    assert_eq!(framings, [short, short, long, long, "Whole"]);
}

#[test]
fn a_management_message_is_framed() {
    let mut tap = Tap::new(true);
    let mut message = echo();
    message[3] = 2;
    tap.segment(&[&message[..], &echo()].concat());
    let framings: Vec<&str> = tap.seen.iter().map(|seen| seen.3.as_str()).collect();
    assert_eq!(framings, ["Faulty(BadPptpMessageType)", "Whole"]);
    assert_eq!(tap.seen[0].4, ["HDR-004", "HDR-005"]);
}

#[test]
fn a_stream_that_ends_inside_a_message_says_so_once() {
    let mut tap = Tap::new(true);
    tap.segment(&request()[..100]);
    tap.close();
    tap.close();
    assert_eq!(
        tap.seen,
        [(
            1,
            "Outgoing-Call-Request",
            100,
            "Unfinished".into(),
            vec!["HDR-002"]
        )]
    );
}

#[test]
fn what_the_capture_misses_is_nobodys_fault() {
    let mut tap = Tap::new(true);
    tap.segment(&request()[..100]);
    tap.act(|stream, stamp, out| stream.missing(FLOW, stamp, out));
    tap.segment(&request()[120..]);
    tap.segment(&echo());
    let seen: Vec<(&str, &str)> = tap
        .seen
        .iter()
        .map(|seen| (seen.1, seen.3.as_str()))
        .collect();
    let expected = [
        ("Outgoing-Call-Request", "Unfinished"),
        ("Unframed-Octets", "OutOfStep"),
        ("Echo-Request", "Whole"),
    ];
    assert_eq!(seen, expected);
    assert!(tap.seen.iter().all(|seen| seen.4.is_empty()));
}

#[test]
fn a_capture_that_begins_inside_a_message_waits_for_the_next() {
    let mut tap = Tap::new(false);
    tap.segment(&request()[50..]);
    tap.segment(&echo());
    assert_eq!(tap.names(), [(1, "Unframed-Octets"), (2, "Echo-Request")]);
    assert!(tap.seen.iter().all(|seen| seen.4.is_empty()));
}

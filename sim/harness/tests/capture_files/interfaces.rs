//! Files in which several interfaces, sections and blocks of others stand between the packets.

use super::build::File;
use super::packets::{ethernet, gre_packet};
use super::{decoded, read};
use pptp_harness::capture::{Notice, Place};
use pptp_harness::decode::{Format, run_on};

/// An option's value of an offset in seconds.
fn seconds(big: bool, count: i64) -> [u8; 8] {
    if big {
        count.to_be_bytes()
    } else {
        count.to_le_bytes()
    }
}

#[test]
fn interleaved_interfaces_keep_their_own_clock_and_link_type() {
    for big in [true, false] {
        let offset = seconds(big, 90);
        let mut file = File::new(big);
        file.section(&[])
            .interface(1, 0, &[(9, &[6])])
            .interface(101, 0, &[(9, &[9])])
            .interface(101, 0, &[(9, &[0x8A]), (14, &offset)])
            .interface(105, 0, &[]);
        let framed = |number| ethernet(0x0800, &gre_packet(number));
        file.packet(0, 100_000_000, &framed(0))
            .packet(1, 100_000_250_000, &gre_packet(1))
            .packet(2, 10 * 1024 + 512, &gre_packet(2))
            .packet(3, 1, &framed(9))
            .packet(0, 101_000_000, &framed(3))
            .packet(1, 100_900_000_000, &gre_packet(4));
        let mut out = Vec::new();
        let summary = run_on("-", &file.octets[..], Format::Json, &mut out).expect("a capture");
        let text = String::from_utf8(out).expect("text");
        let times: Vec<&str> = text
            .lines()
            .map(|line| line.split('"').nth(5).expect("a time"))
            .collect();
        let expected = [
            "0.000000000",
            "0.000250000",
            "0.500000000",
            "1.000000000",
            "0.900000000",
        ];
        assert_eq!(times, expected, "big {big}");
        let notices: Vec<(Notice, Place)> = summary
            .notices
            .iter()
            .map(|(notice, count)| (notice, count.first))
            .collect();
        let expected = [
            (Notice::LinkType(105), Place::Frame(4)),
            (Notice::TimeBeforeStart, Place::Frame(4)),
            (Notice::TimeGoesBack, Place::Frame(6)),
        ];
        assert_eq!(notices, expected);
    }
}

#[test]
fn blocks_of_others_between_the_packets() {
    let mut file = File::new(true);
    file.section(&[]).interface(101, 0, &[]);
    for (number, block_type) in [4, 5, 9, 10, 0x0BAD, 0x4000_0BAD].into_iter().enumerate() {
        file.block(block_type, &[0xFF; 40])
            .packet(0, number as u64, &gre_packet(number as u32));
    }
    let known = file.octets.len() as u64;
    let (messages, notices) = decoded(&file.octets);
    assert_eq!((messages.len(), notices.is_empty()), (6, true));
    file.block(0x7777, &[0; 8])
        .block(0x8888_8888, &[])
        .packet(0, 7, &gre_packet(7));
    let contents = read(&file.octets);
    assert_eq!((contents.frames.len(), contents.error), (7, None));
    let [(Notice::UnknownBlock, count)] = contents.notices[..] else {
        panic!("{:?}", contents.notices)
    };
    assert_eq!((count.count, count.first), (2, Place::Offset(known)));
}

#[test]
fn sections_of_either_byte_order_follow_each_other() {
    let mut file = Vec::new();
    for (number, big) in [true, false, false, true].into_iter().enumerate() {
        let mut section = File::new(big);
        let offset = seconds(big, number as i64);
        section
            .section(&[])
            .interface(101, 0, &[(14, &offset)])
            .packet(0, 0, &gre_packet(number as u32));
        file.extend_from_slice(&section.octets);
    }
    let (messages, notices) = decoded(&file);
    assert_eq!(messages, ["1 GRE 0", "2 GRE 1", "3 GRE 2", "4 GRE 3"]);
    assert!(notices.is_empty());
}

#[test]
fn snap_lengths_cut_packets_and_absurd_ones_do_not() {
    let packet = gre_packet(5);
    for (snap_length, kept) in [(40, 40), (0, packet.len()), (u32::MAX, packet.len())] {
        let mut file = File::new(false);
        let mut body = File::new(false);
        body.u32(packet.len() as u32).raw(&packet[..kept]);
        file.section(&[])
            .interface(101, snap_length, &[])
            .block(3, &body.octets);
        let (messages, notices) = decoded(&file.octets);
        assert_eq!(messages, ["1 GRE 5"], "snap length {snap_length}");
        let cut = notices.count(Notice::CutPacket);
        assert_eq!(cut, u64::from(kept < packet.len()));
    }
}

#[test]
fn captures_of_other_formats_are_named() {
    for (magic, expected) in [
        (&b"snoop\0\0\0"[..], "found a snoop file: convert it first"),
        (
            b"GMBU....",
            "found a Network Monitor file: convert it first",
        ),
        (
            &[0x1F, 0x8B, 8, 0],
            "found gzip compression: decompress it first",
        ),
        (
            &[0x28, 0xB5, 0x2F, 0xFD],
            "found zstd compression: decompress it first",
        ),
        (b"PK\x03\x04", "found 50 4B 03 04"),
    ] {
        let error = super::error(magic);
        assert!(error.ends_with(expected), "{error}");
    }
}

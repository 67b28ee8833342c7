//! The reader on files made by hand: both formats, every variant, and files that lie.

mod build;
mod carried;
mod cut;
mod hostile;
mod interfaces;
mod packets;

use build::File;
use pptp_harness::capture::{CaptureError, CaptureReader, Notice, NoticeCount, Notices, Place};
use pptp_harness::decode::{Format, Summary, run_on};

/// What a file gives: number, nanoseconds, link type, octets, length on the link of each frame; then how it ends.
struct Contents {
    frames: Vec<(u64, u64, u16, Vec<u8>, u32)>,
    notices: Vec<(Notice, NoticeCount)>,
    error: Option<String>,
}

fn read(octets: &[u8]) -> Contents {
    let mut contents = Contents {
        frames: Vec::new(),
        notices: Vec::new(),
        error: None,
    };
    let mut reader = match CaptureReader::new(octets) {
        Ok(reader) => reader,
        Err(error) => {
            contents.error = Some(error.to_string());
            return contents;
        }
    };
    loop {
        match reader.next_frame() {
            Ok(Some(frame)) => contents.frames.push((
                frame.number,
                frame.nanoseconds,
                frame.link_type,
                frame.octets.to_vec(),
                frame.original_length,
            )),
            Ok(None) => break,
            Err(error) => {
                contents.error = Some(error.to_string());
                assert!(
                    matches!(reader.next_frame(), Ok(None)),
                    "nothing follows an error"
                );
                break;
            }
        }
    }
    contents.notices = reader.notices().iter().collect();
    contents
}

/// What decoding shows of a file: the lines of its messages without their times, and what it says of the rest.
fn decoded(octets: &[u8]) -> (Vec<String>, Notices) {
    let mut out = Vec::new();
    let summary: Summary =
        run_on("-", octets, Format::Json, &mut out).expect("a capture that can be read");
    let lines = String::from_utf8(out).expect("text");
    let messages = lines.lines().map(|line| {
        let value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let number = &value["fields"]["sequence-number"];
        format!(
            "{} {} {number}",
            value["frame"],
            value["message"].as_str().unwrap_or_default()
        )
    });
    (messages.collect(), summary.notices)
}

fn error(octets: &[u8]) -> String {
    read(octets).error.expect("an error")
}

#[test]
fn every_magic_of_pcap() {
    for big in [true, false] {
        for (magic, nanoseconds) in [(0xA1B2_C3D4, 5_000_007_000), (0xA1B2_3C4D, 5_000_000_007)] {
            let mut file = File::new(big);
            file.pcap(magic, 1).record(5, 7, b"frame").record(6, 0, b"");
            let contents = read(&file.octets);
            assert_eq!(
                contents.frames[0],
                (1, nanoseconds, 1, b"frame".to_vec(), 5),
                "{magic:#X} big {big}"
            );
            assert_eq!(contents.frames[1], (2, 6_000_000_000, 1, Vec::new(), 0));
            assert_eq!((contents.frames.len(), contents.error), (2, None));
        }
        let mut old_linux = File::new(big);
        old_linux
            .pcap(0xA1B2_CD34, 1)
            .u32(5)
            .u32(7)
            .u32(3)
            .u32(3)
            .u32(0)
            .u32(0)
            .raw(b"abc");
        assert_eq!(
            read(&old_linux.octets).frames,
            [(1, 5_000_007_000, 1, b"abc".to_vec(), 3)]
        );
    }
}

#[test]
fn the_high_bits_of_a_pcap_link_type_are_not_the_link_type() {
    let mut file = File::new(false);
    file.pcap(0xA1B2_C3D4, 0x1400_0001).record(0, 0, b"x");
    assert_eq!(read(&file.octets).frames[0].2, 1);
}

#[test]
fn files_that_are_no_capture_say_what_they_are() {
    assert_eq!(
        error(b""),
        "offset 0: expected a pcap or pcapng file header, the file is empty"
    );
    assert_eq!(
        error(b"hello"),
        "offset 0: expected the magic number of a pcap or pcapng file, found 68 65 6C 6C"
    );
    assert_eq!(
        error(&[0x1F, 0x8B, 8, 0, 0]),
        "offset 0: expected a pcap or pcapng file, found gzip compression: decompress it first"
    );
    assert_eq!(
        error(&[0xD4, 0xC3]),
        "offset 0: expected the magic number of a pcap or pcapng file of 4 octets, the file ends after 2 of them"
    );
    let mut version = File::new(true);
    version.u32(0xA1B2_C3D4).u16(3).u16(1).raw(&[0; 16]);
    assert_eq!(
        error(&version.octets),
        "offset 4: expected pcap version 2, found 3.1"
    );
}

#[test]
fn a_pcap_that_is_cut_short_gives_what_is_whole() {
    let mut file = File::new(false);
    file.pcap(0xA1B2_C3D4, 1)
        .record(1, 0, b"first")
        .record(2, 0, b"second");
    let whole = file.octets;
    assert_eq!(
        read(&whole[..45]).error,
        None,
        "the end of the first record is no fault"
    );
    let contents = read(&whole[..65]);
    assert_eq!(contents.frames.len(), 1);
    let expected =
        "offset 61: expected the frame of a pcap record of 6 octets, the file ends after 4 of them";
    assert_eq!(contents.error.as_deref(), Some(expected));
    let expected =
        "offset 45: expected a pcap record header of 16 octets, the file ends after 5 of them";
    assert_eq!(error(&whole[..50]), expected);
}

#[test]
fn a_record_that_is_too_long_is_passed_over() {
    let mut file = File::new(true);
    file.pcap(0xA1B2_C3D4, 1)
        .record(1, 0, &vec![7; 300_000])
        .record(2, 0, b"next");
    let contents = read(&file.octets);
    assert_eq!(
        contents.frames,
        [(2, 2_000_000_000, 1, b"next".to_vec(), 4)]
    );
    assert_eq!(
        contents.notices,
        [(
            Notice::FrameTooLong,
            NoticeCount {
                count: 1,
                first: Place::Frame(1)
            }
        )]
    );
    let mut endless = File::new(true);
    endless
        .pcap(0xA1B2_C3D4, 1)
        .u32(0)
        .u32(0)
        .u32(u32::MAX)
        .u32(u32::MAX)
        .raw(b"abc");
    let expected = "offset 40: expected the frame of a pcap record of 4294967295 octets, the file ends after 3 of them";
    assert_eq!(error(&endless.octets), expected);
}

#[test]
fn pcapng_in_both_byte_orders_with_an_interface_of_each_clock() {
    for big in [true, false] {
        let offset = |seconds: i64| {
            if big {
                seconds.to_be_bytes()
            } else {
                seconds.to_le_bytes()
            }
        };
        let mut file = File::new(big);
        file.section(&[])
            .interface(1, 0, &[])
            .interface(101, 0, &[(9, &[9])])
            .interface(0, 0, &[(9, &[0x8A]), (14, &offset(-1))])
            .interface(113, 0, &[(9, &[0]), (14, &offset(100)), (0, &[])])
            .packet(0, 5_000_007, b"microseconds")
            .packet(1, 5_000_000_007, b"nanoseconds")
            .packet(2, 5 * 1024 + 512, b"1024ths, one second back")
            .packet(3, 5, b"seconds, 100 forward");
        let frames = read(&file.octets).frames;
        let times: Vec<(u64, u16)> = frames.iter().map(|frame| (frame.1, frame.2)).collect();
        let expected = [
            (5_000_007_000, 1),
            (5_000_000_007, 101),
            (4_500_000_000, 0),
            (105_000_000_000, 113),
        ];
        assert_eq!(times, expected, "big {big}");
        assert_eq!(frames[0].3, b"microseconds");
    }
}

#[test]
fn clocks_out_of_range_are_clamped() {
    let mut file = File::new(true);
    file.section(&[])
        .interface(1, 0, &[(14, &i64::MIN.to_be_bytes())])
        .interface(1, 0, &[(14, &i64::MAX.to_be_bytes())])
        .interface(1, 0, &[(9, &[0x7F])])
        .interface(1, 0, &[(9, &[0xFF])])
        .interface(1, 0, &[(9, &[0])]);
    for interface in 0..5 {
        file.packet(interface, u64::MAX, b"x");
    }
    let times: Vec<u64> = read(&file.octets)
        .frames
        .iter()
        .map(|frame| frame.1)
        .collect();
    assert_eq!(times, [0, u64::MAX, 0, 0, u64::MAX]);
}

#[test]
fn other_packet_blocks_and_unknown_blocks() {
    let mut file = File::new(true);
    let mut obsolete = File::new(true);
    obsolete
        .u16(0)
        .u16(9)
        .u32(0)
        .u32(3_000_000)
        .u32(3)
        .u32(60)
        .raw(b"abc");
    file.section(&[])
        .interface(1, 4, &[])
        .block(0x0000_0BAD, b"unknown block with octets")
        .block(5, &[0; 12])
        .block(2, &obsolete.octets)
        .block(3, &[&[0, 0, 0, 9], &b"wxyz"[..]].concat());
    let contents = read(&file.octets);
    assert_eq!(contents.error, None);
    let expected = [
        (1, 3_000_000_000, 1, b"abc".to_vec(), 60),
        (2, 3_000_000_000, 1, b"wxyz".to_vec(), 9),
    ];
    assert_eq!(
        contents.frames, expected,
        "a simple packet has the time of the packet before it"
    );
    assert!(contents.notices.is_empty());
}

#[test]
fn a_new_section_has_its_own_byte_order_and_interfaces() {
    let mut file = File::new(true);
    file.section(&[]).interface(1, 0, &[]).packet(0, 1, b"a");
    let mut second = File::new(false);
    second
        .section(&[])
        .interface(101, 0, &[])
        .packet(0, 2, b"b")
        .packet(1, 3, b"c");
    file.raw(&second.octets);
    let contents = read(&file.octets);
    let frames: Vec<(u64, u16)> = contents
        .frames
        .iter()
        .map(|frame| (frame.0, frame.2))
        .collect();
    assert_eq!(frames, [(1, 1), (2, 101)]);
    let unknown = NoticeCount {
        count: 1,
        first: Place::Frame(3),
    };
    assert_eq!(contents.notices, [(Notice::UnknownInterface, unknown)]);
}

#[test]
fn files_of_a_run_say_so() {
    use pptp_harness::capture::Clock;
    let clock = |octets: &[u8]| -> Result<Clock, CaptureError> {
        let mut reader = CaptureReader::new(octets)?;
        Ok(reader.next_frame()?.expect("a frame").clock)
    };
    for (application, expected) in [
        (&b"pptp-sim"[..], Clock::Run),
        (b"dumpcap 4.", Clock::Epoch),
    ] {
        let mut options = File::new(false);
        options
            .u16(4)
            .u16(application.len() as u16)
            .raw(application);
        options
            .octets
            .resize(options.octets.len().next_multiple_of(4), 0);
        let mut file = File::new(false);
        file.section(&options.octets)
            .interface(1, 0, &[])
            .packet(0, 1, b"a");
        assert_eq!(clock(&file.octets).expect("a whole capture"), expected);
    }
}

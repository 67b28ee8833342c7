//! Files whose lengths lie: what can be read is read, what was skipped is told.

use pptp_harness::capture::{Notice, NoticeCount, Place};

use super::build::File;
use super::{error, read};

#[test]
fn block_lengths_that_lead_nowhere_end_the_file() {
    for (total, least) in [(0_u32, 12), (8, 12), (11, 12), (13, 12), (u32::MAX, 12)] {
        let mut file = File::new(true);
        file.section(&[])
            .interface(1, 0, &[])
            .packet(0, 1, b"whole")
            .u32(0xBAD)
            .u32(total)
            .raw(&[0; 40]);
        let contents = read(&file.octets);
        assert_eq!(contents.frames.len(), 1);
        let expected = format!(
            "offset 88: expected a block total length that is a multiple of 4 and at least {least} for block type 0x00000BAD, found {total}"
        );
        assert_eq!(contents.error, Some(expected));
    }
    let mut small = File::new(true);
    small.section(&[]).u32(6).u32(28).raw(&[0; 20]);
    assert!(error(&small.octets).contains("at least 32 for block type 0x00000006, found 28"));
}

#[test]
fn a_block_longer_than_the_file_is_cut_short() {
    let mut file = File::new(false);
    file.section(&[])
        .interface(1, 0, &[])
        .u32(6)
        .u32(0xFFFF_FFFC)
        .raw(&[0; 100]);
    let contents = read(&file.octets);
    let expected = "offset 56: expected the body of a pcapng block of 4294967280 octets, the file ends after 100 of them";
    assert_eq!(contents.error.as_deref(), Some(expected));
    assert_eq!(contents.notices[0].0, Notice::BlockTooLong);
}

#[test]
fn a_block_too_long_to_keep_is_passed_over() {
    let mut file = File::new(false);
    file.section(&[])
        .interface(1, 0, &[])
        .packet(0, 1, &vec![0; 2 << 20])
        .packet(0, 2, b"next");
    let contents = read(&file.octets);
    assert_eq!(
        (contents.frames.len(), contents.frames[0].0, contents.error),
        (1, 2, None)
    );
    assert_eq!(contents.notices[0].0, Notice::BlockTooLong);
}

#[test]
fn captured_lengths_larger_than_the_block() {
    let mut file = File::new(false);
    file.section(&[])
        .interface(1, 0, &[])
        .packet_claiming(0, 1, u32::MAX, b"abcd")
        .packet(0, 2, b"next");
    let contents = read(&file.octets);
    assert_eq!(contents.frames[0].3, b"abcd");
    assert_eq!((contents.frames.len(), contents.error), (2, None));
    let expected = (
        Notice::CapturedLength,
        NoticeCount {
            count: 1,
            first: Place::Frame(1),
        },
    );
    assert_eq!(contents.notices, [expected]);
}

#[test]
fn a_simple_packet_cannot_be_longer_than_its_block_or_the_snap_length() {
    for (snap_length, expected) in [(0, 8), (6, 6), (1_000_000, 8)] {
        let mut file = File::new(true);
        file.section(&[])
            .interface(1, snap_length, &[])
            .block(3, &[&[0xFF; 4], &b"abcdefgh"[..]].concat());
        assert_eq!(
            read(&file.octets).frames[0].3.len(),
            expected,
            "snap length {snap_length}"
        );
    }
}

#[test]
fn options_of_no_length_or_too_much() {
    let mut file = File::new(true);
    file.section(&[0, 4, 0, 0, 0, 4, 0xFF, 0xFF])
        .interface(1, 0, &[(9, &[]), (14, &[]), (9, &[1, 2]), (14, &[1])])
        .block(1, &[0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 200])
        .block(1, &[0, 1, 0, 0, 0, 0, 0, 0, 0, 9])
        .packet(0, 5, b"a")
        .packet(1, 5, b"b")
        .packet(2, 5, b"c");
    let contents = read(&file.octets);
    let times: Vec<u64> = contents.frames.iter().map(|frame| frame.1).collect();
    assert_eq!(
        times, [5_000; 3],
        "all options with an impossible length are ignored"
    );
    assert_eq!(
        contents.notices,
        [(
            Notice::BadOption,
            NoticeCount {
                count: 4,
                first: Place::Offset(0)
            }
        )]
    );
}

#[test]
fn a_trailing_length_that_differs_is_noticed() {
    let mut file = File::new(true);
    file.section(&[]).interface(1, 0, &[]).packet(0, 1, b"abcd");
    let last = file.octets.len() - 1;
    file.octets[last] ^= 0xFF;
    file.packet(0, 2, b"next");
    let contents = read(&file.octets);
    assert_eq!((contents.frames.len(), contents.error), (2, None));
    assert_eq!(
        contents.notices,
        [(
            Notice::TrailingLength,
            NoticeCount {
                count: 1,
                first: Place::Offset(48)
            }
        )]
    );
}

#[test]
fn a_packet_whose_block_is_cut_behind_its_octets_is_given_first() {
    let mut file = File::new(true);
    file.section(&[]).interface(1, 0, &[]).packet(0, 1, b"abcd");
    let contents = read(&file.octets[..file.octets.len() - 2]);
    assert_eq!(contents.frames.len(), 1);
    let expected = "offset 80: expected the total length at the end of a pcapng block of 4 octets, the file ends after 2 of them";
    assert_eq!(contents.error.as_deref(), Some(expected));
}

#[test]
fn bad_section_headers() {
    let mut magic = File::new(true);
    magic
        .u32(0x0A0D_0D0A)
        .u32(28)
        .u32(0x1234_5678)
        .raw(&[0; 16]);
    let expected =
        "offset 8: expected the byte-order magic 1A 2B 3C 4D or 4D 3C 2B 1A, found 12 34 56 78";
    assert_eq!(error(&magic.octets), expected);
    let mut version = File::new(true);
    version
        .u32(0x0A0D_0D0A)
        .u32(28)
        .u32(0x1A2B_3C4D)
        .u16(2)
        .u16(1)
        .raw(&[0; 8])
        .u32(28);
    assert_eq!(
        error(&version.octets),
        "offset 12: expected pcapng version 1, found 2.1"
    );
    let mut length = File::new(true);
    length
        .u32(0x0A0D_0D0A)
        .u32(24)
        .u32(0x1A2B_3C4D)
        .raw(&[0; 16]);
    assert!(error(&length.octets).contains("at least 28 for block type 0x0A0D0D0A, found 24"));
}

#[test]
fn interfaces_are_bounded() {
    let mut file = File::new(true);
    file.section(&[]);
    for _ in 0..4100 {
        file.interface(1, 0, &[]);
    }
    file.packet(4095, 1, b"kept").packet(4096, 1, b"not");
    let contents = read(&file.octets);
    assert_eq!(contents.frames.len(), 1);
    let counts: Vec<(Notice, u64)> = contents
        .notices
        .iter()
        .map(|(notice, count)| (*notice, count.count))
        .collect();
    assert_eq!(
        counts,
        [
            (Notice::UnknownInterface, 1),
            (Notice::TooManyInterfaces, 4)
        ]
    );
}

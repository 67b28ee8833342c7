//! Small files cut off at every octet: what came before is given, and the error names the place.

use super::build::File;
use super::{Contents, read};

/// A pcap file with three frames, and the offset behind each.
fn pcap(big: bool, magic: u32) -> (Vec<u8>, Vec<usize>) {
    let mut file = File::new(big);
    file.pcap(magic, 1);
    let mut ends = Vec::new();
    for frame in [&b"first"[..], b"", b"the third one"] {
        file.record(1, 2, frame);
        ends.push(file.octets.len());
    }
    (file.octets, ends)
}

/// A pcapng file of two sections with every kind of block, and where each frame is known: at the end of its block without the last four
/// octets.
fn pcapng(big: bool) -> (Vec<u8>, Vec<usize>) {
    let mut file = File::new(big);
    let mut ends = Vec::new();
    file.section(&[]).interface(1, 0, &[(9, &[9])]);
    file.packet(0, 5, b"first");
    ends.push(file.octets.len() - 4);
    file.block(4, &[0; 4])
        .block(5, &[0; 12])
        .block(10, b"TLSKsecrets.")
        .block(0x7777, b"unknown");
    file.block(3, &[&[0, 0, 0, 4], &b"wxyz"[..]].concat());
    ends.push(file.octets.len() - 4);
    let mut second = File::new(!big);
    second.section(&[]).interface(101, 0, &[]);
    second.packet(0, 6, b"other order");
    file.raw(&second.octets);
    ends.push(file.octets.len() - 4);
    (file.octets, ends)
}

/// Offset in the file and octets that are there of the item, from `offset 5: … ends after 3 of them`.
fn place(error: &str) -> (usize, usize) {
    let number = |text: &str| -> usize {
        let digits: String = text
            .chars()
            .take_while(|character| character.is_ascii_digit())
            .collect();
        digits.parse().expect("a number")
    };
    let offset = error.strip_prefix("offset ").expect("the place");
    let (_, present) = error.split_once("ends after ").expect("what is there");
    (number(offset), number(present))
}

#[test]
fn every_cut_is_told_and_takes_nothing_that_came_before() {
    for big in [true, false] {
        let files = [pcap(big, 0xA1B2_C3D4), pcap(big, 0xA1B2_3C4D), pcapng(big)];
        for (octets, ends) in files {
            let whole = read(&octets);
            assert_eq!((whole.frames.len(), &whole.error), (ends.len(), &None));
            let mut faults = 0;
            for cut in 1..octets.len() {
                let Contents { frames, error, .. } = read(&octets[..cut]);
                let expected = ends.iter().filter(|end| **end <= cut).count();
                assert_eq!(frames, whole.frames[..expected], "cut off at {cut}");
                if let Some(error) = error {
                    let (offset, present) = place(&error);
                    assert_eq!(offset + present, cut, "{error}");
                    faults += 1;
                }
            }
            // Between two items, a file that is cut off is a whole one.
            assert!(faults + 15 >= octets.len() && faults < octets.len() - 2);
        }
    }
}

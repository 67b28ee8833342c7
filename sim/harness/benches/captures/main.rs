//! What reading a long capture costs, each step against the one before it, in one run: the octets of the file, its frames, what they
//! show, decoding, writing JSON lines, and verifying. `.ci/long captures` compares with tcpdump.
//!
//! `cargo bench -p pptp-harness --bench captures` prints it. The exit status is 1 where a limit is missed.

mod generate;
#[path = "../speed/table.rs"]
#[allow(dead_code, reason = "the other benches use the rest")]
mod table;

use generate::{Shape, Written, write_capture};
use pptp_harness::capture::{CaptureReader, Notices, dissect};
use pptp_harness::decode::{Item, JsonRenderer, decode};
use pptp_harness::verify::{VerifyOptions, verify};
use std::hint::black_box;
use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::time::Duration;
use table::{Limit, Ratio, Table, duel};

/// One step: its name, what does it, and what it may cost as a multiple of the one before.
type Step = (&'static str, fn(&[u8]) -> u64, u128);

/// Each answers how many frames or packets it has seen.
const STEPS: [Step; 5] = [
    ("frames of a capture / its octets alone", frames, 4),
    ("what a capture shows / its frames", shown, 6),
    ("decode, nothing written / what it shows", decoded, 4),
    ("decode to JSON lines / nothing written", written_as_json, 8),
    ("verify / decode, nothing written", verified, 3),
];

fn main() -> ExitCode {
    // `cargo test --benches` runs each bench once, as a test: the work is asserted, the ratios tell nothing.
    let is_short = !std::env::args().any(|argument| argument == "--bench");
    let (packets, rounds) = if is_short { (1_000, 1) } else { (200_000, 12) };
    let mut file = Vec::new();
    let shape = Shape {
        connections: 1,
        calls: 1,
        packets,
    };
    let written = write_capture(shape, &mut file).expect("a vector takes everything");
    let mut table = Table::begin();
    let mut before: fn(&[u8]) -> u64 = octets;
    for (name, step, limit) in STEPS {
        let ((spent, seen), (base, _)) = duel(rounds, || step(&file), || before(&file));
        assert!(is_all_of(seen, &written), "{name}: {seen} of {written:?}");
        table.row(
            name,
            Ratio::of_times(spent, base),
            Limit::AtMost(limit),
            &format!(
                "{} / {} ns a frame",
                each(spent, &written),
                each(base, &written)
            ),
        );
        // JSON lines are no step to verifying.
        if name != "decode to JSON lines / nothing written" {
            before = step;
        }
    }
    if table.end() || is_short {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Frames, or the packets and messages that they carry.
fn is_all_of(seen: u64, written: &Written) -> bool {
    seen == written.frames || seen == written.gre_packets + written.control_messages
}

fn each(spent: Duration, written: &Written) -> u128 {
    spent.as_nanos() / u128::from(written.frames)
}

/// Reads the octets as a file is read: in blocks.
fn octets(mut file: &[u8]) -> u64 {
    let mut block = vec![0; 128 * 1024];
    let mut sum = 0;
    while let Ok(count @ 1..) = file.read(&mut block) {
        sum += count as u64;
        black_box(&block[..count]);
    }
    sum
}

fn frames(file: &[u8]) -> u64 {
    let mut reader = CaptureReader::new(file).expect("a capture");
    let mut count = 0;
    while let Some(frame) = reader.next_frame().expect("a whole capture") {
        black_box(frame.octets);
        count += 1;
    }
    count
}

fn shown(file: &[u8]) -> u64 {
    let mut reader = CaptureReader::new(file).expect("a capture");
    let mut notices = Notices::default();
    dissect(&mut reader, &mut notices, &mut |stamp, event| {
        black_box((stamp, event));
        true
    })
    .expect("a whole capture");
    assert!(notices.is_empty(), "{notices}");
    reader.frames()
}

fn decoded(file: &[u8]) -> u64 {
    let summary = decode(file, &mut |item: &Item<'_>| {
        black_box(item);
        Ok(())
    })
    .expect("a whole capture");
    assert_eq!(summary.findings, 0);
    summary.gre_packets + summary.control_messages
}

fn written_as_json(file: &[u8]) -> u64 {
    let mut lines = Lines(0);
    decode(file, &mut JsonRenderer::new(&mut lines)).expect("a whole capture");
    lines.0
}

/// Finds nothing: what the path did is no end's fault.
fn verified(file: &[u8]) -> u64 {
    let report = verify(file, VerifyOptions::default(), &mut |found| {
        panic!("{found:?}")
    })
    .expect("a whole capture");
    report.gre_packets + report.control_messages
}

/// Counts lines: one a write.
struct Lines(u64);

impl Write for Lines {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        black_box(octets);
        self.0 += u64::from(octets.last() == Some(&b'\n'));
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

//! Every capture cut off anywhere and with octets changed: decoding ends, without a panic, and what was whole is the same as before.

use std::fs;
use std::path::Path;

use pptp_harness::decode::{DecodeFailure, Framing, Item, ItemKind, decode, message_name};
use pptp_harness::fuzzing::capture_reader;

fn captures() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures");
    let mut captures: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .expect("the folder of captures")
        .map(|entry| entry.expect("a folder entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "pcap")
        })
        .map(|path| {
            (
                path.display().to_string(),
                fs::read(path).expect("a capture"),
            )
        })
        .collect();
    captures.sort();
    assert_eq!(captures.len(), 19);
    captures
}

/// Everything that does not depend on the end of the capture.
fn messages(octets: &[u8]) -> (Vec<String>, bool) {
    let mut messages = Vec::new();
    let mut sink = |item: &Item<'_>| {
        match &item.kind {
            ItemKind::Control(control) if control.framing != Framing::Unfinished => {
                messages.push(format!(
                    "{} {} {:?}",
                    item.stamp.frame,
                    message_name(control),
                    control.octets
                ));
            }
            ItemKind::Gre(gre) => messages.push(format!("{} {:?}", item.stamp.frame, gre.octets)),
            _ => {}
        }
        Ok(())
    };
    let whole = match decode(octets, &mut sink) {
        Ok(_) => true,
        Err(DecodeFailure::CutShort { .. } | DecodeFailure::Unreadable(_)) => false,
        Err(error) => panic!("{error}"),
    };
    (messages, whole)
}

/// The same numbers in every run.
struct Luck(u64);

impl Luck {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % limit as u64) as usize
    }
}

#[test]
fn a_capture_cut_off_anywhere_gives_the_beginning_of_what_the_whole_gives() {
    for (name, octets) in captures() {
        let (all, whole) = messages(&octets);
        assert!(whole && !all.is_empty(), "{name}");
        let mut cuts = 0;
        let step = (octets.len() / 150).max(1);
        for cut in (0..octets.len())
            .step_by(step)
            .chain(0..64)
            .chain(octets.len() - 64..octets.len())
        {
            let (some, _) = messages(&octets[..cut]);
            assert!(all.starts_with(&some), "{name} cut off at {cut}");
            cuts += usize::from(some.len() < all.len());
        }
        assert!(cuts > 60, "{name}: {cuts} cuts took something away");
    }
}

#[test]
fn changed_octets_never_panic() {
    let mut luck = Luck(2637);
    let mut changed_something = 0;
    for (_, octets) in captures() {
        let before = messages(&octets);
        for round in 0..60 {
            let mut changed = octets.clone();
            for _ in 0..=round % 8 {
                let at = luck.below(changed.len());
                changed[at] = match luck.below(4) {
                    0 => 0,
                    1 => 0xFF,
                    2 => changed[at] ^ 1 << luck.below(8),
                    _ => luck.below(256) as u8,
                };
            }
            changed_something += usize::from(messages(&changed) != before);
            capture_reader(&changed);
        }
    }
    assert!(
        changed_something > 300,
        "{changed_something} changes showed"
    );
}

#[test]
fn octets_taken_out_or_doubled_never_panic() {
    let mut luck = Luck(1701);
    for (_, octets) in captures() {
        for _ in 0..30 {
            let (from, length) = (luck.below(octets.len()), luck.below(200));
            let to = (from + length).min(octets.len());
            capture_reader(&[&octets[..from], &octets[to..]].concat());
            capture_reader(&[&octets[..to], &octets[from..]].concat());
        }
    }
}

//! Dictionaries: what a fuzzer would take long to guess.

use pptp_harness::scenario::vocabulary::entries;
use pptp_wire::{ControlMessageType, Header, PppProtocol};
use std::collections::BTreeSet;
use std::fmt::Write;

/// Names of the files and their texts, sorted.
pub fn dictionaries() -> Vec<(String, String)> {
    let file = |name: &str, words: Vec<Vec<u8>>| (format!("{name}.dict"), text(words));
    vec![
        file("capture", capture()),
        file("control", control()),
        file("gre", gre()),
        file("scenario", scenario()),
    ]
}

/// One word a line, octets that are not plain as `\xNN`.
fn text(words: Vec<Vec<u8>>) -> String {
    let mut text = String::from("# Generated: see fuzz/README.md.\n");
    for word in words.into_iter().collect::<BTreeSet<_>>() {
        text.push('"');
        for octet in word {
            match octet {
                b'"' | b'\\' => text.extend(['\\', octet.into()]),
                b' '..=b'~' => text.push(octet.into()),
                _ => write!(text, "\\x{octet:02X}").expect("a string takes all"),
            }
        }
        text.push_str("\"\n");
    }
    text
}

/// The header of every message.
fn control() -> Vec<Vec<u8>> {
    let headers = ControlMessageType::ALL.iter().map(|row| {
        let mut octets = [0; 12];
        Header::for_type(ControlMessageType(row.0)).encode(&mut octets);
        octets.to_vec()
    });
    headers
        .chain([
            vec![0x1A, 0x2B, 0x3C, 0x4D],
            vec![0x00, 0x01],
            vec![0x01, 0x00],
        ])
        .collect()
}

/// The flags of every kind of packet, and the PPP protocols.
fn gre() -> Vec<Vec<u8>> {
    let flags = [0x2001, 0x2081, 0x3001, 0x3081].map(|flags: u16| {
        let [high, low] = flags.to_be_bytes();
        vec![high, low, 0x88, 0x0B]
    });
    let protocols = PppProtocol::ALL
        .iter()
        .map(|(number, _)| number.to_be_bytes().to_vec());
    flags
        .into_iter()
        .chain(protocols)
        .chain([vec![0xFF, 0x03], vec![0x7E, 0x7D]])
        .collect()
}

/// Magic numbers, block and option types, link types, the port.
fn capture() -> Vec<Vec<u8>> {
    let words = [
        0xA1B2_C3D4_u32,
        0xA1B2_3C4D,
        0x0A0D_0D0A,
        0x1A2B_3C4D,
        1,
        2,
        3,
        5,
        6,
        101,
        113,
        228,
        276,
    ];
    let both = words
        .iter()
        .flat_map(|word| [word.to_be_bytes().to_vec(), word.to_le_bytes().to_vec()]);
    both.chain([
        vec![0x06, 0xBB],
        vec![0x08, 0x00, 0x45],
        vec![0x88, 0x0B],
        vec![0x81, 0x00],
    ])
    .collect()
}

/// The words of the vocabulary, and the signs of the language.
fn scenario() -> Vec<Vec<u8>> {
    let signs = [
        "->", "~>", "#true", "#false", "\"20ms\"", "\"5%\"", "\"1..5\"", "$x", "{", "}", "/-",
        "/*", "*/", "fragment",
    ];
    let words = entries().into_iter().map(|entry| entry.name.into_bytes());
    words
        .chain(signs.map(|sign| sign.as_bytes().to_vec()))
        .filter(|word| !word.is_empty())
        .collect()
}

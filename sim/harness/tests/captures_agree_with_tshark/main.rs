//! What `decode` says of every capture against what tshark says of it, frame by frame. Every difference stands in
//! `data/captures/differences.tsv` with its cause.

mod said;

use std::collections::BTreeSet;
use std::fs;

use pptp_harness::decode::ItemKind;
use pptp_wire::ControlMessageType;
use said::{Said, data, decode_capture, ours, theirs};

/// capture, frame, what we say, what tshark says
type Difference = (String, u64, String, String);

#[test]
fn every_difference_has_a_cause() {
    let mut found = Vec::new();
    let mut compared = 0;
    let mut plain = 0;
    for name in captures() {
        let ours = ours(&name);
        let theirs = theirs(&name);
        assert!(!theirs.is_empty(), "{name}: tshark says nothing");
        compared += theirs.len();
        let frames: BTreeSet<u64> = ours.keys().chain(theirs.keys()).copied().collect();
        for frame in frames {
            let nothing = Vec::new();
            let ours = ours.get(&frame).unwrap_or(&nothing);
            let theirs = theirs.get(&frame);
            if let Some(theirs) = theirs.filter(|theirs| must_agree(theirs)) {
                assert_same_fields(&name, frame, ours, theirs);
                plain += 1;
            }
            if let Some((we, they)) = difference(ours, theirs) {
                let row = (name.clone(), frame, we, they);
                found.push(row);
            }
        }
    }
    assert_eq!(compared, 836, "rows of tshark");
    assert_eq!(plain, 764, "rows in which nothing may differ");
    let table = table();
    let listed: Vec<Difference> = table.iter().map(|(row, _)| row.clone()).collect();
    let new: Vec<String> = found
        .iter()
        .filter(|row| !listed.contains(row))
        .map(line)
        .collect();
    let gone: Vec<String> = listed
        .iter()
        .filter(|row| !found.contains(row))
        .map(line)
        .collect();
    assert!(
        new.is_empty(),
        "differences without a cause:\n{}",
        new.join("\n")
    );
    assert!(
        gone.is_empty(),
        "rows of the table that do not differ:\n{}",
        gone.join("\n")
    );
    for (row, cause) in table {
        assert!(cause.len() > 20, "no cause: {row:?}");
    }
}

#[test]
fn every_capture_is_compared() {
    assert_eq!(captures().len(), 19);
}

#[test]
fn times_and_ends_agree() {
    let mut compared = 0;
    for name in captures() {
        let theirs = theirs(&name);
        decode_capture(&name, |item| {
            let (from, to) = match &item.kind {
                ItemKind::Control(control) => {
                    (control.flow.from.to_string(), control.flow.to.to_string())
                }
                ItemKind::Gre(gre) => (gre.from.to_string(), gre.to.to_string()),
                _ => return,
            };
            let Some(row) = theirs.get(&item.stamp.frame) else {
                return;
            };
            let seconds = format!(
                "{}.{:09}",
                item.stamp.at.0 / 1_000_000_000,
                item.stamp.at.0 % 1_000_000_000
            );
            assert_eq!(
                row.fields["time"], seconds,
                "{name} frame {}",
                item.stamp.frame
            );
            assert_eq!(
                row.fields["from"], from,
                "{name} frame {}",
                item.stamp.frame
            );
            assert_eq!(row.fields["to"], to, "{name} frame {}", item.stamp.frame);
            compared += 1;
        });
    }
    assert!(compared > 800, "{compared} rows compared");
}

fn captures() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(data())
        .expect("the folder of captures")
        .filter_map(|entry| {
            let path = entry.expect("a folder entry").path();
            (path.extension()? == "pcap").then(|| {
                path.file_stem()
                    .map(|stem| stem.to_string_lossy().into_owned())
            })?
        })
        .collect();
    names.sort();
    names
}

/// Control messages with the right cookie, PPTP Message Type 1 and their table's Length, alone in their segment; GRE packets of version 1
/// and protocol 0x880B without C and R.
fn must_agree(theirs: &Said) -> bool {
    let field = |name: &str| theirs.fields.get(name).map(String::as_str);
    let number = |name: &str| field(name).and_then(|value| value.parse::<u16>().ok());
    if let Some(flags) = field("gre_flags_and_version") {
        let flags =
            u16::from_str_radix(flags.trim_start_matches("0x"), 16).expect("hexadecimal flags");
        return flags & 0xC007 == 1
            && field("gre_proto") == Some("0x880b")
            && !theirs.what.contains("ICMP");
    }
    let length =
        number("pptp_control_message_type").and_then(|number| ControlMessageType(number).length());
    field("pptp_magic_cookie") == Some("0x1a2b3c4d")
        && field("pptp_type") == Some("1")
        && length.is_some()
        && length == number("pptp_length")
        && length == number("tcp_len")
}

/// Type, Call IDs, results, windows, sequence and acknowledgment numbers, and every other field of the message or header itself.
fn assert_same_fields(name: &str, frame: u64, ours: &[Said], theirs: &Said) {
    let [ours] = ours else {
        panic!("{name} frame {frame}: one message, decoded as {ours:?}")
    };
    let own = |said: &Said| -> Vec<(String, String)> {
        let own = said
            .fields
            .iter()
            .filter(|(key, _)| key.starts_with("pptp_") || key.starts_with("gre_"));
        own.map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    };
    assert_eq!(
        own(ours),
        own(theirs),
        "{name} frame {frame}: a plain packet is decoded otherwise"
    );
}

/// `None` if both say the same.
fn difference(ours: &[Said], theirs: Option<&Said>) -> Option<(String, String)> {
    let (ours, theirs) = match (ours, theirs) {
        ([], None) => return None,
        ([ours], Some(theirs)) => (ours, theirs),
        (ours, theirs) => {
            let what: Vec<&str> = ours.iter().map(|said| said.what.as_str()).collect();
            let we = if what.is_empty() {
                "nothing".to_owned()
            } else {
                what.join(", ")
            };
            return Some((
                we,
                theirs.map_or("nothing".to_owned(), |said| said.what.clone()),
            ));
        }
    };
    let beside = ["time", "from", "to", "tcp_len"];
    let keys = ours
        .fields
        .keys()
        .chain(theirs.fields.keys())
        .filter(|key| !beside.contains(&key.as_str()));
    let mut differing: Vec<&String> = keys
        .filter(|key| ours.fields.get(*key) != theirs.fields.get(*key))
        .collect();
    differing.sort();
    differing.dedup();
    if differing.is_empty() && ours.what == theirs.what {
        return None;
    }
    let say = |said: &Said| {
        let mut text = said.what.clone();
        for key in &differing {
            if let Some(value) = said.fields.get(*key) {
                let key = key.trim_start_matches("pptp_").trim_start_matches("gre_");
                text.push_str(&format!(" {key}={value}"));
            }
        }
        text
    };
    Some((say(ours), say(theirs)))
}

fn table() -> Vec<(Difference, String)> {
    let text =
        fs::read_to_string(data().join("differences.tsv")).expect("the table of differences");
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("capture\tframe\twe say\ttshark says\tcause")
    );
    lines
        .map(|line| {
            let columns: Vec<&str> = line.split('\t').collect();
            let [name, frame, we, they, cause] = columns[..] else {
                panic!("not five columns: {line}")
            };
            let frame = frame
                .parse()
                .unwrap_or_else(|_| panic!("no frame number: {line}"));
            (
                (name.to_owned(), frame, we.to_owned(), they.to_owned()),
                cause.to_owned(),
            )
        })
        .collect()
}

fn line((name, frame, we, they): &Difference) -> String {
    format!("{name}\t{frame}\t{we}\t{they}\t")
}

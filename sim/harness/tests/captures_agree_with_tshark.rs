//! What `decode` says of every capture against what tshark says of it, frame by frame. Every difference stands in
//! `data/captures/differences.tsv` with its cause.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use pptp_harness::decode::{
    Control, Gre, Item, ItemKind, MessageValue, decode, message_fields, message_name,
};
use pptp_wire::{ControlMessageType, FieldKind, PppFrame};
use serde_json::Value;

/// What somebody says of one frame: a few words, and every field under tshark's name for it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Said {
    what: String,
    fields: BTreeMap<String, String>,
}

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

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures")
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

fn ours(name: &str) -> BTreeMap<u64, Vec<Said>> {
    let mut said: BTreeMap<u64, Vec<Said>> = BTreeMap::new();
    decode_capture(name, |item| {
        let row = match &item.kind {
            ItemKind::Control(control) => our_control(control),
            ItemKind::Gre(gre) => our_gre(gre),
            _ => return,
        };
        said.entry(item.stamp.frame).or_default().push(row);
    });
    said
}

fn decode_capture(name: &str, mut each: impl FnMut(&Item<'_>)) {
    let file = fs::File::open(data().join(format!("{name}.pcap"))).expect("a capture");
    let mut sink = |item: &Item<'_>| {
        each(item);
        Ok(())
    };
    decode(file, &mut sink).expect("a whole capture");
}

fn our_control(control: &Control<'_>) -> Said {
    let name = message_name(control);
    let mut fields = BTreeMap::new();
    let mut reserved = Vec::new();
    let table = pptp_wire::fields(ControlMessageType(
        control
            .octets
            .get(8..10)
            .map_or(0, |at| u16::from_be_bytes([at[0], at[1]])),
    ));
    for field in message_fields(control) {
        let size = table
            .iter()
            .find(|entry| entry.key == field.key)
            .map_or(2, |entry| entry.size);
        match &field.value {
            MessageValue::Number(number) if is_reserved(field.key, field.kind) => {
                reserved.push(format!("{number:0width$x}", width = size * 2));
            }
            MessageValue::Number(number) => {
                let hexadecimal =
                    matches!(field.key, "magic-cookie" | "send-accm" | "receive-accm");
                let value = if hexadecimal {
                    format!("0x{number:08x}")
                } else {
                    number.to_string()
                };
                fields.insert(their_key(name, field.key), value);
            }
            // tshark has no field for octets that belong to none, and shows a text up to its first zero octet.
            MessageValue::Text(_) if matches!(field.key, "octets" | "extra-octets") => {}
            MessageValue::Text(text) => {
                let text = text.split("\\x00").next().unwrap_or_default().to_owned();
                fields.insert(their_key(name, field.key), text);
            }
        }
    }
    if !reserved.is_empty() {
        fields.insert("pptp_reserved".into(), reserved.join(" "));
    }
    Said {
        what: name.into(),
        fields,
    }
}

fn is_reserved(key: &str, kind: FieldKind) -> bool {
    kind == FieldKind::Reserved || key.starts_with("reserved")
}

fn their_key(message: &str, key: &str) -> String {
    let own = match (message, key) {
        (_, "pptp-message-type") => "type",
        ("Start-Control-Connection-Reply", "result-code") => "control_result",
        ("Stop-Control-Connection-Reply", "result-code") => "stop_result",
        ("Echo-Reply", "result-code") => "echo_result",
        ("Outgoing-Call-Reply", "result-code") => "out_result",
        ("Incoming-Call-Reply", "result-code") => "in_result",
        ("Call-Disconnect-Notify", "result-code") => "disc_result",
        (_, "error-code") => "error",
        (_, "cause-code") => "cause",
        (_, "call-bearer-type") => "bearer_type",
        (_, "packet-recv-window-size") => "packet_receive_window_size",
        (_, "packet-transmit-delay") => "packet_processing_delay",
        (_, "time-out-errors") => "timeout_errors",
        (_, "call-statistics") => "call_Statistics",
        (_, other) => return format!("pptp_{}", other.replace('-', "_")),
    };
    format!("pptp_{own}")
}

fn our_gre(gre: &Gre<'_>) -> Said {
    let mut fields = BTreeMap::new();
    if let Ok(packet) = &gre.packet {
        let header = &packet.header;
        fields.insert(
            "gre_flags_and_version".into(),
            format!("0x{:04x}", header.flags.0),
        );
        fields.insert(
            "gre_proto".into(),
            format!("0x{:04x}", header.protocol_type),
        );
        fields.insert(
            "gre_key_payload_length".into(),
            header.payload_length.to_string(),
        );
        fields.insert("gre_key_call_id".into(), header.call_id.0.to_string());
        if let Some(number) = header.sequence_number {
            fields.insert("gre_sequence_number".into(), number.to_string());
        }
        if let Some(number) = header.acknowledgment_number {
            fields.insert("gre_ack_number".into(), number.to_string());
        }
        if header.protocol_type == pptp_wire::GRE_PROTOCOL_PPP && !packet.data().is_empty() {
            let protocol = PppFrame::parse(packet.data()).protocol.0;
            fields.insert("ppp_protocol".into(), format!("0x{protocol:04x}"));
        }
    }
    Said {
        what: "GRE".into(),
        fields,
    }
}

fn theirs(name: &str) -> BTreeMap<u64, Said> {
    let text =
        fs::read_to_string(data().join(format!("tshark/{name}.jsonl"))).expect("what tshark said");
    text.lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).expect("a JSON object");
            let said = their_row(&row);
            (
                row["frame_number"]
                    .as_str()
                    .and_then(|number| number.parse().ok())
                    .expect("a frame number"),
                said,
            )
        })
        .collect()
}

fn their_row(row: &Value) -> Said {
    let object = row.as_object().expect("a JSON object");
    // Of several IP headers the first is the packet's own.
    let own = |key: &str| match &row[key] {
        Value::Array(all) => all[0].as_str(),
        other => other.as_str(),
    };
    let mut fields = BTreeMap::new();
    for (key, value) in object {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Array(all) => all
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(" "),
            other => panic!("{key}: {other}"),
        };
        if ["pptp_", "gre_", "ppp_", "tcp_len"]
            .iter()
            .any(|prefix| key.starts_with(prefix))
        {
            fields.insert(key.clone(), text);
        }
    }
    let end = |address: &str, port: &str| match own(port) {
        Some(port) => format!("{}:{port}", own(address).unwrap_or_default()),
        None => own(address).unwrap_or_default().to_owned(),
    };
    fields.insert(
        "time".into(),
        own("frame_time_relative").unwrap_or_default().to_owned(),
    );
    fields.insert("from".into(), end("ip_src", "tcp_srcport"));
    fields.insert("to".into(), end("ip_dst", "tcp_dstport"));
    let mut what = match fields.get("pptp_control_message_type") {
        _ if fields.contains_key("gre_proto") => "GRE".to_owned(),
        Some(number) => {
            let number = ControlMessageType(number.parse().expect("a number"));
            number
                .name()
                .unwrap_or("Unknown-Control-Message")
                .to_owned()
        }
        None => "PPTP".to_owned(),
    };
    if is_quoted_by_icmp(row) {
        what.push_str(" quoted inside ICMP");
    }
    if object.contains_key("_ws_malformed") {
        what.push_str(" (malformed)");
    }
    Said { what, fields }
}

/// An ICMP error quotes the packet that it answers: the quoted one goes the other way. A tunnelled packet has addresses of its own.
fn is_quoted_by_icmp(row: &Value) -> bool {
    match (&row["ip_src"], &row["ip_dst"]) {
        (Value::Array(from), Value::Array(to)) => from[0] == to[1] && from[1] == to[0],
        _ => false,
    }
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

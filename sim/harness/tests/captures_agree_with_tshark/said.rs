//! What `decode` and tshark say of each frame, in the same words.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pptp_harness::decode::{
    Control, Gre, Item, ItemKind, MessageValue, decode, message_fields, message_name,
};
use pptp_wire::{ControlMessageType, FieldKind, PppFrame};
use serde_json::Value;

/// What somebody says of one frame: a few words, and every field under tshark's name for it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Said {
    pub what: String,
    pub fields: BTreeMap<String, String>,
}

/// The folder of captures.
pub fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures")
}

/// What we say, by frame.
pub fn ours(name: &str) -> BTreeMap<u64, Vec<Said>> {
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

/// Every item of a capture.
pub fn decode_capture(name: &str, mut each: impl FnMut(&Item<'_>)) {
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

/// What tshark says, by frame.
pub fn theirs(name: &str) -> BTreeMap<u64, Said> {
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
            number.name().unwrap_or("Unknown-Message").to_owned()
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

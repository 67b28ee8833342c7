//! tshark: its names for our fields, and what it prints.

use std::collections::BTreeMap;

use pptp_wire::{
    ControlMessageType, FieldKind, GRE_FIELDS, GRE_PROTOCOL_PPP, Header, gre_field_in,
};
use serde_json::Value;

use super::line::Line;
use super::said::Said;

/// Our key, and tshark's name: the same in all messages.
const EVERYWHERE: &[(&str, &str)] = &[
    ("length", "pptp.length"),
    ("pptp-message-type", "pptp.type"),
    ("magic-cookie", "pptp.magic_cookie"),
    ("control-message-type", "pptp.control_message_type"),
    ("reserved", "pptp.reserved"),
    ("protocol-version", "pptp.protocol_version"),
    ("framing-capabilities", "pptp.framing_capabilities"),
    ("bearer-capabilities", "pptp.bearer_capabilities"),
    ("maximum-channels", "pptp.maximum_channels"),
    ("firmware-revision", "pptp.firmware_revision"),
    ("host-name", "pptp.host_name"),
    ("vendor-name", "pptp.vendor_name"),
    ("error-code", "pptp.error"),
    ("reason", "pptp.reason"),
    ("identifier", "pptp.identifier"),
    ("call-id", "pptp.call_id"),
    ("peer-call-id", "pptp.peer_call_id"),
    ("call-serial-number", "pptp.call_serial_number"),
    ("minimum-bps", "pptp.minimum_bps"),
    ("maximum-bps", "pptp.maximum_bps"),
    ("framing-type", "pptp.framing_type"),
    ("bearer-type", "pptp.bearer_type"),
    ("call-bearer-type", "pptp.bearer_type"),
    ("packet-recv-window-size", "pptp.packet_receive_window_size"),
    ("packet-processing-delay", "pptp.packet_processing_delay"),
    ("packet-transmit-delay", "pptp.packet_processing_delay"),
    ("phone-number-length", "pptp.phone_number_length"),
    ("phone-number", "pptp.phone_number"),
    ("subaddress", "pptp.subaddress"),
    ("cause-code", "pptp.cause"),
    ("connect-speed", "pptp.connect_speed"),
    ("physical-channel-id", "pptp.physical_channel_id"),
    ("dialed-number-length", "pptp.dialed_number_length"),
    ("dialed-number", "pptp.dialed_number"),
    ("dialing-number-length", "pptp.dialing_number_length"),
    ("dialing-number", "pptp.dialing_number"),
    ("call-statistics", "pptp.call_Statistics"),
    ("crc-errors", "pptp.crc_errors"),
    ("framing-errors", "pptp.framing_errors"),
    ("hardware-overruns", "pptp.hardware_overruns"),
    ("buffer-overruns", "pptp.buffer_overruns"),
    ("time-out-errors", "pptp.timeout_errors"),
    ("alignment-errors", "pptp.alignment_errors"),
    ("send-accm", "pptp.send_accm"),
    ("receive-accm", "pptp.receive_accm"),
];

/// The Result Code of each message that has one.
const RESULTS: &[(&str, &str)] = &[
    ("Start-Control-Connection-Reply", "pptp.control_result"),
    ("Stop-Control-Connection-Reply", "pptp.stop_result"),
    ("Echo-Reply", "pptp.echo_result"),
    ("Outgoing-Call-Reply", "pptp.out_result"),
    ("Incoming-Call-Reply", "pptp.in_result"),
    ("Call-Disconnect-Notify", "pptp.disc_result"),
];

/// Our key, and tshark's name, of the GRE header.
const GRE: &[(&str, &str)] = &[
    ("flags-and-version", "gre.flags_and_version"),
    ("checksum-present", "gre.flags.checksum"),
    ("routing-present", "gre.flags.routing"),
    ("key-present", "gre.flags.key"),
    ("sequence-number-present", "gre.flags.sequence_number"),
    ("strict-source-route", "gre.flags.strict_source_route"),
    ("recursion-control", "gre.flags.recursion_control"),
    ("acknowledgment-present", "gre.flags.ack"),
    ("flags", "gre.flags.reserved"),
    ("version", "gre.flags.version"),
    ("protocol-type", "gre.proto"),
    ("payload-length", "gre.key.payload_length"),
    ("call-id", "gre.key.call_id"),
    ("sequence-number", "gre.sequence_number"),
    ("acknowledgment-number", "gre.ack_number"),
    ("ppp-protocol", "ppp.protocol"),
    ("gre.key", "gre.key"),
    ("gre.checksum", "gre.checksum"),
    ("gre.offset", "gre.offset"),
];

/// What tshark has against a frame.
const EXPERT: [&str; 2] = ["_ws.expert.severity", "_ws.expert.message"];
const CHECKSUMS: [&str; 2] = ["ip.checksum.status", "tcp.checksum.status"];
/// The checksum status `Bad`.
const BAD: &str = "0";
/// `PI_NOTE`: what is less grave is no complaint.
const NOTE: u64 = 0x40_0000;
/// What TCP does when it closes or resets is no complaint.
const NORMAL: [&str; 3] = [
    "Connection reset (RST)",
    "This frame initiates the connection closing",
    "This frame undergoes the connection closing",
];

/// What tshark is to be called with; the capture comes on standard input.
pub fn arguments() -> Vec<String> {
    let mut arguments: Vec<String> = [
        "-n",
        "-r",
        "-",
        "-o",
        "ip.check_checksum:TRUE",
        "-o",
        "tcp.check_checksum:TRUE",
        "-T",
        "ek",
    ]
    .map(str::to_owned)
    .into();
    let own = EVERYWHERE.iter().chain(RESULTS).chain(GRE);
    let mut names: Vec<&str> = own.map(|(_, name)| *name).collect();
    names.sort_unstable();
    names.dedup();
    let names = ["frame.number"]
        .into_iter()
        .chain(names)
        .chain(EXPERT)
        .chain(CHECKSUMS);
    for name in names {
        arguments.extend(["-e".to_owned(), name.to_owned()]);
    }
    arguments
}

/// Reads what tshark printed: JSON Lines with the fields of a frame, each after a line with an index.
///
/// # Errors
/// The first line that is no such thing.
pub fn read(text: &str) -> Result<BTreeMap<u64, Said>, String> {
    let mut frames = BTreeMap::new();
    for (index, line) in text.lines().enumerate() {
        let wrong = |problem: &str| format!("line {} of its output: {problem}", index + 1);
        let row: Value = serde_json::from_str(line).map_err(|_| wrong("no JSON"))?;
        if row.get("index").is_some() {
            continue;
        }
        let layers = row
            .get("layers")
            .and_then(Value::as_object)
            .ok_or_else(|| wrong("no `layers`"))?;
        let values = |name: &str| -> Vec<String> {
            let value = layers.get(&name.replace('.', "_"));
            match value {
                Some(Value::Array(all)) => all.iter().map(text_of).collect(),
                Some(one) => vec![text_of(one)],
                None => Vec::new(),
            }
        };
        let number = values("frame.number")
            .first()
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| wrong("no frame number"))?;
        frames.insert(number, row_of(&values));
    }
    Ok(frames)
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(set) => u8::from(*set).to_string(),
        other => other.to_string(),
    }
}

fn row_of(values: &dyn Fn(&str) -> Vec<String>) -> Said {
    let mut said = Said::default();
    let types = values("pptp.control_message_type");
    if !values("gre.proto").is_empty() {
        said.message = Some("GRE".to_owned());
        take(&mut said, GRE, values);
    } else if let Some(number) = types.first() {
        let known = number.parse().ok().map(ControlMessageType);
        let name = known
            .and_then(ControlMessageType::name)
            .unwrap_or("Unknown-Message");
        said.message = Some(name.to_owned());
        let has = |key: &str| {
            known.is_some_and(|known| {
                pptp_wire::fields(known)
                    .iter()
                    .any(|field| field.key == key)
            })
        };
        // tshark has one name for two of our fields, of which a message has one.
        let other = |key: &str| match key {
            "bearer-type" => has("call-bearer-type"),
            "call-bearer-type" => !has("call-bearer-type"),
            "packet-processing-delay" => has("packet-transmit-delay"),
            "packet-transmit-delay" => !has("packet-transmit-delay"),
            _ => false,
        };
        let own: Vec<_> = EVERYWHERE
            .iter()
            .filter(|(key, _)| !other(key))
            .copied()
            .collect();
        take(&mut said, &own, values);
        for (message, theirs) in RESULTS {
            let key = if *message == name {
                "result-code"
            } else {
                theirs
            };
            take(&mut said, &[(key, theirs)], values);
        }
    }
    said.complaints = complaints(values);
    said
}

fn take(said: &mut Said, names: &[(&str, &str)], values: &dyn Fn(&str) -> Vec<String>) {
    for (key, theirs) in names {
        let all = values(theirs);
        if !all.is_empty() {
            said.put(key, all.join(" "));
        }
    }
}

fn complaints(values: &dyn Fn(&str) -> Vec<String>) -> Vec<String> {
    let gravity = values(EXPERT[0]);
    let mut complaints: Vec<String> = gravity
        .iter()
        .zip(values(EXPERT[1]))
        .filter(|(gravity, message)| {
            gravity.parse::<u64>().is_ok_and(|gravity| gravity >= NOTE)
                && !NORMAL.contains(&message.as_str())
        })
        .map(|(_, message)| message)
        .collect();
    for name in CHECKSUMS {
        if values(name).iter().any(|status| status == BAD) {
            complaints.push(format!("{name} is bad"));
        }
    }
    complaints
}

/// A line as tshark would have to show it.
pub fn ours(line: &Line) -> Said {
    match line.plane.as_str() {
        "gre" => gre(line),
        _ => control(line),
    }
}

fn control(line: &Line) -> Said {
    let mut said = Said::of(&line.message);
    let octets = line.raw();
    let Ok(header) = Header::decode(&octets) else {
        return said;
    };
    let table = pptp_wire::fields(header.control_message_type);
    let table = match table {
        [] => crate::decode::header_fields(),
        table => table,
    };
    let mut reserved = Vec::new();
    for field in table {
        let is_reserved = field.kind == FieldKind::Reserved || field.key.starts_with("reserved");
        if let Some(number) = field.read_unsigned(&octets) {
            let width = field.size * 2;
            match field.key {
                _ if is_reserved => reserved.push(format!("{number:0width$x}")),
                "magic-cookie" | "send-accm" | "receive-accm" => {
                    said.put(field.key, format!("0x{number:08x}"));
                }
                key => said.put(key, number),
            }
        } else if let Some(text) = octets.get(field.offset..)
            && field.kind == FieldKind::Text
        {
            said.put(field.key, shown(&text[..text.len().min(field.size)]));
        }
    }
    if !reserved.is_empty() {
        said.put("reserved", reserved.join(" "));
    }
    said
}

/// A text as tshark shows it: up to its first zero octet, what is no ASCII as U+FFFD.
fn shown(octets: &[u8]) -> String {
    octets
        .iter()
        .take_while(|octet| **octet != 0)
        .map(|octet| match octet.is_ascii() {
            true => char::from(*octet),
            false => char::REPLACEMENT_CHARACTER,
        })
        .collect()
}

fn gre(line: &Line) -> Said {
    let mut said = Said::of("GRE");
    let octets = line.raw();
    if let Some(word) = octets.first_chunk() {
        said.put(
            "flags-and-version",
            format!("0x{:04x}", u16::from_be_bytes(*word)),
        );
    }
    for field in GRE_FIELDS {
        let own = gre_field_in(&octets, field.key);
        let Some(number) = own.and_then(|own| own.read_unsigned(&octets)) else {
            continue;
        };
        match field.key {
            "protocol-type" => said.put(field.key, format!("0x{number:04x}")),
            key => said.put(key, number),
        }
    }
    let protocol = line.fields.get("protocol-type").and_then(Value::as_u64);
    if let Some(ppp) = line.fields.get("ppp-protocol").and_then(Value::as_u64)
        && protocol == Some(GRE_PROTOCOL_PPP.into())
    {
        said.put("ppp-protocol", format!("0x{ppp:04x}"));
    }
    said
}

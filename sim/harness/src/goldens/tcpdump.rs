//! tcpdump: what it prints of PPTP and GRE with `-vv`, which is text.

use std::collections::BTreeMap;

use pptp_wire::{ControlMessageType, FieldKind, GreFlags, Header, fields};
use serde_json::Value;

use super::line::Line;
use super::said::Said;

/// tcpdump's short names of the messages, by Control Message Type.
const NAMES: [&str; 16] = [
    "NOT_DEFINED",
    "SCCRQ",
    "SCCRP",
    "StopCCRQ",
    "StopCCRP",
    "ECHORQ",
    "ECHORP",
    "OCRQ",
    "OCRP",
    "ICRQ",
    "ICRP",
    "ICCN",
    "CCRQ",
    "CDN",
    "WEN",
    "SLI",
];

/// tcpdump's name, and our keys, of which a message has one.
const FIELDS: &[(&str, &[&str])] = &[
    ("PROTO_VER", &["protocol-version"]),
    ("RESULT_CODE", &["result-code"]),
    ("ERR_CODE", &["error-code"]),
    ("FRAME_CAP", &["framing-capabilities"]),
    ("BEARER_CAP", &["bearer-capabilities"]),
    ("MAX_CHAN", &["maximum-channels"]),
    ("FIRM_REV", &["firmware-revision"]),
    ("HOSTNAME", &["host-name"]),
    ("VENDOR", &["vendor-name"]),
    ("REASON", &["reason"]),
    ("ID", &["identifier"]),
    ("CALL_ID", &["call-id"]),
    ("PEER_CALL_ID", &["peer-call-id"]),
    ("CALL_SER_NUM", &["call-serial-number"]),
    ("MIN_BPS", &["minimum-bps"]),
    ("MAX_BPS", &["maximum-bps"]),
    ("BEARER_TYPE", &["bearer-type", "call-bearer-type"]),
    ("FRAME_TYPE", &["framing-type"]),
    ("RECV_WIN", &["packet-recv-window-size"]),
    (
        "PROC_DELAY",
        &["packet-processing-delay", "packet-transmit-delay"],
    ),
    ("PHONE_NO_LEN", &["phone-number-length"]),
    ("PHONE_NO", &["phone-number"]),
    ("SUB_ADDR", &["subaddress"]),
    ("CAUSE_CODE", &["cause-code"]),
    ("CONN_SPEED", &["connect-speed"]),
    ("PHY_CHAN_ID", &["physical-channel-id"]),
    ("DIALED_NO_LEN", &["dialed-number-length"]),
    ("DIALING_NO_LEN", &["dialing-number-length"]),
    ("DIALED_NO", &["dialed-number"]),
    ("DIALING_NO", &["dialing-number"]),
    ("CALL_STATS", &["call-statistics"]),
    ("CRC_ERR", &["crc-errors"]),
    ("FRAMING_ERR", &["framing-errors"]),
    ("HARDWARE_OVERRUN", &["hardware-overruns"]),
    ("BUFFER_OVERRUN", &["buffer-overruns"]),
    ("TIMEOUT_ERR", &["time-out-errors"]),
    ("ALIGN_ERR", &["alignment-errors"]),
    ("SEND_ACCM", &["send-accm"]),
    ("RECV_ACCM", &["receive-accm"]),
];

/// The flags of the GRE header as tcpdump names them.
const FLAGS: [(&str, &str, u32); 6] = [
    ("checksum present", "checksum-present", 0x8000),
    ("routing present", "routing-present", 0x4000),
    ("key present", "key-present", 0x2000),
    ("sequence# present", "sequence-number-present", 0x1000),
    ("source routing present", "strict-source-route", 0x0800),
    ("ack present", "acknowledgment-present", 0x0080),
];

/// Our name of a message of an unknown type.
const UNKNOWN: &str = "Unknown-Message";
/// What stands where the octets end too early.
const CUT: &str = "[|pptp]";

/// What tcpdump is to be called with; the capture comes on standard input.
pub fn arguments() -> Vec<String> {
    ["-nn", "-vv", "--number", "-r", "-"]
        .map(str::to_owned)
        .into()
}

/// Reads what tcpdump printed: a line for each frame, which begins with its number, and lines that belong to it.
///
/// # Errors
/// It is no such text.
pub fn read(text: &str) -> Result<BTreeMap<u64, Said>, String> {
    let mut frames: BTreeMap<u64, String> = BTreeMap::new();
    let mut last = None;
    for (index, line) in text.lines().enumerate() {
        match number_of(line) {
            Some(number) => {
                last = Some(number);
                frames.insert(number, line.to_owned());
            }
            None => {
                let frame = last.and_then(|number| frames.get_mut(&number));
                let frame = frame
                    .ok_or_else(|| format!("line {} of its output is of no frame", index + 1))?;
                frame.push('\n');
                frame.push_str(line);
            }
        }
    }
    let mut said = BTreeMap::new();
    for (number, text) in frames {
        if let Some(one) = frame(&text) {
            said.insert(number, one);
        }
    }
    Ok(said)
}

/// `   17  00:01:00.060000 IP ...`: the number of the frame that begins here.
fn number_of(line: &str) -> Option<u64> {
    if !line.starts_with([' ', '1', '2', '3', '4', '5', '6', '7', '8', '9']) {
        return None;
    }
    let (number, rest) = line.trim_start().split_once("  ")?;
    let is_time = rest.as_bytes().get(2) == Some(&b':') && rest.as_bytes().get(5) == Some(&b':');
    number.parse().ok().filter(|_| is_time)
}

fn frame(text: &str) -> Option<Said> {
    if let Some((_, gre)) = text.split_once(": GREv") {
        return Some(gre_of(gre));
    }
    let (before, message) = text.split_once(": pptp")?;
    let mut said = control_of(message);
    if before.contains("(incorrect") {
        said.complaints.push("TCP checksum incorrect".to_owned());
    }
    Some(said)
}

fn control_of(text: &str) -> Said {
    let mut said = Said::default();
    if text.contains(CUT) {
        said.complaints.push(CUT.to_owned());
    }
    let word = |name: &str| {
        let (_, rest) = text.split_once(name)?;
        rest.split([' ', '\n']).next().map(str::to_owned)
    };
    if let Some(length) = word(" Length=") {
        said.put("length", length);
    }
    for (shown, number) in [(" CTRL-MSG", 1), (" MGMT-MSG", 2)] {
        if text.contains(shown) {
            said.put("pptp-message-type", number);
        }
    }
    if text.contains(" UNKNOWN-MSG-TYPE") {
        said.put("pptp-message-type", "unknown");
    }
    if let Some(cookie) = word(" Magic-Cookie=") {
        said.put("magic-cookie", cookie);
    }
    if text.contains("UNEXPECTED Magic-Cookie") {
        said.complaints.push("UNEXPECTED Magic-Cookie".to_owned());
    }
    if let Some((_, number)) = text.split_once(" UNKNOWN_CTRL_MSGTYPE(") {
        said.message = Some(UNKNOWN.to_owned());
        said.put(
            "control-message-type",
            number.split(')').next().unwrap_or(number),
        );
        return said;
    }
    let Some((_, shown)) = text.split_once(" CTRL_MSGTYPE=") else {
        // Octets that end before the type does.
        said.message = Some("PPTP".to_owned());
        return said;
    };
    let (short, rest) = shown.split_once([' ', '\n']).unwrap_or((shown, ""));
    let number = NAMES
        .iter()
        .position(|name| *name == short)
        .filter(|number| *number > 0);
    let message_type = number.map(|number| ControlMessageType(number as u16));
    let name = message_type.and_then(ControlMessageType::name);
    said.message = Some(name.unwrap_or(UNKNOWN).to_owned());
    if short == NAMES[0] {
        said.put("control-message-type", 0);
    }
    values(message_type, rest, &mut said);
    said
}

/// `KEY(value) KEY(value)`: a value goes up to the bracket before the next key, as texts may hold brackets.
fn values(message_type: Option<ControlMessageType>, text: &str, said: &mut Said) {
    let known = message_type.map(fields).unwrap_or_default();
    let mut reserved = Vec::new();
    let mut rest = text.trim_end();
    while let Some((_, behind)) = rest.split_once("[ERROR: reserved") {
        let value: String = behind
            .chars()
            .skip_while(|letter| *letter != '=')
            .skip(1)
            .take_while(char::is_ascii_digit)
            .collect();
        reserved.push(value);
        rest = behind;
    }
    if !reserved.is_empty() {
        said.put("reserved", reserved.join(" "));
    }
    for (theirs, keys) in FIELDS {
        let Some(start) = place_of(text, theirs) else {
            continue;
        };
        let behind = &text[start..];
        let end = FIELDS
            .iter()
            .filter_map(|(other, _)| behind.find(&format!(") {other}(")))
            .chain(
                [") [ERROR", ") [|pptp]", ")\n"]
                    .iter()
                    .filter_map(|mark| behind.find(mark)),
            )
            .min()
            .unwrap_or_else(|| behind.trim_end().len().saturating_sub(1));
        let value = &behind[..end];
        let key = keys
            .iter()
            .find(|key| known.iter().any(|field| field.key == **key))
            .unwrap_or(&keys[0]);
        if value.ends_with(" [|pptp") {
            // The octets end before the value does.
            continue;
        }
        let is_code = matches!(*theirs, "RESULT_CODE" | "ERR_CODE" | "REASON");
        let value = match is_code {
            true => value.split(':').next().unwrap_or(value),
            false => value,
        };
        said.put(key, value);
    }
}

/// Where the value of a key begins: behind `KEY(` that stands alone.
fn place_of(text: &str, key: &str) -> Option<usize> {
    let pattern = format!("{key}(");
    if text.starts_with(&pattern) {
        return Some(pattern.len());
    }
    let pattern = format!(" {pattern}");
    text.find(&pattern).map(|place| place + pattern.len())
}

/// `1, Flags [key present, ack present], call 7, ack 3, no-payload, length 12`.
fn gre_of(text: &str) -> Said {
    let mut said = Said::of("GRE");
    if let Some((_, protocol)) = text.split_once("gre-proto-") {
        let protocol = protocol.split([' ', ':', '\n']).next();
        said.put("protocol-type", protocol.unwrap_or_default());
    }
    let text = text.split('\n').next().unwrap_or(text);
    said.put("version", text.split(',').next().unwrap_or_default());
    let shown = text
        .split_once("Flags [")
        .and_then(|(_, rest)| rest.split_once(']'));
    let (shown, rest) = shown.unwrap_or(("", text));
    for (theirs, key, _) in FLAGS {
        said.put(key, u8::from(shown.split(", ").any(|flag| flag == theirs)));
    }
    for part in rest.split(", ") {
        let part = part.trim();
        if let Some(number) = part.strip_prefix("call ") {
            said.put("call-id", number);
        } else if let Some(number) = part.strip_prefix("seq ") {
            said.put("sequence-number", number);
        } else if let Some(number) = part.strip_prefix("ack ") {
            said.put("acknowledgment-number", number);
        } else if let Some(key) = part.strip_prefix("key=") {
            said.put("key", key);
        } else if part.starts_with('[') && part.contains('|') {
            said.complaints.push(part.to_owned());
        }
    }
    said
}

/// A line as tcpdump would have to show it.
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
    let message_type = header.control_message_type;
    said.put("length", header.length);
    match header.pptp_message_type.0 {
        known @ (1 | 2) => said.put("pptp-message-type", known),
        _ => said.put("pptp-message-type", "unknown"),
    }
    said.put("magic-cookie", format!("{:08x}", header.magic_cookie));
    if message_type.name().is_none() {
        said.put("control-message-type", message_type.0);
    }
    let mut reserved = Vec::new();
    if message_type.name().is_none() && header.reserved0 != 0 {
        reserved.push(header.reserved0.to_string());
    }
    for field in fields(message_type) {
        let is_reserved = field.kind == FieldKind::Reserved || field.key.starts_with("reserved");
        let shown = FIELDS.iter().any(|(_, keys)| keys.contains(&field.key));
        match field.read_unsigned(&octets) {
            Some(0) if is_reserved => {}
            Some(number) if is_reserved => reserved.push(number.to_string()),
            Some(number) if shown => said.put(field.key, number_text(field.key, number)),
            Some(_) => {}
            None if field.kind != FieldKind::Text => {}
            None => {
                if let Some(text) = octets.get(field.offset..) {
                    said.put(field.key, text_text(&text[..text.len().min(field.size)]));
                }
            }
        }
    }
    if !reserved.is_empty() {
        said.put("reserved", reserved.join(" "));
    }
    said
}

fn number_text(key: &str, number: u32) -> String {
    let letters = |low: &str, high: &str| {
        let mut text = String::new();
        for (bit, letter) in [(1, low), (2, high)] {
            if number & bit != 0 {
                text.push_str(letter);
            }
        }
        text
    };
    match key {
        "protocol-version" => format!("{}.{}", number >> 8, number & 0xFF),
        "framing-capabilities" => letters("A", "S"),
        "bearer-capabilities" => letters("A", "D").chars().rev().collect(),
        "bearer-type" | "call-bearer-type" => match number {
            1 => "A".to_owned(),
            2 => "D".to_owned(),
            3 => "Any".to_owned(),
            _ => "?".to_owned(),
        },
        "framing-type" => match number {
            1 => "A".to_owned(),
            2 => "S".to_owned(),
            3 => "E".to_owned(),
            _ => "?".to_owned(),
        },
        "send-accm" | "receive-accm" => format!("0x{number:08x}"),
        _ => number.to_string(),
    }
}

/// A text as tcpdump shows it: up to its first zero octet; `M-` before what has the high bit, `^` before what is a control character.
fn text_text(octets: &[u8]) -> String {
    let mut text = String::new();
    for &octet in octets.iter().take_while(|octet| **octet != 0) {
        let low = octet & 0x7F;
        if octet != low {
            text.push_str("M-");
        }
        match low {
            0x20..=0x7E | b'\t' | b'\n' => text.push(char::from(low)),
            _ => {
                text.push('^');
                text.push(char::from(low ^ 0x40));
            }
        }
    }
    text
}

fn gre(line: &Line) -> Said {
    let mut said = Said::of("GRE");
    let octets = line.raw();
    let Some(word) = octets.first_chunk() else {
        return said;
    };
    let flags = GreFlags(u16::from_be_bytes(*word));
    for (_, key, mask) in FLAGS {
        said.put(key, u8::from(u32::from(flags.0) & mask != 0));
    }
    for key in [
        "version",
        "call-id",
        "sequence-number",
        "acknowledgment-number",
    ] {
        if let Some(number) = line.fields.get(key).and_then(Value::as_u64) {
            said.put(key, number);
        }
    }
    if let Some(protocol) = line.fields.get("protocol-type").and_then(Value::as_u64)
        && protocol != u64::from(pptp_wire::GRE_PROTOCOL_PPP)
    {
        said.put("protocol-type", format!("0x{protocol:x}"));
    }
    said
}

//! Items as lines for people: a transcript of the capture.

use std::fmt::Write as _;
use std::io::{self, Write};

use pptp_wire::FieldKind;

use super::control::{MessageField, MessageValue, message_fields, message_name};
use super::item::{Control, Finding, Framing, Gre, Item, ItemKind, Sink};
use super::json::ppp_name;
use crate::capture::Flow;

/// Writes one line an item: time, who, message, fields, and as a comment the frame and what is wrong.
///
/// As in transcripts, control messages show every field that is not constant, reserved, zero or empty.
#[derive(Debug)]
pub struct HumanRenderer<W> {
    out: W,
}

impl<W: Write> HumanRenderer<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        HumanRenderer { out }
    }

    fn line(&mut self, item: &Item<'_>, who: &str, what: &str, remarks: &str) -> io::Result<()> {
        let frame = item.stamp.frame;
        writeln!(
            self.out,
            "{:>12}  {who:<36}  {what}  // frame {frame}{remarks}",
            item.stamp.at
        )
    }
}

impl<W: Write> Sink for HumanRenderer<W> {
    fn item(&mut self, item: &Item<'_>) -> io::Result<()> {
        match &item.kind {
            ItemKind::Opening(flow) => self.line(item, &who(flow), "TCP-Open", ""),
            ItemKind::Opened {
                flow,
                start_seen: false,
            } => {
                let remark = "; the capture does not hold the connection's beginning";
                self.line(item, &who(flow), "// TCP", remark)
            }
            ItemKind::Closed(flow) => self.line(item, &who(flow), "TCP-Close", ""),
            ItemKind::Reset(flow) => self.line(item, &who(flow), "TCP-Reset", ""),
            ItemKind::Missing { flow, count } => {
                let remark = format!("; {count} octets of the stream are missing from the capture");
                self.line(item, &who(flow), "// TCP", &remark)
            }
            ItemKind::Control(control) => self.line(
                item,
                &who(&control.flow),
                &control_text(control),
                &control_remarks(control),
            ),
            ItemKind::Gre(gre) => {
                let who = format!("{} -> {}", gre.from, gre.to);
                self.line(item, &who, &gre_text(gre), &gre_remarks(gre))
            }
            ItemKind::Opened { .. } | ItemKind::Ended(_) => Ok(()),
        }
    }
}

fn who(flow: &Flow) -> String {
    format!("{} -> {}", flow.from, flow.to)
}

fn control_text(control: &Control<'_>) -> String {
    let mut text = format!("{:<32}", message_name(control));
    let fields: Vec<String> = message_fields(control)
        .iter()
        .filter(|field| is_shown(field))
        .map(shown)
        .collect();
    text.push_str("  ");
    text.push_str(&fields.join(" "));
    text.truncate(text.trim_end().len());
    text
}

fn is_shown(field: &MessageField) -> bool {
    let says_something = match &field.value {
        MessageValue::Number(number) => *number != 0,
        MessageValue::Text(text) => !text.is_empty(),
    };
    says_something && !matches!(field.kind, FieldKind::Constant(_) | FieldKind::Reserved)
}

fn shown(field: &MessageField) -> String {
    match (&field.value, field.kind) {
        (MessageValue::Number(number), FieldKind::Hexadecimal) if *number > 0xFFFF => {
            format!("{}=0x{number:08X}", field.key)
        }
        (MessageValue::Number(number), FieldKind::Hexadecimal) => {
            format!("{}=0x{number:04X}", field.key)
        }
        (MessageValue::Number(number), _) => format!("{}={number}", field.key),
        (MessageValue::Text(text), _) => format!("{}=\"{}\"", field.key, text.replace('"', "\\\"")),
    }
}

fn control_remarks(control: &Control<'_>) -> String {
    let mut remarks = match control.framing {
        Framing::Unfinished => format!("; cut off after {} octets", control.octets.len()),
        Framing::OutOfStep => "; out of step".to_owned(),
        Framing::Whole | Framing::Faulty(_) | Framing::Lost(_) => String::new(),
    };
    append(&mut remarks, &control.findings);
    remarks
}

fn gre_text(gre: &Gre<'_>) -> String {
    let mut text = format!("{:<32} ", "GRE");
    let Ok(packet) = &gre.packet else {
        text.push_str(" octet-count=");
        let _ = write!(text, "{}", gre.octets.len());
        return text;
    };
    let header = &packet.header;
    let _ = write!(text, " call-id={}", header.call_id.0);
    if header.sequence_number.is_none() && header.acknowledgment_number.is_some() {
        text.push_str(" acknowledgment-only=#true");
    }
    if let Some(number) = header.sequence_number {
        let _ = write!(text, " sequence-number={number}");
    }
    if let Some(number) = header.acknowledgment_number {
        let _ = write!(text, " acknowledgment-number={number}");
    }
    if header.payload_length != 0 || header.sequence_number.is_some() {
        let _ = write!(text, " payload-length={}", header.payload_length);
    }
    text
}

fn gre_remarks(gre: &Gre<'_>) -> String {
    let mut remarks = String::new();
    if let Some(ppp) = ppp_name(gre) {
        let _ = write!(remarks, "; {ppp}");
    }
    if gre.octets.len() < gre.sent_length {
        let _ = write!(
            remarks,
            "; the capture holds {} of {} octets",
            gre.octets.len(),
            gre.sent_length
        );
    }
    append(&mut remarks, &gre.findings);
    remarks
}

fn append(remarks: &mut String, findings: &[Finding]) {
    for finding in findings {
        let _ = write!(
            remarks,
            "; {}: {}",
            finding.requirement.id(),
            finding.detail
        );
    }
}

//! Items as lines for people: a transcript of the capture.

use std::fmt::{Display, Write as _};
use std::io::{self, Write};

use pptp_wire::FieldKind;

use super::control::{MessageField, MessageValue, message_fields, message_name};
use super::item::{Control, Finding, Framing, Gre, Item, ItemKind, Sink};
use super::json::ppp_frame;

/// Writes one line an item: time, who, message, fields, and as a comment the frame and what is wrong.
///
/// As in transcripts, control messages show every field that is not constant, reserved, zero or empty.
#[derive(Debug)]
pub struct HumanRenderer<W> {
    out: W,
    /// The line that is being made; kept, so that a line needs no memory of its own.
    line: String,
}

/// The line of one item, without its end; empty for items that have none.
pub fn line(item: &Item<'_>) -> String {
    let mut octets = Vec::new();
    // A vector takes everything.
    let _ = HumanRenderer::new(&mut octets).item(item);
    String::from_utf8_lossy(&octets).trim_end().to_owned()
}

impl<W: Write> HumanRenderer<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        HumanRenderer {
            out,
            line: String::new(),
        }
    }

    fn line(
        &mut self,
        item: &Item<'_>,
        (from, to): (impl Display, impl Display),
        what: impl FnOnce(&mut String),
        remarks: impl FnOnce(&mut String),
    ) -> io::Result<()> {
        let line = &mut self.line;
        line.clear();
        // A string takes everything.
        let _ = write!(line, "{:>12}  ", item.stamp.at);
        let start = line.len();
        let _ = write!(line, "{from} -> {to}");
        pad(line, start + 36);
        line.push_str("  ");
        what(line);
        let _ = write!(line, "  // frame {}", item.stamp.frame);
        remarks(line);
        line.push('\n');
        self.out.write_all(line.as_bytes())
    }
}

impl<W: Write> Sink for HumanRenderer<W> {
    fn item(&mut self, item: &Item<'_>) -> io::Result<()> {
        let (flow, name, remark) = match &item.kind {
            ItemKind::Opening(flow) => (flow, "TCP-Open", String::new()),
            ItemKind::Closed(flow) => (flow, "TCP-Close", String::new()),
            ItemKind::Reset(flow) => (flow, "TCP-Reset", String::new()),
            ItemKind::Opened {
                flow,
                start_seen: false,
            } => {
                let remark = "; the capture does not hold the connection's beginning";
                (flow, "// TCP", remark.to_owned())
            }
            ItemKind::Missing { flow, count } => {
                let remark = format!("; {count} octets of the stream are missing from the capture");
                (flow, "// TCP", remark)
            }
            ItemKind::Control(control) => {
                return self.line(
                    item,
                    (control.flow.from, control.flow.to),
                    |line| control_text(control, line),
                    |line| control_remarks(control, line),
                );
            }
            ItemKind::Gre(gre) => {
                return self.line(
                    item,
                    (gre.from, gre.to),
                    |line| gre_text(gre, line),
                    |line| gre_remarks(gre, line),
                );
            }
            ItemKind::Opened { .. } | ItemKind::Ended(_) | ItemKind::LosingStep(_) => return Ok(()),
        };
        self.line(
            item,
            (flow.from, flow.to),
            |line| line.push_str(name),
            |line| line.push_str(&remark),
        )
    }
}

/// Fills up with blanks to this length; addresses and names are ASCII.
fn pad(line: &mut String, length: usize) {
    while line.len() < length {
        line.push(' ');
    }
}

fn control_text(control: &Control<'_>, line: &mut String) {
    let _ = write!(line, "{:<32} ", message_name(control));
    for field in shown_fields(control) {
        line.push(' ');
        line.push_str(&field);
    }
    line.truncate(line.trim_end().len());
}

/// The fields of a message that a reader needs, each as `key=value`.
pub(crate) fn shown_fields(control: &Control<'_>) -> Vec<String> {
    let fields = message_fields(control);
    fields
        .iter()
        .filter(|field| is_shown(field))
        .map(shown)
        .collect()
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

fn control_remarks(control: &Control<'_>, line: &mut String) {
    match control.framing {
        Framing::Unfinished => {
            let _ = write!(line, "; cut off after {} octets", control.octets.len());
        }
        Framing::OutOfStep => line.push_str("; out of step"),
        Framing::Whole | Framing::Faulty(_) | Framing::Lost(_) => {}
    }
    append(line, &control.findings);
}

fn gre_text(gre: &Gre<'_>, line: &mut String) {
    let _ = write!(line, "{:<32} ", "GRE");
    let Ok(packet) = &gre.packet else {
        let _ = write!(line, " octet-count={}", gre.octets.len());
        return;
    };
    let header = &packet.header;
    let _ = write!(line, " call-id={}", header.call_id.0);
    if header.sequence_number.is_none() && header.acknowledgment_number.is_some() {
        line.push_str(" acknowledgment-only=#true");
    }
    if let Some(number) = header.sequence_number {
        let _ = write!(line, " sequence-number={number}");
    }
    if let Some(number) = header.acknowledgment_number {
        let _ = write!(line, " acknowledgment-number={number}");
    }
    if header.payload_length != 0 || header.sequence_number.is_some() {
        let _ = write!(line, " payload-length={}", header.payload_length);
    }
}

fn gre_remarks(gre: &Gre<'_>, line: &mut String) {
    if let Some(ppp) = ppp_frame(gre) {
        let _ = write!(line, "; {ppp}");
    }
    if gre.octets.len() < gre.sent_length {
        let _ = write!(
            line,
            "; the capture holds {} of {} octets",
            gre.octets.len(),
            gre.sent_length
        );
    }
    append(line, &gre.findings);
}

fn append(line: &mut String, findings: &[Finding]) {
    for finding in findings {
        let _ = write!(line, "; {}: {}", finding.requirement.id(), finding.detail);
    }
}

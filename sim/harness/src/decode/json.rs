//! Items as JSON lines.

use std::fmt::Display;
use std::io::{self, Write};

use pptp_wire::time::Instant;
use pptp_wire::{GRE_FIELDS, PppFrame, gre_field_in};
use serde_json::{Map, Value};

use super::control::{MessageValue, message_fields, message_name};
use super::item::{Control, Finding, Gre, Item, ItemKind, Sink};
use crate::capture::Stamp;

/// Nanoseconds of a second.
const SECOND: u64 = 1_000_000_000;

/// Writes one object a control message or GRE packet: `frame`, `time`, `from`, `to`, `plane`, `message`, `fields`, `findings`.
#[derive(Debug)]
pub struct JsonRenderer<W> {
    out: W,
    /// The line that is being made; kept, so that a line needs no memory of its own.
    line: Vec<u8>,
}

impl<W: Write> JsonRenderer<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        JsonRenderer {
            out,
            line: Vec::new(),
        }
    }
}

impl<W: Write> Sink for JsonRenderer<W> {
    fn item(&mut self, item: &Item<'_>) -> io::Result<()> {
        self.line.clear();
        match &item.kind {
            ItemKind::Control(control) => control_line(&mut self.line, item.stamp, control)?,
            ItemKind::Gre(gre) => gre_line(&mut self.line, item.stamp, gre)?,
            _ => return Ok(()),
        }
        self.out.write_all(&self.line)
    }
}

fn control_line(line: &mut Vec<u8>, stamp: Stamp, control: &Control<'_>) -> io::Result<()> {
    let ends = (control.flow.from, control.flow.to);
    begin(line, stamp, ends, "control", message_name(control))?;
    serde_json::to_writer(&mut *line, &control_fields(control))?;
    end(line, &control.findings)
}

/// Most lines of a capture are of GRE packets: nothing is allocated for them.
fn gre_line(line: &mut Vec<u8>, stamp: Stamp, gre: &Gre<'_>) -> io::Result<()> {
    begin(line, stamp, (gre.from, gre.to), "gre", "GRE")?;
    line.push(b'{');
    if let Ok(packet) = &gre.packet {
        let header = &packet.header;
        write!(
            line,
            r#""call-id":{},"payload-length":{}"#,
            header.call_id.0, header.payload_length
        )?;
        if let Some(number) = header.sequence_number {
            write!(line, r#","sequence-number":{number}"#)?;
        }
        if let Some(number) = header.acknowledgment_number {
            write!(line, r#","acknowledgment-number":{number}"#)?;
        }
        if let Some(ppp) = ppp_frame(gre) {
            // Names of protocols and codes, and numbers: nothing in need of an escape.
            write!(line, r#","ppp":"{ppp}""#)?;
        }
    }
    line.push(b'}');
    end(line, &gre.findings)
}

/// Everything up to the first field. What is written between quotation marks here is never in need of an escape.
fn begin(
    line: &mut Vec<u8>,
    stamp: Stamp,
    (from, to): (impl Display, impl Display),
    plane: &str,
    message: &str,
) -> io::Result<()> {
    let (frame, seconds, rest) = (stamp.frame, stamp.at.0 / SECOND, stamp.at.0 % SECOND);
    write!(
        line,
        r#"{{"frame":{frame},"time":"{seconds}.{rest:09}","from":"{from}","to":"{to}","plane":"{plane}","message":"{message}","fields":"#
    )
}

/// Everything behind the last field.
fn end(line: &mut Vec<u8>, findings: &[Finding]) -> io::Result<()> {
    line.extend_from_slice(br#","findings":["#);
    for (at, found) in findings.iter().enumerate() {
        if at > 0 {
            line.push(b',');
        }
        serde_json::to_writer(&mut *line, &finding(found))?;
    }
    line.extend_from_slice(b"]}\n");
    Ok(())
}

fn finding(finding: &Finding) -> Value {
    let mut object = Map::new();
    object.insert("requirement".into(), finding.requirement.id().into());
    object.insert("detail".into(), finding.detail.as_str().into());
    Value::Object(object)
}

/// Every field of a message or packet, as far as its octets reach: of a GRE packet also the flags and the protocol type, before the
/// PPP protocol by number and by name.
pub fn golden_fields(item: &Item<'_>) -> Map<String, Value> {
    match &item.kind {
        ItemKind::Control(control) => control_fields(control),
        ItemKind::Gre(gre) => {
            let mut fields = Map::new();
            for field in GRE_FIELDS {
                let own = gre_field_in(gre.octets, field.key);
                if let Some(number) = own.and_then(|own| own.read_unsigned(gre.octets)) {
                    fields.insert(field.key.to_owned(), number.into());
                }
            }
            if let Some(ppp) = ppp_frame(gre) {
                fields.insert("ppp-protocol".into(), ppp.protocol.0.into());
                fields.insert("ppp".into(), ppp.to_string().into());
            }
            fields
        }
        _ => Map::new(),
    }
}

fn control_fields(control: &Control<'_>) -> Map<String, Value> {
    let fields = message_fields(control).into_iter().map(|field| {
        let value = match field.value {
            MessageValue::Number(number) => Value::from(number),
            MessageValue::Text(text) => Value::from(text),
        };
        (field.key.to_owned(), value)
    });
    fields.collect()
}

/// The PPP frame in a packet of PPTP's GRE, shown as its protocol and code; `None` if it has none.
pub(crate) fn ppp_frame<'a>(gre: &Gre<'a>) -> Option<PppFrame<'a>> {
    let packet = gre.packet.as_ref().ok()?;
    let carries_ppp =
        packet.header.protocol_type == pptp_wire::GRE_PROTOCOL_PPP && !packet.data().is_empty();
    carries_ppp.then(|| PppFrame::parse(packet.data()))
}

/// Seconds with nine decimals.
pub fn seconds(at: Instant) -> String {
    format!("{}.{:09}", at.0 / SECOND, at.0 % SECOND)
}

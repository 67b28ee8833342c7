//! Items as JSON lines.

use std::io::{self, Write};

use pptp_wire::time::Instant;
use pptp_wire::{GRE_FIELDS, PppFrame, gre_field_in};
use serde_json::{Map, Value};

use super::control::{MessageValue, message_fields, message_name};
use super::item::{Control, Finding, Gre, Item, ItemKind, Sink};

/// Writes one object a control message or GRE packet: `frame`, `time`, `from`, `to`, `plane`, `message`, `fields`, `findings`.
#[derive(Debug)]
pub struct JsonRenderer<W> {
    out: W,
}

impl<W: Write> JsonRenderer<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        JsonRenderer { out }
    }
}

impl<W: Write> Sink for JsonRenderer<W> {
    fn item(&mut self, item: &Item<'_>) -> io::Result<()> {
        let (from, to, plane, message, fields, findings) = match &item.kind {
            ItemKind::Control(control) => {
                let (from, to) = (control.flow.from.to_string(), control.flow.to.to_string());
                (
                    from,
                    to,
                    "control",
                    message_name(control),
                    control_fields(control),
                    &control.findings,
                )
            }
            ItemKind::Gre(gre) => (
                gre.from.to_string(),
                gre.to.to_string(),
                "gre",
                "GRE",
                gre_fields(gre),
                &gre.findings,
            ),
            _ => return Ok(()),
        };
        let mut object = Map::new();
        object.insert("frame".into(), item.stamp.frame.into());
        object.insert("time".into(), seconds(item.stamp.at).into());
        object.insert("from".into(), from.into());
        object.insert("to".into(), to.into());
        object.insert("plane".into(), plane.into());
        object.insert("message".into(), message.into());
        object.insert("fields".into(), Value::Object(fields));
        object.insert("findings".into(), findings.iter().map(finding).collect());
        serde_json::to_writer(&mut self.out, &object)?;
        self.out.write_all(b"\n")
    }
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

fn gre_fields(gre: &Gre<'_>) -> Map<String, Value> {
    let mut fields = Map::new();
    let Ok(packet) = &gre.packet else {
        return fields;
    };
    fields.insert("call-id".into(), packet.header.call_id.0.into());
    fields.insert("payload-length".into(), packet.header.payload_length.into());
    if let Some(number) = packet.header.sequence_number {
        fields.insert("sequence-number".into(), number.into());
    }
    if let Some(number) = packet.header.acknowledgment_number {
        fields.insert("acknowledgment-number".into(), number.into());
    }
    if let Some(ppp) = ppp_name(gre) {
        fields.insert("ppp".into(), ppp.into());
    }
    fields
}

/// Protocol and code of the PPP frame in a packet of PPTP's GRE; `None` if it has none.
pub(super) fn ppp_name(gre: &Gre<'_>) -> Option<String> {
    ppp_frame(gre).map(|frame| frame.to_string())
}

fn ppp_frame<'a>(gre: &Gre<'a>) -> Option<PppFrame<'a>> {
    let packet = gre.packet.as_ref().ok()?;
    let carries_ppp =
        packet.header.protocol_type == pptp_wire::GRE_PROTOCOL_PPP && !packet.data().is_empty();
    carries_ppp.then(|| PppFrame::parse(packet.data()))
}

/// Seconds with nine decimals.
fn seconds(at: Instant) -> String {
    format!("{}.{:09}", at.0 / 1_000_000_000, at.0 % 1_000_000_000)
}

//! Messages that the script itself sends: a legal message, the fields that the line names, then raw work.
//!
//! Fields that a line does not name have the values that an endpoint of the `rfc` profile gives them; Call IDs come from the
//! call that the line names.

use pptp_wire::code::{CallId, ControlMessageType};
use pptp_wire::{
    ControlMessage, Field, FieldKind, FieldValue, GRE_MAXIMUM_HEADER_LENGTH, GreHeader,
    MAXIMUM_LENGTH, Text, field_by_key, gre_field_in,
};
use pptp_world::Stage;

use super::bindings::{Owner, call_fields, sender_of};
use super::driver::Driver;
use super::matcher::node_id;
use super::plan::unsigned;
use crate::scenario::Role;
use crate::scenario::model::{
    FieldPattern, MessageLine, MessageName, Octets, Pattern, RawWork, Value,
};
use crate::transcript::{TcpEvent, octets_of_text};

/// Octets of payload where a GRE line names no length: an LCP Echo-Request fits.
const DEFAULT_PAYLOAD: u64 = 64;

/// A message ready to be sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Built {
    /// A TCP event.
    Tcp(TcpEvent),
    /// Octets of the control stream.
    Control(Vec<u8>),
    /// A datagram, from the GRE header on.
    Gre(Vec<u8>),
}

/// Builds what a line sends: one message, or `packets` GRE packets.
///
/// # Errors
/// Says in words what the line asks for that cannot be sent.
pub fn build<S: Stage>(
    driver: &mut Driver<'_, S>,
    line: &MessageLine,
) -> Result<Vec<Built>, String> {
    Ok(match line.message {
        MessageName::TcpOpen => vec![Built::Tcp(TcpEvent::Open)],
        MessageName::TcpClose => vec![Built::Tcp(TcpEvent::Close)],
        MessageName::TcpReset => vec![Built::Tcp(TcpEvent::Reset)],
        MessageName::TcpEnd => {
            return Err("TCP-End stands for two events: send TCP-Close or TCP-Reset".to_owned());
        }
        MessageName::TcpSegment => {
            return Err("a segment is what the path makes of messages: send those".to_owned());
        }
        MessageName::Control(message_type) => {
            vec![Built::Control(control(driver, line, message_type)?)]
        }
        MessageName::Unknown => {
            let mut octets = vec![0; 12];
            write_fields(
                driver,
                line,
                pptp_wire::fields(ControlMessageType::ECHO_REQUEST),
                &mut octets,
            )?;
            vec![Built::Control(raw_work(octets, &line.raw, 0))]
        }
        MessageName::Unframed => vec![Built::Control(raw_work(Vec::new(), &line.raw, 0))],
        MessageName::Gre => {
            let packets = line.packets.unwrap_or(1);
            (0..packets)
                .map(|position| gre(driver, line, position).map(Built::Gre))
                .collect::<Result<_, _>>()?
        }
    })
}

fn control<S: Stage>(
    driver: &mut Driver<'_, S>,
    line: &MessageLine,
    message_type: ControlMessageType,
) -> Result<Vec<u8>, String> {
    let body = default_body(driver, line, message_type).ok_or("no such message")?;
    let mut buffer = [0; MAXIMUM_LENGTH];
    let mut octets = body.encode(&mut buffer).to_vec();
    fill_call_ids(driver, line, message_type, &mut octets);
    write_fields(driver, line, pptp_wire::fields(message_type), &mut octets)?;
    fill_number_lengths(line, message_type, &mut octets);
    Ok(raw_work(octets, &line.raw, 0))
}

/// The message as an endpoint of the `rfc` profile would send it.
fn default_body<S: Stage>(
    driver: &Driver<'_, S>,
    line: &MessageLine,
    message_type: ControlMessageType,
) -> Option<ControlMessage> {
    let mut message = ControlMessage::default_for(message_type)?;
    let node = driver.scenario.node(line.from);
    let host = format!("{}.sim", node.name);
    let channels = if node.role == Some(Role::Pac) { 64 } else { 0 };
    match &mut message.body {
        pptp_wire::Body::StartControlConnectionRequest(body) => {
            body.host_name = Text::new(&host);
            body.vendor_name = Text::new("pptp-sim");
            body.maximum_channels = channels;
        }
        pptp_wire::Body::StartControlConnectionReply(body) => {
            body.host_name = Text::new(&host);
            body.vendor_name = Text::new("pptp-sim");
            body.maximum_channels = channels;
        }
        pptp_wire::Body::OutgoingCallRequest(body) => {
            body.call_serial_number = driver.next_ordinal(line, message_type);
        }
        pptp_wire::Body::IncomingCallRequest(body) => {
            body.call_serial_number = driver.next_ordinal(line, message_type);
            body.physical_channel_id = u32::from(driver.next_ordinal(line, message_type));
        }
        pptp_wire::Body::OutgoingCallReply(body) => {
            body.physical_channel_id = u32::from(driver.next_ordinal(line, message_type));
        }
        pptp_wire::Body::EchoRequest(body) => {
            body.identifier = u32::from(driver.next_ordinal(line, message_type));
        }
        pptp_wire::Body::EchoReply(body) => {
            body.identifier = driver.last_identifier(node_id(line.to))
        }
        _ => {}
    }
    Some(message)
}

/// Number lengths follow the numbers, unless the line names them.
fn fill_number_lengths(line: &MessageLine, message_type: ControlMessageType, octets: &mut [u8]) {
    for (length, number) in [
        ("phone-number-length", "phone-number"),
        ("dialed-number-length", "dialed-number"),
        ("dialing-number-length", "dialing-number"),
    ] {
        let named = line.fields.iter().any(|field| field.key == length);
        let (Some(length), Some(number)) = (
            field_by_key(message_type, length),
            field_by_key(message_type, number),
        ) else {
            continue;
        };
        if !named && let Some(FieldValue::Octets(text)) = number.read(octets) {
            let used = text
                .iter()
                .position(|&octet| octet == 0)
                .unwrap_or(text.len()) as u64;
            let _ = length.write(octets, unsigned(used));
        }
    }
}

/// Call IDs of the call that the line names: the sender's own, chosen now if it has none yet, and the other end's.
fn fill_call_ids<S: Stage>(
    driver: &mut Driver<'_, S>,
    line: &MessageLine,
    message_type: ControlMessageType,
    octets: &mut [u8],
) {
    let Some((which, brought)) = call_fields(message_type) else {
        return;
    };
    let Some(name) = &line.call else { return };
    let (from, to) = (node_id(line.from), node_id(line.to));
    let (pns, pac) = match sender_of(message_type) {
        Some(Owner::Pns) => (from, to),
        _ => (to, from),
    };
    driver
        .bindings
        .bind_ends(&name.text, None, Some(pns), Some(pac));
    for field in [Some(which), brought].into_iter().flatten() {
        let named = line.fields.iter().find(|pattern| pattern.key == field.key);
        if let Some(id) = named.and_then(|pattern| pattern.pattern.number()) {
            driver.bindings.bind_call_id(
                &name.text,
                field.owner,
                CallId(u16::try_from(id).unwrap_or(0)),
            );
            continue;
        }
        let known = driver
            .bindings
            .call(&name.text)
            .and_then(|call| call.id_of(field.owner));
        let own = if field.owner == Owner::Pns {
            pns == from
        } else {
            pac == from
        };
        let id = match known {
            Some(id) => id,
            None if own => {
                let id = driver.fresh_call_id(from);
                driver.bindings.bind_call_id(&name.text, field.owner, id);
                id
            }
            None => CallId(0),
        };
        if let Some(pair) = octets.get_mut(field.offset..field.offset + 2) {
            pair.copy_from_slice(&id.0.to_be_bytes());
        }
    }
}

fn write_fields<S: Stage>(
    driver: &Driver<'_, S>,
    line: &MessageLine,
    table: &[Field],
    octets: &mut [u8],
) -> Result<(), String> {
    for named in &line.fields {
        let Some(field) = table.iter().find(|field| field.key == named.key) else {
            return Err(format!(
                "{} has no field {}",
                super::matcher::name_text(line.message),
                named.key
            ));
        };
        write_field(driver, field, named, octets)?;
    }
    Ok(())
}

fn write_field<S: Stage>(
    driver: &Driver<'_, S>,
    field: &Field,
    named: &FieldPattern,
    octets: &mut [u8],
) -> Result<(), String> {
    let value = resolve(driver, named)?;
    let written = match (&value, field.kind) {
        (Value::Text(text), FieldKind::Text) => {
            field.write(octets, FieldValue::Octets(&octets_of_text(text)))
        }
        (Value::Number(number), _) => field.write(octets, unsigned(*number)),
        (Value::Text(text), _) => {
            return Err(format!("{} takes a number, not {text:?}", named.key));
        }
    };
    written.map_err(|error| format!("{}: {error}", named.key))
}

fn resolve<S: Stage>(driver: &Driver<'_, S>, named: &FieldPattern) -> Result<Value, String> {
    match &named.pattern {
        Pattern::Value(value) => Ok(value.clone()),
        Pattern::Binding(name) => driver
            .bindings
            .value(name)
            .ok_or_else(|| format!("${name} is not bound yet, so {} has no value", named.key)),
        _ => Err(format!(
            "{} must be one value in a line that sends",
            named.key
        )),
    }
}

fn gre<S: Stage>(
    driver: &mut Driver<'_, S>,
    line: &MessageLine,
    position: u64,
) -> Result<Vec<u8>, String> {
    let number = |driver: &Driver<'_, S>, key: &str| gre_number(driver, line, key, position);
    let only = number(driver, "acknowledgment-only")?.is_some_and(|value| value != 0);
    let acknowledgment = number(driver, "acknowledgment-number")?;
    let sequence = match number(driver, "sequence-number")? {
        Some(value) => Some(value),
        None if only
            || (acknowledgment.is_some() && number(driver, "payload-length")?.is_none()) =>
        {
            None
        }
        None => Some(driver.next_sequence_number(line)),
    };
    let present = match &line.raw.octets {
        Some(Octets::Count(count)) => u64::from(*count),
        Some(Octets::Literal(octets)) => octets.len() as u64,
        None if sequence.is_some() => number(driver, "payload-length")?.unwrap_or(DEFAULT_PAYLOAD),
        None => 0,
    };
    let payload_length = number(driver, "payload-length")?.unwrap_or(present);
    let call_id = match number(driver, "call-id")? {
        Some(id) => CallId(id as u16),
        None => driver
            .call_id_towards(line, node_id(line.to))
            .ok_or("GRE needs call= or call-id=")?,
    };
    let header = GreHeader::data(call_id, 0, None, payload_length as u16);
    let header = GreHeader {
        sequence_number: sequence.map(|value| value as u32),
        acknowledgment_number: acknowledgment.map(|value| value as u32),
        ..header
    };
    let mut buffer = [0; GRE_MAXIMUM_HEADER_LENGTH];
    let length = header.encode(&mut buffer);
    let mut octets = buffer[..length].to_vec();
    match &line.raw.octets {
        Some(Octets::Literal(payload)) => {
            octets.extend_from_slice(payload);
            if let Some(number) = header.sequence_number {
                let to = node_id(line.to);
                driver.data.literal_sent(to, call_id, number);
            }
        }
        _ => octets.extend(driver.test_payload(present as usize)),
    }
    write_header_bits(driver, line, &mut octets)?;
    Ok(raw_work(
        octets,
        &RawWork {
            octets: None,
            ..line.raw.clone()
        },
        length,
    ))
}

/// Flags, version and Protocol Type, where the line names them.
fn write_header_bits<S: Stage>(
    driver: &Driver<'_, S>,
    line: &MessageLine,
    octets: &mut [u8],
) -> Result<(), String> {
    let numbers = [
        "sequence-number",
        "acknowledgment-number",
        "payload-length",
        "call-id",
        "acknowledgment-only",
    ];
    for named in line
        .fields
        .iter()
        .filter(|field| !numbers.contains(&field.key))
    {
        let field = gre_field_in(octets, named.key)
            .ok_or_else(|| format!("GRE has no field {}", named.key))?;
        write_field(driver, &field, named, octets)?;
    }
    Ok(())
}

fn gre_number<S: Stage>(
    driver: &Driver<'_, S>,
    line: &MessageLine,
    key: &str,
    position: u64,
) -> Result<Option<u64>, String> {
    let Some(named) = line.fields.iter().find(|field| field.key == key) else {
        return Ok(None);
    };
    Ok(Some(match &named.pattern {
        Pattern::Range(first, last) if line.packets.is_some() => {
            let step = if last >= first { position } else { 0 };
            (first + step).min((*last).max(*first)) & 0xFFFF_FFFF
        }
        Pattern::Next(offset) => {
            let counted = match key {
                "acknowledgment-number" => driver.next_to_acknowledge(line),
                _ => driver.next_sequence_number(line) + position,
            };
            let next = i64::from(counted as u32) + offset;
            (next as u64) & 0xFFFF_FFFF
        }
        _ => match resolve(driver, named)? {
            Value::Number(value) if key == "sequence-number" => (value + position) & 0xFFFF_FFFF,
            Value::Number(value) => value,
            Value::Text(text) => return Err(format!("{key} takes a number, not {text:?}")),
        },
    }))
}

/// Truncation, padding, literal octets and patches, in that order; `header` octets at the start are never replaced by literals.
fn raw_work(mut octets: Vec<u8>, raw: &RawWork, header: usize) -> Vec<u8> {
    match &raw.octets {
        Some(Octets::Literal(literal)) => {
            octets.truncate(header);
            octets.extend_from_slice(literal);
        }
        Some(Octets::Count(count)) => octets.resize(header + *count as usize, 0),
        None => {}
    }
    if let Some(length) = raw.truncate {
        octets.truncate(length as usize);
    }
    if let Some(more) = raw.pad {
        octets.resize(octets.len() + more as usize, 0);
    }
    for patch in &raw.patches {
        let start = patch.offset as usize;
        let end = start + patch.octets.len();
        if octets.len() < end {
            octets.resize(end, 0);
        }
        octets[start..end].copy_from_slice(&patch.octets);
    }
    octets
}

//! Inputs of the other targets, in words.

use std::fmt::Write;

use pptp_wire::fuzzing::{Differential, FramerInput, chosen};
use pptp_wire::{
    ControlMessage, GrePacket, Header, fields, gre_field_in, validate_control, validate_gre,
};
use pptp_wire::{Framer, GRE_FIELDS, MAXIMUM_LENGTH, PppFrame, Raw};

use crate::decode::{Format, run_on};

/// What an input is; `None`: no such target.
pub(super) fn told(target: &str, name: &str, octets: &[u8]) -> Option<String> {
    let mut text = format!(
        "{name}: {} octets for the fuzz target {target}\n",
        octets.len()
    );
    match target {
        "control_decode" => control(&mut text, octets),
        "control_round_trip" => {
            let message: ControlMessage = chosen(octets);
            control(&mut text, message.encode(&mut [0; MAXIMUM_LENGTH]));
        }
        "field_tables" => {
            text.push_str("as a control message:\n");
            control(&mut text, octets);
            text.push_str("as a GRE packet:\n");
            gre(&mut text, octets);
        }
        "gre_decode" => gre(&mut text, octets),
        "differential" => differential(&mut text, &chosen(octets)),
        "framer" => framer(&mut text, octets),
        "capture_reader" => capture(&mut text, octets),
        "scenario_text" => {
            text.push_str("a scenario file; behind each NUL octet, one that it may include:\n");
            text.push_str(&String::from_utf8_lossy(octets).replace('\0', "\n// --\n"));
        }
        _ => return None,
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Some(text)
}

fn say(text: &mut String, line: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{line}");
}

fn digits(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// A message field by field, and what is wrong with it.
fn control(text: &mut String, octets: &[u8]) {
    say(text, format_args!("octets {}", digits(octets)));
    match ControlMessage::decode(octets) {
        Ok(message) => {
            let name = message.message_type().name().unwrap_or("a message");
            say(text, format_args!("{name}, as long as its type"));
        }
        Err(error) => say(text, format_args!("does not decode: {error}")),
    }
    let message_type = Header::decode(octets).map(|header| header.control_message_type);
    for field in message_type.map_or(&[][..], fields) {
        if let Some(value) = field.read(octets) {
            say(text, format_args!("  {} {value:?}", field.key));
        }
    }
    for finding in validate_control(octets).iter() {
        say(text, format_args!("  {finding}"));
    }
}

/// A packet field by field, and what is wrong with it.
fn gre(text: &mut String, octets: &[u8]) {
    say(text, format_args!("octets {}", digits(octets)));
    match GrePacket::decode(octets) {
        Ok(packet) => {
            let frame = PppFrame::parse(packet.data());
            let length = packet.payload.len();
            say(text, format_args!("{length} octets of payload: {frame}"));
        }
        Err(error) => say(text, format_args!("does not decode: {error}")),
    }
    for field in GRE_FIELDS {
        let value = gre_field_in(octets, field.key).and_then(|field| field.read(octets));
        if let Some(value) = value {
            say(text, format_args!("  {} {value:?}", field.key));
        }
    }
    for finding in validate_gre(octets).iter() {
        say(text, format_args!("  {finding}"));
    }
}

fn differential(text: &mut String, input: &Differential) {
    say(
        text,
        format_args!("segments of {:?} octets, in turn", input.segments),
    );
    for message in &input.messages {
        control(text, message.encode(&mut [0; MAXIMUM_LENGTH]));
    }
    say(text, format_args!("behind them {}", digits(&input.junk)));
    for packet in &input.packets {
        let octets = Raw::gre(&packet.header, &packet.payload).into_octets();
        gre(text, &octets);
    }
}

/// The configuration and the stream, with the messages in it.
fn framer(text: &mut String, octets: &[u8]) {
    let input = FramerInput::read(octets);
    say(text, format_args!("{:?}", input.config));
    say(
        text,
        format_args!("segments of {:?} octets, in turn", input.lengths),
    );
    say(text, format_args!("stream {}", digits(input.stream)));
    let mut framer = Framer::new(input.config);
    let mut rest = input.stream;
    while let Some(answer) = framer.push(&mut rest) {
        match answer {
            Ok(frame) => say(text, format_args!("  message {}", digits(frame.octets))),
            Err(error) => say(text, format_args!("  {error}")),
        }
    }
    say(
        text,
        format_args!("  {} octets left over", framer.buffered()),
    );
}

/// The capture, decoded as far as it goes.
fn capture(text: &mut String, octets: &[u8]) {
    let mut decoded = Vec::new();
    let outcome = run_on("the capture", octets, Format::Human, &mut decoded);
    text.push_str(&String::from_utf8_lossy(&decoded));
    if let Err(failure) = outcome {
        say(text, format_args!("{failure}"));
    }
}

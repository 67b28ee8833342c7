//! Lines: messages, actions, expectations, final checks.

use super::Writer;
use super::values::{Form, name, pattern, quoted};
use crate::scenario::model::{
    Action, ExpectLine, FieldPattern, FinalCheck, FinalKind, MessageLine, MessageName, Name,
    Observable, Octets, PacketLine, Pattern, PlaceCall, RawWork, Ring, View, WanErrors,
};
use crate::scenario::source::SourceSpan;
use crate::scenario::vocabulary::{FieldShape, field};
use pptp_wire::Requirement;
use pptp_wire::time::Duration;

impl Writer<'_> {
    /// `a -> b MESSAGE …`, with the word that comes before it.
    pub(super) fn message(&self, line: &MessageLine, inject: bool) -> String {
        let (word, arrow) = match (inject, line.view) {
            (true, _) => ("inject ", "~>"),
            (false, View::Sent) => ("", "->"),
            (false, View::Delivered) => ("delivered ", "->"),
            (false, View::Lost) => ("lost ", "->"),
        };
        let mut text = format!(
            "{word}{} {arrow} {} {}",
            self.node(line.from),
            self.node(line.to),
            line.message.name()
        );
        if line.exact {
            text.push_str(" exact");
        }
        names(&mut text, line.call.as_ref(), line.connection.as_ref());
        fields(&mut text, line.message, &line.fields);
        number(&mut text, "packets", line.packets);
        raw_work(&mut text, &line.raw);
        bounds(&mut text, line.after, line.within, line.requirement);
        text
    }

    /// `a -> b GRE …` of a fault or a silence.
    pub(super) fn packets(&self, line: &PacketLine) -> String {
        let mut text = format!(
            "{} -> {} {}",
            self.node(line.from),
            self.node(line.to),
            line.message.name()
        );
        names(&mut text, line.call.as_ref(), line.connection.as_ref());
        fields(&mut text, line.message, &line.fields);
        text
    }

    pub(super) fn expect(&self, line: &ExpectLine) -> String {
        let mut text = format!("expect {}", self.node(line.node));
        names(&mut text, line.call.as_ref(), line.connection.as_ref());
        observables(&mut text, &line.observables);
        bounds(&mut text, line.after, line.within, line.requirement);
        text
    }

    pub(super) fn action(&self, node: &str, action: &Action) -> String {
        let mut text = format!("do {node} ");
        match action {
            Action::OpenControl { to, connection } => {
                text.push_str(&format!("open-control to={}", self.node(*to)));
                names(&mut text, None, connection.as_ref());
            }
            Action::CloseControl { connection, reason } => {
                text.push_str(&format!("close-control reason={reason}"));
                names(&mut text, None, connection.as_ref());
            }
            Action::PlaceCall {
                call,
                connection,
                options,
            } => {
                text.push_str("place-call");
                names(&mut text, call.as_ref(), connection.as_ref());
                place_call(&mut text, options);
            }
            Action::Ring {
                call,
                connection,
                options,
            } => {
                text.push_str("ring");
                names(&mut text, call.as_ref(), connection.as_ref());
                ring(&mut text, options);
            }
            Action::ClearCall { call } => of_call(&mut text, "clear-call", call),
            Action::DisconnectCall { call } => of_call(&mut text, "disconnect-call", call),
            Action::LoseCarrier { call } => of_call(&mut text, "lose-carrier", call),
            Action::SetLinkInfo { call, options } => {
                of_call(&mut text, "set-link-info", call);
                text.push_str(&format!(
                    " send-accm={:#010X} receive-accm={:#010X}",
                    options.send_accm, options.receive_accm
                ));
            }
            Action::CountWanErrors { call, counters } => {
                of_call(&mut text, "count-wan-errors", call);
                wan_errors(&mut text, counters);
            }
            Action::SendData {
                call,
                packets,
                bytes,
                every,
            } => {
                of_call(&mut text, "send-data", call);
                text.push_str(&format!(" packets={packets} bytes={bytes}"));
                if let Some(every) = every {
                    text.push_str(&format!(" every=\"{every}\""));
                }
            }
        }
        text.replace("=0X", "=0x")
    }

    pub(super) fn final_line(&self, check: &FinalCheck) -> String {
        let mut text = String::new();
        match &check.kind {
            FinalKind::Calls(count) => {
                text.push_str(&format!("calls {}", pattern(count, Form::Number)));
            }
            FinalKind::Connections(count) => {
                text.push_str(&format!("connections {}", pattern(count, Form::Number)));
            }
            FinalKind::Received {
                node,
                call,
                packets,
                at_least,
                at_most,
                in_order,
                unique,
            } => {
                text.push_str(&format!("received {}", self.node(*node)));
                names(&mut text, call.as_ref(), None);
                if let Some(packets) = packets {
                    text.push_str(&format!(" packets={}", pattern(packets, Form::Number)));
                }
                number(&mut text, "at-least", *at_least);
                number(&mut text, "at-most", *at_most);
                for (key, flag) in [("in-order", in_order), ("unique", unique)] {
                    if let Some(flag) = flag {
                        text.push_str(&format!(" {key}=#{flag}"));
                    }
                }
            }
            FinalKind::Never {
                node,
                call,
                connection,
                observables: asked,
            } => {
                text.push_str("never");
                if let Some(node) = node {
                    text.push_str(&format!(" {}", self.node(*node)));
                }
                names(&mut text, call.as_ref(), connection.as_ref());
                observables(&mut text, asked);
            }
        }
        bounds(&mut text, None, None, check.requirement);
        text
    }
}

fn of_call(text: &mut String, word: &str, call: &Name) {
    text.push_str(word);
    names(text, Some(call), None);
}

pub(super) fn names(text: &mut String, call: Option<&Name>, connection: Option<&Name>) {
    if let Some(call) = call {
        text.push_str(&format!(" call={}", name(&call.text)));
    }
    if let Some(connection) = connection {
        text.push_str(&format!(" connection={}", name(&connection.text)));
    }
}

fn fields(text: &mut String, message: MessageName, fields: &[FieldPattern]) {
    for asked in fields {
        let form = match field(message, asked.key) {
            Some((_, FieldShape::Boolean)) => Form::Boolean,
            _ => Form::Number,
        };
        text.push_str(&format!(" {}={}", asked.key, pattern(&asked.pattern, form)));
    }
}

fn observables(text: &mut String, asked: &[(Observable, Pattern, SourceSpan)]) {
    for (observable, wanted, _) in asked {
        if *wanted == Pattern::Any {
            text.push_str(&format!(" {}", observable.name()));
            continue;
        }
        let form = match observable {
            Observable::AdaptiveTimeOut => Form::Span,
            _ => Form::Number,
        };
        let value = pattern(wanted, form);
        text.push_str(&format!(" {}={value}", observable.name()));
    }
}

fn number(text: &mut String, key: &str, number: Option<u64>) {
    if let Some(number) = number {
        text.push_str(&format!(" {key}={number}"));
    }
}

pub(super) fn bounds(
    text: &mut String,
    after: Option<Duration>,
    within: Option<Duration>,
    requirement: Option<Requirement>,
) {
    if let Some(after) = after {
        text.push_str(&format!(" after=\"{after}\""));
    }
    if let Some(within) = within {
        text.push_str(&format!(" within=\"{within}\""));
    }
    if let Some(requirement) = requirement {
        text.push_str(&format!(" requirement={}", quoted(requirement.id())));
    }
}

fn raw_work(text: &mut String, raw: &RawWork) {
    if !raw.split.is_empty() {
        text.push_str(&format!(" split=\"{}\"", list(&raw.split)));
    }
    if let Some(pause) = raw.pause {
        text.push_str(&format!(" pause=\"{pause}\""));
    }
    number(text, "truncate", raw.truncate.map(u64::from));
    number(text, "pad", raw.pad.map(u64::from));
    match &raw.octets {
        Some(Octets::Count(count)) => text.push_str(&format!(" octets={count}")),
        Some(Octets::Literal(octets)) => {
            text.push_str(&format!(" octets=\"{}\"", hexadecimal(octets)));
        }
        None => {}
    }
    if !raw.patches.is_empty() {
        let patches: Vec<String> = raw
            .patches
            .iter()
            .map(|patch| format!("{}:{}", patch.offset, hexadecimal(&patch.octets)))
            .collect();
        text.push_str(&format!(" patch=\"{}\"", patches.join(" ")));
    }
    if let Some(address) = raw.from_address {
        text.push_str(&format!(" from-address=\"{address}\""));
    }
}

pub(super) fn list(numbers: &[u32]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(" ")
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

fn texts(text: &mut String, list: &[(&str, &str)]) {
    for (key, value) in list {
        if !value.is_empty() {
            text.push_str(&format!(" {key}={}", quoted(value)));
        }
    }
}

fn place_call(text: &mut String, options: &PlaceCall) {
    texts(
        text,
        &[
            ("phone-number", &options.phone_number),
            ("subaddress", &options.subaddress),
        ],
    );
    for (key, value) in [
        (
            "call-serial-number",
            options.call_serial_number.map(u64::from),
        ),
        ("minimum-bps", options.minimum_bps.map(u64::from)),
        ("maximum-bps", options.maximum_bps.map(u64::from)),
        ("bearer-type", options.bearer_type.map(u64::from)),
        ("framing-type", options.framing_type.map(u64::from)),
        (
            "packet-recv-window-size",
            options.packet_recv_window_size.map(u64::from),
        ),
        (
            "packet-processing-delay",
            options.packet_processing_delay.map(u64::from),
        ),
    ] {
        number(text, key, value);
    }
}

fn ring(text: &mut String, options: &Ring) {
    texts(
        text,
        &[
            ("dialed-number", &options.dialed_number),
            ("dialing-number", &options.dialing_number),
            ("subaddress", &options.subaddress),
        ],
    );
    for (key, value) in [
        (
            "call-serial-number",
            options.call_serial_number.map(u64::from),
        ),
        ("call-bearer-type", options.call_bearer_type.map(u64::from)),
        (
            "physical-channel-id",
            options.physical_channel_id.map(u64::from),
        ),
    ] {
        number(text, key, value);
    }
}

fn wan_errors(text: &mut String, counters: &WanErrors) {
    for (key, count) in [
        ("crc-errors", counters.crc_errors),
        ("framing-errors", counters.framing_errors),
        ("hardware-overruns", counters.hardware_overruns),
        ("buffer-overruns", counters.buffer_overruns),
        ("time-out-errors", counters.time_out_errors),
        ("alignment-errors", counters.alignment_errors),
    ] {
        if count > 0 {
            text.push_str(&format!(" {key}={count}"));
        }
    }
}

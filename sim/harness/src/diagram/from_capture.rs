//! The ladder of a capture: from the items that `decode` gives. Nobody saw when anything arrived, nor what became of it there.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::Ipv4Addr;

use pptp_wire::ControlMessageType as Type;

use super::arrow::{Arrow, End, Mark, MarkKind, Numbers, Plane};
use super::builder::Builder;
use super::calls_seen::CallsSeen;
use super::ladder::{EventKind, Ladder, State};
use super::numbers_seen::{NumbersSeen, Said, note_numbers, ranges};
use super::{DiagramFormat, draw};
use crate::capture::Flow;
use crate::decode::{
    Control, DecodeFailure, Finding, Framing, Gre, Item, ItemKind, Sink, Summary, decode,
    message_name, ppp_frame, shown_fields,
};

/// PPTP's port (RFC 2637 §1.4).
const PORT: u16 = 1723;

/// The ladder of what `input` shows, and what decoding it gave. Memory is bounded: what is more than a diagram holds is counted.
pub fn of_capture<R: Read>(name: &str, input: R) -> (Ladder, Result<Summary, DecodeFailure>) {
    let title = format!("capture {}", name.escape_default());
    let mut seen = Seen {
        builder: Builder::new(title, Vec::new()),
        addresses: BTreeMap::new(),
        calls: CallsSeen::default(),
        numbers: NumbersSeen::default(),
        connections: BTreeMap::new(),
        order: 0,
    };
    let result = decode(input, &mut seen);
    let ladder = seen.finish(&result);
    (ladder, result)
}

/// Draws `input`, the capture at `path`, to `out`.
///
/// # Errors
/// As [`decode::run_on`](crate::decode::run_on): a diagram of what could be decoded before has been written.
pub fn draw_capture<R: Read>(
    path: &str,
    input: R,
    format: DiagramFormat,
    out: &mut dyn Write,
) -> Result<Summary, DecodeFailure> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (ladder, result) = of_capture(name, input);
    if !matches!(result, Err(DecodeFailure::Unreadable(_))) {
        out.write_all(draw(&ladder, format).as_bytes())
            .map_err(DecodeFailure::Write)?;
    }
    result
}

/// Reads any octets as a capture and draws it in every format: the one call of a fuzz target.
pub fn fuzz_entry(octets: &[u8]) {
    let (ladder, _) = of_capture("-", octets);
    for format in DiagramFormat::ALL {
        // What must not happen is a panic.
        let _ = draw(&ladder, format);
    }
}

/// A control connection of which something is drawn.
struct Connection {
    /// The end that is not at PPTP's port.
    port: u16,
    /// The lifelines of its ends, the smaller first.
    between: [usize; 2],
    /// The ends that have closed it.
    closed: [bool; 2],
    /// Its arrows.
    arrows: Vec<usize>,
}

/// Takes items as they are decoded.
struct Seen {
    builder: Builder,
    addresses: BTreeMap<Ipv4Addr, usize>,
    calls: CallsSeen,
    numbers: NumbersSeen,
    connections: BTreeMap<u32, Connection>,
    order: u64,
}

impl Sink for Seen {
    fn item(&mut self, item: &Item<'_>) -> io::Result<()> {
        match &item.kind {
            ItemKind::Opening(flow) => self.tcp(item, flow, "TCP-Open", &[]),
            ItemKind::Closed(flow) => {
                self.tcp(item, flow, "TCP-Close", &[]);
                self.closed(item, flow);
            }
            ItemKind::Reset(flow) => {
                self.tcp(item, flow, "TCP-Reset", &[]);
                self.over(item, flow, "reset");
            }
            ItemKind::Opened {
                flow,
                start_seen: false,
            } => self.tcp(
                item,
                flow,
                "TCP",
                &["the capture does not hold the connection's beginning"],
            ),
            ItemKind::Missing { flow, count } => {
                let text = format!("{count} octets of the stream are missing from the capture");
                self.tcp(item, flow, "TCP", &[&text]);
            }
            ItemKind::Control(control) => self.control(item, control),
            ItemKind::Gre(gre) => self.gre(item, gre),
            ItemKind::Opened { .. } | ItemKind::Ended(_) | ItemKind::LosingStep(_) => {}
        }
        Ok(())
    }
}

impl Seen {
    fn tcp(&mut self, item: &Item<'_>, flow: &Flow, name: &str, marks: &[&str]) {
        let mut arrow = arrow(Plane::Tcp, name);
        arrow.marks = marks.iter().map(|text| plain(text)).collect();
        self.on_connection(item, flow, arrow);
    }

    fn control(&mut self, item: &Item<'_>, control: &Control<'_>) {
        let mut arrow = arrow(Plane::Control, message_name(control));
        arrow.fields = shown_fields(control);
        match control.framing {
            Framing::Unfinished => {
                let text = format!("cut off after {} octets", control.octets.len());
                arrow.marks.push(plain(&text));
            }
            Framing::OutOfStep => arrow.marks.push(plain("out of step")),
            Framing::Whole | Framing::Faulty(_) | Framing::Lost(_) => {}
        }
        arrow.marks.extend(control.findings.iter().map(finding));
        let Some(between) = self.on_connection(item, &control.flow, arrow) else {
            return;
        };
        if control.framing == Framing::Whole {
            self.learn_role(control, between);
            let states = self.calls.message(&control.flow, control.octets, between);
            self.states(item, states);
        }
    }

    /// Adds an arrow of a control connection; gives the lifelines of sender and receiver.
    fn on_connection(
        &mut self,
        item: &Item<'_>,
        flow: &Flow,
        mut arrow: Arrow,
    ) -> Option<[usize; 2]> {
        let between = self.between(*flow.from.ip(), *flow.to.ip())?;
        [arrow.from, arrow.to] = between;
        let order = self.next();
        let place = self.builder.arrow(item.stamp.at, order, arrow);
        if let Some(place) = place {
            let port = if flow.from.port() == PORT {
                flow.to.port()
            } else {
                flow.from.port()
            };
            let connection = self
                .connections
                .entry(flow.connection)
                .or_insert(Connection {
                    port,
                    between: [between[0].min(between[1]), between[0].max(between[1])],
                    closed: [false; 2],
                    arrows: Vec::new(),
                });
            connection.arrows.push(place);
        }
        Some(between)
    }

    fn gre(&mut self, item: &Item<'_>, gre: &Gre<'_>) {
        let Some([from, to]) = self.between(gre.from, gre.to) else {
            return;
        };
        let mut arrow = Arrow {
            from,
            to,
            ..arrow(Plane::Gre, "GRE")
        };
        let mut said = Said::Next;
        if let Ok(packet) = &gre.packet {
            let header = &packet.header;
            let call_id = header.call_id.0;
            arrow.fields.push(format!("call-id={call_id}"));
            arrow.numbers = Some(Numbers {
                call_id,
                sequence: header.sequence_number.map(|number| (number, number)),
                acknowledgment: header.acknowledgment_number.map(|number| (number, number)),
                payload_length: (header.payload_length, header.payload_length),
            });
            if let Some(number) = header.sequence_number {
                let way = (gre.from, gre.to, call_id);
                said = self.numbers.data(way, number, gre.identification);
            }
        } else {
            arrow
                .fields
                .push(format!("octet-count={}", gre.octets.len()));
        }
        match ppp_frame(gre).map(|ppp| ppp.to_string()) {
            // Protocol and code: a step of a negotiation.
            Some(ppp) if ppp.contains(' ') => arrow.marks.push(plain(&ppp)),
            Some(ppp) => arrow.fields.push(format!("ppp={ppp}")),
            None => {}
        }
        if gre.octets.len() < gre.sent_length {
            arrow.marks.push(plain("the capture holds its beginning"));
        }
        note_numbers(&mut arrow, said);
        arrow.marks.extend(gre.findings.iter().map(finding));
        let order = self.next();
        let call_id = arrow.numbers.map(|numbers| numbers.call_id);
        let place = self.builder.arrow(item.stamp.at, order, arrow);
        if let (Some(call_id), Some(place), Said::Gap(first, last)) = (call_id, place, said) {
            let way = (gre.from, gre.to, call_id);
            self.numbers.gap_before(way, (first, last), place);
        }
    }

    /// The lifelines of two addresses; `None`, and counted, where there is no room for one of them.
    fn between(&mut self, from: Ipv4Addr, to: Ipv4Addr) -> Option<[usize; 2]> {
        let found = self.lifeline(from).zip(self.lifeline(to));
        if found.is_none() {
            self.builder.without_lifeline();
        }
        found.map(|(from, to)| [from, to])
    }

    fn lifeline(&mut self, address: Ipv4Addr) -> Option<usize> {
        if let Some(&place) = self.addresses.get(&address) {
            return Some(place);
        }
        let place = self.builder.lifeline(address.to_string(), String::new())?;
        self.addresses.insert(address, place);
        Some(place)
    }

    /// A message that one role alone sends tells who plays it.
    fn learn_role(&mut self, control: &Control<'_>, [from, to]: [usize; 2]) {
        let Some(pair) = control.octets.get(8..10) else {
            return;
        };
        let (pns, pac) = match Type(u16::from_be_bytes([pair[0], pair[1]])) {
            Type::OUTGOING_CALL_REQUEST => (from, to),
            Type::INCOMING_CALL_REQUEST => (to, from),
            _ => return,
        };
        for (place, role) in [(pns, "PNS"), (pac, "PAC")] {
            if let Some(lifeline) = self.builder.lifeline_mut(place)
                && !lifeline.about.split(" and ").any(|known| known == role)
            {
                let known = std::mem::take(&mut lifeline.about);
                lifeline.about = match known.as_str() {
                    "" => role.to_owned(),
                    known => format!("{known} and {role}"),
                };
            }
        }
    }

    fn closed(&mut self, item: &Item<'_>, flow: &Flow) {
        let from = self.addresses.get(flow.from.ip()).copied();
        let Some(connection) = self.connections.get_mut(&flow.connection) else {
            return;
        };
        let side = usize::from(from != Some(connection.between[0]));
        connection.closed[side] = true;
        if connection.closed == [true; 2] {
            self.over(item, flow, "closed");
        }
    }

    fn over(&mut self, item: &Item<'_>, flow: &Flow, told: &str) {
        if let Some(connection) = self.connections.get(&flow.connection) {
            let states = self.calls.over(flow.connection, told, connection.between);
            self.states(item, states);
        }
    }

    fn states(&mut self, item: &Item<'_>, states: Vec<State>) {
        for state in states {
            let order = self.next();
            self.builder
                .add(item.stamp.at, order, EventKind::State(state));
        }
    }

    fn next(&mut self) -> u64 {
        self.order += 1;
        self.order
    }

    fn finish(mut self, result: &Result<Summary, DecodeFailure>) -> Ladder {
        for (place, numbers) in self.numbers.never_came() {
            let text = format!("never seen: {}", ranges(numbers.into_iter().collect()));
            let kind = MarkKind::Gone;
            self.builder.mark(place, Mark { kind, text });
        }
        let mut pairs: BTreeMap<[usize; 2], usize> = BTreeMap::new();
        for connection in self.connections.values() {
            *pairs.entry(connection.between).or_default() += 1;
        }
        for connection in self.connections.values() {
            if pairs[&connection.between] > 1 {
                for &place in &connection.arrows {
                    self.builder
                        .add_field(place, format!("port={}", connection.port));
                }
            }
        }
        let summary = match result {
            Ok(summary) => Some(summary),
            Err(DecodeFailure::CutShort { error, summary }) => {
                self.builder.remark(error.to_string());
                Some(&**summary)
            }
            Err(_) => None,
        };
        if let Some(summary) = summary {
            for line in summary.notices.to_string().lines() {
                self.builder.remark(line.to_owned());
            }
            self.builder.remark(format!(
                "frames={} control-messages={} gre-packets={}",
                summary.frames, summary.control_messages, summary.gre_packets
            ));
            self.builder.remark(
                "Times are the tap's: when a message arrived, and what became of it there, was not seen. States are those that the \
                 messages speak of."
                    .to_owned(),
            );
        }
        self.builder.finish()
    }
}

fn arrow(plane: Plane, name: &str) -> Arrow {
    Arrow {
        from: 0,
        to: 0,
        plane,
        name: name.to_owned(),
        fields: Vec::new(),
        numbers: None,
        marks: Vec::new(),
        ends: vec![End::unknown()],
        run: None,
    }
}

fn plain(text: &str) -> Mark {
    Mark {
        kind: MarkKind::Plain,
        text: text.to_owned(),
    }
}

fn finding(finding: &Finding) -> Mark {
    Mark {
        kind: MarkKind::Finding,
        text: format!("{}: {}", finding.requirement.id(), finding.detail),
    }
}

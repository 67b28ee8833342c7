//! Lines of text with fixed columns: time, who, message, fields, marks.

use pptp_wire::code::ControlMessageType;
use pptp_wire::time::Instant;
use pptp_world::NodeId;

use super::FORMAT_VERSION;
use super::entry::{ControlEntry, Entry, Mark, TcpEntry};
use super::fields::{Shown, each_control_field, quoted};
use super::fold::{GreRun, Line, fold};
use super::words::TextBuffer;

/// The width of the message column: the longest name, `Start-Control-Connection-Request`.
const MESSAGE_COLUMN: usize = 32;

/// Room for a line of a transcript, in octets.
const USUAL_LINE: usize = 128;

/// What the head of a transcript names.
#[derive(Clone, Debug)]
pub struct Header {
    /// The scenario's title.
    pub title: String,
    /// The case of the matrix, if the scenario has one.
    pub case: Option<String>,
    /// The seed of every stream of luck.
    pub seed: u64,
    /// `event` or `turmoil`.
    pub world: &'static str,
}

impl Header {
    fn text(&self) -> String {
        let mut text = format!(
            "// pptp-sim transcript {FORMAT_VERSION}\n// scenario {}\n",
            quoted(&self.title)
        );
        if let Some(case) = &self.case {
            text.push_str(&format!("// case {}\n", quoted(case)));
        }
        text.push_str(&format!("// seed={} world={}\n", self.seed, self.world));
        text
    }
}

/// The names of the nodes, by [`NodeId`], and the width of the widest `from -> to`.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: Vec<String>,
    widest: usize,
}

impl Names {
    /// Names in the order of their [`NodeId`]s.
    pub fn new(names: Vec<String>) -> Self {
        let widest = names.iter().map(String::len).max().unwrap_or(0);
        Names { names, widest }
    }

    /// The name of `node`; `?` for a node that has none.
    pub fn of(&self, node: NodeId) -> &str {
        self.names
            .get(usize::from(node.0))
            .map_or("?", String::as_str)
    }

    fn push_direction(&self, text: &mut TextBuffer, from: NodeId, to: NodeId) {
        let start = text.len();
        text.push_str(self.of(from));
        text.push_str(" -> ");
        text.push_str(self.of(to));
        text.pad(start, 2 * self.widest + 4);
    }
}

/// The whole transcript: header, folded lines, the two verdicts.
///
/// `entries` must be in the order of time. Never panics.
pub fn render(header: &Header, names: &Names, entries: &[Entry], verdict: &str) -> String {
    let lines = fold(entries);
    let mut text = TextBuffer::with_capacity(lines.len().saturating_mul(USUAL_LINE));
    text.push_str(&header.text());
    for line in &lines {
        match line {
            Line::Plain(entry) => push_entry(&mut text, names, entry),
            Line::Gre(run) => {
                text.push_time(run.first.at);
                push_gre(&mut text, names, run);
            }
        }
        text.push_str("\n");
    }
    text.push_str(verdict);
    text.push_str("\n");
    text.into_text()
}

/// One entry with its time, without a line end. A GRE packet is shown by itself.
pub fn render_entry(names: &Names, entry: &Entry) -> String {
    let mut text = TextBuffer::default();
    push_entry(&mut text, names, entry);
    text.into_text()
}

fn push_entry(text: &mut TextBuffer, names: &Names, entry: &Entry) {
    text.push_time(entry.at());
    match entry {
        Entry::Step {
            text: step, marks, ..
        } => {
            text.push_str(step);
            push_marks(text, None, marks);
        }
        Entry::Comment { text: comment, .. } => {
            text.push_str("// ");
            text.push_str(comment);
        }
        Entry::Tcp(tcp) => push_tcp(text, names, tcp),
        Entry::Control(control) => push_control(text, names, control),
        Entry::Gre(packet) => push_gre(text, names, &GreRun::new(packet)),
    }
}

/// What stands behind `//`: until when a fold goes on, then the marks that have words.
fn push_marks<'m>(
    text: &mut TextBuffer,
    until: Option<Instant>,
    marks: impl IntoIterator<Item = &'m Mark>,
) {
    let mut separator = "  // ";
    if let Some(until) = until {
        text.push_str(separator);
        text.push_str("until ");
        text.push_instant(until);
        separator = "; ";
    }
    for mark in marks {
        let start = text.len();
        text.push_str(separator);
        let before = text.len();
        mark.push_to(text);
        if text.len() == before {
            text.truncate(start);
        } else {
            separator = "; ";
        }
    }
}

/// A line of columns that is being written: who, what, then fields.
struct Columns<'t> {
    text: &'t mut TextBuffer,
    has_fields: bool,
}

impl<'t> Columns<'t> {
    fn begin(
        text: &'t mut TextBuffer,
        names: &Names,
        (from, to): (NodeId, NodeId),
        message: &str,
    ) -> Columns<'t> {
        names.push_direction(text, from, to);
        text.push_str("  ");
        let column = text.len();
        text.push_str(message);
        text.pad(column, MESSAGE_COLUMN);
        Columns {
            text,
            has_fields: false,
        }
    }

    /// Begins a field; its value is to be written to what this gives.
    fn field(&mut self, key: &str) -> &mut TextBuffer {
        self.text.push_str(if self.has_fields { " " } else { "  " });
        self.has_fields = true;
        self.text.push_str(key);
        self.text.push_str("=");
        self.text
    }

    fn names(&mut self, connection: Option<&str>, call: Option<&str>) {
        for (key, name) in [("connection", connection), ("call", call)] {
            if let Some(name) = name {
                self.field(key).push_str(name);
            }
        }
    }

    fn number(&mut self, key: &str, number: u64) {
        self.field(key).push_number(number);
    }

    fn range(&mut self, key: &str, from: u32, to: u32) {
        let text = self.field(key);
        if from == to {
            return text.push_number(from.into());
        }
        text.push_str("\"");
        text.push_number(from.into());
        text.push_str("..");
        text.push_number(to.into());
        text.push_str("\"");
    }

    /// Blanks stay only where marks follow, which then start in the column of the fields.
    fn end<'m>(self, until: Option<Instant>, marks: impl IntoIterator<Item = &'m Mark>) {
        let mut marks = marks.into_iter().peekable();
        if marks.peek().is_none() && until.is_none() {
            self.text.trim_end();
        } else {
            push_marks(self.text, until, marks);
        }
    }
}

fn push_tcp(text: &mut TextBuffer, names: &Names, tcp: &TcpEntry) {
    let mut columns = Columns::begin(text, names, (tcp.from, tcp.to), tcp.event.name());
    columns.names(tcp.connection.as_deref(), None);
    columns.end(None, &tcp.marks);
}

fn push_control(text: &mut TextBuffer, names: &Names, control: &ControlEntry) {
    let name = control_name(control);
    let ends = (control.from, control.to);
    let mut columns = Columns::begin(text, names, ends, name.unwrap_or(NAMELESS));
    columns.names(control.connection.as_deref(), control.call.as_deref());
    match name {
        Some(_) => each_control_field(&control.octets, |key, shown| {
            shown.push_to(columns.field(key));
        }),
        None => columns
            .field("octets")
            .push_str(&quoted_hexadecimal(&control.octets)),
    }
    columns.end(None, &control.marks);
}

/// What is shown in the place of the name of a control message that has none.
const NAMELESS: &str = "Octets";

fn control_name(control: &ControlEntry) -> Option<&'static str> {
    let pair = control.octets.get(8..10)?;
    ControlMessageType(u16::from_be_bytes([pair[0], pair[1]])).name()
}

/// The name of a control message and the fields that are shown; `Octets` where it is none that RFC 2637 has a name for.
pub fn control_words(control: &ControlEntry) -> (&'static str, Vec<(&'static str, String)>) {
    let mut fields = Vec::new();
    let names = [("connection", &control.connection), ("call", &control.call)];
    for (key, name) in names {
        fields.extend(name.clone().map(|name| (key, name)));
    }
    let name = control_name(control);
    match name {
        Some(_) => each_control_field(&control.octets, |key, shown: Shown<'_>| {
            fields.push((key, shown.text()));
        }),
        None => fields.push(("octets", quoted_hexadecimal(&control.octets))),
    }
    (name.unwrap_or(NAMELESS), fields)
}

/// At most 32 octets as a hexadecimal string, then how many there were.
fn quoted_hexadecimal(octets: &[u8]) -> String {
    let mut text: String = octets
        .iter()
        .take(32)
        .map(|octet| format!("{octet:02x}"))
        .collect();
    if octets.len() > 32 {
        text.push_str(&format!("... {} octets", octets.len()));
    }
    format!("\"{text}\"")
}

/// A run of GRE packets without its time. Never panics.
pub fn render_gre(names: &Names, run: &GreRun<'_>) -> String {
    let mut text = TextBuffer::default();
    push_gre(&mut text, names, run);
    text.into_text()
}

fn push_gre(text: &mut TextBuffer, names: &Names, run: &GreRun<'_>) {
    let (first, last) = (run.first, run.last);
    let mut columns = Columns::begin(text, names, (first.from, first.to), "GRE");
    columns.names(None, first.call.as_deref());
    if first.call.is_none() {
        columns.number("call-id", first.call_id().into());
    }
    let payload_length = first.payload_length();
    match (first.sequence_number(), last.sequence_number()) {
        (Some(from), Some(to)) => columns.range("sequence-number", from, to),
        _ if first.acknowledgment_number().is_some() && payload_length == 0 => {
            columns.field("acknowledgment-only").push_str("#true");
        }
        _ => {}
    }
    let acknowledgments = (first.acknowledgment_number(), last.acknowledgment_number());
    if let (Some(from), Some(to)) = acknowledgments {
        columns.range("acknowledgment-number", from, to);
    }
    if payload_length != 0 || first.sequence_number().is_some() {
        columns.number("payload-length", payload_length.into());
    }
    for (key, value) in first.odd_fields() {
        columns.number(key, value.into());
    }
    let mut until = None;
    if run.packets > 1 {
        columns.number("packets", run.packets);
        until = (last.at != first.at).then_some(last.at);
    }
    columns.end(until, run.marks());
}

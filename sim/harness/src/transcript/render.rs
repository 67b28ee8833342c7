//! Lines of text with fixed columns: time, who, message, fields, marks.

use pptp_wire::code::ControlMessageType;
use pptp_wire::time::Instant;
use pptp_world::NodeId;

use super::FORMAT_VERSION;
use super::entry::{ControlEntry, Entry, Mark, TcpEntry};
use super::fields::{control_fields, quoted};
use super::fold::{FoldedGre, Line, fold};

/// The width of the message column: the longest name, `Start-Control-Connection-Request`.
const MESSAGE_COLUMN: usize = 32;
/// The width of the time column: up to 99,999 s with six decimals.
const TIME_COLUMN: usize = 12;

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
}

impl Names {
    /// Names in the order of their [`NodeId`]s.
    pub fn new(names: Vec<String>) -> Self {
        Names { names }
    }

    /// The name of `node`; `?` for a node that has none.
    pub fn of(&self, node: NodeId) -> &str {
        self.names
            .get(usize::from(node.0))
            .map_or("?", String::as_str)
    }

    fn direction(&self, from: NodeId, to: NodeId) -> String {
        let width = self.names.iter().map(String::len).max().unwrap_or(0);
        let text = format!("{} -> {}", self.of(from), self.of(to));
        format!("{text:<column$}", column = 2 * width + 4)
    }
}

/// The whole transcript: header, folded lines, the two verdicts.
///
/// `entries` must be in the order of time. Never panics.
pub fn render(header: &Header, names: &Names, entries: Vec<Entry>, verdict: &str) -> String {
    let mut text = header.text();
    for line in fold(entries) {
        match line {
            Line::Plain(entry) => text.push_str(&render_entry(names, &entry)),
            Line::Gre(run) => text.push_str(&with_time(run.first.at, &render_gre(names, &run))),
        }
        text.push('\n');
    }
    text.push_str(verdict);
    text.push('\n');
    text
}

/// One entry with its time, without a line end. A GRE packet is shown by itself.
pub fn render_entry(names: &Names, entry: &Entry) -> String {
    match entry {
        Entry::Step { at, text, marks } => with_time(*at, &with_marks(text.clone(), marks)),
        Entry::Comment { at, text } => with_time(*at, &format!("// {text}")),
        Entry::Tcp(tcp) => with_time(tcp.at, &render_tcp(names, tcp)),
        Entry::Control(control) => with_time(control.at, &render_control(names, control)),
        Entry::Gre(packet) => {
            let line = fold(vec![Entry::Gre(packet.clone())]).pop();
            match line {
                Some(Line::Gre(run)) => with_time(packet.at, &render_gre(names, &run)),
                _ => String::new(),
            }
        }
    }
}

fn with_time(at: Instant, line: &str) -> String {
    format!("{at:>TIME_COLUMN$}  {line}")
}

fn with_marks(mut line: String, marks: &[Mark]) -> String {
    let shown: Vec<String> = marks
        .iter()
        .map(Mark::text)
        .filter(|text| !text.is_empty())
        .collect();
    if !shown.is_empty() {
        line.push_str("  // ");
        line.push_str(&shown.join("; "));
    }
    line
}

fn columns(direction: &str, message: &str, fields: &[(&str, String)], marks: &[Mark]) -> String {
    let mut line = format!("{direction}  {message:<MESSAGE_COLUMN$}");
    for (position, (key, value)) in fields.iter().enumerate() {
        line.push_str(if position == 0 { "  " } else { " " });
        line.push_str(&format!("{key}={value}"));
    }
    // Blanks stay only where marks follow, which then start in the column of the fields.
    let line = if marks.is_empty() {
        line.trim_end().to_owned()
    } else {
        line
    };
    with_marks(line, marks)
}

fn named(connection: Option<&String>, call: Option<&String>) -> Vec<(&'static str, String)> {
    let mut fields = Vec::new();
    if let Some(connection) = connection {
        fields.push(("connection", connection.clone()));
    }
    if let Some(call) = call {
        fields.push(("call", call.clone()));
    }
    fields
}

fn render_tcp(names: &Names, tcp: &TcpEntry) -> String {
    let fields = named(tcp.connection.as_ref(), None);
    columns(
        &names.direction(tcp.from, tcp.to),
        tcp.event.name(),
        &fields,
        &tcp.marks,
    )
}

fn render_control(names: &Names, control: &ControlEntry) -> String {
    let direction = names.direction(control.from, control.to);
    let (name, fields) = control_words(control);
    columns(&direction, name, &fields, &control.marks)
}

/// The name of a control message and the fields that are shown; `Octets` where it is none that RFC 2637 has a name for.
pub fn control_words(control: &ControlEntry) -> (&'static str, Vec<(&'static str, String)>) {
    let mut fields = named(control.connection.as_ref(), control.call.as_ref());
    let message_type = control
        .octets
        .get(8..10)
        .map(|pair| ControlMessageType(u16::from_be_bytes([pair[0], pair[1]])));
    match message_type.and_then(ControlMessageType::name) {
        Some(name) => {
            fields.extend(control_fields(&control.octets));
            (name, fields)
        }
        None => {
            fields.push(("octets", quoted_hexadecimal(&control.octets)));
            ("Octets", fields)
        }
    }
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
pub fn render_gre(names: &Names, run: &FoldedGre) -> String {
    let first = &run.first;
    let mut fields = named(None, first.call.as_ref());
    if first.call.is_none() {
        fields.push(("call-id", first.call_id.to_string()));
    }
    match (first.sequence_number, run.last.0) {
        (Some(from), Some(to)) => fields.push(("sequence-number", range(from, to))),
        _ if first.acknowledgment_number.is_some() && first.payload_length == 0 => {
            fields.push(("acknowledgment-only", "#true".to_owned()));
        }
        _ => {}
    }
    if let (Some(from), Some(to)) = (first.acknowledgment_number, run.last.1) {
        fields.push(("acknowledgment-number", range(from, to)));
    }
    if first.payload_length != 0 || first.sequence_number.is_some() {
        fields.push(("payload-length", first.payload_length.to_string()));
    }
    for (key, value) in &first.odd_fields {
        fields.push((key, value.to_string()));
    }
    let mut marks = first.marks.clone();
    if run.packets > 1 {
        fields.push(("packets", run.packets.to_string()));
        if run.until != first.at {
            marks.insert(0, Mark::Note(format!("until {}", run.until)));
        }
    }
    columns(
        &names.direction(first.from, first.to),
        "GRE",
        &fields,
        &marks,
    )
}

fn range(from: u32, to: u32) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("\"{from}..{to}\"")
    }
}

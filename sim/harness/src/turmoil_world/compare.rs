//! Whether two worlds told the same story.
//!
//! Control: all messages and TCP events, per connection and direction. Data: what was sent and what was delivered, per call.
//! Acknowledgments and times: only where all times of both stories are whole ticks, as turmoil's are.

use super::world::TICK;
use pptp_wire::time::Instant;
use pptp_wire::{CallId, GreHeader, Header};
use pptp_world::{
    ConnectionNumber, ControlSent, GreSent, MessageNumber, NodeId, Record, RecordKind, Stage,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What a run told, sorted for comparison.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Story {
    ways: BTreeMap<Way, Vec<Told>>,
    /// Messages on their way.
    sent: BTreeMap<MessageNumber, Vec<u8>>,
    /// Some time was no whole tick.
    is_uneven: bool,
}

/// Whose story a part is.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd)]
enum Way {
    /// What an end put on a connection.
    Control(ConnectionNumber, NodeId),
    /// What reached an end of a connection.
    Arrived(ConnectionNumber, NodeId),
    /// Data that a node sent to the call of this ID.
    Sent(NodeId, CallId),
    /// Packets without data.
    Acknowledged(NodeId, CallId),
    /// Data that reached the user of a node's call.
    Delivered(NodeId, CallId),
}

/// One thing that was told.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Told {
    at: Instant,
    what: What,
    acknowledges: Option<u32>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum What {
    Event(&'static str),
    Message(Vec<u8>),
    Data {
        sequence_number: Option<u32>,
        length: u32,
    },
    Delivered {
        sequence_number: u32,
        counter: Option<u64>,
        length: u32,
    },
    Acknowledgment,
}

/// A place where two stories differ.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Difference {
    /// Whose part of the story: `connection 0, node 1 sends`, `node 0, data to call 4711`.
    pub place: String,
    /// Which thing there, from 0.
    pub position: usize,
    /// What the first story tells; `None`: nothing more.
    pub first: Option<String>,
    /// What the second story tells.
    pub second: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = |told: &Option<String>| told.clone().unwrap_or_else(|| "nothing".to_owned());
        let (first, second) = (words(&self.first), words(&self.second));
        write!(
            formatter,
            "{}, number {}: first {first}, second {second}",
            self.place, self.position
        )
    }
}

impl Story {
    /// The story of records, as one call of [`Stage::take_records`] or more gave them.
    pub fn of<'r>(
        records: impl IntoIterator<Item = &'r Record>,
        stage: &(impl Stage + ?Sized),
    ) -> Story {
        let mut story = Story::default();
        for record in records {
            story.note(record, stage);
        }
        story
    }

    /// Adds what a record tells. `stage` is the one that wrote it.
    pub fn note(&mut self, record: &Record, stage: &(impl Stage + ?Sized)) {
        let at = record.at;
        self.is_uneven |= !at.0.is_multiple_of(TICK.0);
        use Way::{Arrived, Control};
        let mut event = |way: fn(ConnectionNumber, NodeId) -> Way, connection, node, what| {
            self.add(way(connection, node), at, What::Event(what), None);
        };
        match record.kind {
            RecordKind::TcpOpen {
                connection, from, ..
            } => event(Control, connection, from, "TCP-Open"),
            RecordKind::TcpOpened {
                connection, node, ..
            } => event(Arrived, connection, node, "the opening"),
            RecordKind::TcpRefused {
                connection, from, ..
            } => event(Control, connection, from, "TCP-Reset (refused)"),
            RecordKind::TcpClose {
                connection, from, ..
            } => event(Control, connection, from, "TCP-Close"),
            RecordKind::TcpReset {
                connection, from, ..
            } => event(Control, connection, from, "TCP-Reset"),
            RecordKind::TcpCloseArrived { connection, node } => {
                event(Arrived, connection, node, "TCP-Close");
            }
            RecordKind::TcpResetArrived { connection, node } => {
                event(Arrived, connection, node, "TCP-Reset");
            }
            RecordKind::ControlArrived {
                message,
                connection,
                node,
            } => {
                let octets = self.sent.remove(&message).unwrap_or_default();
                self.add(Arrived(connection, node), at, What::Message(octets), None);
            }
            RecordKind::ControlSent(sent) => self.message(at, &sent, stage),
            RecordKind::GreSent(sent) => self.packet(at, &sent),
            RecordKind::Data {
                node,
                call,
                sequence_number,
                counter,
                length,
            } => {
                let what = What::Delivered {
                    sequence_number,
                    counter,
                    length,
                };
                self.add(Way::Delivered(node, call), at, what, None);
            }
            _ => {}
        }
    }

    fn message(&mut self, at: Instant, sent: &ControlSent, stage: &(impl Stage + ?Sized)) {
        let octets = stage.octets(sent.octets).to_vec();
        self.sent.insert(sent.message, octets.clone());
        let way = Way::Control(sent.connection, sent.from);
        self.add(way, at, What::Message(octets), None);
    }

    fn packet(&mut self, at: Instant, sent: &GreSent) {
        let Some(header) = sent.header else { return };
        let GreHeader {
            call_id,
            sequence_number,
            acknowledgment_number,
            ..
        } = header;
        if sequence_number.is_some() {
            let length = u32::from(header.payload_length);
            let what = What::Data {
                sequence_number,
                length,
            };
            self.add(
                Way::Sent(sent.from, call_id),
                at,
                what,
                acknowledgment_number,
            );
        } else {
            let way = Way::Acknowledged(sent.from, call_id);
            self.add(way, at, What::Acknowledgment, acknowledgment_number);
        }
    }

    fn add(&mut self, way: Way, at: Instant, what: What, acknowledges: Option<u32>) {
        self.ways.entry(way).or_default().push(Told {
            at,
            what,
            acknowledges,
        });
    }

    /// Leaves times, and what depends on them, out of the comparison.
    pub fn without_times(mut self) -> Story {
        self.is_uneven = true;
        self
    }

    /// How many things it tells.
    pub fn len(&self) -> usize {
        self.ways.values().map(Vec::len).sum()
    }

    /// Whether it tells nothing.
    pub fn is_empty(&self) -> bool {
        self.ways.is_empty()
    }
}

/// The first difference of each part of two stories: none if they are the same as far as two worlds can be compared.
pub fn compare(first: &Story, second: &Story) -> Vec<Difference> {
    let is_exact = !first.is_uneven && !second.is_uneven;
    let ways: BTreeSet<&Way> = first.ways.keys().chain(second.ways.keys()).collect();
    let ways = ways
        .into_iter()
        .filter(|way| is_exact || !matches!(way, Way::Acknowledged(..)));
    ways.filter_map(|way| {
        let told = |story: &'_ Story| -> Vec<Told> {
            let told = story.ways.get(way).map_or(&[][..], Vec::as_slice);
            told.iter().map(|told| told.comparable(is_exact)).collect()
        };
        first_difference(way, &told(first), &told(second), is_exact)
    })
    .collect()
}

fn first_difference(
    way: &Way,
    first: &[Told],
    second: &[Told],
    is_exact: bool,
) -> Option<Difference> {
    let length = first.len().max(second.len());
    let position = (0..length).find(|place| first.get(*place) != second.get(*place))?;
    let words = |story: &[Told]| story.get(position).map(|told| told.words(is_exact));
    Some(Difference {
        place: way.words(),
        position,
        first: words(first),
        second: words(second),
    })
}

impl Told {
    /// Without what depends on times between ticks.
    fn comparable(&self, is_exact: bool) -> Told {
        if is_exact {
            return self.clone();
        }
        Told {
            at: Instant::START,
            acknowledges: None,
            what: self.what.clone(),
        }
    }

    fn words(&self, is_exact: bool) -> String {
        let mut words = match &self.what {
            What::Event(event) => (*event).to_owned(),
            What::Message(octets) => message_words(octets),
            What::Data {
                sequence_number,
                length,
            } => {
                let number = sequence_number.unwrap_or_default();
                format!("packet {number} of {length} octets")
            }
            What::Delivered {
                sequence_number,
                counter,
                length,
            } => {
                let counter = counter.map_or("no counter".to_owned(), |it| format!("counter {it}"));
                format!("packet {sequence_number} of {length} octets with {counter}")
            }
            What::Acknowledgment => "a packet without data".to_owned(),
        };
        if let Some(number) = self.acknowledges {
            words += &format!(" acknowledging {number}");
        }
        if is_exact {
            words += &format!(" at {}", self.at);
        }
        words
    }
}

/// The name of a message, and its octets in hexadecimal: the stories may differ in any of them.
fn message_words(octets: &[u8]) -> String {
    let name = Header::decode(octets)
        .ok()
        .and_then(|header| header.control_message_type.name())
        .unwrap_or("a message");
    let digits: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
    format!("{name} {digits}")
}

impl Way {
    fn words(&self) -> String {
        match self {
            Way::Control(connection, node) => {
                format!("connection {}, node {} sends", connection.0, node.0)
            }
            Way::Arrived(connection, node) => {
                format!("connection {}, node {} gets", connection.0, node.0)
            }
            Way::Sent(node, call) => format!("node {}, data to call {}", node.0, call.0),
            Way::Acknowledged(node, call) => {
                format!("node {}, packets without data to call {}", node.0, call.0)
            }
            Way::Delivered(node, call) => {
                format!("node {}, data delivered in call {}", node.0, call.0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(things: &[(u64, Way, What, Option<u32>)]) -> Story {
        let mut story = Story::default();
        for (at, way, what, acknowledges) in things {
            story.is_uneven |= !at.is_multiple_of(TICK.0);
            story.add(*way, Instant(*at), what.clone(), *acknowledges);
        }
        story
    }

    const TICKS: u64 = TICK.0;
    const CONTROL: Way = Way::Control(ConnectionNumber(0), NodeId(1));
    const DATA: Way = Way::Sent(NodeId(1), CallId(7));
    const ACKNOWLEDGED: Way = Way::Acknowledged(NodeId(0), CallId(9));

    fn packet(number: u32) -> What {
        What::Data {
            sequence_number: Some(number),
            length: 100,
        }
    }

    #[test]
    fn a_missing_message_is_told_in_words() {
        let open = (0, CONTROL, What::Event("TCP-Open"), None);
        let close = (TICKS, CONTROL, What::Event("TCP-Close"), None);
        let whole = story(&[open.clone(), close]);
        assert_eq!(compare(&whole, &whole), []);
        let differences = compare(&whole, &story(&[open]));
        let words: Vec<String> = differences.iter().map(Difference::to_string).collect();
        assert_eq!(
            words,
            ["connection 0, node 1 sends, number 1: first TCP-Close at 0.001000, second nothing"]
        );
    }

    #[test]
    fn times_count_where_all_are_whole_ticks() {
        let sent = |at| story(&[(at, DATA, packet(0), None)]);
        assert_eq!(compare(&sent(TICKS), &sent(2 * TICKS)).len(), 1);
        assert_eq!(compare(&sent(TICKS), &sent(TICKS + 1)), []);
    }

    #[test]
    fn acknowledgments_count_where_all_times_are_whole_ticks() {
        let with = |at, ack| {
            story(&[
                (at, DATA, packet(0), Some(ack)),
                (at, ACKNOWLEDGED, What::Acknowledgment, Some(ack)),
            ])
        };
        assert_eq!(compare(&with(TICKS, 1), &with(TICKS, 2)).len(), 2);
        assert_eq!(compare(&with(TICKS + 1, 1), &with(TICKS + 1, 2)), []);
        let none = story(&[(TICKS + 1, DATA, packet(0), None)]);
        assert_eq!(compare(&with(TICKS + 1, 1), &none), []);
    }

    #[test]
    fn data_counts_always() {
        let sent = |number| story(&[(1, DATA, packet(number), None)]);
        assert_eq!(compare(&sent(0), &sent(1)).len(), 1);
        let delivered = |counter| {
            let what = What::Delivered {
                sequence_number: 0,
                counter,
                length: 100,
            };
            story(&[(1, Way::Delivered(NodeId(0), CallId(7)), what, None)])
        };
        assert_eq!(compare(&delivered(Some(1)), &delivered(None)).len(), 1);
    }
}

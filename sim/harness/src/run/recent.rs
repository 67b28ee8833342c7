//! The messages that were seen last: what failure reports look back on.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::log::Log;
use super::message::Seen;
use crate::scenario::model::View;

/// How many messages are looked back on.
const RECENT: usize = 256;

/// The last messages and GRE packets, as they were sent.
#[derive(Debug)]
pub struct Recent {
    /// Their places in the log, in order: of GRE packets there is nothing else to know.
    places: VecDeque<usize>,
    /// The messages, in order; those whose place is forgotten do not count.
    messages: VecDeque<Seen>,
}

impl Recent {
    /// Nothing was seen.
    pub fn new() -> Recent {
        Recent {
            places: VecDeque::with_capacity(RECENT),
            messages: VecDeque::new(),
        }
    }

    /// A message was seen.
    pub fn add(&mut self, seen: &Seen) {
        if self.messages.len() == RECENT {
            self.messages.pop_front();
        }
        self.messages.push_back(seen.clone());
        self.add_packet(seen.entry);
    }

    /// A GRE packet was seen that stands at this place in the log.
    #[inline]
    pub fn add_packet(&mut self, entry: usize) {
        if self.places.len() == RECENT {
            self.places.pop_front();
        }
        self.places.push_back(entry);
    }

    /// Everything, the latest first.
    pub fn all<'r>(&'r self, log: &'r Log<'_>) -> impl Iterator<Item = Cow<'r, Seen>> {
        let mut messages = self.messages().peekable();
        self.places.iter().rev().filter_map(move |&entry| {
            if let Some(packet) = log.packet(entry) {
                let seen = Seen::packet(packet, entry, (packet.at, View::Sent));
                return Some(Cow::Owned(seen));
            }
            messages
                .next_if(|seen| seen.entry == entry)
                .map(Cow::Borrowed)
        })
    }

    /// The messages that are no GRE packets, the latest first.
    pub fn messages(&self) -> impl Iterator<Item = &Seen> {
        let first = self.places.front().copied().unwrap_or_default();
        let messages = self.messages.iter().rev();
        messages.take_while(move |seen| seen.entry >= first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::message::{Content, MessageKey};
    use crate::scenario::parse_str;
    use crate::transcript::{Entry, GreEntry, TcpEvent};
    use pptp_wire::time::Instant;
    use pptp_world::{ConnectionNumber, NodeId, PacketNumber};

    fn opening(entry: usize) -> Seen {
        let connection = ConnectionNumber(7);
        Seen {
            at: Instant(1),
            from: NodeId(0),
            to: NodeId(1),
            connection: Some(connection),
            key: MessageKey::Tcp(connection, NodeId(0), 0),
            view: View::Sent,
            content: Content::Tcp {
                event: TcpEvent::Open,
                answer: false,
            },
            entry,
        }
    }

    #[test]
    fn messages_and_packets_come_back_in_order_as_far_as_is_looked_back() {
        let text = r#"
            scenario "s" {
                node pns role=PNS
                node pac role=PAC
                link pns pac
                flow {
                    do pns open-control to=pac
                    pns -> pac TCP-Open
                }
                finally {
                    calls 0
                }
            }
        "#;
        let file = parse_str(text).expect("no mistake").expect("a scenario");
        let scenario = file.file.case(0).expect("a case");
        let mut log = Log::new(&scenario);
        let mut recent = Recent::new();
        let mut places = Vec::new();
        for number in 0..3 * RECENT as u64 {
            let entry = if number % 5 == 2 {
                let comment = Entry::Comment {
                    at: Instant(number),
                    text: String::new(),
                };
                let entry = log.add(comment, None);
                recent.add(&opening(entry));
                entry
            } else {
                let packet = GreEntry {
                    at: Instant(number),
                    from: NodeId(0),
                    to: NodeId(1),
                    call: None,
                    packet: PacketNumber(number),
                    header: None,
                    length: 0,
                    step: None,
                    marks: Vec::new(),
                };
                let entry = log.add(Entry::Gre(packet), None);
                recent.add_packet(entry);
                entry
            };
            places.push(entry);
        }
        places.reverse();
        places.truncate(RECENT);
        let seen: Vec<usize> = recent.all(&log).map(|seen| seen.entry).collect();
        assert_eq!(seen, places);
        places.retain(|place| log.packet(*place).is_none());
        let messages: Vec<usize> = recent.messages().map(|seen| seen.entry).collect();
        assert_eq!(messages, places);
    }
}

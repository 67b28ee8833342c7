//! Messages that have been sent and have not reached their end.

use std::collections::{BTreeMap, VecDeque};

use pptp_world::PacketNumber;

use super::message::{MessageKey, Seen};

/// How far apart the numbers of two packets in flight may be for both to stand in one row.
const ROW: u64 = 1 << 20;

/// A GRE packet of which a copy has not yet reached its end. What it is stands in the log.
#[derive(Copy, Clone, Debug)]
struct Packet {
    /// Its place in the log.
    entry: usize,
    /// Copies that are still on their way.
    outstanding: u32,
}

/// All of them. GRE packets come and go by the thousand, numbered one after the other: they stand in a row, the others in a map.
#[derive(Debug, Default)]
pub struct Flights {
    row: VecDeque<Option<Packet>>,
    /// The number of the first packet of the row.
    first: u64,
    in_row: usize,
    /// Packets that do not fit into the row.
    beside: BTreeMap<PacketNumber, Packet>,
    messages: BTreeMap<MessageKey, Seen>,
}

impl Flights {
    /// A control message was sent, or an end of a connection did something that the other will see.
    pub fn insert(&mut self, seen: Seen) {
        self.messages.insert(seen.key, seen);
    }

    /// A packet was sent, in one copy; `entry` is its place in the log.
    #[inline]
    pub fn insert_packet(&mut self, packet: PacketNumber, entry: usize) {
        let flight = Packet {
            entry,
            outstanding: 1,
        };
        if self.row.is_empty() {
            self.first = packet.0;
        }
        let place = packet.0.wrapping_sub(self.first);
        // A number that went before, or one far behind, stands beside the row.
        if place >= self.row.len() as u64 && place < ROW {
            while (self.row.len() as u64) < place {
                self.row.push_back(None);
            }
            self.row.push_back(Some(flight));
            self.in_row += 1;
        } else {
            self.beside.insert(packet, flight);
        }
    }

    #[inline]
    fn slot(&mut self, packet: PacketNumber) -> Option<&mut Option<Packet>> {
        let place = usize::try_from(packet.0.checked_sub(self.first)?).ok()?;
        self.row.get_mut(place)
    }

    /// Whether the message, or a copy of the packet, is on its way.
    pub fn contains(&self, key: MessageKey) -> bool {
        let MessageKey::Gre(packet) = key else {
            return self.messages.contains_key(&key);
        };
        let place = packet.0.checked_sub(self.first);
        let place = place.and_then(|place| usize::try_from(place).ok());
        let in_row = place.and_then(|place| self.row.get(place));
        in_row.is_some_and(Option::is_some) || self.beside.contains_key(&packet)
    }

    /// The network made one more copy of a packet: its place in the log, if a copy of it is on its way.
    pub fn copied(&mut self, packet: PacketNumber) -> Option<usize> {
        let flight = match self.slot(packet) {
            Some(Some(flight)) => flight,
            _ => self.beside.get_mut(&packet)?,
        };
        flight.outstanding += 1;
        Some(flight.entry)
    }

    /// A message came to its end, and is forgotten.
    pub fn end(&mut self, key: MessageKey) -> Option<Seen> {
        self.messages.remove(&key)
    }

    /// One copy of a packet came to its end: the place of the packet in the log. It is forgotten with its last copy.
    #[inline]
    pub fn end_packet(&mut self, packet: PacketNumber) -> Option<usize> {
        let Some(slot @ Some(_)) = self.slot(packet) else {
            return self.end_beside(packet);
        };
        let flight = slot.as_mut()?;
        let entry = flight.entry;
        flight.outstanding -= 1;
        if flight.outstanding == 0 {
            *slot = None;
            self.in_row -= 1;
            while let Some(None) = self.row.front() {
                self.row.pop_front();
                self.first += 1;
            }
        }
        Some(entry)
    }

    /// The same of a packet that stands beside the row.
    fn end_beside(&mut self, packet: PacketNumber) -> Option<usize> {
        let flight = self.beside.get_mut(&packet)?;
        let entry = flight.entry;
        flight.outstanding -= 1;
        if flight.outstanding == 0 {
            self.beside.remove(&packet);
        }
        Some(entry)
    }

    /// Forgets messages that `keep` does not want. GRE packets belong to no connection, and stay.
    pub fn retain_messages(&mut self, mut keep: impl FnMut(&Seen) -> bool) {
        self.messages.retain(|_, seen| keep(seen));
    }

    /// The place in the log of every GRE packet of which a copy is on its way.
    pub fn packets(&self) -> impl Iterator<Item = usize> {
        let row = self.row.iter().flatten();
        row.chain(self.beside.values()).map(|flight| flight.entry)
    }

    /// How many messages and packets are on their way.
    pub fn len(&self) -> usize {
        self.in_row + self.beside.len() + self.messages.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::message::Content;
    use crate::scenario::model::View;
    use crate::transcript::TcpEvent;
    use pptp_wire::time::Instant;
    use pptp_world::{ConnectionNumber, NodeId};
    use proptest::prelude::*;

    fn close() -> Seen {
        Seen {
            at: Instant::START,
            from: NodeId(0),
            to: NodeId(1),
            connection: Some(ConnectionNumber(0)),
            key: MessageKey::Tcp(ConnectionNumber(0), NodeId(0), 1),
            view: View::Sent,
            content: Content::Tcp {
                event: TcpEvent::Close,
                answer: false,
            },
            entry: 0,
        }
    }

    #[test]
    fn a_packet_is_forgotten_with_its_last_copy() {
        // The second stands beside the row.
        for (packet, entry) in [(7, 70), (3, 30)] {
            let packet = PacketNumber(packet);
            let mut flights = Flights::default();
            flights.insert_packet(PacketNumber(5), 50);
            flights.insert_packet(packet, entry);
            assert_eq!(flights.copied(packet), Some(entry));
            for is_left in [true, false] {
                assert_eq!(flights.end_packet(packet), Some(entry));
                assert_eq!(flights.contains(MessageKey::Gre(packet)), is_left);
            }
            assert_eq!(flights.end_packet(packet), None);
            assert_eq!(flights.copied(packet), None);
            assert_eq!(flights.len(), 1);
        }
    }

    #[test]
    fn what_belongs_to_a_connection_goes_with_it() {
        let mut flights = Flights::default();
        let key = close().key;
        flights.insert(close());
        flights.insert_packet(PacketNumber(0), 0);
        assert!(flights.contains(key));
        assert_eq!(flights.end(key).map(|seen| seen.key), Some(key));
        assert!(flights.end(key).is_none());
        flights.insert(close());
        flights.retain_messages(|_| false);
        assert!(!flights.contains(key));
        assert!(flights.contains(MessageKey::Gre(PacketNumber(0))));
        assert_eq!(flights.len(), 1);
    }

    proptest! {
        /// Whatever the order of numbers, gaps and ends: as a map would have it.
        #[test]
        fn packets_are_found_as_in_a_map(
            steps in proptest::collection::vec((any::<bool>(), 0_u64..40, any::<bool>()), 0..200)
        ) {
            let mut flights = Flights::default();
            let mut known = BTreeMap::new();
            for (entry, (sends, number, far)) in steps.into_iter().enumerate() {
                let number = if far { number + ROW * 3 } else { number };
                let packet = PacketNumber(number);
                if sends {
                    known.entry(number).or_insert_with(|| {
                        flights.insert_packet(packet, entry);
                        entry
                    });
                } else {
                    prop_assert_eq!(flights.end_packet(packet), known.remove(&number));
                }
                prop_assert_eq!(flights.len(), known.len());
                let is_known = known.contains_key(&number);
                prop_assert_eq!(flights.contains(MessageKey::Gre(packet)), is_known);
                let mut places: Vec<usize> = flights.packets().collect();
                let mut expected: Vec<usize> = known.values().copied().collect();
                places.sort_unstable();
                expected.sort_unstable();
                prop_assert_eq!(places, expected);
            }
        }
    }
}

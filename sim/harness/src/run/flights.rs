//! Messages that have been sent and have not reached their end.

use std::collections::{BTreeMap, VecDeque};

use super::message::{MessageKey, Seen};

/// How far apart the numbers of two packets in flight may be for both to stand in one row.
const ROW: u64 = 1 << 20;

/// A message that has not yet reached its end.
#[derive(Clone, Debug)]
pub struct Flight {
    /// The message as it was sent.
    pub seen: Seen,
    /// Copies that are still on their way.
    pub outstanding: u32,
}

/// All of them. GRE packets come and go by the thousand, numbered one after the other: they stand in a row, the others in a map.
#[derive(Debug, Default)]
pub struct Flights {
    row: VecDeque<Option<Flight>>,
    /// The number of the first packet of the row.
    first: u64,
    in_row: usize,
    others: BTreeMap<MessageKey, Flight>,
}

impl Flights {
    /// A message was sent, in one copy.
    #[inline]
    pub fn insert(&mut self, seen: Seen) {
        let key = seen.key;
        let flight = Flight {
            seen,
            outstanding: 1,
        };
        if let MessageKey::Gre(packet) = key {
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
                return;
            }
        }
        self.others.insert(key, flight);
    }

    #[inline]
    fn place(&self, key: MessageKey) -> Option<usize> {
        let MessageKey::Gre(packet) = key else {
            return None;
        };
        let place = usize::try_from(packet.0.checked_sub(self.first)?).ok()?;
        self.row.get(place)?.is_some().then_some(place)
    }

    /// Whether a copy of the message is on its way.
    pub fn contains(&self, key: MessageKey) -> bool {
        self.place(key).is_some() || self.others.contains_key(&key)
    }

    /// The message, if a copy of it is on its way.
    pub fn get_mut(&mut self, key: MessageKey) -> Option<&mut Flight> {
        match self.place(key) {
            Some(place) => self.row.get_mut(place)?.as_mut(),
            None => self.others.get_mut(&key),
        }
    }

    /// One copy came to its end: the message, which is forgotten with its last copy.
    #[inline]
    pub fn end_one(&mut self, key: MessageKey) -> Option<Seen> {
        let Some(place) = self.place(key) else {
            return self.end_beside(key);
        };
        let slot = self.row.get_mut(place)?;
        let flight = slot.as_mut()?;
        flight.outstanding = flight.outstanding.saturating_sub(1);
        if flight.outstanding > 0 {
            return Some(flight.seen.clone());
        }
        let ended = slot.take().map(|flight| flight.seen);
        self.in_row -= 1;
        while let Some(None) = self.row.front() {
            self.row.pop_front();
            self.first += 1;
        }
        ended
    }

    /// The same of a message that stands beside the row.
    fn end_beside(&mut self, key: MessageKey) -> Option<Seen> {
        let flight = self.others.get_mut(&key)?;
        flight.outstanding = flight.outstanding.saturating_sub(1);
        if flight.outstanding > 0 {
            return Some(flight.seen.clone());
        }
        self.others.remove(&key).map(|flight| flight.seen)
    }

    /// Forgets messages of connections that `keep` does not want.
    pub fn retain_of_connections(&mut self, mut keep: impl FnMut(&Seen) -> bool) {
        self.others
            .retain(|_, flight| flight.seen.connection.is_none() || keep(&flight.seen));
    }

    /// Every GRE packet of which a copy is on its way.
    pub fn packets(&self) -> impl Iterator<Item = &Seen> {
        let beside = self.others.values().filter(|flight| flight.seen.is_gre());
        let row = self.row.iter().flatten();
        row.chain(beside).map(|flight| &flight.seen)
    }

    /// How many messages are on their way.
    pub fn len(&self) -> usize {
        self.in_row + self.others.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::message::Content;
    use crate::scenario::model::View;
    use crate::transcript::TcpEvent;
    use pptp_wire::time::Instant;
    use pptp_world::{ConnectionNumber, NodeId, PacketNumber};
    use proptest::prelude::*;

    fn seen(key: MessageKey) -> Seen {
        let (connection, content) = match key {
            MessageKey::Gre(_) => (
                None,
                Content::Gre {
                    header: None,
                    length: 0,
                },
            ),
            _ => (
                Some(ConnectionNumber(0)),
                Content::Tcp {
                    event: TcpEvent::Close,
                    answer: false,
                },
            ),
        };
        Seen {
            at: Instant::START,
            from: NodeId(0),
            to: NodeId(1),
            connection,
            key,
            view: View::Sent,
            content,
            entry: 0,
        }
    }

    fn packet(number: u64) -> MessageKey {
        MessageKey::Gre(PacketNumber(number))
    }

    #[test]
    fn a_message_is_forgotten_with_its_last_copy() {
        let mut flights = Flights::default();
        let close = MessageKey::Tcp(ConnectionNumber(0), NodeId(0), 1);
        for key in [packet(7), close] {
            flights.insert(seen(key));
            flights.get_mut(key).expect("it is on its way").outstanding += 1;
            for is_left in [true, false] {
                assert_eq!(flights.end_one(key).map(|seen| seen.key), Some(key));
                assert_eq!(flights.contains(key), is_left);
            }
            assert!(flights.end_one(key).is_none());
        }
        assert_eq!(flights.len(), 0);
    }

    #[test]
    fn what_belongs_to_a_connection_goes_with_it() {
        let mut flights = Flights::default();
        let close = MessageKey::Tcp(ConnectionNumber(0), NodeId(0), 1);
        flights.insert(seen(close));
        flights.insert(seen(packet(0)));
        flights.retain_of_connections(|_| false);
        assert!(!flights.contains(close) && flights.contains(packet(0)));
    }

    proptest! {
        /// Whatever the order of numbers, gaps and ends: as a map would have it.
        #[test]
        fn packets_are_found_as_in_a_map(
            steps in proptest::collection::vec((any::<bool>(), 0_u64..40, any::<bool>()), 0..200)
        ) {
            let mut flights = Flights::default();
            let mut known = std::collections::BTreeSet::new();
            for (sends, number, far) in steps {
                let number = if far { number + ROW * 3 } else { number };
                let key = packet(number);
                if sends {
                    if known.insert(number) {
                        flights.insert(seen(key));
                    }
                } else {
                    prop_assert_eq!(flights.end_one(key).is_some(), known.remove(&number));
                }
                prop_assert_eq!(flights.len(), known.len());
                prop_assert_eq!(flights.contains(key), known.contains(&number));
                prop_assert_eq!(flights.packets().count(), known.len());
            }
            for number in known {
                let key = packet(number);
                prop_assert_eq!(flights.get_mut(key).map(|flight| flight.seen.key), Some(key));
            }
        }
    }
}

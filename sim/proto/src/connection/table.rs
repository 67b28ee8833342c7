//! The control connections of an endpoint, by number.

use std::collections::BTreeMap;
use std::hint::black_box;

use super::Connection;
use crate::ConnectionId;

/// A map of connections in the order of their numbers. Most endpoints have one connection: that of the lowest number lies in the table
/// itself, so that it is found without a search.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    first: Option<(ConnectionId, Connection)>,
    /// Those behind the first; empty if there is none. Boxed, as a map makes room for eleven at once.
    others: BTreeMap<ConnectionId, Box<Connection>>,
}

impl Connections {
    /// How many there are.
    pub fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.others.len()
    }

    /// The connection of this number.
    #[inline]
    pub fn get(&self, id: &ConnectionId) -> Option<&Connection> {
        match &self.first {
            Some((first, connection)) if first == id => Some(connection),
            _ => self.others.get(id).map(Box::as_ref),
        }
    }

    /// The connection of this number.
    #[inline]
    pub fn get_mut(&mut self, id: &ConnectionId) -> Option<&mut Connection> {
        match &mut self.first {
            Some((first, connection)) if first == id => Some(connection),
            _ => self.others.get_mut(id).map(Box::as_mut),
        }
    }

    /// Whether there is a connection of this number.
    pub fn contains_key(&self, id: &ConnectionId) -> bool {
        self.get(id).is_some()
    }

    /// Adds a connection, in place of one of the same number.
    pub fn insert(&mut self, id: ConnectionId, connection: Connection) {
        let behind = match &mut self.first {
            Some((first, _)) if *first < id => Some((id, connection)),
            first => first
                .replace((id, connection))
                .filter(|before| before.0 != id),
        };
        if let Some((id, connection)) = behind {
            self.others.insert(id, Box::new(connection));
        }
    }

    /// Forgets the connection of this number.
    pub fn remove(&mut self, id: &ConnectionId) {
        if self.first.as_ref().is_some_and(|(first, _)| first == id) {
            self.first = self.others.pop_first().map(|(id, next)| (id, *next));
        } else {
            self.others.remove(id);
        }
    }

    /// Reads what a message or a deadline of the first connection will need.
    #[inline]
    pub fn look_ahead(&self) {
        if let Some((id, first)) = &self.first {
            black_box((*id, first.framer.position(), first.framer.buffered()));
        }
    }

    /// All, the lowest number first.
    pub fn iter(&self) -> impl Iterator<Item = (&ConnectionId, &Connection)> {
        let first = self.first.iter().map(|(id, connection)| (id, connection));
        let others = self.others.iter();
        first.chain(others.map(|(id, connection)| (id, connection.as_ref())))
    }

    /// All numbers, the lowest first.
    pub fn keys(&self) -> impl Iterator<Item = &ConnectionId> {
        self.iter().map(|(id, _)| id)
    }

    /// All, the lowest number first.
    pub fn values(&self) -> impl Iterator<Item = &Connection> {
        self.iter().map(|(_, connection)| connection)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use proptest::prelude::*;

    use super::*;
    use crate::connection::Phase;
    use crate::endpoint::Endpoint;
    use crate::{Config, Role};

    /// A connection, told from others by its tunnel.
    fn connection(mark: u32) -> Connection {
        let mut endpoint = Endpoint::new(Config::new(Role::Pns, Ipv4Addr::LOCALHOST));
        endpoint.add_connection(ConnectionId(1), Ipv4Addr::LOCALHOST, Phase::Opening);
        let (_, mut made) = endpoint.connections.first.take().expect("it was added");
        made.tunnel = mark;
        made
    }

    proptest! {
        /// Under any sequence of changes it is a map in order.
        #[test]
        fn it_is_a_map(steps in prop::collection::vec((any::<bool>(), 0_u32..6), 0..40)) {
            let mut table = Connections::default();
            let mut model = BTreeMap::new();
            for (mark, (adds, id)) in (0_u32..).zip(steps) {
                let id = ConnectionId(id);
                if adds {
                    table.insert(id, connection(mark));
                    model.insert(id, mark);
                } else {
                    table.remove(&id);
                    model.remove(&id);
                }
                let marks = table.iter().map(|(&id, found)| (id, found.tunnel));
                prop_assert_eq!(marks.collect::<Vec<_>>(), model.iter().map(|(&id, &mark)| (id, mark)).collect::<Vec<_>>());
                prop_assert_eq!(table.len(), model.len());
                for id in (0..6).map(ConnectionId) {
                    let mark = model.get(&id).copied();
                    prop_assert_eq!(table.get(&id).map(|found| found.tunnel), mark);
                    prop_assert_eq!(table.get_mut(&id).map(|found| found.tunnel), mark);
                }
            }
        }
    }
}

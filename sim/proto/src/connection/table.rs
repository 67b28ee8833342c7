//! The control connections of an endpoint, by number.

use std::collections::BTreeMap;

use super::Connection;
use crate::ConnectionId;

/// A map of connections in the order of their numbers. Most endpoints have one connection: that of the lowest number lies in the table
/// itself, so that it is found without a search.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Connections {
    first: First,
    /// Those behind the first; empty if there is none. Boxed, as a map makes room for eleven at once.
    others: BTreeMap<ConnectionId, Box<Connection>>,
}

/// With its kind and the number right before the connection: all three are looked at together.
#[derive(Debug, Default)]
#[repr(u32)]
#[expect(
    clippy::large_enum_variant,
    reason = "to lie right here is what it is for"
)]
enum First {
    #[default]
    None,
    Some(ConnectionId, Connection),
}

impl Connections {
    /// How many there are.
    pub fn len(&self) -> usize {
        usize::from(matches!(self.first, First::Some(..))) + self.others.len()
    }

    /// The connection of this number.
    #[inline]
    pub fn get(&self, id: &ConnectionId) -> Option<&Connection> {
        match &self.first {
            First::Some(first, connection) if first == id => Some(connection),
            _ => self.others.get(id).map(Box::as_ref),
        }
    }

    /// The connection of this number.
    #[inline]
    pub fn get_mut(&mut self, id: &ConnectionId) -> Option<&mut Connection> {
        match &mut self.first {
            First::Some(first, connection) if first == id => Some(connection),
            _ => self.others.get_mut(id).map(Box::as_mut),
        }
    }

    /// Whether there is a connection of this number.
    pub fn contains_key(&self, id: &ConnectionId) -> bool {
        self.get(id).is_some()
    }

    /// Adds a connection, in place of one of the same number.
    pub fn insert(&mut self, id: ConnectionId, connection: Connection) {
        let new = First::Some(id, connection);
        let behind = match &self.first {
            First::Some(first, _) if *first < id => new,
            _ => std::mem::replace(&mut self.first, new),
        };
        if let First::Some(id, connection) = behind
            && !matches!(self.first, First::Some(first, _) if first == id)
        {
            self.others.insert(id, Box::new(connection));
        }
    }

    /// Forgets the connection of this number.
    pub fn remove(&mut self, id: &ConnectionId) {
        if matches!(&self.first, First::Some(first, _) if first == id) {
            self.first = match self.others.pop_first() {
                Some((next, connection)) => First::Some(next, *connection),
                None => First::None,
            };
        } else {
            self.others.remove(id);
        }
    }

    /// All, the lowest number first.
    pub fn iter(&self) -> impl Iterator<Item = (&ConnectionId, &Connection)> {
        let first = match &self.first {
            First::Some(id, connection) => Some((id, connection)),
            First::None => None,
        };
        let others = self.others.iter();
        let others = others.map(|(id, connection)| (id, connection.as_ref()));
        first.into_iter().chain(others)
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
        let First::Some(_, mut made) = std::mem::take(&mut endpoint.connections.first) else {
            panic!("it was added");
        };
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

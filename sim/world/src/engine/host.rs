//! What the network knows of a node: its addresses, its ways to others, and its names for connections.

use crate::luck::Direction;
use crate::{ConnectionId, ConnectionNumber, LinkId, NodeId};
use core::net::Ipv4Addr;

/// The way from one node to another over the link that joins them.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) struct Way {
    pub to: NodeId,
    pub link: LinkId,
    pub direction: Direction,
}

/// One node as the network sees it: in one line of the cache what every event asks for.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct Host {
    /// `false` between a crash and the restart.
    pub up: bool,
    /// Its deadline is more than keep-alive.
    pub busy: bool,
    pub scripted: bool,
    pub listens: bool,
    /// It is the PNS in all its calls, or the PAC.
    pub is_pns: Option<bool>,
    /// Connections that are neither closed nor lost at this end.
    pub alive: u32,
    /// The last address that was looked up for it, and its owner.
    pub last_asked: Option<(Ipv4Addr, NodeId)>,
    /// The connection that it named last: mostly the only one.
    newest: Option<(ConnectionId, ConnectionNumber)>,
    /// Traffic sources that wait until the node has got something.
    pub waiting: Vec<u32>,
    pub apart: Box<HostApart>,
}

/// What is asked for when something begins or ends.
#[derive(Debug, Default)]
pub(crate) struct HostApart {
    /// Traffic sources at work.
    pub sources: Vec<u32>,
    ways: Vec<Way>,
    opened: Vec<ConnectionNumber>,
    accepted: Vec<ConnectionNumber>,
    pub name: String,
    pub addresses: Vec<Ipv4Addr>,
}

/// Deadlines of a node at which nothing came of it, one after the other.
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct VainDeadlines {
    /// Records that had been written when the last one was over.
    records: u64,
    /// How many in a row up to now.
    in_a_row: u32,
    /// The most that ever were in a row.
    pub most: u32,
}

impl VainDeadlines {
    /// A deadline has come and its work is done: so many records had been written before and behind it.
    pub(crate) fn count(&mut self, before: u64, behind: u64) {
        let before_alone = before != core::mem::replace(&mut self.records, behind);
        if before_alone || before != behind {
            self.in_a_row = 0;
        }
        if before == behind {
            self.in_a_row = self.in_a_row.saturating_add(1);
            self.most = self.most.max(self.in_a_row);
        }
    }
}

impl Host {
    pub(crate) fn new(name: &str, addresses: &[Ipv4Addr], scripted: bool, listens: bool) -> Host {
        let apart = HostApart {
            name: name.to_owned(),
            addresses: addresses.to_vec(),
            ..HostApart::default()
        };
        Host {
            apart: Box::new(apart),
            scripted,
            is_pns: None,
            listens,
            up: true,
            busy: false,
            waiting: Vec::new(),
            alive: 0,
            last_asked: None,
            newest: None,
        }
    }

    /// Its address where it speaks for itself.
    pub(crate) fn address(&self) -> Ipv4Addr {
        self.apart
            .addresses
            .first()
            .copied()
            .unwrap_or(Ipv4Addr::UNSPECIFIED)
    }

    /// A link was added. Between two nodes the first one stays in use.
    pub(crate) fn add_way(&mut self, way: Way) {
        let ways = &mut self.apart.ways;
        if let Err(place) = ways.binary_search_by_key(&way.to, |way| way.to) {
            ways.insert(place, way);
        }
    }

    /// The way to another node. Nodes with one neighbour, nearly all, need no search.
    #[inline]
    pub(crate) fn way_to(&self, to: NodeId) -> Option<Way> {
        match self.apart.ways.as_slice() {
            [only] => (only.to == to).then_some(*only),
            ways => ways
                .binary_search_by_key(&to, |way| way.to)
                .ok()
                .map(|place| ways[place]),
        }
    }

    /// The name of the next connection that the node opens.
    pub(crate) fn next_opened(&self) -> ConnectionId {
        ConnectionId(self.apart.opened.len() as u32 * 2 + 1)
    }

    /// The node opened a connection: it has the name that [`Host::next_opened`] gave.
    pub(crate) fn open(&mut self, connection: ConnectionNumber) {
        self.newest = Some((self.next_opened(), connection));
        self.apart.opened.push(connection);
    }

    /// The node accepts a connection: its name for it.
    pub(crate) fn accept(&mut self, connection: ConnectionNumber) -> ConnectionId {
        self.apart.accepted.push(connection);
        let id = ConnectionId(self.apart.accepted.len() as u32 * 2);
        self.newest = Some((id, connection));
        id
    }

    /// The connection behind a name of the node's.
    #[inline]
    pub(crate) fn connection(&self, id: ConnectionId) -> Option<ConnectionNumber> {
        if let Some((newest, number)) = self.newest
            && newest == id
        {
            return Some(number);
        }
        let list = if id.is_own() {
            &self.apart.opened
        } else {
            &self.apart.accepted
        };
        // 1, 3, 5, … and 2, 4, 6, … are the places 0, 1, 2, …
        let place = id.0.checked_sub(1)? / 2;
        list.get(place as usize).copied()
    }

    /// The connection that it named last.
    #[inline]
    pub(crate) fn newest(&self) -> Option<ConnectionNumber> {
        self.newest.map(|newest| newest.1)
    }

    /// Forgets the names of connections, as a node that starts afresh does.
    pub(crate) fn forget_connections(&mut self) {
        self.newest = None;
        self.apart.opened.clear();
        self.apart.accepted.clear();
        self.alive = 0;
    }
}

/// Who owns which address. Programs of one host share its address: the network tells them apart by who is asked.
#[derive(Debug, Default)]
pub(crate) struct Addresses {
    /// By address; owners of the same one in the order in which they came.
    owners: Vec<(Ipv4Addr, NodeId)>,
}

impl Addresses {
    /// Gives an address to a node.
    pub(crate) fn insert(&mut self, address: Ipv4Addr, node: NodeId) {
        let place = self.owners.partition_point(|owner| owner.0 <= address);
        self.owners.insert(place, (address, node));
    }

    /// The first owner of an address.
    #[inline]
    pub(crate) fn owner(&self, address: Ipv4Addr) -> Option<NodeId> {
        self.owners(address).next()
    }

    /// All owners of an address, in the order in which they came.
    #[inline]
    pub(crate) fn owners(&self, address: Ipv4Addr) -> impl Iterator<Item = NodeId> + '_ {
        let first = self.owners.partition_point(|owner| owner.0 < address);
        self.owners[first..]
            .iter()
            .take_while(move |owner| owner.0 == address)
            .map(|owner| owner.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_go_by_odd_and_even_names() {
        let mut host = Host::new("pns", &[], false, true);
        assert_eq!(host.next_opened(), ConnectionId(1));
        host.open(ConnectionNumber(10));
        host.open(ConnectionNumber(11));
        assert_eq!(host.accept(ConnectionNumber(12)), ConnectionId(2));
        assert_eq!(host.accept(ConnectionNumber(13)), ConnectionId(4));
        let found = [0, 1, 2, 3, 4, 5, 6]
            .map(|id| host.connection(ConnectionId(id)).map(|number| number.0));
        assert_eq!(
            found,
            [None, Some(10), Some(12), Some(11), Some(13), None, None]
        );
        host.forget_connections();
        assert_eq!(host.next_opened(), ConnectionId(1));
    }

    #[test]
    fn an_address_knows_its_owners_and_a_neighbour_one_way() {
        let mut addresses = Addresses::default();
        addresses.insert(Ipv4Addr::new(10, 0, 0, 2), NodeId(1));
        addresses.insert(Ipv4Addr::new(10, 0, 0, 1), NodeId(0));
        addresses.insert(Ipv4Addr::new(10, 0, 0, 1), NodeId(7));
        assert_eq!(addresses.owner(Ipv4Addr::new(10, 0, 0, 1)), Some(NodeId(0)));
        let shared: Vec<NodeId> = addresses.owners(Ipv4Addr::new(10, 0, 0, 1)).collect();
        assert_eq!(shared, [NodeId(0), NodeId(7)]);
        assert_eq!(addresses.owner(Ipv4Addr::new(10, 0, 0, 2)), Some(NodeId(1)));
        assert_eq!(addresses.owner(Ipv4Addr::new(10, 0, 0, 3)), None);

        let mut host = Host::new("hub", &[], false, true);
        for (to, link) in [(5, 0), (3, 1), (5, 2)] {
            host.add_way(Way {
                to: NodeId(to),
                link: LinkId(link),
                direction: Direction::Forward,
            });
        }
        assert_eq!(host.way_to(NodeId(5)).map(|way| way.link), Some(LinkId(0)));
        assert_eq!(host.way_to(NodeId(3)).map(|way| way.link), Some(LinkId(1)));
        assert_eq!(host.way_to(NodeId(4)), None);
    }
}

//! Tunnels: one for each peer address, with its control connections and the Call IDs that this endpoint has assigned in it.
//!
//! A tunnel is what a Call ID is unique in (RFC 2637 §3.2.2, `CALL-001`, `CALL-002`). Looking one up is two array accesses.

use std::net::Ipv4Addr;

use pptp_wire::CallId;

use crate::ConnectionId;
use crate::random::SplitMix;

const PAGE: usize = 256;
const FREE: u32 = 0;
const RELEASED: u32 = u32::MAX;

/// What stands behind one of the endpoint's own Call IDs.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Assigned {
    /// Nothing, as far as is remembered.
    Nothing,
    /// A call that has ended lately.
    Released,
    /// The call in this slot.
    Call(u32),
}

/// How Call IDs are picked.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) struct CallIdRange {
    /// Lowest.
    pub minimum: u16,
    /// Highest; not below `minimum`.
    pub maximum: u16,
    /// One after the other instead of at random.
    pub sequential: bool,
}

impl CallIdRange {
    /// A range of at least one number.
    pub fn new(minimum: u16, maximum: u16, sequential: bool) -> CallIdRange {
        CallIdRange {
            minimum,
            maximum: maximum.max(minimum),
            sequential,
        }
    }

    /// Any number of the range, in use or not.
    pub fn any(self, random: &mut SplitMix) -> CallId {
        CallId(self.minimum + random.below(self.size()) as u16)
    }

    fn size(self) -> u32 {
        u32::from(self.maximum - self.minimum) + 1
    }

    fn after(self, id: u16) -> u16 {
        if id < self.minimum || id >= self.maximum {
            self.minimum
        } else {
            id + 1
        }
    }
}

/// The relation with one peer address.
#[derive(Debug)]
pub(crate) struct Tunnel {
    /// The peer.
    pub peer: Ipv4Addr,
    /// Control connections that have passed the start exchange.
    pub standing: usize,
    /// Control connections in any state, and Call IDs not free: the tunnel lives as long as there are any.
    pub users: usize,
    /// Control connections that this end opens and that do not stand yet.
    pub opening: Vec<ConnectionId>,
    pages: Vec<Option<Box<[u32; PAGE]>>>,
    taken: u32,
    /// The Call ID that was picked last; before the first one the number behind which all ranges begin.
    last: u16,
}

impl Tunnel {
    fn new(peer: Ipv4Addr) -> Tunnel {
        Tunnel {
            peer,
            standing: 0,
            users: 0,
            opening: Vec::new(),
            pages: Vec::new(),
            taken: 0,
            last: u16::MAX,
        }
    }

    /// What the Call ID stands for.
    #[inline]
    pub fn look_up(&self, id: CallId) -> Assigned {
        let page = self
            .pages
            .get(usize::from(id.0) / PAGE)
            .and_then(Option::as_ref);
        match page.map_or(FREE, |page| page[usize::from(id.0) % PAGE]) {
            FREE => Assigned::Nothing,
            RELEASED => Assigned::Released,
            slot => Assigned::Call(slot - 1),
        }
    }

    /// A Call ID that is neither in use nor released lately; `None` if there is none left.
    pub fn pick(&mut self, range: CallIdRange, random: &mut SplitMix) -> Option<CallId> {
        if self.taken >= range.size() {
            return None;
        }
        let mut id = match range.sequential {
            true => range.after(self.last),
            false => range.any(random).0,
        };
        for _ in 0..range.size() {
            if self.look_up(CallId(id)) == Assigned::Nothing {
                self.last = id;
                return Some(CallId(id));
            }
            id = range.after(id);
        }
        None
    }

    /// Assigns the Call ID to the call in `slot`, whatever it stood for before.
    pub fn assign(&mut self, id: CallId, slot: u32) {
        self.write(id, slot + 1);
    }

    /// Keeps the Call ID out of use.
    pub fn release(&mut self, id: CallId) {
        self.write(id, RELEASED);
    }

    /// Makes the Call ID free again.
    pub fn forget(&mut self, id: CallId) {
        self.write(id, FREE);
    }

    fn write(&mut self, id: CallId, value: u32) {
        if self.pages.is_empty() {
            self.pages.resize_with(PAGE, || None);
        }
        let page =
            self.pages[usize::from(id.0) / PAGE].get_or_insert_with(|| Box::new([FREE; PAGE]));
        let entry = &mut page[usize::from(id.0) % PAGE];
        let was_taken = *entry != FREE;
        *entry = value;
        match (was_taken, value != FREE) {
            (false, true) => {
                self.taken += 1;
                self.users += 1;
            }
            (true, false) => {
                self.taken -= 1;
                self.users -= 1;
            }
            _ => {}
        }
    }
}

/// All tunnels of an endpoint, by peer address.
#[derive(Debug, Default)]
pub(crate) struct Tunnels {
    /// Sorted by address.
    by_address: Vec<(Ipv4Addr, u32)>,
    tunnels: Vec<Tunnel>,
    free: Vec<u32>,
}

impl Tunnels {
    /// The tunnel to this peer, if there is one.
    #[inline]
    pub fn find(&self, peer: Ipv4Addr) -> Option<u32> {
        if let [(address, index)] = self.by_address[..] {
            return (address == peer).then_some(index);
        }
        let place = self
            .by_address
            .binary_search_by_key(&peer, |entry| entry.0)
            .ok()?;
        Some(self.by_address[place].1)
    }

    /// The tunnel to this peer with one user more.
    pub fn join(&mut self, peer: Ipv4Addr) -> u32 {
        let index = match self.by_address.binary_search_by_key(&peer, |entry| entry.0) {
            Ok(place) => self.by_address[place].1,
            Err(place) => {
                let index = self.free.pop().unwrap_or(self.tunnels.len() as u32);
                if index as usize == self.tunnels.len() {
                    self.tunnels.push(Tunnel::new(peer));
                } else {
                    self.tunnels[index as usize] = Tunnel::new(peer);
                }
                self.by_address.insert(place, (peer, index));
                index
            }
        };
        self.tunnels[index as usize].users += 1;
        index
    }

    /// Takes one user away from the tunnel.
    pub fn leave(&mut self, index: u32) {
        self.tunnels[index as usize].users -= 1;
        self.drop_unused(index);
    }

    /// Makes a released Call ID free again.
    pub fn forget(&mut self, index: u32, id: CallId) {
        let tunnel = &mut self.tunnels[index as usize];
        if tunnel.look_up(id) == Assigned::Released {
            tunnel.forget(id);
            self.drop_unused(index);
        }
    }

    /// All tunnels in the order of their addresses.
    pub fn iter(&self) -> impl Iterator<Item = &Tunnel> {
        self.by_address
            .iter()
            .map(|entry| &self.tunnels[entry.1 as usize])
    }

    fn drop_unused(&mut self, index: u32) {
        let tunnel = &mut self.tunnels[index as usize];
        if tunnel.users > 0 {
            return;
        }
        let peer = tunnel.peer;
        *tunnel = Tunnel::new(peer);
        if let Ok(place) = self.by_address.binary_search_by_key(&peer, |entry| entry.0) {
            self.by_address.remove(place);
            self.free.push(index);
        }
    }
}

impl core::ops::Index<u32> for Tunnels {
    type Output = Tunnel;
    fn index(&self, index: u32) -> &Tunnel {
        &self.tunnels[index as usize]
    }
}

impl core::ops::IndexMut<u32> for Tunnels {
    fn index_mut(&mut self, index: u32) -> &mut Tunnel {
        &mut self.tunnels[index as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);

    #[test]
    fn all_numbers_of_a_range_are_handed_out_once() {
        for sequential in [false, true] {
            let mut tunnels = Tunnels::default();
            let index = tunnels.join(PEER);
            let tunnel = &mut tunnels[index];
            let range = CallIdRange::new(1, 300, sequential);
            let mut random = SplitMix::new(1);
            for slot in 0..300 {
                let id = tunnel.pick(range, &mut random).expect("one is free");
                assert!((1..=300).contains(&id.0));
                tunnel.assign(id, slot);
                assert_eq!(tunnel.look_up(id), Assigned::Call(slot));
            }
            assert_eq!(tunnel.pick(range, &mut random), None);
            tunnel.release(CallId(7));
            assert_eq!(tunnel.pick(range, &mut random), None);
            tunnel.forget(CallId(7));
            assert_eq!(tunnel.pick(range, &mut random), Some(CallId(7)));
        }
    }

    #[test]
    fn a_tunnel_lives_while_a_connection_or_a_call_id_needs_it() {
        let mut tunnels = Tunnels::default();
        let index = tunnels.join(PEER);
        tunnels[index].assign(CallId(9), 0);
        tunnels.leave(index);
        assert_eq!(tunnels.find(PEER), Some(index));
        tunnels.forget(index, CallId(9));
        assert_eq!(
            tunnels.find(PEER),
            Some(index),
            "a call in use is not forgotten"
        );
        tunnels[index].release(CallId(9));
        tunnels.forget(index, CallId(9));
        assert_eq!(tunnels.find(PEER), None);
        assert_eq!(tunnels.join(Ipv4Addr::new(10, 0, 0, 2)), index);
        assert_eq!(tunnels[index].look_up(CallId(9)), Assigned::Nothing);
    }

    #[test]
    fn addresses_are_found_among_many() {
        let mut tunnels = Tunnels::default();
        let address = |octet| Ipv4Addr::new(10, 0, octet, 1);
        let indexes: Vec<u32> = [9, 3, 7, 1]
            .map(|octet| tunnels.join(address(octet)))
            .to_vec();
        assert_eq!(
            [9, 3, 7, 1]
                .map(|octet| tunnels.find(address(octet)).expect("joined"))
                .to_vec(),
            indexes
        );
        assert_eq!(tunnels.find(address(2)), None);
        assert!(tunnels.iter().map(|tunnel| tunnel.peer).is_sorted());
    }
}

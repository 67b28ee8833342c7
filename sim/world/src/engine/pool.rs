//! Datagrams in flight: a pool of buffers that are used again, so that a packet costs no allocation in the steady state.

use super::buffer::Buffer;
use crate::NodeId;
use core::net::Ipv4Addr;
use pptp_wire::GrePacket;
use pptp_wire::ahead::ask_for;

/// One datagram: its octets and what the world knows of it.
#[derive(Debug, Default)]
pub(crate) struct Datagram {
    /// From the GRE header on.
    pub octets: Buffer,
    /// The packet that it is, or is a copy of.
    pub number: u64,
    /// Source address, as the receiver sees it.
    pub source: Source,
    /// Who sent it.
    pub from: NodeId,
    /// Who owns the source address: the sender, unless that is forged.
    pub claimed: NodeId,
    /// Who gets it.
    pub to: NodeId,
    /// The reference model's stream, or `u32::MAX`.
    pub stream: u32,
    /// An impairment changed the octets.
    pub changed: bool,
    /// The sender is not to be judged by it.
    pub foreign: bool,
    /// How many hold it: deliveries that are due, and the reference model.
    references: u32,
}

/// A source address; `Default` for the sake of fresh slots alone.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Source(pub Ipv4Addr);

impl Default for Source {
    fn default() -> Self {
        Source(Ipv4Addr::UNSPECIFIED)
    }
}

impl Datagram {
    /// The PPP frame: Payload Length octets after the header, or what there is of them; none where there is no header.
    pub(crate) fn payload(&self) -> &[u8] {
        GrePacket::decode(&self.octets).map_or(&[], |packet| packet.data())
    }
}

/// The pool: slots by number, and the numbers of those that are free.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    slots: Vec<Datagram>,
    free: Vec<u32>,
}

impl Pool {
    /// A slot with these octets and one reference. All else is as its last user left it: set it.
    #[inline]
    pub(crate) fn take(&mut self, octets: &[u8]) -> u32 {
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None => {
                self.slots.push(Datagram::default());
                (self.slots.len() - 1) as u32
            }
        };
        let datagram = &mut self.slots[slot as usize];
        datagram.octets.set(octets);
        datagram.references = 1;
        slot
    }

    /// A slot with a copy of everything in another, and one reference.
    pub(crate) fn take_copy(&mut self, of: u32) -> u32 {
        let octets = self.slots[of as usize].octets.to_vec();
        let slot = self.take(&octets);
        let original = &self.slots[of as usize];
        let Datagram {
            number,
            source,
            from,
            claimed,
            to,
            stream,
            changed,
            foreign,
            ..
        } = *original;
        let copy = &mut self.slots[slot as usize];
        (copy.number, copy.source, copy.stream) = (number, source, stream);
        (copy.from, copy.claimed, copy.to) = (from, claimed, to);
        (copy.changed, copy.foreign) = (changed, foreign);
        slot
    }

    /// One more holder.
    #[inline]
    pub(crate) fn hold(&mut self, slot: u32) {
        self.slots[slot as usize].references += 1;
    }

    /// One holder less; the last one frees the slot.
    #[inline]
    pub(crate) fn release(&mut self, slot: u32) {
        let datagram = &mut self.slots[slot as usize];
        datagram.references -= 1;
        if datagram.references == 0 {
            self.free.push(slot);
        }
    }

    /// Asks for what the delivery of a slot will touch, wherever in the slot it lies.
    #[inline]
    pub(crate) fn look_ahead(&self, slot: u32) {
        let datagram = &self.slots[slot as usize];
        ask_for(datagram);
        ask_for(&datagram.octets);
        ask_for(&datagram.references);
    }

    #[inline]
    pub(crate) fn get(&self, slot: u32) -> &Datagram {
        &self.slots[slot as usize]
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, slot: u32) -> &mut Datagram {
        &mut self.slots[slot as usize]
    }

    /// Slots in use.
    #[cfg(test)]
    pub(crate) fn used(&self) -> usize {
        self.slots.len() - self.free.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_used_again_when_its_last_holder_lets_go() {
        let mut pool = Pool::default();
        let first = pool.take(b"abc");
        pool.hold(first);
        pool.release(first);
        assert_ne!(pool.take(b"d"), first);
        assert_eq!(&*pool.get(first).octets, b"abc");
        pool.release(first);
        assert_eq!(pool.take(b"ef"), first);
        assert_eq!((&*pool.get(first).octets, pool.used()), (&b"ef"[..], 2));
    }

    #[test]
    fn the_payload_is_as_long_as_its_header_says() {
        let mut pool = Pool::default();
        let slot = pool.take(&[0x30, 1, 0x88, 0x0B, 0, 2, 0, 9, 0, 0, 0, 0, 7, 8, 9]);
        for (declared, payload) in [(2, &[7, 8][..]), (200, &[7, 8, 9])] {
            pool.get_mut(slot).octets[5] = declared;
            assert_eq!(pool.get(slot).payload(), payload);
        }
        let copy = pool.take_copy(slot);
        assert_eq!(
            (pool.get(copy).payload(), pool.get(slot).payload()),
            (&[7, 8, 9][..], &[7, 8, 9][..])
        );
        pool.get_mut(slot).octets.set(&[0x30; 11]);
        assert_eq!(pool.get(slot).payload(), b"");
    }
}

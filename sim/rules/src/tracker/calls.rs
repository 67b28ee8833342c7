//! All calls: by their place in a table, and by the Call IDs that the ends gave them.

use super::{Call, CallRef, EndCause, Party};
use crate::observation::End;
use pptp_wire::time::Instant;
use std::collections::BTreeMap;

/// Recently used Call IDs: a power of two.
const CACHED: usize = 64;
/// The most ended calls that are remembered; when there are more, the half that ended first is forgotten.
const ENDED: usize = 65_536;
/// No end speaks to itself: this key is never looked up.
const NO_KEY: u64 = u64::MAX;

/// A call that has ended, remembered by one of its Call IDs until the ID is given out again.
#[derive(Clone, Debug)]
pub(crate) struct EndedCall {
    /// When it ended for each party.
    pub(crate) at: [Instant; 2],
    /// How it ended for each party.
    pub(crate) cause: [EndCause; 2],
    /// The PNS had asked for it.
    pub(crate) outgoing: bool,
    /// It was in the state established for the PNS.
    pub(crate) established: bool,
    /// The party that had given it the Call ID.
    pub(crate) owner: Party,
    /// Counters of its last WAN-Error-Notify.
    pub(crate) wan_errors: Option<Box<[u32; 6]>>,
    /// Data after its end was reported.
    pub(crate) reported: bool,
    /// The number that was to come next in the data sent to the Call ID.
    pub(crate) next_number: Option<u32>,
    /// The call that had the Call ID before, where that had not ended for both ends when the ID was given again.
    pub(crate) earlier: Option<CallRef>,
}

impl EndedCall {
    /// When it had ended for both.
    fn last(&self) -> Instant {
        self.at[0].max(self.at[1])
    }
}

/// The table of calls.
#[derive(Clone, Debug)]
pub(crate) struct Calls {
    slots: Vec<Option<Call>>,
    added: u64,
    free: Vec<u32>,
    /// Live calls by the key of (giver of the Call ID, Call ID, other end), with the party that gave it.
    by_id: BTreeMap<u64, (u32, Party)>,
    ended: BTreeMap<u64, EndedCall>,
    cache: [(u64, u32, Party); CACHED],
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            added: 0,
            free: Vec::new(),
            by_id: BTreeMap::new(),
            ended: BTreeMap::new(),
            cache: [(NO_KEY, 0, Party::Pns); CACHED],
        }
    }
}

#[inline]
fn key(owner: End, id: u16, peer: End) -> u64 {
    u64::from(owner.0) << 32 | u64::from(id) << 16 | u64::from(peer.0)
}

#[inline]
fn cache_slot(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize % CACHED
}

impl Calls {
    /// Adds a call and answers with its place.
    pub(crate) fn add(&mut self, mut call: Call) -> u32 {
        self.added += 1;
        call.serial = self.added;
        match self.free.pop() {
            Some(index) => {
                self.slots[index as usize] = Some(call);
                index
            }
            None => {
                self.slots.push(Some(call));
                (self.slots.len() - 1) as u32
            }
        }
    }

    /// The call in this place.
    #[inline]
    pub(crate) fn get(&self, index: u32) -> Option<&Call> {
        self.slots.get(index as usize)?.as_ref()
    }

    /// The call in this place.
    #[inline]
    pub(crate) fn get_mut(&mut self, index: u32) -> Option<&mut Call> {
        self.slots.get_mut(index as usize)?.as_mut()
    }

    /// A reference to the call in this place that outlives it.
    pub(crate) fn reference(&self, index: u32) -> Option<CallRef> {
        let serial = self.get(index)?.serial;
        Some(CallRef { index, serial })
    }

    /// The place of a call, unless it has ended for both ends.
    pub(crate) fn resolve(&self, call: CallRef) -> Option<u32> {
        (self.get(call.index)?.serial == call.serial).then_some(call.index)
    }

    /// The call to which `owner` gave this Call ID in its tunnel with `peer`, and the owner's party.
    pub(crate) fn find(&self, owner: End, id: u16, peer: End) -> Option<(u32, Party)> {
        self.by_id.get(&key(owner, id, peer)).copied()
    }

    /// As [`Calls::find`], for the path that every packet takes.
    #[inline]
    pub(crate) fn find_fast(&mut self, owner: End, id: u16, peer: End) -> Option<(u32, Party)> {
        let key = key(owner, id, peer);
        let slot = &mut self.cache[cache_slot(key)];
        if slot.0 == key {
            return Some((slot.1, slot.2));
        }
        let &(index, party) = self.by_id.get(&key)?;
        *slot = (key, index, party);
        Some((index, party))
    }

    /// The calls to which `owner` gave this Call ID in tunnels with whomever.
    pub(crate) fn find_elsewhere(&self, owner: End, id: u16) -> Option<u32> {
        self.by_id
            .range(key(owner, id, End(0))..=key(owner, id, End(u16::MAX)))
            .next()
            .map(|(_, &(index, _))| index)
    }

    /// The ended call that last had this Call ID of `owner`.
    pub(crate) fn find_ended(&mut self, owner: End, id: u16, peer: End) -> Option<&mut EndedCall> {
        self.ended.get_mut(&key(owner, id, peer))
    }

    /// An end gives a call its Call ID; what had the ID before is forgotten.
    pub(crate) fn assign(&mut self, index: u32, party: Party, id: u16) {
        let Some(call) = self.slots.get_mut(index as usize).and_then(Option::as_mut) else {
            return;
        };
        call.ids[party as usize] = Some(id);
        let key = key(
            call.ends[party as usize],
            id,
            call.ends[party.other() as usize],
        );
        let ended = self.ended.remove(&key);
        let before = self.by_id.insert(key, (index, party));
        let earlier = before.filter(|&(other, _)| other != index);
        call.used_before[party as usize] |= ended.is_some() || earlier.is_some();
        call.number_before[party as usize] = ended.as_ref().and_then(|ended| ended.next_number);
        if let Some(ended) = ended
            && party == Party::Pns
        {
            call.earlier_wan_errors = ended.wan_errors.map(|counters| *counters);
        }
        self.cache[cache_slot(key)] = (NO_KEY, 0, Party::Pns);
        if let Some((other, _)) = earlier {
            let earlier = self.reference(other);
            if let Some(call) = self.get_mut(index) {
                call.earlier[party as usize] = earlier;
            }
        }
    }

    /// A call has ended for both ends.
    pub(crate) fn release(&mut self, index: u32) {
        let Some(call) = self.slots.get_mut(index as usize).and_then(Option::take) else {
            return;
        };
        self.free.push(index);
        let end_of = |party: Party| {
            call.ended[party as usize].unwrap_or((call.request.at, EndCause::Closed))
        };
        let (pns, pac) = (end_of(Party::Pns), end_of(Party::Pac));
        for owner in [Party::Pns, Party::Pac] {
            let Some(id) = call.ids[owner as usize] else {
                continue;
            };
            let key = key(
                call.ends[owner as usize],
                id,
                call.ends[owner.other() as usize],
            );
            self.cache[cache_slot(key)] = (NO_KEY, 0, Party::Pns);
            if self
                .by_id
                .get(&key)
                .is_some_and(|&(other, _)| other != index)
            {
                continue;
            }
            self.by_id.remove(&key);
            let ended = EndedCall {
                at: [pns.0, pac.0],
                cause: [pns.1, pac.1],
                outgoing: call.outgoing,
                established: call.was_established(Party::Pns),
                owner,
                wan_errors: call.wan_errors.map(|(counters, _)| Box::new(counters)),
                reported: false,
                next_number: call.halves[owner.other() as usize].numbers.next(),
                earlier: call.earlier[owner as usize],
            };
            self.ended.insert(key, ended);
        }
        self.bound_ended();
    }

    /// What becomes of a call is not known: its Call IDs are those of no call that is known.
    pub(crate) fn forget(&mut self, index: u32) {
        let Some(call) = self.slots.get_mut(index as usize).and_then(Option::take) else {
            return;
        };
        self.free.push(index);
        for owner in [Party::Pns, Party::Pac] {
            let Some(id) = call.ids[owner as usize] else {
                continue;
            };
            let (end, peer) = (call.ends[owner as usize], call.ends[owner.other() as usize]);
            let key = key(end, id, peer);
            self.cache[cache_slot(key)] = (NO_KEY, 0, Party::Pns);
            if self
                .by_id
                .get(&key)
                .is_some_and(|&(known, _)| known == index)
            {
                self.by_id.remove(&key);
            }
        }
    }

    fn bound_ended(&mut self) {
        if self.ended.len() <= ENDED {
            return;
        }
        let mut times: Vec<Instant> = self.ended.values().map(EndedCall::last).collect();
        let middle = times.len() / 2;
        let (_, &mut middle, _) = times.select_nth_unstable(middle);
        self.ended.retain(|_, ended| ended.last() > middle);
    }
}

//! Call IDs that are used again: for a request while their call lives (OCRQ-002, ICRQ-002), which the other end may refuse to keep
//! the call that it has; for a request while the answer to another one is due; and by an end that has started anew, of whose calls
//! the other end still has some (AMB-43).

use crate::observation::End;
use crate::tracker::{Call, EndCause, Party, Tracker};
use pptp_wire::time::Instant;

impl Tracker {
    /// The Call ID of the live call `other` was given to the call `index`: until that one is answered, nobody knows which of the two
    /// the other end will keep.
    pub(super) fn take_call_id(&mut self, index: u32, other: u32, party: Party, at: Instant) {
        self.end_call(other, party, at, EndCause::Abandoned);
        let taken_from = self.calls.reference(other);
        if let Some(call) = self.calls.get_mut(index) {
            call.taken_from = taken_from;
        }
    }

    /// The request of a call was refused: its Call ID is again that of the call from which `requester` took it.
    pub(super) fn give_call_id_back(&mut self, index: u32, requester: Party) {
        let id = self
            .calls
            .get(index)
            .and_then(|call| call.ids[requester as usize]);
        let (Some(before), Some(id)) = (self.call_before(index, requester), id) else {
            return;
        };
        if let Some(call) = self.calls.get_mut(before) {
            call.ended[requester as usize] = None;
            call.halves[requester as usize].ended = Instant::NEVER;
            self.calls.assign(before, requester, id);
        }
    }

    /// The call whose request on the connection `number` a reply answers that names it by `owner`, Call ID and replying end, where the
    /// owner asked for it in the role of `party`: the last one with this Call ID, or one before whose request has arrived and waits
    /// for its answer, where the last one's has not or is on another connection.
    pub(super) fn open_request(
        &self,
        number: u32,
        (owner, id, peer): (End, u16, End),
        party: Party,
    ) -> Option<u32> {
        let is_asked =
            |call: &Call| call.connection == number && call.outgoing == (party == Party::Pns);
        let last = self
            .calls
            .find(owner, id, peer)
            .filter(|&(index, giver)| giver == party && self.calls.get(index).is_some_and(is_asked))
            .map(|(index, _)| index);
        let has_come = |index: u32| {
            self.calls
                .get(index)
                .is_some_and(|call| call.request_arrived.is_some())
        };
        if last.is_some_and(has_come) {
            return last;
        }
        let is_open = |call: &Call| {
            is_asked(call)
                && call.ids[party as usize] == Some(id)
                && call.request_arrived.is_some()
                && call.reply.is_none()
                && call.is_live(party.other())
        };
        self.on_connection(number, is_open).or(last)
    }

    /// The last call on a connection that is as `wanted`, among those that have not ended for both ends.
    pub(super) fn on_connection(&self, number: u32, wanted: impl Fn(&Call) -> bool) -> Option<u32> {
        let record = self.connections.get(number)?;
        record
            .calls
            .iter()
            .copied()
            .filter_map(|index| Some((index, self.calls.get(index)?)))
            .filter(|(_, call)| wanted(call))
            .max_by_key(|(_, call)| call.serial)
            .map(|(index, _)| index)
    }

    /// The call before, where a second reply to the Call ID answers the request for that one.
    pub(super) fn answered_before(&self, index: u32, requester: Party) -> Option<u32> {
        self.call_before(index, requester).filter(|&before| {
            self.calls
                .get(before)
                .is_some_and(|call| call.reply.is_none() && call.is_live(requester.other()))
        })
    }

    /// The call on the same connection from which `requester` took the Call ID of this one.
    fn call_before(&self, index: u32, requester: Party) -> Option<u32> {
        let call = self.calls.get(index)?;
        let before = self.calls.resolve(call.taken_from?)?;
        let other = self.calls.get(before)?;
        let abandoned =
            other.ended[requester as usize].is_some_and(|(_, cause)| cause == EndCause::Abandoned);
        (abandoned && other.connection == call.connection).then_some(before)
    }
}

//! A request with the Call ID of a call that lives (OCRQ-002, ICRQ-002): the other end may refuse it and keep the call that it has.

use crate::tracker::{EndCause, Party, Tracker};
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

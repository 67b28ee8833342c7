//! Packets that belong to no live call, and data that its sender may not send: before it may, after the end, with a Call ID that
//! nobody gave.

use crate::finding::Detail;
use crate::ledger::Seen;
use crate::observation::{End, Place};
use crate::tracker::{EndCause, Party, Tracker};
use pptp_wire::Requirement::{self, *};
use pptp_wire::time::Instant;
use pptp_wire::{GreHeader, Severity};

impl Tracker {
    /// A packet whose Call ID the receiver has given to no live call of the two.
    #[cold]
    pub(super) fn stray(&mut self, seen: &Seen, header: &GreHeader) {
        let id = header.call_id.0;
        if let Some(ended) = self.calls.find_ended(seen.to, id, seen.from) {
            if let Some(number) = header.sequence_number {
                if ended.next_number == Some(number) {
                    ended.next_number = Some(number.wrapping_add(1));
                }
                self.data_after_end(seen, id);
            }
            return;
        }
        let (one, other) = (seen.from.min(seen.to), seen.from.max(seen.to));
        let pair = self.pairs.get(&(one, other));
        let is_established = pair.is_some_and(|pair| pair.established.is_some());
        let had_calls = pair.is_some_and(|pair| pair.had_calls);
        let unseen = pair.map_or(!self.config.from_the_start, |pair| pair.unseen);
        let has_connection = pair.is_some_and(|pair| !pair.connections.is_empty());
        let end = seen.from;
        if !is_established && !has_connection && self.calls.find_elsewhere(seen.to, id).is_some() {
            // TR-010
            let text = "a Call ID of a tunnel with another end";
            self.ledger
                .blame_value(Tr010, end, seen.mark, text, id, None);
            return;
        }
        if unseen {
            let reason = "the set-up of the call was not seen";
            for requirement in [Tr004, Call007, Gre012] {
                self.ledger.inconclusive(requirement, end, reason);
            }
            return;
        }
        if !is_established {
            // TR-004
            self.ledger.blame(
                Tr004,
                end,
                seen.mark,
                "no control connection is established",
            );
        } else if !had_calls {
            // CALL-007
            self.ledger
                .blame(Call007, end, seen.mark, "no call was ever set up");
        } else {
            self.wrong_call_id(seen, id);
        }
    }

    /// GRE-012: the sender's own Call ID, or one that the receiver never gave.
    fn wrong_call_id(&mut self, seen: &Seen, id: u16) {
        let severity = if self.config.behind_nat {
            Severity::Note
        } else {
            Gre012.severity()
        };
        let text = if self.calls.find(seen.from, id, seen.to).is_some() {
            "the sender's own Call ID"
        } else {
            "a Call ID that the receiver never gave"
        };
        let detail = Detail {
            text,
            seen: Some(id.into()),
            expected: None,
        };
        self.ledger
            .report(Gre012, severity, seen.from, seen.mark, detail);
    }

    /// Data of a call that has ended for both ends. One finding a call.
    fn data_after_end(&mut self, seen: &Seen, id: u16) {
        let tolerance = self.tolerance(seen);
        let Some(ended) = self.calls.find_ended(seen.to, id, seen.from) else {
            return;
        };
        let (sender, earlier) = (ended.owner.other(), ended.earlier);
        // The sender may still have the call before, of whose end it has not heard: that of an end that has started anew.
        let is_kept = earlier
            .and_then(|earlier| self.calls.resolve(earlier))
            .and_then(|index| self.calls.get(index))
            .is_some_and(|earlier| earlier.is_live(sender));
        if is_kept {
            return;
        }
        let Some(ended) = self.calls.find_ended(seen.to, id, seen.from) else {
            return;
        };
        let at = ended.at[sender as usize];
        let cause = ended.cause[sender as usize];
        if seen.mark.at.since(at) <= tolerance || ended.reported || cause == EndCause::Misnamed {
            return;
        }
        ended.reported = seen.authentic;
        let (outgoing, established) = (ended.outgoing, ended.established);
        let end = AfterEnd {
            at,
            cause,
            outgoing,
            established,
            sender,
        };
        self.report_after_end(seen, &end);
    }

    /// Data of a live call that its sender may not send.
    #[cold]
    pub(super) fn out_of_call(&mut self, seen: &Seen, index: u32, sender: Party) {
        let tolerance = self.tolerance(seen);
        let Some(call) = self.calls.get_mut(index) else {
            return;
        };
        if let Some((at, cause)) = call.ended[sender as usize] {
            if seen.mark.at.since(at) <= tolerance || cause == EndCause::Misnamed {
                return;
            }
            let end = AfterEnd {
                at,
                cause,
                outgoing: call.outgoing,
                established: call.was_established(Party::Pns),
                sender,
            };
            if seen.authentic {
                // One finding a call: from here on no data is too late.
                call.ended[sender as usize] = Some((Instant::NEVER, cause));
            }
            self.report_after_end(seen, &end);
            return;
        }
        if call.early_data[sender as usize].is_some() {
            return;
        }
        if seen.authentic {
            call.early_data[sender as usize] = Some(seen.mark);
        }
        if seen.place == Place::Sent {
            // CALL-009
            let text = "data before the call is connected";
            self.ledger.blame(Call009, seen.from, seen.mark, text);
        }
    }

    /// On the path, data may overtake the message that allows it (AMB-42): judged when that message passes.
    pub(crate) fn judge_early_data(&mut self, seen: &Seen, index: u32, party: Party, end: End) {
        let Some(call) = self.calls.get(index) else {
            return;
        };
        if let Some(mark) = call.early_data[party as usize]
            && seen.place == Place::Passing
            && seen.mark.at.since(mark.at) > self.config.transit
        {
            self.ledger
                .blame(Call009, end, mark, "data before the call is connected");
        }
    }

    /// CALL-008 and its kin: data after the end of a call, by what ended it.
    fn report_after_end(&mut self, seen: &Seen, end: &AfterEnd) {
        let restarted = self
            .pair(seen.from, seen.to)
            .established
            .is_some_and(|at| at > end.at);
        let specific = end.requirement();
        let text = "data after the end of the call";
        match end.cause {
            EndCause::Stopped | EndCause::Closed if restarted => {
                // CALL-005
                self.ledger.blame(
                    Call005,
                    seen.from,
                    seen.mark,
                    "data of a call of an earlier control connection",
                );
            }
            EndCause::Stopped | EndCause::Closed => {
                self.ledger.blame(
                    specific,
                    seen.from,
                    seen.mark,
                    "data after the end of the control connection",
                );
                self.ledger.blame(Call008, seen.from, seen.mark, text);
                if self.config.windows {
                    self.ledger.blame(Ms011, seen.from, seen.mark, text);
                }
            }
            _ => {
                self.ledger.blame(Call008, seen.from, seen.mark, text);
                if specific != Call008 {
                    self.ledger.blame(specific, seen.from, seen.mark, text);
                }
            }
        }
    }
}

/// A call's end, as its sender of data knows it.
struct AfterEnd {
    at: Instant,
    cause: EndCause,
    outgoing: bool,
    established: bool,
    sender: Party,
}

impl AfterEnd {
    fn requirement(&self) -> Requirement {
        match (self.cause, self.sender, self.outgoing) {
            (EndCause::Stopped, ..) => Stcrq005,
            (EndCause::Closed, ..) => Tr008,
            // A PAC that refuses an outgoing call gives it no Call ID to which data could go.
            (EndCause::Refused, Party::Pac, false) => Paci002,
            (EndCause::Disconnected, Party::Pns, true) => Pnso005,
            (EndCause::Disconnected, Party::Pns, false) if self.established => Pnsi005,
            (EndCause::Disconnected, Party::Pns, false) => Pnsi004,
            _ => Call008,
        }
    }
}

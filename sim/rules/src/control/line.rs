//! The line behind the PAC: WAN-Error-Notify and Set-Link-Info (RFC 2637 §2.14, §2.15).

use crate::ledger::Seen;
use crate::observation::Place;
use crate::tracker::{Call, Effect, EndCause, MINUTE, Party, Tracker};
use pptp_wire::Requirement::{self, *};
use pptp_wire::time::Duration;
use pptp_wire::{SetLinkInfo, WanErrorNotify};

/// How much closer together two notifies may pass a tap on the path than they were sent.
const PATH_JITTER: Duration = Duration::from_secs(1);

impl Tracker {
    pub(super) fn wan_error_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &WanErrorNotify,
    ) -> Effect {
        // WEN-001, HDR-016
        if !self.judge_direction(seen, number, side, false, Some(Wen001), false) {
            return Effect::WrongWay;
        }
        if self.config.windows {
            self.ledger.blame(
                Ms009,
                seen.from,
                seen.mark,
                "WAN-Error-Notify from a server",
            );
        }
        let id = message.peer_call_id.0;
        let Some(index) = self.named_by_peer(seen, number, id, Party::Pns) else {
            self.blame_peer_call_id(seen, number, id, Wen006);
            return Effect::None;
        };
        let counters = [
            message.crc_errors,
            message.framing_errors,
            message.hardware_overruns,
            message.buffer_overruns,
            message.time_out_errors,
            message.alignment_errors,
        ];
        self.judge_wan_errors(seen, index, counters);
        Effect::None
    }

    /// WEN-002 to WEN-005: the counters against those of the notify before.
    fn judge_wan_errors(&mut self, seen: &Seen, index: u32, counters: [u32; 6]) {
        let Some(call) = self.calls.get_mut(index) else {
            return;
        };
        let (end, mark) = (seen.from, seen.mark);
        match call.wan_errors {
            Some((before, at)) => {
                let apart = match seen.place {
                    Place::Passing => mark.at.since(at) + PATH_JITTER,
                    Place::Sent | Place::Arrived => mark.at.since(at),
                };
                if counters == before {
                    self.ledger
                        .blame(Wen002, end, mark, "no error since the notify before");
                }
                if apart < MINUTE {
                    let text = "seconds since the notify before";
                    let seconds = mark.at.since(at).as_nanos() / 1_000_000_000;
                    self.ledger
                        .blame_value(Wen003, end, mark, text, seconds, Some(60));
                }
                if let Some((&now, &then)) =
                    counters.iter().zip(&before).find(|(now, then)| now < then)
                {
                    let text = "a counter goes down";
                    self.ledger
                        .blame_value(Wen004, end, mark, text, now, Some(then.into()));
                }
            }
            None => {
                if counters == [0; 6] {
                    self.ledger
                        .blame(Wen002, end, mark, "no error in the first notify");
                }
                if let Some(earlier) = call.earlier_wan_errors {
                    let goes_on = earlier != [0; 6]
                        && counters.iter().zip(&earlier).all(|(now, then)| now >= then);
                    if goes_on {
                        let text = "the counters carry on from an earlier call";
                        self.ledger.note(Wen005, end, mark, text);
                    }
                }
            }
        }
        if seen.authentic
            && let Some(call) = self.calls.get_mut(index)
        {
            call.wan_errors = Some((counters, mark.at));
        }
    }

    pub(super) fn link_info_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &SetLinkInfo,
    ) -> Effect {
        // SLI-001, HDR-016
        if !self.judge_direction(seen, number, side, true, Some(Sli001), false) {
            return Effect::WrongWay;
        }
        let id = message.peer_call_id.0;
        if self.named_by_peer(seen, number, id, Party::Pac).is_none() {
            self.blame_peer_call_id(seen, number, id, Sli002);
        }
        Effect::None
    }

    /// The live call to which the receiver of a message, in the role of `party`, gave the Call ID in it.
    fn named_by_peer(&self, seen: &Seen, number: u32, id: u16, party: Party) -> Option<u32> {
        let found = self.calls.find(seen.to, id, seen.from);
        let is_live = |call: &Call| call.connection == number && call.is_live(party.other());
        if let Some((index, owner)) = found
            && owner == party
            && self.calls.get(index).is_some_and(is_live)
        {
            return Some(index);
        }
        // An end that has started anew may have given the Call ID to another call.
        self.on_connection(number, |call| {
            call.ids[party as usize] == Some(id) && is_live(call)
        })
    }

    /// WEN-006, SLI-002: the Peer's Call ID is that of no live call.
    fn blame_peer_call_id(&mut self, seen: &Seen, number: u32, id: u16, requirement: Requirement) {
        let tolerance = self.tolerance(seen);
        let just_ended = self
            .calls
            .find_ended(seen.to, id, seen.from)
            .is_some_and(|ended| {
                let sender = ended.owner.other() as usize;
                let is_late = seen.mark.at.since(ended.at[sender]) > tolerance;
                !is_late || ended.cause[sender] == EndCause::Misnamed
            });
        if just_ended || self.is_unseen(number) {
            return;
        }
        let text = if self.calls.find(seen.from, id, seen.to).is_some() {
            "the sender's own Call ID"
        } else {
            "the Call ID of no live call"
        };
        self.ledger
            .blame_value(requirement, seen.from, seen.mark, text, id, None);
    }
}

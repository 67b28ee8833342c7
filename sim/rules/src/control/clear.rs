//! The end of a call: Call-Clear-Request and Call-Disconnect-Notify (RFC 2637 §2.12, §2.13, §3.2).

use crate::finding::Detail;
use crate::ledger::Seen;
use crate::observation::Place;
use crate::timer::CallTimer;
use crate::tracker::{Call, CallRef, Effect, EndCause, MINUTE, Party, Tracker};
use pptp_wire::Requirement::{self, *};
use pptp_wire::time::Instant;
use pptp_wire::{CallClearRequest, CallDisconnectNotify, DisconnectResult, Severity};

/// The call that a Call-Disconnect-Notify is about.
enum Disconnected {
    /// It is named by the PAC's Call ID, as it should be.
    Named(u32),
    /// It is named otherwise, in a way that is excused (AMB-38, AMB-56).
    Excused(u32),
    /// It is named by the PNS's Call ID.
    ByPnsId(u32),
    /// It has ended, or was never known: an answer to a clear that is excused (AMB-37).
    Unknown,
    /// There is none.
    None,
}

impl Tracker {
    pub(super) fn clear_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &CallClearRequest,
    ) -> Effect {
        // CCLR-001, HDR-016
        if !self.judge_direction(seen, number, side, true, Some(Cclr001), false) {
            return Effect::WrongWay;
        }
        let id = message.call_id.0;
        let found =
            self.calls
                .find(seen.from, id, seen.to)
                .filter(|&(index, party)| {
                    party == Party::Pns
                        && self.calls.get(index).is_some_and(|call| {
                            call.connection == number && call.is_live(Party::Pns)
                        })
                });
        let Some((index, _)) = found else {
            self.blame_clear(seen, number, id);
            return Effect::Clear { call: None };
        };
        let Some(call) = self.calls.get_mut(index) else {
            return Effect::None;
        };
        if call.clear.is_none() && seen.authentic {
            let held: &[Requirement] = match (call.outgoing, call.was_established(Party::Pns)) {
                (true, true) => &[Pnso006, Pnso007],
                (true, false) => &[Pnso004, Pnso007],
                (false, true) => &[Pnsi006, Pnsi007],
                (false, false) => &[Pnsi007],
            };
            call.clear = Some(seen.mark);
            self.ledger.held_all(seen.from, held);
            self.cancel_call_timers(index, &[CallTimer::AwaitReply, CallTimer::AwaitConnect]);
            let limit = MINUTE + self.config.timer;
            self.set_call_timer(index, CallTimer::AwaitDisconnect, seen.mark.at, limit);
        }
        Effect::Clear {
            call: self.calls.reference(index),
        }
    }

    /// CCLR-002, PNSO-002, PNSI-004: a clear for no call that is live for the PNS.
    fn blame_clear(&mut self, seen: &Seen, number: u32, id: u16) {
        let tolerance = self.tolerance(seen);
        let (end, mark) = (seen.from, seen.mark);
        let is_pacs = self
            .calls
            .find(seen.to, id, end)
            .is_some_and(|(_, party)| party == Party::Pac);
        let is_stopped = self
            .calls
            .find(end, id, seen.to)
            .is_some_and(|(index, party)| {
                let call = self.calls.get(index);
                let ended = call.and_then(|call| call.ended[Party::Pns as usize]);
                party == Party::Pns && ended.is_some_and(|(_, cause)| cause == EndCause::Stopped)
            });
        if is_stopped {
            // Its own Call ID, too late: that is CALL-010.
            return;
        }
        if let Some(ended) = self.calls.find_ended(end, id, seen.to)
            && ended.owner == Party::Pns
        {
            let (at, cause) = (
                ended.at[Party::Pns as usize],
                ended.cause[Party::Pns as usize],
            );
            let (outgoing, established) = (ended.outgoing, ended.established);
            if mark.at.since(at) <= tolerance {
                // It crosses what ended the call.
                return;
            }
            let requirement = match cause {
                EndCause::Refused if outgoing => Pnso002,
                EndCause::Disconnected if !outgoing && !established => Pnsi004,
                EndCause::Stopped | EndCause::Misnamed => return,
                _ => Cclr002,
            };
            self.ledger.blame_value(
                requirement,
                end,
                mark,
                "a clear for a call that has ended",
                id,
                None,
            );
            return;
        }
        if is_pacs {
            self.ledger
                .blame_value(Cclr002, end, mark, "the PAC's Call ID", id, None);
        } else if !self.is_unseen(number) {
            self.ledger
                .blame_value(Cclr002, end, mark, "the Call ID of no live call", id, None);
        }
    }

    pub(super) fn clear_arrived(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        call: Option<CallRef>,
        well_formed: bool,
    ) {
        let end = seen.to;
        // One of the wrong length may be answered, and need not be (HDR-014).
        let live = call
            .filter(|_| well_formed)
            .and_then(|call| self.calls.resolve(call))
            .filter(|&index| {
                self.calls
                    .get(index)
                    .is_some_and(|call| call.is_live(Party::Pac))
            });
        let Some(index) = live else {
            if let Some(record) = self.connections.get_mut(number) {
                record.sides[side].unknown_clears += 1;
            }
            return;
        };
        let Some(call) = self.calls.get_mut(index) else {
            return;
        };
        if call.clear_arrived.is_some() {
            // The answer to the first ends the call, so that this one is for none (AMB-37).
            if let Some(record) = self.connections.get_mut(number) {
                record.sides[side].unknown_clears += 1;
            }
            return;
        }
        call.clear_arrived = Some(seen.mark);
        let requirement = unanswered_clear(call);
        self.ledger.held(end, Cclr005);
        if requirement != Cclr005 {
            self.ledger.held(end, requirement);
        }
        let limit = MINUTE + self.config.timer;
        self.set_call_timer(index, CallTimer::AnswerClear, seen.mark.at, limit);
    }

    /// A clear was not answered. One fault, cited by the state of the call: PACO-006, PACI-005, else CCLR-005.
    pub(super) fn blame_open_clear(&mut self, at: Instant, index: u32) {
        let Some(call) = self.calls.get(index) else {
            return;
        };
        let Some(clear) = call.clear_arrived else {
            return;
        };
        if self.has_crashed(call.connection, call.side(Party::Pac)) {
            return;
        }
        let (end, requirement) = (call.ends[Party::Pac as usize], unanswered_clear(call));
        let Some(mark) = self.omission(call.connection, call.side(Party::Pac), clear, at) else {
            return;
        };
        let text = "Call-Clear-Request is not answered";
        self.ledger.blame(Cclr005, end, mark, text);
        if requirement != Cclr005 {
            self.ledger.blame(requirement, end, mark, text);
        }
    }

    pub(super) fn disconnect_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &CallDisconnectNotify,
    ) -> Effect {
        self.judge_windows_result(seen, message.result_code);
        // CDN-001, HDR-016
        if !self.judge_direction(seen, number, side, false, Some(Cdn001), false) {
            return Effect::WrongWay;
        }
        let id = message.call_id.0;
        let found = self.find_disconnected(seen, number, side, message);
        let misnamed = matches!(found, Disconnected::ByPnsId(_));
        let index = match found {
            Disconnected::Named(index) | Disconnected::Excused(index) => index,
            Disconnected::ByPnsId(index) => {
                // CDN-003, a note behind address translation
                let severity = if self.config.behind_nat {
                    Severity::Note
                } else {
                    Cdn003.severity()
                };
                let expected = self
                    .calls
                    .get(index)
                    .and_then(|call| call.ids[Party::Pac as usize]);
                let detail = Detail {
                    text: "the PNS's Call ID",
                    seen: Some(id.into()),
                    expected: expected.map(u64::from),
                };
                self.ledger
                    .report(Cdn003, severity, seen.from, seen.mark, detail);
                index
            }
            Disconnected::Unknown => return Effect::None,
            Disconnected::None => {
                self.blame_disconnect(seen, number, id);
                return Effect::None;
            }
        };
        self.judge_disconnect_result(seen, index, message.result_code);
        let Some(call) = self.calls.get(index) else {
            return Effect::None;
        };
        let established = call.was_established(Party::Pac);
        let by_pac = call.clear_arrived.is_none();
        let outgoing = call.outgoing;
        self.ledger.held_all(seen.from, &[Cdn002, Call008]);
        match (outgoing, established) {
            (true, true) if by_pac => self.ledger.held(seen.from, Paco007),
            (false, true) => self.ledger.held(seen.from, Paci005),
            (true, false) => self.ledger.held(seen.from, Paco004),
            _ => {}
        }
        let reference = self.calls.reference(index);
        self.cancel_call_timers(
            index,
            &[
                CallTimer::AnswerClear,
                CallTimer::AnswerRequest,
                CallTimer::Connect,
            ],
        );
        self.end_call(index, Party::Pac, seen.mark.at, EndCause::Disconnected);
        reference.map_or(Effect::None, |call| Effect::Disconnect { call, misnamed })
    }

    /// Which call the PAC disconnects (CDN-003 with its exceptions).
    fn find_disconnected(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &CallDisconnectNotify,
    ) -> Disconnected {
        let id = message.call_id.0;
        // A tap between the ends sees a refusal before the notify that crosses it.
        let tolerance = self.tolerance(seen);
        let crosses_refusal = self
            .refused(seen, id)
            .is_some_and(|at| seen.mark.at.since(at) <= tolerance);
        let is_candidate = |index: u32, party: Party| {
            self.calls.get(index).is_some_and(|call| {
                call.connection == number
                    && call.is_live(Party::Pac)
                    && call.party_on(side) == party
            })
        };
        if let Some((index, Party::Pac)) = self.calls.find(seen.from, id, seen.to)
            && is_candidate(index, Party::Pac)
        {
            return Disconnected::Named(index);
        }
        let Some(record) = self.connections.get(number) else {
            return Disconnected::None;
        };
        // Before its Outgoing-Call-Reply the PAC has given no Call ID that the PNS could know.
        let nameless = |is_cleared: bool| {
            record.calls.iter().copied().find(|&index| {
                self.calls.get(index).is_some_and(|call| {
                    call.ids[Party::Pac as usize].is_none()
                        && call.clear_arrived.is_some() == is_cleared
                        && call.is_live(Party::Pac)
                        && call.party_on(side) == Party::Pac
                })
            })
        };
        let given_up = nameless(false).filter(|_| id == 0);
        let cleared = nameless(true);
        // What answers a clear for no call may carry whatever Call ID (AMB-37).
        let refuses_clear = record.sides[side].unknown_clears > 0
            && matches!(
                message.result_code,
                DisconnectResult::GENERAL_ERROR | DisconnectResult::REQUEST
            );
        if let Some((index, Party::Pns)) = self.calls.find(seen.to, id, seen.from)
            && is_candidate(index, Party::Pac)
        {
            let call = self.calls.get(index);
            let has_own = call.is_some_and(|call| call.ids[Party::Pac as usize].is_some());
            let is_cleared = call.is_some_and(|call| call.clear_arrived.is_some());
            return match cleared {
                // The Call ID that the PAC meant for the cleared call may be one that the PNS gave to another.
                Some(cleared) if has_own || !is_cleared => Disconnected::Excused(cleared),
                _ if has_own && crosses_refusal => Disconnected::None,
                _ if has_own && !is_cleared && refuses_clear => {
                    self.unknown_clear_answered(number, side);
                    Disconnected::Unknown
                }
                _ if has_own => Disconnected::ByPnsId(index),
                _ => Disconnected::Excused(index),
            };
        }
        if let Some(index) = cleared {
            return Disconnected::Excused(index);
        }
        // The peer's stop or close has taken the call: the answer to an earlier clear may still follow.
        let is_taken = self
            .calls
            .find_ended(seen.from, id, seen.to)
            .is_some_and(|ended| {
                ended.owner == Party::Pac
                    && matches!(
                        ended.cause[Party::Pac as usize],
                        EndCause::Stopped | EndCause::Closed
                    )
            });
        if is_taken {
            return Disconnected::Unknown;
        }
        if self.unknown_clear_answered(number, side) {
            return Disconnected::Unknown;
        }
        // While it dials it may give up unasked, with 0 for want of a Call ID (AMB-38).
        given_up.map_or(Disconnected::None, Disconnected::Excused)
    }

    /// When the PNS refused the incoming call that last had this Call ID of the PAC, which sends.
    fn refused(&mut self, seen: &Seen, id: u16) -> Option<Instant> {
        let ended = self.calls.find_ended(seen.from, id, seen.to)?;
        let pac = Party::Pac as usize;
        (!ended.outgoing && ended.cause[pac] == EndCause::Refused).then(|| ended.at[pac])
    }

    /// Takes one clear for no call as answered. Answers whether there was one.
    fn unknown_clear_answered(&mut self, number: u32, side: usize) -> bool {
        let Some(record) = self.connections.get_mut(number) else {
            return false;
        };
        let open = &mut record.sides[side].unknown_clears;
        let was_open = *open > 0;
        *open = open.saturating_sub(1);
        was_open
    }

    /// CDN-003, PACI-002: a disconnect of no live call.
    fn blame_disconnect(&mut self, seen: &Seen, number: u32, id: u16) {
        let (end, mark) = (seen.from, seen.mark);
        if self.refused(seen, id).is_some() {
            self.ledger.note(
                Paci002,
                end,
                mark,
                "disconnected although the call was refused",
            );
            return;
        }
        let Some(record) = self.connections.get(number) else {
            return;
        };
        if record.partial {
            return;
        }
        self.ledger
            .blame_value(Cdn003, end, mark, "the Call ID of no live call", id, None);
    }

    /// CDN-005: Result 4 answers a clear, and a clear is answered with Result 4.
    fn judge_disconnect_result(&mut self, seen: &Seen, index: u32, result: DisconnectResult) {
        if self.config.windows {
            return;
        }
        let Some(call) = self.calls.get(index) else {
            return;
        };
        let (end, mark) = (seen.from, seen.mark);
        let is_request = result == DisconnectResult::REQUEST;
        match call.clear_arrived {
            Some(clear) if !is_request => {
                if seen.place == Place::Passing && mark.at.since(clear.at) <= self.config.transit {
                    let reason = "the disconnect may have crossed the clear";
                    self.ledger.inconclusive(Cdn005, end, reason);
                    return;
                }
                let text = "Result Code of an answer to a clear";
                self.ledger
                    .blame_value(Cdn005, end, mark, text, result.0, Some(4));
            }
            None if is_request => {
                // T-PACI-06: a clear of a Call ID that the PAC had not seen may have meant the call whose PNS had given none yet.
                let (number, side) = (call.connection, call.side(Party::Pac));
                if call.ids[Party::Pns as usize].is_none()
                    && self.unknown_clear_answered(number, side)
                {
                    return;
                }
                self.ledger
                    .blame(Cdn005, end, mark, "Result 4 without a clear");
            }
            _ => {}
        }
    }

    /// MS-008
    fn judge_windows_result(&mut self, seen: &Seen, result: DisconnectResult) {
        if self.config.windows && result.0 != 0 {
            let text = "Result Code of a Windows server";
            self.ledger
                .blame_value(Ms008, seen.from, seen.mark, text, result.0, Some(0));
        }
    }

    /// A notify has reached the PNS. One that is `misnamed` ends the call for it or not: what it does about the call from now on is
    /// held against nobody.
    pub(super) fn disconnect_arrived(&mut self, seen: &Seen, call: CallRef, misnamed: bool) {
        let Some(index) = self.calls.resolve(call) else {
            return;
        };
        let Some(call) = self.calls.get(index) else {
            return;
        };
        let at = seen.mark.at;
        if misnamed {
            return self.end_call(index, Party::Pns, at, EndCause::Misnamed);
        }
        let end = call.ends[Party::Pns as usize];
        let requirement = match (call.outgoing, call.was_established(Party::Pns)) {
            (true, _) => Pnso005,
            (false, true) => Pnsi005,
            (false, false) => Pnsi004,
        };
        self.ledger.held_all(end, &[requirement, Call008]);
        self.end_call(index, Party::Pns, at, EndCause::Disconnected);
    }
}

/// The requirement that an unanswered clear breaks beside CCLR-005, by the state of the call at the PAC.
fn unanswered_clear(call: &Call) -> Requirement {
    match (call.outgoing, call.was_established(Party::Pac)) {
        (true, true) => Paco006,
        (false, true) => Paci005,
        (_, false) => Cclr005,
    }
}

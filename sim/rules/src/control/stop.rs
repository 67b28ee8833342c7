//! The stop exchange (RFC 2637 §2.3, §2.4, §3.1).

use crate::ledger::Seen;
use crate::timer::ConnectionTimer;
use crate::tracker::{Answer, Effect, EndCause, MINUTE, Party, Tracker};
use pptp_wire::Requirement::{self, *};
use pptp_wire::{StopControlConnectionReply, StopControlConnectionRequest, StopReason, StopResult};

/// CC-009 binds the originator and CC-018 the receiver: an end answers a stop request, and then closes.
pub(crate) const ANSWERS_STOP: [Requirement; 2] = [Cc009, Cc018];
/// CC-010 and CC-019: an end whose stop was answered closes.
pub(super) const CLOSES_AFTER_REPLY: [Requirement; 2] = [Cc010, Cc019];
/// CC-008 and CC-017: an established end stops before it closes.
pub(super) const STOPS_FIRST: [Requirement; 2] = [Cc008, Cc017];

impl Tracker {
    pub(super) fn stop_request_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &StopControlConnectionRequest,
    ) -> Effect {
        // Its user may shut it down as well, or ask for no reason that it gives, at the moment at which something crosses.
        let may_be_asked_for = [StopReason::NONE, StopReason::STOP_LOCAL_SHUTDOWN];
        self.judge_crossing(
            seen,
            number,
            side,
            may_be_asked_for.contains(&message.reason),
        );
        let Some(record) = self.connections.get_mut(number) else {
            return Effect::None;
        };
        let (end, mark) = (seen.from, seen.mark);
        if message.reason == StopReason::STOP_PROTOCOL && record.agreed() {
            // STCRQ-003
            let text = "the version is refused although 1.0 was agreed";
            self.ledger.blame(Stcrq003, end, mark, text);
        }
        if record.sides[side].established.is_some() && !record.sides[side].stopping() {
            self.ledger.held(end, STOPS_FIRST[side]);
            if self.config.windows {
                self.ledger.held(end, Ms010);
            }
        }
        if seen.authentic {
            record.sides[side].stop_request.set(mark);
            self.ledger.held(end, Cc012);
            self.cancel_timer(number, side, ConnectionTimer::Idle);
            let kind = ConnectionTimer::AwaitStopReply;
            self.set_timer(number, side, kind, mark.at, MINUTE + self.config.timer);
        }
        self.release_clears(number);
        Effect::StopRequest
    }

    /// The stop exchange clears all calls: what they still expect is not judged.
    fn release_clears(&mut self, number: u32) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        for &index in &record.calls {
            self.timers.cancel_call(index);
        }
    }

    pub(super) fn stop_request_arrived(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        well_formed: bool,
    ) {
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let receiver = &mut record.sides[side];
        receiver.stops_to_answer += 1;
        if !well_formed {
            // It may be answered, and need not be (HDR-014).
            return;
        }
        receiver.stop_request_arrived.set(seen.mark);
        self.ledger.held(record.ends[side], ANSWERS_STOP[side]);
        self.cancel_timer(number, side, ConnectionTimer::Idle);
        let kind = ConnectionTimer::AnswerStop;
        self.set_timer(number, side, kind, seen.mark.at, MINUTE + self.config.timer);
    }

    pub(super) fn stop_reply_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &StopControlConnectionReply,
    ) -> Effect {
        let Some(record) = self.connections.get_mut(number) else {
            return Effect::None;
        };
        let (end, mark) = (seen.from, seen.mark);
        let result = message.result_code;
        let has_calls = !record.calls.is_empty();
        let ends = record.ends;
        let sender = &mut record.sides[side];
        if sender.stops_to_answer > 0 {
            sender.stops_to_answer -= 1;
        } else if !record.partial && !sender.may_answer_malformed {
            // STCRP-001: it ends nothing.
            self.ledger
                .blame(Stcrp001, end, mark, "a stop reply without a stop request");
            self.judge_error_code(mark, number, side, message.error_code);
            return Effect::StopReply { result: result.0 };
        }
        sender.stop_answer = Some(Answer {
            mark,
            result: result.0,
        });
        self.cancel_timer(number, side, ConnectionTimer::AnswerStop);
        self.judge_error_code(mark, number, side, message.error_code);
        if result == StopResult::GENERAL_ERROR {
            // The connection goes on.
            self.ledger.held(end, Stcrp005);
            if let Some(record) = self.connections.get_mut(number) {
                record.sides[side].stop_request_arrived.take();
            }
        } else {
            if has_calls {
                for end in ends {
                    self.ledger.held_all(end, &[Stcrq005, Call008, Call010]);
                }
            }
            let kind = ConnectionTimer::CloseAfterAnswer;
            self.set_timer(number, side, kind, mark.at, self.config.close);
            self.end_calls(number, side, mark.at, EndCause::Stopped);
        }
        Effect::StopReply { result: result.0 }
    }

    pub(super) fn stop_reply_arrived(&mut self, seen: &Seen, number: u32, side: usize, result: u8) {
        self.cancel_timer(number, side, ConnectionTimer::AwaitStopReply);
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let end = record.ends[side];
        let receiver = &mut record.sides[side];
        if receiver.stop_request.is_none() && !record.partial {
            // Nobody has asked for it: it ends nothing, and may be met as a message that is invalid (HDR-014).
            receiver.may_close = true;
            return;
        }
        receiver.stop_answer_arrived = Some(Answer {
            mark: seen.mark,
            result,
        });
        if result == StopResult::GENERAL_ERROR.0 {
            // It may go on, or close all the same (AMB-21): it has asked.
            receiver.stop_request.take();
            receiver.may_close = true;
            return;
        }
        let is_open = !receiver.closed;
        self.ledger.held(end, CLOSES_AFTER_REPLY[side]);
        if is_open {
            let kind = ConnectionTimer::CloseAfterReply;
            self.set_timer(number, side, kind, seen.mark.at, self.config.close);
        }
        self.end_calls(number, side, seen.mark.at, EndCause::Stopped);
    }

    /// PNSO-007: a PNS that takes a reply which crosses its clear for an error, and takes the control connection down.
    pub(super) fn judge_crossing(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        may_be_asked_for: bool,
    ) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let crossed = record
            .calls
            .iter()
            .filter_map(|&index| self.calls.get(index))
            .find(|call| {
                call.side(Party::Pns) == side
                    && call.is_live(Party::Pns)
                    && call
                        .crossed
                        .is_some_and(|at| seen.mark.at.since(at) <= self.config.reaction)
            })
            .map(|call| call.outgoing);
        if let Some(outgoing) = crossed {
            let requirement = if outgoing { Pnso007 } else { Pnsi007 };
            if may_be_asked_for {
                let reason =
                    "a stop behind a reply that crosses a clear may be asked for by a user";
                self.ledger.inconclusive(requirement, seen.from, reason);
                return;
            }
            let text = "takes a reply that crosses its clear for an error";
            self.ledger.blame(requirement, seen.from, seen.mark, text);
        }
    }
}

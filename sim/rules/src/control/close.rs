//! The end of the TCP connection: who may close it when, and what must not be open then (RFC 2637 §3, §3.1).

use super::stop::{ANSWERS_STOP, STOPS_FIRST};
use crate::ledger::Seen;
use crate::observation::Place;
use crate::timer::ConnectionTimer;
use crate::tracker::{Effect, EndCause, MINUTE, Party, Tracker};
use pptp_wire::Requirement::*;
use pptp_wire::StopResult;
use pptp_wire::time::{Duration, Instant};

/// Whether an established end may close without a stop.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
enum Excuse {
    /// A close is demanded, allowed or answered.
    Good,
    /// The peer has not answered for a while, though not for 60 s (AMB-21).
    Early,
    /// None.
    None,
}

impl Tracker {
    /// A FIN or a RST was seen.
    pub(crate) fn close(&mut self, seen: &Seen, number: u32, is_reset: bool) {
        let Some(side) = self.enter(seen, number) else {
            return;
        };
        if seen.place != Place::Arrived {
            self.close_sent(seen, number, side, is_reset);
        }
        if seen.place != Place::Sent {
            self.close_arrived(seen, number, 1 - side, is_reset);
        }
    }

    fn close_sent(&mut self, seen: &Seen, number: u32, side: usize, is_reset: bool) {
        let is_first = self
            .connections
            .get(number)
            .is_some_and(|record| !record.sides[side].closed);
        if !is_first {
            return;
        }
        let seen = &self.fair(number, side, seen);
        let excuse = self.excuse(seen, number, side);
        self.judge_bare_close(seen, number, side, excuse);
        self.judge_stop_at_close(seen, number, side, is_reset);
        self.judge_open_echoes(seen, number, side);
        self.judge_open_start(seen, number, side);
        self.judge_calls_at_close(seen, number, side, excuse);
        self.judge_collision_close(seen, number, side);
        self.judge_crossing(seen, number, side, false);
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        record.sides[side].closed = true;
        let went_down = record.sides.iter().all(|side| side.stop_answer.is_none());
        let ends = record.ends;
        self.timers.cancel_side(number, side);
        if went_down && excuse != Excuse::Good || is_reset {
            for end in ends {
                self.end(end).may_have_restarted = true;
            }
        }
        self.hold_end_of_calls(number);
        self.end_calls(number, side, seen.mark.at, EndCause::Closed);
    }

    fn close_arrived(&mut self, seen: &Seen, number: u32, side: usize, is_reset: bool) {
        self.hold_end_of_calls(number);
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        record.sides[side].peer_closed.set_first(seen.mark.at);
        // A FIN can be forged: then the end that it is from knows nothing of it.
        let is_over = is_reset || record.sides.iter().all(|side| side.closed);
        self.end_calls(number, side, seen.mark.at, EndCause::Closed);
        if is_over {
            self.end_calls(number, 1 - side, seen.mark.at, EndCause::Closed);
            self.retire(number);
            return;
        }
        for kind in [
            ConnectionTimer::SendStartRequest,
            ConnectionTimer::AwaitStartRequest,
            ConnectionTimer::AwaitStartReply,
            ConnectionTimer::AnswerStart,
            ConnectionTimer::Idle,
            ConnectionTimer::AwaitEchoReply,
            ConnectionTimer::AnswerEcho,
            ConnectionTimer::AwaitStopReply,
            ConnectionTimer::AnswerStop,
            ConnectionTimer::Malformed,
        ] {
            self.cancel_timer(number, side, kind);
        }
    }

    /// TR-008, CALL-008: what happens to the calls of a connection that goes down.
    fn hold_end_of_calls(&mut self, number: u32) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        if record.calls.is_empty() {
            return;
        }
        for end in record.ends {
            self.ledger.held_all(end, &[Tr008, Call008]);
            if self.config.windows {
                self.ledger.held(end, Ms011);
            }
        }
    }

    /// Why the end on `side` may close without a stop.
    fn excuse(&mut self, seen: &Seen, number: u32, side: usize) -> Excuse {
        let Some(record) = self.connections.get(number) else {
            return Excuse::Good;
        };
        let closer = &record.sides[side];
        let is_excused = closer.established.is_none()
            || closer.stopping()
            || closer.stop_answer.is_some()
            || closer.peer_closed.is_some()
            || closer.lost_step.is_some()
            || closer.may_close
            || closer.silenced
            || closer.crashed
            || closer.spoiled;
        if is_excused || record.rival.is_some() && record.opener_wins.is_none() {
            return Excuse::Good;
        }
        // Junk shows with its first octets, whenever the last one arrives.
        if record.transit[1 - side].holds(|effect| matches!(effect, Effect::Junk)) {
            return Excuse::Good;
        }
        let waited = |since: Instant| seen.mark.at.since(since);
        let echo = closer
            .echoes
            .front()
            .map_or(Duration::ZERO, |echo| waited(echo.mark.at));
        if echo >= MINUTE {
            // KA-004, KA-005
            self.ledger.held_all(seen.from, &[Ka004, Ka005, Cc029]);
            return Excuse::Good;
        }
        let call = record
            .calls
            .iter()
            .filter_map(|&index| self.calls.get(index))
            .filter_map(|call| call.waiting_since(call.party_on(side)))
            .map(waited)
            .max();
        if call >= Some(MINUTE) {
            self.ledger.held(seen.from, Ka007);
            return Excuse::Good;
        }
        if echo > self.config.transit {
            return Excuse::Early;
        }
        Excuse::None
    }

    /// CC-008, CC-017: a close or reset from established without a stop. One rule for both ends.
    fn judge_bare_close(&mut self, seen: &Seen, number: u32, side: usize, excuse: Excuse) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let requirement = STOPS_FIRST[side];
        let closer = &record.sides[side];
        if closer.established.is_some() && closer.peer_closed.is_none() && !closer.stopping() {
            self.ledger.held(seen.from, requirement);
        }
        match excuse {
            Excuse::Good => {}
            Excuse::Early => {
                let text = "closed before the peer had 60 s to answer";
                self.ledger.note(requirement, seen.from, seen.mark, text);
            }
            Excuse::None if self.may_not_know_the_start(seen, number, side) => {
                let reason = "it may have closed before the start reply had arrived";
                self.ledger.inconclusive(requirement, seen.from, reason);
            }
            Excuse::None => {
                let text = "closed from established without a stop";
                self.ledger.blame(requirement, seen.from, seen.mark, text);
                if self.config.windows {
                    self.ledger.held(seen.from, Ms010);
                    self.ledger.blame(Ms010, seen.from, seen.mark, text);
                }
            }
        }
    }

    /// On the path, a close may cross the reply by which its sender would be established. What it has said since shows that it was.
    fn may_not_know_the_start(&self, seen: &Seen, number: u32, side: usize) -> bool {
        let Some(record) = self.connections.get(number) else {
            return false;
        };
        let closer = &record.sides[side];
        let by_own_reply = closer.start_reply.is_some_and(|reply| reply.result == 1);
        seen.place == Place::Passing
            && !record.partial
            && !by_own_reply
            && closer.established.get().is_some_and(|at| {
                seen.mark.at.since(at) <= self.config.transit
                    && closer.last_sent.is_none_or(|sent| sent <= at)
            })
    }

    /// CC-009, CC-018, CC-029, STCRP-005, TR-014: the stop exchange, seen from the close.
    fn judge_stop_at_close(&mut self, seen: &Seen, number: u32, side: usize, is_reset: bool) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let closer = &record.sides[side];
        let (end, mark) = (seen.from, seen.mark);
        let owes_answer = closer.stops_to_answer > 0 && closer.stop_request_arrived.is_some();
        // Of several requests that come at once, the first is answered, and then there is nothing left to stop.
        let is_stopped = closer
            .stop_answer
            .is_some_and(|answer| answer.result == StopResult::OK.0);
        if owes_answer && !is_stopped && closer.peer_closed.is_none() && !closer.crashed {
            let text = "closed without an answer to the stop request";
            self.ledger.blame(ANSWERS_STOP[side], end, mark, text);
        }
        let gave_up = closer
            .stop_request
            .get()
            .is_some_and(|asked| mark.at.since(asked.at) >= MINUTE);
        if gave_up && closer.stop_answer_arrived.is_none() {
            self.ledger.held(end, Cc029);
        }
        let Some(answer) = closer.stop_answer else {
            return;
        };
        if answer.result == 2
            && closer.stop_request_arrived.is_none()
            && closer.peer_closed.is_none()
            && mark.at.since(answer.mark.at) <= self.config.close
        {
            self.ledger.blame(
                Stcrp005,
                end,
                mark,
                "closed after a reply that it is not closed",
            );
        }
        self.ledger.held(end, Tr014);
        let on_the_way =
            record.transit[side].holds(|effect| matches!(effect, Effect::StopReply { .. }));
        let may_be = seen.place == Place::Passing && closer.peer_closed.is_none();
        if is_reset && may_be && mark.at.since(answer.mark.at) <= self.config.transit {
            let reason = "the stop reply may have arrived before the reset";
            self.ledger.inconclusive(Tr014, end, reason);
        } else if is_reset && on_the_way {
            self.ledger.blame(
                Tr014,
                end,
                mark,
                "reset while the stop reply was on its way",
            );
        }
    }

    /// ECRP-001: Echo-Requests that had time to be answered and were not.
    fn judge_open_echoes(&mut self, seen: &Seen, number: u32, closer: usize) {
        for side in 0..2 {
            let Some((mark, arrived)) = self.oldest_unanswered(number, side) else {
                continue;
            };
            let Some(record) = self.connections.get(number) else {
                return;
            };
            let had_time = seen.mark.at.since(arrived) > self.config.transit;
            let is_over = record.sides[side].crashed || record.sides[side].closed;
            let waited = seen.mark.at.since(arrived);
            if seen.place == Place::Passing && had_time && waited < MINUTE && !is_over {
                let reason = "the connection ended before the Echo-Reply was due";
                let end = record.ends[side];
                self.ledger.inconclusive(Ecrp001, end, reason);
                continue;
            }
            if had_time && !is_over && !(side == closer && record.sides[side].lost_step.is_some()) {
                let end = record.ends[side];
                let Some(mark) = self.omission(number, side, mark, seen.mark.at) else {
                    continue;
                };
                self.ledger
                    .blame(Ecrp001, end, mark, "Echo-Request is not answered");
            }
        }
    }

    /// SCCRP-001: the opener closes as it got no reply for 60 s. KA-001, KA-002: an end that waited that long closes.
    fn judge_open_start(&mut self, seen: &Seen, number: u32, closer: usize) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let waited = seen.mark.at.since(record.opening.at) >= MINUTE;
        let opener = &record.sides[0];
        let acceptor = &record.sides[1];
        if !waited || opener.established.is_some() || acceptor.established.is_some() {
            return;
        }
        match (closer, acceptor.requested) {
            (1, None) => self.ledger.held(seen.from, Ka001),
            (0, requested) if opener.start_request.is_some() && !opener.refused => {
                self.ledger.held_all(seen.from, &[Ka002, Cc029]);
                if let Some((_, mark)) = requested
                    && acceptor.starts_to_answer > 0
                    && !acceptor.forbidden
                    && !acceptor.crashed
                {
                    let end = record.ends[1];
                    let Some(mark) = self.omission(number, 1, mark, seen.mark.at) else {
                        return;
                    };
                    self.ledger
                        .blame(Sccrp001, end, mark, "the request is not answered");
                }
            }
            _ => {}
        }
    }

    /// The calls that the connection takes down: clears and requests that are open, and calls that the PAC drops.
    fn judge_calls_at_close(&mut self, seen: &Seen, number: u32, side: usize, excuse: Excuse) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let is_stopped = record
            .sides
            .iter()
            .any(|side| side.stopping() || side.stop_answer.is_some());
        let peer_closed = record.sides[side].peer_closed.is_some();
        if is_stopped || peer_closed {
            return;
        }
        let calls: Vec<u32> = record.calls.iter().copied().collect();
        let mut dropped = None;
        for index in calls {
            let Some(call) = self.calls.get(index) else {
                continue;
            };
            match call.party_on(side) {
                Party::Pac if call.is_live(Party::Pac) => {
                    if call.clear_arrived.is_some() {
                        self.blame_open_clear(seen.mark.at, index);
                    } else if call.reply.is_some() || !call.outgoing {
                        dropped = Some((call.outgoing, call.was_established(Party::Pac)));
                    }
                    self.judge_open_request(seen.mark.at, index);
                }
                Party::Pns => {
                    let waited = call
                        .clear
                        .is_some_and(|clear| seen.mark.at.since(clear.at) >= MINUTE);
                    if waited && call.clear_arrived.is_some() && call.is_live(Party::Pac) {
                        self.blame_open_clear(seen.mark.at, index);
                    }
                }
                Party::Pac => {}
            }
        }
        if let Some((outgoing, established)) = dropped
            && excuse != Excuse::Good
        {
            // CDN-002, PACO-007, PACI-005: the commonest form of the fault is the PAC's own close.
            let requirement = match (established, outgoing) {
                (true, true) => Paco007,
                (true, false) => Paci005,
                (false, _) => Cdn002,
            };
            self.ledger.held_all(seen.from, &[Cdn002, requirement]);
            let text = "closed under a call without Call-Disconnect-Notify";
            self.ledger.blame(requirement, seen.from, seen.mark, text);
            self.ledger.blame(Cdn002, seen.from, seen.mark, text);
        }
    }
}

//! Incoming calls: Incoming-Call-Request, -Reply and -Connected (RFC 2637 §2.9 to §2.11, §3.2.3); and the arrival of requests and
//! replies of either kind of call.

use super::outgoing::new_call;
use crate::ledger::Seen;
use crate::timer::CallTimer;
use crate::tracker::{Call, CallRef, Effect, EndCause, InTransit, MINUTE, Party, Tracker, Values};
use pptp_wire::Requirement::*;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{
    IncomingCallConnected, IncomingCallReply, IncomingCallRequest, IncomingCallResult,
};

impl Tracker {
    pub(super) fn incoming_request_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &IncomingCallRequest,
    ) -> Effect {
        // ICRQ-001, HDR-016
        if !self.judge_direction(seen, number, side, false, Some(Icrq001), true) {
            self.request_misdirected(number, side);
            return Effect::WrongWay;
        }
        self.judge_serial_number(seen, number, 1, message.call_serial_number, Icrq003);
        if self.config.windows {
            self.ledger.blame(
                Ms009,
                seen.from,
                seen.mark,
                "Incoming-Call-Request from a server",
            );
        }
        let call = new_call(seen, number, side, false);
        let index = self.add_call(seen, number, call);
        self.assign(seen, index, Party::Pac, message.call_id.0, Icrq002);
        let limit = MINUTE + self.config.set_up + self.config.timer;
        self.set_call_timer(index, CallTimer::AwaitReply, seen.mark.at, limit);
        self.calls
            .reference(index)
            .map_or(Effect::None, |call| Effect::CallRequest { call })
    }

    pub(super) fn incoming_reply_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &IncomingCallReply,
    ) -> Effect {
        self.judge_error_code(seen.mark, number, side, message.error_code);
        let accepted = message.result_code == IncomingCallResult::CONNECT;
        if !accepted && self.refuses_misdirected(number, side, true) {
            return Effect::None;
        }
        // HDR-016
        if !self.judge_direction(seen, number, side, true, None, false) {
            return Effect::WrongWay;
        }
        let id = message.peer_call_id.0;
        let Some(index) = self.rung_call(seen, number, id) else {
            return Effect::None;
        };
        let Some(call) = self.calls.get_mut(index) else {
            return Effect::None;
        };
        call.reply = Some(seen.mark);
        call.accepted = accepted;
        self.cancel_call_timers(index, &[CallTimer::AnswerRequest]);
        let call_id = message.call_id.0;
        let effect = self
            .calls
            .reference(index)
            .map_or(Effect::None, |call| Effect::CallReply { call, call_id });
        if !accepted {
            self.give_call_id_back(index, Party::Pac);
            self.end_call(index, Party::Pns, seen.mark.at, EndCause::Refused);
            return effect;
        }
        self.judge_impossible(seen, index);
        self.assign(seen, index, Party::Pns, message.call_id.0, Icrp002);
        if let Some(call) = self.calls.get_mut(index) {
            call.halves[Party::Pac as usize]
                .window
                .advertise(message.packet_recv_window_size);
            call.halves[Party::Pns as usize].ready = true;
        }
        self.judge_early_data(seen, index, Party::Pns, seen.from);
        let limit = MINUTE + self.config.timer;
        self.set_call_timer(index, CallTimer::AwaitConnect, seen.mark.at, limit);
        effect
    }

    /// The incoming call whose request this reply answers. ICRP-001, ICRP-003: there is none.
    fn rung_call(&mut self, seen: &Seen, number: u32, id: u16) -> Option<u32> {
        let (end, mark) = (seen.from, seen.mark);
        let named = (seen.to, id, end);
        let found = self.open_request(number, named, Party::Pac);
        let Some(index) = found else {
            if self.is_unseen(number) || self.may_answer_malformed(number, end) {
                return None;
            }
            // A disconnect may cross the reply.
            let tolerance = self.tolerance(seen);
            let ended = self
                .calls
                .find_ended(seen.to, id, end)
                .map(|ended| (ended.outgoing, ended.at[Party::Pns as usize]));
            if ended.is_some_and(|(_, at)| mark.at.since(at) <= tolerance) {
                return None;
            }
            let is_any_open = self.connections.get(number).is_some_and(|record| {
                record
                    .calls
                    .iter()
                    .filter_map(|&index| self.calls.get(index))
                    .any(|call| {
                        !call.outgoing && call.request_arrived.is_some() && call.reply.is_none()
                    })
            });
            let (requirement, text) = match ended {
                Some((false, _)) => (Icrp001, "a reply to a call that has ended"),
                _ if is_any_open => (Icrp003, "the Peer's Call ID of no open request"),
                _ => (Icrp001, "a reply without a request"),
            };
            if requirement == Icrp001 {
                self.ledger.held(end, Icrp001);
            }
            self.ledger
                .blame_value(requirement, end, mark, text, id, None);
            return None;
        };
        let call = self.calls.get(index)?;
        if call.reply.is_some() {
            if let Some(before) = self.answered_before(index, Party::Pac) {
                return Some(before);
            }
            self.ledger
                .blame_value(Icrp001, end, mark, "answered twice", id, None);
            return None;
        }
        if call.request_arrived.is_none() {
            self.ledger
                .blame_value(Icrp003, end, mark, "a reply before the request", id, None);
        }
        Some(index)
    }

    pub(super) fn connected_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &IncomingCallConnected,
    ) -> Effect {
        // HDR-016
        if !self.judge_direction(seen, number, side, false, None, false) {
            return Effect::WrongWay;
        }
        let id = message.peer_call_id.0;
        // An end that has started anew may have given the Call ID to another call.
        let found = self.on_connection(number, |call| {
            call.ids[Party::Pns as usize] == Some(id)
                && !call.outgoing
                && call.reply_arrived.is_some()
                && call.connected.is_none()
                && call.is_live(Party::Pac)
        });
        let Some(index) = found else {
            if !self.is_unseen(number) {
                self.blame_connected(seen, number, side, id);
            }
            return Effect::None;
        };
        if let Some(call) = self.calls.get_mut(index) {
            call.connected = Some(seen.mark.at);
            call.halves[Party::Pns as usize]
                .window
                .advertise(message.packet_recv_window_size);
            call.halves[Party::Pac as usize].ready = true;
        }
        self.cancel_call_timers(index, &[CallTimer::Connect]);
        self.judge_early_data(seen, index, Party::Pac, seen.from);
        self.judge_channels(seen, number, side);
        self.calls
            .reference(index)
            .map_or(Effect::None, |call| Effect::Connected { call })
    }

    /// ICRP-009 and PACI-002, ICCN-002, ICRQ-010, ICCN-001: Incoming-Call-Connected for no call that waits for it.
    fn blame_connected(&mut self, seen: &Seen, number: u32, side: usize, id: u16) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let (end, mark) = (seen.from, seen.mark);
        let is_any = |wanted: fn(&Call) -> bool| {
            record
                .calls
                .iter()
                .filter_map(|&index| self.calls.get(index))
                .any(|call| {
                    !call.outgoing
                        && call.is_live(Party::Pac)
                        && call.connected.is_none()
                        && wanted(call)
                })
        };
        let waits_for_it = is_any(|call| call.reply_arrived.is_some());
        let waits_for_reply = is_any(|call| call.reply_arrived.is_none());
        if waits_for_it {
            let text = "the Peer's Call ID of no call that waits for it";
            self.ledger.blame_value(Iccn002, end, mark, text, id, None);
        } else if waits_for_reply {
            let text = "connected before the reply";
            self.ledger.blame(Icrq010, end, mark, text);
            self.ledger.blame(Iccn001, end, mark, text);
        } else if record.sides[side].refusal == Some(id) {
            let text = "connected although the call was refused";
            self.ledger.blame(Icrp009, end, mark, text);
            self.ledger.blame(Paci002, end, mark, text);
        } else {
            self.ledger
                .blame_value(Iccn001, end, mark, "connected without a reply", id, None);
        }
    }

    pub(super) fn connected_arrived(&mut self, seen: &Seen, call: CallRef) {
        let Some(index) = self.calls.resolve(call) else {
            return;
        };
        self.cancel_call_timers(index, &[CallTimer::AwaitConnect]);
        let Some(call) = self.calls.get_mut(index) else {
            return;
        };
        call.connected_arrived = Some(seen.mark.at);
        if call.clear.is_some() {
            call.crossed = Some(seen.mark.at);
            self.ledger.held(seen.to, Pnsi007);
        }
    }

    /// A request for a call has reached the end that has to answer it.
    pub(super) fn call_request_arrived(&mut self, seen: &Seen, call: CallRef, message: &InTransit) {
        let Some(index) = self.calls.resolve(call) else {
            return;
        };
        let Some(call) = self.calls.get_mut(index) else {
            return;
        };
        call.request_arrived = Some(seen.mark.at);
        let (requirement, receiver, grace) = if call.outgoing {
            (Ocrp001, Party::Pac, self.config.set_up)
        } else {
            (Icrp001, Party::Pns, Duration::ZERO)
        };
        // Before the start exchange and during a stop a request may go unanswered (AMB-32, CC-012).
        let side = call.side(receiver);
        let owes_answer = self.connections.get(call.connection).is_none_or(|record| {
            let receiver = &record.sides[side];
            receiver.established.is_some() && !receiver.stopping()
        });
        if !owes_answer {
            return;
        }
        self.ledger.held(seen.to, requirement);
        call.impossible = message.values == Values::Impossible;
        if message.values != Values::Good {
            self.ledger.held(seen.to, Hdr014);
            if call.outgoing {
                self.ledger.held(seen.to, Paco001);
            }
        }
        if message.well_formed {
            let limit = MINUTE + grace + self.config.timer;
            self.set_call_timer(index, CallTimer::AnswerRequest, seen.mark.at, limit);
        }
    }

    /// A reply has reached the end that asked for the call.
    pub(super) fn call_reply_arrived(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        call: CallRef,
        call_id: u16,
    ) {
        let Some(index) = self.calls.resolve(call) else {
            return;
        };
        self.cancel_call_timers(index, &[CallTimer::AwaitReply]);
        let (end, at) = (seen.to, seen.mark.at);
        let Some(call) = self.calls.get_mut(index) else {
            return;
        };
        call.reply_arrived = Some(at);
        let (outgoing, accepted) = (call.outgoing, call.accepted);
        if outgoing && call.clear.is_some() {
            call.crossed = Some(at);
        }
        match (outgoing, accepted) {
            (true, true) => {
                call.halves[Party::Pns as usize].ready = true;
                if call.clear.is_some() {
                    self.ledger.held(end, Pnso007);
                }
            }
            (true, false) => {
                self.ledger.held(end, Pnso002);
                self.end_call(index, Party::Pns, at, EndCause::Refused);
            }
            (false, true) => {
                if call.is_live(Party::Pac) {
                    self.ledger.held_all(end, &[Paci003, Iccn001]);
                    let limit = MINUTE + self.config.timer;
                    self.set_call_timer(index, CallTimer::Connect, at, limit);
                }
            }
            (false, false) => {
                self.ledger.held_all(end, &[Paci002, Icrp009]);
                if let Some(record) = self.connections.get_mut(number) {
                    record.sides[side].refusal = Some(call_id);
                }
                self.end_call(index, Party::Pac, at, EndCause::Refused);
            }
        }
    }

    /// ICRP-001: the PAC closes as its request was not answered for 60 s.
    pub(super) fn judge_open_request(&mut self, at: Instant, index: u32) {
        let Some(call) = self.calls.get(index) else {
            return;
        };
        let waited = !call.outgoing
            && call.request_arrived.is_some()
            && call.reply.is_none()
            && at.since(call.request.at) >= MINUTE;
        let side = call.side(Party::Pns);
        if waited && !self.has_crashed(call.connection, side) {
            let end = call.ends[Party::Pns as usize];
            let Some(mark) = self.omission(call.connection, side, call.request, at) else {
                return;
            };
            self.ledger
                .blame(Icrp001, end, mark, "the request for a call is not answered");
        }
    }
}

//! Outgoing calls: Outgoing-Call-Request and Outgoing-Call-Reply (RFC 2637 §2.7, §2.8, §3.2.4).

use crate::finding::Detail;
use crate::ledger::Seen;
use crate::observation::End;
use crate::timer::CallTimer;
use crate::tracker::{Call, Effect, EndCause, MINUTE, Party, SERIAL_NUMBERS, Tracker};
use crate::tunnel::Half;
use pptp_wire::Requirement::{self, *};
use pptp_wire::{OutgoingCallReply, OutgoingCallRequest, OutgoingCallResult, Severity};

/// The longest Packet Processing Delay that a PNS should have, in tenths of a second (OCRQ-009).
const LONG_DELAY: u16 = 10;

impl Tracker {
    pub(super) fn outgoing_request_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &OutgoingCallRequest,
    ) -> Effect {
        // OCRQ-001, HDR-016
        if !self.judge_direction(seen, number, side, true, Some(Ocrq001), true) {
            self.request_misdirected(number, side);
            return Effect::WrongWay;
        }
        self.judge_serial_number(seen, number, 0, message.call_serial_number, Ocrq003);
        if message.packet_processing_delay > LONG_DELAY {
            // OCRQ-009
            let text = "a long Packet Processing Delay of a PNS";
            let seen_value = message.packet_processing_delay;
            self.ledger
                .blame_value(Ocrq009, seen.from, seen.mark, text, seen_value, None);
        }
        let is_windows = message.minimum_bps == 300
            && message.maximum_bps == 100_000_000
            && message.packet_recv_window_size == 64
            && message.packet_processing_delay == 0;
        if is_windows {
            self.ledger.held(seen.from, Ms014);
        }
        let mut call = new_call(seen, number, side, true);
        call.speed = (message.minimum_bps, message.maximum_bps);
        call.halves[Party::Pac as usize]
            .window
            .advertise(message.packet_recv_window_size);
        let index = self.add_call(seen, number, call);
        self.assign(seen, index, Party::Pns, message.call_id.0, Ocrq002);
        let limit = MINUTE + self.config.set_up + self.config.timer;
        self.set_call_timer(index, CallTimer::AwaitReply, seen.mark.at, limit);
        self.calls
            .reference(index)
            .map_or(Effect::None, |call| Effect::CallRequest { call })
    }

    pub(super) fn outgoing_reply_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &OutgoingCallReply,
    ) -> Effect {
        self.judge_error_code(seen.mark, number, side, message.error_code);
        let accepted = message.result_code == OutgoingCallResult::CONNECTED;
        if !accepted && self.refuses_misdirected(number, side, false) {
            return Effect::None;
        }
        // HDR-016
        if !self.judge_direction(seen, number, side, false, None, false) {
            return Effect::WrongWay;
        }
        let Some(index) = self.answered_request(seen, number, message.peer_call_id.0, accepted)
        else {
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
            // AMB-29: Error Code belongs to Result 2 (OCRP-005).
            self.ledger.held(seen.from, Paco008);
            self.give_call_id_back(index, Party::Pns);
            self.end_call(index, Party::Pac, seen.mark.at, EndCause::Refused);
            return effect;
        }
        self.judge_impossible(seen, index);
        self.judge_speed(seen, index, message.connect_speed);
        self.assign(seen, index, Party::Pac, message.call_id.0, Ocrp002);
        if let Some(call) = self.calls.get_mut(index) {
            call.halves[Party::Pns as usize]
                .window
                .advertise(message.packet_recv_window_size);
            call.halves[Party::Pac as usize].ready = true;
        }
        if message.packet_recv_window_size == 16_384 && message.physical_channel_id == 0 {
            self.ledger.held(seen.from, Ms015);
        }
        self.judge_early_data(seen, index, Party::Pac, seen.from);
        self.judge_channels(seen, number, side);
        effect
    }

    /// The outgoing call whose request this reply answers. OCRP-003, OCRP-011, PACO-004: there is none.
    fn answered_request(
        &mut self,
        seen: &Seen,
        number: u32,
        id: u16,
        accepted: bool,
    ) -> Option<u32> {
        let (end, mark) = (seen.from, seen.mark);
        let named = (seen.to, id, end);
        let found = self.open_request(number, named, Party::Pns);
        let Some(index) = found else {
            let after = self
                .calls
                .find_ended(seen.to, id, end)
                .map(|ended| (ended.outgoing, ended.cause[Party::Pac as usize]));
            match after {
                Some((true, EndCause::Disconnected)) if accepted => {
                    self.ledger
                        .blame(Paco004, end, mark, "connected after Call-Disconnect-Notify");
                }
                Some((true, EndCause::Disconnected | EndCause::Refused)) => {
                    self.ledger
                        .blame_value(Ocrp011, end, mark, "answered twice", id, None);
                }
                _ if self.is_unseen(number) || self.may_answer_malformed(number, end) => {}
                _ => {
                    let text = "the Peer's Call ID of no open request";
                    self.ledger.blame_value(Ocrp003, end, mark, text, id, None);
                }
            }
            return None;
        };
        let call = self.calls.get(index)?;
        if call.reply.is_some() {
            if let Some(before) = self.answered_before(index, Party::Pns) {
                return Some(before);
            }
            self.ledger
                .blame_value(Ocrp011, end, mark, "answered twice", id, None);
            return None;
        }
        if !call.is_live(Party::Pac) {
            if accepted {
                self.ledger
                    .blame(Paco004, end, mark, "connected after Call-Disconnect-Notify");
            } else {
                self.ledger
                    .blame_value(Ocrp011, end, mark, "answered twice", id, None);
            }
            return None;
        }
        if call.request_arrived.is_none() {
            self.ledger
                .blame_value(Ocrp003, end, mark, "a reply before the request", id, None);
        }
        Some(index)
    }

    /// HDR-014, PACO-001: a request for a kind of call that does not exist is granted.
    pub(super) fn judge_impossible(&mut self, seen: &Seen, index: u32) {
        let Some(call) = self.calls.get(index).filter(|call| call.impossible) else {
            return;
        };
        let text = "grants a request with a value out of range";
        self.ledger.blame(Hdr014, seen.from, seen.mark, text);
        if call.outgoing {
            self.ledger.blame(Paco001, seen.from, seen.mark, text);
        }
    }

    /// OCRP-007: the speed against the bounds of the request.
    fn judge_speed(&mut self, seen: &Seen, index: u32, speed: u32) {
        let Some(call) = self.calls.get(index) else {
            return;
        };
        let (minimum, maximum) = call.speed;
        if speed != 0 && minimum <= maximum && !(minimum..=maximum).contains(&speed) {
            let text = "Connect Speed outside the bounds of the request";
            self.ledger
                .blame_value(Ocrp007, seen.from, seen.mark, text, speed, None);
        }
    }

    /// Adds a call to its connection and its pair.
    pub(super) fn add_call(&mut self, seen: &Seen, number: u32, call: Call) -> u32 {
        let index = self.calls.add(call);
        if let Some(record) = self.connections.get_mut(number) {
            record.calls.insert(index);
        }
        self.pair(seen.from, seen.to).had_calls = true;
        index
    }

    /// Whether the beginning of the connection was not seen: calls may have been set up before.
    pub(super) fn is_unseen(&self, number: u32) -> bool {
        self.connections
            .get(number)
            .is_some_and(|record| record.partial)
    }

    /// OCRQ-003, ICRQ-003: the pair of address and Call Serial Number is unique. A note where the end may have started anew, and
    /// where several ends may share the address (AMB-47).
    pub(super) fn judge_serial_number(
        &mut self,
        seen: &Seen,
        number: u32,
        kind: usize,
        serial: u16,
        requirement: Requirement,
    ) {
        let behind_nat = self.config.behind_nat;
        let facts = self.end(seen.from);
        let known = &mut facts.serial_numbers[kind];
        if known.len() >= SERIAL_NUMBERS && !known.contains_key(&serial) {
            known.pop_first();
        }
        let Some(before) = known.insert(serial, number) else {
            return;
        };
        let milder = behind_nat || before != number && facts.may_have_restarted;
        let severity = if milder {
            Severity::Note
        } else {
            requirement.severity()
        };
        let detail = Detail {
            text: "a Call Serial Number again",
            seen: Some(serial.into()),
            expected: None,
        };
        self.ledger
            .report(requirement, severity, seen.from, seen.mark, detail);
    }

    /// An end gives a call its Call ID. CALL-001 and the message's own requirement: the ID is that of no live call. What else it
    /// means that it was: a PNS gives calls up silently (PNSO-004, PNSO-006, PNSI-006) or too early (PNSO-007, PNSI-007), a PAC
    /// without Call-Disconnect-Notify (CDN-002).
    pub(super) fn assign(
        &mut self,
        seen: &Seen,
        index: u32,
        party: Party,
        id: u16,
        requirement: Requirement,
    ) {
        let (end, mark) = (seen.from, seen.mark);
        self.ledger.held(end, Call001);
        let before = self.calls.find(end, id, seen.to).map(|(index, _)| index);
        let shared = |other: &Call| {
            self.config.behind_nat
                && self
                    .calls
                    .get(index)
                    .is_some_and(|call| call.connection != other.connection)
        };
        let conflict = before
            .filter(|&other| other != index)
            .and_then(|other| self.calls.get(other).map(|call| (other, call)))
            .filter(|(_, other)| other.ends[party as usize] == end && other.is_live(party));
        if let Some((other_index, other)) = conflict {
            let same_kind = self
                .calls
                .get(index)
                .is_some_and(|call| call.outgoing == other.outgoing);
            let requirement = if same_kind { requirement } else { Call001 };
            let text = "the Call ID of a live call";
            if shared(other) {
                self.ledger.note(requirement, end, mark, text);
            } else {
                let silent = given_up(other, party, seen);
                self.ledger
                    .blame_value(requirement, end, mark, text, id, None);
                self.ledger.blame_value(Call001, end, mark, text, id, None);
                if let Some(silent) = silent {
                    self.ledger
                        .blame(silent, end, mark, "given up without a word");
                }
                self.take_call_id(index, other_index, party, mark.at);
            }
        }
        self.calls.assign(index, party, id);
    }
}

/// What the use of its Call ID for another call says about the way in which a live call was given up.
fn given_up(call: &Call, party: Party, seen: &Seen) -> Option<Requirement> {
    if party == Party::Pac {
        return Some(Cdn002);
    }
    if let Some(clear) = call.clear {
        let waits = seen.mark.at.since(clear.at) < MINUTE;
        return waits.then_some(if call.outgoing { Pnso007 } else { Pnsi007 });
    }
    Some(match (call.outgoing, call.was_established(Party::Pns)) {
        (true, true) => Pnso006,
        (true, false) => Pnso004,
        (false, _) => Pnsi006,
    })
}

/// A call that the end on `side` asks for.
pub(super) fn new_call(seen: &Seen, connection: u32, side: usize, outgoing: bool) -> Call {
    let ends: [End; 2] = if outgoing {
        [seen.from, seen.to]
    } else {
        [seen.to, seen.from]
    };
    Call {
        serial: 0,
        connection,
        outgoing,
        ends,
        pns_side: if outgoing { side } else { 1 - side },
        ids: [None; 2],
        taken_from: None,
        used_before: [false; 2],
        number_before: [None; 2],
        earlier: [None; 2],
        request: seen.mark,
        impossible: false,
        request_arrived: None,
        speed: (0, u32::MAX),
        reply: None,
        accepted: false,
        reply_arrived: None,
        connected: None,
        connected_arrived: None,
        clear: None,
        clear_arrived: None,
        crossed: None,
        ended: [None; 2],
        wan_errors: None,
        earlier_wan_errors: None,
        early_data: [None; 2],
        halves: [Half::new(), Half::new()],
    }
}

//! The start exchange (RFC 2637 §2.1, §2.2, §3.1).

use crate::ledger::{Mark, Seen};
use crate::observation::End;
use crate::timer::ConnectionTimer;
use crate::tracker::{Effect, MINUTE, Start, Tracker};
use pptp_wire::Requirement::*;
use pptp_wire::time::Instant;
use pptp_wire::{
    ProtocolVersion, StartControlConnectionReply, StartControlConnectionRequest, StartResult,
};

impl Tracker {
    /// The SYN of a control connection.
    pub(crate) fn connection_opening(&mut self, seen: &Seen, number: u32) {
        if seen.from != seen.to && !self.connections.hold(number) {
            self.add_connection(seen, number, false);
        }
    }

    /// The control connection is open.
    pub(crate) fn connection_opened(&mut self, seen: &Seen, number: u32) {
        if seen.from == seen.to {
            return;
        }
        self.connection_opening(seen, number);
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        if std::mem::replace(&mut record.opened, true) {
            return;
        }
        let ends = record.ends;
        self.ledger.held(ends[0], Cc001);
        let (at, limit) = (seen.mark.at, MINUTE + self.config.timer);
        self.set_timer(
            number,
            0,
            ConnectionTimer::SendStartRequest,
            at,
            self.config.close,
        );
        self.set_timer(number, 1, ConnectionTimer::AwaitStartRequest, at, limit);
    }

    /// A control connection whose beginning was not seen: it is taken to be established.
    pub(crate) fn connection_underway(&mut self, seen: &Seen, number: u32) {
        if seen.from != seen.to && !self.connections.hold(number) {
            self.add_connection(seen, number, true);
        }
    }

    pub(super) fn start_request_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &StartControlConnectionRequest,
    ) -> Effect {
        let Some(record) = self.connections.get_mut(number) else {
            return Effect::None;
        };
        let (end, mark) = (seen.from, seen.mark);
        if side == 1 && !record.partial {
            // TR-009
            self.ledger.blame(
                Tr009,
                end,
                mark,
                "a request from the end that accepted the connection",
            );
        }
        let start = Start {
            mark,
            version: message.protocol_version.0,
            maximum_channels: message.maximum_channels,
            result: 0,
        };
        let is_first = record.sides[side].start_request.is_none();
        if is_first {
            record.sides[side].start_request = Some(start);
        } else {
            // SCCRQ-012
            self.ledger
                .blame(Sccrq012, end, mark, "a second request on one connection");
        }
        self.cancel_timer(number, side, ConnectionTimer::SendStartRequest);
        if is_first && seen.authentic {
            let kind = ConnectionTimer::AwaitStartReply;
            self.set_timer(number, side, kind, mark.at, MINUTE + self.config.timer);
        }
        Effect::StartRequest {
            version: message.protocol_version.0,
        }
    }

    pub(super) fn start_request_arrived(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        version: u16,
        well_formed: bool,
    ) {
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let end = record.ends[side];
        let receiver = &mut record.sides[side];
        receiver.start_requests_arrived += 1;
        receiver.starts_to_answer += 1;
        receiver.requested = Some((version, seen.mark));
        // A second request may end the connection (AMB-24).
        receiver.may_close |= receiver.start_requests_arrived > 1;
        let is_first = receiver.start_requests_arrived == 1;
        self.cancel_timer(number, side, ConnectionTimer::AwaitStartRequest);
        self.ledger.held(end, Sccrp001);
        self.hold_fresh_start(number, end);
        self.detect_collision(seen, number, side);
        let is_forbidden = self
            .connections
            .get(number)
            .is_none_or(|record| record.sides[side].forbidden);
        if well_formed && is_first && !is_forbidden {
            let kind = ConnectionTimer::AnswerStart;
            self.set_timer(number, side, kind, seen.mark.at, MINUTE + self.config.timer);
        }
    }

    /// CC-021: a request for a pair whose earlier control connection is over.
    fn hold_fresh_start(&mut self, number: u32, end: End) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let (one, other) = (record.ends[0], record.ends[1]);
        let had_one = self.pair(one, other).established.is_some();
        if had_one && !self.has_other_channel(number, end) {
            self.ledger.held(end, Cc021);
        }
    }

    /// Whether a reply of the end on `side` with this version grants what it was asked for: a version before 1.0 (`CC-014`).
    pub(super) fn is_earlier_version(&self, number: u32, side: usize, version: u64) -> bool {
        let requested = self
            .connections
            .get(number)
            .and_then(|record| record.sides[side].requested);
        requested.is_some_and(|(requested, _)| {
            requested < ProtocolVersion::V1_0.0 && version <= u64::from(requested)
        })
    }

    pub(super) fn start_reply_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &StartControlConnectionReply,
    ) -> Effect {
        let Some(record) = self.connections.get_mut(number) else {
            return Effect::None;
        };
        let (end, mark) = (seen.from, seen.mark);
        let (version, result) = (message.protocol_version, message.result_code);
        let sender = &mut record.sides[side];
        let already_established = sender.established.is_some();
        let was_asked = sender.requested.is_some() || record.partial;
        if sender.starts_to_answer > 0 {
            sender.starts_to_answer -= 1;
        } else if !record.partial && !sender.may_answer_malformed {
            // SCCRP-001, counted for each request (AMB-24)
            self.ledger.held(end, Sccrp001);
            self.ledger
                .blame(Sccrp001, end, mark, "a reply without a request");
        }
        sender.start_reply = Some(Start {
            mark,
            version: version.0,
            maximum_channels: message.maximum_channels,
            result: result.0,
        });
        if let Some((requested, _)) = sender.requested
            && result == StartResult::OK
            && version.0 > requested.max(ProtocolVersion::V1_0.0)
        {
            // SCCRP-002
            let text = "a version higher than the requested one";
            self.ledger
                .blame_value(Sccrp002, end, mark, text, version.0, Some(requested.into()));
        }
        self.cancel_timer(number, side, ConnectionTimer::AnswerStart);
        self.judge_error_code(mark, number, side, message.error_code);
        match result {
            StartResult::OK if was_asked => {
                self.judge_second_channel(seen, number);
                self.establish(number, side, mark.at);
            }
            StartResult::BAD_VERSION => {
                // CC-015
                self.ledger.held(end, Cc015);
                let kind = ConnectionTimer::CloseAfterRefusal;
                self.set_timer(number, side, kind, mark.at, self.config.close);
            }
            StartResult::EXISTS if !already_established => {
                // CC-021
                self.ledger.held(end, Cc021);
                if self.has_other_channel(number, end) {
                    self.ledger.held(end, Sccrp014);
                } else {
                    let text = "refused for a channel that does not exist";
                    self.ledger.blame(Cc021, end, mark, text);
                }
            }
            _ => {}
        }
        Effect::StartReply { result: result.0 }
    }

    pub(super) fn start_reply_arrived(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        result: u8,
    ) {
        self.cancel_timer(number, side, ConnectionTimer::AwaitStartReply);
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let partial = record.partial;
        let (end, receiver) = (record.ends[side], &mut record.sides[side]);
        if receiver.start_request.is_none() && !partial {
            // A reply to nothing establishes nothing.
            return;
        }
        if result == StartResult::OK.0 {
            self.establish(number, side, seen.mark.at);
        } else if receiver.established.is_none() {
            receiver.refused = true;
            self.ledger.held(end, Cc007);
        }
    }

    /// The end on `side` is in the state established.
    fn establish(&mut self, number: u32, side: usize, at: Instant) {
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let ends = record.ends;
        if record.sides[side].established.set(at).is_some() {
            return;
        }
        record.sides[side].last_received = at;
        self.set_timer(number, side, ConnectionTimer::Idle, at, self.idle_limit());
        let pair = self.pair(ends[0], ends[1]);
        pair.established = Some(at);
        if pair.had_calls {
            self.ledger.held(ends[0], Call005);
            self.ledger.held(ends[1], Call005);
        }
    }

    /// TR-012, SCCRP-014: a second control connection is established for the pair, outside a collision.
    fn judge_second_channel(&mut self, seen: &Seen, number: u32) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let (opener, acceptor) = (record.ends[0], record.ends[1]);
        if self.config.windows {
            // MS-004
            self.ledger.held(acceptor, Ms004);
            return;
        }
        self.ledger.held(opener, Tr012);
        let is_second =
            self.has_other_channel(number, opener) && self.has_other_channel(number, acceptor);
        if !is_second || record.rival.is_some() {
            return;
        }
        let blamed: Option<Mark> = record.sides[0].start_request.map(|start| start.mark);
        self.ledger.held(acceptor, Sccrp014);
        let text = "a second control connection for the pair";
        if self.config.behind_nat {
            self.ledger
                .note(Tr012, opener, blamed.unwrap_or(seen.mark), text);
            return;
        }
        self.ledger
            .blame(Tr012, opener, blamed.unwrap_or(seen.mark), text);
        // AMB-28: most of the field accepts it.
        self.ledger.note(
            Sccrp014,
            acceptor,
            seen.mark,
            "a second control connection is accepted",
        );
    }

    /// Whether the pair has another control connection that stands for this end and is not about to end, as far as it knows.
    fn has_other_channel(&self, number: u32, end: End) -> bool {
        let Some(record) = self.connections.get(number) else {
            return false;
        };
        let (one, other) = (record.ends[0], record.ends[1]);
        let Some(pair) = self.pairs.get(&(one.min(other), one.max(other))) else {
            return false;
        };
        pair.connections
            .iter()
            .filter(|&&candidate| candidate != number)
            .filter_map(|candidate| self.connections.get(*candidate))
            .filter_map(|candidate| Some(&candidate.sides[candidate.side_of(end)?]))
            .any(|own| own.established.is_some() && !own.is_over() && !own.stopping())
    }
}

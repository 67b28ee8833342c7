//! Keep-alive: Echo-Request and Echo-Reply (RFC 2637 §2.5, §2.6, §3.1.4).

use crate::ledger::{Mark, Seen};
use crate::stamp::Stamp;
use crate::timer::{ConnectionTimer, Timer};
use crate::tracker::{Echo, Effect, MINUTE, Tracker};
use pptp_wire::Requirement::*;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{EchoReply, EchoRequest};

impl Tracker {
    pub(super) fn echo_request_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &EchoRequest,
    ) -> Effect {
        let identifier = message.identifier;
        let Some(record) = self.connections.get_mut(number) else {
            return Effect::None;
        };
        let (end, mark) = (seen.from, seen.mark);
        let sender = &mut record.sides[side];
        if sender
            .echoes
            .iter()
            .any(|echo| echo.identifier == identifier && !echo.silence_reported)
        {
            // ECRQ-002
            let text = "two open Echo-Requests with one Identifier";
            self.ledger
                .blame_value(Ecrq002, end, mark, text, identifier, None);
        }
        let idle = mark.at.since(sender.last_received);
        if idle >= MINUTE {
            self.ledger.held(end, Ka003);
            if self.config.windows {
                self.ledger.held(end, Ms003);
            }
        }
        if let Some(before) = sender.last_echo_request.get()
            && let Some(other) = sender.last_other_received.get()
            && other > before
        {
            // KA-006
            self.ledger.held(end, Ka006);
            let pace = mark.at.since(before);
            let a_minute = (MINUTE.0 - TICK.0..=MINUTE.0 + TICK.0).contains(&pace.0);
            if a_minute && mark.at.since(other) < Duration(MINUTE.0 - TICK.0) {
                self.ledger.note(
                    Ka006,
                    end,
                    mark,
                    "Echo-Requests at a fixed pace though messages arrive",
                );
            }
        }
        if seen.authentic {
            sender.last_echo_request.set(mark.at);
            let kind = ConnectionTimer::AwaitEchoReply;
            self.set_first(number, side, kind, mark.at);
        }
        if let Some(record) = self.connections.get_mut(number) {
            record.sides[side].open_echo(Echo {
                identifier,
                mark,
                arrived: Stamp::default(),
                answered: false,
                // Who did not ask need not wait.
                wait_reported: !seen.authentic,
                silence_reported: false,
            });
        }
        Effect::EchoRequest { identifier }
    }

    pub(super) fn echo_request_arrived(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        identifier: u32,
        well_formed: bool,
    ) {
        let at = seen.mark.at;
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let end = record.ends[side];
        let receiver = &record.sides[side];
        // Before the start exchange and during a stop an echo may go unanswered (AMB-32, CC-012), and so may one of the wrong length.
        let owes_answer = well_formed && receiver.established.is_some() && !receiver.stopping();
        let echo = record.sides[1 - side]
            .echoes
            .iter_mut()
            .find(|echo| echo.identifier == identifier && echo.arrived.is_none());
        let Some(echo) = echo else { return };
        echo.arrived.set(at);
        if !owes_answer {
            // It may be answered all the same.
            echo.silence_reported = true;
            return;
        }
        self.ledger.held(end, Ecrp001);
        self.set_first(number, side, ConnectionTimer::AnswerEcho, at);
    }

    pub(super) fn echo_reply_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &EchoReply,
    ) -> Effect {
        let identifier = message.identifier;
        let Some(record) = self.connections.get_mut(number) else {
            return Effect::None;
        };
        let (end, mark) = (seen.from, seen.mark);
        let open = || {
            let echoes = record.sides[1 - side].echoes.iter().enumerate();
            echoes.filter(|(_, echo)| echo.arrived.is_some() && !echo.answered)
        };
        let any_open = open().next().is_some();
        let answered = open()
            .filter(|(_, echo)| echo.identifier == identifier)
            .min_by_key(|(_, echo)| echo.silence_reported)
            .map(|(position, _)| position);
        if let Some(position) = answered {
            if let Some(echo) = record.sides[1 - side].echoes.iter_mut().nth(position) {
                echo.answered = true;
            }
            record.sides[side].last_answered = Some(identifier);
        } else if record.sides[side].last_answered == Some(identifier) {
            // ECRP-001
            self.ledger
                .blame_value(Ecrp001, end, mark, "answered twice", identifier, None);
        } else if any_open {
            // ECRP-002
            let text = "the Identifier of no open request";
            self.ledger
                .blame_value(Ecrp002, end, mark, text, identifier, None);
        } else if !record.partial && !record.sides[side].may_answer_malformed {
            // ECRP-006
            self.ledger
                .blame_value(Ecrp006, end, mark, "no request is open", identifier, None);
        }
        self.rearm_answer_echo(number, side);
        self.judge_error_code(mark, number, side, message.error_code);
        Effect::EchoReply { identifier }
    }

    pub(super) fn echo_reply_arrived(&mut self, number: u32, side: usize, identifier: u32) {
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let echoes = &mut record.sides[side].echoes;
        if let Some(position) = echoes.iter().position(|echo| echo.identifier == identifier) {
            echoes.remove(position);
        }
        self.rearm_await_echo(number, side);
    }

    /// Sets the deadline of the oldest request of the end on `side` that still waits for its answer, if there is one.
    pub(super) fn rearm_await_echo(&mut self, number: u32, side: usize) {
        self.cancel_timer(number, side, ConnectionTimer::AwaitEchoReply);
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let this = &record.sides[side];
        if this.is_over() {
            return;
        }
        if let Some(echo) = this.echoes.iter().find(|echo| !echo.wait_reported) {
            let start = echo.mark.at;
            self.set_first(number, side, ConnectionTimer::AwaitEchoReply, start);
        }
    }

    /// Sets the deadline of the oldest request that the end on `side` has to answer, if there is one.
    pub(super) fn rearm_answer_echo(&mut self, number: u32, side: usize) {
        self.cancel_timer(number, side, ConnectionTimer::AnswerEcho);
        let is_over = self
            .connections
            .get(number)
            .is_none_or(|record| record.sides[side].is_over());
        if is_over {
            return;
        }
        if let Some((_, arrived)) = self.oldest_unanswered(number, side) {
            self.set_first(number, side, ConnectionTimer::AnswerEcho, arrived);
        }
    }

    /// The oldest Echo-Request that has reached the end on `side` and that it has not answered.
    pub(super) fn oldest_unanswered(&self, number: u32, side: usize) -> Option<(Mark, Instant)> {
        let record = self.connections.get(number)?;
        record.sides[1 - side]
            .echoes
            .iter()
            .filter(|echo| !echo.answered && !echo.silence_reported)
            .find_map(|echo| Some((echo.mark, echo.arrived.get()?)))
    }

    fn set_first(&mut self, number: u32, side: usize, kind: ConnectionTimer, start: Instant) {
        let timer = Timer::Connection {
            connection: number,
            side: side as u8,
            kind,
        };
        self.timers
            .set_first(start, MINUTE + self.config.timer, timer);
    }
}

/// How exact a pace is (KA-006).
const TICK: Duration = Duration::from_secs(1);

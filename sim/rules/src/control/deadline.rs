//! What has become certain because nothing happened.

use super::stop::{ANSWERS_STOP, CLOSES_AFTER_REPLY};
use crate::ledger::Mark;
use crate::timer::{CallTimer, ConnectionTimer, Timer};
use crate::tracker::{Party, Tracker};
use pptp_wire::Requirement::{self, *};
use pptp_wire::time::Instant;

impl Tracker {
    /// Handles all deadlines that have come by `now`.
    pub(crate) fn advance(&mut self, now: Instant) {
        self.now = self.now.max(now);
        while let Some((at, timer)) = self.timers.take(now) {
            match timer {
                Timer::Connection {
                    connection,
                    side,
                    kind,
                } => self.connection_deadline(at, connection, side.into(), kind),
                Timer::Call { index, kind } => self.call_deadline(at, index, kind),
            }
        }
    }

    fn connection_deadline(
        &mut self,
        at: Instant,
        number: u32,
        side: usize,
        kind: ConnectionTimer,
    ) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let this = &record.sides[side];
        if this.crashed || this.closed {
            return;
        }
        let opening = record.opening;
        match kind {
            ConnectionTimer::SendStartRequest => {
                let end = record.ends[side];
                if let Some(mark) = self.omission(number, side, opening, at) {
                    self.ledger.note(Cc001, end, mark, "the opener is silent");
                }
            }
            ConnectionTimer::AwaitStartRequest => {
                let text = "no request for 60 s, and still open";
                self.blame_omission(number, side, at, opening, &[Ka001], text);
            }
            ConnectionTimer::AwaitStartReply => {
                let since = this.start_request.map_or(opening, |start| start.mark);
                let text = "no reply to the start for 60 s, and still open";
                self.blame_omission(number, side, at, since, &[Cc029, Ka002], text);
            }
            ConnectionTimer::AnswerStart => self.start_unanswered(at, number, side),
            ConnectionTimer::Idle => self.idle(at, number, side),
            ConnectionTimer::AwaitEchoReply => self.echo_without_consequence(at, number, side),
            ConnectionTimer::AnswerEcho => self.echo_unanswered(at, number, side),
            ConnectionTimer::AnswerStop => {
                let since = this.stop_request_arrived.get().unwrap_or(opening);
                let text = "the stop request is not answered";
                self.blame_omission(number, side, at, since, &ANSWERS_STOP[side..=side], text);
            }
            ConnectionTimer::AwaitStopReply => {
                let since = this.stop_request.get().unwrap_or(opening);
                let text = "no stop reply for 60 s, and still open";
                self.blame_omission(number, side, at, since, &[Cc029], text);
            }
            ConnectionTimer::CloseAfterAnswer => {
                let since = this.stop_answer.map_or(opening, |answer| answer.mark);
                let text = "still open after the stop was answered";
                self.blame_omission(number, side, at, since, &ANSWERS_STOP[side..=side], text);
            }
            ConnectionTimer::CloseAfterReply => {
                let since = this
                    .stop_answer_arrived
                    .map_or(opening, |answer| answer.mark);
                let text = "still open after the stop reply";
                self.blame_omission(
                    number,
                    side,
                    at,
                    since,
                    &CLOSES_AFTER_REPLY[side..=side],
                    text,
                );
            }
            ConnectionTimer::CloseAfterRefusal => {
                let since = this.start_reply.map_or(opening, |reply| reply.mark);
                let text = "still open after the version was refused";
                self.blame_omission(number, side, at, since, &[Cc015], text);
            }
            ConnectionTimer::CollisionClose => {
                let text = "the loser of a collision leaves its connection open";
                self.blame_omission(number, side, at, opening, &[Cc024], text);
            }
            ConnectionTimer::LostStep => {
                let since = this.lost_step.get().unwrap_or(opening);
                let end = record.ends[side];
                self.ledger.held(end, Hdr009);
                if let Some(mark) = self.omission_all_the_same(number, side, since, at) {
                    let text = "still open after synchronisation was lost";
                    self.ledger.blame(Hdr009, end, mark, text);
                }
            }
            ConnectionTimer::Malformed => self.malformed_ignored(at, number, side),
        }
    }

    /// The end on `side` left undone what these requirements ask for.
    fn blame_omission(
        &mut self,
        number: u32,
        side: usize,
        at: Instant,
        since: Mark,
        requirements: &[Requirement],
        text: &'static str,
    ) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let end = record.ends[side];
        let mark = self.omission(number, side, since, at);
        for &requirement in requirements {
            self.ledger.held(end, requirement);
            if let Some(mark) = mark {
                self.ledger.blame(requirement, end, mark, text);
            }
        }
    }

    /// KA-004, KA-005, CC-029: the requester does not close.
    fn echo_without_consequence(&mut self, at: Instant, number: u32, side: usize) {
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let waiting = record.sides[side]
            .echoes
            .iter_mut()
            .find(|echo| !echo.wait_reported);
        let Some(echo) = waiting else { return };
        echo.wait_reported = true;
        let since = echo.mark;
        let text = "no Echo-Reply for 60 s, and still open";
        self.blame_omission(number, side, at, since, &[Ka004, Ka005, Cc029], text);
        self.rearm_await_echo(number, side);
    }

    /// ECRP-001: the other end does not answer.
    fn echo_unanswered(&mut self, at: Instant, number: u32, side: usize) {
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let waiting = record.sides[1 - side]
            .echoes
            .iter_mut()
            .find(|echo| echo.arrived.is_some() && !echo.answered && !echo.silence_reported);
        let Some(echo) = waiting else { return };
        echo.silence_reported = true;
        let since = echo.mark;
        self.blame_omission(
            number,
            side,
            at,
            since,
            &[Ecrp001],
            "Echo-Request is not answered",
        );
        self.rearm_answer_echo(number, side);
    }

    /// SCCRP-001; CC-026 where the acceptor lost a collision.
    fn start_unanswered(&mut self, at: Instant, number: u32, side: usize) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let Some((_, since)) = record.sides[side].requested else {
            return;
        };
        let lost = record.rival.is_some() && record.opener_wins == Some(true);
        let requirements: &[Requirement] = if lost {
            &[Cc026, Sccrp001]
        } else {
            &[Sccrp001]
        };
        let text = "the request is not answered";
        self.blame_omission(number, side, at, since, requirements, text);
    }

    /// KA-003, MS-003: silence for 60 s and no Echo-Request since.
    fn idle(&mut self, at: Instant, number: u32, side: usize) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let this = &record.sides[side];
        let asked = this
            .last_echo_request
            .get()
            .is_some_and(|sent| sent >= this.last_received);
        if asked || !this.echoes.is_empty() || this.stopping() || this.peer_closed.is_some() {
            return;
        }
        let since = Mark {
            at: this.last_received,
            ..record.opening
        };
        let text = "no Echo-Request after 60 s of silence";
        self.blame_omission(number, side, at, since, &[Ka003], text);
        if self.config.windows {
            self.blame_omission(number, side, at, since, &[Ms003], text);
        }
    }

    /// HDR-014, HDR-015: neither closed nor answered with an error.
    fn malformed_ignored(&mut self, at: Instant, number: u32, side: usize) {
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let end = record.ends[side];
        let Some((since, known_type)) = record.sides[side].malformed.take() else {
            return;
        };
        let Some(mark) = self.omission(number, side, since, at) else {
            return;
        };
        if known_type {
            self.ledger
                .blame(Hdr014, end, mark, "a malformed message is ignored");
        } else {
            // AMB-33
            self.ledger
                .note(Hdr015, end, mark, "a message of undefined type is ignored");
        }
    }

    fn call_deadline(&mut self, at: Instant, index: u32, kind: CallTimer) {
        let Some(call) = self.calls.get(index) else {
            return;
        };
        let (party, requirements, since, text): (_, &[Requirement], _, _) = match kind {
            CallTimer::AwaitReply => (
                if call.outgoing {
                    Party::Pns
                } else {
                    Party::Pac
                },
                &[Ka007],
                call.request,
                "a call waits for its reply, and the control connection is still open",
            ),
            CallTimer::AnswerRequest if call.outgoing => (
                Party::Pac,
                &[Ocrp001],
                call.request,
                "the request for a call is not answered",
            ),
            CallTimer::AnswerRequest => (
                Party::Pns,
                &[Icrp001],
                call.request,
                "the request for a call is not answered",
            ),
            CallTimer::Connect => (
                Party::Pac,
                &[Paci003, Iccn001],
                call.reply.unwrap_or(call.request),
                "an accepted call is neither connected nor disconnected",
            ),
            CallTimer::AwaitConnect => (
                Party::Pns,
                &[Ka007],
                call.reply.unwrap_or(call.request),
                "a call waits to be connected, and the control connection is still open",
            ),
            CallTimer::AwaitDisconnect => (
                Party::Pns,
                &[Ka007],
                call.clear.unwrap_or(call.request),
                "a call waits to be disconnected, and the control connection is still open",
            ),
            CallTimer::AnswerClear => {
                self.blame_open_clear(at, index);
                return;
            }
        };
        let (number, side) = (call.connection, call.side(party));
        let is_over = self
            .connections
            .get(number)
            .is_none_or(|record| record.sides[side].crashed || record.closing());
        if !is_over {
            self.blame_omission(number, side, at, since, requirements, text);
        }
    }
}

//! Keep-alive (RFC 2637 §2.5, §2.6, §3.1.4; AMB-30).

use pptp_wire::time::Duration;
use pptp_wire::{
    ControlMessageType, DisconnectResult, EchoReply, EchoRequest, EchoResult, ErrorCode,
    Requirement, StopReason,
};

use super::{Connection, ConnectionState, Ending, Phase};
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::{
    EchoClearedBy, EchoFailed, EchoTimer, StartTimeOutAction, WrongEchoIdentifier,
};
use crate::timer::Owner;
use crate::{Cause, ConnectionId, Deadline, DeadlineReason, Point, Role, Transition};

/// The wait of a peer that was faster than KB-35 allows.
const SHORT_ECHO_WAIT: Duration = Duration::from_secs(5);

/// The echo exchange of one control connection.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Echo {
    next_identifier: u32,
    /// Echo-Requests without a reply: the last so many identifiers before the next.
    unanswered: u32,
    /// Whether the reply timer runs, rather than that of silence.
    waiting: bool,
    failures: u16,
    /// An Echo-Request of the peer came while the reply timer ran.
    crossed: bool,
}

impl Echo {
    pub const fn new(first_identifier: u32) -> Echo {
        Echo {
            next_identifier: first_identifier,
            unanswered: 0,
            waiting: false,
            failures: 0,
            crossed: false,
        }
    }

    /// The identifier of a new request.
    fn request(&mut self) -> u32 {
        let identifier = self.next_identifier;
        self.next_identifier = identifier.wrapping_add(1);
        self.unanswered = self.unanswered.saturating_add(1);
        self.waiting = true;
        identifier
    }

    /// Whether a request of this identifier waits for its reply; it and those before it no longer do.
    fn answer(&mut self, identifier: u32) -> bool {
        let age = self.next_identifier.wrapping_sub(identifier);
        let matches = (1..=self.unanswered).contains(&age);
        if matches {
            self.unanswered = age - 1;
        }
        matches
    }

    /// The peer lives: the reply timer is not needed any more.
    fn alive(&mut self) {
        self.waiting = false;
        self.failures = 0;
    }
}

impl Endpoint {
    /// A control message came in: silence begins anew (`KA-006`).
    pub(crate) fn heard(&mut self, id: ConnectionId) {
        if self.deviates(DeviationId::EchoIgnoresReceivedTraffic) {
            return;
        }
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        if connection.state != ConnectionState::Established {
            return;
        }
        if connection.echo.waiting {
            if self.config.profile.echo_cleared_by != EchoClearedBy::AnyMessage {
                return;
            }
            connection.echo.alive();
        } else if self.config.profile.echo_timer == EchoTimer::Periodic {
            return;
        }
        self.restart_idle_timer(id);
    }

    /// A control message went out: for some ends silence begins anew (AMB-30).
    pub(crate) fn spoke(&mut self, id: ConnectionId) {
        let silent = self.connections.get(&id).is_some_and(|connection| {
            connection.state == ConnectionState::Established && !connection.echo.waiting
        });
        if silent && self.config.profile.echo_timer == EchoTimer::HeardOrSent {
            self.restart_idle_timer(id);
        }
    }

    /// A receiver has waited in vain for a start request and asks whether anybody is there (AMB-30). False where it has asked.
    pub(crate) fn asks_before_start(&mut self, id: ConnectionId, cause: Cause) -> bool {
        let asks = self.config.profile.start_time_out_action == StartTimeOutAction::Echo;
        let Some(connection) = self.connections.get_mut(&id) else {
            return false;
        };
        if !asks || connection.phase != Phase::Open || connection.echo.unanswered > 0 {
            return false;
        }
        let identifier = connection.echo.request();
        connection.echo.waiting = false;
        self.send(id, EchoRequest { identifier }, cause);
        let within = self.config.profile.echo_time_out;
        self.await_message(
            id,
            ControlMessageType::START_CONTROL_CONNECTION_REQUEST,
            within,
        );
        true
    }

    /// Starts the wait for the next control message.
    pub(crate) fn restart_idle_timer(&mut self, id: ConnectionId) {
        let span = self.config.profile.idle_time_out;
        if span == Duration::ZERO || self.deviates(DeviationId::NeverEchoRequest) {
            return;
        }
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let deadline = Deadline {
            at: self.io.now + span,
            reason: DeadlineReason::Idle(span),
        };
        self.io
            .timers
            .set(&mut connection.keep_alive, Owner::KeepAlive(id), deadline);
    }

    /// Either silence or the wait for an Echo-Reply has lasted too long.
    pub(crate) fn keep_alive_timer(&mut self, id: ConnectionId, reason: DeadlineReason) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        if connection.state != ConnectionState::Established {
            return;
        }
        if connection.echo.waiting {
            connection.echo.failures = connection.echo.failures.saturating_add(1);
            if connection.echo.failures >= self.config.profile.echo_failures {
                return self.echo_failed(id, Cause::Deadline(reason));
            }
        }
        self.send_echo_request(id, Cause::Deadline(reason));
    }

    /// Echo-Request: answered by an Echo-Reply with the same Identifier (`ECRP-001`, `ECRP-002`).
    pub(crate) fn echo_request_received(&mut self, id: ConnectionId, request: &EchoRequest) {
        if !self.deviates(DeviationId::NeverEchoReply) {
            let mut reply = Self::echo_reply(request.identifier, EchoResult::OK, ErrorCode::NONE);
            if self.deviates(DeviationId::EchoWrongIdentifier) {
                reply.identifier = reply.identifier.wrapping_add(1);
            }
            self.send(id, reply, Cause::Answer);
            if self.deviates(DeviationId::EchoReplyTwice) {
                self.send(id, reply, Cause::Answer);
            }
        }
        // T-CCO-21, T-CCR-15.
        if self.state_of(id) == Some(ConnectionState::Established) {
            let waits = |connection: &Connection| connection.echo.waiting;
            if self.connections.get(&id).is_some_and(waits) {
                self.io.reached.point(Point::EchoesCrossed);
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.echo.crossed = true;
                }
            }
            let transition = Self::by_side(id, Transition::Cco21, Transition::Ccr15);
            self.enter(id, transition, ConnectionState::Established);
        }
    }

    /// An Echo-Reply.
    pub(crate) fn echo_reply(
        identifier: u32,
        result_code: EchoResult,
        error_code: ErrorCode,
    ) -> EchoReply {
        EchoReply {
            identifier,
            result_code,
            error_code,
            ..EchoReply::default()
        }
    }

    /// Echo-Reply in established.
    pub(crate) fn echo_reply_received(&mut self, id: ConnectionId, reply: &EchoReply) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let unanswered = connection.echo.unanswered > 0;
        let matches = connection.echo.answer(reply.identifier);
        let clears =
            matches || unanswered && self.config.profile.echo_cleared_by != EchoClearedBy::Reply;
        if clears {
            connection.echo.alive();
        }
        let crossed = core::mem::take(&mut connection.echo.crossed);
        if !matches {
            self.violation(
                id,
                if unanswered {
                    Requirement::Ecrp002
                } else {
                    Requirement::Ecrp006
                },
            );
        }
        if clears {
            // T-CCO-22, T-CCR-16.
            let transition = Self::by_side(id, Transition::Cco22, Transition::Ccr16);
            self.enter(id, transition, ConnectionState::Established);
            match crossed && self.deviates(DeviationId::EchoCrossingStopsKeepAlive) {
                false => self.restart_idle_timer(id),
                true => self.stop_keep_alive(id),
            }
        } else if self.config.profile.wrong_echo_identifier == WrongEchoIdentifier::Close {
            self.end_malformed(id);
        }
    }

    #[cold]
    fn stop_keep_alive(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            self.io.timers.clear(&connection.keep_alive);
        }
    }

    /// T-CCO-14, T-CCR-11 (`KA-003`).
    fn send_echo_request(&mut self, id: ConnectionId, cause: Cause) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let identifier = connection.echo.request();
        self.send(id, EchoRequest { identifier }, cause);
        if self.deviates(DeviationId::EchoUnaskedReply) {
            let unasked = Self::echo_reply(identifier, EchoResult::OK, ErrorCode::NONE);
            self.send(id, unasked, cause);
        }
        let transition = Self::by_side(id, Transition::Cco14, Transition::Ccr11);
        self.enter(id, transition, ConnectionState::Established);
        let span = match self.deviates(DeviationId::EchoReplyWaitShort) {
            true => SHORT_ECHO_WAIT,
            false => self.config.profile.echo_time_out,
        };
        if span == Duration::ZERO || self.deviates(DeviationId::EchoLossNotDetected) {
            return;
        }
        if let Some(connection) = self.connections.get_mut(&id) {
            let deadline = Deadline {
                at: self.io.now + span,
                reason: DeadlineReason::EchoReply(span),
            };
            self.io
                .timers
                .set(&mut connection.keep_alive, Owner::KeepAlive(id), deadline);
        }
    }

    /// T-CCO-15, T-CCR-12 (`KA-004`, `KA-005`).
    fn echo_failed(&mut self, id: ConnectionId, cause: Cause) {
        self.io.reached.point(Point::EchoTimeOutClosed);
        let transition = Self::by_side(id, Transition::Cco15, Transition::Ccr12);
        match self.config.profile.echo_failed {
            EchoFailed::Close => self.end_connection(id, Some(transition), Ending::Close, cause),
            EchoFailed::Stop => {
                match self.config.role {
                    Role::Pac => self.notify_all(id, DisconnectResult::ADMIN_SHUTDOWN, cause),
                    Role::Pns => self.clear_all(id, cause),
                }
                self.send_stop_request(id, StopReason::NONE, transition, cause);
            }
        }
    }
}

//! The end of a control connection in order (RFC 2637 §2.3, §2.4, §3.1.1, §3.1.2).

use pptp_wire::time::Duration;
use pptp_wire::{
    ControlMessageType, DisconnectResult, EchoRequest, ErrorCode, Requirement,
    StopControlConnectionReply, StopControlConnectionRequest, StopReason, StopResult,
};

use super::{ConnectionState, Ending, Phase};
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::{AfterLastCall, EndsControlWith, StopRequest};
use crate::{Cause, CommandError, ConnectionId, DeadlineReason, Outcome, Point, Role, Transition};

impl Endpoint {
    /// Local termination of a control connection.
    pub(crate) fn close_control(
        &mut self,
        connection: Option<ConnectionId>,
        reason: StopReason,
    ) -> Result<Outcome, CommandError> {
        let id = connection
            .or_else(|| self.oldest_standing())
            .ok_or(CommandError::UnknownConnection)?;
        let reason = self.config.profile.stop_reason.map_or(reason, StopReason);
        let found = self
            .connections
            .get(&id)
            .ok_or(CommandError::UnknownConnection)?;
        match (found.state, found.phase) {
            (ConnectionState::Established, _) => self.terminate(id, reason, Cause::Answer),
            // Nothing was exchanged that a stop could end: TCP is closed, or given up while it opens.
            (ConnectionState::Idle, Phase::Opening | Phase::Refused) => {
                self.end_connection(id, None, Ending::Reset, Cause::Answer)
            }
            (ConnectionState::WaitControlReply, _)
            | (ConnectionState::Idle, Phase::Open | Phase::Stopped) => {
                self.end_connection(id, None, Ending::Close, Cause::Answer);
            }
            (state, _) => {
                return Err(CommandError::WrongState {
                    state: state.name(),
                });
            }
        }
        Ok(Outcome::Done)
    }

    /// T-CCO-12, T-CCR-09 (`CC-008`, `CC-017`).
    pub(crate) fn terminate(&mut self, id: ConnectionId, reason: StopReason, cause: Cause) {
        let transition = Self::by_side(id, Transition::Cco12, Transition::Ccr09);
        let without_stop = self.config.profile.ends_control_with == EndsControlWith::Close
            || self.deviates(DeviationId::CloseWithoutStop);
        if without_stop {
            return self.end_connection(id, Some(transition), Ending::Close, cause);
        }
        let notifies = self.config.profile.ends_control_with == EndsControlWith::NotifyAndStop;
        if notifies && self.config.role == Role::Pac {
            let result = self.config.profile.disconnect_result;
            let result = result.map_or(DisconnectResult::ADMIN_SHUTDOWN, DisconnectResult);
            self.notify_all(id, result, cause);
        }
        self.send_stop_request(id, reason, transition, cause);
    }

    /// Sends Stop-Control-Connection-Request. From here on nothing but the stop exchange is pursued (`CC-012`), and the calls of
    /// the connection are over (`STCRQ-005`).
    pub(crate) fn send_stop_request(
        &mut self,
        id: ConnectionId,
        mut reason: StopReason,
        transition: Transition,
        cause: Cause,
    ) {
        if self.deviates(DeviationId::StopReason0) {
            reason = StopReason(0);
        }
        let request = StopControlConnectionRequest {
            reason,
            ..StopControlConnectionRequest::default()
        };
        self.send(id, request, cause);
        if self.deviates(DeviationId::StopReplyUnasked) {
            self.send(id, StopControlConnectionReply::default(), cause);
        }
        if self.deviates(DeviationId::EchoWhileStopping) {
            self.send(id, EchoRequest::default(), cause);
        }
        self.note_calls_under_stop(id);
        self.enter(id, transition, ConnectionState::WaitStopReply);
        if !self.deviates(DeviationId::CallsSurviveStop) {
            self.end_calls_of(id);
        }
        if let Some(connection) = self.connections.get(&id) {
            self.io.timers.clear(&connection.keep_alive);
        }
        let within = self.config.profile.stop_time_out;
        self.await_message(
            id,
            ControlMessageType::STOP_CONTROL_CONNECTION_REPLY,
            within,
        );
    }

    fn note_calls_under_stop(&mut self, id: ConnectionId) {
        if self.first_call_of(id).is_some() {
            self.io.reached.point(Point::StoppedUnderCalls);
        }
    }

    /// Stop-Control-Connection-Request, in any state: answered, then TCP is closed behind the answer (`TR-014`, `CC-009`,
    /// `CC-011`, `CC-018`).
    pub(crate) fn stop_request_received(&mut self, id: ConnectionId) {
        self.note_calls_under_stop(id);
        let transition = match self.state_of(id) {
            // T-CCO-11.
            Some(ConnectionState::WaitControlReply) => Some(Transition::Cco11),
            // T-CCO-13, T-CCR-08.
            Some(ConnectionState::Established) => {
                Some(Self::by_side(id, Transition::Cco13, Transition::Ccr08))
            }
            // T-CCO-17, T-CCR-17: the stops have crossed.
            Some(ConnectionState::WaitStopReply) => {
                Some(Self::by_side(id, Transition::Cco17, Transition::Ccr17))
            }
            // Nothing was started that the request could stop; it is answered all the same.
            Some(ConnectionState::Idle) => None,
            None => return,
        };
        let mut action = self.config.profile.stop_request;
        if self.deviates(DeviationId::NeverStopReply) {
            action = StopRequest::Close;
        }
        if self.deviates(DeviationId::StopReplyKeepsTcp) {
            action = StopRequest::Reply;
        }
        if !matches!(action, StopRequest::Ignore | StopRequest::Close) {
            let reply = StopControlConnectionReply {
                result_code: StopResult::OK,
                error_code: ErrorCode::NONE,
                ..StopControlConnectionReply::default()
            };
            self.send(id, reply, Cause::Answer);
        }
        match action {
            StopRequest::Ignore => {}
            StopRequest::Reply => self.hold_after_stop(id, transition, Duration::ZERO),
            StopRequest::ReplyAndClose | StopRequest::ReplyClearAndClose | StopRequest::Close => {
                if action == StopRequest::ReplyClearAndClose {
                    self.clear_all(id, Cause::Answer);
                }
                let ending = match self.deviates(DeviationId::ResetsAfterStopReply) {
                    true => Ending::Reset,
                    false => Ending::Close,
                };
                self.end_connection(id, transition, ending, Cause::Answer);
            }
        }
    }

    /// Stop-Control-Connection-Reply. With Result 2 the peer says that it has not closed (`STCRP-005`); this end has
    /// decided to, and closes (AMB-21).
    pub(crate) fn stop_reply_received(&mut self, id: ConnectionId) {
        if self.state_of(id) != Some(ConnectionState::WaitStopReply) {
            return self.violation(id, Requirement::Stcrp001);
        }
        // T-CCO-16, T-CCR-13 (`CC-010`, `CC-019`).
        let transition = Self::by_side(id, Transition::Cco16, Transition::Ccr13);
        let closes_after = self.config.profile.closes_after;
        if self.deviates(DeviationId::StopReplyReceivedKeepsTcp) {
            return self.hold_after_stop(id, Some(transition), Duration::ZERO);
        }
        if closes_after == Duration::ZERO {
            return self.end_connection(id, Some(transition), Ending::Close, Cause::Answer);
        }
        self.hold_after_stop(id, Some(transition), closes_after);
    }

    /// The control connection is idle; TCP stays for a while, for ever if `span` is zero, or until the peer closes it.
    fn hold_after_stop(
        &mut self,
        id: ConnectionId,
        transition: Option<Transition>,
        span: Duration,
    ) {
        if let Some(transition) = transition {
            self.enter(id, transition, ConnectionState::Idle);
        }
        self.end_calls_of(id);
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.phase = Phase::Stopped;
            self.io.timers.clear(&connection.keep_alive);
        }
        self.await_within(id, span, DeadlineReason::ClosesAfter(span));
    }

    /// A call of the connection has ended, by this end or by the peer; if it was the last, the connection may be meant to end
    /// with it (AMB-54).
    pub(crate) fn after_call(&mut self, id: ConnectionId, own_end: bool) {
        let Some(connection) = self.connections.get(&id) else {
            return;
        };
        let last = connection.calls.is_empty() && connection.state == ConnectionState::Established;
        let stays = match self.config.profile.after_last_call {
            AfterLastCall::Keep => true,
            AfterLastCall::StopOwnEnd => !own_end,
            AfterLastCall::Stop | AfterLastCall::Close => false,
        };
        if !last || stays {
            return;
        }
        let delay = self.config.profile.after_last_call_delay;
        if delay == Duration::ZERO {
            return self.leave_after_last_call(id, Cause::LastCallEnded);
        }
        self.await_within(id, delay, DeadlineReason::AfterLastCall(delay));
    }

    /// Ends a control connection that has no calls left, as the profile has it.
    pub(crate) fn leave_after_last_call(&mut self, id: ConnectionId, cause: Cause) {
        match self.config.profile.after_last_call {
            AfterLastCall::Keep => {}
            AfterLastCall::Stop | AfterLastCall::StopOwnEnd => {
                let transition = Self::by_side(id, Transition::Cco12, Transition::Ccr09);
                let reason = StopReason(self.config.profile.after_last_call_reason);
                self.send_stop_request(id, reason, transition, cause);
            }
            AfterLastCall::Close => {
                let transition = Self::by_side(id, Transition::Cco12, Transition::Ccr09);
                self.end_connection(id, Some(transition), Ending::Close, cause);
            }
        }
    }
}

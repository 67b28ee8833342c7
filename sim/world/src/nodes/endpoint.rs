//! The endpoint of this project as a node.

use crate::{
    CallRef, Cause, Command, CommandError, ConnectionId, DataOutcome, Deadline, Event, Input, Node,
    Outcome, Output, Query, Role, Unit, Value,
};
use pptp_proto::{
    self as proto, DeadlineReason, DeviationId, Endpoint, Reached, StandAloneAcknowledgments,
    TransmitWindow,
};
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{CallBearerType, ControlMessageType, Text};

/// A [`pptp_proto::Endpoint`]: PAC or PNS, with its profile and its deviations.
#[derive(Debug)]
#[repr(C, align(64))]
pub struct EndpointNode {
    endpoint: Endpoint,
    start: Box<Start>,
}

/// How an endpoint starts, and started before.
#[derive(Debug)]
struct Start {
    config: proto::Config,
    restarts: u64,
    /// What the endpoint had come to before it was last restarted.
    reached: Reached,
}

/// Mixed into the entropy at each restart, so that a rebooted endpoint does not hand out the same Call IDs again.
const ENTROPY_STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl EndpointNode {
    /// An endpoint without any connection.
    pub fn new(config: proto::Config) -> EndpointNode {
        EndpointNode {
            endpoint: Endpoint::new(config.clone()),
            start: Box::new(Start {
                config,
                restarts: 0,
                reached: Reached::default(),
            }),
        }
    }

    /// The endpoint, to look at.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    fn state_of_connection(&self, named: Option<ConnectionId>) -> Option<&'static str> {
        match named {
            Some(id) => self
                .endpoint
                .connection_state(proto::ConnectionId(id.0))
                .or(Some("idle")),
            None => {
                let mut connections = self.endpoint.connections();
                match (connections.next(), connections.next()) {
                    (Some(only), None) => Some(only.state),
                    (None, _) => Some("idle"),
                    _ => None,
                }
            }
        }
    }

    /// Whether it acknowledges all received data in the end without data of its own to ride on.
    fn acknowledges_data(&self) -> bool {
        let alone = self.start.config.profile.stand_alone_acknowledgments;
        let silent = self.start.config.deviations.contains(DeviationId::NeverAck);
        alone == StandAloneAcknowledgments::Delayed && !silent
    }

    /// Whether data waits for a send window at all.
    fn uses_window(&self) -> bool {
        self.start.config.profile.transmit_window == TransmitWindow::Honoured
    }

    fn session(&self, call: CallRef) -> Option<proto::SessionView> {
        self.endpoint.session(inner_call(call))
    }
}

impl Node for EndpointNode {
    #[inline]
    fn handle(&mut self, now: Instant, input: Input<'_>) {
        self.endpoint.handle(now, inner_input(input));
    }

    #[inline]
    fn poll(&mut self, _now: Instant) -> Output<'_> {
        let keep_alive = self.endpoint.only_keep_alive_left();
        outer_output(self.endpoint.poll(), keep_alive)
    }

    fn command(&mut self, now: Instant, command: &Command) -> Result<Outcome, CommandError> {
        let command = inner_command(command).ok_or(CommandError::Unsupported)?;
        let outcome = self.endpoint.command(now, &command).map_err(outer_error)?;
        Ok(match outcome {
            proto::Outcome::Done => Outcome::Done,
            proto::Outcome::Call(call) => Outcome::Call(outer_call(call)),
            proto::Outcome::Connection(id) => Outcome::Connection(ConnectionId(id.0)),
        })
    }

    fn send_data(
        &mut self,
        now: Instant,
        call: CallRef,
        payload: &[u8],
    ) -> Result<DataOutcome, CommandError> {
        match self
            .endpoint
            .send_data(now, inner_call(call), payload)
            .map_err(outer_error)?
        {
            proto::DataOutcome::Accepted => Ok(DataOutcome::Accepted),
            proto::DataOutcome::Full => Ok(DataOutcome::Full),
            proto::DataOutcome::Unsendable => Ok(DataOutcome::Unsendable),
        }
    }

    fn query(&self, query: &Query) -> Option<Value> {
        let number = |number: u32| Value::Number(u64::from(number));
        let call_of = |call: CallRef| self.endpoint.call(inner_call(call));
        Some(match *query {
            Query::ConnectionState(named) => Value::State(self.state_of_connection(named)?),
            Query::CallState(call) => Value::State(call_of(call).map_or("idle", |view| view.state)),
            Query::PeerCallId(call) => Value::Number(u64::from(call_of(call)?.peer_call_id?.0)),
            Query::OwnCallId(connection, peer) => {
                let mut calls = self.endpoint.calls();
                let found = calls.find(|view| {
                    view.call.connection.0 == connection.0 && view.peer_call_id == Some(peer)
                });
                Value::Number(u64::from(found?.call.call_id.0))
            }
            Query::Window(call) if self.uses_window() => number(self.session(call)?.window),
            Query::Window(_) => return None,
            Query::PeerMaximumWindow(call) => number(self.session(call)?.peer_maximum_window),
            Query::AdaptiveTimeOut(call) => Value::Span(self.session(call)?.adaptive_time_out),
            Query::Unacknowledged(call) => number(self.session(call)?.unacknowledged),
            Query::Queued(call) => number(self.session(call)?.queued),
            Query::NextSequenceNumber(call) => number(self.session(call)?.next_sequence_number),
            Query::SendAccm(call) => number(call_of(call)?.send_accm),
            Query::ReceiveAccm(call) => number(call_of(call)?.receive_accm),
            Query::Calls => Value::Number(self.endpoint.calls().count() as u64),
            Query::CallAt(place) => {
                let view = self.endpoint.calls().nth(place as usize)?;
                Value::Call(outer_call(view.call))
            }
            Query::Connections => Value::Number(self.endpoint.connections().count() as u64),
            Query::NextTimer => {
                let deadline = self.endpoint.next_deadline()?;
                Value::Timer(deadline.at, outer_reason(deadline.reason))
            }
            Query::AcknowledgesData => Value::Flag(self.acknowledges_data()),
            Query::Reached(word) if word < Reached::WORDS => {
                Value::Number(self.start.reached.word(word) | self.endpoint.reached().word(word))
            }
            Query::Reached(_) => return None,
        })
    }

    fn role(&self) -> Option<Role> {
        Some(match self.start.config.role {
            proto::Role::Pac => Role::Pac,
            proto::Role::Pns => Role::Pns,
        })
    }

    #[inline]
    fn look_ahead(&self) {
        self.endpoint.look_ahead();
    }

    fn take_endpoint(&mut self) -> Option<EndpointNode> {
        let other = EndpointNode::new(self.start.config.clone());
        Some(core::mem::replace(self, other))
    }

    fn restart(&mut self) {
        let start = &mut *self.start;
        start.restarts += 1;
        start.reached.merge(self.endpoint.reached());
        let entropy = start
            .config
            .entropy
            .wrapping_add(ENTROPY_STEP.wrapping_mul(start.restarts));
        self.endpoint = Endpoint::new(proto::Config {
            entropy,
            ..start.config.clone()
        });
    }
}

#[inline]
fn inner_call(call: CallRef) -> proto::CallRef {
    proto::CallRef {
        connection: proto::ConnectionId(call.connection.0),
        call_id: call.call_id,
    }
}

#[inline]
fn outer_call(call: proto::CallRef) -> CallRef {
    CallRef {
        connection: ConnectionId(call.connection.0),
        call_id: call.call_id,
    }
}

#[inline]
fn inner_input(input: Input<'_>) -> proto::Input<'_> {
    match input {
        Input::Datagram { from, octets } => proto::Input::Datagram { from, octets },
        Input::Deadline => proto::Input::Deadline,
        Input::Octets { connection, octets } => proto::Input::Octets {
            connection: proto::ConnectionId(connection.0),
            octets,
        },
        Input::Opened { connection, peer } => proto::Input::Opened {
            connection: proto::ConnectionId(connection.0),
            peer,
        },
        Input::Closed { connection } => proto::Input::Closed {
            connection: proto::ConnectionId(connection.0),
        },
        Input::Reset { connection } => proto::Input::Reset {
            connection: proto::ConnectionId(connection.0),
        },
    }
}

#[inline(always)]
fn outer_output(output: proto::Output<'_>, keep_alive: bool) -> Output<'_> {
    let id = |connection: proto::ConnectionId| ConnectionId(connection.0);
    match output {
        proto::Output::Datagram { to, octets, cause } => Output::Datagram {
            from: None,
            to,
            octets,
            cause: outer_cause(cause),
        },
        proto::Output::Deadline(deadline) => {
            Output::Deadline(deadline.map(|deadline| outer_deadline(deadline, keep_alive)))
        }
        proto::Output::Event(event) => Output::Event(outer_event(event)),
        proto::Output::Connect { connection, to } => Output::Connect {
            connection: id(connection),
            to,
        },
        proto::Output::Send {
            connection,
            octets,
            cause,
        } => Output::Send {
            connection: id(connection),
            octets,
            unit: Unit::Stream,
            cause: outer_cause(cause),
        },
        proto::Output::Close { connection, cause } => Output::Close {
            connection: id(connection),
            cause: outer_cause(cause),
        },
        proto::Output::Reset { connection, cause } => Output::Reset {
            connection: id(connection),
            cause: outer_cause(cause),
        },
    }
}

#[inline]
fn outer_deadline(deadline: proto::Deadline, keep_alive: bool) -> Deadline {
    Deadline {
        at: deadline.at,
        cause: outer_reason(deadline.reason),
        keep_alive,
    }
}

#[inline]
fn outer_event(event: proto::Event<'_>) -> Event<'_> {
    let id = |connection: proto::ConnectionId| ConnectionId(connection.0);
    match event {
        proto::Event::Data {
            call,
            sequence_number,
            payload,
        } => Event::Data {
            call: outer_call(call),
            sequence_number,
            payload,
        },
        proto::Event::Transition {
            transition,
            connection,
            call,
            from,
            to,
        } => Event::Transition {
            transition: transition.id(),
            connection: id(connection),
            call: call.map(outer_call),
            from,
            to,
        },
        proto::Event::Dropped {
            call,
            reason,
            sequence_number,
        } => Event::Dropped {
            call: call.map(outer_call),
            reason: reason.key(),
            sequence_number,
        },
        proto::Event::Violation {
            requirement,
            connection,
            call,
        } => Event::Violation {
            requirement,
            connection: connection.map(id),
            call: call.map(outer_call),
        },
        proto::Event::Limit { limit } => Event::Limit { limit: limit.key() },
        proto::Event::CallEnded { call, unsent } => Event::CallEnded {
            call: outer_call(call),
            unsent,
        },
        proto::Event::WindowFull { call, window } => Event::WindowFull {
            call: outer_call(call),
            window,
        },
        proto::Event::TimeOut { call, of } => Event::TimeOut {
            call: outer_call(call),
            of,
        },
    }
}

fn outer_error(error: proto::CommandError) -> CommandError {
    match error {
        proto::CommandError::Unsupported => CommandError::Unsupported,
        proto::CommandError::WrongState { state } => CommandError::WrongState { state },
        proto::CommandError::UnknownCall => CommandError::UnknownCall,
        proto::CommandError::UnknownConnection => CommandError::UnknownConnection,
        proto::CommandError::Limit => CommandError::Limit,
    }
}

/// The endpoint's command; `None` for those of scripted nodes.
fn inner_command(command: &Command) -> Option<proto::Command> {
    let id = |connection: &Option<ConnectionId>| connection.map(|id| proto::ConnectionId(id.0));
    Some(match command {
        Command::OpenControl { to } => proto::Command::OpenControl { to: *to },
        Command::CloseControl { connection, reason } => proto::Command::CloseControl {
            connection: id(connection),
            reason: *reason,
        },
        Command::PlaceCall {
            connection,
            options,
        } => proto::Command::PlaceCall {
            connection: id(connection),
            options: proto::PlaceCall {
                phone_number: Text::new(&options.phone_number),
                subaddress: Text::new(&options.subaddress),
                call_serial_number: options.call_serial_number,
                minimum_bps: options.minimum_bps,
                maximum_bps: options.maximum_bps,
                bearer_type: options.bearer_type,
                framing_type: options.framing_type,
                packet_recv_window_size: options.packet_recv_window_size,
                packet_processing_delay: options.packet_processing_delay,
            },
        },
        Command::Ring {
            connection,
            options,
        } => proto::Command::Ring {
            connection: id(connection),
            options: proto::Ring {
                dialed_number: Text::new(&options.dialed_number),
                dialing_number: Text::new(&options.dialing_number),
                subaddress: Text::new(&options.subaddress),
                call_serial_number: options.call_serial_number,
                call_bearer_type: options.call_bearer_type.map(CallBearerType),
                physical_channel_id: options.physical_channel_id,
            },
        },
        Command::ClearCall { call } => proto::Command::ClearCall {
            call: inner_call(*call),
        },
        Command::DisconnectCall { call } => proto::Command::DisconnectCall {
            call: inner_call(*call),
        },
        Command::LoseCarrier { call } => proto::Command::LoseCarrier {
            call: inner_call(*call),
        },
        Command::SetLinkInfo {
            call,
            send_accm,
            receive_accm,
        } => proto::Command::SetLinkInfo {
            call: inner_call(*call),
            send_accm: *send_accm,
            receive_accm: *receive_accm,
        },
        Command::CountWanErrors { call, counters } => proto::Command::CountWanErrors {
            call: inner_call(*call),
            counters: proto::WanErrors {
                crc_errors: counters.crc_errors,
                framing_errors: counters.framing_errors,
                hardware_overruns: counters.hardware_overruns,
                buffer_overruns: counters.buffer_overruns,
                time_out_errors: counters.time_out_errors,
                alignment_errors: counters.alignment_errors,
            },
        },
        Command::OpenTcp { .. }
        | Command::CloseTcp { .. }
        | Command::ResetTcp { .. }
        | Command::SendControl { .. }
        | Command::SendGre { .. } => return None,
    })
}

#[inline]
fn outer_cause(cause: proto::Cause) -> Cause {
    match cause {
        proto::Cause::Answer => Cause::ANSWER,
        proto::Cause::Deadline(reason) => outer_reason(reason),
        proto::Cause::CollisionLost => Cause::text("collision lost"),
        proto::Cause::CollisionUndecided => Cause::text("collision of equal addresses"),
        proto::Cause::ConnectionExists => Cause::text("a control connection stands"),
        proto::Cause::Malformed => Cause::text("malformed message"),
        proto::Cause::LastCallEnded => Cause::text("last call ended"),
    }
}

#[inline]
fn outer_reason(reason: DeadlineReason) -> Cause {
    match reason {
        DeadlineReason::AcknowledgmentDelay(delay) => {
            Cause::span("acknowledgment delay {t}", delay)
        }
        DeadlineReason::TimeOut { of } => Cause::number("time-out of {}", u64::from(of)),
        DeadlineReason::ReorderTimeOut(delay) => Cause::span("reorder time-out {t}", delay),
        DeadlineReason::TcpOpen(span) => Cause::span("{t} without TCP-Open", span),
        DeadlineReason::TcpClose(span) => Cause::span("{t} without TCP-Close", span),
        DeadlineReason::Awaited { message, within } => awaited(message, within),
        DeadlineReason::Idle(span) => Cause::span("{t} without a control message", span),
        DeadlineReason::EchoReply(span) => Cause::span("{t} without Echo-Reply", span),
        DeadlineReason::ClosesAfter(span) => Cause::span("{t} since the stop exchange", span),
        DeadlineReason::AfterLastCall(span) => Cause::span("{t} since the last call", span),
        DeadlineReason::Telephone => Cause::ANSWER,
        DeadlineReason::HangsUp(span) => Cause::span("the telephone hangs up after {t}", span),
        DeadlineReason::DialTimeOut(span) => Cause::span("{t} of dialling", span),
        DeadlineReason::WanErrorInterval(span) => Cause::span("{t} since the last", span),
    }
}

/// A cause holds one value, so each message that may be awaited has a template of its own.
fn awaited(message: ControlMessageType, within: Duration) -> Cause {
    let template = match message {
        ControlMessageType::START_CONTROL_CONNECTION_REQUEST => {
            "{t} without Start-Control-Connection-Request"
        }
        ControlMessageType::START_CONTROL_CONNECTION_REPLY => {
            "{t} without Start-Control-Connection-Reply"
        }
        ControlMessageType::STOP_CONTROL_CONNECTION_REPLY => {
            "{t} without Stop-Control-Connection-Reply"
        }
        ControlMessageType::OUTGOING_CALL_REPLY => "{t} without Outgoing-Call-Reply",
        ControlMessageType::INCOMING_CALL_REPLY => "{t} without Incoming-Call-Reply",
        ControlMessageType::INCOMING_CALL_CONNECTED => "{t} without Incoming-Call-Connected",
        ControlMessageType::CALL_DISCONNECT_NOTIFY => "{t} without Call-Disconnect-Notify",
        _ => "{t} without an answer",
    };
    Cause::span(template, within)
}

#[cfg(test)]
mod tests;

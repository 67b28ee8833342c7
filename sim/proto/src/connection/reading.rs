//! From the octets of a connection to its state machines.

use pptp_wire::{
    Body, ControlMessage, ControlMessageType, EchoResult, ErrorCode, Framer, FramerConfig,
    FramingErrorKind, HEADER_LENGTH, MAXIMUM_LENGTH, Requirement, Severity, validate_control,
};

use super::{ConnectionState, Ending, Phase};
use crate::deviation::DeviationId;
use crate::endpoint::Endpoint;
use crate::profile::{EarlyMessage, LostSynchronisation};
use crate::{Cause, ConnectionId, Point};

impl Endpoint {
    /// A framer as the profile has it.
    pub(crate) fn new_framer(&self) -> Framer {
        let off_by_one = u16::from(self.deviates(DeviationId::MaxLengthOffByOne));
        Framer::new(FramerConfig {
            maximum_length: MAXIMUM_LENGTH as u16 - off_by_one,
            accept_any_pptp_message_type: true,
            accept_any_magic_cookie: !self.config.profile.checks_magic_cookie
                || self.deviates(DeviationId::AcceptsAnyCookie),
            resynchronise: self.config.profile.lost_synchronisation
                == LostSynchronisation::Resynchronise,
            ..FramerConfig::RFC
        })
    }

    /// Octets of a TCP stream: message by message, however they are cut (`TR-007`).
    pub(crate) fn octets_received(&mut self, id: ConnectionId, mut octets: &[u8]) {
        if !self.config.deviations.is_empty() && self.misreads(id, octets) {
            return;
        }
        if self.deviates(DeviationId::CollisionDecidedAtFirstOctets) {
            self.note_first_octets(id);
        }
        let least = usize::from(self.config.profile.least_first_octets);
        if let Some(connection) = self.connections.get_mut(&id)
            && !std::mem::replace(&mut connection.has_heard, true)
            && !id.is_own()
            && octets.len() < least
        {
            return self.end_connection(id, None, Ending::Reset, Cause::Malformed);
        }
        let mut messages = 0;
        while let Some(connection) = self.connections.get_mut(&id) {
            if !matches!(connection.phase, Phase::Open | Phase::Silent) {
                return;
            }
            let silent = connection.phase == Phase::Silent;
            let mut message = [0; MAXIMUM_LENGTH];
            let length = match connection.framer.push(&mut octets) {
                None => {
                    self.io
                        .reached
                        .waits_for_octets(connection.framer.buffered());
                    return;
                }
                Some(Ok(frame)) => {
                    let length = frame.octets.len().min(MAXIMUM_LENGTH);
                    message[..length].copy_from_slice(&frame.octets[..length]);
                    length
                }
                Some(Err(error)) => {
                    self.violation(id, error.requirement());
                    // The framer reads nothing after an error, and here nobody hears of it.
                    let stuck = error.kind == FramingErrorKind::LengthTooShort && error.seen == 0;
                    if stuck && self.deviates(DeviationId::Length0ConsumesNothing) {
                        return;
                    }
                    return self.lost_synchronisation(id);
                }
            };
            // On a connection that lost the collision no further message is due (`CC-025`).
            messages += 1;
            if messages > 1 {
                self.io.reached.point(Point::MessagesAtOnce);
            }
            if silent {
                self.io.reached.point(Point::LoserSpoke);
                self.violation(id, Requirement::Cc025);
                continue;
            }
            self.message_received(id, &message[..length]);
        }
    }

    fn message_received(&mut self, id: ConnectionId, octets: &[u8]) {
        for finding in validate_control(octets) {
            if matches!(finding.severity, Severity::Error | Severity::Warning) {
                self.violation(id, finding.requirement);
            }
        }
        self.heard(id);
        let understood = self.understand(id, octets);
        if !self.config.deviations.is_empty() {
            self.mishear(id, octets);
        }
        let Some(message) = understood else {
            return;
        };
        match self.state_of(id) {
            Some(ConnectionState::Idle | ConnectionState::WaitControlReply) => {
                self.early_message(id, &message)
            }
            Some(ConnectionState::Established) => self.established_message(id, &message),
            Some(ConnectionState::WaitStopReply) => self.message_while_stopping(id, &message.body),
            None => {}
        }
    }

    /// A message before the start exchange is over.
    fn early_message(&mut self, id: ConnectionId, message: &ControlMessage) {
        if self.is_wrong_direction(message.message_type()) {
            return self.wrong_direction(id, message);
        }
        match &message.body {
            Body::StartControlConnectionRequest(request) if !id.is_own() => {
                self.start_request_received(id, request)
            }
            Body::StartControlConnectionReply(reply) if id.is_own() => {
                self.start_reply_received(id, reply)
            }
            Body::StopControlConnectionRequest(_) => self.stop_request_received(id),
            Body::StopControlConnectionReply(_) => {
                self.io.reached.point(Point::EarlyMessage);
                self.violation(id, Requirement::Stcrp001);
                self.out_of_order(id, self.config.profile.other_before_established);
            }
            Body::EchoRequest(request) => {
                // AMB-32.
                self.io.reached.point(Point::EarlyMessage);
                self.violation(id, Requirement::Tr005);
                match self.config.profile.echo_before_established {
                    EarlyMessage::Answer => {
                        let reply =
                            Self::echo_reply(request.identifier, EchoResult::OK, ErrorCode::NONE);
                        self.send(id, reply, Cause::Answer);
                    }
                    other => self.out_of_order(id, other),
                }
            }
            Body::OutgoingCallRequest(_) | Body::IncomingCallRequest(_) => {
                self.io.reached.point(Point::EarlyMessage);
                self.violation(id, Requirement::Tr005);
                match self.config.profile.call_before_established {
                    // Not-Connected (`ERR-002`).
                    EarlyMessage::Answer => {
                        self.refuse_with_error(id, message, ErrorCode::NOT_CONNECTED)
                    }
                    other => self.out_of_order(id, other),
                }
            }
            _ => {
                self.io.reached.point(Point::EarlyMessage);
                self.violation(id, Requirement::Tr005);
                self.out_of_order(id, self.config.profile.other_before_established);
            }
        }
    }

    /// Whether a deviation loses the octets of one read before they are looked at.
    #[cold]
    fn misreads(&mut self, id: ConnectionId, octets: &[u8]) -> bool {
        let framer = self.new_framer();
        let one_read = self.deviates(DeviationId::OneReadIsOneMessage);
        let mut before = self
            .connections
            .iter()
            .take_while(|(first, _)| **first < id);
        let behind = before.any(|(_, first)| first.pending);
        drop(before);
        let Some(connection) = self.connections.get_mut(&id) else {
            return false;
        };
        if one_read {
            connection.framer = framer;
        }
        let fresh = connection.pending && connection.framer.position() == 0;
        let first = fresh && connection.framer.buffered() == 0;
        if connection.pending && behind && self.deviates(DeviationId::AcceptBlocksOnSilentClient) {
            return true;
        }
        let short = first && octets.len() < HEADER_LENGTH;
        if short && self.deviates(DeviationId::NeedsHeaderInFirstSegment) {
            self.end_connection(id, None, Ending::Reset, Cause::Malformed);
            return true;
        }
        false
    }

    /// What a deviation does to the stream behind a message.
    #[cold]
    fn mishear(&mut self, id: ConnectionId, octets: &[u8]) {
        let loses_step = self.deviates(DeviationId::LosesStepOnWanErrorNotify);
        let keeps = self.deviates(DeviationId::ShortBodyUsesStaleBuffer);
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let wan_error = ControlMessageType::WAN_ERROR_NOTIFY.0.to_be_bytes();
        if loses_step && octets.get(8..10) == Some(&wan_error[..]) {
            connection.deafen();
        }
        if keeps {
            connection.previous = octets.to_vec();
        }
    }

    fn message_while_stopping(&mut self, id: ConnectionId, body: &Body) {
        match body {
            Body::StopControlConnectionReply(_) => self.stop_reply_received(id),
            Body::StopControlConnectionRequest(_) => self.stop_request_received(id),
            // Nothing but the stop exchange is pursued (`CC-012`); what was under way may still come in.
            _ => self.io.reached.point(Point::MessageWhileStopping),
        }
    }

    fn out_of_order(&mut self, id: ConnectionId, action: EarlyMessage) {
        if action == EarlyMessage::Close {
            self.end_malformed(id);
        }
    }

    /// T-CCO-20, T-CCR-19: the connection ends over a message that cannot be understood or is out of place (`HDR-014`).
    pub(crate) fn end_malformed(&mut self, id: ConnectionId) {
        let transition = Self::by_side(id, crate::Transition::Cco20, crate::Transition::Ccr19);
        self.end_connection(id, Some(transition), Ending::Close, Cause::Malformed);
    }
}

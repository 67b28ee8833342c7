//! Which messages may be sent when: the first one, those before and after the start, after a stop, after junk, in a collision.

use crate::ledger::Seen;
use crate::observation::Place;
use crate::timer::ConnectionTimer;
use crate::tracker::{Answer, InTransit, Side, Tracker};
use pptp_wire::Requirement::*;
use pptp_wire::{
    Body, ControlMessageType as Type, IncomingCallResult, OutgoingCallResult, StartResult,
};

impl Tracker {
    /// The rules on the order of messages, before the message itself is judged.
    pub(super) fn judge_order(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message_type: Type,
        body: Option<&Body>,
    ) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        let (end, mark) = (seen.from, seen.mark);
        if !record.spoken && side == 0 {
            // SCCRQ-001: the opener's first octets. What the acceptor may say before falls under TR-005 and TR-009.
            self.ledger.held(end, Sccrq001);
            if message_type != Type::START_CONTROL_CONNECTION_REQUEST {
                let text = "the first message on the connection";
                self.ledger
                    .blame_value(Sccrq001, end, mark, text, message_type.0, Some(1));
            }
        }
        let sender = &record.sides[side];
        let is_start = matches!(
            message_type,
            Type::START_CONTROL_CONNECTION_REQUEST | Type::START_CONTROL_CONNECTION_REPLY
        );
        if sender.established.is_none() && !is_start && needs_connection(message_type, body) {
            if sender.refused && message_type.0 >= Type::OUTGOING_CALL_REQUEST.0 {
                // CC-007
                let text = "call message after the start was refused";
                self.ledger
                    .blame_value(Cc007, end, mark, text, message_type.0, None);
            } else {
                // TR-005
                let text = "message before the control connection is established";
                self.ledger
                    .blame_value(Tr005, end, mark, text, message_type.0, None);
            }
        }
        let is_request = matches!(
            message_type,
            Type::START_CONTROL_CONNECTION_REQUEST
                | Type::ECHO_REQUEST
                | Type::OUTGOING_CALL_REQUEST
                | Type::INCOMING_CALL_REQUEST
        );
        if sender.stop_request.is_some() && is_request {
            // CC-012
            let text = "request after the end's own stop request";
            self.ledger
                .blame_value(Cc012, end, mark, text, message_type.0, None);
        }
        if message_type.0 >= Type::OUTGOING_CALL_REQUEST.0 && self.stop_is_over(sender, seen) {
            // CALL-010
            let text = "call message after the stop exchange";
            self.ledger
                .blame_value(Call010, end, mark, text, message_type.0, None);
        }
        if sender.silenced {
            // CC-025
            self.ledger.blame(
                Cc025,
                end,
                mark,
                "the loser of a collision speaks on its own connection",
            );
        }
        if sender.forbidden {
            // CC-028
            self.ledger.blame(
                Cc028,
                end,
                mark,
                "the winner of a collision speaks on the loser's connection",
            );
        }
        self.judge_after_junk(seen, number, side, message_type, body);
    }

    /// The stop exchange is over, as far as this end knows. On the path, a message may have crossed the reply.
    fn stop_is_over(&self, sender: &Side, seen: &Seen) -> bool {
        let is_stopped = |answer: Option<Answer>| answer.is_some_and(|answer| answer.result == 1);
        let crosses = seen.place == Place::Passing
            && sender
                .stop_answer_arrived
                .is_some_and(|answer| seen.mark.at.since(answer.mark.at) <= self.config.transit);
        is_stopped(sender.stop_answer) || is_stopped(sender.stop_answer_arrived) && !crosses
    }

    /// HDR-008, HDR-009, and the error that answers a malformed message (HDR-014).
    fn judge_after_junk(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message_type: Type,
        body: Option<&Body>,
    ) {
        let tolerance = self.tolerance(seen);
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        // What came in front of the junk may still be answered.
        let answers = match body {
            Some(Body::EchoReply(reply)) => record.sides[1 - side]
                .echoes
                .iter()
                .any(|echo| echo.identifier == reply.identifier && echo.arrived.is_some()),
            _ => is_reply(message_type) && !record.sides[side].valid_after_junk,
        };
        // On the path, what its sender does not know yet may pass the tap before it.
        let answers_what_is_behind = match body {
            Some(Body::EchoReply(reply)) => record.sides[1 - side]
                .echoes
                .iter()
                .any(|echo| echo.identifier == reply.identifier && echo.arrived.is_none()),
            _ => is_reply(message_type) && record.sides[side].valid_after_junk,
        };
        let crosses = seen.place == Place::Passing && !answers_what_is_behind;
        let sender = &mut record.sides[side];
        if let Some(lost) = sender.lost_step.get()
            && !((answers || crosses) && seen.mark.at.since(lost.at) <= tolerance)
        {
            self.ledger.blame(
                Hdr009,
                seen.from,
                seen.mark,
                "a message after synchronisation was lost",
            );
            // A stop is no answer to what came behind the junk.
            if sender.valid_after_junk && message_type != Type::STOP_CONTROL_CONNECTION_REQUEST {
                let text = "a message is found again behind junk and answered";
                self.ledger.blame(Hdr008, seen.from, seen.mark, text);
            }
        }
        let is_stop = message_type == Type::STOP_CONTROL_CONNECTION_REQUEST;
        if sender.malformed.is_some() && (is_stop || body.is_some_and(reports_error)) {
            sender.malformed.take();
            self.cancel_timer(number, side, ConnectionTimer::Malformed);
        }
    }

    /// The stream loses step with these octets. HDR-002: because the message before was not as long as it said.
    pub(super) fn junk_sent(&mut self, seen: &Seen, number: u32, side: usize) {
        let Some(record) = self.connections.get(number) else {
            return;
        };
        if record.sides[side].wrong_length {
            let text = "no message starts where the Length of the one before ends";
            self.ledger.blame(Hdr002, seen.from, seen.mark, text);
        }
    }

    /// Synchronisation is lost at the receiver (HDR-009).
    pub(super) fn junk_arrived(&mut self, seen: &Seen, number: u32, side: usize) {
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        record.sides[side].may_close = true;
        let lost_before = record.sides[side].lost_step.is_some();
        record.sides[side].lost_step.set(seen.mark);
        if lost_before {
            return;
        }
        let end = record.ends[side];
        self.ledger.held_all(end, &[Hdr008, Hdr009]);
        self.set_timer(
            number,
            side,
            ConnectionTimer::LostStep,
            seen.mark.at,
            self.config.close,
        );
    }

    /// HDR-014, HDR-015: a malformed message has reached its receiver, or a valid one after junk. Answers whether it comes behind junk:
    /// it is not to be found there, and asks for nothing (HDR-008).
    pub(super) fn malformed_arrived(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        message: &InTransit,
    ) -> bool {
        let Some(record) = self.connections.get_mut(number) else {
            return true;
        };
        let end = record.ends[side];
        let receiver = &mut record.sides[side];
        receiver.may_close |= !message.valid;
        receiver.may_answer_malformed |= !message.well_formed || receiver.lost_step.is_some();
        if receiver.lost_step.is_some() {
            receiver.valid_after_junk |= message.well_formed;
            return true;
        }
        if message.well_formed {
            if !message.valid {
                // A value out of range: the rules on the request's own answer judge what follows (PACO-001, PNSI-001).
                self.ledger.held(end, Hdr014);
            }
            return false;
        }
        receiver.may_close = true;
        if receiver.closed || receiver.malformed.is_some() {
            return false;
        }
        receiver.malformed.set((seen.mark, message.known_type));
        self.ledger
            .held(end, if message.known_type { Hdr014 } else { Hdr015 });
        let kind = ConnectionTimer::Malformed;
        self.set_timer(number, side, kind, seen.mark.at, self.config.close);
        false
    }
}

/// What waits until the control connection is established: requests, and replies that grant something. Answers to what the peer
/// sent too early are exempt, and so is the stop exchange (TR-005 as amended by CC-005, ERR-002, AMB-25, AMB-32).
fn needs_connection(message_type: Type, body: Option<&Body>) -> bool {
    match body {
        Some(Body::OutgoingCallReply(reply)) => reply.result_code == OutgoingCallResult::CONNECTED,
        Some(Body::IncomingCallReply(reply)) => reply.result_code == IncomingCallResult::CONNECT,
        _ => matches!(
            message_type,
            Type::ECHO_REQUEST
                | Type::OUTGOING_CALL_REQUEST
                | Type::INCOMING_CALL_REQUEST
                | Type::INCOMING_CALL_CONNECTED
                | Type::CALL_CLEAR_REQUEST
                | Type::WAN_ERROR_NOTIFY
                | Type::SET_LINK_INFO
        ),
    }
}

/// Whether a message answers another.
const fn is_reply(message_type: Type) -> bool {
    matches!(
        message_type,
        Type::START_CONTROL_CONNECTION_REPLY
            | Type::STOP_CONTROL_CONNECTION_REPLY
            | Type::ECHO_REPLY
            | Type::OUTGOING_CALL_REPLY
            | Type::INCOMING_CALL_REPLY
            | Type::CALL_DISCONNECT_NOTIFY
    )
}

/// Whether a reply says that something was wrong with what it answers.
fn reports_error(body: &Body) -> bool {
    match body {
        Body::StartControlConnectionReply(reply) => reply.result_code != StartResult::OK,
        Body::StopControlConnectionReply(reply) => reply.result_code.0 != 1,
        Body::EchoReply(reply) => reply.result_code.0 != 1,
        Body::OutgoingCallReply(reply) => reply.result_code != OutgoingCallResult::CONNECTED,
        Body::IncomingCallReply(reply) => reply.result_code != IncomingCallResult::CONNECT,
        Body::CallDisconnectNotify(notify) => notify.result_code.0 == 2,
        _ => false,
    }
}

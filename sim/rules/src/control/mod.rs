//! Control messages: what each says about its sender, and what its arrival means to its receiver.

mod again;
mod answer;
mod clear;
mod close;
mod collision;
mod deadline;
mod echo;
mod incoming;
mod line;
mod order;
mod outgoing;
mod role;
mod start;
mod stop;

pub(crate) use stop::ANSWERS_STOP;

use crate::finding::Detail;
use crate::ledger::Seen;
use crate::observation::Place;
use crate::timer::ConnectionTimer;
use crate::tracker::{Cut, Effect, InTransit, Tracker, Values};
use pptp_wire::Requirement::*;
use pptp_wire::{
    Body, ControlMessage, ControlMessageType, FramingErrorKind, Header, MAGIC_COOKIE,
    MAXIMUM_LENGTH, PptpMessageType, Severity, validate_control,
};

impl Tracker {
    /// A control message was seen, or junk in its place.
    pub(crate) fn control(
        &mut self,
        seen: &Seen,
        number: u32,
        octets: &[u8],
        framing: Option<FramingErrorKind>,
    ) {
        let Some(side) = self.enter(seen, number) else {
            return;
        };
        let message = if seen.place == Place::Arrived {
            let Some(record) = self.connections.get_mut(number) else {
                return;
            };
            match record.transit[side].take(octets) {
                Some(message) => message,
                None => return,
            }
        } else {
            self.message_sent(seen, number, side, octets, framing)
        };
        match seen.place {
            Place::Sent => {
                if let Some(record) = self.connections.get_mut(number) {
                    record.transit[side].push(octets, message);
                }
            }
            Place::Arrived | Place::Passing => {
                self.message_arrived(seen, number, 1 - side, message);
            }
        }
    }

    /// The beginning of what was sent shows its receiver that step is lost.
    pub(crate) fn losing_step(&mut self, seen: &Seen, number: u32) {
        if let Some(side) = self.enter(seen, number)
            && seen.place != Place::Sent
        {
            self.junk_arrived(seen, number, 1 - side);
        }
    }

    /// Judges the sender of a message, follows what it does, and answers with what the arrival will mean.
    fn message_sent(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        octets: &[u8],
        framing: Option<FramingErrorKind>,
    ) -> InTransit {
        let header = Header::decode(octets).ok();
        let message_type =
            header.map_or(ControlMessageType(0), |header| header.control_message_type);
        self.ledger.message(seen.from, message_type);
        if let Some(record) = self.connections.get_mut(number) {
            record.sides[side].foreign |= !seen.mark.graded;
            record.sides[side].spoiled |= seen.spoiled;
        }
        let alone = &self
            .connections
            .get(number)
            .map_or(*seen, |record| record.fair(side, seen));
        let (valid, values) = self.validate_message(alone, number, side, octets);
        let seen = &self.fair(number, side, seen);
        let known_type = message_type.is_defined();
        let cut = Cut::of(octets, header.map(|header| header.length));
        let is_of_its_length = header.is_some_and(|header| {
            header.pptp_message_type == PptpMessageType::CONTROL
                && message_type.length() == Some(header.length)
        });
        // A message that is no control message is invalid (HDR-005) and has a Length all the same: step is not lost, if its cookie is
        // right (HDR-007).
        let in_step = octets
            .get(4..8)
            .is_none_or(|cookie| cookie == MAGIC_COOKIE.to_be_bytes());
        let lost_step =
            framing.is_some_and(|kind| kind != FramingErrorKind::BadPptpMessageType || !in_step);
        if lost_step {
            self.junk_sent(seen, number, side);
        }
        let body = (!lost_step
            && cut != Cut::Short
            && header.is_some_and(|header| header.pptp_message_type == PptpMessageType::CONTROL))
        .then(|| body_of(message_type, octets))
        .flatten();
        let is_cut_off = header.is_none_or(|header| octets.len() < usize::from(header.length));
        if is_cut_off && !lost_step {
            // HDR-020
            let text = "the message ends before its last octet";
            self.ledger.blame(Hdr020, seen.from, seen.mark, text);
        }
        self.judge_order(seen, number, side, message_type, body.as_ref());
        if let Some(body) = &body {
            self.judge_answer(seen, number, side, body);
        }
        let is_of_wrong_length = header.is_none_or(|header| {
            message_type
                .length()
                .is_some_and(|length| length != header.length)
        });
        if let Some(record) = self.connections.get_mut(number) {
            record.spoken = true;
            if seen.place == Place::Passing {
                record.sides[side].last_sent = Some(seen.mark.at);
            }
            record.sides[side].wrong_length = is_of_wrong_length || cut != Cut::Exact;
        }
        let effect = match body {
            _ if lost_step => Effect::Junk,
            Some(body) => self.body_sent(seen, number, side, &body),
            None => Effect::None,
        };
        InTransit {
            effect,
            cut,
            well_formed: is_of_its_length && cut != Cut::Short,
            known_type,
            valid,
            values,
        }
    }

    /// The circumstances under which what the end on `side` sends is judged.
    pub(super) fn fair(&self, number: u32, side: usize, seen: &Seen) -> Seen {
        let seen = self.undisturbed(seen);
        self.connections
            .get(number)
            .map_or(seen, |record| record.fair(side, &seen))
    }

    /// What the message shows by itself. Answers whether no error was found, and what a request is worth.
    fn validate_message(
        &mut self,
        seen: &Seen,
        number: u32,
        side: usize,
        octets: &[u8],
    ) -> (bool, Values) {
        let mut valid = true;
        let mut values = Values::Good;
        for found in validate_control(octets) {
            if found.requirement == Sccrp002
                && self.is_earlier_version(number, side, found.seen.into())
            {
                continue;
            }
            // HDR-002 is about where the message ends: `Cut` tells what that means to a receiver.
            valid &= found.severity != Severity::Error || found.requirement == Hdr002;
            values = values.max(match found.requirement {
                Ocrq006 | Ocrq007 | Icrq004 => Values::Impossible,
                Ocrq005 => Values::Doubtful,
                Ocrq010 | Icrq007 if found.seen > 64 => Values::Doubtful,
                _ => Values::Good,
            });
            if self.config.windows && matches!(found.requirement, Cdn004 | Cdn006) {
                // MS-008
                continue;
            }
            let detail = Detail {
                text: found.field,
                seen: Some(found.seen.into()),
                expected: None,
            };
            self.ledger.report(
                found.requirement,
                found.severity,
                seen.from,
                seen.mark,
                detail,
            );
        }
        (valid, values)
    }

    fn body_sent(&mut self, seen: &Seen, number: u32, side: usize, body: &Body) -> Effect {
        match body {
            Body::StartControlConnectionRequest(message) => {
                self.start_request_sent(seen, number, side, message)
            }
            Body::StartControlConnectionReply(message) => {
                self.start_reply_sent(seen, number, side, message)
            }
            Body::StopControlConnectionRequest(message) => {
                self.stop_request_sent(seen, number, side, message)
            }
            Body::StopControlConnectionReply(message) => {
                self.stop_reply_sent(seen, number, side, message)
            }
            Body::EchoRequest(message) => self.echo_request_sent(seen, number, side, message),
            Body::EchoReply(message) => self.echo_reply_sent(seen, number, side, message),
            Body::OutgoingCallRequest(message) => {
                self.outgoing_request_sent(seen, number, side, message)
            }
            Body::OutgoingCallReply(message) => {
                self.outgoing_reply_sent(seen, number, side, message)
            }
            Body::IncomingCallRequest(message) => {
                self.incoming_request_sent(seen, number, side, message)
            }
            Body::IncomingCallReply(message) => {
                self.incoming_reply_sent(seen, number, side, message)
            }
            Body::IncomingCallConnected(message) => {
                self.connected_sent(seen, number, side, message)
            }
            Body::CallClearRequest(message) => self.clear_sent(seen, number, side, message),
            Body::CallDisconnectNotify(message) => {
                self.disconnect_sent(seen, number, side, message)
            }
            Body::WanErrorNotify(message) => self.wan_error_sent(seen, number, side, message),
            Body::SetLinkInfo(message) => self.link_info_sent(seen, number, side, message),
        }
    }

    /// A message has reached the end on `side`.
    fn message_arrived(&mut self, seen: &Seen, number: u32, side: usize, message: InTransit) {
        let at = seen.mark.at;
        let Some(record) = self.connections.get_mut(number) else {
            return;
        };
        let receiver = &mut record.sides[side];
        // An end that has closed reads no more, and could not answer.
        if receiver.astray || receiver.closed {
            return;
        }
        if message.effect != Effect::Junk && message.cut != Cut::Exact {
            receiver.astray = true;
            receiver.may_close = true;
            if message.cut == Cut::Short {
                return;
            }
        }
        if message.effect != Effect::Junk {
            receiver.last_received = at;
            if !matches!(
                message.effect,
                Effect::EchoRequest { .. } | Effect::EchoReply { .. }
            ) {
                receiver.last_other_received.set(at);
            }
            if receiver.established.is_some() && !receiver.closed && !receiver.stopping() {
                self.set_timer(number, side, ConnectionTimer::Idle, at, self.idle_limit());
            }
            if self.malformed_arrived(seen, number, side, &message) {
                return;
            }
        }
        match message.effect {
            Effect::None => {}
            Effect::Junk => self.junk_arrived(seen, number, side),
            // AMB-40: it may close, as for any malformed message.
            Effect::WrongWay => self.may_close(number, side),
            Effect::StartRequest { version } => {
                self.start_request_arrived(seen, number, side, version, message.well_formed);
            }
            Effect::StartReply { result } => self.start_reply_arrived(seen, number, side, result),
            Effect::StopRequest => {
                self.stop_request_arrived(seen, number, side, message.well_formed);
            }
            Effect::StopReply { result } => self.stop_reply_arrived(seen, number, side, result),
            Effect::EchoRequest { identifier } => {
                self.echo_request_arrived(seen, number, side, identifier, message.well_formed);
            }
            Effect::EchoReply { identifier } => {
                self.echo_reply_arrived(number, side, identifier);
            }
            Effect::CallRequest { call } => self.call_request_arrived(seen, call, &message),
            Effect::CallReply { call, call_id } => {
                self.call_reply_arrived(seen, number, side, call, call_id)
            }
            Effect::Connected { call } => self.connected_arrived(seen, call),
            Effect::Clear { call } => {
                self.clear_arrived(seen, number, side, call, message.well_formed);
            }
            Effect::Disconnect { call, misnamed } => {
                self.disconnect_arrived(seen, call, misnamed);
            }
        }
    }
}

/// The body of a message of this type, whatever its size: padded with zeros, or without what is too much, as a receiver that does
/// not look at the length reads it.
fn body_of(message_type: ControlMessageType, octets: &[u8]) -> Option<Body> {
    let length = usize::from(message_type.length()?);
    let mut padded = [0; MAXIMUM_LENGTH];
    let kept = octets.len().min(length);
    padded[..kept].copy_from_slice(&octets[..kept]);
    let message = ControlMessage::decode(&padded[..length]).ok()?;
    Some(message.body)
}

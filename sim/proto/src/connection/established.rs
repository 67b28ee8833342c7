//! Messages on a control connection that stands.

use pptp_wire::{
    Body, CallDisconnectNotify, CallId, ControlMessage, ControlMessageType, DisconnectResult,
    ErrorCode, IncomingCallResult, OutgoingCallReply, OutgoingCallResult, Requirement,
};

use super::malformed::is_for_pac;
use crate::endpoint::Endpoint;
use crate::profile::WrongDirection;
use crate::{Cause, ConnectionId, Role};

impl Endpoint {
    pub(crate) fn established_message(&mut self, id: ConnectionId, message: &ControlMessage) {
        if self.is_wrong_direction(message.message_type()) {
            return self.wrong_direction(id, message);
        }
        match &message.body {
            Body::StartControlConnectionRequest(_) if id.is_own() => {
                self.violation(id, Requirement::Sccrq001)
            }
            Body::StartControlConnectionRequest(_) => self.second_start_request(id),
            Body::StartControlConnectionReply(_) => self.violation(id, Requirement::Sccrp001),
            Body::StopControlConnectionRequest(_) => self.stop_request_received(id),
            Body::StopControlConnectionReply(_) => self.stop_reply_received(id),
            Body::EchoRequest(request) => self.echo_request_received(id, request),
            Body::EchoReply(reply) => self.echo_reply_received(id, reply),
            Body::OutgoingCallRequest(request) => self.outgoing_call_request_received(id, request),
            Body::OutgoingCallReply(reply) => self.outgoing_call_reply_received(id, reply),
            Body::IncomingCallRequest(request) => self.incoming_call_request_received(id, request),
            Body::IncomingCallReply(reply) => self.incoming_call_reply_received(id, reply),
            Body::IncomingCallConnected(connected) => {
                self.incoming_call_connected_received(id, connected)
            }
            Body::CallClearRequest(request) => self.clear_request_received(id, request),
            Body::CallDisconnectNotify(notify) => self.disconnect_notify_received(id, notify),
            Body::WanErrorNotify(notify) => self.wan_error_notify_received(id, notify),
            Body::SetLinkInfo(info) => self.set_link_info_received(id, info),
        }
    }

    /// Whether only this end's role may send such a message.
    pub(crate) fn is_wrong_direction(&self, message_type: ControlMessageType) -> bool {
        is_for_pac(message_type).is_some_and(|for_pac| for_pac != (self.config.role == Role::Pac))
    }

    /// A message that only this end's role may send (`HDR-016`, AMB-40).
    pub(crate) fn wrong_direction(&mut self, id: ConnectionId, message: &ControlMessage) {
        self.violation(id, Requirement::Hdr016);
        match self.config.profile.wrong_direction {
            WrongDirection::Ignore => {}
            WrongDirection::Close => self.end_malformed(id),
            WrongDirection::Answer => self.answer_wrong_direction(id, &message.body),
        }
    }

    fn answer_wrong_direction(&mut self, id: ConnectionId, body: &Body) {
        match body {
            Body::OutgoingCallRequest(request) => {
                // It fills in what it would ask for itself.
                let reply = OutgoingCallReply {
                    call_id: CallId(0),
                    peer_call_id: request.call_id,
                    result_code: OutgoingCallResult::DO_NOT_ACCEPT,
                    connect_speed: self.config.profile.maximum_bps,
                    packet_recv_window_size: self.config.profile.packet_recv_window_size,
                    ..OutgoingCallReply::default()
                };
                self.send(id, reply, Cause::Answer);
            }
            Body::IncomingCallRequest(request) => {
                let result = IncomingCallResult::DO_NOT_ACCEPT;
                self.refuse_incoming(id, request.call_id, result, ErrorCode::NONE);
            }
            Body::CallClearRequest(_) => {
                let Some(own) = self
                    .connections
                    .get(&id)
                    .and_then(|found| found.calls.keys().next().copied())
                else {
                    return;
                };
                let notify = CallDisconnectNotify {
                    call_id: own,
                    result_code: DisconnectResult::LOST_CARRIER,
                    ..CallDisconnectNotify::default()
                };
                self.send(id, notify, Cause::Answer);
            }
            _ => {}
        }
    }
}

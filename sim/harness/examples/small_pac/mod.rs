//! A PAC that does the least that RFC 2637 asks for: it answers calls, takes data and acknowledges it, and never speaks first.
//! No sockets, no clock: the examples bring it to them. It has the message codec from `pptp-wire`, and nothing from `pptp-proto`.

use pptp_wire::{
    Body, CallDisconnectNotify, CallId, ControlMessage, DisconnectResult, EchoReply, EchoResult,
    GRE_MAXIMUM_HEADER_LENGTH, GreHeader, GrePacket, MAXIMUM_LENGTH, OutgoingCallReply,
    OutgoingCallResult, Serial, StartControlConnectionReply, StartResult,
    StopControlConnectionReply, StopResult, Text,
};

/// One control connection and its calls.
#[derive(Debug, Default)]
pub struct SmallPac {
    calls: Vec<Call>,
    last_call_id: u16,
}

#[derive(Debug)]
struct Call {
    own: CallId,
    peer: CallId,
    last_received: Option<u32>,
}

/// What a message is answered with.
#[derive(Debug, Default, PartialEq)]
pub struct Answer {
    /// Octets to send.
    pub octets: Vec<u8>,
    /// Whether the connection is to be closed then.
    pub closes: bool,
}

impl SmallPac {
    /// Answers one framed message.
    pub fn answer(&mut self, octets: &[u8]) -> Answer {
        let Ok(message) = ControlMessage::decode(octets) else {
            return Answer::default();
        };
        let reply: ControlMessage = match message.body {
            Body::StartControlConnectionRequest(_) => StartControlConnectionReply {
                result_code: StartResult::OK,
                host_name: Text::new("small.example"),
                ..Default::default()
            }
            .into(),
            Body::EchoRequest(request) => EchoReply {
                identifier: request.identifier,
                result_code: EchoResult::OK,
                ..Default::default()
            }
            .into(),
            Body::OutgoingCallRequest(request) => self.take_call(request.call_id).into(),
            Body::CallClearRequest(request) => match self.end_call(request.call_id) {
                Some(notify) => notify.into(),
                None => return Answer::default(),
            },
            Body::StopControlConnectionRequest(_) => StopControlConnectionReply {
                result_code: StopResult::OK,
                ..Default::default()
            }
            .into(),
            _ => return Answer::default(),
        };
        Answer {
            octets: reply.encode(&mut [0; MAXIMUM_LENGTH]).to_vec(),
            closes: matches!(message.body, Body::StopControlConnectionRequest(_)),
        }
    }

    fn take_call(&mut self, peer: CallId) -> OutgoingCallReply {
        self.last_call_id += 1;
        let own = CallId(self.last_call_id);
        self.calls.push(Call {
            own,
            peer,
            last_received: None,
        });
        OutgoingCallReply {
            call_id: own,
            peer_call_id: peer,
            result_code: OutgoingCallResult::CONNECTED,
            connect_speed: 64_000,
            packet_recv_window_size: 16,
            ..Default::default()
        }
    }

    /// A Call-Clear-Request names the PNS's Call ID, the Call-Disconnect-Notify the PAC's (RFC 2637 §2.12, §2.13).
    fn end_call(&mut self, peer: CallId) -> Option<CallDisconnectNotify> {
        let place = self.calls.iter().position(|call| call.peer == peer)?;
        let call = self.calls.remove(place);
        Some(CallDisconnectNotify {
            call_id: call.own,
            result_code: DisconnectResult::REQUEST,
            ..Default::default()
        })
    }

    /// Takes a GRE packet; gives the acknowledgment for it, if it carries new data of a call.
    pub fn acknowledge(&mut self, octets: &[u8]) -> Option<Vec<u8>> {
        let packet = GrePacket::decode(octets).ok()?;
        let sequence = packet.header.sequence_number?;
        let call_id = packet.header.call_id;
        let call = self.calls.iter_mut().find(|call| call.own == call_id)?;
        let is_old = |last: u32| !Serial(sequence).newer_than(Serial(last));
        if call.last_received.is_some_and(is_old) {
            return None;
        }
        call.last_received = Some(sequence);
        let mut buffer = [0; GRE_MAXIMUM_HEADER_LENGTH];
        let header = GreHeader::acknowledgment_only(call.peer, sequence);
        let length = header.encode(&mut buffer);
        Some(buffer[..length].to_vec())
    }
}

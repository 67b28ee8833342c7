//! What a scripted node may do by itself: answer Echo-Requests and acknowledge data.

use crate::ConnectionId;
use core::net::Ipv4Addr;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{
    Body, CallId, ControlMessage, EchoReply, EchoResult, GRE_MAXIMUM_HEADER_LENGTH, GreHeader,
    GrePacket, MAXIMUM_LENGTH, Serial,
};

/// The calls that a scripted node has seen in the control messages it sent and got, for acknowledging their data.
#[derive(Debug, Default)]
pub(super) struct Calls {
    calls: Vec<Call>,
    /// Own Call IDs of requests whose reply has not been seen: by connection.
    requested: Vec<(ConnectionId, CallId)>,
}

/// One call: both Call IDs, and what has come in.
#[derive(Debug)]
struct Call {
    connection: ConnectionId,
    own: CallId,
    peer: CallId,
    peer_address: Ipv4Addr,
    highest: Option<Serial>,
    /// When an acknowledgment is due.
    due: Option<Instant>,
}

/// Calls, and open requests, that a node keeps at most; the oldest are forgotten.
const MOST: usize = 65_536;

impl Calls {
    /// A message went over a connection; `sent`: the node itself sent it.
    pub(super) fn learn(
        &mut self,
        connection: ConnectionId,
        peer_address: Ipv4Addr,
        message: &ControlMessage,
        sent: bool,
    ) {
        match message.body {
            Body::OutgoingCallRequest(body) if sent => self.request(connection, body.call_id),
            Body::IncomingCallRequest(body) if sent => self.request(connection, body.call_id),
            Body::OutgoingCallReply(body) => {
                self.reply(
                    connection,
                    peer_address,
                    body.call_id,
                    body.peer_call_id,
                    sent,
                );
            }
            Body::IncomingCallReply(body) => {
                self.reply(
                    connection,
                    peer_address,
                    body.call_id,
                    body.peer_call_id,
                    sent,
                );
            }
            Body::CallDisconnectNotify(body) => self.calls.retain(|call| {
                call.connection != connection
                    || (if sent { call.own } else { call.peer }) != body.call_id
            }),
            _ => {}
        }
    }

    /// Data came in. Gives whether it belongs to a call; the acknowledgment is then due after `delay`.
    pub(super) fn data(&mut self, now: Instant, octets: &[u8], delay: Duration) -> bool {
        let Ok(packet) = GrePacket::decode(octets) else {
            return false;
        };
        let Some(sequence_number) = packet.header.sequence_number.map(Serial) else {
            return false;
        };
        let own = packet.header.call_id;
        let Some(call) = self.calls.iter_mut().find(|call| call.own == own) else {
            return false;
        };
        if call
            .highest
            .is_none_or(|highest| sequence_number.newer_than(highest))
        {
            call.highest = Some(sequence_number);
            call.due.get_or_insert(now + delay);
        }
        true
    }

    /// When the next acknowledgment is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.calls.iter().filter_map(|call| call.due).min()
    }

    /// An acknowledgment that is due: where to, and the datagram.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<(Ipv4Addr, Vec<u8>)> {
        let call = self
            .calls
            .iter_mut()
            .find(|call| call.due.is_some_and(|due| due <= now))?;
        call.due = None;
        let mut octets = [0; GRE_MAXIMUM_HEADER_LENGTH];
        let length = GreHeader::acknowledgment_only(call.peer, call.highest?.0).encode(&mut octets);
        Some((call.peer_address, octets[..length].to_vec()))
    }

    /// A connection is gone: its open requests with it. Data of its calls goes on being acknowledged: a dead control side
    /// may leave a data path behind.
    pub(super) fn forget_connection(&mut self, connection: ConnectionId) {
        self.requested.retain(|request| request.0 != connection);
    }

    fn request(&mut self, connection: ConnectionId, own: CallId) {
        if self.requested.len() == MOST {
            self.requested.remove(0);
        }
        self.requested.push((connection, own));
    }

    /// A reply names two Call IDs: that of its sender, and that of the one who asked.
    fn reply(
        &mut self,
        connection: ConnectionId,
        peer_address: Ipv4Addr,
        call_id: CallId,
        asker: CallId,
        sent: bool,
    ) {
        let (own, peer) = if sent {
            (call_id, asker)
        } else {
            (asker, call_id)
        };
        if !sent {
            let Some(place) = self
                .requested
                .iter()
                .position(|request| *request == (connection, own))
            else {
                return;
            };
            self.requested.remove(place);
        }
        self.calls
            .retain(|call| call.own != own || call.peer_address != peer_address);
        if self.calls.len() == MOST {
            self.calls.remove(0);
        }
        self.calls.push(Call {
            connection,
            own,
            peer,
            peer_address,
            highest: None,
            due: None,
        });
    }
}

/// The Echo-Reply to a message, if that is an Echo-Request (RFC 2637 §2.6).
pub(super) fn echo_reply(message: &ControlMessage) -> Option<Vec<u8>> {
    let Body::EchoRequest(request) = message.body else {
        return None;
    };
    let reply = ControlMessage::from(EchoReply {
        identifier: request.identifier,
        result_code: EchoResult::OK,
        ..EchoReply::default()
    });
    let mut buffer = [0; MAXIMUM_LENGTH];
    Some(reply.encode(&mut buffer).to_vec())
}

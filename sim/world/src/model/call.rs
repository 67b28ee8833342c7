//! The model's view of calls: which Call IDs are assigned, which two belong together, and when a call is over.

use super::{Model, ModelCheck, NO_STREAM};
use crate::engine::Pool;
use crate::{CallRef, ConnectionId, ConnectionNumber, NodeId};
use pptp_wire::{
    Body, CallId, ControlMessage, ControlMessageType, Header, IncomingCallResult,
    OutgoingCallResult, Serial,
};

/// One end of a control connection that sends or receives a message.
#[derive(Copy, Clone, Debug)]
pub(crate) struct End {
    pub connection: ConnectionNumber,
    /// 0: the opener, 1: the one that accepted.
    pub side: usize,
    pub node: NodeId,
    /// The node's name for the connection.
    pub id: ConnectionId,
    pub peer: NodeId,
    /// What the node sends is not to be judged.
    pub foreign: bool,
}

/// A Call-Disconnect-Notify on its way.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Notified {
    connection: ConnectionNumber,
    /// Which end of the connection sent it.
    side: usize,
    /// The sender's Call ID.
    call_id: CallId,
    /// The other direction of the call, when it was sent.
    reverse: u32,
}

impl Model {
    /// A whole control message was sent by `end`.
    pub(crate) fn control_sent(&mut self, pool: &mut Pool, end: End, octets: &[u8]) {
        let Some(message) = about_a_call(octets) else {
            return;
        };
        match message.body {
            Body::OutgoingCallRequest(body) => {
                self.assign(pool, end, body.call_id, body.packet_recv_window_size);
            }
            Body::IncomingCallRequest(body) => self.assign(pool, end, body.call_id, 0),
            Body::OutgoingCallReply(body) if body.result_code == OutgoingCallResult::CONNECTED => {
                self.assign(pool, end, body.call_id, body.packet_recv_window_size);
                self.join(end, body.call_id, body.peer_call_id);
            }
            Body::IncomingCallReply(body) if body.result_code == IncomingCallResult::CONNECT => {
                self.assign(pool, end, body.call_id, body.packet_recv_window_size);
                self.join(end, body.call_id, body.peer_call_id);
            }
            Body::IncomingCallConnected(body) => {
                let own = self.find(end.peer, end.node, body.peer_call_id);
                let own = own.map_or(NO_STREAM, |number| self.streams[number as usize].reverse);
                if let Some(stream) = self.streams.get_mut(own as usize) {
                    stream.maximum_window = body.packet_recv_window_size;
                }
            }
            Body::CallDisconnectNotify(body) => {
                // A call that is still dialed is named by a number that may have been another call's.
                let named = self.find(end.node, end.peer, body.call_id);
                if let Some(own) = named.filter(|&own| self.streams[own as usize].assigned) {
                    let reverse = self.streams[own as usize].reverse;
                    self.notified.push(Notified {
                        connection: end.connection,
                        side: end.side,
                        call_id: body.call_id,
                        reverse,
                    });
                    self.end_stream(own);
                }
            }
            _ => {}
        }
    }

    /// A whole control message reached `end`.
    pub(crate) fn control_arrived(&mut self, end: End, octets: &[u8]) {
        let Some(message) = about_a_call(octets) else {
            return;
        };
        match message.body {
            Body::OutgoingCallReply(body) if body.result_code != OutgoingCallResult::CONNECTED => {
                self.end_call(end.node, end.peer, body.peer_call_id);
            }
            Body::IncomingCallReply(body) if body.result_code != IncomingCallResult::CONNECT => {
                self.end_call(end.node, end.peer, body.peer_call_id);
            }
            Body::CallDisconnectNotify(body) => {
                // Since it was sent, its sender may have given the Call ID to another call.
                let is_it = |it: &Notified| {
                    (it.connection, it.call_id) == (end.connection, body.call_id)
                        && it.side != end.side
                };
                if let Some(place) = self.notified.iter().position(is_it) {
                    let own = self.notified.remove(place).reverse;
                    self.end_stream(own);
                }
            }
            _ => {}
        }
    }

    /// A node says that a call of its own is over.
    pub(crate) fn call_ended(&mut self, node: NodeId, peer: NodeId, call_id: CallId) {
        self.end_call(node, peer, call_id);
    }

    /// A control connection is over for one end: it has closed or reset it, or learned that it was, or crashed.
    pub(crate) fn connection_ended(&mut self, connection: ConnectionNumber, side: usize) {
        // Notifies to this end will never arrive.
        self.notified
            .retain(|it| it.connection != connection || it.side == side);
        let mut number = core::mem::replace(self.first_of(connection, side), NO_STREAM);
        while number != NO_STREAM {
            self.end_stream(number);
            let stream = &mut self.streams[number as usize];
            stream.listed = None;
            number = core::mem::replace(&mut stream.next_of_connection, NO_STREAM);
        }
    }

    /// A node without a control connection says how many calls it has.
    pub(crate) fn calls_without_connection(&mut self, node: NodeId, calls: u64) {
        if calls > 0 {
            self.violate(ModelCheck::CallWithoutConnection, node, None, calls, 0);
        }
    }

    /// Octets of a message arrived that are not those that were sent next.
    pub(crate) fn control_stream_broken(&mut self, node: NodeId, seen: u64, expected: u64) {
        self.violate(ModelCheck::ControlStreamBroken, node, None, seen, expected);
    }

    /// `end` assigns a Call ID of its own to a new call.
    fn assign(&mut self, pool: &mut Pool, end: End, call_id: CallId, window: u16) {
        let number = self.stream_or_new(end.node, end.peer, call_id);
        let stream = &mut self.streams[number as usize];
        if stream.assigned && !end.foreign {
            let of = u64::from(call_id.0);
            let nodes = [end.node, end.peer];
            return self.violate_in_call(ModelCheck::CallIdInUse, nodes, Some(call_id), of, 0);
        }
        stream.undelivered.clear(pool);
        stream.has_stragglers |= stream.in_flight > 0;
        stream.call = CallRef {
            connection: end.id,
            call_id,
        };
        stream.reverse_before = core::mem::replace(&mut stream.reverse, NO_STREAM);
        (stream.assigned, stream.ended) = (true, false);
        (
            stream.highest_sent,
            stream.lowest_arrived,
            stream.highest_arrived,
        ) = (None, None, None);
        stream.is_scattered = false;
        (
            stream.last_delivered,
            stream.delivered_before,
            stream.acknowledged,
        ) = (None, 0, None);
        (
            stream.outstanding_from,
            stream.window,
            stream.maximum_window,
        ) = (Serial(0), 0, window);
        self.enlist(number, end.connection, end.side);
    }

    /// Puts a stream on the list of one end of a connection, and takes it off the list that it was on.
    fn enlist(&mut self, number: u32, connection: ConnectionNumber, side: usize) {
        let before = self.streams[number as usize]
            .listed
            .replace((connection, side));
        if before == Some((connection, side)) {
            return;
        }
        if let Some((connection, side)) = before {
            self.take_off(number, connection, side);
        }
        let first = core::mem::replace(self.first_of(connection, side), number);
        self.streams[number as usize].next_of_connection = first;
    }

    fn take_off(&mut self, number: u32, connection: ConnectionNumber, side: usize) {
        let next = self.streams[number as usize].next_of_connection;
        let mut place = *self.first_of(connection, side);
        if place == number {
            *self.first_of(connection, side) = next;
            return;
        }
        while let Some(stream) = self.streams.get_mut(place as usize) {
            if stream.next_of_connection == number {
                stream.next_of_connection = next;
                return;
            }
            place = stream.next_of_connection;
        }
    }

    /// `end`'s Call ID and the other end's belong to one call.
    fn join(&mut self, end: End, call_id: CallId, peer_call_id: CallId) {
        let own = self.find(end.node, end.peer, call_id);
        let other = self.find(end.peer, end.node, peer_call_id);
        if let (Some(own), Some(other)) = (own, other) {
            self.streams[own as usize].reverse = other;
            self.streams[other as usize].reverse = own;
        }
    }

    fn end_call(&mut self, node: NodeId, peer: NodeId, call_id: CallId) {
        if let Some(number) = self.find(node, peer, call_id) {
            self.end_stream(number);
        }
    }

    fn end_stream(&mut self, number: u32) {
        if let Some(stream) = self.streams.get_mut(number as usize)
            && stream.assigned
        {
            (stream.assigned, stream.ended) = (false, true);
        }
    }
}

/// The message, if it is one that begins or ends calls.
fn about_a_call(octets: &[u8]) -> Option<ControlMessage> {
    let message_type = Header::decode(octets).ok()?.control_message_type;
    let calls =
        ControlMessageType::OUTGOING_CALL_REQUEST..=ControlMessageType::CALL_DISCONNECT_NOTIFY;
    if !calls.contains(&message_type) {
        return None;
    }
    ControlMessage::decode(octets).ok()
}

//! The model's view of data: sent, arrived, given to the user, acknowledged.

use super::stream::Stray;
use super::{Model, ModelCheck, NO_STREAM, STRAYS};
use crate::engine::Pool;
use crate::{CallRef, NodeId};
use pptp_wire::{CallId, GreHeader, Serial};

/// How far apart numbers are that a sender and a path that loses and reorders do not bring about.
const FAR: u32 = 1 << 28;

/// Acknowledgment Numbers that implementations send before they have received anything (AMB-02).
const BEFORE_DATA: [u32; 2] = [0, u32::MAX];

impl Model {
    /// A node put a datagram on its interface: the slot holds the octets. Gives the stream that it belongs to.
    #[inline]
    pub(crate) fn sent(&mut self, pool: &mut Pool, slot: u32, header: &GreHeader) -> u32 {
        let datagram = pool.get(slot);
        let (to, claimed, foreign) = (datagram.to, datagram.claimed, datagram.foreign);
        let Some(number) = self.find(to, claimed, header.call_id) else {
            return NO_STREAM;
        };
        if let Some(acknowledgment) = header.acknowledgment_number {
            self.acknowledgment_sent(number, Serial(acknowledgment), foreign);
        }
        if let Some(sequence_number) = header.sequence_number
            && header.payload_length > 0
        {
            self.data_sent(pool, slot, number, Serial(sequence_number), foreign);
        }
        number
    }

    #[inline]
    fn data_sent(
        &mut self,
        pool: &mut Pool,
        slot: u32,
        number: u32,
        sequence_number: Serial,
        foreign: bool,
    ) {
        let stream = &mut self.streams[number as usize];
        if !stream.undelivered.insert(pool, sequence_number.0, slot) {
            let (receiver, call_id) = (stream.receiver, stream.call.call_id);
            self.stray(
                pool,
                Stray {
                    receiver,
                    call_id,
                    sequence_number: sequence_number.0,
                    slot,
                },
            );
        }
        if foreign {
            return;
        }
        let stream = &mut self.streams[number as usize];
        if stream.highest_sent.is_none() {
            stream.outstanding_from = sequence_number; // AMB-01
        }
        if stream
            .highest_sent
            .is_none_or(|highest| sequence_number.newer_than(highest))
        {
            stream.highest_sent = Some(sequence_number);
        }
        if stream.outstanding() > stream.window && !stream.window_asked {
            stream.window_asked = true;
            self.window_queries.push(number);
        }
        let (reverse, before) = (stream.reverse, stream.reverse_before);
        let nodes = [stream.sender, stream.receiver];
        if let Some(own) = self.streams.get(reverse as usize)
            && own.ended
            && !self.has_call_before(before)
        {
            let call_id = own.call.call_id;
            self.violate_in_call(
                ModelCheck::SentAfterEnd,
                nodes,
                Some(call_id),
                u64::from(sequence_number.0),
                0,
            );
        }
    }

    /// `number`'s sender acknowledges data of the opposite direction.
    #[inline]
    fn acknowledgment_sent(&mut self, number: u32, acknowledgment: Serial, foreign: bool) {
        let reverse = self.streams[number as usize].reverse;
        let Some(data) = self.streams.get_mut(reverse as usize) else {
            return;
        };
        let limit = data.highest_arrived;
        let covers = match (data.lowest_arrived, limit) {
            (Some(lowest), Some(highest)) => {
                acknowledgment.at_least(lowest) && highest.at_least(acknowledgment)
            }
            _ => false,
        };
        if covers
            && data
                .acknowledged
                .is_none_or(|before| acknowledgment.newer_than(before))
        {
            data.acknowledged = Some(acknowledgment);
        }
        let nothing_yet = data
            .lowest_arrived
            .is_none_or(|lowest| lowest.newer_than(acknowledgment));
        let is_customary = nothing_yet && BEFORE_DATA.contains(&acknowledgment.0);
        if !(covers || foreign || is_customary || data.is_scattered) {
            let nodes = [data.receiver, data.sender];
            let call_id = data.call.call_id;
            let expected = limit.map_or(0, |highest| u64::from(highest.0));
            if self.is_of_call_before(number, acknowledgment) {
                return;
            }
            let seen = u64::from(acknowledgment.0);
            self.violate_in_call(
                ModelCheck::AcknowledgedUnreceived,
                nodes,
                Some(call_id),
                seen,
                expected,
            );
        }
    }

    /// Whether the sender still has the call that had its peer's Call ID before: its peer may have crashed, and used the ID again.
    #[cold]
    fn has_call_before(&self, before: u32) -> bool {
        let own = self.streams.get(before as usize);
        own.is_some_and(|own| own.assigned && !own.ended)
    }

    /// Whether an acknowledgment covers data of the call that had the Call ID of stream `number` before: of the end that uses a Call ID
    /// again, the other end may not have heard yet.
    #[cold]
    fn is_of_call_before(&self, number: u32, acknowledgment: Serial) -> bool {
        let before = self.streams[number as usize].reverse_before;
        let data = self.streams.get(before as usize);
        data.is_some_and(|data| {
            data.lowest_arrived
                .is_some_and(|lowest| acknowledgment.at_least(lowest))
                && data
                    .highest_arrived
                    .is_some_and(|highest| highest.at_least(acknowledgment))
        })
    }

    /// One more copy of a datagram is on its way.
    #[inline]
    pub(crate) fn departed(&mut self, number: u32) {
        if let Some(stream) = self.streams.get_mut(number as usize) {
            stream.in_flight += 1;
        }
    }

    /// A copy of a datagram came to the end of its way, whether or not it was taken in there.
    #[inline]
    pub(crate) fn ended_flight(&mut self, number: u32) {
        if let Some(stream) = self.streams.get_mut(number as usize) {
            stream.in_flight -= 1;
        }
    }

    /// A datagram arrived at its destination. `header` is that of the octets as they arrive.
    #[inline]
    pub(crate) fn arrived(&mut self, pool: &mut Pool, slot: u32, header: &GreHeader) {
        let datagram = pool.get(slot);
        let (to, claimed) = (datagram.to, datagram.claimed);
        // What was sent before the receiver gave the Call ID belongs to the call all the same, if it arrives later.
        let is_place_taken = datagram.changed || datagram.stream == NO_STREAM;
        let found = if is_place_taken {
            self.find(to, claimed, header.call_id)
        } else {
            Some(datagram.stream)
        };
        let Some(stream) = found.and_then(|number| self.streams.get_mut(number as usize)) else {
            return self.stray_arrived(pool, slot, to, header);
        };
        let is_straggler = stream.has_stragglers
            && header
                .sequence_number
                .is_some_and(|number| stream.undelivered.get(number) != Some(slot));
        if let Some(sequence_number) = header.sequence_number.map(Serial) {
            stream.is_scattered |= stream
                .highest_arrived
                .is_some_and(|highest| highest.distance(sequence_number).unsigned_abs() >= FAR);
            if stream
                .highest_arrived
                .is_none_or(|highest| sequence_number.newer_than(highest))
            {
                stream.highest_arrived = Some(sequence_number);
            }
            if stream
                .lowest_arrived
                .is_none_or(|lowest| lowest.newer_than(sequence_number))
            {
                stream.lowest_arrived = Some(sequence_number);
            }
        }
        let reverse = stream.reverse;
        if let Some(acknowledgment) = header.acknowledgment_number.map(Serial)
            && let Some(data) = self.streams.get_mut(reverse as usize)
            && data
                .highest_sent
                .is_some_and(|highest| highest.at_least(acknowledgment))
            && acknowledgment.at_least(data.outstanding_from)
        {
            data.outstanding_from = acknowledgment.next();
        }
        if is_place_taken || is_straggler {
            self.stray_arrived(pool, slot, to, header);
        }
    }

    fn stray_arrived(&mut self, pool: &mut Pool, slot: u32, receiver: NodeId, header: &GreHeader) {
        if let Some(sequence_number) = header.sequence_number {
            self.stray(
                pool,
                Stray {
                    receiver,
                    call_id: header.call_id,
                    sequence_number,
                    slot,
                },
            );
        }
    }

    fn stray(&mut self, pool: &mut Pool, stray: Stray) {
        if self.strays.len() == STRAYS
            && let Some(oldest) = self.strays.pop_front()
        {
            pool.release(oldest.slot);
        }
        pool.hold(stray.slot);
        self.strays.push_back(stray);
    }

    /// A node gave data to its user. `peer` is the other end of the call's connection; `None`: the node has no such connection.
    #[inline]
    pub(crate) fn delivered(
        &mut self,
        pool: &mut Pool,
        node: NodeId,
        peer: Option<NodeId>,
        call: CallRef,
        sequence_number: u32,
        payload: &[u8],
    ) {
        let seen = u64::from(sequence_number);
        let Some(peer) = peer else {
            return self.violate(
                ModelCheck::CallWithoutConnection,
                node,
                Some(call.call_id),
                seen,
                0,
            );
        };
        let nodes = [node, peer];
        let Some(number) = self.find(node, peer, call.call_id) else {
            return self.match_stray(pool, nodes, call.call_id, sequence_number, payload, 0);
        };
        let stream = &mut self.streams[number as usize];
        let serial = Serial(sequence_number);
        if stream.ended {
            return self.violate_in_call(
                ModelCheck::DeliveredAfterEnd,
                nodes,
                Some(call.call_id),
                seen,
                0,
            );
        }
        if stream.is_scattered {
            return;
        }
        if let Some(last) = stream.last_delivered
            && !serial.newer_than(last)
        {
            if self.delivers_late {
                return;
            }
            let check = if stream.was_delivered(serial) {
                ModelCheck::DeliveredTwice
            } else {
                ModelCheck::DeliveredOutOfOrder
            };
            return self.violate_in_call(
                check,
                nodes,
                Some(call.call_id),
                seen,
                u64::from(last.next().0),
            );
        }
        let last = stream.last_delivered;
        stream.deliver(serial);
        match stream.undelivered.get(sequence_number) {
            Some(slot) if pool.get(slot).payload() == payload => {
                stream.undelivered.forget_through(pool, sequence_number);
            }
            None if stream.undelivered.may_have_been_forgotten(sequence_number) => {}
            _ => {
                let expected = last.map_or(0, |last| u64::from(last.next().0));
                self.match_stray(
                    pool,
                    nodes,
                    call.call_id,
                    sequence_number,
                    payload,
                    expected,
                );
            }
        }
    }

    /// Data that is not what the stream holds has to be one of the strays.
    fn match_stray(
        &mut self,
        pool: &Pool,
        nodes: [NodeId; 2],
        call_id: CallId,
        number: u32,
        payload: &[u8],
        expected: u64,
    ) {
        let known = self.strays.iter().any(|stray| {
            (stray.receiver, stray.call_id, stray.sequence_number) == (nodes[0], call_id, number)
                && pool.get(stray.slot).payload() == payload
        });
        if !known {
            self.violate_in_call(
                ModelCheck::DeliveredUnsent,
                nodes,
                Some(call_id),
                u64::from(number),
                expected,
            );
        }
    }

    /// A node says that a packet of its call timed out: nothing that it has sent counts as unacknowledged any more (AMB-06).
    pub(crate) fn timed_out(&mut self, node: NodeId, peer: Option<NodeId>, call: CallRef) {
        let Some(number) = peer.and_then(|peer| self.find(node, peer, call.call_id)) else {
            return;
        };
        let reverse = self.streams[number as usize].reverse;
        if let Some(data) = self.streams.get_mut(reverse as usize)
            && let Some(highest) = data.highest_sent
        {
            data.outstanding_from = highest.next();
            data.window = 0;
        }
    }

    /// What the sender of a stream claims its window to be; `None`: it does not use one.
    pub(crate) fn window_answered(&mut self, number: u32, window: Option<u64>) {
        let Some(stream) = self.streams.get_mut(number as usize) else {
            return;
        };
        let Some(window) = window else {
            stream.window = u32::MAX;
            return;
        };
        stream.window = u32::try_from(window).unwrap_or(u32::MAX);
        let (nodes, outstanding, maximum) = (
            [stream.sender, stream.receiver],
            stream.outstanding(),
            u64::from(stream.maximum_window),
        );
        let reverse = stream.reverse;
        let call = self
            .streams
            .get(reverse as usize)
            .map(|own| own.call.call_id);
        if u64::from(outstanding) > window {
            self.violate_in_call(
                ModelCheck::WindowExceeded,
                nodes,
                call,
                u64::from(outstanding),
                window,
            );
        }
        if maximum != 0 && window > maximum {
            self.violate_in_call(ModelCheck::WindowAboveMaximum, nodes, call, window, maximum);
        }
    }
}

//! One direction of one call.

use super::NO_STREAM;
use super::ring::Ring;
use crate::{CallRef, ConnectionId, ConnectionNumber, NodeId};
use pptp_wire::{CallId, Serial};

/// Data from `sender` to `receiver` under the receiver's Call ID.
#[derive(Debug)]
pub(super) struct Stream {
    pub sender: NodeId,
    pub receiver: NodeId,
    /// The receiver's own name for the call.
    pub call: CallRef,
    /// The stream in the other direction, or [`NO_STREAM`].
    pub reverse: u32,
    /// The stream in the other direction of the call that had the Call ID before, or [`NO_STREAM`].
    pub reverse_before: u32,
    /// The next stream of the same end of the same connection, or [`NO_STREAM`].
    pub next_of_connection: u32,
    /// The end of a connection on whose list it is.
    pub listed: Option<(ConnectionNumber, usize)>,
    /// The receiver has assigned the Call ID, and not given it up.
    pub assigned: bool,
    /// The call had begun, and is over for the receiver.
    pub ended: bool,
    /// Packets that were sent and that the receiver's user has not got.
    pub undelivered: Ring,
    /// Deliveries that are due.
    pub in_flight: u32,
    /// Packets of an earlier call with the same Call ID may still be on their way: nobody can tell them from those of this one.
    pub has_stragglers: bool,
    pub highest_sent: Option<Serial>,
    pub lowest_arrived: Option<Serial>,
    pub highest_arrived: Option<Serial>,
    /// Numbers that are far apart have arrived, as they were changed on the way or injected: which of them the receiver took in, and
    /// which it then takes for the newest, cannot be told, and what it delivers and acknowledges is not judged.
    pub is_scattered: bool,
    /// What the receiver's user got last, and (bit n) whether it got number `last - 1 - n`.
    pub last_delivered: Option<Serial>,
    pub delivered_before: u64,
    /// The highest number that the receiver has acknowledged.
    pub acknowledged: Option<Serial>,
    /// The first number that counts as unacknowledged at the sender.
    pub outstanding_from: Serial,
    /// The window that the sender claimed when it was asked last; it holds until a time-out.
    pub window: u32,
    pub window_asked: bool,
    /// The receiver's Packet Recv. Window Size, 0 where it is not known.
    pub maximum_window: u16,
}

/// A packet that arrived and belongs to no place in a stream: injected, changed on the way, from a strange address.
#[derive(Copy, Clone, Debug)]
pub(super) struct Stray {
    pub receiver: NodeId,
    pub call_id: CallId,
    pub sequence_number: u32,
    pub slot: u32,
}

impl Stream {
    pub(super) fn new(receiver: NodeId, sender: NodeId) -> Stream {
        Stream {
            sender,
            receiver,
            call: CallRef {
                connection: ConnectionId(0),
                call_id: CallId(0),
            },
            reverse: NO_STREAM,
            reverse_before: NO_STREAM,
            next_of_connection: NO_STREAM,
            listed: None,
            assigned: false,
            ended: false,
            undelivered: Ring::default(),
            in_flight: 0,
            has_stragglers: false,
            highest_sent: None,
            lowest_arrived: None,
            highest_arrived: None,
            is_scattered: false,
            last_delivered: None,
            delivered_before: 0,
            acknowledged: None,
            outstanding_from: Serial(0),
            window: 0,
            window_asked: false,
            maximum_window: 0,
        }
    }

    /// Notes that the receiver's user got a number that is newer than all before.
    #[inline]
    pub(super) fn deliver(&mut self, sequence_number: Serial) {
        if let Some(last) = self.last_delivered {
            let ahead = sequence_number.0.wrapping_sub(last.0);
            self.delivered_before = match ahead {
                1..=63 => self.delivered_before << ahead | 1 << (ahead - 1),
                64 => 1 << 63,
                _ => 0,
            };
        }
        self.last_delivered = Some(sequence_number);
    }

    /// Whether the user got this number, as far as that is remembered (64 numbers back).
    pub(super) fn was_delivered(&self, sequence_number: Serial) -> bool {
        let Some(last) = self.last_delivered else {
            return false;
        };
        match last.0.wrapping_sub(sequence_number.0) {
            0 => true,
            behind @ 1..=64 => self.delivered_before >> (behind - 1) & 1 == 1,
            _ => false,
        }
    }

    /// How many packets the sender has out, counted from the first that is neither acknowledged nor timed out.
    #[inline]
    pub(super) fn outstanding(&self) -> u32 {
        match self.highest_sent {
            Some(highest) if highest.at_least(self.outstanding_from) => highest
                .0
                .wrapping_sub(self.outstanding_from.0)
                .wrapping_add(1),
            _ => 0,
        }
    }

    /// Something is on its way, or the receiver owes an acknowledgment.
    pub(super) fn is_moving(&self, acknowledges: &impl Fn(NodeId) -> bool) -> bool {
        if self.in_flight > 0 {
            return true;
        }
        if self.ended || !self.assigned {
            return false;
        }
        match (self.highest_arrived, self.acknowledged) {
            (None, _) => false,
            (Some(arrived), Some(acknowledged)) if !arrived.newer_than(acknowledged) => false,
            _ => acknowledges(self.receiver),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deliveries_are_remembered_64_back() {
        let mut stream = Stream::new(NodeId(0), NodeId(1));
        for number in [10, 11, 14, 78] {
            stream.deliver(Serial(number));
        }
        let delivered: Vec<u32> = (0..80)
            .filter(|number| stream.was_delivered(Serial(*number)))
            .collect();
        assert_eq!(delivered, [14, 78]);
        stream.deliver(Serial(79));
        assert!(!stream.was_delivered(Serial(14)) && stream.was_delivered(Serial(78)));
    }

    #[test]
    fn outstanding_counts_across_the_wrap() {
        let mut stream = Stream::new(NodeId(0), NodeId(1));
        assert_eq!(stream.outstanding(), 0);
        (stream.outstanding_from, stream.highest_sent) = (Serial(u32::MAX), Some(Serial(1)));
        assert_eq!(stream.outstanding(), 3);
        stream.outstanding_from = Serial(2);
        assert_eq!(stream.outstanding(), 0);
    }
}

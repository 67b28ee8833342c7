//! What is known of user data: what was sent, received, is under way, and still has to be acknowledged.

use std::collections::{BTreeMap, BTreeSet};

use pptp_wire::code::CallId;
use pptp_wire::serial::Serial;
use pptp_wire::time::Instant;
use pptp_world::{NodeId, TrafficId};

use super::message::{Content, Seen};

/// Counters of frames that a script injects start here, far from those of `send-data`.
const INJECTED: u64 = 1 << 40;

/// One direction of a call, by sender, receiver and the Call ID in its packets.
type Direction = (NodeId, NodeId, CallId);

/// What was received at a node, in a call or in all of them.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// Frames that reached the node's application.
    pub packets: u64,
    /// Whether every counter was greater than the one before.
    pub in_order: bool,
    /// Whether no counter came twice.
    pub unique: bool,
    /// Frames that were not as they were sent.
    pub damaged: u64,
    latest: Option<u64>,
    /// The counters that came, 64 to a word: bit by bit, by the counter divided by 64.
    counters: BTreeMap<u64, u64>,
}

/// The ledger of a run.
#[derive(Debug, Default)]
pub struct DataLedger {
    traffic: BTreeMap<TrafficId, Source>,
    received: BTreeMap<NodeId, Received>,
    received_in_call: BTreeMap<NodeId, BTreeMap<String, Received>>,
    next_number: BTreeMap<Direction, u32>,
    delivered: BTreeMap<Direction, u32>,
    acknowledged: BTreeMap<(NodeId, NodeId), BTreeMap<CallId, u32>>,
    last_data: BTreeMap<NodeId, usize>,
    last_delivered: BTreeMap<NodeId, (Instant, usize)>,
    injected: u64,
    literal: BTreeSet<(NodeId, CallId, u32)>,
}

#[derive(Clone, Debug)]
struct Source {
    call: String,
    ended: bool,
}

impl DataLedger {
    /// A `send-data` began.
    pub fn traffic_started(&mut self, id: TrafficId, call: &str) {
        self.traffic.insert(
            id,
            Source {
                call: call.to_owned(),
                ended: false,
            },
        );
    }

    /// A `send-data` has nothing more to send.
    pub fn traffic_ended(&mut self, id: TrafficId) {
        if let Some(source) = self.traffic.get_mut(&id) {
            source.ended = true;
        }
    }

    /// Whether a `send-data` still has something to send, in this call or in any.
    pub fn is_sending(&self, call: Option<&str>) -> bool {
        self.traffic
            .values()
            .any(|source| !source.ended && call.is_none_or(|call| call == source.call))
    }

    /// A packet was sent; `data` is its place in the log if it carries data.
    pub fn sent(&mut self, seen: &Seen, data: Option<usize>) {
        if let Some(entry) = data {
            self.last_data.insert(seen.from, entry);
        }
        let Content::Gre {
            header: Some(header),
            ..
        } = &seen.content
        else {
            return;
        };
        if let Some(number) = header.sequence_number {
            self.next_number
                .insert((seen.from, seen.to, header.call_id), number.wrapping_add(1));
        }
        if let Some(number) = header.acknowledgment_number {
            self.acknowledged
                .entry((seen.from, seen.to))
                .or_default()
                .insert(header.call_id, number);
        }
    }

    /// A packet arrived.
    pub fn delivered(&mut self, seen: &Seen) {
        self.last_delivered.insert(seen.to, (seen.at, seen.entry));
        let Content::Gre {
            header: Some(header),
            ..
        } = &seen.content
        else {
            return;
        };
        if let Some(number) = header.sequence_number {
            let highest = self
                .delivered
                .entry((seen.from, seen.to, header.call_id))
                .or_insert(number);
            if Serial(number).newer_than(Serial(*highest)) {
                *highest = number;
            }
        }
    }

    /// Whether data from `from` has arrived at `to` that no acknowledgment sent so far covers. `to_id` is the Call ID in the
    /// data, `from_id` the one in the acknowledgments.
    pub fn owes_acknowledgment(
        &self,
        from: NodeId,
        to: NodeId,
        to_id: CallId,
        from_id: CallId,
    ) -> bool {
        let Some(&highest) = self.delivered.get(&(from, to, to_id)) else {
            return false;
        };
        match self
            .acknowledged
            .get(&(to, from))
            .and_then(|calls| calls.get(&from_id))
        {
            Some(&acknowledged) => Serial(highest).newer_than(Serial(acknowledged)),
            None => true,
        }
    }

    /// One more than the Sequence Number last seen in this direction; 0 where none was.
    pub fn next_sequence_number(&self, from: NodeId, to: NodeId, id: Option<CallId>) -> u32 {
        id.and_then(|id| self.next_number.get(&(from, to, id)).copied())
            .unwrap_or(0)
    }

    /// The log entry of the last packet with data that a node sent.
    pub fn last_data_sent(&self, node: NodeId) -> Option<usize> {
        self.last_data.get(&node).copied()
    }

    /// The log entry of the packet that reached a node at this instant.
    pub fn last_delivered(&self, node: NodeId, at: Instant) -> Option<usize> {
        self.last_delivered
            .get(&node)
            .filter(|(when, _)| *when == at)
            .map(|(_, entry)| *entry)
    }

    /// A counter for a frame that the script injects.
    pub fn injected(&mut self) -> u64 {
        self.injected += 1;
        INJECTED + self.injected
    }

    /// The script sends a payload of its own to `node`, octet by octet, which holds no counter. That it arrives as it was sent is
    /// checked by the reference model.
    pub fn literal_sent(&mut self, node: NodeId, call_id: CallId, sequence_number: u32) {
        self.literal.insert((node, call_id, sequence_number));
    }

    /// A frame reached a node's application in a packet with this Call ID and number; `counter` is `None` where it is no test
    /// frame: it was not sent so, unless the script did.
    pub fn received(
        &mut self,
        node: NodeId,
        call: Option<&str>,
        (call_id, sequence_number): (CallId, u32),
        counter: Option<u64>,
    ) {
        let is_literal =
            counter.is_none() && self.literal.contains(&(node, call_id, sequence_number));
        let at_node = self.received.entry(node).or_insert_with(Received::nothing);
        at_node.take(counter, is_literal);
        if let Some(call) = call {
            let calls = self.received_in_call.entry(node).or_default();
            if !calls.contains_key(call) {
                calls.insert(call.to_owned(), Received::nothing());
            }
            if let Some(in_call) = calls.get_mut(call) {
                in_call.take(counter, is_literal);
            }
        }
    }

    /// What a node received, in a call or in all.
    pub fn received_by(&self, node: NodeId, call: Option<&str>) -> Received {
        let received = match call {
            None => self.received.get(&node),
            Some(call) => self
                .received_in_call
                .get(&node)
                .and_then(|calls| calls.get(call)),
        };
        received.cloned().unwrap_or_else(Received::nothing)
    }
}

impl Received {
    fn nothing() -> Received {
        Received {
            in_order: true,
            unique: true,
            ..Received::default()
        }
    }

    fn take(&mut self, counter: Option<u64>, is_literal: bool) {
        self.packets += 1;
        let Some(counter) = counter else {
            self.damaged += u64::from(!is_literal);
            return;
        };
        self.in_order &= self.latest.is_none_or(|latest| latest < counter);
        let word = self.counters.entry(counter / 64).or_default();
        let bit = 1 << (counter % 64);
        self.unique &= *word & bit == 0;
        *word |= bit;
        self.latest = Some(counter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_test_frame_is_damaged_unless_the_script_wrote_it() {
        let (node, call_id) = (NodeId(1), CallId(7));
        let mut ledger = DataLedger::default();
        ledger.literal_sent(node, call_id, 3);
        for number in [3, 4] {
            ledger.received(node, Some("c1"), (call_id, number), None);
        }
        ledger.received(node, Some("c1"), (call_id, 3), Some(9));
        for call in [None, Some("c1")] {
            let received = ledger.received_by(node, call);
            assert_eq!((received.packets, received.damaged), (3, 1));
            assert!(received.in_order && received.unique);
        }
    }
    #[test]
    fn counters_that_come_twice_or_late_are_noticed_whatever_they_are() {
        let received = |counters: &[u64]| {
            let mut received = Received::nothing();
            for counter in counters {
                received.take(Some(*counter), false);
            }
            (received.packets, received.in_order, received.unique)
        };
        let far = INJECTED + 64;
        assert_eq!(received(&[0, 63, 64, 127, far, far + 1]), (6, true, true));
        assert_eq!(received(&[0, 64, 63, far]), (4, false, true));
        for twice in [0, 63, 64, far] {
            assert_eq!(received(&[0, 63, 64, far, twice]), (5, false, false));
        }
    }
}

//! What is known of user data: what was sent, received, is under way, and still has to be acknowledged.

use std::collections::{BTreeMap, BTreeSet};

use pptp_wire::GreHeader;
use pptp_wire::code::CallId;
use pptp_wire::serial::Serial;
use pptp_wire::time::Instant;
use pptp_world::{NodeId, TrafficId};

use crate::transcript::GreEntry;

/// Counters of frames that a script injects start here, far from those of `send-data`.
const INJECTED: u64 = 1 << 40;

/// One direction of a call, by sender, receiver and the Call ID in its packets.
type Direction = (NodeId, NodeId, CallId);

/// What was received at a node, in a call or in all of them.
#[derive(Clone, Debug)]
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
    counters: Counters,
}

/// Counters that came, 64 to a word: the bits of a word by what its counters divided by 64 give.
#[derive(Clone, Debug, Default)]
struct Counters {
    words: BTreeMap<u64, u64>,
    /// The word that was looked at last, which is not in the map meanwhile: one counter follows the other.
    at: u64,
    bits: u64,
}

/// What is known of one direction of a call.
#[derive(Copy, Clone, Debug, Default)]
struct Way {
    next_number: Option<u32>,
    delivered: Option<u32>,
    acknowledged: Option<u32>,
}

/// All directions of all calls.
#[derive(Debug, Default)]
struct Ways {
    places: BTreeMap<Direction, usize>,
    ways: Vec<Way>,
    /// Where that was which was asked for last, by sender: packets of one direction follow each other.
    latest: [Option<(Direction, usize)>; 2],
}

/// What is known of a node.
#[derive(Clone, Debug, Default)]
struct AtNode {
    received: Received,
    received_in_call: BTreeMap<String, Received>,
    last_data: Option<usize>,
    last_delivered: Option<(Instant, usize)>,
}

/// The ledger of a run.
#[derive(Debug, Default)]
pub struct DataLedger {
    /// The `send-data` that have something to send, each with the name of its call.
    sending: Vec<(TrafficId, String)>,
    nodes: Vec<AtNode>,
    ways: Ways,
    injected: u64,
    literal: BTreeSet<(NodeId, CallId, u32)>,
}

impl DataLedger {
    /// A `send-data` began.
    pub fn traffic_started(&mut self, id: TrafficId, call: &str) {
        self.sending.push((id, call.to_owned()));
    }

    /// A `send-data` has nothing more to send.
    pub fn traffic_ended(&mut self, id: TrafficId) {
        self.sending.retain(|(sending, _)| *sending != id);
    }

    /// Whether a `send-data` still has something to send, in this call or in any.
    pub fn is_sending(&self, call: Option<&str>) -> bool {
        let mut sending = self.sending.iter();
        sending.any(|(_, of)| call.is_none_or(|call| call == of))
    }

    #[inline]
    fn at_node(&mut self, node: NodeId) -> &mut AtNode {
        let place = usize::from(node.0);
        if place >= self.nodes.len() {
            self.nodes.resize_with(place + 1, AtNode::default);
        }
        &mut self.nodes[place]
    }

    /// A call of a node begins under this Call ID: what was said in an earlier one that had it counts no more.
    pub fn call_begins(&mut self, node: NodeId, id: CallId) {
        for ((_, to, call_id), place) in &self.ways.places {
            if (*to, *call_id) == (node, id) {
                let way = &mut self.ways.ways[*place];
                (way.delivered, way.acknowledged) = (None, None);
            }
        }
    }

    /// A packet was sent; `entry` is its place in the log.
    #[inline]
    pub fn sent(&mut self, (from, to): (NodeId, NodeId), header: &GreHeader, entry: usize) {
        if header.sequence_number.is_some() {
            self.at_node(from).last_data = Some(entry);
        }
        let way = self.ways.of((from, to, header.call_id));
        if let Some(number) = header.sequence_number {
            way.next_number = Some(number.wrapping_add(1));
        }
        if header.acknowledgment_number.is_some() {
            way.acknowledged = header.acknowledgment_number;
        }
    }

    /// A packet arrived; `entry` is its place in the log.
    #[inline]
    pub fn delivered(&mut self, at: Instant, packet: &GreEntry, entry: usize) {
        self.at_node(packet.to).last_delivered = Some((at, entry));
        let Some(header) = packet.header else {
            return;
        };
        if let Some(number) = header.sequence_number {
            let way = self.ways.of((packet.from, packet.to, header.call_id));
            let is_newer = |highest| Serial(number).newer_than(Serial(highest));
            if way.delivered.is_none_or(is_newer) {
                way.delivered = Some(number);
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
        let Some(highest) = self.ways.known((from, to, to_id)).delivered else {
            return false;
        };
        match self.ways.known((to, from, from_id)).acknowledged {
            Some(acknowledged) => Serial(highest).newer_than(Serial(acknowledged)),
            None => true,
        }
    }

    /// One more than the Sequence Number last seen in this direction; 0 where none was.
    pub fn next_sequence_number(&self, from: NodeId, to: NodeId, id: Option<CallId>) -> u32 {
        id.and_then(|id| self.ways.known((from, to, id)).next_number)
            .unwrap_or(0)
    }

    /// The log entry of the last packet with data that a node sent.
    pub fn last_data_sent(&self, node: NodeId) -> Option<usize> {
        self.nodes.get(usize::from(node.0))?.last_data
    }

    /// The log entry of the packet that reached a node at this instant.
    pub fn last_delivered(&self, node: NodeId, at: Instant) -> Option<usize> {
        let (when, entry) = self.nodes.get(usize::from(node.0))?.last_delivered?;
        (when == at).then_some(entry)
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
        let at_node = self.at_node(node);
        at_node.received.take(counter, is_literal);
        let Some(call) = call else {
            return;
        };
        match at_node.received_in_call.get_mut(call) {
            Some(in_call) => in_call.take(counter, is_literal),
            None => {
                let mut in_call = Received::default();
                in_call.take(counter, is_literal);
                at_node.received_in_call.insert(call.to_owned(), in_call);
            }
        }
    }

    /// What a node received, in a call or in all.
    pub fn received_by(&self, node: NodeId, call: Option<&str>) -> Received {
        let at_node = self.nodes.get(usize::from(node.0));
        let received = match call {
            None => at_node.map(|node| &node.received),
            Some(call) => at_node.and_then(|node| node.received_in_call.get(call)),
        };
        received.cloned().unwrap_or_default()
    }
}

impl Ways {
    /// What is known of a direction, to add to it.
    #[inline(always)]
    fn of(&mut self, direction: Direction) -> &mut Way {
        let slot = usize::from(direction.0.0) % self.latest.len();
        let place = match self.latest[slot] {
            Some((known, place)) if known == direction => place,
            _ => self.find(direction, slot),
        };
        &mut self.ways[place]
    }

    fn find(&mut self, direction: Direction, slot: usize) -> usize {
        let next = self.ways.len();
        let place = *self.places.entry(direction).or_insert(next);
        if place == next {
            self.ways.push(Way::default());
        }
        self.latest[slot] = Some((direction, place));
        place
    }

    fn known(&self, direction: Direction) -> Way {
        let place = self.places.get(&direction);
        place.map_or_else(Way::default, |place| self.ways[*place])
    }
}

impl Counters {
    /// Whether the counter came for the first time.
    fn insert(&mut self, counter: u64) -> bool {
        let (at, bit) = (counter / 64, 1 << (counter % 64));
        if at != self.at {
            self.words.insert(self.at, self.bits);
            self.bits = self.words.remove(&at).unwrap_or(0);
            self.at = at;
        }
        let is_new = self.bits & bit == 0;
        self.bits |= bit;
        is_new
    }
}

impl Default for Received {
    /// Nothing: in order, and nothing twice.
    fn default() -> Received {
        Received {
            packets: 0,
            in_order: true,
            unique: true,
            damaged: 0,
            latest: None,
            counters: Counters::default(),
        }
    }
}

impl Received {
    #[inline]
    fn take(&mut self, counter: Option<u64>, is_literal: bool) {
        self.packets += 1;
        let Some(counter) = counter else {
            self.damaged += u64::from(!is_literal);
            return;
        };
        self.in_order &= self.latest.is_none_or(|latest| latest < counter);
        self.unique &= self.counters.insert(counter);
        self.latest = Some(counter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    /// A packet from one node to the other arrives.
    fn deliver(ledger: &mut DataLedger, from: u16, to: u16, header: GreHeader) {
        let packet = GreEntry {
            at: Instant(1),
            from: NodeId(from),
            to: NodeId(to),
            call: None,
            packet: pptp_world::PacketNumber(0),
            header: Some(header),
            length: 20,
            step: None,
            marks: Vec::new(),
        };
        ledger.delivered(Instant(2), &packet, 0);
    }

    #[test]
    fn a_call_owes_nothing_of_the_one_before_that_had_its_call_id() {
        let (one, other) = (NodeId(0), NodeId(1));
        let (one_id, other_id) = (CallId(7), CallId(9));
        let mut ledger = DataLedger::default();
        let owes = |ledger: &DataLedger| ledger.owes_acknowledgment(one, other, other_id, one_id);
        deliver(&mut ledger, 0, 1, GreHeader::data(other_id, 50, None, 4));
        assert!(owes(&ledger));
        ledger.call_begins(other, other_id);
        ledger.call_begins(one, one_id);
        assert!(!owes(&ledger));
        deliver(&mut ledger, 0, 1, GreHeader::data(other_id, 3, None, 4));
        assert!(owes(&ledger));
        let acknowledgment = GreHeader::acknowledgment_only(one_id, 3);
        ledger.sent((other, one), &acknowledgment, 0);
        assert!(!owes(&ledger));
        // Another node's calls are none of its business.
        ledger.call_begins(NodeId(2), other_id);
        deliver(&mut ledger, 0, 1, GreHeader::data(other_id, 4, None, 4));
        assert!(owes(&ledger));
    }

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
            let mut received = Received::default();
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

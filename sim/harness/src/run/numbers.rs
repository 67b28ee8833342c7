//! Numbers that the script itself chooses: ordinals, Call IDs, Sequence Numbers, and the frames behind them.

use pptp_wire::code::{CallId, ControlMessageType};
use pptp_world::{NodeId, Query, Stage};

use super::driver::Driver;
use super::matcher::node_id;
use crate::scenario::model::MessageLine;

impl<S: Stage> Driver<'_, S> {
    /// One more than how many messages of this type the line's sender has sent: serial numbers, channels and identifiers count
    /// up from 1.
    pub(super) fn next_ordinal(&self, line: &MessageLine, message_type: ControlMessageType) -> u16 {
        let sent = self
            .sent_of_type
            .get(&(node_id(line.from), message_type))
            .copied()
            .unwrap_or(0);
        u16::try_from(sent % 65_535).unwrap_or(0) + 1
    }

    /// A Call ID for a scripted node: 1 to 65,534, from the seed, never one that it has in use.
    pub(super) fn fresh_call_id(&mut self, node: NodeId) -> CallId {
        let mut state =
            self.scenario_seed() ^ (u64::from(node.0) << 48) ^ (self.plans.len() as u64) << 16;
        loop {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^= mixed >> 31;
            let id = CallId((mixed % 65_534) as u16 + 1);
            if self.bindings.call_at(node, id).is_none() {
                return id;
            }
        }
    }

    pub(super) fn scenario_seed(&self) -> u64 {
        self.options.seed.unwrap_or(self.scenario.seed)
    }

    /// The Call ID that the receiver of a GRE packet assigned to the line's call.
    pub(super) fn call_id_towards(&self, line: &MessageLine, to: NodeId) -> Option<CallId> {
        let call = self.bindings.call(&line.call.as_ref()?.text)?;
        call.id_of(call.owner_at(to)?)
    }

    /// The Sequence Number that the line's sender would use now. Where the sender has no part in the line's call, it is that of the end
    /// in whose name it sends.
    pub(super) fn next_sequence_number(&self, line: &MessageLine) -> u64 {
        let (from, to) = (node_id(line.from), node_id(line.to));
        self.next_number_of(line, self.end_towards(line, from, to), to)
    }

    /// The Sequence Number that the line's receiver would use now: one more than the last that can be acknowledged.
    pub(super) fn next_to_acknowledge(&self, line: &MessageLine) -> u64 {
        let (from, to) = (node_id(line.from), node_id(line.to));
        self.next_number_of(line, to, self.end_towards(line, from, to))
    }

    /// The end of the line's call that sends to `to`: `from`, if that is an end of it.
    fn end_towards(&self, line: &MessageLine, from: NodeId, to: NodeId) -> NodeId {
        let name = line.call.as_ref().map(|name| name.text.as_str());
        let Some(call) = name.and_then(|name| self.bindings.call(name)) else {
            return from;
        };
        let ends = [call.pns, call.pac];
        let other = ends.into_iter().flatten().find(|node| *node != to);
        match other {
            Some(other) if !ends.contains(&Some(from)) => other,
            _ => from,
        }
    }

    /// The next Sequence Number of one node to another: what it says itself, else one more than was last seen of it.
    fn next_number_of(&self, line: &MessageLine, from: NodeId, to: NodeId) -> u64 {
        let asked = line
            .call
            .as_ref()
            .and_then(|name| self.call_ref(from, &name.text));
        let told = asked
            .and_then(|call| self.stage.query(from, &Query::NextSequenceNumber(call)))
            .and_then(pptp_world::Value::number);
        let id = self.call_id_towards(line, to);
        told.unwrap_or_else(|| u64::from(self.data.next_sequence_number(from, to, id)))
    }

    /// A valid test frame where so many octets hold one; any octets of that length else.
    pub(super) fn test_payload(&mut self, length: usize) -> Vec<u8> {
        let mut frame = Vec::with_capacity(length);
        pptp_wire::ppp::test_frame(self.data.injected(), length, &mut frame);
        frame
    }
}

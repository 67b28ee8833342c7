//! What happens in a run beside what the transcript shows: when messages arrive, what becomes of them there, and states.

use pptp_wire::CallId;
use pptp_wire::time::Instant;
use pptp_world::{ConnectionNumber, NodeId};

use super::arrow::{End, Fate};

/// A state machine of a node moved.
#[derive(Clone, Debug)]
pub struct Moved {
    /// When.
    pub at: Instant,
    /// Its place among everything that happened then.
    pub order: u64,
    /// The node.
    pub node: NodeId,
    /// The connection, where it is still known.
    pub connection: Option<ConnectionNumber>,
    /// The node's own Call ID, where the machine is that of a call.
    pub call: Option<CallId>,
    /// The name of the call, where the scenario has given it one by then.
    pub call_name: Option<String>,
    /// The new state.
    pub state: &'static str,
}

/// What became of one entry of the log.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// The entry's place among everything that happened at its instant.
    pub order: u64,
    /// Where its copies ended so far.
    pub ends: Vec<End>,
}

/// Takes down the course of a run.
#[derive(Clone, Debug, Default)]
pub struct Course {
    ways: Vec<Way>,
    moves: Vec<Moved>,
    powers: Vec<(Instant, u64, NodeId, bool)>,
    happened: u64,
}

impl Course {
    /// Another entry was added to the log.
    pub fn added(&mut self) {
        let order = self.next();
        self.ways.push(Way {
            order,
            ends: Vec::new(),
        });
    }

    /// A copy of an entry's message came to the end of its way: it arrived, or was lost on it.
    pub fn ended(&mut self, entry: usize, at: Instant, lost: Option<String>) {
        let order = self.next();
        if let Some(way) = self.ways.get_mut(entry) {
            way.ends.push(End {
                at: Some(at),
                order,
                fate: lost.map_or(Fate::Arrived, Fate::Lost),
                late: false,
            });
        }
    }

    /// The copy of an entry's message that arrived last was thrown away.
    pub fn refused(&mut self, entry: usize, reason: &str) {
        let ends = self.ways.get_mut(entry).map(|way| way.ends.iter_mut());
        if let Some(end) = ends
            .into_iter()
            .flatten()
            .rfind(|end| end.fate == Fate::Arrived)
        {
            end.fate = Fate::Refused(reason.to_owned());
        }
    }

    /// A state machine moved.
    pub fn moved(&mut self, mut moved: Moved) {
        moved.order = self.next();
        self.moves.push(moved);
    }

    /// A node crashed, or was started again (`up`): a crash ends everything that it had.
    pub fn power(&mut self, at: Instant, node: NodeId, up: bool) {
        let order = self.next();
        self.powers.push((at, order, node, up));
    }

    /// When nodes crashed and were started again: time, place at that instant, node, whether it is up from then on.
    pub fn powers(&self) -> &[(Instant, u64, NodeId, bool)] {
        &self.powers
    }

    /// What became of an entry.
    pub fn way(&self, entry: usize) -> Way {
        self.ways.get(entry).cloned().unwrap_or_default()
    }

    /// The moves of the state machines, in order.
    pub fn moves(&self) -> &[Moved] {
        &self.moves
    }

    fn next(&mut self) -> u64 {
        self.happened += 1;
        self.happened
    }
}

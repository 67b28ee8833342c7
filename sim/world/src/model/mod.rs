//! The reference model: what must hold in any world, whatever a scenario expects.
//!
//! It watches the wire and what the nodes tell, after every step, and shares no code with the endpoint or the rules. It asks less
//! than the rules do (no requirement is judged here), and what it asks admits no exception: see [`ModelCheck`]. What scripted
//! nodes and injections send is not judged, but counts as sent.

mod call;
mod data;
mod index;
mod ring;
mod stream;
mod violation;

pub(crate) use call::End as CallEnd;
pub use violation::{ModelCheck, ModelViolation};

use crate::{CallRef, ConnectionNumber, NodeId};
use index::StreamIndex;
use pptp_wire::CallId;
use std::collections::{BTreeSet, VecDeque};
use stream::{Stray, Stream};

/// No stream.
pub(crate) const NO_STREAM: u32 = u32::MAX;
/// How many packets are kept that belong to no stream, or to a place that is taken.
const STRAYS: usize = 256;

/// The state of the model.
#[derive(Debug, Default)]
pub(crate) struct Model {
    streams: Vec<Stream>,
    index: StreamIndex,
    strays: VecDeque<Stray>,
    /// By connection and side: the first stream of the calls that the end has there.
    first_of_connection: Vec<[u32; 2]>,
    /// Streams whose sender is to be asked for its window.
    window_queries: Vec<u32>,
    violations: Vec<ModelViolation>,
    /// Call-Disconnect-Notify messages on their way.
    notified: Vec<call::Notified>,
    /// Pairs of nodes, the lower one first, into whose connections others have put octets, until they connect anew: what each of the
    /// two knows of their calls is not what they told each other, and what they do with them is not judged.
    intruded: BTreeSet<(NodeId, NodeId)>,
    /// The set that describes Windows is chosen: what comes late or again may be delivered all the same (MS-006).
    delivers_late: bool,
}

impl Model {
    /// A model that has seen nothing; whether the set that describes Windows is chosen.
    pub(crate) fn new(windows: bool) -> Model {
        Model {
            delivers_late: windows,
            ..Model::default()
        }
    }

    /// Takes the next violation.
    #[inline]
    pub(crate) fn take_violation(&mut self) -> Option<ModelViolation> {
        self.violations.pop()
    }

    /// A window that the world has to ask a node for, see [`Model::window_answered`].
    #[inline]
    pub(crate) fn next_window_query(&mut self) -> Option<(u32, NodeId, CallRef)> {
        let number = self.window_queries.pop()?;
        let stream = &mut self.streams[number as usize];
        stream.window_asked = false;
        let (sender, reverse) = (stream.sender, stream.reverse);
        let own = self.streams.get(reverse as usize)?;
        Some((number, sender, own.call))
    }

    /// The stream to `receiver` from `sender` under the receiver's Call ID.
    #[inline]
    pub(crate) fn find(&self, receiver: NodeId, sender: NodeId, call_id: CallId) -> Option<u32> {
        self.index.get(key(receiver, sender, call_id))
    }

    /// Packets of a call are on their way, or have arrived and will still be acknowledged, in either direction.
    ///
    /// `acknowledges` says of a node whether it acknowledges data by itself.
    pub(crate) fn is_moving(&self, number: u32, acknowledges: impl Fn(NodeId) -> bool) -> bool {
        let Some(stream) = self.streams.get(number as usize) else {
            return false;
        };
        stream.is_moving(&acknowledges)
            || self
                .streams
                .get(stream.reverse as usize)
                .is_some_and(|reverse| reverse.is_moving(&acknowledges))
    }

    /// The sender of a stream, with its own name for the call, where both ends are known to be of one call.
    pub(crate) fn other_end(&self, number: u32) -> Option<(NodeId, CallRef)> {
        let own = self
            .streams
            .get(self.streams.get(number as usize)?.reverse as usize)?;
        Some((own.receiver, own.call))
    }

    /// The same for all calls.
    pub(crate) fn anything_moves(&self, acknowledges: impl Fn(NodeId) -> bool) -> bool {
        self.streams
            .iter()
            .any(|stream| stream.is_moving(&acknowledges))
    }

    fn stream_or_new(&mut self, receiver: NodeId, sender: NodeId, call_id: CallId) -> u32 {
        let key = key(receiver, sender, call_id);
        if let Some(number) = self.index.get(key) {
            return number;
        }
        let number = self.streams.len() as u32;
        self.streams.push(Stream::new(receiver, sender));
        self.index.insert(key, number);
        number
    }

    /// Others put octets into a connection between two nodes.
    pub(crate) fn intruded(&mut self, one: NodeId, other: NodeId) {
        self.intruded.insert((one.min(other), one.max(other)));
    }

    /// Two nodes open a connection that is the only one between them.
    pub(crate) fn connected_anew(&mut self, one: NodeId, other: NodeId) {
        self.intruded.remove(&(one.min(other), one.max(other)));
    }

    /// Whether others have put octets into any connection.
    pub(crate) fn has_intruded(&self) -> bool {
        !self.intruded.is_empty()
    }

    /// Notes what `node` did in a call with `peer`.
    fn violate_in_call(
        &mut self,
        check: ModelCheck,
        [node, peer]: [NodeId; 2],
        call_id: Option<CallId>,
        seen: u64,
        expected: u64,
    ) {
        if !self.intruded.contains(&(node.min(peer), node.max(peer))) {
            self.violate(check, node, call_id, seen, expected);
        }
    }

    fn violate(
        &mut self,
        check: ModelCheck,
        node: NodeId,
        call: Option<CallId>,
        seen: u64,
        expected: u64,
    ) {
        self.violations.push(ModelViolation {
            check,
            node,
            call,
            seen,
            expected,
        });
    }

    fn first_of(&mut self, connection: ConnectionNumber, side: usize) -> &mut u32 {
        let place = connection.index();
        if place >= self.first_of_connection.len() {
            self.first_of_connection.resize(place + 1, [NO_STREAM; 2]);
        }
        &mut self.first_of_connection[place][side]
    }
}

fn key(receiver: NodeId, sender: NodeId, call_id: CallId) -> u64 {
    u64::from(receiver.0) << 32 | u64::from(sender.0) << 16 | u64::from(call_id.0)
}

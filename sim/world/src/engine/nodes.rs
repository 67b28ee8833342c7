//! Where the world keeps its nodes.

use crate::{CallRef, CommandError, DataOutcome, EndpointNode, Input, Node, NodeId, Output};
use pptp_wire::time::Instant;

/// All nodes. Endpoints of this project lie side by side: what events that follow each other touch lies in a row, and is spoken to
/// without a detour. Other nodes lie behind a pointer each.
#[derive(Default)]
pub(crate) struct Nodes {
    /// By node.
    places: Vec<Place>,
    endpoints: Vec<EndpointNode>,
    others: Vec<Box<dyn Node>>,
}

#[derive(Copy, Clone)]
enum Place {
    Endpoint(u16),
    Other(u16),
}

/// A node that does something.
pub(crate) enum Actor<'a> {
    Endpoint(&'a mut EndpointNode),
    Other(&'a mut dyn Node),
}

impl Nodes {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.places.len()
    }

    /// Adds a node behind the others.
    pub(crate) fn push(&mut self, mut node: Box<dyn Node>) {
        let place = match node.take_endpoint() {
            Some(endpoint) => {
                self.endpoints.push(endpoint);
                Place::Endpoint((self.endpoints.len() - 1) as u16)
            }
            None => {
                self.others.push(node);
                Place::Other((self.others.len() - 1) as u16)
            }
        };
        self.places.push(place);
    }

    /// A node, to look at.
    #[inline]
    pub(crate) fn get(&self, node: NodeId) -> &dyn Node {
        match self.places[node.index()] {
            Place::Endpoint(place) => &self.endpoints[usize::from(place)],
            Place::Other(place) => self.others[usize::from(place)].as_ref(),
        }
    }

    /// A node, for what is seldom done to it.
    pub(crate) fn get_mut(&mut self, node: NodeId) -> &mut dyn Node {
        match self.actor(node) {
            Actor::Endpoint(endpoint) => endpoint,
            Actor::Other(node) => node,
        }
    }

    /// A node, for what is done for every packet.
    #[inline]
    pub(crate) fn actor(&mut self, node: NodeId) -> Actor<'_> {
        match self.places[node.index()] {
            Place::Endpoint(place) => Actor::Endpoint(&mut self.endpoints[usize::from(place)]),
            Place::Other(place) => Actor::Other(self.others[usize::from(place)].as_mut()),
        }
    }
}

impl Actor<'_> {
    #[inline]
    pub(crate) fn handle(&mut self, now: Instant, input: Input<'_>) {
        match self {
            Actor::Endpoint(endpoint) => endpoint.handle(now, input),
            Actor::Other(node) => node.handle(now, input),
        }
    }

    #[inline]
    pub(crate) fn poll(&mut self, now: Instant) -> Output<'_> {
        match self {
            Actor::Endpoint(endpoint) => endpoint.poll(now),
            Actor::Other(node) => node.poll(now),
        }
    }

    #[inline]
    pub(crate) fn send_data(
        &mut self,
        now: Instant,
        call: CallRef,
        payload: &[u8],
    ) -> Result<DataOutcome, CommandError> {
        match self {
            Actor::Endpoint(endpoint) => endpoint.send_data(now, call, payload),
            Actor::Other(node) => node.send_data(now, call, payload),
        }
    }
}

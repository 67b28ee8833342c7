//! Where the world keeps a node.

use crate::{CallRef, CommandError, DataOutcome, EndpointNode, Input, Node, Output};
use pptp_wire::time::Instant;

/// A node. Endpoints lie in the table of nodes itself: what events that follow each other touch then lies in a row, and is spoken to
/// without a detour. Other nodes lie behind a pointer.
#[expect(
    clippy::large_enum_variant,
    reason = "to lie right here is what it is for, and most nodes are endpoints"
)]
pub(crate) enum Actor {
    Endpoint(EndpointNode),
    Other(Box<dyn Node>),
}

impl From<Box<dyn Node>> for Actor {
    fn from(mut node: Box<dyn Node>) -> Actor {
        match node.take_endpoint() {
            Some(endpoint) => Actor::Endpoint(endpoint),
            None => Actor::Other(node),
        }
    }
}

impl Actor {
    /// The node, for what is not done for every packet.
    pub(crate) fn node(&self) -> &dyn Node {
        match self {
            Actor::Endpoint(endpoint) => endpoint,
            Actor::Other(node) => node.as_ref(),
        }
    }

    /// The node, to be changed.
    pub(crate) fn node_mut(&mut self) -> &mut dyn Node {
        match self {
            Actor::Endpoint(endpoint) => endpoint,
            Actor::Other(node) => node.as_mut(),
        }
    }

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

    #[inline]
    pub(crate) fn look_ahead(&self) {
        match self {
            Actor::Endpoint(endpoint) => endpoint.look_ahead(),
            Actor::Other(node) => node.look_ahead(),
        }
    }
}

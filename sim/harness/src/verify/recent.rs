//! The last messages of each control connection: what a finding cites may have passed a while ago.

use std::collections::{BTreeMap, VecDeque};

use crate::capture::{Flow, Stamp};
use crate::decode::{Control, Framing, Item, ItemKind, line};

/// Messages of a connection that are kept.
const KEPT: usize = 16;
/// Octets of a message that are kept: as many as the longest has.
const KEPT_OCTETS: usize = pptp_wire::MAXIMUM_LENGTH;

/// One thing that passed on a control connection.
#[derive(Debug)]
struct Passed {
    stamp: Stamp,
    flow: Flow,
    what: What,
}

#[derive(Debug)]
enum What {
    Opening,
    Closed,
    Reset,
    Message(Framing, Box<[u8]>),
}

/// What passed last on the connections that are followed.
#[derive(Default, Debug)]
pub(super) struct Recent {
    connections: BTreeMap<u32, VecDeque<Passed>>,
}

impl Recent {
    /// Keeps what an item shows.
    pub(super) fn keep(&mut self, item: &Item<'_>) {
        let (flow, what) = match &item.kind {
            ItemKind::Opening(flow) => (*flow, What::Opening),
            ItemKind::Closed(flow) => (*flow, What::Closed),
            ItemKind::Reset(flow) => (*flow, What::Reset),
            ItemKind::Control(control) => {
                let kept = control.octets.len().min(KEPT_OCTETS);
                let octets = control.octets[..kept].into();
                (control.flow, What::Message(control.framing, octets))
            }
            _ => return,
        };
        let passed = self.connections.entry(flow.connection).or_default();
        if passed.len() == KEPT {
            passed.pop_front();
        }
        passed.push_back(Passed {
            stamp: item.stamp,
            flow,
            what,
        });
    }

    /// Forgets a connection.
    pub(super) fn forget(&mut self, connection: u32) {
        self.connections.remove(&connection);
    }

    /// What a frame showed, if it is kept: whose it was, and its line.
    pub(super) fn find(&self, frame: u64) -> Option<(Flow, String)> {
        let all = self.connections.values().flatten();
        let found = all.rev().find(|passed| passed.stamp.frame == frame)?;
        let flow = found.flow;
        let kind = match &found.what {
            What::Opening => ItemKind::Opening(flow),
            What::Closed => ItemKind::Closed(flow),
            What::Reset => ItemKind::Reset(flow),
            What::Message(framing, octets) => ItemKind::Control(Control {
                flow,
                octets,
                framing: *framing,
                findings: Vec::new(),
            }),
        };
        let item = Item {
            stamp: found.stamp,
            released: found.stamp,
            kind,
        };
        Some((flow, line(&item)))
    }
}

//! The captures of a run: one file a node, of what passes its interface, from the records of the world.
//!
//! What becomes of a packet, and what the rules say of it, is known only later: everything is taken down first, and written when the
//! run is over.

mod lines;
mod notes;
mod passing;
mod words;
mod writing;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddrV4};

use pptp_rules::Finding;
use pptp_world::{ConnectionNumber, MessageNumber, NodeId, PacketNumber, Record, Stage};

use crate::scenario::model::Scenario;
use notes::{MessageNote, PacketNote};
use passing::Step;

/// The capture of one node.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NodeCapture {
    /// The node's name.
    pub node: String,
    /// The capture, as a pcapng file.
    pub pcapng: Vec<u8>,
    /// Every message of it with every field, as JSON Lines.
    pub golden: Vec<u8>,
}

/// Takes down what passes the interfaces of all nodes of a run.
pub struct CaptureRecorder {
    title: String,
    case: Option<String>,
    seed: u64,
    names: Vec<String>,
    addresses: Vec<Vec<Ipv4Addr>>,
    /// What passes each node's interface, in order.
    files: Vec<Vec<Step>>,
    connections: BTreeMap<ConnectionNumber, Ends>,
    /// Octets sent so far, by connection and sender.
    sent: BTreeMap<(ConnectionNumber, NodeId), u64>,
    /// Octets that have arrived, by connection and sender.
    arrived: BTreeMap<(ConnectionNumber, NodeId), u64>,
    /// The messages of a stream, in its order.
    messages: BTreeMap<(ConnectionNumber, NodeId), Vec<MessageNote>>,
    places: BTreeMap<MessageNumber, (ConnectionNumber, NodeId, usize)>,
    packets: BTreeMap<PacketNumber, PacketNote>,
    identifications: BTreeMap<Ipv4Addr, u16>,
    /// The first packet with data under each Sequence Number: sender, receiver's Call ID, number.
    first_with: BTreeMap<(NodeId, u16, u32), PacketNumber>,
    /// Number of the record of the last close or reset that an end sent.
    ends_sent: BTreeMap<(ConnectionNumber, NodeId), u64>,
    /// By the number of the record that shows it.
    findings: BTreeMap<u64, Vec<Finding>>,
    /// Number of the next record.
    next_record: u64,
}

/// The ends of a connection.
#[derive(Copy, Clone, Debug)]
struct Ends {
    opener: NodeId,
    acceptor: NodeId,
    from: SocketAddrV4,
    to: SocketAddrV4,
}

impl Ends {
    /// The other end.
    fn other(&self, end: NodeId) -> NodeId {
        if end == self.opener {
            self.acceptor
        } else {
            self.opener
        }
    }

    /// Source and destination of what `from` sends.
    fn direction(&self, from: NodeId) -> (SocketAddrV4, SocketAddrV4) {
        if from == self.opener {
            (self.from, self.to)
        } else {
            (self.to, self.from)
        }
    }
}

impl CaptureRecorder {
    /// A recorder for the nodes of a scenario, run with this seed.
    pub fn new(scenario: &Scenario, seed: u64) -> Self {
        let nodes = &scenario.nodes;
        CaptureRecorder {
            title: scenario.title.clone(),
            case: scenario.case.as_ref().map(|case| case.text.clone()),
            seed,
            names: nodes.iter().map(|node| node.name.clone()).collect(),
            addresses: nodes.iter().map(|node| node.addresses.clone()).collect(),
            files: nodes.iter().map(|_| Vec::new()).collect(),
            connections: BTreeMap::new(),
            sent: BTreeMap::new(),
            arrived: BTreeMap::new(),
            messages: BTreeMap::new(),
            places: BTreeMap::new(),
            packets: BTreeMap::new(),
            identifications: BTreeMap::new(),
            first_with: BTreeMap::new(),
            ends_sent: BTreeMap::new(),
            findings: BTreeMap::new(),
            next_record: 0,
        }
    }

    /// Takes in one record. Records come in their order, from the first on.
    pub fn take<S: Stage>(&mut self, record: &Record, stage: &S) {
        passing::take(self, record, stage);
    }

    /// The files of all nodes.
    pub fn finish(self) -> Vec<NodeCapture> {
        (0..self.names.len())
            .map(|index| writing::write(&self, index))
            .collect()
    }

    fn address(&self, node: NodeId) -> Ipv4Addr {
        let own = self.addresses.get(usize::from(node.0));
        own.and_then(|addresses| addresses.first().copied())
            .unwrap_or(Ipv4Addr::UNSPECIFIED)
    }

    fn name(&self, node: NodeId) -> &str {
        self.names
            .get(usize::from(node.0))
            .map_or("nobody", String::as_str)
    }

    /// What the rules found in what these records tell.
    fn found(&self, records: impl IntoIterator<Item = u64>) -> Vec<Finding> {
        records
            .into_iter()
            .filter_map(|number| self.findings.get(&number))
            .flatten()
            .copied()
            .collect()
    }
}

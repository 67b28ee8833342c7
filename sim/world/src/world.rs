//! The event world: nodes on a virtual network in virtual time.

use crate::engine::{Host, Network, Nodes, Outgoing};
use crate::link::{LinkConfig, LinkError};
use crate::luck::{LuckSource, Seeded};
use crate::record::WorldLimit;
use crate::tape::{Tape, TapeDeck, TapeMismatch};
use crate::traffic::Traffic;
use crate::{
    CallRef, Command, CommandError, ConnectionId, ConnectionNumber, LinkId, Node, NodeId, Outcome,
    Query, Record, RecordKind, Role, Span, TrafficId, Value, WorldPoints,
};
use core::net::Ipv4Addr;
use pptp_rules::{Judge, JudgeConfig};
use pptp_wire::time::Instant;
use std::sync::Arc;

/// How a world is set up.
#[derive(Copy, Clone, Debug, Default)]
pub struct WorldConfig {
    /// Where all luck comes from.
    pub seed: u64,
    /// What ends a run.
    pub limits: Limits,
    /// Keeps the octets of every datagram, for captures; otherwise only of those that cannot be decoded.
    pub keep_octets: bool,
    /// What the rules take for granted.
    pub judge: JudgeConfig,
}

/// Bounds of a run. Reaching one is written down and ends it: [`Advance::Limit`].
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Events performed.
    pub steps: u64,
    /// Virtual time.
    pub time: Instant,
    /// Events waiting.
    pub queue: usize,
    /// Records written.
    pub records: u64,
    /// Outputs that one node may give for one input.
    pub outputs_at_once: u64,
}

impl Default for Limits {
    /// No bound on time; 100 million steps and records, 10 million events waiting, 10 million outputs at once.
    fn default() -> Limits {
        Limits {
            steps: 100_000_000,
            time: Instant::NEVER,
            queue: 10_000_000,
            records: 100_000_000,
            outputs_at_once: 10_000_000,
        }
    }
}

/// What [`World::advance`] did.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Advance {
    /// One event was performed.
    Event,
    /// The time that was asked for has come; events that are due then have been performed.
    Reached,
    /// Nothing will ever happen by itself. The time that was asked for has come, unless it was [`Instant::NEVER`].
    Quiet,
    /// A limit ended the run: nothing happens any more.
    Limit(WorldLimit),
    /// The tape that is played does not fit what happens ([`World::tape_mismatch`]): nothing happens any more.
    TapeMismatch,
}

/// Nodes on a seeded virtual network, with a judge and a reference model that watch. See the crate's documentation.
pub struct World {
    pub(crate) net: Network,
    pub(crate) nodes: Nodes,
    pub(crate) limits: Limits,
    pub(crate) steps: u64,
    /// The node whose deadline was looked ahead at last.
    pub(crate) looked_at: Option<NodeId>,
}

impl World {
    /// An empty world with the luck of its seed.
    pub fn new(config: WorldConfig) -> World {
        World::with(
            config,
            Arc::new(Seeded(config.seed)),
            TapeDeck::record(config.seed),
        )
    }

    /// An empty world with luck from anywhere: fuzzers bring their own.
    pub fn with_luck(config: WorldConfig, luck: Arc<dyn LuckSource>) -> World {
        World::with(config, luck, TapeDeck::record(config.seed))
    }

    /// An empty world that has its luck from a tape. It takes the same nodes, links and commands as the run that was recorded.
    pub fn replay(config: WorldConfig, tape: Tape) -> World {
        World::with(config, Arc::new(Seeded(config.seed)), TapeDeck::play(tape))
    }

    fn with(config: WorldConfig, luck: Arc<dyn LuckSource>, deck: TapeDeck) -> World {
        let net = Network::new(luck, deck, config.judge, config.keep_octets);
        World {
            net,
            nodes: Nodes::default(),
            limits: config.limits,
            steps: 0,
            looked_at: None,
        }
    }

    /// Adds a node that owns these addresses; the first is the one that it sends from. Several nodes may own one address, as the
    /// programs of a host do: what is sent to it reaches the first of them that the sender has a link with.
    ///
    /// # Panics
    /// At the 65,536th node.
    pub fn add_node(&mut self, name: &str, addresses: &[Ipv4Addr], node: Box<dyn Node>) -> NodeId {
        assert!(
            self.nodes.len() < usize::from(u16::MAX),
            "more nodes than there are numbers"
        );
        let mut host = Host::new(name, addresses, node.is_scripted(), node.listens());
        host.is_pns = node.role().map(|role| role == Role::Pns);
        self.nodes.push(node);
        let id = self.net.add_host(host);
        self.drain(id);
        id
    }

    /// Joins two nodes. Its name in the streams of luck is `A-B`. Of several links between the same two, the first is used.
    ///
    /// # Errors
    /// Impairments that cannot be carried out, or a tape that does not know the link.
    ///
    /// # Panics
    /// If one of the nodes does not exist, and at the 65,536th link.
    pub fn add_link(
        &mut self,
        a: NodeId,
        b: NodeId,
        config: &LinkConfig,
    ) -> Result<LinkId, LinkError> {
        assert!(
            self.net.links.len() < usize::from(u16::MAX),
            "more links than there are numbers"
        );
        self.net.add_link(a, b, config)
    }

    /// Virtual time.
    pub fn now(&self) -> Instant {
        self.net.now
    }

    /// Performs the next event if it is due by `until`, else lets the time pass up to there.
    pub fn advance(&mut self, until: Instant) -> Advance {
        if let Some(ended) = self.ended() {
            return ended;
        }
        let Some(due) = self.net.next_due() else {
            self.pass(until);
            return Advance::Quiet;
        };
        if due.at > until {
            self.pass(until);
            return Advance::Reached;
        }
        if let Some(stopped) = self.stopped(due.at) {
            return stopped;
        }
        self.steps += 1;
        self.net.now = due.at.max(self.net.now);
        match due.node {
            Some(node) => self.deadline(node),
            None => self.perform(),
        }
        self.net.write_violations();
        Advance::Event
    }

    /// Tells the judge that the run is over; the findings that this brings are records. Nothing should be done afterwards.
    pub fn finish(&mut self) {
        self.net.finish_judging();
    }

    /// Has a node perform a command now.
    ///
    /// # Errors
    /// What the node says, or that it has crashed.
    ///
    /// # Panics
    /// If there is no such node; so do all methods that take one.
    pub fn command(&mut self, node: NodeId, command: &Command) -> Result<Outcome, CommandError> {
        if !self.net.hosts[node.index()].up {
            return Err(CommandError::Crashed);
        }
        let outcome = self.nodes.get_mut(node).command(self.net.now, command);
        self.settle(node);
        outcome
    }

    /// Looks into a node. `None`: it does not offer that, has no such thing, or has crashed.
    pub fn query(&self, node: NodeId, query: &Query) -> Option<Value> {
        if !self.net.hosts[node.index()].up && !matches!(query, Query::Reached(_)) {
            return None;
        }
        self.nodes.get(node).query(query)
    }

    /// The role of a node.
    pub fn role(&self, node: NodeId) -> Option<Role> {
        self.nodes.get(node).role()
    }

    /// Starts background work: the first packet is sent with the next events of this time.
    ///
    /// # Errors
    /// The call is not established, as far as the node tells, and has no data session all the same; or the node has crashed.
    pub fn start_traffic(
        &mut self,
        node: NodeId,
        call: CallRef,
        traffic: Traffic,
    ) -> Result<TrafficId, CommandError> {
        if !self.net.hosts[node.index()].up {
            return Err(CommandError::Crashed);
        }
        match self
            .query(node, &Query::CallState(call))
            .and_then(Value::state)
        {
            None | Some("established") => Ok(self.net.start_source(node, call, traffic)),
            // A node that lets data through before its time is told by its data (`CALL-009`).
            Some(_) if self.query(node, &Query::PeerMaximumWindow(call)).is_some() => {
                Ok(self.net.start_source(node, call, traffic))
            }
            Some(state) => Err(CommandError::WrongState { state }),
        }
    }

    /// Puts a datagram on the interface of `from` beside what that node sends; `source` is its source address, where it is to be
    /// forged. Findings on it are not graded.
    pub fn inject(&mut self, from: NodeId, to: Ipv4Addr, source: Option<Ipv4Addr>, octets: &[u8]) {
        let cause = crate::Cause::text("injected");
        self.net.datagram(&Outgoing {
            from,
            forged: source,
            to,
            octets,
            cause,
            foreign: true,
        });
        self.net.write_violations();
    }

    /// Moves all records that were written since the last time to the end of `into`.
    pub fn take_records(&mut self, into: &mut Vec<Record>) {
        self.net.log.take(into);
    }

    /// The octets that a record speaks of.
    pub fn octets(&self, span: Span) -> &[u8] {
        self.net.log.octets(span)
    }

    /// The tape: every decision of luck up to now, or the one that is played.
    pub fn tape(&self) -> &Tape {
        self.net.deck.tape()
    }

    /// The tape, to add the scenario and attributes while recording.
    pub fn tape_mut(&mut self) -> &mut Tape {
        self.net.deck.tape_mut()
    }

    /// Whether the run used the whole tape that it was played from.
    ///
    /// # Errors
    /// What was left, or what did not fit.
    pub fn finish_tape(&self) -> Result<(), TapeMismatch> {
        match &self.net.mismatch {
            Some(mismatch) => Err(mismatch.clone()),
            None => self.net.deck.finish(),
        }
    }

    /// Where the tape that is played did not fit.
    pub fn tape_mismatch(&self) -> Option<&TapeMismatch> {
        self.net.mismatch.as_ref()
    }

    /// Points of the world's own code that the run has come to.
    pub fn points(&self) -> WorldPoints {
        self.net.points
    }

    /// The rules, with what they have seen.
    pub fn judge(&self) -> &Judge {
        &self.net.judge
    }

    /// Events performed up to now.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The most deadlines of a node in a row at which nothing at all was recorded, nor between them: no message, no state that
    /// changed. Many of them are a timer that spins.
    pub fn vain_deadlines(&self, node: NodeId) -> u32 {
        self.net.vain[node.index()].most
    }

    /// Copies of datagrams that are on their way.
    pub fn datagrams_in_flight(&self) -> u64 {
        self.net.datagrams_in_flight
    }

    /// A node's name for a connection; `None`: it has none (yet).
    pub fn connection_id(
        &self,
        node: NodeId,
        connection: ConnectionNumber,
    ) -> Option<ConnectionId> {
        let ends = &self.net.connections.get(connection.index())?.ends;
        ends.iter()
            .find(|end| end.node == node && end.id != ConnectionId(0))
            .map(|end| end.id)
    }

    /// The connection behind a node's name for it.
    pub fn connection_number(&self, node: NodeId, id: ConnectionId) -> Option<ConnectionNumber> {
        self.net.side_of(node, id).map(|(number, _)| number)
    }

    /// The node's name.
    pub fn name(&self, node: NodeId) -> &str {
        &self.net.hosts[node.index()].apart.name
    }

    /// The node's addresses.
    pub fn addresses(&self, node: NodeId) -> &[Ipv4Addr] {
        &self.net.hosts[node.index()].apart.addresses
    }

    /// What ended the run before.
    fn ended(&self) -> Option<Advance> {
        if self.net.mismatch.is_some() {
            return Some(Advance::TapeMismatch);
        }
        self.net.limit.map(Advance::Limit)
    }

    /// What keeps an event at `at` from happening: the run has ended, or a limit ends it now.
    pub fn stopped(&mut self, at: Instant) -> Option<Advance> {
        if let Some(ended) = self.ended() {
            return Some(ended);
        }
        let limit = self.limit_reached(at)?;
        self.net.limit = Some(limit);
        self.net.record(RecordKind::Limit { limit });
        Some(Advance::Limit(limit))
    }

    fn limit_reached(&self, at: Instant) -> Option<WorldLimit> {
        let Limits {
            steps,
            time,
            queue,
            records,
            ..
        } = self.limits;
        if self.steps >= steps {
            Some(WorldLimit::Steps)
        } else if at > time {
            Some(WorldLimit::Time)
        } else if self.net.queue.len() > queue {
            Some(WorldLimit::Queue)
        } else if self.net.log.next_number() >= records {
            Some(WorldLimit::Records)
        } else {
            None
        }
    }
}

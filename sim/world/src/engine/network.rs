//! Everything between the nodes: addresses, links, connections, datagrams, the queue, and those who watch.

use super::connection::Connection;
use super::host::{Addresses, Host, VainDeadlines, Way};
use super::pool::Pool;
use super::queue::Queue;
use super::timers::Timers;
use crate::link::{Link, LinkConfig, LinkError};
use crate::log::RecordLog;
use crate::luck::{Direction, LuckSource};
use crate::model::Model;
use crate::record::WorldLimit;
use crate::tape::{TapeDeck, TapeMismatch};
use crate::traffic::Source;
use crate::{Deadline, Departure, LinkId, NodeId, RecordKind, WorldPoints};
use core::net::Ipv4Addr;
use pptp_rules::{
    End, EndDescription, Event, Finding, Judge, JudgeConfig, Observation, Origin, Place,
};
use pptp_wire::time::Instant;
use std::sync::Arc;

/// The network. Knows nodes by number alone; the world asks it what to hand to whom.
pub(crate) struct Network {
    pub now: Instant,
    pub queue: Queue,
    pub timers: Timers,
    pub hosts: Vec<Host>,
    /// By node.
    pub vain: Vec<VainDeadlines>,
    pub addresses: Addresses,
    pub links: Vec<LinkState>,
    pub connections: Vec<Connection>,
    pub pool: Pool,
    pub log: RecordLog,
    pub judge: Judge,
    pub model: Model,
    pub sources: Vec<Source>,
    pub active_sources: u32,
    pub deck: TapeDeck,
    pub luck: Arc<dyn LuckSource>,
    pub keep_octets: bool,
    pub next_packet: u64,
    pub next_message: u64,
    /// Copies of datagrams that are on their way.
    pub datagrams_in_flight: u64,
    /// Halves of connections with something on its way.
    pub busy_halves: u64,
    /// Nodes that have a deadline beyond keep-alive.
    pub busy_hosts: u64,
    /// Why nothing happens any more.
    pub limit: Option<WorldLimit>,
    pub mismatch: Option<TapeMismatch>,
    /// A node has lost a connection in this step: its calls are to be counted.
    pub count_calls_of: Option<NodeId>,
    /// Octets that are handed to a node.
    pub scratch: Vec<u8>,
    /// What has left for somebody else to carry; `None`: the links carry everything.
    pub departures: Option<Vec<Departure>>,
    pub findings: Vec<Finding>,
    /// Points of this code that the run has come to.
    pub points: WorldPoints,
}

/// What happens next.
#[derive(Copy, Clone, Debug)]
pub(crate) struct NextDue {
    pub at: Instant,
    /// The node whose deadline it is; `None`: the first event of the queue.
    pub node: Option<NodeId>,
}

/// A link and the two nodes that it joins: two lines of the cache.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct LinkState {
    /// In each direction: when the last of all datagrams that were sent arrives.
    pub last_arrival: [Instant; 2],
    /// In each direction: whether a model of bursts lost the datagram before.
    pub in_burst: [bool; 2],
    pub ends: [NodeId; 2],
    pub link: Link,
}

impl Network {
    pub(crate) fn new(
        luck: Arc<dyn LuckSource>,
        deck: TapeDeck,
        judge: JudgeConfig,
        keep_octets: bool,
    ) -> Network {
        Network {
            now: Instant::START,
            queue: Queue::default(),
            timers: Timers::default(),
            hosts: Vec::new(),
            vain: Vec::new(),
            addresses: Addresses::default(),
            links: Vec::new(),
            connections: Vec::new(),
            pool: Pool::default(),
            log: RecordLog::new(),
            judge: Judge::new(judge),
            model: Model::new(judge.windows),
            sources: Vec::new(),
            active_sources: 0,
            deck,
            luck,
            keep_octets,
            next_packet: 0,
            next_message: 0,
            datagrams_in_flight: 0,
            busy_halves: 0,
            busy_hosts: 0,
            limit: None,
            mismatch: None,
            count_calls_of: None,
            scratch: Vec::new(),
            departures: None,
            findings: Vec::new(),
            points: WorldPoints::default(),
        }
    }

    pub(crate) fn add_host(&mut self, host: Host) -> NodeId {
        let node = NodeId(self.hosts.len() as u16);
        for address in &host.apart.addresses {
            self.addresses.insert(*address, node);
        }
        let description = EndDescription {
            address: host.apart.addresses.first().copied(),
            scripted: host.scripted,
            is_pns: host.is_pns,
        };
        self.judge.describe(end(node), description);
        self.hosts.push(host);
        self.vain.push(VainDeadlines::default());
        node
    }

    pub(crate) fn add_link(
        &mut self,
        a: NodeId,
        b: NodeId,
        config: &LinkConfig,
    ) -> Result<LinkId, LinkError> {
        let name = self.link_name(a, b);
        let link = Link::open(&name, config, &self.luck, &mut self.deck)?;
        let id = LinkId(self.links.len() as u16);
        self.links.push(LinkState {
            link,
            ends: [a, b],
            last_arrival: [Instant::START; 2],
            in_burst: [false; 2],
        });
        self.hosts[a.index()].add_way(Way {
            to: b,
            link: id,
            direction: Direction::Forward,
        });
        self.hosts[b.index()].add_way(Way {
            to: a,
            link: id,
            direction: Direction::Backward,
        });
        Ok(id)
    }

    /// `pns-pac`; a further link between the same two has its number behind that.
    fn link_name(&self, a: NodeId, b: NodeId) -> String {
        let name = format!(
            "{}-{}",
            self.hosts[a.index()].apart.name,
            self.hosts[b.index()].apart.name
        );
        match self.links.iter().filter(|link| link.ends == [a, b]).count() {
            0 => name,
            others => format!("{name}-{}", others + 1),
        }
    }

    /// The direction of a link that leads away from a node; `None` if the node is at neither end.
    pub(crate) fn direction_from(&self, link: LinkId, from: NodeId) -> Option<Direction> {
        let ends = self.links.get(link.index())?.ends;
        match ends.iter().position(|node| *node == from)? {
            0 => Some(Direction::Forward),
            _ => Some(Direction::Backward),
        }
    }

    /// The owner of an address, as `from` sees it: of the last address that it asked for without a search. Of several owners the
    /// first that `from` has a link with, which is never `from` itself.
    #[inline]
    pub(crate) fn owner(&mut self, from: NodeId, address: Ipv4Addr) -> Option<NodeId> {
        let host = &mut self.hosts[from.index()];
        if let Some((last, owner)) = host.last_asked
            && last == address
        {
            return Some(owner);
        }
        let reached = |owner: &NodeId| self.hosts[from.index()].way_to(*owner).is_some();
        let owner = self
            .addresses
            .owners(address)
            .find(reached)
            .or_else(|| self.addresses.owner(address))?;
        self.hosts[from.index()].last_asked = Some((address, owner));
        Some(owner)
    }

    /// What happens next: an event of the queue, or the deadline of a node.
    #[inline]
    pub(crate) fn next_due(&mut self) -> Option<NextDue> {
        let queued = self.queue.first();
        match (queued, self.timers.first()) {
            (None, None) => None,
            (Some((at, _)), None) => Some(NextDue { at, node: None }),
            (None, Some((at, node))) => Some(NextDue {
                at,
                node: Some(NodeId(node)),
            }),
            (Some((at, before)), Some((deadline, node))) => {
                if at < deadline || (at == deadline && before) {
                    Some(NextDue { at, node: None })
                } else {
                    Some(NextDue {
                        at: deadline,
                        node: Some(NodeId(node)),
                    })
                }
            }
        }
    }

    #[inline]
    pub(crate) fn record(&mut self, kind: RecordKind) {
        self.log.write(self.now, kind);
    }

    /// Shows the judge what the record that was written last tells.
    #[inline]
    pub(crate) fn observe(
        &mut self,
        place: Place,
        from: NodeId,
        to: NodeId,
        origin: Origin,
        event: Event<'_>,
    ) {
        let number = self.log.next_number().wrapping_sub(1);
        let observation = Observation {
            number,
            at: self.now,
            place,
            from: end(from),
            to: end(to),
            origin,
            event,
        };
        self.judge.observe(&observation, &mut self.findings);
        self.write_findings();
    }

    /// Lets the judge conclude what the passing of time makes certain.
    pub(crate) fn judge_time(&mut self) {
        if self
            .judge
            .next_deadline()
            .is_some_and(|deadline| deadline <= self.now)
        {
            self.judge.advance(self.now, &mut self.findings);
            self.write_findings();
        }
    }

    /// Tells the judge that nothing more will be seen.
    pub(crate) fn finish_judging(&mut self) {
        self.judge.finish(self.now, &mut self.findings);
        self.write_findings();
    }

    /// Writes down what the judge found.
    #[inline]
    pub(crate) fn write_findings(&mut self) {
        if !self.findings.is_empty() {
            let Network {
                findings, log, now, ..
            } = self;
            for finding in findings.drain(..) {
                log.write(*now, RecordKind::Finding(finding));
            }
        }
    }

    /// Writes down what the reference model found.
    #[inline]
    pub(crate) fn write_violations(&mut self) {
        while let Some(violation) = self.model.take_violation() {
            self.record(RecordKind::ModelViolation(violation));
        }
    }

    /// A node said when it wants to be called.
    #[inline]
    pub(crate) fn set_deadline(&mut self, node: NodeId, deadline: Option<Deadline>) {
        let at = deadline.map_or(Instant::NEVER, |deadline| deadline.at.max(self.now));
        let busy = deadline.is_some_and(|deadline| !deadline.keep_alive);
        self.timers.set(node.0, at);
        let host = &mut self.hosts[node.index()];
        if host.busy != busy {
            host.busy = busy;
            self.busy_hosts = if busy {
                self.busy_hosts + 1
            } else {
                self.busy_hosts - 1
            };
        }
    }

    /// What a node sends counts as its own unless it is a script.
    #[inline]
    pub(crate) fn origin_of(&self, node: NodeId) -> Origin {
        if self.hosts[node.index()].scripted {
            Origin::Foreign
        } else {
            Origin::Own
        }
    }

    /// A tape does not fit what happens: the world stops.
    #[cold]
    pub(crate) fn stop(&mut self, mismatch: TapeMismatch) {
        self.mismatch.get_or_insert(mismatch);
    }
}

/// The judge's name for a node.
pub(crate) const fn end(node: NodeId) -> End {
    End(node.0)
}

//! A world on turmoil: its nodes, hosts and links.

use super::async_host::{AsyncHost, HostResult};
use super::guest::{Guest, SharedMailbox};
use super::host::run_host;
use super::inbound::{Inbound, Mark};
use super::sockets::{End, HostState, SharedSockets};
use pptp_wire::time::{Duration, Instant};
use pptp_world::link::{ControlImpairments, ImpairmentError, LinkConfig, LinkError};
use pptp_world::luck::Direction;
use pptp_world::tape::{Tape, TapeMismatch};
use pptp_world::{
    ConnectionNumber, Departure, LinkId, Node, NodeId, Role, Stage, World, WorldConfig,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::net::Ipv4Addr;
use std::rc::Rc;
use std::time::UNIX_EPOCH;
use tokio::task::spawn_local;
use turmoil::{Builder, Sim};

/// One tick of virtual time: the resolution of turmoil's clock.
pub(super) const TICK: Duration = Duration::from_millis(1);
/// The same for turmoil.
const TURMOIL_TICK: std::time::Duration = std::time::Duration::from_millis(1);
/// Segments that may wait in a socket, and connections that may wait to be accepted: a full queue of those panics there.
const SOCKET_CAPACITY: usize = 65_536;
/// Hosts whose address in the scenario is of no use have one from here on (RFC 2544, for tests of networks).
const SPARE_ADDRESSES: u32 = 0xC612_0000;

/// Nodes as hosts of turmoil: see the [module](super). Used like [`World`], and driven through [`Stage`].
pub struct TurmoilWorld {
    pub(super) world: World,
    pub(super) sim: Sim<'static>,
    pub(super) shared: SharedSockets,
    pub(super) paths: Vec<Path>,
    /// By node: the datagrams of those that run on tokio.
    pub(super) guests: Vec<Option<SharedMailbox>>,
    pub(super) has_guests: bool,
    /// Left their senders' interfaces and wait for the sockets.
    pub(super) pending: Vec<Pending>,
    /// On their way beside the sockets.
    pub(super) marks: Vec<Mark>,
    pub(super) inbound: Inbound,
    /// Openers and acceptors.
    pub(super) ends: BTreeMap<ConnectionNumber, [NodeId; 2]>,
    /// When the last thing for an end arrives, in ticks.
    pub(super) last_due: BTreeMap<End, u64>,
    /// Connections that a fault has reset: nothing comes of them any more.
    pub(super) severed: BTreeSet<ConnectionNumber>,
    /// Hosts that crash as soon as what they have sent is on its way.
    pub(super) doomed: Vec<NodeId>,
    /// By node: its host does not run.
    pub(super) is_down: Vec<bool>,
    /// Until this tick something may be on its way through turmoil.
    pub(super) busy_until: u64,
    /// The second step of this tick has been done.
    pub(super) has_left: bool,
    /// When something happened last.
    pub(super) last_news: Instant,
    pub(super) is_started: bool,
    failures: Rc<RefCell<Vec<String>>>,
}

/// Something that is to arrive, through the sockets, in a tick.
#[derive(Debug)]
pub(super) struct Pending {
    pub due: u64,
    pub departure: Departure,
}

/// What is done about a link's control plane, each pair forward first.
#[derive(Debug)]
pub(super) struct Path {
    pub ends: [NodeId; 2],
    /// As the caller wants it.
    pub declared: [ControlImpairments; 2],
    /// The delay in whole ticks. What is beyond them the link of the world underneath waits for.
    pub ticks: [u64; 2],
    /// As much of that as turmoil does, in ticks: the least that either direction ever had, so that nothing is too late for a
    /// change of delay.
    pub latency: u64,
    /// Stalls in force.
    pub stalls: [u32; 2],
}

impl TurmoilWorld {
    /// An empty world with the luck of its seed.
    pub fn new(config: WorldConfig) -> TurmoilWorld {
        TurmoilWorld::over(World::new(config), config.seed)
    }

    /// An empty world that has the luck of its links from a tape, of either world.
    pub fn replay(config: WorldConfig, tape: Tape) -> TurmoilWorld {
        TurmoilWorld::over(World::replay(config, tape), config.seed)
    }

    fn over(mut world: World, seed: u64) -> TurmoilWorld {
        world.hand_over_control();
        let sim = Builder::new()
            .rng_seed(seed)
            .epoch(UNIX_EPOCH)
            .tick_duration(TURMOIL_TICK)
            .simulation_duration(std::time::Duration::MAX)
            .min_message_latency(TURMOIL_TICK)
            .max_message_latency(TURMOIL_TICK)
            .fail_rate(NO_CHANCE)
            .tcp_capacity(SOCKET_CAPACITY)
            .build();
        TurmoilWorld {
            world,
            sim,
            shared: SharedSockets::default(),
            paths: Vec::new(),
            guests: Vec::new(),
            has_guests: false,
            pending: Vec::new(),
            marks: Vec::new(),
            inbound: Inbound::default(),
            ends: BTreeMap::new(),
            last_due: BTreeMap::new(),
            severed: BTreeSet::new(),
            doomed: Vec::new(),
            is_down: Vec::new(),
            busy_until: 0,
            has_left: false,
            last_news: Instant::START,
            is_started: false,
            failures: Rc::default(),
        }
    }

    /// Adds a node, as [`World::add_node`] does. Every step costs time for every host: stay under
    /// [`MAXIMUM_HOSTS`](super::MAXIMUM_HOSTS).
    ///
    /// # Panics
    /// At the 65,536th node.
    pub fn add_node(&mut self, name: &str, addresses: &[Ipv4Addr], node: Box<dyn Node>) -> NodeId {
        let id = self.world.add_node(name, addresses, node);
        let ip = self.add_host(id, false);
        let shared = self.shared.clone();
        self.sim.host(ip, move || run_host(shared.clone(), id));
        self.guests.push(None);
        id
    }

    /// Adds an implementation that runs on tokio: `software` is started with its host, and again when the host restarts.
    ///
    /// Its datagrams are seen when it sends them. Its connections are seen **at the other end's interface**: what it writes counts
    /// as sent when it arrives there, what is written to it counts as arrived when the link's delay has passed. `role` is what the
    /// node answers to [`Stage::role`]. Commands, traffic sources and queries are not supported on it. A reset by a node shows in
    /// its sockets as the end of the stream, as turmoil sends no RST on demand. What two of them say to each other over TCP is not
    /// seen.
    ///
    /// Runs keep going to the end that they are given, or, where they are given none, until nothing has happened for 150 seconds.
    ///
    /// # Panics
    /// If the world has been driven already, and at the 65,536th node.
    pub fn add_async_node<F>(
        &mut self,
        name: &str,
        addresses: &[Ipv4Addr],
        role: Option<Role>,
        software: impl Fn(AsyncHost) -> F + 'static,
    ) -> NodeId
    where
        F: Future<Output = HostResult> + 'static,
    {
        assert!(!self.is_started, "the world has been driven already");
        let mailbox = SharedMailbox::default();
        let guest = Guest::new(role, mailbox.clone());
        let id = self.world.add_node(name, addresses, Box::new(guest));
        let ip = self.add_host(id, true);
        let address = addresses.first().copied().unwrap_or(ip);
        let host = AsyncHost::new(name, address, mailbox.clone());
        let failures = self.failures.clone();
        self.sim.host(ip, move || {
            let (name, failures) = (host.name().to_owned(), failures.clone());
            let software = software(host.clone());
            async move {
                // A task of its own: what panics in it ends that host alone.
                let ended = match spawn_local(software).await {
                    Ok(Ok(())) => return Ok(()),
                    Ok(Err(error)) => error.to_string(),
                    Err(error) => error.to_string(),
                };
                failures.borrow_mut().push(format!("{name}: {ended}"));
                Ok(())
            }
        });
        self.guests.push(Some(mailbox));
        self.has_guests = true;
        id
    }

    /// Gives a node its host.
    fn add_host(&mut self, node: NodeId, is_guest: bool) -> Ipv4Addr {
        let mut sockets = self.shared.borrow_mut();
        let wanted = self.world.addresses(node).first().copied();
        let is_usable = |ip: &Ipv4Addr| {
            let taken = sockets.hosts.iter().any(|host| host.ip == *ip);
            !(taken || ip.is_unspecified() || ip.is_loopback())
        };
        let spare = |number: u32| Ipv4Addr::from_bits(SPARE_ADDRESSES + number);
        let ip = wanted
            .into_iter()
            .chain((u32::from(node.0)..).map(spare))
            .find(is_usable)
            .unwrap_or(Ipv4Addr::BROADCAST);
        sockets.hosts.push(HostState {
            ip,
            listens: self.world.is_listening(node),
            is_guest,
            outbox: VecDeque::new(),
            bell: Rc::default(),
            opening: VecDeque::new(),
        });
        self.is_down.push(false);
        ip
    }

    /// Joins two nodes, as [`World::add_link`] does.
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
        let ticks = config.control.each_ref().map(whole_ticks);
        let rest = LinkConfig {
            control: config.control.each_ref().map(beyond_ticks),
            ..config.clone()
        };
        let link = self.world.add_link(a, b, &rest)?;
        self.paths.push(Path {
            ends: [a, b],
            declared: config.control.clone(),
            ticks,
            latency: ticks[0].min(ticks[1]),
            stalls: [0; 2],
        });
        self.set_latency(link);
        Ok(link)
    }

    /// Puts impairments of the control plane in force.
    pub(super) fn change_control(
        &mut self,
        link: LinkId,
        direction: Direction,
        impairments: ControlImpairments,
    ) -> Result<(), ImpairmentError> {
        self.world.flush_departures();
        self.collect();
        self.world
            .impair_control(link, direction, beyond_ticks(&impairments))?;
        let path = &mut self.paths[link.index()];
        let ticks = whole_ticks(&impairments);
        path.ticks[direction.index()] = ticks;
        path.declared[direction.index()] = impairments;
        if ticks < path.latency {
            path.latency = ticks;
            self.set_latency(link);
        }
        Ok(())
    }

    /// Cuts two nodes off from each other, both planes, both ways: datagrams are lost, control octets wait until
    /// [`TurmoilWorld::repair`]. `false`: no link joins them.
    pub fn partition(&mut self, a: NodeId, b: NodeId) -> bool {
        let Some(link) = self.world.link_between(a, b) else {
            return false;
        };
        for direction in Direction::BOTH {
            self.begin_outage(link, direction);
            self.stall(link, direction);
        }
        true
    }

    /// Ends one partition of two nodes. `false`: no link joins them.
    pub fn repair(&mut self, a: NodeId, b: NodeId) -> bool {
        let Some(link) = self.world.link_between(a, b) else {
            return false;
        };
        for direction in Direction::BOTH {
            self.end_outage(link, direction);
            self.release(link, direction);
        }
        true
    }

    /// Whether the run used the whole tape that it was played from, see [`World::finish_tape`].
    ///
    /// # Errors
    /// What was left, or what did not fit.
    pub fn finish_tape(&self) -> Result<(), TapeMismatch> {
        self.world.finish_tape()
    }

    /// What implementations on tokio failed with, `NAME: ERROR` each, in the order in which they did.
    pub fn failures(&self) -> Vec<String> {
        self.failures.borrow().clone()
    }

    pub(super) fn note_failure(&self, failure: String) {
        self.failures.borrow_mut().push(failure);
    }

    pub(super) fn is_guest(&self, node: NodeId) -> bool {
        self.guests.get(node.index()).is_some_and(Option::is_some)
    }

    pub(super) fn ip(&self, node: NodeId) -> Ipv4Addr {
        self.shared.borrow().host(node).ip
    }

    /// Fixes what depends on who is in the world.
    pub(super) fn start(&mut self) {
        if !std::mem::replace(&mut self.is_started, true) {
            for number in 0..self.paths.len() {
                self.set_latency(LinkId(u16::try_from(number).unwrap_or(u16::MAX)));
            }
        }
    }

    /// Tells turmoil the latency of a link: from the second step of a tick to the first of another, or from step to step.
    fn set_latency(&self, link: LinkId) {
        let path = &self.paths[link.index()];
        let [a, b] = path.ends;
        if self.world.link_between(a, b) != Some(link) || a == b {
            return;
        }
        let steps = if self.has_guests {
            path.latency
        } else {
            path.latency.saturating_mul(2) - 1
        };
        let latency = TURMOIL_TICK.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX));
        self.sim.set_link_latency(self.ip(a), self.ip(b), latency);
    }
}

/// Turmoil's own luck is off.
#[allow(
    clippy::float_arithmetic,
    reason = "turmoil wants it, and nothing comes of it"
)]
const NO_CHANCE: f64 = 0.0;

/// The whole ticks of a delay, at least one. Where there is jitter no more than that one, so that the rest can shrink.
fn whole_ticks(control: &ControlImpairments) -> u64 {
    match control.jitter {
        Some(_) => 1,
        None => (control.delay.0 / TICK.0).max(1),
    }
}

/// What is left beyond the whole ticks.
fn beyond_ticks(control: &ControlImpairments) -> ControlImpairments {
    let whole = whole_ticks(control) * TICK.0;
    ControlImpairments {
        delay: Duration(control.delay.0.saturating_sub(whole)),
        ..control.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_world::link::{Distribution, Jitter};

    fn control(delay: u64, has_jitter: bool) -> ControlImpairments {
        let jitter = has_jitter.then_some(Jitter {
            amount: Duration::from_millis(1),
            distribution: Distribution::Uniform,
            correlation: pptp_world::luck::Probability::NEVER,
        });
        ControlImpairments {
            delay: Duration::from_micros(delay),
            jitter,
            ..ControlImpairments::default()
        }
    }

    #[test]
    fn whole_ticks_are_carried_and_the_rest_waits_at_the_sender() {
        let cases = [
            (control(25_000, false), 25, 0),
            (control(20_000, true), 1, 19_000),
            (control(2_500, false), 2, 500),
            (control(400, false), 1, 0),
        ];
        for (declared, ticks, rest) in cases {
            assert_eq!(whole_ticks(&declared), ticks, "{declared:?}");
            assert_eq!(beyond_ticks(&declared).delay, Duration::from_micros(rest));
        }
    }
}

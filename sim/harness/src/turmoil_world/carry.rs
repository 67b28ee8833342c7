//! How the world goes on: what happens in a tick, and from tick to tick.

use super::inbound::{Mark, Waiting};
use super::sockets::{End, Order, Seen};
use super::world::{Pending, TICK, TurmoilWorld};
use pptp_wire::time::{Duration, Instant};
use pptp_world::luck::Direction;
use pptp_world::{
    Advance, Carried, Command, ConnectionNumber, Departure, LinkId, NodeId, Outcome, SendControl,
};
use turmoil::net::TcpStream;

/// With implementations on tokio, whose intentions nobody knows: when nothing has happened for so long, nothing will.
const QUIET_AFTER: Duration = Duration::from_secs(600);

impl TurmoilWorld {
    /// One event, or time up to `until`.
    pub(super) fn go_on(&mut self, until: Instant) -> Advance {
        self.start();
        let outcome = self.next_event(until);
        self.collect();
        if outcome == Advance::Event {
            self.last_news = self.world.now();
        }
        outcome
    }

    fn next_event(&mut self, until: Instant) -> Advance {
        loop {
            self.collect();
            if let Some(waiting) = self.next_waiting() {
                return self.take_in(waiting);
            }
            let tick = self.tick();
            let end_of_tick = Instant(instant(tick + 1).0 - 1);
            let limit = end_of_tick.min(until);
            if self.world.next_event_at().is_some_and(|at| at <= limit) {
                return self.world.advance(limit);
            }
            let goal = self.next_tick(tick).filter(|goal| instant(*goal) <= until);
            let is_idle = self.has_guests
                && until == Instant::NEVER
                && self.world.now().since(self.last_news) >= QUIET_AFTER;
            let Some(goal) = goal.filter(|_| !is_idle) else {
                return self.rest(until);
            };
            if let Some(stopped) = self.world.stopped(instant(goal)) {
                return stopped;
            }
            let steps = self.must_step(tick);
            if steps && !self.has_guests && !std::mem::replace(&mut self.has_left, true) {
                self.leave(tick);
                continue;
            }
            self.has_left = false;
            self.enter(goal, steps);
        }
    }

    /// Nothing is due by `until`.
    fn rest(&mut self, until: Instant) -> Advance {
        match self.world.advance(until) {
            Advance::Quiet if until == Instant::NEVER => Advance::Quiet,
            Advance::Quiet if self.next_tick(self.tick()).is_some() => Advance::Reached,
            other => other,
        }
    }

    /// The tick that it is.
    pub(super) fn tick(&self) -> u64 {
        self.world.now().0 / TICK.0
    }

    /// Whether turmoil has something to do before the next tick.
    fn must_step(&self, tick: u64) -> bool {
        self.has_guests
            || self.has_left
            || tick < self.busy_until
            || self.orders().any(|order| order <= tick)
    }

    /// The ticks with which hosts are to be given orders.
    fn orders(&self) -> impl Iterator<Item = u64> + '_ {
        self.pending
            .iter()
            .map(|pending| self.order_tick(&pending.departure, pending.due))
    }

    /// The tick with which something has to be handed to the sender's host, for it to arrive in time.
    fn order_tick(&self, departure: &Departure, due: u64) -> u64 {
        let link = self.world.link_between(departure.from, departure.to);
        let latency = link.map_or(1, |link| self.paths[link.index()].latency);
        due.saturating_sub(latency)
    }

    /// The tick in which something may happen next.
    fn next_tick(&mut self, tick: u64) -> Option<u64> {
        if self.must_step(tick) {
            return Some(tick + 1);
        }
        let event = self.world.next_event_at().map(|at| at.0 / TICK.0);
        let marks = self.marks.iter().map(|mark| mark.due);
        let next = marks.chain(self.orders()).chain(event).min()?;
        Some(next.max(tick + 1))
    }

    /// The second step of a tick: what was sent up to now departs.
    fn leave(&mut self, tick: u64) {
        self.give_orders(tick);
        self.step();
    }

    /// The first step of a tick: what is due arrives.
    fn enter(&mut self, tick: u64, steps: bool) {
        // What they sent before they crashed has departed.
        for node in std::mem::take(&mut self.doomed) {
            self.stop_host(node);
        }
        self.world.pass(instant(tick));
        let (early, late): (Vec<Mark>, Vec<Mark>) = self
            .marks
            .extract_if(.., |mark| mark.due <= tick)
            .partition(|mark| matches!(mark.carried, Carried::Accepted | Carried::Confirmed));
        self.let_in(early);
        if steps {
            if self.has_guests {
                self.give_orders(tick);
            }
            self.step();
        }
        self.let_in(late);
    }

    /// What came beside the sockets is at the receivers' interfaces.
    fn let_in(&mut self, marks: Vec<Mark>) {
        for Mark { to, carried, .. } in marks {
            self.inbound.push(Waiting::Beside { to, carried });
        }
    }

    /// One step of turmoil.
    fn step(&mut self) {
        if let Err(error) = self.sim.step() {
            self.note_failure(error.to_string());
        }
        let seen: Vec<Seen> = {
            let mut sockets = self.shared.borrow_mut();
            if std::mem::take(&mut sockets.is_stirred) {
                drop(sockets);
                self.stir();
                sockets = self.shared.borrow_mut();
            }
            sockets.seen.drain(..).collect()
        };
        for seen in seen {
            self.inbound.push(Waiting::Socket(seen));
        }
        self.send_datagrams();
    }

    /// Something sets out through turmoil now.
    pub(super) fn stir(&mut self) {
        let slowest = self.paths.iter().map(|path| path.latency).max();
        let slowest = slowest.unwrap_or(1);
        self.busy_until = self.busy_until.max(self.tick() + slowest + 2);
    }

    /// Datagrams that implementations on tokio have sent.
    fn send_datagrams(&mut self) {
        for number in 0..self.guests.len() {
            let Some(mailbox) = self.guests[number].clone() else {
                continue;
            };
            let node = NodeId(u16::try_from(number).unwrap_or(u16::MAX));
            loop {
                let first = mailbox.borrow_mut().outbox.pop_front();
                let Some((to, octets)) = first else { break };
                let from = None;
                // Only a crashed node refuses, and that one runs no software.
                let _ = self
                    .world
                    .command(node, &Command::SendGre { to, from, octets });
                self.last_news = self.world.now();
            }
        }
    }

    /// Tells the hosts what departs with this tick.
    fn give_orders(&mut self, tick: u64) {
        let all = std::mem::take(&mut self.pending);
        let (now, later): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|pending| self.order_tick(&pending.departure, pending.due) <= tick);
        self.pending = later;
        for Pending { due, departure } in now {
            let end = End {
                connection: departure.connection,
                is_opener: departure.by_opener,
            };
            if self.is_down[departure.from.index()] {
                // It crashed after that was sent.
                let (to, carried) = (end.other(), departure.carried);
                self.marks.push(Mark { due, to, carried });
                continue;
            }
            let order = match departure.carried {
                Carried::Opening => Order::Connect {
                    connection: departure.connection,
                    to: departure.to,
                },
                Carried::Octets(octets) => Order::Write { end, octets },
                Carried::Close => Order::Close { end },
                Carried::Reset => Order::Drop { end },
                Carried::Accepted | Carried::Confirmed => continue,
            };
            self.shared.borrow_mut().order(departure.from, order);
            self.stir();
        }
    }

    /// Takes what has left the senders' interfaces.
    pub(super) fn collect(&mut self) {
        let mut left = Vec::new();
        self.world.take_departures(&mut left);
        for departure in left {
            self.set_out(departure);
        }
    }

    /// Sends something on its way: through the sockets, beside them, or, where one end is a guest, in part both.
    fn set_out(&mut self, departure: Departure) {
        let Departure {
            connection,
            by_opener,
            from,
            to,
            ..
        } = departure;
        if departure.carried == Carried::Opening {
            self.ends.insert(connection, [from, to]);
        }
        let receiver = End {
            connection,
            is_opener: !by_opener,
        };
        let is_handshake = matches!(departure.carried, Carried::Accepted | Carried::Confirmed);
        if self.is_guest(from) && !is_handshake {
            // It was seen on this side of the way.
            let carried = departure.carried;
            return self.inbound.push(Waiting::Beside {
                to: receiver,
                carried,
            });
        }
        let is_reset = departure.carried == Carried::Reset;
        let to_guest = self.is_guest(to);
        let has_host = !self.is_down[from.index()];
        let by_socket = has_host && !is_handshake && (!is_reset || to_guest);
        let beside = !by_socket || (to_guest && departure.carried != Carried::Opening);
        let due = self.due(&departure, receiver);
        if beside {
            let carried = departure.carried.clone();
            self.marks.push(Mark {
                due,
                to: receiver,
                carried,
            });
        }
        if by_socket {
            self.pending.push(Pending { due, departure });
        }
    }

    /// The tick in which something arrives that leaves now: not before what left earlier.
    fn due(&mut self, departure: &Departure, receiver: End) -> u64 {
        let link = self.world.link_between(departure.from, departure.to);
        let direction = link.and_then(|link| self.world.direction_from(link, departure.from));
        let ticks = match (link, direction) {
            (Some(link), Some(direction)) => self.paths[link.index()].ticks[direction.index()],
            _ => 1,
        };
        let lag = u64::from(self.has_guests);
        let due = departure_tick(departure.at) + ticks + lag;
        let last = self.last_due.entry(receiver).or_default();
        *last = due.max(*last);
        *last
    }

    /// The next thing that may be taken in.
    fn next_waiting(&mut self) -> Option<Waiting> {
        let (world, ends, paths) = (&self.world, &self.ends, &self.paths);
        let (guests, severed) = (&self.guests, &self.severed);
        let node = |end: End| ends.get(&end.connection).map(|it| it[side(end)]);
        let is_guest = |end: End| {
            node(end).is_some_and(|node| guests.get(node.index()).is_some_and(Option::is_some))
        };
        let may_pass = |to: End| {
            let (Some(from), Some(node)) = (node(to.other()), node(to)) else {
                return true;
            };
            let link = world.link_between(from, node);
            let direction = link.and_then(|link| world.direction_from(link, from));
            let is_stalled = match (link, direction) {
                (Some(link), Some(direction)) => paths[link.index()].stalls[direction.index()] > 0,
                _ => false,
            };
            severed.contains(&to.connection) || (world.is_up(node) && !is_stalled)
        };
        self.inbound.take(may_pass, is_guest)
    }

    /// Something has come to its receiver.
    fn take_in(&mut self, waiting: Waiting) -> Advance {
        match waiting {
            Waiting::Socket(Seen::Opening {
                connection,
                accepted,
            }) => {
                let acceptor = self.ends.get(&connection).map(|ends| ends[1]);
                if let Some(guest) = acceptor.filter(|node| self.is_guest(*node)) {
                    self.world.set_listening(guest, accepted);
                }
                self.arrive(connection, true, &Carried::Opening)
            }
            Waiting::Socket(Seen::Stranger { at, from, stream }) => self.admit(at, from, stream),
            Waiting::Socket(Seen::Arrived { to, carried }) => {
                let sender = self.ends.get(&to.connection).map(|it| it[side(to.other())]);
                match sender.filter(|node| self.is_guest(*node)) {
                    Some(guest) => self.repeat(guest, to, carried),
                    None => self.arrive(to.connection, !to.is_opener, &carried),
                }
            }
            Waiting::Beside { to, carried } => {
                if matches!(carried, Carried::Accepted | Carried::Confirmed) {
                    self.inbound.open(to);
                }
                self.arrive(to.connection, !to.is_opener, &carried)
            }
        }
    }

    fn arrive(
        &mut self,
        connection: ConnectionNumber,
        by_opener: bool,
        carried: &Carried,
    ) -> Advance {
        if self.severed.contains(&connection) {
            return Advance::Event;
        }
        self.world.arrive(connection, by_opener, carried)
    }

    /// An implementation on tokio has opened a connection.
    fn admit(&mut self, at: NodeId, from: NodeId, stream: TcpStream) -> Advance {
        let is_linked = self.world.link_between(from, at).is_some();
        let to = self.world.addresses(at).first().copied();
        let (true, Some(to)) = (is_linked, to) else {
            return Advance::Event;
        };
        let Ok(Outcome::Connection(id)) = self.world.command(from, &Command::OpenTcp { to }) else {
            return Advance::Event;
        };
        if let Some(connection) = self.world.connection_number(from, id) {
            let end = End {
                connection,
                is_opener: false,
            };
            let adopt = Order::Adopt { end, stream };
            self.shared.borrow_mut().order(at, adopt);
            self.ends.insert(connection, [from, at]);
        }
        Advance::Event
    }

    /// Octets, FIN or RST of an implementation on tokio were seen: what stands for it in the world sends them now.
    fn repeat(&mut self, guest: NodeId, to: End, carried: Carried) -> Advance {
        let known = self
            .world
            .connection_id(guest, to.connection)
            .filter(|id| self.world.connection_number(guest, *id) == Some(to.connection));
        let command = match (&carried, known) {
            (Carried::Octets(octets), Some(id)) => Command::SendControl {
                connection: Some(id),
                send: SendControl {
                    octets: octets.clone(),
                    ..SendControl::default()
                },
            },
            (Carried::Close, Some(id)) => Command::CloseTcp {
                connection: Some(id),
            },
            (Carried::Reset, Some(id)) => Command::ResetTcp {
                connection: Some(id),
            },
            // It has restarted since: the world sees to what an unknown connection is answered with.
            (Carried::Reset, None) => return self.arrive(to.connection, !to.is_opener, &carried),
            _ => return Advance::Event,
        };
        // Refused where the connection has ended in the world already.
        let _ = self.world.command(guest, &command);
        Advance::Event
    }

    /// Whether a stall holds octets back at the receiver; for a guest it does so at the sender.
    pub(super) fn stalls_at_receiver(&self, link: LinkId, direction: Direction) -> bool {
        let [a, b] = self.paths[link.index()].ends;
        !self.is_guest(if direction == Direction::Forward {
            b
        } else {
            a
        })
    }

    /// A host stops running. Its sockets stay as they are.
    fn stop_host(&mut self, node: NodeId) {
        if std::mem::replace(&mut self.is_down[node.index()], true) {
            return;
        }
        self.sim.crash(self.ip(node));
        let abandoned = self.shared.borrow_mut().abandoned(node);
        for connection in abandoned {
            let to = End {
                connection,
                is_opener: false,
            };
            let due = self.last_due.get(&to).copied().unwrap_or_default();
            let carried = Carried::Opening;
            self.marks.push(Mark { due, to, carried });
        }
    }

    /// An implementation on tokio stops. Its sockets end with it, and must not be heard of.
    pub(super) fn stop_guest(&mut self, node: NodeId) {
        let ip = self.ip(node);
        let others: Vec<_> = {
            let sockets = self.shared.borrow();
            let ips = sockets.hosts.iter().map(|host| host.ip);
            ips.filter(|other| *other != ip).collect()
        };
        for other in &others {
            self.sim.partition_oneway(ip, *other);
        }
        self.sim.crash(ip);
        for other in &others {
            self.sim.repair_oneway(ip, *other);
        }
        self.is_down[node.index()] = true;
    }

    /// A host runs again.
    pub(super) fn start_host(&mut self, node: NodeId) {
        self.doomed.retain(|other| *other != node);
        if std::mem::replace(&mut self.is_down[node.index()], false) {
            self.sim.bounce(self.ip(node));
            self.stir();
        }
    }
}

/// Place of an end's node.
fn side(end: End) -> usize {
    usize::from(!end.is_opener)
}

/// When a tick begins.
fn instant(tick: u64) -> Instant {
    Instant(tick.saturating_mul(TICK.0))
}

/// The tick with which something departs that left its sender's interface at `at`.
fn departure_tick(at: Instant) -> u64 {
    at.0.div_ceil(TICK.0)
}

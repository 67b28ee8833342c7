//! How the world goes on: what happens in a tick, and from tick to tick.

use super::inbound::{Mark, Waiting};
use super::sockets::{End, Order, Seen};
use super::world::{Pending, TICK, TurmoilWorld};
use pptp_wire::time::{Duration, Instant};
use pptp_world::{Advance, Carried, Command, Departure, NodeId};

/// An implementation on tokio may have something in mind that nobody sees. When nothing has happened for so long, all is over but
/// keep-alive.
const PATIENCE: Duration = Duration::from_secs(5);
/// With implementations on tokio: when nothing has happened for so long, nothing will.
const QUIET_AFTER: Duration = Duration::from_secs(150);

impl TurmoilWorld {
    /// One event, or time up to `until`.
    pub(super) fn go_on(&mut self, until: Instant) -> Advance {
        self.start();
        let outcome = self.next_event(until);
        self.collect();
        outcome
    }

    /// Something happened, or not.
    fn news(&mut self, advance: Advance) -> Advance {
        if advance == Advance::Event {
            self.last_news = self.world.now();
        }
        advance
    }

    /// Whether implementations on tokio have had time enough to do what they may have in mind.
    pub(super) fn has_run_out_of_patience(&self) -> bool {
        self.has_guests && self.world.now().since(self.last_news) >= PATIENCE
    }

    fn next_event(&mut self, until: Instant) -> Advance {
        loop {
            self.collect();
            if let Some(waiting) = self.next_waiting() {
                let advance = self.take_in(waiting);
                return self.news(advance);
            }
            let tick = self.tick();
            let end_of_tick = Instant(instant(tick + 1).0 - 1);
            let limit = end_of_tick.min(until);
            if self.world.next_event_at().is_some_and(|at| at <= limit) {
                let advance = self.world.advance(limit);
                return self.news(advance);
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
            let was_patient = !self.has_run_out_of_patience();
            let steps = self.must_step(tick);
            if steps && !self.has_guests && !std::mem::replace(&mut self.has_left, true) {
                self.leave(tick);
                continue;
            }
            self.has_left = false;
            self.enter(goal, steps);
            if was_patient && self.has_run_out_of_patience() && self.inbound.is_empty() {
                // Nothing but that: who waits for the end is told.
                return Advance::Event;
            }
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
}

/// When a tick begins.
fn instant(tick: u64) -> Instant {
    Instant(tick.saturating_mul(TICK.0))
}

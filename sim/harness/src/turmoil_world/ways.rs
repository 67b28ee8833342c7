//! The ways of control octets: through the sockets, beside them, or, where one end is on tokio, in part both; and into the world at
//! their other ends.

use super::inbound::{Mark, Waiting};
use super::sockets::{End, Order, Seen};
use super::world::{Pending, TICK, TurmoilWorld};
use pptp_wire::time::Instant;
use pptp_world::{
    Advance, Carried, Command, ConnectionNumber, Departure, NodeId, Outcome, SendControl,
};
use turmoil::net::TcpStream;

impl TurmoilWorld {
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
    pub(super) fn next_waiting(&mut self) -> Option<Waiting> {
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
    pub(super) fn take_in(&mut self, waiting: Waiting) -> Advance {
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
}

/// Place of an end's node.
fn side(end: End) -> usize {
    usize::from(!end.is_opener)
}

/// The tick with which something departs that left its sender's interface at `at`.
fn departure_tick(at: Instant) -> u64 {
    at.0.div_ceil(TICK.0)
}

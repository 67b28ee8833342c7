//! Which calls and connections a plan's numbers name.
//!
//! A plan counts the ends of calls that *are established*, in the order in which they were, and the connections that *are not over*.
//! Here every connection that a node opens is thought to come up, and every call that is asked for to be established, after as long as
//! it takes on a path that does nothing but delay; what a user ends, or a crash or reset takes, is gone from the next passing of time
//! on, or at once.

use super::{NODES, PAC};
use pptp_wire::time::Duration;

/// A connection as it is thought to be.
#[derive(Clone, Copy)]
pub(super) struct Connection {
    /// Its name is `k` and this.
    pub(super) number: usize,
    /// Who opened it, and to whom.
    pub(super) ends: [usize; 2],
    /// When its opener may send messages of calls.
    ready: Duration,
    ends_soon: bool,
}

/// One end of a call.
#[derive(Clone, Copy)]
pub(super) struct CallEnd {
    /// The call's name is `c` and this.
    pub(super) call: usize,
    /// Whose end.
    pub(super) node: usize,
    connection: usize,
    /// When it is established.
    from: Duration,
    ends_soon: bool,
}

/// What is thought to be there.
pub(super) struct Cast {
    /// How long the plan has taken.
    now: Duration,
    /// One way of every link.
    delay: Duration,
    /// How long the telephone rings.
    answers_after: Duration,
    connections: Vec<Connection>,
    opened: usize,
    call_ends: Vec<CallEnd>,
    begun: usize,
}

impl Cast {
    /// Nothing yet, in a network that delays by so much, where the telephone is answered after so long.
    pub(super) fn new(delay: Duration, answers_after: Duration) -> Cast {
        Cast {
            now: Duration::ZERO,
            delay,
            answers_after,
            connections: Vec::new(),
            opened: 0,
            call_ends: Vec::new(),
            begun: 0,
        }
    }

    /// A node opens a connection; gives its number, or nothing where no path leads there.
    pub(super) fn open(&mut self, from: usize, to: usize) -> Option<usize> {
        if !linked(from, to) {
            return None;
        }
        self.opened += 1;
        self.connections.push(Connection {
            number: self.opened,
            ends: [from, to],
            // The handshake of TCP, and the start exchange.
            ready: self.now + self.delay * 4,
            ends_soon: false,
        });
        Some(self.opened)
    }

    /// The user of a node closes its oldest connection.
    pub(super) fn close(&mut self, node: usize) {
        let oldest = self
            .connections
            .iter_mut()
            .find(|connection| connection.ends.contains(&node) && !connection.ends_soon);
        if let Some(connection) = oldest {
            connection.ends_soon = true;
            let number = connection.number;
            for end in &mut self.call_ends {
                end.ends_soon |= end.connection == number;
            }
        }
    }

    /// A node begins a call on its oldest connection; gives the call's number.
    pub(super) fn call(&mut self, node: usize) -> usize {
        self.begun += 1;
        let call = self.begun;
        let oldest = self
            .connections
            .iter()
            .find(|connection| connection.ends.contains(&node));
        if let Some(connection) = oldest.copied() {
            let pns = connection.ends[usize::from(connection.ends[0] == PAC)];
            let begins = self.now.max(connection.ready);
            // A request and its answer; or a request, and then the telephone rings.
            let at_pac = if node == PAC {
                begins + self.delay * 2
            } else {
                begins + self.delay + self.answers_after
            };
            for (node, from) in [(PAC, at_pac), (pns, at_pac + self.delay)] {
                self.call_ends.push(CallEnd {
                    call,
                    node,
                    connection: connection.number,
                    from,
                    ends_soon: false,
                });
            }
            self.call_ends.sort_by_key(|end| end.from);
        }
        call
    }

    /// The end of a call that a plan's number names.
    pub(super) fn call_end(&self, which: u8) -> Option<CallEnd> {
        let mut established = self.call_ends.iter().filter(|end| end.from <= self.now);
        let count = established.clone().count().max(1);
        established.nth(usize::from(which) % count).copied()
    }

    /// The call of this end of a connection that a plan's number names.
    pub(super) fn call_of(&self, connection: usize, node: usize, which: u8) -> Option<usize> {
        let here = |end: &&CallEnd| {
            end.connection == connection && end.node == node && end.from <= self.now
        };
        let ends: Vec<&CallEnd> = self.call_ends.iter().filter(here).collect();
        let end = ends.get(usize::from(which) % ends.len().max(1))?;
        Some(end.call)
    }

    /// The node at the other end of a call.
    pub(super) fn other_end(&self, end: CallEnd) -> Option<usize> {
        let connection = self
            .connections
            .iter()
            .find(|connection| connection.number == end.connection)?;
        let [opener, acceptor] = connection.ends;
        Some(if opener == end.node { acceptor } else { opener })
    }

    /// A user ends a call. A PAC is done with it when it says so, a PNS when it is told.
    pub(super) fn end(&mut self, call: usize, node: usize) {
        self.call_ends
            .retain(|end| end.call != call || end.node != PAC || node != PAC);
        for end in &mut self.call_ends {
            end.ends_soon |= end.call == call;
        }
    }

    /// The connection that a plan's number names.
    pub(super) fn connection(&self, which: u8) -> Option<Connection> {
        let count = self.connections.len().max(1);
        self.connections.get(usize::from(which) % count).copied()
    }

    /// A connection is gone, and the calls on it with it.
    pub(super) fn lose(&mut self, number: usize) {
        self.connections.retain(|known| known.number != number);
        self.call_ends.retain(|end| end.connection != number);
    }

    /// A node forgets everything: its connections go when the others notice.
    pub(super) fn crash(&mut self, node: usize) {
        self.call_ends.retain(|end| end.node != node);
        for connection in &mut self.connections {
            if connection.ends.contains(&node) {
                connection.ends_soon = true;
                let number = connection.number;
                for end in &mut self.call_ends {
                    end.ends_soon |= end.connection == number;
                }
            }
        }
    }

    /// Time passes: what was ended is over.
    pub(super) fn wait(&mut self, span: Duration) {
        self.now = self.now + span;
        self.connections.retain(|connection| !connection.ends_soon);
        self.call_ends.retain(|end| !end.ends_soon);
    }
}

/// Whether a link joins two of the plan's nodes.
pub(super) fn linked(one: usize, other: usize) -> bool {
    debug_assert!(one < NODES.len() && other < NODES.len());
    one != other && (one == PAC || other == PAC)
}

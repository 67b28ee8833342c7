//! Which calls and connections a plan's numbers name.
//!
//! A plan counts the ends of calls that *are established*, in the order in which they were, and the connections that *are not over*.
//! Here every connection that a node opens is thought to come up, and every call that is asked for to be established, at the PAC first;
//! what a user ends, or a crash or reset takes, is gone from the next passing of time on, or at once.

use super::{NODES, PAC};

/// A connection as it is thought to be.
#[derive(Clone, Copy)]
pub(super) struct Connection {
    /// Its name is `k` and this.
    pub(super) number: usize,
    /// Who opened it, and to whom.
    pub(super) ends: [usize; 2],
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
    ends_soon: bool,
}

/// What is thought to be there.
#[derive(Default)]
pub(super) struct Cast {
    connections: Vec<Connection>,
    opened: usize,
    call_ends: Vec<CallEnd>,
    begun: usize,
}

impl Cast {
    /// A node opens a connection; gives its number, or nothing where no path leads there.
    pub(super) fn open(&mut self, from: usize, to: usize) -> Option<usize> {
        if !linked(from, to) {
            return None;
        }
        self.opened += 1;
        self.connections.push(Connection {
            number: self.opened,
            ends: [from, to],
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
        if let Some(Connection { number, ends, .. }) = oldest.copied() {
            let pns = ends[usize::from(ends[0] == PAC)];
            for node in [PAC, pns] {
                self.call_ends.push(CallEnd {
                    call,
                    node,
                    connection: number,
                    ends_soon: false,
                });
            }
        }
        call
    }

    /// The end of a call that a plan's number names.
    pub(super) fn call_end(&self, which: u8) -> Option<CallEnd> {
        let count = self.call_ends.len().max(1);
        self.call_ends.get(usize::from(which) % count).copied()
    }

    /// A user ends a call.
    pub(super) fn end(&mut self, call: usize) {
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
    pub(super) fn wait(&mut self) {
        self.connections.retain(|connection| !connection.ends_soon);
        self.call_ends.retain(|end| !end.ends_soon);
    }
}

/// Whether a link joins two of the plan's nodes.
pub(super) fn linked(one: usize, other: usize) -> bool {
    debug_assert!(one < NODES.len() && other < NODES.len());
    one != other && (one == PAC || other == PAC)
}

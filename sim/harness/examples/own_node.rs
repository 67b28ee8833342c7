//! An implementation of your own that does no I/O, held against the scenarios of the suite:
//! `cargo run --example own_node`.
//!
//! It stands in the world through [`pptp_world::Node`]: it is handed what comes in, and asked what it does next. It sees nothing of
//! this project's own endpoint. Scenarios may only ask of it what it offers; a line that commands more of it is `unsupported`.

mod small_pac;

use pptp_harness::scenario::Role;
use pptp_harness::suite::{SuiteReport, SystemUnderTest, run_suite};
use pptp_wire::time::Instant;
use pptp_wire::{Framer, FramerConfig};
use pptp_world::{Cause, ConnectionId, Input, Node, Output, Unit};
use small_pac::SmallPac;
use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv4Addr;

/// The PAC with its connections, and what it is about to do.
#[derive(Default)]
struct OwnNode {
    connections: BTreeMap<ConnectionId, Connection>,
    todo: VecDeque<Todo>,
    /// What the last output lends its octets from.
    doing: Vec<u8>,
}

struct Connection {
    peer: Ipv4Addr,
    framer: Framer,
    pac: SmallPac,
}

enum Todo {
    Send(ConnectionId, Vec<u8>),
    Close(ConnectionId),
    Datagram(Ipv4Addr, Vec<u8>),
}

impl OwnNode {
    /// Octets of a control connection: frames them, and answers each message.
    fn octets(&mut self, id: ConnectionId, mut octets: &[u8]) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        while let Some(frame) = connection.framer.push(&mut octets) {
            let Ok(frame) = frame else {
                // Loss of synchronisation closes the connection (RFC 2637 §2).
                self.connections.remove(&id);
                return self.todo.push_back(Todo::Close(id));
            };
            let answer = connection.pac.answer(frame.octets);
            if !answer.octets.is_empty() {
                self.todo.push_back(Todo::Send(id, answer.octets));
            }
            if answer.closes {
                self.connections.remove(&id);
                return self.todo.push_back(Todo::Close(id));
            }
        }
    }
}

impl Node for OwnNode {
    fn handle(&mut self, _now: Instant, input: Input<'_>) {
        match input {
            Input::Opened { connection, peer } => {
                let framer = Framer::new(FramerConfig::default());
                let pac = SmallPac::default();
                self.connections
                    .insert(connection, Connection { peer, framer, pac });
            }
            Input::Octets { connection, octets } => self.octets(connection, octets),
            Input::Closed { connection } => {
                if self.connections.remove(&connection).is_some() {
                    self.todo.push_back(Todo::Close(connection));
                }
            }
            Input::Reset { connection } => {
                self.connections.remove(&connection);
            }
            Input::Datagram { from, octets } => {
                let mut tunnels = self.connections.values_mut();
                let tunnel = tunnels.find(|connection| connection.peer == from);
                if let Some(packet) = tunnel.and_then(|tunnel| tunnel.pac.acknowledge(octets)) {
                    self.todo.push_back(Todo::Datagram(from, packet));
                }
            }
            Input::Deadline => {}
        }
    }

    fn poll(&mut self, _now: Instant) -> Output<'_> {
        let cause = Cause::ANSWER;
        match self.todo.pop_front() {
            None => Output::Deadline(None),
            Some(Todo::Close(connection)) => Output::Close { connection, cause },
            Some(Todo::Send(connection, octets)) => {
                self.doing = octets;
                Output::Send {
                    connection,
                    octets: &self.doing,
                    unit: Unit::Stream,
                    cause,
                }
            }
            Some(Todo::Datagram(to, octets)) => {
                self.doing = octets;
                Output::Datagram {
                    from: None,
                    to,
                    octets: &self.doing,
                    cause,
                }
            }
        }
    }

    fn role(&self) -> Option<pptp_world::Role> {
        Some(pptp_world::Role::Pac)
    }

    fn restart(&mut self) {
        *self = OwnNode::default();
    }
}

/// Runs the scenarios whose names hold `filter`.
fn judge(filter: &str) -> SuiteReport {
    let pac = SystemUnderTest::node(Role::Pac, |_, _| Box::new(OwnNode::default()));
    run_suite(pac, filter, None)
}

fn main() {
    print!("{}", judge("outgoing/"));
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_passes_what_it_can_do() {
        for scenario in ["outgoing/pac-under-test", "control/version-refused"] {
            let report = judge(scenario);
            assert!(report.counts().runs > 0, "{scenario}");
            report.assert_passed();
        }
    }

    #[test]
    fn what_it_cannot_do_is_found() {
        let report = judge("outgoing/bad-fields");
        assert!(!report.has_passed());
        let words = report.to_string();
        assert!(
            words.contains("result-code: expected 3..7, seen 1"),
            "{words}"
        );
    }
}

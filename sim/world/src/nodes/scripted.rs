//! A node that sends what it is told and nothing else: a scripted peer, or an off-path attacker.

use super::auto::{Calls, echo_reply};
use crate::{
    Cause, Command, CommandError, ConnectionId, Deadline, Input, Node, Outcome, Output, Query,
    Role, SendControl, Unit, Value,
};
use core::net::Ipv4Addr;
use pptp_wire::time::{Duration, Instant};
use pptp_wire::{ControlMessage, Framer, FramerConfig};
use std::collections::VecDeque;

/// What a scripted node does by itself. The default is nothing.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub struct ScriptedConfig {
    /// The role that its script plays, if it is one.
    pub role: Option<Role>,
    /// Accepts connections to port 1723.
    pub listens: bool,
    /// Answers Echo-Requests.
    pub echo: bool,
    /// Acknowledges data of calls whose set-up it has sent or got.
    pub acknowledge: bool,
    /// How long it waits with an acknowledgment, counted from the first packet that it is for.
    pub acknowledgment_delay: Duration,
}

impl Default for ScriptedConfig {
    fn default() -> Self {
        ScriptedConfig {
            role: None,
            listens: true,
            echo: false,
            acknowledge: false,
            acknowledgment_delay: Duration::from_millis(100),
        }
    }
}

/// A scripted node: raw TCP and GRE. It performs [`Command::OpenTcp`], [`Command::CloseTcp`], [`Command::ResetTcp`],
/// [`Command::SendControl`] and [`Command::SendGre`] (with a forged source, if told so); never closes a connection by itself.
#[derive(Debug)]
pub struct ScriptedNode {
    config: ScriptedConfig,
    connections: Vec<Connection>,
    opened: u32,
    /// What is to be done now.
    outputs: VecDeque<Out>,
    /// Pieces that wait for their pause, in the order of time for each connection.
    later: VecDeque<(Instant, Out)>,
    /// What the last poll lent out.
    lent: Option<Out>,
    calls: Calls,
}

#[derive(Debug)]
struct Connection {
    id: ConnectionId,
    peer: Ipv4Addr,
    open: bool,
    closed: bool,
    /// Cuts what comes in. After an error it is of no use, and nothing is answered any more.
    framer: Framer,
}

/// An output that owns its octets.
#[derive(Clone, Debug)]
enum Out {
    Connect {
        connection: ConnectionId,
        to: Ipv4Addr,
    },
    Send {
        connection: ConnectionId,
        octets: Vec<u8>,
        unit: Unit,
    },
    Close {
        connection: ConnectionId,
    },
    Reset {
        connection: ConnectionId,
    },
    Datagram {
        from: Option<Ipv4Addr>,
        to: Ipv4Addr,
        octets: Vec<u8>,
        cause: Cause,
    },
}

impl ScriptedNode {
    /// A node without connections.
    pub fn new(config: ScriptedConfig) -> ScriptedNode {
        ScriptedNode {
            config,
            connections: Vec::new(),
            opened: 0,
            outputs: VecDeque::new(),
            later: VecDeque::new(),
            lent: None,
            calls: Calls::default(),
        }
    }

    /// The connection that is meant: the one named, or the only one.
    fn connection(&self, named: Option<ConnectionId>) -> Result<&Connection, CommandError> {
        let mut candidates = self.connections.iter().filter(|it| match named {
            Some(id) => it.id == id,
            None => !it.closed,
        });
        match (candidates.next(), candidates.next()) {
            (Some(only), None) if only.closed => Err(CommandError::WrongState { state: "closed" }),
            (Some(only), None) => Ok(only),
            _ => Err(CommandError::UnknownConnection),
        }
    }

    fn open_connection(
        &self,
        named: Option<ConnectionId>,
    ) -> Result<(ConnectionId, Ipv4Addr), CommandError> {
        let connection = self.connection(named)?;
        if !connection.open {
            return Err(CommandError::WrongState { state: "opening" });
        }
        Ok((connection.id, connection.peer))
    }

    /// Sends the pieces of a message, the later ones after their pauses, behind what is waiting already.
    fn send(&mut self, now: Instant, connection: ConnectionId, peer: Ipv4Addr, send: &SendControl) {
        if let Ok(message) = ControlMessage::decode(&send.octets) {
            self.calls.learn(connection, peer, &message, true);
        }
        let mut at = self.free_at(connection).unwrap_or(now).max(now);
        let mut rest = send.octets.as_slice();
        let mut position = 0;
        let cuts = send
            .cuts
            .iter()
            .copied()
            .filter(|cut| *cut > 0 && *cut < send.octets.len());
        for cut in cuts {
            let Some((piece, behind)) = rest.split_at_checked(cut.saturating_sub(position)) else {
                continue;
            };
            if piece.is_empty() {
                continue;
            }
            let unit = if send.unit { Unit::Part } else { Unit::Stream };
            self.send_at(
                now,
                at,
                Out::Send {
                    connection,
                    octets: piece.to_vec(),
                    unit,
                },
            );
            (rest, position) = (behind, cut);
            at += send.pause;
        }
        let unit = if send.unit { Unit::Whole } else { Unit::Stream };
        self.send_at(
            now,
            at,
            Out::Send {
                connection,
                octets: rest.to_vec(),
                unit,
            },
        );
    }

    fn send_at(&mut self, now: Instant, at: Instant, out: Out) {
        if at <= now
            && !self
                .later
                .iter()
                .any(|(_, other)| other.connection() == out.connection())
        {
            self.outputs.push_back(out);
            return;
        }
        let place = self.later.partition_point(|(other, _)| *other <= at);
        self.later.insert(place, (at, out));
    }

    /// When the last piece that waits for a connection goes out.
    fn free_at(&self, connection: ConnectionId) -> Option<Instant> {
        let waiting = self
            .later
            .iter()
            .filter(|(_, out)| out.connection() == Some(connection));
        waiting.map(|(at, _)| *at).max()
    }

    /// Octets came in: learns from whole messages, and answers them where it is told to.
    fn octets(&mut self, id: ConnectionId, octets: &[u8]) {
        let Some(connection) = self.connections.iter_mut().find(|it| it.id == id) else {
            return;
        };
        let mut rest = octets;
        while let Some(Ok(frame)) = connection.framer.push(&mut rest) {
            let Ok(message) = ControlMessage::decode(frame.octets) else {
                continue;
            };
            self.calls.learn(id, connection.peer, &message, false);
            if self.config.echo
                && let Some(reply) = echo_reply(&message)
            {
                self.outputs.push_back(Out::Send {
                    connection: id,
                    octets: reply,
                    unit: Unit::Stream,
                });
            }
        }
    }

    /// Moves to the outputs what is due.
    fn catch_up(&mut self, now: Instant) {
        while self.later.front().is_some_and(|(at, _)| *at <= now) {
            self.outputs
                .extend(self.later.pop_front().map(|(_, out)| out));
        }
        while let Some((to, octets)) = self.calls.take_due(now) {
            let cause = match self.config.acknowledgment_delay {
                Duration::ZERO => Cause::ANSWER,
                delay => Cause::span("acknowledgment delay {t}", delay),
            };
            self.outputs.push_back(Out::Datagram {
                from: None,
                to,
                octets,
                cause,
            });
        }
    }

    fn deadline(&self) -> Option<Deadline> {
        let piece = self
            .later
            .front()
            .map(|(at, _)| (*at, Cause::text("pause of the script")));
        let delay = self.config.acknowledgment_delay;
        let due = self
            .calls
            .next_due()
            .map(|at| (at, Cause::span("acknowledgment delay {t}", delay)));
        let (at, cause) = [piece, due]
            .into_iter()
            .flatten()
            .min_by_key(|(at, _)| *at)?;
        Some(Deadline {
            at,
            cause,
            keep_alive: false,
        })
    }

    fn forget(&mut self, id: ConnectionId) {
        self.connections.retain(|it| it.id != id);
        self.later.retain(|(_, out)| out.connection() != Some(id));
        self.calls.forget_connection(id);
    }
}

impl Node for ScriptedNode {
    fn handle(&mut self, now: Instant, input: Input<'_>) {
        match input {
            Input::Opened {
                connection: id,
                peer,
            } => match self.connections.iter_mut().find(|it| it.id == id) {
                Some(connection) => connection.open = true,
                None => self.connections.push(Connection::new(id, peer, true)),
            },
            Input::Octets { connection, octets } => self.octets(connection, octets),
            Input::Closed { .. } => {}
            Input::Reset { connection } => self.forget(connection),
            Input::Datagram { octets, .. } => {
                if self.config.acknowledge {
                    self.calls
                        .data(now, octets, self.config.acknowledgment_delay);
                }
            }
            Input::Deadline => {}
        }
        self.catch_up(now);
    }

    fn poll(&mut self, _now: Instant) -> Output<'_> {
        self.lent = self.outputs.pop_front();
        match &self.lent {
            Some(out) => out.output(),
            None => Output::Deadline(self.deadline()),
        }
    }

    fn command(&mut self, now: Instant, command: &Command) -> Result<Outcome, CommandError> {
        match command {
            Command::OpenTcp { to } => {
                let connection = ConnectionId(self.opened * 2 + 1);
                self.opened += 1;
                self.connections
                    .push(Connection::new(connection, *to, false));
                self.outputs.push_back(Out::Connect {
                    connection,
                    to: *to,
                });
                return Ok(Outcome::Connection(connection));
            }
            Command::CloseTcp { connection } => {
                let (id, _) = self.open_connection(*connection)?;
                let at = self.free_at(id).unwrap_or(now);
                self.send_at(now, at, Out::Close { connection: id });
                if let Some(connection) = self.connections.iter_mut().find(|it| it.id == id) {
                    connection.closed = true;
                }
            }
            Command::ResetTcp { connection } => {
                // A host resets what it has closed, too.
                let id = match self.connection(*connection) {
                    Ok(connection) => connection.id,
                    Err(error) => {
                        let named = self.connections.iter().rev();
                        let mut closed = named.filter(|it| connection.is_none_or(|id| it.id == id));
                        closed.find(|it| it.closed).ok_or(error)?.id
                    }
                };
                self.forget(id);
                self.outputs.push_back(Out::Reset { connection: id });
            }
            Command::SendControl { connection, send } => {
                let (id, peer) = self.open_connection(*connection)?;
                self.send(now, id, peer, send);
            }
            Command::SendGre { to, from, octets } => {
                let (from, to, octets) = (*from, *to, octets.clone());
                self.outputs.push_back(Out::Datagram {
                    from,
                    to,
                    octets,
                    cause: Cause::ANSWER,
                });
            }
            _ => return Err(CommandError::Unsupported),
        }
        Ok(Outcome::Done)
    }

    fn query(&self, query: &Query) -> Option<Value> {
        match query {
            Query::AcknowledgesData => Some(Value::Flag(self.config.acknowledge)),
            Query::ConnectionState(named) => self
                .connection(*named)
                .ok()
                .map(|connection| Value::State(if connection.open { "open" } else { "opening" })),
            _ => None,
        }
    }

    fn role(&self) -> Option<Role> {
        self.config.role
    }

    fn is_scripted(&self) -> bool {
        true
    }

    fn listens(&self) -> bool {
        self.config.listens
    }

    fn restart(&mut self) {
        *self = ScriptedNode::new(self.config);
    }
}

impl Connection {
    fn new(id: ConnectionId, peer: Ipv4Addr, open: bool) -> Connection {
        Connection {
            id,
            peer,
            open,
            closed: false,
            framer: Framer::new(FramerConfig::default()),
        }
    }
}

impl Out {
    fn connection(&self) -> Option<ConnectionId> {
        match self {
            Out::Connect { connection, .. }
            | Out::Send { connection, .. }
            | Out::Close { connection }
            | Out::Reset { connection } => Some(*connection),
            Out::Datagram { .. } => None,
        }
    }

    fn output(&self) -> Output<'_> {
        match self {
            Out::Connect { connection, to } => Output::Connect {
                connection: *connection,
                to: *to,
            },
            Out::Send {
                connection,
                octets,
                unit,
            } => Output::Send {
                connection: *connection,
                octets,
                unit: *unit,
                cause: Cause::ANSWER,
            },
            Out::Close { connection } => Output::Close {
                connection: *connection,
                cause: Cause::ANSWER,
            },
            Out::Reset { connection } => Output::Reset {
                connection: *connection,
                cause: Cause::ANSWER,
            },
            Out::Datagram {
                from,
                to,
                octets,
                cause,
            } => Output::Datagram {
                from: *from,
                to: *to,
                octets,
                cause: *cause,
            },
        }
    }
}

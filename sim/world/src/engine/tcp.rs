//! The life of TCP connections: handshake, octets, FIN, RST, and what a rebooted host answers.

use super::connection::{
    Connection, ConnectionEnd, EndState, Half, MARK_ACCEPT, MARK_OPEN, MARK_OPENED, MARK_RESET,
    Pending,
};
use super::network::Network;
use super::queue::{Class, Event as Due};
use super::tap::Message;
use crate::link::{Arrival, ControlView, LinkError};
use crate::model::CallEnd;
use crate::record::NodeMistake;
use crate::{
    Cause, ConnectionId, ConnectionNumber, ControlSent, MessageNumber, NodeId, RecordKind, Unit,
};
use core::net::Ipv4Addr;
use pptp_rules::{Connection as Watched, Event, Origin, Place};
use pptp_wire::time::Instant;
use pptp_wire::{CallId, ControlMessageType, FieldValue, Header, field_by_key};

/// What a node is to be told.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub(crate) enum Arrived {
    /// Nothing.
    Nothing,
    /// A connection is open.
    Opened {
        node: NodeId,
        connection: ConnectionId,
        peer: Ipv4Addr,
    },
    /// The octets in [`Network::scratch`] came.
    Octets {
        node: NodeId,
        connection: ConnectionId,
    },
    /// The other end's FIN.
    Closed {
        node: NodeId,
        connection: ConnectionId,
    },
    /// RST, or a refusal.
    Reset {
        node: NodeId,
        connection: ConnectionId,
    },
}

impl Network {
    /// A node opens a connection.
    pub(crate) fn connect(&mut self, node: NodeId, id: ConnectionId, to: Ipv4Addr) {
        if id != self.hosts[node.index()].next_opened() {
            return self.mistake(node, NodeMistake::ConnectionNumber(id));
        }
        let number = ConnectionNumber(self.connections.len() as u32);
        let host = &mut self.hosts[node.index()];
        host.open(number);
        host.alive += 1;
        let other = self.owner(node, to).filter(|other| *other != node);
        let way = other.and_then(|other| self.hosts[node.index()].way_to(other));
        let peer = other.unwrap_or(node);
        self.connections.push(Connection {
            ends: [
                ConnectionEnd::new(node, id),
                ConnectionEnd::new(peer, ConnectionId(0)),
            ],
            halves: [Half::new(), Half::new()],
            link: way.map(|way| way.link),
            direction: way.map_or(crate::luck::Direction::Forward, |way| way.direction),
        });
        self.record(RecordKind::TcpOpen {
            connection: number,
            from: node,
            to: other,
        });
        if let Some(other) = other {
            let origin = self.origin_of(node);
            self.observe(
                Place::Sent,
                node,
                other,
                origin,
                Event::ConnectionOpening(Watched(number.0)),
            );
        }
        if way.is_some() {
            self.signal(number, 0, MARK_OPEN);
        } else {
            // Nobody is there: the opener's own host says so, at once.
            let half = &mut self.connections[number.index()].halves[1];
            half.stream.mark(self.now, MARK_RESET);
            (half.wake, self.busy_halves) = (self.now, self.busy_halves + 1);
            self.queue.push(
                self.now,
                Class::Control,
                Due::Segment {
                    half: number.0 * 2 + 1,
                },
            );
        }
    }

    /// A node sends octets.
    pub(crate) fn send(
        &mut self,
        node: NodeId,
        id: ConnectionId,
        octets: &[u8],
        unit: Unit,
        cause: Cause,
    ) {
        let Some((number, side)) = self.side_of(node, id) else {
            return self.mistake(node, NodeMistake::UnknownConnection(id));
        };
        let end = &self.connections[number.index()].ends[side];
        match end.state {
            EndState::Gone | EndState::Forgotten => {}
            EndState::Open if !end.closed => {
                self.put_on(number, side, octets, unit, cause, self.origin_of(node))
            }
            EndState::Open | EndState::Opening => self.mistake(node, NodeMistake::NotOpen(id)),
        }
    }

    /// Octets go out on one side of an open connection.
    pub(crate) fn put_on(
        &mut self,
        number: ConnectionNumber,
        side: usize,
        octets: &[u8],
        unit: Unit,
        cause: Cause,
        origin: Origin,
    ) {
        // Taken out while the network works on the pieces.
        let mut tap = core::mem::replace(
            &mut self.connections[number.index()].halves[side].tap,
            super::tap::Tap::new(),
        );
        tap.send(self.now, octets, unit, |piece| {
            let mut view = ControlView::default();
            let mut sent = None;
            if let Some(message) = piece.message {
                view = view_of(message.octets);
                sent = Some(self.message_sent(number, side, &message, cause, origin));
            }
            self.transmit(number, side, piece.octets, &view, sent);
        });
        self.connections[number.index()].halves[side].tap = tap;
        self.wake(number, side);
    }

    /// The last octet of a message is on the sender's interface.
    fn message_sent(
        &mut self,
        number: ConnectionNumber,
        side: usize,
        sent: &Message<'_>,
        cause: Cause,
        origin: Origin,
    ) -> MessageNumber {
        let message = MessageNumber(self.next_message);
        self.next_message += 1;
        let octets = self.log.keep(sent.octets);
        let (from, to) = self.nodes_of(number, side);
        let Message {
            first_at,
            pieces,
            first_piece,
            framing,
            end,
            ..
        } = *sent;
        self.record(RecordKind::ControlSent(ControlSent {
            message,
            connection: number,
            from,
            to,
            octets,
            first_at,
            pieces,
            first_piece,
            framing,
            origin,
            cause,
        }));
        let pending = Pending {
            message,
            octets,
            end,
            framing,
            origin,
        };
        self.connections[number.index()].halves[side]
            .pending
            .push_back(pending);
        let seen = Event::Control {
            connection: Watched(number.0),
            octets: sent.octets,
            framing,
        };
        self.observe(Place::Sent, from, to, origin, seen);
        let call_end = self.call_end(number, side, origin == Origin::Foreign);
        self.model
            .control_sent(&mut self.pool, call_end, sent.octets);
        message
    }

    /// Octets go on the path.
    fn transmit(
        &mut self,
        number: ConnectionNumber,
        side: usize,
        octets: &[u8],
        view: &ControlView,
        message: Option<MessageNumber>,
    ) {
        let Network {
            connections,
            links,
            deck,
            now,
            ..
        } = self;
        let connection = &mut connections[number.index()];
        if connection.ends[side].severed {
            return;
        }
        let direction = connection.direction_of(side);
        let Some(link) = connection.link.and_then(|link| links.get_mut(link.index())) else {
            return;
        };
        let path = link.link.control(direction);
        match path.send(
            &mut connection.halves[side].stream,
            *now,
            octets,
            view,
            deck,
        ) {
            Ok(sent) => {
                if let (Some(message), Some(rule)) = (message, sent.rule) {
                    self.record(RecordKind::ControlTargeted {
                        message,
                        rule,
                        held_up: sent.held_up,
                    });
                }
            }
            Err(LinkError::Tape(mismatch)) => self.stop(mismatch),
            Err(LinkError::Ended | LinkError::Impairment(_)) => {}
        }
    }

    /// A node closes its direction.
    pub(crate) fn close(&mut self, node: NodeId, id: ConnectionId, cause: Cause) {
        let Some((number, side)) = self.side_of(node, id) else {
            return self.mistake(node, NodeMistake::UnknownConnection(id));
        };
        let (from, to) = self.nodes_of(number, side);
        let end = &mut self.connections[number.index()].ends[side];
        match end.state {
            // Given up before it was open: the answer to the opening segment finds nobody.
            EndState::Opening => {
                end.state = EndState::Forgotten;
                return self.over(number, side);
            }
            EndState::Open if !end.closed => {}
            EndState::Open => return self.mistake(node, NodeMistake::NotOpen(id)),
            EndState::Gone | EndState::Forgotten => return,
        }
        end.closed = true;
        let answer = end.got_close;
        self.record(RecordKind::TcpClose {
            connection: number,
            from,
            to,
            answer,
            cause,
        });
        let origin = self.origin_of(node);
        self.observe(
            Place::Sent,
            from,
            to,
            origin,
            Event::ConnectionClosed(Watched(number.0)),
        );
        self.over(number, side);
        self.end_direction(number, side);
    }

    /// A FIN goes on the path.
    pub(crate) fn end_direction(&mut self, number: ConnectionNumber, side: usize) {
        let Network {
            connections,
            links,
            now,
            ..
        } = self;
        let connection = &mut connections[number.index()];
        let direction = connection.direction_of(side);
        if let Some(link) = connection.link.and_then(|link| links.get_mut(link.index())) {
            link.link
                .control(direction)
                .end(&mut connection.halves[side].stream, *now);
        }
        self.wake(number, side);
    }

    /// A node resets a connection.
    pub(crate) fn reset(&mut self, node: NodeId, id: ConnectionId, cause: Cause) {
        let Some((number, side)) = self.side_of(node, id) else {
            return self.mistake(node, NodeMistake::UnknownConnection(id));
        };
        let state = &mut self.connections[number.index()].ends[side].state;
        match state {
            EndState::Opening => *state = EndState::Forgotten,
            EndState::Open => {
                *state = EndState::Gone;
                self.send_reset(number, side, cause);
            }
            EndState::Gone | EndState::Forgotten => return,
        }
        self.over(number, side);
    }

    /// A RST goes on the path.
    fn send_reset(&mut self, number: ConnectionNumber, side: usize, cause: Cause) {
        let (from, to) = self.nodes_of(number, side);
        self.record(RecordKind::TcpReset {
            connection: number,
            from,
            to,
            cause,
        });
        let origin = self.origin_of(from);
        self.observe(
            Place::Sent,
            from,
            to,
            origin,
            Event::ConnectionReset(Watched(number.0)),
        );
        self.signal(number, side, MARK_RESET);
    }

    /// Something is due on a half connection: takes one thing from its stream.
    pub(crate) fn segment(&mut self, half: u32) -> Arrived {
        let (number, side) = (ConnectionNumber(half / 2), (half % 2) as usize);
        let Network {
            connections,
            links,
            hosts,
            now,
            scratch,
            ..
        } = self;
        let connection = &mut connections[number.index()];
        connection.halves[side].wake = Instant::NEVER;
        self.busy_halves -= 1;
        let receiver = connection.ends[1 - side].node;
        if !hosts[receiver.index()].up {
            return Arrived::Nothing;
        }
        let direction = connection.direction_of(side);
        let stream = &mut connection.halves[side].stream;
        let taken = match connection.link {
            Some(link) => stream.take(links[link.index()].link.control_ref(direction), *now),
            None => Some(Arrival::Mark(MARK_RESET)),
        };
        let taken = taken.map(|arrival| match arrival {
            Arrival::Octets(octets) => {
                scratch.clear();
                scratch.extend_from_slice(octets);
                Taken::Octets
            }
            Arrival::Mark(mark) => Taken::Mark(mark),
            Arrival::End => Taken::End,
            Arrival::Reset => Taken::Mark(MARK_RESET),
        });
        self.wake(number, side);
        let Some(taken) = taken else {
            return Arrived::Nothing;
        };
        self.take_in(number, side, taken)
    }

    /// Something sent by `side` has arrived at the other end.
    fn take_in(&mut self, number: ConnectionNumber, side: usize, taken: Taken) -> Arrived {
        let other = 1 - side;
        let state = self.connections[number.index()].ends[other].state;
        match (taken, state) {
            (Taken::Mark(MARK_RESET), EndState::Opening | EndState::Open) => {
                self.reset_arrived(number, side)
            }
            (Taken::Mark(MARK_RESET), _) | (_, EndState::Gone) => Arrived::Nothing,
            (_, EndState::Forgotten) => {
                self.connections[number.index()].ends[other].state = EndState::Gone;
                self.send_reset(number, other, Cause::text("connection unknown"));
                Arrived::Nothing
            }
            (Taken::Mark(MARK_OPEN), _) => self.opening_arrived(number),
            (Taken::Mark(MARK_ACCEPT), _) => {
                self.signal(number, 0, MARK_OPENED);
                self.opened(number, 0)
            }
            (Taken::Mark(_), _) => {
                let node = self.connections[number.index()].ends[1].node;
                let id = self.hosts[node.index()].accept(number);
                self.hosts[node.index()].alive += 1;
                self.connections[number.index()].ends[1].id = id;
                self.opened(number, 1)
            }
            (Taken::Octets, _) => self.octets_arrived(number, side),
            (Taken::End, _) => self.close_arrived(number, side),
        }
    }

    /// The opening segment has arrived: it is answered, or refused.
    fn opening_arrived(&mut self, number: ConnectionNumber) -> Arrived {
        let (from, to) = self.nodes_of(number, 0);
        let origin = self.origin_of(from);
        self.observe(
            Place::Arrived,
            from,
            to,
            origin,
            Event::ConnectionOpening(Watched(number.0)),
        );
        if self.hosts[to.index()].listens {
            self.signal(number, 1, MARK_ACCEPT);
        } else {
            self.connections[number.index()].ends[1].state = EndState::Gone;
            self.record(RecordKind::TcpRefused {
                connection: number,
                from: to,
                to: from,
            });
            let origin = self.origin_of(to);
            self.observe(
                Place::Sent,
                to,
                from,
                origin,
                Event::ConnectionReset(Watched(number.0)),
            );
            self.signal(number, 1, MARK_RESET);
        }
        Arrived::Nothing
    }

    /// The connection is open for one end.
    fn opened(&mut self, number: ConnectionNumber, side: usize) -> Arrived {
        let end = &mut self.connections[number.index()].ends[side];
        end.state = EndState::Open;
        let (node, id) = (end.node, end.id);
        let (opener, acceptor) = self.nodes_of(number, 0);
        self.record(RecordKind::TcpOpened {
            connection: number,
            node,
            id,
        });
        let place = if side == 0 {
            Place::Sent
        } else {
            Place::Arrived
        };
        let origin = self.origin_of(opener);
        self.observe(
            place,
            opener,
            acceptor,
            origin,
            Event::ConnectionOpened(Watched(number.0)),
        );
        let peer = self.hosts[if side == 0 { acceptor } else { opener }.index()].address();
        Arrived::Opened {
            node,
            connection: id,
            peer,
        }
    }

    /// The octets in `scratch`, sent by `side`, have arrived.
    fn octets_arrived(&mut self, number: ConnectionNumber, side: usize) -> Arrived {
        let (_, to) = self.nodes_of(number, side);
        let octets = core::mem::take(&mut self.scratch);
        let half = &mut self.connections[number.index()].halves[side];
        let before = half.arrived;
        half.arrived += octets.len() as u64;
        let (arrived, sent) = (half.arrived, half.tap.sent());
        if arrived > sent {
            self.model.control_stream_broken(to, arrived, sent);
        }
        while let Some(pending) = self.connections[number.index()].halves[side]
            .pending
            .front()
            .copied()
        {
            if pending.end > arrived {
                break;
            }
            self.connections[number.index()].halves[side]
                .pending
                .pop_front();
            self.message_arrived(number, side, &pending);
            let start = pending.end - u64::from(pending.octets.length);
            if start >= before {
                let here = &octets[(start - before) as usize..(pending.end - before) as usize];
                if here != self.log.octets(pending.octets) {
                    self.model
                        .control_stream_broken(to, pending.message.0, pending.message.0);
                }
            }
        }
        self.scratch = octets;
        Arrived::Octets {
            node: to,
            connection: self.connections[number.index()].ends[1 - side].id,
        }
    }

    fn message_arrived(&mut self, number: ConnectionNumber, side: usize, pending: &Pending) {
        let (from, to) = self.nodes_of(number, side);
        let Pending {
            message,
            octets,
            framing,
            origin,
            ..
        } = *pending;
        self.record(RecordKind::ControlArrived {
            message,
            connection: number,
            node: to,
        });
        // Out of the log while the judge looks at it.
        let mut copy = core::mem::take(&mut self.message);
        copy.clear();
        copy.extend_from_slice(self.log.octets(octets));
        let seen = Event::Control {
            connection: Watched(number.0),
            octets: &copy,
            framing,
        };
        self.observe(Place::Arrived, from, to, origin, seen);
        let call_end = self.call_end(number, 1 - side, false);
        self.model.control_arrived(call_end, &copy);
        self.message = copy;
    }

    fn close_arrived(&mut self, number: ConnectionNumber, side: usize) -> Arrived {
        let (from, to) = self.nodes_of(number, side);
        let end = &mut self.connections[number.index()].ends[1 - side];
        end.got_close = true;
        let connection = end.id;
        self.record(RecordKind::TcpCloseArrived {
            connection: number,
            node: to,
        });
        let origin = self.origin_of(from);
        self.observe(
            Place::Arrived,
            from,
            to,
            origin,
            Event::ConnectionClosed(Watched(number.0)),
        );
        self.over(number, 1 - side);
        Arrived::Closed {
            node: to,
            connection,
        }
    }

    fn reset_arrived(&mut self, number: ConnectionNumber, side: usize) -> Arrived {
        let (from, to) = self.nodes_of(number, side);
        let end = &mut self.connections[number.index()].ends[1 - side];
        let was_opening = end.state == EndState::Opening;
        end.state = EndState::Gone;
        let connection = end.id;
        let is_refused_here = self.connections[number.index()].link.is_none();
        self.record(match (was_opening, is_refused_here) {
            (true, true) => RecordKind::TcpRefused {
                connection: number,
                from: to,
                to,
            },
            _ => RecordKind::TcpResetArrived {
                connection: number,
                node: to,
            },
        });
        let origin = self.origin_of(from);
        self.observe(
            Place::Arrived,
            from,
            to,
            origin,
            Event::ConnectionReset(Watched(number.0)),
        );
        if connection == ConnectionId(0) {
            return Arrived::Nothing;
        }
        self.over(number, 1 - side);
        Arrived::Reset {
            node: to,
            connection,
        }
    }

    /// The connection carries no call of this end any more.
    pub(crate) fn over(&mut self, number: ConnectionNumber, side: usize) {
        let end = &mut self.connections[number.index()].ends[side];
        if core::mem::replace(&mut end.over, true) {
            return;
        }
        let node = end.node;
        if end.id != ConnectionId(0) {
            self.hosts[node.index()].alive -= 1;
        }
        self.model.connection_ended(number, side);
        self.count_calls_of = Some(node);
    }

    /// Both ends are gone, and with them everything on the way.
    pub(crate) fn abort(&mut self, number: ConnectionNumber) {
        for side in 0..2 {
            let connection = &mut self.connections[number.index()];
            connection.halves[side].stream.abort();
            connection.halves[side].pending.clear();
            if connection.ends[side].state != EndState::Forgotten {
                connection.ends[side].state = EndState::Gone;
            }
            self.over(number, side);
        }
    }

    /// A segment without octets goes on the path.
    pub(crate) fn signal(&mut self, number: ConnectionNumber, side: usize, mark: u32) {
        let Network {
            connections,
            links,
            now,
            ..
        } = self;
        let connection = &mut connections[number.index()];
        let direction = connection.direction_of(side);
        if let Some(link) = connection.link.and_then(|link| links.get_mut(link.index())) {
            link.link
                .control(direction)
                .signal(&mut connection.halves[side].stream, *now, mark);
        }
        self.wake(number, side);
    }

    /// Sees to it that an event looks at a stream when its next piece arrives.
    pub(crate) fn wake(&mut self, number: ConnectionNumber, side: usize) {
        let Network {
            connections,
            links,
            queue,
            now,
            ..
        } = self;
        let connection = &mut connections[number.index()];
        let direction = connection.direction_of(side);
        let Some(link) = connection.link.and_then(|link| links.get(link.index())) else {
            return;
        };
        let half = &mut connection.halves[side];
        let Some(at) = half.stream.next_at(link.link.control_ref(direction)) else {
            return;
        };
        if half.wake == Instant::NEVER {
            half.wake = at.max(*now);
            self.busy_halves += 1;
            queue.push(
                half.wake,
                Class::Control,
                Due::Segment {
                    half: number.0 * 2 + side as u32,
                },
            );
        }
    }

    /// The connection and the side behind a node's name for it.
    #[inline]
    pub(crate) fn side_of(
        &self,
        node: NodeId,
        id: ConnectionId,
    ) -> Option<(ConnectionNumber, usize)> {
        let number = self.hosts[node.index()].connection(id)?;
        Some((number, usize::from(!id.is_own())))
    }

    /// The other end of a connection that is open for calls at this node.
    #[inline]
    pub(crate) fn peer_on(&self, node: NodeId, id: ConnectionId) -> Option<NodeId> {
        let (number, side) = self.side_of(node, id)?;
        let connection = &self.connections[number.index()];
        (!connection.ends[side].over).then(|| connection.ends[1 - side].node)
    }

    /// The other end of a connection that the node has, or had.
    pub(crate) fn peer_of(&self, node: NodeId, id: ConnectionId) -> Option<NodeId> {
        let (number, side) = self.side_of(node, id)?;
        Some(self.connections[number.index()].ends[1 - side].node)
    }

    fn nodes_of(&self, number: ConnectionNumber, side: usize) -> (NodeId, NodeId) {
        let ends = &self.connections[number.index()].ends;
        (ends[side].node, ends[1 - side].node)
    }

    fn call_end(&self, number: ConnectionNumber, side: usize, foreign: bool) -> CallEnd {
        let ends = &self.connections[number.index()].ends;
        let (end, peer) = (&ends[side], &ends[1 - side]);
        CallEnd {
            connection: number,
            side,
            node: end.node,
            id: end.id,
            peer: peer.node,
            foreign,
        }
    }

    #[cold]
    pub(crate) fn mistake(&mut self, node: NodeId, mistake: NodeMistake) {
        self.record(RecordKind::NodeMistake { node, mistake });
    }
}

/// What was taken from a stream; octets lie in `scratch`.
#[derive(Copy, Clone, Debug)]
enum Taken {
    Octets,
    Mark(u32),
    End,
}

/// What targeted rules look at: the type, and the Call ID that names the call, which is the sender's own where the message
/// has one, else the receiver's.
fn view_of(octets: &[u8]) -> ControlView {
    let Ok(header) = Header::decode(octets) else {
        return ControlView::default();
    };
    let control_message_type = header.control_message_type;
    let number = |key| call_id_field(control_message_type, key, octets);
    ControlView {
        control_message_type: Some(control_message_type),
        call_id: number("call-id").or_else(|| number("peer-call-id")),
    }
}

fn call_id_field(message: ControlMessageType, key: &str, octets: &[u8]) -> Option<CallId> {
    match field_by_key(message, key)?.read(octets)? {
        FieldValue::Unsigned(number) => u16::try_from(number).ok().map(CallId),
        FieldValue::Octets(_) => None,
    }
}

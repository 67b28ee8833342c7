//! How connections end: FIN, RST, and what that means for the calls on them.

use super::{Arrived, Watched};
use crate::engine::connection::{EndState, MARK_RESET};
use crate::engine::network::Network;
use crate::engine::tap::Tap;
use crate::record::NodeMistake;
use crate::{Cause, ConnectionId, ConnectionNumber, NodeId, RecordKind, WorldPoint};
use pptp_rules::{Event, Origin, Place};
use pptp_wire::time::Instant;

impl Network {
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
        let answer = end.got_close || self.close_is_here(number, 1 - side);
        if !answer && self.connections[number.index()].ends[1 - side].closed {
            self.points.add(WorldPoint::ClosesCrossed);
        }
        self.record(RecordKind::TcpClose {
            connection: number,
            from,
            to,
            answer,
            cause,
        });
        let origin = self.origin_of(node);
        self.show_left_over(number, side, origin);
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

    /// A message that the close cuts off is shown to the judge as far as it was sent (HDR-020). It is not the closer's fault where
    /// octets in it are not the closer's.
    fn show_left_over(&mut self, number: ConnectionNumber, side: usize, closer: Origin) {
        let half = &mut self.connections[number.index()].halves[side];
        let origin = if half.foreign {
            Origin::Spoiled
        } else {
            closer
        };
        let tap = core::mem::replace(&mut half.tap, Tap::new());
        if !tap.left_over().is_empty() {
            let (from, to) = self.nodes_of(number, side);
            let cut_off = Event::Control {
                connection: Watched(number.0),
                octets: tap.left_over(),
                framing: None,
            };
            self.observe(Place::Sent, from, to, origin, cut_off);
        }
        self.connections[number.index()].halves[side].tap = tap;
    }

    /// The FIN of a side has arrived, though its turn may come only after what arrived with it.
    fn close_is_here(&self, number: ConnectionNumber, side: usize) -> bool {
        let connection = &self.connections[number.index()];
        let Some(link) = connection.link else {
            return false;
        };
        let path = self.links[link.index()]
            .link
            .control_ref(connection.direction_of(side));
        connection.ends[side].close_arrives <= self.now && !path.is_stalled()
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
            let path = link.link.control(direction);
            connection.ends[side].close_arrives =
                path.end(&mut connection.halves[side].stream, *now);
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
    pub(super) fn send_reset(&mut self, number: ConnectionNumber, side: usize, cause: Cause) {
        if self.connections[number.index()].halves[1 - side].wake != Instant::NEVER {
            self.points.add(WorldPoint::ResetUnderOctets);
        }
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

    pub(super) fn close_arrived(&mut self, number: ConnectionNumber, side: usize) -> Arrived {
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

    pub(super) fn reset_arrived(&mut self, number: ConnectionNumber, side: usize) -> Arrived {
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
}

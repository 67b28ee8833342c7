//! Octets on connections: cut into messages where they are sent, told and compared where they arrive.

use super::{Arrived, Watched};
use crate::engine::connection::{EndState, Pending};
use crate::engine::network::{Network, end};
use crate::engine::tap::{Message, Tap};
use crate::link::{ControlView, LinkError};
use crate::record::NodeMistake;
use crate::{
    Cause, ConnectionId, ConnectionNumber, ControlSent, MessageNumber, NodeId, RecordKind, Unit,
    WorldPoint,
};
use pptp_rules::{Event, Observation, Origin, Place};
use pptp_wire::{CallId, ControlMessageType, FieldValue, HEADER_LENGTH, Header, field_by_key};

impl Network {
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
                if end.got_close {
                    self.points.add(WorldPoint::SentAfterClose);
                }
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
        let has_rules = self.may_have_rules(number, side);
        let half = &mut self.connections[number.index()].halves[side];
        let mixes = origin == Origin::Foreign && half.tap.goes_on();
        let origin = if half.foreign || mixes {
            Origin::Spoiled
        } else {
            origin
        };
        // Taken out while the network works on the pieces.
        let mut tap = core::mem::replace(&mut half.tap, Tap::new());
        tap.send(self.now, octets, unit, |piece| {
            self.segment_seen(number, side, side, piece.octets);
            let mut view = ControlView::default();
            let mut sent = None;
            if let Some(message) = piece.message {
                if has_rules {
                    view = view_of(message.octets);
                }
                sent = Some(self.message_sent(number, side, &message, cause, origin));
            }
            self.transmit(number, side, piece.octets, &view, sent);
        });
        let half = &mut self.connections[number.index()].halves[side];
        half.foreign = origin != Origin::Own && tap.goes_on();
        half.tap = tap;
        self.wake(number, side);
    }

    /// Whether targeted rules may look at what a side of a connection sends.
    fn may_have_rules(&self, number: ConnectionNumber, side: usize) -> bool {
        let connection = &self.connections[number.index()];
        let link = connection
            .link
            .and_then(|link| self.links.get(link.index()));
        link.is_some_and(|link| {
            let path = link.link.control_ref(connection.direction_of(side));
            path.may_have_rules()
        })
    }

    /// Takes down, for captures, octets of `sender` that pass the interface of the side `seen_by`.
    fn segment_seen(
        &mut self,
        number: ConnectionNumber,
        sender: usize,
        seen_by: usize,
        octets: &[u8],
    ) {
        if !self.keep_octets || octets.is_empty() {
            return;
        }
        let ends = &self.connections[number.index()].ends;
        let (from, node) = (ends[sender].node, ends[seen_by].node);
        let octets = self.log.keep(octets);
        self.log.write_aside(
            self.now,
            RecordKind::ControlSegment {
                connection: number,
                from,
                node,
                octets,
            },
        );
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
        let call_end = self.call_end(number, side, origin);
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

    /// The octets in `scratch`, sent by `side`, have arrived.
    pub(super) fn octets_arrived(&mut self, number: ConnectionNumber, side: usize) -> Arrived {
        let (_, to) = self.nodes_of(number, side);
        let octets = core::mem::take(&mut self.scratch);
        self.segment_seen(number, side, 1 - side, &octets);
        let half = &mut self.connections[number.index()].halves[side];
        let before = half.arrived;
        half.arrived += octets.len() as u64;
        let (arrived, sent) = (half.arrived, half.tap.sent());
        if arrived > sent {
            self.model.control_stream_broken(to, arrived, sent);
        }
        let mut messages = 0;
        while let Some(pending) = self.connections[number.index()].halves[side]
            .pending
            .front()
            .copied()
        {
            if pending.end > arrived {
                self.note_cut(&pending, arrived);
                break;
            }
            messages += 1;
            if messages > 1 {
                self.points.add(WorldPoint::Coalesced);
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

    /// A piece of a stream ended before the end of this message.
    fn note_cut(&mut self, pending: &Pending, arrived: u64) {
        let start = pending.end - u64::from(pending.octets.length);
        match arrived.saturating_sub(start) {
            0 => {}
            here if here < HEADER_LENGTH as u64 => self.points.add(WorldPoint::CutInHeader),
            _ => self.points.add(WorldPoint::CutInMessage),
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
        let call_end = self.call_end(number, 1 - side, self.origin_of(to));
        let Network {
            log,
            judge,
            findings,
            model,
            now,
            ..
        } = self;
        let observation = Observation {
            number: log.next_number() - 1,
            at: *now,
            place: Place::Arrived,
            from: end(from),
            to: end(to),
            origin,
            event: Event::Control {
                connection: Watched(number.0),
                octets: log.octets(octets),
                framing,
            },
        };
        judge.observe(&observation, findings);
        model.control_arrived(call_end, log.octets(octets));
        self.write_findings();
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::LinkConfig;
    use crate::{
        Command, ModelCheck, ScriptedConfig, ScriptedNode, SendControl, World, WorldConfig,
    };
    use pptp_wire::time::Instant;

    /// Two scripted nodes with an open connection.
    fn connected() -> World {
        let mut world = World::new(WorldConfig::default());
        let nodes = [1, 2].map(|host| {
            let node = Box::new(ScriptedNode::new(ScriptedConfig::default()));
            world.add_node("node", &[[10, 0, 0, host].into()], node)
        });
        world
            .add_link(nodes[0], nodes[1], &LinkConfig::default())
            .unwrap();
        world
            .command(
                nodes[0],
                &Command::OpenTcp {
                    to: [10, 0, 0, 2].into(),
                },
            )
            .unwrap();
        run(&mut world);
        world
    }

    fn run(world: &mut World) -> usize {
        while world.advance(Instant::NEVER) == crate::Advance::Event {}
        let mut records = Vec::new();
        world.take_records(&mut records);
        let broken = records.iter().filter(|record| match record.kind {
            RecordKind::ModelViolation(violation) => {
                violation.check == ModelCheck::ControlStreamBroken
            }
            _ => false,
        });
        broken.count()
    }

    #[test]
    fn octets_that_were_not_sent_are_noticed() {
        let mut world = connected();
        assert_eq!(run(&mut world), 0);
        let view = ControlView::default();
        world
            .net
            .transmit(ConnectionNumber(0), 0, b"from nowhere", &view, None);
        world.net.wake(ConnectionNumber(0), 0);
        assert_eq!(run(&mut world), 1);
    }

    #[test]
    fn octets_that_are_not_those_of_the_message_are_noticed() {
        let mut world = connected();
        let octets = [&[0, 16, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5][..], &[0; 6]].concat();
        let half = &mut world.net.connections[0].halves[0];
        half.tap.send(Instant::START, &octets, Unit::Stream, |_| {});
        let kept = world.net.log.keep(&octets);
        let pending = Pending {
            message: MessageNumber(0),
            octets: kept,
            end: 16,
            framing: None,
            origin: Origin::Own,
        };
        world.net.connections[0].halves[0]
            .pending
            .push_back(pending);
        let mut other = octets;
        other[15] = 1;
        world.net.transmit(
            ConnectionNumber(0),
            0,
            &other,
            &ControlView::default(),
            None,
        );
        world.net.wake(ConnectionNumber(0), 0);
        assert_eq!(run(&mut world), 1);
        let send = SendControl {
            octets: other,
            ..SendControl::default()
        };
        let command = Command::SendControl {
            connection: None,
            send,
        };
        world.command(NodeId(0), &command).unwrap();
        assert_eq!(run(&mut world), 0);
    }
}

//! What a script does to the network in mid-run: impairments, targeted rules, outages, stalls, resets, crashes.

use crate::engine::{EndState, end};
use crate::link::{
    ControlImpairments, ControlRule, GreImpairments, GreRule, ImpairmentError, RuleId,
};
use crate::luck::{Direction, Plane};
use crate::{
    CallRef, Cause, ConnectionId, ConnectionNumber, Input, LinkId, NodeId, Query, RecordKind, Unit,
    Value, World, WorldPoint,
};
use pptp_rules::{Event, Origin, Place};
use pptp_wire::time::Instant;

impl World {
    /// The direction of a link that leads away from a node; `None` if the link is not at that node.
    pub fn direction_from(&self, link: LinkId, from: NodeId) -> Option<Direction> {
        self.net.direction_from(link, from)
    }

    /// The link that joins two nodes.
    pub fn link_between(&self, a: NodeId, b: NodeId) -> Option<LinkId> {
        self.net.hosts[a.index()].way_to(b).map(|way| way.link)
    }

    /// The impairments of the GRE plane that are in force.
    pub fn gre_impairments(&self, link: LinkId, direction: Direction) -> &GreImpairments {
        self.net.links[link.index()]
            .link
            .gre_ref(direction)
            .impairments()
    }

    /// The impairments of the control plane that are in force.
    pub fn control_impairments(&self, link: LinkId, direction: Direction) -> &ControlImpairments {
        self.net.links[link.index()]
            .link
            .control_ref(direction)
            .impairments()
    }

    /// Puts impairments of the GRE plane in force for what is sent from now on.
    ///
    /// # Errors
    /// They cannot be carried out.
    pub fn impair_gre(
        &mut self,
        link: LinkId,
        direction: Direction,
        impairments: GreImpairments,
    ) -> Result<(), ImpairmentError> {
        self.net.links[link.index()]
            .link
            .gre(direction)
            .impair(impairments)
    }

    /// Puts impairments of the control plane in force for what is sent from now on.
    ///
    /// # Errors
    /// They cannot be carried out.
    pub fn impair_control(
        &mut self,
        link: LinkId,
        direction: Direction,
        impairments: ControlImpairments,
    ) -> Result<(), ImpairmentError> {
        self.net.links[link.index()]
            .link
            .control(direction)
            .impair(impairments)
    }

    /// Adds a targeted rule for datagrams.
    pub fn add_gre_rule(&mut self, link: LinkId, direction: Direction, rule: GreRule) -> RuleId {
        self.net.links[link.index()]
            .link
            .gre(direction)
            .add_rule(rule)
    }

    /// Replaces a targeted rule for datagrams; it keeps its place and its count. `false`: there is none.
    pub fn update_gre_rule(
        &mut self,
        link: LinkId,
        direction: Direction,
        id: RuleId,
        rule: GreRule,
    ) -> bool {
        self.net.links[link.index()]
            .link
            .gre(direction)
            .update_rule(id, rule)
    }

    /// Adds a targeted rule for control messages.
    ///
    /// # Errors
    /// It cannot be carried out.
    pub fn add_control_rule(
        &mut self,
        link: LinkId,
        direction: Direction,
        rule: ControlRule,
    ) -> Result<RuleId, ImpairmentError> {
        self.net.links[link.index()]
            .link
            .control(direction)
            .add_rule(rule)
    }

    /// Replaces a targeted rule for control messages; it keeps its place and its count. `false`: there is none.
    ///
    /// # Errors
    /// The new rule cannot be carried out; then the one before stays.
    pub fn update_control_rule(
        &mut self,
        link: LinkId,
        direction: Direction,
        id: RuleId,
        rule: ControlRule,
    ) -> Result<bool, ImpairmentError> {
        self.net.links[link.index()]
            .link
            .control(direction)
            .update_rule(id, rule)
    }

    /// Removes a targeted rule. `false`: there is none.
    pub fn remove_rule(
        &mut self,
        link: LinkId,
        direction: Direction,
        plane: Plane,
        rule: RuleId,
    ) -> bool {
        let link = &mut self.net.links[link.index()].link;
        match plane {
            Plane::Control => link.control(direction).remove_rule(rule),
            Plane::Gre => link.gre(direction).remove_rule(rule),
        }
    }

    /// Loses every datagram that is sent from now on. Outages add up; each has to be ended.
    pub fn begin_outage(&mut self, link: LinkId, direction: Direction) {
        self.net.links[link.index()]
            .link
            .gre(direction)
            .begin_outage();
    }

    /// Ends one outage.
    pub fn end_outage(&mut self, link: LinkId, direction: Direction) {
        self.net.links[link.index()]
            .link
            .gre(direction)
            .end_outage();
    }

    /// Holds back every octet on the control plane that has not arrived. Stalls add up; each has to be released.
    pub fn stall(&mut self, link: LinkId, direction: Direction) {
        self.net.links[link.index()].link.control(direction).stall();
    }

    /// Releases one stall: what should have arrived arrives now.
    pub fn release(&mut self, link: LinkId, direction: Direction) {
        let now = self.net.now;
        self.net.links[link.index()]
            .link
            .control(direction)
            .release(now);
        self.wake_all(|connection| connection.link == Some(link));
    }

    /// Sends octets on a connection beside what `from` sends, in their place in its stream. Findings on them are not graded; what the two
    /// ends make of them is, as if `from` had sent them: who injects what one of them cannot make sense of calls [`World::distrust`].
    /// `false`: the connection is not open at that end.
    pub fn inject_control(
        &mut self,
        from: NodeId,
        connection: ConnectionNumber,
        octets: &[u8],
        unit: Unit,
    ) -> bool {
        let Some(side) = self.open_side(from, connection) else {
            return false;
        };
        self.net.put_on(
            connection,
            side,
            octets,
            unit,
            Cause::text("injected"),
            Origin::Foreign,
        );
        self.net.write_violations();
        true
    }

    /// Until two nodes connect anew, what they do and leave undone about what they have told each other is not judged: octets of others
    /// in their connections have told each of them what the other never said. See [`Judge::intruded`](pptp_rules::Judge::intruded).
    pub fn distrust(&mut self, one: NodeId, other: NodeId) {
        self.net.judge.intruded(end(one), end(other));
        self.net.model.intruded(one, other);
    }

    /// Resets a connection from outside: both ends learn of it now, and what is on the way is lost. `false`: it was over.
    pub fn reset(&mut self, connection: ConnectionNumber) -> bool {
        let Some(ends) = self
            .net
            .connections
            .get(connection.index())
            .filter(|it| !it.is_finished())
        else {
            return false;
        };
        let ends = [0, 1].map(|side| {
            (
                ends.ends[side].node,
                ends.ends[side].id,
                ends.ends[side].state,
            )
        });
        self.net.points.add(WorldPoint::Severed);
        self.net.record(RecordKind::TcpSevered { connection });
        self.net.abort(connection);
        // Both ends learn of it at this instant: what they say of their calls counts when both have.
        self.net.count_calls_of = None;
        let nodes = ends.map(|(node, ..)| node);
        for (side, (node, id, state)) in ends.into_iter().enumerate() {
            self.net.observe(
                Place::Arrived,
                nodes[1 - side],
                node,
                Origin::Foreign,
                Event::ConnectionReset(pptp_rules::Connection(connection.0)),
            );
            if matches!(state, EndState::Opening | EndState::Open)
                && id != ConnectionId(0)
                && self.net.hosts[node.index()].up
            {
                self.net
                    .record(RecordKind::TcpResetArrived { connection, node });
                self.give(node, Input::Reset { connection: id });
            }
        }
        for node in nodes {
            self.net.count_calls_of = Some(node);
            self.count_calls();
        }
        self.net.write_violations();
        true
    }

    /// Closes one direction of a connection from outside: the other end gets a FIN that `from` did not send, and what `from` sends
    /// from now on goes nowhere. `false`: it is not open there.
    pub fn half_close(&mut self, from: NodeId, connection: ConnectionNumber) -> bool {
        let Some(side) = self.open_side(from, connection) else {
            return false;
        };
        self.net.connections[connection.index()].ends[side].severed = true;
        self.net.points.add(WorldPoint::Severed);
        self.net.record(RecordKind::TcpSevered { connection });
        self.net.end_direction(connection, side);
        true
    }

    /// Connections that are not over, oldest first, each with its opener and the other end.
    pub fn connections(&self) -> Vec<(ConnectionNumber, NodeId, NodeId)> {
        let numbered = (0..).map(ConnectionNumber).zip(&self.net.connections);
        numbered
            .filter(|(_, connection)| !connection.is_finished())
            .map(|(number, connection)| (number, connection.ends[0].node, connection.ends[1].node))
            .collect()
    }

    /// A node stops without a word: it forgets everything, and nothing reaches it until [`World::restart`]. What it has sent is
    /// still on its way.
    pub fn crash(&mut self, node: NodeId) {
        if !core::mem::replace(&mut self.net.hosts[node.index()].up, false) {
            return;
        }
        self.net.points.add(WorldPoint::Crashed);
        self.net.record(RecordKind::NodeCrashed { node });
        self.net.judge.crashed(end(node));
        self.net.set_deadline(node, None);
        self.net.end_sources(node, None);
        self.net.hosts[node.index()].waiting.clear();
        for number in 0..self.net.connections.len() {
            for side in 0..2 {
                let end = &mut self.net.connections[number].ends[side];
                let known = end.node == node && end.id != ConnectionId(0);
                if known && matches!(end.state, EndState::Opening | EndState::Open) {
                    end.state = EndState::Forgotten;
                    self.net.over(ConnectionNumber(number as u32), side);
                }
            }
        }
        self.net.count_calls_of = None;
        self.net.hosts[node.index()].forget_connections();
        self.net.write_violations();
    }

    /// A crashed node starts afresh. Its old connections end with a RST as soon as it hears of them again.
    pub fn restart(&mut self, node: NodeId) {
        if core::mem::replace(&mut self.net.hosts[node.index()].up, true) {
            return;
        }
        self.net.points.add(WorldPoint::Restarted);
        self.net.record(RecordKind::NodeRestarted { node });
        self.nodes.get_mut(node).restart();
        self.drain(node);
        // An opening that was given up while nobody answered is not tried again.
        for connection in &mut self.net.connections {
            let [opener, acceptor] = &mut connection.ends;
            if acceptor.node == node && opener.state == EndState::Forgotten {
                opener.state = EndState::Gone;
            }
        }
        self.wake_all(|connection| connection.ends.iter().any(|end| end.node == node));
        self.net.write_violations();
    }

    /// Whether nothing is left to happen but keep-alive: nothing on its way, no traffic, no timer of a node that is more.
    pub fn only_keep_alive_left(&self) -> bool {
        let net = &self.net;
        net.datagrams_in_flight == 0
            && net.busy_halves == 0
            && net.active_sources == 0
            && net.busy_hosts == 0
            && !self.anything_held_back()
    }

    /// Whether no data is left to send, on its way, or on the way to being acknowledged: of one call, named by one of its ends, or
    /// (`None`) of all.
    pub fn is_data_idle(&self, call: Option<(NodeId, CallRef)>) -> bool {
        let acknowledges = |node: NodeId| {
            self.net.hosts[node.index()].up
                && self.query(node, &Query::AcknowledgesData) != Some(Value::Flag(false))
        };
        let Some((node, call)) = call else {
            let quiet = |node: &u16| {
                self.sources_of(NodeId(*node))
                    .all(|(node, call)| self.nothing_queued(node, call))
            };
            return self.net.active_sources == 0
                && (0..self.nodes.len() as u16).all(|node| quiet(&node))
                && !self.net.model.anything_moves(acknowledges);
        };
        let Some(peer) = self.net.peer_of(node, call.connection) else {
            return true;
        };
        let Some(stream) = self.net.model.find(node, peer, call.call_id) else {
            return true;
        };
        let mut ends = vec![(node, call)];
        ends.extend(self.net.model.other_end(stream));
        let is_sending = |(node, call): &(NodeId, CallRef)| {
            self.active_sources_of(*node).any(|source| source == *call)
                || !self.nothing_queued(*node, *call)
        };
        !ends.iter().any(is_sending) && !self.net.model.is_moving(stream, acknowledges)
    }

    fn nothing_queued(&self, node: NodeId, call: CallRef) -> bool {
        self.query(node, &Query::Queued(call))
            .and_then(Value::number)
            .unwrap_or(0)
            == 0
    }

    fn active_sources_of(&self, node: NodeId) -> impl Iterator<Item = CallRef> + '_ {
        let numbers = self.net.hosts[node.index()].apart.sources.iter();
        numbers.map(|number| self.net.sources[*number as usize].call)
    }

    /// The calls that a node has, or had, a traffic source on.
    fn sources_of(&self, node: NodeId) -> impl Iterator<Item = (NodeId, CallRef)> + '_ {
        let sources = self
            .net
            .sources
            .iter()
            .filter(move |source| source.node == node);
        sources.map(|source| (source.node, source.call))
    }

    fn open_side(&self, from: NodeId, connection: ConnectionNumber) -> Option<usize> {
        let ends = &self.net.connections.get(connection.index())?.ends;
        let side = ends.iter().position(|end| end.node == from)?;
        (ends[side].state == EndState::Open && !ends[side].closed).then_some(side)
    }

    fn wake_all(&mut self, which: impl Fn(&crate::engine::Connection) -> bool) {
        for number in 0..self.net.connections.len() {
            if which(&self.net.connections[number]) {
                self.net.wake(ConnectionNumber(number as u32), 0);
                self.net.wake(ConnectionNumber(number as u32), 1);
            }
        }
    }

    /// Octets wait on a path that is stalled, or for a node that has crashed.
    fn anything_held_back(&self) -> bool {
        let net = &self.net;
        let stalled = net.links.iter().any(|link| {
            Direction::BOTH
                .iter()
                .any(|direction| link.link.control_ref(*direction).is_stalled())
        });
        (stalled || net.hosts.iter().any(|host| !host.up))
            && net.connections.iter().any(|connection| {
                let waits = |half: &crate::engine::Half| {
                    half.wake == Instant::NEVER && !half.stream.is_empty()
                };
                connection.halves.iter().any(waits)
            })
    }
}

//! The turmoil world as a stage: what concerns the control plane and the hosts is done here, all else by the world underneath.

use super::world::TurmoilWorld;
use core::net::Ipv4Addr;
use pptp_rules::Judge;
use pptp_wire::time::Instant;
use pptp_world::link::{
    ControlImpairments, ControlRule, GreImpairments, GreRule, ImpairmentError, RuleId,
};
use pptp_world::luck::{Direction, Plane};
use pptp_world::tape::Tape;
use pptp_world::{
    Advance, CallRef, Command, CommandError, ConnectionId, ConnectionNumber, LinkId, NodeId,
    Outcome, Query, Record, Role, Span, Stage, Traffic, TrafficId, Unit, Value, WorldPoints,
};

impl Stage for TurmoilWorld {
    fn advance(&mut self, until: Instant) -> Advance {
        self.go_on(until)
    }

    fn finish(&mut self) {
        self.world.finish();
    }

    fn command(&mut self, node: NodeId, command: &Command) -> Result<Outcome, CommandError> {
        if self.is_guest(node) {
            return Err(CommandError::Unsupported);
        }
        self.world.command(node, command)
    }

    fn start_traffic(
        &mut self,
        node: NodeId,
        call: CallRef,
        traffic: Traffic,
    ) -> Result<TrafficId, CommandError> {
        if self.is_guest(node) {
            return Err(CommandError::Unsupported);
        }
        self.world.start_traffic(node, call, traffic)
    }

    fn impair_control(
        &mut self,
        link: LinkId,
        direction: Direction,
        impairments: ControlImpairments,
    ) -> Result<(), ImpairmentError> {
        self.change_control(link, direction, impairments)
    }

    fn control_impairments(&self, link: LinkId, direction: Direction) -> &ControlImpairments {
        &self.paths[link.index()].declared[direction.index()]
    }

    fn stall(&mut self, link: LinkId, direction: Direction) {
        if self.stalls_at_receiver(link, direction) {
            self.paths[link.index()].stalls[direction.index()] += 1;
        } else {
            self.world.stall(link, direction);
        }
    }

    fn release(&mut self, link: LinkId, direction: Direction) {
        if self.stalls_at_receiver(link, direction) {
            let stalls = &mut self.paths[link.index()].stalls[direction.index()];
            *stalls = stalls.saturating_sub(1);
        } else {
            self.world.release(link, direction);
        }
    }

    fn reset(&mut self, connection: ConnectionNumber) -> bool {
        let was_open = self.world.reset(connection);
        if was_open {
            self.severed.insert(connection);
            self.pending
                .retain(|it| it.departure.connection != connection);
            self.marks.retain(|mark| mark.to.connection != connection);
        }
        was_open
    }

    fn crash(&mut self, node: NodeId) {
        if !self.world.is_up(node) {
            return;
        }
        self.world.crash(node);
        if self.is_guest(node) {
            self.stop_guest(node);
        } else {
            self.doomed.push(node);
        }
    }

    fn restart(&mut self, node: NodeId) {
        if self.world.is_up(node) {
            return;
        }
        self.start_host(node);
        self.world.restart(node);
    }

    fn only_keep_alive_left(&self) -> bool {
        let is_quiet = self.pending.is_empty()
            && self.marks.is_empty()
            && self.inbound.is_empty()
            && self.shared.borrow().under_way == 0;
        let is_over = !self.has_guests || self.has_run_out_of_patience();
        is_quiet && is_over && self.world.only_keep_alive_left()
    }

    fn inject(&mut self, from: NodeId, to: Ipv4Addr, source: Option<Ipv4Addr>, octets: &[u8]) {
        self.world.inject(from, to, source, octets);
    }

    fn distrust(&mut self, one: NodeId, other: NodeId) {
        self.world.distrust(one, other);
    }

    fn inject_control(
        &mut self,
        from: NodeId,
        connection: ConnectionNumber,
        octets: &[u8],
        unit: Unit,
    ) -> bool {
        self.world.inject_control(from, connection, octets, unit)
    }

    fn impair_gre(
        &mut self,
        link: LinkId,
        direction: Direction,
        impairments: GreImpairments,
    ) -> Result<(), ImpairmentError> {
        self.world.impair_gre(link, direction, impairments)
    }

    fn add_gre_rule(&mut self, link: LinkId, direction: Direction, rule: GreRule) -> RuleId {
        self.world.add_gre_rule(link, direction, rule)
    }

    fn update_gre_rule(
        &mut self,
        link: LinkId,
        direction: Direction,
        id: RuleId,
        rule: GreRule,
    ) -> bool {
        self.world.update_gre_rule(link, direction, id, rule)
    }

    fn add_control_rule(
        &mut self,
        link: LinkId,
        direction: Direction,
        rule: ControlRule,
    ) -> Result<RuleId, ImpairmentError> {
        self.world.add_control_rule(link, direction, rule)
    }

    fn update_control_rule(
        &mut self,
        link: LinkId,
        direction: Direction,
        id: RuleId,
        rule: ControlRule,
    ) -> Result<bool, ImpairmentError> {
        self.world.update_control_rule(link, direction, id, rule)
    }

    fn remove_rule(
        &mut self,
        link: LinkId,
        direction: Direction,
        plane: Plane,
        rule: RuleId,
    ) -> bool {
        self.world.remove_rule(link, direction, plane, rule)
    }

    fn begin_outage(&mut self, link: LinkId, direction: Direction) {
        self.world.begin_outage(link, direction);
    }

    fn end_outage(&mut self, link: LinkId, direction: Direction) {
        self.world.end_outage(link, direction);
    }

    fn half_close(&mut self, from: NodeId, connection: ConnectionNumber) -> bool {
        self.world.half_close(from, connection)
    }

    fn take_records(&mut self, into: &mut Vec<Record>) {
        self.world.take_records(into);
    }

    fn tape_mut(&mut self) -> &mut Tape {
        self.world.tape_mut()
    }

    fn now(&self) -> Instant {
        self.world.now()
    }

    fn steps(&self) -> u64 {
        self.world.steps()
    }

    fn query(&self, node: NodeId, query: &Query) -> Option<Value> {
        if self.is_guest(node) {
            return None;
        }
        self.world.query(node, query)
    }

    fn points(&self) -> WorldPoints {
        self.world.points()
    }

    fn role(&self, node: NodeId) -> Option<Role> {
        self.world.role(node)
    }

    fn vain_deadlines(&self, node: NodeId) -> u32 {
        self.world.vain_deadlines(node)
    }

    fn addresses(&self, node: NodeId) -> &[Ipv4Addr] {
        self.world.addresses(node)
    }

    fn link_between(&self, a: NodeId, b: NodeId) -> Option<LinkId> {
        self.world.link_between(a, b)
    }

    fn direction_from(&self, link: LinkId, from: NodeId) -> Option<Direction> {
        self.world.direction_from(link, from)
    }

    fn gre_impairments(&self, link: LinkId, direction: Direction) -> &GreImpairments {
        self.world.gre_impairments(link, direction)
    }

    fn connections(&self) -> Vec<(ConnectionNumber, NodeId, NodeId)> {
        self.world.connections()
    }

    fn connection_id(&self, node: NodeId, connection: ConnectionNumber) -> Option<ConnectionId> {
        self.world.connection_id(node, connection)
    }

    fn connection_number(&self, node: NodeId, id: ConnectionId) -> Option<ConnectionNumber> {
        self.world.connection_number(node, id)
    }

    fn octets(&self, span: Span) -> &[u8] {
        self.world.octets(span)
    }

    fn tape(&self) -> &Tape {
        self.world.tape()
    }

    fn judge(&self) -> &Judge {
        self.world.judge()
    }

    fn is_data_idle(&self, call: Option<(NodeId, CallRef)>) -> bool {
        self.world.is_data_idle(call)
    }
}

//! Steps that change the network or the nodes: faults, impairments, outages, stalls, resets, crashes.

use pptp_world::link::{
    ControlAction, ControlMatch, ControlRule, GreAction, GreMatch, GreRule, Ranges, RuleId,
};
use pptp_world::luck::{Direction, Plane};
use pptp_world::{ConnectionNumber, LinkId, NodeId, Stage};

use super::driver::Driver;
use super::impairments;
use super::matcher::{FoldPlace, differences, node_id};
use super::message::Seen;
use crate::scenario::model::{
    self, Comparison, ControlSpec, FaultKind, GreSpec, Impairment, MessageLine, MessageName, Name,
    NodeIndex, PacketLine, Pattern, RawWork, TargetedFault, Value, View,
};

/// A targeted fault as it was told to the world.
pub struct ActiveFault<'s> {
    fault: &'s TargetedFault,
    rules: Vec<(LinkId, Direction, RuleId)>,
    /// The fault in words, for failure reports.
    pub text: String,
    /// Whether it still holds.
    pub active: bool,
}

impl<'s, S: Stage> Driver<'s, S> {
    /// The link between two nodes and the direction from the first to the second.
    fn link_between(&self, from: NodeIndex, to: NodeIndex) -> Option<(LinkId, Direction)> {
        self.scenario
            .links
            .iter()
            .enumerate()
            .find_map(|(position, link)| {
                let id = LinkId(u16::try_from(position).ok()?);
                if link.a == from && link.b == to {
                    Some((id, Direction::Forward))
                } else if link.a == to && link.b == from {
                    Some((id, Direction::Backward))
                } else {
                    None
                }
            })
    }

    /// Both directions of the link between `a` and `b`, or the one that `from` sends in.
    pub(super) fn directions(
        &self,
        a: NodeIndex,
        b: NodeIndex,
        from: Option<NodeIndex>,
    ) -> Vec<(LinkId, Direction)> {
        let wanted = |sender: NodeIndex| from.is_none_or(|from| from == sender);
        let both = [(a, b), (b, a)]
            .into_iter()
            .filter(|(sender, _)| wanted(*sender));
        both.filter_map(|(sender, receiver)| self.link_between(sender, receiver))
            .collect()
    }

    /// Puts a targeted fault in force.
    pub fn start_fault(&mut self, step_text: &str, fault: &'s TargetedFault) -> usize {
        let mut active = ActiveFault {
            fault,
            rules: Vec::new(),
            text: step_text.trim_end_matches(" {").to_owned(),
            active: true,
        };
        if let Some((link, direction)) = self.link_between(fault.packets.from, fault.packets.to) {
            let rule = match fault.packets.message {
                MessageName::Control(_) | MessageName::TcpSegment => {
                    let rule = self.control_rule(fault);
                    self.stage.add_control_rule(link, direction, rule).ok()
                }
                _ => {
                    let rule = self.gre_rule(fault);
                    Some(self.stage.add_gre_rule(link, direction, rule))
                }
            };
            active
                .rules
                .extend(rule.map(|rule| (link, direction, rule)));
        }
        self.faults.push(active);
        self.faults.len() - 1
    }

    /// Ends a targeted fault.
    pub fn stop_fault(&mut self, position: usize) {
        let Some(active) = self.faults.get_mut(position) else {
            return;
        };
        active.active = false;
        for (link, direction, rule) in std::mem::take(&mut active.rules) {
            let control = active.fault.packets.message != MessageName::Gre;
            let plane = if control { Plane::Control } else { Plane::Gre };
            self.stage.remove_rule(link, direction, plane, rule);
        }
    }

    /// Tells the world anew what faults are about, once a name that they use has been bound.
    pub(super) fn refresh_faults(&mut self) {
        for position in 0..self.faults.len() {
            let active = &self.faults[position];
            if !active.active || active.fault.packets.call.is_none() {
                continue;
            }
            let (fault, rules) = (active.fault, active.rules.clone());
            for (link, direction, id) in rules {
                if let MessageName::Control(_) = fault.packets.message {
                    let rule = self.control_rule(fault);
                    let _ = self.stage.update_control_rule(link, direction, id, rule);
                } else {
                    let rule = self.gre_rule(fault);
                    self.stage.update_gre_rule(link, direction, id, rule);
                }
            }
        }
    }

    fn gre_rule(&self, fault: &TargetedFault) -> GreRule {
        let field = |key: &str| {
            let found = fault.packets.fields.iter().find(|field| field.key == key)?;
            Some(self.ranges(&found.pattern))
        };
        let mut matches = GreMatch {
            nth: fault.nth.as_ref().map(|pattern| self.ranges(pattern)),
            call_id: field("call-id"),
            payload_length: field("payload-length"),
            sequence_number: field("sequence-number"),
            acknowledgment_number: field("acknowledgment-number"),
            acknowledgment_only: field("acknowledgment-only").map(|ranges| ranges.contains(1)),
            copy: fault.copy.map(|copy| copy.saturating_sub(1)),
            ..GreMatch::default()
        };
        if let Some(name) = &fault.packets.call {
            matches.call_id = Some(self.call_towards(name, fault.packets.to));
        }
        let action = match fault.kind {
            FaultKind::Drop => GreAction::Drop,
            FaultKind::Delay { by } => GreAction::Delay(by),
            FaultKind::Hasten { by } => GreAction::Hasten(by),
            FaultKind::Corrupt { bit } => GreAction::Corrupt(bit),
            FaultKind::Duplicate => GreAction::Duplicate,
            FaultKind::Split { .. } => GreAction::Delay(pptp_wire::time::Duration::ZERO),
        };
        GreRule { matches, action }
    }

    fn control_rule(&self, fault: &TargetedFault) -> ControlRule {
        let message_type = match fault.packets.message {
            MessageName::Control(message_type) => Some(message_type),
            _ => None,
        };
        let call = fault.packets.call.as_ref();
        let matches = ControlMatch {
            nth: fault.nth.as_ref().map(|pattern| self.ranges(pattern)),
            control_message_type: message_type,
            call_id: message_type
                .and_then(|message_type| Some(self.call_of_message(call?, message_type))),
            of_segments: message_type.is_none(),
        };
        let action = match &fault.kind {
            FaultKind::Delay { by } => ControlAction::Delay(*by),
            FaultKind::Hasten { by: Some(by) } => ControlAction::Hasten(*by),
            FaultKind::Split { at } => ControlAction::Cut(at.clone()),
            // The text allows nothing else on a control message: TCP loses, changes and repeats nothing.
            _ => ControlAction::Delay(pptp_wire::time::Duration::ZERO),
        };
        ControlRule { matches, action }
    }

    /// The Call ID that packets of a call carry towards a node; nothing while it is not known.
    fn call_towards(&self, name: &Name, to: NodeIndex) -> Ranges {
        let id = self
            .bindings
            .call(&name.text)
            .and_then(|call| call.id_of(call.owner_at(node_id(to))?));
        id.map_or_else(Ranges::none, |id| Ranges::exactly(u64::from(id.0)))
    }

    fn call_of_message(&self, name: &Name, message_type: pptp_wire::ControlMessageType) -> Ranges {
        let owner = super::bindings::call_fields(message_type).map(|(which, _)| which.owner);
        let id = owner.and_then(|owner| self.bindings.call(&name.text)?.id_of(owner));
        id.map_or_else(Ranges::none, |id| Ranges::exactly(u64::from(id.0)))
    }

    fn ranges(&self, pattern: &Pattern) -> Ranges {
        match pattern {
            Pattern::Any | Pattern::Next(_) | Pattern::Value(Value::Text(_)) => Ranges::all(),
            Pattern::Value(Value::Number(number)) => Ranges::exactly(*number),
            Pattern::OneOf(choices) => choices
                .iter()
                .map(|choice| self.ranges(choice))
                .reduce(Ranges::or)
                .unwrap_or_else(Ranges::none),
            Pattern::Range(first, last) => Ranges::between(*first, *last),
            Pattern::Compare(Comparison::Less, 0) => Ranges::none(),
            Pattern::Compare(Comparison::Less, bound) => Ranges::between(0, bound - 1),
            Pattern::Compare(Comparison::AtMost, bound) => Ranges::between(0, *bound),
            Pattern::Compare(Comparison::Greater, bound) => match bound.checked_add(1) {
                Some(first) => Ranges::between(first, u64::MAX),
                None => Ranges::none(),
            },
            Pattern::Compare(Comparison::AtLeast, bound) => Ranges::between(*bound, u64::MAX),
            Pattern::Not(inner) => self.ranges(inner).not(),
            Pattern::Binding(name) => match self.bindings.value(name) {
                Some(Value::Number(number)) => Ranges::exactly(number),
                _ => Ranges::none(),
            },
        }
    }

    /// Whether a message is one of the packets that a line of a fault or silence names.
    pub(super) fn packet_fits(&self, packets: &PacketLine, seen: &Seen) -> bool {
        let line = MessageLine {
            from: packets.from,
            to: packets.to,
            view: View::Sent,
            sends: false,
            message: packets.message,
            call: packets.call.clone(),
            connection: packets.connection.clone(),
            fields: packets.fields.clone(),
            exact: false,
            packets: None,
            after: None,
            within: None,
            requirement: None,
            raw: RawWork::default(),
            may_be_refused: false,
        };
        differences(&line, seen, &self.bindings, FoldPlace::Single).is_empty()
    }

    /// Changes a link; gives what it was before.
    pub fn impair(
        &mut self,
        impairment: &Impairment,
    ) -> Vec<(usize, [ControlSpec; 2], [GreSpec; 2])> {
        let Some(position) = self.link_position(impairment.a, impairment.b) else {
            return Vec::new();
        };
        let before = self.link_specs[position].clone();
        let turned = self.scenario.links[position].a != impairment.a;
        let specs = &mut self.link_specs[position];
        for side in 0..2 {
            let target = if turned { 1 - side } else { side };
            impairment.control[side].apply(&mut specs.0[target]);
            impairment.gre[side].apply(&mut specs.1[target]);
        }
        self.tell_link(position);
        vec![(position, before.0, before.1)]
    }

    /// Puts links back to what they were.
    pub fn put_links_back(&mut self, links: Vec<(usize, [ControlSpec; 2], [GreSpec; 2])>) {
        for (position, control, gre) in links {
            self.link_specs[position] = (control, gre);
            self.tell_link(position);
        }
    }

    /// A link is again as it was declared.
    pub fn restore_link(
        &mut self,
        a: NodeIndex,
        b: NodeIndex,
        plane: Option<model::Plane>,
        from: Option<NodeIndex>,
    ) {
        let Some(position) = self.link_position(a, b) else {
            return;
        };
        let declared = &self.scenario.links[position];
        let specs = &mut self.link_specs[position];
        for side in 0..2 {
            let sender = if side == 0 { declared.a } else { declared.b };
            if from.is_some_and(|from| from != sender) {
                continue;
            }
            if plane != Some(model::Plane::Gre) {
                specs.0[side] = declared.control[side].clone();
            }
            if plane != Some(model::Plane::Control) {
                specs.1[side] = declared.gre[side].clone();
            }
        }
        self.tell_link(position);
    }

    fn link_position(&self, a: NodeIndex, b: NodeIndex) -> Option<usize> {
        self.link_between(a, b).map(|(link, _)| usize::from(link.0))
    }

    pub(super) fn tell_link(&mut self, position: usize) {
        let link = LinkId(u16::try_from(position).unwrap_or(u16::MAX));
        let (control, gre) = self.link_specs[position].clone();
        for (side, direction) in [Direction::Forward, Direction::Backward]
            .into_iter()
            .enumerate()
        {
            // The text was checked when it was read, so the values can be carried out.
            let _ =
                self.stage
                    .impair_control(link, direction, impairments::control(&control[side]));
            let _ = self
                .stage
                .impair_gre(link, direction, impairments::gre(&gre[side]));
        }
    }

    /// The connections between two nodes that are not closed, or the named one.
    fn connections_between(
        &self,
        a: NodeIndex,
        b: NodeIndex,
        name: Option<&Name>,
    ) -> Vec<ConnectionNumber> {
        if let Some(name) = name {
            return self.bindings.connection(&name.text).into_iter().collect();
        }
        let pair = |ends: &(NodeId, NodeId)| {
            *ends == (node_id(a), node_id(b)) || *ends == (node_id(b), node_id(a))
        };
        let between = self
            .connection_ends
            .iter()
            .filter(|(number, ends)| pair(ends) && !self.closed.contains(number));
        between.map(|(number, _)| *number).collect()
    }

    /// The path resets connections: both ends see it.
    pub fn reset_connections(&mut self, a: NodeIndex, b: NodeIndex, name: Option<&Name>) {
        for number in self.connections_between(a, b, name) {
            self.stage.reset(number);
        }
    }

    /// The path ends one direction of connections.
    pub fn half_close(&mut self, a: NodeIndex, b: NodeIndex, from: NodeIndex, name: Option<&Name>) {
        for number in self.connections_between(a, b, name) {
            self.stage.half_close(node_id(from), number);
        }
    }

    /// A node loses all its state and says nothing any more.
    pub fn crash(&mut self, node: NodeIndex) {
        self.stage.crash(node_id(node));
    }

    /// A crashed node comes up again.
    pub fn restart(&mut self, node: NodeIndex) {
        self.stage.restart(node_id(node));
    }
}

//! What nodes are to do: performed once everything has reached them that earlier steps of the same track matched.

use pptp_wire::time::Duration;
use pptp_wire::{CallId, FieldValue, GrePacket, StopReason};
use pptp_world::{
    CallRef, Command, CommandError, ConnectionId, NodeId, Outcome, Query, SendControl, Stage,
    Traffic, Unit,
};

use super::bindings::{Bindings, Owner};
use super::build::{self, Built};
use super::driver::{Driver, PlanId};
use super::matcher::node_id;
use super::message::{Content, MessageKey, Seen};
use crate::scenario::model::{
    Action, MessageLine, MessageName, Name, NodeIndex, RawWork, Step, StepKind, View,
};
use crate::transcript::TcpEvent;

/// One thing that a node is to do.
pub struct Plan<'s> {
    step: &'s Step,
    node: NodeId,
    task: Task<'s>,
    awaits: Vec<MessageKey>,
    /// What it put on the wire, once it is performed.
    sent: Option<Vec<Built>>,
    performed: bool,
}

#[derive(Copy, Clone)]
enum Task<'s> {
    Act(&'s Action),
    Send(&'s MessageLine),
}

impl<'s> Plan<'s> {
    /// The step that asks for it.
    pub fn step(&self) -> &'s Step {
        self.step
    }

    /// Whether it still waits.
    pub fn waits(&self) -> bool {
        !self.performed
    }

    /// Whether it is an `inject`.
    fn is_injection(&self) -> bool {
        matches!(self.step.kind, StepKind::Inject(_))
    }

    /// Whether it is a `send-data` that has not begun, in this call or in any.
    pub fn will_send_data(&self, call: Option<&str>) -> bool {
        match self.task {
            Task::Act(Action::SendData { call: named, .. }) => {
                self.waits() && call.is_none_or(|call| call == named.text)
            }
            _ => false,
        }
    }
}

impl<'s, S: Stage> Driver<'s, S> {
    /// Plans a `do`.
    pub fn plan_action(
        &mut self,
        step: &'s Step,
        node: NodeIndex,
        action: &'s Action,
        awaits: &[(NodeId, MessageKey)],
    ) {
        self.plan(step, node_id(node), Task::Act(action), awaits);
    }

    /// Plans the message of a line that sends.
    pub fn plan_send(
        &mut self,
        step: &'s Step,
        line: &'s MessageLine,
        awaits: &[(NodeId, MessageKey)],
    ) -> PlanId {
        self.plan(step, node_id(line.from), Task::Send(line), awaits)
    }

    fn plan(
        &mut self,
        step: &'s Step,
        node: NodeId,
        task: Task<'s>,
        awaits: &[(NodeId, MessageKey)],
    ) -> PlanId {
        let awaits = awaits
            .iter()
            .filter(|(to, _)| *to == node)
            .map(|(_, key)| *key)
            .collect();
        self.plans.push(Plan {
            step,
            node,
            task,
            awaits,
            sent: None,
            performed: false,
        });
        let id = PlanId(self.plans.len() - 1);
        self.perform_plans();
        id
    }

    /// Performs every plan that nothing stands in the way of, in the order of the script for each node.
    pub fn perform_plans(&mut self) {
        let mut busy: Vec<NodeId> = Vec::new();
        for position in 0..self.plans.len() {
            if self.has_failed() {
                return;
            }
            let plan = &self.plans[position];
            if plan.performed || busy.contains(&plan.node) {
                continue;
            }
            let arrived = plan
                .awaits
                .iter()
                .all(|key| !self.flights.contains_key(key));
            if !arrived || !self.is_ready(plan.node, plan.task) {
                busy.push(plan.node);
                continue;
            }
            let (step, node, task) = (plan.step, plan.node, plan.task);
            self.plans[position].performed = true;
            match task {
                Task::Act(action) => self.act(step, node, action),
                Task::Send(line) => self.plans[position].sent = self.send(step, node, line),
            }
        }
    }

    /// Whether the connection that the task needs is open at the node.
    fn is_ready(&self, node: NodeId, task: Task<'_>) -> bool {
        let named = |name: Option<&Name>| match name {
            Some(name) => self.local_connection(node, Some(name)).is_some(),
            None => self
                .connection_ends
                .keys()
                .any(|number| self.bindings.connection_id(node, *number).is_some()),
        };
        match task {
            Task::Act(Action::OpenControl { .. }) => true,
            Task::Act(
                Action::CloseControl { connection, .. }
                | Action::PlaceCall { connection, .. }
                | Action::Ring { connection, .. },
            ) => named(connection.as_ref()),
            Task::Act(
                Action::ClearCall { call }
                | Action::DisconnectCall { call }
                | Action::LoseCarrier { call }
                | Action::SetLinkInfo { call, .. }
                | Action::CountWanErrors { call, .. }
                | Action::SendData { call, .. },
            ) => self.bindings.call(&call.text).is_some(),
            Task::Send(line) => match line.message {
                MessageName::Gre | MessageName::TcpOpen => true,
                _ if !self.is_scripted(node) => true,
                _ => named(line.connection.as_ref()),
            },
        }
    }

    /// The node's own name for a connection: the named one, or else the latest that it has open.
    pub(super) fn local_connection(
        &self,
        node: NodeId,
        name: Option<&Name>,
    ) -> Option<ConnectionId> {
        match name {
            Some(name) => self
                .bindings
                .connection_id(node, self.bindings.connection(&name.text)?),
            None => {
                let mut open = self
                    .connection_ends
                    .keys()
                    .rev()
                    .filter(|number| !self.closed.contains(number));
                open.find_map(|number| self.bindings.connection_id(node, *number))
            }
        }
    }

    /// The call as the node knows it.
    pub(super) fn call_ref(&self, node: NodeId, name: &str) -> Option<CallRef> {
        let call = self.bindings.call(name)?;
        let owner = call.owner_at(node)?;
        let connection = self.bindings.connection_id(node, call.connection?)?;
        let call_id = match call.id_of(owner) {
            Some(id) => id,
            None => {
                let other = if owner == Owner::Pns {
                    Owner::Pac
                } else {
                    Owner::Pns
                };
                self.stage
                    .query(node, &Query::OwnCallId(connection, call.id_of(other)?))
                    .and_then(pptp_world::Value::number)
                    .map(|id| CallId(id as u16))?
            }
        };
        Some(CallRef {
            connection,
            call_id,
        })
    }

    fn act(&mut self, step: &'s Step, node: NodeId, action: &'s Action) {
        self.echo(step);
        if let Action::OpenControl {
            connection: Some(name),
            ..
        } = action
        {
            self.names_to_give.push((node, name.text.clone()));
        }
        let Some(command) = self.command_of(step, node, action) else {
            return;
        };
        let outcome = match (&command, action) {
            (
                None,
                Action::SendData {
                    call,
                    packets,
                    bytes,
                    every,
                },
            ) => {
                let Some(call_ref) = self.need_call(step, node, call) else {
                    return;
                };
                let traffic = Traffic {
                    packets: *packets,
                    bytes: *bytes,
                    every: *every,
                };
                match self.stage.start_traffic(node, call_ref, traffic) {
                    Ok(id) => {
                        self.data.traffic_started(id, &call.text);
                        Ok(Outcome::Done)
                    }
                    Err(error) => Err(error),
                }
            }
            (Some(command), _) => self.stage.command(node, command),
            (None, _) => Ok(Outcome::Done),
        };
        match outcome {
            Ok(Outcome::Call(call_ref)) => self.began_call(node, action, call_ref),
            Ok(Outcome::Connection(_) | Outcome::Done) => {}
            Err(CommandError::Unsupported) => self.unsupported(step, node),
            Err(error) => self.fail_command(step, node, &error),
        }
    }

    /// A connection that a `do` with a name opened gets that name.
    pub(super) fn name_opened(&mut self, connection: pptp_world::ConnectionNumber, opener: NodeId) {
        if let Some(position) = self
            .names_to_give
            .iter()
            .position(|(node, _)| *node == opener)
        {
            let (_, name) = self.names_to_give.remove(position);
            self.bindings.bind_connection(&name, connection);
        }
    }

    fn need_call(&mut self, step: &'s Step, node: NodeId, call: &Name) -> Option<CallRef> {
        let found = self.call_ref(node, &call.text);
        if found.is_none() {
            self.fail_command(step, node, &CommandError::UnknownCall);
        }
        found
    }

    /// The command for an action; the inner `None` is a `send-data`, which is none. Outer `None`: the run has failed.
    fn command_of(
        &mut self,
        step: &'s Step,
        node: NodeId,
        action: &Action,
    ) -> Option<Option<Command>> {
        let connection = |driver: &Self, name: &Option<Name>| {
            name.as_ref()
                .and_then(|name| driver.local_connection(node, Some(name)))
                .or_else(|| driver.local_connection(node, None))
        };
        Some(Some(match action {
            Action::OpenControl { to, .. } => Command::OpenControl {
                to: self.address_of(*to),
            },
            Action::CloseControl {
                connection: name,
                reason,
            } => Command::CloseControl {
                connection: connection(self, name),
                reason: StopReason(*reason),
            },
            Action::PlaceCall {
                connection: name,
                options,
                ..
            } => Command::PlaceCall {
                connection: connection(self, name),
                options: options.clone(),
            },
            Action::Ring {
                connection: name,
                options,
                ..
            } => Command::Ring {
                connection: connection(self, name),
                options: options.clone(),
            },
            Action::ClearCall { call } => Command::ClearCall {
                call: self.need_call(step, node, call)?,
            },
            Action::DisconnectCall { call } => Command::DisconnectCall {
                call: self.need_call(step, node, call)?,
            },
            Action::LoseCarrier { call } => Command::LoseCarrier {
                call: self.need_call(step, node, call)?,
            },
            Action::SetLinkInfo { call, options } => Command::SetLinkInfo {
                call: self.need_call(step, node, call)?,
                send_accm: options.send_accm,
                receive_accm: options.receive_accm,
            },
            Action::CountWanErrors { call, counters } => Command::CountWanErrors {
                call: self.need_call(step, node, call)?,
                counters: *counters,
            },
            Action::SendData { .. } => return Some(None),
        }))
    }

    /// A call that a `do` began gets its name, its ends and the Call ID that the node chose.
    fn began_call(&mut self, node: NodeId, action: &Action, call_ref: CallRef) {
        let (Action::PlaceCall {
            call: Some(name), ..
        }
        | Action::Ring {
            call: Some(name), ..
        }) = action
        else {
            return;
        };
        let number = self.bindings.connection_number(node, call_ref.connection);
        let other = number.and_then(|number| self.other_end(number, node));
        let role = if matches!(action, Action::PlaceCall { .. }) {
            crate::scenario::Role::Pns
        } else {
            crate::scenario::Role::Pac
        };
        let (pns, pac) = Bindings::ends(Some(role), node, other);
        let owner = if role == crate::scenario::Role::Pns {
            Owner::Pns
        } else {
            Owner::Pac
        };
        self.bindings.bind_ends(&name.text, number, pns, pac);
        self.bindings
            .bind_call_id(&name.text, owner, call_ref.call_id);
    }

    pub(super) fn other_end(
        &self,
        number: pptp_world::ConnectionNumber,
        node: NodeId,
    ) -> Option<NodeId> {
        let &(a, b) = self.connection_ends.get(&number)?;
        Some(if a == node { b } else { a })
    }

    /// The first address of a node.
    pub(super) fn address_of(&self, node: NodeIndex) -> std::net::Ipv4Addr {
        self.scenario
            .node(node)
            .addresses
            .first()
            .copied()
            .unwrap_or(std::net::Ipv4Addr::UNSPECIFIED)
    }

    /// Sends the message of a line; gives what went out.
    fn send(&mut self, step: &'s Step, node: NodeId, line: &'s MessageLine) -> Option<Vec<Built>> {
        let injected = !self.is_scripted(node);
        if injected {
            self.echo(step);
        }
        let built = match build::build(self, line) {
            Ok(built) => built,
            Err(why) => {
                self.fail_build(step, &why);
                return None;
            }
        };
        for message in &built {
            let result = self.put_on_wire(node, line, message, injected);
            if let Err(error) = result {
                match error {
                    CommandError::Unsupported => self.unsupported(step, node),
                    error => self.fail_command(step, node, &error),
                }
                return None;
            }
        }
        Some(built)
    }

    fn put_on_wire(
        &mut self,
        node: NodeId,
        line: &MessageLine,
        message: &Built,
        injected: bool,
    ) -> Result<(), CommandError> {
        let connection = self.local_connection(node, line.connection.as_ref());
        let command = match message {
            Built::Tcp(TcpEvent::Open) => Command::OpenTcp {
                to: self.address_of(line.to),
            },
            Built::Tcp(TcpEvent::Close) => Command::CloseTcp { connection },
            Built::Tcp(TcpEvent::Reset) => Command::ResetTcp { connection },
            Built::Gre(octets) => {
                let to = self.address_of(line.to);
                if injected {
                    self.stage.inject(node, to, line.raw.from_address, octets);
                    return Ok(());
                }
                Command::SendGre {
                    to,
                    from: line.raw.from_address,
                    octets: octets.clone(),
                }
            }
            Built::Control(octets) => {
                let send = SendControl {
                    octets: octets.clone(),
                    cuts: line.raw.split.iter().map(|&cut| cut as usize).collect(),
                    pause: line.raw.pause.unwrap_or(Duration::ZERO),
                    unit: line.raw
                        != (RawWork {
                            split: line.raw.split.clone(),
                            pause: line.raw.pause,
                            ..RawWork::default()
                        }),
                };
                if injected {
                    return self.inject_control(node, connection, &send);
                }
                Command::SendControl { connection, send }
            }
        };
        self.stage.command(node, &command).map(|_| ())
    }

    /// Puts octets on an endpoint's own stream, beside what it sends itself.
    fn inject_control(
        &mut self,
        node: NodeId,
        connection: Option<ConnectionId>,
        send: &SendControl,
    ) -> Result<(), CommandError> {
        let number = connection
            .and_then(|id| self.bindings.connection_number(node, id))
            .ok_or(CommandError::UnknownConnection)?;
        let unit = if send.unit { Unit::Whole } else { Unit::Stream };
        let open = self.stage.inject_control(node, number, &send.octets, unit);
        if open {
            Ok(())
        } else {
            Err(CommandError::UnknownConnection)
        }
    }

    /// Whether the message is one that an `inject` put on the wire: the script knows of it already.
    pub(super) fn is_injected(&self, seen: &Seen) -> bool {
        let injections = self
            .plans
            .iter()
            .enumerate()
            .filter(|(_, plan)| plan.is_injection());
        let mut injections = injections.map(|(position, _)| PlanId(position));
        injections.any(|plan| self.is_sent_by(plan, seen))
    }

    /// Whether the message is one that the plan sent.
    pub fn is_sent_by(&self, plan: PlanId, seen: &Seen) -> bool {
        let Some(plan) = self.plans.get(plan.0) else {
            return false;
        };
        if seen.view != View::Sent || seen.from != plan.node {
            return false;
        }
        let Some(sent) = &plan.sent else { return false };
        sent.iter().any(|built| match (built, &seen.content) {
            (
                Built::Tcp(event),
                Content::Tcp {
                    event: seen_event, ..
                },
            ) => event == seen_event,
            (
                Built::Control(octets),
                Content::Control {
                    octets: seen_octets,
                    ..
                },
            ) => octets[..] == seen_octets[..],
            (Built::Gre(octets), Content::Gre { header, length }) => {
                let decoded = GrePacket::decode(octets).ok().map(|packet| packet.header);
                decoded == *header && u32::try_from(octets.len()).ok() == Some(*length)
            }
            _ => false,
        })
    }
}

/// The value of a number field as the wire crate writes it.
pub(super) fn unsigned(value: u64) -> FieldValue<'static> {
    FieldValue::Unsigned(u32::try_from(value).unwrap_or(u32::MAX))
}

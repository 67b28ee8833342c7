//! What nodes are to do: performed once everything has reached them that earlier steps of the same track matched.

use pptp_wire::{CallId, FieldValue};
use pptp_world::{CallRef, ConnectionId, ConnectionNumber, NodeId, Query, Stage};

use super::act::may_be_refused;
use super::bindings::Owner;
use super::build::Built;
use super::driver::{Driver, PlanId};
use super::matcher::node_id;
use super::message::MessageKey;
use crate::scenario::model::{Action, MessageLine, MessageName, Name, NodeIndex, Step, StepKind};

/// One thing that a node is to do.
pub struct Plan<'s> {
    step: &'s Step,
    pub(super) node: NodeId,
    task: Task<'s>,
    awaits: Vec<MessageKey>,
    /// What it put on the wire, once it is performed.
    pub(super) sent: Option<Vec<Built>>,
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
    pub(super) fn is_injection(&self) -> bool {
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
        self.plans_waiting += 1;
        let id = PlanId(self.plans.len() - 1);
        self.perform_plans();
        id
    }

    /// Performs every plan that nothing stands in the way of, in the order of the script for each node.
    #[inline]
    pub fn perform_plans(&mut self) {
        if self.plans_waiting > 0 {
            self.perform_waiting_plans();
        }
    }

    fn perform_waiting_plans(&mut self) {
        let mut busy: Vec<NodeId> = Vec::new();
        for position in 0..self.plans.len() {
            if self.has_failed() {
                return;
            }
            let plan = &self.plans[position];
            if plan.performed || busy.contains(&plan.node) {
                continue;
            }
            let arrived = plan.awaits.iter().all(|key| !self.flights.contains(*key));
            // What may be refused is asked for at once.
            let ready = may_be_refused(plan.step) || self.is_ready(plan.node, plan.task);
            if !arrived || !ready {
                busy.push(plan.node);
                continue;
            }
            let (step, node, task) = (plan.step, plan.node, plan.task);
            self.plans[position].performed = true;
            self.plans_waiting -= 1;
            self.moves += 1;
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

    /// The node's own name for a connection: the named one, or else the latest that it has open, and has closed only if there is no
    /// other.
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
                let open = || {
                    self.connection_ends
                        .keys()
                        .rev()
                        .filter(|number| !self.closed.contains(number))
                };
                let name = |number: &ConnectionNumber| self.bindings.connection_id(node, *number);
                let mut kept = open().filter(|number| !self.closed_at.contains(&(**number, node)));
                kept.find_map(name).or_else(|| open().find_map(name))
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

    pub(super) fn other_end(&self, number: ConnectionNumber, node: NodeId) -> Option<NodeId> {
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
}

/// The value of a number field as the wire crate writes it.
pub(super) fn unsigned(value: u64) -> FieldValue<'static> {
    FieldValue::Unsigned(u32::try_from(value).unwrap_or(u32::MAX))
}

//! Performing a `do`: from an action of the script to a command of the node.

use pptp_wire::StopReason;
use pptp_world::{CallRef, Command, CommandError, ConnectionId, NodeId, Outcome, Stage, Traffic};

use super::bindings::{Bindings, Owner};
use super::driver::Driver;
use super::matcher::node_id;
use crate::scenario::model::{Action, Name, Step, StepKind};

impl<'s, S: Stage> Driver<'s, S> {
    pub(super) fn act(&mut self, step: &'s Step, node: NodeId, action: &'s Action) {
        self.echo(step);
        let named = match action {
            Action::OpenControl {
                to,
                connection: Some(name),
            } => Some(((node, node_id(*to)), name.text.clone())),
            _ => None,
        };
        let gives_name = named.is_some();
        self.names_to_give.extend(named);
        let refusable = may_be_refused(step);
        let outcome = match action {
            Action::SendData {
                call,
                packets,
                bytes,
                every,
            } => {
                let traffic = Traffic {
                    packets: *packets,
                    bytes: *bytes,
                    every: *every,
                };
                self.start_traffic(node, call, traffic)
            }
            _ => self
                .command_of(node, action, refusable)
                .and_then(|command| self.stage.command(node, &command)),
        };
        match outcome {
            Ok(Outcome::Call(call_ref)) => self.began_call(node, action, call_ref),
            Ok(Outcome::Connection(_) | Outcome::Done) => self.called_later(node, action),
            Err(error) if refusable => {
                if gives_name {
                    self.names_to_give.pop();
                }
                self.echo_comment(format!("refused: {error}"));
            }
            Err(CommandError::Unsupported) => self.unsupported(step, node),
            Err(error) => self.fail_command(step, node, &error),
        }
    }

    /// A call that waits for its connection gets its name when its request goes out.
    fn called_later(&mut self, node: NodeId, action: &Action) {
        if let Action::PlaceCall {
            call: Some(name), ..
        }
        | Action::Ring {
            call: Some(name), ..
        } = action
        {
            self.calls_to_name.push((node, name.text.clone()));
        }
    }

    fn start_traffic(
        &mut self,
        node: NodeId,
        call: &Name,
        traffic: Traffic,
    ) -> Result<Outcome, CommandError> {
        let call_ref = self.known_call(node, call)?;
        let id = self.stage.start_traffic(node, call_ref, traffic)?;
        self.data.traffic_started(id, &call.text);
        Ok(Outcome::Done)
    }

    /// A connection that a `do` with a name opened gets that name.
    pub(super) fn name_opened(
        &mut self,
        connection: pptp_world::ConnectionNumber,
        ends: (NodeId, NodeId),
    ) {
        let position = self.names_to_give.iter().position(|it| it.0 == ends);
        if let Some(position) = position {
            let (_, name) = self.names_to_give.remove(position);
            self.bindings.bind_connection(&name, connection);
        }
    }

    fn known_call(&self, node: NodeId, call: &Name) -> Result<CallRef, CommandError> {
        self.call_ref(node, &call.text)
            .ok_or(CommandError::UnknownCall)
    }

    /// The control connection that an action is about: the named one, or the node's latest. What may be refused is about no other
    /// than the named one, and where none is named the node chooses.
    fn connection_of(
        &self,
        node: NodeId,
        name: Option<&Name>,
        refusable: bool,
    ) -> Result<Option<ConnectionId>, CommandError> {
        let named = name.and_then(|name| self.local_connection(node, Some(name)));
        match (name, named) {
            (Some(_), None) if refusable => Err(CommandError::UnknownConnection),
            (None, _) if refusable => Ok(None),
            _ => Ok(named.or_else(|| self.local_connection(node, None))),
        }
    }

    /// The command for an action other than `send-data`, which is none.
    fn command_of(
        &self,
        node: NodeId,
        action: &Action,
        refusable: bool,
    ) -> Result<Command, CommandError> {
        Ok(match action {
            Action::OpenControl { to, .. } => Command::OpenControl {
                to: self.address_of(*to),
            },
            Action::CloseControl {
                connection: name,
                reason,
            } => Command::CloseControl {
                connection: self.connection_of(node, name.as_ref(), refusable)?,
                reason: StopReason(*reason),
            },
            Action::PlaceCall {
                connection: name,
                options,
                ..
            } => Command::PlaceCall {
                connection: self.connection_of(node, name.as_ref(), refusable)?,
                options: options.clone(),
            },
            Action::Ring {
                connection: name,
                options,
                ..
            } => Command::Ring {
                connection: self.connection_of(node, name.as_ref(), refusable)?,
                options: options.clone(),
            },
            Action::ClearCall { call } => Command::ClearCall {
                call: self.known_call(node, call)?,
            },
            Action::DisconnectCall { call } => Command::DisconnectCall {
                call: self.known_call(node, call)?,
            },
            Action::LoseCarrier { call } => Command::LoseCarrier {
                call: self.known_call(node, call)?,
            },
            Action::SetLinkInfo { call, options } => Command::SetLinkInfo {
                call: self.known_call(node, call)?,
                send_accm: options.send_accm,
                receive_accm: options.receive_accm,
            },
            Action::CountWanErrors { call, counters } => Command::CountWanErrors {
                call: self.known_call(node, call)?,
                counters: *counters,
            },
            Action::SendData { .. } => return Err(CommandError::Unsupported),
        })
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
}

/// Whether the step says that what it asks for may be refused.
pub(super) const fn may_be_refused(step: &Step) -> bool {
    match &step.kind {
        StepKind::Do { may_be_refused, .. } => *may_be_refused,
        StepKind::Inject(line) => line.may_be_refused,
        _ => false,
    }
}

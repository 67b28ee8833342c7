//! Performing a `do`: from an action of the script to a command of the node.

use pptp_wire::StopReason;
use pptp_world::{CallRef, Command, CommandError, NodeId, Outcome, Stage, Traffic};

use super::bindings::{Bindings, Owner};
use super::driver::Driver;
use crate::scenario::model::{Action, Name, Step};

impl<'s, S: Stage> Driver<'s, S> {
    pub(super) fn act(&mut self, step: &'s Step, node: NodeId, action: &'s Action) {
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
                    ..
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
            Err(error @ CommandError::WrongState { .. }) if may_be_refused(action) => {
                self.echo_comment(format!("refused: {error}"));
            }
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
}

/// Whether a scenario asks for what a right node does not do, to see whether this one does.
const fn may_be_refused(action: &Action) -> bool {
    matches!(
        action,
        Action::SendData {
            may_be_refused: true,
            ..
        }
    )
}

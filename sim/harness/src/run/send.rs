//! Sending what the script itself says: by a scripted node, or beside an endpoint.

use pptp_wire::time::Duration;
use pptp_wire::{GrePacket, Header};
use pptp_world::{Command, CommandError, ConnectionId, NodeId, SendControl, Stage, Unit};

use super::build::{self, Built};
use super::driver::{Driver, PlanId};
use super::matcher::node_id;
use super::message::{Content, Seen};
use crate::scenario::model::{MessageLine, MessageName, RawWork, Step, View};
use crate::transcript::TcpEvent;

impl<'s, S: Stage> Driver<'s, S> {
    /// Sends the message of a line; gives what went out.
    pub(super) fn send(
        &mut self,
        step: &'s Step,
        node: NodeId,
        line: &'s MessageLine,
    ) -> Option<Vec<Built>> {
        let injected = !self.is_scripted(node);
        if injected {
            self.echo(step);
        }
        if line.may_be_refused
            && let Some(why) = self.refusal(line)
        {
            self.echo_comment(format!("refused: {why}"));
            return None;
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
                    error if line.may_be_refused => {
                        self.echo_comment(format!("refused: {error}"));
                    }
                    CommandError::Unsupported => self.unsupported(step, node),
                    error => self.fail_command(step, node, &error),
                }
                return None;
            }
        }
        Some(built)
    }

    /// Why a line that may be refused cannot be sent: its call has not come to be.
    fn refusal(&self, line: &MessageLine) -> Option<CommandError> {
        let name = line.call.as_ref()?;
        let call = self.bindings.call(&name.text);
        let is_known = call.is_some_and(|call| {
            let owner = call.owner_at(node_id(line.to));
            line.message != MessageName::Gre || owner.and_then(|owner| call.id_of(owner)).is_some()
        });
        (!is_known).then_some(CommandError::UnknownCall)
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
                    unit: !is_one_message(octets)
                        || line.raw
                            != (RawWork {
                                split: line.raw.split.clone(),
                                pause: line.raw.pause,
                                ..RawWork::default()
                            }),
                };
                if injected && line.raw.in_stream {
                    return self.inject_in_stream(node, connection, octets);
                }
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

    /// Puts octets on an endpoint's own stream that are no message of their own. What the one end takes for the other's words the other
    /// knows nothing of.
    fn inject_in_stream(
        &mut self,
        node: NodeId,
        connection: Option<ConnectionId>,
        octets: &[u8],
    ) -> Result<(), CommandError> {
        let number = connection.and_then(|id| self.bindings.connection_number(node, id));
        let unknown = CommandError::UnknownConnection;
        let number = number.ok_or(unknown)?;
        let other = self.other_end(number, node).ok_or(unknown)?;
        let open = self
            .stage
            .inject_control(node, number, octets, Unit::Stream);
        self.stage.distrust(node, other);
        if open { Ok(()) } else { Err(unknown) }
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

/// Whether octets are as many as the Length in them says. Others have to be told as one: the stream would be cut elsewhere.
fn is_one_message(octets: &[u8]) -> bool {
    Header::decode(octets).is_ok_and(|header| usize::from(header.length) == octets.len())
}

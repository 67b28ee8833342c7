//! What tests ask of a run.

use std::collections::BTreeSet;

use super::*;

impl Net {
    pub fn transitions(&self) -> BTreeSet<Transition> {
        self.steps.iter().map(|step| step.transition).collect()
    }

    /// The control messages and TCP events so far, as `side name`.
    pub fn control_flow(&self) -> Vec<(usize, &'static str)> {
        let named = |line: &Line| {
            let name = match &line.sent {
                Sent::Open => "TCP-Open",
                Sent::Close(_) => "TCP-Close",
                Sent::Reset => "TCP-Reset",
                Sent::Message(message) => message.message_type().name()?,
                Sent::Octets(_) => "octets",
                Sent::Data { .. } => return None,
            };
            Some((line.from, name))
        };
        self.log.iter().filter_map(named).collect()
    }

    /// The messages of one type from a side.
    pub fn messages(
        &self,
        from: usize,
        message_type: ControlMessageType,
    ) -> Vec<(Instant, ControlMessage)> {
        let lines = self.log.iter().filter(|line| line.from == from);
        lines
            .filter_map(|line| match line.sent {
                Sent::Message(message) if message.message_type() == message_type => {
                    Some((line.at, message))
                }
                _ => None,
            })
            .collect()
    }
}

//! Control messages that a fuzzer chooses: legal ones with some fields changed.

use pptp_wire::fuzzing::{FieldChoice, ForgedMessage};
use pptp_wire::{CallId, ControlMessageType};

pptp_wire::choice! {
    /// A control message that is legal but for the fields that are chosen. Its Peer's Call ID names a call of the endpoint.
    pub struct MessageChoice {
        /// Which of the fifteen messages; beyond them it starts again.
        message: u8,
        /// The sender's own Call ID, where the message has one.
        call_id: u8,
        /// The endpoint's call that the message names, where it names one.
        call: u8,
        /// Further fields.
        fields: Vec<FieldChoice>,
        /// Octets that come in by themselves before the rest; as many as there are, at most.
        first_segment: Option<u8>,
    }
}

impl MessageChoice {
    /// This message as it is when legal, with these Call IDs.
    pub fn legal(message_type: ControlMessageType, call_id: u8, call: u8) -> MessageChoice {
        MessageChoice {
            message: (message_type.0 as u8).wrapping_sub(1),
            call_id,
            call,
            fields: Vec::new(),
            first_segment: None,
        }
    }

    /// Its type.
    pub fn message_type(&self) -> ControlMessageType {
        self.forged().message_type()
    }

    /// Its octets; `named` is the Call ID that the endpoint gave to the call which it names.
    pub fn octets(&self, named: CallId) -> Vec<u8> {
        self.forged().octets(CallId(self.call_id.into()), named)
    }

    fn forged(&self) -> ForgedMessage {
        ForgedMessage {
            message: self.message,
            fields: self.fields.clone(),
            cut: None,
            padding: Vec::new(),
        }
    }
}

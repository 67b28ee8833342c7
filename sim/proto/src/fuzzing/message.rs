//! Control messages that a fuzzer chooses: legal ones with some fields changed.

use pptp_wire::{CallId, ControlMessage, ControlMessageType, FieldValue, MAXIMUM_LENGTH, fields};

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

pptp_wire::choice! {
    /// A value of a field.
    pub struct FieldChoice {
        /// Which field of the message, the five of the header included; beyond them it starts again.
        field: u8,
        /// The value, cut to the size of the field; of a text field, its first four octets.
        value: u32,
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
        let types = ControlMessageType::ALL;
        ControlMessageType(types[usize::from(self.message) % types.len()].0)
    }

    /// Its octets; `named` is the Call ID that the endpoint gave to the call which it names.
    pub(super) fn octets(&self, named: CallId) -> Vec<u8> {
        let message_type = self.message_type();
        let message = ControlMessage::default_for(message_type).expect("all types of the table");
        let mut octets = message.encode(&mut [0; MAXIMUM_LENGTH]).to_vec();
        let table = fields(message_type);
        for field in table {
            let value = match field.key {
                "call-id" => self.call_id.into(),
                "peer-call-id" => named.0.into(),
                _ => continue,
            };
            let _ = field.write(&mut octets, FieldValue::Unsigned(value));
        }
        for choice in &self.fields {
            let field = &table[usize::from(choice.field) % table.len()];
            let value = choice.value & field.maximum();
            // A text field takes no number: then its first octets are chosen.
            if field
                .write(&mut octets, FieldValue::Unsigned(value))
                .is_err()
            {
                let text = choice.value.to_be_bytes();
                let _ = field.write(&mut octets, FieldValue::Octets(&text));
            }
        }
        octets
    }
}

//! What outsiders make up: messages and packets that are legal but for what a fuzzer chooses.

use crate::ppp::test_frame;
use crate::raw::Raw;
use crate::{
    CallId, ControlMessage, ControlMessageType, Field, FieldValue, GRE_FIELDS, GreHeader, fields,
};
use alloc::vec::Vec;

crate::choice! {
    /// A value of a field.
    pub struct FieldChoice {
        /// Which field of the table, of a message the five of the header included; beyond them it starts again.
        field: u8,
        /// The value, cut to the size of the field; of a text field, its first four octets.
        value: u32,
    }
}

crate::choice! {
    /// A control message that is legal but for what is chosen.
    pub struct ForgedMessage {
        /// Which of the fifteen messages; beyond them it starts again.
        message: u8,
        /// Values of fields, one after the other.
        fields: Vec<FieldChoice>,
        /// How many of its octets there are at most.
        cut: Option<u8>,
        /// Octets behind it.
        padding: Vec<u8>,
    }
}

crate::choice! {
    /// A GRE packet of a call, as its sender could send it but for what is chosen.
    pub struct ForgedPacket {
        /// Its distance from the sender's next Sequence Number, as a signed number. Without one, it is an acknowledgment alone.
        sequence_distance: Option<u8>,
        /// How far before the receiver's next Sequence Number it acknowledges.
        acknowledges: Option<u8>,
        /// Octets of payload, where it has a Sequence Number.
        length: u8,
        /// Values of fields, one after the other.
        fields: Vec<FieldChoice>,
        /// How many of its octets there are at most.
        cut: Option<u8>,
        /// Octets behind it.
        padding: Vec<u8>,
    }
}

impl FieldChoice {
    /// The field of this table that it is about.
    ///
    /// # Panics
    /// If the table is empty.
    pub fn field_of(&self, table: &'static [Field]) -> &'static Field {
        &table[usize::from(self.field) % table.len()]
    }

    /// The value as that field takes it: a number that fits, or the octets of a text.
    pub fn value_of<'a>(&self, field: &Field, text: &'a mut [u8; 4]) -> FieldValue<'a> {
        if field
            .write(&mut [0; crate::MAXIMUM_LENGTH], FieldValue::Unsigned(0))
            .is_ok()
        {
            return FieldValue::Unsigned(self.value & field.maximum());
        }
        *text = self.value.to_be_bytes();
        FieldValue::Octets(text)
    }

    /// Writes it into octets that have the fields of this table, as far as they reach.
    pub fn write_to(&self, octets: &mut [u8], table: &'static [Field]) {
        if table.is_empty() {
            return;
        }
        let field = self.field_of(table);
        // What reaches beyond the octets changes nothing.
        let _ = field.write(octets, self.value_of(field, &mut [0; 4]));
    }
}

impl ForgedMessage {
    /// The legal message of this type.
    pub fn legal(message_type: ControlMessageType) -> ForgedMessage {
        ForgedMessage {
            message: (message_type.0 as u8).wrapping_sub(1),
            fields: Vec::new(),
            cut: None,
            padding: Vec::new(),
        }
    }

    /// The type that the message has before any field is changed.
    pub fn message_type(&self) -> ControlMessageType {
        let types = ControlMessageType::ALL;
        ControlMessageType(types[usize::from(self.message) % types.len()].0)
    }

    /// Its octets. `own` is the Call ID that its sender gave to the call that it is about, `named` the one that its receiver gave.
    pub fn octets(&self, own: CallId, named: CallId) -> Vec<u8> {
        let message_type = self.message_type();
        let mut octets = ControlMessage::default_for(message_type)
            .map(|message| Raw::control(message).into_octets())
            .unwrap_or_default();
        let table = fields(message_type);
        for field in table {
            let value = match field.key {
                "call-id" => own.0,
                "peer-call-id" => named.0,
                _ => continue,
            };
            // Every message is as long as its table says.
            let _ = field.write(&mut octets, FieldValue::Unsigned(value.into()));
        }
        for choice in &self.fields {
            choice.write_to(&mut octets, table);
        }
        finished(octets, self.cut, &self.padding)
    }
}

impl ForgedPacket {
    /// Its octets. `call_id` is the one that the receiver gave to the call, `next` the next Sequence Number of the sender, and
    /// `receivers_next` that of the receiver.
    pub fn octets(&self, call_id: CallId, next: u32, receivers_next: u32) -> Vec<u8> {
        let acknowledgment = self
            .acknowledges
            .map(|before| receivers_next.wrapping_sub(before.into()));
        let mut payload = Vec::new();
        let header = match self.sequence_distance {
            None => GreHeader::acknowledgment_only(call_id, acknowledgment.unwrap_or(0)),
            Some(distance) => {
                let number = next.wrapping_add_signed(i32::from(distance as i8));
                test_frame(number.into(), self.length.into(), &mut payload);
                GreHeader::data(call_id, number, acknowledgment, payload.len() as u16)
            }
        };
        let mut octets = Raw::gre(&header, &payload).into_octets();
        for choice in &self.fields {
            choice.write_to(&mut octets, GRE_FIELDS);
        }
        finished(octets, self.cut, &self.padding)
    }
}

fn finished(mut octets: Vec<u8>, cut: Option<u8>, padding: &[u8]) -> Vec<u8> {
    octets.truncate(cut.map_or(usize::MAX, usize::from));
    octets.extend_from_slice(padding);
    octets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing::{Choice, Choices};
    use crate::{GrePacket, validate_control, validate_gre};
    use proptest::prelude::*;

    fn choice(field: u8, value: u32) -> FieldChoice {
        FieldChoice { field, value }
    }

    #[test]
    fn what_is_not_changed_is_legal_and_names_the_call() {
        for row in ControlMessageType::ALL {
            let forged = ForgedMessage::legal(ControlMessageType(row.0));
            let octets = forged.octets(CallId(7), CallId(8));
            let findings = validate_control(&octets);
            assert!(findings.is_empty(), "{forged:?}: {findings:?}");
        }
        let forged = ForgedMessage::legal(ControlMessageType::INCOMING_CALL_REPLY);
        assert_eq!(forged.octets(CallId(7), CallId(8))[12..16], [0, 7, 0, 8]);
        let packet = ForgedPacket {
            sequence_distance: Some(0xFE),
            acknowledges: Some(1),
            length: 20,
            fields: Vec::new(),
            cut: None,
            padding: Vec::new(),
        };
        let octets = packet.octets(CallId(5), 1, 0);
        assert!(validate_gre(&octets).is_empty());
        let header = GrePacket::decode(&octets).expect("a packet").header;
        assert_eq!(header.sequence_number, Some(u32::MAX));
        assert_eq!(header.acknowledgment_number, Some(u32::MAX));
        assert_eq!((header.call_id, header.payload_length), (CallId(5), 20));
    }

    #[test]
    fn fields_are_changed_in_turn_then_octets_are_cut_off_and_added() {
        let forged = ForgedMessage {
            fields: vec![choice(5, 1), choice(5, 9), choice(0, 0x1_0011)],
            cut: Some(15),
            padding: vec![0xAA],
            ..ForgedMessage::legal(ControlMessageType::ECHO_REQUEST)
        };
        assert_eq!(
            forged.octets(CallId(0), CallId(0)),
            [
                0, 0x11, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0, 0, 0, 0, 0xAA
            ]
        );
        let text = fields(ControlMessageType::START_CONTROL_CONNECTION_REQUEST)
            .iter()
            .position(|field| field.key == "host-name")
            .expect("a text field");
        let forged = ForgedMessage {
            fields: vec![choice(text as u8, 0x6162_6364)],
            ..ForgedMessage::legal(ControlMessageType::START_CONTROL_CONNECTION_REQUEST)
        };
        let octets = forged.octets(CallId(0), CallId(0));
        assert!(octets.windows(5).any(|window| window == b"abcd\0"));
    }

    proptest! {
        #[test]
        fn any_choice_makes_octets_and_survives_being_written(octets in proptest::collection::vec(any::<u8>(), 0..120)) {
            let mut choices = Choices::new(&octets);
            let forged = (ForgedMessage::read(&mut choices), ForgedPacket::read(&mut choices));
            forged.0.octets(CallId(1), CallId(2));
            forged.1.octets(CallId(1), 2, 3);
            let mut written = Vec::new();
            forged.0.write(&mut written);
            forged.1.write(&mut written);
            let mut choices = Choices::new(&written);
            prop_assert_eq!((ForgedMessage::read(&mut choices), ForgedPacket::read(&mut choices)), forged);
        }
    }
}

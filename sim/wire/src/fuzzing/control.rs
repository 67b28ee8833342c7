//! Laws of control messages.

use super::{Choice, Choices};
use crate::{
    ControlMessage, ControlMessageType, Field, FieldKind, FieldValue, Findings, Framer,
    FramerConfig, Header, MAXIMUM_LENGTH, field_by_key, fields, validate_control,
};
use alloc::string::ToString;
use alloc::vec::Vec;

/// Any octets as one control message: they decode and encode to themselves, or give an error that points into them; each finding
/// names a field of the message and a place in it.
///
/// # Panics
/// Where that does not hold.
pub fn control_decode(octets: &[u8]) {
    let findings = validate_control(octets);
    let header = Header::decode(octets);
    match ControlMessage::decode(octets) {
        Ok(message) => {
            let mut buffer = [0xAA; MAXIMUM_LENGTH];
            assert_eq!(
                message.encode(&mut buffer),
                octets,
                "what decodes encodes to the same"
            );
            assert_eq!(Ok(message.header), header, "one header");
            assert_eq!(
                message.validate(),
                findings,
                "judged alike before and after"
            );
        }
        Err(error) => {
            assert!(
                error.at <= octets.len(),
                "{error}: behind the {} octets",
                octets.len()
            );
            assert!(
                !findings.is_empty(),
                "what does not decode breaks a requirement: {error}"
            );
        }
    }
    let message_type = header.map_or(ControlMessageType(0), |header| header.control_message_type);
    check_findings(&findings, message_type);
    for field in fields(message_type) {
        assert_eq!(
            field.read(octets).is_some(),
            field.end() <= octets.len(),
            "{}",
            field.key
        );
    }
}

/// A message of any type with any values in its fields: it comes back from its octets, field by field too, and a framer finds it
/// where its header is legal.
///
/// # Panics
/// Where that does not hold.
pub fn control_round_trip(message: &ControlMessage) {
    let mut buffer = [0xAA; MAXIMUM_LENGTH];
    let octets = message.encode(&mut buffer);
    assert_eq!(ControlMessage::decode(octets), Ok(*message));
    check_fields(octets, message.message_type());
    let findings = validate_control(octets);
    assert_eq!(message.validate(), findings);
    check_findings(&findings, message.message_type());

    let mut framer = Framer::new(FramerConfig::RFC);
    let mut rest = octets;
    let framed = framer.push(&mut rest);
    let legal = Header::for_type(message.message_type());
    let is_legal = Header {
        reserved0: legal.reserved0,
        ..message.header
    } == legal;
    if is_legal {
        assert_eq!(
            framed.map(|frame| frame.map(|frame| frame.octets)),
            Some(Ok(octets))
        );
    }
}

/// What is read from each field can be written there, and is read again.
fn check_fields(octets: &[u8], message_type: ControlMessageType) {
    for field in fields(message_type) {
        let value = field.read(octets).expect("the message is whole");
        let mut copy = [0xAA; MAXIMUM_LENGTH];
        let copy = &mut copy[..octets.len()];
        assert_eq!(field.write(copy, value), Ok(()), "{}", field.key);
        assert_eq!(field.read(copy), Some(value), "{}", field.key);
    }
}

/// The fields that a choice of a message goes through: all but its type, and those of the header only if it lies.
fn chosen_fields(
    message_type: ControlMessageType,
    lies: bool,
) -> impl Iterator<Item = &'static Field> {
    fields(message_type).iter().filter(move |field| {
        let in_header = field.end() <= crate::HEADER_LENGTH;
        field.key != "control-message-type" && (lies || !in_header)
    })
}

/// A type, whether the header lies, then a value for each field: four octets for a number; for a text its length, and its octets.
impl Choice for ControlMessage {
    fn read(choices: &mut Choices<'_>) -> Self {
        let message_type = ControlMessageType(1 + choices.below(15) as u16);
        let mut octets = [0; MAXIMUM_LENGTH];
        let legal =
            ControlMessage::default_for(message_type).expect("the types 1 to 15 are defined");
        let length = legal.encode(&mut octets).len();
        let octets = &mut octets[..length];
        let lies = choices.flag();
        for field in chosen_fields(message_type, lies) {
            let value = match field.kind {
                FieldKind::Text => FieldValue::Octets(choices.octets(field.size as u16)),
                _ => FieldValue::Unsigned(choices.double_word() & field.maximum()),
            };
            field.write(octets, value).expect("the value fits");
        }
        ControlMessage::decode(octets).expect("as long as its type")
    }

    fn write(&self, octets: &mut Vec<u8>) {
        let message_type = self.message_type();
        let lies = self.header != Header::for_type(message_type);
        octets.push((message_type.0 - 1) as u8);
        lies.write(octets);
        let mut buffer = [0; MAXIMUM_LENGTH];
        let message = self.encode(&mut buffer);
        for field in chosen_fields(message_type, lies) {
            match field.read(message).expect("the message is whole") {
                FieldValue::Unsigned(value) => value.write(octets),
                FieldValue::Octets(text) => {
                    (text.len() as u16).write(octets);
                    octets.extend_from_slice(text);
                }
            }
        }
    }
}

crate::arbitrary_by_choice!(ControlMessage);

fn check_findings(findings: &Findings, message_type: ControlMessageType) {
    for finding in findings.iter() {
        let known = field_by_key(message_type, finding.field)
            .or_else(|| field_by_key(ControlMessageType::ECHO_REQUEST, finding.field));
        let field = known.unwrap_or_else(|| panic!("{finding}: no such field"));
        assert!(
            (field.offset..=field.end()).contains(&usize::from(finding.offset)),
            "{finding}: not in that field"
        );
        assert!(!finding.to_string().is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_type_and_every_value_can_be_chosen() {
        for message_type in 1..=15 {
            let message = ControlMessage::read(&mut Choices::new(&[message_type - 1]));
            assert_eq!(message.message_type().0, message_type.into());
            assert_eq!(message.header, Header::for_type(message.message_type()));
        }
        // An Echo-Request whose header is wrong in all four fields that can be.
        let lies = [
            4, 1, 0, 0, 0, 99, 0, 0, 0, 2, 1, 2, 3, 4, 0, 0, 0, 5, 0, 0, 0, 7,
        ];
        let message = ControlMessage::read(&mut Choices::new(&lies));
        assert_eq!(
            message.encode(&mut [0; MAXIMUM_LENGTH]),
            [0, 99, 0, 2, 1, 2, 3, 4, 0, 5, 0, 5, 0, 0, 0, 7]
        );
    }

    #[test]
    #[should_panic(expected = "not in that field")]
    fn a_finding_outside_its_field_is_noticed() {
        let mut findings = Findings::new(fields(ControlMessageType::ECHO_REQUEST));
        findings.add_at(crate::Requirement::Hdr006, "magic-cookie", 9, 0, false);
        check_findings(&findings, ControlMessageType::ECHO_REQUEST);
    }

    proptest! {
        #[test]
        fn the_laws_hold(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            control_decode(&octets);
            let message = ControlMessage::read(&mut Choices::new(&octets));
            control_round_trip(&message);
            let mut written = Vec::new();
            message.write(&mut written);
            prop_assert_eq!(ControlMessage::read(&mut Choices::new(&written)), message);
        }
    }
}

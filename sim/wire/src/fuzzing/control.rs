//! Laws of control messages.

use super::Choices;
use crate::{
    ControlMessage, ControlMessageType, FieldKind, FieldValue, Findings, Framer, FramerConfig,
    Header, MAXIMUM_LENGTH, field_by_key, fields, validate_control,
};
use alloc::string::ToString;

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

/// A message of any type with any values in its fields, from a type and the values of its fields in wire order: it comes back from
/// its octets, and a framer finds it where its header is legal.
///
/// # Panics
/// Where that does not hold.
pub fn control_round_trip(input: &[u8]) {
    let (octets, length) = any_message(&mut Choices::new(input));
    let octets = &octets[..length];
    let message = match ControlMessage::decode(octets) {
        Ok(message) => message,
        Err(error) => panic!("a message of its type's size does not decode: {error}"),
    };
    let mut buffer = [0xAA; MAXIMUM_LENGTH];
    assert_eq!(message.encode(&mut buffer), octets);
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

/// Octets of a message of a defined type, and how many: a value for each field, then whether and what the header lies about.
fn any_message(choices: &mut Choices<'_>) -> ([u8; MAXIMUM_LENGTH], usize) {
    let message_type = ControlMessageType(1 + choices.below(15) as u16);
    let mut octets = [0; MAXIMUM_LENGTH];
    let message = ControlMessage::default_for(message_type).expect("the types 1 to 15 are defined");
    let length = message.encode(&mut octets).len();
    let lies = choices.flag();
    for field in fields(message_type) {
        let in_header = field.end() <= crate::HEADER_LENGTH;
        if field.key == "control-message-type" || in_header && !lies {
            continue;
        }
        let value = match field.kind {
            FieldKind::Text => FieldValue::Octets(choices.octets(field.size as u16)),
            _ => FieldValue::Unsigned(choices.double_word() & field.maximum()),
        };
        let written = field.write(&mut octets[..length], value);
        assert_eq!(written, Ok(()), "{}", field.key);
        let read = field.read(&octets[..length]);
        match value {
            FieldValue::Unsigned(_) => assert_eq!(read, Some(value), "{}", field.key),
            FieldValue::Octets(text) => assert!(
                matches!(read, Some(FieldValue::Octets(all)) if all.starts_with(text)),
                "{}",
                field.key
            ),
        }
    }
    (octets, length)
}

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
            let (octets, length) = any_message(&mut Choices::new(&[message_type - 1]));
            let message = ControlMessage::decode(&octets[..length]).expect("decodes");
            assert_eq!(message.message_type().0, message_type.into());
            assert_eq!(message.header, Header::for_type(message.message_type()));
        }
        // An Echo-Request whose header is wrong in all four fields that can be.
        let lies = [
            4, 1, 0, 0, 0, 99, 0, 0, 0, 2, 1, 2, 3, 4, 0, 0, 0, 5, 0, 0, 0, 7,
        ];
        let (octets, length) = any_message(&mut Choices::new(&lies));
        assert_eq!(
            octets[..length],
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
            control_round_trip(&octets);
        }
    }
}

//! The field tables, codes and requirement ids against the tables in `tests/data`.

use pptp_wire::*;

/// The rows of a table of tab-separated values, without the line of headings.
fn rows(table: &'static str) -> Vec<Vec<&'static str>> {
    let rows: Vec<Vec<&str>> = table
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect();
    assert!(rows.len() > 30, "the table is nearly empty");
    rows
}

/// A field's name as scenarios write it.
fn key(name: &str) -> String {
    name.to_lowercase()
        .replace("'s", "")
        .replace('.', "")
        .replace(' ', "-")
}

#[test]
fn the_field_tables_equal_the_table() {
    let rows = rows(include_str!("data/fields.tsv"));
    let mut expected = Vec::new();
    for row in &rows {
        let [
            message_type,
            message,
            length,
            _sender,
            field,
            offset,
            size,
            _constraint,
        ] = row[..]
        else {
            panic!("{row:?}")
        };
        expected.push([message_type, message, length, field, offset, size].map(str::to_owned));
    }
    let mut actual = Vec::new();
    for &(value, name, _) in ControlMessageType::ALL {
        let message_type = ControlMessageType(value);
        let length = message_type.length().expect("a defined type has a length");
        for field in fields(message_type) {
            actual.push([
                value.to_string(),
                name.to_owned(),
                length.to_string(),
                field.name.to_owned(),
                field.offset.to_string(),
                field.size.to_string(),
            ]);
        }
    }
    assert_eq!(actual, expected);
}

#[test]
fn constants_and_reserved_fields_are_those_of_the_table() {
    for row in rows(include_str!("data/fields.tsv")) {
        let message_type = ControlMessageType(row[0].parse().expect("a type"));
        let field =
            field_by_key(message_type, &key(row[4])).expect("a key for each field of the table");
        assert_eq!(field.name, row[4]);
        let constraint = row[7];
        let constant =
            constraint
                .strip_prefix("= ")
                .and_then(|value| match value.strip_prefix("0x") {
                    Some(digits) => u32::from_str_radix(digits, 16).ok(),
                    None => value.parse().ok(),
                });
        match field.kind {
            FieldKind::Constant(value) => assert_eq!(constant, Some(value), "{row:?}"),
            FieldKind::Reserved => assert!(
                constraint.starts_with("= 0") && row[4].starts_with("Reserved"),
                "{row:?}"
            ),
            FieldKind::Text => assert!(field.size >= 64, "{row:?}"),
            FieldKind::CallId => assert!(row[4].ends_with("Call ID"), "{row:?}"),
            FieldKind::Unsigned | FieldKind::Hexadecimal | FieldKind::Code(_) => {
                assert!(
                    constant.is_none() && !row[4].starts_with("Reserved") && field.size <= 4,
                    "{row:?}"
                );
            }
            FieldKind::Bits(_) => panic!("no control message has bits: {row:?}"),
        }
    }
}

#[test]
fn the_codes_equal_the_table() {
    let mut expected: Vec<(String, String, u32, String, String)> = Vec::new();
    for row in rows(include_str!("data/codes.tsv")) {
        let [message, field, value, name, meaning] = row[..] else {
            panic!("{row:?}")
        };
        if value != "any" {
            let value = value.parse().expect("a number");
            expected.push((
                message.to_owned(),
                field.to_owned(),
                value,
                name.to_owned(),
                meaning.to_owned(),
            ));
        }
    }
    let mut actual = Vec::new();
    let mut add = |message: &str, field: &str, codes: &[(u8, &str, &str)]| {
        for &(value, name, meaning) in codes {
            actual.push((
                message.to_owned(),
                field.to_owned(),
                value.into(),
                name.to_owned(),
                meaning.to_owned(),
            ));
        }
    };
    add(
        "Start-Control-Connection-Reply",
        "Result Code",
        StartResult::ALL,
    );
    add("Stop-Control-Connection-Request", "Reason", StopReason::ALL);
    add(
        "Stop-Control-Connection-Reply",
        "Result Code",
        StopResult::ALL,
    );
    add("Echo-Reply", "Result Code", EchoResult::ALL);
    add(
        "Outgoing-Call-Reply",
        "Result Code",
        OutgoingCallResult::ALL,
    );
    add(
        "Incoming-Call-Reply",
        "Result Code",
        IncomingCallResult::ALL,
    );
    add(
        "Call-Disconnect-Notify",
        "Result Code",
        DisconnectResult::ALL,
    );
    add("(all replies, CDN)", "Error Code", ErrorCode::ALL);
    assert_eq!(actual, expected);
}

#[test]
fn code_fields_name_the_values_of_the_codes_table() {
    for row in rows(include_str!("data/codes.tsv")) {
        let [message, field, value, name, _] = row[..] else {
            panic!("{row:?}")
        };
        let messages: Vec<ControlMessageType> = match ControlMessageType::by_name(message) {
            Some(message_type) => vec![message_type],
            None if field == "Error Code" => [2, 4, 6, 8, 10, 13].map(ControlMessageType).to_vec(),
            None => continue,
        };
        for message_type in messages {
            let field = field_by_key(message_type, &key(field)).expect("the field is in the table");
            let FieldKind::Code(names) = field.kind else {
                panic!("{row:?} is no code field")
            };
            assert!(
                names.contains(&(value.parse().expect("a number"), name)),
                "{row:?}"
            );
        }
    }
}

#[test]
fn a_code_has_the_name_of_its_constant() {
    assert_eq!(
        OutgoingCallResult::DO_NOT_ACCEPT.name(),
        Some("Do Not Accept")
    );
    assert_eq!(OutgoingCallResult(8).name(), None);
    assert_eq!(ErrorCode::BAD_CALL_ID, ErrorCode(5));
    assert_eq!(ErrorCode(7).name(), None);
    assert_eq!(
        ControlMessageType::SET_LINK_INFO.name(),
        Some("Set-Link-Info")
    );
    assert_eq!(ControlMessageType(16).length(), None);
    assert_eq!(ProtocolVersion::V1_0.name(), Some("1.0"));
    assert!(FramingCapabilities::BOTH.contains(FramingCapabilities::SYNCHRONOUS));
    assert!(!BearerCapabilities::ANALOG.contains(BearerCapabilities::DIGITAL));
}

#[test]
fn keys_of_the_gre_fields_are_unique_and_their_places_right() {
    let places: Vec<(&str, usize, usize)> = GRE_FIELDS
        .iter()
        .skip(9)
        .map(|field| (field.key, field.offset, field.size))
        .collect();
    assert_eq!(
        places,
        [
            ("protocol-type", 2, 2),
            ("payload-length", 4, 2),
            ("call-id", 6, 2),
            ("sequence-number", 8, 4),
            ("acknowledgment-number", 12, 4)
        ]
    );
    let masks = GRE_FIELDS.iter().map(|field| match field.kind {
        FieldKind::Bits(mask) => mask,
        _ => 0,
    });
    assert_eq!(masks.clone().fold(0, |seen, mask| seen | mask), 0xFFFF);
    assert_eq!(masks.sum::<u32>(), 0xFFFF, "the masks overlap");
    let mut keys: Vec<&str> = GRE_FIELDS.iter().map(|field| field.key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 14);
}

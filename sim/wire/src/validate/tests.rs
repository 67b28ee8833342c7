//! The bodies of the messages, field by field.

mod framing;

use super::*;
use crate::{
    CallDisconnectNotify, EchoRequest, Finding, IncomingCallConnected, IncomingCallReply,
    IncomingCallRequest, OutgoingCallReply, OutgoingCallRequest, Raw, Severity,
    StartControlConnectionReply, StartControlConnectionRequest, StopControlConnectionReply,
    StopControlConnectionRequest, WanErrorNotify,
};
use proptest::prelude::*;

fn default(message_type: u16) -> ControlMessage {
    ControlMessage::default_for(ControlMessageType(message_type)).expect("a defined type")
}

/// The requirements that the octets break, in the order of the findings.
fn broken(octets: &[u8]) -> Vec<&'static str> {
    validate_control(octets)
        .iter()
        .map(|finding| finding.requirement.id())
        .collect()
}

/// The requirements that a default message of this type breaks with one number field changed.
fn patched(message_type: u16, key: &str, value: u32) -> Vec<&'static str> {
    let octets = Raw::control(default(message_type))
        .patch(key, value)
        .expect("fits")
        .into_octets();
    broken(&octets)
}

/// The requirements that a default message of this type breaks with several number fields changed.
fn patched_all(message_type: u16, fields: &[(&str, u32)]) -> Vec<&'static str> {
    let mut raw = Raw::control(default(message_type));
    for &(key, value) in fields {
        raw = raw.patch(key, value).expect("fits");
    }
    broken(raw.as_octets())
}

fn patched_text(message_type: u16, key: &str, text: &[u8]) -> Vec<&'static str> {
    broken(
        Raw::control(default(message_type))
            .patch_text(key, text)
            .expect("fits")
            .as_octets(),
    )
}

#[test]
fn codes_outside_their_range_are_found_and_those_inside_are_not() {
    for (message_type, key, id, legal) in [
        (2, "result-code", "SCCRP-003", 1..=5),
        (3, "reason", "STCRQ-002", 1..=3),
        (4, "result-code", "STCRP-002", 1..=2),
        (6, "result-code", "ECRP-003", 1..=2),
        (8, "result-code", "OCRP-004", 1..=7),
        (10, "result-code", "ICRP-004", 1..=3),
        (13, "result-code", "CDN-004", 1..=4),
        (7, "bearer-type", "OCRQ-006", 1..=3),
        (7, "framing-type", "OCRQ-007", 1..=3),
        (9, "call-bearer-type", "ICRQ-004", 1..=2),
        (11, "framing-type", "ICCN-007", 1..=2),
    ] {
        for value in 0..=255 {
            let ids = patched(message_type, key, value);
            assert_eq!(
                ids.contains(&id),
                !legal.contains(&value),
                "{key} {value} of {message_type}: {ids:?}"
            );
        }
    }
}

#[test]
fn an_error_code_goes_with_result_2_alone() {
    for (message_type, unless_general, general) in [
        (2, "SCCRP-004", "SCCRP-005"),
        (4, "STCRP-003", "STCRP-003"),
        (6, "ECRP-004", "ECRP-004"),
        (8, "OCRP-005", "OCRP-005"),
        (10, "ICRP-005", "ICRP-005"),
        (13, "CDN-006", "CDN-006"),
    ] {
        let errors = |result, error| {
            patched_all(
                message_type,
                &[("result-code", result), ("error-code", error)],
            )
        };
        for error in 1..=6 {
            assert_eq!(
                errors(2, error),
                <[&str; 0]>::default(),
                "a general error {error}"
            );
            assert_eq!(errors(1, error), [unless_general]);
        }
        assert_eq!(errors(2, 0), [general]);
        assert_eq!(errors(2, 7), [general, "ERR-001"]);
        assert_eq!(errors(1, 255), [unless_general, "ERR-001"]);
    }
}

#[test]
fn the_start_exchange_names_version_and_capabilities() {
    assert_eq!(patched(1, "protocol-version", 0x0200), ["SCCRQ-002"]);
    assert_eq!(
        patched(1, "protocol-version", 0x0001),
        ["SCCRQ-002", "TR-006"]
    );
    assert_eq!(patched(2, "protocol-version", 0x0200), ["SCCRP-002"]);
    assert_eq!(
        patched_all(2, &[("protocol-version", 0x0200), ("result-code", 5)]),
        <[&str; 0]>::default()
    );
    for (message_type, framing, bearer) in
        [(1, "SCCRQ-004", "SCCRQ-005"), (2, "SCCRP-006", "SCCRP-007")]
    {
        for (key, id) in [
            ("framing-capabilities", framing),
            ("bearer-capabilities", bearer),
        ] {
            assert_eq!(patched(message_type, key, 4), [id]);
            assert_eq!(patched(message_type, key, 3 << 24), [id, "TR-006"]);
            for legal in 1..=3 {
                assert_eq!(patched(message_type, key, legal), <[&str; 0]>::default());
            }
        }
    }
}

#[test]
fn no_capability_at_all_is_a_note() {
    let message = StartControlConnectionRequest {
        framing_capabilities: crate::FramingCapabilities(0),
        ..StartControlConnectionRequest::default()
    };
    let findings: Vec<Finding> = ControlMessage::from(message)
        .validate()
        .into_iter()
        .collect();
    let expected = Finding {
        requirement: Requirement::Sccrq004,
        severity: Severity::Note,
        field: "framing-capabilities",
        offset: 16,
        seen: 0,
    };
    assert_eq!(findings, [expected]);
}

#[test]
fn text_is_filled_with_zero_octets() {
    for (message_type, key, id) in [
        (1, "host-name", "SCCRQ-010"),
        (1, "vendor-name", "SCCRQ-011"),
        (2, "host-name", "SCCRP-012"),
        (2, "vendor-name", "SCCRP-013"),
        (7, "phone-number", "OCRQ-012"),
        (7, "subaddress", "OCRQ-013"),
        (9, "dialed-number", "ICRQ-008"),
        (9, "dialing-number", "ICRQ-008"),
        (9, "subaddress", "ICRQ-008"),
        (13, "call-statistics", "CDN-009"),
    ] {
        assert_eq!(patched_text(message_type, key, b"\0\0b"), [id]);
        let full = vec![
            b'a';
            crate::field_by_key(ControlMessageType(message_type), key)
                .expect("known")
                .size
        ];
        assert!(
            !patched_text(message_type, key, &full).contains(&id),
            "a full field has no filling"
        );
    }
    let octets = Raw::control(default(1))
        .patch_text("host-name", b"ab\0\0c")
        .expect("fits")
        .into_octets();
    let finding = validate_control(&octets)
        .iter()
        .next()
        .expect("one finding");
    assert_eq!((finding.offset, finding.seen), (28 + 4, u32::from(b'c')));
    assert_eq!(
        finding.to_string(),
        "host-name at octet 32 is 99 (SCCRQ-010)"
    );
}

#[test]
fn numbers_and_statistics_are_ascii() {
    for (message_type, key, id) in [
        (7, "phone-number", "OCRQ-012"),
        (9, "dialed-number", "ICRQ-008"),
        (13, "call-statistics", "CDN-009"),
    ] {
        assert!(patched_text(message_type, key, b"5\x80").contains(&id));
        assert!(!patched_text(message_type, key, b"5\x7F").contains(&id));
    }
}

#[test]
fn lengths_count_the_digits() {
    for (message_type, length, number, id) in [
        (7, "phone-number-length", "phone-number", "OCRQ-010"),
        (9, "dialed-number-length", "dialed-number", "ICRQ-007"),
        (9, "dialing-number-length", "dialing-number", "ICRQ-007"),
    ] {
        let raw = Raw::control(default(message_type))
            .patch_text(number, b"5551234")
            .expect("fits");
        let counted = |count| broken(raw.clone().patch(length, count).expect("fits").as_octets());
        assert_eq!(counted(7), <[&str; 0]>::default());
        for wrong in [0, 6, 8, 64, 65, 0xFFFF] {
            assert_eq!(counted(wrong), [id], "{wrong}");
        }
    }
}

#[test]
fn speeds_windows_and_counters_are_judged_where_they_mean_something() {
    assert_eq!(
        patched_all(7, &[("minimum-bps", 9), ("maximum-bps", 8)]),
        ["OCRQ-005"]
    );
    assert_eq!(
        patched_all(7, &[("minimum-bps", 8), ("maximum-bps", 8)]),
        <[&str; 0]>::default()
    );
    assert_eq!(patched(7, "packet-recv-window-size", 0), ["OCRQ-008"]);
    assert_eq!(patched(8, "packet-recv-window-size", 0), ["OCRP-008"]);
    assert_eq!(patched(10, "packet-recv-window-size", 0), ["ICRP-006"]);
    assert_eq!(patched(11, "packet-recv-window-size", 0), ["ICCN-005"]);
    assert_eq!(patched(8, "cause-code", 16), ["OCRP-006"]);
    assert_eq!(patched(8, "connect-speed", 0), ["OCRP-007"]);
    assert_eq!(patched(11, "connect-speed", 0), ["ICCN-004"]);
    let refused = [
        ("result-code", 4),
        ("cause-code", 17),
        ("connect-speed", 0),
        ("packet-recv-window-size", 0),
    ];
    assert_eq!(patched_all(8, &refused), <[&str; 0]>::default());
    assert_eq!(
        patched_all(10, &[("result-code", 3), ("packet-recv-window-size", 0)]),
        <[&str; 0]>::default()
    );
    assert_eq!(patched(14, "crc-errors", 0), ["WEN-002"]);
    assert_eq!(
        patched_all(14, &[("crc-errors", 0), ("alignment-errors", 1)]),
        <[&str; 0]>::default()
    );
}

#[test]
fn findings_are_the_same_for_the_message_and_for_its_octets() {
    let messages: [ControlMessage; 10] = [
        StartControlConnectionReply {
            error_code: ErrorCode(9),
            ..Default::default()
        }
        .into(),
        StopControlConnectionRequest {
            reserved2: 5,
            ..Default::default()
        }
        .into(),
        StopControlConnectionReply {
            error_code: ErrorCode(1),
            ..Default::default()
        }
        .into(),
        EchoRequest { identifier: 0 }.into(),
        OutgoingCallRequest {
            phone_number_length: 65,
            ..Default::default()
        }
        .into(),
        OutgoingCallReply {
            connect_speed: 0,
            ..Default::default()
        }
        .into(),
        IncomingCallRequest {
            subaddress: Text::from_octets([b'x'; 64]),
            ..Default::default()
        }
        .into(),
        IncomingCallReply {
            reserved1: 1,
            ..Default::default()
        }
        .into(),
        IncomingCallConnected {
            framing_type: crate::FramingType::EITHER,
            ..Default::default()
        }
        .into(),
        CallDisconnectNotify {
            result_code: crate::DisconnectResult(0),
            ..Default::default()
        }
        .into(),
    ];
    for message in messages {
        assert_eq!(
            message.validate(),
            validate_control(message.encode(&mut [0; MAXIMUM_LENGTH]))
        );
    }
    let silent = WanErrorNotify {
        crc_errors: 0,
        ..Default::default()
    };
    assert_eq!(ControlMessage::from(silent).validate().len(), 1);
}

#[test]
fn one_error_of_any_kind_is_enough_for_a_notify() {
    let none = WanErrorNotify {
        crc_errors: 0,
        ..Default::default()
    };
    let one_each = [
        WanErrorNotify {
            crc_errors: 1,
            ..none
        },
        WanErrorNotify {
            framing_errors: 2,
            ..none
        },
        WanErrorNotify {
            hardware_overruns: 4,
            ..none
        },
        WanErrorNotify {
            buffer_overruns: 8,
            ..none
        },
        WanErrorNotify {
            time_out_errors: 16,
            ..none
        },
        WanErrorNotify {
            alignment_errors: 32,
            ..none
        },
    ];
    for notify in one_each {
        assert!(
            ControlMessage::from(notify).validate().is_empty(),
            "{notify:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_octets_are_judged(octets in proptest::collection::vec(any::<u8>(), 0..300), message_type in 0u16..=16) {
        let mut octets = octets;
        if let Some(place) = octets.get_mut(8..10) {
            place.copy_from_slice(&message_type.to_be_bytes());
        }
        let findings = validate_control(&octets);
        prop_assert_eq!(findings.iter().count(), findings.len());
        for finding in findings {
            prop_assert!(usize::from(finding.offset) < octets.len().max(1));
            prop_assert!(findings.contains(finding.requirement));
        }
    }
}

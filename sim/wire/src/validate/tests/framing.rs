//! Headers, sizes and reserved fields: what all messages have.

use super::*;

#[test]
fn each_header_field_has_its_requirement() {
    for message_type in 1..=15 {
        let length = u32::from(default(message_type).header.length);
        assert_eq!(
            patched(message_type, "length", length + 4),
            ["HDR-002", "HDR-003"]
        );
        assert_eq!(
            patched(message_type, "length", length << 8),
            ["HDR-002", "HDR-003", "TR-006"]
        );
        assert_eq!(
            patched(message_type, "pptp-message-type", 2),
            ["HDR-004", "HDR-005"]
        );
        assert_eq!(patched(message_type, "pptp-message-type", 3), ["HDR-004"]);
        assert_eq!(
            patched(message_type, "pptp-message-type", 0x0100),
            ["HDR-004", "TR-006"]
        );
        assert_eq!(
            patched(message_type, "magic-cookie", 0x1A2B_3C4E),
            ["HDR-006"]
        );
        assert_eq!(
            patched(message_type, "magic-cookie", 0x4D3C_2B1A),
            ["HDR-006", "TR-006"]
        );
        assert_eq!(
            patched(message_type, "reserved0", 1),
            ["HDR-011", "HDR-012"]
        );
    }
    assert_eq!(patched(5, "control-message-type", 0), ["HDR-010"]);
    assert_eq!(patched(5, "control-message-type", 16), ["HDR-010"]);
    assert_eq!(
        patched(5, "control-message-type", 0x0500),
        ["HDR-010", "TR-006"]
    );
}

#[test]
fn a_message_cut_off_is_judged_as_far_as_it_is_there() {
    for message_type in 1..=15 {
        let octets = Raw::control(default(message_type)).into_octets();
        for available in 0..octets.len() {
            let mut expected = vec![];
            if available < HEADER_LENGTH {
                expected.push("HDR-001");
            }
            if available >= 2 {
                expected.push("HDR-002");
            }
            assert_eq!(
                broken(&octets[..available]),
                expected,
                "{available} octets of {message_type}"
            );
        }
    }
    let wrong = Raw::control(default(6))
        .patch("result-code", 9)
        .expect("fits")
        .truncate(19)
        .into_octets();
    assert_eq!(broken(&wrong), ["HDR-002", "ECRP-003"]);
    assert_eq!(
        broken(&wrong[..16]),
        ["HDR-002"],
        "the wrong octet is not there"
    );
}

#[test]
fn octets_beyond_the_message_are_found_and_the_rest_is_judged() {
    let octets = Raw::control(default(6))
        .patch("result-code", 9)
        .expect("fits")
        .pad(500)
        .into_octets();
    assert_eq!(broken(&octets), ["HDR-002", "ECRP-003"]);
    let honest = Raw::octets(octets)
        .pad(0)
        .truncate(24)
        .replace(0, &[0, 24])
        .expect("inside")
        .into_octets();
    assert_eq!(broken(&honest), ["HDR-003", "ECRP-003"]);
}

#[test]
fn a_message_that_is_wrong_in_every_field_shows_all_of_it() {
    let header = [
        "HDR-002", "HDR-003", "HDR-004", "HDR-006", "HDR-011", "HDR-012",
    ];
    for (message_type, body) in [
        (
            1,
            &[
                "SCCRQ-002",
                "SCCRQ-003",
                "HDR-012",
                "SCCRQ-004",
                "SCCRQ-005",
                "SCCRQ-010",
                "SCCRQ-011",
            ][..],
        ),
        (
            2,
            &[
                "SCCRP-003",
                "SCCRP-004",
                "ERR-001",
                "SCCRP-006",
                "SCCRP-007",
                "SCCRP-012",
                "SCCRP-013",
            ],
        ),
        (
            3,
            &["STCRQ-002", "STCRQ-004", "HDR-012", "STCRQ-004", "HDR-012"],
        ),
        (
            4,
            &["STCRP-002", "STCRP-003", "ERR-001", "STCRP-004", "HDR-012"],
        ),
        (5, &[]),
        (
            6,
            &["ECRP-003", "ECRP-004", "ERR-001", "ECRP-005", "HDR-012"],
        ),
        (
            7,
            &[
                "OCRQ-006", "OCRQ-007", "OCRQ-010", "OCRQ-011", "HDR-012", "OCRQ-012", "OCRQ-012",
                "OCRQ-013",
            ],
        ),
        (8, &["OCRP-004", "OCRP-005", "ERR-001"]),
        (
            9,
            &[
                "ICRQ-004", "ICRQ-007", "ICRQ-007", "ICRQ-008", "ICRQ-008", "ICRQ-008", "ICRQ-008",
                "ICRQ-008",
            ],
        ),
        (
            10,
            &["ICRP-004", "ICRP-005", "ERR-001", "ICRP-008", "HDR-012"],
        ),
        (11, &["ICCN-003", "HDR-012", "ICCN-007"]),
        (12, &["CCLR-003", "HDR-012"]),
        (
            13,
            &[
                "CDN-004", "CDN-006", "ERR-001", "CDN-008", "HDR-012", "CDN-009", "CDN-009",
            ],
        ),
        (14, &["WEN-007", "HDR-012"]),
        (15, &["SLI-003", "HDR-012"]),
    ] {
        let mut octets = vec![0xFF; usize::from(default(message_type).header.length)];
        octets[8..10].copy_from_slice(&message_type.to_be_bytes());
        for field in fields(ControlMessageType(message_type))
            .iter()
            .filter(|field| field.kind == crate::FieldKind::Text)
        {
            octets[field.offset + 1] = 0;
        }
        assert_eq!(
            broken(&octets),
            [&header[..], body].concat(),
            "{message_type}"
        );
    }
}

#[test]
fn every_reserved_field_of_the_table_is_judged() {
    let mut judged = 0;
    for message_type in 1..=15 {
        for field in fields(ControlMessageType(message_type))
            .iter()
            .filter(|field| field.kind == crate::FieldKind::Reserved)
        {
            let ids = patched(message_type, field.key, field.maximum());
            assert_eq!(ids.len(), 2, "{message_type} {}", field.key);
            assert_eq!(ids[1], "HDR-012");
            judged += 1;
        }
    }
    assert_eq!(
        judged,
        15 + 12,
        "Reserved0 of each, and the reserved fields of the bodies"
    );
    for (message_type, key, id) in [
        (1, "reserved1", "SCCRQ-003"),
        (3, "reserved1", "STCRQ-004"),
        (3, "reserved2", "STCRQ-004"),
        (4, "reserved1", "STCRP-004"),
        (6, "reserved1", "ECRP-005"),
        (7, "reserved1", "OCRQ-011"),
        (10, "reserved1", "ICRP-008"),
        (11, "reserved1", "ICCN-003"),
        (12, "reserved1", "CCLR-003"),
        (13, "reserved1", "CDN-008"),
        (14, "reserved1", "WEN-007"),
        (15, "reserved1", "SLI-003"),
    ] {
        assert_eq!(patched(message_type, key, 1), [id, "HDR-012"]);
    }
}

//! What is odd about a frame, told from its octets: the causes for which a decoder may say something else.

use std::collections::BTreeSet;

use pptp_wire::{
    ControlMessageType, FieldKind, GreFlags, GrePacket, HEADER_LENGTH, Header, MAGIC_COOKIE,
    PptpMessageType, fields,
};

use super::line::Line;

/// Every trait with what it means, in the order of their names.
pub const TRAITS: &[(&str, &str)] = &[
    ("bad-cookie", "the Magic Cookie is not 0x1A2B3C4D (HDR-006)"),
    ("changed", "an impairment changed the octets on their way"),
    ("checksum-present", "the C bit is set (GRE-001)"),
    (
        "cut-in-a-field",
        "the octets of the message end before its last field does",
    ),
    (
        "empty-payload",
        "a GRE packet with a Sequence Number and no payload octet",
    ),
    (
        "foreign-protocol",
        "the Protocol Type of the GRE header is not 0x880B (GRE-010)",
    ),
    ("gre-cut", "the octets end before the GRE header does"),
    ("key-absent", "the K bit is not set (GRE-003)"),
    (
        "made-by-scenario",
        "a scenario made the octets, and they are not as they should be",
    ),
    ("management", "the PPTP Message Type is not 1 (HDR-004)"),
    (
        "no-message",
        "octets at which, or behind which, the stream is out of step",
    ),
    (
        "payload-length",
        "the Payload Length is not the number of payload octets (GRE-013)",
    ),
    (
        "plain-ppp",
        "the payload is a PPP frame that is no test frame",
    ),
    ("routing-present", "the R bit is set (GRE-002)"),
    (
        "shared-segment",
        "octets of more than one message in the segment",
    ),
    (
        "split-message",
        "a message that does not begin and end in the segment",
    ),
    (
        "text-octets",
        "a text with octets that are no printable ASCII, or without a zero octet at its end",
    ),
    (
        "unfinished",
        "the beginning of a message whose rest never came",
    ),
    (
        "unknown-type",
        "the Control Message Type is none of 1 to 15",
    ),
    (
        "version",
        "the Version of the GRE header is not 1 (GRE-009)",
    ),
    (
        "wrong-length",
        "the Length is not the number of octets that a message of this type has (HDR-003)",
    ),
];

/// The traits of a frame. `ended` are the messages that end in it, `parts` those with octets in it.
pub fn traits_of(ended: &[&Line], parts: &[&Line], frame: u64) -> BTreeSet<&'static str> {
    let mut traits = BTreeSet::new();
    let mut put = |name: &'static str, holds: bool| {
        if holds {
            traits.insert(name);
        }
    };
    put("shared-segment", parts.len() > 1);
    for line in parts {
        put(
            "split-message",
            line.segments.len() > 1 || line.segments.iter().any(|piece| piece.frame != frame),
        );
        control(line, &mut put);
    }
    for line in ended.iter().filter(|line| line.plane == "gre") {
        gre(line, &mut put);
    }
    for line in ended.iter().chain(parts) {
        for mark in &line.marks {
            put(
                "made-by-scenario",
                mark.starts_with("made by the scenario: "),
            );
            put("changed", mark == "changed on the way");
        }
    }
    traits
}

fn control(line: &Line, put: &mut dyn FnMut(&'static str, bool)) {
    let octets = line.raw();
    put("unfinished", line.framing.as_deref() == Some("unfinished"));
    put(
        "no-message",
        matches!(line.framing.as_deref(), Some("lost" | "out-of-step")),
    );
    let claimed = octets
        .first_chunk()
        .map(|length| u16::from_be_bytes(*length));
    let Ok(header) = Header::decode(&octets) else {
        put("wrong-length", true);
        put("cut-in-a-field", true);
        return;
    };
    put("bad-cookie", header.magic_cookie != MAGIC_COOKIE);
    put(
        "management",
        header.pptp_message_type != PptpMessageType::CONTROL,
    );
    let message_type = header.control_message_type;
    put("unknown-type", message_type.name().is_none());
    let own = message_type.length();
    put(
        "wrong-length",
        claimed.map(usize::from) != Some(octets.len()) || own.is_some() && own != claimed,
    );
    let table = fields(message_type);
    let end = table.last().map_or(HEADER_LENGTH, |field| field.end());
    put("cut-in-a-field", octets.len() < end);
    for field in table.iter().filter(|field| field.kind == FieldKind::Text) {
        let Some(text) = octets.get(field.offset..field.end().min(octets.len())) else {
            continue;
        };
        let length = text
            .iter()
            .rposition(|octet| *octet != 0)
            .map_or(0, |last| last + 1);
        let printable = text[..length]
            .iter()
            .all(|octet| (0x20..0x7F).contains(octet));
        put("text-octets", !printable || length == text.len());
    }
    let _: ControlMessageType = message_type;
}

fn gre(line: &Line, put: &mut dyn FnMut(&'static str, bool)) {
    let octets = line.raw();
    let Some(flags) = octets
        .first_chunk()
        .map(|flags| GreFlags(u16::from_be_bytes(*flags)))
    else {
        return put("gre-cut", true);
    };
    let set = |mask: u32| u32::from(flags.0) & mask != 0;
    put("checksum-present", set(GreFlags::CHECKSUM_PRESENT.into()));
    put("routing-present", set(GreFlags::ROUTING_PRESENT.into()));
    put("key-absent", !set(GreFlags::KEY_PRESENT.into()));
    put(
        "version",
        u32::from(flags.0) & u32::from(GreFlags::VERSION) != 1,
    );
    let Ok(GrePacket { header, .. }) = GrePacket::decode(&octets) else {
        return put("gre-cut", true);
    };
    put(
        "foreign-protocol",
        header.protocol_type != pptp_wire::GRE_PROTOCOL_PPP,
    );
    let payload = line.payload_octets.unwrap_or(0);
    put(
        "empty-payload",
        header.sequence_number.is_some() && payload == 0,
    );
    put(
        "payload-length",
        u64::from(header.payload_length) != payload,
    );
    put(
        "plain-ppp",
        line.marks
            .iter()
            .any(|mark| mark.ends_with("a payload that no endpoint sends")),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::goldens::Piece;

    fn control(octets: &str) -> Line {
        Line {
            frame: 4,
            plane: "control".into(),
            framing: Some("whole".into()),
            segments: vec![Piece {
                frame: 4,
                octets: octets.len() as u64 / 2,
            }],
            octets: octets.into(),
            ..Line::default()
        }
    }

    fn gre(octets: &str, payload: u64) -> Line {
        Line {
            frame: 4,
            plane: "gre".into(),
            octets: octets.into(),
            payload_octets: Some(payload),
            ..Line::default()
        }
    }

    fn names(line: &Line) -> Vec<&'static str> {
        let parts: &[&Line] = if line.plane == "control" {
            &[line]
        } else {
            &[]
        };
        traits_of(&[line], parts, 4).into_iter().collect()
    }

    #[test]
    fn what_is_right_has_no_trait() {
        assert_eq!(names(&control("001000011A2B3C4D0005000000000007")), [""; 0]);
        assert_eq!(names(&gre("3001880B000200070000000A", 2)), [""; 0]);
    }

    #[test]
    fn each_fault_is_told() {
        let cases = [
            ("001000011A2B3C4E0005000000000007", "bad-cookie"),
            ("001000021A2B3C4D0005000000000007", "management"),
            ("001000011A2B3C4D0063000000000007", "unknown-type"),
            ("001400011A2B3C4D0005000000000007", "wrong-length"),
        ];
        for (octets, name) in cases {
            assert_eq!(names(&control(octets)), [name], "{octets}");
        }
        let cases = [
            ("B001880B000200070000000A", 2, "checksum-present"),
            ("7001880B000200070000000A", 2, "routing-present"),
            ("1001880B000200070000000A", 2, "key-absent"),
            ("3002880B000200070000000A", 2, "version"),
            ("30010800000200070000000A", 2, "foreign-protocol"),
            ("3001880B000000070000000A", 0, "empty-payload"),
            ("3001880B000300070000000A", 2, "payload-length"),
            ("3001880B", 0, "gre-cut"),
        ];
        for (octets, payload, name) in cases {
            assert_eq!(names(&gre(octets, payload)), [name], "{octets}");
        }
    }

    #[test]
    fn segments_and_marks_are_told() {
        let mut line = control("001000011A2B3C4D0005000000000007");
        line.segments.insert(
            0,
            Piece {
                frame: 3,
                octets: 1,
            },
        );
        assert_eq!(names(&line), ["split-message"]);
        line.segments.remove(0);
        line.marks
            .push("made by the scenario: breaks HDR-001".into());
        assert_eq!(names(&line), ["made-by-scenario"]);
        line.marks = vec!["changed on the way".into()];
        assert_eq!(names(&line), ["changed"]);
        let other = line.clone();
        let both = traits_of(&[&line, &other], &[&line, &other], 4);
        assert!(both.contains("shared-segment"));
    }

    #[test]
    fn traits_stand_in_the_order_of_their_names() {
        assert!(TRAITS.is_sorted_by_key(|(name, _)| *name));
    }
}

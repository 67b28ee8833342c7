use super::*;
use arbitrary::{Arbitrary, Unstructured};
use proptest::prelude::*;

fn any_header() -> impl Strategy<Value = GreHeader> {
    proptest::collection::vec(any::<u8>(), 16).prop_map(|octets| {
        GreHeader::arbitrary(&mut Unstructured::new(&octets)).expect("missing octets count as zero")
    })
}

fn encoded(header: &GreHeader) -> Vec<u8> {
    let mut out = [0xAA; GRE_MAXIMUM_HEADER_LENGTH];
    let length = header.encode(&mut out);
    out[..length].to_vec()
}

#[test]
fn the_three_kinds_of_packet_stand_on_the_wire_as_the_rfc_draws_them() {
    let data = GreHeader::data(CallId(0x0102), 0x0304_0506, None, 0x0708);
    assert_eq!(
        encoded(&data),
        [0x30, 0x01, 0x88, 0x0B, 7, 8, 1, 2, 3, 4, 5, 6]
    );
    let both = GreHeader::data(CallId(0x0102), 0x0304_0506, Some(0x090A_0B0C), 0x0708);
    assert_eq!(
        encoded(&both),
        [
            0x30, 0x81, 0x88, 0x0B, 7, 8, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12
        ]
    );
    let acknowledgment = GreHeader::acknowledgment_only(CallId(0x0102), 0x090A_0B0C);
    assert_eq!(
        encoded(&acknowledgment),
        [0x20, 0x81, 0x88, 0x0B, 0, 0, 1, 2, 9, 10, 11, 12]
    );
    for header in [data, both, acknowledgment] {
        assert_eq!(encoded(&header).len(), header.encoded_length());
    }
}

#[test]
fn every_truncation_names_field_and_offset() {
    let names = [
        "checksum-present",
        "protocol-type",
        "payload-length",
        "call-id",
    ];
    for (header, numbers) in [
        (
            GreHeader::data(CallId(1), 2, Some(3), 0),
            &["sequence-number", "acknowledgment-number"][..],
        ),
        (GreHeader::data(CallId(1), 2, None, 0), &["sequence-number"]),
        (
            GreHeader::acknowledgment_only(CallId(1), 3),
            &["acknowledgment-number"],
        ),
    ] {
        let octets = encoded(&header);
        for available in 0..octets.len() {
            let error = GrePacket::decode(&octets[..available]).expect_err("too short");
            let (at, field) = match available {
                0..8 => (available & !1, names[available / 2]),
                _ => (available & !3, numbers[(available - 8) / 4]),
            };
            let needed = if available < 2 { 8 } else { octets.len() };
            let kind = DecodeErrorKind::Truncated { needed, available };
            assert_eq!(error, DecodeError { at, field, kind });
        }
    }
}

#[test]
fn the_bits_are_where_the_rfc_has_them() {
    let read = |flags: GreFlags| {
        [
            flags.checksum_present().into(),
            flags.routing_present().into(),
            flags.key_present().into(),
            flags.sequence_number_present().into(),
            flags.strict_source_route().into(),
            flags.recursion_control(),
            flags.acknowledgment_present().into(),
            flags.reserved_flags(),
            flags.version(),
        ]
    };
    assert_eq!(read(GreFlags(0)), [0; 9]);
    assert_eq!(read(GreFlags(0xFFFF)), [1, 1, 1, 1, 1, 7, 1, 15, 7]);
    for (mask, index, value) in [
        (0x8000, 0, 1),
        (0x4000, 1, 1),
        (0x2000, 2, 1),
        (0x1000, 3, 1),
        (0x0800, 4, 1),
        (0x0500, 5, 5),
        (0x0080, 6, 1),
        (0x0048, 7, 9),
        (0x0006, 8, 6),
    ] {
        let mut expected = [0; 9];
        expected[index] = value;
        assert_eq!(read(GreFlags(mask)), expected, "{mask:#06X}");
    }
}

#[test]
fn data_is_what_payload_length_says_and_no_more_than_is_there() {
    let mut octets = encoded(&GreHeader::data(CallId(1), 2, None, 3));
    octets.extend(b"abcde");
    let packet = GrePacket::decode(&octets).expect("whole header");
    assert_eq!(
        (packet.payload, packet.data()),
        (&b"abcde"[..], &b"abc"[..])
    );
    let packet = GrePacket::decode(&octets[..14]).expect("whole header");
    assert_eq!((packet.payload, packet.data()), (&b"ab"[..], &b"ab"[..]));
}

#[test]
fn fields_are_found_at_their_place_in_a_packet() {
    let place =
        |header: GreHeader, key| gre_field_in(&encoded(&header), key).map(|field| field.offset);
    let both = GreHeader::data(CallId(1), 2, Some(3), 0);
    let acknowledgment = GreHeader::acknowledgment_only(CallId(1), 3);
    let data = GreHeader::data(CallId(1), 2, None, 0);
    assert_eq!(
        (
            place(both, "sequence-number"),
            place(both, "acknowledgment-number")
        ),
        (Some(8), Some(12))
    );
    assert_eq!(
        (
            place(acknowledgment, "sequence-number"),
            place(acknowledgment, "acknowledgment-number")
        ),
        (None, Some(8))
    );
    assert_eq!(
        (
            place(data, "sequence-number"),
            place(data, "acknowledgment-number")
        ),
        (Some(8), None)
    );
    assert_eq!(
        (
            place(data, "call-id"),
            place(data, "version"),
            place(data, "payload")
        ),
        (Some(6), Some(0), None)
    );
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_the_same(header in any_header(), payload in proptest::collection::vec(any::<u8>(), 0..20)) {
        let octets = [encoded(&header), payload.clone()].concat();
        prop_assert_eq!(GrePacket::decode(&octets), Ok(GrePacket { header, payload: &payload }));
    }

    #[test]
    fn what_decodes_encodes_to_the_same(octets in proptest::collection::vec(any::<u8>(), 0..40)) {
        if let Ok(packet) = GrePacket::decode(&octets) {
            prop_assert_eq!([&encoded(&packet.header)[..], packet.payload].concat(), octets);
        } else {
            prop_assert!(octets.len() < GRE_MAXIMUM_HEADER_LENGTH);
        }
    }

    #[test]
    fn the_bits_of_presence_follow_the_numbers(header in any_header(), flags: u16) {
        let octets = encoded(&GreHeader { flags: GreFlags(flags), ..header });
        let decoded = GrePacket::decode(&octets).expect("whole header").header;
        prop_assert_eq!(decoded.sequence_number, header.sequence_number);
        prop_assert_eq!(decoded.acknowledgment_number, header.acknowledgment_number);
        prop_assert_eq!(decoded.flags.0 & !0x1080, flags & !0x1080);
    }

    #[test]
    fn every_field_is_read_where_its_table_says(octets in proptest::collection::vec(any::<u8>(), 16)) {
        let octets = [&[octets[0] | 0x10, octets[1] | 0x80][..], &octets[2..]].concat();
        let header = GrePacket::decode(&octets).expect("whole header").header;
        let read = |key| gre_field(key).and_then(|field| field.read_unsigned(&octets)).expect("is there");
        prop_assert_eq!(read("protocol-type"), u32::from(header.protocol_type));
        prop_assert_eq!(read("payload-length"), u32::from(header.payload_length));
        prop_assert_eq!(read("call-id"), u32::from(header.call_id.0));
        prop_assert_eq!(Some(read("sequence-number")), header.sequence_number);
        prop_assert_eq!(Some(read("acknowledgment-number")), header.acknowledgment_number);
        prop_assert_eq!(read("recursion-control"), u32::from(header.flags.recursion_control()));
        prop_assert_eq!(read("flags"), u32::from(header.flags.reserved_flags()));
        prop_assert_eq!(read("version"), u32::from(header.flags.version()));
        prop_assert_eq!(read("checksum-present"), u32::from(header.flags.checksum_present()));
    }
}

//! Laws of GRE packets and of what they carry.

use super::{Choice, Choices};
use crate::hdlc::{HdlcDecoder, encode};
use crate::ppp::check_test_frame;
use crate::{
    CallId, GRE_MAXIMUM_HEADER_LENGTH, GreFlags, GreHeader, GrePacket, PppFrame, gre_field,
    gre_field_in, validate_gre,
};
use alloc::string::ToString;
use alloc::vec::Vec;

/// The longest frame that a decoder of these laws holds.
const LONGEST_FRAME: usize = 512;

/// Any octets as one GRE packet: what decodes encodes to the same; its fields stand where the table says; its payload can be named
/// as PPP, and taken for asynchronous HDLC, whatever it is; it comes back from being HDLC itself.
///
/// # Panics
/// Where that does not hold.
pub fn gre_decode(octets: &[u8]) {
    let findings = validate_gre(octets);
    for finding in findings.iter() {
        let known = gre_field(finding.field).is_some() || finding.field == "payload";
        assert!(known, "{finding}: no such field");
        assert!(!finding.to_string().is_empty());
    }
    let packet = match GrePacket::decode(octets) {
        Ok(packet) => packet,
        Err(error) => {
            assert!(error.at <= octets.len(), "{error}: behind the octets");
            assert!(
                !findings.is_empty(),
                "what does not decode breaks a requirement: {error}"
            );
            return;
        }
    };
    check_header(&packet, octets);
    check_payload(packet.payload);
}

/// The flags, whose S and A say which numbers there are, then the other fields in wire order.
impl Choice for GreHeader {
    fn read(choices: &mut Choices<'_>) -> Self {
        let flags = GreFlags(choices.word());
        GreHeader {
            flags,
            protocol_type: choices.word(),
            payload_length: choices.word(),
            call_id: CallId(choices.word()),
            sequence_number: flags
                .sequence_number_present()
                .then(|| choices.double_word()),
            acknowledgment_number: flags
                .acknowledgment_present()
                .then(|| choices.double_word()),
        }
    }

    fn write(&self, octets: &mut Vec<u8>) {
        let mut header = [0; GRE_MAXIMUM_HEADER_LENGTH];
        let length = self.encode(&mut header);
        octets.extend_from_slice(&header[..length]);
    }
}

crate::arbitrary_by_choice!(GreHeader);

fn check_header(packet: &GrePacket<'_>, octets: &[u8]) {
    let header = &packet.header;
    let mut buffer = [0xAA; GRE_MAXIMUM_HEADER_LENGTH];
    let length = header.encode(&mut buffer);
    assert_eq!(length, header.encoded_length());
    assert_eq!(
        octets.split_at(length),
        (&buffer[..length], packet.payload),
        "what decodes encodes to the same"
    );
    assert!(packet.payload.starts_with(packet.data()));
    assert!(packet.data().len() <= usize::from(header.payload_length));
    let value = |key| gre_field_in(octets, key).and_then(|field| field.read_unsigned(octets));
    assert_eq!(value("sequence-number"), header.sequence_number);
    assert_eq!(value("acknowledgment-number"), header.acknowledgment_number);
    assert_eq!(value("call-id"), Some(header.call_id.0.into()));
    assert_eq!(value("payload-length"), Some(header.payload_length.into()));
}

fn check_payload(payload: &[u8]) {
    let frame = PppFrame::parse(payload);
    assert!(!frame.to_string().is_empty());
    assert!(payload.ends_with(frame.information));
    // Both answers are right; what must not happen is a panic.
    let _ = check_test_frame(payload);

    let mut decoder = HdlcDecoder::<LONGEST_FRAME>::default();
    let mut rest = payload;
    while decoder.push(&mut rest).is_some() {}
    assert!(rest.is_empty(), "the decoder takes all octets");

    if (2..=LONGEST_FRAME - 2).contains(&payload.len()) {
        let mut framed = Vec::new();
        encode(payload, u32::MAX, &mut framed);
        let mut decoder = HdlcDecoder::<LONGEST_FRAME>::default();
        assert_eq!(decoder.push(&mut &framed[..]), Some(Ok(payload)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    #[should_panic(expected = "what decodes encodes to the same")]
    fn a_header_that_came_from_elsewhere_is_noticed() {
        let octets = [0x20, 0x01, 0x88, 0x0B, 0, 0, 0, 1];
        let packet = GrePacket::decode(&octets).expect("decodes");
        check_header(&packet, &[0x20, 0x01, 0x88, 0x0B, 0, 0, 0, 2]);
    }

    proptest! {
        #[test]
        fn the_laws_hold(octets in proptest::collection::vec(any::<u8>(), 0..600)) {
            gre_decode(&octets);
        }

        #[test]
        fn the_laws_hold_behind_a_legal_header(mut octets in proptest::collection::vec(any::<u8>(), 16..600)) {
            octets[..4].copy_from_slice(&[0x30, 0x81, 0x88, 0x0B]);
            gre_decode(&octets);
        }
    }
}

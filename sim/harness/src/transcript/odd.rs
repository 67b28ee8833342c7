//! Fields of a GRE header that are not as they should be.

use pptp_wire::FieldKind;
use pptp_wire::gre::{GRE_PROTOCOL_PPP, GreFlags, GreHeader};

/// Header fields that are not what RFC 2637 §4.1 asks for, and a payload that is not as long as it says: key and value. `length` is
/// that of the packet from the header on, in octets.
#[inline]
pub(super) fn odd_fields(header: &GreHeader, length: u32) -> Vec<(&'static str, u32)> {
    let payload = length.saturating_sub(u32::try_from(header.encoded_length()).unwrap_or(0));
    if payload == u32::from(header.payload_length) && is_usual(header) {
        return Vec::new();
    }
    unusual_fields(header, payload)
}

fn unusual_fields(header: &GreHeader, payload: u32) -> Vec<(&'static str, u32)> {
    let mut odd = Vec::new();
    for field in pptp_wire::GRE_FIELDS {
        let seen = match (field.key, field.kind) {
            ("protocol-type", _) => (header.protocol_type != GRE_PROTOCOL_PPP)
                .then_some(u32::from(header.protocol_type)),
            (key, FieldKind::Bits(_)) => field
                .read_unsigned(&header.flags.0.to_be_bytes())
                .filter(|value| *value != usual_flag(header, key)),
            _ => None,
        };
        if let Some(seen) = seen {
            odd.push((field.key, seen));
        }
    }
    let has_numbers = header.sequence_number.is_some() || header.acknowledgment_number.is_some();
    if payload != u32::from(header.payload_length) && has_numbers {
        odd.push(("octets", payload));
    }
    odd
}

/// What RFC 2637 §4.1 asks for in one of the bits of octets 0 and 1.
fn usual_flag(header: &GreHeader, key: &str) -> u32 {
    match key {
        "key-present" | "version" => 1,
        "sequence-number-present" => u32::from(header.sequence_number.is_some()),
        "acknowledgment-present" => u32::from(header.acknowledgment_number.is_some()),
        _ => 0,
    }
}

/// Whether octets 0 to 3 of the header are what RFC 2637 §4.1 asks for: of nearly all packets.
fn is_usual(header: &GreHeader) -> bool {
    let (sequence, acknowledgment) = (header.sequence_number, header.acknowledgment_number);
    let mut flags = GreFlags::PPTP.0;
    if sequence.is_some() {
        flags |= GreFlags::SEQUENCE_NUMBER_PRESENT;
    }
    if acknowledgment.is_some() {
        flags |= GreFlags::ACKNOWLEDGMENT_PRESENT;
    }
    header.flags.0 == flags && header.protocol_type == GRE_PROTOCOL_PPP
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::CallId;

    #[test]
    fn a_header_as_it_should_be_has_no_odd_field_and_each_other_is_named() {
        let header = GreHeader::data(CallId(7), 3, None, 20);
        let length = u32::try_from(header.encoded_length()).expect("a few octets") + 20;
        assert_eq!(odd_fields(&header, length), []);
        assert_eq!(odd_fields(&header, length - 1), [("octets", 19)]);
        let mut odd = header;
        odd.protocol_type = 0x0800;
        odd.flags.0 &= !1;
        assert_eq!(
            odd_fields(&odd, length),
            [("version", 0), ("protocol-type", 0x0800)]
        );
    }
}

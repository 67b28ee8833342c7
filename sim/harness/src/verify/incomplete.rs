//! GRE packets of which the capture holds only the beginning.

use pptp_wire::GrePacket;

/// What stands where nothing is known of the payload: PPP with address and control, an IP packet. The rules find nothing on it.
const NEUTRAL: [u8; 4] = [0xFF, 0x03, 0x00, 0x21];
/// Octets of a PPP packet that the rules look at.
const PPP_BEGINNING: usize = 8;

/// The packet as it may have been: what is missing behind its GRE header is made up so that nothing is found on it. `None` where the
/// header itself is cut.
pub(super) fn completed<'b>(
    octets: &[u8],
    sent_length: usize,
    buffer: &'b mut Vec<u8>,
) -> Option<&'b [u8]> {
    let header_length = GrePacket::decode(octets).ok()?.header.encoded_length();
    buffer.clear();
    buffer.extend_from_slice(octets);
    if octets.len() < header_length + PPP_BEGINNING {
        buffer.truncate(header_length);
        buffer.extend_from_slice(&NEUTRAL);
    }
    buffer.resize(sent_length, 0);
    Some(buffer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::{CallId, GRE_MAXIMUM_HEADER_LENGTH, GreHeader, validate_gre};

    #[test]
    fn nothing_is_found_on_what_the_capture_does_not_hold() {
        let mut header = [0; GRE_MAXIMUM_HEADER_LENGTH];
        let length = GreHeader::data(CallId(7), 3, Some(2), 700).encode(&mut header);
        let mut octets = header[..length].to_vec();
        octets.extend([0xFF, 3, 0, 0x21, 0x45, 0, 0, 0, 0, 0, 0]);
        let sent_length = length + 700;
        let mut buffer = Vec::new();
        for kept in 0..octets.len() {
            let whole = completed(&octets[..kept], sent_length, &mut buffer);
            assert_eq!(whole.is_some(), kept >= length, "{kept}");
            if let Some(whole) = whole {
                assert_eq!(whole.len(), sent_length);
                assert!(validate_gre(whole).is_empty(), "{kept}");
            }
        }
    }
}

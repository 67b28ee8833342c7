//! Lines for GRE packets.

use pptp_wire::{GRE_MAXIMUM_HEADER_LENGTH, GreHeader};

use super::control_line::{hex, patch};
use super::story::Packet;

/// The words of a line with which a scripted node sends just this packet, behind `GRE`; the payload is made up.
pub fn sent(packet: &Packet, call: Option<&str>) -> String {
    let Some(header) = packet.header else {
        return no_header(packet);
    };
    let mut line = match call {
        Some(call) => format!(" call={call}"),
        None => format!(" call-id={}", header.call_id.0),
    };
    let mut buffer = [0; GRE_MAXIMUM_HEADER_LENGTH];
    let plain = GreHeader {
        ..GreHeader::data(header.call_id, 0, None, header.payload_length)
    };
    // A line says one number at least: for a packet that has none it says 0, and the bit is patched away.
    let has_none = header.sequence_number.is_none() && header.acknowledgment_number.is_none();
    let plain = GreHeader {
        sequence_number: if has_none {
            Some(0)
        } else {
            header.sequence_number
        },
        acknowledgment_number: header.acknowledgment_number,
        ..plain
    };
    let length = plain.encode(&mut buffer);
    let payload = packet.length.checked_sub(length);
    line.push_str(&numbers(&plain));
    let says = usize::from(plain.payload_length);
    match payload {
        Some(payload) if payload != says => line.push_str(&format!(" octets={payload}")),
        Some(_) if plain.sequence_number.is_none() && says > 0 => {
            line.push_str(&format!(" octets={says}"));
        }
        Some(_) => {}
        None => line.push_str(&format!(" truncate={}", packet.length)),
    }
    let kept = length.min(packet.octets.len());
    line.push_str(&patch(&buffer[..kept], &packet.octets[..kept]));
    line
}

/// ` sequence-number=1 acknowledgment-number=2 payload-length=14`.
fn numbers(header: &GreHeader) -> String {
    let mut words = String::new();
    if let Some(number) = header.sequence_number {
        words.push_str(&format!(" sequence-number={number}"));
    } else if header.acknowledgment_number.is_some() {
        words.push_str(" acknowledgment-only=#true");
    }
    if let Some(number) = header.acknowledgment_number {
        words.push_str(&format!(" acknowledgment-number={number}"));
    }
    if header.sequence_number.is_some() || header.payload_length > 0 {
        words.push_str(&format!(" payload-length={}", header.payload_length));
    }
    words
}

/// Octets that are no GRE header of PPTP, as a packet whose octets are all patched.
fn no_header(packet: &Packet) -> String {
    const PLAIN: usize = 12;
    let mut line = " call-id=0 sequence-number=0 payload-length=0".to_owned();
    match packet.length.checked_sub(PLAIN) {
        Some(0) => {}
        Some(more) => line.push_str(&format!(" octets={more}")),
        None => line.push_str(&format!(" truncate={}", packet.length)),
    }
    if !packet.octets.is_empty() {
        line.push_str(&format!(" patch=\"0:{}\"", hex(&packet.octets)));
    }
    line
}

/// The words for `packets` data packets of the same Payload Length, numbered from this one on.
pub fn run_of_data(call: &str, first: u32, packets: usize, length: u16) -> String {
    match packets {
        1 => format!(" call={call} sequence-number={first} payload-length={length}"),
        _ => format!(
            " call={call} packets={packets} sequence-number=\"{first}..{}\" payload-length={length}",
            u64::from(first) + packets as u64 - 1
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::GrePacket;

    fn line(octets: &[u8]) -> String {
        let packet = Packet {
            octets: octets.to_vec(),
            length: octets.len(),
            header: GrePacket::decode(octets).ok().map(|packet| packet.header),
            call: None,
        };
        sent(&packet, None)
    }

    const DATA: [u8; 14] = [0x30, 0x01, 0x88, 0x0b, 0, 2, 0, 7, 0, 0, 0, 5, 1, 2];

    #[test]
    fn plain_packets_need_no_raw_work() {
        assert_eq!(line(&DATA), " call-id=7 sequence-number=5 payload-length=2");
        let acknowledgment = [0x20, 0x81, 0x88, 0x0b, 0, 0, 0, 7, 0, 0, 0, 5];
        assert_eq!(
            line(&acknowledgment),
            " call-id=7 acknowledgment-only=#true acknowledgment-number=5"
        );
    }

    #[test]
    fn odd_ones_are_patched_and_filled() {
        let mut octets = DATA.to_vec();
        octets[2] = 0x08;
        octets[3] = 0x00;
        assert!(
            line(&octets).ends_with(" patch=\"2:0800\""),
            "{}",
            line(&octets)
        );
        let mut octets = DATA.to_vec();
        octets.extend([0; 3]);
        assert!(line(&octets).ends_with(" octets=5"), "{}", line(&octets));
        let no_number = [0x20, 0x01, 0x88, 0x0b, 0, 2, 0, 7, 0, 0, 0, 0, 1, 2];
        assert_eq!(
            line(&no_number),
            " call-id=7 sequence-number=0 payload-length=2 patch=\"0:20\""
        );
        assert_eq!(
            line(&no_number[..8]),
            " call-id=7 sequence-number=0 payload-length=2 truncate=8 patch=\"0:20\""
        );
        assert_eq!(
            line(&[1, 2, 3]),
            " call-id=0 sequence-number=0 payload-length=0 truncate=3 patch=\"0:010203\""
        );
    }
}

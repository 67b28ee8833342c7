//! The work of the bench: fifteen control messages and some GRE packets, decoded here and by hand.

// The table of all benches uses this file as well.
#[path = "hand_written.rs"]
mod hand_written;

use pptp_wire::{CallId, ControlMessage, ControlMessageType, GreHeader, GrePacket, Raw};
use std::hint::black_box;

/// The fifteen messages as on the wire, with their text fields filled as real peers fill them.
pub fn control_messages() -> Vec<Vec<u8>> {
    let texts = [
        ("host-name", &b"pns.example.net"[..]),
        ("vendor-name", b"pptp-sim"),
        ("phone-number", b"5551234"),
        ("dialed-number", b"5551234"),
        ("dialing-number", b"5559876"),
        (
            "call-statistics",
            b"received 123456 octets, sent 654321 octets",
        ),
    ];
    let lengths = [
        ("phone-number-length", 7),
        ("dialed-number-length", 7),
        ("dialing-number-length", 7),
    ];
    let messages: Vec<Vec<u8>> = ControlMessageType::ALL
        .iter()
        .map(|row| {
            let mut raw = Raw::control(
                ControlMessage::default_for(ControlMessageType(row.0)).expect("defined"),
            );
            for (key, text) in texts {
                raw = raw.clone().patch_text(key, text).unwrap_or(raw);
            }
            for (key, length) in lengths {
                raw = raw.clone().patch(key, length).unwrap_or(raw);
            }
            raw.into_octets()
        })
        .collect();
    assert_eq!(messages.len(), 15);
    assert_eq!(messages.iter().map(Vec::len).sum::<usize>(), 1080);
    messages
}

/// Packets as a tunnel carries them: data with and without acknowledgment, and acknowledgments alone, 100 octets of payload.
pub fn gre_packets() -> Vec<Vec<u8>> {
    (0..64u32)
        .map(|number| {
            let call_id = CallId(number as u16);
            let (header, payload) = match number % 3 {
                0 => (
                    GreHeader::data(call_id, number, None, 100),
                    &[0x21; 100][..],
                ),
                1 => (
                    GreHeader::data(call_id, number, Some(number), 100),
                    &[0x21; 100][..],
                ),
                _ => (GreHeader::acknowledgment_only(call_id, number), &[][..]),
            };
            Raw::gre(&header, payload).into_octets()
        })
        .collect()
}

/// Decodes and judges every message; how many were without findings.
pub fn decode_all(messages: &[Vec<u8>]) -> usize {
    let mut clean = 0;
    for octets in messages {
        if let Ok(message) = ControlMessage::decode(black_box(octets)) {
            let findings = message.validate();
            clean += usize::from(findings.is_empty());
            black_box((&message, &findings));
        }
    }
    clean
}

/// Parses every message by hand; how many were messages.
pub fn parse_all(messages: &[Vec<u8>]) -> usize {
    let mut parsed = 0;
    for octets in messages {
        if let Some(message) = hand_written::parse(black_box(octets)) {
            parsed += 1;
            black_box(&message);
        }
    }
    parsed
}

/// Decodes every packet; the sum of all fields and of the payload octets.
pub fn decode_all_gre(packets: &[Vec<u8>]) -> usize {
    let mut sum = 0;
    for octets in packets {
        if let Ok(GrePacket { header, payload }) = GrePacket::decode(black_box(octets)) {
            sum += usize::from(header.flags.0)
                + usize::from(header.protocol_type)
                + usize::from(header.payload_length);
            sum += usize::from(header.call_id.0) + payload.len();
            sum += header.sequence_number.map_or(1, |number| number as usize);
            sum += header
                .acknowledgment_number
                .map_or(1, |number| number as usize);
        }
    }
    sum
}

/// Parses every packet by hand; the same sum.
pub fn parse_all_gre(packets: &[Vec<u8>]) -> usize {
    let mut sum = 0;
    for octets in packets {
        if let Some(header) = hand_written::parse_gre(black_box(octets)) {
            sum += usize::from(header.flags)
                + usize::from(header.protocol_type)
                + usize::from(header.payload_length);
            sum += usize::from(header.call_id) + octets.len() - header.header_length;
            sum += header.sequence_number.map_or(1, |number| number as usize);
            sum += header
                .acknowledgment_number
                .map_or(1, |number| number as usize);
        }
    }
    sum
}

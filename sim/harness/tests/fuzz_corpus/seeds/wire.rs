//! Messages, packets and streams.

use pptp_wire::fuzzing::{Differential, Packet, written};
use pptp_wire::hdlc::encode;
use pptp_wire::ppp::test_frame;
use pptp_wire::{CallId, ControlMessage, ControlMessageType, GreHeader, GrePacket, MAXIMUM_LENGTH};

/// Every message that is legal, with its name.
fn messages() -> Vec<(String, Vec<u8>)> {
    ControlMessageType::ALL
        .iter()
        .map(|row| ControlMessageType(row.0))
        .filter_map(|message_type| {
            let message = ControlMessage::default_for(message_type)?;
            let octets = message.encode(&mut [0; MAXIMUM_LENGTH]).to_vec();
            Some((message_type.name()?.to_lowercase(), octets))
        })
        .collect()
}

/// The legal messages, and some that are not.
pub fn control_messages() -> Vec<(String, Vec<u8>)> {
    let mut seeds = messages();
    let (_, echo) = seeds[4].clone();
    let mut with = |name: &str, change: fn(&mut Vec<u8>)| {
        let mut octets = echo.clone();
        change(&mut octets);
        seeds.push((name.to_owned(), octets));
    };
    with("cut-off", |octets| octets.truncate(11));
    with("too-long", |octets| octets.push(0));
    with("bad-cookie", |octets| octets[4..8].reverse());
    with("management-message", |octets| octets[3] = 2);
    with("unknown-type", |octets| octets[9] = 16);
    with("byte-order", |octets| octets[..2].reverse());
    with("reserved", |octets| octets[11] = 1);
    with("empty", Vec::clear);
    seeds
}

/// Every type, with values in all of its fields; every second one lies in its header.
pub fn control_values() -> Vec<(String, Vec<u8>)> {
    messages()
        .into_iter()
        .enumerate()
        .map(|(number, (name, octets))| {
            let number = number as u8;
            let values = (0..octets.len() as u8 + 24).map(|value| value.wrapping_mul(7));
            let seed = [number, number & 1].into_iter().chain(values).collect();
            (name, seed)
        })
        .collect()
}

/// A packet of this header with this payload.
fn packet(header: GreHeader, payload: &[u8]) -> Vec<u8> {
    let mut buffer = [0; 16];
    let length = header.encode(&mut buffer);
    [&buffer[..length], payload].concat()
}

/// Packets with and without numbers, with each kind of payload, and malformed ones.
pub fn gre_packets() -> Vec<(String, Vec<u8>)> {
    let mut frame = Vec::new();
    test_frame(7, 100, &mut frame);
    let lcp = [0xFF, 0x03, 0xC0, 0x21, 1, 1, 0, 10, 5, 6, 1, 2, 3, 4];
    let mut hdlc = Vec::new();
    encode(&lcp, u32::MAX, &mut hdlc);
    let id = CallId(0x1234);
    let data = |acknowledgment, payload: &[u8]| {
        packet(
            GreHeader::data(id, 9, acknowledgment, payload.len() as u16),
            payload,
        )
    };
    let mut bad_header = data(None, &frame);
    bad_header[0] |= 0xC8;
    let mut short = data(Some(3), &frame);
    short.truncate(60);
    let seeds: [(&str, Vec<u8>); 12] = [
        ("data", data(None, &frame)),
        ("data-and-acknowledgment", data(Some(0xFFFF_FFFF), &frame)),
        (
            "acknowledgment",
            packet(GreHeader::acknowledgment_only(id, 4), &[]),
        ),
        ("lcp", data(None, &lcp)),
        ("compressed-protocol", data(None, &[0x21, 0x45, 0])),
        ("encrypted", data(None, &[0x00, 0xFD, 0x90, 0x01, 0xAB])),
        ("hdlc", data(None, &hdlc)),
        ("one-octet", data(None, &[0x7E])),
        ("bad-header", bad_header),
        ("fewer-octets-than-said", short.clone()),
        ("cut-off-in-a-number", short[..13].to_vec()),
        ("cut-off-in-the-header", short[..5].to_vec()),
    ];
    seeds
        .map(|(name, octets)| (name.to_owned(), octets))
        .to_vec()
}

/// Every message with a different octet at every place, and packets with and without numbers.
pub fn messages_and_packets() -> Vec<(String, Vec<u8>)> {
    let counted = messages().into_iter().map(|(name, mut octets)| {
        for (place, octet) in octets.iter_mut().enumerate().skip(12) {
            *octet = place as u8;
        }
        (name, octets)
    });
    let packets = gre_packets()
        .into_iter()
        .filter(|(name, _)| {
            name.contains("acknowledgment") || name.contains("cut-off") || name.starts_with("bad")
        })
        .map(|(name, octets)| (format!("gre-{name}"), octets));
    counted.chain(packets).collect()
}

/// Streams with packets beside them, every message in one of them.
pub fn differential() -> Vec<(String, Vec<u8>)> {
    let decoded = |octets: &[u8]| ControlMessage::decode(octets).expect("legal");
    let all: Vec<ControlMessage> = messages()
        .iter()
        .map(|(_, octets)| decoded(octets))
        .collect();
    let mut lies = all[4];
    lies.header.reserved0 = 1;
    let packets: Vec<Packet> = gre_packets()
        .iter()
        .filter_map(|(_, octets)| GrePacket::decode(octets).ok())
        .map(|packet| Packet {
            header: packet.header,
            payload: packet.payload.to_vec(),
        })
        .collect();
    let input = |messages: &[ControlMessage], junk: &[u8], segments: &[u8], packets: &[Packet]| {
        written(&Differential {
            messages: messages.to_vec(),
            junk: junk.to_vec(),
            segments: segments.to_vec(),
            packets: packets.to_vec(),
        })
    };
    let seeds: [(&str, Vec<u8>); 6] = [
        ("calls", input(&all[6..13], &[], &[200, 3], &packets[..2])),
        ("connection", input(&all[..6], &[], &[], &packets[2..4])),
        (
            "cut-off",
            input(&all[4..5], &[0, 16, 0, 1, 0x1A], &[1], &[]),
        ),
        (
            "junk",
            input(&[all[4], lies], &[0, 15, 0, 2], &[7, 0, 9], &[]),
        ),
        ("line", input(&all[13..], &[], &[20], &packets[4..6])),
        ("packets", input(&[], &[], &[], &packets)),
    ];
    seeds
        .map(|(name, octets)| (name.to_owned(), octets))
        .to_vec()
}

/// Streams of messages, whole and with junk, cut in different ways under different configurations.
pub fn streams() -> Vec<(String, Vec<u8>)> {
    let all: Vec<u8> = messages()
        .into_iter()
        .flat_map(|(_, octets)| octets)
        .collect();
    let (_, echo) = messages().swap_remove(4);
    let junk = [&echo[..], b"junk", &echo, &[0; 9], &echo].concat();
    let input = |minimum: u16, maximum: u16, flags: [u8; 2], lengths: &[u8], stream: &[u8]| {
        let mut octets = [minimum.to_be_bytes(), maximum.to_be_bytes()].concat();
        octets.extend(flags);
        octets.push(lengths.len() as u8);
        octets.extend(lengths);
        octets.extend(stream);
        octets
    };
    let seeds: [(&str, Vec<u8>); 8] = [
        ("all-messages", input(12, 220, [0, 0], &[], &all)),
        ("octet-by-octet", input(12, 220, [0, 0], &[1], &echo)),
        (
            "uneven-segments",
            input(12, 220, [0, 0], &[1, 7, 0, 200, 13], &all),
        ),
        ("junk", input(12, 220, [0, 0], &[9], &junk)),
        ("junk-is-skipped", input(12, 220, [0, 1], &[5, 3], &junk)),
        ("any-type", input(8, 256, [1, 0], &[40], &all)),
        ("unfinished", input(12, 220, [0, 0], &[4], &echo[..15])),
        (
            "narrow-limits",
            input(16, 16, [0, 0], &[], &[&echo[..], &all].concat()),
        ),
    ];
    seeds
        .map(|(name, octets)| (name.to_owned(), octets))
        .to_vec()
}

//! A stream of messages and the packets beside it, each read in several ways.

use super::tables::field_tables;
use crate::{
    ControlMessage, Framer, FramerConfig, GreHeader, GrePacket, HEADER_LENGTH, Header,
    MAGIC_COOKIE, MAXIMUM_LENGTH, Raw, field_by_key, gre_field_in, validate_control, validate_gre,
};
use alloc::vec::Vec;

crate::choice! {
    /// What two ends of a tunnel might send, with legal and with any values.
    pub struct Differential {
        /// Messages, in the order of the stream.
        messages: Vec<ControlMessage>,
        /// Octets behind them.
        junk: Vec<u8>,
        /// Lengths of the segments that the stream comes in, in turn; 0 counts as 256.
        segments: Vec<u8>,
        /// Packets.
        packets: Vec<Packet>,
    }
}

crate::choice! {
    /// A GRE packet.
    pub struct Packet {
        /// Its header.
        header: GreHeader,
        /// What follows it, whatever Payload Length says.
        payload: Vec<u8>,
    }
}

/// Messages are the same whether a framer finds them in segments, or their Lengths are followed through the whole stream; whether
/// they are read as structs or, in their places, by the field tables; and whether they are judged as octets or as structs. So are
/// packets, and those that a struct was encoded to.
///
/// # Panics
/// Where that does not hold.
pub fn differential(input: &Differential) {
    let mut stream = Vec::new();
    for message in &input.messages {
        stream.extend_from_slice(message.encode(&mut [0; MAXIMUM_LENGTH]));
    }
    stream.extend_from_slice(&input.junk);
    let streamed = in_segments(&stream, &input.segments);
    assert_eq!(streamed, at_once(&stream), "streamed, and at once");
    for octets in &streamed.messages {
        check_message(octets);
    }
    for packet in &input.packets {
        check_packet(packet);
    }
}

/// The messages of a stream, and where it stops to be one.
#[derive(Debug, Eq, PartialEq)]
struct Messages<'a> {
    messages: Vec<&'a [u8]>,
    fails_at: Option<usize>,
}

/// As the framer finds them.
fn in_segments<'a>(stream: &'a [u8], segments: &[u8]) -> Messages<'a> {
    let mut framer = Framer::new(FramerConfig::RFC);
    let mut found = Messages {
        messages: Vec::new(),
        fails_at: None,
    };
    let mut lengths = segments
        .iter()
        .chain(segments.is_empty().then_some(&0))
        .cycle();
    let (mut rest, mut begin) = (stream, 0);
    while let (false, Some(&length)) = (rest.is_empty(), lengths.next()) {
        let length = usize::from(length.wrapping_sub(1)) + 1;
        let (mut segment, behind) = rest.split_at(length.min(rest.len()));
        rest = behind;
        while let Some(answer) = framer.push(&mut segment) {
            match answer {
                Ok(frame) => {
                    let in_stream = &stream[begin..begin + frame.octets.len()];
                    assert_eq!(frame.octets, in_stream, "the octets of the stream");
                    begin += in_stream.len();
                    found.messages.push(in_stream);
                }
                Err(error) => found.fails_at = Some(error.position as usize),
            }
        }
    }
    found
}

/// As RFC 2637 §2 defines them, by their Lengths alone: nothing here is shared with the framer.
fn at_once(stream: &[u8]) -> Messages<'_> {
    let mut found = Messages {
        messages: Vec::new(),
        fails_at: None,
    };
    let mut at = 0;
    while let Some(rest) = stream.get(at..).filter(|rest| !rest.is_empty()) {
        let word = |place: usize| {
            let octets = rest.get(place..place + 2);
            octets.map(|octets| u16::from_be_bytes([octets[0], octets[1]]))
        };
        let length = word(0).map(usize::from);
        let lies = [
            length.is_some_and(|length| !(HEADER_LENGTH..=MAXIMUM_LENGTH).contains(&length)),
            word(2).is_some_and(|message_type| message_type != 1),
            rest.get(4..8)
                .is_some_and(|cookie| cookie != MAGIC_COOKIE.to_be_bytes()),
        ];
        if lies.contains(&true) {
            found.fails_at = Some(at);
            break;
        }
        let Some(message) = length.and_then(|length| rest.get(..length)) else {
            break;
        };
        found.messages.push(message);
        at += message.len();
    }
    found
}

/// One message as octets and as a struct.
fn check_message(octets: &[u8]) {
    field_tables(octets);
    let header = Header::decode(octets).expect("a framer gives whole headers");
    let Ok(owned) = ControlMessage::decode(octets) else {
        return;
    };
    assert_eq!(owned.validate(), validate_control(octets), "judged alike");
    assert_eq!(Raw::control(owned).into_octets(), octets, "encoded again");
    let by_table = |key| field_by_key(owned.message_type(), key)?.read_unsigned(octets);
    assert_eq!(by_table("length"), Some(header.length.into()));
    assert_eq!(by_table("reserved0"), Some(header.reserved0.into()));
}

/// One packet as a struct, and as octets.
fn check_packet(packet: &Packet) {
    let Packet { header, payload } = packet;
    let octets = Raw::gre(header, payload).into_octets();
    let view = GrePacket::decode(&octets).expect("a struct encodes to a whole header");
    assert_eq!((&view.header, view.payload), (header, &payload[..]));
    let said = usize::from(header.payload_length).min(payload.len());
    assert_eq!(
        view.data(),
        &payload[..said],
        "as much as Payload Length says"
    );
    field_tables(&octets);
    for finding in validate_gre(&octets).iter() {
        let place = gre_field_in(&octets, finding.field);
        assert!(place.is_some() || finding.field == "payload", "{finding}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing::{Choice, Choices};
    use crate::{CallId, EchoReply, EchoRequest};
    use proptest::prelude::*;

    fn input() -> Differential {
        Differential {
            messages: vec![EchoRequest::default().into(), EchoReply::default().into()],
            junk: vec![0, 16, 0, 1, 0, 0, 0, 0],
            segments: vec![1, 0, 7],
            packets: vec![Packet {
                header: GreHeader::data(CallId(3), 4, Some(5), 2),
                payload: vec![1, 2, 3],
            }],
        }
    }

    #[test]
    fn both_ways_find_the_messages_and_the_junk() {
        let stream = [EchoRequest::default().into(), EchoReply::default().into()]
            .map(|message: ControlMessage| Raw::control(message).into_octets())
            .concat();
        let with_junk = [&stream[..], &[0, 16, 0, 9]].concat();
        let found = at_once(&with_junk);
        assert_eq!(found.messages, [&stream[..16], &stream[16..]]);
        assert_eq!(found.fails_at, Some(36));
        assert_eq!(in_segments(&with_junk, &[3]), found);
        assert_eq!(at_once(&stream[..30]).messages.len(), 1);
        differential(&input());
    }

    #[test]
    fn a_message_that_one_way_does_not_find_is_noticed() {
        let stream = Raw::control(EchoRequest::default()).into_octets();
        let found = at_once(&stream);
        assert_ne!(in_segments(&stream[..15], &[]), found);
        assert_ne!(at_once(&stream[1..]), found);
    }

    proptest! {
        #[test]
        fn the_laws_hold(octets in proptest::collection::vec(any::<u8>(), 0..500)) {
            let input = Differential::read(&mut Choices::new(&octets));
            differential(&input);
            let mut written = Vec::new();
            input.write(&mut written);
            prop_assert_eq!(Differential::read(&mut Choices::new(&written)), input);
        }
    }
}

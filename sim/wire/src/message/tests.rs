use super::*;
use crate::{Finding, MAGIC_COOKIE, PptpMessageType, Requirement};
use arbitrary::{Arbitrary, Unstructured};
use proptest::prelude::*;

/// Any value of a type, made from random octets.
fn any_value<T: for<'a> Arbitrary<'a> + std::fmt::Debug>() -> impl Strategy<Value = T> {
    proptest::collection::vec(any::<u8>(), 0..600).prop_map(|octets| {
        T::arbitrary(&mut Unstructured::new(&octets)).expect("missing octets count as zero")
    })
}

fn message_types() -> impl Iterator<Item = ControlMessageType> {
    ControlMessageType::ALL
        .iter()
        .map(|row| ControlMessageType(row.0))
}

fn encoded(message: &ControlMessage) -> Vec<u8> {
    message.encode(&mut [0xAA; MAXIMUM_LENGTH]).to_vec()
}

/// Octets that are a message of some type but for the values of its other fields.
fn octets_of_any_message() -> impl Strategy<Value = Vec<u8>> {
    (1u16..=15).prop_flat_map(|value| {
        let length = usize::from(ControlMessageType(value).length().expect("defined"));
        proptest::collection::vec(any::<u8>(), length).prop_map(move |mut octets: Vec<u8>| {
            octets[8..10].copy_from_slice(&value.to_be_bytes());
            octets
        })
    })
}

#[test]
fn default_messages_are_legal() {
    for message_type in message_types() {
        let message = ControlMessage::default_for(message_type).expect("defined");
        assert_eq!(message.message_type(), message_type);
        assert_eq!(message.header, Header::for_type(message_type));
        assert_eq!(
            message.validate().iter().collect::<Vec<Finding>>(),
            [],
            "{message_type:?}"
        );
        assert_eq!(encoded(&message).len(), usize::from(message.header.length));
    }
    assert_eq!(ControlMessage::default_for(ControlMessageType(16)), None);
    assert_eq!(ControlMessage::default_for(ControlMessageType(0)), None);
}

#[test]
fn every_truncation_of_every_message_names_field_and_offset() {
    for message_type in message_types() {
        let octets = encoded(&ControlMessage::default_for(message_type).expect("defined"));
        for available in 0..octets.len() {
            let error = ControlMessage::decode(&octets[..available]).expect_err("too short");
            let field = fields(message_type)
                .iter()
                .find(|field| field.end() > available)
                .expect("inside the message");
            assert_eq!(
                (error.at, error.field),
                (field.offset, field.key),
                "{available} octets of {message_type:?}"
            );
            let needed = if available < 12 { 12 } else { octets.len() };
            assert_eq!(error.kind, DecodeErrorKind::Truncated { needed, available });
        }
    }
}

#[test]
fn a_message_that_is_too_long_is_refused() {
    for message_type in message_types() {
        let mut octets = encoded(&ControlMessage::default_for(message_type).expect("defined"));
        let needed = octets.len();
        octets.push(0);
        let error = ControlMessage::decode(&octets).expect_err("too long");
        assert_eq!(
            (error.at, error.kind),
            (
                needed,
                DecodeErrorKind::TooLong {
                    needed,
                    available: needed + 1
                }
            )
        );
    }
}

#[test]
fn an_undefined_type_is_refused_and_shown() {
    let mut octets = encoded(&EchoRequest::default().into());
    for unknown in [0, 16, 0x0500, u16::MAX] {
        octets[8..10].copy_from_slice(&unknown.to_be_bytes());
        let error = ControlMessage::decode(&octets).expect_err("undefined");
        assert_eq!((error.at, error.field), (8, "control-message-type"));
        assert_eq!(
            error.kind,
            DecodeErrorKind::UnknownControlMessageType(unknown)
        );
        assert!(error.to_string().contains(&unknown.to_string()));
    }
}

#[test]
fn a_header_may_lie_about_everything_but_the_type() {
    let mut message = ControlMessage::from(EchoReply {
        identifier: 7,
        ..EchoReply::default()
    });
    message.header.length = 9;
    message.header.pptp_message_type = PptpMessageType(0xFFFF);
    message.header.magic_cookie = !MAGIC_COOKIE;
    message.header.reserved0 = 1;
    assert_eq!(ControlMessage::decode(&encoded(&message)), Ok(message));
    assert!(message.validate().contains(Requirement::Hdr006));
}

#[test]
fn an_outgoing_call_reply_stands_on_the_wire_as_the_rfc_draws_it() {
    let message = OutgoingCallReply {
        call_id: crate::CallId(0x0102),
        peer_call_id: crate::CallId(0x0304),
        result_code: crate::OutgoingCallResult(5),
        error_code: crate::ErrorCode(6),
        cause_code: crate::CauseCode(0x0708),
        connect_speed: 0x090A_0B0C,
        packet_recv_window_size: 0x0D0E,
        packet_processing_delay: 0x0F10,
        physical_channel_id: 0x1112_1314,
    };
    let header = [0, 32, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 8, 0, 0];
    let body = [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    ];
    assert_eq!(encoded(&message.into()), [&header[..], &body].concat());
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_the_same(message in any_value::<ControlMessage>()) {
        prop_assert_eq!(ControlMessage::decode(&encoded(&message)), Ok(message));
    }

    #[test]
    fn what_decodes_encodes_to_the_same(octets in octets_of_any_message()) {
        let message = ControlMessage::decode(&octets).expect("a message of a defined type and its size");
        prop_assert_eq!(encoded(&message), octets);
    }

    #[test]
    fn any_octets_decode_or_give_an_error(octets in proptest::collection::vec(any::<u8>(), 0..260)) {
        if let Ok(message) = ControlMessage::decode(&octets) {
            prop_assert_eq!(encoded(&message), octets);
        }
    }

    #[test]
    fn every_field_is_read_where_its_table_says(octets in octets_of_any_message(), other in any::<u8>()) {
        let message = ControlMessage::decode(&octets).expect("decodes");
        for field in fields(message.message_type()).iter().skip(5) {
            let mut changed = octets.clone();
            changed[field.end() - 1] = other;
            let again = ControlMessage::decode(&changed).expect("still decodes");
            prop_assert_eq!(again == message, octets[field.end() - 1] == other, "{}", field.key);
        }
    }
}

/// As the two laws above, for each message type by itself.
macro_rules! each_message_comes_back {
    ($($test:ident $name:ident)*) => {
        proptest! {$(
            #[test]
            fn $test(message in any_value::<$name>()) {
                let message = ControlMessage::from(message);
                prop_assert_eq!(message.header, Header::for_type($name::TYPE));
                prop_assert_eq!(ControlMessage::decode(&encoded(&message)), Ok(message));
            }
        )*}
    };
}
each_message_comes_back! {
    start_control_connection_request StartControlConnectionRequest
    start_control_connection_reply StartControlConnectionReply
    stop_control_connection_request StopControlConnectionRequest
    stop_control_connection_reply StopControlConnectionReply
    echo_request EchoRequest
    echo_reply EchoReply
    outgoing_call_request OutgoingCallRequest
    outgoing_call_reply OutgoingCallReply
    incoming_call_request IncomingCallRequest
    incoming_call_reply IncomingCallReply
    incoming_call_connected IncomingCallConnected
    call_clear_request CallClearRequest
    call_disconnect_notify CallDisconnectNotify
    wan_error_notify WanErrorNotify
    set_link_info SetLinkInfo
}

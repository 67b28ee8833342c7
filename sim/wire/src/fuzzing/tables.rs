//! Two ways to read the same octets: the field tables, and the structs of the messages and of the GRE header.

use crate::{
    BearerCapabilities, BearerType, Body, CallBearerType, CallClearRequest, CallDisconnectNotify,
    CallId, CauseCode, ControlMessage, ControlMessageType, DisconnectResult, EchoReply,
    EchoRequest, EchoResult, ErrorCode, Field, FieldValue, FramingCapabilities, FramingType,
    GRE_FIELDS, GreHeader, GrePacket, HEADER_LENGTH, Header, IncomingCallConnected,
    IncomingCallReply, IncomingCallRequest, IncomingCallResult, MAXIMUM_LENGTH, OutgoingCallReply,
    OutgoingCallRequest, OutgoingCallResult, PptpMessageType, ProtocolVersion, SetLinkInfo,
    StartControlConnectionReply, StartControlConnectionRequest, StartResult,
    StopControlConnectionReply, StopControlConnectionRequest, StopReason, StopResult, Text,
    WanErrorNotify, fields, gre_field_in,
};
use alloc::string::String;
use alloc::vec::Vec;

/// Any octets, as a control message and as a GRE packet: each field of the struct has the value that the table reads, there is none
/// that only one of them has, and the table can write what it has read.
///
/// # Panics
/// Where that does not hold.
pub fn field_tables(octets: &[u8]) {
    control(octets);
    gre(octets);
}

/// A field of a struct: its name there, and its value.
type Named<'a> = (&'static str, FieldValue<'a>);

fn control(octets: &[u8]) {
    let Ok(header) = Header::decode(octets) else {
        assert!(octets.len() < HEADER_LENGTH, "twelve octets are a header");
        return;
    };
    let table = fields(header.control_message_type);
    if let Some(of_header) = table.get(..5) {
        agree(octets, of_header, &of_header_struct(&header));
    }
    match ControlMessage::decode(octets) {
        Ok(message) => {
            assert_eq!(message.header, header, "one header");
            agree(octets, &table[5..], &of_body(&message.body));
            let mut written = [0; MAXIMUM_LENGTH];
            let written = &mut written[..octets.len()];
            for field in table {
                let value = field.read(octets).expect("the message is whole");
                assert_eq!(field.write(written, value), Ok(()), "{}", field.key);
            }
            assert_eq!(written, octets, "the table covers the message");
        }
        Err(error) => {
            let missing = table.iter().find(|field| field.read(octets).is_none());
            if let Some(missing) = missing {
                assert_eq!((error.field, error.at), (missing.key, missing.offset));
            }
        }
    }
}

fn gre(octets: &[u8]) {
    let Ok(GrePacket { header, payload }) = GrePacket::decode(octets) else {
        return;
    };
    let GreHeader {
        flags,
        protocol_type,
        payload_length,
        call_id,
        sequence_number,
        acknowledgment_number,
    } = header;
    let flag = |is_set: bool| Some(u32::from(is_set));
    let by_struct = [
        ("checksum_present", flag(flags.checksum_present())),
        ("routing_present", flag(flags.routing_present())),
        ("key_present", flag(flags.key_present())),
        ("sequence_number_present", flag(sequence_number.is_some())),
        ("strict_source_route", flag(flags.strict_source_route())),
        ("recursion_control", Some(flags.recursion_control().into())),
        (
            "acknowledgment_present",
            flag(acknowledgment_number.is_some()),
        ),
        ("flags", Some(flags.reserved_flags().into())),
        ("version", Some(flags.version().into())),
        ("protocol_type", Some(protocol_type.into())),
        ("payload_length", Some(payload_length.into())),
        ("call_id", Some(call_id.0.into())),
        ("sequence_number", sequence_number),
        ("acknowledgment_number", acknowledgment_number),
    ];
    assert_eq!(GRE_FIELDS.len(), by_struct.len());
    let mut end = 0;
    for (field, (name, value)) in GRE_FIELDS.iter().zip(by_struct) {
        assert!(is_key_of(field.key, name), "{} or {name}", field.key);
        let present = gre_field_in(octets, field.key);
        let by_table = present.and_then(|field| field.read_unsigned(octets));
        assert_eq!(by_table, value, "{name}");
        end = present.map_or(end, |field| field.end());
    }
    assert_eq!(
        &octets[end..],
        payload,
        "the payload follows the last field"
    );
}

/// The table and the struct have the same fields in the same order, with the same values.
fn agree(octets: &[u8], table: &[Field], by_struct: &[Named<'_>]) {
    let keys = || table.iter().map(|field| field.key).collect::<Vec<_>>();
    assert_eq!(table.len(), by_struct.len(), "{:?}", keys());
    for (field, &(name, value)) in table.iter().zip(by_struct) {
        assert!(is_key_of(field.key, name), "{} or {name}", field.key);
        assert_eq!(field.read(octets), Some(value), "{name}");
    }
}

/// Whether this is the key of the field with this name in a struct.
fn is_key_of(key: &str, name: &str) -> bool {
    key == name
        .chars()
        .map(|letter| if letter == '_' { '-' } else { letter })
        .collect::<String>()
}

/// What a field of a struct holds, as a table gives it.
trait Plain {
    fn plain(&self) -> FieldValue<'_>;
}

impl<const N: usize> Plain for Text<N> {
    fn plain(&self) -> FieldValue<'_> {
        FieldValue::Octets(self.octets())
    }
}

macro_rules! plain {
    ($($integer:ty),*; $($newtype:ty),*) => {
        $(impl Plain for $integer {
            fn plain(&self) -> FieldValue<'_> {
                FieldValue::Unsigned((*self).into())
            }
        })*
        $(impl Plain for $newtype {
            fn plain(&self) -> FieldValue<'_> {
                FieldValue::Unsigned(self.0.into())
            }
        })*
    };
}
plain!(
    u8, u16, u32; BearerCapabilities, BearerType, CallBearerType, CallId, CauseCode, ControlMessageType, DisconnectResult, EchoResult,
    ErrorCode, FramingCapabilities, FramingType, IncomingCallResult, OutgoingCallResult, PptpMessageType, ProtocolVersion, StartResult,
    StopReason, StopResult
);

/// Takes structs apart; the compiler refuses a list that leaves a field out.
macro_rules! listed {
    ($($field:ident)*) => {
        alloc::vec![$((stringify!($field), Plain::plain($field))),*]
    };
}

fn of_header_struct(header: &Header) -> Vec<Named<'_>> {
    let Header {
        length,
        pptp_message_type,
        magic_cookie,
        control_message_type,
        reserved0,
    } = header;
    listed!(length pptp_message_type magic_cookie control_message_type reserved0)
}

macro_rules! bodies {
    ($($name:ident { $($field:ident)* })*) => {
        fn of_body(body: &Body) -> Vec<Named<'_>> {
            match body {
                $(Body::$name($name { $($field),* }) => listed!($($field)*),)*
            }
        }
    };
}
bodies! {
    StartControlConnectionRequest {
        protocol_version reserved1 framing_capabilities bearer_capabilities maximum_channels firmware_revision host_name vendor_name
    }
    StartControlConnectionReply {
        protocol_version result_code error_code framing_capabilities bearer_capabilities maximum_channels firmware_revision host_name
        vendor_name
    }
    StopControlConnectionRequest { reason reserved1 reserved2 }
    StopControlConnectionReply { result_code error_code reserved1 }
    EchoRequest { identifier }
    EchoReply { identifier result_code error_code reserved1 }
    OutgoingCallRequest {
        call_id call_serial_number minimum_bps maximum_bps bearer_type framing_type packet_recv_window_size packet_processing_delay
        phone_number_length reserved1 phone_number subaddress
    }
    OutgoingCallReply {
        call_id peer_call_id result_code error_code cause_code connect_speed packet_recv_window_size packet_processing_delay
        physical_channel_id
    }
    IncomingCallRequest {
        call_id call_serial_number call_bearer_type physical_channel_id dialed_number_length dialing_number_length dialed_number
        dialing_number subaddress
    }
    IncomingCallReply {
        call_id peer_call_id result_code error_code packet_recv_window_size packet_transmit_delay reserved1
    }
    IncomingCallConnected {
        peer_call_id reserved1 connect_speed packet_recv_window_size packet_transmit_delay framing_type
    }
    CallClearRequest { call_id reserved1 }
    CallDisconnectNotify { call_id result_code error_code cause_code reserved1 call_statistics }
    WanErrorNotify {
        peer_call_id reserved1 crc_errors framing_errors hardware_overruns buffer_overruns time_out_errors alignment_errors
    }
    SetLinkInfo { peer_call_id reserved1 send_accm receive_accm }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldKind;
    use proptest::prelude::*;

    /// A message of this type whose octets are these, over and over.
    fn message(message_type: u16, body: &[u8]) -> Vec<u8> {
        let header = Header::for_type(ControlMessageType(message_type));
        let mut octets = [0; HEADER_LENGTH];
        header.encode(&mut octets);
        let rest = usize::from(header.length) - HEADER_LENGTH;
        octets
            .into_iter()
            .chain(body.iter().copied().cycle().take(rest))
            .collect()
    }

    #[test]
    #[should_panic(expected = "identifier")]
    fn a_field_that_reads_another_place_is_noticed() {
        let octets = message(5, &[1, 2, 3, 4]);
        let field = Field {
            name: "Identifier",
            key: "identifier",
            offset: 8,
            size: 4,
            kind: FieldKind::Unsigned,
        };
        agree(
            &octets,
            &[field],
            &[("identifier", FieldValue::Unsigned(0x0102_0304))],
        );
    }

    #[test]
    #[should_panic(expected = "call-id")]
    fn a_field_that_only_the_table_has_is_noticed() {
        let octets = message(12, &[0]);
        agree(&octets, CallClearRequest::FIELDS, &[]);
    }

    proptest! {
        #[test]
        fn both_ways_agree_on_every_message(message_type in 1..=15_u16, body in proptest::collection::vec(any::<u8>(), 1..208), cut: prop::sample::Index) {
            let octets = message(message_type, &body);
            field_tables(&octets);
            field_tables(&octets[..cut.index(octets.len())]);
        }

        #[test]
        fn both_ways_agree_on_any_octets(octets in proptest::collection::vec(any::<u8>(), 0..300)) {
            field_tables(&octets);
        }
    }
}

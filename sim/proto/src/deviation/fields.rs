//! Fields of sent control messages that deviations set wrongly: the one place that every message passes on its way out.

use pptp_wire::{
    BearerType, Body, CallBearerType, CauseCode, ControlMessage, DisconnectResult, EchoResult,
    ErrorCode, FramingType, IncomingCallResult, OutgoingCallResult, PptpMessageType,
    ProtocolVersion, StopReason, StopResult, Text,
};

use super::{DeviationId, Deviations};

/// What a field of 64 or 128 octets still holds of something else.
const LEFT_OVER: u8 = 0xA5;
/// The number of every call, for an end that does not count.
const CONSTANT: u16 = 0x0102;
/// A result that says: general error.
const GENERAL_ERROR: u8 = 2;

/// Sets what the switched-on deviations get wrong in a message that is about to be sent.
pub(crate) fn spoil(deviations: Deviations, message: &mut ControlMessage) {
    let on = |id| deviations.contains(id);
    if on(DeviationId::Reserved1NotZero)
        && let Some(reserved) = reserved1(&mut message.body)
    {
        *reserved = 1;
    }
    match &mut message.body {
        Body::StartControlConnectionRequest(_) | Body::StartControlConnectionReply(_) => {
            spoil_start(deviations, &mut message.body);
        }
        Body::StopControlConnectionRequest(_)
        | Body::StopControlConnectionReply(_)
        | Body::EchoReply(_) => spoil_upkeep(deviations, &mut message.body),
        Body::OutgoingCallRequest(_) | Body::IncomingCallRequest(_) => {
            spoil_call_request(deviations, &mut message.body);
        }
        _ => spoil_call(deviations, &mut message.body),
    }
    spoil_error(deviations, &mut message.body);
    let header = &mut message.header;
    if on(DeviationId::CookieByteOrder) {
        header.magic_cookie = header.magic_cookie.swap_bytes();
    }
    if on(DeviationId::SendsManagementType) {
        header.pptp_message_type = PptpMessageType(2);
    }
    if on(DeviationId::LengthWithoutHeader) {
        header.length = header.length.saturating_sub(12);
    }
}

fn spoil_start(deviations: Deviations, body: &mut Body) {
    let on = |id| deviations.contains(id);
    let (version, framing, bearer, channels, host_name) = match body {
        Body::StartControlConnectionRequest(request) => (
            &mut request.protocol_version,
            &mut request.framing_capabilities,
            &mut request.bearer_capabilities,
            &mut request.maximum_channels,
            &mut request.host_name,
        ),
        Body::StartControlConnectionReply(reply) => (
            &mut reply.protocol_version,
            &mut reply.framing_capabilities,
            &mut reply.bearer_capabilities,
            &mut reply.maximum_channels,
            &mut reply.host_name,
        ),
        _ => return,
    };
    if on(DeviationId::VersionByteOrder) {
        *version = ProtocolVersion(version.0.swap_bytes());
    }
    if on(DeviationId::UndefinedCapabilities) {
        framing.0 |= 4;
        bearer.0 |= 4;
    }
    if on(DeviationId::MaximumChannelsOfPns) {
        *channels = 64;
    }
    if on(DeviationId::HostNameNotZeroFilled) {
        *host_name = unfilled(host_name);
    }
}

fn spoil_upkeep(deviations: Deviations, body: &mut Body) {
    let on = |id| deviations.contains(id);
    match body {
        Body::StopControlConnectionRequest(request) if on(DeviationId::StopReason2) => {
            request.reason = StopReason::STOP_PROTOCOL;
        }
        Body::StopControlConnectionReply(reply) if on(DeviationId::StopReply0) => {
            reply.result_code = StopResult(0);
        }
        Body::EchoReply(reply) if on(DeviationId::EchoReply0) => {
            reply.result_code = EchoResult(0);
        }
        _ => {}
    }
}

fn spoil_call_request(deviations: Deviations, body: &mut Body) {
    let on = |id| deviations.contains(id);
    let (serial_number, number_length, subaddress) = match body {
        Body::OutgoingCallRequest(request) => {
            if on(DeviationId::BpsReversed) {
                core::mem::swap(&mut request.minimum_bps, &mut request.maximum_bps);
            }
            if on(DeviationId::BearerTypeUndefined) {
                request.bearer_type = BearerType(4);
            }
            if on(DeviationId::FramingTypeUndefined) {
                request.framing_type = FramingType(4);
            }
            if on(DeviationId::WindowByteOrder) {
                swap(&mut request.packet_recv_window_size);
            }
            (
                &mut request.call_serial_number,
                &mut request.phone_number_length,
                &mut request.subaddress,
            )
        }
        Body::IncomingCallRequest(request) => {
            if on(DeviationId::BearerTypeUndefined) {
                request.call_bearer_type = CallBearerType(3);
            }
            (
                &mut request.call_serial_number,
                &mut request.dialed_number_length,
                &mut request.subaddress,
            )
        }
        _ => return,
    };
    if on(DeviationId::SerialNumberRepeated) {
        *serial_number = CONSTANT;
    }
    if on(DeviationId::NumberLength65) {
        *number_length = 65;
    }
    if on(DeviationId::SubaddressNotZeroFilled) {
        *subaddress = unfilled(subaddress);
    }
}

/// The messages of a call after its request.
fn spoil_call(deviations: Deviations, body: &mut Body) {
    let on = |id| deviations.contains(id);
    match body {
        Body::OutgoingCallReply(reply) => {
            let connected = reply.result_code == OutgoingCallResult::CONNECTED;
            if connected && on(DeviationId::CallReply0) {
                reply.result_code = OutgoingCallResult(0);
            }
            if connected && on(DeviationId::CauseCodeOnSuccess) {
                reply.cause_code = CauseCode(16);
            }
            if connected && on(DeviationId::ConnectSpeed0) {
                reply.connect_speed = 0;
            }
            if on(DeviationId::WindowByteOrder) {
                swap(&mut reply.packet_recv_window_size);
            }
        }
        Body::IncomingCallReply(reply) => {
            if reply.result_code == IncomingCallResult::CONNECT && on(DeviationId::CallReply0) {
                reply.result_code = IncomingCallResult(0);
            }
            if on(DeviationId::WindowByteOrder) {
                swap(&mut reply.packet_recv_window_size);
            }
        }
        Body::IncomingCallConnected(connected) => {
            if on(DeviationId::ConnectSpeed0) {
                connected.connect_speed = 0;
            }
            if on(DeviationId::FramingTypeUndefined) {
                connected.framing_type = FramingType(4);
            }
            if on(DeviationId::WindowByteOrder) {
                swap(&mut connected.packet_recv_window_size);
            }
        }
        Body::CallDisconnectNotify(notify) => {
            let by_request = notify.result_code == DisconnectResult::REQUEST;
            if by_request && on(DeviationId::NotifyNotByRequest) {
                notify.result_code = DisconnectResult::LOST_CARRIER;
            }
            if on(DeviationId::NotifyResult0) {
                notify.result_code = DisconnectResult(0);
            }
            if on(DeviationId::NotifyStatisticsNotZeroFilled) {
                notify.call_statistics = unfilled(&notify.call_statistics);
            }
        }
        Body::WanErrorNotify(notify) if on(DeviationId::WanErrorsOrder) => {
            core::mem::swap(&mut notify.crc_errors, &mut notify.alignment_errors);
            core::mem::swap(&mut notify.framing_errors, &mut notify.time_out_errors);
            core::mem::swap(&mut notify.hardware_overruns, &mut notify.buffer_overruns);
        }
        Body::SetLinkInfo(info) if on(DeviationId::SetLinkInfoReversed) => {
            core::mem::swap(&mut info.send_accm, &mut info.receive_accm);
        }
        _ => {}
    }
}

/// The Error Code of a reply that shows a general error (RFC 2637 §2.16).
fn spoil_error(deviations: Deviations, body: &mut Body) {
    let (result, error) = match body {
        Body::StartControlConnectionReply(reply) => (reply.result_code.0, &mut reply.error_code),
        Body::StopControlConnectionReply(reply) => (reply.result_code.0, &mut reply.error_code),
        Body::EchoReply(reply) => (reply.result_code.0, &mut reply.error_code),
        Body::OutgoingCallReply(reply) => (reply.result_code.0, &mut reply.error_code),
        Body::IncomingCallReply(reply) => (reply.result_code.0, &mut reply.error_code),
        _ => return,
    };
    if result != GENERAL_ERROR {
        return;
    }
    let wrong = [
        (DeviationId::GeneralErrorWithoutCode, ErrorCode::NONE),
        (DeviationId::ErrorCodeUndefined, ErrorCode(7)),
        (DeviationId::PnsSaysPacError, ErrorCode(6)),
    ];
    for (id, code) in wrong {
        if deviations.contains(id) {
            *error = code;
        }
    }
}

/// The field called Reserved1, where it has 16 bits; of Stop-Control-Connection-Request it is Reserved2.
fn reserved1(body: &mut Body) -> Option<&mut u16> {
    match body {
        Body::StartControlConnectionRequest(message) => Some(&mut message.reserved1),
        Body::StopControlConnectionRequest(message) => Some(&mut message.reserved2),
        Body::StopControlConnectionReply(message) => Some(&mut message.reserved1),
        Body::EchoReply(message) => Some(&mut message.reserved1),
        Body::OutgoingCallRequest(message) => Some(&mut message.reserved1),
        Body::IncomingCallReply(message) => Some(&mut message.reserved1),
        Body::IncomingCallConnected(message) => Some(&mut message.reserved1),
        Body::CallClearRequest(message) => Some(&mut message.reserved1),
        Body::CallDisconnectNotify(message) => Some(&mut message.reserved1),
        Body::WanErrorNotify(message) => Some(&mut message.reserved1),
        Body::SetLinkInfo(message) => Some(&mut message.reserved1),
        _ => None,
    }
}

/// The text with an octet left over at its end.
fn unfilled<const N: usize>(text: &Text<N>) -> Text<N> {
    let mut octets = *text.octets();
    if let Some(last) = octets.last_mut() {
        *last = LEFT_OVER;
    }
    Text::from_octets(octets)
}

fn swap(field: &mut u16) {
    *field = field.swap_bytes();
}

#[cfg(test)]
mod tests {
    use super::*;
    use pptp_wire::{Severity, validate_control};

    fn message(body: Body) -> ControlMessage {
        ControlMessage {
            header: pptp_wire::Header::for_type(body.message_type()),
            body,
        }
    }

    /// What is wrong with a message as it is made, and what after the deviation.
    fn findings(id: DeviationId, body: Body) -> (usize, usize) {
        let judge = |message: &ControlMessage| {
            let mut buffer = [0; pptp_wire::MAXIMUM_LENGTH];
            let findings = validate_control(message.encode(&mut buffer));
            let bad = |severity| matches!(severity, Severity::Error | Severity::Warning);
            findings.iter().filter(|found| bad(found.severity)).count()
        };
        let mut message = message(body);
        let before = judge(&message);
        spoil(Deviations::only(id), &mut message);
        (before, judge(&message))
    }

    #[test]
    fn reserved_fields_of_every_message_that_has_one() {
        /// Those with 16 reserved bits behind the header (RFC 2637 §2.1 to §2.15).
        const RESERVING: [u16; 11] = [1, 3, 4, 6, 7, 10, 11, 12, 13, 14, 15];
        for number in 1..=15 {
            let message_type = pptp_wire::ControlMessageType(number);
            let body = Body::default_for(message_type).expect("it is defined");
            let expected = usize::from(RESERVING.contains(&number));
            let (before, after) = findings(DeviationId::Reserved1NotZero, body);
            assert_eq!((before, after.min(1)), (0, expected), "{message_type:?}");
        }
    }

    #[test]
    fn headers() {
        for id in [
            DeviationId::CookieByteOrder,
            DeviationId::SendsManagementType,
            DeviationId::LengthWithoutHeader,
        ] {
            let body = Body::EchoRequest(pptp_wire::EchoRequest { identifier: 9 });
            let (before, after) = findings(id, body);
            assert!(before == 0 && after > 0, "{id}");
        }
    }

    #[test]
    fn a_correct_endpoint_sends_what_it_made() {
        for number in 1..=15 {
            let message_type = pptp_wire::ControlMessageType(number);
            let body = Body::default_for(message_type).expect("it is defined");
            let made = message(body);
            let mut sent = made;
            spoil(Deviations::NONE, &mut sent);
            assert_eq!(made, sent);
        }
    }

    #[test]
    fn errors_are_spoilt_only_where_there_is_one() {
        let mut reply = pptp_wire::StartControlConnectionReply::default();
        let spoilt = |reply: pptp_wire::StartControlConnectionReply| {
            let mut message = ControlMessage::from(reply);
            spoil(
                Deviations::only(DeviationId::ErrorCodeUndefined),
                &mut message,
            );
            match message.body {
                Body::StartControlConnectionReply(reply) => reply.error_code,
                _ => ErrorCode::NONE,
            }
        };
        assert_eq!(spoilt(reply), ErrorCode::NONE);
        reply.result_code = pptp_wire::StartResult::GENERAL_ERROR;
        assert_eq!(spoilt(reply), ErrorCode(7));
    }
}

//! Messages and packets, ready made.

use super::{History, PAC, PAC_ID, PNS, PNS_ID};
use pptp_rules::End;
use pptp_wire::*;

pub fn id_of_peer(from: End) -> u16 {
    if from == PNS { PAC_ID } else { PNS_ID }
}

/// A packet: the header and as much payload as it says.
pub fn gre(header: GreHeader) -> Vec<u8> {
    let mut buffer = [0; GRE_MAXIMUM_HEADER_LENGTH];
    let length = header.encode(&mut buffer);
    let mut octets = buffer[..length].to_vec();
    let mut payload = vec![0; usize::from(header.payload_length)];
    payload
        .iter_mut()
        .zip([0xFF, 0x03, 0x00, 0x21])
        .for_each(|(octet, value)| *octet = value);
    octets.extend(payload);
    octets
}

pub fn request_from(end: End) -> StartControlConnectionRequest {
    StartControlConnectionRequest {
        maximum_channels: if end == PAC { 64 } else { 0 },
        ..Default::default()
    }
}

pub fn reply_from(end: End) -> StartControlConnectionReply {
    StartControlConnectionReply {
        maximum_channels: if end == PAC { 64 } else { 0 },
        ..Default::default()
    }
}

pub fn call_request() -> OutgoingCallRequest {
    OutgoingCallRequest {
        call_id: CallId(PNS_ID),
        call_serial_number: 1,
        packet_recv_window_size: 16,
        ..Default::default()
    }
}

pub fn call_reply() -> OutgoingCallReply {
    OutgoingCallReply {
        call_id: CallId(PAC_ID),
        peer_call_id: CallId(PNS_ID),
        packet_recv_window_size: 16,
        ..Default::default()
    }
}

pub fn call_refusal() -> OutgoingCallReply {
    OutgoingCallReply {
        call_id: CallId(0),
        result_code: OutgoingCallResult::BUSY,
        connect_speed: 0,
        ..call_reply()
    }
}

pub fn ring() -> IncomingCallRequest {
    IncomingCallRequest {
        call_id: CallId(PAC_ID),
        call_serial_number: 1,
        ..Default::default()
    }
}

pub fn ring_reply() -> IncomingCallReply {
    IncomingCallReply {
        call_id: CallId(PNS_ID),
        peer_call_id: CallId(PAC_ID),
        packet_recv_window_size: 16,
        ..Default::default()
    }
}

pub fn ring_refusal() -> IncomingCallReply {
    IncomingCallReply {
        result_code: IncomingCallResult::DO_NOT_ACCEPT,
        ..ring_reply()
    }
}

pub fn ring_connected() -> IncomingCallConnected {
    IncomingCallConnected {
        peer_call_id: CallId(PNS_ID),
        packet_recv_window_size: 16,
        ..Default::default()
    }
}

pub fn clear(id: u16) -> CallClearRequest {
    CallClearRequest {
        call_id: CallId(id),
        ..Default::default()
    }
}

pub fn disconnect(id: u16, result: u8) -> CallDisconnectNotify {
    CallDisconnectNotify {
        call_id: CallId(id),
        result_code: DisconnectResult(result),
        ..Default::default()
    }
}

/// A notify with this many CRC errors.
pub fn line_errors(crc_errors: u32) -> WanErrorNotify {
    WanErrorNotify {
        peer_call_id: CallId(PNS_ID),
        crc_errors,
        ..Default::default()
    }
}

pub fn link_info(id: u16) -> SetLinkInfo {
    SetLinkInfo {
        peer_call_id: CallId(id),
        ..Default::default()
    }
}

pub fn echo(identifier: u32) -> EchoRequest {
    EchoRequest { identifier }
}

pub fn echo_reply(identifier: u32) -> EchoReply {
    EchoReply {
        identifier,
        ..Default::default()
    }
}

pub fn stop() -> StopControlConnectionRequest {
    StopControlConnectionRequest::default()
}
pub fn stop_reply(result: u8) -> StopControlConnectionReply {
    StopControlConnectionReply {
        result_code: StopResult(result),
        error_code: ErrorCode(u8::from(result == 2) * 4),
        ..Default::default()
    }
}
/// A second call of the PNS, with Call ID and serial number of its own.
pub fn second_request() -> OutgoingCallRequest {
    OutgoingCallRequest {
        call_id: CallId(9_402),
        call_serial_number: 2,
        ..call_request()
    }
}
pub fn second_reply() -> OutgoingCallReply {
    OutgoingCallReply {
        call_id: CallId(52_110),
        peer_call_id: CallId(9_402),
        ..call_reply()
    }
}
pub fn second_ring() -> IncomingCallRequest {
    IncomingCallRequest {
        call_id: CallId(52_110),
        call_serial_number: 2,
        ..ring()
    }
}
/// A new request with the Call ID of the first call.
pub fn same_id() -> OutgoingCallRequest {
    OutgoingCallRequest {
        call_serial_number: 2,
        ..call_request()
    }
}
/// Data with these numbers, one way, all at once.
pub fn burst(h: &mut History, from: End, numbers: impl IntoIterator<Item = u32>) {
    for number in numbers {
        h.data(from, number);
    }
    h.turn();
}

pub fn refusal(result: u8) -> StartControlConnectionReply {
    StartControlConnectionReply {
        result_code: StartResult(result),
        ..reply_from(PAC)
    }
}

/// The call is cleared in order.
pub fn cleared(h: &mut History) {
    h.say(PNS, clear(PNS_ID)).say(PAC, disconnect(PAC_ID, 4));
}

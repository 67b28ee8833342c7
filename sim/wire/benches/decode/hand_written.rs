//! What one writes without this crate: every field of the tables copied into an owned struct, no judgement.

// The fields are there to be copied; only the optimiser looks at them.
#![allow(missing_docs, dead_code)]

pub struct StartControlConnectionRequest {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub protocol_version: u16,
    pub reserved1: u16,
    pub framing_capabilities: u32,
    pub bearer_capabilities: u32,
    pub maximum_channels: u16,
    pub firmware_revision: u16,
    pub host_name: [u8; 64],
    pub vendor_name: [u8; 64],
}

pub struct StartControlConnectionReply {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub protocol_version: u16,
    pub result_code: u8,
    pub error_code: u8,
    pub framing_capabilities: u32,
    pub bearer_capabilities: u32,
    pub maximum_channels: u16,
    pub firmware_revision: u16,
    pub host_name: [u8; 64],
    pub vendor_name: [u8; 64],
}

pub struct StopControlConnectionRequest {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub reason: u8,
    pub reserved1: u8,
    pub reserved2: u16,
}

pub struct StopControlConnectionReply {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub result_code: u8,
    pub error_code: u8,
    pub reserved1: u16,
}

pub struct EchoRequest {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub identifier: u32,
}

pub struct EchoReply {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub identifier: u32,
    pub result_code: u8,
    pub error_code: u8,
    pub reserved1: u16,
}

pub struct OutgoingCallRequest {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub call_id: u16,
    pub call_serial_number: u16,
    pub minimum_bps: u32,
    pub maximum_bps: u32,
    pub bearer_type: u32,
    pub framing_type: u32,
    pub packet_recv_window_size: u16,
    pub packet_processing_delay: u16,
    pub phone_number_length: u16,
    pub reserved1: u16,
    pub phone_number: [u8; 64],
    pub subaddress: [u8; 64],
}

pub struct OutgoingCallReply {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub call_id: u16,
    pub peer_call_id: u16,
    pub result_code: u8,
    pub error_code: u8,
    pub cause_code: u16,
    pub connect_speed: u32,
    pub packet_recv_window_size: u16,
    pub packet_processing_delay: u16,
    pub physical_channel_id: u32,
}

pub struct IncomingCallRequest {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub call_id: u16,
    pub call_serial_number: u16,
    pub call_bearer_type: u32,
    pub physical_channel_id: u32,
    pub dialed_number_length: u16,
    pub dialing_number_length: u16,
    pub dialed_number: [u8; 64],
    pub dialing_number: [u8; 64],
    pub subaddress: [u8; 64],
}

pub struct IncomingCallReply {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub call_id: u16,
    pub peer_call_id: u16,
    pub result_code: u8,
    pub error_code: u8,
    pub packet_recv_window_size: u16,
    pub packet_transmit_delay: u16,
    pub reserved1: u16,
}

pub struct IncomingCallConnected {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub peer_call_id: u16,
    pub reserved1: u16,
    pub connect_speed: u32,
    pub packet_recv_window_size: u16,
    pub packet_transmit_delay: u16,
    pub framing_type: u32,
}

pub struct CallClearRequest {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub call_id: u16,
    pub reserved1: u16,
}

pub struct CallDisconnectNotify {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub call_id: u16,
    pub result_code: u8,
    pub error_code: u8,
    pub cause_code: u16,
    pub reserved1: u16,
    pub call_statistics: [u8; 128],
}

pub struct WanErrorNotify {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub peer_call_id: u16,
    pub reserved1: u16,
    pub crc_errors: u32,
    pub framing_errors: u32,
    pub hardware_overruns: u32,
    pub buffer_overruns: u32,
    pub time_out_errors: u32,
    pub alignment_errors: u32,
}

pub struct SetLinkInfo {
    pub length: u16,
    pub pptp_message_type: u16,
    pub magic_cookie: u32,
    pub control_message_type: u16,
    pub reserved0: u16,
    pub peer_call_id: u16,
    pub reserved1: u16,
    pub send_accm: u32,
    pub receive_accm: u32,
}

pub enum Message {
    StartControlConnectionRequest(StartControlConnectionRequest),
    StartControlConnectionReply(StartControlConnectionReply),
    StopControlConnectionRequest(StopControlConnectionRequest),
    StopControlConnectionReply(StopControlConnectionReply),
    EchoRequest(EchoRequest),
    EchoReply(EchoReply),
    OutgoingCallRequest(OutgoingCallRequest),
    OutgoingCallReply(OutgoingCallReply),
    IncomingCallRequest(IncomingCallRequest),
    IncomingCallReply(IncomingCallReply),
    IncomingCallConnected(IncomingCallConnected),
    CallClearRequest(CallClearRequest),
    CallDisconnectNotify(CallDisconnectNotify),
    WanErrorNotify(WanErrorNotify),
    SetLinkInfo(SetLinkInfo),
}

fn u16_at(octets: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([octets[at], octets[at + 1]])
}

fn u32_at(octets: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([octets[at], octets[at + 1], octets[at + 2], octets[at + 3]])
}

fn text_at<const N: usize>(octets: &[u8], at: usize) -> [u8; N] {
    let mut text = [0; N];
    text.copy_from_slice(&octets[at..at + N]);
    text
}

/// The message, or `None` for octets that are not exactly one message of a known type.
pub fn parse(octets: &[u8]) -> Option<Message> {
    if octets.len() < 12 {
        return None;
    }
    Some(match (u16_at(octets, 8), octets.len()) {
        (1, 156) => Message::StartControlConnectionRequest(StartControlConnectionRequest {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            protocol_version: u16_at(octets, 12),
            reserved1: u16_at(octets, 14),
            framing_capabilities: u32_at(octets, 16),
            bearer_capabilities: u32_at(octets, 20),
            maximum_channels: u16_at(octets, 24),
            firmware_revision: u16_at(octets, 26),
            host_name: text_at(octets, 28),
            vendor_name: text_at(octets, 92),
        }),
        (2, 156) => Message::StartControlConnectionReply(StartControlConnectionReply {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            protocol_version: u16_at(octets, 12),
            result_code: octets[14],
            error_code: octets[15],
            framing_capabilities: u32_at(octets, 16),
            bearer_capabilities: u32_at(octets, 20),
            maximum_channels: u16_at(octets, 24),
            firmware_revision: u16_at(octets, 26),
            host_name: text_at(octets, 28),
            vendor_name: text_at(octets, 92),
        }),
        (3, 16) => Message::StopControlConnectionRequest(StopControlConnectionRequest {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            reason: octets[12],
            reserved1: octets[13],
            reserved2: u16_at(octets, 14),
        }),
        (4, 16) => Message::StopControlConnectionReply(StopControlConnectionReply {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            result_code: octets[12],
            error_code: octets[13],
            reserved1: u16_at(octets, 14),
        }),
        (5, 16) => Message::EchoRequest(EchoRequest {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            identifier: u32_at(octets, 12),
        }),
        (6, 20) => Message::EchoReply(EchoReply {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            identifier: u32_at(octets, 12),
            result_code: octets[16],
            error_code: octets[17],
            reserved1: u16_at(octets, 18),
        }),
        (7, 168) => Message::OutgoingCallRequest(OutgoingCallRequest {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            call_id: u16_at(octets, 12),
            call_serial_number: u16_at(octets, 14),
            minimum_bps: u32_at(octets, 16),
            maximum_bps: u32_at(octets, 20),
            bearer_type: u32_at(octets, 24),
            framing_type: u32_at(octets, 28),
            packet_recv_window_size: u16_at(octets, 32),
            packet_processing_delay: u16_at(octets, 34),
            phone_number_length: u16_at(octets, 36),
            reserved1: u16_at(octets, 38),
            phone_number: text_at(octets, 40),
            subaddress: text_at(octets, 104),
        }),
        (8, 32) => Message::OutgoingCallReply(OutgoingCallReply {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            call_id: u16_at(octets, 12),
            peer_call_id: u16_at(octets, 14),
            result_code: octets[16],
            error_code: octets[17],
            cause_code: u16_at(octets, 18),
            connect_speed: u32_at(octets, 20),
            packet_recv_window_size: u16_at(octets, 24),
            packet_processing_delay: u16_at(octets, 26),
            physical_channel_id: u32_at(octets, 28),
        }),
        (9, 220) => Message::IncomingCallRequest(IncomingCallRequest {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            call_id: u16_at(octets, 12),
            call_serial_number: u16_at(octets, 14),
            call_bearer_type: u32_at(octets, 16),
            physical_channel_id: u32_at(octets, 20),
            dialed_number_length: u16_at(octets, 24),
            dialing_number_length: u16_at(octets, 26),
            dialed_number: text_at(octets, 28),
            dialing_number: text_at(octets, 92),
            subaddress: text_at(octets, 156),
        }),
        (10, 24) => Message::IncomingCallReply(IncomingCallReply {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            call_id: u16_at(octets, 12),
            peer_call_id: u16_at(octets, 14),
            result_code: octets[16],
            error_code: octets[17],
            packet_recv_window_size: u16_at(octets, 18),
            packet_transmit_delay: u16_at(octets, 20),
            reserved1: u16_at(octets, 22),
        }),
        (11, 28) => Message::IncomingCallConnected(IncomingCallConnected {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            peer_call_id: u16_at(octets, 12),
            reserved1: u16_at(octets, 14),
            connect_speed: u32_at(octets, 16),
            packet_recv_window_size: u16_at(octets, 20),
            packet_transmit_delay: u16_at(octets, 22),
            framing_type: u32_at(octets, 24),
        }),
        (12, 16) => Message::CallClearRequest(CallClearRequest {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            call_id: u16_at(octets, 12),
            reserved1: u16_at(octets, 14),
        }),
        (13, 148) => Message::CallDisconnectNotify(CallDisconnectNotify {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            call_id: u16_at(octets, 12),
            result_code: octets[14],
            error_code: octets[15],
            cause_code: u16_at(octets, 16),
            reserved1: u16_at(octets, 18),
            call_statistics: text_at(octets, 20),
        }),
        (14, 40) => Message::WanErrorNotify(WanErrorNotify {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            peer_call_id: u16_at(octets, 12),
            reserved1: u16_at(octets, 14),
            crc_errors: u32_at(octets, 16),
            framing_errors: u32_at(octets, 20),
            hardware_overruns: u32_at(octets, 24),
            buffer_overruns: u32_at(octets, 28),
            time_out_errors: u32_at(octets, 32),
            alignment_errors: u32_at(octets, 36),
        }),
        (15, 24) => Message::SetLinkInfo(SetLinkInfo {
            length: u16_at(octets, 0),
            pptp_message_type: u16_at(octets, 2),
            magic_cookie: u32_at(octets, 4),
            control_message_type: u16_at(octets, 8),
            reserved0: u16_at(octets, 10),
            peer_call_id: u16_at(octets, 12),
            reserved1: u16_at(octets, 14),
            send_accm: u32_at(octets, 16),
            receive_accm: u32_at(octets, 20),
        }),
        _ => return None,
    })
}

pub struct Gre {
    pub flags: u16,
    pub protocol_type: u16,
    pub payload_length: u16,
    pub call_id: u16,
    pub sequence_number: Option<u32>,
    pub acknowledgment_number: Option<u32>,
    pub header_length: usize,
}

/// The header, or `None` where it is cut off.
pub fn parse_gre(octets: &[u8]) -> Option<Gre> {
    if octets.len() < 8 {
        return None;
    }
    let flags = u16_at(octets, 0);
    let mut header_length = 8;
    let mut number = |present: bool| {
        if !present {
            return Some(None);
        }
        if octets.len() < header_length + 4 {
            return None;
        }
        header_length += 4;
        Some(Some(u32_at(octets, header_length - 4)))
    };
    let sequence_number = number(flags & 0x1000 != 0)?;
    let acknowledgment_number = number(flags & 0x0080 != 0)?;
    Some(Gre {
        flags,
        protocol_type: u16_at(octets, 2),
        payload_length: u16_at(octets, 4),
        call_id: u16_at(octets, 6),
        sequence_number,
        acknowledgment_number,
        header_length,
    })
}

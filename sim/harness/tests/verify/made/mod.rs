//! Captures that are made to show one behaviour.

mod data;
mod whole;

use std::net::{Ipv4Addr, SocketAddrV4};

use pptp_harness::capture::CaptureWriter;
use pptp_harness::verify::{EndReport, Report, VerifyOptions, verify};
use pptp_rules::{Grade, Grading};
use pptp_wire::time::Instant;
use pptp_wire::{
    CallClearRequest, CallDisconnectNotify, CallId, ControlMessage, DisconnectResult, EchoReply,
    EchoRequest, GRE_MAXIMUM_HEADER_LENGTH, GreHeader, MAXIMUM_LENGTH, OutgoingCallReply,
    OutgoingCallRequest, OutgoingCallResult, StartControlConnectionReply,
    StartControlConnectionRequest, StartResult, StopControlConnectionReply,
    StopControlConnectionRequest, StopResult,
};

const PNS: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const PAC: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
const CLIENT: SocketAddrV4 = SocketAddrV4::new(PNS, 1024);
const SERVER: SocketAddrV4 = SocketAddrV4::new(PAC, 1723);

/// A capture in the making; each thing comes a millisecond after the one before.
struct Made {
    writer: CaptureWriter,
    now: u64,
    client: SocketAddrV4,
}

impl Made {
    fn new() -> Made {
        Made {
            writer: CaptureWriter::new("tap", &[PNS]),
            now: 0,
            client: CLIENT,
        }
    }

    fn at(&mut self) -> Instant {
        self.now += 1_000_000;
        Instant(self.now)
    }

    fn wait(&mut self, seconds: u64) -> &mut Made {
        self.now += seconds * 1_000_000_000;
        self
    }

    fn open(&mut self) -> &mut Made {
        let at = self.at();
        self.writer.tcp_open(at, self.client, SERVER);
        let at = self.at();
        self.writer.tcp_opened(at, self.client, SERVER);
        self
    }

    fn pns(&mut self, message: impl Into<ControlMessage>) -> &mut Made {
        let mut buffer = [0; MAXIMUM_LENGTH];
        let octets = message.into().encode(&mut buffer).to_vec();
        let at = self.at();
        self.writer.tcp_octets(at, self.client, SERVER, &octets);
        self
    }

    fn pac(&mut self, message: impl Into<ControlMessage>) -> &mut Made {
        let mut buffer = [0; MAXIMUM_LENGTH];
        let octets = message.into().encode(&mut buffer).to_vec();
        let at = self.at();
        self.writer.tcp_octets(at, SERVER, self.client, &octets);
        self
    }

    fn started(&mut self) -> &mut Made {
        self.open().pns(start()).pac(start_reply())
    }

    fn call(&mut self, pns_id: u16, pac_id: u16) -> &mut Made {
        self.pns(request(pns_id)).pac(reply(pac_id, pns_id))
    }

    /// A data packet of the PNS, with its IPv4 Identification.
    fn data(&mut self, call_id: u16, number: u32, identification: u16) -> &mut Made {
        self.packet((PNS, PAC), call_id, Some(number), None, identification)
    }

    fn packet(
        &mut self,
        (from, to): (Ipv4Addr, Ipv4Addr),
        call_id: u16,
        number: Option<u32>,
        acknowledgment: Option<u32>,
        identification: u16,
    ) -> &mut Made {
        let mut header = [0; GRE_MAXIMUM_HEADER_LENGTH];
        let payload: &[u8] = match number {
            Some(_) => &[0xFF, 3, 0, 0x21, 0x45],
            None => &[],
        };
        let built = match number {
            Some(number) => GreHeader::data(
                CallId(call_id),
                number,
                acknowledgment,
                payload.len() as u16,
            ),
            None => {
                GreHeader::acknowledgment_only(CallId(call_id), acknowledgment.unwrap_or_default())
            }
        };
        let length = built.encode(&mut header);
        let octets = [&header[..length], payload].concat();
        let at = self.at();
        self.writer
            .gre_identified(at, from, to, identification, &octets);
        self
    }

    /// Both ends end it as they should.
    fn ended(&mut self, pns_id: u16, pac_id: u16) -> &mut Made {
        self.pns(CallClearRequest {
            call_id: CallId(pns_id),
            ..CallClearRequest::default()
        });
        self.pac(CallDisconnectNotify {
            call_id: CallId(pac_id),
            result_code: DisconnectResult::REQUEST,
            ..CallDisconnectNotify::default()
        });
        self.stopped()
    }

    fn stopped(&mut self) -> &mut Made {
        self.pns(StopControlConnectionRequest::default());
        self.pac(StopControlConnectionReply {
            result_code: StopResult::OK,
            ..StopControlConnectionReply::default()
        });
        let at = self.at();
        self.writer.tcp_close(at, SERVER, self.client);
        let at = self.at();
        self.writer.tcp_close(at, self.client, SERVER);
        self
    }

    fn octets(&mut self) -> Vec<u8> {
        std::mem::replace(&mut self.writer, CaptureWriter::new("tap", &[PNS])).finish()
    }

    fn judged(&mut self) -> Report {
        judged(&self.octets())
    }
}

fn judged(octets: &[u8]) -> Report {
    verify(octets, VerifyOptions::default(), &mut |_| Ok(())).expect("a capture")
}

fn start() -> StartControlConnectionRequest {
    StartControlConnectionRequest::default()
}

fn start_reply() -> StartControlConnectionReply {
    StartControlConnectionReply {
        result_code: StartResult::OK,
        maximum_channels: 4,
        ..StartControlConnectionReply::default()
    }
}

fn request(id: u16) -> OutgoingCallRequest {
    OutgoingCallRequest {
        call_id: CallId(id),
        call_serial_number: id,
        packet_recv_window_size: 64,
        ..OutgoingCallRequest::default()
    }
}

fn reply(id: u16, peer: u16) -> OutgoingCallReply {
    OutgoingCallReply {
        call_id: CallId(id),
        peer_call_id: CallId(peer),
        result_code: OutgoingCallResult::CONNECTED,
        packet_recv_window_size: 64,
        ..OutgoingCallReply::default()
    }
}

fn end(report: &Report, address: Ipv4Addr) -> &EndReport {
    report
        .ends
        .iter()
        .find(|end| end.address == address)
        .expect("an end of the capture")
}

/// Ids of what is graded fail or non-strict at an end.
fn broken(report: &Report, address: Ipv4Addr) -> Vec<&'static str> {
    end(report, address)
        .groups
        .iter()
        .filter(|group| Grading::Default.grade(group.severity) >= Grade::NonStrict)
        .map(|group| group.requirement.id())
        .collect()
}

fn open_questions(report: &Report, address: Ipv4Addr) -> Vec<&'static str> {
    end(report, address)
        .inconclusive
        .iter()
        .map(|open| open.requirement.map_or("*", |requirement| requirement.id()))
        .collect()
}

/// The frames of a pcapng file, by the octets where each block begins and ends.
fn blocks(octets: &[u8]) -> Vec<(usize, usize)> {
    let mut at = 0;
    let mut found = Vec::new();
    while at + 8 <= octets.len() {
        let length = u32::from_le_bytes(octets[at + 4..at + 8].try_into().unwrap()) as usize;
        found.push((at, at + length));
        at += length;
    }
    found
}

/// The capture without its n-th packets, counted from 1.
fn without(octets: &[u8], frames: &[usize]) -> Vec<u8> {
    let mut number = 0;
    let mut kept = Vec::new();
    for (from, to) in blocks(octets) {
        let is_packet = octets[from..from + 4] == [6, 0, 0, 0];
        number += usize::from(is_packet);
        if !is_packet || !frames.contains(&number) {
            kept.extend(&octets[from..to]);
        }
    }
    kept
}

/// Every packet cut to so many octets.
fn cut(octets: &[u8], snap_length: usize) -> Vec<u8> {
    let mut whole = Vec::new();
    for (from, to) in blocks(octets) {
        let block = &octets[from..to];
        let captured = match block[..4] == [6, 0, 0, 0] {
            true => u32::from_le_bytes(block[20..24].try_into().unwrap()) as usize,
            false => 0,
        };
        if captured <= snap_length {
            whole.extend(block);
            continue;
        }
        let padded = snap_length.div_ceil(4) * 4;
        let length = (32 + padded) as u32;
        whole.extend(&block[..4]);
        whole.extend(length.to_le_bytes());
        whole.extend(&block[8..20]);
        whole.extend((snap_length as u32).to_le_bytes());
        whole.extend(&block[24..28]);
        whole.extend(&block[28..28 + snap_length]);
        whole.resize(whole.len() + padded - snap_length, 0);
        whole.extend(length.to_le_bytes());
    }
    whole
}

/// A session in which nothing is wrong: a call, twenty packets each way, and its end.
fn plain() -> Made {
    let mut made = Made::new();
    made.started().call(5, 9);
    for number in 0..20_u32 {
        let identification = number as u16;
        made.packet(
            (PNS, PAC),
            9,
            Some(number),
            number.checked_sub(1),
            100 + identification,
        );
        made.packet(
            (PAC, PNS),
            5,
            Some(number),
            Some(number),
            500 + identification,
        );
    }
    made.ended(5, 9);
    made
}

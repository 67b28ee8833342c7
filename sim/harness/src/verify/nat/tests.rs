//! Translations that forget, and what a right one looks like.

use std::net::{Ipv4Addr, SocketAddrV4};

use pptp_rules::{Grade, Grading};
use pptp_wire::time::Instant;
use pptp_wire::{
    CallClearRequest, CallDisconnectNotify, CallId, ControlMessage, DisconnectResult,
    GRE_MAXIMUM_HEADER_LENGTH, GreHeader, MAXIMUM_LENGTH, OutgoingCallReply, OutgoingCallRequest,
    OutgoingCallResult, SetLinkInfo, StartControlConnectionRequest,
};

use super::*;
use crate::capture::CaptureWriter;
use crate::verify::{VerifyOptions, verify_side};

const INNER: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 5);
const OUTER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const SERVER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 9);
const PAC_ID: u16 = 7;

/// What one side shows of a call: the Call ID of the PNS in each place where it stands.
struct Seen {
    client: Ipv4Addr,
    port: u16,
    request: u16,
    reply: u16,
    clear: u16,
    link: u16,
    disconnect: u16,
    to_client: u16,
    to_server: u16,
    payload: u8,
}

impl Seen {
    fn with(client: Ipv4Addr, port: u16, id: u16) -> Seen {
        Seen {
            client,
            port,
            request: id,
            reply: id,
            clear: id,
            link: PAC_ID,
            disconnect: PAC_ID,
            to_client: id,
            to_server: PAC_ID,
            payload: 1,
        }
    }

    fn side(&self, name: &str) -> Side {
        let mut writer = CaptureWriter::new("tap", &[self.client]);
        let client = SocketAddrV4::new(self.client, self.port);
        let server = SocketAddrV4::new(SERVER, 1723);
        let at = |ms: u64| Instant(ms * 1_000_000);
        writer.tcp_open(at(0), client, server);
        writer.tcp_opened(at(1), client, server);
        let mut say = |ms: u64, from: SocketAddrV4, to: SocketAddrV4, message: ControlMessage| {
            let mut buffer = [0; MAXIMUM_LENGTH];
            writer.tcp_octets(at(ms), from, to, message.encode(&mut buffer));
        };
        say(
            2,
            client,
            server,
            StartControlConnectionRequest::default().into(),
        );
        let request = OutgoingCallRequest {
            call_id: CallId(self.request),
            ..OutgoingCallRequest::default()
        };
        say(3, client, server, request.into());
        let reply = OutgoingCallReply {
            call_id: CallId(PAC_ID),
            peer_call_id: CallId(self.reply),
            result_code: OutgoingCallResult::CONNECTED,
            ..OutgoingCallReply::default()
        };
        say(4, server, client, reply.into());
        let link = SetLinkInfo {
            peer_call_id: CallId(self.link),
            ..SetLinkInfo::default()
        };
        say(5, client, server, link.into());
        let clear = CallClearRequest {
            call_id: CallId(self.clear),
            ..CallClearRequest::default()
        };
        say(100, client, server, clear.into());
        let disconnect = CallDisconnectNotify {
            call_id: CallId(self.disconnect),
            result_code: DisconnectResult::REQUEST,
            ..CallDisconnectNotify::default()
        };
        say(101, server, client, disconnect.into());
        for number in 0..8 {
            let mut packet = |ms: u64, from: Ipv4Addr, to: Ipv4Addr, id: u16| {
                let mut header = [0; GRE_MAXIMUM_HEADER_LENGTH];
                let length = GreHeader::data(CallId(id), number, None, 5).encode(&mut header);
                let mut octets = header[..length].to_vec();
                octets.extend([0xFF, 3, 0, 0x21, self.payload]);
                writer.gre(at(ms), from, to, &octets);
            };
            packet(110 + u64::from(number), self.client, SERVER, self.to_server);
            packet(110 + u64::from(number), SERVER, self.client, self.to_client);
        }
        let octets = writer.finish();
        let mut side = Side::new(name);
        verify_side(
            &octets[..],
            VerifyOptions::default(),
            &mut |_| Ok(()),
            Some(&mut side),
        )
        .expect("a capture");
        side
    }
}

fn compared(inside: &Seen, outside: &Seen) -> NatReport {
    compare(&[inside.side("inside")], &outside.side("outside"))
}

fn inside() -> Seen {
    Seen::with(INNER, 1024, 500)
}

fn outside() -> Seen {
    Seen::with(OUTER, 40_000, 40_000)
}

/// Message, field and requirement of each finding.
fn found(report: &NatReport) -> Vec<(&str, &str, &str)> {
    report
        .findings
        .iter()
        .map(|found| {
            let id = found.requirement.map_or("", |requirement| requirement.id());
            (found.message, &found.field[..], id)
        })
        .collect()
}

#[test]
fn a_translation_that_rewrites_everything_passes() {
    let report = compared(&inside(), &outside());
    assert_eq!(found(&report), []);
    let pair = &report.pairs[0];
    assert_eq!(pair.messages, 6);
    assert_eq!(pair.call_ids, [("PNS's", 500, 40_000), ("PAC's", 7, 7)]);
    assert_eq!(pair.packets, [(8, 8), (8, 8)]);
    assert_eq!(report.verdict(Grading::Default), Grade::Pass);
}

#[test]
fn each_field_that_is_forgotten_is_named_with_both_values_and_frames() {
    type Forget = fn(&mut Seen, &mut Seen);
    let cases: [(Forget, (&str, &str, &str)); 4] = [
        (
            |inside, _| inside.reply = 40_000,
            ("Outgoing-Call-Reply", "peer-call-id", "OCRP-003"),
        ),
        (
            |_, outside| outside.clear = 500,
            ("Call-Clear-Request", "call-id", "CCLR-002"),
        ),
        (
            |_, outside| outside.link = 500,
            ("Set-Link-Info", "peer-call-id", "SLI-002"),
        ),
        // What Linux does (AMB-38, AMB-56).
        (
            |inside, _| inside.disconnect = 500,
            ("Call-Disconnect-Notify", "call-id", "CDN-003"),
        ),
    ];
    for (forget, expected) in cases {
        let (mut one, mut two) = (inside(), outside());
        forget(&mut one, &mut two);
        let report = compared(&one, &two);
        assert_eq!(found(&report), [expected]);
        let finding = &report.findings[0];
        assert!(finding.inside.frame > 0 && finding.outside.frame > 0);
        assert!(finding.inside.value.is_some() && finding.outside.value.is_some());
        assert_eq!(report.verdict(Grading::Default), Grade::Fail);
    }
}

#[test]
fn data_that_keeps_its_call_id_or_is_changed_or_lost_is_found() {
    let mut kept = inside();
    kept.to_client = 40_000;
    let report = compared(&kept, &outside());
    assert_eq!(found(&report), [("GRE", "call-id", "GRE-012")]);
    let finding = &report.findings[0];
    assert_eq!(
        (finding.inside.value, finding.outside.value),
        (Some(40_000), Some(40_000))
    );
    assert_eq!(finding.severity, pptp_wire::Severity::Error);
    let mut lost = inside();
    lost.to_client = 3;
    let report = compared(&lost, &outside());
    assert_eq!(found(&report), [("GRE", "call-id", "GRE-012")]);
    assert_eq!(report.findings[0].severity, pptp_wire::Severity::Warning);
    let mut changed = outside();
    changed.payload = 2;
    let report = compared(&inside(), &changed);
    assert_eq!(
        found(&report),
        [("GRE", "payload", ""), ("GRE", "payload", "")]
    );
}

#[test]
fn clients_with_one_call_id_are_told_apart_by_what_else_is_said() {
    let (mut one, mut two) = (inside(), inside());
    two.client = Ipv4Addr::new(10, 0, 0, 6);
    two.port = 2048;
    one.port = 40_000;
    let report = compare(
        &[two.side("second"), one.side("first")],
        &outside().side("outside"),
    );
    // Both are as alike; that the port was kept does not outweigh the order of the captures.
    assert_eq!(report.pairs.len(), 1);
    assert_eq!(report.alone.len(), 1);
    let nothing = compare(&[], &outside().side("outside"));
    assert_eq!(nothing.verdict(Grading::Default), Grade::Inconclusive);
}

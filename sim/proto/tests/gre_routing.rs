//! GRE packets: which call they are for, and which are for none.

mod common;

use std::net::Ipv4Addr;

use common::*;
use pptp_proto::{CallRef, Command, Config, DataBeforeConnect, DeviationId, Deviations};
use pptp_wire::{
    CallClearRequest, CallId, GreHeader, OutgoingCallReply, OutgoingCallRequest, Requirement,
    StartControlConnectionReply, StartControlConnectionRequest,
};

const STRANGER: Ipv4Addr = Ipv4Addr::new(10, 9, 9, 9);

fn packet(call_id: CallId, sequence_number: u32, payload: &[u8]) -> Vec<u8> {
    let mut header = [0; 16];
    let length =
        GreHeader::data(call_id, sequence_number, None, payload.len() as u16).encode(&mut header);
    [&header[..length], payload].concat()
}

/// A PAC with one established call, the script being the PNS.
fn call(config: Config) -> (Net, usize, CallRef) {
    let mut net = Net::scripted(config);
    let link = net.script_opens();
    net.script_sends(link, StartControlConnectionRequest::default());
    net.script_sends(
        link,
        OutgoingCallRequest {
            call_id: CallId(77),
            ..Default::default()
        },
    );
    let call = net.call_of(0);
    (net, link, call)
}

fn drops(net: &Net) -> Vec<&str> {
    let reason = |event: &'_ (usize, String)| event.1.contains("Dropped").then_some(());
    net.events
        .iter()
        .filter(|event| reason(event).is_some())
        .map(|event| event.1.as_str())
        .collect()
}

#[test]
fn a_packet_reaches_the_call_that_its_call_id_names() {
    let (mut net, _, call) = call(pac());
    net.script_sends_datagram(PNS_ADDRESS, &packet(call.call_id, 0, b"one"));
    assert_eq!(net.data, [(0, call, 0, b"one".to_vec())]);
    net.send_data(0, call, b"back").expect("established");
    net.run(seconds(1));
    let sent = pptp_wire::GrePacket::decode(&net.datagrams[0]).expect("a packet");
    assert_eq!(
        (
            sent.header.call_id,
            sent.header.acknowledgment_number,
            sent.data()
        ),
        (CallId(77), Some(0), &b"back"[..])
    );
}

#[test]
fn packets_for_no_call_are_dropped_with_the_reason() {
    let (mut net, link, call) = call(pac());
    net.script_sends_datagram(PNS_ADDRESS, &packet(CallId(call.call_id.0 ^ 1), 0, b"x"));
    net.script_sends_datagram(STRANGER, &packet(call.call_id, 0, b"x"));
    net.script_sends_datagram(PNS_ADDRESS, &[0x30, 0x81, 0x88]);
    net.script_sends(
        link,
        CallClearRequest {
            call_id: CallId(77),
            ..Default::default()
        },
    );
    net.script_sends_datagram(PNS_ADDRESS, &packet(call.call_id, 0, b"x"));
    let seen = drops(&net);
    let reasons = [
        "UnknownCallId",
        "WrongSource",
        "Truncated",
        "NotEstablished",
    ];
    assert_eq!(seen.len(), reasons.len());
    assert!(
        seen.iter()
            .zip(reasons)
            .all(|(event, reason)| event.contains(reason)),
        "{seen:?}"
    );
    assert_eq!((net.data.len(), net.violations.len()), (0, 0));
}

#[test]
fn the_source_is_looked_at_unless_profile_or_bug_say_otherwise() {
    let mut lenient = pac();
    lenient.profile.checks_gre_source = false;
    let mut wrong = pac();
    wrong.deviations = Deviations::only(DeviationId::DeliversAnySource);
    for config in [lenient, wrong] {
        let (mut net, _, call) = call(config);
        net.script_sends_datagram(STRANGER, &packet(call.call_id, 0, b"x"));
        assert_eq!(net.data.len(), 1);
    }
}

#[test]
fn what_is_wrong_with_a_packet_is_a_violation_of_its_sender() {
    let (mut net, _, call) = call(pac());
    let mut version = packet(call.call_id, 0, b"x");
    version[1] &= !0x07;
    net.script_sends_datagram(PNS_ADDRESS, &version);
    let mut length = packet(call.call_id, 0, b"x");
    length[5] = 200;
    net.script_sends_datagram(PNS_ADDRESS, &length);
    let seen: Vec<Requirement> = net.violations.iter().map(|violation| violation.1).collect();
    assert!(
        seen.contains(&Requirement::Gre009) && seen.contains(&Requirement::Gre011),
        "{seen:?}"
    );
    assert_eq!(net.data, []);
}

/// A PNS whose PAC sends data before the reply (AMB-42).
#[test]
fn early_data_is_dropped_or_kept() {
    for (choice, delivered) in [(DataBeforeConnect::Drop, 0), (DataBeforeConnect::Accept, 2)] {
        let mut config = pns();
        config.profile.data_before_connect = choice;
        config.limits.receive_buffer_packets = 2;
        let mut net = Net::scripted(config);
        net.command(0, &Command::OpenControl { to: PAC_ADDRESS });
        net.run(DELAY * 3);
        net.script_sends(0, StartControlConnectionReply::default());
        let call = net.place_call();
        for number in 0..3 {
            net.script_sends_datagram(PAC_ADDRESS, &packet(call.call_id, number, b"early"));
        }
        assert_eq!(net.data, []);
        net.script_sends(
            0,
            OutgoingCallReply {
                peer_call_id: call.call_id,
                ..Default::default()
            },
        );
        assert_eq!(net.data.len(), delivered, "{choice:?}");
        assert_eq!(drops(&net).len(), 3 - delivered);
    }
}

#[test]
fn data_stops_with_the_clear_and_what_waited_is_counted() {
    let (mut net, link, call) = call(pac());
    for _ in 0..12 {
        net.send_data(0, call, b"data").expect("established");
    }
    net.script_sends(
        link,
        CallClearRequest {
            call_id: CallId(77),
            ..Default::default()
        },
    );
    let sent = net.datagrams.len();
    net.run(seconds(60));
    assert_eq!(net.datagrams.len(), sent);
    let ended = net
        .events
        .iter()
        .find(|event| event.1.starts_with("CallEnded"))
        .expect("told");
    // Half of a window of 16 is out, or all that the default of the script's request allows.
    assert!(
        ended.1.contains(&format!("unsent: {}", 12 - sent)),
        "{ended:?} {sent}"
    );
    assert!(sent < 12, "the window is smaller than what was sent");
}

//! An outgoing call from the first message to the last, with data both ways: the messages, their numbers and their times.

mod common;

use common::*;
use pptp_proto::{Command, ConnectionId, Outcome, PlaceCall};
use pptp_wire::time::Instant;
use pptp_wire::{CallId, ControlMessageType, DisconnectResult, StopReason, Text};

const PAYLOAD: [u8; 512] = [0x21; 512];

/// The times and names of a transcript of this flow, 25 ms each way, the telephone answering after 300 ms.
const TRANSCRIPT: &str = "\
0.000000 pns TCP-Open
0.050000 pns Start-Control-Connection-Request
0.075000 pac Start-Control-Connection-Reply
0.100000 pns Outgoing-Call-Request
0.425000 pac Outgoing-Call-Reply
1.570000 pns Call-Clear-Request
1.595000 pac Call-Disconnect-Notify
1.620000 pns Stop-Control-Connection-Request
1.645000 pac Stop-Control-Connection-Reply
1.645000 pac TCP-Close
1.670000 pns TCP-Close
";

fn run_call() -> Net {
    let mut pac = pac();
    pac.telephone.answers_after = milliseconds(300);
    let mut net = Net::pair(pns(), pac);
    net.command(PNS, &Command::OpenControl { to: PAC_ADDRESS });
    net.run(milliseconds(100));
    let options = PlaceCall {
        phone_number: Text::new("5551234"),
        ..PlaceCall::default()
    };
    let Outcome::Call(call) = net.command(
        PNS,
        &Command::PlaceCall {
            connection: None,
            options,
        },
    ) else {
        panic!("a call");
    };
    net.run(milliseconds(350));
    let other = net.call_of(PAC);
    for _ in 0..100 {
        net.send_data(PNS, call, &PAYLOAD).expect("established");
        net.send_data(PAC, other, &PAYLOAD).expect("established");
        net.run(milliseconds(10));
    }
    net.run(Instant(1_570_000_000).since(net.now));
    net.command(PNS, &Command::ClearCall { call });
    net.run(milliseconds(50));
    assert_eq!(net.end(PNS).calls().count(), 0);
    net.command(
        PNS,
        &Command::CloseControl {
            connection: None,
            reason: StopReason::NONE,
        },
    );
    net.run(seconds(120));
    net
}

#[test]
fn the_control_messages_are_those_of_the_transcript() {
    let net = run_call();
    let lines: Vec<String> = net
        .log
        .iter()
        .filter_map(|line| {
            let name = match &line.sent {
                Sent::Open => "TCP-Open",
                Sent::Close(_) => "TCP-Close",
                Sent::Message(message) => message.message_type().name()?,
                _ => return None,
            };
            Some(format!(
                "{} {} {name}\n",
                line.at,
                ["pns", "pac"][line.from]
            ))
        })
        .collect();
    assert_eq!(lines.concat(), TRANSCRIPT);
    assert_eq!(net.violations, []);
    assert_eq!(
        net.end(PNS).connections().count() + net.end(PAC).connections().count(),
        0
    );
}

#[test]
fn each_message_carries_the_call_id_of_the_end_that_the_rfc_names() {
    let net = run_call();
    let one = |from, message_type| net.messages(from, message_type)[0].1;
    let request = body!(
        one(PNS, ControlMessageType::OUTGOING_CALL_REQUEST),
        OutgoingCallRequest
    );
    let reply = body!(
        one(PAC, ControlMessageType::OUTGOING_CALL_REPLY),
        OutgoingCallReply
    );
    let clear = body!(
        one(PNS, ControlMessageType::CALL_CLEAR_REQUEST),
        CallClearRequest
    );
    let notify = body!(
        one(PAC, ControlMessageType::CALL_DISCONNECT_NOTIFY),
        CallDisconnectNotify
    );
    assert_ne!(request.call_id, reply.call_id);
    assert!((1..=65_534).contains(&request.call_id.0) && (1..=65_534).contains(&reply.call_id.0));
    assert_eq!(reply.peer_call_id, request.call_id);
    assert_eq!(clear.call_id, request.call_id);
    assert_eq!(notify.call_id, reply.call_id);
    assert_eq!(notify.result_code, DisconnectResult::REQUEST);
    assert_eq!(
        (
            request.call_serial_number,
            request.minimum_bps,
            request.maximum_bps
        ),
        (1, 300, 100_000_000)
    );
    assert_eq!(
        (
            request.bearer_type.0,
            request.framing_type.0,
            request.packet_recv_window_size
        ),
        (3, 3, 16)
    );
    assert_eq!(
        (request.phone_number_length, request.phone_number.used()),
        (7, &b"5551234"[..])
    );
    assert_eq!(
        (
            reply.connect_speed,
            reply.packet_recv_window_size,
            reply.physical_channel_id
        ),
        (64_000, 16, 1)
    );
}

#[test]
fn data_goes_both_ways_in_order_and_is_acknowledged() {
    let net = run_call();
    for side in [PNS, PAC] {
        let numbers: Vec<u32> = net
            .data
            .iter()
            .filter(|data| data.0 == side)
            .map(|data| data.2)
            .collect();
        assert_eq!(numbers, (0..100).collect::<Vec<u32>>());
        assert!(net.data.iter().all(|data| data.3 == PAYLOAD));
        let last = net
            .log
            .iter()
            .rfind(|line| line.from == side && matches!(line.sent, Sent::Data { .. }));
        let last = last.expect("packets were sent");
        let acknowledgment = Sent::Data {
            sequence_number: None,
            acknowledgment_number: Some(99),
            length: 0,
        };
        assert_eq!(
            (last.at, &last.sent),
            (Instant(1_545_000_000), &acknowledgment)
        );
        assert_eq!(last.mark, "acknowledgment delay 100 ms");
    }
}

#[test]
fn a_second_run_is_the_same_to_the_octet() {
    assert_eq!(run_call().log, run_call().log);
}

#[test]
fn start_messages_say_who_sends_them() {
    let mut config = pns();
    config.profile.host_name = Text::new("pns.sim");
    let mut net = Net::pair(config, pac());
    net.establish(PNS);
    let request = net.messages(PNS, ControlMessageType::START_CONTROL_CONNECTION_REQUEST)[0].1;
    let reply = net.messages(PAC, ControlMessageType::START_CONTROL_CONNECTION_REPLY)[0].1;
    let request = body!(request, StartControlConnectionRequest);
    let reply = body!(reply, StartControlConnectionReply);
    assert_eq!(
        (request.protocol_version.0, request.maximum_channels),
        (0x0100, 0)
    );
    assert_eq!(
        (
            request.framing_capabilities.0,
            request.bearer_capabilities.0
        ),
        (3, 3)
    );
    assert_eq!(
        (request.host_name.used(), request.vendor_name.used()),
        (&b"pns.sim"[..], &b"pptp-sim"[..])
    );
    assert_eq!(
        (
            reply.protocol_version.0,
            reply.result_code.0,
            reply.maximum_channels
        ),
        (0x0100, 1, 64)
    );
    assert_eq!(
        net.end(PNS).connection_state(ConnectionId(1)),
        Some("established")
    );
    let unknown = pptp_proto::CallRef {
        connection: ConnectionId(1),
        call_id: CallId(7),
    };
    assert!(net.send_data(PNS, unknown, &PAYLOAD).is_err());
}

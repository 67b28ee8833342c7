//! Flows in which the script, or the network, does something out of the ordinary.

use pptp_proto::{AfterLastCall, Command, Config, PlaceCall, Role, WrongDirection};
use pptp_wire::{
    CallClearRequest, CallDisconnectNotify, CallId, ControlMessage, DisconnectResult, EchoReply,
    EchoRequest, GreHeader, IncomingCallReply, IncomingCallRequest, OutgoingCallReply,
    OutgoingCallRequest, ProtocolVersion, Raw, StartControlConnectionReply,
    StartControlConnectionRequest, StartResult, StopControlConnectionReply, StopReason,
};

use super::flows::{Flow, begin, call_with_script, calls_of, from_script, other, to_script};
use super::*;

pub const ODD_FLOWS: &[(&str, Flow)] = &[
    ("versions asked for", versions_asked_for),
    ("versions of an end that speaks two", |mut config| {
        speaks_two(&mut config);
        versions_asked_for(config)
    }),
    (
        "a low version in reply to an end that speaks two",
        |mut config| {
            speaks_two(&mut config);
            start_reply(config, 0x0100, 1)
        },
    ),
    ("a high version in reply", |config| {
        start_reply(config, 0x0200, 1)
    }),
    ("Result 0 in reply", |config| start_reply(config, 0x0100, 0)),
    ("Result 4 in reply", |config| start_reply(config, 0x0100, 4)),
    ("a second start request", second_start_request),
    ("a second connection", second_connection),
    ("no reply to a call", no_reply_to_a_call),
    ("a wrong Echo-Reply", |config| {
        echo(
            config,
            EchoReply {
                identifier: 77,
                ..EchoReply::default()
            },
        )
    }),
    ("another message for an Echo-Reply", |config| {
        echo(config, EchoRequest { identifier: 3 })
    }),
    ("an Echo-Reply unasked", unasked_echo_reply),
    ("an early echo", |config| {
        early(config, EchoRequest { identifier: 1 })
    }),
    ("an early call", |config| {
        early(config, OutgoingCallRequest::default())
    }),
    ("an early clear", |config| {
        early(config, CallClearRequest::default())
    }),
    ("a management message", |config| {
        patched_echo(config, "pptp-message-type", 2)
    }),
    ("a reserved field", |config| {
        patched_echo(config, "reserved0", 1)
    }),
    ("the own stop is answered", own_stop),
    ("the last call ends", last_call),
    ("a notify with the PNS's number", notify_with_own_id),
    ("a window of five", window_of_five),
    ("one Call ID", one_call_id),
    ("early data", early_data),
    ("the longest message", longest_message),
    ("many calls", many_calls),
    ("slow telephone", slow_telephone),
    ("data from elsewhere", data_from_elsewhere),
    ("stop in the middle of a call", stop_in_call),
    ("late answer to an echo", late_echo),
    ("no start request", no_start_request),
    ("no start reply", no_start_reply),
    ("a word at half time", word_at_half_time),
    ("an own word at half time", own_word_at_half_time),
    ("a clear that is not answered", unanswered_clear),
    ("a narrow call", narrow_call),
    ("a message that is too short", short_message),
    ("a start request in two pieces", start_in_two_pieces),
    ("one call too many", one_call_too_many),
];

fn one_call_too_many(mut config: Config) -> Net {
    config.profile.calls_per_connection = 1;
    let (mut net, link, _) = call_with_script(config);
    net.script_sends(
        link,
        OutgoingCallRequest {
            call_id: CallId(0x2345),
            ..Default::default()
        },
    );
    net.run(seconds(1));
    net
}

fn no_start_request(config: Config) -> Net {
    let mut net = Net::scripted(config);
    net.script_opens();
    net.run(seconds(200));
    net
}

fn no_start_reply(config: Config) -> Net {
    let to = other(&config).address;
    let mut net = Net::scripted(config);
    let _ = net.try_command(0, &Command::OpenControl { to });
    net.run(seconds(200));
    net
}

fn word_at_half_time(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    net.run(seconds(30));
    net.script_sends(link, EchoRequest { identifier: 3 });
    net.run(seconds(45));
    net
}

fn own_word_at_half_time(config: Config) -> Net {
    let (mut net, _, call) = call_with_script(config);
    net.run(seconds(30));
    let _ = net.try_command(
        0,
        &Command::SetLinkInfo {
            call,
            send_accm: 0,
            receive_accm: 0,
        },
    );
    net.run(seconds(45));
    net
}

fn unanswered_clear(config: Config) -> Net {
    let (mut net, _, call) = call_with_script(config);
    let _ = net.try_command(0, &Command::ClearCall { call });
    net.run(seconds(100));
    net
}

fn narrow_call(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    net.script_sends(
        link,
        OutgoingCallRequest {
            call_id: CallId(0x1234),
            minimum_bps: 300,
            maximum_bps: 2400,
            ..Default::default()
        },
    );
    net.run(seconds(1));
    net
}

fn short_message(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    let short = Raw::control(EchoRequest { identifier: 2 })
        .truncate(12)
        .patch("length", 12)
        .expect("fits")
        .into_octets();
    net.script_sends_octets(link, &short);
    net.run(seconds(1));
    net
}

fn start_in_two_pieces(config: Config) -> Net {
    let mut net = Net::scripted(config);
    let link = net.script_opens();
    let start = Raw::control(StartControlConnectionRequest::default()).into_octets();
    net.script_sends_octets(link, &start[..1]);
    net.script_sends_octets(link, &start[1..]);
    net.run(seconds(1));
    net
}

/// Versions 1.0 and 2.0.
fn speaks_two(config: &mut Config) {
    config.profile.protocol_version = 0x0200;
    config.profile.minimum_protocol_version = 0x0100;
}

fn versions_asked_for(config: Config) -> Net {
    let mut net = Net::scripted(config);
    for version in [0x0001, 0x0101, 0x0200] {
        let link = net.script_opens();
        let protocol_version = ProtocolVersion(version);
        net.script_sends(
            link,
            StartControlConnectionRequest {
                protocol_version,
                ..Default::default()
            },
        );
        net.script_closes(link);
    }
    net
}

fn start_reply(config: Config, version: u16, result: u8) -> Net {
    let to = if config.address == PAC_ADDRESS {
        PNS_ADDRESS
    } else {
        PAC_ADDRESS
    };
    let mut net = Net::scripted(config);
    let _ = net.try_command(0, &Command::OpenControl { to });
    net.run(DELAY * 3);
    let protocol_version = ProtocolVersion(version);
    let result_code = StartResult(result);
    net.script_sends(
        0,
        StartControlConnectionReply {
            protocol_version,
            result_code,
            ..Default::default()
        },
    );
    net.run(seconds(1));
    net
}

fn second_start_request(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    net.script_sends(link, StartControlConnectionRequest::default());
    net
}

fn second_connection(config: Config) -> Net {
    let (mut net, _) = from_script(config);
    let link = net.script_opens();
    net.script_sends(link, StartControlConnectionRequest::default());
    net
}

fn no_reply_to_a_call(config: Config) -> Net {
    let mut net = to_script(config);
    begin(&mut net, 0);
    net.run(seconds(200));
    net
}

fn echo(config: Config, instead: impl Into<ControlMessage>) -> Net {
    let (mut net, link) = from_script(config);
    net.run(seconds(61));
    net.script_sends(link, instead);
    net.run(seconds(100));
    net
}

fn unasked_echo_reply(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    net.script_sends(link, EchoReply::default());
    net
}

fn early(config: Config, message: impl Into<ControlMessage>) -> Net {
    let mut net = Net::scripted(config);
    let link = net.script_opens();
    net.script_sends(link, message);
    net
}

fn patched_echo(config: Config, key: &str, value: u32) -> Net {
    let (mut net, link) = from_script(config);
    let octets = Raw::control(EchoRequest { identifier: 6 })
        .patch(key, value)
        .expect("a field")
        .into_octets();
    net.script_sends_octets(link, &octets);
    net
}

fn own_stop(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    let _ = net.try_command(
        0,
        &Command::CloseControl {
            connection: None,
            reason: StopReason::NONE,
        },
    );
    net.script_sends(link, StopControlConnectionReply::default());
    net.run(seconds(100));
    net
}

fn last_call(mut config: Config) -> Net {
    config.profile.after_last_call = AfterLastCall::Stop;
    let (mut net, link, _) = call_with_script(config);
    let call_id = CallId(0x1234);
    match net.end(0).role() {
        Role::Pac => net.script_sends(
            link,
            CallClearRequest {
                call_id,
                ..Default::default()
            },
        ),
        Role::Pns => net.script_sends(
            link,
            CallDisconnectNotify {
                call_id,
                ..Default::default()
            },
        ),
    }
    net.run(seconds(100));
    net
}

fn notify_with_own_id(config: Config) -> Net {
    let (mut net, link, call) = call_with_script(config);
    let result_code = DisconnectResult::LOST_CARRIER;
    net.script_sends(
        link,
        CallDisconnectNotify {
            call_id: call.call_id,
            result_code,
            ..Default::default()
        },
    );
    net
}

fn window_of_five(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    net.script_sends(
        link,
        OutgoingCallRequest {
            packet_recv_window_size: 5,
            ..Default::default()
        },
    );
    net
}

fn one_call_id(mut config: Config) -> Net {
    (
        config.profile.minimum_call_id,
        config.profile.maximum_call_id,
    ) = (1, 1);
    let (mut net, link) = from_script(config);
    for call_id in [CallId(5), CallId(6)] {
        net.script_sends(
            link,
            OutgoingCallRequest {
                call_id,
                ..Default::default()
            },
        );
        net.script_sends(
            link,
            CallClearRequest {
                call_id,
                ..Default::default()
            },
        );
        net.run(seconds(30));
    }
    net
}

fn early_data(config: Config) -> Net {
    let mut net = to_script(config);
    let _ = net.try_command(
        0,
        &Command::PlaceCall {
            connection: None,
            options: PlaceCall::default(),
        },
    );
    if let Some(&call) = calls_of(&net, 0).first() {
        let mut header = [0; 16];
        let length = GreHeader::data(call.call_id, 0, None, 1).encode(&mut header);
        net.script_sends_datagram(PAC_ADDRESS, &[&header[..length], &[1]].concat());
        net.script_sends(
            0,
            OutgoingCallReply {
                peer_call_id: call.call_id,
                ..Default::default()
            },
        );
    }
    net
}

fn data_from_elsewhere(config: Config) -> Net {
    let (mut net, _, call) = call_with_script(config);
    let mut header = [0; 16];
    let length = GreHeader::data(call.call_id, 0, None, 1).encode(&mut header);
    net.script_sends_datagram([10, 9, 9, 9].into(), &[&header[..length], &[1]].concat());
    net
}

fn stop_in_call(config: Config) -> Net {
    let (mut net, _, call) = call_with_script(config);
    let _ = net.try_command(
        0,
        &Command::CloseControl {
            connection: None,
            reason: StopReason::NONE,
        },
    );
    let _ = net.send_data(0, call, &[1]);
    net.run(seconds(1));
    net
}

fn late_echo(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    net.run(seconds(70));
    let identifier = 1;
    net.script_sends(
        link,
        EchoReply {
            identifier,
            ..Default::default()
        },
    );
    if net.end(0).role() == Role::Pac {
        let call = begin(&mut net, 0);
        net.script_sends(
            link,
            IncomingCallReply {
                peer_call_id: call.call_id,
                ..Default::default()
            },
        );
    }
    net.run(seconds(10));
    net
}

fn many_calls(config: Config) -> Net {
    let mut net = Net::pair(config.clone(), other(&config));
    net.establish(0);
    for _ in 0..20 {
        begin(&mut net, 0);
    }
    net.run(seconds(1));
    net
}

fn slow_telephone(mut config: Config) -> Net {
    config.telephone.answers_after = seconds(3);
    let (mut net, link) = from_script(config);
    if net.end(0).role() == Role::Pac {
        net.script_sends(
            link,
            OutgoingCallRequest {
                call_id: CallId(0x1234),
                ..Default::default()
            },
        );
        let call = net.call_of(0);
        let _ = net.send_data(0, call, &[1]);
    }
    net.run(seconds(10));
    net
}

fn longest_message(mut config: Config) -> Net {
    config.profile.wrong_direction = WrongDirection::Ignore;
    let (mut net, link) = from_script(config);
    net.script_sends(
        link,
        IncomingCallRequest {
            call_id: CallId(9),
            ..Default::default()
        },
    );
    net.run(seconds(1));
    net
}

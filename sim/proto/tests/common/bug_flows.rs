//! Flows that bring known bugs of real software to light.

use pptp_proto::{Command, Config, PlaceCall, Role};
use pptp_wire::{
    CallClearRequest, CallId, EchoRequest, IncomingCallConnected, IncomingCallReply,
    IncomingCallRequest, IncomingCallResult, OutgoingCallReply, OutgoingCallRequest,
    OutgoingCallResult, Raw, StartControlConnectionRequest,
};

use super::flows::{Flow, begin, call_with_script, calls_of, from_script, other, to_script};
use super::*;

pub const BUG_FLOWS: &[(&str, Flow)] = &[
    ("a header of Length 0", length_0),
    ("a short message behind a long one", short_behind_long),
    ("no start request", no_start_request),
    ("a silent client, then another", silent_client),
    ("an open that is refused", open_refused),
    ("a collision of reversed octets", reversed_collision),
    ("a reset under a call", reset_under_call),
    ("one Call ID on two connections", one_peer_id_twice),
    ("more calls than a byte counts", many_small_calls),
    ("a refused call", refused_call),
    ("a call that is not accepted", not_accepted),
    ("a clear while dialling", clear_while_dialling),
    ("calls that wait for the start", queued_calls),
    ("Incoming-Call-Connected twice", connected_twice),
];

fn length_0(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    let header = Raw::control(EchoRequest { identifier: 9 }).patch("length", 0);
    net.script_sends_octets(link, header.expect("a field").as_octets());
    net.script_sends(link, EchoRequest { identifier: 10 });
    net
}

fn short_behind_long(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    net.script_sends(
        link,
        EchoRequest {
            identifier: 0x0102_0304,
        },
    );
    let short = Raw::control(EchoRequest { identifier: 9 })
        .truncate(12)
        .patch("length", 12)
        .expect("fits")
        .into_octets();
    net.script_sends_octets(link, &short);
    net.run(seconds(1));
    net
}

fn no_start_request(config: Config) -> Net {
    let mut net = Net::scripted(config);
    net.script_opens();
    net.run(seconds(100));
    net
}

fn silent_client(config: Config) -> Net {
    let mut net = Net::scripted(config);
    net.script_opens();
    let link = net.script_opens();
    net.script_sends(link, StartControlConnectionRequest::default());
    net.run(seconds(1));
    net
}

/// The script's side is reset before the connection is open; then the endpoint tries again.
fn open_refused(config: Config) -> Net {
    let to = if config.address == PAC_ADDRESS {
        PNS_ADDRESS
    } else {
        PAC_ADDRESS
    };
    let mut net = Net::scripted(config);
    let _ = net.try_command(0, &Command::OpenControl { to });
    net.script_resets(0);
    let _ = net.try_command(0, &Command::OpenControl { to });
    net.run(seconds(1));
    net
}

fn reversed_collision(config: Config) -> Net {
    let mut twin = other(&config);
    let mut own = config;
    [own.address, twin.address] = [[10, 0, 0, 2], [11, 0, 0, 1]].map(Into::into);
    let [to_own, to_twin] = [own.address, twin.address];
    let mut net = Net::pair(own, twin);
    let _ = net.try_command(0, &Command::OpenControl { to: to_twin });
    let _ = net.try_command(1, &Command::OpenControl { to: to_own });
    net.run(seconds(1));
    net
}

fn reset_under_call(config: Config) -> Net {
    let (mut net, link, call) = call_with_script(config);
    net.script_resets(link);
    let _ = net.send_data(0, call, &[1]);
    net.run(seconds(1));
    net
}

fn one_peer_id_twice(mut config: Config) -> Net {
    config.profile.second_connection = pptp_proto::SecondConnection::Allow;
    let mut net = Net::scripted(config);
    for _ in 0..2 {
        let link = net.script_opens();
        net.script_sends(link, StartControlConnectionRequest::default());
        net.script_sends(
            link,
            OutgoingCallRequest {
                call_id: CallId(0x1234),
                ..Default::default()
            },
        );
    }
    net
}

fn many_small_calls(config: Config) -> Net {
    let mut net = Net::pair(config.clone(), other(&config));
    let pns = if config.role == Role::Pns { 0 } else { 1 };
    net.establish(0);
    for _ in 0..257 {
        begin(&mut net, pns);
    }
    net.run(seconds(1));
    net
}

/// The script refuses the endpoint's call.
fn refused_call(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    let call = begin(&mut net, 0);
    match net.end(0).role() {
        Role::Pns => net.script_sends(
            link,
            OutgoingCallReply {
                call_id: CallId(0x77),
                peer_call_id: call.call_id,
                result_code: OutgoingCallResult::BUSY,
                ..Default::default()
            },
        ),
        Role::Pac => net.script_sends(
            link,
            IncomingCallReply {
                call_id: CallId(0x77),
                peer_call_id: call.call_id,
                result_code: IncomingCallResult::DO_NOT_ACCEPT,
                ..Default::default()
            },
        ),
    }
    net
}

/// The endpoint has no room for the script's call.
fn not_accepted(mut config: Config) -> Net {
    config.profile.calls_per_connection = 0;
    let (mut net, link) = from_script(config);
    match net.end(0).role() {
        Role::Pac => net.script_sends(link, OutgoingCallRequest::default()),
        Role::Pns => net.script_sends(link, IncomingCallRequest::default()),
    }
    net
}

fn clear_while_dialling(mut config: Config) -> Net {
    config.telephone.answers_after = seconds(5);
    let (mut net, link) = from_script(config);
    let call_id = CallId(0x1234);
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
    net.run(seconds(10));
    net
}

fn queued_calls(config: Config) -> Net {
    let to = if config.address == PAC_ADDRESS {
        PNS_ADDRESS
    } else {
        PAC_ADDRESS
    };
    let mut net = Net::pair(config.clone(), other(&config));
    let _ = net.try_command(0, &Command::OpenControl { to });
    for _ in 0..2 {
        let _ = net.try_command(
            0,
            &Command::PlaceCall {
                connection: None,
                options: PlaceCall::default(),
            },
        );
    }
    net.run(seconds(1));
    net
}

fn connected_twice(config: Config) -> Net {
    let mut net = to_script(config);
    net.run(seconds(1));
    net.script_sends(
        0,
        IncomingCallRequest {
            call_id: CallId(0x1234),
            ..Default::default()
        },
    );
    for call in calls_of(&net, 0) {
        for _ in 0..2 {
            net.script_sends(
                0,
                IncomingCallConnected {
                    peer_call_id: call.call_id,
                    ..Default::default()
                },
            );
            let _ = net.send_data(0, call, &[1]);
        }
    }
    net
}

//! Flows in which an endpoint, on side 0 and in either role, meets an endpoint or a script: what it does in them tells two
//! behaviours apart.

use pptp_proto::{CallRef, Command, Config, Outcome, PlaceCall, Role, WanErrors};
use pptp_wire::{
    CallClearRequest, CallDisconnectNotify, CallId, DisconnectResult, EchoRequest, GreHeader,
    OutgoingCallReply, OutgoingCallRequest, Raw, StartControlConnectionReply,
    StartControlConnectionRequest, StopControlConnectionRequest, StopReason, Text,
};

use super::*;

/// One flow: the endpoint under test is on side 0, as PAC or as PNS.
pub type Flow = fn(Config) -> Net;

/// Stands for the call where a deviation left none.
const NO_CALL: CallRef = CallRef {
    connection: ConnectionId(0),
    call_id: CallId(0),
};

const COMMON_FLOWS: &[(&str, Flow)] = &[
    ("a call against an endpoint", whole_call),
    ("an incoming call against an endpoint", incoming_call),
    ("a collision", collision),
    ("a collision of high addresses", high_collision),
    ("silence", silence),
    ("silence with data", silence_with_data),
    ("the peer closes", peer_closes),
    ("the peer stops", peer_stops),
    ("a late reply", late_reply),
    ("disconnect by the PNS's number", disconnect_by_own_id),
    ("odd messages", odd_messages),
    ("a message that is too long", long_message),
    ("a wrong cookie", bad_cookie),
    ("split messages", split_messages),
    ("two calls", two_calls),
];

/// Every flow.
pub fn flows() -> impl Iterator<Item = &'static (&'static str, Flow)> {
    COMMON_FLOWS
        .iter()
        .chain(odd_flows::ODD_FLOWS)
        .chain(bug_flows::BUG_FLOWS)
}

/// What the endpoint did: what it put on the wire, its transitions, what it passed on, and its calls in the end.
pub fn seen(net: &Net) -> String {
    let sent: Vec<_> = net.log.iter().filter(|line| line.from == 0).collect();
    let steps: Vec<_> = net.steps.iter().filter(|step| step.side == 0).collect();
    let calls: Vec<_> = net.end(0).calls().collect();
    format!("{sent:?} {steps:?} {:?} {calls:?}", net.data)
}

pub fn other(config: &Config) -> Config {
    if config.role == Role::Pns {
        pac()
    } else {
        pns()
    }
}

/// The endpoint opens a control connection to the script.
pub fn to_script(config: Config) -> Net {
    let to = if config.address == PAC_ADDRESS {
        PNS_ADDRESS
    } else {
        PAC_ADDRESS
    };
    let mut net = Net::scripted(config);
    let _ = net.try_command(0, &Command::OpenControl { to });
    net.run(DELAY * 3);
    let _ = net.try_command(
        0,
        &Command::PlaceCall {
            connection: None,
            options: PlaceCall::default(),
        },
    );
    net.script_sends(0, StartControlConnectionReply::default());
    net
}

/// The script opens a control connection to the endpoint.
pub fn from_script(config: Config) -> (Net, usize) {
    let mut net = Net::scripted(config);
    let link = net.script_opens();
    net.script_sends(link, StartControlConnectionRequest::default());
    (net, link)
}

/// A call between the script and the endpoint, in either role.
pub fn call_with_script(config: Config) -> (Net, usize, CallRef) {
    let (mut net, link) = from_script(config);
    match net.end(0).role() {
        Role::Pac => net.script_sends(
            link,
            OutgoingCallRequest {
                call_id: CallId(0x1234),
                ..Default::default()
            },
        ),
        Role::Pns => {
            let call = begin(&mut net, 0);
            let reply = OutgoingCallReply {
                call_id: CallId(0x1234),
                peer_call_id: call.call_id,
                ..Default::default()
            };
            net.script_sends(link, reply);
        }
    }
    let call = net.end(0).calls().next().map(|view| view.call);
    (net, link, call.unwrap_or(NO_CALL))
}

pub fn begin(net: &mut Net, side: usize) -> CallRef {
    let command = match net.end(side).role() {
        Role::Pns => {
            let options = PlaceCall {
                phone_number: Text::new("5551234"),
                ..PlaceCall::default()
            };
            Command::PlaceCall {
                connection: None,
                options,
            }
        }
        Role::Pac => Command::Ring {
            connection: None,
            options: Default::default(),
        },
    };
    match net.try_command(side, &command) {
        Ok(Outcome::Call(call)) => call,
        _ => NO_CALL,
    }
}

pub fn calls_of(net: &Net, side: usize) -> Vec<CallRef> {
    net.end(side).calls().map(|view| view.call).collect()
}

fn line_events(net: &mut Net) {
    for side in 0..2 {
        for call in calls_of(net, side) {
            let counters = WanErrors {
                crc_errors: 2,
                ..WanErrors::default()
            };
            let _ = net.try_command(
                side,
                &Command::SetLinkInfo {
                    call,
                    send_accm: 1,
                    receive_accm: 2,
                },
            );
            let _ = net.try_command(side, &Command::CountWanErrors { call, counters });
            let _ = net.try_command(side, &Command::CountWanErrors { call, counters });
        }
    }
    net.run(seconds(100));
}

fn end_call(net: &mut Net) {
    for side in 0..2 {
        for call in calls_of(net, side) {
            let _ = net.try_command(side, &Command::ClearCall { call });
        }
    }
    net.run(seconds(1));
}

fn whole_call(config: Config) -> Net {
    let mut net = Net::pair(config.clone(), other(&config));
    let pns = if config.role == Role::Pns { 0 } else { 1 };
    net.establish(1);
    begin(&mut net, pns);
    net.run(seconds(1));
    line_events(&mut net);
    end_call(&mut net);
    let _ = net.try_command(
        0,
        &Command::CloseControl {
            connection: None,
            reason: StopReason::NONE,
        },
    );
    net.run(seconds(1));
    net
}

fn incoming_call(config: Config) -> Net {
    let mut net = Net::pair(config.clone(), other(&config));
    let pac = if config.role == Role::Pac { 0 } else { 1 };
    net.establish(0);
    begin(&mut net, pac);
    net.run(seconds(1));
    line_events(&mut net);
    for call in calls_of(&net, pac) {
        let _ = net.try_command(pac, &Command::DisconnectCall { call });
    }
    net.run(seconds(1));
    net
}

fn collide(config: Config, addresses: [[u8; 4]; 2]) -> Net {
    let mut twin = other(&config);
    let mut own = config;
    [own.address, twin.address] = addresses.map(Into::into);
    let [to_own, to_twin] = [own.address, twin.address];
    let mut net = Net::pair(own, twin);
    let _ = net.try_command(0, &Command::OpenControl { to: to_twin });
    let _ = net.try_command(1, &Command::OpenControl { to: to_own });
    net.run(seconds(100));
    net
}

fn collision(config: Config) -> Net {
    collide(config, [[10, 0, 0, 1], [10, 0, 0, 2]])
}

fn high_collision(config: Config) -> Net {
    collide(config, [[128, 0, 0, 1], [127, 0, 0, 1]])
}

fn silence(config: Config) -> Net {
    let mut net = to_script(config);
    net.run(seconds(300));
    net
}

fn silence_with_data(config: Config) -> Net {
    let (mut net, _, call) = call_with_script(config);
    let from = if net.end(0).role() == Role::Pac {
        PNS_ADDRESS
    } else {
        PAC_ADDRESS
    };
    for number in 0..10 {
        net.run(seconds(20));
        let mut header = [0; 16];
        let length = GreHeader::data(call.call_id, number, None, 1).encode(&mut header);
        net.script_sends_datagram(from, &[&header[..length], &[1]].concat());
    }
    net
}

fn peer_closes(config: Config) -> Net {
    let (mut net, link, call) = call_with_script(config);
    net.script_closes(link);
    let _ = net.send_data(0, call, &[1]);
    net.run(seconds(1));
    net
}

fn peer_stops(config: Config) -> Net {
    let (mut net, link, _) = call_with_script(config);
    net.script_sends(link, StopControlConnectionRequest::default());
    net.run(seconds(1));
    net
}

fn late_reply(config: Config) -> Net {
    let mut net = to_script(config);
    if net.end(0).role() == Role::Pns {
        let call = begin(&mut net, 0);
        let _ = net.try_command(0, &Command::ClearCall { call });
        net.script_sends(
            0,
            OutgoingCallReply {
                peer_call_id: call.call_id,
                ..Default::default()
            },
        );
        let _ = net.send_data(0, call, &[1]);
    }
    net
}

fn disconnect_by_own_id(config: Config) -> Net {
    let (mut net, link, call) = call_with_script(config);
    let result_code = DisconnectResult::LOST_CARRIER;
    net.script_sends(
        link,
        CallDisconnectNotify {
            call_id: CallId(0x1234),
            result_code,
            ..Default::default()
        },
    );
    let _ = net.send_data(0, call, &[1]);
    net.run(seconds(1));
    net
}

fn odd_messages(config: Config) -> Net {
    let (mut net, link, _) = call_with_script(config);
    net.script_sends(
        link,
        CallClearRequest {
            call_id: CallId(0x7777),
            ..Default::default()
        },
    );
    let bad = Raw::control(OutgoingCallRequest {
        call_id: CallId(3),
        ..Default::default()
    })
    .patch("bearer-type", 9);
    net.script_sends_octets(link, bad.expect("a field").as_octets());
    net.script_sends(link, EchoRequest { identifier: 1 });
    let (mut second, link, _) = call_with_script(net.end(0).config().clone());
    second.script_sends_octets(link, &[0, 12, 0, 1, 0x1A, 0x2B, 0x3C, 0x4D, 0, 99, 0, 0]);
    net.log.append(&mut second.log);
    net
}

fn long_message(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    let long = Raw::control(EchoRequest { identifier: 2 })
        .pad(4)
        .patch("length", 20)
        .expect("fits")
        .into_octets();
    net.script_sends_octets(link, &long);
    net
}

fn bad_cookie(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    let bad = Raw::control(EchoRequest { identifier: 2 }).patch("magic-cookie", 0x1A2B_3C4C);
    net.script_sends_octets(link, bad.expect("a field").as_octets());
    net.run(seconds(1));
    net
}

fn split_messages(config: Config) -> Net {
    let (mut net, link) = from_script(config);
    let echo = Raw::control(EchoRequest { identifier: 8 }).into_octets();
    net.script_sends_octets(link, &echo[..9]);
    net.script_sends_octets(link, &echo[9..]);
    net.run(seconds(1));
    net
}

fn two_calls(config: Config) -> Net {
    let mut net = Net::pair(config.clone(), other(&config));
    let pns = if config.role == Role::Pns { 0 } else { 1 };
    net.establish(0);
    begin(&mut net, pns);
    net.run(seconds(1));
    begin(&mut net, pns);
    net.run(seconds(1));
    end_call(&mut net);
    net
}

//! Outgoing calls, at both ends.

use pptp_proto::{CallRef, Command, Config, DialOutcome, WanErrors};
use pptp_wire::{
    CallDisconnectNotify, CallId, DisconnectResult, ErrorCode, OutgoingCallReply,
    OutgoingCallResult,
};

use super::connection::standing;
use crate::common::*;

pub fn runs() -> Vec<Net> {
    let mut runs = vec![cleared(), disconnected(), carrier_lost(), line_events()];
    runs.extend(
        [
            DialOutcome::NoCarrier,
            DialOutcome::Busy,
            DialOutcome::NoDialTone,
        ]
        .map(not_connected),
    );
    runs.extend([
        dial_time_out(),
        administratively_prohibited(),
        no_room(),
        undefined_bearer(),
    ]);
    runs.extend([
        aborted(),
        aborted_too_late(),
        disconnected_before_reply(),
        no_reply(),
    ]);
    runs
}

fn connected() -> (Net, CallRef) {
    let mut net = Net::pair(pns(), pac());
    net.establish(PNS);
    let call = net.place_call();
    net.run(DELAY * 2);
    (net, call)
}

fn cleared() -> Net {
    let (mut net, call) = connected();
    net.command(PNS, &Command::ClearCall { call });
    net.run(seconds(1));
    net
}

fn disconnected() -> Net {
    let (mut net, _) = connected();
    let call = net.call_of(PAC);
    net.command(PAC, &Command::DisconnectCall { call });
    net.run(seconds(1));
    assert_eq!(net.end(PNS).calls().count(), 0);
    net
}

fn carrier_lost() -> Net {
    let (mut net, _) = connected();
    let call = net.call_of(PAC);
    net.command(PAC, &Command::LoseCarrier { call });
    net.run(seconds(1));
    assert_eq!(net.end(PNS).calls().count(), 0);
    net
}

fn line_events() -> Net {
    let (mut net, call) = connected();
    let at_pac = net.call_of(PAC);
    net.command(
        PNS,
        &Command::SetLinkInfo {
            call,
            send_accm: 1,
            receive_accm: 2,
        },
    );
    let counters = WanErrors {
        crc_errors: 3,
        ..WanErrors::default()
    };
    net.command(
        PAC,
        &Command::CountWanErrors {
            call: at_pac,
            counters,
        },
    );
    net.run(seconds(1));
    let view = net.end(PAC).call(at_pac).expect("the call stands");
    assert_eq!((view.send_accm, view.receive_accm), (1, 2));
    assert_eq!(
        net.end(PNS).call(call).expect("the call stands").wan_errors,
        counters
    );
    net
}

fn failed(config: Config) -> Net {
    let mut net = Net::pair(pns(), config);
    net.establish(PNS);
    net.place_call();
    net.run(seconds(30));
    assert_eq!(
        net.end(PNS).calls().count() + net.end(PAC).calls().count(),
        0
    );
    assert_eq!(net.end(PNS).connections().count(), 1);
    net
}

fn not_connected(outcome: DialOutcome) -> Net {
    let mut config = pac();
    config.telephone.outcome = outcome;
    config.telephone.answers_after = seconds(5);
    failed(config)
}

fn dial_time_out() -> Net {
    let mut config = pac();
    config.telephone.answers_after = seconds(20);
    config.profile.dial_time_out = seconds(10);
    failed(config)
}

fn administratively_prohibited() -> Net {
    let mut config = pac();
    config.profile.accepts_calls = false;
    failed(config)
}

fn no_room() -> Net {
    let mut config = pac();
    config.limits.calls_per_connection = 0;
    failed(config)
}

fn undefined_bearer() -> Net {
    let mut config = pns();
    config.profile.bearer_type = 4;
    let mut net = Net::pair(config, pac());
    net.establish(PNS);
    net.place_call();
    net.run(seconds(1));
    let reply = net.messages(PAC, pptp_wire::ControlMessageType::OUTGOING_CALL_REPLY)[0].1;
    let reply = crate::body!(reply, OutgoingCallReply);
    assert_eq!(
        (reply.result_code, reply.error_code),
        (OutgoingCallResult::GENERAL_ERROR, ErrorCode::BAD_VALUE)
    );
    assert_eq!(reply.call_id, CallId(0));
    net
}

/// The PNS gives up while the PAC dials: a notify and no reply.
fn aborted() -> Net {
    let mut config = pac();
    config.telephone.answers_after = seconds(10);
    let mut net = Net::pair(pns(), config);
    net.establish(PNS);
    let call = net.place_call();
    net.run(seconds(1));
    net.command(PNS, &Command::ClearCall { call });
    net.run(seconds(60));
    assert_eq!(
        net.messages(PAC, pptp_wire::ControlMessageType::OUTGOING_CALL_REPLY),
        []
    );
    assert_eq!(net.end(PNS).connections().count(), 1);
    net
}

/// The clear crosses the reply.
fn aborted_too_late() -> Net {
    let mut config = pac();
    config.telephone.answers_after = milliseconds(100);
    let mut net = Net::pair(pns(), config);
    net.establish(PNS);
    let call = net.place_call();
    net.run(milliseconds(110));
    net.command(PNS, &Command::ClearCall { call });
    net.run(seconds(1));
    assert_eq!(
        net.end(PNS).calls().count() + net.end(PAC).calls().count(),
        0
    );
    net
}

fn disconnected_before_reply() -> Net {
    let (mut net, link) = standing(true);
    net.place_call();
    let call_id = CallId(99);
    let result_code = DisconnectResult::ADMIN_SHUTDOWN;
    net.script_sends(
        link,
        CallDisconnectNotify {
            call_id,
            result_code,
            ..Default::default()
        },
    );
    assert_eq!(net.end(0).calls().count(), 0);
    net
}

fn no_reply() -> Net {
    let (mut net, link) = standing(true);
    net.place_call();
    net.run(seconds(30));
    // Other messages do not save the call (RFC 2637 §3.2.1).
    net.script_sends(link, pptp_wire::EchoRequest { identifier: 1 });
    net.run(seconds(31));
    assert!(net.is_closed(link));
    let reply = OutgoingCallReply::default();
    net.script_sends(link, reply);
    assert_eq!(net.violations, []);
    net
}

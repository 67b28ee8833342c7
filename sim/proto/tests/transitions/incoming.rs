//! Incoming calls, at both ends.

use pptp_proto::{CallRef, Command, Config, WanErrors};
use pptp_wire::{
    CallClearRequest, CallDisconnectNotify, CallId, DisconnectResult, IncomingCallConnected,
    IncomingCallRequest,
};

use super::connection::standing;
use crate::common::*;

pub fn runs() -> Vec<Net> {
    let mut runs = vec![cleared(), hung_up(), disconnected(), line_events()];
    runs.extend([refused(false), refused(true), given_up()]);
    runs.extend([
        cleared_before_reply(),
        no_reply(),
        disconnected_before_connect(),
        cleared_before_connect(),
    ]);
    runs.extend([no_connect(), no_notify()]);
    runs
}

fn connected_with(config: Config) -> (Net, CallRef) {
    let mut net = Net::pair(pns(), config);
    net.establish(PAC);
    let call = net.ring(PAC);
    net.run(DELAY * 3);
    (net, call)
}

fn connected() -> (Net, CallRef) {
    connected_with(pac())
}

fn cleared() -> Net {
    let (mut net, _) = connected();
    let call = net.call_of(PNS);
    net.command(PNS, &Command::ClearCall { call });
    net.run(seconds(1));
    assert_eq!(
        net.end(PNS).calls().count() + net.end(PAC).calls().count(),
        0
    );
    net
}

/// The caller hangs up by itself after a while.
fn hung_up() -> Net {
    let mut config = pac();
    config.telephone.hangs_up_after = Some(seconds(5));
    let (mut net, _) = connected_with(config);
    net.run(seconds(6));
    let notify = net.messages(PAC, pptp_wire::ControlMessageType::CALL_DISCONNECT_NOTIFY)[0].1;
    assert_eq!(
        crate::body!(notify, CallDisconnectNotify).result_code,
        DisconnectResult::LOST_CARRIER
    );
    assert_eq!(net.end(PNS).calls().count(), 0);
    net
}

fn disconnected() -> Net {
    let (mut net, call) = connected();
    net.command(PAC, &Command::DisconnectCall { call });
    net.run(seconds(1));
    assert_eq!(net.end(PNS).calls().count(), 0);
    net
}

fn line_events() -> Net {
    let (mut net, call) = connected();
    let at_pns = net.call_of(PNS);
    net.command(
        PNS,
        &Command::SetLinkInfo {
            call: at_pns,
            send_accm: 0,
            receive_accm: 0x000A_0000,
        },
    );
    let counters = WanErrors {
        framing_errors: 1,
        ..WanErrors::default()
    };
    net.command(PAC, &Command::CountWanErrors { call, counters });
    net.run(seconds(1));
    net
}

fn refused(for_room: bool) -> Net {
    let mut config = pns();
    match for_room {
        true => config.limits.calls_per_connection = 0,
        false => config.profile.accepts_calls = false,
    }
    let mut net = Net::pair(config, pac());
    net.establish(PAC);
    net.ring(PAC);
    net.run(seconds(1));
    assert_eq!(
        net.end(PNS).calls().count() + net.end(PAC).calls().count(),
        0
    );
    net
}

/// The caller gives up before the PNS has replied; the notify crosses the reply.
fn given_up() -> Net {
    let mut net = Net::pair(pns(), pac());
    net.establish(PAC);
    let call = net.ring(PAC);
    net.run(milliseconds(10));
    net.command(PAC, &Command::LoseCarrier { call });
    net.run(seconds(1));
    assert_eq!(
        net.end(PNS).calls().count() + net.end(PAC).calls().count(),
        0
    );
    assert_eq!(net.violations, []);
    net
}

fn cleared_before_reply() -> Net {
    let (mut net, link) = standing(false);
    net.ring(0);
    net.script_sends(
        link,
        CallClearRequest {
            call_id: CallId(4660),
            ..Default::default()
        },
    );
    let received = net.script_received(link);
    let notify = crate::body!(received.last().expect("a notify"), CallDisconnectNotify);
    assert_eq!(notify.result_code, DisconnectResult::REQUEST);
    net
}

fn no_reply() -> Net {
    let (mut net, link) = standing(false);
    net.ring(0);
    net.run(seconds(61));
    assert!(net.is_closed(link));
    net
}

/// The endpoint is a PNS, the script a PAC whose call rings.
fn ringing() -> (Net, usize) {
    let (mut net, link) = standing(true);
    net.script_sends(
        link,
        IncomingCallRequest {
            call_id: CallId(7),
            ..Default::default()
        },
    );
    (net, link)
}

fn disconnected_before_connect() -> Net {
    let (mut net, link) = ringing();
    let result_code = DisconnectResult::LOST_CARRIER;
    net.script_sends(
        link,
        CallDisconnectNotify {
            call_id: CallId(7),
            result_code,
            ..Default::default()
        },
    );
    assert_eq!(net.end(0).calls().count(), 0);
    net
}

/// The clear crosses Incoming-Call-Connected.
fn cleared_before_connect() -> Net {
    let (mut net, link) = ringing();
    let call = net.call_of(0);
    net.command(0, &Command::ClearCall { call });
    net.script_sends(
        link,
        IncomingCallConnected {
            peer_call_id: call.call_id,
            ..Default::default()
        },
    );
    assert_eq!(
        net.end(0).call(call).expect("not yet idle").state,
        "wait-disconnect"
    );
    net.script_sends(
        link,
        CallDisconnectNotify {
            call_id: CallId(7),
            ..Default::default()
        },
    );
    assert_eq!(net.end(0).calls().count(), 0);
    net
}

fn no_connect() -> Net {
    let (mut net, link) = ringing();
    net.run(seconds(61));
    assert!(net.is_closed(link));
    net
}

fn no_notify() -> Net {
    let (mut net, link) = ringing();
    let call = net.call_of(0);
    net.command(0, &Command::ClearCall { call });
    net.run(seconds(61));
    assert!(net.is_closed(link));
    net
}

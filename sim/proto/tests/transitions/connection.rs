//! Control connections.

use pptp_proto::{Command, SecondConnection, Transition};
use pptp_wire::{
    EchoReply, EchoRequest, ErrorCode, ProtocolVersion, StartControlConnectionReply,
    StartControlConnectionRequest, StartResult, StopControlConnectionReply,
    StopControlConnectionRequest, StopReason,
};

use crate::common::*;

const OPEN: Command = Command::OpenControl { to: PAC_ADDRESS };
const CLOSE: Command = Command::CloseControl {
    connection: None,
    reason: StopReason::NONE,
};

pub fn runs() -> Vec<Net> {
    let mut runs = vec![
        stop_by_originator(),
        stop_by_receiver(),
        keep_alive_answered(),
        crossing_stops(),
    ];
    runs.extend([collision(), equal_addresses()]);
    runs.extend((2..=5).map(|result| refused_by_script(StartResult(result))));
    runs.extend([
        version_refused_by_originator(),
        stop_before_reply(),
        no_reply(),
        no_request(),
    ]);
    runs.extend([false, true].map(unanswered_echo));
    runs.extend([false, true].map(unanswered_stop));
    runs.extend([false, true].map(peer_closes));
    runs.extend([false, true].map(malformed));
    runs.extend([
        version_refused(),
        not_authorised(),
        exists(),
        no_room(),
        second_request(),
    ]);
    runs
}

fn stop_by_originator() -> Net {
    let mut net = Net::pair(pns(), pac());
    net.establish(PNS);
    net.command(PNS, &CLOSE);
    net.run(seconds(1));
    net
}

fn stop_by_receiver() -> Net {
    let mut net = Net::pair(pns(), pac());
    net.establish(PNS);
    net.command(PAC, &CLOSE);
    net.run(seconds(1));
    net
}

fn crossing_stops() -> Net {
    let mut net = Net::pair(pns(), pac());
    net.establish(PNS);
    net.command(PNS, &CLOSE);
    net.command(PAC, &CLOSE);
    net.run(seconds(1));
    assert_eq!(
        net.end(PNS).connections().count() + net.end(PAC).connections().count(),
        0
    );
    net
}

/// Either end sends an Echo-Request in its turn.
fn keep_alive_answered() -> Net {
    let mut slow = pac();
    slow.profile.idle_time_out = seconds(1000);
    let mut net = Net::pair(pns(), slow);
    net.establish(PNS);
    net.run(seconds(70));
    let mut slow = pns();
    slow.profile.idle_time_out = seconds(1000);
    let mut other = Net::pair(slow, pac());
    other.establish(PNS);
    other.run(seconds(70));
    net.steps.append(&mut other.steps);
    net
}

fn collision() -> Net {
    let mut net = Net::pair(pns(), pac());
    net.command(PNS, &OPEN);
    net.command(PAC, &Command::OpenControl { to: PNS_ADDRESS });
    net.run(seconds(1));
    let states = |side| {
        net.end(side)
            .connections()
            .map(|found| found.state)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (states(PNS), states(PAC)),
        (vec!["established"], vec!["established"])
    );
    net
}

fn equal_addresses() -> Net {
    let mut twin = pac();
    twin.address = PNS_ADDRESS;
    let mut net = Net::pair(pns(), twin);
    net.command(PNS, &Command::OpenControl { to: PNS_ADDRESS });
    net.command(PAC, &Command::OpenControl { to: PNS_ADDRESS });
    net.run(seconds(1));
    assert_eq!(
        net.end(PNS).connections().count() + net.end(PAC).connections().count(),
        0
    );
    net
}

fn opened_to_script() -> (Net, usize) {
    let mut net = Net::scripted(pns());
    net.command(0, &OPEN);
    net.run(DELAY * 3);
    (net, 0)
}

fn refused_by_script(result_code: StartResult) -> Net {
    let (mut net, link) = opened_to_script();
    let error_code = if result_code.0 == 2 {
        ErrorCode::NO_RESOURCE
    } else {
        ErrorCode::NONE
    };
    net.script_sends(
        link,
        StartControlConnectionReply {
            result_code,
            error_code,
            ..Default::default()
        },
    );
    assert!(net.is_closed(link));
    net
}

fn version_refused_by_originator() -> Net {
    let (mut net, link) = opened_to_script();
    let protocol_version = ProtocolVersion(0x0001);
    net.script_sends(
        link,
        StartControlConnectionReply {
            protocol_version,
            ..Default::default()
        },
    );
    net.script_sends(link, StopControlConnectionReply::default());
    assert!(net.is_closed(link));
    net
}

fn stop_before_reply() -> Net {
    let (mut net, link) = opened_to_script();
    net.script_sends(link, StopControlConnectionRequest::default());
    assert!(net.is_closed(link));
    net
}

fn no_reply() -> Net {
    let (mut net, link) = opened_to_script();
    net.run(seconds(61));
    assert!(net.is_closed(link));
    net
}

fn no_request() -> Net {
    let mut net = Net::scripted(pac());
    let link = net.script_opens();
    net.run(seconds(61));
    assert!(net.is_closed(link));
    net
}

/// A connection with the script that stands, with the endpoint as originator or as receiver.
pub fn standing(originator: bool) -> (Net, usize) {
    if originator {
        let (mut net, link) = opened_to_script();
        net.script_sends(link, StartControlConnectionReply::default());
        return (net, link);
    }
    let mut net = Net::scripted(pac());
    let link = net.script_opens();
    net.script_sends(link, StartControlConnectionRequest::default());
    (net, link)
}

fn unanswered_echo(originator: bool) -> Net {
    let (mut net, link) = standing(originator);
    net.script_sends(link, EchoRequest { identifier: 7 });
    net.run(seconds(60));
    net.script_sends(
        link,
        EchoReply {
            identifier: 1,
            ..Default::default()
        },
    );
    net.run(seconds(119));
    assert!(!net.is_closed(link));
    net.run(seconds(2));
    assert!(net.is_closed(link));
    net
}

fn unanswered_stop(originator: bool) -> Net {
    let (mut net, link) = standing(originator);
    net.command(0, &CLOSE);
    net.run(seconds(59));
    assert!(!net.is_closed(link));
    net.run(seconds(2));
    assert!(net.is_closed(link));
    net
}

fn peer_closes(originator: bool) -> Net {
    let (mut net, link) = standing(originator);
    net.script_closes(link);
    assert!(net.is_closed(link));
    net
}

fn malformed(originator: bool) -> Net {
    let (mut net, link) = standing(originator);
    net.script_sends_octets(link, &[0, 16, 0, 1, 1, 2, 3, 4, 0, 5, 0, 0, 0, 0, 0, 1]);
    assert!(net.is_closed(link));
    net
}

fn version_refused() -> Net {
    let mut net = Net::scripted(pac());
    let link = net.script_opens();
    let protocol_version = ProtocolVersion(0x00FF);
    net.script_sends(
        link,
        StartControlConnectionRequest {
            protocol_version,
            ..Default::default()
        },
    );
    let reply = crate::body!(net.script_received(link)[0], StartControlConnectionReply);
    assert_eq!(
        (reply.result_code, reply.protocol_version.0),
        (StartResult::BAD_VERSION, 0x0100)
    );
    assert!(net.is_closed(link));
    net
}

fn not_authorised() -> Net {
    let mut config = pac();
    config.profile.authorises_peers = false;
    let mut net = Net::pair(pns(), config);
    net.command(PNS, &OPEN);
    net.run(seconds(1));
    assert!(net.transitions().contains(&Transition::Cco08));
    net
}

fn exists() -> Net {
    let mut config = pns();
    config.profile.second_connection = SecondConnection::Allow;
    let mut net = Net::pair(config, pac());
    net.establish(PNS);
    net.establish(PNS);
    assert!(net.transitions().contains(&Transition::Cco07));
    assert_eq!(net.end(PAC).connections().count(), 1);
    net
}

fn no_room() -> Net {
    let mut config = pac();
    config.limits.connections = 0;
    let mut net = Net::pair(pns(), config);
    net.command(PNS, &OPEN);
    net.run(seconds(1));
    assert!(
        net.events
            .iter()
            .any(|event| event.1 == "Limit { limit: Connections }")
    );
    assert!(net.transitions().contains(&Transition::Cco06));
    net
}

fn second_request() -> Net {
    let (mut net, link) = standing(false);
    net.script_sends(link, StartControlConnectionRequest::default());
    let reply = crate::body!(net.script_received(link)[1], StartControlConnectionReply);
    assert_eq!(reply.result_code, StartResult::EXISTS);
    assert!(!net.is_closed(link));
    net
}

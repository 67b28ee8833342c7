//! The start exchange: versions (AMB-23), second requests (AMB-24), refusals (AMB-25).

mod common;

use common::*;
use pptp_proto::{
    Command, Config, SecondConnection, SecondStartRequest, StartRefused, VersionRefusal,
    VersionRule,
};
use pptp_wire::{
    BearerCapabilities, ControlMessageType, FramingCapabilities, OutgoingCallRequest,
    ProtocolVersion, StartControlConnectionReply, StartControlConnectionRequest, StartResult, Text,
};

/// What a receiver answers to a request for this version, and whether it then closes.
fn asked_for(version: u16, change: impl Fn(&mut Config)) -> (Option<(u8, u16)>, bool) {
    let mut config = pac();
    change(&mut config);
    let mut net = Net::scripted(config);
    let link = net.script_opens();
    let protocol_version = ProtocolVersion(version);
    net.script_sends(
        link,
        StartControlConnectionRequest {
            protocol_version,
            ..Default::default()
        },
    );
    let reply = net.script_received(link).first().map(|message| {
        let reply = body!(message, StartControlConnectionReply);
        (reply.result_code.0, reply.protocol_version.0)
    });
    (reply, net.is_closed(link))
}

#[test]
fn a_receiver_answers_with_the_lower_version_or_refuses() {
    let two = |config: &mut Config| config.profile.protocol_version = 0x0200;
    assert_eq!(asked_for(0x0100, |_| {}), (Some((1, 0x0100)), false));
    assert_eq!(asked_for(0x0200, |_| {}), (Some((1, 0x0100)), false));
    assert_eq!(asked_for(0x00FF, |_| {}), (Some((5, 0x0100)), true));
    assert_eq!(asked_for(0x0000, |_| {}), (Some((5, 0x0100)), true));
    assert_eq!(asked_for(0x0100, two), (Some((1, 0x0100)), false));
    assert_eq!(asked_for(0x0300, two), (Some((1, 0x0200)), false));
}

#[test]
fn other_rules_for_versions_are_the_profiles() {
    let rule = |rule| move |config: &mut Config| config.profile.version_rule = rule;
    let refusal = |refusal| move |config: &mut Config| config.profile.version_refusal = refusal;
    assert_eq!(
        asked_for(0x0200, rule(VersionRule::Exact)),
        (Some((5, 0x0100)), true)
    );
    assert_eq!(
        asked_for(0x0200, rule(VersionRule::AtLeast)),
        (Some((1, 0x0100)), false)
    );
    assert_eq!(
        asked_for(0x0000, rule(VersionRule::Any)),
        (Some((1, 0x0100)), false)
    );
    assert_eq!(
        asked_for(0x0000, refusal(VersionRefusal::Reply)),
        (Some((5, 0x0100)), false)
    );
    assert_eq!(
        asked_for(0x0000, refusal(VersionRefusal::Ignore)),
        (None, false)
    );
}

/// The state of an originator that was answered so, and the version in use.
fn answered(
    reply: StartControlConnectionReply,
    change: impl Fn(&mut Config),
) -> Option<(&'static str, u16)> {
    let mut config = pns();
    change(&mut config);
    let mut net = Net::scripted(config);
    net.command(0, &Command::OpenControl { to: PAC_ADDRESS });
    net.run(DELAY * 3);
    net.script_sends(0, reply);
    net.end(0)
        .connections()
        .next()
        .map(|found| (found.state, found.version.0))
}

#[test]
fn an_originator_takes_a_lower_version_that_it_speaks() {
    let reply = |version| {
        let protocol_version = ProtocolVersion(version);
        StartControlConnectionReply {
            protocol_version,
            ..Default::default()
        }
    };
    let two = |config: &mut Config| config.profile.protocol_version = 0x0200;
    assert_eq!(
        answered(reply(0x0100), |_| {}),
        Some(("established", 0x0100))
    );
    assert_eq!(answered(reply(0x0100), two), Some(("established", 0x0100)));
    assert_eq!(
        answered(reply(0x00FF), two),
        Some(("wait-stop-reply", 0x0200))
    );
    assert_eq!(
        answered(reply(0x0200), |_| {}),
        Some(("wait-stop-reply", 0x0100))
    );
}

#[test]
fn results_other_than_1_do_not_establish_unless_the_profile_takes_0() {
    for result in [0, 2, 3, 4, 5, 6, 255] {
        let reply = StartControlConnectionReply {
            result_code: StartResult(result),
            ..Default::default()
        };
        assert_eq!(answered(reply, |_| {}), None, "{result}");
        let stops = answered(reply, |config| {
            config.profile.start_refused = StartRefused::Stop
        });
        assert_eq!(stops, Some(("wait-stop-reply", 0x0100)), "{result}");
        let lenient = answered(reply, |config| config.profile.accepts_start_result_0 = true);
        assert_eq!(lenient.is_some(), result == 0, "{result}");
    }
}

#[test]
fn a_second_request_is_answered_as_the_profile_says() {
    let cases = [
        (SecondStartRequest::Exists, Some(StartResult::EXISTS), false),
        (SecondStartRequest::Succeed, Some(StartResult::OK), false),
        (SecondStartRequest::Ignore, None, false),
        (SecondStartRequest::Close, None, true),
    ];
    for (choice, result, closes) in cases {
        let mut config = pac();
        config.profile.second_start_request = choice;
        let mut net = Net::scripted(config);
        let link = net.script_opens();
        net.script_sends(link, StartControlConnectionRequest::default());
        net.script_sends(link, StartControlConnectionRequest::default());
        let replies = net.messages(0, ControlMessageType::START_CONTROL_CONNECTION_REPLY);
        let second = replies
            .get(1)
            .map(|reply| body!(reply.1, StartControlConnectionReply).result_code);
        assert_eq!(
            (second, net.is_closed(link)),
            (result, closes),
            "{choice:?}"
        );
        assert_eq!(net.violations, [(0, pptp_wire::Requirement::Sccrq012)]);
    }
}

/// `SCCRP-014`: one control connection a pair, and another once it is over (`CC-021`).
#[test]
fn a_peer_gets_a_second_connection_when_the_first_is_over() {
    let mut config = pac();
    config.profile.second_connection = SecondConnection::Refuse;
    let mut net = Net::scripted(config);
    let start = |net: &mut Net| {
        let link = net.script_opens();
        net.script_sends(link, StartControlConnectionRequest::default());
        let reply = body!(net.script_received(link)[0], StartControlConnectionReply);
        (link, reply.result_code)
    };
    let (first, result) = start(&mut net);
    assert_eq!(result, StartResult::OK);
    assert_eq!(start(&mut net).1, StartResult::EXISTS);
    // Its call's number is kept out of use for a while, and the pair is remembered with it.
    net.script_sends(first, OutgoingCallRequest::default());
    net.script_resets(first);
    assert_eq!(start(&mut net).1, StartResult::OK);
}

/// RFC 2637 §2.1, §2.2; `SCCRQ-006`, `SCCRQ-008`: a PAC offers channels, a PNS none.
#[test]
fn both_start_messages_describe_the_end_that_sends_them() {
    let chosen = |mut config: Config| {
        config.profile.framing_capabilities = 2;
        config.profile.bearer_capabilities = 1;
        config.profile.firmware_revision = 0x0102;
        config.profile.host_name = Text::new("a host");
        config.profile.vendor_name = Text::new("a vendor");
        config
    };
    for (config, maximum_channels) in [(pns(), 0), (pac(), 64)] {
        let config = chosen(config);
        let to = if config.address == PAC_ADDRESS {
            PNS_ADDRESS
        } else {
            PAC_ADDRESS
        };
        let mut net = Net::scripted(config.clone());
        net.command(0, &Command::OpenControl { to });
        net.run(DELAY * 3);
        let request = body!(net.script_received(0)[0], StartControlConnectionRequest);
        let mut net = Net::scripted(config.clone());
        let link = net.script_opens();
        net.script_sends(link, StartControlConnectionRequest::default());
        let reply = body!(net.script_received(link)[0], StartControlConnectionReply);
        let expected = StartControlConnectionRequest {
            framing_capabilities: FramingCapabilities(2),
            bearer_capabilities: BearerCapabilities(1),
            maximum_channels,
            firmware_revision: 0x0102,
            host_name: Text::new("a host"),
            vendor_name: Text::new("a vendor"),
            ..StartControlConnectionRequest::default()
        };
        assert_eq!(request, expected);
        assert_eq!(
            reply,
            StartControlConnectionReply {
                framing_capabilities: expected.framing_capabilities,
                bearer_capabilities: expected.bearer_capabilities,
                maximum_channels,
                firmware_revision: expected.firmware_revision,
                host_name: expected.host_name,
                vendor_name: expected.vendor_name,
                ..StartControlConnectionReply::default()
            }
        );
    }
}

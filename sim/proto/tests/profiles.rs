//! Every named profile in each of its roles: a call with an endpoint that follows the RFC comes up, carries data both ways and goes
//! down, and both ends are rid of it.

mod common;

use common::flows::{flows, seen};
use common::*;
use pptp_proto::{
    Command, CommandError, Config, PROFILE_FIELDS, PROFILES, Profile, ProfileField, ProfileKind,
    ProfileValue, Role,
};
use pptp_wire::StopReason;

#[test]
fn every_profile_gets_a_call_through() {
    for definition in PROFILES {
        for &role in definition.roles {
            let (mut one, mut other) = (pns(), pac());
            let own: &mut Config = if role == Role::Pns {
                &mut one
            } else {
                &mut other
            };
            own.profile = definition.profile().into();
            let mut net = Net::pair(one, other);
            net.establish(PNS);
            let call = net.place_call();
            net.run(seconds(1));
            let at_pac = net.call_of(PAC);
            for _ in 0..3 {
                net.send_data(PNS, call, &[0x21; 40]).expect("established");
                net.send_data(PAC, at_pac, &[0x21; 40])
                    .expect("established");
                net.run(milliseconds(700));
            }
            assert_eq!(net.data.len(), 6, "{} as {role}", definition.name);
            net.command(PNS, &Command::ClearCall { call });
            net.run(seconds(200));
            let _ = net.try_command(
                PNS,
                &Command::CloseControl {
                    connection: None,
                    reason: StopReason::NONE,
                },
            );
            net.run(seconds(200));
            for side in [PNS, PAC] {
                assert_eq!(
                    net.end(side).calls().count(),
                    0,
                    "{} as {role}",
                    definition.name
                );
                assert_eq!(
                    net.end(side).connections().count(),
                    0,
                    "{} as {role}",
                    definition.name
                );
            }
        }
    }
}

/// What the RFC's own reading forbids is seen as a violation by the other end, where a profile does it.
#[test]
fn a_profile_that_names_the_wrong_call_is_accused() {
    let mut config = pac();
    config.profile = Profile::named("accel-ppp").expect("a profile").into();
    let mut net = Net::pair(pns(), config);
    net.establish(PNS);
    let call = net.place_call();
    net.run(seconds(1));
    net.command(PNS, &Command::ClearCall { call });
    net.run(seconds(1));
    assert!(
        net.violations
            .contains(&(PNS, pptp_wire::Requirement::Cdn003)),
        "{:?}",
        net.violations
    );
}

/// What the end on side 1 has sent in order, once the call is up and `then` has been done to it.
fn after_the_call(profile: &str, role: Role, then: impl Fn(&mut Net)) -> Vec<&'static str> {
    let (mut one, mut other) = (pns(), pac());
    let own = if role == Role::Pns {
        &mut one
    } else {
        &mut other
    };
    own.profile = Profile::named(profile).expect("a profile").into();
    let mut net = Net::pair(one, other);
    net.establish(PNS);
    net.place_call();
    net.run(seconds(1));
    net.forget();
    then(&mut net);
    net.run(seconds(2));
    let side = if role == Role::Pns { PNS } else { PAC };
    let flow = net.control_flow().into_iter();
    flow.filter(|(from, _)| *from == side)
        .map(|(_, what)| what)
        .collect()
}

fn clear(net: &mut Net) {
    let call = net.call_of(PNS);
    net.command(PNS, &Command::ClearCall { call });
}

fn lose_carrier(net: &mut Net) {
    let call = net.call_of(PAC);
    net.command(PAC, &Command::LoseCarrier { call });
}

fn close_control(net: &mut Net, side: usize) {
    net.command(
        side,
        &Command::CloseControl {
            connection: None,
            reason: StopReason::NONE,
        },
    );
}

const NOTIFY: &str = "Call-Disconnect-Notify";
const STOP: &str = "Stop-Control-Connection-Request";
const STOPPED: &str = "Stop-Control-Connection-Reply";
const CLEAR: &str = "Call-Clear-Request";
const CLOSE: &str = "TCP-Close";

/// AMB-54, AMB-41: who says what at the end, profile by profile.
#[test]
fn each_profile_ends_calls_and_connections_in_its_own_way() {
    type Then = fn(&mut Net);
    let cases: &[(&str, Role, &str, Then, &[&str])] = &[
        ("accel-ppp", Role::Pac, "clear", clear, &[NOTIFY]),
        (
            "accel-ppp",
            Role::Pac,
            "PPP ends",
            lose_carrier,
            &[NOTIFY, STOP, CLOSE],
        ),
        ("windows", Role::Pac, "clear", clear, &[NOTIFY]),
        (
            "windows",
            Role::Pac,
            "PPP ends",
            lose_carrier,
            &[NOTIFY, STOP, CLOSE],
        ),
        ("windows", Role::Pns, "clear", clear, &[CLEAR, STOP, CLOSE]),
        ("windows", Role::Pns, "PPP ends", lose_carrier, &[]),
        ("poptop", Role::Pac, "clear", clear, &[CLOSE]),
        ("poptop", Role::Pac, "PPP ends", lose_carrier, &[CLOSE]),
        (
            "poptop",
            Role::Pac,
            "stop",
            |net| close_control(net, PAC),
            &[NOTIFY, STOP, CLOSE],
        ),
        ("pptp-linux", Role::Pns, "clear", clear, &[CLEAR, CLOSE]),
        ("pptp-linux", Role::Pns, "notify", lose_carrier, &[CLOSE]),
        (
            "pptp-linux",
            Role::Pns,
            "stopped",
            |net| close_control(net, PAC),
            &[STOPPED, CLEAR, CLOSE],
        ),
        ("macos", Role::Pns, "clear", clear, &[CLOSE]),
        ("macos", Role::Pns, "notify", lose_carrier, &[]),
        (
            "macos",
            Role::Pns,
            "stopped",
            |net| close_control(net, PAC),
            &[],
        ),
        (
            "rfc",
            Role::Pac,
            "stop",
            |net| close_control(net, PAC),
            &[STOP, CLOSE],
        ),
        (
            "rfc",
            Role::Pns,
            "stopped",
            |net| close_control(net, PAC),
            &[STOPPED, CLOSE],
        ),
    ];
    for (profile, role, what, then, sent) in cases {
        let seen = after_the_call(profile, *role, then);
        assert_eq!(seen, *sent, "{profile} as {role}: {what}");
    }
}

/// The reasons of the stops: 0, which the RFC does not define, from accel-ppp (AMB-54).
#[test]
fn the_reason_of_a_stop_is_the_profiles_own() {
    for (profile, reason) in [("rfc", 1), ("accel-ppp", 0), ("mpd5", 3), ("poptop", 1)] {
        let mut config = pac();
        config.profile = Profile::named(profile).expect("a profile").into();
        let mut net = Net::pair(pns(), config);
        net.establish(PNS);
        close_control(&mut net, PAC);
        net.run(seconds(1));
        let stops = net.messages(
            PAC,
            pptp_wire::ControlMessageType::STOP_CONTROL_CONNECTION_REQUEST,
        );
        let reasons: Vec<u8> = stops
            .iter()
            .map(|(_, message)| match message.body {
                pptp_wire::Body::StopControlConnectionRequest(request) => request.reason.0,
                _ => u8::MAX,
            })
            .collect();
        assert_eq!(reasons, [reason], "{profile}");
    }
}

/// What real servers and clients never do by themselves is refused: they are no such software.
#[test]
fn a_profile_does_not_do_what_its_software_cannot() {
    for profile in ["poptop", "accel-ppp", "npppd", "windows"] {
        let mut config = pac();
        config.profile = Profile::named(profile).expect("a profile").into();
        let opens = config.profile.opens_control;
        let mut net = Net::pair(pns(), config);
        let open = Command::OpenControl { to: PNS_ADDRESS };
        let opened = net.try_command(PAC, &open);
        assert_eq!(
            opened == Err(CommandError::Unsupported),
            !opens,
            "{profile}"
        );
        net.establish(PNS);
        let ring = Command::Ring {
            connection: None,
            options: Default::default(),
        };
        assert_eq!(
            net.try_command(PAC, &ring),
            Err(CommandError::Unsupported),
            "{profile}"
        );
    }
}

/// Other values of a field than the RFC profile's.
fn other_values(field: &ProfileField) -> Vec<ProfileValue> {
    let default = Profile::RFC.get(field.key).expect("a field");
    let values = match field.kind {
        ProfileKind::Duration => [0, 1, 7_000, 90_000]
            .map(|span| ProfileValue::Duration(milliseconds(span)))
            .to_vec(),
        ProfileKind::Integer(most) | ProfileKind::IntegerOrDefault(most) => {
            [0, 2, 3, 4, 7, 0x0101, most]
                .into_iter()
                .filter(|&value| value <= most)
                .map(ProfileValue::Integer)
                .collect()
        }
        ProfileKind::Choice(words) => words.iter().map(|word| ProfileValue::text(word)).collect(),
        ProfileKind::Boolean => [false, true].map(ProfileValue::Boolean).to_vec(),
        ProfileKind::Text(_) => vec![ProfileValue::text("other")],
    };
    values
        .into_iter()
        .filter(|value| *value != default)
        .collect()
}

/// Fields of the data session, which its tests prove, and of what an end refuses to be told, which has a test of its own.
fn is_proved_elsewhere(key: &str) -> bool {
    if matches!(key, "opens-control" | "reports-incoming-calls") {
        return true;
    }
    let place = |key| {
        PROFILE_FIELDS
            .iter()
            .position(|field| field.key == key)
            .expect("a field")
    };
    place(key) >= place("first-sequence-number")
}

#[test]
fn every_field_and_every_choice_of_the_control_plane_matters() {
    let roles = [pac(), pns()];
    let right: Vec<Vec<String>> = roles
        .iter()
        .map(|config| flows().map(|flow| seen(&flow.1(config.clone()))).collect())
        .collect();
    let shows = |field: &ProfileField, value: &ProfileValue| {
        roles.iter().zip(&right).any(|(config, right)| {
            let mut config = config.clone();
            config
                .profile
                .set(field.key, value.clone())
                .expect("a value of its kind");
            flows()
                .zip(right)
                .any(|(flow, right)| seen(&flow.1(config.clone())) != *right)
        })
    };
    let mut without_effect = Vec::new();
    for field in PROFILE_FIELDS
        .iter()
        .filter(|field| !is_proved_elsewhere(field.key))
    {
        let values = other_values(field);
        let each = matches!(field.kind, ProfileKind::Choice(_));
        let silent: Vec<&ProfileValue> =
            values.iter().filter(|value| !shows(field, value)).collect();
        if each && !silent.is_empty() || silent.len() == values.len() {
            without_effect.push(format!("{} {silent:?}", field.key));
        }
    }
    assert_eq!(without_effect, [] as [String; 0]);
}

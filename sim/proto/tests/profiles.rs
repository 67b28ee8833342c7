//! Every named profile in each of its roles: a call with an endpoint that follows the RFC comes up, carries data both ways and goes
//! down, and both ends are rid of it.

mod common;

use common::flows::{flows, seen};
use common::*;
use pptp_proto::{
    Command, Config, PROFILE_FIELDS, PROFILES, Profile, ProfileField, ProfileKind, ProfileValue,
    Role,
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
            own.profile = definition.profile();
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
    config.profile = Profile::named("accel-ppp").expect("a profile");
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

/// Fields of the data session, which its tests prove.
fn is_of_the_session(key: &str) -> bool {
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
        .filter(|field| !is_of_the_session(field.key))
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

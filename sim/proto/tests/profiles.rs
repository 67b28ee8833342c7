//! Every named profile in each of its roles: a call with an endpoint that follows the RFC comes up, carries data both ways and goes
//! down, and both ends are rid of it.

mod common;

use common::*;
use pptp_proto::{Command, Config, PROFILES, Role};
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
    config.profile = pptp_proto::Profile::named("accel-ppp").expect("a profile");
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

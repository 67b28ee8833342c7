//! Every protocol bug that can be switched on changes what an endpoint does in at least one flow, in each of the roles that it is
//! listed for.

mod common;

use common::flows::{flows, seen};
use common::*;
use pptp_proto::{
    Command, DEVIATIONS, Deviation, DeviationId, Deviations, Endpoint, FoundBy, Input, Outcome,
    Output, Role,
};
use pptp_wire::time::Instant;
use pptp_wire::{OutgoingCallRequest, StopReason};

/// The data session's own deviations, which its tests prove; the rest is the control plane's.
fn is_of_the_session(deviation: &Deviation) -> bool {
    deviation.area.is_of_the_session()
}

#[test]
fn every_deviation_of_the_control_plane_shows_in_each_of_its_roles() {
    let mut silent = Vec::new();
    for role in [Role::Pac, Role::Pns] {
        let config = if role == Role::Pac { pac() } else { pns() };
        let right: Vec<String> = flows().map(|flow| seen(&flow.1(config.clone()))).collect();
        let again: Vec<String> = flows().map(|flow| seen(&flow.1(config.clone()))).collect();
        assert_eq!(right, again, "flows are the same in every run");
        // What a sweep finds shows on rough paths alone, which these flows are not: the suite has a row for each.
        let listed = DEVIATIONS.iter().filter(|deviation| {
            !is_of_the_session(deviation) && deviation.found_by == FoundBy::Suite
        });
        for deviation in listed.filter(|deviation| deviation.roles.contains(&role)) {
            let mut wrong = config.clone();
            wrong.deviations = Deviations::only(deviation.id);
            let shows = flows()
                .zip(&right)
                .any(|(flow, right)| seen(&flow.1(wrong.clone())) != *right);
            if !shows {
                silent.push((role, deviation.name));
            }
        }
    }
    assert_eq!(silent, []);
}

/// `calls-survive-reset` is about connections that the peer or the network takes away, not about those that this end leaves.
#[test]
fn calls_survive_what_their_own_end_did_not_do() {
    let left = |deviations, resets: bool| {
        let mut config = pac();
        config.deviations = deviations;
        let (mut net, link) = at_pac(config);
        net.script_sends(link, OutgoingCallRequest::default());
        assert_eq!(net.end(0).calls().count(), 1);
        if resets {
            net.script_resets(link);
        } else {
            net.script_sends_octets(link, &[0xFF; 12]);
            assert!(net.is_closed(link));
        }
        net.end(0).calls().count()
    };
    let survive = Deviations::only(DeviationId::CallsSurviveReset);
    assert_eq!((left(survive, true), left(survive, false)), (1, 0));
    let none = Deviations::NONE;
    assert_eq!((left(none, true), left(none, false)), (0, 0));
}

/// `refused-connect-hangs` does not notice that there is no connection; giving it up shows on no wire.
#[test]
fn what_was_refused_is_given_up_without_a_word() {
    let given_up = |refused: bool| {
        let mut config = pac();
        config.deviations = Deviations::only(DeviationId::RefusedConnectHangs);
        let mut end = Endpoint::new(config);
        let to = pns().address;
        let opened = end.command(Instant::START, &Command::OpenControl { to });
        let Ok(Outcome::Connection(connection)) = opened else {
            panic!("{opened:?}");
        };
        while !matches!(end.poll(), Output::Deadline(_)) {}
        if refused {
            end.handle(Instant::START, Input::Reset { connection });
            while !matches!(end.poll(), Output::Deadline(_)) {}
        }
        let close = Command::CloseControl {
            connection: Some(connection),
            reason: StopReason::NONE,
        };
        assert_eq!(end.command(Instant::START, &close), Ok(Outcome::Done));
        let resets = matches!(end.poll(), Output::Reset { .. });
        assert_eq!(end.connections().count(), 0);
        resets
    };
    assert_eq!((given_up(true), given_up(false)), (false, true));
}

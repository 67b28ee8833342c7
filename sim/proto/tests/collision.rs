//! Both ends open a control connection at once (RFC 2637 §3.1.3).

mod common;

use std::net::Ipv4Addr;

use common::*;
use pptp_proto::{
    CollisionRule, Command, CommandError, Config, DeviationId, Deviations, PlaceCall, Role,
    SecondConnection,
};

/// Both ends open in the same instant; the first at `first`, the second at `second`.
fn collide(first: Ipv4Addr, second: Ipv4Addr, change: impl Fn(&mut Config)) -> Net {
    let mut configs = [
        Config::new(Role::Pns, first),
        Config::new(Role::Pac, second),
    ];
    configs.iter_mut().for_each(change);
    let [one, other] = configs;
    let mut net = Net::pair(one, other);
    net.command(PNS, &Command::OpenControl { to: second });
    net.command(PAC, &Command::OpenControl { to: first });
    net.run(seconds(1));
    net
}

/// What each side put on each connection, the connections by the side that opened them.
fn flows(net: &Net, winner: usize) -> Vec<(usize, &'static str, &'static str)> {
    let flow = net.control_flow();
    let connections: Vec<usize> = net.log.iter().map(|line| line.connection).collect();
    flow.iter()
        .zip(connections)
        .map(|(&(from, what), link)| {
            let which = if link == winner { "kept" } else { "dropped" };
            (from, what, which)
        })
        .collect()
}

#[test]
fn the_higher_address_wins_compared_as_unsigned_numbers() {
    let cases = [
        ([192, 33, 45, 89], [192, 33, 45, 17], PNS),
        ([192, 33, 45, 17], [192, 33, 45, 89], PAC),
        ([10, 0, 0, 1], [9, 0, 0, 1], PNS),
        ([127, 0, 0, 1], [128, 0, 0, 1], PAC),
        ([2, 0, 0, 1], [1, 0, 0, 2], PNS),
    ];
    for (first, second, winner) in cases {
        let net = collide(first.into(), second.into(), |_| {});
        let loser = 1 - winner;
        let expected = [
            (winner, "TCP-Open", "kept"),
            (loser, "TCP-Open", "dropped"),
            (winner, "Start-Control-Connection-Request", "kept"),
            (loser, "Start-Control-Connection-Request", "dropped"),
            (loser, "TCP-Close", "dropped"),
            (loser, "Start-Control-Connection-Reply", "kept"),
            (winner, "TCP-Close", "dropped"),
        ];
        let mut seen = flows(&net, winner);
        let mut expected = expected.to_vec();
        // The two openings are of one instant: their order says nothing.
        seen[..4].sort_unstable();
        expected[..4].sort_unstable();
        assert_eq!(seen, expected, "{first:?} {second:?}");
        assert_eq!(net.violations, []);
        assert!(
            net.log
                .iter()
                .any(|line| line.from == loser && line.mark == "collision lost")
        );
        for side in [PNS, PAC] {
            let states: Vec<&str> = net
                .end(side)
                .connections()
                .map(|found| found.state)
                .collect();
            assert_eq!(states, ["established"]);
        }
    }
}

#[test]
fn equal_addresses_leave_no_connection() {
    let net = collide(PNS_ADDRESS, PNS_ADDRESS, |_| {});
    assert_eq!(
        net.end(PNS).connections().count() + net.end(PAC).connections().count(),
        0
    );
    assert!(net.log.iter().all(|line| !matches!(&line.sent, Sent::Message(message)
        if message.message_type() == pptp_wire::ControlMessageType::START_CONTROL_CONNECTION_REPLY)));
}

#[test]
fn without_the_rule_both_connections_live() {
    let net = collide(PNS_ADDRESS, PAC_ADDRESS, |config| {
        config.profile.collision = CollisionRule::Independent;
        config.profile.second_connection = SecondConnection::Allow;
    });
    assert_eq!(
        (
            net.end(PNS).connections().count(),
            net.end(PAC).connections().count()
        ),
        (2, 2)
    );
}

/// The peer's connection comes to stand while the own one is still opening: the own one is given up without a word.
#[test]
fn an_opening_that_comes_too_late_is_closed_unused() {
    let mut net = Net::pair(pns(), pac());
    net.command(PNS, &Command::OpenControl { to: PAC_ADDRESS });
    net.run(DELAY * 2 + milliseconds(1));
    net.command(PAC, &Command::OpenControl { to: PNS_ADDRESS });
    net.run(seconds(1));
    let on_second: Vec<&Line> = net.log.iter().filter(|line| line.connection == 1).collect();
    assert!(
        on_second
            .iter()
            .all(|line| matches!(line.sent, Sent::Open | Sent::Close(_))),
        "{on_second:?}"
    );
    assert_eq!(
        (
            net.end(PNS).connections().count(),
            net.end(PAC).connections().count()
        ),
        (1, 1)
    );
    assert_eq!(net.violations, []);
}

#[test]
fn a_second_opening_is_refused_while_a_connection_stands_or_opens() {
    let mut net = Net::pair(pns(), pac());
    let open = Command::OpenControl { to: PAC_ADDRESS };
    net.command(PNS, &open);
    assert_eq!(
        net.try_command(PNS, &open),
        Err(CommandError::WrongState { state: "idle" })
    );
    net.run(seconds(1));
    assert_eq!(
        net.try_command(PNS, &open),
        Err(CommandError::WrongState {
            state: "established"
        })
    );
    let back = Command::OpenControl { to: PNS_ADDRESS };
    assert_eq!(
        net.try_command(PAC, &back),
        Err(CommandError::WrongState {
            state: "established"
        })
    );
}

/// A loser that does not close its connection leaves the winner waiting, and silent, for a minute.
#[test]
fn the_winner_says_nothing_on_the_losers_connection() {
    let mut net = Net::scripted(pac());
    net.command(0, &Command::OpenControl { to: PNS_ADDRESS });
    net.run(DELAY * 2);
    let theirs = net.script_opens();
    net.script_sends(theirs, pptp_wire::StartControlConnectionRequest::default());
    net.script_sends(theirs, pptp_wire::EchoRequest { identifier: 1 });
    assert_eq!(net.script_received(theirs), []);
    assert!(!net.is_closed(theirs));
    net.run(seconds(60));
    assert!(net.is_closed(theirs));
}

#[test]
fn each_wrong_decision_shows() {
    let signed: [Ipv4Addr; 2] = [[127, 0, 0, 1].into(), [128, 0, 0, 1].into()];
    let plain = [PNS_ADDRESS, PAC_ADDRESS];
    let cases = [
        (DeviationId::CollisionSignedCompare, signed),
        (DeviationId::CollisionLowerWins, plain),
        (DeviationId::CollisionBothKept, plain),
        (DeviationId::CollisionWinnerAnswers, plain),
    ];
    for (id, [first, second]) in cases {
        let right = collide(first, second, |_| {});
        let wrong = collide(first, second, |config| {
            config.deviations = Deviations::only(id)
        });
        assert_ne!(right.control_flow(), wrong.control_flow(), "{id}");
    }
}

#[test]
fn a_call_that_waits_for_the_losing_connection_goes_over_the_other() {
    // It loses a collision, wins one, or comes to be open when the other stands already.
    let late = DELAY * 2 + milliseconds(1);
    for (first, second, waits) in [(2, 3, seconds(0)), (3, 2, seconds(0)), (3, 2, late)] {
        let (first, second) = (
            Ipv4Addr::new(10, 0, 0, first),
            Ipv4Addr::new(10, 0, 0, second),
        );
        let mut net = Net::pair(
            Config::new(Role::Pns, first),
            Config::new(Role::Pac, second),
        );
        net.command(PAC, &Command::OpenControl { to: first });
        net.run(waits);
        net.command(PNS, &Command::OpenControl { to: second });
        let options = PlaceCall::default();
        net.command(
            PNS,
            &Command::PlaceCall {
                connection: None,
                options,
            },
        );
        net.run(seconds(1));
        for side in [PNS, PAC] {
            let calls: Vec<usize> = net
                .end(side)
                .connections()
                .map(|found| found.calls)
                .collect();
            assert_eq!(calls, [1], "{first} {second} {waits}");
        }
        assert_eq!(net.violations, []);
    }
}

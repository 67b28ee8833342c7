//! Data of a call that is not established yet.

mod common;

use common::*;
use pptp_proto::{Config, DeviationId, Role};
use pptp_wire::CallId;
use pptp_wire::time::Duration;
use pptp_world::link::LinkConfig;
use pptp_world::{
    CallRef, Command, CommandError, EndpointNode, Outcome, PlaceCall, Query, Traffic, TrafficId,
    Value, WorldConfig,
};

/// A PAC that answers after two seconds is asked for a call, and at once to send data on it.
fn data_before_the_answer(deviates: bool) -> Result<TrafficId, CommandError> {
    let mut config = Config::new(Role::Pac, PAC);
    config.telephone.answers_after = Duration::from_secs(2);
    if deviates {
        config.deviations = config.deviations.with(DeviationId::DataBeforeConnect);
    }
    let (mut world, pns, pac, _) = pair(
        WorldConfig::default(),
        &LinkConfig::default(),
        Box::new(EndpointNode::new(Config::new(Role::Pns, PNS))),
        Box::new(EndpointNode::new(config)),
    );
    world
        .command(pns, &Command::OpenControl { to: PAC })
        .unwrap();
    run_until(&mut world, "the start", |world| {
        world.query(pns, &Query::ConnectionState(None)) == Some(Value::State("established"))
    });
    let place = Command::PlaceCall {
        connection: None,
        options: PlaceCall::default(),
    };
    let Ok(Outcome::Call(call)) = world.command(pns, &place) else {
        panic!("no call")
    };
    run_until(&mut world, "the request", |world| {
        world.query(pac, &Query::Calls) == Some(Value::Number(1))
    });
    let number = world.connection_number(pns, call.connection).unwrap();
    let connection = world.connection_id(pac, number).unwrap();
    let own = Query::OwnCallId(connection, call.call_id);
    let Some(Value::Number(id)) = world.query(pac, &own) else {
        panic!("no Call ID")
    };
    let here = CallRef {
        connection,
        call_id: CallId(id as u16),
    };
    let traffic = Traffic {
        packets: 3,
        bytes: 100,
        every: None,
    };
    world.start_traffic(pac, here, traffic)
}

#[test]
fn data_of_a_call_that_is_not_up_is_refused_unless_the_node_lets_it_through() {
    let state = "wait-cs-ans";
    assert_eq!(
        data_before_the_answer(false),
        Err(CommandError::WrongState { state })
    );
    assert!(data_before_the_answer(true).is_ok());
}

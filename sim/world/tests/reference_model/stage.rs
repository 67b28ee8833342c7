//! A call between two puppets, and what the model has against them.

use crate::common::puppet::{ADDRESSES, Act, Theatre};
use crate::common::*;
use pptp_rules::JudgeConfig;
use pptp_wire::{
    CallDisconnectNotify, CallId, DisconnectResult, OutgoingCallReply, OutgoingCallRequest,
    OutgoingCallResult,
};
use pptp_world::link::LinkConfig;
use pptp_world::{CallRef, ConnectionId, ModelCheck, ModelViolation, RecordKind, WorldConfig};

pub const PNS: usize = 0;
pub const PAC: usize = 1;
pub const PNS_CALL: CallRef = CallRef {
    connection: ConnectionId(1),
    call_id: CallId(17),
};
pub const PAC_CALL: CallRef = CallRef {
    connection: ConnectionId(2),
    call_id: CallId(40),
};

/// A call that is up: the PNS calls it 17, the PAC 40; the PNS's window is 4 packets, the PAC's 3.
pub fn call() -> Theatre {
    call_judged(JudgeConfig::default())
}

pub fn call_judged(judge: JudgeConfig) -> Theatre {
    let config = WorldConfig {
        keep_octets: true,
        judge,
        ..WorldConfig::default()
    };
    let mut theatre = Theatre::new(config, &LinkConfig::default());
    theatre.play(PNS, [Act::Connect(ConnectionId(1), ADDRESSES[PAC])]);
    request(&mut theatre, 17, 4);
    reply(&mut theatre, 40, 17, 3);
    theatre
}

pub fn request(theatre: &mut Theatre, call_id: u16, packet_recv_window_size: u16) {
    theatre.say(
        PNS,
        OutgoingCallRequest {
            call_id: CallId(call_id),
            packet_recv_window_size,
            ..OutgoingCallRequest::default()
        },
    );
}

pub fn reply(theatre: &mut Theatre, call_id: u16, peer_call_id: u16, packet_recv_window_size: u16) {
    theatre.say(
        PAC,
        OutgoingCallReply {
            call_id: CallId(call_id),
            peer_call_id: CallId(peer_call_id),
            result_code: OutgoingCallResult::CONNECTED,
            packet_recv_window_size,
            ..OutgoingCallReply::default()
        },
    );
}

pub fn disconnect(theatre: &mut Theatre) {
    theatre.say(
        PAC,
        CallDisconnectNotify {
            call_id: PAC_CALL.call_id,
            result_code: DisconnectResult::REQUEST,
            ..CallDisconnectNotify::default()
        },
    );
}

/// The PAC gets data from the PNS and gives it to its user.
pub fn deliver(theatre: &mut Theatre, sequence_number: u32, payload: &[u8]) {
    theatre.play(
        PAC,
        [Act::Data(PAC_CALL, sequence_number, payload.to_vec())],
    );
}

pub fn violations(theatre: &mut Theatre) -> Vec<ModelViolation> {
    let violation = |record: &pptp_world::Record| match record.kind {
        RecordKind::ModelViolation(violation) => Some(violation),
        _ => None,
    };
    records(&mut theatre.world)
        .iter()
        .filter_map(violation)
        .collect()
}

#[track_caller]
pub fn assert_only(
    theatre: &mut Theatre,
    check: ModelCheck,
    side: usize,
    seen: u64,
    expected: u64,
) {
    let found = violations(theatre);
    let node = theatre.nodes[side];
    let call = found.first().and_then(|violation| violation.call);
    assert_eq!(
        found,
        [ModelViolation {
            check,
            node,
            call,
            seen,
            expected
        }]
    );
}

//! Histories of calls: how they end.

use super::{Case, case};
use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

fn clearing() -> Vec<Case> {
    vec![
        case(Cclr002, PNS, "the PAC's Call ID", |h| {
            h.called().say(PNS, clear(PAC_ID));
        }),
        case(Cclr002, PNS, "a Call ID that nobody gave", |h| {
            h.called().say(PNS, clear(7));
        }),
        case(Cclr005, PAC, "a clear is not answered", |h| {
            h.started()
                .say(PNS, call_request())
                .say(PNS, clear(PNS_ID))
                .wait(71_000);
        }),
        case(Cclr005, PAC, "a clear is answered by a close", |h| {
            h.called().say(PNS, clear(PNS_ID)).close(PAC);
        }),
        case(
            Cclr005,
            PAC,
            "a clear is not answered until the PNS gives up",
            |h| {
                h.called().say(PNS, clear(PNS_ID)).wait(60_000).close(PNS);
            },
        ),
        case(Paco006, PAC, "a clear is answered by a close", |h| {
            h.called().say(PNS, clear(PNS_ID)).close(PAC);
        }),
        case(Paci005, PAC, "a clear is not answered", |h| {
            h.rung().say(PNS, clear(PNS_ID)).wait(71_000);
        }),
        case(
            Paci005,
            PAC,
            "an incoming call is dropped with the connection",
            |h| {
                h.rung().close(PAC);
            },
        ),
        case(
            Paco007,
            PAC,
            "an outgoing call is dropped with the connection",
            |h| {
                h.called().close(PAC);
            },
        ),
        case(Cdn002, PAC, "a call is dropped with the connection", |h| {
            h.called().reset(PAC);
        }),
        case(Cdn002, PAC, "a Call ID is used for the next call", |h| {
            let reply = OutgoingCallReply {
                call_id: CallId(PAC_ID),
                ..second_reply()
            };
            h.called()
                .say(PNS, second_request())
                .say(PAC, reply)
                .say(PNS, clear(9_402))
                .say(PAC, disconnect(PAC_ID, 4));
        }),
        case(Cdn003, PAC, "the PNS's Call ID", |h| {
            h.called()
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PNS_ID, 4));
        }),
        case(Cdn003, PAC, "a Call ID that nobody gave", |h| {
            h.called().say(PAC, disconnect(7, 3));
        }),
        case(
            Cdn003,
            PAC,
            "while it dials, a Call ID that nobody gave",
            |h| {
                h.started()
                    .say(PNS, call_request())
                    .say(PAC, disconnect(7, 3));
            },
        ),
        case(Cdn003, PAC, "cleared once, disconnected twice", |h| {
            h.called()
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4))
                .say(PAC, disconnect(0, 4));
        }),
        case(Cdn003, PAC, "disconnected twice", |h| {
            h.called()
                .say(PAC, disconnect(PAC_ID, 3))
                .say(PAC, disconnect(PAC_ID, 3));
        }),
        case(
            Cdn005,
            PAC,
            "a clear is answered with another result",
            |h| {
                h.called()
                    .say(PNS, clear(PNS_ID))
                    .say(PAC, disconnect(PAC_ID, 1));
            },
        ),
        case(Cdn005, PAC, "Result 4 without a clear", |h| {
            h.called().say(PAC, disconnect(PAC_ID, 4));
        }),
        case(Cdn005, PAC, "Result 4 before any reply or clear", |h| {
            h.started().say(PAC, ring()).say(PAC, disconnect(PAC_ID, 4));
        }),
        case(Cdn005, PAC, "Result 4 to two calls after one clear", |h| {
            h.started().say(PAC, ring()).say(PAC, second_ring());
            h.say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4))
                .say(PAC, disconnect(52_110, 4));
        }),
        case(Cdn005, PAC, "Result 4 before the clear has arrived", |h| {
            h.called()
                .send(PNS, clear(PNS_ID))
                .wait(5)
                .say(PAC, disconnect(PAC_ID, 4))
                .turn();
        }),
        case(Ms008, PAC, "Windows with a Result", |h| {
            h.config.windows = true;
            h.called().say(PAC, disconnect(PAC_ID, 3));
        }),
    ]
}

fn releasing() -> Vec<Case> {
    vec![
        case(
            Pnso006,
            PNS,
            "an established call is given up for another",
            |h| {
                h.called()
                    .say(PNS, clear(PNS_ID))
                    .say(PAC, disconnect(PAC_ID, 4));
                h.say(PNS, second_request()).say(PAC, second_reply());
                let request = OutgoingCallRequest {
                    call_serial_number: 3,
                    ..second_request()
                };
                h.say(PNS, request);
            },
        ),
        case(
            Pnso004,
            PNS,
            "a pending call is given up for another",
            |h| {
                h.started()
                    .say(PNS, call_request())
                    .say(PNS, clear(PNS_ID))
                    .say(PAC, disconnect(0, 4));
                h.say(PNS, second_request());
                let request = OutgoingCallRequest {
                    call_serial_number: 3,
                    ..second_request()
                };
                h.say(PNS, request);
            },
        ),
        case(
            Pnsi006,
            PNS,
            "an incoming call is given up for another",
            |h| {
                h.rung()
                    .say(PNS, clear(PNS_ID))
                    .say(PAC, disconnect(PAC_ID, 4));
                let reply = IncomingCallReply {
                    peer_call_id: CallId(52_110),
                    ..ring_reply()
                };
                h.say(PAC, second_ring())
                    .say(PNS, reply)
                    .say(PAC, ring_connected());
                let third = IncomingCallRequest {
                    call_id: CallId(3),
                    call_serial_number: 3,
                    ..ring()
                };
                let reply = IncomingCallReply {
                    peer_call_id: CallId(3),
                    ..ring_reply()
                };
                h.say(PAC, third).say(PNS, reply);
            },
        ),
        case(
            Pnso007,
            PNS,
            "the Call ID is used before the disconnect",
            |h| {
                h.called().send(PNS, clear(PNS_ID)).say(PNS, same_id());
            },
        ),
        case(
            Pnso007,
            PNS,
            "a reply that crosses the clear ends the connection",
            |h| {
                h.started()
                    .say(PNS, call_request())
                    .send(PNS, clear(PNS_ID))
                    .send(PAC, call_reply())
                    .turn();
                h.close(PNS);
            },
        ),
        case(
            Pnso007,
            PNS,
            "a reply that crosses the clear is said to be of another version",
            |h| {
                h.started()
                    .say(PNS, call_request())
                    .send(PNS, clear(PNS_ID))
                    .send(PAC, call_reply())
                    .turn();
                let reason = StopReason::STOP_PROTOCOL;
                h.say(
                    PNS,
                    StopControlConnectionRequest {
                        reason,
                        ..Default::default()
                    },
                );
            },
        ),
        case(
            Pnsi007,
            PNS,
            "the Call ID is used before the disconnect",
            |h| {
                let reply = IncomingCallReply {
                    peer_call_id: CallId(52_110),
                    ..ring_reply()
                };
                h.rung()
                    .send(PAC, second_ring())
                    .send(PNS, clear(PNS_ID))
                    .turn()
                    .say(PNS, reply);
            },
        ),
        case(Pnsi004, PNS, "a clear after the disconnect", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_reply())
                .say(PAC, disconnect(PAC_ID, 3));
            h.wait(3_000).say(PNS, clear(PNS_ID));
        }),
    ]
}

fn spared_ends() -> Vec<Case> {
    vec![
        case(
            Cdn003,
            PAC,
            "the answer to a clear crosses the PNS's close",
            |h| {
                h.called().send(PNS, clear(PNS_ID)).close(PNS);
                h.say(PAC, disconnect(PAC_ID, 4)).close(PAC);
            },
        ),
        case(Cclr005, PAC, "the PNS closes at once", |h| {
            h.called().send(PNS, clear(PNS_ID)).close(PNS).close(PAC);
        }),
        case(
            Cclr005,
            PAC,
            "the PNS closes before the minute is over",
            |h| {
                h.called()
                    .say(PNS, clear(PNS_ID))
                    .wait(30_000)
                    .close(PNS)
                    .close(PAC);
            },
        ),
        case(Cclr005, PAC, "a stop exchange comes first", |h| {
            h.called().say(PNS, clear(PNS_ID)).stopped().wait(71_000);
        }),
        case(Cclr005, PAC, "a disconnect crosses the clear", |h| {
            h.called()
                .send(PNS, clear(PNS_ID))
                .send(PAC, disconnect(PAC_ID, 3))
                .turn()
                .wait(71_000);
        }),
        case(Paco006, PAC, "answered in the last second", |h| {
            h.called()
                .say(PNS, clear(PNS_ID))
                .wait(69_000)
                .say(PAC, disconnect(PAC_ID, 4))
                .wait(5_000);
        }),
        case(Paci005, PAC, "the PNS closes first", |h| {
            h.rung().close(PNS).close(PAC);
        }),
        case(Paco007, PAC, "the PAC stops in order", |h| {
            h.called().say(PAC, StopControlConnectionRequest::default());
            h.send(PNS, StopControlConnectionReply::default())
                .close(PNS)
                .close(PAC);
        }),
        case(
            Cdn002,
            PAC,
            "the PAC closes as nobody answers its echo",
            |h| {
                h.called()
                    .wait(60_000)
                    .say(PAC, echo(1))
                    .wait(60_000)
                    .close(PAC);
            },
        ),
        case(
            Cdn003,
            PAC,
            "before the reply the PAC has no Call ID",
            |h| {
                h.started()
                    .say(PNS, call_request())
                    .say(PNS, clear(PNS_ID))
                    .say(PAC, disconnect(0, 4));
            },
        ),
        case(Cdn003, PAC, "while it dials it gives up unasked", |h| {
            h.started()
                .say(PNS, call_request())
                .say(PAC, disconnect(0, 3));
        }),
        case(Cdn003, PAC, "cleared twice, answered twice", |h| {
            h.called()
                .say(PNS, clear(PNS_ID))
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4))
                .say(PAC, disconnect(0, 2));
        }),
        case(Cdn003, PAC, "before the reply it may use the PNS's", |h| {
            h.started()
                .say(PNS, call_request())
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PNS_ID, 4));
        }),
        case(
            Cdn003,
            PAC,
            "before the reply its Call ID may be that of another call of the PNS",
            |h| {
                h.started()
                    .say(PNS, call_request())
                    .say(PNS, second_request())
                    .say(PNS, clear(PNS_ID))
                    .say(PAC, disconnect(second_request().call_id.0, 4))
                    .say(PAC, second_reply());
            },
        ),
        case(
            Cdn003,
            PNS,
            "whose Call ID a PNS names does not count",
            |h| {
                h.called().say(PNS, disconnect(7, 3));
            },
        ),
        case(Cdn003, PAC, "an answer to a clear for no call", |h| {
            let notify = CallDisconnectNotify {
                error_code: ErrorCode::BAD_CALL_ID,
                ..disconnect(0, 2)
            };
            h.called().say(PNS, clear(7)).say(PAC, notify);
        }),
        case(Cdn005, PAC, "a clear of the Call ID to come", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4));
        }),
        case(Cdn005, PAC, "a disconnect crosses the clear", |h| {
            h.called()
                .send(PNS, clear(PNS_ID))
                .wait(5)
                .say(PAC, disconnect(PAC_ID, 3))
                .turn();
        }),
        case(Cclr002, PNS, "a clear crosses the disconnect", |h| {
            h.called()
                .send(PAC, disconnect(PAC_ID, 3))
                .wait(5)
                .say(PNS, clear(PNS_ID))
                .turn();
        }),
        case(Pnso004, PNS, "a clear, the disconnect, another call", |h| {
            h.started()
                .say(PNS, call_request())
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(0, 4))
                .say(PNS, same_id());
        }),
        case(Pnso006, PNS, "a clear, the disconnect, another call", |h| {
            h.called()
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4))
                .say(PNS, same_id());
        }),
        case(Pnsi006, PNS, "a clear, the disconnect, another ring", |h| {
            let reply = IncomingCallReply {
                peer_call_id: CallId(52_110),
                ..ring_reply()
            };
            h.rung()
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4))
                .say(PAC, second_ring())
                .say(PNS, reply);
        }),
        case(
            Pnso007,
            PNS,
            "the user shuts down as a reply crosses the clear",
            |h| {
                h.started()
                    .say(PNS, call_request())
                    .send(PNS, clear(PNS_ID))
                    .send(PAC, call_reply())
                    .turn();
                let reason = StopReason::STOP_LOCAL_SHUTDOWN;
                h.say(
                    PNS,
                    StopControlConnectionRequest {
                        reason,
                        ..Default::default()
                    },
                );
            },
        ),
        case(Pnso007, PNS, "a reply crosses the clear", |h| {
            h.started()
                .say(PNS, call_request())
                .send(PNS, clear(PNS_ID))
                .send(PAC, call_reply())
                .turn();
            h.say(PAC, disconnect(PAC_ID, 4)).wait(200).stopped();
        }),
        case(
            Pnsi007,
            PNS,
            "Incoming-Call-Connected crosses the clear",
            |h| {
                h.started()
                    .say(PAC, ring())
                    .say(PNS, ring_reply())
                    .send(PNS, clear(PNS_ID))
                    .send(PAC, ring_connected());
                h.turn().say(PAC, disconnect(PAC_ID, 4)).wait(200).stopped();
            },
        ),
        case(Pnsi004, PNS, "a clear crosses the disconnect", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_reply())
                .send(PAC, disconnect(PAC_ID, 3));
            h.send(PNS, clear(PNS_ID)).turn();
        }),
    ]
}

pub fn breaks() -> Vec<Case> {
    [clearing(), releasing()].into_iter().flatten().collect()
}

pub fn spares() -> Vec<Case> {
    spared_ends()
}

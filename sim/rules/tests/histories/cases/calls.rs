//! Histories of calls.

use super::{Case, case};
use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

/// A second call of the PNS, with Call ID and serial number of its own.
fn second_request() -> OutgoingCallRequest {
    OutgoingCallRequest {
        call_id: CallId(9_402),
        call_serial_number: 2,
        ..call_request()
    }
}

fn second_reply() -> OutgoingCallReply {
    OutgoingCallReply {
        call_id: CallId(52_110),
        peer_call_id: CallId(9_402),
        ..call_reply()
    }
}

fn second_ring() -> IncomingCallRequest {
    IncomingCallRequest {
        call_id: CallId(52_110),
        call_serial_number: 2,
        ..ring()
    }
}

/// A new request with the Call ID of the first call.
fn same_id() -> OutgoingCallRequest {
    OutgoingCallRequest {
        call_serial_number: 2,
        ..call_request()
    }
}

fn notify(crc_errors: u32) -> WanErrorNotify {
    line_errors(crc_errors)
}

pub fn breaks() -> Vec<Case> {
    let mut cases = directions();
    cases.extend(outgoing());
    cases.extend(incoming());
    cases.extend(clearing());
    cases.extend(releasing());
    cases.extend(waiting());
    cases.extend(line());
    cases
}

fn directions() -> Vec<Case> {
    vec![
        case(Hdr016, PNS, "an Outgoing-Call-Reply from the PNS", |h| {
            h.called().say(PNS, call_reply());
        }),
        case(Hdr016, PAC, "a clear from the PAC", |h| {
            h.called().say(PAC, clear(PAC_ID));
        }),
        case(Ocrq001, PAC, "the PAC asks for an outgoing call", |h| {
            h.called().say(PAC, second_request());
        }),
        case(Icrq001, PNS, "the PNS rings", |h| {
            h.called().say(PNS, second_ring());
        }),
        case(Cclr001, PAC, "the PAC clears", |h| {
            h.called().say(PAC, clear(PAC_ID));
        }),
        case(Cdn001, PNS, "the PNS disconnects", |h| {
            h.called().say(PNS, disconnect(PNS_ID, 3));
        }),
        case(Wen001, PNS, "the PNS notifies", |h| {
            h.called().say(PNS, notify(1));
        }),
        case(Sli001, PAC, "the PAC sets link options", |h| {
            h.called().say(PAC, link_info(PNS_ID));
        }),
    ]
}

fn outgoing() -> Vec<Case> {
    vec![
        case(Ocrq002, PNS, "the Call ID of a live call", |h| {
            h.called().say(PNS, same_id());
        }),
        case(Ocrq003, PNS, "a serial number again", |h| {
            let request = OutgoingCallRequest {
                call_serial_number: 1,
                ..second_request()
            };
            h.called().say(PNS, request);
        }),
        case(Call001, PNS, "the Call ID of a live call", |h| {
            h.called().say(PNS, same_id());
        }),
        case(
            Call001,
            PAC,
            "a Call ID for an outgoing and an incoming call",
            |h| {
                let ring = IncomingCallRequest {
                    call_id: CallId(PAC_ID),
                    ..second_ring()
                };
                h.called().say(PAC, ring);
            },
        ),
        case(Ocrp001, PAC, "a request is not answered", |h| {
            h.started().say(PNS, call_request()).wait(101_000);
        }),
        case(Ocrp002, PAC, "the Call ID of a live call", |h| {
            let reply = OutgoingCallReply {
                call_id: CallId(PAC_ID),
                ..second_reply()
            };
            h.called().say(PNS, second_request()).say(PAC, reply);
        }),
        case(Ocrp003, PAC, "a reply to nothing", |h| {
            h.started().say(PAC, call_reply());
        }),
        case(
            Ocrp003,
            PAC,
            "a reply with its own Call ID for the peer's",
            |h| {
                let reply = OutgoingCallReply {
                    peer_call_id: CallId(PAC_ID),
                    ..call_reply()
                };
                h.started().say(PNS, call_request()).say(PAC, reply);
            },
        ),
        case(
            Ocrp003,
            PAC,
            "a reply before the request has arrived",
            |h| {
                h.started()
                    .send(PNS, call_request())
                    .wait(5)
                    .say(PAC, call_reply());
            },
        ),
        case(Ocrp011, PAC, "two replies", |h| {
            h.called().say(PAC, call_reply());
        }),
        case(Ocrp011, PAC, "a refusal twice", |h| {
            h.started()
                .say(PNS, call_request())
                .say(PAC, call_refusal())
                .say(PAC, call_refusal());
        }),
        case(Paco004, PAC, "connected after the disconnect", |h| {
            h.started()
                .say(PNS, call_request())
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(0, 4));
            h.say(PAC, call_reply());
        }),
        case(Pnso002, PNS, "a clear after the refusal", |h| {
            h.started()
                .say(PNS, call_request())
                .say(PAC, call_refusal())
                .wait(3_000)
                .say(PNS, clear(PNS_ID));
        }),
    ]
}

fn incoming() -> Vec<Case> {
    vec![
        case(Icrq002, PAC, "the Call ID of a live call", |h| {
            let ring = IncomingCallRequest {
                call_id: CallId(PAC_ID),
                ..second_ring()
            };
            h.rung().say(PAC, ring);
        }),
        case(Icrq003, PAC, "a serial number again", |h| {
            let ring = IncomingCallRequest {
                call_serial_number: 1,
                ..second_ring()
            };
            h.rung().say(PAC, ring);
        }),
        case(Icrp001, PNS, "a ring is not answered", |h| {
            h.started().say(PAC, ring()).wait(71_000);
        }),
        case(
            Icrp001,
            PNS,
            "a ring is not answered until the PAC gives up",
            |h| {
                h.started().say(PAC, ring()).wait(60_000).close(PAC);
            },
        ),
        case(Icrp001, PNS, "a reply without a ring", |h| {
            h.started().say(PNS, ring_reply());
        }),
        case(Icrp002, PNS, "the Call ID of a live call", |h| {
            let reply = IncomingCallReply {
                peer_call_id: CallId(52_110),
                ..ring_reply()
            };
            h.rung().say(PAC, second_ring()).say(PNS, reply);
        }),
        case(Icrp003, PNS, "its own Call ID for the peer's", |h| {
            let reply = IncomingCallReply {
                peer_call_id: CallId(PNS_ID),
                ..ring_reply()
            };
            h.started().say(PAC, ring()).say(PNS, reply);
        }),
        case(Icrp009, PAC, "connected although refused", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_refusal())
                .say(PAC, ring_connected());
        }),
        case(Paci002, PAC, "connected although refused", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_refusal())
                .say(PAC, ring_connected());
        }),
        case(Paci002, PAC, "disconnected although refused", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_refusal())
                .say(PAC, disconnect(PAC_ID, 3));
        }),
        case(Icrq010, PAC, "connected before the reply", |h| {
            h.started().say(PAC, ring()).say(PAC, ring_connected());
        }),
        case(Iccn001, PAC, "connected without a ring", |h| {
            h.started().say(PAC, ring_connected());
        }),
        case(Iccn001, PAC, "neither connected nor disconnected", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_reply())
                .wait(71_000);
        }),
        case(Paci003, PAC, "neither connected nor disconnected", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_reply())
                .wait(71_000);
        }),
        case(Iccn002, PAC, "its own Call ID for the peer's", |h| {
            let connected = IncomingCallConnected {
                peer_call_id: CallId(PAC_ID),
                ..ring_connected()
            };
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_reply())
                .say(PAC, connected);
        }),
        case(Ms009, PAC, "a Windows server rings", |h| {
            h.config.windows = true;
            h.started().say(PAC, ring());
        }),
    ]
}

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
                h.say(PNS, StopControlConnectionRequest::default());
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

fn waiting() -> Vec<Case> {
    vec![
        case(Ka007, PNS, "waits for a reply for ever", |h| {
            h.started().say(PNS, call_request()).wait(101_000);
        }),
        case(Ka007, PNS, "waits for a disconnect for ever", |h| {
            h.called().say(PNS, clear(PNS_ID)).wait(71_000);
        }),
        case(Ka007, PNS, "waits to be connected for ever", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_reply())
                .wait(71_000);
        }),
    ]
}

fn line() -> Vec<Case> {
    vec![
        case(Wen002, PAC, "nothing new", |h| {
            h.called()
                .say(PAC, notify(1))
                .wait(61_000)
                .say(PAC, notify(1));
        }),
        case(Wen002, PAC, "nothing at all", |h| {
            h.called().say(PAC, notify(0));
        }),
        case(Wen003, PAC, "twice in a minute", |h| {
            h.called()
                .say(PAC, notify(1))
                .wait(59_000)
                .say(PAC, notify(2));
        }),
        case(Wen004, PAC, "a counter goes down", |h| {
            h.called()
                .say(PAC, notify(2))
                .wait(61_000)
                .say(PAC, notify(1));
        }),
        case(Wen005, PAC, "counters of the call before", |h| {
            h.called()
                .say(PAC, notify(9))
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4));
            let reply = OutgoingCallReply {
                call_id: CallId(3),
                ..call_reply()
            };
            h.say(PNS, same_id()).say(PAC, reply).say(PAC, notify(10));
        }),
        case(Wen006, PAC, "its own Call ID", |h| {
            let notify = WanErrorNotify {
                peer_call_id: CallId(PAC_ID),
                ..notify(1)
            };
            h.called().say(PAC, notify);
        }),
        case(Ms009, PAC, "a Windows server notifies", |h| {
            h.config.windows = true;
            h.called().say(PAC, notify(1));
        }),
        case(Sli002, PNS, "its own Call ID", |h| {
            h.called().say(PNS, link_info(PNS_ID));
        }),
    ]
}

pub fn spares() -> Vec<Case> {
    let mut cases = spared_set_ups();
    cases.extend(spared_ends());
    cases.extend(spared_waits());
    cases
}

fn spared_set_ups() -> Vec<Case> {
    vec![
        case(Hdr016, PNS, "roles that are not known yet", |h| {
            h.started().say(PNS, echo(1));
        }),
        case(Ocrq002, PNS, "a Call ID after its call", |h| {
            h.called()
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4))
                .say(PNS, same_id());
        }),
        case(Ocrq002, PNS, "a Call ID after a refusal", |h| {
            h.started()
                .say(PNS, call_request())
                .say(PAC, call_refusal())
                .say(PNS, same_id());
        }),
        case(Call001, PNS, "both ends choose the same", |h| {
            let reply = OutgoingCallReply {
                call_id: CallId(PNS_ID),
                ..call_reply()
            };
            h.started().say(PNS, call_request()).say(PAC, reply);
        }),
        case(
            Call001,
            PAC,
            "the PAC uses its Call ID again before the PNS knows",
            |h| {
                let reply = OutgoingCallReply {
                    call_id: CallId(PAC_ID),
                    ..second_reply()
                };
                h.called()
                    .say(PNS, second_request())
                    .send(PAC, disconnect(PAC_ID, 3))
                    .say(PAC, reply);
            },
        ),
        case(Call001, PAC, "one Call ID in two tunnels", |h| {
            h.called();
            h.open_between(OTHER, PAC);
            h.say(OTHER, request_from(OTHER)).say(PAC, reply_from(PAC));
            h.say(OTHER, call_request()).say(PAC, call_reply());
        }),
        case(Ocrp001, PAC, "a minute and a half of dialling", |h| {
            h.started()
                .say(PNS, call_request())
                .wait(99_000)
                .say(PAC, call_reply())
                .wait(5_000);
        }),
        case(Ocrp003, PAC, "two requests answered out of turn", |h| {
            h.started()
                .send(PNS, call_request())
                .send(PNS, second_request())
                .turn();
            h.say(PAC, second_reply()).say(PAC, call_reply());
        }),
        case(Icrp001, PNS, "answered in the last second", |h| {
            h.started()
                .say(PAC, ring())
                .wait(69_000)
                .say(PNS, ring_reply())
                .wait(5_000);
        }),
        case(Icrp001, PNS, "an abort crosses the reply", |h| {
            h.started()
                .say(PAC, ring())
                .send(PAC, disconnect(PAC_ID, 1))
                .send(PNS, ring_reply())
                .turn()
                .wait(71_000);
        }),
        case(Iccn001, PAC, "disconnected instead", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_reply())
                .say(PAC, disconnect(PAC_ID, 1))
                .wait(71_000);
        }),
        case(Paci003, PAC, "disconnected instead", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_reply())
                .say(PAC, disconnect(PAC_ID, 1))
                .wait(71_000);
        }),
        case(Paci002, PAC, "nothing after the refusal", |h| {
            h.started()
                .say(PAC, ring())
                .say(PNS, ring_refusal())
                .say(PAC, second_ring());
        }),
        case(Pnso002, PNS, "a clear crosses the refusal", |h| {
            h.started()
                .say(PNS, call_request())
                .send(PNS, clear(PNS_ID))
                .send(PAC, call_refusal())
                .turn();
        }),
    ]
}

fn spared_ends() -> Vec<Case> {
    vec![
        case(Cclr005, PAC, "the PNS closes at once", |h| {
            h.called().send(PNS, clear(PNS_ID)).close(PNS).close(PAC);
        }),
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
        case(Cdn003, PAC, "before the reply it may use the PNS's", |h| {
            h.started()
                .say(PNS, call_request())
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PNS_ID, 4));
        }),
        case(Cdn003, PAC, "an answer to a clear for no call", |h| {
            let notify = CallDisconnectNotify {
                error_code: ErrorCode::BAD_CALL_ID,
                ..disconnect(0, 2)
            };
            h.called().say(PNS, clear(7)).say(PAC, notify);
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

fn spared_waits() -> Vec<Case> {
    vec![
        case(Ka007, PNS, "clears a call that is not answered", |h| {
            h.started()
                .say(PNS, call_request())
                .wait(70_000)
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(0, 4));
            h.wait(40_000);
        }),
        case(Ka007, PNS, "closes after a minute", |h| {
            h.called()
                .say(PNS, clear(PNS_ID))
                .wait(60_000)
                .close(PNS)
                .wait(20_000);
        }),
        case(Wen003, PAC, "two calls in a minute", |h| {
            let other = WanErrorNotify {
                peer_call_id: CallId(9_402),
                ..notify(1)
            };
            h.called()
                .say(PNS, second_request())
                .say(PAC, second_reply())
                .say(PAC, notify(1))
                .say(PAC, other);
        }),
        case(Wen005, PAC, "a new call counts anew", |h| {
            h.called()
                .say(PAC, notify(9))
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4));
            let reply = OutgoingCallReply {
                call_id: CallId(3),
                ..call_reply()
            };
            h.say(PNS, same_id()).say(PAC, reply).say(PAC, notify(1));
        }),
        case(Sli002, PNS, "link options cross the disconnect", |h| {
            h.called()
                .send(PAC, disconnect(PAC_ID, 3))
                .wait(5)
                .say(PNS, link_info(PAC_ID))
                .turn();
        }),
    ]
}

//! Histories of calls: how they are set up.

use super::{Case, case};
use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

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
            h.called().say(PNS, line_errors(1));
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
        case(Iccn001, PAC, "connected twice", |h| {
            h.rung().say(PAC, ring_connected());
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
        case(Icrp001, PNS, "crashes before it can answer", |h| {
            h.started().say(PAC, ring()).crash(PNS);
            h.wait(60_000).close(PAC);
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

pub fn breaks() -> Vec<Case> {
    [directions(), outgoing(), incoming()]
        .into_iter()
        .flatten()
        .collect()
}

pub fn spares() -> Vec<Case> {
    [spared_set_ups()].into_iter().flatten().collect()
}

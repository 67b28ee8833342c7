//! Histories of control connections: how they begin.

use super::{Case, case};
use crate::history::*;
use pptp_rules::End;
use pptp_wire::Requirement::*;
use pptp_wire::*;

/// A start exchange in which the versions are these.
fn start_with_versions(h: &mut History, requested: u16, replied: u16) {
    let request = StartControlConnectionRequest {
        protocol_version: ProtocolVersion(requested),
        ..request_from(PNS)
    };
    let reply = StartControlConnectionReply {
        protocol_version: ProtocolVersion(replied),
        ..reply_from(PAC)
    };
    h.open(PNS);
    h.script(PNS).say(PNS, request).say(PAC, reply);
}

/// The start exchange on the connection at hand.
fn start(h: &mut History, opener: End, acceptor: End) {
    h.say(opener, request_from(opener))
        .say(acceptor, reply_from(acceptor));
}

fn starting() -> Vec<Case> {
    vec![
        case(Cc001, PNS, "a silent opener", |h| {
            h.open(PNS);
            h.wait(6_000);
        }),
        case(Sccrq001, PNS, "an echo first", |h| {
            h.open(PNS);
            h.say(PNS, echo(1));
        }),
        case(Tr009, PAC, "a request from the acceptor", |h| {
            h.open(PNS);
            h.say(PAC, request_from(PAC));
        }),
        case(Sccrq012, PNS, "two requests", |h| {
            h.started().say(PNS, request_from(PNS));
        }),
        case(Sccrp002, PAC, "earlier than the version asked for", |h| {
            start_with_versions(h, 0x0100, 0x00C1);
        }),
        case(
            Sccrp002,
            PAC,
            "later than an earlier version asked for",
            |h| {
                start_with_versions(h, 0x00C1, 0x00C2);
            },
        ),
        case(Sccrp001, PAC, "a reply without a request", |h| {
            h.open(PNS);
            h.say(PAC, reply_from(PAC));
        }),
        case(Sccrp001, PAC, "two replies to one request", |h| {
            h.started().say(PAC, reply_from(PAC));
        }),
        case(Tr016, PAC, "a reply before the request has arrived", |h| {
            h.open(PNS);
            h.send(PNS, request_from(PNS)).say(PAC, reply_from(PAC));
        }),
        case(
            Tr016,
            PNS,
            "a stop reply before the request has arrived",
            |h| {
                h.started().send(PAC, stop()).say(PNS, stop_reply(1));
            },
        ),
        case(
            Tr016,
            PNS,
            "an echo reply before the request has arrived",
            |h| {
                h.started().send(PAC, echo(7)).say(PNS, echo_reply(7));
            },
        ),
        case(
            Tr016,
            PAC,
            "a call reply before the request has arrived",
            |h| {
                h.started().send(PNS, call_request()).say(PAC, call_reply());
            },
        ),
        case(Tr016, PNS, "a reply before the ring has arrived", |h| {
            h.started().send(PAC, ring()).say(PNS, ring_reply());
        }),
        case(Sccrp001, PAC, "no reply", |h| {
            h.open(PNS);
            h.say(PNS, request_from(PNS)).wait(71_000);
        }),
        case(Sccrp001, PAC, "no reply until the opener gives up", |h| {
            h.open(PNS);
            h.say(PNS, request_from(PNS)).wait(60_000).close(PNS);
        }),
        case(Ka001, PAC, "waits for a request for ever", |h| {
            h.open(PNS);
            h.wait(71_000);
        }),
        case(Ka002, PNS, "waits for a reply for ever", |h| {
            h.open(PNS);
            h.say(PNS, request_from(PNS)).wait(71_000);
        }),
        case(Cc015, PAC, "stays open after refusing the version", |h| {
            h.open(PNS);
            h.say(PNS, request_from(PNS))
                .say(PAC, refusal(5))
                .wait(6_000);
        }),
        case(Tr012, PNS, "a second connection", |h| {
            h.started();
            h.open(PNS);
            start(h, PNS, PAC);
        }),
        case(Sccrp014, PAC, "a second connection is accepted", |h| {
            h.started();
            h.open(PNS);
            start(h, PNS, PAC);
        }),
        case(Cc021, PAC, "refused for a channel that is gone", |h| {
            h.started().stopped();
            h.open(PNS);
            h.say(PNS, request_from(PNS)).say(PAC, refusal(3));
        }),
        case(Tr005, PNS, "an echo before the start", |h| {
            h.open(PNS);
            h.say(PNS, echo(1));
        }),
        case(Tr005, PNS, "a call before the reply", |h| {
            h.open(PNS);
            h.send(PNS, request_from(PNS)).say(PNS, call_request());
        }),
        case(Tr005, PAC, "a call accepted before the start", |h| {
            h.script(PNS);
            h.open(PNS);
            h.say(PNS, call_request()).say(PAC, call_reply());
        }),
        case(Cc007, PNS, "a call after a refusal", |h| {
            h.open(PNS);
            h.say(PNS, request_from(PNS))
                .say(PAC, refusal(4))
                .say(PNS, call_request());
        }),
        case(Cc007, PNS, "Result 0 taken for success", |h| {
            h.open(PNS);
            h.say(PNS, request_from(PNS))
                .say(PAC, refusal(0))
                .say(PNS, call_request());
        }),
    ]
}

fn roles() -> Vec<Case> {
    vec![
        case(Sccrq006, PNS, "a PNS with channels", |h| {
            h.open(PNS);
            let request = StartControlConnectionRequest {
                maximum_channels: 65_535,
                ..request_from(PNS)
            };
            h.say(PNS, request)
                .say(PAC, reply_from(PAC))
                .say(PNS, call_request());
        }),
        case(Sccrp008, PNS, "a PNS that replies with channels", |h| {
            h.open(PAC);
            let reply = StartControlConnectionReply {
                maximum_channels: 4,
                ..reply_from(PNS)
            };
            h.say(PAC, request_from(PAC))
                .say(PNS, reply)
                .say(PAC, ring());
        }),
        case(Sccrq008, PAC, "a PAC without channels", |h| {
            h.open(PNS);
            let reply = StartControlConnectionReply {
                maximum_channels: 0,
                ..reply_from(PAC)
            };
            h.say(PNS, request_from(PNS))
                .say(PAC, reply)
                .say(PNS, call_request());
        }),
        case(Sccrq008, PAC, "more calls than channels", |h| {
            h.open(PNS);
            let reply = StartControlConnectionReply {
                maximum_channels: 1,
                ..reply_from(PAC)
            };
            h.say(PNS, request_from(PNS)).say(PAC, reply);
            for number in 1..3 {
                let request = OutgoingCallRequest {
                    call_id: CallId(number),
                    call_serial_number: number,
                    ..call_request()
                };
                let reply = OutgoingCallReply {
                    call_id: CallId(number),
                    peer_call_id: CallId(number),
                    ..call_reply()
                };
                h.say(PNS, request).say(PAC, reply);
            }
        }),
        case(Err007, PNS, "a PNS with a PAC-Error", |h| {
            h.called().say(PAC, echo(1));
            let reply = EchoReply {
                result_code: EchoResult(2),
                error_code: ErrorCode::PAC_ERROR,
                ..echo_reply(1)
            };
            h.say(PNS, reply);
        }),
    ]
}

fn spared_starts() -> Vec<Case> {
    vec![
        case(Cc001, PNS, "a request after a second", |h| {
            h.open(PNS);
            h.wait(1_000).say(PNS, request_from(PNS)).wait(10_000);
        }),
        case(Sccrq001, PNS, "the PAC opens", |h| {
            h.started_by(PAC);
        }),
        case(Tr016, PAC, "a reply as the request arrives", |h| {
            h.called();
        }),
        case(Sccrp001, PAC, "a reply to each of two requests", |h| {
            h.started().say(PNS, request_from(PNS)).say(PAC, refusal(3));
        }),
        case(
            Sccrp001,
            PAC,
            "a reply after a minute and the tolerance for it",
            |h| {
                h.open(PNS);
                h.say(PNS, request_from(PNS))
                    .wait(69_000)
                    .say(PAC, reply_from(PAC))
                    .wait(5_000);
            },
        ),
        case(
            Cc021,
            PAC,
            "a second request refused on an established connection",
            |h| {
                h.started().say(PNS, request_from(PNS)).say(PAC, refusal(3));
            },
        ),
        case(Ka001, PAC, "closes after a minute", |h| {
            h.open(PNS);
            h.wait(60_000).close(PAC).wait(20_000);
        }),
        case(Ka002, PNS, "closes after a minute", |h| {
            h.open(PNS);
            h.say(PNS, request_from(PNS))
                .wait(60_000)
                .close(PNS)
                .wait(20_000);
        }),
        case(Cc015, PAC, "closes after refusing the version", |h| {
            h.open(PNS);
            h.say(PNS, request_from(PNS))
                .send(PAC, refusal(5))
                .close(PAC)
                .wait(6_000);
        }),
        case(Sccrp002, PAC, "grants an earlier version", |h| {
            start_with_versions(h, 0x00C1, 0x00C1);
        }),
        case(Tr012, PNS, "one connection after another", |h| {
            h.started().stopped().started();
        }),
        case(Tr012, PNS, "another pair", |h| {
            h.started();
            h.open_between(OTHER, PAC);
            start(h, OTHER, PAC);
        }),
        case(Tr012, PNS, "after a crash", |h| {
            h.started().crash(PNS).wait(100);
            h.started();
        }),
        case(Sccrp014, PAC, "one connection after another", |h| {
            h.started().stopped().started();
        }),
        case(Tr005, PAC, "answers to what came too early", |h| {
            h.open(PNS);
            let refusal = OutgoingCallReply {
                result_code: OutgoingCallResult::GENERAL_ERROR,
                error_code: ErrorCode::NOT_CONNECTED,
                ..call_refusal()
            };
            h.script(PNS).say(PNS, call_request()).say(PAC, refusal);
        }),
        case(Cc007, PNS, "a stop after a refusal", |h| {
            h.open(PNS);
            h.say(PNS, request_from(PNS))
                .say(PAC, refusal(5))
                .say(PNS, stop());
        }),
        case(Sccrq006, PAC, "a PAC with channels", |h| {
            h.started_by(PAC).say(PAC, ring());
        }),
        case(Sccrp008, PAC, "a PAC that replies with channels", |h| {
            h.called();
        }),
        case(Sccrq008, PAC, "as many calls as channels", |h| {
            h.called();
        }),
        case(Sccrq008, PAC, "a call that waits takes no channel", |h| {
            h.open(PNS);
            let reply = StartControlConnectionReply {
                maximum_channels: 1,
                ..reply_from(PAC)
            };
            h.say(PNS, request_from(PNS))
                .say(PAC, reply)
                .say(PNS, call_request())
                .say(PNS, second_request())
                .say(PAC, call_reply());
        }),
        case(Sccrp001, PAC, "a request of the wrong length", |h| {
            h.script(PNS).open(PNS);
            let mut buffer = [0; MAXIMUM_LENGTH];
            ControlMessage::from(request_from(PNS)).encode(&mut buffer);
            buffer[1] = 100;
            h.octets(PNS, &buffer[..100], None).wait(71_000);
        }),
        case(Err007, PAC, "a PAC with a PAC-Error", |h| {
            let reply = OutgoingCallReply {
                result_code: OutgoingCallResult::GENERAL_ERROR,
                error_code: ErrorCode::PAC_ERROR,
                ..call_refusal()
            };
            h.started().say(PNS, call_request()).say(PAC, reply);
        }),
    ]
}

pub fn breaks() -> Vec<Case> {
    [starting(), roles()].into_iter().flatten().collect()
}

pub fn spares() -> Vec<Case> {
    [spared_starts()].into_iter().flatten().collect()
}

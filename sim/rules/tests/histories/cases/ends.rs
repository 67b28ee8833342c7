//! Histories of control connections: how they end.

use super::{Case, case};
use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

fn stopping() -> Vec<Case> {
    vec![
        case(Stcrq003, PNS, "refuses the version that was agreed", |h| {
            let request = StopControlConnectionRequest {
                reason: StopReason::STOP_PROTOCOL,
                ..stop()
            };
            h.started().say(PNS, request);
        }),
        case(Stcrp001, PAC, "a stop reply without a request", |h| {
            h.started().say(PAC, stop_reply(1));
        }),
        case(
            Stcrp005,
            PAC,
            "says that it does not close, and closes",
            |h| {
                h.started()
                    .say(PNS, stop())
                    .say(PAC, stop_reply(2))
                    .close(PAC);
            },
        ),
        case(
            Cc009,
            PNS,
            "the originator closes instead of answering",
            |h| {
                h.started().say(PAC, stop()).close(PNS);
            },
        ),
        case(Cc009, PNS, "the originator answers and stays", |h| {
            h.started()
                .say(PAC, stop())
                .say(PNS, stop_reply(1))
                .wait(6_000);
        }),
        case(
            Cc018,
            PAC,
            "the receiver closes instead of answering",
            |h| {
                h.started().say(PNS, stop()).close(PAC);
            },
        ),
        case(Cc018, PAC, "the receiver does not answer", |h| {
            h.started().say(PNS, stop()).wait(71_000);
        }),
        case(
            Cc010,
            PNS,
            "the originator stays after the stop reply",
            |h| {
                h.started()
                    .say(PNS, stop())
                    .send(PAC, stop_reply(1))
                    .close(PAC)
                    .wait(6_000);
            },
        ),
        case(Cc019, PAC, "the receiver stays after the stop reply", |h| {
            h.started()
                .say(PAC, stop())
                .send(PNS, stop_reply(1))
                .close(PNS)
                .wait(6_000);
        }),
        case(Call010, PNS, "clears a call after the stop exchange", |h| {
            h.called()
                .say(PAC, stop())
                .send(PNS, stop_reply(1))
                .say(PNS, clear(PNS_ID));
        }),
        case(Cc012, PNS, "an echo after the stop", |h| {
            h.started().send(PNS, stop()).say(PNS, echo(1));
        }),
        case(Tr014, PAC, "the stop reply is overtaken by a reset", |h| {
            h.started()
                .say(PNS, stop())
                .send(PAC, stop_reply(1))
                .reset(PAC);
        }),
    ]
}

fn closing() -> Vec<Case> {
    vec![
        case(Cc008, PNS, "the originator just closes", |h| {
            h.started().close(PNS);
        }),
        case(Cc008, PNS, "the originator resets", |h| {
            h.started().reset(PNS);
        }),
        case(Cc017, PAC, "the receiver just closes", |h| {
            h.started().close(PAC);
        }),
        case(Ms010, PAC, "a Windows server just closes", |h| {
            h.config.windows = true;
            h.started().close(PAC);
        }),
    ]
}

fn malformed() -> Vec<Case> {
    vec![
        case(Hdr009, PAC, "talks on after junk", |h| {
            h.started();
            h.octets(PNS, &[0xEE; 20], Some(FramingErrorKind::BadCookie))
                .turn();
            h.say(PAC, echo(1));
        }),
        case(Hdr009, PAC, "stays open after junk", |h| {
            h.started();
            h.octets(PNS, &[0xEE; 20], Some(FramingErrorKind::BadCookie))
                .wait(6_000);
        }),
        case(Hdr008, PAC, "finds the next message behind junk", |h| {
            h.started();
            h.octets(PNS, &[0xEE; 20], Some(FramingErrorKind::BadCookie))
                .turn();
            h.say(PNS, echo(1)).say(PAC, echo_reply(1));
        }),
        case(Hdr014, PAC, "ignores a wrong length", |h| {
            h.started();
            let mut buffer = [0; MAXIMUM_LENGTH];
            ControlMessage::from(echo(1)).encode(&mut buffer);
            buffer[1] = 20;
            h.octets(PNS, &buffer[..20], None).wait(6_000);
        }),
        case(Hdr014, PNS, "accepts a bearer that does not exist", |h| {
            let ring = IncomingCallRequest {
                call_bearer_type: CallBearerType(3),
                ..ring()
            };
            h.script(PAC)
                .started()
                .say(PAC, ring)
                .say(PNS, ring_reply());
        }),
        case(
            Paco001,
            PAC,
            "dials for a bearer that does not exist",
            |h| {
                let request = OutgoingCallRequest {
                    bearer_type: BearerType(4),
                    ..call_request()
                };
                h.started().say(PNS, request).say(PAC, call_reply());
            },
        ),
        case(Hdr015, PAC, "ignores an undefined type", |h| {
            h.started();
            let mut buffer = [0; MAXIMUM_LENGTH];
            ControlMessage::from(echo(1)).encode(&mut buffer);
            buffer[9] = 16;
            h.octets(PNS, &buffer[..16], None).wait(6_000);
        }),
    ]
}

fn spared_stops() -> Vec<Case> {
    vec![
        case(Call010, PNS, "a clear that crosses the stop", |h| {
            h.called()
                .send(PAC, stop())
                .say(PNS, clear(PNS_ID))
                .say(PNS, stop_reply(1));
        }),
        case(
            Call010,
            PNS,
            "calls on after a stop that was refused",
            |h| {
                h.called()
                    .say(PAC, stop())
                    .say(PNS, stop_reply(2))
                    .say(PNS, clear(PNS_ID));
            },
        ),
        case(
            Stcrq003,
            PNS,
            "refuses a version that was not agreed",
            |h| {
                h.open(PNS);
                let request = StopControlConnectionRequest {
                    reason: StopReason::STOP_PROTOCOL,
                    ..stop()
                };
                h.say(PNS, request_from(PNS))
                    .say(PAC, refusal(5))
                    .say(PNS, request);
            },
        ),
        case(
            Stcrp005,
            PAC,
            "does not close, and later stops in order",
            |h| {
                h.started()
                    .say(PNS, stop())
                    .say(PAC, stop_reply(2))
                    .wait(1_000);
                h.say(PNS, stop())
                    .send(PAC, stop_reply(1))
                    .close(PAC)
                    .close(PNS);
            },
        ),
        case(
            Stcrp005,
            PAC,
            "does not close, and much later does so unasked",
            |h| {
                h.started().say(PNS, stop()).say(PAC, stop_reply(2));
                h.wait(30_000).close(PAC);
            },
        ),
        case(Cc009, PNS, "stops cross and both answer", |h| {
            h.started().send(PNS, stop()).send(PAC, stop()).turn();
            h.send(PNS, stop_reply(1))
                .send(PAC, stop_reply(1))
                .close(PNS)
                .close(PAC);
        }),
        case(Cc009, PNS, "the peer closes before the answer", |h| {
            h.started().send(PAC, stop()).close(PAC).close(PNS);
        }),
        case(Cc018, PAC, "answers and closes", |h| {
            h.started().stopped().wait(71_000);
        }),
        case(Cc010, PNS, "closes upon the stop reply", |h| {
            h.started().stopped().wait(10_000);
        }),
        case(Cc019, PAC, "closes upon the stop reply", |h| {
            h.started()
                .say(PAC, stop())
                .say(PNS, stop_reply(1))
                .close(PAC)
                .wait(10_000);
        }),
        case(Cc012, PNS, "answers an echo after its own stop", |h| {
            h.started()
                .send(PNS, stop())
                .send(PAC, echo(1))
                .turn()
                .say(PNS, echo_reply(1));
        }),
        case(Tr014, PAC, "closes behind the stop reply", |h| {
            h.started().stopped();
        }),
    ]
}

fn spared_closes() -> Vec<Case> {
    vec![
        case(Cc008, PNS, "closes upon a clear from the PAC", |h| {
            h.called().say(PAC, clear(PAC_ID)).close(PNS);
        }),
        case(Cc008, PNS, "answers the peer's close", |h| {
            h.started().close(PAC).close(PNS);
        }),
        case(Cc008, PNS, "closes as nobody answers its echo", |h| {
            h.started()
                .wait(60_000)
                .say(PNS, echo(1))
                .wait(60_000)
                .close(PNS);
        }),
        case(
            Cc017,
            PAC,
            "a reply to no request establishes nothing",
            |h| {
                h.script(PNS).open(PNS);
                h.say(PNS, reply_from(PNS)).close(PAC);
            },
        ),
        case(Icrp001, PNS, "a call before the start", |h| {
            h.open(PAC);
            h.say(PAC, ring()).wait(60_000).close(PNS).wait(20_000);
        }),
        case(
            Cc008,
            PNS,
            "closes although the reply says that nothing was closed",
            |h| {
                h.started().say(PNS, stop()).say(PAC, stop_reply(2));
                h.close(PNS);
            },
        ),
        case(Cc008, PNS, "closes as a clear is not answered", |h| {
            h.called().say(PNS, clear(PNS_ID)).wait(60_000).close(PNS);
        }),
        case(Cc017, PAC, "closes as a ring is not answered", |h| {
            h.started().say(PAC, ring()).wait(60_000).close(PAC);
        }),
        case(Cc008, PNS, "was never established", |h| {
            h.open(PNS);
            h.say(PNS, request_from(PNS)).close(PNS);
        }),
        case(Cc017, PAC, "closes after junk", |h| {
            h.started();
            h.octets(PNS, &[0xEE; 20], Some(FramingErrorKind::BadCookie))
                .turn()
                .close(PAC);
        }),
        case(
            Cc017,
            PAC,
            "closes after a message against its direction",
            |h| {
                h.script(PNS).called().say(PNS, ring()).close(PAC);
            },
        ),
        case(Cc017, PAC, "closes after a field out of range", |h| {
            let request = OutgoingCallRequest {
                bearer_type: BearerType(4),
                ..call_request()
            };
            h.started().say(PNS, request).close(PAC);
        }),
        case(Cc017, PAC, "stops first", |h| {
            h.started().say(PAC, stop()).close(PAC);
        }),
        case(Ms010, PAC, "Windows stops in order", |h| {
            h.config.windows = true;
            h.started().stopped();
        }),
        case(Hdr009, PAC, "closes after junk", |h| {
            h.started();
            h.octets(PNS, &[0xEE; 20], Some(FramingErrorKind::BadCookie))
                .turn()
                .close(PAC)
                .wait(10_000);
        }),
        case(Hdr008, PAC, "closes after junk", |h| {
            h.started();
            h.octets(PNS, &[0xEE; 20], Some(FramingErrorKind::BadCookie))
                .send(PNS, echo(1))
                .turn();
            h.close(PAC);
        }),
        case(Hdr014, PAC, "answers a short request with an error", |h| {
            h.started();
            let mut buffer = [0; MAXIMUM_LENGTH];
            ControlMessage::from(call_request()).encode(&mut buffer);
            buffer[1] = 100;
            let refusal = OutgoingCallReply {
                result_code: OutgoingCallResult::GENERAL_ERROR,
                error_code: ErrorCode::BAD_FORMAT,
                ..call_refusal()
            };
            h.octets(PNS, &buffer[..100], None)
                .turn()
                .say(PAC, refusal)
                .wait(10_000);
        }),
        case(Paco001, PAC, "refuses a bearer that does not exist", |h| {
            let request = OutgoingCallRequest {
                bearer_type: BearerType(4),
                ..call_request()
            };
            h.started().say(PNS, request).say(PAC, call_refusal());
        }),
        case(Hdr015, PAC, "closes upon an undefined type", |h| {
            h.started();
            let mut buffer = [0; MAXIMUM_LENGTH];
            ControlMessage::from(echo(1)).encode(&mut buffer);
            buffer[9] = 16;
            h.octets(PNS, &buffer[..16], None)
                .turn()
                .close(PAC)
                .wait(10_000);
        }),
    ]
}

pub fn breaks() -> Vec<Case> {
    [stopping(), closing(), malformed()]
        .into_iter()
        .flatten()
        .collect()
}

pub fn spares() -> Vec<Case> {
    [spared_stops(), spared_closes()]
        .into_iter()
        .flatten()
        .collect()
}

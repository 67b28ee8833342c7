//! Histories of control connections.

use super::{Case, case};
use crate::history::*;
use pptp_rules::End;
use pptp_wire::Requirement::*;
use pptp_wire::*;

fn stop() -> StopControlConnectionRequest {
    StopControlConnectionRequest::default()
}

fn stop_reply(result: u8) -> StopControlConnectionReply {
    StopControlConnectionReply {
        result_code: StopResult(result),
        error_code: ErrorCode(u8::from(result == 2) * 4),
        ..Default::default()
    }
}

fn refusal(result: u8) -> StartControlConnectionReply {
    StartControlConnectionReply {
        result_code: StartResult(result),
        ..reply_from(PAC)
    }
}

/// The start exchange on the connection at hand.
fn start(h: &mut History, opener: End, acceptor: End) {
    h.say(opener, request_from(opener))
        .say(acceptor, reply_from(acceptor));
}

/// Both ends open, and their requests cross: the connection of the PNS, which loses, and that of the PAC.
fn collide(h: &mut History) -> (u32, u32) {
    let (lost, kept) = h.open_both();
    h.on(lost).send(PNS, request_from(PNS));
    h.on(kept).send(PAC, request_from(PAC)).turn();
    (lost, kept)
}

pub fn breaks() -> Vec<Case> {
    let mut cases = starting();
    cases.extend(roles());
    cases.extend(stopping());
    cases.extend(closing());
    cases.extend(malformed());
    cases.extend(colliding());
    cases.extend(keep_alive());
    cases
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
        case(Sccrp001, PAC, "a reply without a request", |h| {
            h.open(PNS);
            h.say(PAC, reply_from(PAC));
        }),
        case(Sccrp001, PAC, "two replies to one request", |h| {
            h.started().say(PAC, reply_from(PAC));
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
        case(Hdr015, PAC, "ignores an undefined type", |h| {
            h.started();
            let mut buffer = [0; MAXIMUM_LENGTH];
            ControlMessage::from(echo(1)).encode(&mut buffer);
            buffer[9] = 16;
            h.octets(PNS, &buffer[..16], None).wait(6_000);
        }),
    ]
}

fn colliding() -> Vec<Case> {
    vec![
        case(Cc023, PAC, "the winner gives up", |h| {
            let (_, kept) = collide(h);
            h.on(kept).close(PAC);
        }),
        case(Cc027, PAC, "the winner gives up", |h| {
            let (_, kept) = collide(h);
            h.on(kept).close(PAC);
        }),
        case(Cc024, PNS, "the loser keeps its connection", |h| {
            let (_, kept) = collide(h);
            h.on(kept).say(PNS, reply_from(PNS)).wait(2_000);
        }),
        case(Cc025, PNS, "the loser stops its connection in words", |h| {
            let (lost, _) = collide(h);
            h.on(lost).say(PNS, stop()).close(PNS);
        }),
        case(Cc026, PNS, "the loser does not answer", |h| {
            let (lost, _) = collide(h);
            h.on(lost).close(PNS).wait(71_000);
        }),
        case(Cc028, PAC, "the winner answers the loser", |h| {
            let (lost, _) = collide(h);
            h.on(lost).say(PAC, reply_from(PAC));
        }),
    ]
}

fn keep_alive() -> Vec<Case> {
    vec![
        case(Ecrq002, PNS, "two open echoes alike", |h| {
            h.started().send(PNS, echo(1)).send(PNS, echo(1)).turn();
        }),
        case(Ecrp001, PAC, "an echo is not answered", |h| {
            h.started().say(PNS, echo(1)).wait(71_000);
        }),
        case(
            Ecrp001,
            PAC,
            "an echo is not answered before the close",
            |h| {
                h.started().say(PNS, echo(1)).wait(5_000);
                h.say(PNS, stop()).send(PAC, stop_reply(1)).close(PAC);
            },
        ),
        case(Ecrp001, PAC, "an echo is answered twice", |h| {
            h.started()
                .say(PNS, echo(1))
                .say(PAC, echo_reply(1))
                .say(PAC, echo_reply(1));
        }),
        case(Ecrp002, PAC, "another Identifier", |h| {
            h.started()
                .say(PNS, echo(1))
                .say(PAC, echo_reply(0x0100_0000));
        }),
        case(Ecrp006, PAC, "an answer without a question", |h| {
            h.started().say(PAC, echo_reply(1));
        }),
        case(Ka003, PNS, "silence is not questioned", |h| {
            h.script(PAC)
                .started()
                .wait(60_000)
                .say(PAC, echo(1))
                .say(PNS, echo_reply(1))
                .wait(71_000);
        }),
        case(Ms003, PNS, "silence is not questioned by Windows", |h| {
            h.config.windows = true;
            h.script(PAC).started().wait(71_000);
        }),
        case(Ka004, PNS, "an unanswered echo has no consequence", |h| {
            h.started().wait(60_000).say(PNS, echo(1)).wait(71_000);
        }),
        case(Ka005, PNS, "an unanswered echo has no consequence", |h| {
            h.started().wait(60_000).say(PNS, echo(1)).wait(71_000);
        }),
        case(Cc029, PNS, "an unanswered stop has no consequence", |h| {
            h.started().say(PNS, stop()).wait(71_000);
        }),
        case(Ka006, PNS, "echoes at a fixed pace", |h| {
            h.started();
            for number in 1..4 {
                h.say(PNS, echo(number))
                    .say(PAC, echo_reply(number))
                    .wait(29_960);
                h.say(PAC, stop_answer_of_nothing()).wait(29_980);
            }
        }),
    ]
}

/// Any message that is no echo.
fn stop_answer_of_nothing() -> StopControlConnectionReply {
    stop_reply(2)
}

pub fn spares() -> Vec<Case> {
    let mut cases = spared_starts();
    cases.extend(spared_stops());
    cases.extend(spared_closes());
    cases.extend(spared_collisions());
    cases.extend(spared_echoes());
    cases
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

fn spared_stops() -> Vec<Case> {
    vec![
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
        case(Cc008, PNS, "closes as a clear is not answered", |h| {
            h.called().say(PNS, clear(PNS_ID)).wait(60_000).close(PNS);
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

fn spared_collisions() -> Vec<Case> {
    fn in_order(h: &mut History) {
        let (lost, kept) = collide(h);
        h.on(lost)
            .close(PNS)
            .on(kept)
            .say(PNS, reply_from(PNS))
            .on(lost)
            .close(PAC)
            .wait(71_000);
        h.on(kept).say(PAC, echo(1)).say(PNS, echo_reply(1));
    }
    let mut cases: Vec<Case> = [Cc023, Cc024, Cc025, Cc026, Cc027, Cc028, Tr012]
        .map(|requirement| case(requirement, PNS, "a collision in order", in_order))
        .into();
    cases.extend([Cc023, Cc024, Cc025, Cc026, Cc028].map(|requirement| {
        case(requirement, PNS, "equal addresses decide nothing", |h| {
            h.addresses([192, 0, 2, 1], [192, 0, 2, 1]);
            let (lost, kept) = collide(h);
            h.on(lost).close(PNS).on(kept).close(PAC);
        })
    }));
    cases.push(case(Cc024, PAC, "the PNS has the higher address", |h| {
        h.addresses([223, 0, 0, 1], [10, 0, 0, 9]);
        let (kept, lost) = collide(h);
        h.on(lost)
            .close(PAC)
            .on(kept)
            .say(PAC, reply_from(PAC))
            .on(lost)
            .close(PNS)
            .wait(5_000);
    }));
    cases
}

fn spared_echoes() -> Vec<Case> {
    vec![
        case(
            Ecrp001,
            PAC,
            "closed before there was time to answer",
            |h| {
                h.started().say(PNS, echo(1)).close(PNS);
            },
        ),
        case(Ecrp001, PAC, "two echoes answered out of turn", |h| {
            h.started().send(PNS, echo(1)).send(PNS, echo(2)).turn();
            h.say(PAC, echo_reply(2))
                .say(PAC, echo_reply(1))
                .wait(71_000);
        }),
        case(Ka003, PNS, "asks within the tolerance", |h| {
            h.started()
                .wait(69_000)
                .say(PNS, echo(1))
                .say(PAC, echo_reply(1));
        }),
        case(Ka003, PNS, "an echo is open", |h| {
            h.started()
                .wait(60_000)
                .say(PNS, echo(1))
                .wait(65_000)
                .close(PNS);
        }),
        case(Ms003, PNS, "Windows asks", |h| {
            h.config.windows = true;
            h.started()
                .wait(60_000)
                .say(PNS, echo(1))
                .say(PAC, echo_reply(1))
                .say(PAC, echo(1))
                .say(PNS, echo_reply(1));
        }),
        case(Ka004, PNS, "closes a minute after its echo", |h| {
            h.started()
                .wait(60_000)
                .say(PNS, echo(1))
                .wait(60_000)
                .close(PNS)
                .wait(20_000);
        }),
        case(Ka005, PNS, "closes a minute after its echo", |h| {
            h.started()
                .wait(60_000)
                .say(PNS, echo(1))
                .wait(60_000)
                .close(PNS)
                .wait(20_000);
        }),
        case(Cc029, PNS, "closes a minute after its stop", |h| {
            h.started()
                .say(PNS, stop())
                .wait(60_000)
                .close(PNS)
                .wait(20_000);
        }),
        case(Ka006, PNS, "echoes a minute apart and nothing else", |h| {
            h.started();
            for number in 1..4 {
                h.say(PNS, echo(number))
                    .say(PAC, echo_reply(number))
                    .wait(59_960);
            }
        }),
    ]
}

//! Histories of control connections: keep-alive, and crossing starts.

use super::{Case, case};
use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::{ControlMessage, MAXIMUM_LENGTH};

/// Both ends open, and their requests cross: the connection of the PNS, which loses, and that of the PAC.
fn collide(h: &mut History) -> (u32, u32) {
    let (lost, kept) = h.open_both();
    h.on(lost).send(PNS, request_from(PNS));
    h.on(kept).send(PAC, request_from(PAC)).turn();
    (lost, kept)
}

/// An Echo-Request of 20 octets with Identifier 1.
fn long_echo() -> Vec<u8> {
    let mut buffer = [0; MAXIMUM_LENGTH];
    ControlMessage::from(echo(1)).encode(&mut buffer);
    buffer[1] = 20;
    buffer[..20].to_vec()
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
        case(
            Ka003,
            PNS,
            "silence is questioned once and not again",
            |h| {
                h.script(PAC).started().wait(60_000).say(PNS, echo(1));
                h.say(PAC, echo_reply(1)).wait(71_000);
            },
        ),
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
                h.say(PAC, stop_reply(2)).wait(29_980);
            }
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
    cases.extend([Cc023, Cc027].map(|requirement| {
        case(requirement, PAC, "the winner crashes", |h| {
            let (_, kept) = collide(h);
            h.crash(PAC).wait(1_000).on(kept).close(PAC);
        })
    }));
    cases.extend([Cc023, Cc027].map(|requirement| {
        case(requirement, PAC, "the winner gets junk", |h| {
            let (_, kept) = collide(h);
            h.on(kept);
            h.octets(
                PNS,
                &[9; 16],
                Some(pptp_wire::FramingErrorKind::LengthTooLong),
            );
            h.turn().close(PAC);
        })
    }));
    cases.push(case(Cc023, PAC, "the winner waits for 30 s", |h| {
        let (_, kept) = collide(h);
        h.wait(30_000).on(kept).close(PAC);
    }));
    cases.push(case(
        Cc028,
        PAC,
        "the winner crashes, and comes back without its own start",
        |h| {
            let (lost, kept) = h.open_both();
            h.on(kept).send(PAC, request_from(PAC)).crash(PAC).wait(1);
            h.on(lost).say(PNS, request_from(PNS));
            h.say(PAC, reply_from(PAC));
        },
    ));
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
            "an echo reaches an end that has closed",
            |h| {
                h.started().wait(60_000).send(PNS, echo(1)).close(PAC);
                h.wait(5_000).close(PNS);
            },
        ),
        case(
            Ecrp001,
            PAC,
            "closed before there was time to answer",
            |h| {
                h.started().say(PNS, echo(1)).close(PNS);
            },
        ),
        case(
            Ecrp001,
            PAC,
            "an echo that is too long need not be answered",
            |h| {
                h.script(PNS)
                    .started()
                    .octets(PNS, &long_echo(), None)
                    .turn()
                    .wait(71_000);
            },
        ),
        case(
            Ecrp002,
            PAC,
            "an echo that is too long may be answered",
            |h| {
                h.script(PNS).started().octets(PNS, &long_echo(), None);
                h.turn().say(PAC, echo_reply(1));
            },
        ),
        case(
            Ecrp001,
            PAC,
            "others have put octets into what it says",
            |h| {
                h.started().foreign().say(PAC, echo(7)).own();
                h.say(PAC, echo(8)).say(PNS, echo(1)).wait(71_000);
            },
        ),
        case(Ecrp001, PAC, "two echoes answered out of turn", |h| {
            h.started().send(PNS, echo(1)).send(PNS, echo(2)).turn();
            h.say(PAC, echo_reply(2))
                .say(PAC, echo_reply(1))
                .wait(71_000);
        }),
        case(Ecrp001, PAC, "an echo before the start", |h| {
            h.open(PNS);
            h.say(PNS, echo(1)).wait(60_000).close(PAC).wait(20_000);
        }),
        case(Ecrp001, PAC, "an echo during its stop", |h| {
            h.started();
            h.say(PAC, pptp_wire::StopControlConnectionRequest::default());
            h.say(PNS, echo(1)).wait(60_000).close(PAC);
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
        case(
            Ka004,
            PNS,
            "the echo of long ago was answered, the open one is young",
            |h| {
                h.started().wait(60_000).say(PNS, echo(1)).wait(40_000);
                h.say(PNS, echo(2)).say(PAC, echo_reply(1)).wait(45_000);
                h.say(PAC, echo_reply(2));
            },
        ),
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

pub fn breaks() -> Vec<Case> {
    [colliding(), keep_alive()].into_iter().flatten().collect()
}

pub fn spares() -> Vec<Case> {
    [spared_collisions(), spared_echoes()]
        .into_iter()
        .flatten()
        .collect()
}

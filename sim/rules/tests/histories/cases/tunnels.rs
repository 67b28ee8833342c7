//! Histories of tunnels: what belongs into them, and how much of it.

use super::{Case, case};
use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

/// An outgoing call whose ends advertise these windows.
fn windows(h: &mut History, pns: u16, pac: u16) {
    let request = OutgoingCallRequest {
        packet_recv_window_size: pns,
        ..call_request()
    };
    let reply = OutgoingCallReply {
        packet_recv_window_size: pac,
        ..call_reply()
    };
    h.started().say(PNS, request).say(PAC, reply);
}

fn belonging() -> Vec<Case> {
    vec![
        case(Tr004, PNS, "data without a connection", |h| {
            h.data(PNS, 0).turn();
        }),
        case(Tr004, PNS, "data before the start", |h| {
            h.open(PNS);
            h.data(PNS, 0).turn();
        }),
        case(Tr010, OTHER, "data from another address", |h| {
            let packet = gre(GreHeader::data(CallId(PAC_ID), 0, None, 40));
            h.called().packet(OTHER, PAC, &packet, None).turn();
        }),
        case(Call007, PNS, "data of a call that was never set up", |h| {
            h.started().data(PNS, 0).turn();
        }),
        case(Gre012, PNS, "its own Call ID", |h| {
            h.called().data_to(PNS, PNS_ID, 0, None).turn();
        }),
        case(Gre012, PNS, "a Call ID that nobody gave", |h| {
            h.called().data_to(PNS, 7, 0, None).turn();
        }),
        case(Call009, PAC, "data before its reply", |h| {
            h.started().say(PNS, call_request()).data(PAC, 0).turn();
        }),
        case(Call009, PNS, "data before the ring is answered", |h| {
            h.started().say(PAC, ring()).data(PNS, 0).turn();
        }),
        case(Call009, PNS, "data before the reply has arrived", |h| {
            h.started()
                .say(PNS, call_request())
                .send(PAC, call_reply())
                .wait(5)
                .data(PNS, 0)
                .turn();
        }),
    ]
}

fn after_the_end() -> Vec<Case> {
    vec![
        case(Call008, PAC, "data after the disconnect", |h| {
            h.called()
                .send(PAC, disconnect(PAC_ID, 3))
                .wait(5_000)
                .data(PAC, 0)
                .turn();
        }),
        case(Call008, PNS, "data after the disconnect", |h| {
            h.called()
                .say(PAC, disconnect(PAC_ID, 3))
                .wait(5_000)
                .data(PNS, 0)
                .turn();
        }),
        case(
            Call008,
            PNS,
            "data after the control connection has gone",
            |h| {
                h.called().close(PAC);
                h.close(PNS).wait(5_000).data(PNS, 0).turn();
            },
        ),
        case(Pnso005, PNS, "data after the disconnect", |h| {
            h.called()
                .say(PAC, disconnect(PAC_ID, 3))
                .wait(5_000)
                .data(PNS, 0)
                .turn();
        }),
        case(Pnsi005, PNS, "data after the disconnect", |h| {
            h.rung()
                .say(PAC, disconnect(PAC_ID, 3))
                .wait(5_000)
                .data(PNS, 0)
                .turn();
        }),
        case(
            Pnsi004,
            PNS,
            "data after a disconnect instead of a connect",
            |h| {
                h.started()
                    .say(PAC, ring())
                    .say(PNS, ring_reply())
                    .say(PAC, disconnect(PAC_ID, 3));
                h.wait(5_000).data(PNS, 0).turn();
            },
        ),
        case(Stcrq005, PNS, "data after the stop exchange", |h| {
            h.called().stopped().wait(5_000).data(PNS, 0).turn();
        }),
        case(Tr008, PAC, "data after the connection is gone", |h| {
            h.called()
                .close(PNS)
                .close(PAC)
                .wait(5_000)
                .data(PAC, 0)
                .turn();
        }),
        case(Tr008, PNS, "data after a reset", |h| {
            h.called().reset(PAC).wait(5_000).data(PNS, 0).turn();
        }),
        case(Ms011, PNS, "Windows goes on after a reset", |h| {
            h.config.windows = true;
            h.called().reset(PAC).wait(5_000).data(PNS, 0).turn();
        }),
        case(Call005, PNS, "data of the control connection before", |h| {
            h.called()
                .reset(PAC)
                .started()
                .wait(5_000)
                .data(PNS, 0)
                .turn();
        }),
    ]
}

fn window() -> Vec<Case> {
    vec![
        case(Win002, PNS, "more than the maximum", |h| {
            windows(h, 16, 2);
            burst(h, PNS, 0..3);
        }),
        case(
            Win002,
            PAC,
            "more than the maximum of an incoming call",
            |h| {
                h.rung();
                burst(h, PAC, 0..17);
            },
        ),
        case(Ocrq014, PAC, "more than the maximum", |h| {
            windows(h, 2, 16);
            burst(h, PAC, 0..3);
        }),
        case(Win003, PNS, "the first flight is longer than half", |h| {
            windows(h, 16, 7);
            burst(h, PNS, 0..5);
        }),
        case(Win001, PNS, "the window does not hold", |h| {
            windows(h, 16, 8);
            burst(h, PNS, 0..1);
            h.acknowledge(PAC, 0).turn();
            burst(h, PNS, 1..6);
        }),
        case(
            Win001,
            PNS,
            "goes on although only a part is acknowledged",
            |h| {
                windows(h, 16, 8);
                burst(h, PNS, 0..4);
                h.acknowledge(PAC, 0).turn();
                burst(h, PNS, 4..7);
            },
        ),
        case(
            Win001,
            PNS,
            "goes on as if a packet had timed out that was acknowledged",
            |h| {
                windows(h, 16, 8);
                h.data(PNS, 0).wait(30).data(PNS, 1).wait(30).data(PNS, 2);
                h.wait(15)
                    .acknowledge(PAC, 1)
                    .wait(15)
                    .data(PNS, 3)
                    .wait(20);
                burst(h, PNS, 4..7);
            },
        ),
        case(Win004, PNS, "the window grows too fast", |h| {
            windows(h, 16, 8);
            burst(h, PNS, 0..4);
            h.acknowledge(PAC, 3).turn();
            burst(h, PNS, 4..10);
        }),
    ]
}

fn spared_ends() -> Vec<Case> {
    vec![
        case(Call009, PNS, "data at once when the reply is there", |h| {
            h.called().data(PNS, 0).data(PAC, 0).turn();
        }),
        case(Call008, PNS, "data on its way when the call ends", |h| {
            h.called()
                .send(PAC, disconnect(PAC_ID, 3))
                .wait(10)
                .data(PNS, 0)
                .turn();
        }),
        case(Call008, PNS, "an acknowledgment after the end", |h| {
            h.called();
            burst(h, PAC, 0..1);
            cleared(h);
            h.wait(3_000).acknowledge(PNS, 0).turn();
        }),
        case(
            Pnso005,
            PNS,
            "data while it waits for the disconnect",
            |h| {
                h.called().send(PNS, clear(PNS_ID)).data(PNS, 0).turn();
                h.say(PAC, disconnect(PAC_ID, 4));
            },
        ),
        case(
            Pnsi005,
            PNS,
            "data of the next call with the same Call IDs",
            |h| {
                h.rung()
                    .say(PNS, clear(PNS_ID))
                    .say(PAC, disconnect(PAC_ID, 4))
                    .wait(5_000);
                let ring = IncomingCallRequest {
                    call_serial_number: 2,
                    ..ring()
                };
                h.say(PAC, ring)
                    .say(PNS, ring_reply())
                    .say(PAC, ring_connected())
                    .data(PNS, 0)
                    .turn();
            },
        ),
        case(
            Stcrq005,
            PAC,
            "data on its way when the connection stops",
            |h| {
                h.called()
                    .send(PNS, StopControlConnectionRequest::default())
                    .data(PAC, 0)
                    .turn();
            },
        ),
        case(
            Tr008,
            PNS,
            "data on its way when the connection goes",
            |h| {
                h.called().reset(PAC).data(PNS, 0).turn();
            },
        ),
        case(Ms011, PNS, "Windows stops sending", |h| {
            h.config.windows = true;
            h.called().reset(PAC).wait(5_000);
        }),
        case(
            Call005,
            PNS,
            "data of a new call of the new connection",
            |h| {
                h.called().reset(PAC).started();
                let request = OutgoingCallRequest {
                    call_serial_number: 2,
                    ..call_request()
                };
                h.say(PNS, request)
                    .say(PAC, call_reply())
                    .wait(5_000)
                    .data(PNS, 0)
                    .turn();
            },
        ),
    ]
}

fn spared_windows() -> Vec<Case> {
    /// Sends as fast as the window allows, as §4.2 has it: half of the maximum at first, one more for each window acknowledged.
    fn full_speed(h: &mut History) {
        windows(h, 16, 9);
        let (mut next, mut window, mut credit) = (0, 5, 0);
        for _ in 0..12 {
            let first = next;
            while next < first + window {
                h.data(PNS, next);
                next += 1;
            }
            h.turn();
            for number in first..next {
                h.acknowledge(PAC, number);
                credit += 1;
            }
            h.turn();
            while credit >= window && window < 9 {
                credit -= window;
                window += 1;
            }
        }
    }
    let mut cases: Vec<Case> = [Win001, Win002, Win003, Win004, Ocrq014]
        .map(|requirement| case(requirement, PNS, "as fast as the window allows", full_speed))
        .into();
    cases.extend([Win001, Win002, Win003, Win004].map(|requirement| {
        case(
            requirement,
            PNS,
            "a time-out forgives what is outstanding",
            |h| {
                windows(h, 16, 4);
                for round in 0..4 {
                    burst(h, PNS, round * 2..round * 2 + 2);
                    h.wait(1_000);
                }
            },
        )
    }));
    cases.push(case(Win002, PNS, "no window was advertised", |h| {
        windows(h, 0, 0);
        burst(h, PNS, 0..100);
    }));
    cases.push(case(Win002, PNS, "Windows knows no window", |h| {
        h.config.windows = true;
        windows(h, 16, 2);
        burst(h, PNS, 0..100);
    }));
    cases
}

pub fn breaks() -> Vec<Case> {
    [belonging(), after_the_end(), window()]
        .into_iter()
        .flatten()
        .collect()
}

pub fn spares() -> Vec<Case> {
    [spared_ends(), spared_windows()]
        .into_iter()
        .flatten()
        .collect()
}

//! Histories of tunnels.

use super::{Case, case};
use crate::history::*;
use pptp_rules::End;
use pptp_wire::Requirement::*;
use pptp_wire::*;

/// Data with these numbers, one way, all at once.
fn burst(h: &mut History, from: End, numbers: impl IntoIterator<Item = u32>) {
    for number in numbers {
        h.data(from, number);
    }
    h.turn();
}

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

/// The call is cleared in order.
fn cleared(h: &mut History) {
    h.say(PNS, clear(PNS_ID)).say(PAC, disconnect(PAC_ID, 4));
}

pub fn breaks() -> Vec<Case> {
    let mut cases = belonging();
    cases.extend(after_the_end());
    cases.extend(numbers());
    cases.extend(acknowledgments());
    cases.extend(window());
    cases
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

fn numbers() -> Vec<Case> {
    vec![
        case(Seq001, PNS, "begins with 1", |h| {
            h.called();
            burst(h, PNS, 1..3);
        }),
        case(Seq001, PNS, "begins anywhere", |h| {
            h.called();
            burst(h, PNS, 7_000..7_002);
        }),
        case(Seq002, PNS, "leaves numbers out", |h| {
            h.called();
            burst(h, PNS, [0, 1, 4]);
        }),
        case(Seq002, PNS, "goes back to what it left out", |h| {
            h.called();
            burst(h, PNS, [0, 2, 1]);
        }),
        case(Seq003, PNS, "acknowledgments use numbers up", |h| {
            h.called();
            burst(h, PAC, 0..2);
            burst(h, PNS, 0..1);
            h.acknowledge(PNS, 0).acknowledge(PNS, 1);
            burst(h, PNS, 3..4);
        }),
        case(Seq004, PNS, "two calls share a series", |h| {
            let request = OutgoingCallRequest {
                call_id: CallId(9_402),
                call_serial_number: 2,
                ..call_request()
            };
            let reply = OutgoingCallReply {
                call_id: CallId(52_110),
                peer_call_id: CallId(9_402),
                ..call_reply()
            };
            h.called().say(PNS, request).say(PAC, reply);
            h.data(PNS, 0)
                .data(PNS, 1)
                .data_to(PNS, 52_110, 2, None)
                .data(PNS, 3)
                .turn();
        }),
        case(Seq006, PNS, "sends a number again", |h| {
            h.called();
            burst(h, PNS, [0, 1, 1]);
        }),
        case(Ack010, PNS, "sends again what is not acknowledged", |h| {
            h.called();
            burst(h, PNS, 0..2);
            h.acknowledge(PAC, 0).wait(1_000);
            burst(h, PNS, 1..2);
        }),
    ]
}

fn acknowledgments() -> Vec<Case> {
    vec![
        case(Ack001, PAC, "acknowledges what was never sent", |h| {
            h.called();
            burst(h, PNS, 0..2);
            h.acknowledge(PAC, 2).turn();
        }),
        case(Ack001, PAC, "acknowledges what has not arrived", |h| {
            h.called();
            h.data(PNS, 0)
                .turn()
                .data(PNS, 1)
                .wait(5)
                .acknowledge(PAC, 1)
                .turn();
        }),
        case(Ack002, PAC, "goes back", |h| {
            h.called();
            burst(h, PNS, 0..4);
            h.acknowledge(PAC, 3).acknowledge(PAC, 2).turn();
        }),
        case(Ack003, PAC, "acknowledges before any data", |h| {
            h.called().acknowledge(PAC, 0).turn();
        }),
        case(
            Ack003,
            PAC,
            "acknowledges the number before the first",
            |h| {
                h.called().acknowledge(PAC, u32::MAX).turn();
            },
        ),
        case(Ack007, PAC, "waits for what is lost", |h| {
            h.called();
            h.data(PNS, 0)
                .lose()
                .data(PNS, 1)
                .deliver()
                .data(PNS, 2)
                .turn();
            h.acknowledge(PAC, 0).wait(2_000).acknowledge(PAC, 0).turn();
        }),
        case(Ack008, PAC, "a late packet lowers it", |h| {
            h.called();
            h.data(PNS, 0)
                .data(PNS, 2)
                .turn()
                .acknowledge(PAC, 2)
                .data(PNS, 1)
                .turn()
                .acknowledge(PAC, 1)
                .turn();
        }),
        case(Ack009, PAC, "a late acknowledgment", |h| {
            h.called();
            burst(h, PNS, 0..1);
            h.wait(1_500).acknowledge(PAC, 0).turn();
        }),
        case(Ack009, PAC, "no acknowledgment at all", |h| {
            h.called();
            burst(h, PNS, 0..1);
            h.wait(1_500);
            burst(h, PNS, 1..2);
        }),
        case(Ms007, PAC, "a late acknowledgment of Windows", |h| {
            h.config.windows = true;
            h.called();
            burst(h, PNS, 0..1);
            h.wait(500).acknowledge(PAC, 0).turn();
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
        case(Win004, PNS, "the window grows too fast", |h| {
            windows(h, 16, 8);
            burst(h, PNS, 0..4);
            h.acknowledge(PAC, 3).turn();
            burst(h, PNS, 4..10);
        }),
    ]
}

pub fn spares() -> Vec<Case> {
    let mut cases = spared_ends();
    cases.extend(spared_numbers());
    cases.extend(spared_windows());
    cases
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

fn spared_numbers() -> Vec<Case> {
    vec![
        case(Seq001, PNS, "begins with 0 in each call", |h| {
            h.called();
            burst(h, PNS, 0..3);
            cleared(h);
            let request = OutgoingCallRequest {
                call_serial_number: 2,
                ..call_request()
            };
            h.say(PNS, request).say(PAC, call_reply());
            burst(h, PNS, 0..3);
        }),
        case(Seq004, PNS, "two calls count for themselves", |h| {
            let request = OutgoingCallRequest {
                call_id: CallId(9_402),
                call_serial_number: 2,
                ..call_request()
            };
            let reply = OutgoingCallReply {
                call_id: CallId(52_110),
                peer_call_id: CallId(9_402),
                ..call_reply()
            };
            h.called().say(PNS, request).say(PAC, reply);
            h.data(PNS, 0)
                .data_to(PNS, 52_110, 0, None)
                .data(PNS, 1)
                .data_to(PNS, 52_110, 1, None)
                .turn();
        }),
        case(Seq002, PNS, "what the path loses is no gap", |h| {
            h.called();
            h.data(PNS, 0)
                .lose()
                .data(PNS, 1)
                .deliver()
                .data(PNS, 2)
                .turn();
        }),
        case(Seq003, PNS, "acknowledgments between data", |h| {
            h.called();
            burst(h, PAC, 0..2);
            burst(h, PNS, 0..1);
            h.acknowledge(PNS, 0).acknowledge(PNS, 1);
            burst(h, PNS, 1..2);
        }),
        case(Ack007, PAC, "puts packets in order for a while", |h| {
            h.called();
            h.data(PNS, 0)
                .lose()
                .data(PNS, 1)
                .deliver()
                .data(PNS, 2)
                .turn();
            h.acknowledge(PAC, 0).wait(1_000).acknowledge(PAC, 2).turn();
        }),
        case(Ack008, PAC, "a late packet changes nothing", |h| {
            h.called();
            h.data(PNS, 0)
                .data(PNS, 2)
                .turn()
                .acknowledge(PAC, 2)
                .data(PNS, 1)
                .turn()
                .acknowledge(PAC, 2)
                .turn();
        }),
        case(
            Ack009,
            PAC,
            "each acknowledgment lags by three packets",
            |h| {
                h.called();
                for number in 0..300 {
                    h.data(PNS, number).wait(10);
                    if number >= 3 {
                        h.acknowledge(PAC, number - 3);
                    }
                }
            },
        ),
        case(Seq006, PNS, "numbers pass the largest", |h| {
            h.called();
            burst(h, PNS, 0xFFFF_FFFE..=0xFFFF_FFFF);
            burst(h, PNS, 0..2);
        }),
        case(Ack001, PAC, "acknowledges across the largest number", |h| {
            h.called();
            burst(h, PNS, 0xFFFF_FFFF..=0xFFFF_FFFF);
            burst(h, PNS, 0..1);
            h.acknowledge(PAC, 0).turn();
        }),
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

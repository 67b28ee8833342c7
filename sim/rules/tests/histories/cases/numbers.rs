//! Histories of tunnels: sequence and acknowledgment numbers.

use super::{Case, case};
use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

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
        case(Ack007, PAC, "what is in excess may be thrown away", |h| {
            h.called();
            burst(h, PNS, 0..1);
            h.acknowledge(PAC, 0).data(PNS, 1).lose();
            burst(h, PNS, 2..17);
            h.deliver();
            burst(h, PNS, 17..18);
            h.wait(2_000).acknowledge(PAC, 1).turn();
        }),
        case(Ack007, PAC, "changed on the way", |h| {
            h.called();
            burst(h, PNS, 0..1);
            h.acknowledge(PAC, 0).foreign().data(PNS, 1 << 20).own();
            h.turn().wait(2_000).acknowledge(PAC, 0).turn();
        }),
        case(Ack007, PAC, "an acknowledgment that makes no sense", |h| {
            h.called();
            burst(h, PAC, 0..3);
            h.data_with(PNS, 0, 2).turn().acknowledge(PAC, 0);
            h.lose().data_with(PNS, 1, 2).deliver();
            h.data_with(PNS, 2, 1).data_with(PNS, 3, 7).turn();
            h.wait(2_000).acknowledge(PAC, 0).turn();
        }),
        case(Ack007, PAC, "an acknowledgment lags where no gap is", |h| {
            h.called();
            burst(h, PNS, 0..1);
            h.acknowledge(PAC, 0);
            burst(h, PNS, 1..2);
            h.wait(2_000).acknowledge(PAC, 0).turn();
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

pub fn breaks() -> Vec<Case> {
    [numbers(), acknowledgments()]
        .into_iter()
        .flatten()
        .collect()
}

pub fn spares() -> Vec<Case> {
    [spared_numbers()].into_iter().flatten().collect()
}

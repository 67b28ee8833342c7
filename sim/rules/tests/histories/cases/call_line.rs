//! Histories of calls: how they wait, and what the line behind the PAC has to tell.

use super::{Case, case};
use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

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
                .say(PAC, line_errors(1))
                .wait(61_000)
                .say(PAC, line_errors(1));
        }),
        case(Wen002, PAC, "nothing at all", |h| {
            h.called().say(PAC, line_errors(0));
        }),
        case(Wen003, PAC, "twice in a minute", |h| {
            h.called()
                .say(PAC, line_errors(1))
                .wait(59_000)
                .say(PAC, line_errors(2));
        }),
        case(Wen004, PAC, "a counter goes down", |h| {
            h.called()
                .say(PAC, line_errors(2))
                .wait(61_000)
                .say(PAC, line_errors(1));
        }),
        case(Wen005, PAC, "counters of the call before", |h| {
            h.called()
                .say(PAC, line_errors(9))
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4));
            let reply = OutgoingCallReply {
                call_id: CallId(3),
                ..call_reply()
            };
            h.say(PNS, same_id())
                .say(PAC, reply)
                .say(PAC, line_errors(10));
        }),
        case(Wen006, PAC, "its own Call ID", |h| {
            let notify = WanErrorNotify {
                peer_call_id: CallId(PAC_ID),
                ..line_errors(1)
            };
            h.called().say(PAC, notify);
        }),
        case(Ms009, PAC, "a Windows server notifies", |h| {
            h.config.windows = true;
            h.called().say(PAC, line_errors(1));
        }),
        case(Sli002, PNS, "its own Call ID", |h| {
            h.called().say(PNS, link_info(PNS_ID));
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
                ..line_errors(1)
            };
            h.called()
                .say(PNS, second_request())
                .say(PAC, second_reply())
                .say(PAC, line_errors(1))
                .say(PAC, other);
        }),
        case(Wen005, PAC, "a new call counts anew", |h| {
            h.called()
                .say(PAC, line_errors(9))
                .say(PNS, clear(PNS_ID))
                .say(PAC, disconnect(PAC_ID, 4));
            let reply = OutgoingCallReply {
                call_id: CallId(3),
                ..call_reply()
            };
            h.say(PNS, same_id())
                .say(PAC, reply)
                .say(PAC, line_errors(1));
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

pub fn breaks() -> Vec<Case> {
    [waiting(), line()].into_iter().flatten().collect()
}

pub fn spares() -> Vec<Case> {
    spared_waits()
}

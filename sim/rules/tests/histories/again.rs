//! Call IDs that are used again, and notifies that name a call otherwise than the PNS expects: what the other end then does about the
//! call before is held against nobody.

use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

/// A second incoming call with the Call ID of the first.
fn ring_again() -> IncomingCallRequest {
    IncomingCallRequest {
        call_serial_number: 2,
        ..ring()
    }
}

fn ring_reply_with(id: u16) -> IncomingCallReply {
    IncomingCallReply {
        call_id: CallId(id),
        ..ring_reply()
    }
}

/// A PNS that went down without a word comes back, and opens a control connection of its own.
fn comes_back(history: &mut History) -> (u32, u32) {
    history.crash(PNS);
    let new = history.open(PNS);
    history
        .say(PNS, request_from(PNS))
        .say(PAC, reply_from(PAC));
    (new - 1, new)
}

#[test]
fn a_notify_with_the_id_of_the_pns_need_not_end_the_call_for_it() {
    let mut history = History::new();
    history.called().say(PAC, disconnect(PNS_ID, 1)).wait(500);
    history.data(PNS, 0).turn().say(PNS, link_info(PAC_ID));
    history.say(PNS, clear(PNS_ID));
    history.judged().is(&[(Cdn003, PAC)]);
}

#[test]
fn a_notify_with_the_id_of_the_pac_does() {
    let mut history = History::new();
    history.called().say(PAC, disconnect(PAC_ID, 1)).wait(500);
    history.data(PNS, 0).turn().say(PNS, link_info(PAC_ID));
    history.say(PNS, clear(PNS_ID));
    history.judged().is(&[
        (Call008, PNS),
        (Pnso005, PNS),
        (Sli002, PNS),
        (Cclr002, PNS),
    ]);
}

/// The PNS gave 0 to a call that lives, and clears one that the PAC has refused: the answer names no call (AMB-37).
#[test]
fn an_answer_to_a_clear_of_a_refused_call_is_for_no_other_call() {
    for (answer, is_answer) in [(4, true), (2, true), (3, false)] {
        let mut history = History::new();
        let request = OutgoingCallRequest {
            call_id: CallId(0),
            ..call_request()
        };
        let reply = OutgoingCallReply {
            peer_call_id: CallId(0),
            ..call_reply()
        };
        let refusal = OutgoingCallReply {
            peer_call_id: CallId(9_402),
            ..call_refusal()
        };
        history.started().say(PNS, request).say(PAC, reply);
        history.say(PNS, second_request());
        history.send(PAC, refusal).say(PNS, clear(9_402));
        let notify = CallDisconnectNotify {
            error_code: ErrorCode(if answer == 2 { 5 } else { 0 }),
            ..disconnect(0, answer)
        };
        let outcome = history.say(PAC, notify).judged();
        if is_answer {
            outcome.is_clean();
        } else {
            outcome.is(&[(Cdn003, PAC)]);
        }
    }
}

/// The PAC gives a ring up and rings again with the same Call ID before the reply to the first has come.
#[test]
fn a_reply_answers_the_request_that_has_come() {
    let mut history = History::new();
    history
        .started()
        .send(PAC, ring())
        .wait(5)
        .send(PAC, disconnect(PAC_ID, 3))
        .wait(5)
        .send(PAC, ring_again())
        .wait(12)
        .send(PNS, ring_reply_with(1))
        .wait(8)
        .send(PNS, ring_reply_with(2))
        .turn();
    let outcome = history.judged();
    outcome.is_clean().held(Icrp001, PNS);
}

#[test]
fn a_reply_before_any_request_has_come_answers_nothing() {
    let mut history = History::new();
    history
        .started()
        .send(PAC, ring())
        .wait(5)
        .send(PNS, ring_reply())
        .turn();
    history.judged().is(&[(Tr016, PNS), (Icrp003, PNS)]);
}

/// On the connection of a PNS that crashed, the PAC still answers for the calls of before.
#[test]
fn the_pac_goes_on_with_calls_whose_ids_a_pns_that_crashed_uses_again() {
    let mut history = History::new();
    history.started().say(PAC, ring()).say(PNS, ring_reply());
    history.send(PNS, second_request()).turn();
    let (old, new) = comes_back(&mut history);
    let serial = |call_id| OutgoingCallRequest {
        call_id: CallId(call_id),
        call_serial_number: 7 + call_id,
        ..call_request()
    };
    history
        .on(new)
        .say(PNS, serial(9_402))
        .say(PNS, serial(PNS_ID));
    history.lose().on(old).send(PAC, ring_connected());
    history.send(PAC, second_reply()).send(PAC, line_errors(1));
    history.deliver().reset(PNS);
    let outcome = history.judged();
    outcome.is_clean().held(Iccn001, PAC).held(Wen006, PAC);
}

/// Data of the call before goes on where the other end has used its Call ID again, and beside that of the new call.
#[test]
fn data_goes_on_for_the_call_before() {
    let mut history = History::new();
    history.called();
    burst(&mut history, PAC, 0..3);
    let (old, new) = comes_back(&mut history);
    let reply = OutgoingCallReply {
        call_id: CallId(52_110),
        ..call_reply()
    };
    history.on(new).say(PNS, same_id()).say(PAC, reply);
    burst(&mut history, PAC, 3..5);
    burst(&mut history, PAC, 0..2);
    burst(&mut history, PAC, 5..6);
    history
        .say(PNS, clear(PNS_ID))
        .say(PAC, disconnect(52_110, 4));
    history.wait(500);
    burst(&mut history, PAC, 6..7);
    history.on(old).reset(PNS);
    history.judged().is_clean().held(Seq004, PAC);
}

#[test]
fn data_of_the_new_call_that_goes_on_with_another_number_is_found() {
    let mut history = History::new();
    history.called();
    burst(&mut history, PAC, 0..3);
    let (_, new) = comes_back(&mut history);
    let reply = OutgoingCallReply {
        call_id: CallId(52_110),
        ..call_reply()
    };
    history.on(new).say(PNS, same_id()).say(PAC, reply);
    burst(&mut history, PAC, 7..8);
    history.judged().is(&[(Seq001, PAC)]);
}

/// The PAC gives the Call ID of a call that it has just disconnected to the next: of that, the PNS has not heard yet.
#[test]
fn what_is_acknowledged_before_the_new_call_is_known_is_of_the_call_before() {
    for is_late in [false, true] {
        let mut history = History::new();
        history.called();
        burst(&mut history, PAC, 0..6);
        history.send(PNS, second_request()).turn();
        let reply = OutgoingCallReply {
            call_id: CallId(PAC_ID),
            ..second_reply()
        };
        history.send(PAC, disconnect(PAC_ID, 3)).send(PAC, reply);
        history.wait(if is_late { DELAY + 10 } else { 10 });
        history.acknowledge(PNS, 5).turn();
        let outcome = history.judged();
        if is_late {
            outcome.is(&[(Ack003, PNS)]);
        } else {
            outcome.is_clean();
        }
    }
}

/// A PNS that does not read that its call is over goes on to send in it, under a Call ID that the PAC has given to the next call: that is
/// one fault, and none of the next call.
#[test]
fn data_of_an_ended_call_is_not_of_the_next_one() {
    let mut history = History::new();
    history.called();
    burst(&mut history, PNS, 0..4);
    history.say(PAC, disconnect(PAC_ID, 3)).wait(1_000);
    burst(&mut history, PNS, 4..5);
    let reply = OutgoingCallReply {
        call_id: CallId(PAC_ID),
        ..second_reply()
    };
    history.say(PNS, second_request()).say(PAC, reply);
    burst(&mut history, PNS, [0, 1, 5, 2, 6, 3]);
    history.judged().is(&[(Call008, PNS), (Pnso005, PNS)]);
}

#[test]
fn a_call_that_begins_where_the_one_before_ended_is_found() {
    let mut history = History::new();
    history.called();
    burst(&mut history, PNS, 0..4);
    history.say(PAC, disconnect(PAC_ID, 3)).wait(1_000);
    let reply = OutgoingCallReply {
        call_id: CallId(PAC_ID),
        ..second_reply()
    };
    history.say(PNS, second_request()).say(PAC, reply);
    burst(&mut history, PNS, 4..6);
    history.judged().is(&[(Seq004, PNS)]);
}

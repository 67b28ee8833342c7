//! Octets that do not fit their Length: a receiver that rightly waits, or finds the next message elsewhere, is not to blame.

use crate::history::*;
use pptp_wire::Requirement::*;
use pptp_wire::*;

/// The octets of an Echo-Request that says it has this Length, cut or filled up to so many octets.
fn echo_of(length: u8, octets: usize) -> Vec<u8> {
    let mut buffer = [0; MAXIMUM_LENGTH];
    ControlMessage::from(echo(1)).encode(&mut buffer);
    buffer[1] = length;
    buffer[..octets].to_vec()
}

/// A PAC that gets these octets on an established connection from a script.
fn after(octets: &[u8]) -> History {
    let mut history = History::new();
    history
        .script(PNS)
        .started()
        .octets(PNS, octets, None)
        .turn();
    history
}

fn blames_the_pac(history: &mut History) -> bool {
    let findings = history.judged().findings;
    findings
        .iter()
        .any(|finding| finding.graded && finding.end == PAC)
}

#[test]
fn an_end_that_waits_for_the_octets_that_were_announced_is_spared() {
    for (length, octets) in [(16, 9), (16, 15), (17, 16), (220, 16)] {
        let mut history = after(&echo_of(length, octets));
        history.wait(130_000);
        assert!(!blames_the_pac(&mut history), "{octets} of {length}");
        history
            .judged()
            .not_held(Hdr014, PAC)
            .not_held(Ecrp001, PAC);
    }
}

#[test]
fn a_whole_message_of_the_wrong_length_is_still_held_against_an_end_that_pays_no_heed() {
    let mut history = after(&echo_of(20, 20));
    history.wait(10_000);
    assert!(blames_the_pac(&mut history));
    history.judged().held(Hdr014, PAC);
}

#[test]
fn an_end_may_close_once_the_octets_have_come() {
    let mut history = after(&echo_of(17, 16));
    history.say(PNS, echo(2)).close(PAC);
    assert!(!blames_the_pac(&mut history));
    // Without them it may not.
    let mut history = History::new();
    history.script(PNS).started().say(PNS, echo(2)).close(PAC);
    assert!(blames_the_pac(&mut history));
}

#[test]
fn what_an_end_makes_of_a_stream_that_is_out_of_step_is_shown_and_not_graded() {
    // It reads the second request 16 octets further on, and its Identifier from elsewhere.
    let mut history = after(&echo_of(32, 16));
    history.say(PNS, echo(2)).say(PAC, echo_reply(77));
    let outcome = history.judged();
    assert_eq!(outcome.finding(Ecrp006).end, PAC);
    assert!(!outcome.finding(Ecrp006).graded);
    // In step, it is its fault.
    let mut history = History::new();
    history.script(PNS).started().say(PAC, echo_reply(77));
    assert!(history.judged().finding(Ecrp006).graded);
}

#[test]
fn a_message_with_octets_behind_it_is_taken_and_what_follows_is_not() {
    let mut history = after(&[echo_of(16, 16), vec![0]].concat());
    history.say(PAC, echo_reply(1));
    history.judged().held(Ecrp001, PAC).not_held(Hdr014, PAC);
    history.say(PNS, echo(2)).wait(130_000);
    assert!(!blames_the_pac(&mut history));
}

#[test]
fn a_management_message_is_malformed_and_loses_no_step() {
    let mut octets = echo_of(16, 16);
    octets[3] = 2;
    let framing = Some(FramingErrorKind::BadPptpMessageType);
    let mut history = History::new();
    history.script(PNS).started().octets(PNS, &octets, framing);
    history.turn().say(PNS, echo(2)).say(PAC, echo_reply(2));
    history.wait(10_000);
    let outcome = history.judged();
    outcome.held(Hdr014, PAC).not_held(Hdr009, PAC);
    assert_eq!(outcome.finding(Hdr014).end, PAC);
}

/// Whether a PAC that says this after a malformed message, and nothing else, has ignored it.
fn ignores_by_saying(message: impl Into<ControlMessage>) -> bool {
    let mut history = after(&echo_of(20, 20));
    history.say(PAC, message).wait(10_000);
    let findings = history.judged().findings;
    findings
        .iter()
        .any(|finding| finding.requirement == Hdr014 && finding.end == PAC)
}

#[test]
fn any_reply_that_reports_an_error_answers_a_malformed_message_and_no_other_reply_does() {
    let echo_error = EchoReply {
        result_code: EchoResult::GENERAL_ERROR,
        ..echo_reply(1)
    };
    assert!(!ignores_by_saying(refusal(2)));
    assert!(!ignores_by_saying(stop_reply(2)));
    assert!(!ignores_by_saying(echo_error));
    assert!(!ignores_by_saying(call_refusal()));
    assert!(!ignores_by_saying(ring_refusal()));
    assert!(!ignores_by_saying(disconnect(PAC_ID, 2)));
    assert!(ignores_by_saying(reply_from(PAC)));
    assert!(ignores_by_saying(echo_reply(1)));
    assert!(ignores_by_saying(call_reply()));
    assert!(ignores_by_saying(ring_reply()));
    assert!(ignores_by_saying(disconnect(PAC_ID, 3)));
}

/// An established call of a script that is the PNS, and then these octets.
fn in_a_call(octets: &[u8]) -> History {
    let mut history = History::new();
    history
        .script(PNS)
        .called()
        .octets(PNS, octets, None)
        .turn();
    history
}

fn octets_of(message: impl Into<ControlMessage>) -> Vec<u8> {
    message.into().encode(&mut [0; MAXIMUM_LENGTH]).to_vec()
}

#[test]
fn a_message_against_its_direction_may_end_the_connection_and_does_nothing_to_the_call() {
    let mut history = in_a_call(&octets_of(disconnect(PAC_ID, 3)));
    history.data(PAC, 0).turn();
    assert!(!blames_the_pac(&mut history));
    history.close(PAC);
    assert!(!blames_the_pac(&mut history));
    history.judged().not_held(Cclr005, PAC);
}

#[test]
fn stops_and_clears_of_the_wrong_length_need_no_answer() {
    for message in [
        octets_of(StopControlConnectionRequest::default()),
        octets_of(clear(PNS_ID)),
    ] {
        let mut right = in_a_call(&message);
        right.close(PAC);
        assert!(blames_the_pac(&mut right));
        let mut longer = [message, vec![0; 4]].concat();
        longer[1] += 4;
        let mut history = in_a_call(&longer);
        history.close(PAC);
        assert!(!blames_the_pac(&mut history), "{longer:?}");
    }
}

#[test]
fn a_request_of_the_wrong_length_shows_nobody_s_role() {
    let mut octets = octets_of(ring());
    octets[1] -= 1;
    let mut history = History::new();
    history.script(PNS).started().octets(PNS, &octets, None);
    assert!(!blames_the_pac(history.turn()));
    octets[1] += 1;
    let mut history = History::new();
    history.script(PNS).started().octets(PNS, &octets, None);
    // As a PNS it would have offered no channels.
    assert!(blames_the_pac(history.turn()));
}

#[test]
fn what_comes_in_front_of_junk_is_answered_and_what_comes_behind_is_not() {
    let with_junk = |history: &mut History| {
        history.script(PNS).started().send(PNS, echo(1));
        history.octets(PNS, &[0xEE; 20], Some(FramingErrorKind::BadCookie));
        history.send(PNS, echo(2));
    };
    let mut history = History::new();
    with_junk(&mut history);
    history.turn().send(PAC, echo_reply(1)).close(PAC);
    assert!(!blames_the_pac(&mut history));
    // A stop behind the junk asks for nothing.
    let mut history = History::new();
    with_junk(&mut history);
    history.say(PNS, StopControlConnectionRequest::default());
    history.close(PAC);
    assert!(!blames_the_pac(&mut history));
    history.judged().not_held(Cc018, PAC);
    // Nor does the echo there.
    let mut history = History::new();
    with_junk(&mut history);
    history.turn().send(PAC, echo_reply(2)).close(PAC);
    let outcome = history.judged();
    assert_eq!(outcome.finding(Hdr008).end, PAC);
    assert_eq!(outcome.finding(Hdr009).end, PAC);
    // Too late, it is a message after the junk.
    let mut history = History::new();
    with_junk(&mut history);
    history.turn().wait(1_000).say(PAC, echo_reply(1));
    assert_eq!(history.judged().finding(Hdr009).end, PAC);
}

#[test]
fn what_is_answered_though_it_is_malformed_is_not_said_unasked() {
    // The same messages of another PPTP Message Type: there was nothing to answer, and yet the replies are no more than that.
    let requests: [(ControlMessage, ControlMessage); 4] = [
        (request_from(PNS).into(), reply_from(PAC).into()),
        (echo(1).into(), echo_reply(1).into()),
        (call_request().into(), call_reply().into()),
        (stop().into(), stop_reply(1).into()),
    ];
    for (request, reply) in requests {
        for management in [true, false] {
            let mut history = History::new();
            history.script(PNS).started();
            if management {
                let mut buffer = [0; MAXIMUM_LENGTH];
                let mut octets = request.encode(&mut buffer).to_vec();
                octets[3] = 2;
                let kind = Some(FramingErrorKind::BadPptpMessageType);
                history.octets(PNS, &octets, kind).turn();
            }
            history.say(PAC, reply).close(PAC);
            assert_eq!(blames_the_pac(&mut history), !management, "{reply:?}");
        }
    }
}

#[test]
fn what_follows_junk_is_judged_by_whether_it_serves_what_came_behind() {
    let behind_junk = |answer: ControlMessage| {
        let mut history = History::new();
        history.script(PNS).started();
        history.octets(PNS, &[0xEE; 20], Some(FramingErrorKind::BadCookie));
        history.send(PNS, echo(2)).turn();
        history.send(PAC, answer).close(PAC);
        history.judged()
    };
    let found = |outcome: &Outcome, id| {
        let mut findings = outcome.findings.iter();
        findings.any(|finding| finding.requirement == id)
    };
    let stopped = behind_junk(stop().into());
    assert!(found(&stopped, Hdr009) && !found(&stopped, Hdr008));
    let served = behind_junk(echo_reply(2).into());
    assert!(found(&served, Hdr009) && found(&served, Hdr008) && !found(&served, Ecrp006));
}

#[test]
fn a_clear_after_the_stop_names_the_right_call_too_late() {
    let mut history = History::new();
    history.called().say(PAC, stop()).say(PNS, stop_reply(1));
    let outcome = history.say(PNS, clear(PNS_ID)).judged();
    let blamed: Vec<_> = outcome
        .findings
        .iter()
        .map(|finding| finding.requirement)
        .collect();
    assert_eq!(blamed, [Call010]);
}

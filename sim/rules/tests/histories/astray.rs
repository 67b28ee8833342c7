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

//! Octets of others in a connection: what the two ends then do is found and not graded, until they connect anew.

use crate::history::*;
use pptp_wire::Requirement::{self, *};
use pptp_wire::*;

/// Whether each finding of the requirement is graded.
fn graded(history: &mut History, requirement: Requirement) -> Vec<bool> {
    let findings = history.judged().findings;
    findings
        .iter()
        .filter(|finding| finding.requirement == requirement)
        .map(|finding| finding.graded)
        .collect()
}

#[test]
fn what_an_end_makes_of_octets_of_others_is_not_graded() {
    let bare_close = |intrude: fn(&mut History) -> &mut History| {
        let mut history = History::new();
        intrude(history.started()).wait(100).close(PNS);
        graded(&mut history, Cc008)
    };
    assert_eq!(bare_close(|history| history), [true]);
    assert_eq!(bare_close(History::intrude), [false]);
}

#[test]
fn what_an_end_leaves_undone_is_excused() {
    let silence = |intrude: fn(&mut History) -> &mut History| {
        let mut history = History::new();
        intrude(history.started().say(PNS, stop())).wait(71_000);
        graded(&mut history, Cc018)
    };
    assert_eq!(silence(|history| history), [true]);
    assert!(silence(History::intrude).is_empty());
}

#[test]
fn what_a_message_shows_by_itself_stays_graded() {
    let mut history = History::new();
    let reply = EchoReply {
        reserved1: 9,
        ..echo_reply(1)
    };
    history
        .started()
        .intrude()
        .say(PAC, echo(1))
        .say(PNS, reply);
    assert_eq!(graded(&mut history, Hdr012), [true]);
}

#[test]
fn an_end_that_goes_on_after_junk_of_others_stays_graded() {
    let mut history = History::new();
    history.started().intrude().foreign();
    history.octets(PAC, &[9; 16], Some(FramingErrorKind::LengthTooLong));
    history.own().wait(20_000);
    assert_eq!(graded(&mut history, Hdr009), [true]);
}

#[test]
fn the_tunnel_of_the_two_ends_is_not_graded() {
    let mut history = History::new();
    history.called().intrude().data(PNS, 7).turn();
    assert_eq!(graded(&mut history, Seq001), [false]);
    // Nor is what was not acknowledged.
    let unacknowledged = |intrude: fn(&mut History) -> &mut History| {
        let mut history = History::new();
        intrude(history.called()).data(PNS, 0).wait(60_000);
        history.data(PNS, 1).turn();
        graded(&mut history, Ack009)
    };
    assert_eq!(unacknowledged(|history| history), [true]);
    assert_eq!(unacknowledged(History::intrude), [false]);
}

#[test]
fn it_is_over_when_the_ends_connect_anew() {
    let mut history = History::new();
    history.started().intrude().stopped();
    history.wait(1_000).started().wait(100).close(PNS);
    assert_eq!(graded(&mut history, Cc008), [true]);
    // Beside the connection that has them, a second one is no fresh start.
    let mut history = History::new();
    history.started().intrude();
    history.started().wait(100).close(PNS);
    assert_eq!(graded(&mut history, Cc008), [false]);
}

/// A wrong PPTP Message Type is no loss of step as long as the cookie may still be right: its receiver rightly waits for the rest.
#[test]
fn the_beginning_of_a_message_of_another_type_asks_for_nothing() {
    let silence = |octets: &[u8]| {
        let mut history = History::new();
        let framing = Some(FramingErrorKind::BadPptpMessageType);
        history.script(PAC).started().octets(PAC, octets, framing);
        history.wait(20_000);
        graded(&mut history, Hdr009)
    };
    let message = [0, 32, 0, 17, 0x1A, 0x2B, 0x3C, 0x4D, 0, 5, 0, 0];
    for length in [4, 7, 8, 12] {
        assert!(silence(&message[..length]).is_empty(), "{length} octets");
    }
    let junk = [0, 32, 0, 17, 0x1A, 0x2B, 0x3C, 0x4E];
    assert_eq!(silence(&junk), [true]);
}

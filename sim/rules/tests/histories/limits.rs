//! What a peer can make grow, deadlines, and octets of any kind.

use crate::history::*;
use pptp_rules::{Connection, End, Event, Judge, JudgeConfig, Observation, Origin, Place};
use pptp_wire::time::Instant;
use pptp_wire::*;
use proptest::prelude::*;

#[test]
fn a_deadline_comes_when_it_is_over_and_not_before() {
    let mut history = History::new();
    history.started().say(PNS, call_request());
    let judge = history.judged().judge;
    let mut findings = Vec::new();
    let mut judge_before = judge.clone();
    // The idle deadline of the PNS, which last heard of the PAC at 0.080.
    let due = judge.next_deadline().expect("a deadline");
    assert_eq!(due, Instant(70_080_000_001));
    judge_before.advance(Instant(due.0 - 1), &mut findings);
    assert!(findings.is_empty());
    judge_before.advance(due, &mut findings);
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (findings[0].requirement, findings[0].end),
        (Requirement::Ka003, PNS)
    );
    assert!(judge_before.next_deadline() > Some(due));
}

#[test]
fn nothing_is_due_when_everything_has_ended() {
    let mut history = History::new();
    history.called().ended();
    assert_eq!(history.judged().judge.next_deadline(), None);
}

#[test]
fn a_crashed_end_owes_nothing() {
    let mut history = History::new();
    history
        .called()
        .say(PNS, clear(PNS_ID))
        .say(PNS, echo(1))
        .crash(PAC)
        .wait(30_000);
    history
        .say(PNS, echo(2))
        .wait(30_000)
        .close(PNS)
        .wait(60_000);
    let outcome = history.judged();
    assert!(
        outcome.findings.iter().all(|finding| finding.end != PAC),
        "{:#?}",
        outcome.findings
    );
}

#[test]
fn an_echo_at_the_end_of_the_observation_is_inconclusive() {
    let mut history = History::new();
    history.started().say(PNS, echo(1));
    history
        .judged()
        .is_clean()
        .is_open(Requirement::Ecrp001, PAC);
}

#[test]
fn only_an_open_echo_is_inconclusive_and_only_for_an_end_that_can_still_answer() {
    let mut history = History::new();
    history.started().say(PNS, echo(1)).say(PAC, echo_reply(1));
    history.judged().is_decided(Requirement::Ecrp001, PAC);
    let mut history = History::new();
    history.started().say(PNS, echo(1)).lose();
    history.say(PAC, echo_reply(1));
    history.judged().is_decided(Requirement::Ecrp001, PAC);
    let mut history = History::new();
    history.started().say(PNS, echo(1)).close(PAC);
    history.judged().is_decided(Requirement::Ecrp001, PAC);
}

#[test]
fn channels_are_an_open_question_until_a_call_shows_who_is_the_pns() {
    let mut history = History::new();
    let outcome = history.started().judged();
    outcome
        .is_open(Requirement::Sccrp008, PAC)
        .is_decided(Requirement::Sccrq006, PNS);
    let mut history = History::new();
    let outcome = history.started_by(PAC).judged();
    outcome
        .is_open(Requirement::Sccrq006, PAC)
        .is_decided(Requirement::Sccrp008, PNS);
    let outcome = history.say(PAC, ring()).judged();
    outcome.is_decided(Requirement::Sccrq006, PAC);
}

#[test]
fn call_ids_that_wrap_are_no_conflict() {
    let mut history = History::new();
    history.started();
    for round in 0..3 {
        for id in 0..200 {
            let request = OutgoingCallRequest {
                call_id: CallId(id),
                call_serial_number: round * 200 + id,
                ..call_request()
            };
            let reply = OutgoingCallReply {
                peer_call_id: CallId(id),
                call_id: CallId(id),
                ..call_reply()
            };
            history.send(PNS, request).turn().send(PAC, reply).turn();
            history
                .send(PNS, clear(id))
                .turn()
                .send(PAC, disconnect(id, 4))
                .turn();
        }
        history
            .say(PNS, echo(round.into()))
            .say(PAC, echo_reply(round.into()));
    }
    history.judged().is_clean();
}

#[test]
fn a_flood_of_open_echoes_is_bounded() {
    let mut history = History::new();
    history.script(PNS).started();
    for number in 0..10_000 {
        history.send(PNS, echo(number));
    }
    // Those that were forgotten cannot be matched any more; the last ones can.
    history.turn().say(PAC, echo_reply(9_999));
    let outcome = history.judged();
    assert!(
        outcome.findings.iter().all(|finding| finding.end == PNS),
        "{:#?}",
        outcome.findings
    );
}

/// Any observation: mostly messages and packets that the tracker knows, on few connections and between few ends.
fn any_event() -> impl Strategy<Value = (u8, u8, u8, u8, Vec<u8>)> {
    let message = (
        1_u16..=15,
        proptest::collection::vec((12_usize..24, any::<u8>()), 0..4),
    )
        .prop_map(|(kind, patches)| {
            let mut buffer = [0; MAXIMUM_LENGTH];
            let message =
                ControlMessage::default_for(ControlMessageType(kind)).expect("a defined type");
            let mut octets = message.encode(&mut buffer).to_vec();
            for (at, value) in patches {
                if let Some(octet) = octets.get_mut(at) {
                    *octet = value & 3;
                }
            }
            octets
        });
    let packet = (0_u16..4, any::<Option<u8>>(), any::<Option<u8>>(), 0_u16..8).prop_map(
        |(id, number, acknowledgment, length)| {
            let mut header = GreHeader::data(CallId(id), 0, acknowledgment.map(u32::from), length);
            header.sequence_number = number.map(u32::from);
            gre(header)
        },
    );
    let octets =
        prop_oneof![8 => message, 4 => packet, 1 => proptest::collection::vec(any::<u8>(), 0..40)];
    (0_u8..8, 0_u8..3, 0_u8..6, 0_u8..4, octets)
}

proptest! {
    #[test]
    fn nothing_panics_and_time_goes_on(events in proptest::collection::vec(any_event(), 0..200)) {
        let mut judge = Judge::new(JudgeConfig { from_the_start: false, ..JudgeConfig::default() });
        let mut findings = Vec::new();
        let mut at = Instant::START;
        for (index, (kind, place, ends, connection, octets)) in events.iter().enumerate() {
            at.0 += u64::from(kind + place) * 3_000_000_000 / 7;
            let connection = Connection((*connection).into());
            let event = match kind {
                0 => Event::ConnectionOpening(connection),
                1 => Event::ConnectionOpened(connection),
                2 if index % 3 == 0 => Event::ConnectionClosed(connection),
                2 if index % 5 == 0 => Event::ConnectionReset(connection),
                3 | 4 => Event::Gre { octets, ip_identification: (kind % 2 == 0).then_some(index as u16) },
                _ => Event::Control { connection, octets, framing: None },
            };
            let observation = Observation {
                number: index as u64,
                at,
                place: [Place::Sent, Place::Arrived, Place::Passing][usize::from(*place)],
                from: End((ends % 3).into()),
                to: End(u16::from(ends / 2)),
                origin: if index % 11 == 0 { Origin::Foreign } else { Origin::Own },
                event,
            };
            judge.observe(&observation, &mut findings);
            if let Some(due) = judge.next_deadline() {
                prop_assert!(due > at, "a deadline in the past");
            }
        }
        judge.finish(Instant(at.0 + 200_000_000_000), &mut findings);
        for finding in &findings {
            prop_assert!(finding.observation < events.len() as u64);
        }
    }
}

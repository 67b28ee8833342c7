use super::course::{Course, SLOWEST};
use super::*;
use crate::settled::{Unsettled, unsettled};
use crate::{ModelCheck, ModelViolation, NodeId, Record, RecordKind};
use pptp_rules::{Detail, End, Finding};
use pptp_wire::fuzzing::{ForgedMessage, ForgedPacket, chosen, written};
use pptp_wire::time::Instant;
use pptp_wire::{ControlMessageType, Requirement, Severity};
use proptest::prelude::*;

fn node() -> NodeChoice {
    NodeChoice {
        profile: 0,
        window: 0,
        buffers: 0,
        dial_outcome: 0,
        answers_after: 3,
        hangs_up_after: None,
    }
}

fn setup() -> Setup {
    Setup {
        seed: 2637,
        replays: true,
        nodes: [node(), node(), node()],
        delay: 20,
    }
}

fn bad_path() -> GreChoice {
    GreChoice {
        delay: 200,
        jitter: 150,
        distribution: 1,
        jitter_correlation: 0,
        loss: 13,
        loss_correlation: 0,
        bursts: Some([3, 25, 180, 0]),
        chain: None,
        reorder: Some([25, 1]),
        duplicate: 3,
        corrupt: 3,
        rate: None,
        mtu: Some(1500),
    }
}

/// A call through a bad path, with data both ways, outages, a crash and a second PNS.
fn steps() -> Vec<Step> {
    let traffic = |call| Step::Traffic {
        call,
        packets: 100,
        length: 300,
        every: Some(5),
    };
    vec![
        Step::OpenControl { node: 0, to: 1 },
        Step::OpenControl { node: 2, to: 1 },
        Step::Wait { milliseconds: 200 },
        Step::Call { node: 0 },
        Step::Call { node: 1 },
        Step::Wait { milliseconds: 900 },
        Step::ImpairGre {
            way: 0,
            impairments: bad_path(),
        },
        Step::ImpairGre {
            way: 1,
            impairments: bad_path(),
        },
        traffic(0),
        traffic(1),
        Step::Wait { milliseconds: 300 },
        Step::Outage {
            way: 0,
            begins: true,
        },
        Step::Wait { milliseconds: 300 },
        Step::Outage {
            way: 0,
            begins: false,
        },
        Step::Sleep { seconds: 30 },
        Step::EndCall { call: 0 },
        Step::Crash { node: 2 },
        Step::Sleep { seconds: 100 },
    ]
}

#[test]
fn a_plan_does_what_it_says() {
    let outcome = run(&Plan {
        setup: setup(),
        steps: steps(),
    });
    assert!(outcome.established >= 4, "{outcome:?}");
    assert!(outcome.delivered > 50, "{outcome:?}");
    assert!(outcome.lost > 20, "{outcome:?}");
    assert_ne!(outcome.digest, 0);
}

#[test]
fn plans_survive_being_written() {
    let plan = Plan {
        setup: setup(),
        steps: steps(),
    };
    assert_eq!(chosen::<Plan>(&written(&plan)), plan);
}

fn course(setup: Setup) -> Course {
    let steps = Vec::new();
    Course::record(&Plan { setup, steps })
}

fn finding(severity: Severity, graded: bool) -> Finding {
    Finding {
        requirement: Requirement::Cdn003,
        severity,
        end: End(1),
        observation: 7,
        at: Instant::START,
        graded,
        detail: Detail {
            text: "call-id",
            seen: Some(1),
            expected: Some(2),
        },
    }
}

#[test]
fn what_does_not_count_is_let_pass() {
    let strict = course(setup());
    strict.check_finding(&finding(Severity::Error, false));
    strict.check_finding(&finding(Severity::Warning, true));
    let mut setup = setup();
    setup.nodes[1].profile = 1;
    course(setup).check_finding(&finding(Severity::Error, true));
}

#[test]
#[should_panic(expected = "CDN-003 error: call-id: seen 1, expected 2")]
fn an_error_of_a_correct_endpoint_is_noticed() {
    course(setup()).check_finding(&finding(Severity::Error, true));
}

#[test]
#[should_panic(expected = "the reference model at")]
fn what_the_reference_model_says_is_noticed() {
    let violation = ModelViolation {
        check: ModelCheck::DeliveredTwice,
        node: NodeId(0),
        call: None,
        seen: 1,
        expected: 0,
    };
    course(setup()).judge(&Record {
        at: Instant::START,
        kind: RecordKind::ModelViolation(violation),
    });
}

/// A call that is established, with both ends sending.
fn with_a_call(meanwhile: Vec<Step>) -> Plan {
    let mut all = steps()[..6].to_vec();
    let traffic = |call| Step::Traffic {
        call,
        packets: 10,
        length: 100,
        every: Some(20),
    };
    all.extend([traffic(0), traffic(1)]);
    all.extend(meanwhile);
    all.push(Step::Sleep { seconds: 5 });
    let setup = setup();
    Plan { setup, steps: all }
}

#[test]
fn chosen_luck_decides_the_fate_of_each_packet_and_is_on_the_tape() {
    let lossy = GreChoice {
        delay: 200,
        loss: 1,
        ..chosen(&[])
    };
    let impair = Step::ImpairGre {
        way: 0,
        impairments: lossy,
    };
    let luck = |octets: &[u8]| Step::Luck {
        octets: octets.to_vec(),
    };
    let lossy = with_a_call(vec![impair.clone(), luck(&[0, 255, 0, 0, 255])]);
    let (outcome, tape) = record(&lossy);
    let decisions: Vec<String> = tape
        .tracks()
        .iter()
        .flat_map(|track| track.decisions())
        .map(|it| it.to_string())
        .collect();
    assert_eq!(decisions, ["2 loss", "5 loss"]);
    assert_eq!(outcome.lost, 2, "no luck but what is chosen");
    assert_eq!(run(&lossy), outcome, "and again from the tape");
    let nothing = with_a_call(vec![impair, luck(&[])]);
    assert_eq!(run(&nothing).lost, 0);
}

#[test]
fn an_attempt_tells_what_luck_decided_and_what_was_sent() {
    let plan = Plan {
        setup: setup(),
        steps: steps(),
    };
    let attempt = attempt(&plan);
    let (outcome, tape) = record(&plan);
    assert_eq!(attempt.outcome, Ok(outcome));
    assert_eq!(attempt.tape, tape);
    assert_eq!(attempt.packets.len() as u64, outcome.datagrams);
}

#[test]
fn forged_messages_and_packets_reach_the_calls_that_they_name() {
    let forge = |message_type| Step::ForgeMessage {
        connection: 0,
        backward: true,
        call: 0,
        message: ForgedMessage::legal(message_type),
    };
    let quiet = run(&with_a_call(vec![]));
    let ended = run(&with_a_call(vec![forge(
        ControlMessageType::CALL_DISCONNECT_NOTIFY,
    )]));
    assert!(ended.delivered < quiet.delivered, "{ended:?} {quiet:?}");
    let packet = |spoofed| Step::ForgePacket {
        node: 2,
        call: 0,
        spoofed,
        packet: ForgedPacket {
            sequence_distance: Some(0),
            acknowledges: None,
            length: 40,
            fields: Vec::new(),
            cut: None,
            padding: Vec::new(),
        },
    };
    let delivered = |spoofed| {
        let behind_all = vec![Step::Sleep { seconds: 1 }, packet(spoofed)];
        run(&with_a_call(behind_all)).delivered
    };
    assert_eq!(delivered(false), quiet.delivered);
    assert_eq!(delivered(true), quiet.delivered + 1);
}

/// What is left half done after these steps, were the world to end there.
fn left_by(steps: &[Step]) -> Vec<Unsettled> {
    let mut course = course(setup());
    course.play(steps);
    course.unsettled()
}

#[test]
fn what_is_half_done_is_noticed() {
    let asked = left_by(&steps()[..4]);
    assert!(
        matches!(asked[..], [Unsettled::NotEstablished(_)]),
        "{asked:?}"
    );
    let mut steps_with_data = with_a_call(vec![]).steps[..8].to_vec();
    steps_with_data.push(Step::Wait { milliseconds: 60 });
    let sent = left_by(&steps_with_data);
    assert!(
        sent.iter()
            .any(|it| matches!(it, Unsettled::Outstanding(_, 1..))),
        "{sent:?}"
    );
    let mut crashed = steps()[..3].to_vec();
    crashed.extend([Step::Crash { node: 0 }, Step::Restart { node: 0 }]);
    let lost = left_by(&crashed);
    assert!(matches!(lost[..], [Unsettled::Lost(_)]), "{lost:?}");
}

#[test]
fn ends_that_were_lied_to_and_other_profiles_may_leave_something_half_done() {
    let forged = Step::ForgeMessage {
        connection: 0,
        backward: true,
        call: 0,
        message: ForgedMessage::legal(ControlMessageType::CALL_DISCONNECT_NOTIFY),
    };
    let mut course = course(setup());
    course.play(&steps()[..6]);
    course.play(&[forged, Step::Wait { milliseconds: 100 }]);
    let nodes = course.nodes.iter().copied();
    assert!(!unsettled(&course.world, nodes, |_| false).is_empty());
    assert_eq!(course.unsettled(), []);
    let mut setup = setup();
    setup.nodes[0].profile = 1;
    let mut other = self::course(setup);
    other.play(&steps()[..4]);
    assert_eq!(other.unsettled(), []);
}

#[test]
fn keep_alive_finds_out_what_is_lost_and_the_rest_is_settled() {
    let mut steps = steps();
    steps.truncate(7);
    steps.push(Step::Crash { node: 0 });
    let setup = setup();
    run(&Plan { setup, steps });
}

#[test]
fn no_profile_waits_longer_for_an_acknowledgment_than_the_law_on_rest_allows() {
    for definition in pptp_proto::PROFILES {
        let profile = definition.profile();
        assert!(profile.max_time_out <= SLOWEST, "{}", definition.name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_laws_hold(octets in proptest::collection::vec(any::<u8>(), 0..200)) {
        world(&chosen(&octets));
    }
}

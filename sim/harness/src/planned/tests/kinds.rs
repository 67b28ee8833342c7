//! Every kind of step: its line, and that the run does it.

use super::*;
use pptp_wire::ControlMessageType;
use pptp_wire::fuzzing::{ForgedMessage, ForgedPacket};
use pptp_world::fuzzing::{ControlChoice, GreChoice, NodeChoice, Setup, Step as Planned};

fn node() -> NodeChoice {
    NodeChoice {
        profile: 0,
        window: 0,
        buffers: 0,
        dial_outcome: 0,
        answers_after: 0,
        hangs_up_after: None,
    }
}

/// A plan with a call, `c1` on `k1` from `pns`, which is established when these steps begin.
fn with_a_call(steps: Vec<Planned>) -> Plan {
    let before = [
        Planned::OpenControl { node: 0, to: 1 },
        Planned::Call { node: 0 },
        Planned::Wait { milliseconds: 500 },
    ];
    Plan {
        setup: Setup {
            seed: 2637,
            replays: false,
            nodes: [node(), node(), node()],
            delay: 10,
        },
        steps: before.into_iter().chain(steps).collect(),
    }
}

/// The text and the transcript of the scenario of a plan with a call. It reads back, and passes.
fn shown(steps: Vec<Planned>) -> (String, String) {
    let scenario = scenario_of(&with_a_call(steps), "a plan", 7);
    let text = print(&scenario);
    assert_eq!(meaning(&read_back(&text)), meaning(&scenario));
    let (report, _) = outcome_of(&scenario);
    let grade = report.behaviour.max(report.ending);
    assert!(
        grade < Grade::NonStrict,
        "{text}\n{}\n{:?}",
        report.transcript,
        report.failure
    );
    (text, report.transcript)
}

/// The step has this line, and the transcript shows that it does this. The call's ends are 0 (PAC) and 1 (PNS).
#[track_caller]
fn does(steps: Vec<Planned>, line: &str, seen: &str) {
    let (text, transcript) = shown(steps);
    assert!(text.contains(line), "{line}\n{text}");
    assert!(transcript.contains(seen), "{seen}\n{transcript}");
}

fn traffic(call: u8) -> Planned {
    Planned::Traffic {
        call,
        packets: 5,
        length: 99,
        every: Some(20),
    }
}

fn wait(milliseconds: u16) -> Planned {
    Planned::Wait { milliseconds }
}

#[test]
fn users_are_asked_by_name() {
    does(
        vec![],
        "do pns open-control to=pac connection=k1 may-be-refused=#true",
        "Start-Control-Connection-Reply    connection=k1",
    );
    does(
        vec![],
        "do pns place-call call=c1 may-be-refused=#true",
        "Outgoing-Call-Reply               connection=k1 call=c1",
    );
    does(
        vec![Planned::Call { node: 1 }, wait(500)],
        "do pac ring call=c2",
        "Incoming-Call-Connected           connection=k1 call=c2",
    );
    does(
        vec![Planned::EndCall { call: 1 }],
        "do pns clear-call call=c1",
        "Call-Clear-Request                connection=k1 call=c1",
    );
    does(
        vec![Planned::EndCall { call: 0 }],
        "do pac disconnect-call call=c1",
        "Call-Disconnect-Notify            connection=k1 call=c1",
    );
    does(
        vec![Planned::LoseCarrier { call: 0 }],
        "do pac lose-carrier call=c1",
        "result-code=1",
    );
    does(
        vec![Planned::SetLinkInfo { call: 1 }],
        "do pns set-link-info call=c1 send-accm=0",
        "receive-accm=0x000A0000",
    );
    does(
        vec![Planned::CountWanErrors { call: 0, errors: 3 }],
        "do pac count-wan-errors call=c1 crc-errors=3",
        "crc-errors=3",
    );
    does(
        vec![traffic(1), Planned::Sleep { seconds: 1 }],
        "do pns send-data call=c1 packets=5 bytes=100 every=\"20ms\"",
        "sequence-number=\"0..4\" payload-length=100 packets=5",
    );
    does(
        vec![Planned::CloseControl { node: 0, reason: 1 }],
        "do pns close-control reason=3",
        "Stop-Control-Connection-Request   connection=k1 reason=3",
    );
}

#[test]
fn what_cannot_be_is_refused_and_no_fault() {
    does(
        vec![Planned::Crash { node: 0 }, Planned::Call { node: 0 }],
        "do pns place-call call=c2",
        "// refused: the node has crashed",
    );
    does(
        vec![Planned::OpenControl { node: 0, to: 2 }],
        "do pns open-control to=pns2 may-be-refused=#true",
        "// refused",
    );
    let (text, _) = shown(vec![
        Planned::LoseCarrier { call: 1 },
        Planned::SetLinkInfo { call: 0 },
        Planned::CountWanErrors { call: 0, errors: 0 },
        wait(0),
    ]);
    let lines = text.lines().count();
    assert_eq!(lines, shown(vec![]).0.lines().count(), "{text}");
}

#[test]
fn ways_change_fail_and_heal() {
    let nothing = || GreChoice::read(&mut Choices::new(&[]));
    let impair = |impairments| Planned::ImpairGre {
        way: 1,
        impairments,
    };
    let narrow = GreChoice {
        loss: 255,
        rate: Some([64, 0]),
        mtu: Some(600),
        ..nothing()
    };
    let (text, transcript) = shown(vec![
        impair(narrow),
        traffic(0),
        wait(300),
        impair(nothing()),
    ]);
    let first = "gre from=pac delay=\"0s\" loss=\"100%\" rate=\"64000bit\" queue=1 mtu=600";
    let second = "gre from=pac loss=\"0%\" rate=\"0bit\" queue=1000 mtu=0";
    assert!(text.contains(first) && text.contains(second), "{text}");
    assert!(transcript.contains("lost: loss"), "{transcript}");
    let control = ControlChoice {
        delay: 500,
        segment: 9,
        ..ControlChoice::read(&mut Choices::new(&[]))
    };
    let impair = Planned::ImpairControl {
        way: 0,
        impairments: control,
    };
    does(
        vec![impair, Planned::EndCall { call: 1 }],
        "control from=pns delay=\"50ms\" segment=9",
        "0.550000  pac -> pns  Call-Disconnect-Notify",
    );
    let outage = |begins| Planned::Outage { way: 1, begins };
    let (text, transcript) = shown(vec![
        outage(true),
        outage(true),
        traffic(0),
        wait(50),
        outage(false),
        outage(false),
        wait(500),
    ]);
    let begins = text.matches("outage pns pac plane=gre from=pac").count();
    let ends = text.matches("resume pns pac plane=gre from=pac").count();
    assert_eq!((begins, ends), (1, 1), "{text}");
    assert!(transcript.contains("lost: outage"), "{transcript}");
    let received = transcript.matches("lost: outage").count();
    assert!(received < 5, "it ends: {transcript}");
    let stall = |begins| Planned::Stall { way: 0, begins };
    let (text, transcript) = shown(vec![
        stall(true),
        Planned::EndCall { call: 1 },
        Planned::Sleep { seconds: 2 },
        stall(false),
        Planned::Sleep { seconds: 1 },
    ]);
    assert!(text.contains("stall pns pac from=pns\n"), "{text}");
    assert!(text.contains("resume pns pac plane=control from=pns"));
    let place = |text: &str| transcript.find(text).expect("it is there");
    let (ends, notify) = (place("resume pns pac"), place("Call-Disconnect-Notify"));
    assert!(ends < notify, "{transcript}");
}

#[test]
fn rules_strike_what_they_are_about() {
    let target = |action, amount| Planned::Target {
        way: 1,
        first: 2,
        more: 1,
        acknowledgment_only: Some(false),
        action,
        amount,
    };
    let with = |rule| vec![rule, traffic(0), Planned::Sleep { seconds: 1 }];
    let head = "pac -> pns GRE acknowledgment-only=#false nth=\"2..3\"";
    let shows = [
        ("drop", "", "lost: drop"),
        ("delay", " by=\"70ms\"", "refused: old"),
        ("duplicate", "", "duplicated"),
        ("corrupt", " bit=70", "corrupted"),
    ];
    for (action, (word, rest, seen)) in shows.into_iter().enumerate() {
        let rule = target(action as u8, 70);
        does(with(rule), &format!("{word} {head}{rest}"), seen);
    }
    let hold_up = |message| Planned::HoldUp {
        way: 1,
        message,
        milliseconds: 400,
    };
    does(
        vec![hold_up(13), Planned::EndCall { call: 0 }, wait(900)],
        "delay pac -> pns Call-Disconnect-Notify by=\"400ms\"",
        "do pac disconnect-call",
    );
    let (text, _) = shown(vec![hold_up(99)]);
    assert!(!text.contains("delay pac"), "there is no such message");
}

#[test]
fn connections_are_cut_and_nodes_crash() {
    does(
        vec![Planned::ResetConnection { connection: 3 }],
        "reset pns pac connection=k1",
        "reset pns pac",
    );
    does(
        vec![Planned::HalfClose {
            connection: 0,
            backward: true,
        }],
        "half-close pns pac from=pac connection=k1",
        "TCP-Close",
    );
    let (text, transcript) = shown(vec![
        Planned::Crash { node: 1 },
        Planned::Sleep { seconds: 1 },
        Planned::Restart { node: 1 },
        Planned::OpenControl { node: 2, to: 1 },
    ]);
    assert!(text.contains("crash pac\n") && text.contains("restart pac\n"));
    assert!(text.contains("do pns2 open-control to=pac connection=k2"));
    assert!(transcript.contains("TCP-Reset"), "{transcript}");
}

#[test]
fn outsiders_put_octets_on_the_path() {
    let gre = |octets: &[u8]| Planned::InjectGre {
        node: 0,
        to: 1,
        octets: octets.to_vec(),
    };
    does(
        vec![gre(&[
            0x30, 0x01, 0x88, 0x0b, 0, 2, 0, 9, 0, 0, 0, 7, 0xC0, 0x21,
        ])],
        "inject pns ~> pac GRE call-id=9 sequence-number=7 octets=\"c021\"",
        "call-id=9 sequence-number=7 payload-length=2",
    );
    does(
        vec![gre(&[0x30, 0x01, 0x88])],
        "GRE call-id=0 acknowledgment-only=#true truncate=0 patch=\"0:300188\"",
        "injected",
    );
    does(
        vec![gre(&[])],
        "GRE call-id=0 acknowledgment-only=#true truncate=0\n",
        "injected",
    );
    does(
        vec![Planned::InjectControl {
            connection: 0,
            backward: false,
            octets: vec![0, 16, 0, 1, 1, 2, 3, 4, 5],
        }],
        "inject pns ~> pac Unframed-Octets connection=k1 octets=\"001000010102030405\" in-stream=#true may-be-refused=#true",
        "do pns open-control",
    );
    let (text, _) = shown(vec![Planned::InjectGre {
        node: 0,
        to: 2,
        octets: vec![1],
    }]);
    assert!(!text.contains("inject"), "no path leads there");
}

#[test]
fn outsiders_forge_what_an_end_could_say() {
    let forge = |message| Planned::ForgeMessage {
        connection: 0,
        backward: true,
        call: 0,
        message,
    };
    let legal = ForgedMessage::legal(ControlMessageType::CALL_DISCONNECT_NOTIFY);
    does(
        vec![forge(legal.clone()), Planned::Sleep { seconds: 1 }],
        "inject pac ~> pns Call-Disconnect-Notify connection=k1 call=c1 in-stream=#true",
        "Call-Disconnect-Notify            connection=k1 call=c1",
    );
    let spoiled = ForgedMessage {
        cut: Some(10),
        padding: vec![0xAB],
        ..legal
    };
    does(
        vec![forge(spoiled)],
        "call=c1 truncate=10 patch=\"10:ab\" in-stream=#true",
        "inject pac ~> pns",
    );
    let packet = |sequence_distance, fields| Planned::ForgePacket {
        node: 0,
        call: 0,
        spoofed: true,
        packet: ForgedPacket {
            sequence_distance,
            acknowledges: None,
            length: 40,
            fields,
            cut: None,
            padding: Vec::new(),
        },
    };
    does(
        vec![traffic(1), wait(500), packet(Some(2), Vec::new())],
        "inject pns ~> pac GRE call=c1 sequence-number=\"next+2\" payload-length=40 from-address=\"10.0.0.1\"",
        "call=c1 sequence-number=7",
    );
    does(
        vec![packet(None, Vec::new())],
        "acknowledgment-only=#true acknowledgment-number=0 from-address",
        "call=c1 acknowledgment-only=#true acknowledgment-number=0",
    );
}

#[test]
fn nodes_are_those_of_the_plan() {
    let mut plan = with_a_call(vec![Planned::OpenControl { node: 2, to: 1 }]);
    plan.setup.nodes[0].profile = 1;
    plan.setup.nodes[0].window = 9;
    plan.setup.nodes[1].buffers = 4;
    plan.setup.nodes[1].dial_outcome = 1;
    plan.setup.nodes[1].hangs_up_after = Some(20);
    let scenario = scenario_of(&plan, "a plan", 7);
    let [pns, pac, pns2] = &scenario.nodes[..] else {
        panic!("three nodes: {:?}", scenario.nodes);
    };
    assert_ne!(pns.profile, "rfc");
    assert!(!pns.may_miss.is_empty(), "what its software misses");
    assert_eq!(pns.profile_fields[0].key, "packet-recv-window-size");
    assert_eq!(pac.limits.len(), 2);
    assert_eq!(pac.telephone.outcome, crate::scenario::model::Outcome::Busy);
    assert_eq!(
        pac.telephone.hangs_up_after,
        Some(Duration::from_millis(2000))
    );
    assert!(pac.may_miss.is_empty() && pns2.may_miss.is_empty());
    assert_eq!(scenario.links.len(), 2);
    let alone = scenario_of(&with_a_call(vec![]), "a plan", 7);
    assert_eq!((alone.nodes.len(), alone.links.len()), (2, 1));
    assert_eq!(alone.finally.len(), 1, "settled");
    assert!(
        scenario.finally.is_empty(),
        "another profile may leave things open"
    );
}

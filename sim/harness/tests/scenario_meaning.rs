//! What scenario texts mean: names, parameters, matrices, fragments, values.

use pptp_harness::scenario::load::MemoryLoader;
use pptp_harness::scenario::model::{
    Action, FinalKind, MessageName, Octets, Pattern, Scenario, Step, StepKind, Until, Value,
};
use pptp_harness::scenario::print::print;
use pptp_harness::scenario::{Grade, LintedScenario, lint_file, parse_str, render_all, vocabulary};
use pptp_wire::time::Duration;

const NODES: &str = "node pns role=PNS\nnode pac role=PAC\nlink pns pac { }\n";

/// Every word and property of the language.
const EVERYTHING: &str = include_str!("data/everything.kdl");

fn linted(text: &str) -> LintedScenario {
    match parse_str(text) {
        Ok(scenario) => scenario.expect("a scenario"),
        Err(mistakes) => panic!("{}", render_all(&mistakes, false)),
    }
}

fn scenario(flow: &str) -> Scenario {
    let text = format!("scenario \"sample\" {{\n{NODES}flow {{\n{flow}\n}}\n}}\n");
    linted(&text).file.case(0).expect("checked")
}

fn with_fragments(flow: &str, fragments: &[(&str, &str)]) -> Scenario {
    let mut loader = MemoryLoader::default();
    let text = format!("scenario \"sample\" {{\n{NODES}flow {{\n{flow}\n}}\n}}\n");
    loader.files.insert("a/main.kdl".into(), text);
    for (path, text) in fragments {
        loader.files.insert((*path).into(), (*text).into());
    }
    match lint_file("a/main.kdl", &loader) {
        Ok(scenario) => scenario.expect("a scenario").file.case(0).expect("checked"),
        Err(mistakes) => panic!("{}", render_all(&mistakes, false)),
    }
}

fn codes(text: &str) -> Vec<&'static str> {
    match parse_str(text) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.iter().map(|mistake| mistake.code).collect(),
    }
}

fn texts(steps: &[Step]) -> Vec<&str> {
    steps.iter().map(|step| step.text.as_str()).collect()
}

#[test]
fn a_line_is_echoed_without_its_bounds() {
    let scenario = scenario(
        "do pns open-control to=pac\n\
         pns -> pac TCP-Open connection=kept within=\"1s\" requirement=\"TR-001\"\n\
         expect pns connection=kept state=established within=\"1s\"\n\
         silent pns -> pac GRE for=\"10s\" requirement=\"CALL-008\"\n\
         outage pns pac plane=gre for=\"3s\" { wait for=\"1s\"; }",
    );
    assert_eq!(
        texts(&scenario.flow),
        [
            "do pns open-control to=pac",
            "pns -> pac TCP-Open connection=kept",
            "expect pns connection=kept state=established",
            "silent pns -> pac GRE for=\"10s\"",
            "outage pns pac plane=gre for=\"3s\" {",
        ]
    );
    assert_eq!(
        scenario.flow[1].line,
        "pns -> pac TCP-Open connection=kept within=\"1s\" requirement=\"TR-001\""
    );
}

#[test]
fn a_fragment_keeps_its_names_to_itself_unless_they_are_passed_in() {
    let call = "fragment call=c1 {\ndo pns place-call call=$call\npns -> pac Outgoing-Call-Request call=$call call-id=$id\npns -> pac Call-Clear-Request call=$call call-id=\"!$id\"\n}";
    let scenario = with_fragments(
        "do pns place-call call=c1\ninclude \"f/call.kdl\" call=c1\ninclude \"f/call.kdl\"\ninclude \"f/call.kdl\"",
        &[("a/f/call.kdl", call)],
    );
    assert_eq!(
        texts(&scenario.flow),
        [
            "do pns place-call call=c1",
            "do pns place-call call=c1",
            "pns -> pac Outgoing-Call-Request call=c1 call-id=$id",
            "pns -> pac Call-Clear-Request call=c1 call-id=\"!$id\"",
            "do pns place-call call=c1-2",
            "pns -> pac Outgoing-Call-Request call=c1-2 call-id=$id-2",
            "pns -> pac Call-Clear-Request call=c1-2 call-id=\"!$id-2\"",
            "do pns place-call call=c1-3",
            "pns -> pac Outgoing-Call-Request call=c1-3 call-id=$id-3",
            "pns -> pac Call-Clear-Request call=c1-3 call-id=\"!$id-3\"",
        ]
    );
    let StepKind::Message(line) = &scenario.flow[6].kind else {
        panic!("a message line")
    };
    let not_the_same = Pattern::Not(Box::new(Pattern::Binding("id-2".into())));
    assert_eq!(line.fields[0].pattern, not_the_same);
}

#[test]
fn fragments_include_fragments_relative_to_themselves_and_pass_names_on() {
    let scenario = with_fragments(
        "include \"f/outer.kdl\" who=c7\nexpect pac calls=0",
        &[
            (
                "a/f/outer.kdl",
                "fragment who {\ninclude \"../g/inner.kdl\" name=$who\ninclude \"../g/inner.kdl\" name=own\n}",
            ),
            (
                "a/g/inner.kdl",
                "fragment name who=pns {\ndo $who place-call call=$name\n}",
            ),
        ],
    );
    assert_eq!(
        texts(&scenario.flow),
        [
            "do pns place-call call=c7",
            "do pns place-call call=own",
            "expect pac calls=0"
        ]
    );
}

#[test]
fn a_product_has_every_value_with_every_other_and_the_last_changes_fastest() {
    let text = format!(
        "scenario \"sample\" {{\nmatrix {{ size \"1..2\" 9; reason 1 3; }}\n{NODES}flow {{\ndo pns close-control reason=$reason\nwait until=data-idle\npac -> pns Stop-Control-Connection-Reply identifier-free=1\n}}\n}}\n"
    )
    .replace(" identifier-free=1", " result-code=\"$reason..$size\"")
    .replace("\"1..2\" 9", "\"3..4\" 9");
    let linted = linted(&text);
    assert_eq!(
        (linted.cases, linted.file.parameters()),
        (6, vec!["size", "reason"])
    );
    let names: Vec<String> = (0..6)
        .map(|index| linted.file.case_name(index).expect("a case").text)
        .collect();
    assert_eq!(
        names[..3],
        ["size=3 reason=1", "size=3 reason=3", "size=4 reason=1"]
    );
    let last = linted.file.case(5).expect("checked");
    assert_eq!(
        last.flow[2].text,
        "pac -> pns Stop-Control-Connection-Reply result-code=\"3..9\""
    );
    let StepKind::Message(line) = &last.flow[2].kind else {
        panic!("a message line")
    };
    assert_eq!(line.fields[0].pattern, Pattern::Range(3, 9));
    assert!(linted.file.case(6).is_err() && linted.file.case_name(6).is_none());
}

#[test]
fn rows_multiply_with_lists_and_one_transcript_stands_for_each_row() {
    let text = format!(
        "scenario \"sample\" {{\nmatrix {{ case \"one\" x=1; case \"two\" x=2; y \"5..7\"; }}\n{NODES}flow {{\npns -> pac Echo-Request identifier=\"$x..$y\"\n}}\n}}\n"
    )
    .replace("\"$x..$y\"", "$y reserved0=$x");
    let linted = linted(&text);
    let file = &linted.file;
    assert_eq!((linted.cases, file.parameters()), (6, vec!["case", "y"]));
    let cases: Vec<_> = (0..6).filter_map(|index| file.case_name(index)).collect();
    let names: Vec<&str> = cases.iter().map(|case| case.text.as_str()).collect();
    assert_eq!(
        names,
        [
            "one y=5", "one y=6", "one y=7", "two y=5", "two y=6", "two y=7"
        ]
    );
    assert_eq!(cases[3].values[0], ("case".to_owned(), "two".to_owned()));
    let shown: Vec<u64> = (0..6).filter(|index| file.shows(*index)).collect();
    assert_eq!(shown, [1, 4]);
    let case = file.case(3).expect("checked");
    assert_eq!(
        case.flow[0].text,
        "pns -> pac Echo-Request identifier=5 reserved0=2"
    );
    assert!(file.case_name(6).is_none());
}

#[test]
fn a_repeat_counts_through_its_range() {
    let scenario = scenario(
        "repeat \"3..4\" index=n {\nwait for=\"1s\"\npns -> pac Echo-Request identifier=$n\n}\nrepeat 2 index=n { expect pns calls=$n; }",
    );
    assert_eq!(scenario.flow.len(), 4);
    let StepKind::Block(turn) = &scenario.flow[1].kind else {
        panic!("a turn")
    };
    assert_eq!(turn[1].text, "pns -> pac Echo-Request identifier=4");
    let StepKind::Block(turn) = &scenario.flow[2].kind else {
        panic!("a turn")
    };
    assert_eq!(turn[0].text, "expect pns calls=0");
}

const ANSWERS: &str = "case \"a\" answer=echo number=0x10\ncase \"b\" answer=none number=2\ncase \"c\" answer=stop number=3";

/// The steps of each case, behind two that name both nodes.
fn by_case(flow: &str) -> Vec<Vec<String>> {
    let both = "expect pns calls=0\nexpect pac calls=0";
    let text = format!(
        "scenario \"sample\" {{\nmatrix {{\n{ANSWERS}\n}}\n{NODES}flow {{\n{both}\n{flow}\n}}\n}}\n"
    );
    let file = linted(&text).file;
    let case = |index| file.case(index).expect("checked").flow;
    let texts = |steps: Vec<Step>| steps.into_iter().skip(2).map(|step| step.text).collect();
    (0..3).map(|index| texts(case(index))).collect()
}

#[test]
fn when_chooses_its_steps_by_the_values_of_the_case() {
    let one = "pns -> pac Echo-Request";
    let flow = "when answer=echo { pns -> pac Echo-Request; }";
    assert_eq!(
        by_case(&format!("{flow}\nend")),
        [vec![one, "end"], vec!["end"], vec!["end"]]
    );
    let flow = "when answer=\"none|stop\" number=\"!3\" { pns -> pac Echo-Request; }\nend";
    assert_eq!(by_case(flow), [vec!["end"], vec![one, "end"], vec!["end"]]);
    let flow = "when answer=\"!none|stop\" { pns -> pac Echo-Request; }\nend";
    assert_eq!(by_case(flow), [vec![one, "end"], vec!["end"], vec!["end"]]);
    // Numbers are equal however they are written.
    let flow = "when number=16 { pns -> pac Echo-Request; }\nend";
    assert_eq!(by_case(flow)[0].len(), 2);
}

#[test]
fn a_when_that_ends_one_case_does_not_end_the_others() {
    let flow = "when answer=stop {\nend\n}\npns -> pac Echo-Request";
    let request = "pns -> pac Echo-Request";
    assert_eq!(by_case(flow), [[request], [request], ["end"]]);
    let text =
        format!("scenario \"sample\" {{\n{NODES}flow {{\nend\npns -> pac Echo-Request\n}}\n}}\n");
    assert_eq!(codes(&text), ["after-end"]);
}

#[test]
fn when_asks_for_parameters_of_a_fragment_too() {
    let fragment = "fragment of=none {\nwhen of=none { pns -> pac Echo-Request; }\nwhen of=\"!none\" { pns -> pac Call-Clear-Request call=$of; }\n}";
    let scenario = with_fragments(
        "include \"one.kdl\"\ndo pns place-call call=c1\ninclude \"one.kdl\" of=c1",
        &[("a/one.kdl", fragment)],
    );
    assert_eq!(
        texts(&scenario.flow),
        [
            "pns -> pac Echo-Request",
            "do pns place-call call=c1",
            "pns -> pac Call-Clear-Request call=c1"
        ]
    );
}

#[test]
fn values_mean_what_they_say() {
    let scenario = scenario(
        "pac -> pns Outgoing-Call-Reply result-code=\"1|3\" error-code=\"!0\" connect-speed=\">=0x10\" packet-recv-window-size=\"2..5\" physical-channel-id=$channel cause-code=0x0A",
    );
    let StepKind::Message(line) = &scenario.flow[0].kind else {
        panic!("a message line")
    };
    let patterns: Vec<String> = line
        .fields
        .iter()
        .map(|field| format!("{} {:?}", field.key, field.pattern))
        .collect();
    assert_eq!(
        patterns,
        [
            "result-code OneOf([Value(Number(1)), Value(Number(3))])",
            "error-code Not(Value(Number(0)))",
            "connect-speed Compare(AtLeast, 16)",
            "packet-recv-window-size Range(2, 5)",
            "physical-channel-id Binding(\"channel\")",
            "cause-code Value(Number(10))",
        ]
    );
}

#[test]
fn raw_work_of_a_scripted_node() {
    let text = "scenario \"sample\" {\nnode pns role=PNS scripted=#true { auto echo; }\nnode pac role=PAC\nlink pns pac { }\nflow {\n\
        pns -> pac Outgoing-Call-Request call=c1 bearer-type=4 split=\"3 84\" pause=\"5ms\" patch=\"16:04 0x14:00ff\" pad=2\n\
        pns -> pac Unframed-Octets octets=\"de ad BE ef\"\n\
        inject pac ~> pns GRE call=c1 sequence-number=\"next+5\" payload-length=900 octets=100 from-address=\"192.0.2.7\"\n}\n}\n";
    let scenario = linted(text).file.case(0).expect("checked");
    let StepKind::Message(line) = &scenario.flow[0].kind else {
        panic!("a message line")
    };
    assert!(line.sends);
    assert_eq!(line.raw.split, [3, 84]);
    assert_eq!(line.raw.pause, Some(Duration::from_millis(5)));
    assert_eq!(line.raw.patches[1].octets, [0, 0xFF]);
    assert_eq!((line.raw.patches[1].offset, line.raw.pad), (20, Some(2)));
    let StepKind::Message(junk) = &scenario.flow[1].kind else {
        panic!("a message line")
    };
    assert_eq!(junk.message, MessageName::Unframed);
    assert_eq!(
        junk.raw.octets,
        Some(Octets::Literal(vec![0xDE, 0xAD, 0xBE, 0xEF]))
    );
    let StepKind::Inject(packet) = &scenario.flow[2].kind else {
        panic!("an injection")
    };
    assert_eq!(packet.fields[0].pattern, Pattern::Next(5));
    assert_eq!(packet.raw.octets, Some(Octets::Count(100)));
    assert_eq!(
        packet.raw.from_address,
        Some("192.0.2.7".parse().expect("an address"))
    );
}

#[test]
fn branches_have_grades_and_may_be_empty() {
    let scenario = scenario(
        "any within=\"1s\" requirement=\"PACO-001\" {\nbranch { }\nbranch grade=non-strict { pac -> pns TCP-End; end; }\n}",
    );
    let StepKind::Any {
        within, branches, ..
    } = &scenario.flow[0].kind
    else {
        panic!("any")
    };
    assert_eq!(*within, Some(Duration::from_secs(1)));
    assert_eq!(
        (branches[0].grade, branches[0].steps.len()),
        (Grade::Pass, 0)
    );
    assert_eq!(branches[1].grade, Grade::NonStrict);
    assert_eq!(branches[1].steps[1].kind, StepKind::End);
}

#[test]
fn the_illustration_of_the_language_is_without_a_mistake() {
    let text = include_str!("data/illustration.kdl");
    let scenario = linted(text).file.case(0).expect("checked");
    assert_eq!(scenario.seed, 2637);
    assert_eq!(scenario.limits.time, Some(Duration::from_secs(120)));
    assert_eq!(scenario.covers.len(), 4);
    let [forth, back] = &scenario.links[0].gre;
    assert_eq!(forth.loss_gilbert_elliott, None);
    assert!(back.loss_gilbert_elliott.is_some() && back.loss == forth.loss);
    assert_eq!(
        forth.loss.map(|loss| loss.probability.parts_per_billion),
        Some(50_000_000)
    );
    let send = scenario.flow.iter().find_map(|step| match &step.kind {
        StepKind::Do {
            action:
                Action::SendData {
                    packets,
                    bytes,
                    every,
                    ..
                },
            ..
        } => Some((*packets, *bytes, *every)),
        _ => None,
    });
    assert_eq!(send, Some((200, 512, Some(Duration::from_millis(5)))));
    assert!(scenario.flow.iter().any(|step| matches!(
        &step.kind,
        StepKind::Wait(Until::DataIdle {
            within: Some(_),
            ..
        })
    )));
    let FinalKind::Never {
        node, observables, ..
    } = &scenario.finally[2].kind
    else {
        panic!("never")
    };
    assert_eq!(*node, scenario.node_index("pns"));
    assert_eq!(observables[0].1, Pattern::Any);
}

#[test]
fn the_kinds_of_the_worked_examples() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../scenarios/malformed/bad-request-cut-anywhere.kdl"
    ))
    .expect("the file");
    let linted = linted(&text);
    assert_eq!(linted.cases, 167);
    let case = linted.file.case(83).expect("checked");
    assert_eq!(
        case.case.as_ref().map(|case| case.text.as_str()),
        Some("cut=84")
    );
    let StepKind::Message(line) = &case.flow[3].kind else {
        panic!("a message line")
    };
    assert_eq!((line.raw.split.as_slice(), line.sends), (&[84][..], true));
    assert_eq!(
        case.flow[3].text,
        "pns -> pac Outgoing-Call-Request call=c1 bearer-type=4 split=84 pause=\"5ms\""
    );
    let StepKind::Message(answer) = &case.flow[2].kind else {
        panic!("a message line")
    };
    assert!(!answer.sends);
    assert_eq!(answer.fields[0].pattern, Pattern::Value(Value::Number(1)));
}

#[test]
fn tracks_may_use_what_another_track_binds() {
    let flow = "parallel {\ntrack { expect pns call=c2 state=idle; }\ntrack { do pns place-call call=c2; wait until=data-idle call=c2; }\n}\nexpect pac calls=0\nexpect pns calls=0";
    let text = format!("scenario \"sample\" {{\n{NODES}flow {{\n{flow}\n}}\n}}\n");
    assert_eq!(codes(&text), Vec::<&str>::new());
    let after = flow
        .replace("parallel {\ntrack { ", "")
        .replace("; }\ntrack { ", "\n")
        .replace("; }\n}", "");
    let text = format!("scenario \"sample\" {{\n{NODES}flow {{\n{after}\n}}\n}}\n");
    assert_eq!(codes(&text), ["not-bound-yet"], "{text}");
}

#[test]
fn what_a_repeated_case_shares_is_reported_once() {
    let text = "scenario \"sample\" {\nmatrix { n \"1..100\"; }\nnode pns role=PNS\nnode pac role=PAC\nlink pns pac { }\nflow {\npns -> pac Echo-Requst identifier=$n\npns -> pac Stop-Control-Connection-Request reason=$n\nrepeat $n { pns -> pac Call-Clear-Request call-id=70000; }\n}\n}\n";
    assert_eq!(codes(text), ["unknown-message", "out-of-range"]);
}

#[test]
fn a_scenario_with_every_word_prints_as_one_that_reads_back() {
    let scenario = linted(EVERYTHING).file.case(0).expect("checked");
    let printed = print(&scenario);
    let again = linted(&printed).file.case(0).expect("checked");
    assert_eq!(print(&again), printed);
    for line in EVERYTHING
        .lines()
        .skip_while(|line| !line.contains("flow {"))
    {
        // A turn of a repeat is printed with the place that it had.
        let is_turn = line.trim().starts_with("repeat ");
        assert!(is_turn || printed.contains(line.trim()), "lost: {line}");
    }
}

/// Tests that read the file rely on it for every word of the language.
#[test]
fn that_scenario_holds_every_word() {
    let text = EVERYTHING;
    for word in vocabulary::WORDS {
        // Of these nothing is left in a scenario that stands alone.
        let resolved = ["version", "fragment", "matrix", "case", "include", "when"];
        if !resolved.contains(&word.name) {
            assert!(
                text.contains(&format!("{} ", word.name))
                    || text.contains(&format!("{}\n", word.name)),
                "{}",
                word.name
            );
        }
    }
    for action in vocabulary::ACTIONS {
        assert!(
            text.contains(&format!(" {} ", action.name)),
            "{}",
            action.name
        );
    }
    for property in vocabulary::PROPERTIES {
        assert!(
            text.contains(&format!(" {}=", property.name)) || property.name == "index",
            "{}",
            property.name
        );
    }
    for observable in vocabulary::OBSERVABLES {
        assert!(
            text.contains(&format!(" {}", observable.name)),
            "{}",
            observable.name
        );
    }
    for (limit, _) in vocabulary::NODE_LIMITS {
        assert!(text.contains(limit), "{limit}");
    }
}

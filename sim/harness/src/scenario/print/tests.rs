use super::*;
use crate::scenario::{LintedScenario, parse_str};
use crate::suite::{Family, built_in};

fn one_case(text: &str) -> Scenario {
    let LintedScenario { file, .. } = parse_str(text)
        .unwrap_or_else(|mistakes| {
            panic!("{}\n{text}", crate::scenario::render_all(&mistakes, false))
        })
        .expect("a scenario");
    file.case(0).expect("one case")
}

/// A scenario as its debug form, without what says where it stood.
fn meaning(scenario: &Scenario) -> String {
    let mut scenario = scenario.clone();
    scenario.case = None;
    let text = format!("{scenario:#?}");
    let mut kept = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        if trimmed.ends_with("SourceSpan {") {
            // Five lines: head, file, offset, length, brace.
            for _ in 0..4 {
                lines.next();
            }
        } else if !trimmed.starts_with("line: \"") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[test]
fn every_built_in_scenario_reads_back_as_it_was() {
    let mut cases = 0;
    for found in built_in() {
        let family = Family::load(&found).expect("the suite is without mistakes");
        let count = family.file.case_count();
        for index in [0, count / 2, count - 1] {
            let scenario = family.file.case(index).expect("it is checked");
            let again = one_case(&print(&scenario));
            assert_eq!(meaning(&again), meaning(&scenario), "{}", found.name);
            cases += 1;
        }
    }
    assert!(cases >= 24);
}

const EVERYTHING: &str = r#"
scenario "all that \"can\" be\nwritten" {
    set windows
    covers "CDN-003" "MS-008"
    seed 7
    holds in "99.95%" of="seeds" confidence="97.5%"
    limit time="90s" steps=5000 queue=100 records=1000
    node pns role=PNS address="10.1.0.1 10.1.0.2" host-name="a \"b\"" reply-time-out="5s" time-out-forgives=oldest {
        limit connections=3 calls-per-connection=2
    }
    node pac role=PAC profile=poptop answers-after="1s" busy=#true hangs-up-after="2s" { misses "CC-017"; may-miss "CDN-002"; }
    node tester role=PNS scripted=#true { auto echo ack; }
    link pns pac {
        control delay="20ms" jitter="5ms" distribution=pareto jitter-correlation="25%" segment=100 segment-spacing="1ms" coalesce="2ms"
        gre delay="20ms" jitter="15ms" loss="5%" loss-correlation="0.5%" reorder="10%" reorder-gap=5 duplicate="1%" corrupt="0.0000001%" rate="64kbit" queue=9 mtu=600
        gre from=pac loss-gilbert-elliott="1% 10% 70% 0.1%" loss-markov="1% 50% 10%"
    }
    link tester pac { control segment-at="1 20"; }
    flow {
        ignore {
            pac -> pns Echo-Request identifier="1|3"
            pns -> pac Echo-Reply identifier=">=5" result-code="!2"
            pns -> pac GRE acknowledgment-only=#true
        }
        do pns open-control to=pac
        pns -> pac TCP-Open connection=k1
        repeat "2..3" index=i { wait for="1s"; }
        all { pns -> pac Start-Control-Connection-Request; }
        pac -> pns Start-Control-Connection-Reply result-code=1 within="5s" requirement="SCCRP-001"
        do pns place-call call=c1 phone-number="555"
        parallel {
            track { pns -> pac Outgoing-Call-Request call=c1 call-id=$theirs; }
            track { wait for="1ms"; }
        }
        any within="9s" requirement="OCRP-001" {
            branch { pac -> pns Outgoing-Call-Reply call=c1 result-code=1; }
            branch grade=inconclusive requirement="CCLR-005" { pac -> pns Outgoing-Call-Reply result-code="2..7"; end; }
            branch {}
        }
        drop pac -> pns GRE nth="2..3" { silent pns -> pac GRE for="1s"; }
        delay pac -> pns GRE nth=3 by="400ms"
        impair pns pac { gre loss="20%"; flow { outage pns pac plane=gre for="3s" { wait for="1s"; } } }
        restore pns pac
        stall pns pac from=pac for="1s"
        stall pns pac
        impair pns pac { gre rate="0bit" mtu=0; control segment=0 coalesce="0s"; }
        resume pns pac plane=control from=pac
        free control { do pac close-control may-be-refused=#true; }
        free control
        heal
        inject pns ~> pac Unframed-Octets connection=k1 octets="00 01" in-stream=#true may-be-refused=#true
        exact GRE { expect pns call=c1 state=established within="1s"; }
        inject pac ~> pns GRE call=c1 sequence-number=next payload-length=900 octets=100
        tester -> pac TCP-Open connection=k2
        crash pac
        restart pac
    }
    finally {
        connections "0|1"
        never pns violation
    }
}
"#;

#[test]
fn every_kind_of_line_reads_back_as_it_was() {
    let scenario = one_case(EVERYTHING);
    let printed = print(&scenario);
    let again = one_case(&printed);
    assert_eq!(meaning(&again), meaning(&scenario));
    assert_eq!(print(&again), printed);
}

#[test]
fn a_step_is_replaced_in_its_place() {
    let scenario = one_case(EVERYTHING);
    let mut steps = Vec::new();
    crate::run::collect(&scenario.flow, &mut steps);
    let place = steps
        .iter()
        .position(|step| step.line.contains("Outgoing-Call-Request"))
        .expect("the flow has one");
    let lines = vec!["wait for=\"1s\"".to_owned(), "wait for=\"2s\"".to_owned()];
    let text = print_with(&scenario, &BTreeMap::from([(place, lines)]));
    let again = one_case(&text);
    let mut changed = Vec::new();
    crate::run::collect(&again.flow, &mut changed);
    assert_eq!(changed.len(), steps.len() + 1);
    assert_eq!(changed[place].line, "wait for=\"1s\"");
    assert_eq!(changed[place + 1].line, "wait for=\"2s\"");
    assert_eq!(changed[place + 2].line, steps[place + 1].line);
}

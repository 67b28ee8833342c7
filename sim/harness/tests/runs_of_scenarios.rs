//! Small scenarios, played: what the runner makes of them.

use pptp_harness::run::{NodeChoices, RunOptions, RunReport, event_world, play};
use pptp_harness::scenario::{lint_file, load::MemoryLoader, render_all};
use pptp_rules::Grade;

/// Plays the only case of a scenario with this flow and this end.
fn run(nodes: &str, flow: &str, finally: &str) -> RunReport {
    let text = format!(
        "scenario \"a\" {{\n{nodes}\nlink pns pac {{ control delay=\"20ms\"; }}\nflow {{\n{flow}\n}}\nfinally {{\n{finally}\n}}\n}}\n"
    );
    let mut loader = MemoryLoader::default();
    loader.files.insert("a.kdl".into(), text);
    let linted = match lint_file("a.kdl", &loader) {
        Ok(linted) => linted.expect("a scenario"),
        Err(mistakes) => panic!("{}", render_all(&mistakes, false)),
    };
    let scenario = linted.file.case(0).expect("its only case");
    let mut world =
        event_world(&scenario, 0, &NodeChoices::default(), None, false).expect("a world");
    let options = RunOptions::default();
    play(
        &scenario,
        &linted.file.sources,
        &options,
        &mut world,
        "event",
        None,
    )
}

/// A first control connection that is refused, and a second one that stands.
const TWO_CONNECTIONS: &str = r#"
    do pns open-control to=pac
    pns -> pac TCP-Open connection=refused
    pns -> pac Start-Control-Connection-Request connection=refused
    pac -> pns Start-Control-Connection-Reply connection=refused result-code=4
    pns -> pac TCP-Close connection=refused
    do pns open-control to=pac
    pns -> pac TCP-Open connection=stands
    pns -> pac Start-Control-Connection-Request connection=stands
    pac -> pns Start-Control-Connection-Reply connection=stands
    expect pns connection=stands state=established within="1s"
"#;

const SCRIPTED_PAC: &str = "node pns role=PNS\nnode pac role=PAC scripted=#true";

#[test]
fn never_looks_at_the_connection_that_it_names() {
    let spared = "never pns connection=refused state=established";
    let report = run(SCRIPTED_PAC, TWO_CONNECTIONS, spared);
    assert_eq!(report.ending, Grade::Pass, "{}", report.transcript);
    for broken in [
        "never pns connection=stands state=established",
        "never pns state=established",
        "never pns connection=refused state=wait-ctl-reply",
    ] {
        let report = run(SCRIPTED_PAC, TWO_CONNECTIONS, broken);
        assert_eq!(
            report.ending,
            Grade::Fail,
            "{broken}\n{}",
            report.transcript
        );
    }
}

#[test]
fn a_state_without_a_call_is_that_of_a_control_connection() {
    let nodes = "node pns role=PNS\nnode pac role=PAC busy=#true";
    let flow = r#"
        do pns open-control to=pac
        pns -> pac TCP-Open
        pns -> pac Start-Control-Connection-Request
        pac -> pns Start-Control-Connection-Reply
        do pns place-call call=c1
        pns -> pac Outgoing-Call-Request call=c1
        pac -> pns Outgoing-Call-Reply call=c1 result-code=4
        expect pns call=c1 state=idle within="1s"
    "#;
    let report = run(nodes, flow, "never pns state=idle");
    assert_eq!(report.ending, Grade::Pass, "{}", report.transcript);
    let report = run(nodes, flow, "never pns call=c1 state=idle");
    assert_eq!(report.ending, Grade::Fail, "{}", report.transcript);
}

#[test]
fn blocks_one_after_another_while_a_message_is_on_its_way_cost_no_more_than_lines() {
    let nodes = "node pns role=PNS\nnode pac role=PAC scripted=#true";
    let flow = r#"
        do pns open-control to=pac
        pns -> pac TCP-Open
        pns -> pac Start-Control-Connection-Request
        pac -> pns Start-Control-Connection-Reply
        repeat 60 { pac -> pns Echo-Request; }
        repeat 60 { pns -> pac Echo-Reply; }
    "#;
    let report = run(nodes, flow, "connections 1");
    assert_eq!(report.behaviour, Grade::Pass, "{}", report.transcript);
}

#[test]
fn what_comes_during_a_wait_breaks_what_the_wait_cites() {
    let waits = |requirement: &str| {
        let flow = format!("{TWO_CONNECTIONS}\nwait for=\"70s\"{requirement}");
        run(SCRIPTED_PAC, &flow, "")
    };
    let cited = waits(" requirement=\"KA-006\"");
    let missed: Vec<&str> = cited.requirements.keys().map(|id| id.id()).collect();
    assert!(missed.contains(&"KA-006"), "{missed:?}");
    assert!(
        cited.behaviour < Grade::Fail,
        "a note is no failure: {}",
        cited.transcript
    );
    let plain = waits("");
    assert!(plain.requirements.is_empty(), "{:?}", plain.requirements);
    assert_eq!(plain.behaviour, Grade::Fail);
}

/// A PNS that says what a PNS must not: SCCRQ-006 alone.
const CHANNELS: &str = r#"
    do pns open-control to=pac
    pns -> pac TCP-Open
    pns -> pac Start-Control-Connection-Request
    pac -> pns Start-Control-Connection-Reply
    do pns place-call call=c1
    pns -> pac Outgoing-Call-Request call=c1
    pac -> pns Outgoing-Call-Reply call=c1
"#;

fn pns_that_misses(misses: &str) -> String {
    format!("node pns role=PNS maximum-channels=65535 {{ {misses}; }}\nnode pac role=PAC")
}

#[test]
fn what_a_node_is_known_to_miss_is_shown_and_not_graded() {
    let known = run(&pns_that_misses("misses \"SCCRQ-006\""), CHANNELS, "");
    assert!(known.grade() <= Grade::Info, "{}", known.transcript);
    assert!(known.transcript.contains("finding: SCCRQ-006"));
    let unknown = run(&pns_that_misses("misses \"CC-008\""), CHANNELS, "");
    assert!(unknown.behaviour > Grade::Info, "{}", unknown.transcript);
}

/// A list that is out of date is an error, not a blind eye.
#[test]
fn a_node_that_does_not_miss_what_it_is_said_to_miss_fails_the_run() {
    let more = pns_that_misses("misses \"SCCRQ-006\" \"CC-008\"");
    let report = run(&more, CHANNELS, "");
    assert_eq!(report.ending, Grade::Fail);
    assert_eq!(
        report.problems,
        ["`pns` is said to miss CC-008, and did not"]
    );
}

#[test]
fn only_an_endpoint_misses_anything() {
    let scripted = "node pns role=PNS scripted=#true { misses \"CC-008\"; }\nnode pac role=PAC";
    let empty = "node pns role=PNS { misses; }\nnode pac role=PAC";
    for nodes in [scripted, empty] {
        let text = format!("scenario \"a\" {{\n{nodes}\nlink pns pac {{ }}\nflow {{ end; }}\n}}\n");
        let mut loader = MemoryLoader::default();
        loader.files.insert("a.kdl".into(), text);
        assert!(lint_file("a.kdl", &loader).is_err(), "{nodes}");
    }
}

/// A call, then these lines while ten packets with data go from the PNS to the PAC.
fn while_data_flows(lines: &str) -> RunReport {
    let nodes = "node pns role=PNS\nnode pac role=PAC";
    let flow = format!(
        r#"
        do pns open-control to=pac
        pns -> pac TCP-Open
        pns -> pac Start-Control-Connection-Request
        pac -> pns Start-Control-Connection-Reply
        do pns place-call call=c1
        pns -> pac Outgoing-Call-Request call=c1
        pac -> pns Outgoing-Call-Reply call=c1 result-code=1
        expect pns call=c1 state=established within="200ms"
        do pns send-data call=c1 packets=10 bytes=100 every="5ms"
        {lines}
        wait until=data-idle within="60s"
    "#
    );
    run(nodes, &flow, "connections 1")
}

/// The data of a call is not taken for that of an earlier one, with whose Call ID at one end it comes.
#[test]
fn data_comes_to_rest_where_one_end_has_used_a_call_id_again() {
    let nodes = "node pns role=PNS minimum-call-id=7 maximum-call-id=7 call-id-quarantine=\"0s\"\nnode pac role=PAC";
    let call = |name: &str| {
        format!(
            r#"
        do pns place-call call={name}
        pns -> pac Outgoing-Call-Request call={name} call-id=7
        pac -> pns Outgoing-Call-Reply call={name} result-code=1
    "#
        )
    };
    let flow = format!(
        r#"
        do pns open-control to=pac
        pns -> pac TCP-Open
        pns -> pac Start-Control-Connection-Request
        pac -> pns Start-Control-Connection-Reply
        {}
        do pns clear-call call=c1
        pns -> pac Call-Clear-Request call=c1
        pac -> pns Call-Disconnect-Notify call=c1
        {}
        expect pns call=c2 state=established within="200ms"
        do pac send-data call=c2 packets=3 bytes=100
        wait until=data-idle within="10s"
    "#,
        call("c1"),
        call("c2"),
    );
    let report = run(nodes, &flow, "received pns call=c2 packets=3");
    assert_eq!(report.behaviour, Grade::Pass, "{}", report.transcript);
}

/// A script is shown no packets where none of its steps looks at them: each kind of step that does must be seen to.
#[test]
fn packets_are_shown_to_every_kind_of_step_that_looks_at_them() {
    let line = "pns -> pac GRE call=c1 sequence-number=3 within=\"1s\"";
    for takes in [
        line.to_owned(),
        format!("delivered {line}"),
        format!("all {{ {line}; }}"),
        format!("parallel {{ track {{ {line}; }}; track {{ wait for=\"1ms\"; }}; }}"),
        "any within=\"1s\" { branch { pns -> pac GRE call=c1 sequence-number=3; }; }".to_owned(),
        format!("ignore {{ pns -> pac Echo-Request; }}\n{line}"),
        format!("impair pns pac {{ gre delay=\"5ms\"; }}\n{line}"),
        format!("drop pac -> pns GRE call=c1 acknowledgment-only=#true {{ {line}; }}"),
        format!("free control {{ {line}; }}"),
        format!("stall pns pac {{ {line}; }}"),
    ] {
        let report = while_data_flows(&takes);
        assert_eq!(
            report.behaviour,
            Grade::Pass,
            "{takes}\n{}",
            report.transcript
        );
    }
    for refuses in [
        "silent pns -> pac GRE for=\"100ms\"",
        "exact GRE { wait for=\"100ms\"; }",
        "exact GRE\nwait for=\"100ms\"",
    ] {
        let report = while_data_flows(refuses);
        assert_eq!(
            report.behaviour,
            Grade::Fail,
            "{refuses}\n{}",
            report.transcript
        );
    }
    let report = while_data_flows("");
    assert_eq!(report.behaviour, Grade::Pass, "{}", report.transcript);
}

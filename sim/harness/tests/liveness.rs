//! `wait until=rest` and `settled`: what is at rest, and what will never be done with.

use pptp_harness::run::{
    FailureKind, NodeChoice, NodeChoices, RunOptions, RunReport, event_world_with, node_of, play,
};
use pptp_harness::scenario::{lint_file, load::MemoryLoader, render_all};
use pptp_rules::Grade;
use pptp_wire::time::{Duration, Instant};
use pptp_world::{
    CallRef, Cause, Command, CommandError, DataOutcome, Deadline, Input, Node, Outcome, Output,
    Query, Role, Value,
};

/// A node that says of itself what a test wants.
struct Claims {
    inner: Box<dyn Node>,
    query: fn(&Query) -> Option<Value>,
    /// Wakes so often, for nothing.
    spins: Option<Duration>,
    now: Instant,
}

impl Node for Claims {
    fn handle(&mut self, now: Instant, input: Input<'_>) {
        self.now = now;
        self.inner.handle(now, input);
    }

    fn poll(&mut self, now: Instant) -> Output<'_> {
        match (self.inner.poll(now), self.spins) {
            (Output::Deadline(deadline), Some(span)) => Output::Deadline(Some(Deadline {
                at: deadline.map_or(now + span, |it| it.at.min(now + span)),
                cause: Cause::ANSWER,
                keep_alive: true,
            })),
            (output, _) => output,
        }
    }

    fn command(&mut self, now: Instant, command: &Command) -> Result<Outcome, CommandError> {
        self.inner.command(now, command)
    }

    fn send_data(
        &mut self,
        now: Instant,
        call: CallRef,
        payload: &[u8],
    ) -> Result<DataOutcome, CommandError> {
        self.inner.send_data(now, call, payload)
    }

    fn query(&self, query: &Query) -> Option<Value> {
        (self.query)(query).or_else(|| self.inner.query(query))
    }

    fn role(&self) -> Option<Role> {
        self.inner.role()
    }

    fn restart(&mut self) {
        self.inner.restart();
    }
}

const NOTHING: fn(&Query) -> Option<Value> = |_| None;

/// A call, and what follows.
fn text(more: &str, finally: &str) -> String {
    format!(
        r#"scenario "a" {{
            node pns role=PNS
            node pac role=PAC
            link pns pac {{
                control delay="20ms"
                gre delay="20ms"
            }}
            flow {{
                do pns open-control to=pac
                pns -> pac TCP-Open
                pns -> pac Start-Control-Connection-Request
                pac -> pns Start-Control-Connection-Reply result-code=1
                do pns place-call call=c1
                pns -> pac Outgoing-Call-Request call=c1
                pac -> pns Outgoing-Call-Reply call=c1 result-code=1
                {more}
            }}
            finally {{
                {finally}
            }}
        }}
        "#
    )
}

/// Plays it with a PAC that claims things of itself.
fn run_with(
    text: String,
    pac: NodeChoice,
    query: fn(&Query) -> Option<Value>,
    spins: Option<Duration>,
) -> RunReport {
    let mut loader = MemoryLoader::default();
    loader.files.insert("a.kdl".into(), text);
    let linted = match lint_file("a.kdl", &loader) {
        Ok(linted) => linted.expect("a scenario"),
        Err(mistakes) => panic!("{}", render_all(&mistakes, false)),
    };
    let scenario = linted.file.case(0).expect("its only case");
    let mut choices = NodeChoices::default();
    choices.insert("pac".to_owned(), pac);
    let mut make = |node: &pptp_harness::scenario::model::NodeSpec| {
        let inner = node_of(node, 0, choices.get(&node.name))?;
        Ok(if node.name == "pac" {
            Box::new(Claims {
                inner,
                query,
                spins,
                now: Instant::START,
            })
        } else {
            inner
        })
    };
    let mut world = event_world_with(&scenario, 0, None, false, &mut make).expect("a world");
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

fn run(more: &str, finally: &str) -> RunReport {
    run_with(text(more, finally), NodeChoice::default(), NOTHING, None)
}

fn deviating(deviation: &str, more: &str) -> RunReport {
    let choice = NodeChoice {
        profile: None,
        deviations: vec![deviation.to_owned()],
    };
    run_with(text(more, "settled"), choice, NOTHING, None)
}

/// The run fails in this way, and says this about it.
fn fails(report: &RunReport, kind: FailureKind, says: &str) {
    let failure = report
        .failure
        .as_ref()
        .unwrap_or_else(|| panic!("no failure\n{}", report.transcript));
    assert_eq!(failure.kind, kind, "{failure:?}");
    assert_eq!(report.grade(), Grade::Fail);
    assert!(
        failure.circumstances.iter().any(|it| it.contains(says)),
        "{:?}",
        failure.circumstances
    );
}

fn passes(report: &RunReport) {
    let failure = report.failure.as_ref().map(|it| &it.circumstances);
    assert_eq!(
        report.grade(),
        Grade::Pass,
        "{failure:?}\n{}",
        report.transcript
    );
}

#[test]
fn a_call_that_stands_is_at_rest_once_its_data_is_through() {
    let data = "do pns send-data call=c1 packets=50 bytes=100\ndo pac send-data call=c1 packets=50 bytes=100";
    passes(&run(
        &format!("{data}\nwait until=rest within=\"10s\"\nexpect pns call=c1 state=established"),
        "settled\nreceived pac call=c1 packets=50\nreceived pns call=c1 packets=50",
    ));
}

#[test]
fn data_that_goes_on_is_no_rest() {
    let report = run(
        "do pns send-data call=c1 packets=100 bytes=100 every=\"1s\"\nwait until=rest within=\"5s\"",
        "",
    );
    fails(&report, FailureKind::NotAtRest, "data is still to be sent");
    let expected = Instant::START + Duration::from_millis(5_100);
    assert_eq!(report.virtual_time, expected);
}

#[test]
fn what_is_held_up_is_no_rest() {
    let report = run(
        "wait for=\"1s\"\nstall pns pac for=\"3s\" {\ndo pns clear-call call=c1\npns -> pac Call-Clear-Request\nwait until=rest within=\"2s\"\n}",
        "",
    );
    fails(&report, FailureKind::NotAtRest, "messages on their way: 1");
}

/// A keep-alive timer that fires first does not hide what runs out later.
#[test]
fn a_time_out_behind_a_keep_alive_is_waited_for() {
    let text = text(
        "drop pns -> pac GRE\nignore {\npns -> pac Echo-Request\npac -> pns Echo-Reply\n}\ndo pns send-data call=c1 packets=1 bytes=100\nwait until=rest within=\"10s\"",
        "settled",
    );
    let text = text.replace(
        "role=PNS",
        "role=PNS idle-time-out=\"1s\" initial-time-out=\"5s\" max-time-out=\"5s\"",
    );
    let report = run_with(text, NodeChoice::default(), NOTHING, None);
    passes(&report);
    assert!(report.virtual_time >= Instant::START + Duration::from_secs(5));
}

/// Keep-alive alone finds out that the PAC knows nothing of the connection any more: that takes its time, and is no rest.
const RESTARTS: &str =
    "crash pac\nrestart pac\nignore {\npns -> pac Echo-Request\npac -> pns TCP-Reset\n}";

#[test]
fn a_connection_that_one_end_has_lost_is_no_rest() {
    let report = run(
        &format!("{RESTARTS}\nwait until=rest within=\"5min\""),
        "settled\nconnections 0",
    );
    passes(&report);
    assert!(report.virtual_time >= Instant::START + Duration::from_secs(60));
    let report = run(
        &format!("{RESTARTS}\nwait until=rest within=\"50s\""),
        "settled",
    );
    fails(
        &report,
        FailureKind::NotAtRest,
        "control connection 1: established at pns, idle at pac",
    );
}

#[test]
fn what_waits_for_a_node_that_is_down_is_under_way() {
    let report = run(
        "crash pac\nignore {\npns -> pac Echo-Request\npns -> pac TCP-End\n}\nwait until=rest within=\"10min\"",
        "",
    );
    fails(&report, FailureKind::NotAtRest, "messages on their way: 2");
}

#[test]
fn a_call_that_one_end_has_lost_is_half_open() {
    let report = run(RESTARTS, "settled");
    fails(
        &report,
        FailureKind::NotSettled,
        "half-open: call c1 at pns",
    );
    let report = deviating(
        "silent-disconnect",
        "do pac disconnect-call call=c1\nwait until=rest within=\"5min\"",
    );
    fails(&report, FailureKind::NotSettled, "and pac has no such call");
}

#[test]
fn a_call_in_a_state_that_passes_is_half_open() {
    let query = |query: &Query| match query {
        Query::CallState(_) => Some(Value::State("wait-cs-ans")),
        _ => None,
    };
    let report = run_with(
        text("wait for=\"1s\"", "settled"),
        NodeChoice::default(),
        query,
        None,
    );
    fails(
        &report,
        FailureKind::NotSettled,
        "half-open: call c1 at pac",
    );
    fails(&report, FailureKind::NotSettled, "wait-cs-ans");
}

#[test]
fn call_ids_have_to_match() {
    let query = |query: &Query| match query {
        Query::PeerCallId(_) => Some(Value::Number(60_000)),
        _ => None,
    };
    let report = run_with(
        text("wait for=\"1s\"", "settled"),
        NodeChoice::default(),
        query,
        None,
    );
    fails(
        &report,
        FailureKind::NotSettled,
        "Call IDs do not match: call c1 at pns",
    );
    fails(&report, FailureKind::NotSettled, "pns has no such call");
}

#[test]
fn a_window_that_nothing_moves_on_is_stuck() {
    let outstanding = |query: &Query| match query {
        Query::Unacknowledged(_) => Some(Value::Number(3)),
        _ => None,
    };
    let report = run_with(
        text("wait for=\"1s\"", "settled"),
        NodeChoice::default(),
        outstanding,
        None,
    );
    fails(
        &report,
        FailureKind::NotSettled,
        "window stuck: call c1 at pac",
    );
    fails(&report, FailureKind::NotSettled, "3 packets outstanding");
    let waiting = |query: &Query| match query {
        Query::Queued(_) => Some(Value::Number(2)),
        _ => None,
    };
    let report = run_with(
        text("wait for=\"1s\"", "settled"),
        NodeChoice::default(),
        waiting,
        None,
    );
    fails(
        &report,
        FailureKind::NotSettled,
        "2 packets wait, and none is outstanding",
    );
    // Nothing may be sent to an end that has no window.
    let closed = |query: &Query| match query {
        Query::Queued(_) => Some(Value::Number(2)),
        Query::Window(_) => Some(Value::Number(0)),
        _ => None,
    };
    passes(&run_with(
        text("wait for=\"1s\"", "settled"),
        NodeChoice::default(),
        closed,
        None,
    ));
}

#[test]
fn a_timer_that_brings_nothing_spins() {
    let spins = |span, wait: &str| {
        let wait = format!("wait for=\"{wait}\"");
        run_with(
            text(&wait, "settled"),
            NodeChoice::default(),
            NOTHING,
            Some(span),
        )
    };
    let report = spins(Duration::from_millis(10), "20s");
    fails(&report, FailureKind::NotSettled, "timer of pac: 1");
    passes(&spins(Duration::from_millis(10), "9s"));
    passes(&spins(Duration::from_secs(1), "40s"));
}

#[test]
fn a_node_that_cannot_be_looked_into_is_left_out_and_named() {
    let blind = |query: &Query| match query {
        Query::Calls => Some(Value::Flag(false)),
        _ => None,
    };
    let report = run_with(
        text("wait for=\"1s\"", "settled"),
        NodeChoice::default(),
        blind,
        None,
    );
    passes(&report);
    assert!(
        report
            .transcript
            .contains("settled: pac cannot be looked into"),
        "{}",
        report.transcript
    );
}

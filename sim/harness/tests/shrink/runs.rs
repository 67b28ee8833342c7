//! Runs that fail, and what they are shrunk to.

use std::panic;
use std::sync::Arc;

use pptp_harness::run::{NodeChoice, node_of};
use pptp_harness::scenario::model::{NodeSpec, Scenario};
use pptp_harness::scenario::parse_str;
use pptp_harness::shrink::{Probe, ShrinkError, Shrunk, Size, Subject, Unwatched, probe, shrink};
use pptp_harness::suite::{Family, Seat, Stand, SuiteOptions, SystemUnderTest, built_in};
use pptp_harness::sweep::ClassKind;
use pptp_wire::time::Instant;
use pptp_world::tape::Tape;
use pptp_world::{
    CallRef, Command, CommandError, DataOutcome, Input, Node, Outcome, Output, Query, Role, Value,
};

fn family(name: &str) -> Family {
    let found = built_in().into_iter().find(|found| found.name == name);
    Family::load(&found.expect("it is built in")).expect("it reads")
}

fn with_deviation(node: &str, deviation: &str) -> SuiteOptions {
    let mut options = SuiteOptions::default();
    let choice = NodeChoice {
        profile: None,
        deviations: vec![deviation.to_owned()],
    };
    options.choices.insert(node.to_owned(), choice);
    options
}

fn shrunk(
    family: &Family,
    seed: u64,
    tape: Option<Tape>,
    options: &SuiteOptions,
    most_runs: u64,
) -> Result<Shrunk, ShrinkError> {
    let scenario = family.file.case(0).expect("a case");
    let subject = Subject {
        scenario: &scenario,
        sources: &family.file.sources,
        seed,
        tape,
        options,
        name: "a run",
        command: "pptp-sim shrink",
        file: None,
    };
    shrink(&subject, most_runs, &mut Unwatched)
}

/// The file that a run was shrunk to, read and played with another seed.
fn again(text: &str, seed: u64, options: &SuiteOptions) -> Probe {
    let file = parse_str(text)
        .expect("it lints clean")
        .expect("a scenario")
        .file;
    let scenario = file.case(0).expect("a case");
    probe(&scenario, &file.sources, seed, None, options).expect("it is played")
}

fn decisions(probe: &Probe) -> usize {
    let tracks = probe.tape.tracks().iter();
    tracks.map(|track| track.decisions().len()).sum()
}

#[test]
fn a_lossy_run_becomes_a_few_steps_that_fail_whatever_the_seed() {
    let family = family("faults/random-loss");
    let options = with_deviation("pac", "acknowledgment-stops-at-gap");
    for seed in [3, 11] {
        let shrunk = shrunk(&family, seed, None, &options, 5000).expect("it fails");
        assert!(shrunk.is_minimal && shrunk.any_seed);
        assert!(shrunk.before.faults > 3, "{:?}", shrunk.before);
        assert!(
            shrunk.after.steps <= 12 && shrunk.after.faults <= 3,
            "{}",
            shrunk.text
        );
        assert_eq!(Size::of(&shrunk.scenario), shrunk.after);
        for other in [0, 5, 99, 12_345] {
            let probe = again(&shrunk.text, other, &options);
            let class = probe.class.as_ref().expect("it fails");
            assert!(shrunk.class.same_failure(class), "seed {other}: {class}");
            assert_eq!(decisions(&probe), 0, "it needs no luck");
            // What is written is a test: without the deviation it passes.
            let clean = again(&shrunk.text, other, &SuiteOptions::default());
            assert_eq!(clean.class, None);
        }
    }
}

#[test]
fn a_tape_shrinks_to_what_its_seed_shrinks_to() {
    let family = family("faults/duplicate");
    let options = with_deviation("pns", "duplicate-delivered");
    let scenario: Scenario = family.file.case(0).expect("a case");
    let first = probe(&scenario, &family.file.sources, 4, None, &options).expect("it is played");
    assert!(decisions(&first) > 5);
    let of_seed = shrunk(&family, 4, None, &options, 5000).expect("it fails");
    let of_tape = shrunk(&family, 4, Some(first.tape), &options, 5000).expect("it fails");
    assert_eq!(of_seed.text, of_tape.text);
    assert_eq!(of_seed.runs, of_tape.runs);
    let mut other = Tape::from_text(
        &probe(&scenario, &family.file.sources, 5, None, &options)
            .expect("it is played")
            .tape
            .to_text(),
    )
    .expect("a tape");
    other.seed = 4;
    let without = SuiteOptions::default();
    let refused = shrunk(&family, 4, Some(other), &without, 5000);
    assert!(
        matches!(refused, Err(ShrinkError::Tape(_) | ShrinkError::Passes)),
        "{refused:?}"
    );
}

#[test]
fn a_run_that_passes_is_refused() {
    let family = family("faults/random-loss");
    let refused = shrunk(&family, 3, None, &SuiteOptions::default(), 5000);
    assert_eq!(refused.expect_err("it passes"), ShrinkError::Passes);
}

#[test]
fn a_search_that_is_broken_off_gives_what_still_fails() {
    let family = family("faults/random-loss");
    let options = with_deviation("pac", "acknowledgment-stops-at-gap");
    for most_runs in [1, 4, 30] {
        let shrunk = shrunk(&family, 3, None, &options, most_runs).expect("it fails");
        assert!(!shrunk.is_minimal && shrunk.runs <= most_runs);
        assert!(shrunk.text.contains("The search was ended early"));
        let probe = again(&shrunk.text, shrunk.scenario.seed, &options);
        assert!(
            shrunk
                .class
                .same_failure(probe.class.as_ref().expect("it fails"))
        );
        assert_eq!(decisions(&probe), 0);
    }
}

/// An endpoint that panics when its fourth datagram reaches it.
struct Brittle {
    inner: Box<dyn Node>,
    datagrams: u32,
}

impl Node for Brittle {
    fn handle(&mut self, now: Instant, input: Input<'_>) {
        if matches!(input, Input::Datagram { .. }) {
            self.datagrams += 1;
            assert!(
                self.datagrams < 4,
                "datagram {} is too much",
                self.datagrams
            );
        }
        self.inner.handle(now, input);
    }
    fn poll(&mut self, now: Instant) -> Output<'_> {
        self.inner.poll(now)
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
        self.inner.query(query)
    }
    fn role(&self) -> Option<Role> {
        self.inner.role()
    }
    fn restart(&mut self) {
        self.inner.restart();
    }
}

#[test]
fn a_panic_is_a_class_that_shrinks() {
    let make = |node: &NodeSpec, seed| -> Box<dyn Node> {
        let inner = node_of(node, seed, None).expect("a node");
        Box::new(Brittle {
            inner,
            datagrams: 0,
        })
    };
    let options = SuiteOptions {
        system_under_test: Some(SystemUnderTest {
            seat: Seat::Named("pac".to_owned()),
            stand: Stand::Node(Arc::new(make)),
        }),
        ..SuiteOptions::default()
    };
    panic::set_hook(Box::new(|_| {}));
    let shrunk = shrunk(&family("faults/random-loss"), 3, None, &options, 5000);
    let _ = panic::take_hook();
    let shrunk = shrunk.expect("it fails");
    assert_eq!(shrunk.class.kind, ClassKind::Harness);
    assert_eq!(shrunk.class.to_string(), "harness datagram # is too much");
    assert!(
        shrunk.after.steps <= 6 && shrunk.after.faults == 0,
        "{}",
        shrunk.text
    );
    assert!(
        shrunk.text.contains("packets=4") || shrunk.text.contains("packets=3"),
        "{}",
        shrunk.text
    );
}

/// A reply that is late now and then: the control plane has jitter, and the script little patience.
const IMPATIENT: &str = r#"
scenario "a reply that comes soon" {
    node pns role=PNS
    node pac role=PAC
    link pns pac {
        control delay="20ms" jitter="15ms"
        gre delay="20ms" loss="10%"
    }
    flow {
        do pns open-control to=pac
        pns -> pac TCP-Open
        pns -> pac Start-Control-Connection-Request
        pac -> pns Start-Control-Connection-Reply within="28ms"
        do pns place-call call=c1
        pns -> pac Outgoing-Call-Request call=c1
        pac -> pns Outgoing-Call-Reply call=c1
    }
}
"#;

#[test]
fn what_is_late_on_the_control_plane_is_named_by_its_message() {
    let file = parse_str(IMPATIENT)
        .expect("it reads")
        .expect("a scenario")
        .file;
    let scenario = file.case(0).expect("a case");
    let options = SuiteOptions::default();
    let fails = |seed: &u64| {
        let played = probe(&scenario, &file.sources, *seed, None, &options);
        played.expect("it is played").class.is_some()
    };
    let seed = (0..100).find(fails).expect("a seed that fails");
    let subject = Subject {
        scenario: &scenario,
        sources: &file.sources,
        seed,
        tape: None,
        options: &options,
        name: "a run",
        command: "pptp-sim shrink",
        file: None,
    };
    let shrunk = shrink(&subject, 5000, &mut Unwatched).expect("it fails");
    assert_eq!(shrunk.after.faults, 1, "{}", shrunk.text);
    let delayed = shrunk.text.lines().any(|line| {
        line.trim_start().starts_with("delay ") && line.contains("Start-Control-Connection-Re")
    });
    assert!(delayed, "{}", shrunk.text);
    // Without the fault it passes: the script is not made impatient.
    let text = shrunk
        .text
        .lines()
        .filter(|line| !line.trim_start().starts_with("delay "));
    let text: Vec<&str> = text.collect();
    assert_eq!(again(&text.join("\n"), 0, &options).class, None);
}

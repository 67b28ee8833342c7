//! Every decision of luck becomes a fault that does the same.

use pptp_harness::run::{NodeChoices, RunOptions, event_world, play};
use pptp_harness::scenario::model::Scenario;
use pptp_harness::scenario::parse_str;
use pptp_harness::scenario::print::print;
use pptp_harness::scenario::source::Sources;
use pptp_harness::shrink::{Probe, explicit, probe};
use pptp_harness::suite::{Family, SuiteOptions, built_in};
use pptp_world::tape::Choice;
use pptp_world::{Record, RecordKind, Watched, World};

/// All of luck at once: every model on both planes, faults that double and that leave the bit to luck, changes in mid-run.
const ALL_OF_LUCK: &str = r#"
scenario "all of luck" {
    seed 7
    node pns role=PNS
    node pac role=PAC
    link pns pac {
        control delay="20ms" jitter="9ms" segment=60 segment-spacing="1ms" coalesce="2ms"
        gre delay="20ms" jitter="15ms" loss="4%" loss-gilbert-elliott="2% 40% 80% 1%" reorder="10%" duplicate="8%" corrupt="6%"
        gre from=pac loss-markov="3% 50% 10% 60% 1%"
    }
    flow {
        corrupt pns -> pac GRE nth="5..9"
        duplicate pac -> pns GRE nth="4..20"
        ignore {
            pns -> pac Set-Link-Info
        }
        do pns open-control to=pac
        pns -> pac TCP-Open
        pns -> pac Start-Control-Connection-Request
        pac -> pns Start-Control-Connection-Reply
        do pns place-call call=c1
        pns -> pac Outgoing-Call-Request call=c1
        pac -> pns Outgoing-Call-Reply call=c1
        do pns send-data call=c1 packets=80 bytes=60 every="7ms"
        do pac send-data call=c1 packets=80 bytes=60 every="11ms"
        wait for="300ms"
        impair pns pac {
            gre jitter="30ms" distribution=normal duplicate="20%" delay="30ms"
            control from=pac jitter="3ms"
        }
        do pns place-call call=c2
        pns -> pac Outgoing-Call-Request call=c2
        pac -> pns Outgoing-Call-Reply call=c2
        impair pns pac {
            gre loss="30%"
            flow {
                do pns send-data call=c2 packets=20 bytes=600 every="5ms"
                wait for="100ms"
            }
        }
        restore pns pac plane=gre
        wait for="2s"
    }
}
"#;

fn read(text: &str) -> (Scenario, pptp_harness::scenario::ScenarioFile) {
    let file = match parse_str(text) {
        Ok(linted) => linted.expect("a scenario").file,
        Err(mistakes) => panic!("{}", pptp_harness::scenario::render_all(&mistakes, false)),
    };
    (file.case(0).expect("a case"), file)
}

/// The run of a scenario, and that of the scenario with faults in place of its luck.
fn both(scenario: &Scenario, sources: &Sources, seed: u64) -> [Probe; 2] {
    let options = SuiteOptions::default();
    let first = probe(scenario, sources, seed, None, &options).expect("it is played");
    let text = print(&explicit(scenario, &first.tape, &first.packets));
    let (again, file) = read(&text);
    let second = probe(&again, &file.sources, seed, None, &options).expect("it is played");
    [first, second]
}

/// What a transcript shows without the steps that are faults and impairments, and without remarks: those tell whose work it was.
fn plain(probe: &Probe) -> Vec<String> {
    let report = probe.report.as_ref().expect("it was played");
    let words = [
        "drop ",
        "delay ",
        "hasten ",
        "corrupt ",
        "duplicate ",
        "impair ",
        "gre ",
        "control ",
    ];
    let lines = report.transcript.lines();
    lines
        .map(|line| line.split("//").next().unwrap_or_default().trim_end())
        .filter(|line| {
            let step = line.trim_start_matches(|letter: char| {
                letter.is_ascii_digit() || ". ".contains(letter)
            });
            !words.iter().any(|word| step.starts_with(word)) && !step.is_empty() && step != "}"
        })
        .map(str::to_owned)
        .collect()
}

/// What reached its end, and when: every message, every copy of every packet, and all data.
fn arrivals(scenario: &Scenario, sources: &Sources, seed: u64) -> Vec<String> {
    let mut world = event_world(scenario, seed, &NodeChoices::new(), None, true).expect("a world");
    let mut arrived = Vec::new();
    let mut watched = Watched::new(&mut world, |record: &Record, _: &World| {
        if matches!(
            record.kind,
            RecordKind::GreDelivered { .. }
                | RecordKind::ControlArrived { .. }
                | RecordKind::TcpCloseArrived { .. }
                | RecordKind::Data { .. }
        ) {
            arrived.push(format!("{} {:?}", record.at.0, record.kind));
        }
    });
    let options = RunOptions {
        seed: Some(seed),
        ..RunOptions::default()
    };
    play(scenario, sources, &options, &mut watched, "event", None);
    arrived
}

fn assert_same(name: &str, [first, second]: &[Probe; 2]) {
    assert_eq!(first.messages, second.messages, "{name}: control messages");
    assert_eq!(first.packets, second.packets, "{name}: GRE packets");
    let reports = [first, second].map(|probe| probe.report.as_ref().expect("it was played"));
    assert_eq!(reports[0].virtual_time, reports[1].virtual_time, "{name}");
    assert_eq!(reports[0].behaviour, reports[1].behaviour, "{name}");
    assert_eq!(
        first.class.as_ref().map(|class| class.findings.clone()),
        second.class.as_ref().map(|class| class.findings.clone()),
        "{name}"
    );
    let decisions: usize = second
        .tape
        .tracks()
        .iter()
        .map(|track| track.decisions().len())
        .sum();
    assert_eq!(decisions, 0, "{name}: nothing is left to luck");
}

#[test]
fn every_kind_of_decision_becomes_a_fault_that_does_the_same() {
    let (scenario, file) = read(ALL_OF_LUCK);
    let mut kinds = std::collections::BTreeSet::new();
    for seed in 0..12 {
        let probes = both(&scenario, &file.sources, seed);
        let faults = print(&explicit(&scenario, &probes[0].tape, &probes[0].packets));
        let (faults, faults_file) = read(&faults);
        assert_eq!(
            arrivals(&scenario, &file.sources, seed),
            arrivals(&faults, &faults_file.sources, seed),
            "seed {seed}"
        );
        assert_same(&format!("seed {seed}"), &probes);
        for track in probes[0].tape.tracks() {
            for decision in track.decisions() {
                let plane = track.name.plane.key();
                let kind = format!("{:?}", decision.choice.model());
                let sign = match decision.choice {
                    Choice::Jitter(nanoseconds) => nanoseconds.signum(),
                    _ => 0,
                };
                kinds.insert((plane, kind, decision.copy, sign));
            }
        }
    }
    let seen = |plane: &str, kind: &str, copy: bool, sign: i64| {
        kinds.contains(&(plane, kind.to_owned(), copy, sign))
    };
    for kind in [
        "Loss",
        "LossGilbertElliott",
        "LossMarkov",
        "Duplicate",
        "Corrupt",
        "Targeted",
        "Reorder",
    ] {
        assert!(seen("gre", kind, false, 0), "no {kind}");
    }
    assert!(seen("gre", "Corrupt", true, 0));
    for sign in [-1, 1] {
        assert!(seen("control", "Jitter", false, sign));
        assert!(seen("gre", "Jitter", false, sign) && seen("gre", "Jitter", true, sign));
    }
}

#[test]
fn the_lossy_scenarios_of_the_suite_read_the_same_without_luck() {
    let mut played = 0;
    for found in built_in()
        .iter()
        .filter(|found| found.name.starts_with("faults/"))
    {
        let family = Family::load(found).expect("it reads");
        let scenario = family.file.case(0).expect("a case");
        for seed in [1, 2637] {
            let probes = both(&scenario, &family.file.sources, seed);
            assert_same(&found.name, &probes);
            assert_eq!(plain(&probes[0]), plain(&probes[1]), "{}", found.name);
            played += usize::from(
                probes[0]
                    .tape
                    .tracks()
                    .iter()
                    .any(|track| !track.decisions().is_empty()),
            );
        }
    }
    assert!(played >= 10, "{played} runs had luck");
}

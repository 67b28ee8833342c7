//! The tape of every run gives the same transcript, captures and tape again, without random numbers.

use crate::{jobs, scenarios};
use pptp_harness::suite::{
    CaseRun, Family, FamilyReport, KeepTranscripts, Outcome, Plan, SuiteOptions, Watcher, replay,
    run_plan,
};
use std::ops::ControlFlow;

/// Replays every run as it comes in.
#[derive(Default)]
struct Replays {
    runs: usize,
    decisions: usize,
    problems: Vec<String>,
}

impl Replays {
    fn check(&mut self, name: &str, run: &CaseRun) {
        let Outcome::Played(played) = &run.outcome else {
            self.problems.push(format!("{name} was not played"));
            return;
        };
        let tape = played.tape.as_ref().expect("tapes are kept");
        self.runs += 1;
        self.decisions += decisions(tape);
        match replay(tape, "a.tape") {
            Err(error) => self.problems.push(format!("{name}: {error}")),
            Ok(again) => {
                if let Some(mismatch) = &again.mismatch {
                    self.problems.push(format!("{name}: {mismatch}"));
                }
                if again.report.transcript != played.report.transcript {
                    self.problems.push(format!("{name}: another transcript"));
                }
                if again.captures != played.captures {
                    self.problems.push(format!("{name}: other captures"));
                }
                if !again.is_faithful() {
                    self.problems.push(format!("{name}: not faithful"));
                }
            }
        }
    }
}

/// Lines of decisions on a tape: those behind a track's head.
fn decisions(tape: &str) -> usize {
    let tracks = tape.lines().skip_while(|line| !line.starts_with("track "));
    tracks
        .filter(|line| line.starts_with(|first: char| first.is_ascii_digit()))
        .count()
}

impl Watcher for Replays {
    fn case(&mut self, family: &Family, run: &CaseRun) -> ControlFlow<()> {
        self.check(&family.found.name, run);
        ControlFlow::Continue(())
    }

    fn family(&mut self, _report: &FamilyReport) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

#[test]
fn the_tape_of_every_run_gives_it_again() {
    let options = SuiteOptions {
        jobs: jobs(),
        transcripts: KeepTranscripts::All,
        captures: true,
        tapes: true,
        ..SuiteOptions::default()
    };
    let mut replays = Replays::default();
    run_plan(Plan::read(&scenarios(), &options), &options, &mut replays);
    assert!(
        replays.problems.is_empty(),
        "{}",
        replays.problems.join("\n")
    );
    assert!(replays.runs >= 100, "only {} runs", replays.runs);
    assert!(
        replays.decisions > 0,
        "luck decided nothing in the whole suite"
    );
}

#[test]
fn a_tape_with_a_decision_too_many_is_noticed() {
    let found = scenarios();
    let options = SuiteOptions {
        tapes: true,
        transcripts: KeepTranscripts::All,
        ..SuiteOptions::default()
    };
    let mut spoiled = 0;
    for file in found {
        let family = Family::load(&file).expect("it is checked");
        let run = pptp_harness::suite::run_case(&family, 0, &options);
        let Outcome::Played(played) = &run.outcome else {
            continue;
        };
        let tape = played.tape.as_ref().expect("tapes are kept");
        let Some(decision) = tape
            .lines()
            .find(|line| line.ends_with(" loss"))
            .map(str::to_owned)
        else {
            continue;
        };
        let changed = tape.replacen(&format!("{decision}\n"), "", 1);
        let again = replay(&changed, "a.tape").expect("a tape");
        assert!(!again.is_faithful(), "{}", file.name);
        spoiled += 1;
        break;
    }
    assert!(spoiled > 0, "no scenario loses a packet by luck");
}

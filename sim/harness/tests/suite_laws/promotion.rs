//! Authors promote what they saw: for every scenario, each `->` line of its flow replaced by the lines of the transcript for what
//! it took gives a scenario that passes.

use crate::{jobs, scenarios};
use pptp_harness::run::{NodeChoices, RunOptions, collect, event_world, play};
use pptp_harness::scenario::model::{MessageLine, Pattern, Scenario, Step, StepKind};
use pptp_harness::scenario::print::print_with;
use pptp_harness::scenario::{parse_str, render_all};
use pptp_harness::suite::{CaseRun, KeepTranscripts, Outcome, SuiteOptions};
use pptp_harness::suite::{Family, failure_text, in_order, run_case};
use pptp_rules::Grade;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What the transcript does not show and the author's line bounds: when the message may come. It stays with the first of the lines.
fn with_bounds(step: &Step, lines: &[String]) -> Vec<String> {
    let StepKind::Message(line) = &step.kind else {
        return lines.to_vec();
    };
    let mut lines = lines.to_vec();
    for (key, bound) in [("after", line.after), ("within", line.within)] {
        if let (Some(bound), Some(first)) = (bound, lines.first_mut()) {
            first.push_str(&format!(" {key}=\"{bound}\""));
        }
    }
    lines
}

/// Whether a line gives a name to a value: it stays as it is written, since later lines use the name.
fn binds(line: &MessageLine) -> bool {
    let mut patterns = line.fields.iter().map(|field| &field.pattern);
    patterns.any(|pattern| matches!(pattern, Pattern::Binding(_)))
}

/// The scenario with promoted lines: those of messages that it expects. What a scripted node sends stays as it is written.
fn promoted(scenario: &Scenario, run: &CaseRun) -> (String, usize) {
    let report = run.report().expect("it was played");
    let mut steps = Vec::new();
    collect(&scenario.flow, &mut steps);
    let expects = |place: usize| match &steps[place].kind {
        StepKind::Message(line) => !line.sends && !binds(line),
        _ => false,
    };
    let replaced: BTreeMap<usize, Vec<String>> = report
        .matched
        .iter()
        .filter(|(place, _)| expects(*place))
        .map(|(place, lines)| (*place, with_bounds(steps[*place], lines)))
        .collect();
    (print_with(scenario, &replaced), replaced.len())
}

/// Plays a promoted scenario. Returns what is wrong with it.
fn problem(text: &str, seed: u64) -> Option<String> {
    let linted = match parse_str(text) {
        Ok(linted) => linted?,
        Err(mistakes) => return Some(render_all(&mistakes, false)),
    };
    let scenario = match linted.file.case(0) {
        Ok(scenario) => scenario,
        Err(mistakes) => return Some(render_all(&mistakes, false)),
    };
    let mut world = event_world(&scenario, seed, &NodeChoices::new(), None, false).ok()?;
    let options = RunOptions {
        seed: Some(seed),
        ..RunOptions::default()
    };
    let report = play(
        &scenario,
        &linted.file.sources,
        &options,
        &mut world,
        "event",
        None,
    );
    let failure = report.failure.as_ref();
    (report.grade() > Grade::Info).then(|| {
        failure.map_or_else(
            || format!("{:?}", report.requirements),
            |failure| failure.text(&|_| None),
        )
    })
}

/// Promotes every case of a family. Returns what is wrong, and how many lines were promoted.
fn promote(family: &Family) -> (Vec<String>, usize) {
    let options = SuiteOptions {
        transcripts: KeepTranscripts::All,
        ..SuiteOptions::default()
    };
    let name = &family.found.name;
    let (mut problems, mut lines) = (Vec::new(), 0);
    for index in 0..family.file.case_count() {
        let run = run_case(family, index, &options);
        if run.has_failed() || !matches!(run.outcome, Outcome::Played(_)) {
            problems.push(format!("{name}: {}", failure_text(&run)));
            continue;
        }
        let scenario = family.file.case(index).expect("it was played");
        let (text, count) = promoted(&scenario, &run);
        lines += count;
        if let Some(problem) = problem(&text, run.seed) {
            problems.push(format!("PROBLEM {name}, case {index}:\n{problem}\n{text}"));
        }
    }
    (problems, lines)
}

#[test]
fn what_a_scenario_saw_is_a_scenario_that_passes() {
    let found = scenarios();
    let (mut problems, mut lines) = (Vec::new(), 0);
    in_order(
        jobs(),
        found.len(),
        &|position| {
            let family = Family::load(&found[position]).expect("it is checked");
            promote(&family)
        },
        &mut |_, (more, count)| {
            problems.extend(more);
            lines += count;
            ControlFlow::Continue(())
        },
    );
    assert!(
        problems.is_empty(),
        "{} of them:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert!(lines >= 500, "only {lines} lines were promoted");
}

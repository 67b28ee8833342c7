//! Promotion: what a line of the flow took, written as the transcript shows it, in the place of the line.

use super::log::Finished;
use super::play::folded_lines;
use crate::scenario::model::{MessageName, Scenario, Step, StepKind};
use crate::transcript::{Entry, render_entry};

/// For every `->` line of the flow that took something: its place among all steps of the flow, counted before their bodies,
/// and the transcript's lines for what it took, without times and marks.
pub(super) fn matched_lines(scenario: &Scenario, log: &Finished<'_>) -> Vec<(usize, Vec<String>)> {
    let mut steps = Vec::new();
    collect(&scenario.flow, &mut steps);
    let mut found = Vec::new();
    for (position, step) in steps.iter().enumerate() {
        let taken = log
            .matches
            .iter()
            .filter(|(taker, _)| std::ptr::eq(*taker, *step));
        let entries: Vec<Entry> = taken
            .filter_map(|(_, entry)| log.entries.get(*entry).cloned())
            .map(without_marks)
            .collect();
        if entries.is_empty() {
            continue;
        }
        let lines = match entries.first() {
            Some(Entry::Gre(_)) => folded_lines(&log.names, &entries),
            _ => entries
                .iter()
                .map(|entry| without_time(&render_entry(&log.names, entry)))
                .collect(),
        };
        found.push((position, lines));
    }
    found
}

/// Whether a step of the flow is about GRE packets: a line, a silence, or that every one has to be matched.
pub(super) fn looks_at_packets(flow: &[Step]) -> bool {
    let mut steps = Vec::new();
    collect(flow, &mut steps);
    steps.iter().any(|step| match &step.kind {
        StepKind::Message(line) => line.message == MessageName::Gre,
        StepKind::Silent(_) | StepKind::ExactGre { .. } => true,
        _ => false,
    })
}

/// All steps of a flow, each before the steps of its body.
pub fn collect<'s>(steps: &'s [Step], all: &mut Vec<&'s Step>) {
    for step in steps {
        all.push(step);
        match &step.kind {
            StepKind::All(body) | StepKind::Block(body) => collect(body, all),
            StepKind::Parallel(tracks) => tracks.iter().for_each(|track| collect(track, all)),
            StepKind::Any { branches, .. } => branches
                .iter()
                .for_each(|branch| collect(&branch.steps, all)),
            StepKind::Silent(silence) => collect(&silence.body, all),
            StepKind::Ignore {
                body: Some(body), ..
            }
            | StepKind::ExactGre { body: Some(body) }
            | StepKind::FreeControl { body: Some(body) }
            | StepKind::Outage {
                body: Some(body), ..
            }
            | StepKind::Stall {
                body: Some(body), ..
            } => collect(body, all),
            StepKind::Fault(fault) => collect(fault.body.as_deref().unwrap_or_default(), all),
            StepKind::Impair(impairment) => {
                collect(impairment.body.as_deref().unwrap_or_default(), all)
            }
            _ => {}
        }
    }
}

fn without_marks(mut entry: Entry) -> Entry {
    if let Some(marks) = entry.marks_mut() {
        marks.clear();
    }
    entry
}

/// Cuts the time column off, which is a number and two blanks.
fn without_time(line: &str) -> String {
    line.trim_start()
        .split_once("  ")
        .map_or_else(|| line.to_owned(), |(_, rest)| rest.to_owned())
}

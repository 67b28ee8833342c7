//! The steps of a flow as a tree. A step is named by its place among all steps, counted as they are printed.

use std::collections::BTreeSet;

use crate::scenario::model::{Step, StepKind};

/// The blocks of steps that a step holds.
pub fn bodies(step: &Step) -> Vec<&Vec<Step>> {
    match &step.kind {
        StepKind::All(body) | StepKind::Block(body) => vec![body],
        StepKind::Parallel(tracks) => tracks.iter().collect(),
        StepKind::Any { branches, .. } => branches.iter().map(|branch| &branch.steps).collect(),
        StepKind::Silent(silence) => vec![&silence.body],
        StepKind::Outage { body, .. }
        | StepKind::Stall { body, .. }
        | StepKind::Ignore { body, .. }
        | StepKind::ExactGre { body }
        | StepKind::FreeControl { body } => body.iter().collect(),
        StepKind::Fault(fault) => fault.body.iter().collect(),
        StepKind::Impair(impairment) => impairment.body.iter().collect(),
        _ => Vec::new(),
    }
}

fn bodies_mut(step: &mut Step) -> Vec<&mut Vec<Step>> {
    match &mut step.kind {
        StepKind::All(body) | StepKind::Block(body) => vec![body],
        StepKind::Parallel(tracks) => tracks.iter_mut().collect(),
        StepKind::Any { branches, .. } => branches
            .iter_mut()
            .map(|branch| &mut branch.steps)
            .collect(),
        StepKind::Silent(silence) => vec![&mut silence.body],
        StepKind::Outage { body, .. }
        | StepKind::Stall { body, .. }
        | StepKind::Ignore { body, .. }
        | StepKind::ExactGre { body }
        | StepKind::FreeControl { body } => body.iter_mut().collect(),
        StepKind::Fault(fault) => fault.body.iter_mut().collect(),
        StepKind::Impair(impairment) => impairment.body.iter_mut().collect(),
        _ => Vec::new(),
    }
}

/// All steps, each before those that it holds.
pub fn all(flow: &[Step]) -> Vec<&Step> {
    let mut found = Vec::new();
    for step in flow {
        found.push(step);
        for body in bodies(step) {
            found.extend(all(body));
        }
    }
    found
}

/// Whether a step is a targeted fault that holds to the end of its block.
pub fn is_bare_fault(step: &Step) -> bool {
    matches!(&step.kind, StepKind::Fault(fault) if fault.body.is_none())
}

/// The flow with something else in place of each step, given its place: the step itself, nothing, or several. What a step holds is looked
/// at after the step, as far as it is still there.
pub fn rewritten(flow: &[Step], rewrite: &mut dyn FnMut(usize, Step) -> Vec<Step>) -> Vec<Step> {
    let mut place = 0;
    rewrite_block(flow, &mut place, rewrite)
}

fn rewrite_block(
    flow: &[Step],
    place: &mut usize,
    rewrite: &mut dyn FnMut(usize, Step) -> Vec<Step>,
) -> Vec<Step> {
    let mut steps = Vec::new();
    for step in flow {
        let own = *place;
        *place += 1;
        let mut step = step.clone();
        for body in bodies_mut(&mut step) {
            *body = rewrite_block(body, place, rewrite);
        }
        steps.extend(rewrite(own, step));
    }
    steps
}

/// The flow without some steps and what they hold.
pub fn without(flow: &[Step], removed: &BTreeSet<usize>) -> Vec<Step> {
    rewritten(flow, &mut |place, step| {
        if removed.contains(&place) {
            Vec::new()
        } else {
            vec![step]
        }
    })
}

/// The flow with what a step holds in place of the step; of several blocks, this one alone.
pub fn hoisted(flow: &[Step], which: usize, block: usize) -> Vec<Step> {
    rewritten(flow, &mut |place, step| {
        if place == which {
            bodies(&step)
                .get(block)
                .map_or(Vec::new(), |body| (*body).clone())
        } else {
            vec![step]
        }
    })
}

/// The flow with another line of a step.
pub fn with_line(flow: &[Step], which: usize, line: &str) -> Vec<Step> {
    rewritten(flow, &mut |place, mut step| {
        if place == which {
            step.line = line.to_owned();
        }
        vec![step]
    })
}

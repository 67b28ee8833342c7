//! What the turmoil world cannot play.

use super::world::TICK;
use crate::scenario::model::{ControlSpec, NodeIndex, Scenario, Step, StepKind};
use pptp_wire::time::Duration;

/// More hosts are refused: a step costs time for every pair of them.
pub const MAXIMUM_HOSTS: usize = 20;

/// Why a scenario cannot be played on the turmoil world, in a sentence; `None`: it can.
pub fn cannot_express(scenario: &Scenario) -> Option<String> {
    if scenario.nodes.len() > MAXIMUM_HOSTS {
        return Some(format!(
            "The turmoil world has room for {MAXIMUM_HOSTS} nodes, and the scenario has {}.",
            scenario.nodes.len()
        ));
    }
    for link in &scenario.links {
        for (spec, from, to) in [(0, link.a, link.b), (1, link.b, link.a)] {
            let ControlSpec { delay, .. } = link.control[spec];
            if let Some(problem) = problem_of(scenario, delay, from, to) {
                return Some(problem);
            }
        }
    }
    steps_problem(scenario, &scenario.flow)
}

fn steps_problem(scenario: &Scenario, steps: &[Step]) -> Option<String> {
    steps
        .iter()
        .find_map(|step| step_problem(scenario, &step.kind))
}

/// What a step, or one within it, asks for.
fn step_problem(scenario: &Scenario, step: &StepKind) -> Option<String> {
    if let StepKind::Impair(impairment) = step {
        let (a, b) = (impairment.a, impairment.b);
        for (change, from, to) in [
            (&impairment.control[0], a, b),
            (&impairment.control[1], b, a),
        ] {
            let problem = change
                .delay
                .and_then(|delay| problem_of(scenario, delay, from, to));
            if problem.is_some() {
                return problem;
            }
        }
    }
    blocks_of(step)
        .into_iter()
        .find_map(|block| steps_problem(scenario, block))
}

/// The blocks of steps that a step holds.
fn blocks_of(step: &StepKind) -> Vec<&[Step]> {
    match step {
        StepKind::All(steps) => vec![steps],
        StepKind::Parallel(tracks) => tracks.iter().map(Vec::as_slice).collect(),
        StepKind::Any { branches, .. } => branches
            .iter()
            .map(|branch| branch.steps.as_slice())
            .collect(),
        StepKind::Ignore { body, .. } | StepKind::ExactGre { body } => {
            body.iter().map(Vec::as_slice).collect()
        }
        StepKind::Fault(fault) => fault.body.iter().map(Vec::as_slice).collect(),
        StepKind::Impair(impairment) => impairment.body.iter().map(Vec::as_slice).collect(),
        StepKind::Outage { body, .. } | StepKind::Stall { body, .. } => vec![body],
        _ => Vec::new(),
    }
}

/// What is wrong with a delay of the control plane.
fn problem_of(
    scenario: &Scenario,
    delay: Duration,
    from: NodeIndex,
    to: NodeIndex,
) -> Option<String> {
    if delay >= TICK && delay.0.is_multiple_of(TICK.0) {
        return None;
    }
    let (from, to) = (&scenario.node(from).name, &scenario.node(to).name);
    let delay = delay.0;
    let (milliseconds, rest) = (delay / TICK.0, delay % TICK.0);
    Some(format!(
        "The turmoil world's clock ticks in milliseconds: it cannot delay the control plane from {from} to {to} by \
         {milliseconds}.{rest:06}ms, only by 1ms or more, and by whole ones."
    ))
}

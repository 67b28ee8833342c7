//! What the turmoil world cannot play.

use super::world::TICK;
use crate::scenario::model::{Action, FaultKind, MessageName, NodeIndex, Scenario, Step, StepKind};
use pptp_wire::time::Duration;

/// More hosts are refused: a step costs time for every pair of them.
pub const MAXIMUM_HOSTS: usize = 20;

/// Why a scenario cannot be played on the turmoil world, in a sentence; `None`: it can.
///
/// Links over which no control connection is opened may delay the control plane as they like.
pub fn cannot_express(scenario: &Scenario) -> Option<String> {
    let nodes = scenario.nodes.len();
    if nodes > MAXIMUM_HOSTS {
        return Some(format!(
            "the turmoil world has room for {MAXIMUM_HOSTS} nodes, and the scenario has {nodes}"
        ));
    }
    let mut delays = Vec::new();
    for link in &scenario.links {
        delays.push((link.a, link.b, link.control[0].delay));
        delays.push((link.b, link.a, link.control[1].delay));
    }
    let mut opened = Vec::new();
    for step in &scenario.flow {
        look_into(&step.kind, &mut delays, &mut opened);
    }
    delays.retain(|(a, b, _)| opened.contains(&(*a, *b)) || opened.contains(&(*b, *a)));
    delays
        .into_iter()
        .find(|(_, _, delay)| *delay < TICK || !delay.0.is_multiple_of(TICK.0))
        .map(|(from, to, delay)| {
            let (from, to) = (&scenario.node(from).name, &scenario.node(to).name);
            format!(
                "the turmoil world's clock ticks in milliseconds: it delays the control plane by 1ms, 2ms, …, and not by {}, \
                 as it is from {from} to {to}",
                in_words(delay)
            )
        })
}

/// Notes the delays that a step brings about, and between whom it opens connections.
fn look_into(
    step: &StepKind,
    delays: &mut Vec<(NodeIndex, NodeIndex, Duration)>,
    opened: &mut Vec<(NodeIndex, NodeIndex)>,
) {
    match step {
        StepKind::Impair(impairment) => {
            let (a, b) = (impairment.a, impairment.b);
            let [forward, backward] = &impairment.control;
            delays.extend(forward.delay.map(|delay| (a, b, delay)));
            delays.extend(backward.delay.map(|delay| (b, a, delay)));
        }
        StepKind::Fault(fault) if fault.packets.message == MessageName::TcpSegment => {
            if let FaultKind::Hasten { by: Some(by) } = fault.kind {
                let way = (fault.packets.from, fault.packets.to);
                let known = delays.iter().filter(|(a, b, _)| (*a, *b) == way);
                let hastened =
                    known.map(|(a, b, delay)| (*a, *b, Duration(delay.0.saturating_sub(by.0))));
                let hastened: Vec<_> = hastened.collect();
                delays.extend(hastened);
            }
        }
        StepKind::Do {
            node,
            action: Action::OpenControl { to, .. },
            ..
        } => opened.push((*node, *to)),
        StepKind::Message(line) if line.message == MessageName::TcpOpen => {
            opened.push((line.from, line.to));
        }
        _ => {}
    }
    for block in blocks_of(step) {
        for step in block {
            look_into(&step.kind, delays, opened);
        }
    }
}

/// The blocks of steps that a step holds.
fn blocks_of(step: &StepKind) -> Vec<&[Step]> {
    match step {
        StepKind::All(steps) | StepKind::Block(steps) => vec![steps],
        StepKind::Parallel(tracks) => tracks.iter().map(Vec::as_slice).collect(),
        StepKind::Any { branches, .. } => branches
            .iter()
            .map(|branch| branch.steps.as_slice())
            .collect(),
        StepKind::Ignore { body, .. }
        | StepKind::ExactGre { body }
        | StepKind::FreeControl { body }
        | StepKind::Outage { body, .. }
        | StepKind::Stall { body, .. } => body.iter().map(Vec::as_slice).collect(),
        StepKind::Fault(fault) => fault.body.iter().map(Vec::as_slice).collect(),
        StepKind::Impair(impairment) => impairment.body.iter().map(Vec::as_slice).collect(),
        _ => Vec::new(),
    }
}

/// A delay in the largest unit that shows it exactly.
fn in_words(delay: Duration) -> String {
    let (count, unit) = [(1_000_000, "ms"), (1_000, "us"), (1, "ns")]
        .into_iter()
        .find(|(size, _)| delay.0.is_multiple_of(*size))
        .unwrap_or((1, "ns"));
    format!("{}{unit}", delay.0 / count)
}
